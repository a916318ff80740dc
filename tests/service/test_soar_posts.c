/* What is sent to SOAR: containers once, everything else at most once. */
#include "soar_case.h"

static int64_t create(const char *body_text, bool expected_created)
{
    cJSON *body = json("%s", body_text), *out = NULL;
    assert_ok(tl_soar_create_container(&out, soar, body, &err), &err);
    assert_true_member(out, "created", expected_created);
    int64_t id = integer_of(out, "id");
    assert_true(id > 0);
    cJSON_Delete(body);
    cJSON_Delete(out);
    return id;
}

static tl_code try_create(const char *body_text)
{
    cJSON *body = json("%s", body_text), *out = NULL;
    err = (tl_error)TL_ERROR_INIT;
    tl_code code = tl_soar_create_container(&out, soar, body, &err);
    assert_null(out);
    cJSON_Delete(body);
    return code;
}

static int containers_named(const char *name)
{
    cJSON *state = control_get("state");
    const cJSON *container;
    int count = 0;
    cJSON_ArrayForEach (container, member_of(state, "containers"))
        count += strcmp(text_of(container, "name"), name) == 0;
    cJSON_Delete(state);
    return count;
}

#define CLAIM "{'name':'claim','label':'threatlocker','source_data_identifier':'threatlocker-claim:1003'}"
#define PLAIN "{'name':'plain','label':'events'}"

static void a_container_is_made_once(void **state)
{
    (void)state;
    int64_t id = create(CLAIM, true);
    assert_int_equal(create(CLAIM, false), id);
    assert_int_equal(
        create("{'name':'other','label':'events','source_data_identifier':'threatlocker-claim:1003'}", false),
        id);
    assert_int_equal(containers_named("claim"), 1);
    assert_int_not_equal(create(PLAIN, true), create(PLAIN, true));
    assert_int_equal(containers_named("plain"), 2);
}

static void members_are_passed_on(void **state)
{
    (void)state;
    cJSON *body = json("{'name':'n','label':'events','data':{'who':'x','n':9007199254740993},'tags':['a'],"
                       "'artifacts':[{'name':'a'},{'name':'b'}],'severity':'low'}");
    cJSON *out = NULL, *container = NULL;
    assert_ok(tl_soar_create_container(&out, soar, body, &err), &err);
    assert_int_equal(cJSON_GetArraySize(member_of(out, "new_artifact_ids")), 2);
    assert_ok(tl_soar_container(&container, soar, integer_of(out, "id"), &err), &err);
    assert_text(container, "severity", "low");
    assert_text(member_of(container, "data"), "who", "x");
    cJSON *calls = calls_to("/rest/container");
    cJSON *sent = cJSON_Parse(text_of(calls->child, "body"));
    assert_true(cJSON_Compare(sent, body, true));
    assert_text(calls->child, "method", "POST");
    cJSON_Delete(calls);
    cJSON_Delete(sent);
    cJSON_Delete(body);
    cJSON_Delete(out);
    cJSON_Delete(container);
}

static void wrong_containers_send_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "{}",
        "[]",
        "[" CLAIM "]",
        "{'name':'n'}",
        "{'label':'l'}",
        "{'name':'','label':'l'}",
        "{'name':'n','label':' '}",
        "{'name':1,'label':'l'}",
        "{'name':'n','label':'l','source_data_identifier':''}",
        "{'name':'n','label':'l','source_data_identifier':7}",
    };
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_int_equal(try_create(wrong[i]), TL_INVALID);
    assert_int_equal(count_calls(""), 0);
}

static void retrying_client(void)
{
    tl_soar_options options = soar_options();
    options.connection.retries = 2;
    options.connection.timeout_ms = 20000;
    tl_soar_free(soar);
    assert_ok(tl_soar_new(&soar, &options, &err), &err);
}

/* The first one made it and its reply was lost: the second one is told its id. */
static void a_lost_reply_is_asked_for_again_with_an_identifier(void **state)
{
    (void)state;
    static const char *const faults[] = {"'kind':'drop_after_apply'",
                                         "'kind':'status','apply':true,'status':503", "'kind':'truncate'"};
    for (size_t i = 0; i < COUNT(faults); i++) {
        control("reset", "{}");
        retrying_client();
        control("fault", "{'match':'/rest/container',%s}", faults[i]);
        int64_t id = create(CLAIM, false);
        assert_int_equal(count_calls("/rest/container"), 2);
        assert_int_equal(containers_named("claim"), 1);
        assert_int_equal(create(CLAIM, false), id);
    }
    control("reset", "{}");
    control("fault", "{'match':'/rest/container','kind':'drop_before_apply'}");
    create(CLAIM, true);
    assert_int_equal(containers_named("claim"), 1);
}

/* Without an identifier a second POST would make a second one. */
static void a_lost_reply_is_left_alone_without_an_identifier(void **state)
{
    (void)state;
    static const char *const faults[] = {
        "'kind':'drop_after_apply'", "'kind':'status','apply':true,'status':503", "'kind':'truncate'",
        "'kind':'status','apply':true,'status':408", "'kind':'drop_before_apply'"};
    for (size_t i = 0; i < COUNT(faults); i++) {
        control("reset", "{}");
        retrying_client();
        control("fault", "{'match':'/rest/container',%s}", faults[i]);
        assert_int_equal(try_create(PLAIN), TL_UNKNOWN_OUTCOME);
        assert_int_equal(err.applied, TL_APPLIED_UNKNOWN);
        assert_false(err.retriable);
        assert_non_null(strstr(err.message, "look in SOAR before sending it again"));
        assert_int_equal(count_calls("/rest/container"), 1);
    }
}

static void nothing_sent_is_no_doubt(void **state)
{
    (void)state;
    tl_soar_options options = soar_options();
    options.url = "http://127.0.0.1:1";
    options.connection.retries = -1;
    tl_soar_free(soar);
    assert_ok(tl_soar_new(&soar, &options, &err), &err);
    assert_int_equal(try_create(PLAIN), TL_NETWORK);
    assert_int_equal(err.applied, TL_APPLIED_NO);
}

static const struct post_reply {
    int status;
    const char *body;
    tl_code code;
    tl_applied applied;
    const char *says;
} replies[] = {
    {200, "{'success':true}", TL_PROTOCOL, TL_APPLIED_UNKNOWN, "no id"},
    {200, "{'success':true,'id':0}", TL_PROTOCOL, TL_APPLIED_UNKNOWN, "no id"},
    {200, "{'success':true,'id':{}}", TL_PROTOCOL, TL_APPLIED_UNKNOWN, "no id"},
    {200, "[]", TL_PROTOCOL, TL_APPLIED_UNKNOWN, "object"},
    {200, "{'success':true,'existing_container_id':7}", TL_PROTOCOL, TL_APPLIED_UNKNOWN, "no id"},
    {200, "{'failed':true,'message':'bad label','id':3}", TL_INVALID, TL_APPLIED_NO, "bad label"},
    {200, "{'success':false,'message':'bad label','id':3}", TL_INVALID, TL_APPLIED_NO, "bad label"},
    {400, "{'failed':true,'message':'bad label'}", TL_INVALID, TL_APPLIED_NO, "bad label"},
    {400, "{'failed':true,'existing_container_id':'x'}", TL_INVALID, TL_APPLIED_NO, "400"},
    {400, "{'failed':true,'existing_container_id':-7}", TL_INVALID, TL_APPLIED_NO, "400"},
    {400, "[]", TL_INVALID, TL_APPLIED_NO, "400"},
    {409, "{'failed':true,'existing_container_id':7}", TL_INVALID, TL_APPLIED_NO, "409"},
    {401, "{'failed':true}", TL_TOKEN, TL_APPLIED_NO, "401"},
    {403, "{'failed':true,'message':'no right'}", TL_FORBIDDEN, TL_APPLIED_NO, "no right"},
    {404, "{'failed':true}", TL_NOT_FOUND, TL_APPLIED_NO, "404"},
    {405, "{'failed':true,'message':'Method not allowed'}", TL_NOT_FOUND, TL_APPLIED_NO, "does not allow"},
    {429, "{}", TL_RATE_LIMITED, TL_APPLIED_NO, "429"},
    {302, "{}", TL_PROTOCOL, TL_APPLIED_UNKNOWN, "302"},
    {500, "{'failed':true,'message':'oops'}", TL_UNKNOWN_OUTCOME, TL_APPLIED_UNKNOWN, "oops"},
};

static void every_reply_to_a_post_has_its_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(replies); i++) {
        print_message("%d %s\n", replies[i].status, replies[i].body);
        reply_once("/rest/container", replies[i].status, replies[i].body);
        assert_int_equal(try_create(PLAIN), replies[i].code);
        assert_int_equal(err.applied, replies[i].applied);
        assert_non_null(strstr(err.message, replies[i].says));
    }
    reply_once("/rest/container", 400,
               "{'failed':true,'message':'duplicate with 7','existing_container_id':'7'}");
    assert_int_equal(create(PLAIN, false), 7);
}

static void a_token_that_a_reply_repeats_is_not_shown(void **state)
{
    (void)state;
    static const int statuses[] = {200, 400};
    char body[200];
    snprintf(body, sizeof body, "{'failed':true,'message':'token %s of yours'}", served.soar_token);
    for (size_t i = 0; i < COUNT(statuses); i++) {
        reply_once("/rest/container", statuses[i], body);
        assert_int_equal(try_create(PLAIN), TL_INVALID);
        assert_non_null(strstr(err.message, " of yours"));
        assert_null(strstr(err.message, served.soar_token));
    }
}

/* A second POST on a connection that dies is what libcurl would send by itself. */
static void posts_use_connections_of_their_own(void **state)
{
    (void)state;
    int64_t container = create(PLAIN, true), note = 0;
    assert_ok(tl_soar_add_note(&note, soar, container, "t", "c", &err), &err);
    assert_ok(tl_soar_add_note(&note, soar, container, "t", "c", &err), &err);
    cJSON *calls = calls_to("");
    const cJSON *call;
    cJSON_ArrayForEach (call, calls)
        assert_true(cJSON_IsFalse(member_of(call, "reused")));
    cJSON_Delete(calls);
}

static void creating_approvals_is_refused_plainly(void **state)
{
    (void)state;
    cJSON *body = json("{'name':'x'}"), *out = NULL;
    ASSERT_FAILS(tl_soar_create_approval(&out, soar, body, &err), TL_NOT_FOUND);
    assert_string_equal(err.message, "SOAR does not allow creating approvals by REST (HTTP 405)");
    assert_int_equal(err.http_status, 405);
    assert_int_equal(err.applied, TL_APPLIED_NO);
    assert_null(out);
    reply_once("/rest/approval", 200, "{'success':true,'id':7,'more':1}"); /* should one allow it */
    assert_ok(tl_soar_create_approval(&out, soar, body, (err = (tl_error)TL_ERROR_INIT, &err)), &err);
    assert_int_equal(integer_of(out, "id"), 7);
    cJSON_Delete(out);
    ASSERT_FAILS(tl_soar_create_approval(&out, soar, NULL, &err), TL_INVALID);
    cJSON_Delete(body);
}

/* ---- playbooks ---- */

static tl_code run(int64_t *out_id, const char *body_text, bool as_text)
{
    cJSON *body = json("%s", body_text);
    err = (tl_error)TL_ERROR_INIT;
    tl_code code = tl_soar_run_playbook(out_id, soar, body, as_text, &err);
    cJSON_Delete(body);
    return code;
}

static void a_playbook_is_queued_and_followed(void **state)
{
    (void)state;
    int64_t first, second;
    assert_int_equal(run(&first,
                         "{'container_id':31,'playbook_id':'local/threatlocker_approval','inputs':{'a':1}}",
                         false),
                     TL_OK);
    assert_int_equal(run(&second, "{'container_id':31,'playbook_id':7,'scope':'all','inputs':{'a':1}}", true),
                     TL_OK);
    assert_int_equal(second, first + 1);
    cJSON *calls = calls_to("/rest/playbook_run"), *playbook_run = NULL;
    assert_string_equal(text_of(calls->child, "body"),
                        "{\"container_id\":31,\"playbook_id\":\"local/threatlocker_approval\","
                        "\"inputs\":{\"a\":1},\"scope\":\"new\",\"run\":true}");
    assert_non_null(strstr(text_of(calls->child->next, "body"), "\"inputs\":\"{\\\"a\\\":1}\""));
    assert_non_null(strstr(text_of(calls->child->next, "body"), "\"scope\":\"all\""));
    cJSON_Delete(calls);
    assert_ok(tl_soar_playbook_run(&playbook_run, soar, first, &err), &err);
    assert_text(playbook_run, "status", "running");
    cJSON_Delete(playbook_run);
    sleep_ms(250);
    assert_ok(tl_soar_playbook_run(&playbook_run, soar, first, &err), &err);
    assert_text(playbook_run, "status", "success");
    cJSON_Delete(playbook_run);
    control("playbook_run", "{'playbook_run':%lld,'set':{'status':'failed'}}", (long long)second);
    assert_ok(tl_soar_playbook_run(&playbook_run, soar, second, &err), &err);
    assert_text(playbook_run, "status", "failed");
    cJSON_Delete(playbook_run);
}

static void wrong_runs_send_nothing(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "[]",
        "{}",
        "{'container_id':31}",
        "{'container_id':'31','playbook_id':7}",
        "{'container_id':0,'playbook_id':7}",
        "{'container_id':31,'playbook_id':0}",
        "{'container_id':31,'playbook_id':'approval'}",
        "{'container_id':31,'playbook_id':'/approval'}",
        "{'container_id':31,'playbook_id':'local/'}",
        "{'container_id':31,'playbook_id':7,'scope':'some'}",
        "{'container_id':31,'playbook_id':7,'inputs':[1]}",
    };
    int64_t id;
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_int_equal(run(&id, wrong[i], false), TL_INVALID);
    assert_int_equal(count_calls(""), 0);
}

/* A playbook that runs twice asks two people, or acts twice. */
static void a_run_is_sent_once(void **state)
{
    (void)state;
    int64_t id = 5;
    retrying_client();
    control("fault", "{'match':'playbook_run','kind':'drop_after_apply'}");
    assert_int_equal(run(&id, "{'container_id':31,'playbook_id':7}", false), TL_UNKNOWN_OUTCOME);
    assert_int_equal(id, 0);
    assert_int_equal(count_calls("playbook_run"), 1);
    reply_once("playbook_run", 200, "{'received':true}");
    assert_int_equal(run(&id, "{'container_id':31,'playbook_id':7}", false), TL_PROTOCOL);
    assert_int_equal(err.applied, TL_APPLIED_UNKNOWN);
    assert_int_equal(run(&id, "{'container_id':31,'playbook_id':8}", false), TL_NOT_FOUND);
    assert_non_null(strstr(err.message, "Playbook \"8\" not found"));
    control("switch", "{'playbook_inputs':'text'}");
    assert_int_equal(run(&id, "{'container_id':31,'playbook_id':7,'inputs':{}}", false), TL_INVALID);
    assert_int_equal(run(&id, "{'container_id':31,'playbook_id':7,'inputs':{}}", true), TL_OK);
}

/* ---- notes ---- */

static void notes_are_added_on_either_path(void **state)
{
    (void)state;
    static const char *const paths[] = {"note", "container_note"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        int64_t note = 0;
        control("reset", "{}");
        control("switch", "{'note_path':'%s'}", paths[i]);
        assert_ok(tl_soar_add_note(&note, soar, 31, "Permitted", "by \"x\"\n* y", &err), &err);
        cJSON *told = control_get("state");
        const cJSON *kept = member_of(told, "notes")->child;
        assert_int_equal(integer_of(kept, "id"), note);
        assert_int_equal(integer_of(kept, "container"), 31);
        assert_text(kept, "content", "by \"x\"\n* y");
        assert_text(kept, "note_format", "markdown");
        cJSON_Delete(told);
    }
    int64_t note;
    ASSERT_FAILS(tl_soar_add_note(&note, soar, 0, "t", "c", &err), TL_INVALID);
    ASSERT_FAILS(tl_soar_add_note(&note, soar, 31, "", "c", &err), TL_INVALID);
    ASSERT_FAILS(tl_soar_add_note(&note, soar, 31, "t", NULL, &err), TL_INVALID);
    ASSERT_FAILS(tl_soar_add_note(&note, soar, 999, "t", "c", &err), TL_INVALID);
    control("reset", "{}");
    control("fault", "{'kind':'drop_after_apply'}");
    ASSERT_FAILS(tl_soar_add_note(&note, soar, 31, "t", "c", &err), TL_UNKNOWN_OUTCOME);
    assert_int_equal(count_calls("note"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_container_is_made_once),
        TEST(members_are_passed_on),
        TEST(wrong_containers_send_nothing),
        TEST(a_lost_reply_is_asked_for_again_with_an_identifier),
        TEST(a_lost_reply_is_left_alone_without_an_identifier),
        TEST(nothing_sent_is_no_doubt),
        TEST(every_reply_to_a_post_has_its_code),
        TEST(a_token_that_a_reply_repeats_is_not_shown),
        TEST(posts_use_connections_of_their_own),
        TEST(creating_approvals_is_refused_plainly),
        TEST(a_playbook_is_queued_and_followed),
        TEST(wrong_runs_send_nothing),
        TEST(a_run_is_sent_once),
        TEST(notes_are_added_on_either_path),
    };
    return cmocka_run_group_tests_name("soar posts", tests, start_sandbox, stop_sandbox);
}
