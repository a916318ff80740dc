/* What comes twice is told from what is new. */
#include "portal/id_set.h"
#include "unit.h"

static void an_id_is_new_once(void **state)
{
    (void)state;
    tl_id_set set = {0};
    assert_int_equal(tl_id_set_add(&set, "0a000000-0000-4000-8000-00000000000a"), 1);
    assert_int_equal(tl_id_set_add(&set, "0a000000-0000-4000-8000-00000000000b"), 1);
    assert_int_equal(tl_id_set_add(&set, "0A000000-0000-4000-8000-00000000000A"), 0);
    assert_int_equal(tl_id_set_add(&set, "00000000-0000-0000-0000-000000000000"), 0);
    assert_int_equal(set.count, 2);
    tl_id_set_free(&set);
    assert_int_equal(set.count, 0);
    tl_id_set_free(&set);
}

static void many_ids_are_kept(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    tl_id_set set = {0};
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            char id[37];
            snprintf(id, sizeof id, "%08x-0000-4000-8000-%012x", (unsigned)i, (unsigned)(i % 7));
            assert_int_equal(tl_id_set_add(&set, id), round == 0);
        }
    }
    assert_int_equal(set.count, MANY);
    tl_id_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_new_once),
        cmocka_unit_test(many_ids_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
