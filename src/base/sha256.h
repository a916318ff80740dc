/* SHA-256 (FIPS 180-4) and HMAC-SHA-256 (RFC 2104). Pure. */
#ifndef TL_BASE_SHA256_H
#define TL_BASE_SHA256_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TL_SHA256_SIZE = 32, TL_SHA256_HEX_SIZE = 65 };

typedef struct tl_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[64];
} tl_sha256;

void tl_sha256_init(tl_sha256 *ctx);
void tl_sha256_update(tl_sha256 *ctx, const void *data, size_t length);
/* Wipes ctx, too. */
void tl_sha256_final(tl_sha256 *ctx, unsigned char out[TL_SHA256_SIZE]);

void tl_sha256_of(const void *data, size_t length, unsigned char out[TL_SHA256_SIZE]);
/* Lower-case hex, NUL-terminated. */
void tl_sha256_hex(const void *data, size_t length, char out[TL_SHA256_HEX_SIZE]);

void tl_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length,
                    unsigned char out[TL_SHA256_SIZE]);

/* Compares without an early exit, so that timing tells nothing. */
bool tl_equal_constant_time(const void *a, const void *b, size_t length);

#endif
