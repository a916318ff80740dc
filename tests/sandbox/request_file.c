#include "request_file.h"

#include <gnutls/crypto.h>
#include <stdio.h>

#include "json.h"

#define FILE_MAX (1L << 30)

void text_sha256(const char *data, size_t len, char out[65])
{
    unsigned char digest[32];
    gnutls_hash_fast(GNUTLS_DIG_SHA256, data, len, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

bool request_has_file(const struct request *request)
{
    return cJSON_IsObject(cJSON_GetObjectItemCaseSensitive(request->fields, "file"));
}

bool request_file(const struct request *request, struct text *out)
{
    const cJSON *file = cJSON_GetObjectItemCaseSensitive(request->fields, "file");
    long size = json_int(file, "size", -1);
    if (!request_has_file(request))
        return false;
    if (size < 0) {
        text_puts(out, json_text(file, "content") ? json_text(file, "content") : "");
        return true;
    }
    size = size > FILE_MAX ? FILE_MAX : size;
    out->data = need((size_t)size + 1);
    out->cap = (size_t)size + 1;
    out->len = (size_t)size;
    for (size_t i = 0; i < out->len; i++)
        out->data[i] = (char)(i * 131 + (i >> 8) * 7 + 13);
    return true;
}

void request_file_changed(struct request *request)
{
    const cJSON *file = cJSON_GetObjectItemCaseSensitive(request->fields, "file");
    struct text content = {0};
    if (json_true(file, "own_sha256") && request_file(request, &content)) {
        char digest[65];
        text_sha256(text_str(&content), content.len, digest);
        json_put_text(request->fields, "sha256", digest);
    }
    text_free(&content);
}
