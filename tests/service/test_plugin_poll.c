/* on poll: each open request becomes a container once, and none is missed. */
#include "plugin_case.h"

#define SCHEDULED "4294967295"
#define OPEN 16 /* of the fixtures: 13 and 17 count as open */

/* ---- a poller as the shim is one: saves containers, then keeps the state ---- */

typedef struct poller {
    tl_plugin *plugin;
    cJSON *state; /* NULL = none yet */
    cJSON *saved; /* object: identifier -> times */
    int runs;
} poller;

static poller poller_new(const char *config)
{
    return (poller){.plugin = open_asset(config), .saved = cJSON_CreateObject()};
}

static void poller_free(poller *at)
{
    tl_plugin_close(at->plugin);
    cJSON_Delete(at->state);
    cJSON_Delete(at->saved);
}

static cJSON *poll(poller *at, const char *parameters, bool now)
{
    cJSON *request = json("{'identifier':'on_poll','parameters':{%s},'poll_now':%s}",
                          parameters == NULL ? "'container_count':" SCHEDULED ",'artifact_count':" SCHEDULED
                                               ",'start_time':0,'end_time':1782223512000"
                                             : parameters,
                          now ? "true" : "false");
    if (at->state != NULL)
        cJSON_AddItemToObject(request, "state", cJSON_Duplicate(at->state, true));
    at->runs++;
    return run_request(at->plugin, request);
}

static const cJSON *containers_of(const cJSON *reply)
{
    return cJSON_GetObjectItemCaseSensitive(reply, "containers");
}

static void save(poller *at, const cJSON *reply)
{
    const cJSON *container;
    cJSON_ArrayForEach (container, containers_of(reply)) {
        const char *identifier = text_of(container, "source_data_identifier");
        int64_t times = integer_of(at->saved, identifier);
        cJSON_DeleteItemFromObjectCaseSensitive(at->saved, identifier);
        cJSON_AddNumberToObject(at->saved, identifier, times < 0 ? 1 : (double)times + 1);
    }
}

static void keep_state(poller *at, const cJSON *reply)
{
    cJSON_Delete(at->state);
    at->state = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(reply, "state"), true);
    assert_non_null(at->state);
}

/* All portions of one scheduled poll; how many containers they had. */
static int poll_to_the_end(poller *at)
{
    int count = 0;
    bool more = true;
    while (more) {
        cJSON *reply = poll(at, NULL, false);
        assert_success(reply, NULL);
        assert_true(cJSON_GetArraySize(containers_of(reply)) <= 50);
        count += cJSON_GetArraySize(containers_of(reply));
        more = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(reply, "more"));
        save(at, reply);
        keep_state(at, reply);
        cJSON_Delete(reply);
    }
    return count;
}

static int saved_once(const poller *at)
{
    int once = 0;
    const cJSON *times;
    cJSON_ArrayForEach (times, at->saved)
        once += times->valuedouble == 1;
    return once;
}

static size_t known_count(const poller *at)
{
    return strlen(text_of(at->state, "known")) / 32;
}

/* ---- what a container is ---- */

static const cJSON *find_container(const cJSON *reply, const char *request)
{
    const cJSON *container;
    cJSON_ArrayForEach (container, containers_of(reply)) {
        const char *identifier = text_of(container, "source_data_identifier");
        if (strcmp(identifier + strlen(identifier) - strlen(request), request) == 0)
            return container;
    }
    fail_msg("no container of %s", request);
    return NULL;
}

static void a_container_says_what_playbooks_need(void **state)
{
    (void)state;
    poller at = poller_new(NULL);
    cJSON *reply = poll(&at, NULL, false);
    const cJSON *container = find_container(reply, REQUEST(1001));
    assert_text(container, "name", "ThreatLocker application request: FieldServiceUpdater.exe on WS-0042");
    assert_text(container, "label", "threatlocker");
    assert_text(container, "severity", "medium");
    assert_int_equal(integer_of(container, "asset_id"), 10);
    assert_text(container, "source_data_identifier",
                "threatlocker-request:" ORGANIZATION(42) ":" REQUEST(1001));
    assert_non_null(strstr(text_of(container, "description"), "Front desk needs version 4.2"));
    assert_text(cJSON_GetObjectItemCaseSensitive(container, "data"), "approvalRequestId", REQUEST(1001));
    const cJSON *artifact = cJSON_GetObjectItemCaseSensitive(container, "artifacts")->child;
    assert_null(artifact->next);
    assert_true_member(artifact, "run_automation", true);
    assert_text(artifact, "source_data_identifier",
                "threatlocker-request:" ORGANIZATION(42) ":" REQUEST(1001));
    static const struct {
        const char *field, *value, *contains;
    } fields[] = {
        {"deviceHostname", "WS-0042", "host name"},
        {"sourceUserName", "EXAMPLEDENTAL\\m.rivera", "user name"},
        {"filePath", "C:\\Program Files\\Example Field Service\\FieldServiceUpdater.exe", "file path"},
        {"fileName", "FieldServiceUpdater.exe", "file name"},
        {"fileHashSha256", "441be397b39ab54f05583a5f9a311f4f1d2e82873d5b301ce5b941f3874437f4", "sha256"},
        {"fileHash", "93b5b4f0c5aa075e0e64e125a991805e663a572bce3c654c9702717d7f801337",
         "threatlocker file hash"},
        {"approvalRequestId", REQUEST(1001), "threatlocker approval request id"},
        {"organizationId", ORGANIZATION(42), "threatlocker organization id"},
        {"computerId", "0c000000-0000-4000-8000-000000000042", "threatlocker computer id"},
        {"requestKind", "application", NULL},
    };
    const cJSON *cef = cJSON_GetObjectItemCaseSensitive(artifact, "cef");
    const cJSON *types = cJSON_GetObjectItemCaseSensitive(artifact, "cef_types");
    for (size_t i = 0; i < COUNT(fields); i++) {
        assert_text(cef, fields[i].field, fields[i].value);
        const cJSON *contains = cJSON_GetObjectItemCaseSensitive(types, fields[i].field);
        assert_int_equal(cJSON_GetArraySize(contains), fields[i].contains != NULL);
        if (fields[i].contains != NULL)
            assert_string_equal(contains->child->valuestring, fields[i].contains);
    }
    assert_text(find_container(reply, REQUEST(1012)), "severity", "high");
    assert_text(find_container(reply, REQUEST(1013)), "severity", "high");
    cJSON_Delete(reply);
    poller_free(&at);
}

/* No text in it holds anything that could steer a screen. */
static void assert_clean(const cJSON *tree)
{
    const cJSON *child;
    cJSON_ArrayForEach (child, tree)
        assert_clean(child);
    for (const char *c = cJSON_IsString(tree) ? tree->valuestring : ""; *c != '\0'; c++)
        assert_true((unsigned char)*c >= 0x20);
    if (cJSON_IsString(tree))
        assert_null(strstr(tree->valuestring, "\u202e"));
}

static void text_of_servers_is_cleaned_in_containers(void **state)
{
    (void)state;
    poller at = poller_new(NULL);
    cJSON *reply = poll(&at, NULL, false);
    const cJSON *container;
    cJSON_ArrayForEach (container, containers_of(reply)) {
        const cJSON *field, *artifact = cJSON_GetObjectItemCaseSensitive(container, "artifacts")->child;
        assert_clean(container);
        cJSON_ArrayForEach (field, cJSON_GetObjectItemCaseSensitive(artifact, "cef"))
            assert_true(field->valuestring[0] != '\0');
    }
    /* Braces stay: they mean something in messages only. */
    char *text = cJSON_PrintUnformatted(find_container(reply, REQUEST(1016)));
    assert_non_null(strstr(text, "{braces}"));
    free(text);
    cJSON_Delete(reply);
    poller_free(&at);
}

/* ---- the set ---- */

static void each_open_request_comes_once(void **state)
{
    (void)state;
    poller at = poller_new(NULL);
    assert_int_equal(poll_to_the_end(&at), OPEN);
    assert_int_equal(saved_once(&at), OPEN);
    assert_int_equal(poll_to_the_end(&at), 0);
    control("request", "{'approvalRequestId':'" REQUEST(1010) "','set':{'statusId':1}}");
    assert_int_equal(poll_to_the_end(&at), 1);
    assert_int_equal(poll_to_the_end(&at), 0);
    assert_int_equal(known_count(&at), OPEN + 1);
    /* What left the list is forgotten, and comes again if it is open again. */
    control("request", "{'approvalRequestId':'" REQUEST(1010) "','set':{'statusId':10}}");
    assert_int_equal(poll_to_the_end(&at), 0);
    assert_int_equal(known_count(&at), OPEN);
    control("request", "{'approvalRequestId':'" REQUEST(1010) "','set':{'statusId':1}}");
    assert_int_equal(poll_to_the_end(&at), 1);
    poller_free(&at);
}

static void the_asset_says_what_is_polled(void **state)
{
    (void)state;
    static const struct {
        const char *config;
        int count;
    } rows[] = {
        {"'poll_children':false", 1},
        {"'organization_id':'" ORGANIZATION(43) "'", 6},
        {"'organization_id':'" ORGANIZATION(43) "','poll_children':'false'", 4},
        {"'poll_kinds':'elevation'", 2},
        {"'poll_kinds':'storage, elevation'", 4},
        {"'poll_kinds':'web'", 0},
        {"'poll_search':'LabelPrinter'", 2},
        {"'poll_limit':3", 3},
        {"'poll_limit':0", OPEN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        poller at = poller_new(rows[i].config);
        int count = poll_to_the_end(&at);
        if (count != rows[i].count)
            fail_msg("%s: %d", rows[i].config, count);
        poller_free(&at);
    }
}

static void a_long_list_comes_in_portions(void **state)
{
    (void)state;
    enum { MORE = 130 };
    control("seed", "{'default':true,'generate':%d}", MORE);
    poller at = poller_new(NULL);
    assert_int_equal(poll_to_the_end(&at), OPEN + MORE);
    assert_int_equal(at.runs, 3);
    assert_int_equal(saved_once(&at), OPEN + MORE);
    assert_int_equal(poll_to_the_end(&at), 0);
    poller_free(&at);
    /* With a limit for one poll. */
    at = poller_new("'poll_limit':60");
    static const int polls[] = {60, 60, OPEN + MORE - 120, 0};
    for (size_t i = 0; i < COUNT(polls); i++)
        assert_int_equal(poll_to_the_end(&at), polls[i]);
    assert_int_equal(saved_once(&at), OPEN + MORE);
    poller_free(&at);
}

/* Killed after any portion, before or after its containers were saved, but before its state was kept. */
static void a_poll_that_dies_loses_nothing(void **state)
{
    (void)state;
    enum { MORE = 130, PORTIONS = 3 };
    for (int dies = 0; dies < PORTIONS * 2; dies++) {
        control("seed", "{'default':true,'generate':%d}", MORE);
        poller at = poller_new(NULL);
        for (int portion = 0; portion <= dies / 2; portion++) {
            cJSON *reply = poll(&at, NULL, false);
            if (portion < dies / 2 || dies % 2 == 1)
                save(&at, reply);
            if (portion < dies / 2)
                keep_state(&at, reply);
            cJSON_Delete(reply);
        }
        tl_plugin_close(at.plugin);
        at.plugin = open_asset(NULL); /* the next process */
        (void)poll_to_the_end(&at);
        assert_int_equal(cJSON_GetArraySize(at.saved), OPEN + MORE);
        assert_true(saved_once(&at) >= OPEN + MORE - 50);
        assert_int_equal(poll_to_the_end(&at), 0);
        poller_free(&at);
    }
}

static void a_list_that_breaks_off_hands_over_what_was_seen(void **state)
{
    (void)state;
    poller at = poller_new(NULL);
    /* The list of pending requests comes, that of escalated ones does not. */
    control("fault", "{'kind':'status','status':500,'match':'GetByParameters','after':1,'times':-1}");
    cJSON *reply = poll(&at, NULL, false);
    assert_failure(reply, "then the list broke off");
    assert_int_equal(cJSON_GetArraySize(containers_of(reply)), OPEN - 2);
    assert_true_member(reply, "more", false);
    save(&at, reply);
    keep_state(&at, reply);
    cJSON_Delete(reply);
    control_delete("fault");
    assert_int_equal(poll_to_the_end(&at), 2);
    assert_int_equal(saved_once(&at), OPEN);
    /* Nothing is forgotten by a walk that did not reach the end. */
    control("request", "{'approvalRequestId':'" REQUEST(1010) "','set':{'statusId':1}}");
    control("fault", "{'kind':'status','status':500,'match':'GetByParameters','after':1,'times':-1}");
    reply = poll(&at, NULL, false);
    assert_failure(reply, NULL);
    assert_int_equal(cJSON_GetArraySize(containers_of(reply)), 1);
    keep_state(&at, reply);
    cJSON_Delete(reply);
    assert_int_equal(known_count(&at), OPEN + 1);
    /* And with nothing new there is nothing to keep. */
    control_delete("fault");
    control("fault", "{'kind':'status','status':500,'match':'GetByParameters','times':-1}");
    reply = poll(&at, NULL, false);
    assert_failure(reply, NULL);
    assert_null(cJSON_GetObjectItemCaseSensitive(reply, "state"));
    assert_null(containers_of(reply));
    cJSON_Delete(reply);
    poller_free(&at);
}

static void any_state_is_tolerated(void **state)
{
    (void)state;
    static const char *const junk[] = {
        "null",
        "[]",
        "7",
        "'known'",
        "{}",
        "{'app_version':'1.2.3'}",
        "{'known':7}",
        "{'known':[]}",
        "{'known':''}",
        "{'known':'0e00'}",
        "{'known':'0E000000000040008000000000001001'}",
        "{'known':'zz000000000040008000000000001001'}",
        "{'known':'0e0000000000400080000000000010020e000000000040008000000000001001'}",
        "{'known':{'known':{'known':[[[[[[]]]]]]}}}"};
    for (size_t i = 0; i < COUNT(junk); i++) {
        poller at = poller_new(NULL);
        at.state = json("%s", junk[i]);
        assert_int_equal(poll_to_the_end(&at), OPEN);
        assert_int_equal(known_count(&at), OPEN);
        poller_free(&at);
    }
}

/* ---- a person polls ---- */

static void a_person_gets_so_many_and_the_state_stays(void **state)
{
    (void)state;
    static const struct {
        const char *parameters;
        int count;
    } rows[] = {
        {"'container_count':3", 3},
        {"'container_count':'5.0','artifact_count':10", 5},
        {"'container_count':1000", OPEN},
        {"'container_count':0", OPEN},
        {"", OPEN},
        {"'container_id':'" REQUEST(1003) "'", 1},
        {"'container_id':'" REQUEST(1003) ", threatlocker-request:" ORGANIZATION(42) ":" REQUEST(1001) "'",
         2},
        {"'container_id':'" REQUEST(1009) "'", 0},
        {"'container_id':'" REQUEST(1003) "," REQUEST(1001) "','container_count':1", 1},
    };
    poller at = poller_new(NULL);
    (void)poll_to_the_end(&at);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *reply = poll(&at, rows[i].parameters, true);
        assert_success(reply, NULL);
        if (cJSON_GetArraySize(containers_of(reply)) != rows[i].count)
            fail_msg("%s: %d", rows[i].parameters, cJSON_GetArraySize(containers_of(reply)));
        assert_null(cJSON_GetObjectItemCaseSensitive(reply, "state"));
        assert_true_member(reply, "more", false);
        cJSON_Delete(reply);
    }
    assert_int_equal(poll_to_the_end(&at), 0);
    poller_free(&at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_container_says_what_playbooks_need, reset_sandbox),
        cmocka_unit_test_setup(text_of_servers_is_cleaned_in_containers, reset_sandbox),
        cmocka_unit_test_setup(each_open_request_comes_once, reset_sandbox),
        cmocka_unit_test_setup(the_asset_says_what_is_polled, reset_sandbox),
        cmocka_unit_test_setup(a_long_list_comes_in_portions, reset_sandbox),
        cmocka_unit_test_setup(a_poll_that_dies_loses_nothing, reset_sandbox),
        cmocka_unit_test_setup(a_list_that_breaks_off_hands_over_what_was_seen, reset_sandbox),
        cmocka_unit_test_setup(any_state_is_tolerated, reset_sandbox),
        cmocka_unit_test_setup(a_person_gets_so_many_and_the_state_stays, reset_sandbox),
    };
    return cmocka_run_group_tests_name("plugin_poll", tests, start_sandbox, stop_sandbox);
}
