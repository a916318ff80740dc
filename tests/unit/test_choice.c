/* Reading what the caller chose for a permit. */
#include "base/time.h"
#include "details.h"
#include "json_case.h"
#include "portal/choice.h"

static tl_code read_choice(tl_choice *out, cJSON **json, const char *text, tl_error *err)
{
    char braced[8192];
    snprintf(braced, sizeof braced, "{%s}", text);
    *json = json_of(braced);
    *err = (tl_error)TL_ERROR_INIT;
    return tl_choice_read(out, *json, err);
}

static void assert_choice_refused(const char *text, const char *part)
{
    tl_choice choice;
    tl_error err;
    cJSON *json;
    tl_code code = read_choice(&choice, &json, text, &err);
    assert_refused(code, &err, TL_INVALID, part, text);
    cJSON_Delete(json);
}

static void assert_choice_good(const char *text)
{
    tl_choice choice;
    tl_error err;
    cJSON *json;
    if (read_choice(&choice, &json, text, &err) != TL_OK) {
        fail_msg("%s: %s", text, err.message);
    }
    cJSON_Delete(json);
}

static void absent_members_have_the_strictest_values(void **state)
{
    (void)state;
    static const char *const texts[] = {
        CHOICE_OWN,
        CHOICE_OWN ",'name':null,'policy':null,'scope':null,'group_id':null,'rules':null,'mode':null,"
                   "'elevate':null,'elevate_hours':null,'elevate_until':null,'expires':null,'ticket':null,"
                   "'comments':null,'requestor_email':null,'response_subject':null,'response_reason':null,"
                   "'notify':null,'allow_builtin':null,'allow_actioned':null,'allow_empty':null,"
                   "'scope_encoding':null,'body':null,'dry_run':null",
    };
    for (size_t i = 0; i < COUNT(texts); i++) {
        tl_choice choice;
        tl_error err;
        cJSON *json;
        assert_int_equal(read_choice(&choice, &json, texts[i], &err), TL_OK);
        assert_int_equal(choice.application, TL_APPLICATION_MATCHING);
        assert_string_equal(choice.application_id, OWN);
        assert_int_equal(choice.scope, TL_SCOPE_COMPUTER);
        assert_null(choice.name);
        assert_null(choice.group_id);
        assert_null(choice.rules);
        assert_null(choice.terms.ticket);
        assert_null(choice.terms.comments);
        assert_null(choice.terms.requestor_email);
        assert_null(choice.terms.response_subject);
        assert_null(choice.terms.response_reason);
        assert_true(choice.mode == 0 && choice.elevate == 0 && choice.elevate_hours == 0);
        assert_true(choice.elevate_until_us == 0 && choice.terms.expires_us == 0);
        assert_false(choice.existing_policy || choice.scope_given || choice.elevate_given ||
                     choice.terms.notify);
        assert_false(choice.allow_builtin || choice.terms.allow_actioned || choice.allow_empty);
        assert_false(choice.scope_all_false || choice.body_minimal || choice.terms.dry_run);
        cJSON_Delete(json);
    }
}

static void every_member_is_read(void **state)
{
    (void)state;
    tl_choice choice;
    tl_error err;
    cJSON *json;
    int64_t until, expires;
    assert_true(tl_time_parse("2030-01-02T03:04:05.5Z", false, &until));
    assert_true(tl_time_parse("2031-01-02T03:04:05Z", false, &expires));
    assert_int_equal(read_choice(&choice, &json,
                                 CHOICE_NEW
                                 ",'policy':'new','scope':'group','group_id':'" GROUP
                                 "','mode':'monitor','elevate':'silent','elevate_hours':8760,"
                                 "'elevate_until':'2030-01-02T03:04:05.5Z','expires':'2031-01-02T03:04:05+"
                                 "00:00','ticket':'T','comments':'C','requestor_email':'E',"
                                 "'response_subject':'S','response_reason':'R','notify':true,"
                                 "'allow_builtin':true,'allow_actioned':true,'allow_empty':true,"
                                 "'scope_encoding':'official','body':'minimal','dry_run':true",
                                 &err),
                     TL_OK);
    assert_int_equal(choice.application, TL_APPLICATION_NEW);
    assert_string_equal(choice.name, "Field tool");
    assert_int_equal(choice.scope, TL_SCOPE_GROUP);
    assert_string_equal(choice.group_id, GROUP);
    assert_int_equal(cJSON_GetArraySize(choice.rules), 1);
    assert_true(choice.mode == 3 && choice.elevate == 2 && choice.elevate_hours == 8760);
    assert_true(choice.elevate_until_us == until && choice.terms.expires_us == expires);
    assert_string_equal(choice.terms.ticket, "T");
    assert_string_equal(choice.terms.comments, "C");
    assert_string_equal(choice.terms.requestor_email, "E");
    assert_string_equal(choice.terms.response_subject, "S");
    assert_string_equal(choice.terms.response_reason, "R");
    assert_true(choice.scope_given && choice.elevate_given && choice.terms.notify && choice.allow_builtin);
    assert_true(choice.terms.allow_actioned && choice.allow_empty && choice.body_minimal &&
                choice.terms.dry_run);
    assert_false(choice.scope_all_false || choice.existing_policy);
    cJSON_Delete(json);
}

static void words_have_their_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        tl_choice expected;
    } rows[] = {
        {CHOICE_EXISTING, {.application = TL_APPLICATION_EXISTING}},
        {CHOICE_EXISTING ",'policy':'existing'",
         {.application = TL_APPLICATION_EXISTING, .existing_policy = true}},
        {CHOICE_OWN ",'scope':'computer'", {.scope = TL_SCOPE_COMPUTER}},
        {CHOICE_OWN ",'scope':'organization'", {.scope = TL_SCOPE_ORGANIZATION}},
        {CHOICE_OWN ",'mode':'manual'", {.mode = 0}},
        {CHOICE_OWN ",'mode':'installation'", {.mode = 1}},
        {CHOICE_OWN ",'mode':'learning'", {.mode = 2}},
        {CHOICE_OWN ",'elevate':'no'", {.elevate = 0}},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':1", {.elevate = 1, .elevate_hours = 1}},
        {CHOICE_OWN ",'elevate':'standard_user'", {.elevate = 3}},
        {CHOICE_OWN ",'scope_encoding':'all_false'", {.scope_all_false = true}},
        {CHOICE_OWN ",'body':'full'", {.body_minimal = false}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_choice choice;
        tl_error err;
        cJSON *json;
        const tl_choice *expected = &rows[i].expected;
        assert_int_equal(read_choice(&choice, &json, rows[i].text, &err), TL_OK);
        assert_int_equal(choice.application, expected->application);
        assert_int_equal(choice.existing_policy, expected->existing_policy);
        assert_int_equal(choice.scope, expected->scope);
        assert_int_equal(choice.mode, expected->mode);
        assert_int_equal(choice.elevate, expected->elevate);
        assert_int_equal(choice.elevate_hours, expected->elevate_hours);
        assert_int_equal(choice.scope_all_false, expected->scope_all_false);
        assert_int_equal(choice.body_minimal, expected->body_minimal);
        cJSON_Delete(json);
    }
    assert_string_equal(tl_scope_name(TL_SCOPE_COMPUTER), "computer");
    assert_string_equal(tl_scope_name(TL_SCOPE_GROUP), "group");
    assert_string_equal(tl_scope_name(TL_SCOPE_ORGANIZATION), "organization");
}

static void other_words_are_refused_with_the_known_ones(void **state)
{
    (void)state;
    static const struct {
        const char *member;
        const char *part;
    } rows[] = {
        {"application", "application must be one of: matching, existing, new"},
        {"policy", "policy must be one of: new, existing"},
        {"scope", "scope must be one of: computer, group, organization"},
        {"mode", "mode must be one of: manual, installation, learning, monitor"},
        {"elevate", "elevate must be one of: no, notify, silent, standard_user"},
        {"scope_encoding", "scope_encoding must be one of: official, all_false"},
        {"body", "body must be one of: full, minimal"},
    };
    static const char *const values[] = {"'organisation'", "'New'", "''", "' new'", "true", "0", "[]", "{}"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t j = 0; j < COUNT(values); j++) {
            char text[256];
            const char *rest = strcmp(rows[i].member, "application") == 0 ? "" : ",'application':'matching'";
            snprintf(text, sizeof text, "'%s':%s,'application_id':'%s'%s", rows[i].member, values[j], OWN,
                     rest);
            assert_choice_refused(text, rows[i].part);
        }
    }
}

static void values_of_a_wrong_type_are_refused_by_name(void **state)
{
    (void)state;
    static const char *const texts[] = {"name",         "ticket",           "comments", "requestor_email",
                                        "expires",      "response_subject", "group_id", "response_reason",
                                        "elevate_until"};
    static const char *const no_texts[] = {"1", "true", "['a']", "{'a':1}"};
    static const char *const flags[] = {"notify", "allow_builtin", "allow_actioned", "allow_empty",
                                        "dry_run"};
    static const char *const no_flags[] = {"1", "0", "'true'", "[]", "{}"};
    char text[256], part[64];
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (size_t j = 0; j < COUNT(no_texts); j++) {
            snprintf(text, sizeof text, "%s,'%s':%s", CHOICE_OWN, texts[i], no_texts[j]);
            snprintf(part, sizeof part, "%s must be a text", texts[i]);
            assert_choice_refused(text, part);
        }
    }
    for (size_t i = 0; i < COUNT(flags); i++) {
        for (size_t j = 0; j < COUNT(no_flags); j++) {
            snprintf(text, sizeof text, "%s,'%s':%s", CHOICE_OWN, flags[i], no_flags[j]);
            snprintf(part, sizeof part, "%s must be true or false", flags[i]);
            assert_choice_refused(text, part);
        }
    }
}

static void wrong_values_are_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {"", "application is missing"},
        {"'application':null", "application is missing"},
        {"'application_id':'" OWN "'", "application is missing"},
        {CHOICE_OWN ",'Scope':'computer'", "unknown member: Scope"},
        {CHOICE_OWN ",'status':1", "unknown member: status (known: application, application_id, name, "},
        {CHOICE_OWN ",'':1", "unknown member"},
        {"'application':'matching'", "application_id is missing"},
        {"'application':'existing'", "application_id is missing"},
        {"'application':'matching','application_id':null", "never picked silently"},
        {"'application':'matching','application_id':''", "application_id must be a GUID"},
        {"'application':'matching','application_id':'" ZERO_GUID "'", "application_id must be a GUID"},
        {"'application':'matching','application_id':'{" OWN "}'", "application_id must be a GUID"},
        {"'application':'matching','application_id':'" OWN " '", "application_id must be a GUID"},
        {"'application':'matching','application_id':7", "application_id must be a text"},
        {CHOICE_OWN ",'scope':'group','group_id':'front desks'", "group_id must be a GUID"},
        {CHOICE_OWN ",'scope':'group','group_id':'" ZERO_GUID "'", "group_id must be a GUID"},
        {"'application':'new'", "name of the new application is missing"},
        {"'application':'new','name':''", "name of the new application is missing"},
        {"'application':'new','name':' \\t\\r\\n\\f\\u000b'", "name of the new application is missing"},
        {"'application':'new','name':'Field tool'", "rules are missing"},
        {"'application':'new','name':'Field tool','rules':[]", "rules are missing"},
        {"'application':'new','name':'Field tool','rules':{}", "rules are missing"},
        {CHOICE_OWN ",'expires':'2026-12-31'", "expires must be a UTC time"},
        {CHOICE_OWN ",'expires':'2026-12-31T18:00:00'", "expires must be a UTC time"},
        {CHOICE_OWN ",'expires':'2026-12-31T18:00:00+01:00'", "expires must be a UTC time"},
        {CHOICE_OWN ",'expires':'2026-02-30T18:00:00Z'", "expires must be a UTC time"},
        {CHOICE_OWN ",'expires':''", "expires must be a UTC time"},
        /* 0 means "never" inside: a time that reads as 0 must not come to mean that. */
        {CHOICE_OWN ",'expires':'1970-01-01T00:00:00Z'", "expires must be a UTC time"},
        {CHOICE_OWN ",'expires':'1970-01-01T00:00:00.0000009Z'", "expires must be a UTC time"},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':1,'elevate_until':'1970-01-01T00:00:00Z'",
         "elevate_until must be a UTC time"},
        {CHOICE_OWN ",'elevate':'notify','elevate_until':'tomorrow'", "elevate_until must be a UTC time"},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':0", "elevate_hours must be a whole number"},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':-1", "elevate_hours must be a whole number"},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':8761", "from 1 to 8760"},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':1.5", "elevate_hours must be a whole number"},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':1e1", "elevate_hours must be a whole number"},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':'8'", "elevate_hours must be a whole number"},
        {CHOICE_OWN ",'elevate':'notify','elevate_hours':18446744073709551617",
         "elevate_hours must be a whole number"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_choice_refused(rows[i].text, rows[i].part);
    }
    static const char *const no_objects[] = {"[]", "null", "'matching'", "1", "true"};
    for (size_t i = 0; i < COUNT(no_objects); i++) {
        tl_choice choice;
        tl_error err = TL_ERROR_INIT;
        cJSON *json = json_of(no_objects[i]);
        tl_code code = tl_choice_read(&choice, json, &err);
        assert_refused(code, &err, TL_INVALID, "choice must be an object", no_objects[i]);
        cJSON_Delete(json);
    }
}

static void members_that_contradict_each_other_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *part;
    } rows[] = {
        {CHOICE_NEW ",'application_id':'" OWN "'", "two applications"},
        {CHOICE_OWN ",'name':'Field tool'", "name is for application = new only"},
        {CHOICE_EXISTING ",'name':''", "name is for application = new only"},
        {CHOICE_NEW ",'policy':'existing'", "policy = existing needs"},
        {CHOICE_EXISTING ",'policy':'existing','scope':'computer'", "takes no scope"},
        {CHOICE_EXISTING ",'policy':'existing','scope':'organization'", "takes no scope"},
        {CHOICE_EXISTING ",'policy':'existing','group_id':'" GROUP "'", "two scopes"},
        {CHOICE_OWN ",'group_id':'" GROUP "'", "two scopes"},
        {CHOICE_OWN ",'scope':'computer','group_id':'" GROUP "'", "two scopes"},
        {CHOICE_OWN ",'scope':'organization','group_id':'" GROUP "'", "two scopes"},
        {CHOICE_OWN ",'scope':'group','scope_encoding':'all_false'", "scope = computer only"},
        {CHOICE_OWN ",'scope':'organization','scope_encoding':'all_false'", "scope = computer only"},
        {CHOICE_OWN ",'elevate':'notify'", "elevate needs elevate_hours or elevate_until"},
        {CHOICE_OWN ",'elevate':'silent'", "elevate needs elevate_hours or elevate_until"},
        {CHOICE_OWN ",'elevate_hours':1", "need elevate = notify or silent"},
        {CHOICE_OWN ",'elevate_until':'2030-01-01T00:00:00Z'", "need elevate = notify or silent"},
        {CHOICE_OWN ",'elevate':'no','elevate_hours':1", "need elevate = notify or silent"},
        {CHOICE_OWN ",'elevate':'standard_user','elevate_hours':1", "need elevate = notify or silent"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_choice_refused(rows[i].text, rows[i].part);
    }
}

static void lengths_are_limited(void **state)
{
    (void)state;
    static const struct {
        const char *before;
        size_t longest;
        const char *part;
    } rows[] = {
        {"'application':'new','mode':'learning','name':'", 200, "name must be at most 200"},
        {CHOICE_OWN ",'comments':'", 4000, "comments must be a text of at most 4000"},
        {CHOICE_OWN ",'ticket':'", 4000, "ticket must be a text of at most 4000"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t more = 0; more <= 1; more++) {
            char text[8192];
            size_t used = (size_t)snprintf(text, sizeof text, "%s", rows[i].before);
            memset(text + used, 'n', rows[i].longest + more);
            snprintf(text + used + rows[i].longest + more, 2, "'");
            if (more == 0) {
                assert_choice_good(text);
            } else {
                assert_choice_refused(text, rows[i].part);
            }
        }
    }
}

static void rules_are_checked_one_by_one(void **state)
{
    (void)state;
    static const char *const good[] = {
        "",
        "{'hash':'" HASH "'}",
        "{'hash':'ABCDEFabcdef00112233445566778899'}",
        "{'hash':'" HASH HASH "'}",
        "{'path':'C:\\\\Tools\\\\*'}",
        "{'path':'C:\\\\Tools\\\\field.exe','process':'C:\\\\Tools\\\\run.exe'}",
        "{'path':'/usr/local/bin/field'}",
        "{'cert':'CN=Example Field Service LLC'}",
        "{'created_by':'*\\\\setup.exe'}",
        "{'path':'C:\\\\Tools\\\\field.exe','hash':null}",
        "{'path':'C:\\\\Tools\\\\field.exe'},{'hash':'" HASH "'}",
    };
    static const struct {
        const char *rule;
        const char *part;
    } wrong[] = {
        {"'" HASH "'", "each rule must be an object"},
        {"null", "each rule must be an object"},
        {"[]", "each rule must be an object"},
        {"{}", "a rule needs hash, or at least one of"},
        {"{'hash':null}", "a rule needs hash, or at least one of"},
        {"{'sha256':'" HASH "'}", "unknown member: sha256"},
        {"{'fullPath':'C:\\\\Tools'}", "unknown member: fullPath"},
        {"{'hash':'" HASH "','path':'C:\\\\Tools\\\\a.exe'}", "must hold only the hash"},
        {"{'hash':'" HASH "','path':null}", "must hold only the hash"},
        {"{'hash':''}", "32 to 128 hex digits"},
        {"{'hash':'0123456789abcdef0123456789abcde'}", "32 to 128 hex digits"},
        {"{'hash':'" HASH HASH "0'}", "32 to 128 hex digits"},
        {"{'hash':'0123456789abcdef0123456789abcde*'}", "32 to 128 hex digits"},
        {"{'hash':'0123456789abcdef0123456789abcdeg'}", "32 to 128 hex digits"},
        {"{'hash':7}", "32 to 128 hex digits"},
        {"{'path':7}", "path must be a text"},
        {"{'path':'C:\\\\Tools\\\\a.exe','cert':true}", "cert must be a text"},
        {"{'path':'C:\\\\Tools\\n\\\\a.exe'}", "path holds a control character"},
        {"{'process':'C:\\\\Tools\\u007f'}", "process holds a control character"},
        {"{'path':'C:\\\\Tools\\\\a.exe'},{'hash':'x'}", "32 to 128 hex digits"},
    };
    char text[1024];
    for (size_t i = 0; i < COUNT(good); i++) {
        snprintf(text, sizeof text, "%s,'rules':[%s]", CHOICE_EXISTING, good[i]);
        assert_choice_good(text);
    }
    for (size_t i = 0; i < COUNT(wrong); i++) {
        snprintf(text, sizeof text, "%s,'rules':[%s]", CHOICE_EXISTING, wrong[i].rule);
        assert_choice_refused(text, wrong[i].part);
    }
    assert_choice_good(CHOICE_EXISTING ",'rules':{}");
    assert_choice_refused(CHOICE_EXISTING ",'rules':{'hash':'" HASH "'}", "rules must be a list");
    assert_choice_refused(CHOICE_EXISTING ",'rules':'" HASH "'", "rules must be a list");
    char many[8192];
    for (int count = 50; count <= 51; count++) {
        size_t used = (size_t)snprintf(many, sizeof many, "%s,'rules':[", CHOICE_EXISTING);
        for (int i = 0; i < count; i++) {
            used +=
                (size_t)snprintf(many + used, sizeof many - used, "%s{'hash':'%s'}", i > 0 ? "," : "", HASH);
        }
        snprintf(many + used, sizeof many - used, "]");
        if (count == 50) {
            assert_choice_good(many);
        } else {
            assert_choice_refused(many, "at most 50 rules");
        }
    }
}

static void patterns_that_match_almost_anything_are_refused(void **state)
{
    (void)state;
    static const char *const parts[] = {"path", "process", "cert", "created_by"};
    static const char *const wide[] = {"",
                                       "*",
                                       "**",
                                       "?",
                                       "*.*",
                                       "C:\\\\",
                                       "C:\\\\*",
                                       "c:/*",
                                       "?:\\\\*",
                                       "*.exe",
                                       "C:\\\\*.exe",
                                       "C:\\\\*\\\\*.dll",
                                       "\\\\\\\\*\\\\*",
                                       "\\\\\\\\?\\\\C:\\\\*",
                                       "..\\\\..\\\\*",
                                       "/*",
                                       "   ",
                                       "CN=*",
                                       "*\\\\a\\\\b\\\\*"};
    for (size_t i = 0; i < COUNT(parts); i++) {
        for (size_t j = 0; j < COUNT(wide); j++) {
            char text[256];
            snprintf(text, sizeof text, "%s,'rules':[{'%s':'%s'}]", CHOICE_EXISTING, parts[i], wide[j]);
            assert_choice_refused(text, "is too wide");
        }
    }
    /* One narrow part does not excuse a wide one. */
    assert_choice_refused(CHOICE_EXISTING ",'rules':[{'path':'C:\\\\Tools\\\\a.exe','process':'*'}]",
                          "process \"*\" is too wide");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_members_have_the_strictest_values),
        cmocka_unit_test(every_member_is_read),
        cmocka_unit_test(words_have_their_numbers),
        cmocka_unit_test(other_words_are_refused_with_the_known_ones),
        cmocka_unit_test(values_of_a_wrong_type_are_refused_by_name),
        cmocka_unit_test(wrong_values_are_refused_by_name),
        cmocka_unit_test(members_that_contradict_each_other_are_refused),
        cmocka_unit_test(lengths_are_limited),
        cmocka_unit_test(rules_are_checked_one_by_one),
        cmocka_unit_test(patterns_that_match_almost_anything_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
