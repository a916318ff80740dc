/* Lookups against the sandbox's own data, and its switches for what nobody knows. */
#include "scripted.h"

static int count_and_delete(cJSON *rows)
{
    int count = cJSON_GetArraySize(rows);
    cJSON_Delete(rows);
    return count;
}

static const cJSON *row_of(const cJSON *rows, const char *member, const char *value)
{
    const cJSON *row;
    cJSON_ArrayForEach (row, rows)
        if (strcmp(text_of(row, member), value) == 0)
            return row;
    fail_msg("no row with %s %s", member, value);
    return NULL;
}

static void applications_are_found_in_both_lists(void **state)
{
    (void)state;
    static const char *const add_lists[] = {"present", "404"};
    for (size_t i = 0; i < COUNT(add_lists); i++) {
        cJSON *rows;
        control("switch", "{'add_list':'%s'}", add_lists[i]);
        assert_ok(tl_applications(&rows, client, ORGANIZATION(42), 1, NULL, &err), &err);
        (void)row_of(rows, "applicationId", APPLICATION(202));
        cJSON_Delete(rows);
        assert_ok(tl_applications(&rows, client, ORGANIZATION(42), 1, "no such name", &err), &err);
        assert_int_equal(count_and_delete(rows), 0);
    }
    cJSON *rows;
    control("switch", "{'application_options':'404'}");
    assert_code(tl_applications(&rows, client, ORGANIZATION(42), 1, NULL, &err), &err, TL_NOT_FOUND);
}

static void applications_are_described(void **state)
{
    (void)state;
    cJSON *out;
    assert_ok(tl_maintenance_applications(&out, client, ORGANIZATION(42), 1, &err), &err);
    (void)row_of(out, "value", APPLICATION(202));
    cJSON_Delete(out);
    assert_ok(tl_application_get(&out, client, ORGANIZATION(42), APPLICATION(202), &err), &err);
    assert_text(out, "applicationId", APPLICATION(202));
    cJSON_Delete(out);
    assert_ok(tl_application_research(&out, client, APPLICATION(101), &err), &err);
    cJSON_Delete(out);
    assert_code(tl_application_research(&out, client, APPLICATION(202), &err), &err, TL_NOT_FOUND);
}

static void organizations_are_listed_by_each_endpoint(void **state)
{
    (void)state;
    static const char *const words[] = {"move", "parameters", "children"};
    static const char *const shapes[] = {"organizationId", "id", "value"};
    for (size_t i = 0; i < 3; i++) {
        const char *const via[] = {words[i], NULL};
        tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
        cJSON *rows;
        query.via = via;
        for (size_t j = 0; j < 3; j++) {
            control("switch", "{'children_shape':'%s'}", shapes[j]);
            assert_ok(tl_organizations(&rows, client, &query, &err), &err);
            assert_text(row_of(rows, "organizationId", ORGANIZATION(42)), "name", "Example Dental Group");
            cJSON_Delete(rows);
        }
        query.search = "dental";
        assert_ok(tl_organizations(&rows, client, &query, &err), &err);
        assert_int_equal(count_and_delete(rows), 1);
    }
}

static void many_organizations_are_listed_whole(void **state)
{
    (void)state;
    static const char *const via[] = {"parameters", NULL};
    tl_organization_query query = TL_ORGANIZATION_QUERY_INIT;
    cJSON *rows;
    query.via = via;
    query.search = "example client";
    control("seed", "{'default':true,'organizations_generate':1203}");
    assert_ok(tl_organizations(&rows, client, &query, &err), &err);
    assert_int_equal(count_and_delete(rows), 1203);
    assert_int_equal(count_calls("OrganizationGetChildOrganizationsByParameters"), 3);
}

static void groups_are_the_same_from_both_endpoints(void **state)
{
    (void)state;
    static const char *const readings[] = {"word", "id"};
    for (int64_t os = 0; os <= 2; os++) {
        cJSON *first, *second;
        control("switch", "{'reset':true}");
        assert_ok(tl_computer_groups(&first, client, ORGANIZATION(42), os, &err), &err);
        int count = cJSON_GetArraySize(first);
        assert_true(count > 0);
        control("switch", "{'groups_for_permit':'404'}");
        for (size_t i = 0; i < 2; i++) {
            control("switch", "{'dropdown_os':'%s'}", readings[i]);
            assert_ok(tl_computer_groups(&second, client, ORGANIZATION(42), os, &err), &err);
            const cJSON *group;
            cJSON_ArrayForEach (group, first)
                (void)row_of(second, "computerGroupId", text_of(group, "computerGroupId"));
            cJSON_Delete(second);
        }
        cJSON_Delete(first);
    }
}

static void counts_and_files_are_read(void **state)
{
    (void)state;
    static const char *const none[] = {"null_url", "empty_url", "null"};
    int64_t with_children, own;
    assert_ok(tl_request_count(&with_children, client, NULL, true, &err), &err);
    assert_ok(tl_request_count(&own, client, NULL, false, &err), &err);
    assert_true(own > 0 && own < with_children);
    cJSON *out;
    assert_ok(tl_file_details(&out, client, ORGANIZATION(10), REQUEST(1011), &err), &err);
    assert_true(text_of(out, "fileUrl")[0] != '\0');
    cJSON_Delete(out);
    for (size_t i = 0; i < COUNT(none); i++) {
        control("switch", "{'no_file':'%s'}", none[i]);
        err = (tl_error)TL_ERROR_INIT;
        assert_code(tl_file_details(&out, client, ORGANIZATION(43), REQUEST(1003), &err), &err, TL_NOT_FOUND);
    }
}

static void the_audit_trail_shows_a_write(void **state)
{
    (void)state;
    cJSON *answer = json("{'reason':'not needed'}"), *out;
    assert_ok(tl_reject(&out, client, ORGANIZATION(43), REQUEST(1003), answer, &err), &err);
    cJSON_Delete(out);
    cJSON_Delete(answer);
    cJSON *query = json("{'object_id':'" REQUEST(1003) "','action':'Modify','since':'2020-01-01T00:00:00Z'}");
    tl_page page;
    assert_ok(tl_audit(&out, &page, client, ORGANIZATION(43), query, &err), &err);
    assert_int_equal(cJSON_GetArraySize(out), 1);
    assert_text(out->child, "action", "Modify");
    assert_int_equal(page.total_items, 1);
    cJSON_Delete(out);
    cJSON_Delete(query);
}

static void matching_applications_are_found_from_the_details(void **state)
{
    (void)state;
    static const struct {
        const char *request, *organization;
        int count;
        const char *first;
    } rows[] = {{REQUEST(1001), ORGANIZATION(42), 2, APPLICATION(101)},
                {REQUEST(1002), ORGANIZATION(42), 3, APPLICATION(111)},
                {REQUEST(1003), ORGANIZATION(43), 0, NULL},
                {REQUEST(1014), ORGANIZATION(42), 1, APPLICATION(121)},
                {REQUEST(1012), ORGANIZATION(43), 1, APPLICATION(301)}};
    static const char *const empties[] = {"[]", "null"};
    for (size_t e = 0; e < COUNT(empties); e++)
        for (size_t i = 0; i < COUNT(rows); i++) {
            control("switch", "{'no_match':'%s'}", empties[e]);
            cJSON *details = NULL, *matches = NULL;
            assert_ok(tl_permit_details(&details, client, rows[i].organization, rows[i].request, &err), &err);
            assert_ok(tl_matching_applications(&matches, client, NULL, details, &err), &err);
            assert_int_equal(cJSON_GetArraySize(matches), rows[i].count);
            if (rows[i].first != NULL)
                assert_text(matches->child, "applicationId", rows[i].first);
            cJSON_Delete(details);
            cJSON_Delete(matches);
        }
}

static void details_are_matched_and_bring_suggestions(void **state)
{
    (void)state;
    cJSON *details, *out;
    assert_ok(tl_permit_details(&details, client, ORGANIZATION(42), REQUEST(1001), &err), &err);
    const cJSON *dto = cJSON_GetObjectItemCaseSensitive(details, "approvalRequest");
    const char *hash = text_of(dto, "hash");
    cJSON *criteria = json("{'hash':'%s'}", hash);
    assert_ok(tl_match_applications(&out, client, ORGANIZATION(42), criteria, &err), &err);
    (void)row_of(out, "applicationId", APPLICATION(101));
    cJSON_Delete(out);
    assert_ok(tl_suggest_conditions(&out, client, NULL, details, &err), &err);
    assert_non_null(out->child);
    cJSON_Delete(out);
    cJSON_Delete(criteria);
    cJSON_Delete(details);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(applications_are_found_in_both_lists),
        TEST(applications_are_described),
        TEST(organizations_are_listed_by_each_endpoint),
        TEST(many_organizations_are_listed_whole),
        TEST(groups_are_the_same_from_both_endpoints),
        TEST(counts_and_files_are_read),
        TEST(the_audit_trail_shows_a_write),
        TEST(matching_applications_are_found_from_the_details),
        TEST(details_are_matched_and_bring_suggestions),
    };
    return cmocka_run_group_tests_name("lookup fixtures", tests, start_sandbox, stop_sandbox);
}
