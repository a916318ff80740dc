#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/redact.h"
#include "base/text.h"

enum { FIRST_CAPACITY = 256 };

static bool give_up(tl_buffer *buffer, bool too_large)
{
    buffer->failed = true;
    buffer->too_large = too_large;
    return false;
}

/* Not realloc: it may leave an unwiped copy of a secret behind. */
static bool move_to(tl_buffer *buffer, size_t capacity)
{
    char *data = malloc(capacity);
    if (data == NULL) {
        return give_up(buffer, false);
    }
    if (buffer->data != NULL) {
        memcpy(data, buffer->data, buffer->length);
        tl_wipe(buffer->data, buffer->length);
        free(buffer->data);
    }
    data[buffer->length] = '\0';
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

static bool grow(tl_buffer *buffer, size_t needed)
{
    size_t capacity = buffer->capacity < FIRST_CAPACITY ? FIRST_CAPACITY : buffer->capacity;
    while (capacity < needed) {
        capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
    }
    return move_to(buffer, capacity);
}

static bool may_hold(tl_buffer *buffer, size_t length)
{
    if (buffer->failed) {
        return false;
    }
    bool fits = length <= buffer->limit - buffer->length && buffer->length + length < SIZE_MAX;
    return fits || give_up(buffer, true);
}

/* Room for `length` more bytes and the NUL. */
static bool make_room(tl_buffer *buffer, size_t length)
{
    size_t needed = buffer->length + length + 1;
    return may_hold(buffer, length) && (needed <= buffer->capacity || grow(buffer, needed));
}

bool tl_buffer_reserve(tl_buffer *buffer, size_t length)
{
    size_t needed = buffer->length + length + 1;
    return may_hold(buffer, length) && (needed <= buffer->capacity || move_to(buffer, needed));
}

bool tl_buffer_append(tl_buffer *buffer, const void *data, size_t length)
{
    if (!make_room(buffer, length)) {
        return false;
    }
    if (length > 0) {
        memcpy(buffer->data + buffer->length, data, length);
    }
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
    return true;
}

bool tl_buffer_text(tl_buffer *buffer, const char *text)
{
    return tl_buffer_append(buffer, text, strlen(text));
}

bool tl_buffer_format(tl_buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return give_up(buffer, false);
    }
    if (!make_room(buffer, (size_t)length)) {
        return false;
    }
    va_start(arguments, format);
    vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
    return true;
}

void tl_buffer_free(tl_buffer *buffer)
{
    if (buffer->data != NULL) {
        tl_wipe(buffer->data, buffer->length);
        free(buffer->data);
    }
    *buffer = (tl_buffer){.limit = buffer->limit};
}
