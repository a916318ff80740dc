/* Server text for people's eyes. */
#ifndef THREATLOCKER_TEXT_H
#define THREATLOCKER_TEXT_H

#include <stddef.h>

#include "threatlocker/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A copy that can steer no terminal and hides nothing: control characters, line and paragraph separators,
 * bidirectional controls, zero-width and other invisible format characters, tags and private-use characters
 * become a visible U+FFFD; at most `max_characters`, then "…"; outer white space trimmed. Invalid UTF-8 bytes
 * become U+FFFD too. NULL gives "". malloc'd, the caller's (free()); NULL when out of memory. Any thread. */
TL_API TL_NODISCARD char *tl_clean_text(const char *text, size_t max_characters);

#ifdef __cplusplus
}
#endif
#endif
