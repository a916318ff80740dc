#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "certificates.h"

/* Only a relay that hangs gets there. */
enum { LONGEST_WAIT_S = 20 };

static void limit_waits(int fd)
{
    const struct timeval longest = {LONGEST_WAIT_S, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
}

bool peer_connect(peer *to, int port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    *to = (peer){.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    limit_waits(to->fd);
    if (connect(to->fd, (struct sockaddr *)&address, sizeof address) == 0)
        return true;
    close(to->fd);
    return false;
}

bool peer_accept(peer *from, int listener)
{
    *from = (peer){.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)};
    if (from->fd < 0)
        return false;
    limit_waits(from->fd);
    return true;
}

bool peer_handshake(peer *at, certificate kind, const char *priorities)
{
    int result;
    if (gnutls_init(&at->tls, GNUTLS_SERVER | GNUTLS_NO_SIGNAL) != 0)
        return false;
    if (gnutls_priority_set_direct(at->tls, priorities == NULL ? "NORMAL" : priorities, NULL) != 0 ||
        gnutls_credentials_set(at->tls, GNUTLS_CRD_CERTIFICATE, certificate_of(kind)) != 0)
        return false;
    gnutls_transport_set_int(at->tls, at->fd);
    while ((result = gnutls_handshake(at->tls)) < 0 && gnutls_error_is_fatal(result) == 0) {
    }
    return result == 0;
}

ssize_t peer_read(const peer *at, void *bytes, size_t size)
{
    ssize_t got;
    if (at->tls == NULL)
        return recv(at->fd, bytes, size, 0);
    while ((got = gnutls_record_recv(at->tls, bytes, size)) == GNUTLS_E_INTERRUPTED) {
    }
    return got;
}

bool peer_write(const peer *at, const void *bytes, size_t length)
{
    for (const char *from = bytes; length > 0;) {
        ssize_t sent = at->tls == NULL ? send(at->fd, from, length, MSG_NOSIGNAL)
                                       : gnutls_record_send(at->tls, from, length);
        if (sent <= 0)
            return false;
        from += sent;
        length -= (size_t)sent;
    }
    return true;
}

bool peer_print(const peer *at, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return length >= 0 && (size_t)length < sizeof text && peer_write(at, text, (size_t)length);
}

void peer_hold(const peer *at)
{
    char bytes[4096];
    while (peer_read(at, bytes, sizeof bytes) > 0) {
    }
}

void peer_close(peer *at)
{
    if (at->tls != NULL) {
        (void)gnutls_bye(at->tls, GNUTLS_SHUT_WR);
        gnutls_deinit(at->tls);
    }
    if (at->fd >= 0)
        close(at->fd);
    *at = (peer){.fd = -1};
}

void peer_reset(peer *at)
{
    const struct linger at_once = {1, 0};
    setsockopt(at->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    if (at->tls != NULL)
        gnutls_deinit(at->tls);
    close(at->fd);
    *at = (peer){.fd = -1};
}
