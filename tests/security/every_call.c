/* Calls every function of the C API that says anything, against a server that tries to make it say a secret,
 * and prints all of it: "\x1e<function> <code> in mode <mode>" and what came out, on standard output; the log
 * on standard error. What is in it is judged by test_secrets.py. */
#include <unistd.h>

#include "chain_harness.h"

static const struct mode {
    const char *name, *relay;
} modes[] = {
    {"forward", "{'mode':'forward'}"},
    {"refuse", "{'mode':'refuse'}"},
    {"error-text", "{'mode':'error','form':'text','status':500}"},
    {"error-json", "{'mode':'error','form':'json','status':400}"},
    {"error-credentials", "{'mode':'error','form':'credentials','status':401}"},
    {"error-nested", "{'mode':'error','form':'nested','status':417}"},
    {"error-base64", "{'mode':'error','form':'base64','status':403}"},
    {"error-shifted", "{'mode':'error','form':'shifted','status':409}"},
    {"error-percent", "{'mode':'error','form':'percent','status':404}"},
    {"error-escaped", "{'mode':'error','form':'escaped','status':400}"},
    {"error-strange", "{'mode':'error','form':'credentials','status':418}"},
    {"helpful-json", "{'mode':'helpful','form':'json'}"},
    {"helpful-credentials", "{'mode':'helpful','form':'credentials'}"},
    {"helpful-escaped", "{'mode':'helpful','form':'escaped'}"},
    {"helpful-base64", "{'mode':'helpful','form':'base64'}"},
    {"helpful-shifted", "{'mode':'helpful','form':'shifted'}"},
    {"helpful-percent", "{'mode':'helpful','form':'percent'}"},
};

static const char *mode_name;

static void head(const char *name, const char *result)
{
    printf("\n\x1e%s %s in mode %s\n", name, result, mode_name);
}

/* Ends `out`. */
static void tell(const char *name, tl_code code, const tl_error *err, cJSON *out)
{
    char *text = out == NULL ? NULL : cJSON_PrintUnformatted(out);
    head(name, tl_code_name(code));
    printf("%s|%s|%s\n", err->message, err->logger_id, text == NULL ? "" : text);
    cJSON_free(text);
    cJSON_Delete(out);
}

#define CALL(name, ...)                                                                                      \
    do {                                                                                                     \
        cJSON *told = NULL;                                                                                  \
        tl_error why = TL_ERROR_INIT;                                                                        \
        tl_code result = name(&told, __VA_ARGS__, &why);                                                     \
        tell(#name, result, &why, told);                                                                     \
    } while (0)

static char portal_name[] = "portal", soar_name[] = "soar";

static void log_line(void *data, const char *line)
{
    fprintf(stderr, "%s log: %s\n", (const char *)data, line);
}

static void event_line(void *data, const char *line)
{
    (void)data;
    head("event", "");
    printf("%s\n", line);
}

static tl_client *loud_client(const char *base_url, const char *proxy, const char *ca_file)
{
    tl_client_options options = client_options();
    tl_error err = TL_ERROR_INIT;
    tl_client *client = NULL;
    options.base_url = base_url;
    options.seal_key = getenv("TL_SECRET_SEAL_KEY");
    options.seal_key_length = strlen(options.seal_key);
    options.settle_time_ms = 100;
    options.connection.timeout_ms = 20000;
    options.connection.connect_timeout_ms = 2000; /* a name may be looked up without end */
    options.connection.retries = -1;
    options.connection.proxy = proxy;
    options.connection.ca_file = ca_file;
    options.connection.log = log_line;
    options.connection.log_data = portal_name;
    assert_ok(tl_client_new(&client, &options, &err), &err);
    return client;
}

static tl_soar *loud_soar(const char *url, const char *proxy, const char *ca_file, bool by_password)
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
    options.connection.timeout_ms = 20000;
    options.connection.connect_timeout_ms = 2000;
    options.connection.retries = -1;
    options.connection.proxy = proxy;
    options.connection.ca_file = ca_file;
    options.connection.log = log_line;
    options.connection.log_data = soar_name;
    assert_ok(tl_soar_new(&soar, &options, &err), &err);
    return soar;
}

static void read_requests(tl_client *client)
{
    tl_request_query query = TL_REQUEST_QUERY_INIT;
    tl_error err = TL_ERROR_INIT;
    tl_page page;
    cJSON *rows = NULL, *row = NULL;
    int64_t count = 0;
    query.children = true;
    tl_code code = tl_request_page(&rows, &page, client, &query, &err);
    tell("tl_request_page", code, &err, rows);
    err = (tl_error)TL_ERROR_INIT;
    code = tl_request_count(&count, client, NULL, true, &err);
    tell("tl_request_count", code, &err, tl_json_new_integer(count));
    tl_requests *requests = NULL;
    err = (tl_error)TL_ERROR_INIT;
    assert_ok(tl_requests_open(&requests, client, &query, &err), &err);
    do {
        err = (tl_error)TL_ERROR_INIT;
        code = tl_requests_next(&row, requests, &err);
        bool more = row != NULL;
        tell("tl_requests_next", code, &err, row);
        if (!more)
            break;
    } while (code == TL_OK);
    tl_requests_close(requests);
    CALL(tl_request_get, client, ORGANIZATION(43), REQUEST(1003));
    CALL(tl_permit_details, client, ORGANIZATION(43), REQUEST(1003));
    CALL(tl_storage_details, client, ORGANIZATION(42), REQUEST(1006));
    cJSON *audit = NULL;
    err = (tl_error)TL_ERROR_INIT;
    code = tl_audit(&audit, NULL, client, NULL, NULL, &err);
    tell("tl_audit", code, &err, audit);
}

static void look_things_up(tl_client *client, const cJSON *details)
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

static void fetch_file(tl_client *client)
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

static void write_all(tl_client *client)
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

static void ask_soar(tl_soar *soar, int64_t approval, const char *external)
{
    tl_approval_query approvals = TL_APPROVAL_QUERY_INIT;
    tl_container_query containers = TL_CONTAINER_QUERY_INIT;
    cJSON *container = json("{'name':'x','label':'events','source_data_identifier':'x'}"),
          *run = json("{'container_id':31,'playbook_id':7}");
    tl_error err = TL_ERROR_INIT;
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
    tl_code code = tl_soar_add_note(&id, soar, 31, "title", "content", &err);
    tell("tl_soar_add_note", code, &err, NULL);
    err = (tl_error)TL_ERROR_INIT;
    code = tl_soar_run_playbook(&id, soar, run, false, &err);
    tell("tl_soar_run_playbook", code, &err, NULL);
    CALL(tl_soar_playbook_run, soar, id == 0 ? 1 : id);
    CALL(tl_soar_external_prompt, soar, external);
    CALL(tl_soar_version, soar);
    cJSON_Delete(container);
    cJSON_Delete(run);
}

static void probe_both(tl_client *client, tl_soar *soar)
{
    tl_probe probe = TL_PROBE_INIT;
    tl_error err = TL_ERROR_INIT;
    tl_code code = tl_client_probe(&probe, client, &err);
    tell("tl_client_probe", code, &err, NULL);
    fwrite(&probe, sizeof probe, 1, stdout);
    err = (tl_error)TL_ERROR_INIT;
    code = tl_soar_probe(&probe, soar, &err);
    tell("tl_soar_probe", code, &err, NULL);
    fwrite(&probe, sizeof probe, 1, stdout);
}

/* So that the log of changes is still there when the chain is closed. */
static void keep_wal(const bench *at)
{
    char from[700], to[700];
    snprintf(from, sizeof from, "%s-wal", at->ledger);
    snprintf(to, sizeof to, "%s/kept-wal", at->directory);
    assert_int_equal(link(from, to), 0);
}

static void step_and_tell(bench *at)
{
    tl_step done;
    tl_error err;
    tl_code code = try_step(at, &done, &err);
    tell("tl_chain_step", code, &err, NULL);
    CALL(tl_chain_history, at->chain, NULL);
}

static void open_chain(bench *at)
{
    *at = bench_new();
    at->client = loud_client(served.portal, NULL, NULL);
    at->soar = loud_soar(served.soar, NULL, NULL, false);
    tl_chain_options options = chain_options(at);
    options.event = event_line;
    options.claims = true;
    bench_open(at, &options);
}

static void every_call_in_every_mode(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(modes); i++) {
        mode_name = modes[i].name;
        control("reset", "{}");
        bench at;
        open_chain(&at);
        tl_soar *by_password = loud_soar(served.soar, NULL, NULL, true);
        tl_error err = TL_ERROR_INIT;
        cJSON *details = NULL, *prompt = json("{'external':true}"), *asked = control_send("prompt", prompt);
        assert_ok(tl_permit_details(&details, at.client, ORGANIZATION(43), REQUEST(1003), &err), &err);
        int64_t open = ask_for(&at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER), answered = 0;
        cJSON *prepared = prepare(at.client, "playbook", ORGANIZATION(42), REQUEST(1001), NEW_FOR_COMPUTER);
        answered = ask(REQUEST(1001), text_of(prepared, "message"), NULL);
        (void)step(&at);
        answer(open, "Permit");
        answer(answered, "Permit");
        control("relay", "%s", modes[i].relay);
        step_and_tell(&at);
        tl_resolve_options resolving = TL_RESOLVE_OPTIONS_INIT;
        CALL(tl_resolve_prompt, at.client, at.soar, answered, &resolving);
        read_requests(at.client);
        look_things_up(at.client, details);
        fetch_file(at.client);
        write_all(at.client);
        ask_soar(at.soar, answered, text_of(asked, "token"));
        ask_soar(by_password, integer_of(asked, "approval"), text_of(asked, "token"));
        probe_both(at.client, at.soar);
        cJSON *options = json("{'executor':'playbook','choice':%s}", NEW_FOR_COMPUTER);
        CALL(tl_prepare_prompt, at.client, ORGANIZATION(43), REQUEST(1003), options);
        cJSON_Delete(options);
        CALL(tl_prompt_seal, at.client, text_of(prepared, "message"));
        CALL(tl_prompt_seal, at.client, "nothing");
        step_and_tell(&at);
        control("relay", "{'mode':'forward'}");
        step_and_tell(&at);
        keep_wal(&at);
        tl_soar_free(by_password);
        bench_close(&at);
        CALL(tl_chain_history_of, at.ledger, NULL);
        free(at.directory);
        cJSON_Delete(prepared);
        cJSON_Delete(asked);
        cJSON_Delete(prompt);
        cJSON_Delete(details);
    }
}

/* A way that ends at a proxy that refuses, or at a peer that nobody can trust. */
static void try_way(const char *name, const char *url, const char *proxy, const char *ca_file)
{
    mode_name = name;
    tl_client *client = loud_client(url, proxy, ca_file);
    tl_soar *soar = loud_soar(url, proxy, ca_file, true);
    CALL(tl_request_get, client, ORGANIZATION(43), REQUEST(1003));
    CALL(tl_reject, client, ORGANIZATION(43), REQUEST(1003), NULL);
    CALL(tl_soar_version, soar);
    probe_both(client, soar);
    tl_client_free(client);
    tl_soar_free(soar);
}

static void blocked_ways(void **state)
{
    (void)state;
    char *proxies = strdup(getenv("TL_SECRET_PROXIES")), *left = NULL;
    char name[64];
    int number = 0;
    for (char *proxy = strtok_r(proxies, " ", &left); proxy != NULL; proxy = strtok_r(NULL, " ", &left)) {
        snprintf(name, sizeof name, "proxy-%d", ++number);
        try_way(name, "https://portal.example.com/portalapi", proxy, NULL);
        snprintf(name, sizeof name, "environment-proxy-%d", number);
        setenv("https_proxy", proxy, 1);
        try_way(name, "https://portal.example.com/portalapi", NULL, NULL);
        unsetenv("https_proxy");
    }
    free(proxies);
    try_way("stranger", getenv("TL_SECRET_STRANGER"), "", NULL);
    /* Through a proxy that opens the way to him. */
    try_way("stranger-by-proxy", "https://portal.example.com/portalapi", getenv("TL_SECRET_OPEN_PROXY"),
            NULL);
}

/* Refused before anything is made of them. */
static void refused_options(void **state)
{
    (void)state;
    static const char *const endings[] = {"\r\nX: 1", "\n", "\x01", "\x7f", " "};
    char secret[300];
    mode_name = "options";
    for (size_t i = 0; i < COUNT(endings); i++) {
        tl_client_options options = client_options();
        tl_soar_options soar_only = soar_options();
        tl_error err = TL_ERROR_INIT;
        tl_client *client = NULL;
        tl_soar *soar = NULL;
        snprintf(secret, sizeof secret, "%s%s", served.token, endings[i]);
        options.token = secret;
        tl_code code = tl_client_new(&client, &options, &err);
        assert_null(client);
        tell("tl_client_new", code, &err, NULL);
        err = (tl_error)TL_ERROR_INIT;
        soar_only.token = secret;
        code = tl_soar_new(&soar, &soar_only, &err);
        assert_null(soar);
        tell("tl_soar_new", code, &err, NULL);
    }
    snprintf(secret, sizeof secret, "https://user:%s@portal.example.com/portalapi",
             getenv("TL_SECRET_URL_PASSWORD"));
    tl_client_options options = client_options();
    tl_error err = TL_ERROR_INIT;
    tl_client *client = NULL;
    options.base_url = secret;
    tl_code code = tl_client_new(&client, &options, &err);
    assert_null(client);
    tell("tl_client_new", code, &err, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_in_every_mode),
        cmocka_unit_test(blocked_ways),
        cmocka_unit_test(refused_options),
    };
    return cmocka_run_group_tests_name("every_call", tests, start_sandbox, stop_sandbox);
}
