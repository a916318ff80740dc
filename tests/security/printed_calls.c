#include "printed_calls.h"

const char *mode_name;

void print_head(const char *name, const char *result)
{
    printf("\n\x1e%s %s in mode %s\n", name, result, mode_name);
}

void print_call(const char *name, tl_code code, const tl_error *err, cJSON *out)
{
    char *text = out == NULL ? NULL : cJSON_PrintUnformatted(out);
    print_head(name, tl_code_name(code));
    printf("%s|%s|%s\n", err->message, err->logger_id, text == NULL ? "" : text);
    cJSON_free(text);
    cJSON_Delete(out);
}

static char portal_name[] = "portal", soar_name[] = "soar";

static void log_line(void *data, const char *line)
{
    fprintf(stderr, "%s log: %s\n", (const char *)data, line);
}

/* Logs everything; tries each call once. */
static void make_loud(tl_connection *connection, char *name, const char *proxy)
{
    connection->timeout_ms = 20000;
    connection->connect_timeout_ms = 2000; /* a name may be looked up without end */
    connection->retries = -1;
    connection->proxy = proxy;
    connection->log = log_line;
    connection->log_data = name;
}

tl_client *loud_client(const char *base_url, const char *proxy)
{
    tl_client_options options = client_options();
    tl_error err = TL_ERROR_INIT;
    tl_client *client = NULL;
    options.base_url = base_url;
    options.seal_key = getenv("TL_SECRET_SEAL_KEY");
    options.seal_key_length = strlen(options.seal_key);
    options.settle_time_ms = 100;
    make_loud(&options.connection, portal_name, proxy);
    assert_ok(tl_client_new(&client, &options, &err), &err);
    return client;
}

tl_soar *loud_soar(const char *url, const char *proxy, bool by_password)
{
    tl_soar_options options = soar_options();
    tl_error err = TL_ERROR_INIT;
    tl_soar *soar = NULL;
    options.url = url;
    if (by_password) {
        options.token = NULL;
        options.user = served.soar_user;
        options.password = served.soar_password;
    }
    make_loud(&options.connection, soar_name, proxy);
    assert_ok(tl_soar_new(&soar, &options, &err), &err);
    return soar;
}

static void walk_requests(tl_client *client, const tl_request_query *query)
{
    tl_requests *requests = NULL;
    tl_error err = TL_ERROR_INIT;
    tl_code code = TL_OK;
    assert_ok(tl_requests_open(&requests, client, query, &err), &err);
    for (bool more = true; more && code == TL_OK;) {
        cJSON *row = NULL;
        code = tl_requests_next(&row, requests, &err);
        more = row != NULL;
        print_call("tl_requests_next", code, &err, row);
    }
    tl_requests_close(requests);
}

void read_requests(tl_client *client)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tl_page page;
    int64_t count = 0;
    query.children = true;
    CALL(tl_request_page, &page, client, &query);
    TELL(tl_json_new_integer(count), tl_request_count, &count, client, NULL, true);
    walk_requests(client, &query);
    CALL(tl_request_get, client, ORGANIZATION(43), REQUEST(1003));
    CALL(tl_permit_details, client, ORGANIZATION(43), REQUEST(1003));
    CALL(tl_storage_details, client, ORGANIZATION(42), REQUEST(1006));
    CALL(tl_audit, NULL, client, NULL, NULL);
}

void look_things_up(tl_client *client, const cJSON *details)
{
    tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
    CALL(tl_matching_applications, client, ORGANIZATION(43), details);
    cJSON *criteria = json("{'hash':'" HASH "'}");
    CALL(tl_match_applications, client, ORGANIZATION(43), criteria);
    cJSON_Delete(criteria);
    CALL(tl_applications, client, ORGANIZATION(43), 1, NULL);
    CALL(tl_maintenance_applications, client, ORGANIZATION(43), 1);
    CALL(tl_application_research, client, APPLICATION(101));
    CALL(tl_application_get, client, ORGANIZATION(42), APPLICATION(201));
    CALL(tl_suggest_conditions, client, ORGANIZATION(43), details);
    CALL(tl_organizations, client, &query);
    CALL(tl_computer_groups, client, ORGANIZATION(42), 0);
}

void fetch_file(tl_client *client)
{
    char path[600];
    snprintf(path, sizeof path, "%s/downloaded-%s", getenv("TMPDIR"), mode_name);
    CALL(tl_file_details, client, ORGANIZATION(10), REQUEST(1011));
    CALL(tl_download_file, client, ORGANIZATION(10), REQUEST(1011), path, NULL);
    static const char *const urls[] = {"redirect", "missing", "expired", "private", "http_other", "userinfo"};
    for (size_t i = 0; i < COUNT(urls); i++) {
        control("switch", "{'file_url':'%s'}", urls[i]);
        CALL(tl_download_file, client, ORGANIZATION(10), REQUEST(1011), path, NULL);
    }
    control("switch", "{'reset':true}");
    control("fault", "{'kind':'status','status':500,'match':'_files','body':'no','times':-1}");
    CALL(tl_download_file, client, ORGANIZATION(10), REQUEST(1011), path, NULL);
    control_delete("fault");
}

void write_all(tl_client *client)
{
    cJSON *choice = json(NEW_FOR_COMPUTER),
          *storage = json("{'policy':'new','name':'Sticks','dry_run':true}"),
          *preview = json("{'reason':'no','dry_run':true}");
    const tl_request_ref both[] = {{ORGANIZATION(42), REQUEST(1001)}, {ORGANIZATION(43), REQUEST(1005)}};
    CALL(tl_permit, client, ORGANIZATION(44), REQUEST(1018), choice);
    CALL(tl_permit_storage, client, ORGANIZATION(42), REQUEST(1006), storage);
    CALL(tl_reject, client, ORGANIZATION(42), REQUEST(1002), preview);
    CALL(tl_reject, client, ORGANIZATION(42), REQUEST(1002), NULL);
    CALL(tl_ignore, client, ORGANIZATION(44), REQUEST(1008), NULL);
    CALL(tl_reject_many, client, both, COUNT(both), NULL);
    CALL(tl_ignore_many, client, both, COUNT(both), NULL);
    CALL(tl_take_ownership, client, ORGANIZATION(42), REQUEST(1004), NULL);
    CALL(tl_authorize, client, ORGANIZATION(43), REQUEST(1012), NULL);
    control("fault", "{'kind':'drop_after_apply','match':'UpdateForReject','times':1}");
    CALL(tl_reject, client, ORGANIZATION(42), REQUEST(1017), NULL);
    cJSON_Delete(choice);
    cJSON_Delete(storage);
    cJSON_Delete(preview);
}

void ask_soar(tl_soar *soar, int64_t approval, const char *external)
{
    tl_approval_query approvals = TL_APPROVAL_QUERY_INIT;
    tl_container_query containers = TL_CONTAINER_QUERY_INIT;
    cJSON *container = json("{'name':'x','label':'events','source_data_identifier':'x'}"),
          *run = json("{'container_id':31,'playbook_id':7}");
    int64_t id = 0;
    CALL(tl_soar_approvals, soar, &approvals);
    CALL(tl_soar_container_approvals, soar, 31);
    CALL(tl_soar_approval, soar, approval);
    CALL(tl_soar_approval_summary, soar, approval);
    CALL(tl_soar_approval_summary, soar, 1);
    CALL(tl_soar_block_results, soar, 0);
    CALL(tl_soar_create_approval, soar, run);
    CALL(tl_soar_prompt_answer, soar, approval);
    CALL(tl_soar_action_run, soar, 1);
    CALL(tl_soar_app_runs, soar, 1);
    CALL(tl_soar_app_run, soar, 1);
    CALL(tl_soar_containers, soar, &containers);
    CALL(tl_soar_container, soar, 31);
    CALL(tl_soar_create_container, soar, container);
    TELL(NULL, tl_soar_add_note, &id, soar, 31, "title", "content");
    TELL(NULL, tl_soar_run_playbook, &id, soar, run, false);
    CALL(tl_soar_playbook_run, soar, id == 0 ? 1 : id);
    CALL(tl_soar_external_prompt, soar, external);
    CALL(tl_soar_version, soar);
    cJSON_Delete(container);
    cJSON_Delete(run);
}

void probe_both(tl_client *client, tl_soar *soar)
{
    tl_probe probe = TL_PROBE_INIT;
    TELL(NULL, tl_client_probe, &probe, client);
    fwrite(&probe, sizeof probe, 1, stdout);
    TELL(NULL, tl_soar_probe, &probe, soar);
    fwrite(&probe, sizeof probe, 1, stdout);
}
