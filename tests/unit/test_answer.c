/* The bodies of reject and ignore, and what may be asked for. */
#include "details.h"
#include "json_case.h"
#include "portal/answer.h"

#define OTHER "0e000000-0000-4000-8000-00000000200e"

static void the_body_names_every_request_by_its_id_alone(void **state)
{
    (void)state;
    static const tl_answer full = {.reason = "No", .subject = "Your request", .notify = true};
    static const tl_answer nothing = {0};
    static const struct {
        tl_write_kind kind;
        const tl_answer *answer;
        size_t count;
        const char *expected;
    } rows[] = {
        {TL_WRITE_REJECT, &full, 2,
         "{'approvalRequestDtos':[{'approvalRequestId':'" REQUEST "'},{'approvalRequestId':'" OTHER
         "'}],'type':'reject','rejectReason':'No','responseSubject':'Your request','responseReason':'No',"
         "'notifyOnResponse':true}"},
        {TL_WRITE_IGNORE, &full, 2,
         "{'approvalRequestDtos':[{'approvalRequestId':'" REQUEST "'},{'approvalRequestId':'" OTHER
         "'}],'type':'ignore','ignoreReason':'No','responseSubject':'Your request','responseReason':'No',"
         "'notifyOnIgnore':true,'ignoreSubject':'Your request'}"},
        {TL_WRITE_REJECT, &nothing, 1,
         "{'approvalRequestDtos':[{'approvalRequestId':'" REQUEST
         "'}],'type':'reject','rejectReason':'','responseSubject':'','responseReason':'',"
         "'notifyOnResponse':false}"},
        {TL_WRITE_IGNORE, &nothing, 1,
         "{'approvalRequestDtos':[{'approvalRequestId':'" REQUEST
         "'}],'type':'ignore','ignoreReason':'','responseSubject':'','responseReason':'',"
         "'notifyOnIgnore':false,'ignoreSubject':''}"},
    };
    static const char *const ids[] = {REQUEST, OTHER};
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *requests = cJSON_CreateArray();
        for (size_t k = 0; k < rows[i].count; k++)
            assert_true(tl_answer_add(requests, ids[k]));
        cJSON *body = tl_answer_body(rows[i].kind, rows[i].answer, requests);
        char *expected = quoted(rows[i].expected), *got = text_of(body);
        assert_string_equal(got, expected);
        free(expected);
        free(got);
        cJSON_Delete(body);
    }
    assert_null(tl_answer_body(TL_WRITE_REJECT, &full, NULL));
}

static void only_what_is_known_may_be_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *answer;
        const char *names;
    } rows[] = {
        {"[]", "object"},
        {"{'Reason':'x'}",
         "unknown member: Reason (known: reason, subject, notify, allow_actioned, dry_run)"},
        {"{'reason':1}", "reason"},
        {"{'subject':[]}", "subject"},
        {"{'notify':'yes'}", "notify"},
        {"{'allow_actioned':1}", "allow_actioned"},
        {"{'dry_run':'true'}", "dry_run"},
    };
    tl_answer answer;
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *json = json_of(rows[i].answer);
        assert_refused(tl_answer_read(&answer, json, &err), &err, TL_INVALID, rows[i].names, rows[i].answer);
        cJSON_Delete(json);
    }
    assert_int_equal(tl_answer_read(&answer, NULL, NULL), TL_OK);
    assert_null(answer.reason);
    assert_false(answer.notify || answer.allow_actioned || answer.dry_run);
    cJSON *json = json_of("{'reason':'x','subject':'y','notify':true,'allow_actioned':true,'dry_run':true}");
    assert_int_equal(tl_answer_read(&answer, json, NULL), TL_OK);
    assert_string_equal(answer.reason, "x");
    assert_string_equal(answer.subject, "y");
    assert_true(answer.notify && answer.allow_actioned && answer.dry_run);
    cJSON_Delete(json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_body_names_every_request_by_its_id_alone),
        cmocka_unit_test(only_what_is_known_may_be_asked_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
