/* Until when a claim holds: for its owner shorter, for all others longer. */
#include "base/time.h"
#include "chain/claims.h"
#include "unit.h"

#define S TL_SECOND_US

static const tl_lease lease = {.lease_us = 300 * S, .call_us = 30 * S, .settle_us = 15 * S};

static void a_lease_ends_earlier_for_its_owner(void **state)
{
    (void)state;
    static const struct {
        int64_t after_us; /* since the claim */
        bool owner, others;
    } rows[] = {
        {0, true, true},
        {1, true, true},
        {270 * S - 1, true, true},
        {270 * S, false, true}, /* a call that began now could end after the lease */
        {300 * S, false, true},
        {330 * S, false, true}, /* what he sent last may still be worked on */
        {345 * S - 1, false, true},
        {345 * S, false, false},
        {24 * 3600 * S, false, false},
    };
    static const int64_t starts[] = {0, S, 1700000000 * S};
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t k = 0; k < COUNT(starts); k++) {
            int64_t now_us = starts[k] + rows[i].after_us;
            assert_int_equal(tl_lease_holds(&lease, starts[k], now_us, true), rows[i].owner);
            assert_int_equal(tl_lease_holds(&lease, starts[k], now_us, false), rows[i].others);
        }
    }
}

/* At no moment may both act, even if the others saw the claim the moment it was made, and the owner's last
 * call takes as long as it may. */
static void owner_and_others_never_act_at_once(void **state)
{
    (void)state;
    static const tl_lease leases[] = {{300 * S, 30 * S, 15 * S}, {61 * S, 30 * S, 0}, {5 * S, 2 * S, 1 * S}};
    for (size_t i = 0; i < COUNT(leases); i++) {
        const int64_t at_us = 1700000000 * S;
        int64_t last_begun = 0, first_taken = 0;
        for (int64_t now_us = at_us; first_taken == 0; now_us += S / 10) {
            if (tl_lease_holds(&leases[i], at_us, now_us, true))
                last_begun = now_us;
            if (!tl_lease_holds(&leases[i], at_us, now_us, false))
                first_taken = now_us;
        }
        assert_true(last_begun > at_us);
        assert_true(first_taken - last_begun >= 2 * leases[i].call_us + leases[i].settle_us);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lease_ends_earlier_for_its_owner),
        cmocka_unit_test(owner_and_others_never_act_at_once),
    };
    return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
