/* The faults. */
#include "strikes.h"

enum { FIVE_HOURS_S = 5 * 60 * 60 };

#define JSON_TYPE "Content-Type: application/json\r\n"
#define HTML_TYPE "Content-Type: text/html\r\n"
#define PAGE "<!doctype html><html><body>Sign in</body></html>"
#define SAYS(text) "{\"Message\":\"" text "\"}"

#define NO_CONNECTION "no connection"
#define BROKEN "a connection that breaks"
#define SLOW "a slow or silent server"
#define SIZES "sizes and lengths"
#define CONTENT "not the JSON promised"
#define REDIRECT "redirects"
#define REFUSAL "HTTP 4xx"
#define FAILURE "HTTP 5xx"
#define TRUST "TLS and proxies"
#define CLOCK "a clock that jumps or is wrong"

#define REPLY(name_, code, text_, headers_)                                                                  \
    .name = name_, .strike = strike_status, .status = (code), .text = (text_), .headers = (headers_)
#define MEMBER(name_, member)                                                                                \
    {                                                                                                        \
        .group = CONTENT, .name = name_, .strike = strike_member, .text = (member), .applies = true          \
    }
#define REFUSED(name_, code)                                                                                 \
    {                                                                                                        \
        .group = REFUSAL, REPLY(name_, code, SAYS("Not this way"), JSON_TYPE)                                \
    }
#define FAILED(code)                                                                                         \
    {.group = FAILURE, REPLY("http_" #code, code, SAYS("Broken"), JSON_TYPE)},                               \
    {                                                                                                        \
        .group = FAILURE, REPLY("http_" #code "_applied", code, SAYS("Broken"), JSON_TYPE), .applies = true  \
    }
#define MOVED(code)                                                                                          \
    {.group = REDIRECT,                                                                                      \
     .name = "http_" #code "_to_host",                                                                       \
     .strike = strike_redirect_to_host,                                                                      \
     .status = (code)},                                                                                      \
    {                                                                                                        \
        .group = REDIRECT, .name = "http_" #code "_to_http", .way = BY_TLS,                                  \
        .strike = strike_redirect_to_http, .status = (code)                                                  \
    }
#define UNTRUSTED(name_, kind)                                                                               \
    {                                                                                                        \
        .group = TRUST, .name = name_, .way = BY_TLS, .shows = (kind)                                        \
    }
#define OLD_TLS(name_, version)                                                                              \
    {                                                                                                        \
        .group = TRUST, .name = name_, .way = BY_TLS, .priorities = "NORMAL:-VERS-ALL:+VERS-" version        \
    }
#define PROXY(name_, code, headers_)                                                                         \
    {                                                                                                        \
        .group = TRUST, .name = name_, .way = BY_PROXY, .status = (code), .headers = (headers_)              \
    }
#define JUMPS(name_, seconds)                                                                                \
    {.group = CLOCK,                                                                                         \
     .name = name_ "_before_sending",                                                                        \
     .way = BY_TLS,                                                                                          \
     .meet = meet_with_jump,                                                                                 \
     .number = (seconds)},                                                                                   \
        {.group = CLOCK,                                                                                     \
         .name = name_ "_before_reply",                                                                      \
         .strike = strike_jump,                                                                              \
         .applies = true,                                                                                    \
         .number = (seconds)},                                                                               \
        {.group = CLOCK,                                                                                     \
         .name = name_ "_no_reply",                                                                          \
         .strike = strike_jump_silence,                                                                      \
         .applies = true,                                                                                    \
         .waits = true,                                                                                      \
         .number = (seconds)},                                                                               \
    {                                                                                                        \
        .group = CLOCK, .name = name_ "_not_applied", .strike = strike_jump_silence, .waits = true,          \
        .number = (seconds)                                                                                  \
    }

#define WRONG(name_, seconds)                                                                                \
    {                                                                                                        \
        .group = CLOCK, .name = name_, .strike = strike_reset, .applies = true, .from_start = true,          \
        .number = (seconds)                                                                                  \
    }

const fault faults[] = {
    {.group = NO_CONNECTION, .name = "name_unknown", .way = BY_NAME, .host = "unknown.fault.invalid"},
    {.group = NO_CONNECTION,
     .name = "name_hangs",
     .way = BY_NAME,
     .host = "hangs.fault.invalid",
     .waits = true},
    {.group = NO_CONNECTION, .name = "refused", .refuses = true},
    {.group = NO_CONNECTION, .name = "proxy_refused", .way = BY_PROXY, .refuses = true},

    {.group = BROKEN, .name = "reset_before_send", .way = BY_TLS, .meet = meet_with_reset},
    {.group = BROKEN, .name = "reset_after_send", .strike = strike_reset},
    {.group = BROKEN, .name = "reset_after_apply", .strike = strike_reset, .applies = true},
    {.group = BROKEN, .name = "dies_after_apply", .strike = strike_death, .applies = true},
    {.group = BROKEN,
     .name = "reset_then_401",
     .strike = strike_reset_then_status,
     .status = 401,
     .text = SAYS("Who?"),
     .applies = true},
    {.group = BROKEN, .name = "reset_mid_body", .strike = strike_reset_midway, .applies = true},
    {.group = BROKEN, .name = "closed_after_send", .strike = strike_close},
    {.group = BROKEN, .name = "closed_after_apply", .strike = strike_close, .applies = true},
    {.group = BROKEN, .name = "kept_alive_closed", .strike = strike_close, .keeps_alive = true},

    {.group = SLOW, .name = "silent_before_send", .way = BY_TLS, .meet = meet_with_silence, .waits = true},
    {.group = SLOW, .name = "silent_after_send", .strike = strike_silence, .waits = true},
    {.group = SLOW, .name = "silent_after_apply", .strike = strike_silence, .waits = true, .applies = true},
    {.group = SLOW, .name = "slow_drip", .strike = strike_drip, .waits = true, .applies = true},
    {.group = SLOW, .name = "half_headers", .strike = strike_half_head, .waits = true, .applies = true},
    {.group = SLOW, .name = "half_headers_closed", .strike = strike_half_head_close, .applies = true},

    {.group = SIZES, .name = "body_100mb", .strike = strike_huge, .applies = true},
    {.group = SIZES, .name = "body_100mb_chunked", .strike = strike_huge_chunked, .applies = true},
    {.group = SIZES,
     .name = "chunks_without_end",
     .strike = strike_chunks_without_end,
     .waits = true,
     .applies = true},
    {.group = SIZES, .name = "chunks_cut", .strike = strike_chunks_cut, .applies = true},
    {.group = SIZES, .name = "gzip_bomb", .strike = strike_gzip_bomb, .applies = true},
    {.group = SIZES, .name = "length_too_large", .strike = strike_close_midway, .applies = true},
    {.group = SIZES, .name = "length_too_small", .strike = strike_half_told, .applies = true},
    {.group = SIZES, .name = "header_flood", .strike = strike_head_flood, .applies = true},

    {.group = CONTENT, REPLY("html", 200, PAGE, HTML_TYPE)},
    {.group = CONTENT, REPLY("html_applied", 200, PAGE, HTML_TYPE), .applies = true},
    {.group = CONTENT,
     .name = "wrong_content_type",
     .strike = strike_type,
     .text = "image/png",
     .applies = true},
    MEMBER("bad_utf8", "\"bad\":\"\xff\xc0\xaf\""),
    {.group = CONTENT,
     .name = "byte_order_mark",
     .strike = strike_prefix,
     .text = "\xef\xbb\xbf",
     .applies = true},
    MEMBER("duplicate_keys", "\"twice\":1,\"twice\":2"),
    {.group = CONTENT, .name = "deep_nesting", .strike = strike_nesting, .applies = true},
    MEMBER("number_overflow", "\"big\":1e999"),
    MEMBER("number_of_40_digits", "\"big\":1234567890123456789012345678901234567890"),
    {.group = CONTENT, REPLY("null", 200, "null", JSON_TYPE), .applies = true},
    {.group = CONTENT, REPLY("empty", 200, "", ""), .applies = true},
    {.group = CONTENT, REPLY("http_204", 204, "", ""), .applies = true},
    {.group = CONTENT, REPLY("empty_not_applied", 200, "", "")},

    MOVED(301),
    MOVED(302),
    MOVED(307),
    {.group = REDIRECT,
     .name = "http_302_applied",
     .strike = strike_redirect_to_host,
     .status = 302,
     .applies = true},

    REFUSED("http_400", 400),
    REFUSED("http_401", 401),
    REFUSED("http_403", 403),
    REFUSED("http_404", 404),
    REFUSED("http_408", 408),
    {.group = REFUSAL, REPLY("http_408_applied", 408, SAYS("Slow"), JSON_TYPE), .applies = true},
    REFUSED("http_409", 409),
    REFUSED("http_417", 417),
    {.group = REFUSAL, REPLY("http_429_seconds", 429, SAYS("Later"), JSON_TYPE "Retry-After: 1\r\n")},
    {.group = REFUSAL, REPLY("http_429_hour", 429, SAYS("Later"), JSON_TYPE "Retry-After: 3600\r\n")},
    {.group = REFUSAL, .name = "http_429_date", .strike = strike_retry_date, .status = 429, .number = 1},
    {.group = REFUSAL, REPLY("http_429_nonsense", 429, SAYS("Later"), JSON_TYPE "Retry-After: soon, -1\r\n")},
    {.group = REFUSAL, REPLY("http_440", 440, "{\"error\":\"TOKEN_REVOKED\"}", JSON_TYPE)},

    FAILED(500),
    FAILED(502),
    FAILED(503),
    FAILED(504),

    UNTRUSTED("tls_expired", EXPIRED),
    UNTRUSTED("tls_not_yet_valid", NOT_YET),
    UNTRUSTED("tls_self_signed", SELF_SIGNED),
    UNTRUSTED("tls_wrong_name", WRONG_NAME),
    OLD_TLS("tls_1_0", "TLS1.0"),
    OLD_TLS("tls_1_1", "TLS1.1"),
    PROXY("proxy_forbids", 403, ""),
    PROXY("proxy_asks_password", 407, "Proxy-Authenticate: Basic realm=\"inside\"\r\n"),
    PROXY("proxy_fails", 502, ""),

    JUMPS("clock_ahead", FIVE_HOURS_S),
    JUMPS("clock_back", -FIVE_HOURS_S),
    WRONG("clock_wrong_ahead", FIVE_HOURS_S),
    WRONG("clock_wrong_back", -FIVE_HOURS_S),
};

const size_t fault_count = sizeof faults / sizeof faults[0];
