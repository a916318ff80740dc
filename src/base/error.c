#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

static const char *const code_names[TL_CODE_MAX] = {
    [TL_OK] = "ok",
    [TL_USAGE] = "usage",
    [TL_CONFIG] = "config",
    [TL_MEMORY] = "memory",
    [TL_NETWORK] = "network",
    [TL_TLS] = "tls",
    [TL_TIMEOUT] = "timeout",
    [TL_CANCELLED] = "cancelled",
    [TL_TOKEN] = "token",
    [TL_PERMISSION] = "permission",
    [TL_FORBIDDEN] = "forbidden",
    [TL_NOT_FOUND] = "not_found",
    [TL_INVALID] = "invalid",
    [TL_RATE_LIMITED] = "rate_limited",
    [TL_SERVER] = "server",
    [TL_PROTOCOL] = "protocol",
    [TL_CONFLICT] = "conflict",
    [TL_UNKNOWN_OUTCOME] = "unknown_outcome",
};

const char *tl_code_name(tl_code code)
{
    /* Through unsigned: callers of other languages hand over any number. */
    unsigned int index = (unsigned int)code;
    return index < TL_CODE_MAX ? code_names[index] : "unknown";
}

const char *tl_version(void)
{
    return TL_VERSION;
}

/* Makes the message one line of valid UTF-8 without changing its length. */
static void make_one_line(char *message)
{
    size_t length = strlen(message);
    for (size_t at = 0; at < length;) {
        uint32_t character = 0;
        size_t step = tl_utf8_decode(message + at, length - at, &character);
        if (step == 0) {
            message[at] = '?';
            step = 1;
        } else if (tl_is_control(character) || character == 0x2028 || character == 0x2029) {
            memset(message + at, ' ', step);
        }
        at += step;
    }
}

tl_code tl_fail(tl_error *err, tl_code code, const char *format, ...)
{
    if (err == NULL || err->code != TL_OK) {
        return code;
    }
    va_list arguments;
    va_start(arguments, format);
    int wanted = vsnprintf(err->message, sizeof err->message, format, arguments);
    va_end(arguments);
    if (wanted < 0) {
        err->message[0] = '\0';
    } else if ((size_t)wanted >= sizeof err->message) {
        size_t length = sizeof err->message - 1;
        err->message[tl_utf8_whole(err->message, length)] = '\0';
    }
    make_one_line(err->message);
    err->code = code;
    return code;
}

tl_code tl_fail_memory(tl_error *err)
{
    return tl_fail(err, TL_MEMORY, "Out of memory.");
}

tl_code tl_fail_with(tl_error *err, const tl_error *cause)
{
    if (err != NULL && err->code == TL_OK)
        *err = *cause;
    return cause->code;
}

void tl_error_clear(tl_error *err)
{
    if (err != NULL) {
        *err = (tl_error)TL_ERROR_INIT;
    }
}
