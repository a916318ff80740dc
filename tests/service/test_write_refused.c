/* What is refused before it is sent, and what is sent nowhere at all. */
#include "harness.h"

#define NEW_APPLICATION "'application':'new','name':'Field tool','rules':[{'hash':'" HASH "'}]"

static const char *const write_endpoints[] = {
    "ApprovalRequestPermitApplication", "ApprovalRequestUpdateForReject", "ApprovalRequestUpdateForIgnore"};

static void assert_nothing_written(void)
{
    for (size_t i = 0; i < COUNT(write_endpoints); i++)
        assert_int_equal(count_calls(write_endpoints[i]), 0);
    assert_int_equal(times_applied_to_anything(), 0);
}

static const struct refusal {
    const char *request;
    const char *organization;
    const char *choice;
    const char *code;
    const char *names; /* part of the message */
} refusals[] = {
    {REQUEST(1015), ORGANIZATION(42), "{" NEW_APPLICATION "}", "invalid", "json"},
    {REQUEST(1006), ORGANIZATION(42), "{" NEW_APPLICATION "}", "invalid", "storage"},
    {REQUEST(1007), ORGANIZATION(43), "{" NEW_APPLICATION "}", "invalid", "storage"},
    /* A built-in reaches the whole organization or nothing. */
    {REQUEST(1001), ORGANIZATION(42), "{'application':'matching','application_id':'" APPLICATION(101) "'}",
     "invalid", "allow_builtin"},
    {REQUEST(1001), ORGANIZATION(42),
     "{'application':'matching','application_id':'" APPLICATION(101) "','scope':'group'}", "invalid",
     "allow_builtin"},
    {REQUEST(1001), ORGANIZATION(42),
     "{'application':'matching','application_id':'" APPLICATION(101) "','policy':'existing'}", "invalid",
     "allow_builtin"},
    {REQUEST(1001), ORGANIZATION(42),
     "{'application':'matching','application_id':'" APPLICATION(
         101) "','scope':'organization','rules':[{'hash':'" HASH "'}]}",
     "invalid", "rules"},
    /* Not in the lists that the server gives for this file. */
    {REQUEST(1001), ORGANIZATION(42), "{'application':'matching','application_id':'" APPLICATION(203) "'}",
     "invalid", "application_id"},
    {REQUEST(1003), ORGANIZATION(43), "{'application':'existing','application_id':'" APPLICATION(999) "'}",
     "invalid", "application_id"},
    {REQUEST(1001), ORGANIZATION(42), "{'application':'existing','application_id':'" APPLICATION(101) "'}",
     "invalid", "application_id"},
    {REQUEST(1003), ORGANIZATION(43), "{" NEW_APPLICATION ",'scope':'group','group_id':'" GROUP(07) "'}",
     "invalid", "group_id"},
    {REQUEST(1001), ORGANIZATION(42), "{" NEW_APPLICATION ",'scope':'group','group_id':'" GROUP(09) "'}",
     "invalid", "group_id"},
    /* Elevation must be chosen where it was asked for. */
    {REQUEST(1004), ORGANIZATION(42), "{" NEW_APPLICATION "}", "invalid", "elevate"},
    {REQUEST(1003), ORGANIZATION(43), "{" NEW_APPLICATION ",'expires':'2020-01-01T00:00:00Z'}", "invalid",
     "expires"},
    {REQUEST(1009), ORGANIZATION(42), "{" NEW_APPLICATION "}", "conflict", "already actioned"},
};

static void what_must_not_be_permitted_is_refused_before_sending(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(refusals); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *choice = json("%s", refusals[i].choice), *outcome = NULL;
        print_message("%s %s\n", refusals[i].request, refusals[i].choice);
        assert_ok(tl_permit(&outcome, client, refusals[i].organization, refusals[i].request, choice, &err),
                  &err);
        assert_text(outcome, "outcome",
                    strcmp(refusals[i].code, "conflict") == 0 ? "already_actioned" : "refused");
        assert_text(outcome, "code", refusals[i].code);
        assert_text(outcome, "applied", "no");
        assert_non_null(strstr(text_of(outcome, "message"), refusals[i].names));
        cJSON_Delete(choice);
        cJSON_Delete(outcome);
    }
    assert_nothing_written();
    tl_client_free(client);
}

/* Choices that are wrong by themselves are errors, and not even a read is made. */
static void impossible_choices_send_nothing(void **state)
{
    (void)state;
    static const char *const choices[] = {
        "{}",
        "{'application':'matching'}",
        "{'application':'matching','application_id':'1'}",
        "{'application':'new'}",
        "{'application':'new','name':'  '}",
        "{'application':'new','name':'x'}",
        "{'application':'new','name':'x','rules':[]}",
        "{'application':'new','name':'x','rules':[{'path':'*'}]}",
        "{'application':'new','name':'x','application_id':'" APPLICATION(203) "'}",
        "{" NEW_APPLICATION ",'scope':'organisation'}",
        "{" NEW_APPLICATION ",'Scope':'group'}",
        "{" NEW_APPLICATION ",'group_id':'" GROUP(07) "'}",
        "{" NEW_APPLICATION ",'policy':'existing'}",
        "{" NEW_APPLICATION ",'elevate':'silent'}",
        "{" NEW_APPLICATION ",'dry_run':1}",
        "{" NEW_APPLICATION ",'scope':'computer','scope':'organization'}",
        "{'application':'new','name':'x','rules':[{'hash':'" HASH "','hash':'" HASH "'}]}",
        "{'application':'new','name':'x','rules':[{'path':'C:\\\\Tools\\\\a.exe','path':'C:\\\\b.exe'}]}",
        "[]",
    };
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(choices); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *choice = json("%s", choices[i]), *outcome = NULL;
        print_message("%s\n", choices[i]);
        assert_code(tl_permit(&outcome, client, ORGANIZATION(43), REQUEST(1003), choice, &err), &err,
                    TL_INVALID);
        assert_null(outcome);
        cJSON_Delete(choice);
    }
    assert_int_equal(count_calls(""), 0);
    tl_client_free(client);
}

static const struct wrong_id {
    const char *request;
    const char *organization;
    tl_code code;
    bool asks; /* the server is asked at all */
} wrong_ids[] = {
    {NULL, NULL, TL_INVALID, false},
    {"", NULL, TL_INVALID, false},
    {"1003", NULL, TL_INVALID, false},
    {"00000000-0000-0000-0000-000000000000", NULL, TL_INVALID, false},
    {"0e000000-0000-4000-8000-00000000100x", NULL, TL_INVALID, false},
    {REQUEST(1003) "&x=1", NULL, TL_INVALID, false},
    {REQUEST(1003) "\r\nX: y", NULL, TL_INVALID, false},
    {REQUEST(1003), "not a guid", TL_INVALID, false},
    {REQUEST(1003), ORGANIZATION(43) "\r\nX: y", TL_INVALID, false},
    {REQUEST(1888), ORGANIZATION(43), TL_NOT_FOUND, true},
    {REQUEST(1003), NULL, TL_NOT_FOUND, true}, /* a child's request needs its organization */
    {REQUEST(1003), ORGANIZATION(42), TL_NOT_FOUND, true},
    {REQUEST(1099), NULL, TL_NOT_FOUND, true},
    {REQUEST(1099), ORGANIZATION(42), TL_NOT_FOUND, true},
    {REQUEST(1099), ORGANIZATION(99), TL_FORBIDDEN, true},
};

static void wrong_ids_are_errors_of_every_write(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    cJSON *choice = json("{" NEW_APPLICATION "}");
    for (size_t i = 0; i < COUNT(wrong_ids); i++)
        for (int kind = 0; kind < 3; kind++) {
            tl_error err = TL_ERROR_INIT;
            cJSON *outcome = NULL;
            const char *organization = wrong_ids[i].organization, *request = wrong_ids[i].request;
            control_delete("calls");
            print_message("%s in %s\n", request == NULL ? "none" : request,
                          organization == NULL ? "none" : organization);
            tl_code code = kind == 0   ? tl_permit(&outcome, client, organization, request, choice, &err)
                           : kind == 1 ? tl_reject(&outcome, client, organization, request, NULL, &err)
                                       : tl_ignore(&outcome, client, organization, request, NULL, &err);
            assert_code(code, &err, wrong_ids[i].code);
            assert_null(outcome);
            assert_int_equal(count_calls("") > 0, wrong_ids[i].asks);
            assert_nothing_written();
        }
    cJSON_Delete(choice);
    tl_client_free(client);
}

static void a_dry_run_sends_no_write(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL, *choice = json("{" NEW_APPLICATION ",'dry_run':true}"),
          *answer = json("{'reason':'No','dry_run':true}");
    assert_ok(tl_permit(&outcome, client, ORGANIZATION(43), REQUEST(1003), choice, &err), &err);
    assert_text(outcome, "outcome", "preview");
    assert_text(outcome, "applied", "no");
    const cJSON *body = cJSON_GetObjectItemCaseSensitive(outcome, "body");
    assert_text(cJSON_GetObjectItemCaseSensitive(body, "matchingApplications"), "newApplicationName",
                "Field tool");
    cJSON_Delete(outcome);
    assert_ok(tl_reject(&outcome, client, ORGANIZATION(43), REQUEST(1003), answer, &err), &err);
    assert_text(outcome, "outcome", "preview");
    cJSON_Delete(outcome);
    assert_ok(tl_ignore(&outcome, client, ORGANIZATION(43), REQUEST(1003), answer, &err), &err);
    assert_text(outcome, "outcome", "preview");
    cJSON_Delete(outcome);
    assert_nothing_written();
    cJSON_Delete(choice);
    cJSON_Delete(answer);
    tl_client_free(client);
}

/* The lists come from the service, which can be away: then nothing is known, and nothing is sent. */
static void a_failing_lookup_sends_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *match;
        const char *fault;
        const char *choice;
        const char *code;
    } rows[] = {
        {"ApplicationGetMatchingList", "'kind':'status','status':500",
         "{'application':'matching','application_id':'" APPLICATION(202) "'}", "server"},
        {"ApplicationGetMatchingList", "'kind':'garbage'",
         "{'application':'matching','application_id':'" APPLICATION(202) "'}", "protocol"},
        /* Twice: libcurl repeats a read by itself on a reused connection. */
        {"ApplicationGetListForAddToApplication", "'kind':'drop_before_apply','times':2",
         "{'application':'existing','application_id':'" APPLICATION(202) "'}", "network"},
        {"ComputerGroupGetForPermitApplication", "'kind':'status','status':440",
         "{" NEW_APPLICATION ",'scope':'group'}", "token"},
        {"ComputerGroupGetForPermitApplication", "'kind':'status','status':200,'body':'{}'",
         "{" NEW_APPLICATION ",'scope':'group'}", "protocol"},
    };
    tl_client_options options = client_options();
    options.connection.retries = -1;
    tl_client *client = make_client(&options);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *choice = json("%s", rows[i].choice), *outcome = NULL;
        print_message("%s %s\n", rows[i].match, rows[i].fault);
        control("fault", "{%s,'match':'%s'}", rows[i].fault, rows[i].match);
        assert_ok(tl_permit(&outcome, client, ORGANIZATION(42), REQUEST(1001), choice, &err), &err);
        assert_text(outcome, "outcome", "refused");
        assert_text(outcome, "code", rows[i].code);
        assert_text(outcome, "applied", "no");
        assert_nothing_written();
        cJSON_Delete(outcome);
        cJSON_Delete(choice);
    }
    tl_client_free(client);
}

/* Details of another request, or of one that changed its kind, are not a basis for a permit. */
static void details_that_are_not_the_requests_send_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *set;
        tl_code code;        /* an error, or */
        const char *outcome; /* an outcome */
    } rows[] = {
        {"{'details':{'approvalRequest':{'approvalRequestId':'" REQUEST(1001) "'}}}", TL_PROTOCOL, NULL},
        {"{'details':{'approvalRequest':null}}", TL_PROTOCOL, NULL},
        {"{'details':{'approvalRequest':{'json':null}}}", TL_OK, "refused"},
        {"{'details':{'actionType':'network'}}", TL_OK, "refused"},
        {"{'details':{'computerId':null}}", TL_OK, "refused"},
        {"{'details':{'computerGroupId':'00000000-0000-0000-0000-000000000000'}}", TL_OK, "refused"},
    };
    tl_client *client = make_client(NULL);
    cJSON *choice = json("{" NEW_APPLICATION "}");
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *outcome = NULL;
        control("reset", "{}");
        print_message("%s\n", rows[i].set);
        control("request", "{'approvalRequestId':'" REQUEST(1003) "','set':%s}", rows[i].set);
        tl_code code = tl_permit(&outcome, client, ORGANIZATION(43), REQUEST(1003), choice, &err);
        assert_int_equal(code, rows[i].code);
        if (code == TL_OK)
            assert_text(outcome, "outcome", rows[i].outcome);
        assert_nothing_written();
        cJSON_Delete(outcome);
    }
    cJSON_Delete(choice);
    tl_client_free(client);
}

/* "Escalated" is open; an organization-wide scope needs the details' leave. */
static void what_may_be_permitted_is_permitted_once(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        const char *organization;
        const char *choice;
    } rows[] = {
        {REQUEST(1001), ORGANIZATION(42),
         "{'application':'matching','application_id':'" APPLICATION(101) "','scope':'organization'}"},
        {REQUEST(1002), ORGANIZATION(42),
         "{'application':'matching','application_id':'" APPLICATION(113) "','scope':'organization'}"},
        {REQUEST(1017), ORGANIZATION(42),
         "{'application':'matching','application_id':'" APPLICATION(203) "','policy':'existing'}"},
        {REQUEST(1003), ORGANIZATION(43), "{" NEW_APPLICATION ",'scope':'group','group_id':'" GROUP(17) "'}"},
        {REQUEST(1018), ORGANIZATION(44), "{" NEW_APPLICATION "}"},
        {REQUEST(1008), ORGANIZATION(44), "{" NEW_APPLICATION ",'comments':'Gr\xC3\xBC\xC3\x9F Gott'}"},
        {REQUEST(1004), ORGANIZATION(42), "{" NEW_APPLICATION ",'elevate':'silent','elevate_hours':8}"},
        {REQUEST(1005), ORGANIZATION(43), "{" NEW_APPLICATION ",'elevate':'no'}"},
        {REQUEST(1012), ORGANIZATION(43), "{" NEW_APPLICATION "}"},
        {REQUEST(1013), ORGANIZATION(42), "{" NEW_APPLICATION "}"},
        {REQUEST(1014), ORGANIZATION(42), "{" NEW_APPLICATION ",'scope':'group','group_id':'" GROUP(09) "'}"},
        {REQUEST(1016), ORGANIZATION(42), "{" NEW_APPLICATION ",'body':'minimal'}"},
        {REQUEST(1011), NULL, "{" NEW_APPLICATION ",'scope_encoding':'all_false'}"},
    };
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *choice = json("%s", rows[i].choice), *outcome = NULL;
        print_message("%s %s\n", rows[i].request, rows[i].choice);
        for (int again = 0; again < 2; again++) {
            assert_ok(tl_permit(&outcome, client, rows[i].organization, rows[i].request, choice, &err), &err);
            assert_text(outcome, "outcome", again == 0 ? "permitted" : "already_actioned");
            cJSON_Delete(outcome);
        }
        assert_int_equal(times_applied(rows[i].request, "permit"), 1);
        cJSON_Delete(choice);
    }
    assert_int_equal(times_applied_to_anything(), (int)COUNT(rows));
    tl_client_free(client);
}

/* Which applications a maintenance mode can be used with is a list of its own; it is asked for only where a
 * choice needs it, and joined by id with the one that has the details. */
static void a_mode_needs_an_application_that_can_be_used_with_it(void **state)
{
    (void)state;
    static const struct {
        const char *mode;
        const char *listed; /* what ApplicationGetForMaintenanceMode answers; NULL = the sandbox's own list */
        const char *outcome;
        int asked;
    } rows[] = {
        {"'mode':'learning'", "[]", "refused", 1},
        {"'mode':'monitor'", "[{\\'value\\':\\'" APPLICATION(999) "\\',\\'label\\':\\'x\\'}]", "refused", 1},
        {"'mode':'installation'", "{}", "refused", 1},
        {"'mode':'manual'", "[]", "preview", 0},
        {"'mode':'learning'", NULL, "preview", 1},
    };
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *outcome = NULL;
        cJSON *choice =
            json("{'application':'existing','application_id':'" APPLICATION(202) "','dry_run':true,%s}",
                 rows[i].mode);
        reset_sandbox(state);
        if (rows[i].listed != NULL)
            control("fault",
                    "{'kind':'garbage','match':'GetForMaintenanceMode','content_type':'application/json',"
                    "'body':'%s'}",
                    rows[i].listed);
        assert_ok(tl_permit(&outcome, client, ORGANIZATION(42), REQUEST(1001), choice, &err), &err);
        assert_text(outcome, "outcome", rows[i].outcome);
        assert_int_equal(count_calls("GetForMaintenanceMode"), rows[i].asked);
        cJSON_Delete(outcome);
        cJSON_Delete(choice);
    }
    assert_nothing_written();
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_mode_needs_an_application_that_can_be_used_with_it, reset_sandbox),
        cmocka_unit_test_setup(what_must_not_be_permitted_is_refused_before_sending, reset_sandbox),
        cmocka_unit_test_setup(impossible_choices_send_nothing, reset_sandbox),
        cmocka_unit_test_setup(wrong_ids_are_errors_of_every_write, reset_sandbox),
        cmocka_unit_test_setup(a_dry_run_sends_no_write, reset_sandbox),
        cmocka_unit_test_setup(a_failing_lookup_sends_nothing, reset_sandbox),
        cmocka_unit_test_setup(details_that_are_not_the_requests_send_nothing, reset_sandbox),
        cmocka_unit_test_setup(what_may_be_permitted_is_permitted_once, reset_sandbox),
    };
    return cmocka_run_group_tests_name("write_refused", tests, start_sandbox, stop_sandbox);
}
