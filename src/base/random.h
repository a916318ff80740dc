/* Random bytes, and the GUIDs that are made of bytes. */
#ifndef TL_BASE_RANDOM_H
#define TL_BASE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* From the kernel; false when it has none to give. */
bool tl_random_bytes(void *out, size_t length);
/* 16 bytes as a GUID of the random kind (version 4), lower case. Pure. */
void tl_guid_of(const unsigned char bytes[16], char out[TL_GUID_SIZE]);
/* A random (version 4) GUID, lower case; false as above. */
bool tl_random_guid(char out[TL_GUID_SIZE]);

#endif
