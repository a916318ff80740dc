#include "chain_harness.h"

#include <time.h>

bench bench_new(void)
{
    bench at = {.directory = make_directory()};
    assert_non_null(at.directory);
    snprintf(at.ledger, sizeof at.ledger, "%s/approvals.db", at.directory);
    return at;
}

tl_limits widest_limits(void)
{
    return (tl_limits){.max_scope = TL_SCOPE_ORGANIZATION,
                       .allow_builtin = true,
                       .allow_path_rules = true,
                       .allow_installation = true,
                       .allow_learning = true,
                       .allow_monitor = true};
}

tl_chain_options chain_options(const bench *at)
{
    tl_chain_options options = TL_CHAIN_OPTIONS_INIT;
    options.name = CHAIN;
    options.client = at->client;
    options.soar = at->soar;
    options.ledger = at->ledger;
    options.limits = widest_limits();
    return options;
}

void bench_open(bench *at, const tl_chain_options *options)
{
    if (at->client == NULL) {
        tl_client_options hasty = client_options();
        hasty.connection.timeout_ms = 1500; /* a doubtful write is sent again only when this is over */
        at->client = make_client(&hasty);
    }
    if (at->soar == NULL)
        at->soar = make_soar();
    tl_chain_options used = options == NULL ? chain_options(at) : *options;
    tl_error err = TL_ERROR_INIT;
    used.client = at->client;
    used.soar = at->soar;
    assert_ok(tl_chain_new(&at->chain, &used, &err), &err);
}

void bench_close(bench *at)
{
    tl_chain_free(at->chain);
    tl_soar_free(at->soar);
    tl_client_free(at->client);
    at->chain = NULL;
    at->soar = NULL;
    at->client = NULL;
}

void bench_free(bench *at)
{
    bench_close(at);
    remove_directory(at->directory);
    *at = (bench){0};
}

cJSON *prepare(tl_client *client, const char *executor, const char *organization, const char *request,
               const char *choice)
{
    cJSON *options = json("{'executor':'%s','choice':%s}", executor, choice), *prepared = NULL;
    tl_error err = TL_ERROR_INIT;
    assert_ok(tl_prepare_prompt(&prepared, client, organization, request, options, &err), &err);
    cJSON_Delete(options);
    return prepared;
}

int64_t ask(const char *request, const char *message, const char *more)
{
    cJSON *spec = more == NULL ? cJSON_CreateObject() : json("%s", more);
    cJSON_AddStringToObject(spec, "approvalRequestId", request);
    cJSON_AddStringToObject(spec, "message", message);
    cJSON *reply = control_send("prompt", spec);
    int64_t approval = integer_of(reply, "approval");
    cJSON_Delete(spec);
    cJSON_Delete(reply);
    assert_true(approval > 0);
    return approval;
}

int64_t ask_for(bench *at, const char *organization, const char *request, const char *choice)
{
    cJSON *prepared = prepare(at->client, "chain:" CHAIN, organization, request, choice);
    int64_t approval = ask(request, text_of(prepared, "message"), NULL);
    cJSON_Delete(prepared);
    return approval;
}

void answer_with(int64_t approval, const char *members)
{
    control("answer", "{'approval':%lld,%s}", (long long)approval, members);
}

void answer(int64_t approval, const char *word)
{
    char members[128];
    snprintf(members, sizeof members, "'responses':['%s','seen it'],'by':'analyst'", word);
    answer_with(approval, members);
}

tl_code try_step(bench *at, tl_step *out, tl_error *err)
{
    *err = (tl_error)TL_ERROR_INIT;
    return tl_chain_step(out, at->chain, err);
}

tl_step step(bench *at)
{
    tl_step done;
    tl_error err;
    assert_ok(try_step(at, &done, &err), &err);
    return done;
}

void steps(bench *at, int count)
{
    for (int i = 0; i < count; i++)
        (void)step(at);
}

tl_step step_until_settled(bench *at)
{
    tl_step done = step(at);
    for (int tries = 0; done.sending > 0 && tries < 200; tries++) {
        sleep_ms(50);
        done = step(at);
    }
    assert_int_equal(done.sending, 0);
    return done;
}

cJSON *history(bench *at, const char *request)
{
    cJSON *lines = NULL;
    tl_error err = TL_ERROR_INIT;
    assert_ok(tl_chain_history(&lines, at->chain, request, &err), &err);
    return lines;
}

bool is_made_up_execution(const cJSON *request)
{
    static const char prefix[] = "0e000000-0000-4000-9000-";
    return strncmp(text_of(request, "approvalRequestId"), prefix, sizeof prefix - 1) == 0 &&
           strcmp(text_of(request, "kind"), "execute") == 0;
}

void utc_text(char out[40], int64_t seconds_from_now)
{
    time_t at = time(NULL) + (time_t)seconds_from_now;
    struct tm tm;
    gmtime_r(&at, &tm);
    strftime(out, 40, "%Y-%m-%dT%H:%M:%S.000000Z", &tm);
}

const char *last_state(bench *at, int64_t approval, char state[32], char *message, size_t size)
{
    cJSON *lines = history(at, NULL);
    const cJSON *line;
    state[0] = '\0';
    if (size > 0)
        message[0] = '\0';
    cJSON_ArrayForEach (line, lines) {
        if (integer_of(line, "approval_id") != approval)
            continue;
        snprintf(state, 32, "%s", text_of(line, "state"));
        if (size > 0)
            snprintf(message, size, "%s", text_of(line, "message"));
    }
    cJSON_Delete(lines);
    return state;
}

void assert_last_state(bench *at, int64_t approval, const char *expected)
{
    char state[32], message[800];
    last_state(at, approval, state, message, sizeof message);
    if (strcmp(state, expected) != 0)
        fail_msg("prompt %lld is %s, not %s: %s", (long long)approval, state, expected, message);
}
