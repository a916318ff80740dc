/* Splunk SOAR's REST API around prompts. */
#ifndef THREATLOCKER_SOAR_H
#define THREATLOCKER_SOAR_H

#include "threatlocker/client.h"
#include "threatlocker/json.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Thread rules as tl_client. */
typedef struct tl_soar tl_soar;

typedef struct tl_soar_options {
    size_t size;     /* sizeof(tl_soar_options): TL_SOAR_OPTIONS_INIT sets it */
    const char *url; /* "https://soar.example.com[:8443]", without /rest; http for loopback only; required */
    const char *token;    /* automation user's ph-auth-token; or */
    const char *user;     /* user and */
    const char *password; /* password */
    tl_connection connection;
} tl_soar_options;

#define TL_SOAR_OPTIONS_INIT                                                                                 \
    {                                                                                                        \
        .size = sizeof(tl_soar_options)                                                                      \
    }

/* Makes a client; sends nothing. Errors and ownership as tl_client_new. */
TL_API TL_NODISCARD tl_code tl_soar_new(tl_soar **out, const tl_soar_options *options, tl_error *err);
TL_API void tl_soar_free(tl_soar *soar);   /* NULL is allowed */
TL_API void tl_soar_cancel(tl_soar *soar); /* as tl_client_cancel */

typedef struct tl_approval_query {
    size_t size;               /* sizeof(tl_approval_query): TL_APPROVAL_QUERY_INIT sets it */
    const char *status;        /* "pending"; NULL = any */
    const char *type;          /* "manual" = prompts and tasks [official]; NULL = any */
    int64_t min_id;            /* only ids from this one on; 0 = any */
    const char *started_after; /* ISO UTC time; NULL = any */
} tl_approval_query;

#define TL_APPROVAL_QUERY_INIT                                                                               \
    {                                                                                                        \
        .size = sizeof(tl_approval_query)                                                                    \
    }

/* GET /rest/approval, all pages, oldest id first. Records of 20 fields [official]; at most 100,000, more is
 * TL_PROTOCOL. *out_records is an array; the caller's (cJSON_Delete). */
TL_API TL_NODISCARD tl_code tl_soar_approvals(cJSON **out_records, tl_soar *soar,
                                              const tl_approval_query *query, tl_error *err);

/* GET /rest/approval/<id>: one record [official]. *out is the caller's (cJSON_Delete). */
TL_API TL_NODISCARD tl_code tl_soar_approval(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err);

/* GET /rest/approval/<id>/detail_summary_view [official]. asset.configuration and asset.token are dropped
 * before anybody sees them: they may hold API keys. *out is the caller's. */
TL_API TL_NODISCARD tl_code tl_soar_approval_summary(cJSON **out, tl_soar *soar, int64_t approval_id,
                                                     tl_error *err);

/* What is known about a prompt's answer: the record, and the prompt's app run where the record names an
 * action run (action_run -> app_runs -> app_run [observed MCP, CTL]). *out is the caller's:
 *
 *   approval     the record
 *   app_run      the app run with its result_data, where exactly one could be read
 *   app_run_note why there is none, where there is none
 *   reading      "permit" "reject" "ignore" "wait" "closed" "undecided", by the default words; binds nothing
 *   reason       why, in one line
 *   responses    the answers, where readable (array of text)
 *   answered_by, answered_at   where known
 */
TL_API TL_NODISCARD tl_code tl_soar_prompt_answer(cJSON **out, tl_soar *soar, int64_t approval_id,
                                                  tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
