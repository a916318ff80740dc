/* One approval record: meeting a new prompt, and reading the answer of a watched one. */
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/engine.h"
#include "chain/prompt_answer.h"
#include "chain/prompt_reading.h"

/* A prompt that is not sealed for this chain is remembered, so that its summary is read once only. */
static tl_code set_aside(tl_chain *chain, int64_t approval_id, const char *why, tl_error *err)
{
    tl_entry entry = {.approval_id = approval_id};
    tl_code code = tl_chain_record(chain, &entry, TL_ENTRY_FOREIGN, why, err);
    tl_entry_clear(&entry);
    return code;
}

static bool fill_entry(tl_entry *entry, const cJSON *record, const tl_seal *seal, const char *message,
                       const cJSON *response_types)
{
    char *questions = NULL;
    bool ok = tl_json_print(&questions, NULL, response_types, NULL) == TL_OK &&
              tl_entry_set(&entry->questions, questions) &&
              tl_entry_set(&entry->request_id, seal->request_id) &&
              tl_entry_set(&entry->organization_id, seal->organization_id) &&
              tl_entry_set(&entry->due_at, tl_json_text(record, "due_time")) &&
              tl_entry_set(&entry->seal_line, strstr(message, TL_SEAL_MARK));
    free(questions);
    return ok;
}

/* A prompt that cannot be read or bound, or whose seal does not verify: a person must look at it. The request
 * it claims is not trusted. */
static tl_code leave_unread(tl_chain *chain, int64_t approval_id, const char *why, tl_error *err)
{
    tl_entry entry = {.approval_id = approval_id};
    tl_code code = tl_chain_record(chain, &entry, TL_ENTRY_LEFT, why, err);
    tl_entry_clear(&entry);
    return code;
}

static tl_code take_prompt(tl_chain *chain, const cJSON *record, const char *message,
                           const cJSON *response_types, tl_error *err)
{
    int64_t approval_id = tl_json_integer_or(record, "id", 0);
    tl_seal seal;
    const char *why;
    switch (tl_seal_read(&seal, &why, chain->options.client->seal_key, message)) {
    case TL_SEAL_ABSENT:
        return set_aside(chain, approval_id, why, err);
    case TL_SEAL_BROKEN:
        return leave_unread(chain, approval_id, why, err);
    case TL_SEAL_MEMORY:
        return tl_fail_memory(err);
    case TL_SEAL_GOOD:
        break;
    }
    tl_code code;
    tl_seal_state covers = tl_seal_covers(&seal, message);
    if (strcmp(seal.executor, chain->executor) != 0) {
        code = set_aside(chain, approval_id, "sealed for another executor", err);
    } else if (covers == TL_SEAL_MEMORY) {
        code = tl_fail_memory(err);
    } else if (covers == TL_SEAL_BROKEN) {
        code = leave_unread(chain, approval_id, "the prompt's text is not the one that was sealed", err);
    } else {
        tl_entry entry = {.approval_id = approval_id};
        code = fill_entry(&entry, record, &seal, message, response_types)
                   ? tl_chain_record(chain, &entry, TL_ENTRY_SEEN, NULL, err)
                   : tl_fail_memory(err);
        tl_entry_clear(&entry);
    }
    tl_seal_clear(&seal);
    return code;
}

/* Reads a new prompt's summary, once. */
static tl_code meet(tl_chain *chain, const cJSON *record, tl_error *err)
{
    int64_t approval_id = tl_json_integer_or(record, "id", 0), started_us;
    const char *start = tl_json_text(record, "start_time");
    if (start == NULL || !tl_time_parse(start, true, &started_us))
        return leave_unread(chain, approval_id, "its start time cannot be read", err);
    if (started_us < chain->since_us)
        return set_aside(chain, approval_id, "from before the ledger's birth", err);
    cJSON *summary = NULL;
    tl_error here = TL_ERROR_INIT;
    tl_code code = tl_soar_approval_summary(&summary, chain->options.soar, approval_id, &here);
    if (code == TL_NOT_FOUND)
        return leave_unread(chain, approval_id, "SOAR shows no summary of it, so nobody knows what it asked",
                            err);
    if (code != TL_OK) {
        if (err != NULL && err->code == TL_OK)
            *err = here;
        return code;
    }
    const char *message, *why;
    const cJSON *response_types;
    if (tl_bind_prompt(&message, &response_types, &why, summary, record))
        code = take_prompt(chain, record, message, response_types, err);
    else if (message != NULL && strstr(message, TL_SEAL_MARK) != NULL) /* somebody waits for it */
        code = leave_unread(chain, approval_id, why, err);
    else
        code = set_aside(chain, approval_id, why, err);
    cJSON_Delete(summary);
    return code;
}

/* `labels` are the seal's, NULL for one choice. */
static bool keep_answer(tl_entry *entry, const tl_reading *reading, const char *const labels[])
{
    const char *label = reading->label < 0 ? NULL : labels[reading->label];
    return tl_entry_set(&entry->answer, tl_reading_name(reading->kind)) &&
           tl_entry_set(&entry->label, label) && tl_entry_set(&entry->answered_by, reading->answered_by) &&
           tl_entry_set(&entry->answered_at, reading->answered_at);
}

/* It ended without an answer. One that was escalated is not over: the prompt that took its place is watched
 * on its own. Otherwise the policy decides, after its grace time; never a permit. */
static tl_code conclude_closed(tl_chain *chain, tl_entry *entry, const cJSON *record,
                               const tl_reading *reading, tl_error *err)
{
    char text[TL_TIME_SIZE];
    tl_expired_policy policy = chain->options.on_expired;
    const char *closed_at = tl_json_text(record, "close_time");
    entry->escalated_to = tl_json_integer_or(record, "escalated_approval", 0);
    if (entry->escalated_to > 0)
        return tl_chain_record(chain, entry, TL_ENTRY_LEFT,
                               "it was escalated to another prompt, which is watched on its own", err);
    if (policy == TL_EXPIRED_LEAVE)
        return tl_chain_record(chain, entry, TL_ENTRY_LEFT, reading->reason, err);
    tl_time_format_us(tl_now_us(), text);
    if (!tl_entry_set(&entry->closed_at, closed_at == NULL ? text : closed_at) ||
        !tl_entry_set(&entry->answer, policy == TL_EXPIRED_REJECT ? "reject" : "ignore"))
        return tl_fail_memory(err);
    return tl_chain_record(chain, entry, TL_ENTRY_ANSWERED, "nobody answered in time: the policy decides",
                           err);
}

/* "closed" and "undecided" are kept as answers, too: an unreadable one is a disagreement, an expired one
 * none. */
static tl_code conclude_reading(tl_chain *chain, tl_entry *entry, const cJSON *record,
                                const tl_reading *reading, const char *const labels[], tl_error *err)
{
    int64_t closed_us;
    const char *closed_at = tl_json_text(record, "close_time");
    if (reading->kind == TL_READING_WAIT) {
        if (closed_at != NULL && tl_time_parse(closed_at, true, &closed_us))
            tl_poll_wait_for(&chain->poll, closed_us);
        return TL_OK;
    }
    if (!keep_answer(entry, reading, labels))
        return tl_fail_memory(err);
    switch (reading->kind) {
    case TL_READING_PERMIT:
    case TL_READING_REJECT:
    case TL_READING_IGNORE:
        return tl_chain_record(chain, entry, TL_ENTRY_ANSWERED, reading->reason, err);
    case TL_READING_CLOSED:
        return conclude_closed(chain, entry, record, reading, err);
    default:
        return tl_chain_record(chain, entry, TL_ENTRY_LEFT, reading->reason, err);
    }
}

static tl_code read_answer(tl_chain *chain, tl_entry *entry, const cJSON *record, tl_error *err)
{
    const char *status = tl_json_text_or_empty(record, "status");
    if (strcmp(status, "pending") == 0)
        return TL_OK;
    tl_seal seal;
    cJSON *app_run = NULL, *questions = NULL;
    const char *note;
    /* A seal that no longer verifies has no labels here; acting on it is refused later. */
    if (tl_seal_read(&seal, &note, chain->options.client->seal_key, entry->seal_line) == TL_SEAL_MEMORY)
        return tl_fail_memory(err);
    tl_code code = tl_prompt_app_run(&app_run, &note, chain->options.soar, record, err);
    if (code == TL_OK && entry->questions != NULL)
        code = tl_json_parse(&questions, entry->questions, strlen(entry->questions), err);
    if (code == TL_OK) {
        tl_prompt_evidence evidence = {.record = record,
                                       .app_run = app_run,
                                       .response_types = questions,
                                       .labels = tl_seal_labels(&seal),
                                       .words = &chain->options.words,
                                       .now_us = tl_now_us(),
                                       .max_answer_age_us = chain->options.max_answer_age_s * TL_SECOND_US};
        tl_reading reading = tl_read_prompt(&evidence);
        code = conclude_reading(chain, entry, record, &reading, evidence.labels, err);
    }
    cJSON_Delete(app_run);
    cJSON_Delete(questions);
    tl_seal_clear(&seal);
    return code;
}

static tl_code get_entry(tl_entry *out, bool *out_found, tl_chain *chain, int64_t approval_id, tl_error *err)
{
    tl_chain_await_changes(chain, approval_id, NULL);
    return tl_ledger_get(out, out_found, chain->ledger, approval_id, err);
}

tl_code tl_chain_look_at(tl_chain *chain, const cJSON *record, tl_error *err)
{
    tl_entry entry;
    bool found;
    int64_t approval_id = tl_json_integer_or(record, "id", 0);
    tl_code code = get_entry(&entry, &found, chain, approval_id, err);
    if (code == TL_OK && !found) {
        code = meet(chain, record, err);
        if (code == TL_OK)
            code = get_entry(&entry, &found, chain, approval_id, err);
    }
    if (code == TL_OK && found && entry.state == TL_ENTRY_SEEN)
        code = read_answer(chain, &entry, record, err);
    tl_entry_clear(&entry);
    return code;
}
