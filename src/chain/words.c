#include "chain/words.h"

#include <string.h>

#include "base/text.h"
#include "chain/seal.h"

static const char *const default_permit[] = {"Permit", "Approve", NULL};
static const char *const default_reject[] = {"Reject", "Deny", NULL};
static const char *const default_ignore[] = {"Ignore", NULL};
static const char *const *const default_lists[] = {default_permit, default_reject, default_ignore};
static const char *const list_names[] = {"permit", "reject", "ignore", NULL};

static const char *const *list_of(const tl_words *words, int meaning)
{
    const char *const *lists[] = {NULL, NULL, NULL};
    if (words != NULL) {
        lists[TL_MEANS_PERMIT] = words->permit;
        lists[TL_MEANS_REJECT] = words->reject;
        lists[TL_MEANS_IGNORE] = words->ignore;
    }
    return lists[meaning] != NULL ? lists[meaning] : default_lists[meaning];
}

/* What lies between outer ASCII white space. */
static const char *inner(const char *text, size_t *out_length)
{
    static const char white[] = " \t\n\v\f\r";
    text += strspn(text, white);
    size_t length = strlen(text);
    while (length > 0 && strchr(white, text[length - 1]) != NULL)
        length--;
    *out_length = length;
    return text;
}

bool tl_same_word(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return false;
    size_t a_length, b_length;
    a = inner(a, &a_length);
    b = inner(b, &b_length);
    bool same = a_length == b_length && a_length > 0;
    for (size_t i = 0; same && i < a_length; i++)
        same = tl_lower(a[i]) == tl_lower(b[i]);
    return same;
}

static bool is_listed(const char *const *list, const char *text)
{
    for (; *list != NULL; list++)
        if (tl_same_word(*list, text))
            return true;
    return false;
}

tl_meaning tl_word_meaning(const tl_words *words, const char *text)
{
    tl_meaning found = TL_MEANS_NOTHING;
    for (int meaning = 0; meaning < TL_MEANS_NOTHING; meaning++) {
        if (!is_listed(list_of(words, meaning), text))
            continue;
        if (found != TL_MEANS_NOTHING)
            return TL_MEANS_NOTHING;
        found = (tl_meaning)meaning;
    }
    return found;
}

const char *tl_first_word(const tl_words *words, tl_meaning meaning)
{
    return list_of(words, (int)meaning)[0];
}

const char *tl_label_problem(const char *label)
{
    if (label[0] == '\0' || strlen(label) > TL_MAX_WORD)
        return "must have 1 to 40 bytes";
    if (!tl_is_clean_text(label))
        return "must be UTF-8 without control or invisible characters, or outer white space";
    return strstr(label, TL_SEAL_MARK) != NULL ? "must not look like a seal" : NULL;
}

/* A word must not mean anything else, neither here nor to a reader that has the default words. */
static tl_code check_meaning(const tl_words *words, int meaning, const char *word, tl_error *err)
{
    for (int other = 0; other < TL_MEANS_NOTHING; other++)
        if (other != meaning &&
            (is_listed(list_of(words, other), word) || is_listed(default_lists[other], word)))
            return tl_fail(err, TL_CONFIG, "words: \"%s\" stands in %s, but means %s", word,
                           list_names[meaning], list_names[other]);
    return TL_OK;
}

static tl_code check_list(const tl_words *words, int meaning, tl_error *err)
{
    const char *const *list = list_of(words, meaning);
    size_t count = 0;
    for (; list[count] != NULL; count++) {
        const char *problem = count < TL_MAX_WORDS ? tl_label_problem(list[count]) : "is one too many";
        if (problem != NULL)
            return tl_fail(err, TL_CONFIG, "words: word %zu of %s %s", count + 1, list_names[meaning],
                           problem);
        tl_code code = check_meaning(words, meaning, list[count], err);
        if (code != TL_OK)
            return code;
    }
    return count > 0 ? TL_OK : tl_fail(err, TL_CONFIG, "words: %s has no word", list_names[meaning]);
}

tl_code tl_words_check(const tl_words *words, tl_error *err)
{
    tl_code code = TL_OK;
    for (int meaning = 0; code == TL_OK && meaning < TL_MEANS_NOTHING; meaning++)
        code = check_list(words, meaning, err);
    return code;
}

static tl_code read_list(const char *out[], const cJSON *list, const char *name, tl_error *err)
{
    if (!cJSON_IsArray(list) || cJSON_GetArraySize(list) > TL_MAX_WORDS)
        return tl_fail(err, TL_CONFIG, "words: %s must be a list of 1 to %d words", name, TL_MAX_WORDS);
    size_t count = 0;
    const cJSON *word;
    cJSON_ArrayForEach (word, list) {
        if (!cJSON_IsString(word))
            return tl_fail(err, TL_CONFIG, "words: %s must hold texts only", name);
        out[count++] = word->valuestring;
    }
    return TL_OK;
}

tl_code tl_words_read(tl_word_lists *out, const cJSON *json, tl_error *err)
{
    *out = (tl_word_lists){0};
    if (json == NULL)
        return TL_OK;
    const char *unknown;
    if (!tl_json_only_members(json, list_names, &unknown))
        return tl_fail(err, TL_CONFIG, "words must be an object of the lists permit, reject and ignore");
    const char *const *given[TL_MEANS_NOTHING] = {NULL};
    for (int meaning = 0; meaning < TL_MEANS_NOTHING; meaning++) {
        const cJSON *list = tl_json_member(json, list_names[meaning]);
        if (list == NULL)
            continue;
        tl_code code = read_list(out->lists[meaning], list, list_names[meaning], err);
        if (code != TL_OK)
            return code;
        given[meaning] = out->lists[meaning];
    }
    out->words = (tl_words){given[TL_MEANS_PERMIT], given[TL_MEANS_REJECT], given[TL_MEANS_IGNORE]};
    return tl_words_check(&out->words, err);
}

int tl_label_index(const char *const labels[], const char *answer)
{
    int found = -1;
    for (int i = 0; labels[i] != NULL; i++) {
        if (!tl_same_word(labels[i], answer))
            continue;
        if (found >= 0)
            return -1;
        found = i;
    }
    return found;
}
