/* Memory runs out anywhere in one call of the main job: it says so and loses nothing, or it gives the whole
 * result as ever. A list that ended early never looks complete, a good seal never looks forged, and nobody is
 * told a write did nothing that did something. */
#include "chain_harness.h"
#include "crash_driver.h"
#include "shortage.h"

#define ID REQUEST(1012)
#define ORG ORGANIZATION(43)
#define EXISTING "{'application':'existing','application_id':'" APPLICATION(301) "','scope':'group'}"

enum { FEW = 40 };

typedef struct figures {
    long allocations, rounds, failed, errors;
} figures;

static void print_figures(const char *about, const figures *sum)
{
    print_message("%s: %ld allocations, %ld rounds, %ld failed, %ld calls failed by that\n", about,
                  sum->allocations, sum->rounds, sum->failed, sum->errors);
}

/* In a long run as many fail alone as there is time for, and fewer of them together with all after them. */
static long next(long number, long allocations, bool lasts)
{
    return shortage_next(number, allocations, is_long_run() ? (lasts ? 10 * FEW : SHORTAGE_ALL) : FEW);
}

/* ---- reads ---- */

static tl_client *client;
static tl_soar *soar;
static cJSON *details; /* of the request */
static char *message;  /* of a prompt about it */
static int64_t approval;

/* Without the one member that may come undecoded for want of memory (text.h). */
static cJSON *without_reason(cJSON *row)
{
    cJSON_DeleteItemFromObject(row, "requestorReasonText");
    return row;
}

static tl_code list_requests(cJSON **out, tl_error *err)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tl_requests *requests = NULL;
    cJSON *row = NULL;
    query.children = true;
    query.page_size = 7;
    tl_code code = tl_requests_open(&requests, client, &query, err);
    *out = cJSON_CreateArray();
    if (code == TL_OK && *out == NULL)
        code = err->code = TL_MEMORY;
    while (code == TL_OK && (code = tl_requests_next(&row, requests, err)) == TL_OK && row != NULL)
        cJSON_AddItemToArray(*out, without_reason(row));
    if (code != TL_OK) {
        cJSON_Delete(*out);
        *out = NULL;
    }
    tl_requests_close(requests);
    return code;
}

static tl_code read_request(cJSON **out, tl_error *err)
{
    tl_code code = tl_request_get(out, client, ORG, ID, err);
    without_reason(*out);
    return code;
}

static tl_code read_details(cJSON **out, tl_error *err)
{
    return tl_permit_details(out, client, ORG, ID, err);
}

static tl_code read_matches(cJSON **out, tl_error *err)
{
    return tl_matching_applications(out, client, ORG, details, err);
}

/* The time of sealing, and so the seal, differ from one to the next. */
static tl_code prepare_prompt(cJSON **out, tl_error *err)
{
    static cJSON *options;
    if (options == NULL)
        options = json("{'executor':'chain:" CHAIN "','choice':" EXISTING "}");
    tl_code code = tl_prepare_prompt(out, client, ORG, ID, options, err);
    cJSON_DeleteItemFromObject(*out, "message");
    cJSON_DeleteItemFromObject(*out, "sealed_at");
    return code;
}

static tl_code read_seal(cJSON **out, tl_error *err)
{
    return tl_prompt_seal(out, client, message, err);
}

static tl_code list_approvals(cJSON **out, tl_error *err)
{
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    query.type = "manual";
    query.min_id = approval;
    return tl_soar_approvals(out, soar, &query, err);
}

static tl_code read_summary(cJSON **out, tl_error *err)
{
    tl_code code = tl_soar_approval_summary(out, soar, approval, err);
    cJSON_DeleteItemFromObject(*out, "time_left");
    return code;
}

static tl_code read_answer(cJSON **out, tl_error *err)
{
    return tl_soar_prompt_answer(out, soar, approval, err);
}

typedef tl_code call_function(cJSON **out, tl_error *err);

static const struct read {
    const char *name;
    call_function *run;
} reads[] = {{"list of requests", list_requests},
             {"request", read_request},
             {"permit details", read_details},
             {"matching applications", read_matches},
             {"prepare prompt", prepare_prompt},
             {"seal", read_seal},
             {"list of approvals", list_approvals},
             {"summary", read_summary},
             {"answer", read_answer}};

/* What the call gives as text; NULL where it fails. The caller's. */
static char *run_read(const struct read *one, long failing, bool lasts, tl_error *err)
{
    cJSON *out = NULL;
    *err = (tl_error)TL_ERROR_INIT;
    shortage_plan(failing, lasts);
    shortage_begin();
    tl_code code = one->run(&out, err);
    shortage_end();
    assert_int_equal(code, err->code);
    assert_true((code == TL_OK) == (out != NULL));
    char *text = out == NULL ? NULL : cJSON_PrintUnformatted(out);
    cJSON_Delete(out);
    return text;
}

static void fail_read(const struct read *one, long failing, bool lasts, const char *expected, figures *sum)
{
    tl_error err;
    char *text = run_read(one, failing, lasts, &err);
    if (text == NULL && err.code != TL_MEMORY && err.code != TL_NETWORK)
        fail_msg("%s, allocation %ld: %s: %s", one->name, failing, tl_code_name(err.code), err.message);
    if (text != NULL && strcmp(text, expected) != 0)
        fail_msg("%s, allocation %ld: another result:\n%s\nnot\n%s", one->name, failing, text, expected);
    sum->rounds++;
    sum->failed += shortage_failed();
    sum->errors += text == NULL;
    free(text);
}

static void fail_reads(const struct read *one, bool lasts)
{
    tl_error err;
    figures sum = {0};
    free(run_read(one, -1, lasts, &err)); /* what is made once is made now */
    char *expected = run_read(one, -1, lasts, &err);
    assert_ok(err.code, &err);
    sum.allocations = shortage_count();
    for (long n = 0; n < sum.allocations; n = next(n, sum.allocations, lasts))
        fail_read(one, n, lasts, expected, &sum);
    char *again = run_read(one, -1, lasts, &err);
    assert_ok(err.code, &err);
    assert_string_equal(again, expected);
    assert_true(sum.errors > sum.rounds / 2);
    print_figures(one->name, &sum);
    free(again);
    free(expected);
}

static void a_read_gives_all_or_says_that_memory_ran_out(void **state)
{
    (void)state;
    tl_error err = TL_ERROR_INIT;
    client = make_client(NULL);
    soar = make_soar();
    cJSON *prepared = prepare(client, "chain:" CHAIN, ORG, ID, EXISTING);
    message = strdup(text_of(prepared, "message"));
    cJSON_Delete(prepared);
    approval = ask(ID, message, NULL);
    answer(approval, "Permit");
    assert_ok(tl_permit_details(&details, client, ORG, ID, &err), &err);
    for (size_t i = 0; i < COUNT(reads); i++) {
        fail_reads(&reads[i], false);
        fail_reads(&reads[i], true);
    }
    cJSON_Delete(details);
    free(message);
    tl_soar_free(soar);
    tl_client_free(client);
}

/* ---- writes ---- */

static cJSON *choice;

static tl_code permit(cJSON **out, tl_error *err)
{
    return tl_permit(out, client, ORG, ID, choice, err);
}

static tl_code reject(cJSON **out, tl_error *err)
{
    return tl_reject(out, client, ORG, ID, NULL, err);
}

static tl_code reject_many(cJSON **out, tl_error *err)
{
    static const tl_request_ref requests[] = {{ORG, ID}, {ORG, REQUEST(1003)}};
    cJSON *outcomes = NULL;
    *out = NULL;
    tl_code code = tl_reject_many(&outcomes, client, requests, COUNT(requests), NULL, err);
    if (code == TL_OK)
        *out = cJSON_DetachItemFromArray(outcomes, 0);
    cJSON_Delete(outcomes);
    return code;
}

static tl_code resolve(cJSON **out, tl_error *err)
{
    return tl_resolve_prompt(out, client, soar, approval, NULL, err);
}

static void ask_playbook(void)
{
    cJSON *prepared = prepare(client, "playbook", ORG, ID, NEW_FOR_COMPUTER);
    approval = ask(ID, text_of(prepared, "message"), NULL);
    answer(approval, "Permit");
    cJSON_Delete(prepared);
}

static const struct write {
    const char *name, *kind, *done;
    const char *again; /* what a second call then finds */
    call_function *run;
    void (*prepare)(void);
} writes[] = {{"permit", "permit", "permitted", "already_actioned", permit, NULL},
              {"reject", "reject", "rejected", "already_actioned", reject, NULL},
              {"reject many", "reject", "rejected", "already_actioned", reject_many, NULL},
              {"resolve prompt", "permit", "permitted", "permitted", resolve, ask_playbook}};

/* What it says of its effect is true. */
static void check_word(const struct write *one, long failing, const char *applied, const char *said)
{
    int times = times_applied(ID, one->kind);
    bool lied = strcmp(applied, "yes") == 0 ? times != 1 : strcmp(applied, "no") == 0 && times != 0;
    if (times > 1 || lied)
        fail_msg("%s, allocation %ld: applied %d times, and it said %s: %s", one->name, failing, times,
                 applied, said);
}

static void fail_write(const struct write *one, long failing, bool lasts, figures *sum)
{
    static const char *const words[] = {"no", "yes", "unknown"};
    cJSON *outcome = NULL;
    tl_error err = TL_ERROR_INIT;
    control("reset", "{}");
    allow_second_writes();
    client = impatient_client(100);
    soar = make_soar();
    if (one->prepare != NULL)
        one->prepare();
    shortage_plan(failing, lasts);
    shortage_begin();
    tl_code code = one->run(&outcome, &err);
    shortage_end();
    if (code != TL_OK && code != TL_MEMORY && code != TL_NETWORK) /* libcurl's word for some of it */
        fail_msg("%s, allocation %ld: %s: %s", one->name, failing, tl_code_name(code), err.message);
    check_word(one, failing, code == TL_OK ? text_of(outcome, "applied") : words[err.applied],
               code == TL_OK ? text_of(outcome, "message") : err.message);
    sum->rounds++;
    sum->failed += shortage_failed();
    sum->errors += code != TL_OK || strcmp(text_of(outcome, "outcome"), one->done) != 0;
    cJSON_Delete(outcome);
    err = (tl_error)TL_ERROR_INIT;
    bool done = times_applied(ID, one->kind) == 1;
    assert_ok(one->run(&outcome, &err), &err);
    assert_text(outcome, "outcome", done ? one->again : one->done);
    assert_int_equal(times_applied(ID, one->kind), 1);
    cJSON_Delete(outcome);
    tl_soar_free(soar);
    tl_client_free(client);
}

static void fail_writes(const struct write *one, bool lasts)
{
    figures sum = {0};
    fail_write(one, -1, lasts, &sum);
    sum.allocations = shortage_count();
    assert_int_equal(sum.errors, 0);
    for (long n = 0; n < sum.allocations; n = next(n, sum.allocations, lasts))
        fail_write(one, n, lasts, &sum);
    print_figures(one->name, &sum);
    assert_true(sum.failed > 0 && sum.failed >= sum.rounds / 2);
}

static void a_write_is_applied_once_and_told_truly(void **state)
{
    (void)state;
    choice = json(EXISTING);
    for (size_t i = 0; i < COUNT(writes); i++) {
        fail_writes(&writes[i], false);
        fail_writes(&writes[i], true);
    }
    cJSON_Delete(choice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_read_gives_all_or_says_that_memory_ran_out, reset_sandbox),
        cmocka_unit_test_setup(a_write_is_applied_once_and_told_truly, reset_sandbox),
    };
    return cmocka_run_group_tests_name("memory_calls", tests, start_sandbox, stop_sandbox);
}
