/* Choices drawn at random from the choice table: deterministic, some sound, most not. */
#ifndef TL_TESTS_RANDOM_CHOICE_H
#define TL_TESTS_RANDOM_CHOICE_H

#include "details.h"
#include "json_case.h"

/* xorshift64*: the same numbers everywhere, from a seed that is not 0. */
static inline uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return (*state * UINT64_C(2685821657736338717)) >> 32;
}

static inline bool one_in(uint64_t *state, unsigned n)
{
    return draw(state) % n == 0;
}

enum { VALUES = 8 };

/* Each member of the choice table with values that are right in some choice or other, and with wrong ones. */
static const struct choice_member {
    const char *name;
    const char *good[VALUES];
    const char *bad[VALUES];
} choice_members[] = {
    {"application", {"'matching'", "'existing'", "'new'"}, {"'New'", "''", "1", "null"}},
    {"application_id",
     {"'" OWN "'", "'" OWN "'", "'" OWN "'", "'" BUILTIN "'", "'0F000000-0000-4000-8000-00000000202F'",
      "'" OPERATION "'"},
     {"'" ZERO_GUID "'", "'7'", "7", "''"}},
    {"name", {"'Field tool'", "' x '", "'\\u0041\\/b'", "'\\u00fc'"}, {"''", "'  '", "7", "[]"}},
    {"policy", {"'new'", "'existing'"}, {"'old'", "true", "''"}},
    {"scope", {"'computer'", "'group'", "'organization'"}, {"'all'", "0", "''"}},
    {"group_id",
     {"'" GROUP "'", "'" GROUP "'", "'" OTHER_GROUP "'", "'" OPERATION "'"},
     {"'" ZERO_GUID "'", "'all'", "2"}},
    {"rules",
     {"[]", "{}", "[{'hash':'" HASH "'}]", "[{'path':'C:\\\\Tools\\\\field.exe'}]",
      "[{'path':'C:\\\\Tools\\\\field*.exe','cert':'CN=Field'},{'hash':'" HASH "'}]",
      "[{'process':'C:\\\\Tools\\\\run.exe','created_by':'C:\\\\Tools\\\\set.exe'}]"},
     {"[{'hash':'*'}]", "[{'path':'C:\\\\*'}]", "[{}]", "[1]", "'x'", "{'hash':'" HASH "'}",
      "[{'hash':'" HASH "','path':'C:\\\\Tools\\\\field.exe'}]", "[{'other':'x'}]"}},
    {"mode", {"'manual'", "'installation'", "'learning'", "'monitor'"}, {"'baseline'", "2"}},
    {"elevate", {"'no'", "'notify'", "'silent'", "'standard_user'"}, {"'yes'", "1", "true"}},
    {"elevate_hours", {"1", "8", "8760"}, {"0", "8761", "1.5", "-1", "'8'", "18014398509481985"}},
    {"elevate_until",
     {"'2026-06-24T00:00:00Z'", "'2027-01-01T12:00:00.5Z'"},
     {"'2026-06-23T14:00:00Z'", "'tomorrow'", "'1970-01-01T00:00:00Z'", "1"}},
    {"expires",
     {"'2026-12-31T18:00:00Z'", "'2099-02-28T23:59:59Z'"},
     {"'2001-01-01T00:00:00Z'", "'2026-02-30T00:00:00Z'", "''", "0"}},
    {"ticket", {"''", "'INC-1042'", "'\\u003c\\/\\u00e9'"}, {"7", "{}", "true"}},
    {"comments",
     {"''", "'Signed by a known vendor.'", "'[threatlocker operation " ZERO_GUID "]'"},
     {"7", "[]"}},
    {"requestor_email", {"''", "'a@example.com'"}, {"7", "[]"}},
    {"response_subject", {"''", "'Done'"}, {"7", "[]"}},
    {"response_reason", {"''", "'Try again'"}, {"7", "[]"}},
    {"notify", {"true", "false"}, {"1", "'true'", "{}"}},
    {"allow_builtin", {"true", "false"}, {"1", "'yes'"}},
    {"allow_actioned", {"true", "false"}, {"1", "'yes'"}},
    {"allow_empty", {"true", "false"}, {"1", "'yes'"}},
    {"scope_encoding", {"'official'", "'all_false'"}, {"'none'", "true"}},
    {"body", {"'full'", "'minimal'"}, {"'small'", "0"}},
    {"dry_run", {"true", "false"}, {"1", "'yes'"}},
};

static inline void put_one_of(cJSON *choice, const char *name, const char *const values[VALUES],
                              uint64_t *state)
{
    size_t count = 0;
    while (count < VALUES && values[count] != NULL) {
        count++;
    }
    assert_true(tl_json_set(choice, name, json_of(values[draw(state) % count])));
}

/* A good value for one member by its name. */
static inline void put_good(cJSON *choice, const char *name, uint64_t *state)
{
    size_t i = 0;
    while (strcmp(choice_members[i].name, name) != 0) {
        assert_true(++i < COUNT(choice_members));
    }
    put_one_of(choice, name, choice_members[i].good, state);
}

/* Members at random, good values for the most part. */
static inline cJSON *wild_choice(uint64_t *state)
{
    cJSON *choice = cJSON_CreateObject();
    for (size_t i = 0; i < COUNT(choice_members); i++) {
        if (one_in(state, 60)) {
            put_one_of(choice, choice_members[i].name, choice_members[i].bad, state);
        } else if (i == 0 || one_in(state, 4)) {
            put_one_of(choice, choice_members[i].name, choice_members[i].good, state);
        }
    }
    return choice;
}

static inline void drop(cJSON *choice, const char *name)
{
    cJSON_DeleteItemFromObjectCaseSensitive(choice, name);
}

/* Good values only, and what contradicts each other taken out: most can be planned. */
static inline cJSON *sound_choice(uint64_t *state, bool is_elevation)
{
    cJSON *choice = cJSON_CreateObject();
    for (size_t i = 0; i < COUNT(choice_members); i++) {
        if (i < 3 || one_in(state, 2)) { /* always application, application_id and name */
            put_one_of(choice, choice_members[i].name, choice_members[i].good, state);
        }
    }
    bool is_new = strcmp(tl_json_text(choice, "application"), "new") == 0;
    drop(choice, is_new ? "application_id" : "name");
    if (is_new || tl_json_text(choice, "scope") != NULL) {
        drop(choice, "policy");
    }
    if (strcmp(tl_json_text_or_empty(choice, "scope"), "group") != 0) {
        drop(choice, "group_id");
    }
    if (strcmp(tl_json_text_or_empty(choice, "scope"), "computer") != 0) {
        drop(choice, "scope_encoding");
    }
    drop(choice, "elevate");
    if (is_elevation) {
        put_good(choice, "elevate", state);
    }
    if (is_new && tl_json_member(choice, "rules") == NULL) {
        put_one_of(choice, "rules", (const char *const[VALUES]){"[{'hash':'" HASH "'}]"}, state);
    }
    const char *elevate = tl_json_text_or_empty(choice, "elevate");
    if (strcmp(elevate, "notify") == 0 || strcmp(elevate, "silent") == 0) {
        put_good(choice, "elevate_hours", state);
    } else {
        drop(choice, "elevate_hours");
        drop(choice, "elevate_until");
    }
    return choice;
}

#endif
