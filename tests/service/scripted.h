/* Replies that are scripted word for word, so that each shape that is documented, was observed or is feared
 * comes once. */
#ifndef TL_TESTS_SERVICE_SCRIPTED_H
#define TL_TESTS_SERVICE_SCRIPTED_H

#include "harness.h"

/* Of the test that runs. */
extern tl_client *client;
extern tl_error err;

int new_client(void **state); /* resets the sandbox, too */
int free_client(void **state);

#define TEST(name) cmocka_unit_test_setup_teardown(name, new_client, free_client)

/* The endpoint's next reply, ' for " in both texts; `pagination` may be NULL. */
void script(const char *endpoint, int status, const char *body, const char *pagination);

/* ' stands for " in what is expected. */
void assert_json_and_delete(cJSON *tree, const char *expected);

/* The calls to an endpoint, one a line: query|body|organization. */
void assert_called(const char *endpoint, const char *expected);

#endif
