/* A chain's life and its step. */
#include "threatlocker/chain.h"

#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "chain/claims.h"
#include "chain/engine.h"
#include "chain/prompt.h"
#include "chain/prompt_reading.h"
#include "chain/words.h"
#include "http/together.h"
#include "portal/ceiling.h"
#include "soar/client.h"

enum {
    MAX_GRACE_S = 7 * 24 * 60 * 60,
    DEFAULT_CONCURRENCY = 8,
    MAX_ANSWERERS = 5,
    DEFAULT_LEASE_S = 300,
    STOP_MS = 8000, /* what is in flight may take so long to end */
};

static const char DEFAULT_CLAIM_LABEL[] = "events";

static tl_code check_policies(const tl_chain_options *options, tl_error *err)
{
    if (options->concurrency < 0 || options->concurrency > TL_MAX_TOGETHER)
        return tl_fail(err, TL_CONFIG, "concurrency must be between 1 and %d", TL_MAX_TOGETHER);
    if (options->answerers < 0 || options->answerers > MAX_ANSWERERS)
        return tl_fail(err, TL_CONFIG, "answerers must be between 1 and %d", MAX_ANSWERERS);
    if (options->on_expired < TL_EXPIRED_LEAVE || options->on_expired > TL_EXPIRED_IGNORE)
        return tl_fail(err, TL_CONFIG, "on_expired must be leave, reject or ignore");
    if (options->expired_grace_s < 0 || options->expired_grace_s > MAX_GRACE_S)
        return tl_fail(err, TL_CONFIG, "expired_grace must be between 0 and 7 days");
    return tl_words_check(&options->words, err);
}

/* A lease must outlive a call that began under it, or two chains could send at once. */
static tl_code check_claims(const tl_chain_options *options, tl_error *err)
{
    int64_t lease_s = options->claim_lease_s == 0 ? DEFAULT_LEASE_S : options->claim_lease_s;
    if (!options->claims)
        return TL_OK;
    if (lease_s < 1 || lease_s > 24 * 60 * 60 ||
        lease_s * 1000 <= 2 * tl_http_timeout_ms(options->client->http))
        return tl_fail(err, TL_CONFIG,
                       "claim_lease must be more than twice the client's timeout (%lld s), and at most a day",
                       (long long)(tl_http_timeout_ms(options->client->http) / 1000));
    const char *label = options->claim_label;
    if (label != NULL && (label[0] == '\0' || strlen(label) > 100 || !tl_utf8_valid(label, strlen(label))))
        return tl_fail(err, TL_CONFIG, "claim_label must be a label of 1 to 100 bytes");
    return TL_OK;
}

static tl_code check_options(const tl_chain_options *options, tl_error *err)
{
    if (options->size != sizeof *options)
        return tl_fail(err, TL_USAGE, "tl_chain_options has another size: built against another version?");
    if (options->client == NULL || options->soar == NULL)
        return tl_fail(err, TL_CONFIG, "client and soar are needed");
    if (options->name == NULL || !tl_is_chain_name(options->name))
        return tl_fail(err, TL_CONFIG, "name must be 1 to 64 of letters, digits, dot, hyphen, underscore");
    if (options->max_answer_age_s < 0 || options->max_answer_age_s > TL_MAX_ANSWER_AGE_S)
        return tl_fail(err, TL_CONFIG, "max_answer_age must be between 1 s and 366 days");
    int64_t ignored;
    if (options->since != NULL && !tl_time_parse(options->since, false, &ignored))
        return tl_fail(err, TL_CONFIG, "since must be a UTC time such as 2026-12-31T18:00:00Z");
    tl_code code = tl_check_limits(&options->limits, err);
    if (code == TL_OK)
        code = check_policies(options, err);
    return code == TL_OK ? check_claims(options, err) : code;
}

/* The words stay the caller's until tl_chain_new returns; the chain keeps copies. */
static bool own_texts(tl_chain *chain)
{
    tl_words *words = &chain->options.words;
    const char *label = chain->options.claim_label;
    chain->options.claim_label = strdup(label == NULL ? DEFAULT_CLAIM_LABEL : label);
    bool ok = tl_copy_texts(&words->permit);
    ok = tl_copy_texts(&words->reject) && ok;
    ok = tl_copy_texts(&words->ignore) && ok;
    return ok && chain->options.claim_label != NULL;
}

static tl_code fill(tl_chain *chain, const tl_chain_options *options, tl_error *err)
{
    chain->options = *options;
    if (!own_texts(chain))
        return tl_fail_memory(err);
    if (chain->options.max_answer_age_s == 0)
        chain->options.max_answer_age_s = TL_DEFAULT_ANSWER_AGE_S;
    if (chain->options.concurrency == 0)
        chain->options.concurrency = DEFAULT_CONCURRENCY;
    if (chain->options.claim_lease_s == 0)
        chain->options.claim_lease_s = DEFAULT_LEASE_S;
    tl_buffer executor = {.limit = 128};
    if (!tl_buffer_format(&executor, "chain:%s", options->name))
        return tl_fail_memory(err);
    chain->executor = executor.data;
    tl_code code = tl_ledger_open(&chain->ledger, options->ledger, err);
    if (code != TL_OK)
        return code;
    tl_ledger_overview ledger;
    code = tl_ledger_summary(&ledger, chain->ledger, err);
    if (code != TL_OK)
        return code;
    chain->walk_from_id = ledger.floor_id;
    chain->since_us = ledger.birth_us;
    if (options->since != NULL)
        tl_time_parse(options->since, false, &chain->since_us);
    chain->options.name = chain->options.since = chain->options.ledger = NULL;
    return tl_chain_open_events(chain, &ledger, err);
}

tl_code tl_chain_new(tl_chain **out, const tl_chain_options *options, tl_error *err)
{
    if (out == NULL || options == NULL)
        return tl_fail(err, TL_USAGE, "tl_chain_new needs out and options");
    *out = NULL;
    tl_code code = check_options(options, err);
    if (code != TL_OK)
        return code;
    tl_chain *chain = calloc(1, sizeof *chain);
    if (chain == NULL)
        return tl_fail_memory(err);
    atomic_init(&chain->stopping, false);
    code = fill(chain, options, err);
    if (code != TL_OK) {
        tl_chain_free(chain);
        return code;
    }
    *out = chain;
    return TL_OK;
}

void tl_chain_free(tl_chain *chain)
{
    if (chain == NULL)
        return;
    tl_chain_note_events(chain);
    tl_ledger_close(chain->ledger);
    free((char *)chain->options.claim_label);
    tl_free_texts(chain->options.words.permit);
    tl_free_texts(chain->options.words.reject);
    tl_free_texts(chain->options.words.ignore);
    free(chain->doubts);
    free(chain->claims);
    free(chain->executor);
    free(chain);
}

static tl_code count_open(tl_step *step, tl_chain *chain, tl_error *err)
{
    tl_ledger_overview ledger;
    tl_code code = tl_ledger_summary(&ledger, chain->ledger, err);
    step->watched = (int)(ledger.counts[TL_ENTRY_SEEN] + ledger.counts[TL_ENTRY_ANSWERED]);
    step->sending = (int)ledger.counts[TL_ENTRY_SENDING];
    return code;
}

void tl_chain_stop(tl_chain *chain)
{
    atomic_store(&chain->stopping, true);
    tl_http_cancel_in(chain->options.client->http, STOP_MS);
    tl_http_cancel_in(chain->options.soar->http, STOP_MS);
}

tl_code tl_chain_step(tl_step *out, tl_chain *chain, tl_error *err)
{
    chain->step = (tl_step){0};
    *out = chain->step;
    if (tl_chain_is_stopping(chain))
        return tl_fail(err, TL_CANCELLED, "the chain was stopped");
    tl_chain_note_events(chain);
    tl_claims_forget_ended(chain);
    tl_error settling = TL_ERROR_INIT, watching = TL_ERROR_INIT, acting = TL_ERROR_INIT,
             giving = TL_ERROR_INIT;
    tl_code code = TL_OK;
    /* What is in doubt comes first: it may be about a request that a new answer is about, too. */
    tl_chain_keep_error(&code, err, tl_chain_settle(chain, &settling), &settling);
    tl_chain_keep_error(&code, err, tl_chain_watch(chain, &watching), &watching);
    if (tl_chain_sees_enough(chain))
        tl_chain_keep_error(&code, err, tl_chain_act(chain, &acting), &acting);
    /* Those that could not be given out when they happened. */
    tl_chain_keep_error(&code, err, tl_chain_give_events(chain, &giving), &giving);
    tl_error counting = TL_ERROR_INIT;
    tl_code counted = count_open(&chain->step, chain, &counting);
    *out = chain->step;
    if (code == TL_OK && tl_chain_is_stopping(chain))
        code = tl_fail(err, TL_CANCELLED, "the chain was stopped");
    if (code == TL_OK && counted != TL_OK && err != NULL)
        *err = counting;
    return code != TL_OK ? code : counted;
}

tl_code tl_chain_history(cJSON **out, tl_chain *chain, const char *request_id, tl_error *err)
{
    *out = NULL;
    if (request_id != NULL && !tl_is_guid(request_id))
        return tl_fail(err, TL_INVALID, "request_id must be a GUID");
    return tl_ledger_history(out, chain->ledger, request_id, 0, 0, err);
}

tl_code tl_chain_history_of(cJSON **out, const char *ledger, const char *request_id, tl_error *err)
{
    tl_ledger *opened = NULL;
    *out = NULL;
    if (request_id != NULL && !tl_is_guid(request_id))
        return tl_fail(err, TL_INVALID, "request_id must be a GUID");
    tl_code code = tl_ledger_open_to_read(&opened, ledger, err);
    if (code == TL_OK)
        code = tl_ledger_history(out, opened, request_id, 0, 0, err);
    tl_ledger_close(opened);
    return code;
}
