/* HTTP and HTTPS on loopback. */
#ifndef SANDBOX_SERVER_H
#define SANDBOX_SERVER_H

#include <stdint.h>

#include "sandbox.h"

struct server;

/* `key` and `certificate` are PEM texts, NULL for plain HTTP. NULL when the port cannot be had. */
struct server *server_start(struct sandbox *sandbox, uint16_t port, const char *key, const char *certificate);
uint16_t server_port(const struct server *server);
void server_stop(struct server *server); /* ends what is in flight */

#endif
