/* Permit, reject, ignore, take ownership, authorize: each sent once and verified by the core. */
#include "choice.h"
#include "outcome.h"

typedef tl_code (*write_function)(cJSON **out_outcome, tl_client *client, const char *organization_id,
                                  const char *request_id, const cJSON *options, tl_error *err);

/* `options` is taken; NULL (a failed creation): out of memory. */
static tl_code run_write(tlp_call *call, write_function write, cJSON *options, tlp_end already_done,
                         tl_error *err)
{
    cJSON *outcome = NULL;
    if (options == NULL)
        return tlp_fail_memory(err);
    tlp_progress(call->session, "Working on request %s", tlp_request_id(call));
    tl_code code =
        write(&outcome, call->session->client, tlp_organization_id(call), tlp_request_id(call), options, err);
    cJSON_Delete(options);
    return code == TL_OK ? tlp_give_outcome(call, outcome, already_done) : code;
}

tl_code tlp_permit_request(tlp_call *call, tl_error *err)
{
    cJSON *choice = NULL;
    tl_code code = tlp_choice(&choice, call, err);
    return code == TL_OK ? run_write(call, tl_permit, choice, tlp_end_permitted, err) : code;
}

tl_code tlp_permit_storage_request(tlp_call *call, tl_error *err)
{
    cJSON *choice = NULL;
    tl_code code = tlp_storage_choice(&choice, call, err);
    return code == TL_OK ? run_write(call, tl_permit_storage, choice, tlp_end_permitted, err) : code;
}

/* An object of those parameters that were given; NULL when out of memory. */
static cJSON *options_of(const tlp_call *call, const char *const names[])
{
    cJSON *options = cJSON_CreateObject();
    for (size_t i = 0; names[i] != NULL; i++)
        if (!tlp_set_copy(options, names[i], tlp_member(call->parameters, names[i]))) {
            cJSON_Delete(options);
            return NULL;
        }
    return options;
}

static const char *const answer_members[] = {"reason", "subject", "notify", "dry_run", NULL};

tl_code tlp_reject_request(tlp_call *call, tl_error *err)
{
    return run_write(call, tl_reject, options_of(call, answer_members), tlp_end_rejected, err);
}

tl_code tlp_ignore_request(tlp_call *call, tl_error *err)
{
    return run_write(call, tl_ignore, options_of(call, answer_members), tlp_end_rejected, err);
}

tl_code tlp_take_ownership(tlp_call *call, tl_error *err)
{
    static const char *const members[] = {"dry_run", NULL};
    return run_write(call, tl_take_ownership, options_of(call, members), tlp_end_none, err);
}

tl_code tlp_authorize_request(tlp_call *call, tl_error *err)
{
    static const char *const members[] = {"message", "dry_run", NULL};
    return run_write(call, tl_authorize, options_of(call, members), tlp_end_authorized, err);
}
