/* Files of requests through the plugin: into the caller's folder, under a name of ours. */
#include "plugin_case.h"

#include <sys/stat.h>
#include <unistd.h>

static char *directory;
static tl_plugin *plugin;

static int new_place(void **state)
{
    int reset = reset_sandbox(state);
    directory = make_directory();
    plugin = open_asset(NULL);
    return reset;
}

static int leave_place(void **state)
{
    (void)state;
    tl_plugin_close(plugin);
    remove_directory(directory);
    return 0;
}

static cJSON *get_file(const char *parameters, const char *folder, int container)
{
    cJSON *asked =
        json("{'identifier':'get_file','container_id':%d,'parameters':{%s}}", container, parameters);
    if (folder != NULL)
        cJSON_AddStringToObject(asked, "folder", folder);
    return run_request(plugin, asked);
}

static void a_file_is_handed_over_with_its_name_and_container(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) { /* twice into the same folder */
        cJSON *reply = get_file(R1011, directory, 42);
        const cJSON *file = cJSON_GetObjectItemCaseSensitive(reply, "file");
        struct stat found;
        assert_success(reply, "malware");
        assert_text(file, "name", "diagnose.exe");
        assert_int_equal(integer_of(file, "container_id"), 42);
        assert_int_equal(strncmp(text_of(file, "path"), directory, strlen(directory)), 0);
        assert_null(strstr(text_of(file, "path"), "diagnose"));
        assert_int_equal(stat(text_of(file, "path"), &found), 0);
        assert_int_equal(found.st_size, 68);
        assert_int_equal(found.st_mode & 0777, 0600);
        assert_int_equal(integer_of(first_row(reply), "bytes"), 68);
        assert_text(first_row(reply), "filename", "diagnose.exe");
        assert_text(first_row(reply), "request_id", REQUEST(1011));
        assert_true_member(first_row(reply), "sha256_checked", true);
        cJSON_Delete(reply);
    }
    assert_int_equal(count_files(directory), 2);
}

static void what_fails_leaves_no_file(void **state)
{
    (void)state;
    char absent[300];
    snprintf(absent, sizeof absent, "%s/absent", directory);
    const struct {
        const char *parameters, *folder;
        int container;
        const char *part;
    } rows[] = {
        {R1011, NULL, 42, "The shim must name a folder"},
        {R1011, "relative", 42, "The shim must name a folder"},
        {R1011, absent, 42, "No file can be made"},
        {R1011, directory, 0, "no container"},
        {R1011 ",'max_bytes':'10'", directory, 42, "larger than allowed"},
        {ROW(1017, 42), directory, 42, "SHA-256"},
        {R1001, directory, 42, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON *reply = get_file(rows[i].parameters, rows[i].folder, rows[i].container);
        assert_failure(reply, rows[i].part);
        assert_null(cJSON_GetObjectItemCaseSensitive(reply, "file"));
        assert_int_equal(count_files(directory), 0);
        cJSON_Delete(reply);
    }
}

static void the_servers_name_is_never_a_path(void **state)
{
    (void)state;
    static const struct {
        const char *given, *name;
    } rows[] = {{"../../etc/passwd", "_._.._etc_passwd"},
                {"/etc/passwd", "_etc_passwd"},
                {"C:\\Windows\\a.exe", "C__Windows_a.exe"},
                {".bashrc", "_bashrc"},
                {"", "file"},
                {"a{0}.exe", "a{0}.exe"}};
    tl_client *client = make_client(NULL);
    tl_error err = TL_ERROR_INIT;
    cJSON *details = NULL;
    assert_ok(tl_file_details(&details, client, ORGANIZATION(10), REQUEST(1011), &err), &err);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cJSON_DeleteItemFromObjectCaseSensitive(details, "filename");
        cJSON_AddStringToObject(details, "filename", rows[i].given);
        char *body = cJSON_PrintUnformatted(details);
        reply_next("GetFileDownloadDetailsById", 200, body);
        cJSON *reply = get_file(R1011, directory, 42);
        assert_success(reply, NULL);
        assert_text(cJSON_GetObjectItemCaseSensitive(reply, "file"), "name", rows[i].name);
        assert_text(first_row(reply), "filename", rows[i].name);
        cJSON_Delete(reply);
        free(body);
    }
    cJSON_Delete(details);
    tl_client_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_is_handed_over_with_its_name_and_container, new_place,
                                        leave_place),
        cmocka_unit_test_setup_teardown(what_fails_leaves_no_file, new_place, leave_place),
        cmocka_unit_test_setup_teardown(the_servers_name_is_never_a_path, new_place, leave_place),
    };
    return cmocka_run_group_tests_name("plugin_files", tests, start_sandbox, stop_sandbox);
}
