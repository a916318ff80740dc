/* Where a test may kill the process: nothing at all, unless built with TL_FAULT_POINTS. The environment
 * variable TL_DIE_AT, "name:count", then has the process die of SIGKILL when it comes to that point for the
 * count-th time; "name" alone is the first time. */
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
