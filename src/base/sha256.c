#include "base/sha256.h"

#include <string.h>

#include "base/redact.h"

enum { BLOCK = 64, LENGTH_FIELD = 8 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t value, unsigned int bits)
{
    return value >> bits | value << (32 - bits);
}

static uint32_t load_big_endian(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void expand(uint32_t schedule[64], const unsigned char *block)
{
    for (size_t i = 0; i < 16; i++) {
        schedule[i] = load_big_endian(block + 4 * i);
    }
    for (size_t i = 16; i < 64; i++) {
        uint32_t early = schedule[i - 15];
        uint32_t late = schedule[i - 2];
        uint32_t small0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3;
        uint32_t small1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10;
        schedule[i] = schedule[i - 16] + small0 + schedule[i - 7] + small1;
    }
}

static void compress(uint32_t state[8], const unsigned char *block)
{
    uint32_t schedule[64];
    expand(schedule, block);
    uint32_t v[8]; /* a to h of the standard */
    memcpy(v, state, sizeof v);
    for (size_t i = 0; i < 64; i++) {
        uint32_t sum1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t first = v[7] + sum1 + choice + round_constants[i] + schedule[i];
        uint32_t sum0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
        uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, 7 * sizeof v[0]);
        v[4] += first;
        v[0] = first + sum0 + majority;
    }
    for (size_t i = 0; i < 8; i++) {
        state[i] += v[i];
    }
}

void tl_sha256_init(tl_sha256 *ctx)
{
    /* The same of the square roots of the first 8 primes (5.3.3). */
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(ctx->state, initial, sizeof initial);
    ctx->length = 0;
}

void tl_sha256_update(tl_sha256 *ctx, const void *data, size_t length)
{
    const unsigned char *bytes = data;
    size_t used = (size_t)(ctx->length % BLOCK);
    ctx->length += length;
    while (length > 0) {
        if (used == 0 && length >= BLOCK) {
            compress(ctx->state, bytes);
            bytes += BLOCK;
            length -= BLOCK;
            continue;
        }
        size_t part = BLOCK - used < length ? BLOCK - used : length;
        memcpy(ctx->block + used, bytes, part);
        bytes += part;
        length -= part;
        used += part;
        if (used == BLOCK) {
            compress(ctx->state, ctx->block);
            used = 0;
        }
    }
}

void tl_sha256_final(tl_sha256 *ctx, unsigned char out[TL_SHA256_SIZE])
{
    uint64_t bits = ctx->length * 8;
    size_t used = (size_t)(ctx->length % BLOCK);
    ctx->block[used++] = 0x80;
    if (used > BLOCK - LENGTH_FIELD) {
        memset(ctx->block + used, 0, BLOCK - used);
        compress(ctx->state, ctx->block);
        used = 0;
    }
    memset(ctx->block + used, 0, BLOCK - LENGTH_FIELD - used);
    for (size_t i = 0; i < LENGTH_FIELD; i++) {
        ctx->block[BLOCK - 1 - i] = (unsigned char)(bits >> (8 * i));
    }
    compress(ctx->state, ctx->block);
    for (size_t i = 0; i < TL_SHA256_SIZE; i++) {
        out[i] = (unsigned char)(ctx->state[i / 4] >> (24 - 8 * (i % 4)));
    }
    tl_wipe(ctx, sizeof *ctx);
}

void tl_sha256_of(const void *data, size_t length, unsigned char out[TL_SHA256_SIZE])
{
    tl_sha256 ctx;
    tl_sha256_init(&ctx);
    tl_sha256_update(&ctx, data, length);
    tl_sha256_final(&ctx, out);
}

void tl_sha256_hex(const void *data, size_t length, char out[TL_SHA256_HEX_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[TL_SHA256_SIZE];
    tl_sha256_of(data, length, digest);
    for (size_t i = 0; i < TL_SHA256_SIZE; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 0xF];
    }
    out[TL_SHA256_HEX_SIZE - 1] = '\0';
}

void tl_hmac_sha256(const void *key, size_t key_length, const void *data, size_t length,
                    unsigned char out[TL_SHA256_SIZE])
{
    unsigned char pad[BLOCK] = {0};
    if (key_length > BLOCK) {
        tl_sha256_of(key, key_length, pad);
    } else if (key_length > 0) {
        memcpy(pad, key, key_length);
    }
    for (size_t i = 0; i < BLOCK; i++) {
        pad[i] ^= 0x36;
    }
    tl_sha256 ctx;
    tl_sha256_init(&ctx);
    tl_sha256_update(&ctx, pad, BLOCK);
    tl_sha256_update(&ctx, data, length);
    tl_sha256_final(&ctx, out);

    for (size_t i = 0; i < BLOCK; i++) {
        pad[i] ^= 0x36 ^ 0x5c;
    }
    tl_sha256_init(&ctx);
    tl_sha256_update(&ctx, pad, BLOCK);
    tl_sha256_update(&ctx, out, TL_SHA256_SIZE);
    tl_sha256_final(&ctx, out);
    tl_wipe(pad, sizeof pad);
}

bool tl_equal_constant_time(const void *a, const void *b, size_t length)
{
    const volatile unsigned char *left = a;
    const volatile unsigned char *right = b;
    unsigned char difference = 0;
    for (size_t i = 0; i < length; i++) {
        difference = (unsigned char)(difference | (left[i] ^ right[i]));
    }
    return difference == 0;
}
