/* A fast server of approval requests for benchmarks: http on loopback, one operation. The URL says how many
 * rows there are and how long a reply takes: /ROWS/LATENCY_MS/portalapi/ApprovalRequest/... */
#include <malloc.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

#include "rows.h"

enum { BODY_MOST = 16384 };

typedef struct call {
    size_t length;
    char body[BODY_MOST + 1];
} call;

static size_t number_after(const char *body, const char *member, size_t otherwise)
{
    const char *at = strstr(body, member);
    return at == NULL ? otherwise
                      : strtoul(at + strlen(member) + strspn(at + strlen(member), "\": "), NULL, 10);
}

static void wait_ms(unsigned long ms)
{
    struct timespec left = {(time_t)(ms / 1000), (long)(ms % 1000) * 1000000};
    while (ms > 0 && nanosleep(&left, &left) != 0) {
    }
}

static struct MHD_Response *page_of(const char *body, size_t total)
{
    size_t page = number_after(body, "\"pageNumber\"", 1), size = number_after(body, "\"pageSize\"", 100);
    if (page == 0 || size == 0)
        return NULL;
    size_t first = (page - 1) * size, length = 0;
    char *rows = rows_page(first, first >= total ? 0 : total - first < size ? total - first : size, &length);
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback(length, rows, free);
    char pagination[200];
    snprintf(pagination, sizeof pagination,
             "{\"currentPage\":%zu,\"itemsPerPage\":%zu,\"totalItems\":%zu,\"totalPages\":%zu}", page, size,
             total, (total + size - 1) / size);
    MHD_add_response_header(response, "pagination", pagination);
    MHD_add_response_header(response, "Content-Type", "application/json; charset=utf-8");
    return response;
}

static enum MHD_Result reply(struct MHD_Connection *connection, const char *url, const char *body)
{
    unsigned long total = 0, latency_ms = 0;
    char operation[100] = "";
    sscanf(url, "/%lu/%lu/portalapi/%99s", &total, &latency_ms, operation);
    bool known =
        strcmp(operation, "ApprovalRequest/ApprovalRequestGetByParameters") == 0 && total <= ROWS_MOST;
    struct MHD_Response *response = known ? page_of(body, total) : NULL;
    unsigned status = response == NULL ? MHD_HTTP_NOT_FOUND : MHD_HTTP_OK;
    if (response == NULL)
        response = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
    wait_ms(latency_ms);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

/* First with the headers, then with each part of the body, last without one. */
static enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_size, void **context)
{
    (void)data, (void)method, (void)version;
    call *own = *context;
    if (own == NULL) {
        *context = calloc(1, sizeof *own);
        return *context == NULL ? MHD_NO : MHD_YES;
    }
    if (*upload_size == 0)
        return reply(connection, url, own->body);
    if (*upload_size > BODY_MOST - own->length)
        return MHD_NO;
    memcpy(own->body + own->length, upload, *upload_size);
    own->length += *upload_size;
    *upload_size = 0;
    return MHD_YES;
}

static void forget(void *data, struct MHD_Connection *connection, void **context,
                   enum MHD_RequestTerminationCode how)
{
    (void)data, (void)connection, (void)how;
    free(*context);
    *context = NULL;
}

int main(void)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    sigprocmask(SIG_BLOCK, &ending, NULL);
    /* Pages come from memory that is there already. */
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    rows_make();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
                         handle, NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                         MHD_OPTION_NOTIFY_COMPLETED, forget, NULL, MHD_OPTION_END);
    if (daemon == NULL) {
        fputs("the server does not start\n", stderr);
        return 1;
    }
    printf("http://127.0.0.1:%u\n", (unsigned)MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    int signal_number;
    sigwait(&ending, &signal_number);
    MHD_stop_daemon(daemon);
    return 0;
}
