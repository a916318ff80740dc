/* Replies of both services: whatever comes, an error is one short line for people, and neither it nor what is
 * handed on as data holds the credentials. "== portal STATUS ENDPOINT" or "== soar STATUS get|post", with the
 * body below; no reply comes with status 0 (nothing was sent) and 1 (lost). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "portal/call.h"
#include "soar/client.h"
#include "stub.h"

/* Its characters are written otherwise in JSON, URLs and base64. In corpora it stands as @TOKEN@. */
#define TOKEN "f9+zT\"k\\n/Q=7xP<&w"

/* The body with TOKEN for each @TOKEN@. malloc'd. */
static char *with_token(const char *body, size_t length, size_t *out_length)
{
    static const char mark[] = "@TOKEN@";
    tl_buffer text = {.limit = 1 << 20};
    must(tl_buffer_text(&text, ""));
    for (size_t at = 0; at < length; at++) {
        bool here = length - at >= sizeof mark - 1 && memcmp(body + at, mark, sizeof mark - 1) == 0;
        must(tl_buffer_append(&text, here ? TOKEN : body + at, here ? sizeof TOKEN - 1 : 1));
        at += here ? sizeof mark - 2 : 0;
    }
    *out_length = text.length;
    return text.data;
}

/* ---- what must hold ---- */

static int hex_of(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* In place. */
static void percent_decode(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++) {
        if (from[0] == '%' && hex_of(from[1]) >= 0 && hex_of(from[2]) >= 0) {
            *to++ = (char)(hex_of(from[1]) * 16 + hex_of(from[2]));
            from += 2;
        } else {
            *to++ = *from;
        }
    }
    *to = '\0';
}

static void check_secret(const char *text)
{
    char decoded[1024];
    must_about(strstr(text, TOKEN) == NULL, text);
    snprintf(decoded, sizeof decoded, "%s", text);
    percent_decode(decoded);
    must_about(strstr(decoded, TOKEN) == NULL, text);
}

/* What quotes a service hides nothing, unless it was cut. */
static void check_quoted(const tl_error *err)
{
    bool whole = strlen(err->message) + 4 < sizeof err->message;
    must_about(err->http_status < 300 || !whole || tl_is_clean_text(err->message), err->message);
}

static void check_error(tl_code code, const tl_error *err, bool write)
{
    must(code != TL_OK && code == err->code);
    must_about(fuzz_is_line(err->message, sizeof err->message), err->message);
    must_about(err->logger_id[0] == '\0' || fuzz_is_line(err->logger_id, sizeof err->logger_id),
               err->message);
    must_about(write || err->applied == TL_APPLIED_NO, err->message);
    check_quoted(err);
    check_secret(err->message);
    check_secret(err->logger_id);
}

/* Nothing that is handed on as data holds the credentials either. */
static void check_data(const cJSON *node)
{
    if (node == NULL)
        return;
    if (cJSON_IsString(node))
        check_secret(node->valuestring);
    if (node->string != NULL)
        check_secret(node->string);
    for (const cJSON *child = tl_json_first(node); child != NULL; child = child->next)
        check_data(child);
}

/* ---- the services ---- */

typedef struct served {
    int status;
    char *body;
    size_t length;
} served;

static stub_reply serve(void *data, const tl_http_request *request)
{
    const served *all = data;
    (void)request;
    return (stub_reply){all->status, all->body, all->length, NULL};
}

static void ask_portal(tl_endpoint_id id)
{
    tl_client *client = stub_client(TOKEN);
    tl_error err = TL_ERROR_INIT;
    if (!tl_endpoint_of(id)->write) {
        cJSON *out = NULL;
        tl_code code = tl_portal_read(&out, NULL, client, id, NULL, NULL, NULL, &err);
        must(code == TL_OK || out == NULL);
        if (code != TL_OK)
            check_error(code, &err, false);
        check_data(out);
        cJSON_Delete(out);
        return;
    }
    tl_portal_write write = {.body = "{}", .body_length = 2};
    bool nothing_sent = false;
    int http_status = 0;
    tl_code code = tl_portal_send(&nothing_sent, &http_status, client, id, &write, &err);
    must(code != TL_OK || (http_status >= 200 && http_status < 300));
    if (code != TL_OK)
        check_error(code, &err, true);
}

static void ask_soar(bool post)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *out = NULL, *body = post ? cJSON_CreateObject() : NULL;
    tl_soar_ask ask = {
        .label = "fuzzing", .target = "/rest/external_prompt/" TOKEN, .body = body, .secret = TOKEN};
    tl_code code = tl_soar_call(&out, stub_soar(TOKEN), &ask, &err);
    must((code == TL_OK) == (out != NULL));
    if (code != TL_OK)
        check_error(code, &err, post);
    check_data(out);
    cJSON_Delete(out);
    cJSON_Delete(body);
}

static void run(const fuzz_section *section)
{
    char *end = NULL;
    long status = strtol(section->rest, &end, 10), endpoint = strtol(end, NULL, 10);
    served all = {.status = status >= 0 && status < 1000 ? (int)status : 500};
    all.body = with_token(section->body, section->length, &all.length);
    stub_start(serve, &all);
    if (strcmp(section->name, "soar") == 0)
        ask_soar(strcmp(end, " post") == 0);
    else
        ask_portal((tl_endpoint_id)(endpoint >= 0 && endpoint < TL_ENDPOINT_COUNT ? endpoint : 0));
    free(all.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_sections input;
    fuzz_sections_read(&input, data, size);
    for (size_t i = 0; i < input.count; i++)
        run(&input.list[i]);
    fuzz_sections_free(&input);
    return 0;
}
