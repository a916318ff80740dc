/* Which detail_summary_view is a playbook's prompt and belongs to a record: splunk-soar.md 6.3 and 13.2,
 * rule 6. */
#include "chain/prompt_reading.h"
#include "json_case.h"

#define SUMMARY                                                                                              \
    "{'playbook_repo':'local','playbook_name':'threatlocker_approval','container_id':42,'time_left':1.5,"    \
    "'action_name':'ask_owner','due_time':'2026-11-02T09:30:00.100000Z','asset':null,"                       \
    "'action_type':'prompt','owner':'username','notification_type':'prompts','type':'manual',"               \
    "'notification_targets':[{'app_id':0,'parameters':[{'to':'a@example.com','message':'Approve?\\nseal',"   \
    "'mins_to_act':30,'user_ids':[13],'response_types':[{'prompt':'Decision','options':{'type':'list',"      \
    "'choices':['Approve','Deny']}}]}],'assets':[]}]}"
#define RECORD                                                                                               \
    "{'id':41,'status':'pending','type':'manual','name':'ask_owner','due_time':"                             \
    "'2026-11-02T09:30:00.100000Z','responses':[]}"
#define PARAMETERS "[{'message':'m','response_types':[]}]"

static void assert_binding(const char *summary_patches, const char *record_patches, const char *why_not)
{
    cJSON *summary = json_of(SUMMARY);
    cJSON *record = json_of(RECORD);
    patch(summary, summary_patches);
    patch(record, record_patches);
    const char *message, *why;
    const cJSON *questions;
    bool bound = tl_bind_prompt(&message, &questions, &why, summary, record);
    bool as_expected = why_not == NULL ? bound : !bound && strstr(why, why_not) != NULL;
    if (!as_expected) {
        fail_msg("%s / %s: %s", summary_patches, record_patches, bound ? "bound" : why);
    }
    if (bound) {
        assert_null(why);
        assert_non_null(message);
        assert_true(cJSON_IsArray(questions));
    }
    cJSON_Delete(record);
    cJSON_Delete(summary);
}

static void a_prompt_is_bound_to_its_record(void **state)
{
    (void)state;
    cJSON *summary = json_of(SUMMARY);
    cJSON *record = json_of(RECORD);
    const char *message, *why;
    const cJSON *questions;
    assert_true(tl_bind_prompt(&message, &questions, &why, summary, record));
    assert_string_equal(message, "Approve?\nseal");
    assert_int_equal(cJSON_GetArraySize(questions), 1);
    cJSON_Delete(record);
    cJSON_Delete(summary);
    static const char *const same_time[] = {"due_time='2026-11-02T09:30:00.1Z'",
                                            "due_time='2026-11-02T09:30:00.100+00:00'"};
    for (size_t i = 0; i < COUNT(same_time); i++) {
        assert_binding(same_time[i], "", NULL);
        assert_binding("", same_time[i], NULL);
    }
    assert_binding("playbook_name='other'|container_id=7|owner=null|update_time=-", "status='approved'",
                   NULL);
}

static void whatever_differs_unbinds(void **state)
{
    (void)state;
    static const struct {
        const char *summary;
        const char *record;
        const char *why;
    } rows[] = {
        {"notification_type='approvals'", "", "no prompt"},
        {"notification_type='manual tasks'", "", "no prompt"},
        {"notification_type='action reviews'", "", "no prompt"},
        {"notification_type='prompt'", "", "no prompt"},
        {"notification_type='Prompts'", "", "no prompt"},
        {"notification_type=null", "", "no prompt"},
        {"notification_type=['prompts']", "", "no prompt"},
        {"action_type='task'", "", "no prompt"},
        {"action_type=-", "", "no prompt"},
        {"action_type='prompts'", "", "no prompt"},
        {"playbook_name=''", "", "no playbook"},
        {"playbook_name=-", "", "no playbook"},
        {"playbook_name=null", "", "no playbook"},
        {"playbook_repo=''", "", "no playbook"},
        {"playbook_repo=-", "", "no playbook"},
        {"playbook_repo=1", "", "no playbook"},
        {"action_name='ask_other'", "", "names"},
        {"action_name='Ask_owner'", "", "names"},
        {"action_name=null", "", "names"},
        {"", "name='ask_other'", "names"},
        {"", "name=-", "names"},
        {"action_name=null", "name=null", "names"},
        {"due_time='2026-11-02T09:30:00.100001Z'", "", "due times"},
        {"due_time=null", "", "due times"},
        {"", "due_time=null", "due times"},
        {"due_time=null", "due_time=null", "due times"},
        {"due_time='soon'", "due_time='soon'", "due times"},
        {"notification_targets=[]", "", "exactly one"},
        {"notification_targets=null", "", "exactly one"},
        {"notification_targets={'app_id':0,'parameters':" PARAMETERS "}", "", "exactly one"},
        {"notification_targets=[{'app_id':0,'parameters':" PARAMETERS "},{'app_id':0,'parameters':" PARAMETERS
         "}]",
         "", "exactly one"},
        {"notification_targets=[{'app_id':124,'parameters':" PARAMETERS "}]", "", "exactly one"},
        {"notification_targets=[{'app_id':'0','parameters':" PARAMETERS "}]", "", "exactly one"},
        {"notification_targets=[{'app_id':null,'parameters':" PARAMETERS "}]", "", "exactly one"},
        {"notification_targets=[{'parameters':" PARAMETERS "}]", "", "exactly one"},
        {"notification_targets=[{'app_id':0}]", "", "exactly one"},
        {"notification_targets=[{'app_id':0,'parameters':[]}]", "", "exactly one"},
        {"notification_targets=[{'app_id':0,'parameters':{'message':'m','response_types':[]}}]", "",
         "exactly one"},
        {"notification_targets=[{'app_id':0,'parameters':[{'message':'m','response_types':[]},{'message':'m',"
         "'response_types':[]}]}]",
         "", "exactly one"},
        {"notification_targets=[{'app_id':0,'parameters':[{'response_types':[]}]}]", "", "exactly one"},
        {"notification_targets=[{'app_id':0,'parameters':[{'message':7,'response_types':[]}]}]", "",
         "exactly one"},
        {"notification_targets=[{'app_id':0,'parameters':[{'message':'m'}]}]", "", "exactly one"},
        {"notification_targets=[{'app_id':0,'parameters':[{'message':'m','response_types':{}}]}]", "",
         "exactly one"},
        {"notification_targets=['prompt']", "", "exactly one"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_binding(rows[i].summary, rows[i].record, rows[i].why);
    }
    assert_binding("notification_targets=[{'app_id':0,'parameters':" PARAMETERS "}]", "", NULL);
    const char *message, *why;
    const cJSON *questions;
    assert_false(tl_bind_prompt(&message, &questions, &why, NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_prompt_is_bound_to_its_record),
        cmocka_unit_test(whatever_differs_unbinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
