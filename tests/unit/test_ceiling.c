/* What no answer, rule, script or parameter may exceed, and what counts as narrower. */
#include "base/time.h"
#include "details.h"
#include "json_case.h"
#include "portal/ceiling.h"

#define NOW "2026-06-23T15:00:00Z"
#define PATH_RULE "{'path':'C:\\\\Tools\\\\field.exe'}"
#define NEW_WITH(rules) "'application':'new','name':'Field tool','rules':[" rules "]"

/* Everything allowed; each row takes one thing away. */
#define ALL                                                                                                  \
    .max_scope = TL_SCOPE_ORGANIZATION, .allow_builtin = true, .allow_path_rules = true,                     \
    .allow_installation = true, .allow_learning = true, .allow_monitor = true

static cJSON *choose(tl_choice *out, const char *text)
{
    char braced[2048];
    snprintf(braced, sizeof braced, "{%s}", text);
    cJSON *json = json_of(braced);
    tl_error err = TL_ERROR_INIT;
    if (tl_choice_read(out, json, &err) != TL_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    return json;
}

static void a_choice_stays_below_every_limit(void **state)
{
    (void)state;
    static const tl_limits none = {0};
    static const tl_limits group = {.max_scope = TL_SCOPE_GROUP};
    static const tl_limits organization = {.max_scope = TL_SCOPE_ORGANIZATION};
    static const tl_limits installation = {.allow_installation = true};
    static const tl_limits learning = {.allow_learning = true};
    static const tl_limits monitor = {.allow_monitor = true};
    static const tl_limits paths = {.allow_path_rules = true};
    static const tl_limits hour = {.max_expiry_s = 3600};
    static const tl_limits all = {ALL};
    static const tl_limits but_builtin = {.max_scope = TL_SCOPE_ORGANIZATION,
                                          .allow_path_rules = true,
                                          .allow_installation = true,
                                          .allow_learning = true,
                                          .allow_monitor = true};
    static const struct {
        const tl_limits *limits;
        const char *choice;
        bool is_builtin;
        const char *refusal; /* NULL = good */
    } rows[] = {
        {&none, CHOICE_NEW, false, NULL},
        {&none, CHOICE_NEW ",'scope':'computer','scope_encoding':'all_false'", false, NULL},
        {&none, CHOICE_NEW ",'scope':'group'", false, "reaches group, above the limit max_scope = computer"},
        {&none, CHOICE_NEW ",'scope':'organization'", false, "reaches organization"},
        {&group, CHOICE_NEW ",'scope':'computer'", false, NULL},
        {&group, CHOICE_NEW ",'scope':'group'", false, NULL},
        {&group, CHOICE_NEW ",'scope':'organization'", false, "max_scope = group"},
        {&organization, CHOICE_NEW ",'scope':'organization'", false, NULL},
        {&none, CHOICE_EXISTING ",'policy':'existing'", false, "an existing policy may"},
        {&group, CHOICE_EXISTING ",'policy':'existing'", false, "an existing policy may"},
        {&organization, CHOICE_EXISTING ",'policy':'existing'", false, NULL},
        {&but_builtin, CHOICE_BUILTIN ",'scope':'organization'", true, "built-in"},
        {&but_builtin, CHOICE_BUILTIN ",'allow_builtin':true", true, "built-in"},
        {&all, CHOICE_BUILTIN ",'scope':'organization'", true, NULL},
        {&but_builtin, CHOICE_OWN ",'allow_builtin':true", false, NULL},
        {&none, CHOICE_NEW ",'mode':'manual'", false, NULL},
        {&none, CHOICE_NEW ",'mode':'installation'", false, "allow_modes"},
        {&none, CHOICE_NEW ",'mode':'learning'", false, "allow_modes"},
        {&none, CHOICE_NEW ",'mode':'monitor'", false, "allow_modes"},
        {&installation, CHOICE_NEW ",'mode':'installation'", false, NULL},
        {&installation, CHOICE_NEW ",'mode':'learning'", false, "allow_modes"},
        {&installation, CHOICE_NEW ",'mode':'monitor'", false, "allow_modes"},
        {&learning, CHOICE_NEW ",'mode':'learning'", false, NULL},
        {&learning, CHOICE_NEW ",'mode':'monitor'", false, "allow_modes"},
        {&monitor, CHOICE_NEW ",'mode':'monitor'", false, NULL},
        {&monitor, CHOICE_NEW ",'mode':'installation'", false, "allow_modes"},
        {&none, NEW_WITH(PATH_RULE), false, "a rule that is no hash"},
        {&none, NEW_WITH("{'hash':'" HASH "'}," PATH_RULE), false, "a rule that is no hash"},
        {&none, NEW_WITH("{'cert':'CN=Example'}"), false, "a rule that is no hash"},
        {&paths, NEW_WITH("{'hash':'" HASH "'}," PATH_RULE), false, NULL},
        {&all, CHOICE_NEW ",'allow_actioned':true", false, "no limits allow allow_actioned"},
        {&none, CHOICE_NEW, false, NULL},
        {&hour, CHOICE_NEW, false, "max_expiry = 3600 s"},
        {&hour, CHOICE_NEW ",'expires':'2026-06-23T16:00:00Z'", false, NULL},
        {&hour, CHOICE_NEW ",'expires':'2026-06-23T16:00:00.000001Z'", false, "max_expiry = 3600 s"},
        {&hour, CHOICE_NEW ",'expires':'9999-12-31T23:59:59Z'", false, "max_expiry"},
        {&hour, CHOICE_NEW ",'expires':'2026-06-23T16:00:00Z','elevate':'silent','elevate_hours':2", false,
         "the elevation does not end"},
        {&hour,
         CHOICE_NEW ",'expires':'2026-06-23T16:00:00Z','elevate':'silent','elevate_until':"
                    "'2026-06-23T16:00:00.000001Z'",
         false, "the elevation does not end"},
        {&all, CHOICE_NEW ",'expires':'9999-12-31T23:59:59Z'", false, NULL},
    };
    int64_t now_us;
    assert_true(tl_time_parse(NOW, false, &now_us));
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_choice choice;
        tl_error err = TL_ERROR_INIT;
        cJSON *json = choose(&choice, rows[i].choice);
        tl_code code = tl_check_ceiling(rows[i].limits, &choice, rows[i].is_builtin, now_us, &err);
        if (rows[i].refusal != NULL) {
            assert_refused(code, &err, TL_INVALID, rows[i].refusal, rows[i].choice);
        } else if (code != TL_OK) {
            fail_msg("%s: %s", rows[i].choice, err.message);
        }
        cJSON_Delete(json);
    }
}

static void a_storage_choice_stays_below_the_limits_too(void **state)
{
    (void)state;
#define STORAGE_NEW "'policy':'new','name':'Field sticks'"
    static const tl_limits none = {0}, all = {ALL}, hour = {.max_expiry_s = 3600};
    static const struct {
        const tl_limits *limits;
        const char *choice;
        const char *refusal; /* NULL = good */
    } rows[] = {
        {&none, STORAGE_NEW, NULL},
        {&none, STORAGE_NEW ",'scope':'organization'",
         "reaches organization, above the limit max_scope = computer"},
        {&all, STORAGE_NEW ",'scope':'organization'", NULL},
        {&none, "'policy':'existing','policy_id':'" GROUP "'", "an existing policy may"},
        {&all, "'policy':'existing','policy_id':'" GROUP "'", NULL},
        {&none, STORAGE_NEW ",'all_devices':true", "allow_path_rules"},
        {&none, STORAGE_NEW ",'all_paths':true", "allow_path_rules"},
        {&all, STORAGE_NEW ",'all_devices':true,'all_paths':true", NULL},
        {&all, STORAGE_NEW ",'allow_actioned':true", "no limits allow allow_actioned"},
        {&hour, STORAGE_NEW, "max_expiry = 3600 s"},
        {&hour, STORAGE_NEW ",'expires':'2026-06-23T16:00:00.000001Z'", "max_expiry = 3600 s"},
        {&hour, STORAGE_NEW ",'expires':'2026-06-23T16:00:00Z'", NULL},
    };
    int64_t now_us;
    assert_true(tl_time_parse(NOW, false, &now_us));
    for (size_t i = 0; i < COUNT(rows); i++) {
        char braced[512];
        snprintf(braced, sizeof braced, "{%s}", rows[i].choice);
        tl_storage_choice choice;
        tl_error err = TL_ERROR_INIT;
        cJSON *json = json_of(braced);
        assert_int_equal(tl_storage_choice_read(&choice, json, &err), TL_OK);
        tl_code code = tl_check_storage_ceiling(rows[i].limits, &choice, now_us, &err);
        if (rows[i].refusal != NULL)
            assert_refused(code, &err, TL_INVALID, rows[i].refusal, rows[i].choice);
        else if (code != TL_OK)
            fail_msg("%s: %s", rows[i].choice, err.message);
        cJSON_Delete(json);
    }
}

static void a_mode_that_nobody_knows_is_above_every_limit(void **state)
{
    (void)state;
    static const tl_limits all = {ALL};
    tl_choice choice = {.application = TL_APPLICATION_NEW};
    for (choice.mode = -1; choice.mode <= 5; choice.mode++) {
        bool known = choice.mode >= 0 && choice.mode <= 3;
        assert_int_equal(tl_check_ceiling(&all, &choice, false, 0, NULL), known ? TL_OK : TL_INVALID);
    }
}

static void assert_narrower(const char *sealed_text, const char *narrower_text, const char *refusal)
{
    tl_choice sealed, narrower;
    tl_error err = TL_ERROR_INIT;
    cJSON *sealed_json = choose(&sealed, sealed_text);
    cJSON *narrower_json = choose(&narrower, narrower_text);
    tl_code code = tl_check_narrower(&sealed, &narrower, &err);
    if (refusal != NULL) {
        assert_refused(code, &err, TL_INVALID, refusal, narrower_text);
    } else if (code != TL_OK) {
        fail_msg("%s -> %s: %s", sealed_text, narrower_text, err.message);
    }
    cJSON_Delete(narrower_json);
    cJSON_Delete(sealed_json);
}

static void the_same_choice_is_narrow_enough(void **state)
{
    (void)state;
    static const char *const choices[] = {
        CHOICE_NEW,
        CHOICE_OWN ",'scope':'organization'",
        CHOICE_EXISTING ",'policy':'existing','rules':[" PATH_RULE ",{'hash':'" HASH "'}]",
        CHOICE_NEW ",'scope':'group'",
        CHOICE_NEW ",'scope':'group','group_id':'" GROUP "'",
        CHOICE_NEW ",'mode':'learning','expires':'2027-01-01T00:00:00Z'",
        CHOICE_NEW ",'elevate':'silent','elevate_hours':8",
        CHOICE_NEW ",'elevate':'notify','elevate_until':'2027-01-01T00:00:00Z'",
        CHOICE_NEW ",'elevate':'notify','elevate_hours':8,'elevate_until':'2027-01-01T00:00:00Z'",
        CHOICE_NEW ",'elevate':'standard_user'",
        CHOICE_BUILTIN ",'allow_builtin':true",
        CHOICE_NEW ",'scope_encoding':'all_false','body':'minimal','ticket':'T'",
        "'application':'new','name':'Field tool','allow_empty':true",
    };
    for (size_t i = 0; i < COUNT(choices); i++) {
        assert_narrower(choices[i], choices[i], NULL);
    }
}

static void less_is_narrower(void **state)
{
    (void)state;
    static const struct {
        const char *sealed;
        const char *narrower;
    } rows[] = {
        {CHOICE_NEW ",'scope':'organization'", CHOICE_NEW ",'scope':'group'"},
        {CHOICE_NEW ",'scope':'organization'", CHOICE_NEW},
        {CHOICE_NEW ",'scope':'organization'", CHOICE_NEW ",'scope':'group','group_id':'" OTHER_GROUP "'"},
        {CHOICE_NEW ",'scope':'group'", CHOICE_NEW},
        {CHOICE_NEW ",'scope':'group','group_id':'0d000000-0000-4000-8000-00000000007D'",
         CHOICE_NEW ",'scope':'group','group_id':'" GROUP "'"},
        {NEW_WITH(PATH_RULE ",{'hash':'" HASH "'}"), CHOICE_NEW},
        {NEW_WITH(PATH_RULE ",{'hash':'" HASH "'}"), NEW_WITH("{'hash':'" HASH "'}," PATH_RULE)},
        {NEW_WITH("{'path':'C:\\\\Tools\\\\a.exe','cert':'CN=Example'}"),
         NEW_WITH("{'cert':'CN=Example','path':'C:\\\\Tools\\\\a.exe'}")},
        {CHOICE_EXISTING ",'rules':[{'hash':'" HASH "'}]", CHOICE_EXISTING},
        {CHOICE_NEW ",'mode':'learning'", CHOICE_NEW},
        {CHOICE_NEW ",'elevate':'silent','elevate_hours':8", CHOICE_NEW ",'elevate':'no'"},
        {CHOICE_NEW ",'elevate':'silent','elevate_hours':8",
         CHOICE_NEW ",'elevate':'silent','elevate_hours':7"},
        {CHOICE_NEW ",'elevate':'notify','elevate_until':'2027-01-01T00:00:00Z'",
         CHOICE_NEW ",'elevate':'notify','elevate_until':'2026-12-31T00:00:00Z'"},
        {CHOICE_NEW, CHOICE_NEW ",'expires':'2027-01-01T00:00:00Z'"},
        {CHOICE_NEW ",'expires':'2027-01-01T00:00:00Z'", CHOICE_NEW ",'expires':'2026-12-31T00:00:00Z'"},
        {CHOICE_OWN ",'allow_builtin':true", CHOICE_OWN},
        {"'application':'matching','application_id':'0F000000-0000-4000-8000-00000000202F'", CHOICE_OWN},
        {CHOICE_NEW, CHOICE_NEW ",'ticket':'T-1','comments':'Seen','notify':true"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_narrower(rows[i].sealed, rows[i].narrower, NULL);
    }
}

static void more_or_other_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *sealed;
        const char *narrower;
        const char *refusal;
    } rows[] = {
        {CHOICE_NEW, CHOICE_OWN, "another application"},
        {CHOICE_OWN, CHOICE_BUILTIN, "another application"},
        {CHOICE_OWN, CHOICE_EXISTING, "another application"},
        {CHOICE_NEW, "'application':'new','name':'field tool','rules':[{'hash':'" HASH "'}]",
         "another application"},
        {CHOICE_EXISTING ",'rules':[{'hash':'" HASH "'}]",
         CHOICE_EXISTING ",'policy':'existing','rules':[{'hash':'" HASH "'}]", "policy"},
        {CHOICE_EXISTING ",'policy':'existing'", CHOICE_EXISTING, "policy"},
        {CHOICE_NEW, NEW_WITH(PATH_RULE), "adds a rule"},
        {CHOICE_NEW, NEW_WITH("{'hash':'" HASH "'}," PATH_RULE), "adds a rule"},
        {NEW_WITH("{'path':'C:\\\\Tools\\\\a.exe','cert':'CN=Example'}"),
         NEW_WITH("{'path':'C:\\\\Tools\\\\a.exe'}"), "adds a rule"},
        {NEW_WITH("{'path':'C:\\\\Tools\\\\a.exe'}"), NEW_WITH("{'path':'C:\\\\Tools\\\\A.exe'}"),
         "adds a rule"},
        {NEW_WITH("{'path':'C:\\\\Tools\\\\a.exe'}"), NEW_WITH("{'process':'C:\\\\Tools\\\\a.exe'}"),
         "adds a rule"},
        {CHOICE_OWN, CHOICE_OWN ",'rules':[{'hash':'" HASH "'}]", "adds a rule"},
        {CHOICE_NEW, CHOICE_NEW ",'scope':'group'", "wider scope"},
        {CHOICE_NEW, CHOICE_NEW ",'scope':'organization'", "wider scope"},
        {CHOICE_NEW ",'scope':'group'", CHOICE_NEW ",'scope':'organization'", "wider scope"},
        {CHOICE_NEW ",'scope':'group','group_id':'" GROUP "'",
         CHOICE_NEW ",'scope':'group','group_id':'" OTHER_GROUP "'", "another group"},
        {CHOICE_NEW ",'scope':'group'", CHOICE_NEW ",'scope':'group','group_id':'" GROUP "'",
         "another group"},
        {CHOICE_NEW ",'scope':'group','group_id':'" GROUP "'", CHOICE_NEW ",'scope':'group'",
         "another group"},
        {CHOICE_NEW, CHOICE_NEW ",'mode':'learning'", "another mode"},
        {CHOICE_NEW ",'mode':'monitor'", CHOICE_NEW ",'mode':'installation'", "another mode"},
        {CHOICE_NEW, CHOICE_NEW ",'elevate':'notify','elevate_hours':1", "elevates otherwise"},
        {CHOICE_NEW ",'elevate':'notify','elevate_hours':8",
         CHOICE_NEW ",'elevate':'silent','elevate_hours':8", "elevates otherwise"},
        /* A forced standard user is a restriction: leaving it out gives more rights. */
        {CHOICE_NEW ",'elevate':'standard_user'", CHOICE_NEW ",'elevate':'no'", "elevates otherwise"},
        {CHOICE_NEW ",'elevate':'standard_user'", CHOICE_NEW, "elevates otherwise"},
        {CHOICE_NEW ",'elevate':'notify','elevate_hours':8",
         CHOICE_NEW ",'elevate':'notify','elevate_hours':9", "for longer"},
        {CHOICE_NEW ",'elevate':'notify','elevate_until':'2027-01-01T00:00:00Z'",
         CHOICE_NEW ",'elevate':'notify','elevate_until':'2027-01-01T00:00:01Z'", "for longer"},
        {CHOICE_NEW ",'elevate':'notify','elevate_hours':8",
         CHOICE_NEW ",'elevate':'notify','elevate_until':'2026-06-23T15:00:01Z'", "for longer"},
        /* Which of two ends counts is not documented, so none may be added to the other. */
        {CHOICE_NEW ",'elevate':'notify','elevate_hours':1",
         CHOICE_NEW ",'elevate':'notify','elevate_hours':1,'elevate_until':'2099-01-01T00:00:00Z'",
         "for longer"},
        {CHOICE_NEW ",'elevate':'notify','elevate_until':'2026-06-24T00:00:00Z'",
         CHOICE_NEW ",'elevate':'notify','elevate_hours':8760,'elevate_until':'2026-06-24T00:00:00Z'",
         "for longer"},
        {CHOICE_NEW ",'expires':'2027-01-01T00:00:00Z'", CHOICE_NEW, "ends later"},
        {CHOICE_NEW ",'expires':'2027-01-01T00:00:00Z'", CHOICE_NEW ",'expires':'2027-01-01T00:00:01Z'",
         "ends later"},
        {CHOICE_NEW, CHOICE_NEW ",'allow_actioned':true", "loosens a refusal"},
        {CHOICE_BUILTIN, CHOICE_BUILTIN ",'allow_builtin':true", "loosens a refusal"},
        {"'application':'new','name':'Field tool','mode':'learning'",
         "'application':'new','name':'Field tool','mode':'learning','allow_empty':true", "loosens a refusal"},
        {CHOICE_NEW, CHOICE_NEW ",'scope_encoding':'all_false'", "loosens a refusal"},
        {CHOICE_NEW ",'scope_encoding':'all_false'", CHOICE_NEW, "loosens a refusal"},
        /* The minimal body leaves the ringfencing of the details out. */
        {CHOICE_NEW, CHOICE_NEW ",'body':'minimal'", "body"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_narrower(rows[i].sealed, rows[i].narrower, rows[i].refusal);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_choice_stays_below_every_limit),
        cmocka_unit_test(a_storage_choice_stays_below_the_limits_too),
        cmocka_unit_test(a_mode_that_nobody_knows_is_above_every_limit),
        cmocka_unit_test(the_same_choice_is_narrow_enough),
        cmocka_unit_test(less_is_narrower),
        cmocka_unit_test(more_or_other_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
