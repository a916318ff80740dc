/* What a program that uses the installed library begins with, in the common part of C11 and C++17: each
 * struct starts from its initializer, a client is refused with a reason, and the library's version is
 * printed. */
#include <stdio.h>
#include <stdlib.h>
#include <threatlocker/threatlocker.h>

static void check(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "consumer: %s\n", what);
        exit(1);
    }
}

#define CHECK_SIZED(type, initializer)                                                                       \
    do {                                                                                                     \
        type value = initializer;                                                                            \
        check(value.size == sizeof(type), #initializer);                                                     \
    } while (0)

int main(void)
{
    CHECK_SIZED(tl_approval_query, TL_APPROVAL_QUERY_INIT);
    CHECK_SIZED(tl_chain_options, TL_CHAIN_OPTIONS_INIT);
    CHECK_SIZED(tl_client_options, TL_CLIENT_OPTIONS_INIT);
    CHECK_SIZED(tl_container_query, TL_CONTAINER_QUERY_INIT);
    CHECK_SIZED(tl_download_options, TL_DOWNLOAD_OPTIONS_INIT);
    CHECK_SIZED(tl_organization_query, TL_ORGANIZATION_QUERY_INIT);
    CHECK_SIZED(tl_probe, TL_PROBE_INIT);
    CHECK_SIZED(tl_request_query, TL_REQUEST_QUERY_INIT);
    CHECK_SIZED(tl_resolve_options, TL_RESOLVE_OPTIONS_INIT);
    CHECK_SIZED(tl_soar_options, TL_SOAR_OPTIONS_INIT);

    tl_client_options options = TL_CLIENT_OPTIONS_INIT;
    options.instance = "g";
    tl_client *client = NULL;
    tl_error err = TL_ERROR_INIT;
    check(tl_client_new(&client, &options, &err) == TL_CONFIG && client == NULL, "a client without a token");
    printf("%s: %s\n", tl_version(), err.message);
    return 0;
}
