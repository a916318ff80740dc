#include "relay.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_KEPT = 16 };

/* ---- listening ---- */

static int bound_socket(int *port)
{
    const int yes = 1;
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)*port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        abort();
    *port = ntohs(address.sin_port);
    return fd;
}

static void set_listening(relay *at, bool wanted)
{
    pthread_mutex_lock(&at->mutex);
    if (wanted && at->listener < 0) {
        at->listener = bound_socket(&at->port);
        if (listen(at->listener, MAX_KEPT) != 0)
            abort();
    } else if (!wanted && at->listener >= 0) {
        close(at->listener);
        at->listener = -1;
    }
    pthread_mutex_unlock(&at->mutex);
}

static void wake(const relay *at)
{
    if (write(at->wake[1], "", 1) != 1)
        abort();
}

void relay_refuse(relay *at)
{
    set_listening(at, false);
}

static void arm(relay *at)
{
    at->armed = true;
    if (at->fault->refuses)
        relay_refuse(at);
}

void relay_note_failure(relay *at)
{
    if (!at->fault->refuses || !at->aim->once)
        return;
    set_listening(at, true);
    wake(at);
}

/* ---- one exchange ---- */

static bool holds_credentials(const char *head)
{
    return strcasestr(head, "\r\nauthorization:") != NULL || strcasestr(head, "ph-auth-token") != NULL;
}

static bool is_write(const relay *at, const message *request)
{
    return at->aim->write != NULL && message_is_to(request, at->aim->write);
}

/* The sandbox speaks plain HTTP; its links must come back to us. */
static void mend_links(const relay *at, message *reply)
{
    static const char link[] = "\"fileUrl\":\"http://";
    const char *found = strstr(reply->body, link);
    if (at->fault->way != BY_HTTP && found != NULL)
        message_splice(reply, (size_t)(found - reply->body) + sizeof link - 1 - strlen("://"), 0, "s");
}

static void pass_on(relay *at, message *reply, const message *request)
{
    peer sandbox;
    if (!peer_connect(&sandbox, at->sandbox_port) || !message_send(request, &sandbox, false) ||
        !message_read(reply, &sandbox))
        abort();
    peer_close(&sandbox);
    at->passed_on += is_write(at, request);
    mend_links(at, reply);
}

static bool is_aimed_at(const relay *at, const message *request)
{
    const aim *target = at->aim;
    return at->armed && message_is_to(request, target->at) &&
           (target->body == NULL || strstr(request->body, target->body) != NULL);
}

/* True for what is hit now. */
static bool use_strike(relay *at, bool wanted)
{
    if (!wanted || at->left == 0)
        return false;
    if (at->left > 0)
        at->left--;
    return true;
}

static void note_answer(relay *at, const message *request)
{
    const aim *target = at->aim;
    if (!at->armed && message_is_to(request, target->after) && ++at->answered == target->answers)
        arm(at);
}

/* False when the connection is of no more use. */
static bool serve_exchange(relay *at, peer *from, bool again)
{
    const fault *how = at->fault;
    message request, reply;
    if (!message_read(&request, from))
        return false;
    bool aimed = is_aimed_at(at, &request);
    at->hits += aimed;
    at->writes += is_write(at, &request);
    bool hit = use_strike(at, aimed && how->strike != NULL && (!how->keeps_alive || again));
    if (!hit || how->applies)
        pass_on(at, &reply, &request);
    else
        reply = (message){.head = strdup("HTTP/1.1 200 OK\r\n"), .body = strdup("")};
    note_answer(at, &request);
    if (hit)
        how->strike(at, from, &reply, how);
    bool stays = !hit && message_send(&reply, from, how->keeps_alive) && how->keeps_alive;
    message_free(&request);
    message_free(&reply);
    return stays;
}

/* ---- connections ---- */

/* What a proxy is asked: for a tunnel, without the credentials of what is at its other end. */
static bool open_tunnel(relay *at, const peer *from, bool hit)
{
    message asked;
    if (!message_read(&asked, from))
        return false;
    at->told_secret = at->told_secret || !message_is_to(&asked, "CONNECT ") || holds_credentials(asked.head);
    message_free(&asked);
    const fault *how = at->fault;
    if (!hit || how->status == 0)
        return peer_print(from, "HTTP/1.1 200 Connection established\r\n\r\n");
    (void)peer_print(from, "HTTP/1.1 %d No\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n", how->status,
                     how->headers);
    return false;
}

/* A new connection, up to where requests come. False when that failed. */
static bool open_connection(relay *at, peer *from)
{
    const fault *how = at->fault;
    bool hit = use_strike(at, at->armed && how->strike == NULL);
    if (how->way == BY_PROXY && !open_tunnel(at, from, hit))
        return false;
    if (hit && how->meet != NULL && !how->meet(at, from, how))
        return false;
    return how->way == BY_HTTP || peer_handshake(from, hit ? how->shows : GOOD, hit ? how->priorities : NULL);
}

typedef struct kept {
    peer peers[MAX_KEPT];
    size_t count;
} kept;

static void serve(relay *at, peer *from, bool again, kept *lines)
{
    if ((again || open_connection(at, from)) && serve_exchange(at, from, again) && lines->count < MAX_KEPT)
        lines->peers[lines->count++] = *from;
    else
        peer_close(from);
}

static peer take_line(kept *lines, size_t index)
{
    peer line = lines->peers[index];
    lines->peers[index] = lines->peers[--lines->count];
    return line;
}

/* One thing after the other: what waits, waits in the backlog. */
static void turn(relay *at, kept *lines)
{
    struct pollfd ready[MAX_KEPT + 2] = {{.fd = at->wake[0], .events = POLLIN}};
    char byte;
    pthread_mutex_lock(&at->mutex);
    ready[1] = (struct pollfd){.fd = at->listener, .events = POLLIN};
    pthread_mutex_unlock(&at->mutex);
    size_t count = lines->count;
    for (size_t i = 0; i < count; i++)
        ready[i + 2] = (struct pollfd){.fd = lines->peers[i].fd, .events = POLLIN};
    if (poll(ready, count + 2, -1) < 0)
        return;
    if (ready[0].revents != 0 && read(at->wake[0], &byte, 1) == 1)
        return;
    for (size_t i = count; i > 0; i--) {
        if (ready[i + 1].revents == 0)
            continue;
        peer line = take_line(lines, i - 1);
        serve(at, &line, true, lines);
        return;
    }
    peer from;
    if (ready[1].revents != 0 && peer_accept(&from, ready[1].fd))
        serve(at, &from, false, lines);
}

static bool is_over(relay *at)
{
    pthread_mutex_lock(&at->mutex);
    bool over = at->over;
    pthread_mutex_unlock(&at->mutex);
    return over;
}

static void *run(void *data)
{
    relay *at = data;
    kept lines = {.count = 0};
    while (!is_over(at))
        turn(at, &lines);
    while (lines.count > 0) {
        peer line = take_line(&lines, 0);
        peer_close(&line);
    }
    return NULL;
}

void relay_start(relay *at)
{
    at->port = 0;
    at->reserved = bound_socket(&at->port);
    at->listener = -1;
    at->left = at->aim->once ? 1 : -1;
    pthread_mutex_init(&at->mutex, NULL);
    if (pipe(at->wake) != 0)
        abort();
    set_listening(at, true);
    if (at->aim->after == NULL)
        arm(at);
    if (pthread_create(&at->thread, NULL, run, at) != 0)
        abort();
}

void relay_stop(relay *at)
{
    pthread_mutex_lock(&at->mutex);
    at->over = true;
    pthread_mutex_unlock(&at->mutex);
    wake(at);
    pthread_join(at->thread, NULL);
    set_listening(at, false);
    close(at->reserved);
    close(at->wake[0]);
    close(at->wake[1]);
    pthread_mutex_destroy(&at->mutex);
}
