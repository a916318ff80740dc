/* Looking for secrets in whole replies, which may be large: most of the text is passed over unread. Looked
 * for is the beginning of the secret in each spelling that has no escapes (a needle), and apart from that
 * every escape. */
#include <string.h>

#include "base/redact.h"
#include "base/spelling.h"

enum { SHORTEST_HELD = 16, LONGEST_NEEDLE = 32, MAX_NEEDLES = 1 + 2 * TL_BASE64_SHIFTS, PAIRS = 256 * 256 };

typedef struct needle {
    char text[LONGEST_NEEDLE];
    size_t length;
} needle;

typedef struct search {
    const char *text;
    size_t length;
    const char *secret;
    needle needles[MAX_NEEDLES];
    size_t count;
    size_t shortest;
    unsigned char pairs[PAIRS / 8]; /* a bit for each two bytes that stand side by side in a needle */
} search;

static unsigned int pair_at(const char *text)
{
    return (unsigned int)(unsigned char)text[0] << 8 | (unsigned char)text[1];
}

static void add_needle(search *all, const char *text, size_t length)
{
    needle *added = &all->needles[all->count++];
    added->length = length < LONGEST_NEEDLE ? length : LONGEST_NEEDLE;
    memcpy(added->text, text, added->length);
    for (size_t i = 0; i + 1 < added->length; i++) {
        unsigned int pair = pair_at(added->text + i);
        all->pairs[pair / 8] = (unsigned char)(all->pairs[pair / 8] | 1U << pair % 8);
    }
    if (all->shortest == 0 || added->length < all->shortest) {
        all->shortest = added->length;
    }
}

/* The secret as it is, and in base64 of both alphabets. */
static void add_needles(search *all)
{
    add_needle(all, all->secret, strlen(all->secret));
    for (size_t shift = 0; shift < TL_BASE64_SHIFTS; shift++) {
        char digits[LONGEST_NEEDLE];
        bool differs = false;
        size_t length = tl_spelling_base64(digits, sizeof digits, all->secret, shift);
        add_needle(all, digits, length);
        for (size_t i = 0; i < length; i++) {
            differs = differs || digits[i] == '+' || digits[i] == '/';
            digits[i] = digits[i] == '+' ? '-' : digits[i] == '/' ? '_' : digits[i];
        }
        if (differs) {
            add_needle(all, digits, length);
        }
    }
}

/* Whether the pair of bytes there belongs to a needle that begins a whole secret. */
static bool is_inside(const search *all, size_t at)
{
    for (const needle *one = all->needles; one < all->needles + all->count; one++) {
        for (size_t i = 0; i + 1 < one->length && i <= at; i++) {
            const char *start = all->text + at - i;
            if (pair_at(one->text + i) != pair_at(all->text + at) || at - i + one->length > all->length ||
                memcmp(start, one->text, one->length) != 0) {
                continue;
            }
            if (tl_spelling_match(start, all->secret) > 0 ||
                tl_spelling_match_base64(start, all->secret) > 0) {
                return true;
            }
        }
    }
    return false;
}

/* No needle is so short that it fits between two of the pairs looked at. */
static bool holds_needle(const search *all)
{
    for (size_t at = 0; at + 1 < all->length; at += all->shortest - 1) {
        unsigned int pair = pair_at(all->text + at);
        if ((all->pairs[pair / 8] >> pair % 8 & 1) != 0 && is_inside(all, at)) {
            return true;
        }
    }
    return false;
}

/* Whether a secret stands there whose first escaped byte is this one, at `at`: what is before it is not
 * escaped. */
static bool is_first_escaped(const search *all, size_t at, char byte)
{
    const char *secret = all->secret;
    for (const char *found = strchr(secret, byte); found != NULL; found = strchr(found + 1, byte)) {
        size_t before = (size_t)(found - secret);
        if (before > at) {
            return false;
        }
        const char *start = all->text + at - before;
        if (memcmp(start, secret, before) == 0 && tl_spelling_match(start, secret) > 0) {
            return true;
        }
    }
    return false;
}

static bool holds_escaped(const search *all, char escape)
{
    const char *end = all->text + all->length;
    for (const char *at = all->text; (at = memchr(at, escape, (size_t)(end - at))) != NULL; at++) {
        char bytes[TL_ESCAPE_READINGS];
        for (size_t i = tl_spelling_unescape(bytes, at); i > 0; i--) {
            if (is_first_escaped(all, (size_t)(at - all->text), bytes[i - 1])) {
                return true;
            }
        }
    }
    return false;
}

bool tl_holds_secret(const char *text, size_t length, const char *const secrets[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (secrets[i] == NULL || strlen(secrets[i]) < SHORTEST_HELD) {
            continue;
        }
        search all = {.text = text, .length = length, .secret = secrets[i]};
        add_needles(&all);
        if (holds_needle(&all) || holds_escaped(&all, '\\') || holds_escaped(&all, '%')) {
            return true;
        }
    }
    return false;
}
