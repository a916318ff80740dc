#include "base/random.h"

#include <errno.h>
#include <sys/random.h>

bool tl_random_bytes(void *out, size_t length)
{
    unsigned char *bytes = out;
    while (length > 0) {
        ssize_t got = getrandom(bytes, length, 0);
        if (got < 0) {
            if (errno == EINTR) {
                continue;
            }
            return false;
        }
        bytes += got;
        length -= (size_t)got;
    }
    return true;
}

void tl_guid_of(const unsigned char bytes[16], char out[TL_GUID_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 16; i++) {
        unsigned char byte = bytes[i];
        if (i == 6) {
            byte = (unsigned char)((byte & 0x0F) | 0x40); /* version 4 */
        }
        if (i == 8) {
            byte = (unsigned char)((byte & 0x3F) | 0x80); /* the variant of RFC 4122 */
        }
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            *out++ = '-';
        }
        *out++ = digits[byte >> 4];
        *out++ = digits[byte & 0xF];
    }
    *out = '\0';
}

bool tl_random_guid(char out[TL_GUID_SIZE])
{
    unsigned char bytes[16];
    if (!tl_random_bytes(bytes, sizeof bytes)) {
        return false;
    }
    tl_guid_of(bytes, out);
    return true;
}
