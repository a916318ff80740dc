/* Reading a prompt's answer: what it is bound to, and what was said. Pure; fails closed. */
#ifndef TL_CHAIN_PROMPT_READING_H
#define TL_CHAIN_PROMPT_READING_H

#include "base/error.h"
#include "base/json.h"
#include "threatlocker/prompt.h"

/* How old an answer may be that is acted on. */
enum { TL_DEFAULT_ANSWER_AGE_S = 24 * 60 * 60, TL_MAX_ANSWER_AGE_S = 366 * 24 * 60 * 60 };

typedef enum tl_reading_kind {
    TL_READING_WAIT,      /* still open, or not yet to be judged */
    TL_READING_PERMIT,    /* a recognised yes; with labels, to one of the choices */
    TL_READING_REJECT,    /* a recognised no */
    TL_READING_IGNORE,    /* a recognised "ignore" */
    TL_READING_CLOSED,    /* ended without an answer */
    TL_READING_UNDECIDED, /* all else: a person must look */
} tl_reading_kind;

typedef struct tl_prompt_evidence {
    const cJSON *record;         /* the approval record */
    const cJSON *app_run;        /* the prompt's app run; NULL = there is none */
    const cJSON *response_types; /* the bound prompt's questions; NULL = not known, then not checked */
    const char *const *labels;   /* tl_seal_labels; with any, they alone are the ways to say yes */
    const tl_words *words;       /* NULL = the default */
    int64_t now_us;
    int64_t max_answer_age_us;
} tl_prompt_evidence;

typedef struct tl_reading {
    tl_reading_kind kind;
    int label; /* of a yes to one of `labels`: its index; -1 otherwise */
    char reason[200];
    const cJSON *responses;  /* borrowed; NULL = none readable */
    const char *answered_by; /* borrowed; NULL = not known */
    const char *answered_at; /* borrowed; NULL = not known */
} tl_reading;

/* The rules and the table of splunk-soar.md, section 13. */
tl_reading tl_read_prompt(const tl_prompt_evidence *evidence);

const char *tl_reading_name(tl_reading_kind kind);

/* Whether a detail_summary_view is a prompt of a playbook and belongs to that record. On true *out_message
 * and *out_response_types are borrowed from the summary; otherwise *out_why (static) says why not. */
bool tl_bind_prompt(const char **out_message, const cJSON **out_response_types, const char **out_why,
                    const cJSON *summary, const cJSON *record);

#endif
