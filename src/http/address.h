/* Which network addresses are public. Pure. */
#ifndef TL_HTTP_ADDRESS_H
#define TL_HTTP_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* True for an address that the public internet routes: none of the special ranges of IANA's registries
 * (private, loopback, link-local, shared, documentation, multicast, ...), and no IPv6 address that carries
 * such an IPv4 one. */
bool tl_address_is_public(const struct sockaddr *address);

/* 127.0.0.0/8 and ::1. */
bool tl_address_is_loopback(const struct sockaddr *address);

#endif
