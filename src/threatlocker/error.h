/* Errors: one caller-owned struct, one set of codes for C, Lua and SOAR. */
#ifndef THREATLOCKER_ERROR_H
#define THREATLOCKER_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#if defined(__GNUC__)
#define TL_API __attribute__((visibility("default")))
#define TL_NODISCARD __attribute__((warn_unused_result))
#else
#define TL_API
#define TL_NODISCARD
#endif

/* The initializer of a struct that begins with its own size, all else zero: C++ before 2020 has no designated
 * initializers. */
#ifdef __cplusplus
#define TL_SIZED(type)                                                                                       \
    []() {                                                                                                   \
        type value{};                                                                                        \
        value.size = sizeof(type);                                                                           \
        return value;                                                                                        \
    }()
#else
#define TL_SIZED(type)                                                                                       \
    {                                                                                                        \
        .size = sizeof(type)                                                                                 \
    }
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Stable: numbers and names never change, new ones are added before TL_CODE_MAX. Every function that takes a
 * tl_error returns one of these, 0 for success. */
typedef enum tl_code {
    TL_OK = 0,
    TL_USAGE,           /* the caller passed something impossible; nothing was sent */
    TL_CONFIG,          /* an option, a file or the environment is unusable; nothing was sent */
    TL_MEMORY,          /* out of memory */
    TL_NETWORK,         /* no connection, or it broke */
    TL_TLS,             /* the peer could not be trusted */
    TL_TIMEOUT,         /* the deadline of the call passed */
    TL_CANCELLED,       /* tl_client_cancel or tl_soar_cancel was called */
    TL_TOKEN,           /* credentials unknown, expired or of another instance */
    TL_PERMISSION,      /* credentials are good but lack a permission (ThreatLocker's HTTP 401) */
    TL_FORBIDDEN,       /* HTTP 403: usually an organization outside the token's */
    TL_NOT_FOUND,       /* no such thing */
    TL_INVALID,         /* refused as wrong, by the server (400, 417) or by us before sending */
    TL_RATE_LIMITED,    /* HTTP 429 */
    TL_SERVER,          /* HTTP 5xx */
    TL_PROTOCOL,        /* the reply is not what the service promises: not JSON, too large, wrong type */
    TL_CONFLICT,        /* the request was already actioned, or changed meanwhile */
    TL_UNKNOWN_OUTCOME, /* a write may or may not have been applied; read back before anything else */
    TL_CODE_MAX
} tl_code;

/* Whether a write changed anything on the server. */
typedef enum tl_applied { TL_APPLIED_NO = 0, TL_APPLIED_YES, TL_APPLIED_UNKNOWN } tl_applied;

/* Filled by a failing call; untouched by a succeeding one. The first error wins: a struct that already holds
 * an error is left as it is, so reset it (TL_ERROR_INIT) before using it again. Never owns memory. */
typedef struct tl_error {
    tl_code code;
    int http_status;    /* 0 when no HTTP reply was involved */
    bool retriable;     /* the same read may succeed later */
    tl_applied applied; /* for writes */
    /* ThreatLocker's LoggerId, which its support asks for; "" when none [observed wyre] */
    char logger_id[64];
    char message[768]; /* one line of UTF-8 that says what to do; holds no secrets */
} tl_error;

#define TL_ERROR_INIT                                                                                        \
    {                                                                                                        \
        TL_OK, 0, false, TL_APPLIED_NO, "", ""                                                               \
    }

/* The code's stable name in lower case ("not_found"); "unknown" for a number that is no code. Static storage,
 * any thread. */
TL_API const char *tl_code_name(tl_code code);

/* The library's version, "MAJOR.MINOR.PATCH". Static storage, any thread. */
TL_API const char *tl_version(void);

#ifdef __cplusplus
}
#endif
#endif
