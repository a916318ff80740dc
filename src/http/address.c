#include "http/address.h"

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The first `bits` bits of an address. */
typedef struct range {
    unsigned char prefix[16];
    unsigned bits;
} range;

/* IANA IPv4 Special-Purpose Address Registry, multicast, and the reserved top. */
static const range special_v4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 31, 196}, 24},
    {{192, 52, 193}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{192, 175, 48}, 24},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 4},
    {{240}, 4},
};

/* Within 2000::/3, outside of which nothing is public. 2002::/16 (6to4) carries an IPv4 address. */
static const range special_v6[] = {
    {{0x20, 0x01}, 23},
    {{0x20, 0x01, 0x0d, 0xb8}, 32},
    {{0x20, 0x02}, 16},
    {{0x3f, 0xff}, 20},
};

static const range global_v6 = {{0x20}, 3};
static const range mapped_v4 = {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96};
static const range nat64 = {{0, 0x64, 0xff, 0x9b}, 96};

static bool is_in(const unsigned char *address, const range *within)
{
    size_t bytes = within->bits / 8;
    unsigned rest = within->bits % 8;
    if (memcmp(address, within->prefix, bytes) != 0)
        return false;
    return rest == 0 || (address[bytes] ^ within->prefix[bytes]) >> (8 - rest) == 0;
}

static bool is_in_any(const unsigned char *address, const range ranges[], size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_in(address, &ranges[i]))
            return true;
    return false;
}

static bool is_public_v4(const unsigned char *address)
{
    return !is_in_any(address, special_v4, sizeof special_v4 / sizeof special_v4[0]);
}

static bool is_public_v6(const unsigned char *address)
{
    if (is_in(address, &mapped_v4) || is_in(address, &nat64))
        return is_public_v4(address + 12);
    return is_in(address, &global_v6) &&
           !is_in_any(address, special_v6, sizeof special_v6 / sizeof special_v6[0]);
}

/* The bytes of the address, or NULL for another family; *out_v6 says which of the two it is. */
static const unsigned char *bytes_of(const struct sockaddr *address, bool *out_v6)
{
    *out_v6 = address->sa_family == AF_INET6;
    if (address->sa_family == AF_INET)
        return (const unsigned char *)address + offsetof(struct sockaddr_in, sin_addr);
    return *out_v6 ? (const unsigned char *)address + offsetof(struct sockaddr_in6, sin6_addr) : NULL;
}

bool tl_address_is_public(const struct sockaddr *address)
{
    bool v6;
    const unsigned char *bytes = bytes_of(address, &v6);
    return bytes != NULL && (v6 ? is_public_v6(bytes) : is_public_v4(bytes));
}

bool tl_address_is_loopback(const struct sockaddr *address)
{
    static const unsigned char one[16] = {[15] = 1};
    bool v6;
    const unsigned char *bytes = bytes_of(address, &v6);
    if (bytes == NULL)
        return false;
    return v6 ? memcmp(bytes, one, sizeof one) == 0 : bytes[0] == 127;
}
