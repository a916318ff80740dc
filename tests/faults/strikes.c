#include "strikes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gzip_bomb.h"
#include "relay.h"

enum {
    HUGE_BODY = 100 * 1000 * 1000,
    MEASURED = 1000 * 1000, /* a body that may be so long */
    DRIP_US = 50 * 1000,
    MANY_HEADERS = 100 * 1000,
    DEPTH = 100 * 1000
};

/* ---- before the handshake ---- */

/* The first bytes of the handshake are there: the connection stood. */
bool meet_with_reset(relay *at, peer *from, const fault *how)
{
    char bytes[16];
    (void)at, (void)how;
    (void)recv(from->fd, bytes, sizeof bytes, 0);
    peer_reset(from);
    return false;
}

bool meet_with_silence(relay *at, peer *from, const fault *how)
{
    (void)at, (void)how;
    peer_hold(from);
    return false;
}

bool meet_with_jump(relay *at, peer *from, const fault *how)
{
    (void)from;
    atomic_store(at->clock_s, how->number);
    return true;
}

/* ---- no reply ---- */

void strike_reset(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)reply, (void)how;
    peer_reset(from);
}

void strike_death(relay *at, peer *from, message *reply, const fault *how)
{
    (void)reply, (void)how;
    relay_refuse(at);
    peer_reset(from);
}

void strike_close(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)reply, (void)how;
    peer_close(from);
}

void strike_silence(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)reply, (void)how;
    peer_hold(from);
}

void strike_jump_silence(relay *at, peer *from, message *reply, const fault *how)
{
    (void)reply;
    atomic_store(at->clock_s, how->number);
    peer_hold(from);
}

/* ---- the true reply, spoilt ---- */

/* Writes are answered without a body; what is cut needs one. */
static void want_body(message *reply)
{
    if (reply->length == 0)
        message_set_body(reply, "{}", 2);
}

static void send_half(const peer *from, message *reply)
{
    want_body(reply);
    (void)message_send_head(reply, from, (long long)reply->length, false);
    (void)peer_write(from, reply->body, reply->length / 2);
}

void strike_reset_midway(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    send_half(from, reply);
    peer_reset(from);
}

void strike_close_midway(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    send_half(from, reply);
    peer_close(from);
}

void strike_half_told(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    want_body(reply);
    (void)message_send_head(reply, from, (long long)reply->length / 2, false);
    (void)peer_write(from, reply->body, reply->length);
}

void strike_drip(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    want_body(reply);
    (void)message_send_head(reply, from, MEASURED, false);
    for (size_t i = 0; peer_write(from, reply->body + i % reply->length, 1); i++)
        usleep(DRIP_US);
}

static void send_half_head(const peer *from, const message *reply)
{
    (void)peer_write(from, reply->head, strlen(reply->head) - 3);
}

void strike_half_head(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    send_half_head(from, reply);
    peer_hold(from);
}

void strike_half_head_close(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    send_half_head(from, reply);
    peer_close(from);
}

void strike_head_flood(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    bool open = peer_write(from, reply->head, strlen(reply->head));
    for (int i = 0; open && i < MANY_HEADERS; i++)
        open = peer_print(from, "X-Header-%d: nothing\r\n", i);
    if (open)
        (void)peer_print(from, "\r\n");
}

void strike_huge(relay *at, peer *from, message *reply, const fault *how)
{
    char block[16384];
    (void)at, (void)how;
    memset(block, ' ', sizeof block);
    bool open = message_send_head(reply, from, HUGE_BODY, false);
    for (long long sent = 0; open && sent < HUGE_BODY; sent += (long long)sizeof block)
        open = peer_write(from, block, sizeof block);
}

static bool send_chunk(const peer *to, const char *bytes, size_t length)
{
    return peer_print(to, "%zx\r\n", length) && peer_write(to, bytes, length) && peer_print(to, "\r\n");
}

static bool send_chunked_head(const peer *to, message *reply)
{
    message_add_headers(reply, "Transfer-Encoding: chunked\r\n");
    return message_send_head(reply, to, -1, false);
}

void strike_huge_chunked(relay *at, peer *from, message *reply, const fault *how)
{
    char block[16384];
    (void)at, (void)how;
    memset(block, ' ', sizeof block);
    bool open = send_chunked_head(from, reply);
    for (long long sent = 0; open && sent < HUGE_BODY; sent += (long long)sizeof block)
        open = send_chunk(from, block, sizeof block);
    if (open)
        (void)peer_print(from, "0\r\n\r\n");
}

void strike_chunks_without_end(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    want_body(reply);
    bool open = send_chunked_head(from, reply) && send_chunk(from, reply->body, reply->length);
    while (open && send_chunk(from, " ", 1))
        usleep(DRIP_US);
}

void strike_chunks_cut(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at, (void)how;
    want_body(reply);
    if (send_chunked_head(from, reply))
        (void)send_chunk(from, reply->body, reply->length);
    peer_close(from);
}

void strike_gzip_bomb(relay *at, peer *from, message *reply, const fault *how)
{
    size_t length = 0;
    char *bomb = gzip_bomb(HUGE_BODY, &length);
    (void)at, (void)how;
    message_add_headers(reply, "Content-Encoding: gzip\r\n");
    message_set_body(reply, bomb, length);
    free(bomb);
    (void)message_send(reply, from, false);
}

void strike_prefix(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at;
    want_body(reply);
    message_splice(reply, 0, 0, how->text);
    (void)message_send(reply, from, false);
}

static void add_member(message *reply, const char *member)
{
    const char *object = strchr(reply->body, '{');
    if (object == NULL) {
        message_set_body(reply, "{}", 2);
        object = reply->body;
    }
    size_t inside = (size_t)(object - reply->body) + 1;
    message_splice(reply, inside, 0, reply->body[inside] == '}' ? "" : ",");
    message_splice(reply, inside, 0, member);
}

void strike_member(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at;
    add_member(reply, how->text);
    (void)message_send(reply, from, false);
}

void strike_nesting(relay *at, peer *from, message *reply, const fault *how)
{
    char *member = malloc(2 * DEPTH + 16);
    (void)at, (void)how;
    if (member == NULL)
        abort();
    size_t name = (size_t)sprintf(member, "\"deep\":");
    memset(member + name, '[', DEPTH);
    memset(member + name + DEPTH, ']', DEPTH);
    member[name + 2 * DEPTH] = '\0';
    add_member(reply, member);
    free(member);
    (void)message_send(reply, from, false);
}

void strike_type(relay *at, peer *from, message *reply, const fault *how)
{
    char line[100];
    (void)at;
    snprintf(line, sizeof line, "Content-Type: %s\r\n", how->text);
    message_drop(reply, "Content-Type");
    message_add_headers(reply, line);
    (void)message_send(reply, from, false);
}

void strike_jump(relay *at, peer *from, message *reply, const fault *how)
{
    atomic_store(at->clock_s, how->number);
    (void)message_send(reply, from, false);
}

/* ---- another reply ---- */

static void send_status(const peer *from, message *reply, const fault *how, const char *headers)
{
    char line[64];
    snprintf(line, sizeof line, "HTTP/1.1 %d Fault", how->status);
    message_set(reply, line, headers, how->text == NULL ? "" : how->text);
    (void)message_send_head(reply, from, how->status == 204 ? -1 : (long long)reply->length, false);
    (void)peer_write(from, reply->body, reply->length);
}

void strike_status(relay *at, peer *from, message *reply, const fault *how)
{
    (void)at;
    send_status(from, reply, how, how->headers == NULL ? "" : how->headers);
}

void strike_reset_then_status(relay *at, peer *from, message *reply, const fault *how)
{
    if (at->hits == 1)
        peer_reset(from);
    else
        strike_status(at, from, reply, how);
}

void strike_retry_date(relay *at, peer *from, message *reply, const fault *how)
{
    char date[64], header[100];
    time_t then = time(NULL) + (time_t)how->number;
    struct tm parts;
    (void)at;
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &parts));
    snprintf(header, sizeof header, "Retry-After: %s\r\n", date);
    send_status(from, reply, how, header);
}

void strike_redirect_to_host(relay *at, peer *from, message *reply, const fault *how)
{
    char header[100];
    snprintf(header, sizeof header, "Location: http://127.0.0.2:%d/moved\r\n", at->stranger_port);
    send_status(from, reply, how, header);
}

void strike_redirect_to_http(relay *at, peer *from, message *reply, const fault *how)
{
    char header[100];
    snprintf(header, sizeof header, "Location: http://127.0.0.1:%d/moved\r\n", at->stranger_port);
    send_status(from, reply, how, header);
}
