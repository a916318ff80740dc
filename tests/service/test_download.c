/* Fetching the file of a request: whole, the right one, from where it may come, or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness.h"

/* The linker puts these before the system's own: a file system without links, and one that fails altogether.
 */
static bool no_links, no_renames;
int __real_link(const char *from, const char *to);
int __real_rename(const char *from, const char *to);
int __wrap_link(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);

int __wrap_link(const char *from, const char *to)
{
    errno = EPERM;
    return no_links ? -1 : __real_link(from, to);
}

int __wrap_rename(const char *from, const char *to)
{
    errno = EIO;
    return no_renames ? -1 : __real_rename(from, to);
}

/* A place that is new for each test. */
static char *directory;
static char place[300];

static int new_place(void **state)
{
    directory = make_directory();
    snprintf(place, sizeof place, "%s/file", directory);
    return reset_sandbox(state);
}

static int leave_place(void **state)
{
    (void)state;
    remove_directory(directory);
    return 0;
}

static tl_code fetch(cJSON **out, tl_client *client, const char *organization, const char *request,
                     const tl_download_options *options, tl_error *err)
{
    *err = (tl_error)TL_ERROR_INIT;
    *out = NULL;
    return tl_download_file(out, client, organization, request, place, options, err);
}

static void expect_refusal(tl_client *client, tl_code expected, const char *part)
{
    tl_error err;
    cJSON *file = NULL;
    assert_code(fetch(&file, client, ORGANIZATION(10), REQUEST(1011), NULL, &err), &err, expected);
    assert_null(file);
    if (part != NULL && strstr(err.message, part) == NULL)
        fail_msg("\"%s\" is not in: %s", part, err.message);
    assert_null(strstr(err.message, "sig="));
    assert_int_equal(count_files(directory), 0);
}

static void the_file_comes_whole_and_checked(void **state)
{
    (void)state;
    static const long sizes[] = {0, 1, 100000, 3 * 1024 * 1024 + 7};
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        tl_error err;
        cJSON *file = NULL;
        struct stat found;
        control("request", "{'approvalRequestId':'%s','set':{'file':{'size':%ld,'own_sha256':true}}}",
                REQUEST(1003), sizes[i]);
        assert_ok(fetch(&file, client, ORGANIZATION(43), REQUEST(1003), NULL, &err), &err);
        assert_text(file, "path", place);
        assert_int_equal(integer_of(file, "bytes"), sizes[i]);
        assert_true_member(file, "sha256_checked", true);
        assert_int_equal(stat(place, &found), 0);
        assert_int_equal(found.st_size, sizes[i]);
        assert_int_equal(found.st_mode & 07777, 0600);
        assert_int_equal(count_files(directory), 1);
        assert_int_equal(unlink(place), 0);
        cJSON_Delete(file);
    }
    tl_client_free(client);
}

/* The sandbox's file host answers 400 to any credentials; here it is seen that none were sent. */
static void the_other_host_gets_no_credentials(void **state)
{
    (void)state;
    static const char *const names[] = {"Authorization", "ManagedOrganizationId", "Cookie", "ph-auth-token"};
    tl_error err;
    cJSON *file = NULL;
    tl_client *client = make_client(NULL);
    assert_ok(fetch(&file, client, ORGANIZATION(10), REQUEST(1011), NULL, &err), &err);
    cJSON *calls = calls_to("_files");
    assert_int_equal(cJSON_GetArraySize(calls), 1);
    for (size_t i = 0; i < COUNT(names); i++)
        assert_null(header_of(calls->child, names[i]));
    assert_null(header_of(calls->child, "Accept-Encoding"));
    cJSON_Delete(calls);
    cJSON_Delete(file);
    tl_client_free(client);
}

static void links_to_elsewhere_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        tl_code code;
        const char *part;
    } rows[] = {
        {"redirect", TL_PROTOCOL, "redirect"},     {"private", TL_INVALID, "public internet"},
        {"mapped", TL_INVALID, "public internet"}, {"metadata", TL_INVALID, "public internet"},
        {"userinfo", TL_INVALID, "URL"},           {"http_other", TL_INVALID, "https"},
        {"missing", TL_NOT_FOUND, NULL},           {"expired", TL_FORBIDDEN, "ask again"},
        {"local_file", TL_INVALID, "URL"},
    };
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(rows); i++) {
        control("switch", "{'file_url':'%s'}", rows[i].url);
        print_message("%s\n", rows[i].url);
        expect_refusal(client, rows[i].code, rows[i].part);
    }
    tl_client_free(client);
}

static void no_file_is_said_plainly(void **state)
{
    (void)state;
    static const char *const forms[] = {"null_url", "empty_url", "null"};
    tl_client *client = make_client(NULL);
    for (size_t i = 0; i < COUNT(forms); i++) {
        tl_error err;
        cJSON *file = NULL;
        control("switch", "{'no_file':'%s'}", forms[i]);
        assert_code(fetch(&file, client, ORGANIZATION(43), REQUEST(1003), NULL, &err), &err, TL_NOT_FOUND);
        assert_int_equal(count_files(directory), 0);
    }
    tl_client_free(client);
}

static void another_files_content_is_not_kept(void **state)
{
    (void)state;
    tl_error err;
    cJSON *file = NULL;
    tl_client *client = make_client(NULL);
    assert_code(fetch(&file, client, ORGANIZATION(42), REQUEST(1017), NULL, &err), &err, TL_PROTOCOL);
    assert_non_null(strstr(err.message, "SHA-256"));
    assert_null(file);
    assert_int_equal(count_files(directory), 0);
    /* Nobody told which it should be: kept, and said so. */
    control("request", "{'approvalRequestId':'%s','set':{'sha256':null}}", REQUEST(1017));
    assert_ok(fetch(&file, client, ORGANIZATION(42), REQUEST(1017), NULL, &err), &err);
    assert_true_member(file, "sha256_checked", false);
    cJSON_Delete(file);
    tl_client_free(client);
}

static void nothing_is_overwritten(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err;
    cJSON *file = NULL;
    int fd = open(place, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "mine", 4), 4);
    close(fd);
    assert_code(fetch(&file, client, ORGANIZATION(10), REQUEST(1011), NULL, &err), &err, TL_INVALID);
    assert_int_equal(count_calls("_files"), 0);
    struct stat found;
    assert_int_equal(stat(place, &found), 0);
    assert_int_equal(found.st_size, 4);
    assert_int_equal(unlink(place), 0);
    /* A link that points nowhere is something, too. */
    assert_int_equal(symlink("nowhere", place), 0);
    assert_code(fetch(&file, client, ORGANIZATION(10), REQUEST(1011), NULL, &err), &err, TL_INVALID);
    assert_int_equal(count_files(directory), 1);
    tl_client_free(client);
}

static void what_is_too_large_or_cut_leaves_nothing(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err;
    cJSON *file = NULL;
    tl_download_options options = TL_DOWNLOAD_OPTIONS_INIT;
    control("request", "{'approvalRequestId':'%s','set':{'file':{'size':4097,'own_sha256':true}}}",
            REQUEST(1003));
    options.max_bytes = 4096;
    assert_code(fetch(&file, client, ORGANIZATION(43), REQUEST(1003), &options, &err), &err, TL_PROTOCOL);
    assert_int_equal(count_files(directory), 0);
    options.max_bytes = 4097;
    assert_ok(fetch(&file, client, ORGANIZATION(43), REQUEST(1003), &options, &err), &err);
    cJSON_Delete(file);
    assert_int_equal(unlink(place), 0);
    /* Cut once, or failed once: fetched again from the start. */
    static const char *const once[] = {"'kind':'truncate'", "'kind':'status','status':503",
                                       "'kind':'drop_before_apply'"};
    for (size_t i = 0; i < COUNT(once); i++) {
        control("fault", "{%s,'match':'_files','times':1}", once[i]);
        assert_ok(fetch(&file, client, ORGANIZATION(43), REQUEST(1003), NULL, &err), &err);
        assert_int_equal(integer_of(file, "bytes"), 4097);
        cJSON_Delete(file);
        assert_int_equal(unlink(place), 0);
    }
    control("fault", "{'kind':'truncate','match':'_files','times':-1}");
    assert_code(fetch(&file, client, ORGANIZATION(43), REQUEST(1003), NULL, &err), &err, TL_NETWORK);
    assert_int_equal(count_files(directory), 0);
    control_delete("fault");
    /* The deadline is the download's own. */
    control("fault", "{'kind':'slow','match':'_files','ms':100,'chunk':16,'times':-1}");
    options.timeout_ms = 400;
    int64_t started = now_ms();
    assert_code(fetch(&file, client, ORGANIZATION(43), REQUEST(1003), &options, &err), &err, TL_TIMEOUT);
    assert_true(now_ms() - started < 3000);
    assert_int_equal(count_files(directory), 0);
    tl_client_free(client);
}

static void wrong_arguments_send_nothing(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    static const char *const paths[] = {NULL, "", "/tmp/", "/"};
    for (size_t i = 0; i < COUNT(paths); i++) {
        tl_error err = TL_ERROR_INIT;
        cJSON *file = NULL;
        assert_code(tl_download_file(&file, client, NULL, REQUEST(1011), paths[i], NULL, &err), &err,
                    TL_INVALID);
    }
    tl_download_options options = TL_DOWNLOAD_OPTIONS_INIT;
    tl_error err;
    cJSON *file = NULL;
    options.max_bytes = -1;
    assert_code(fetch(&file, client, NULL, REQUEST(1011), &options, &err), &err, TL_INVALID);
    options = (tl_download_options){.size = 3};
    assert_code(fetch(&file, client, NULL, REQUEST(1011), &options, &err), &err, TL_USAGE);
    snprintf(place, sizeof place, "%s/no/such/directory", directory);
    control_delete("calls");
    assert_code(fetch(&file, client, ORGANIZATION(10), REQUEST(1011), NULL, &err), &err, TL_CONFIG);
    assert_int_equal(count_calls("_files"), 0);
    tl_client_free(client);
}

static void without_links_the_file_comes_whole_or_not_at_all(void **state)
{
    (void)state;
    tl_client *client = make_client(NULL);
    tl_error err;
    cJSON *file = NULL;
    no_links = no_renames = true;
    expect_refusal(client, TL_CONFIG, "cannot write");
    no_renames = false;
    assert_ok(fetch(&file, client, ORGANIZATION(10), REQUEST(1011), NULL, &err), &err);
    assert_int_equal(access(place, F_OK), 0);
    cJSON_Delete(file);
    tl_code code = fetch(&file, client, ORGANIZATION(10), REQUEST(1011), NULL, &err);
    no_links = false;
    assert_code(code, &err, TL_INVALID);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_file_comes_whole_and_checked, new_place, leave_place),
        cmocka_unit_test_setup_teardown(the_other_host_gets_no_credentials, new_place, leave_place),
        cmocka_unit_test_setup_teardown(links_to_elsewhere_are_refused, new_place, leave_place),
        cmocka_unit_test_setup_teardown(no_file_is_said_plainly, new_place, leave_place),
        cmocka_unit_test_setup_teardown(another_files_content_is_not_kept, new_place, leave_place),
        cmocka_unit_test_setup_teardown(nothing_is_overwritten, new_place, leave_place),
        cmocka_unit_test_setup_teardown(without_links_the_file_comes_whole_or_not_at_all, new_place,
                                        leave_place),
        cmocka_unit_test_setup_teardown(what_is_too_large_or_cut_leaves_nothing, new_place, leave_place),
        cmocka_unit_test_setup_teardown(wrong_arguments_send_nothing, new_place, leave_place),
    };
    const struct CMUnitTest over_tls[] = {
        cmocka_unit_test_setup_teardown(the_file_comes_whole_and_checked, new_place, leave_place),
        cmocka_unit_test_setup_teardown(links_to_elsewhere_are_refused, new_place, leave_place),
    };
    int failed = cmocka_run_group_tests_name("download", tests, start_sandbox, stop_sandbox);
    return failed + cmocka_run_group_tests_name("download by TLS", over_tls, start_sandbox_tls, stop_sandbox);
}
