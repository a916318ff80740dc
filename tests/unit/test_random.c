#include "base/random.h"

#include <ctype.h>

#include "unit.h"

static void random_bytes_fill_what_is_asked(void **state)
{
    (void)state;
    unsigned char a[1000] = {0};
    unsigned char b[1000] = {0};
    assert_true(tl_random_bytes(a, sizeof a));
    assert_true(tl_random_bytes(b, sizeof b));
    assert_memory_not_equal(a, b, sizeof a);
    assert_memory_not_equal(a + 900, (unsigned char[100]){0}, 100);
    assert_true(tl_random_bytes(a, 0));
}

static void random_guids_are_version_4_and_differ(void **state)
{
    (void)state;
    char first[TL_GUID_SIZE];
    for (int i = 0; i < 200; i++) {
        char guid[TL_GUID_SIZE];
        assert_true(tl_random_guid(guid));
        assert_true(tl_is_real_guid(guid));
        assert_int_equal(guid[14], '4');
        assert_non_null(strchr("89ab", guid[19]));
        for (const char *c = guid; *c != '\0'; c++) {
            assert_false(isupper((unsigned char)*c));
        }
        if (i == 0) {
            memcpy(first, guid, sizeof first);
        } else {
            assert_string_not_equal(first, guid);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_bytes_fill_what_is_asked),
        cmocka_unit_test(random_guids_are_version_4_and_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
