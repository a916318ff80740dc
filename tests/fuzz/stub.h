/* The outside world of a target: no network, no clock, no chance. The linker puts these functions in the
 * place of http/ and of base/time's (see CMakeLists.txt). */
#ifndef TL_TESTS_FUZZ_STUB_H
#define TL_TESTS_FUZZ_STUB_H

#include "fuzz.h"
#include "http/http.h"
#include "threatlocker/client.h"
#include "threatlocker/soar.h"

#define STUB_NOW "2026-11-02T09:10:00Z" /* when every input begins */

/* What comes for a request: a status of 200 and more is a reply, STUB_REFUSED no connection, STUB_LOST a
 * connection that broke after everything was sent. Texts are borrowed; a NULL body is an empty one. */
enum { STUB_LOST = 1, STUB_REFUSED = 0 };
typedef struct stub_reply {
    int status;
    const char *body;
    size_t length;
    const char *pagination; /* NULL = no such header */
} stub_reply;
typedef stub_reply stub_fn(void *data, const tl_http_request *request);

/* Before each input: every call is answered by fn(data, request). */
void stub_start(stub_fn *fn, void *data);

/* Clients that last as long as the process, made by the first call, with its token. */
tl_client *stub_client(const char *token);
tl_soar *stub_soar(const char *token);

/* The calls, and the writes among them, since stub_start. */
size_t stub_calls(void);
size_t stub_writes(void);

/* A stub_fn whose data is a stub_script: the sections `reply` of an input answer one call after the other,
 * "== reply STATUS PAGINATION" with the body below. After the last one no connection is made. */
typedef struct stub_script {
    const fuzz_sections *input;
    const fuzz_section *last;
    bool ended;
} stub_script;
stub_reply stub_next(void *script, const tl_http_request *request);

#endif
