/* TLS: only a trusted peer is spoken to. */
#include <unistd.h>

#include "harness.h"

static tl_code read_one(tl_client *client, tl_error *err)
{
    cJSON *row = NULL;
    *err = (tl_error)TL_ERROR_INIT;
    tl_code code = tl_request_get(&row, client, ORGANIZATION(43), REQUEST(1003), err);
    cJSON_Delete(row);
    return code;
}

static void a_trusted_ca_opens_both_services(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_soar *soar = make_soar();
    tl_error err = TL_ERROR_INIT;
    cJSON *outcome = NULL, *records = NULL,
          *choice = json("{'application':'new','name':'Field tool',"
                         "'rules':[{'hash':'" HASH "'}]}");
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    assert_ok(tl_permit(&outcome, client, ORGANIZATION(43), REQUEST(1003), choice, &err), &err);
    assert_text(outcome, "outcome", "permitted");
    assert_int_equal(times_applied(REQUEST(1003), "permit"), 1);
    /* A write goes on a connection of its own. */
    cJSON *writes = calls_to("ApprovalRequestPermitApplication");
    assert_int_equal(cJSON_GetArraySize(writes), 1);
    assert_true_member(writes->child, "reused", false);
    cJSON_Delete(writes);
    assert_ok(tl_soar_approvals(&records, soar, &query, &err), &err);
    assert_true(cJSON_GetArraySize(records) >= 3);
    cJSON_Delete(choice);
    cJSON_Delete(outcome);
    cJSON_Delete(records);
    tl_soar_free(soar);
    tl_client_free(client);
}

static void a_stranger_is_not_spoken_to(void **state)
{
    (void)state;
    tl_client_options options = client_options();
    tl_soar_options soar_only = soar_options();
    tl_error err;
    options.connection.ca_file = soar_only.connection.ca_file = NULL;
    tl_client *client = make_client(&options);
    int64_t started = now_ms();
    assert_code(read_one(client, &err), &err, TL_TLS);
    assert_true(now_ms() - started < 2000); /* not tried again: it would not get better */
    assert_int_equal(err.applied, TL_APPLIED_NO);
    assert_false(err.retriable);
    tl_client_free(client);
    tl_soar *soar = NULL;
    cJSON *records = NULL;
    tl_approval_query query = TL_APPROVAL_QUERY_INIT;
    err = (tl_error)TL_ERROR_INIT;
    assert_ok(tl_soar_new(&soar, &soar_only, &err), &err);
    assert_code(tl_soar_approvals(&records, soar, &query, &err), &err, TL_TLS);
    tl_soar_free(soar);
    assert_int_equal(count_calls(""), 0);
}

static void a_name_that_is_not_in_the_certificate_is_a_stranger(void **state)
{
    (void)state;
    char url[200];
    const char *port = strrchr(served.portal, ':');
    assert_non_null(port);
    snprintf(url, sizeof url, "https://other.localhost%s", port); /* libcurl knows all names below it */
    tl_client_options options = client_options();
    options.base_url = url;
    options.connection.proxy = "";
    tl_client *client = make_client(&options);
    tl_error err;
    assert_code(read_one(client, &err), &err, TL_TLS);
    assert_int_equal(count_calls(""), 0);
    tl_client_free(client);
}

/* The trust is lost between reading and writing: nothing was sent, and it is known. */
static void a_write_to_a_stranger_is_known_not_to_be_applied(void **state)
{
    (void)state;
    char *directory = make_directory(), path[600], block[4096];
    snprintf(path, sizeof path, "%s/ca.pem", directory);
    FILE *from = fopen(served.ca_file, "r"), *to = fopen(path, "w");
    assert_non_null(from);
    assert_non_null(to);
    for (size_t got; (got = fread(block, 1, sizeof block, from)) > 0;)
        assert_int_equal(fwrite(block, 1, got, to), got);
    fclose(from);
    fclose(to);
    tl_client_options options = client_options();
    options.connection.ca_file = path;
    tl_client *client = make_client(&options);
    tl_error err;
    assert_ok(read_one(client, &err), &err);
    /* Reads go on over the connection that is open; a write opens one of its own. */
    unlink(path);
    cJSON *outcome = NULL;
    assert_ok(tl_reject(&outcome, client, ORGANIZATION(43), REQUEST(1003), NULL, &err), &err);
    assert_text(outcome, "outcome", "refused");
    assert_text(outcome, "code", "tls");
    assert_text(outcome, "applied", "no");
    assert_int_equal(times_applied_to_anything(), 0);
    assert_int_equal(count_calls("UpdateForReject"), 0);
    cJSON_Delete(outcome);
    tl_client_free(client);
    remove_directory(directory);
}

static void plain_http_to_the_same_port_is_no_answer(void **state)
{
    (void)state;
    char url[200];
    snprintf(url, sizeof url, "http%s", served.portal + strlen("https"));
    tl_client_options options = client_options();
    options.base_url = url;
    options.connection.retries = -1;
    tl_client *client = make_client(&options);
    tl_error err;
    assert_int_not_equal(read_one(client, &err), TL_OK);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_trusted_ca_opens_both_services, reset_sandbox),
        cmocka_unit_test_setup(a_stranger_is_not_spoken_to, reset_sandbox),
        cmocka_unit_test_setup(a_name_that_is_not_in_the_certificate_is_a_stranger, reset_sandbox),
        cmocka_unit_test_setup(a_write_to_a_stranger_is_known_not_to_be_applied, reset_sandbox),
        cmocka_unit_test_setup(plain_http_to_the_same_port_is_no_answer, reset_sandbox),
    };
    return cmocka_run_group_tests_name("tls", tests, start_sandbox_tls, stop_sandbox);
}
