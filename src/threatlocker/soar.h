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

#define TL_SOAR_OPTIONS_INIT TL_SIZED(tl_soar_options)

/* Makes a client; sends nothing. Errors and ownership as tl_client_new. */
TL_API TL_NODISCARD tl_code tl_soar_new(tl_soar **out, const tl_soar_options *options, tl_error *err);
TL_API void tl_soar_free(tl_soar *soar);   /* NULL is allowed */
TL_API void tl_soar_cancel(tl_soar *soar); /* as tl_client_cancel */

/* What all calls below share. Trees and arrays that come out are the caller's (cJSON_Delete), NULL on
 * failure; one client, one call at a time per thread, as tl_client.
 *
 * Errors: TL_TOKEN (HTTP 401), TL_FORBIDDEN (403), TL_NOT_FOUND (404; 405 says that SOAR does not allow the
 * call), TL_INVALID (other 4xx, "failed" in the reply to a POST, or refused here before sending),
 * TL_RATE_LIMITED, TL_SERVER, TL_TIMEOUT, TL_NETWORK, TL_TLS, TL_CANCELLED, and TL_PROTOCOL for a reply that
 * is not what SOAR promises, "failed" in the reply to a GET included: SOAR says that with any status
 * [observed CTL]. Messages quote SOAR's words, cleaned, cut and without credentials.
 *
 * POSTs are sent once, on a connection of their own, and never again by themselves (but see
 * tl_soar_create_container). One whose outcome nobody told is TL_UNKNOWN_OUTCOME; one that SOAR took without
 * giving the id is TL_PROTOCOL. Both have err->applied TL_APPLIED_UNKNOWN: look before sending it again. */

/* ---- approvals ---- */

enum { TL_SOAR_PAGE_MAX = 1000 }; /* rows of one page */

typedef struct tl_approval_query {
    size_t size;               /* sizeof(tl_approval_query): TL_APPROVAL_QUERY_INIT sets it */
    const char *status;        /* "pending"; NULL = any */
    const char *type;          /* "manual" = prompts and tasks [official]; NULL = any */
    bool not_pending;          /* all but "pending": answered, expired and whatever else there is */
    int64_t container_id;      /* those of one container; 0 = any */
    int64_t min_id;            /* only ids from this one on; 0 = any */
    const char *started_after; /* ISO UTC time; NULL = any */
    const char *closed_after;  /* ISO UTC time, close_time at or after it; NULL = any, open ones included */
    bool descending;           /* newest id first */
    int64_t limit;             /* one page of at most so many rows, 1 to TL_SOAR_PAGE_MAX; 0 = all pages */
} tl_approval_query;

#define TL_APPROVAL_QUERY_INIT TL_SIZED(tl_approval_query)

/* GET /rest/approval, or with container_id GET /rest/container/<id>/approvals [observed CTL], because a
 * record does not name its container. Records of 20 fields [official] in the order of their ids, once each;
 * at most 100,000, more is TL_PROTOCOL. *out_records is an array. */
TL_API TL_NODISCARD tl_code tl_soar_approvals(cJSON **out_records, tl_soar *soar,
                                              const tl_approval_query *query, tl_error *err);

/* The same in exactly one request, of query->limit rows (required), with the number of all that match in
 * *out_count. So "status pending, descending, limit 1" gives the newest pending one and how many there are.
 */
TL_API TL_NODISCARD tl_code tl_soar_approval_page(cJSON **out_records, int64_t *out_count, tl_soar *soar,
                                                  const tl_approval_query *query, tl_error *err);

/* GET /rest/container/<id>/approvals [observed CTL]; list and rows as above [inferred]. */
TL_API TL_NODISCARD tl_code tl_soar_container_approvals(cJSON **out_records, tl_soar *soar,
                                                        int64_t container_id, tl_error *err);

/* GET /rest/approval/<id>: one record [official]. */
TL_API TL_NODISCARD tl_code tl_soar_approval(cJSON **out, tl_soar *soar, int64_t approval_id, tl_error *err);

/* GET /rest/approval/<id>/detail_summary_view [official]: "prompts", "approvals", "manual tasks" or "action
 * reviews" in notification_type; no id, no status, no answer. Where the page's table and samples differ, *out
 * is as the samples: container_id and time_left (seconds) are numbers, notification_targets is an array.
 * `configuration` and `token` of the asset are dropped before anybody sees them: they may hold API keys. */
TL_API TL_NODISCARD tl_code tl_soar_approval_summary(cJSON **out, tl_soar *soar, int64_t approval_id,
                                                     tl_error *err);

/* GET /rest/approval/<id>?block_results=True. The page shows the URL without an id [official]; approval_id 0
 * asks for that one. The contents are unknown: *out is any JSON value, as it came. */
TL_API TL_NODISCARD tl_code tl_soar_block_results(cJSON **out, tl_soar *soar, int64_t approval_id,
                                                  tl_error *err);

/* POST /rest/approval, "Create approvals." without a body or reply in the page [official]; a live SOAR
 * answers 405 [observed LIVE], which is TL_NOT_FOUND and said plainly. The body, an object, is passed on. */
TL_API TL_NODISCARD tl_code tl_soar_create_approval(cJSON **out, tl_soar *soar, const cJSON *body,
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

/* ---- runs ---- */

/* GET /rest/action_run/<id>: status pending, running, success or failed [observed CTL]. "success" of a prompt
 * only means that it was answered. */
TL_API TL_NODISCARD tl_code tl_soar_action_run(cJSON **out, tl_soar *soar, int64_t action_run_id,
                                               tl_error *err);

/* GET /rest/action_run/<id>/app_runs [observed CTL]: rows without result_data, lowest id first. */
TL_API TL_NODISCARD tl_code tl_soar_app_runs(cJSON **out_records, tl_soar *soar, int64_t action_run_id,
                                             tl_error *err);

/* GET /rest/app_run/<id>?include_expensive=true: with result_data [observed MCP]. */
TL_API TL_NODISCARD tl_code tl_soar_app_run(cJSON **out, tl_soar *soar, int64_t app_run_id, tl_error *err);

/* ---- containers ---- */

typedef struct tl_container_query {
    size_t size;                        /* sizeof(tl_container_query): TL_CONTAINER_QUERY_INIT sets it */
    const char *source_data_identifier; /* each compared whole; any UTF-8 text; NULL = any */
    const char *label;
    const char *name;
    bool descending; /* newest id first */
    int64_t limit;   /* as tl_approval_query */
} tl_container_query;

#define TL_CONTAINER_QUERY_INIT TL_SIZED(tl_container_query)

/* GET /rest/container [official]. *out_records is an array; order and maximum as tl_soar_approvals. */
TL_API TL_NODISCARD tl_code tl_soar_containers(cJSON **out_records, tl_soar *soar,
                                               const tl_container_query *query, tl_error *err);

/* GET /rest/container/<id> [official]. */
TL_API TL_NODISCARD tl_code tl_soar_container(cJSON **out, tl_soar *soar, int64_t container_id,
                                              tl_error *err);

/* POST /rest/container. The body is passed on; `name` and `label` are required. *out:
 *
 *   id        the container's
 *   created   true: this call made it. False: one with that source_data_identifier was there, with this id
 *             (SOAR's HTTP 400 with existing_container_id [observed CTL])
 *   artifacts, new_artifact_ids   as SOAR gave them, what became of artifacts sent along [code SDK]
 *
 * With a source_data_identifier SOAR makes the container once only, so the POST is repeated as a read is when
 * a reply was lost or was 408, 429, 502, 503 or 504. Then `created` false can also be our own: who needs to
 * know puts a nonce into `data` and reads the container. */
TL_API TL_NODISCARD tl_code tl_soar_create_container(cJSON **out, tl_soar *soar, const cJSON *body,
                                                     tl_error *err);

/* POST /rest/note, markdown, of type general [observed LIVE]; where that is 404 /rest/container_note
 * [observed MCP]. *out_note_id is the note's. Title and content must not be empty. */
TL_API TL_NODISCARD tl_code tl_soar_add_note(int64_t *out_note_id, tl_soar *soar, int64_t container_id,
                                             const char *title, const char *content, tl_error *err);

/* ---- playbooks ---- */

/* POST /rest/playbook_run [official]: queues a run. Members of the body: container_id, playbook_id (number or
 * "repository/name"), scope ("new", the default, "all", or a list of artifact ids), run (true by default),
 * inputs (an object; sent as given, or with inputs_as_text as its JSON in a text, as a newer page has it),
 * others as given. *out_run_id is the reply's playbook_run_id, which comes as a text. */
TL_API TL_NODISCARD tl_code tl_soar_run_playbook(int64_t *out_run_id, tl_soar *soar, const cJSON *body,
                                                 bool inputs_as_text, tl_error *err);

/* GET /rest/playbook_run/<id>: status running, success or failed [official]. */
TL_API TL_NODISCARD tl_code tl_soar_playbook_run(cJSON **out, tl_soar *soar, int64_t playbook_run_id,
                                                 tl_error *err);

/* ---- others ---- */

/* GET /rest/external_prompt/<token>, from 6.3.0 [official]: due_time, status, action_name, targets. The
 * token, the last part of the prompt's secure_link, is a secret that lets anybody answer: no message and no
 * log line holds it, but *out does. */
TL_API TL_NODISCARD tl_code tl_soar_external_prompt(cJSON **out, tl_soar *soar, const char *token,
                                                    tl_error *err);

/* GET /rest/version: {"version":"8.5.0.248"} [observed CTL]. */
TL_API TL_NODISCARD tl_code tl_soar_version(cJSON **out, tl_soar *soar, tl_error *err);

#ifdef __cplusplus
}
#endif
#endif
