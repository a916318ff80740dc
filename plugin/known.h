/* The ids of requests whose containers were handed over: the state of a poll. */
#ifndef TLP_KNOWN_H
#define TLP_KNOWN_H

#include "values.h"

enum { TLP_ID_SIZE = 33 }; /* a GUID's 32 digits in lower case, without hyphens */

typedef struct tlp_known_id {
    char id[TLP_ID_SIZE];
    bool listed; /* in this walk of the list */
} tlp_known_id;

typedef struct tlp_known {
    tlp_known_id *ids; /* sorted */
    size_t count;
    size_t capacity;
} tlp_known;

/* From a state that tlp_known_state made; anything else is an empty set. False when out of memory. */
bool tlp_known_read(tlp_known *out, const cJSON *state);
void tlp_known_free(tlp_known *known);

/* The digits of a GUID; false for anything else. */
bool tlp_id_digits(char out[TLP_ID_SIZE], const char *guid);

/* Marks the id as listed; false when it is not known. */
bool tlp_known_mark(tlp_known *known, const char *id);

/* Adds an id that is not known. False when out of memory. */
bool tlp_known_add(tlp_known *known, const char *id);

/* The set as a state, with all ids or only the listed ones; NULL when out of memory. */
cJSON *tlp_known_state(const tlp_known *known, bool only_listed);

#endif
