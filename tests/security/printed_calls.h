/* Calls of the C API that print all that they say: "\x1e<function> <code> in mode <mode>" and what came out
 * on standard output, the log on standard error. */
#ifndef TL_TESTS_SECURITY_PRINTED_CALLS_H
#define TL_TESTS_SECURITY_PRINTED_CALLS_H

#include "chain_harness.h"

extern const char *mode_name; /* how the server behaves now */

void print_head(const char *name, const char *result);
/* Ends `out`. */
void print_call(const char *name, tl_code code, const tl_error *err, cJSON *out);

/* name(..., &err), and what `out` is then. */
#define TELL(out, name, ...)                                                                                 \
    do {                                                                                                     \
        tl_error why = TL_ERROR_INIT;                                                                        \
        tl_code result = name(__VA_ARGS__, &why);                                                            \
        print_call(#name, result, &why, out);                                                                \
    } while (0)

/* name(&out, ..., &err), and out. */
#define CALL(name, ...)                                                                                      \
    do {                                                                                                     \
        cJSON *told = NULL;                                                                                  \
        TELL(told, name, &told, __VA_ARGS__);                                                                \
    } while (0)

/* Clients that log everything and try each call once; NULL for what is not given. */
tl_client *loud_client(const char *base_url, const char *proxy);
tl_soar *loud_soar(const char *url, const char *proxy, bool by_password);

/* All calls of a kind. */
void read_requests(tl_client *client);
void look_things_up(tl_client *client, const cJSON *details);
void fetch_file(tl_client *client);
void write_all(tl_client *client);
void ask_soar(tl_soar *soar, int64_t approval, const char *external);
void probe_both(tl_client *client, tl_soar *soar);

#endif
