#include "chain/answerer.h"

#include <string.h>

#include "chain/words.h"

enum { MAX_PERSON = 512 };

/* The name without domain, in `out`: "CORP\jane", "jane@example.com" and "Jane" are one. False when there is
 * none, or it is too long to be told. */
static bool bare_name(char out[MAX_PERSON], const char *text)
{
    const char *backslash = strrchr(text, '\\');
    const char *start = backslash == NULL ? text : backslash + 1;
    size_t length = strcspn(start, "@");
    if (length >= MAX_PERSON)
        return false;
    memcpy(out, start, length);
    out[length] = '\0';
    return tl_same_word(out, out);
}

bool tl_same_person(const char *a, const char *b)
{
    char bare_a[MAX_PERSON], bare_b[MAX_PERSON];
    return tl_same_word(a, b) || !bare_name(bare_a, a) || !bare_name(bare_b, b) ||
           tl_same_word(bare_a, bare_b);
}

bool tl_answerer_is_requester(const char *answered_by, const cJSON *details)
{
    static const char *const members[] = {"approvalRequest.requestor", "approvalRequest.username",
                                          "approvalRequest.requestorEmailAddress",
                                          "approvalRequest.threatLockerActionDto.username"};
    char answerer[MAX_PERSON];
    bool is_known = false;
    if (answered_by == NULL || !bare_name(answerer, answered_by))
        return true;
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *name = tl_json_text_or_empty(details, members[i]);
        if (name[strspn(name, " \t\n\v\f\r")] == '\0')
            continue;
        if (tl_same_person(name, answered_by))
            return true;
        is_known = true;
    }
    return !is_known;
}
