/* Stands in for two functions of the C library: clock_gettime, for what is linked into this program
 * (-Wl,--wrap), and getaddrinfo, for libcurl, too. */
#include "interpose.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Longer than a call under it may take (cell.h: SHORT_DEADLINE_MS, SETTLE_MS, MARGIN_MS). */
enum { HANGS_S = 9 };

static _Thread_local const atomic_llong *ahead;

void follow_clock(const atomic_llong *ahead_s)
{
    ahead = ahead_s;
}

int __real_clock_gettime(clockid_t clock, struct timespec *out);
int __wrap_clock_gettime(clockid_t clock, struct timespec *out);

int __wrap_clock_gettime(clockid_t clock, struct timespec *out)
{
    int result = __real_clock_gettime(clock, out);
    if (clock == CLOCK_REALTIME && ahead != NULL)
        out->tv_sec += (time_t)atomic_load(ahead);
    return result;
}

typedef int resolve_fn(const char *, const char *, const struct addrinfo *, struct addrinfo **);

/* Only addresses get through: no test asks a name server. */
__attribute__((visibility("default"))) int getaddrinfo(const char *host, const char *service,
                                                       const struct addrinfo *hints, struct addrinfo **out)
{
    struct in_addr address;
    if (host != NULL && strcmp(host, "hangs.fault.invalid") == 0) {
        sleep(HANGS_S);
        return EAI_AGAIN;
    }
    if (host != NULL && inet_pton(AF_INET, host, &address) != 1)
        return EAI_NONAME;
    void *symbol = dlsym(RTLD_NEXT, "getaddrinfo");
    resolve_fn *real;
    memcpy(&real, &symbol, sizeof real);
    return real(host, service, hints, out);
}
