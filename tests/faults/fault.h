/* What can go wrong on the way to a service and back. */
#ifndef TL_TESTS_FAULTS_FAULT_H
#define TL_TESTS_FAULTS_FAULT_H

#include "message.h"
#include "peer.h"

typedef struct relay relay;

typedef enum way {
    BY_HTTP,
    BY_TLS,
    BY_PROXY, /* and TLS within */
    BY_NAME,  /* TLS to a host whose name interpose.c answers for */
} way;

typedef struct fault fault;
struct fault {
    const char *group; /* a line of the README's table */
    const char *name;
    way way;
    const char *host; /* BY_NAME */
    bool waits;       /* only the deadline ends it */
    bool refuses;     /* nobody listens */
    bool from_start;  /* the client's clock is wrong before it begins, by `number` seconds */
    bool keeps_alive; /* connections are kept, and strikes hit those that are used again only */

    /* Without `strike` whole connections are hit: */
    bool (*meet)(relay *at, peer *from, const fault *how); /* before the handshake; false = it was ended */
    certificate shows;
    const char *priorities; /* of TLS; NULL = the usual ones */

    /* In place of the reply. */
    void (*strike)(relay *at, peer *from, message *reply, const fault *how);
    bool applies;        /* the service got the call before */
    int status;          /* of the proxy, too */
    const char *headers; /* lines with CRLF */
    const char *text;
    int64_t number;
};

extern const fault faults[];
extern const size_t fault_count;

#endif
