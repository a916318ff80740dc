#include "http/certificate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "base/text.h"
#include "base/time.h"

static const char begin[] = "-----BEGIN CERTIFICATE-----";
static const char end[] = "-----END CERTIFICATE-----";

/* The value of the last line of that name; NULL = there is none. */
static const char *value_of(const char *name, const char *const lines[], size_t count)
{
    size_t length = strlen(name);
    for (size_t i = count; i-- > 0;)
        if (strncmp(lines[i], name, length) == 0 && lines[i][length] == ':')
            return lines[i] + length + 1;
    return NULL;
}

static void read_name(char out[TL_PROBE_TEXT_SIZE], const char *value)
{
    char *clean = tl_clean_text(value, TL_PROBE_TEXT_SIZE - 1);
    if (clean == NULL)
        return;
    size_t length = tl_utf8_prefix(clean, strlen(clean), TL_PROBE_TEXT_SIZE - 1);
    memcpy(out, clean, length);
    out[length] = '\0';
    free(clean);
}

/* OpenSSL's "Jan  2 03:04:05 2030 GMT", or libcurl's own "2030-01-02 03:04:05 GMT" with other TLS libraries
 * [libcurl]. 0 when it is neither. */
static int64_t read_date(const char *value)
{
    char iso[TL_TIME_SIZE] = "";
    int64_t us = 0;
    size_t length = value == NULL ? 0 : strlen(value);
    if (length == strlen("Jan  2 03:04:05 2030 GMT"))
        snprintf(iso, sizeof iso, "%.4s-%02u-%c%cT%.8sZ", value + 16, tl_month_of(value),
                 value[4] == ' ' ? '0' : value[4], value[5], value + 7);
    else if (length == strlen("2030-01-02 03:04:05 GMT"))
        snprintf(iso, sizeof iso, "%.10sT%.8sZ", value, value + 11);
    return tl_time_parse(iso, false, &us) ? us / TL_SECOND_US : 0;
}

/* The base64 between the lines of a PEM, without its line ends; malloc'd, NULL for anything else. */
static char *base64_of(const char *value)
{
    const char *from = value == NULL ? NULL : strstr(value, begin);
    const char *to = from == NULL ? NULL : strstr(from, end);
    if (to == NULL || to - from > TL_PROBE_PEM_SIZE)
        return NULL;
    char *base64 = malloc((size_t)(to - from));
    size_t length = 0;
    for (from += strlen(begin); base64 != NULL && from < to; from++)
        if (*from != '\n' && *from != '\r')
            base64[length++] = *from;
    if (base64 != NULL)
        base64[length] = '\0';
    return base64;
}

static void write_pem(char pem[TL_PROBE_PEM_SIZE], const char *base64)
{
    enum { LINE = 64 };
    tl_buffer text = {.limit = TL_PROBE_PEM_SIZE - 1};
    tl_buffer_format(&text, "%s\n", begin);
    for (size_t length = strlen(base64), at = 0; at < length; at += LINE)
        tl_buffer_format(&text, "%.*s\n", LINE, base64 + at);
    tl_buffer_format(&text, "%s\n", end);
    if (!text.failed)
        memcpy(pem, text.data, text.length + 1);
    tl_buffer_free(&text);
}

static void read_pem(tl_certificate *out, char *pem, const char *value)
{
    size_t length = 0;
    char *base64 = base64_of(value);
    char *der = base64 == NULL ? NULL : tl_base64_decode(base64, strlen(base64), &length);
    if (der != NULL && length > 0) {
        tl_sha256_hex(der, length, out->sha256);
        if (pem != NULL)
            write_pem(pem, base64);
    }
    free(der);
    free(base64);
}

void tl_certificate_read(tl_certificate *out, char pem[TL_PROBE_PEM_SIZE], const char *const lines[],
                         size_t count)
{
    const char *subject = value_of("Subject", lines, count), *issuer = value_of("Issuer", lines, count);
    *out = (tl_certificate){.self_signed = subject != NULL && issuer != NULL && strcmp(subject, issuer) == 0};
    if (pem != NULL)
        pem[0] = '\0';
    read_name(out->subject, subject);
    read_name(out->issuer, issuer);
    out->not_before = read_date(value_of("Start date", lines, count));
    out->not_after = read_date(value_of("Expire date", lines, count));
    read_pem(out, pem, value_of("Cert", lines, count));
}
