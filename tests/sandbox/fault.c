#include "fault.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

static const char *const names[FAULT_KINDS] = {[FAULT_NONE] = NULL,
                                               [FAULT_DROP_BEFORE_APPLY] = "drop_before_apply",
                                               [FAULT_DROP_AFTER_APPLY] = "drop_after_apply",
                                               [FAULT_CLOSE_IDLE] = "close_idle",
                                               [FAULT_CLOSE_WITHOUT_REPLY] = "close_without_reply",
                                               [FAULT_STATUS] = "status",
                                               [FAULT_DELAY] = "delay",
                                               [FAULT_TRUNCATE] = "truncate",
                                               [FAULT_GARBAGE] = "garbage",
                                               [FAULT_SLOW] = "slow",
                                               [FAULT_EXPECT_417] = "expect_417",
                                               [FAULT_CHANGE] = "change"};

const char *fault_name(enum fault_kind kind)
{
    return names[kind];
}

static enum fault_kind kind_of(const char *name)
{
    for (int kind = FAULT_NONE + 1; kind < FAULT_KINDS; kind++)
        if (same_word(name, names[kind]))
            return (enum fault_kind)kind;
    return FAULT_NONE;
}

bool faults_arm(struct faults *faults, const cJSON *spec, struct text *error)
{
    enum fault_kind kind = kind_of(json_text(spec, "kind"));
    if (kind == FAULT_NONE) {
        text_puts(error, "kind must be one of");
        for (int i = FAULT_NONE + 1; i < FAULT_KINDS; i++)
            text_printf(error, " %s", names[i]);
        return false;
    }
    faults->items = need_more(faults->items, (faults->count + 1) * sizeof *faults->items);
    faults->items[faults->count++] = (struct fault){.kind = kind,
                                                    .after = json_int(spec, "after", 0),
                                                    .times = json_int(spec, "times", 1),
                                                    .spec = cJSON_Duplicate(spec, 1)};
    return true;
}

void faults_clear(struct faults *faults)
{
    for (size_t i = 0; i < faults->count; i++)
        cJSON_Delete(faults->items[i].spec);
    free(faults->items);
    *faults = (struct faults){0};
}

cJSON *faults_tree(const struct faults *faults)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < faults->count; i++) {
        cJSON *item = cJSON_Duplicate(faults->items[i].spec, 1);
        json_put_number(item, "after", (double)faults->items[i].after);
        json_put_number(item, "times", (double)faults->items[i].times);
        json_put_number(item, "hits", (double)faults->items[i].hits);
        cJSON_AddItemToArray(list, item);
    }
    return list;
}

static bool concerns(const struct fault *fault, const struct call *call)
{
    const char *match = json_text(fault->spec, "match"), *method = json_text(fault->spec, "method");
    if (fault->times == 0 || (match && !contains_word(call->target, match)))
        return false;
    if (method && !same_word(method, call->method))
        return false;
    return fault->kind != FAULT_CLOSE_IDLE || call->reused;
}

/* A used-up fault is dropped, so that what is listed is what is still armed. */
static void drop_fault(struct faults *faults, size_t at)
{
    cJSON_Delete(faults->items[at].spec);
    faults->count--;
    memmove(&faults->items[at], &faults->items[at + 1], (faults->count - at) * sizeof *faults->items);
}

struct strike faults_strike(struct faults *faults, const struct call *call)
{
    struct strike strike = {FAULT_NONE, NULL};
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];
        if (!concerns(fault, call))
            continue;
        if (fault->after > 0) {
            fault->after--;
            continue;
        }
        if (strike.kind != FAULT_NONE)
            continue;
        strike = (struct strike){fault->kind, cJSON_Duplicate(fault->spec, 1)};
        fault->hits++;
        if (fault->times > 0)
            fault->times--;
    }
    for (size_t i = faults->count; i-- > 0;)
        if (faults->items[i].times == 0)
            drop_fault(faults, i);
    return strike;
}

void strike_free(struct strike *strike)
{
    cJSON_Delete(strike->spec);
    *strike = (struct strike){FAULT_NONE, NULL};
}
