/* Another host, to which redirects point: it counts who connects, and nobody may. */
#ifndef TL_TESTS_FAULTS_STRANGER_H
#define TL_TESTS_FAULTS_STRANGER_H

/* Listens on 127.0.0.1 and 127.0.0.2, at the port it returns. */
int stranger_start(void);
int stranger_visits(void); /* connections so far */
void stranger_stop(void);

#endif
