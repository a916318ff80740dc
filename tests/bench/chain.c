/* The chain against the sandbox, as JSON lines:
 *
 *   chain burst PROMPTS LATENCY_MS     all answered at once, 8 side by side: time, and every call by its path
 *   chain idle PROMPTS                 nothing happens: requests and CPU time of a poll
 *   chain answers PROMPTS LATENCY_MS   answered one by one: from the answer to the permit's arrival */
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include <curl/curl.h>

#include "base/time.h"
#include "burst.h"

#define PERMIT "ApprovalRequestPermitApplication"

enum { CONCURRENCY = 8, IDLE_POLLS = 20, POLL_MS = 100, PATH_SIZE = 200, STEPS_MOST = 100 };

static double clock_ms(clockid_t clock)
{
    struct timespec at;
    clock_gettime(clock, &at);
    return (double)at.tv_sec * 1e3 + (double)at.tv_nsec / 1e6;
}

typedef struct stopwatch {
    double wall_ms, cpu_ms;
} stopwatch;

static stopwatch now(void)
{
    return (stopwatch){clock_ms(CLOCK_MONOTONIC), clock_ms(CLOCK_PROCESS_CPUTIME_ID)};
}

/* What has passed since. */
static stopwatch since(stopwatch begun)
{
    stopwatch at = now();
    return (stopwatch){at.wall_ms - begun.wall_ms, at.cpu_ms - begun.cpu_ms};
}

/* Not getrusage's, which begins with that of the process that started this one. */
static long peak_kb(void)
{
    char line[200];
    long peak = 0;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            peak = atol(line + 6);
    if (status != NULL)
        fclose(status);
    return peak;
}

static bench new_chain(void)
{
    bench at = bench_new();
    tl_client_options client = client_options();
    client.connection.timeout_ms = 60000;
    at.client = make_client(&client);
    at.soar = make_soar();
    tl_chain_options options = chain_options(&at);
    options.concurrency = CONCURRENCY;
    bench_open(&at, &options);
    return at;
}

static void delay_all(int latency_ms)
{
    control("fault", "{'kind':'delay','ms':%d,'times':-1,'apply':'late'}", latency_ms);
}

/* A path without the ids in it. */
static void general_path(char out[PATH_SIZE], const char *path)
{
    size_t length = 0;
    bool in_number = false;
    for (; *path != '\0' && length < PATH_SIZE - 1; path++) {
        bool digit = *path >= '0' && *path <= '9';
        if (!digit || !in_number)
            out[length++] = digit ? 'N' : *path;
        in_number = digit;
    }
    out[length] = '\0';
}

/* How often each path was called: {"path": count}. */
static cJSON *count_paths(int *out_calls)
{
    cJSON *calls = control_get("calls"), *counts = cJSON_CreateObject();
    const cJSON *call;
    *out_calls = cJSON_GetArraySize(calls);
    cJSON_ArrayForEach (call, calls) {
        char path[PATH_SIZE];
        general_path(path, text_of(call, "path"));
        cJSON *count = cJSON_GetObjectItemCaseSensitive(counts, path);
        if (count == NULL)
            cJSON_AddNumberToObject(counts, path, 1);
        else
            cJSON_SetNumberValue(count, count->valuedouble + 1);
    }
    cJSON_Delete(calls);
    return counts;
}

static void print_line(cJSON *line)
{
    char *text = cJSON_PrintUnformatted(line);
    puts(text);
    free(text);
    cJSON_Delete(line);
}

static size_t drop(char *data, size_t size, size_t count, void *to)
{
    (void)data, (void)to;
    return size * count;
}

static CURL *version_call(struct curl_slist *headers)
{
    char url[300];
    snprintf(url, sizeof url, "%s/rest/version", served.soar);
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop);
    return easy;
}

/* What so many calls take when nothing is done with their replies. */
static double bare_calls_ms(int calls)
{
    char header[300];
    snprintf(header, sizeof header, "ph-auth-token: %s", served.soar_token);
    struct curl_slist *headers = curl_slist_append(NULL, header);
    CURLM *multi = curl_multi_init();
    stopwatch start = now();
    int begun = 0, running = 1, left = 0;
    for (; begun < calls && begun < CONCURRENCY; begun++)
        curl_multi_add_handle(multi, version_call(headers));
    while (running > 0) {
        curl_multi_perform(multi, &running);
        for (CURLMsg *message; (message = curl_multi_info_read(multi, &left)) != NULL;) {
            CURL *easy = message->easy_handle;
            assert_int_equal(message->data.result, CURLE_OK);
            curl_multi_remove_handle(multi, easy);
            if (begun++ < calls) {
                curl_multi_add_handle(multi, easy);
                running++;
            } else {
                curl_easy_cleanup(easy);
            }
        }
        curl_multi_wait(multi, NULL, 0, 100, NULL);
    }
    double took_ms = since(start).wall_ms;
    curl_multi_cleanup(multi);
    curl_slist_free_all(headers);
    return took_ms;
}

static void add_times(cJSON *line, stopwatch passed)
{
    cJSON_AddNumberToObject(line, "ms", passed.wall_ms);
    cJSON_AddNumberToObject(line, "cpu_ms", passed.cpu_ms);
}

/* The chain, with a prompt for each subject that it has seen. */
static bench new_chain_with(subject subjects[], size_t count)
{
    find_subjects(subjects, count);
    bench at = new_chain();
    ask_all(&at, subjects, count);
    (void)step(&at);
    return at;
}

static void burst(subject subjects[], size_t count, int latency_ms)
{
    bench at = new_chain_with(subjects, count);
    answer_all(subjects, count);
    control_delete("calls");
    delay_all(latency_ms);
    stopwatch begun = now();
    int steps = 0, permitted = 0, calls = 0;
    for (; permitted < (int)count && steps < STEPS_MOST; steps++)
        permitted += step(&at).permitted;
    cJSON *line = cJSON_CreateObject();
    add_times(line, since(begun));
    cJSON_AddNumberToObject(line, "peak_kb", (double)peak_kb());
    cJSON_AddNumberToObject(line, "steps", steps);
    cJSON_AddItemToObject(line, "paths", count_paths(&calls));
    cJSON_AddNumberToObject(line, "calls", calls);
    cJSON_AddNumberToObject(line, "bare_ms", bare_calls_ms(calls));
    control_delete("fault");
    assert_int_equal(permitted, (int)count);
    assert_int_equal(times_applied_to_anything(), (int)count);
    print_line(line);
    bench_free(&at);
}

/* Asks the same prompt many times; nobody answers. */
static void ask_in_vain(const bench *at, size_t count)
{
    cJSON *prepared = prepare(at->client, "chain:" CHAIN, ORGANIZATION(43), REQUEST(1003), NEW_FOR_COMPUTER);
    cJSON *spec =
        json("{'count':%zu,'container':31,'minutes':600,'approvalRequestId':'" REQUEST(1003) "'}", count);
    cJSON_AddStringToObject(spec, "message", text_of(prepared, "message"));
    cJSON_Delete(control_send("prompts", spec));
    cJSON_Delete(spec);
    cJSON_Delete(prepared);
}

static void idle(size_t count)
{
    bench at = new_chain();
    ask_in_vain(&at, count);
    while (step(&at).watched < (int)count) {
    }
    (void)step(&at);
    for (int i = 0; i < IDLE_POLLS; i++) {
        control_delete("calls");
        stopwatch begun = now();
        (void)step(&at);
        cJSON *line = cJSON_CreateObject();
        add_times(line, since(begun));
        cJSON_AddNumberToObject(line, "calls", count_calls(""));
        cJSON_AddNumberToObject(line, "peak_kb", (double)peak_kb());
        print_line(line);
    }
    bench_free(&at);
}

static atomic_bool ended;

static void *poll_until_ended(void *at)
{
    while (!ended) {
        (void)step(at);
        sleep_ms(POLL_MS);
    }
    return NULL;
}

/* When the permit of a request arrived. */
static int64_t permitted_at_us(const char *request)
{
    for (;;) {
        cJSON *calls = calls_to(PERMIT);
        const cJSON *call;
        int64_t at_us = 0;
        cJSON_ArrayForEach (call, calls)
            if (strstr(text_of(call, "body"), request) != NULL)
                assert_true(tl_time_parse(text_of(call, "received"), false, &at_us));
        cJSON_Delete(calls);
        if (at_us != 0)
            return at_us;
        sleep_ms(5);
    }
}

static void answers(subject subjects[], size_t count, int latency_ms)
{
    bench at = new_chain_with(subjects, count);
    delay_all(latency_ms);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, poll_until_ended, &at), 0);
    srandom(1);
    for (size_t i = 0; i < count; i++) {
        control_delete("calls");
        sleep_ms(random() % (2 * POLL_MS));
        int64_t answered_us = tl_now_us();
        answer(subjects[i].approval, "Permit");
        printf("{\"ms\":%.1f,\"poll_ms\":%d,\"latency_ms\":%d}\n",
               (double)(permitted_at_us(subjects[i].request) - answered_us) / 1e3, POLL_MS, latency_ms);
    }
    ended = true;
    pthread_join(thread, NULL);
    control_delete("fault");
    assert_int_equal(times_applied_to_anything(), (int)count);
    bench_free(&at);
}

int main(int argc, char **argv)
{
    void *none = NULL;
    const char *what = argc > 2 ? argv[1] : "";
    size_t count = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
    int latency_ms = argc > 3 ? atoi(argv[3]) : 20;
    if (count == 0 || start_sandbox(&none) != 0) {
        fputs("usage: chain burst|idle|answers PROMPTS [LATENCY_MS]\n", stderr);
        return 2;
    }
    subject *subjects = calloc(count, sizeof *subjects);
    assert_non_null(subjects);
    if (strcmp(what, "burst") == 0)
        burst(subjects, count, latency_ms);
    else if (strcmp(what, "idle") == 0)
        idle(count);
    else
        answers(subjects, count, latency_ms);
    free(subjects);
    return stop_sandbox(&none) == 0 ? 0 : 1;
}
