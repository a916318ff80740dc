#include "server.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "exchange.h"

#define BODY_MAX ((size_t)64 << 20)

struct server {
    struct sandbox *sandbox;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    unsigned long connections;
};

/* What MHD keeps for us per connection: tells a reused one from a fresh one. */
struct link {
    unsigned long number;
    unsigned long calls;
};

static void on_connection(void *cls, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode code)
{
    struct server *server = cls;
    (void)connection;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        struct link *link = need(sizeof *link);
        pthread_mutex_lock(&server->lock);
        link->number = ++server->connections;
        pthread_mutex_unlock(&server->lock);
        *slot = link;
    } else {
        free(*slot);
        *slot = NULL;
    }
}

/* The first we see of a call, and the only place where the target is still as it was sent. */
static void *on_target(void *cls, const char *target, struct MHD_Connection *connection)
{
    struct server *server = cls;
    struct exchange *exchange = exchange_new(server->sandbox, target);
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct link *link = info ? info->socket_context : NULL;
    if (link) {
        exchange->call.connection = link->number;
        exchange->call.reused = link->calls++ > 0;
    }
    return exchange;
}

static enum MHD_Result keep_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct exchange *exchange = cls;
    (void)kind;
    pairs_add(&exchange->call.headers, name, value);
    return MHD_YES;
}

/* Sends the reply in portions, with pauses, or stops in the middle. */
static ssize_t send_portion(void *cls, uint64_t position, char *out, size_t room)
{
    struct exchange *exchange = cls;
    const struct text *body = &exchange->reply.body;
    size_t end = body->len < exchange->send_limit ? body->len : exchange->send_limit;
    if (position >= end || !sandbox_pause(exchange->sandbox, exchange->portion_ms))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t len = end - (size_t)position;
    len = len < room ? len : room;
    if (exchange->portion && len > exchange->portion)
        len = exchange->portion;
    memcpy(out, body->data + position, len);
    return (ssize_t)len;
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    if (exchange->in_portions)
        return MHD_create_response_from_callback(exchange->declared_length, 4096, send_portion, exchange,
                                                 NULL);
    return MHD_create_response_from_buffer(reply->body.len, reply->body.data, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct exchange *exchange)
{
    struct reply *reply = &exchange->reply;
    struct MHD_Response *response = make_response(exchange);
    if (!response)
        return MHD_NO;
    if (reply->content_type)
        MHD_add_response_header(response, "Content-Type", reply->content_type);
    for (size_t i = 0; i < reply->headers.count; i++)
        MHD_add_response_header(response, reply->headers.items[i].name, reply->headers.items[i].value);
    enum MHD_Result queued = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

static void send_raw(struct MHD_Connection *connection, const struct text *bytes)
{
    const union MHD_ConnectionInfo *tls =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (tls && tls->tls_session) {
        gnutls_record_send(tls->tls_session, bytes->data, bytes->len);
        return;
    }
    const union MHD_ConnectionInfo *plain =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    if (plain && send(plain->connect_fd, bytes->data, bytes->len, MSG_NOSIGNAL) < 0)
        return; /* the client is gone already */
}

/* libmicrohttpd says "Connection: close" when it answers before the body is in, and libcurl then does not
 * send again by itself. A server that says nothing of the kind is the trap to be tested, so write past it. */
static enum MHD_Result send_early(struct MHD_Connection *connection, const struct exchange *exchange)
{
    const struct reply *reply = &exchange->reply;
    struct text bytes = {0};
    text_printf(&bytes, "HTTP/1.1 %u Expectation Failed\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                reply->status, reply->content_type, reply->body.len);
    text_add(&bytes, reply->body.data, reply->body.len);
    send_raw(connection, &bytes);
    text_free(&bytes);
    return MHD_NO;
}

/* MHD_NO closes the connection without a byte: that is how the dropping faults work. */
static enum MHD_Result on_call(void *cls, struct MHD_Connection *connection, const char *url,
                               const char *method, const char *version, const char *data, size_t *size,
                               void **slot)
{
    struct exchange *exchange = *slot;
    enum exchange_next next = EXCHANGE_READ_ON;
    (void)cls, (void)url, (void)version;
    if (!exchange->call.method) {
        exchange->call.method = copy_text(method);
        MHD_get_connection_values(connection, MHD_HEADER_KIND, keep_header, exchange);
        next = exchange_headers_in(exchange);
    } else if (*size) {
        text_add(&exchange->call.body, data, *size);
        *size = 0;
        if (exchange->call.body.len > BODY_MAX)
            next = EXCHANGE_CLOSE;
    } else {
        next = exchange_answer(exchange);
    }
    if (next == EXCHANGE_REPLY_EARLY)
        return send_early(connection, exchange);
    if (next == EXCHANGE_REPLY)
        return send_reply(connection, exchange);
    return next == EXCHANGE_CLOSE ? MHD_NO : MHD_YES;
}

static void on_end(void *cls, struct MHD_Connection *connection, void **slot,
                   enum MHD_RequestTerminationCode code)
{
    (void)cls, (void)connection, (void)code;
    if (*slot)
        exchange_free(*slot);
    *slot = NULL;
}

static struct MHD_Daemon *start_daemon(struct server *server, uint16_t port, const char *key,
                                       const char *certificate)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
                     MHD_USE_ITC | (key ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
                                   {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate},
                                   {MHD_OPTION_END, 0, NULL}};
    if (!key)
        tls[0].option = MHD_OPTION_END;
    return MHD_start_daemon(flags, port, NULL, NULL, on_call, server, MHD_OPTION_SOCK_ADDR, &address,
                            MHD_OPTION_URI_LOG_CALLBACK, on_target, server, MHD_OPTION_NOTIFY_COMPLETED,
                            on_end, server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(256 << 10), MHD_OPTION_ARRAY, tls,
                            MHD_OPTION_END);
}

struct server *server_start(struct sandbox *sandbox, uint16_t port, const char *key, const char *certificate)
{
    struct server *server = need(sizeof *server);
    server->sandbox = sandbox;
    pthread_mutex_init(&server->lock, NULL);
    server->daemon = start_daemon(server, port, key, certificate);
    if (server->daemon)
        return server;
    pthread_mutex_destroy(&server->lock);
    free(server);
    return NULL;
}

uint16_t server_port(const struct server *server)
{
    return MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

void server_stop(struct server *server)
{
    struct sandbox *sandbox = server->sandbox;
    pthread_mutex_lock(&sandbox->lock);
    sandbox->stopping = true;
    pthread_cond_broadcast(&sandbox->stop_signal);
    pthread_mutex_unlock(&sandbox->lock);
    MHD_stop_daemon(server->daemon);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
