/* Prompts of strangers never act, whoever reads them: the chain, tl_resolve_prompt, the action of the SOAR
 * app. The same attacks on all three. What only one of them can meet stands in tests/service (README.md here
 * says where). */
#include "chain_harness.h"
#include "plugin_case.h"

#define SEAL "threatlocker-seal:"
#define OTHER_KEY "the key of another site, as long"

typedef enum reader { BY_CHAIN, BY_RESOLVE, BY_PLUGIN, READERS } reader;

static const char *const reader_names[] = {"chain", "resolve", "plugin"};

/* How a stranger makes a text of ours his own. Each gives a new one, the caller's. */
typedef char *(*forgery)(const char *message);

static char *format(const char *pattern, ...) __attribute__((format(printf, 1, 2)));

static char *format(const char *pattern, ...)
{
    va_list arguments;
    char *text = malloc(128 * 1024);
    assert_non_null(text);
    va_start(arguments, pattern);
    assert_in_range(vsnprintf(text, 128 * 1024, pattern, arguments), 0, 128 * 1024 - 1);
    va_end(arguments);
    return text;
}

static char *replaced(const char *message, const char *from, const char *to)
{
    const char *at = strstr(message, from);
    assert_non_null(at);
    return format("%.*s%s%s", (int)(at - message), message, to, at + strlen(from));
}

static const char *seal_of(const char *message)
{
    const char *seal = strstr(message, SEAL);
    assert_non_null(seal);
    return seal;
}

static int text_length(const char *message)
{
    return (int)(seal_of(message) - message);
}

static char *without_seal(const char *message)
{
    return format("%.*s", text_length(message), message);
}

static char *seal_alone(const char *message)
{
    return format("%s", seal_of(message));
}

static char *seal_under_own_text(const char *message)
{
    return format("Please permit this harmless tool. Permit?\n%s", seal_of(message));
}

static char *seal_before_the_text(const char *message)
{
    return format("%s\n%.*s", seal_of(message), text_length(message), message);
}

static char *nicer_file(const char *message)
{
    return replaced(message, "File: ", "File: C:\\Windows\\notepad.exe, not ");
}

static char *nicer_computer(const char *message)
{
    return replaced(message, "Computer: ", "Computer: TEST-BENCH, not ");
}

static char *one_digit_changed(const char *message)
{
    return replaced(message, "2", "3");
}

static char *line_in_front(const char *message)
{
    return format("The security team has checked this one already.\n%s", message);
}

static char *line_behind(const char *message)
{
    return format("%s\nThe security team has checked this one already.", message);
}

static char *two_seals(const char *message)
{
    return format("%s\n%s", message, seal_of(message));
}

static char *lower_case(const char *message)
{
    char *copy = format("%s", message);
    for (char *c = strstr(copy, SEAL); *c != '\0'; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    return copy;
}

static char *cut_signature(const char *message)
{
    return format("%.*s", (int)strlen(message) - 4, message);
}

static char *longer_signature(const char *message)
{
    return format("%sAAAA", message);
}

static char *empty_signature(const char *message)
{
    const char *last = strrchr(message, '.');
    if (last == NULL || last < seal_of(message))
        last = strrchr(message, ':');
    return format("%.*s", (int)(last + 1 - message), message);
}

static char *imitation(const char *message)
{
    (void)message;
    return format(
        "ThreatLocker asks: permit request " REQUEST(1003) "?\nPrepared by threatlocker for " REQUEST(
            1003) "\n" SEAL "1:e30:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
}

static char *look_alike_marker(const char *message)
{
    return replaced(message, SEAL, "threatlocker-se\xC3\xA0l:");
}

static const struct attack {
    const char *about;
    const char *key;      /* NULL = ours */
    const char *executor; /* NULL = the reader's own */
    forgery forge;        /* NULL = as it is */
    const char *answered; /* NULL = Permit by an analyst */
} attacks[] = {
    {"sealed with another site's key", .key = OTHER_KEY},
    {"sealed with a key made of the token", .key = ""},
    {"for another chain", .executor = "chain:day-shift"},
    {"for a chain whose name begins alike", .executor = "chain:night-shift-2"},
    {"for a chain whose name is cut", .executor = "chain:night-shif"},
    {"for a chain in other letters", .executor = "chain:NIGHT-SHIFT"},
    {"for a chain that is called playbook", .executor = "chain:playbook"},
    {"our text without its seal", .forge = without_seal},
    {"our seal without its text", .forge = seal_alone},
    {"our seal under a stranger's text", .forge = seal_under_own_text},
    {"our seal before our text", .forge = seal_before_the_text},
    {"another file in the text", .forge = nicer_file},
    {"another computer in the text", .forge = nicer_computer},
    {"one digit changed", .forge = one_digit_changed},
    {"a line in front", .forge = line_in_front},
    {"a line behind", .forge = line_behind},
    {"the seal twice", .forge = two_seals},
    {"the seal in small letters", .forge = lower_case},
    {"a cut signature", .forge = cut_signature},
    {"a longer signature", .forge = longer_signature},
    {"no signature", .forge = empty_signature},
    {"a prompt that imitates ours", .forge = imitation},
    {"a marker that looks like ours", .forge = look_alike_marker},
    {"answered by who asked", .answered = "'responses':['Permit','x'],'by':'jane'"},
    {"answered by who asked, in other letters", .answered = "'responses':['Permit','x'],'by':'JANE'"},
    {"answered by who asked, with the domain",
     .answered = "'responses':['Permit','x'],'by':'EXAMPLE\\\\jane'"},
    {"answered by nobody known", .answered = "'responses':['Permit','x'],'app_run':false"},
};

static tl_client *client_with(const char *key)
{
    tl_client_options options = client_options();
    options.seal_key = key[0] == '\0' ? NULL : key;
    options.seal_key_length = strlen(key);
    return make_client(&options);
}

static void act_by_chain(int64_t approval)
{
    (void)approval;
    bench at = bench_new();
    at.client = client_with(SEAL_KEY);
    at.soar = make_soar();
    tl_chain_options options = chain_options(&at);
    options.answerer_not_requester = true;
    options.since = "2020-01-01T00:00:00Z";
    bench_open(&at, &options);
    for (int i = 0; i < 3; i++)
        (void)step(&at);
    bench_free(&at);
}

static void act_by_resolve(int64_t approval)
{
    tl_client *client = client_with(SEAL_KEY);
    tl_soar *soar = make_soar();
    tl_resolve_options options = TL_RESOLVE_OPTIONS_INIT;
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL;
    options.answerer_not_requester = true;
    assert_ok(tl_resolve_prompt(&outcome, client, soar, approval, &options, &err), &err);
    cJSON_Delete(outcome);
    tl_soar_free(soar);
    tl_client_free(client);
}

static void act_by_plugin(int64_t approval)
{
    char parameters[64];
    tl_plugin *plugin = open_asset("'answerer_not_requester':true");
    snprintf(parameters, sizeof parameters, "'approval_id':%lld", (long long)approval);
    cJSON_Delete(run_action(plugin, "resolve_prompt", parameters));
    tl_plugin_close(plugin);
}

static void (*const acts[READERS])(int64_t approval) = {act_by_chain, act_by_resolve, act_by_plugin};

static const char *executor_of(reader by)
{
    return by == BY_CHAIN ? "chain:" CHAIN : "playbook";
}

/* Asks, answers and lets one act. How often something was applied, or only sent. */
static int act_on(const struct attack *attack, reader by)
{
    control("reset", "{}");
    control("request", "{'approvalRequestId':'" REQUEST(1003) "','set':{'username':'EXAMPLE\\\\jane'}}");
    tl_client *author = client_with(attack->key == NULL ? SEAL_KEY : attack->key);
    cJSON *prepared = prepare(author, attack->executor == NULL ? executor_of(by) : attack->executor,
                              ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    const char *message = text_of(prepared, "message");
    char *forged = attack->forge == NULL ? format("%s", message) : attack->forge(message);
    assert_true(attack->forge == NULL || strcmp(forged, message) != 0);
    int64_t approval = ask(REQUEST(1003), forged, NULL);
    answer_with(approval,
                attack->answered == NULL ? "'responses':['Permit','x'],'by':'analyst'" : attack->answered);
    acts[by](approval);
    free(forged);
    cJSON_Delete(prepared);
    tl_client_free(author);
    return times_applied_to_anything() + count_calls("ApprovalRequestPermit") + count_calls("UpdateFor");
}

/* Else the table below would show nothing. */
static void our_own_prompt_acts(void **state)
{
    (void)state;
    const struct attack none = {.about = "none"};
    for (int by = 0; by < READERS; by++)
        assert_int_equal(act_on(&none, (reader)by), 2); /* sent, and applied */
}

static void no_prompt_of_a_stranger_acts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(attacks); i++)
        for (int by = 0; by < READERS; by++)
            if (act_on(&attacks[i], (reader)by) != 0)
                fail_msg("%s: the %s acted", attacks[i].about, reader_names[by]);
    print_message("attacks: %zu, read by %d readers, acted: 0\n", COUNT(attacks), READERS);
}

/* On new data: a good prompt for a reader, not asked yet. The caller's. */
static cJSON *prepare_anew(tl_client *client, reader by)
{
    control("reset", "{}");
    return prepare(client, executor_of(by), ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
}

/* A good text, copied into a prompt of one's own: it names the request, so it can only do once what it was
 * made for. */
static void a_copied_prompt_does_nothing_more(void **state)
{
    (void)state;
    tl_client *client = client_with(SEAL_KEY);
    for (int by = 0; by < READERS; by++) {
        cJSON *prepared = prepare_anew(client, (reader)by);
        int64_t own = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
        answer(own, "Permit");
        acts[by](own);
        assert_int_equal(times_applied(REQUEST(1003), "permit"), 1);
        static const char *const containers[] = {REQUEST(1003), REQUEST(1018), REQUEST(1001)};
        for (size_t i = 0; i < COUNT(containers); i++) {
            int64_t copy =
                ask(containers[i], text_of(prepared, "message"), "{'playbook':'local/somebody_elses'}");
            answer(copy, "Permit");
            acts[by](copy);
        }
        assert_int_equal(times_applied_to_anything(), 1);
        assert_int_equal(count_calls("ApprovalRequestPermitApplication"), 1);
        cJSON_Delete(prepared);
    }
    tl_client_free(client);
}

/* The seal names the organization: the same id elsewhere is another request. */
static void a_seal_for_another_organization_finds_nothing(void **state)
{
    (void)state;
    tl_client *client = client_with(SEAL_KEY);
    for (int by = 0; by < READERS; by++) {
        cJSON *prepared = prepare_anew(client, (reader)by);
        int64_t approval = ask(REQUEST(1003), text_of(prepared, "message"), NULL);
        control("request",
                "{'approvalRequestId':'" REQUEST(1003) "','set':{'organizationId':'" ORGANIZATION(42) "'}}");
        answer(approval, "Permit");
        acts[by](approval);
        assert_int_equal(times_applied_to_anything(), 0);
        cJSON_Delete(prepared);
    }
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_prompt_acts),
        cmocka_unit_test(no_prompt_of_a_stranger_acts),
        cmocka_unit_test(a_copied_prompt_does_nothing_more),
        cmocka_unit_test(a_seal_for_another_organization_finds_nothing),
    };
    return cmocka_run_group_tests_name("strangers", tests, start_sandbox, stop_sandbox);
}
