/* What the tests of SOAR's client share: a client and an error of the test that runs. */
#ifndef TL_TESTS_SERVICE_SOAR_CASE_H
#define TL_TESTS_SERVICE_SOAR_CASE_H

#include "harness.h"

static tl_soar *soar;
static tl_error err;

static int new_soar(void **state)
{
    tl_soar_options options = soar_options();
    tl_error failure = TL_ERROR_INIT;
    int reset = reset_sandbox(state);
    options.connection.retries = -1;
    assert_ok(tl_soar_new(&soar, &options, &failure), &failure);
    err = (tl_error)TL_ERROR_INIT;
    return reset;
}

static int free_soar(void **state)
{
    (void)state;
    tl_soar_free(soar);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_soar, free_soar)

/* The failure of a call, whose error is forgotten with the next one. */
#define ASSERT_FAILS(call, expected)                                                                         \
    do {                                                                                                     \
        err = (tl_error)TL_ERROR_INIT;                                                                       \
        assert_code(call, &err, expected);                                                                   \
    } while (0)

/* reply_next, with ' for ", in place of any fault that is left. */
static inline void reply_once(const char *match, int status, const char *body)
{
    cJSON *text = json("%s", body);
    char *printed = cJSON_PrintUnformatted(text);
    control_delete("fault");
    reply_next(match, status, printed);
    free(printed);
    cJSON_Delete(text);
}

/* A prompt, ' for " in its members. */
static inline int64_t ask_with(const char *members)
{
    cJSON *spec = json("{%s}", members);
    cJSON *reply = control_send("prompt", spec);
    int64_t approval = integer_of(reply, "approval");
    cJSON_Delete(spec);
    cJSON_Delete(reply);
    return approval;
}

static inline const cJSON *member_of(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

#endif
