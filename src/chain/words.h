/* The words that decide a prompt, and the labels of its choices. Pure. */
#ifndef TL_CHAIN_WORDS_H
#define TL_CHAIN_WORDS_H

#include "base/error.h"
#include "base/json.h"
#include "threatlocker/prompt.h"

enum { TL_MAX_WORD = 40, TL_MAX_WORDS = 8, TL_MAX_LABELS = 4 };

typedef enum tl_meaning { TL_MEANS_PERMIT, TL_MEANS_REJECT, TL_MEANS_IGNORE, TL_MEANS_NOTHING } tl_meaning;

/* Words as JSON has them: the lists of `words` point into it, so it must not be moved. */
typedef struct tl_word_lists {
    const char *lists[TL_MEANS_NOTHING][TL_MAX_WORDS + 1];
    tl_words words;
} tl_word_lists;

/* Whether two answers are the same: whole, without outer white space and ASCII case. NULL and blank texts
 * equal nothing. */
bool tl_same_word(const char *a, const char *b);

/* What an answer means; TL_MEANS_NOTHING for all but the words, and for one that stands in two lists. NULL
 * `words` are the default. */
tl_meaning tl_word_meaning(const tl_words *words, const char *text);

/* The word to offer: the first of its list. */
const char *tl_first_word(const tl_words *words, tl_meaning meaning);

/* {"permit": [...], "reject": [...], "ignore": [...]}, each of which may be missing, checked; NULL = the
 * default. The texts are borrowed. */
tl_code tl_words_read(tl_word_lists *out, const cJSON *json, tl_error *err);

/* NULL when the text can be a label; else why not (static), as in "the label ...". */
const char *tl_label_problem(const char *label);

/* The index of the answer in a NULL-terminated list; -1 when it is none of them, or two. */
int tl_label_index(const char *const labels[], const char *answer);

#endif
