/* What a request is: open or actioned, and of which kind. */
#include "json_case.h"
#include "portal/request_facts.h"
#include "threatlocker/requests.h"

static void open_means_pending_or_escalated(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        bool open;
    } rows[] = {
        {"{'statusId':1}", true},
        {"{'statusId':13}", true},
        {"{'statusId':17}", true},
        {"{'statusId':13,'statusIdEscalatedToMSP':0,'statusIdEscalatedByCustomer':0}", true},
        {"{'statusId':23,'statusIdEscalatedToMSP':23}", true},
        {"{'statusId':27,'statusIdEscalatedToMSP':23,'statusIdEscalatedByCustomer':27}", true},
        {"{'statusId':24,'statusIdEscalatedToMSP':23,'statusIdEscalatedByCustomer':27}", false},
        {"{'statusId':23,'statusIdEscalatedToMSP':'23'}", false},
        /* A row cannot name a final state as an open one. */
        {"{'statusId':4,'statusIdEscalatedToMSP':4}", false},
        {"{'statusId':10,'statusIdEscalatedByCustomer':10}", false},
        {"{'statusId':12,'statusIdEscalatedByCustomer':12}", false},
        {"{'statusId':16,'statusIdEscalatedToMSP':16}", false},
        {"{'statusId':4}", false},
        {"{'statusId':6}", false},
        {"{'statusId':10}", false},
        {"{'statusId':12}", false},
        {"{'statusId':16}", false},
        {"{'statusId':0,'statusIdEscalatedToMSP':0}", false},
        {"{'statusId':-1}", false},
        {"{'statusId':2}", false},
        {"{'statusId':1.0}", false},
        {"{'statusId':'1'}", false},
        {"{'statusId':true}", false},
        {"{'StatusId':1}", false},
        {"{}", false},
        {"null", false},
        {"[{'statusId':1}]", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *row = json_of(rows[i].row);
        if (tl_request_is_open(row) != rows[i].open) {
            fail_msg("%s", rows[i].row);
        }
        cJSON_Delete(row);
    }
    assert_false(tl_request_is_open(NULL));
}

static void statuses_have_names(void **state)
{
    (void)state;
    static const struct {
        int64_t status;
        const char *name;
        bool approved;
    } rows[] = {
        {1, "Pending", false},
        {4, "Approved", true},
        {6, "Not Learned", false},
        {10, "Rejected", false},
        {12, "Added to Application", true},
        {13, "Escalated", false},
        {16, "Self-Approved", true},
        {17, "Escalated by Customer", false},
        {0, "status 0", false},
        {99, "status 99", false},
        {INT64_MIN, "status -9223372036854775808", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char buffer[32];
        assert_string_equal(tl_status_name(rows[i].status, buffer, sizeof buffer), rows[i].name);
        assert_int_equal(tl_status_is_approved(rows[i].status), rows[i].approved);
    }
}

static void kinds_follow_the_action_word(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        tl_kind kind;
    } rows[] = {
        {"execute", TL_KIND_APPLICATION},
        {"Execute", TL_KIND_APPLICATION},
        {"install", TL_KIND_APPLICATION},
        {"elevate", TL_KIND_ELEVATION},
        {"ELEVATE", TL_KIND_ELEVATION},
        {"read", TL_KIND_STORAGE},
        {"write", TL_KIND_STORAGE},
        {"move", TL_KIND_STORAGE},
        {"delete", TL_KIND_STORAGE},
        {"network", TL_KIND_WEB},
        {"registry", TL_KIND_OTHER},
        {"powershell", TL_KIND_OTHER},
        {"baseline", TL_KIND_OTHER},
        {"configuration", TL_KIND_OTHER},
        {"dns", TL_KIND_OTHER},
        {"executed", TL_KIND_OTHER},
        {" execute", TL_KIND_OTHER},
        {"", TL_KIND_OTHER},
        {NULL, TL_KIND_OTHER},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(tl_kind_of(rows[i].word), rows[i].kind);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_means_pending_or_escalated),
        cmocka_unit_test(statuses_have_names),
        cmocka_unit_test(kinds_follow_the_action_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
