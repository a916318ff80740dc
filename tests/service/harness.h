/* What all service tests share: a sandbox of their own, clients of it, and its control path. */
#ifndef TL_TESTS_SERVICE_HARNESS_H
#define TL_TESTS_SERVICE_HARNESS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include <cmocka.h>

#include "directory.h"
#include "threatlocker/threatlocker.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Ids of the sandbox's fixtures by their last digits. */
#define REQUEST(digits) "0e000000-0000-4000-8000-00000000" #digits
#define ORGANIZATION(digits) "0a000000-0000-4000-8000-0000000000" #digits
#define APPLICATION(digits) "0f000000-0000-4000-8000-000000000" #digits
#define GROUP(digits) "0d000000-0000-4000-8000-0000000000" #digits
#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

/* The ready line. */
typedef struct sandbox {
    pid_t pid;
    cJSON *ready;
    const char *portal;
    const char *soar;
    const char *token;
    const char *soar_token;
    const char *soar_user;
    const char *soar_password;
    const char *organization_id;
    const char *ca_file; /* NULL without --tls */
    const char *control;
} sandbox;

extern sandbox served;

/* For cmocka: one sandbox for the executable, as new before each test. */
int start_sandbox(void **state);
int start_sandbox_tls(void **state);
int start_sandbox_self_signed(void **state);
int stop_sandbox(void **state);
int reset_sandbox(void **state);

/* JSON from a format in which ' stands for ". The caller's. */
cJSON *json(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Control calls; any refusal fails the test. Replies are the caller's. */
cJSON *control_get(const char *call);
cJSON *control_send(const char *call, const cJSON *body);
void control_delete(const char *call);
/* control_send of a json() text whose reply nobody wants. */
void control(const char *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The next call whose path holds `match` gets this reply, and is not applied. The body goes as it is. */
void reply_next(const char *match, int status, const char *body);

/* What the sandbox saw and did. Calls are counted by a part of their path. */
int count_calls(const char *path_part);
cJSON *calls_to(const char *path_part);    /* in order; the caller's */
void wait_for_call(const char *path_part); /* until there is one; some twenty seconds at most */
cJSON *request_state(const char *request_id);
int times_applied(const char *request_id, const char *write); /* "permit", "reject", ... */
int times_applied_to_anything(void);
int status_of(const char *request_id);

/* Options with short times; settle_time is 300 ms. */
tl_client_options client_options(void);
tl_soar_options soar_options(void);
tl_client *make_client(const tl_client_options *options); /* NULL = client_options() */
/* Gives up after 700 ms, and never retries a read, so that calls can be counted. */
tl_client *impatient_client(int64_t settle_ms);
tl_soar *make_soar(void);

/* Members of an object. A missing one reads as "" or -1. */
const char *text_of(const cJSON *object, const char *member);
int64_t integer_of(const cJSON *object, const char *member);
void assert_text(const cJSON *object, const char *member, const char *expected);
void assert_true_member(const cJSON *object, const char *member, bool expected);
/* A write's outcome: its word, the error's code ("" where done), whether it was applied. */
void assert_outcome(const cJSON *outcome, const char *word, const char *code, const char *applied);

/* The value of a header that a recorded call carried, ignoring case; NULL when it did not. */
const char *header_of(const cJSON *call, const char *name);

/* Prints a failing call's error, then asserts. */
void assert_ok(tl_code code, const tl_error *err);
void assert_code(tl_code code, const tl_error *err, tl_code expected);

int64_t now_ms(void);
void sleep_ms(int64_t ms);

#endif
