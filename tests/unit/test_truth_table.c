/* Nothing but a valid seal with an explicit allowed yes permits: the truth table by the pure decisions. */
#include "truth_case.h"

static void every_row_has_its_verdict(void **state)
{
    (void)state;
    cJSON *rows = truth_rows("pure");
    const cJSON *row;
    int wrong = 0, permits = 0;
    cJSON_ArrayForEach (row, rows) {
        const char *verdict = truth_verdict(row), *expected = truth_text(row, "verdict", "(none)");
        permits += strcmp(verdict, "permit") == 0;
        if (strcmp(verdict, expected) != 0) {
            print_message("%s: %s, not %s\n", truth_text(row, "row", "?"), verdict, expected);
            wrong++;
        }
        if ((strcmp(verdict, "permit") == 0) != cJSON_IsTrue(truth_member(row, "yes")))
            fail_msg("%s: %s", truth_text(row, "row", "?"), verdict);
    }
    print_message("%d rows checked, %d of them permit\n", cJSON_GetArraySize(rows), permits);
    assert_int_equal(wrong, 0);
    assert_true(permits > 0);
    cJSON_Delete(rows);
}

/* Whether the row does not permit for the sake of that member: it has no other beside row and verdict. */
static bool breaks(const cJSON *row, const char *member)
{
    return truth_member(row, member) != NULL && cJSON_GetArraySize(row) == 3 &&
           strcmp(truth_text(row, "verdict", ""), "permit") != 0;
}

/* Takes a row's member into another row: it must not permit, whatever else the other row has. */
static void assert_no_permit_with(const cJSON *permitting, const cJSON *row, const char *member)
{
    cJSON *mixed = cJSON_Duplicate(permitting, true);
    cJSON_DeleteItemFromObjectCaseSensitive(mixed, member);
    cJSON_AddItemToObject(mixed, member, cJSON_Duplicate(truth_member(row, member), true));
    if (strcmp(truth_verdict(mixed), "permit") == 0)
        fail_msg("%s, yet with %s of \"%s\", permits", truth_text(permitting, "row", "?"), member,
                 truth_text(row, "row", "?"));
    cJSON_Delete(mixed);
}

/* Each row that permits with a member that breaks another row: a third of all such pairs. */
static void one_wrong_thing_is_enough(void **state)
{
    (void)state;
    static const char *const members[] = {"prompt", "change", "executor", "summary", "status", "closed"};
    cJSON *rows = truth_rows("pure");
    const cJSON *permitting, *row;
    int mixed = 0, pairs = 0, permits = 0;
    cJSON_ArrayForEach (permitting, rows) {
        if (strcmp(truth_text(permitting, "verdict", ""), "permit") != 0)
            continue;
        pairs = permits++;
        cJSON_ArrayForEach (row, rows)
            for (size_t i = 0; i < COUNT(members); i++)
                if (breaks(row, members[i]) && pairs++ % 3 == 0) {
                    assert_no_permit_with(permitting, row, members[i]);
                    mixed++;
                }
    }
    print_message("%d mixtures checked\n", mixed);
    assert_true(mixed > 1000);
    cJSON_Delete(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_has_its_verdict),
        cmocka_unit_test(one_wrong_thing_is_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
