#include "chain/seal.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"

#define SEAL_PREFIX TL_SEAL_MARK "1:"

enum { MAX_SEAL = 64 * 1024, MAX_TEXT = 8 * MAX_SEAL };

static cJSON *fact(const cJSON *details, const char *path)
{
    const cJSON *node = tl_json_path(details, path);
    return node == NULL ? cJSON_CreateNull() : cJSON_Duplicate(node, true);
}

tl_code tl_facts_digest(char out[TL_SHA256_HEX_SIZE], const cJSON *details, tl_error *err)
{
    static const char *const paths[] = {"approvalRequest.approvalRequestId",
                                        "organizationId",
                                        "computerId",
                                        "computerGroupId",
                                        "osType",
                                        "actionType",
                                        "approvalRequest.json",
                                        "approvalRequest.hash",
                                        "approvalRequest.path",
                                        "approvalRequest.threatLockerActionDto.hash",
                                        "approvalRequest.threatLockerActionDto.sha256",
                                        "approvalRequest.threatLockerActionDto.fullPath",
                                        "fileDetails.hash",
                                        "fileDetails.sha256",
                                        "fileDetails.fullPath"};
    cJSON *facts = cJSON_CreateArray();
    bool ok = tl_json_append(facts, cJSON_CreateString("facts 1"));
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        ok = tl_json_append(facts, fact(details, paths[i])) && ok;
    char *text = NULL;
    size_t length = 0;
    tl_code code = ok ? tl_json_print(&text, &length, facts, err) : tl_fail_memory(err);
    if (code == TL_OK)
        tl_sha256_hex(text, length, out);
    free(text);
    cJSON_Delete(facts);
    return code;
}

bool tl_seal_text_digest(char out[TL_SHA256_HEX_SIZE], const char *message)
{
    static const char blanks[] = " \t\r\n";
    tl_buffer text = {.limit = MAX_TEXT};
    const char *end = strstr(message, TL_SEAL_MARK);
    if (end == NULL)
        end = message + strlen(message);
    bool ok = tl_buffer_text(&text, "");
    for (const char *at = message + strspn(message, blanks); ok && at < end; at += strspn(at, blanks)) {
        size_t word = strcspn(at, blanks);
        if (word > (size_t)(end - at))
            word = (size_t)(end - at);
        ok = (text.length == 0 || tl_buffer_text(&text, " ")) && tl_buffer_append(&text, at, word);
        at += word;
    }
    if (ok)
        tl_sha256_hex(text.data, text.length, out);
    tl_buffer_free(&text);
    return ok;
}

tl_seal_state tl_seal_covers(const tl_seal *seal, const char *message)
{
    char text[TL_SHA256_HEX_SIZE];
    if (seal->text == NULL || strlen(message) > MAX_TEXT)
        return TL_SEAL_BROKEN;
    if (!tl_seal_text_digest(text, message))
        return TL_SEAL_MEMORY;
    return strcmp(text, seal->text) == 0 ? TL_SEAL_GOOD : TL_SEAL_BROKEN;
}

static cJSON *make_payload(const tl_seal *seal)
{
    cJSON *payload = cJSON_CreateObject();
    bool ok = tl_json_set_text(payload, "request", seal->request_id) &&
              tl_json_set_text(payload, "organization", seal->organization_id) &&
              tl_json_set_text(payload, "facts", seal->facts) &&
              tl_json_set(payload, "choices", cJSON_Duplicate(seal->choices, true)) &&
              tl_json_set_text(payload, "executor", seal->executor) &&
              tl_json_set_text(payload, "time", seal->time);
    if (seal->text != NULL)
        ok = ok && tl_json_set_text(payload, "text", seal->text);
    if (!ok) {
        cJSON_Delete(payload);
        return NULL;
    }
    return payload;
}

/* The signature's text; malloc'd, NULL when out of memory. The mark is signed along, so that a later
 * version's payload cannot be passed off as this one's. */
static char *sign(const unsigned char key[TL_SHA256_SIZE], const char *encoded, size_t length)
{
    unsigned char mac[TL_SHA256_SIZE];
    tl_buffer signed_text = {.limit = 2 * MAX_SEAL};
    bool ok = tl_buffer_text(&signed_text, SEAL_PREFIX) && tl_buffer_append(&signed_text, encoded, length);
    if (ok)
        tl_hmac_sha256(key, TL_SHA256_SIZE, signed_text.data, signed_text.length, mac);
    tl_buffer_free(&signed_text);
    return ok ? tl_base64url_encode(mac, sizeof mac) : NULL;
}

static char *encode_payload(const tl_seal *seal)
{
    cJSON *payload = make_payload(seal);
    char *text = NULL;
    size_t length = 0;
    if (payload == NULL || tl_json_print(&text, &length, payload, NULL) != TL_OK)
        text = NULL;
    cJSON_Delete(payload);
    char *encoded = text == NULL ? NULL : tl_base64url_encode(text, length);
    free(text);
    return encoded;
}

tl_code tl_seal_line(char **out, const unsigned char key[TL_SHA256_SIZE], const tl_seal *seal, tl_error *err)
{
    *out = NULL;
    char *encoded = encode_payload(seal);
    if (encoded == NULL)
        return tl_fail_memory(err);
    char *signature = sign(key, encoded, strlen(encoded));
    tl_buffer line = {.limit = MAX_SEAL};
    bool ok = signature != NULL && tl_buffer_format(&line, SEAL_PREFIX "%s:%s", encoded, signature);
    free(encoded);
    free(signature);
    if (ok) {
        *out = line.data;
        return TL_OK;
    }
    tl_code code = line.too_large ? tl_fail(err, TL_INVALID,
                                            "the choices are too long to be sealed: fewer rules, please")
                                  : tl_fail_memory(err);
    tl_buffer_free(&line);
    return code;
}

/* The seal's line when it is the only one in the text and the last thing in it; NULL otherwise. */
static const char *find_line(const char *message, size_t *out_length, const char **out_why)
{
    const char *mark = strstr(message, TL_SEAL_MARK);
    if (strstr(mark + 1, TL_SEAL_MARK) != NULL) {
        *out_why = "the prompt holds more than one seal";
        return NULL;
    }
    if (mark != message && mark[-1] != '\n') {
        *out_why = "the seal does not stand on a line of its own";
        return NULL;
    }
    *out_length = strcspn(mark, " \t\r\n");
    if (mark[*out_length + strspn(mark + *out_length, " \t\r\n")] != '\0') {
        *out_why = "the seal is not the last line of the prompt";
        return NULL;
    }
    return mark;
}

static tl_seal_state verify(const unsigned char key[TL_SHA256_SIZE], const char *encoded,
                            size_t encoded_length, const char *signature, size_t signature_length)
{
    char *expected = sign(key, encoded, encoded_length);
    if (expected == NULL)
        return TL_SEAL_MEMORY;
    bool good =
        strlen(expected) == signature_length && tl_equal_constant_time(expected, signature, signature_length);
    free(expected);
    return good ? TL_SEAL_GOOD : TL_SEAL_BROKEN;
}

/* Either one choice without a label, or up to four whose labels tell them apart. */
static bool fill_choices(tl_seal *seal)
{
    static const char *const members[] = {"label", "choice", NULL};
    const cJSON *entry;
    int count = 0;
    seal->choices = tl_json_member(seal->payload, "choices");
    int size = cJSON_IsArray(seal->choices) ? cJSON_GetArraySize(seal->choices) : 0;
    if (size < 1 || size > TL_MAX_LABELS)
        return false;
    cJSON_ArrayForEach (entry, seal->choices) {
        const char *unknown, *label = tl_json_text(entry, "label");
        bool may_lack = size == 1 && !cJSON_HasObjectItem(entry, "label");
        if (!tl_json_only_members(entry, members, &unknown) ||
            !cJSON_IsObject(tl_json_member(entry, "choice")) || (label == NULL && !may_lack))
            return false;
        if (label == NULL)
            return true;
        if (tl_label_problem(label) != NULL || tl_label_index(seal->labels, label) >= 0)
            return false;
        seal->labels[count++] = label;
    }
    return true;
}

static bool fill(tl_seal *seal)
{
    int64_t ignored;
    seal->request_id = tl_json_text(seal->payload, "request");
    seal->organization_id = tl_json_text(seal->payload, "organization");
    seal->facts = tl_json_text(seal->payload, "facts");
    seal->text = tl_json_text(seal->payload, "text");
    seal->executor = tl_json_text(seal->payload, "executor");
    seal->time = tl_json_text(seal->payload, "time");
    return tl_is_real_guid(seal->request_id) && tl_is_real_guid(seal->organization_id) &&
           seal->facts != NULL && strlen(seal->facts) == TL_SHA256_HEX_SIZE - 1 && seal->executor != NULL &&
           seal->time != NULL && tl_time_parse(seal->time, false, &ignored) && fill_choices(seal);
}

tl_seal_state tl_seal_read(tl_seal *out, const char **out_why, const unsigned char key[TL_SHA256_SIZE],
                           const char *message)
{
    *out = (tl_seal){0};
    *out_why = "the prompt has no seal";
    if (message == NULL || strstr(message, TL_SEAL_MARK) == NULL)
        return TL_SEAL_ABSENT;
    size_t length = 0;
    const char *line = find_line(message, &length, out_why);
    if (line == NULL)
        return TL_SEAL_BROKEN;
    *out_why = "the seal is not of a form that we know";
    size_t prefix = strlen(SEAL_PREFIX);
    if (length > MAX_SEAL || length < prefix || strncmp(line, SEAL_PREFIX, prefix) != 0)
        return TL_SEAL_BROKEN;
    const char *encoded = line + prefix;
    const char *colon = memchr(encoded, ':', length - prefix);
    if (colon == NULL)
        return TL_SEAL_BROKEN;
    size_t encoded_length = (size_t)(colon - encoded);
    tl_seal_state verified =
        verify(key, encoded, encoded_length, colon + 1, length - prefix - encoded_length - 1);
    if (verified != TL_SEAL_GOOD) {
        *out_why = "the seal does not verify: made with another key, or forged";
        return verified;
    }
    size_t text_length = 0;
    unsigned char *text = tl_base64url_decode(encoded, encoded_length, &text_length);
    if (text == NULL)
        return TL_SEAL_MEMORY;
    tl_code code = tl_json_parse(&out->payload, (const char *)text, text_length, NULL);
    free(text);
    if (code == TL_OK && fill(out))
        return TL_SEAL_GOOD;
    tl_seal_clear(out);
    return code == TL_MEMORY ? TL_SEAL_MEMORY : TL_SEAL_BROKEN;
}

void tl_seal_clear(tl_seal *seal)
{
    cJSON_Delete(seal->payload);
    *seal = (tl_seal){0};
}

const char *const *tl_seal_labels(const tl_seal *seal)
{
    return seal->labels[0] == NULL ? NULL : seal->labels;
}

const cJSON *tl_seal_choice(const tl_seal *seal, int label_index)
{
    bool labelled = seal->labels[0] != NULL;
    if (labelled ? label_index < 0 : label_index != -1)
        return NULL;
    return tl_json_member(cJSON_GetArrayItem(seal->choices, labelled ? label_index : 0), "choice");
}
