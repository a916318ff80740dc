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

/* TL_OK: the reply says what happened, which may be that the action failed. Otherwise it failed as err says.
 */
typedef tl_code (*tlp_action)(tlp_call *call, tl_error *err);

/* The function of an identifier; NULL when there is none. */
tlp_action tlp_action_of(const char *identifier);

tl_code tlp_test_connectivity(tlp_call *call, tl_error *err);
tl_code tlp_count_requests(tlp_call *call, tl_error *err);

#endif
