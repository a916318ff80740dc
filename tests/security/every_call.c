/* Calls every function of the C API that says anything, against a server that tries to make it say a secret,
 * and prints all of it (printed_calls.h). What is in it is judged by test_secrets.py. */
#include <unistd.h>

#include "printed_calls.h"

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

static void event_line(void *data, const char *line)
{
    (void)data;
    print_head("event", "");
    printf("%s\n", line);
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
    print_call("tl_chain_step", code, &err, NULL);
    CALL(tl_chain_history, at->chain, NULL);
}

static void open_chain(bench *at)
{
    *at = bench_new();
    at->client = loud_client(served.portal, NULL);
    at->soar = loud_soar(served.soar, NULL, false);
    tl_chain_options options = chain_options(at);
    options.event = event_line;
    options.claims = true;
    bench_open(at, &options);
}

/* What every mode is tried on. */
typedef struct scene {
    bench at;             /* a chain with an answered prompt of its own */
    tl_soar *by_password; /* the same SOAR with other credentials */
    cJSON *details;
    cJSON *prepared;  /* another prompt, for the playbook, ... */
    int64_t answered; /* ... asked and answered */
    cJSON *external;  /* the reply to an external prompt */
} scene;

static void begin_scene(scene *all)
{
    tl_error err = TL_ERROR_INIT;
    cJSON *prompt = json("{'external':true}");
    control("reset", "{}");
    open_chain(&all->at);
    all->by_password = loud_soar(served.soar, NULL, true);
    all->details = NULL;
    assert_ok(tl_permit_details(&all->details, all->at.client, ORGANIZATION(43), REQUEST(1003), &err), &err);
    all->external = control_send("prompt", prompt);
    int64_t own = ask_for(&all->at, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    all->prepared = prepare(all->at.client, "playbook", ORGANIZATION(42), REQUEST(1001), NEW_FOR_COMPUTER);
    all->answered = ask(REQUEST(1001), text_of(all->prepared, "message"), NULL);
    (void)step(&all->at);
    answer(own, "Permit");
    answer(all->answered, "Permit");
    cJSON_Delete(prompt);
}

static void call_all(scene *all)
{
    tl_client *client = all->at.client;
    tl_resolve_options resolving = TL_RESOLVE_OPTIONS_INIT;
    cJSON *options = json("{'executor':'playbook','choice':%s}", NEW_FOR_COMPUTER);
    step_and_tell(&all->at);
    CALL(tl_resolve_prompt, client, all->at.soar, all->answered, &resolving);
    read_requests(client);
    look_things_up(client, all->details);
    fetch_file(client);
    write_all(client);
    ask_soar(all->at.soar, all->answered, text_of(all->external, "token"));
    ask_soar(all->by_password, integer_of(all->external, "approval"), text_of(all->external, "token"));
    probe_both(client, all->at.soar);
    CALL(tl_prepare_prompt, client, ORGANIZATION(43), REQUEST(1003), options);
    CALL(tl_prompt_seal, client, text_of(all->prepared, "message"));
    CALL(tl_prompt_seal, client, "nothing");
    step_and_tell(&all->at);
    cJSON_Delete(options);
}

/* The chain goes on by a good service, and its ledger is read without it. */
static void end_scene(scene *all)
{
    control("relay", "{'mode':'forward'}");
    step_and_tell(&all->at);
    keep_wal(&all->at);
    tl_soar_free(all->by_password);
    bench_close(&all->at);
    CALL(tl_chain_history_of, all->at.ledger, NULL);
    free(all->at.directory);
    cJSON_Delete(all->prepared);
    cJSON_Delete(all->external);
    cJSON_Delete(all->details);
}

static void every_call_in_every_mode(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(modes); i++) {
        scene all;
        mode_name = modes[i].name;
        begin_scene(&all);
        control("relay", "%s", modes[i].relay);
        call_all(&all);
        end_scene(&all);
    }
}

/* A way that ends at a proxy that refuses, or at a peer that nobody can trust. */
static void try_way(const char *name, const char *url, const char *proxy)
{
    mode_name = name;
    tl_client *client = loud_client(url, proxy);
    tl_soar *soar = loud_soar(url, proxy, true);
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
        try_way(name, "https://portal.example.com/portalapi", proxy);
        snprintf(name, sizeof name, "environment-proxy-%d", number);
        setenv("https_proxy", proxy, 1);
        try_way(name, "https://portal.example.com/portalapi", NULL);
        unsetenv("https_proxy");
    }
    free(proxies);
    try_way("stranger", getenv("TL_SECRET_STRANGER"), "");
    /* Through a proxy that opens the way to him. */
    try_way("stranger-by-proxy", "https://portal.example.com/portalapi", getenv("TL_SECRET_OPEN_PROXY"));
}

/* Refused before anything is made of them. */

static void refuse_client(tl_client_options *options)
{
    tl_client *client = NULL;
    TELL(NULL, tl_client_new, &client, options);
    assert_null(client);
}

static void refuse_soar(tl_soar_options *options)
{
    tl_soar *soar = NULL;
    TELL(NULL, tl_soar_new, &soar, options);
    assert_null(soar);
}

static void refused_options(void **state)
{
    (void)state;
    static const char *const endings[] = {"\r\nX: 1", "\n", "\x01", "\x7f", " "};
    char secret[300];
    tl_client_options portal = client_options();
    tl_soar_options soar = soar_options();
    mode_name = "options";
    portal.token = soar.token = secret;
    for (size_t i = 0; i < COUNT(endings); i++) {
        snprintf(secret, sizeof secret, "%s%s", served.token, endings[i]);
        refuse_client(&portal);
        refuse_soar(&soar);
    }
    portal = client_options();
    portal.base_url = secret;
    snprintf(secret, sizeof secret, "https://user:%s@portal.example.com/portalapi",
             getenv("TL_SECRET_URL_PASSWORD"));
    refuse_client(&portal);
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
