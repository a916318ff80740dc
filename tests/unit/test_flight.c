/* What becomes of a call when libcurl itself fails. */
#include <curl/curl.h>

#include "http/http.h"
#include "unit.h"

CURLMcode __wrap_curl_multi_perform(CURLM *multi, int *running);
CURLMcode __wrap_curl_multi_wait(CURLM *multi, struct curl_waitfd *fds, unsigned count, int ms, int *ready);

static CURLMcode perform_result, wait_result;

CURLMcode __wrap_curl_multi_perform(CURLM *multi, int *running)
{
    (void)multi;
    *running = 1;
    return perform_result;
}

CURLMcode __wrap_curl_multi_wait(CURLM *multi, struct curl_waitfd *fds, unsigned count, int ms, int *ready)
{
    (void)multi;
    (void)fds;
    (void)count;
    (void)ms;
    *ready = 0;
    return wait_result;
}

/* Nobody cancelled it: whoever is told so stops without looking any further. */
static void a_failure_of_libcurl_is_no_cancellation(void **state)
{
    (void)state;
    static const struct {
        CURLMcode perform;
        CURLMcode wait;
        tl_code expected;
    } rows[] = {
        {CURLM_OUT_OF_MEMORY, CURLM_OK, TL_MEMORY},
        {CURLM_OK, CURLM_OUT_OF_MEMORY, TL_MEMORY},
        {CURLM_INTERNAL_ERROR, CURLM_OK, TL_NETWORK},
        {CURLM_OK, CURLM_INTERNAL_ERROR, TL_NETWORK},
    };
    static const tl_http_options options = {
        .base_url = "http://127.0.0.1:9", .auth_name = "Authorization", .auth_value = "secret"};
    static const tl_http_request request = {.label = "Read", .method = "GET", .target = "/"};
    for (size_t i = 0; i < COUNT(rows); i++) {
        tl_error err = TL_ERROR_INIT;
        tl_http *http = NULL;
        tl_http_reply reply;
        assert_int_equal(tl_http_new(&http, &options, &err), TL_OK);
        perform_result = rows[i].perform;
        wait_result = rows[i].wait;
        assert_int_equal(tl_http_call(&reply, http, &request, &err), rows[i].expected);
        assert_int_equal(err.code, rows[i].expected);
        assert_true(reply.nothing_sent);
        tl_http_free(http);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_of_libcurl_is_no_cancellation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
