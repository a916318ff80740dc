/* What the plugin's tests share: sessions of an asset that points at the sandbox, and runs of actions. Text
 * that is JSON has ' for ". */
#ifndef TL_TESTS_SERVICE_PLUGIN_CASE_H
#define TL_TESTS_SERVICE_PLUGIN_CASE_H

#include "harness.h"
#include "threatlocker_soar.h"

#define SEAL_KEY "correct horse battery staple"

/* Parameters that name a request, by the last digits of its id and of its organization's; and those that
 * choose a new application by the request's own hash. */
#define ROW(request, organization)                                                                           \
    "'request_id':'" REQUEST(request) "','organization_id':'" ORGANIZATION(organization) "'"
#define R1001 ROW(1001, 42)
#define R1003 ROW(1003, 43)
#define R1004 ROW(1004, 42)
#define R1006 ROW(1006, 42)
#define R1009 ROW(1009, 42)
#define R1011 ROW(1011, 10)
#define R1012 ROW(1012, 43)
#define NEW ",'application':'new','name':'Field tool','hash_rule':true"

/* The asset object of tl_plugin_open; `config` (NULL or members) replaces and adds. The caller's. */
cJSON *asset_of(const char *config);
tl_plugin *open_asset(const char *config);

/* Why a session is not opened; fails the test when it is. The caller's (tl_plugin_free). */
char *refusal_of(const cJSON *asset);

/* The reply; the caller's. `parameters` are NULL or members. */
cJSON *run_action(tl_plugin *plugin, const char *identifier, const char *parameters);
/* The same for a whole request, which is taken. */
cJSON *run_request(tl_plugin *plugin, cJSON *request);

/* The first row of the data; NULL where there is none. */
const cJSON *first_row(const cJSON *reply);
int row_count(const cJSON *reply);

/* manifests/threatlocker.json; the caller's. */
cJSON *app_manifest(void);

/* Fails the test unless the reply says so, and, with a part that is not NULL, that in its message. */
void assert_success(const cJSON *reply, const char *part);
void assert_failure(const cJSON *reply, const char *part);

#endif
