/* The relay's end of a connection, with or without TLS. */
#ifndef TL_TESTS_FAULTS_PEER_H
#define TL_TESTS_FAULTS_PEER_H

#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef enum certificate {
    GOOD, /* for 127.0.0.1 and the names that a proxy is asked for */
    EXPIRED,
    NOT_YET,
    WRONG_NAME,
    SELF_SIGNED,
    CERTIFICATES
} certificate;

/* Makes all of them, and the file of the CA that signed all but the last. */
void make_certificates(const char *ca_path);
void free_certificates(void);

typedef struct peer {
    int fd;
    gnutls_session_t tls; /* NULL = none */
} peer;

/* A connection to 127.0.0.1:port; nothing on it waits longer than 20 s. False: refused. */
bool peer_connect(peer *to, int port);
bool peer_accept(peer *from, int listener);
/* Priorities NULL = the usual ones. */
bool peer_handshake(peer *at, certificate kind, const char *priorities);

ssize_t peer_read(const peer *at, void *bytes, size_t size); /* 0 = closed, below 0 = broken */
bool peer_write(const peer *at, const void *bytes, size_t length);
bool peer_print(const peer *at, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads until the other end gives up. */
void peer_hold(const peer *at);
void peer_close(peer *at);
void peer_reset(peer *at);

#endif
