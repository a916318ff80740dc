#include "stub.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/random.h"
#include "base/time.h"
#include "threatlocker/files.h"

enum { CLOCK_START_MS = 1000000, BATCH = 16, GUIDS_BYTES = 16 };

static struct world {
    stub_fn *fn;
    void *data;
    size_t calls;
    size_t writes;
    int64_t clock_ms; /* monotonic; moved by sleeping alone */
    int64_t begun_us;
    unsigned char guid; /* the last one that was made up */
} world;

void stub_start(stub_fn *fn, void *data)
{
    world = (struct world){.fn = fn, .data = data, .clock_ms = CLOCK_START_MS};
    must(tl_time_parse(STUB_NOW, false, &world.begun_us));
}

size_t stub_calls(void)
{
    return world.calls;
}

size_t stub_writes(void)
{
    return world.writes;
}

tl_client *stub_client(const char *token)
{
    static tl_client *client;
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    options.base_url = "http://127.0.0.1:9/portalapi";
    options.token = token;
    must(client != NULL || tl_client_new(&client, &options, NULL) == TL_OK);
    return client;
}

tl_soar *stub_soar(const char *token)
{
    static tl_soar *soar;
    tl_soar_options options = TL_SOAR_OPTIONS_INIT;
    options.url = "http://127.0.0.1:9";
    options.token = token;
    must(soar != NULL || tl_soar_new(&soar, &options, NULL) == TL_OK);
    return soar;
}

/* ---- replies from an input ---- */

stub_reply stub_next(void *script, const tl_http_request *request)
{
    stub_script *all = script;
    stub_reply reply = {STUB_REFUSED, NULL, 0, NULL};
    (void)request;
    if (!all->ended)
        all->last = fuzz_next_section(all->input, all->last, "reply");
    all->ended = all->last == NULL;
    if (all->ended)
        return reply;
    char *end = NULL;
    long status = strtol(all->last->rest, &end, 10);
    reply.status = status >= 0 && status < 1000 ? (int)status : STUB_LOST;
    reply.pagination = *end == ' ' ? end + 1 : NULL;
    reply.body = all->last->body;
    reply.length = all->last->length;
    return reply;
}

/* ---- http ---- */

static char *copy_of(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    must(copy != NULL);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static tl_code answer(tl_http_reply *out, const tl_http_request *request, tl_error *err)
{
    *out = (tl_http_reply){.nothing_sent = true, .retry_after_ms = -1};
    world.calls++;
    world.writes += request->write;
    stub_reply reply = world.fn(world.data, request);
    if (reply.status == STUB_REFUSED)
        return tl_fail(err, TL_NETWORK, "%s: no connection", request->label);
    out->nothing_sent = false;
    if (reply.status < 100)
        return tl_fail(err, TL_TIMEOUT, "%s: no reply", request->label);
    out->status = reply.status;
    out->body = copy_of(reply.body == NULL ? "" : reply.body, reply.length);
    out->length = reply.length;
    if (reply.pagination != NULL)
        out->pagination = copy_of(reply.pagination, strlen(reply.pagination));
    return TL_OK;
}

tl_code __wrap_tl_http_call(tl_http_reply *out, tl_http *http, const tl_http_request *request, tl_error *err);
tl_code __wrap_tl_http_call(tl_http_reply *out, tl_http *http, const tl_http_request *request, tl_error *err)
{
    (void)http;
    return answer(out, request, err);
}

/* A batch is answered when it is waited for. Its texts are its own, as tl_http_batch_add promises. */
struct tl_http_batch {
    struct {
        int64_t number;
        tl_http_request request;
        char *target;
        char *body;
    } calls[BATCH];
    size_t count;
};

tl_code __wrap_tl_http_batch_new(tl_http_batch **out, tl_http *http, tl_error *err);
tl_code __wrap_tl_http_batch_new(tl_http_batch **out, tl_http *http, tl_error *err)
{
    (void)http, (void)err;
    *out = calloc(1, sizeof **out);
    must(*out != NULL);
    return TL_OK;
}

static void drop_call(tl_http_batch *batch, size_t index)
{
    free(batch->calls[index].target);
    free(batch->calls[index].body);
    batch->calls[index] = batch->calls[--batch->count];
}

int __wrap_tl_http_batch_finished(const tl_http_batch *batch);
int __wrap_tl_http_batch_finished(const tl_http_batch *batch)
{
    (void)batch;
    return 0;
}

void __wrap_tl_http_batch_free(tl_http_batch *batch);
void __wrap_tl_http_batch_free(tl_http_batch *batch)
{
    while (batch != NULL && batch->count > 0)
        drop_call(batch, 0);
    free(batch);
}

tl_code __wrap_tl_http_batch_add(tl_http_batch *batch, int64_t number, const tl_http_request *request,
                                 tl_error *err);
tl_code __wrap_tl_http_batch_add(tl_http_batch *batch, int64_t number, const tl_http_request *request,
                                 tl_error *err)
{
    (void)err;
    must(batch->count < BATCH && !request->write);
    size_t i = batch->count++;
    batch->calls[i].number = number;
    batch->calls[i].request = *request;
    batch->calls[i].target = copy_of(request->target, strlen(request->target));
    batch->calls[i].body = request->body == NULL ? NULL : copy_of(request->body, request->body_length);
    batch->calls[i].request.target = batch->calls[i].target;
    batch->calls[i].request.body = batch->calls[i].body;
    return TL_OK;
}

tl_code __wrap_tl_http_batch_wait(tl_http_reply *out, tl_http_batch *batch, int64_t number, tl_error *err);
tl_code __wrap_tl_http_batch_wait(tl_http_reply *out, tl_http_batch *batch, int64_t number, tl_error *err)
{
    size_t i = 0;
    while (i < batch->count && batch->calls[i].number != number)
        i++;
    must(i < batch->count);
    tl_code code = answer(out, &batch->calls[i].request, err);
    drop_call(batch, i);
    return code;
}

/* No file is fetched and no address probed: an input must not say where to write or whom to connect to. */

tl_code __wrap_tl_http_get_file(tl_http_reply *out, tl_http *http, const tl_http_fetch *fetch, tl_error *err);
tl_code __wrap_tl_http_get_file(tl_http_reply *out, tl_http *http, const tl_http_fetch *fetch, tl_error *err)
{
    (void)out, (void)http;
    return tl_fail(err, TL_NETWORK, "%s: no connection", fetch->label);
}

tl_code __wrap_tl_http_probe(tl_probe *out, tl_http *http, const char *target, tl_error *err);
tl_code __wrap_tl_http_probe(tl_probe *out, tl_http *http, const char *target, tl_error *err)
{
    (void)out, (void)http, (void)target;
    return tl_fail(err, TL_CANCELLED, "no probe");
}

tl_code __wrap_tl_download_file(cJSON **out, tl_client *client, const char *organization_id,
                                const char *request_id, const char *path, const tl_download_options *options,
                                tl_error *err);
tl_code __wrap_tl_download_file(cJSON **out, tl_client *client, const char *organization_id,
                                const char *request_id, const char *path, const tl_download_options *options,
                                tl_error *err)
{
    (void)client, (void)organization_id, (void)request_id, (void)path, (void)options;
    *out = NULL;
    return tl_fail(err, TL_NETWORK, "no download");
}

/* ---- time and chance ---- */

int64_t __wrap_tl_now_us(void);
int64_t __wrap_tl_now_us(void)
{
    return world.begun_us + (world.clock_ms - CLOCK_START_MS) * 1000;
}

time_t __wrap_time(time_t *out);
time_t __wrap_time(time_t *out)
{
    time_t now = (time_t)(__wrap_tl_now_us() / TL_SECOND_US);
    if (out != NULL)
        *out = now;
    return now;
}

int64_t __wrap_tl_monotonic_ms(void);
int64_t __wrap_tl_monotonic_ms(void)
{
    return world.clock_ms;
}

void __wrap_tl_sleep_ms(int64_t ms);
void __wrap_tl_sleep_ms(int64_t ms)
{
    world.clock_ms += ms;
}

bool __wrap_tl_random_guid(char out[TL_GUID_SIZE]);
bool __wrap_tl_random_guid(char out[TL_GUID_SIZE])
{
    unsigned char bytes[GUIDS_BYTES] = {[0] = ++world.guid};
    tl_guid_of(bytes, out);
    return true;
}
