/* Where a test may kill or stop the process: nothing at all, unless built with TL_FAULT_POINTS. Then these
 * environment variables count:
 *   TL_DIE_AT    "name:count": the process dies of SIGKILL when it comes to that point for the count-th time
 *   TL_STOP_AT   the same, but it stops of SIGSTOP, and goes on when somebody sends SIGCONT
 *   TL_POINTS    a file to which the name of each point that is passed is added
 * "name" alone is the first time; "*" stands for every point. */
#ifndef TL_BASE_FAULT_POINT_H
#define TL_BASE_FAULT_POINT_H

#ifdef TL_FAULT_POINTS
/* The point's name is `name`, or "subject.name" with a subject. */
void tl_fault_point(const char *subject, const char *name);
#define TL_FAULT_POINT(name) tl_fault_point(NULL, name)
#define TL_FAULT_POINT_OF(subject, name) tl_fault_point(subject, name)
#else
#define TL_FAULT_POINT(name) ((void)0)
#define TL_FAULT_POINT_OF(subject, name) ((void)0)
#endif

#endif
