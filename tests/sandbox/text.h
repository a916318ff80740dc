/* Growing text, encodings, GUIDs and times. Running out of memory ends the program: it is a test tool. */
#ifndef SANDBOX_TEXT_H
#define SANDBOX_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    char *data; /* NULL while nothing was added; otherwise ends in NUL */
    size_t len;
    size_t cap;
};

void *need(size_t size); /* zeroed memory, never NULL */
void *need_more(void *old, size_t size);
char *copy_text(const char *s);
char *copy_bytes(const char *s, size_t len);

void text_add(struct text *t, const char *s, size_t len);
void text_puts(struct text *t, const char *s);
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_quote(struct text *t, const char *s); /* as a JSON string; NULL gives null */
void text_free(struct text *t);
const char *text_str(const struct text *t); /* never NULL */

bool same_word(const char *a, const char *b); /* ASCII case ignored; NULL is no word */
bool contains_word(const char *haystack, const char *needle);
const char *file_name(const char *path); /* what follows the last \ or /; NULL stays NULL */

void base64_encode(struct text *out, const char *s);
char *base64_decode(const char *s); /* NULL when it is not base64 */

#define GUID_TEXT 37
bool guid_read(const char *s, unsigned char out[16]);
bool is_guid(const char *s);

int64_t now_us(void);
void time_to_seconds(int64_t us, char out[32]); /* YYYY-MM-DDTHH:MM:SSZ */
void time_to_micros(int64_t us, char out[40]);  /* YYYY-MM-DDTHH:MM:SS.ffffffZ */
bool time_read(const char *s, int64_t *us);

#endif
