/* What the plugin's tests share: sessions of an asset that points at the sandbox, and runs of actions. Text
 * that is JSON has ' for ". */
#ifndef TL_TESTS_SERVICE_PLUGIN_CASE_H
#define TL_TESTS_SERVICE_PLUGIN_CASE_H

#include "harness.h"
#include "threatlocker_soar.h"

#define SEAL_KEY "correct horse battery staple"

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
