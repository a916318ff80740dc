/* Events: the ledger's lines of history as JSON text, each given out at least once. */
#include <stdlib.h>
#include <string.h>

#include "base/fault_point.h"
#include "chain/engine.h"

enum {
    LINES_AT_ONCE = 64,
    /* Between two returns to the caller, as a listener may keep them until then. The rest waits its turn. */
    MAX_GIVEN_BYTES = 512 * 1024,
};

/* An event's members that are those of its line of history. */
static const char *const members[] = {"time",     "state",  "approval_id", "request_id",   "organization_id",
                                      "answer",   "label",  "answered_by", "operation_id", "outcome",
                                      "verified", "message"};

static cJSON *make_event(const tl_chain *chain, int64_t history_id, const cJSON *line)
{
    cJSON *event = cJSON_CreateObject();
    tl_buffer id = {.limit = 64};
    bool ok = tl_buffer_format(&id, "%s:%lld", chain->ledger_id, (long long)history_id) &&
              tl_json_set_text(event, "event", id.data);
    tl_buffer_free(&id);
    for (size_t i = 0; ok && i < sizeof members / sizeof members[0]; i++) {
        const cJSON *member = tl_json_member(line, members[i]);
        if (member != NULL)
            ok = tl_json_set(event, members[i], cJSON_Duplicate(member, true));
    }
    if (!ok) {
        cJSON_Delete(event);
        return NULL;
    }
    return event;
}

static tl_code give_line(tl_chain *chain, int64_t history_id, const cJSON *line, tl_error *err)
{
    if (strcmp(tl_json_text_or_empty(line, "state"), tl_entry_state_name(TL_ENTRY_FOREIGN)) == 0)
        return TL_OK;
    cJSON *event = make_event(chain, history_id, line);
    char *text = NULL;
    size_t length = 0;
    tl_code code = event == NULL ? tl_fail_memory(err) : tl_json_print(&text, &length, event, err);
    if (code == TL_OK) {
        TL_FAULT_POINT("event.give");
        chain->options.event(chain->options.event_data, text);
        TL_FAULT_POINT("event.given");
        chain->given_bytes += length;
    }
    free(text);
    cJSON_Delete(event);
    return code;
}

static tl_code give_lines(tl_chain *chain, const cJSON *lines, tl_error *err)
{
    const cJSON *line;
    cJSON_ArrayForEach (line, lines) {
        int64_t history_id = tl_json_integer_or(line, "id", 0);
        if (chain->given_bytes > MAX_GIVEN_BYTES)
            return TL_OK;
        tl_code code = give_line(chain, history_id, line, err);
        if (code != TL_OK)
            return code;
        chain->given_id = history_id;
    }
    return TL_OK;
}

tl_code tl_chain_give_events(tl_chain *chain, tl_error *err)
{
    tl_code code = TL_OK;
    bool more = chain->options.event != NULL;
    while (code == TL_OK && more && chain->given_bytes <= MAX_GIVEN_BYTES) {
        cJSON *lines = NULL;
        code = tl_ledger_history(&lines, chain->ledger, NULL, chain->given_id, LINES_AT_ONCE, err);
        more = cJSON_GetArraySize(lines) == LINES_AT_ONCE;
        if (code == TL_OK)
            code = give_lines(chain, lines, err);
        cJSON_Delete(lines);
    }
    return code;
}

tl_code tl_chain_open_events(tl_chain *chain, const tl_ledger_overview *ledger, tl_error *err)
{
    memcpy(chain->ledger_id, ledger->id, sizeof chain->ledger_id);
    chain->given_id = tl_ledger_events_given(chain->ledger, 0);
    tl_code code = tl_chain_give_events(chain, err);
    if (code != TL_OK)
        chain->given_id = 0; /* there will be no chain, and so nobody to have taken them */
    return code;
}

void tl_chain_repeat_events(tl_chain *chain)
{
    chain->given_id = tl_ledger_events_given(chain->ledger, 0);
}

void tl_chain_note_events(tl_chain *chain)
{
    chain->given_bytes = 0;
    if (chain->ledger != NULL)
        (void)tl_ledger_events_given(chain->ledger, chain->given_id);
}
