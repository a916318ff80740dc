#include "harness.h"

#include <curl/curl.h>
#include <signal.h>
#include <strings.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

sandbox served;

static void read_ready_line(int from)
{
    char line[4096];
    FILE *stream = fdopen(from, "r");
    assert_non_null(stream);
    assert_non_null(fgets(line, sizeof line, stream));
    fclose(stream);
    served.ready = cJSON_Parse(line);
    assert_non_null(served.ready);
    const struct {
        const char **slot;
        const char *name;
    } texts[] = {{&served.portal, "portal"},
                 {&served.soar, "soar"},
                 {&served.token, "token"},
                 {&served.soar_token, "soar_token"},
                 {&served.soar_user, "soar_user"},
                 {&served.soar_password, "soar_password"},
                 {&served.organization_id, "organization_id"},
                 {&served.ca_file, "ca_file"},
                 {&served.control, "control"}};
    for (size_t i = 0; i < COUNT(texts); i++)
        *texts[i].slot = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(served.ready, texts[i].name));
}

static int start(const char *option)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    /* The tests decide what the environment says. */
    unsetenv("SSLKEYLOGFILE");
    served.pid = fork();
    assert_true(served.pid >= 0);
    if (served.pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(SANDBOX, SANDBOX, "--die-with-parent", option, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    read_ready_line(ends[0]);
    return 0;
}

int start_sandbox(void **state)
{
    (void)state;
    return start(NULL);
}

int start_sandbox_tls(void **state)
{
    (void)state;
    return start("--tls");
}

int start_sandbox_self_signed(void **state)
{
    (void)state;
    return start("--self-signed");
}

/* The sandbox must have stayed sound under all the tests: under a sanitizer its exit code says so. */
int stop_sandbox(void **state)
{
    (void)state;
    int status = -1;
    kill(served.pid, SIGTERM);
    waitpid(served.pid, &status, 0);
    cJSON_Delete(served.ready);
    served = (sandbox){0};
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int reset_sandbox(void **state)
{
    (void)state;
    control("reset", "{}");
    return 0;
}

static cJSON *parse_quoted(const char *format, va_list arguments) __attribute__((format(printf, 1, 0)));

static cJSON *parse_quoted(const char *format, va_list arguments)
{
    char text[8192];
    int length = vsnprintf(text, sizeof text, format, arguments);
    assert_true(length >= 0 && (size_t)length < sizeof text);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\'' ? '"' : *c;
    cJSON *tree = cJSON_Parse(text);
    if (tree == NULL)
        fail_msg("not JSON: %s", text);
    return tree;
}

cJSON *json(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    cJSON *tree = parse_quoted(format, arguments);
    va_end(arguments);
    return tree;
}

typedef struct received {
    char *data;
    size_t length;
} received;

static size_t keep(char *data, size_t size, size_t count, void *to)
{
    received *into = to;
    char *longer = realloc(into->data, into->length + size * count + 1);
    if (longer == NULL)
        return 0;
    into->data = longer;
    memcpy(longer + into->length, data, size * count);
    into->length += size * count;
    longer[into->length] = '\0';
    return size * count;
}

static cJSON *control_call(const char *method, const char *call, const char *body)
{
    char url[512];
    received reply = {0};
    long status = 0;
    snprintf(url, sizeof url, "%s/%s", served.control, call);
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
    if (served.ca_file != NULL)
        curl_easy_setopt(easy, CURLOPT_CAINFO, served.ca_file);
    if (body != NULL)
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, body);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &reply);
    CURLcode code = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(easy);
    if (code != CURLE_OK || status != 200)
        fail_msg("%s %s: %s, HTTP %ld %s", method, call, curl_easy_strerror(code), status,
                 reply.data == NULL ? "" : reply.data);
    cJSON *tree = cJSON_Parse(reply.data);
    free(reply.data);
    assert_non_null(tree);
    return tree;
}

cJSON *control_get(const char *call)
{
    return control_call("GET", call, NULL);
}

cJSON *control_send(const char *call, const cJSON *body)
{
    char *text = cJSON_PrintUnformatted(body);
    assert_non_null(text);
    cJSON *reply = control_call("POST", call, text);
    free(text);
    return reply;
}

void control_delete(const char *call)
{
    cJSON_Delete(control_call("DELETE", call, NULL));
}

void control(const char *call, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    cJSON *body = parse_quoted(format, arguments);
    va_end(arguments);
    cJSON_Delete(control_send(call, body));
    cJSON_Delete(body);
}

void reply_next(const char *match, int status, const char *body)
{
    cJSON *fault = json("{'kind':'status','match':'%s','status':%d}", match, status);
    cJSON_AddStringToObject(fault, "body", body);
    cJSON_Delete(control_send("fault", fault));
    cJSON_Delete(fault);
}

cJSON *calls_to(const char *path_part)
{
    cJSON *calls = control_get("calls"), *next;
    for (cJSON *call = calls->child; call != NULL; call = next) {
        next = call->next;
        if (strstr(text_of(call, "path"), path_part) == NULL)
            cJSON_Delete(cJSON_DetachItemViaPointer(calls, call));
    }
    return calls;
}

int count_calls(const char *path_part)
{
    cJSON *calls = calls_to(path_part);
    int count = cJSON_GetArraySize(calls);
    cJSON_Delete(calls);
    return count;
}

void wait_for_call(const char *path_part)
{
    for (int tries = 0; tries < 2000; tries++) {
        if (count_calls(path_part) > 0)
            return;
        sleep_ms(10);
    }
    fail_msg("nobody called %s", path_part);
}

cJSON *request_state(const char *request_id)
{
    cJSON *state = control_get("state");
    cJSON *requests = cJSON_GetObjectItemCaseSensitive(state, "requests"), *found = NULL;
    for (cJSON *request = requests->child; request != NULL && found == NULL; request = request->next)
        if (strcmp(text_of(request, "approvalRequestId"), request_id) == 0)
            found = request;
    assert_non_null(found);
    cJSON_DetachItemViaPointer(requests, found);
    cJSON_Delete(state);
    return found;
}

int times_applied(const char *request_id, const char *write)
{
    cJSON *request = request_state(request_id);
    int64_t times = integer_of(cJSON_GetObjectItemCaseSensitive(request, "writes"), write);
    cJSON_Delete(request);
    return (int)times;
}

int times_applied_to_anything(void)
{
    cJSON *state = control_get("state");
    const cJSON *request, *write;
    int times = 0;
    cJSON_ArrayForEach (request, cJSON_GetObjectItemCaseSensitive(state, "requests"))
        cJSON_ArrayForEach (write, cJSON_GetObjectItemCaseSensitive(request, "writes"))
            times += (int)write->valuedouble;
    cJSON_Delete(state);
    return times;
}

int status_of(const char *request_id)
{
    cJSON *request = request_state(request_id);
    int64_t status = integer_of(request, "statusId");
    cJSON_Delete(request);
    return (int)status;
}

tl_client_options client_options(void)
{
    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    options.base_url = served.portal;
    options.token = served.token;
    options.settle_time_ms = 300;
    options.connection.timeout_ms = 5000;
    options.connection.ca_file = served.ca_file;
    return options;
}

tl_soar_options soar_options(void)
{
    tl_soar_options options = TL_SOAR_OPTIONS_INIT;
    options.url = served.soar;
    options.token = served.soar_token;
    options.connection.timeout_ms = 5000;
    options.connection.ca_file = served.ca_file;
    return options;
}

tl_client *make_client(const tl_client_options *options)
{
    tl_client_options usual = client_options();
    tl_error err = TL_ERROR_INIT;
    tl_client *client = NULL;
    assert_ok(tl_client_new(&client, options == NULL ? &usual : options, &err), &err);
    return client;
}

tl_client *impatient_client(int64_t settle_ms)
{
    tl_client_options options = client_options();
    options.connection.timeout_ms = 700;
    options.connection.retries = -1;
    options.settle_time_ms = settle_ms;
    return make_client(&options);
}

tl_soar *make_soar(void)
{
    tl_soar_options options = soar_options();
    tl_error err = TL_ERROR_INIT;
    tl_soar *soar = NULL;
    assert_ok(tl_soar_new(&soar, &options, &err), &err);
    return soar;
}

const char *text_of(const cJSON *object, const char *member)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, member));
    return text == NULL ? "" : text;
}

int64_t integer_of(const cJSON *object, const char *member)
{
    int64_t value = -1;
    (void)tl_json_integer(cJSON_GetObjectItemCaseSensitive(object, member), &value);
    return value;
}

void assert_text(const cJSON *object, const char *member, const char *expected)
{
    const char *got = text_of(object, member);
    if (strcmp(got, expected) == 0)
        return;
    char *whole = cJSON_PrintUnformatted(object);
    print_error("%s is \"%s\", not \"%s\", in %s\n", member, got, expected, whole == NULL ? "" : whole);
    free(whole);
    fail();
}

void assert_true_member(const cJSON *object, const char *member, bool expected)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, member);
    assert_true(cJSON_IsBool(value));
    if (cJSON_IsTrue(value) != expected)
        fail_msg("%s is %s", member, expected ? "false" : "true");
}

void assert_outcome(const cJSON *outcome, const char *word, const char *code, const char *applied)
{
    assert_text(outcome, "outcome", word);
    assert_text(outcome, "code", code);
    assert_text(outcome, "applied", applied);
}

const char *header_of(const cJSON *call, const char *name)
{
    const cJSON *header;
    cJSON_ArrayForEach (header, cJSON_GetObjectItemCaseSensitive(call, "headers")) {
        if (strcasecmp(header->string, name) == 0)
            return header->valuestring;
    }
    return NULL;
}

void assert_ok(tl_code code, const tl_error *err)
{
    if (code != TL_OK)
        fail_msg("%s: %s", tl_code_name(code), err == NULL ? "" : err->message);
}

void assert_code(tl_code code, const tl_error *err, tl_code expected)
{
    if (code != expected || (err != NULL && err->code != expected))
        fail_msg("%s, not %s: %s", tl_code_name(code), tl_code_name(expected),
                 err == NULL ? "" : err->message);
}

int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sleep_ms(int64_t ms)
{
    struct timespec left = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
}
