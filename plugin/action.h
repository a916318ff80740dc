/* What all actions share. */
#ifndef TLP_ACTION_H
#define TLP_ACTION_H

#include "reply.h"
#include "session.h"

/* One run of an action. All is borrowed. */
typedef struct tlp_call {
    tl_plugin *session;
    const cJSON *request;    /* of tl_plugin_run */
    const cJSON *parameters; /* checked: as the manifest declares them, with defaults */
    tlp_reply *reply;
} tlp_call;

/* TL_OK: the reply says what happened, which may be a failure. Otherwise the action failed as err says. */
typedef tl_code (*tlp_action)(tlp_call *call, tl_error *err);

/* The function of an identifier; NULL when there is none. */
tlp_action tlp_action_of(const char *identifier);

/* The parameters that most actions have; NULL when not given. */
const char *tlp_request_id(const tlp_call *call);
const char *tlp_organization_id(const tlp_call *call);

/* ThreatLocker's number (osType) of the parameter `os`; 0 for "all". */
int64_t tlp_os_type(const tlp_call *call);

/* Makes the one row of the reply of an object, which is taken. */
tl_code tlp_give_object(tlp_call *call, cJSON *object, const char *message);

/* Makes rows of an array, which is taken. Their number becomes the summary's `count` and the message:
 * "<what>: 3". */
tl_code tlp_give_list(tlp_call *call, cJSON *array, const char *what);
void tlp_give_count(tlp_call *call, int64_t count, const char *what);

tl_code tlp_test_connectivity(tlp_call *call, tl_error *err);
tl_code tlp_on_poll(tlp_call *call, tl_error *err);
tl_code tlp_list_requests(tlp_call *call, tl_error *err);
tl_code tlp_count_requests(tlp_call *call, tl_error *err);
tl_code tlp_get_request(tlp_call *call, tl_error *err);
tl_code tlp_get_permit_details(tlp_call *call, tl_error *err);
tl_code tlp_get_storage_request(tlp_call *call, tl_error *err);
tl_code tlp_get_file(tlp_call *call, tl_error *err);
tl_code tlp_match_applications(tlp_call *call, tl_error *err);
tl_code tlp_list_applications(tlp_call *call, tl_error *err);
tl_code tlp_list_maintenance_applications(tlp_call *call, tl_error *err);
tl_code tlp_get_research(tlp_call *call, tl_error *err);
tl_code tlp_list_organizations(tlp_call *call, tl_error *err);
tl_code tlp_list_computer_groups(tlp_call *call, tl_error *err);
tl_code tlp_prepare_prompt(tlp_call *call, tl_error *err);
tl_code tlp_resolve_prompt(tlp_call *call, tl_error *err);
tl_code tlp_list_prompts(tlp_call *call, tl_error *err);
tl_code tlp_get_prompt(tlp_call *call, tl_error *err);
tl_code tlp_permit_request(tlp_call *call, tl_error *err);
tl_code tlp_permit_storage_request(tlp_call *call, tl_error *err);
tl_code tlp_reject_request(tlp_call *call, tl_error *err);
tl_code tlp_ignore_request(tlp_call *call, tl_error *err);
tl_code tlp_take_ownership(tlp_call *call, tl_error *err);
tl_code tlp_authorize_request(tlp_call *call, tl_error *err);

#endif
