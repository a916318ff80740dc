/* Splunk SOAR's side: approvals (prompts above all), their runs and containers, and a scripted analyst.
 * Shapes: the official REST Approval page; answered forms are [unknown] there, so any can be set. */
#ifndef SANDBOX_SOAR_H
#define SANDBOX_SOAR_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

struct approval {
    /* Read often, so kept beside the trees they come from: approval_refresh(). */
    long id, action_run_id, app_run_id, container_id, playbook_run_id;
    bool pending;
    int64_t due;

    cJSON *record;     /* the 20 fields */
    cJSON *detail;     /* detail_summary_view, its times filled in when read */
    cJSON *patch;      /* what a test changed in the detail */
    cJSON *app_run;    /* with result_data; NULL: there is none */
    cJSON *action_run; /* NULL: there is none */
    char *request;     /* the ThreatLocker request it asks about, or NULL */
    char *token;       /* of an external prompt, or NULL */
    cJSON *planned;    /* the answer that the script will give, or NULL */
    int64_t planned_at;
};

struct container {
    long id;
    char *identifier; /* source_data_identifier, or NULL */
    char *label;
    cJSON *record;
};

struct soar {
    struct approval *approvals;
    size_t count;
    struct container *containers;
    size_t container_count;
    cJSON *playbook_runs; /* those started by REST */
    cJSON *notes;
    cJSON *script; /* entries not used yet */
    long next_approval, next_container, next_action_run, next_app_run, next_playbook_run, next_note,
        next_artifact;
};

void soar_open(struct soar *soar); /* with approvals of the other three notification types */
void soar_close(struct soar *soar);
void soar_reset(struct soar *soar); /* as opened, but numbers go on */

struct approval *soar_approval(const struct soar *soar, long id);
struct approval *soar_add_approval(struct soar *soar);     /* an empty one; those got before may have moved */
cJSON *approval_question(const struct approval *approval); /* what a prompt asks; NULL: it is none */
void approval_refresh(struct approval *approval);          /* call it after touching its trees */
/* As if it had never been, its runs included. False when there is none. */
bool soar_forget(struct soar *soar, long id);

/* What has become due since: expiries and planned answers. Call it before looking. */
void soar_tick(struct soar *soar, int64_t now);

struct container *soar_container(const struct soar *soar, long id);
/* With all fields of a record; `id` 0 takes the next one. */
struct container *soar_add_container(struct soar *soar, long id, const char *name, const char *label,
                                     const char *identifier);
cJSON *soar_container_tree(const struct soar *soar); /* a list of copies */

/* Members: README.md, POST prompt. Returns the approval's number, 0 with `error` set on refusal. */
long soar_prompt(struct soar *soar, const cJSON *spec, bool with_app_run, struct text *error);
/* README.md, POST answer. */
void soar_answer(struct approval *approval, const cJSON *spec, int64_t when);
bool soar_add_script(struct soar *soar, const cJSON *answers, struct text *error);

cJSON *approval_detail(const struct approval *approval, int64_t now);
cJSON *soar_state(const struct soar *soar);

#endif
