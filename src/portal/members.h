/* Reading the members of what a caller passes in: TL_INVALID names the member and what is allowed. Pure. */
#ifndef TL_PORTAL_MEMBERS_H
#define TL_PORTAL_MEMBERS_H

#include "base/error.h"
#include "base/json.h"

enum { TL_MAX_TEXT = 4000, TL_MAX_SEARCH = 1000 };

/* A text of valid UTF-8, at most TL_MAX_TEXT bytes, borrowed; NULL when absent. False after an error. */
bool tl_member_text(const char **out, const cJSON *json, const char *member, tl_error *err);

/* true or false; false when absent. */
bool tl_member_flag(bool *out, const cJSON *json, const char *member, tl_error *err);

/* The index of the member's word; `otherwise` when the member is absent; -1 after an error. */
int tl_member_word(const cJSON *json, const char *member, const char *const words[], int otherwise,
                   tl_error *err);

/* TL_INVALID: the member must be one of these words. */
tl_code tl_fail_words(const char *member, const char *const words[], tl_error *err);

/* A GUID other than all zeros, borrowed; NULL when absent. */
bool tl_member_guid(const char **out, const cJSON *json, const char *member, tl_error *err);

/* A UTC time after 1970-01-01T00:00:00Z; 0 when absent. */
bool tl_member_time(int64_t *out_us, const cJSON *json, const char *member, tl_error *err);

/* A whole number within bounds; *out stays as it is when absent. */
bool tl_member_integer(int64_t *out, const cJSON *json, const char *member, int64_t min, int64_t max,
                       tl_error *err);

/* An array of at most `max` elements, borrowed; NULL when absent or an empty object, which is the empty table
 * of a language that has no empty arrays. */
bool tl_member_list(const cJSON **out, const cJSON *json, const char *member, int max, tl_error *err);

/* Refuses members of an object that are not known, naming those that are, or stand twice. `what` begins the
 * message: "choice has". */
tl_code tl_check_members(const cJSON *object, const char *const known[], const char *what, tl_error *err);

/* The same for options, which may be NULL. */
tl_code tl_check_options(const cJSON *options, const char *const known[], tl_error *err);

/* The name of something new: not blank, not endless. */
tl_code tl_check_name(const char *name, const char *of_what, tl_error *err);

/* Checks what a list is searched for; NULL is "everything". */
tl_code tl_check_search(const char *search, tl_error *err);

#endif
