#include "base/text.h"

#include <stdlib.h>
#include <string.h>

char tl_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int tl_hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = tl_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool tl_is_guid(const char *text)
{
    if (text == NULL) {
        return false;
    }
    for (size_t i = 0; i < TL_GUID_SIZE - 1; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : tl_hex_value(text[i]) < 0) {
            return false;
        }
    }
    return text[TL_GUID_SIZE - 1] == '\0';
}

bool tl_is_real_guid(const char *text)
{
    return tl_is_guid(text) && text[strspn(text, "0-")] != '\0';
}

bool tl_equal_ignore_case(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    while (*a != '\0' && tl_lower(*a) == tl_lower(*b)) {
        a++;
        b++;
    }
    return tl_lower(*a) == tl_lower(*b);
}

bool tl_is_one_of(const char *text, const char *const words[])
{
    for (; *words != NULL; words++) {
        if (tl_equal_ignore_case(text, *words)) {
            return true;
        }
    }
    return false;
}

bool tl_copy_texts(const char *const **list)
{
    if (*list == NULL) {
        return true;
    }
    size_t count = 0;
    while ((*list)[count] != NULL) {
        count++;
    }
    const char **copy = calloc(count + 1, sizeof *copy);
    bool ok = copy != NULL;
    for (size_t i = 0; ok && i < count; i++) {
        ok = (copy[i] = strdup((*list)[i])) != NULL;
    }
    *list = copy;
    return ok;
}

void tl_free_texts(const char *const list[])
{
    for (const char *const *text = list; text != NULL && *text != NULL; text++) {
        free((char *)*text);
    }
    free((void *)list);
}

bool tl_is_header_value(const char *text)
{
    if (text == NULL || *text == '\0' || *text == ' ') {
        return false;
    }
    size_t length = 0;
    for (; text[length] != '\0'; length++) {
        if (text[length] < 0x20 || text[length] > 0x7E) {
            return false;
        }
    }
    return text[length - 1] != ' ';
}

char *tl_trim(const char *text)
{
    static const char white[] = " \t\n\v\f\r";
    text = text == NULL ? "" : text + strspn(text, white);
    size_t length = strlen(text);
    while (length > 0 && strchr(white, text[length - 1]) != NULL) {
        length--;
    }
    char *copy = malloc(length + 1);
    if (copy != NULL) {
        memcpy(copy, text, length);
        copy[length] = '\0';
    }
    return copy;
}
