/* Whether the asset's configuration works. */
#include "action.h"

/* The connection first, so that a blocked one is told apart from a refused token. */
static tl_code probe_portal(tlp_call *call, tl_error *err)
{
    tl_probe probe = TL_PROBE_INIT;
    tlp_progress(call->session, "Connecting to ThreatLocker");
    tl_code code = tl_client_probe(&probe, call->session->client, err);
    if (code != TL_OK)
        return code;
    if (probe.failure.code != TL_OK)
        return tlp_fail(err, probe.failure.code, "%s:%d: %s", probe.host, probe.port, probe.failure.message);
    tlp_progress(call->session, "Connected to %s:%d", probe.host, probe.port);
    return TL_OK;
}

static tl_code ask_soar(tlp_call *call, tl_error *err)
{
    cJSON *version = NULL;
    tl_error why = TL_ERROR_INIT;
    if (call->session->soar == NULL)
        return TL_OK;
    tlp_progress(call->session, "Connecting to Splunk SOAR");
    if (tl_soar_version(&version, call->session->soar, &why) != TL_OK)
        return tlp_fail(err, why.code, "Splunk SOAR: %s", why.message);
    const char *number = tlp_text(version, "version");
    tlp_progress(call->session, "Connected to Splunk SOAR %s", number == NULL ? "" : number);
    cJSON_Delete(version);
    return TL_OK;
}

tl_code tlp_test_connectivity(tlp_call *call, tl_error *err)
{
    int64_t pending = 0;
    tl_code code = probe_portal(call, err);
    if (code == TL_OK)
        code = tl_request_count(&pending, call->session->client, NULL, true, err);
    if (code == TL_OK)
        code = ask_soar(call, err);
    tlp_reply_other(
        call->reply, "progress",
        cJSON_CreateString(code == TL_OK ? "Test Connectivity Passed" : "Test Connectivity Failed"));
    tlp_reply_say(call->reply, "The token is good; pending requests: %lld", (long long)pending);
    return code;
}
