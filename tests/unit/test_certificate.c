/* What is read from libcurl's words about a certificate, which a stranger may have written. */
#include "http/certificate.h"
#include "unit.h"

enum { MAX_LINES = 8 };

#define EIGHT_FF "\xff\xff\xff\xff\xff\xff\xff\xff"

/* NULL ends the lines. The PEM is kept where the caller gives a place for it. */
static tl_certificate read_lines(const char *const *lines, char *pem)
{
    tl_certificate got;
    size_t count = 0;
    while (lines[count] != NULL)
        count++;
    tl_certificate_read(&got, pem, lines, count);
    return got;
}

static void every_member_is_read(void **state)
{
    (void)state;
    static const char *const lines[] = {"Subject:C = US, CN = soar.example.com",
                                        "Issuer:CN = Example CA",
                                        "Start date:Jan  2 03:04:05 2026 GMT",
                                        "Expire date:Dec 31 23:59:59 2036 GMT",
                                        "Cert:-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n",
                                        NULL};
    char pem[TL_PROBE_PEM_SIZE];
    tl_certificate got = read_lines(lines, pem);
    assert_string_equal(got.subject, "C = US, CN = soar.example.com");
    assert_string_equal(got.issuer, "CN = Example CA");
    assert_false(got.self_signed);
    assert_int_equal(got.not_before, 1767323045);
    assert_int_equal(got.not_after, 2114380799);
    /* FIPS 180-4's own example: "abc". */
    assert_string_equal(got.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_string_equal(pem, "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n");
}

static void dates_are_read_in_both_forms_or_not_at_all(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        int64_t seconds;
    } rows[] = {
        {"Expire date:Jan 12 03:04:05 2026 GMT", 1768187045},
        {"Expire date:2026-01-12 03:04:05 GMT", 1768187045},
        {"Expire date:anF 12 03:04:05 2026 GMT", 0},
        {"Expire date:Feb 30 03:04:05 2026 GMT", 0},
        {"Expire date:Jan  0 03:04:05 2026 GMT", 0},
        {"Expire date:Jan -1 03:04:05 2026 GMT", 0},
        {"Expire date:Jan 12 03:04:05 1950 GMT", 0},
        {"Expire date:2026-01-12 03:04:99 GMT", 0},
        {"Expire date:%s%s%s%s%s%s%s%s%s%s%s%s", 0},
        {"Expire date:" EIGHT_FF EIGHT_FF EIGHT_FF, 0},
        {"Expire date:tomorrow", 0},
        {"Expire date:", 0},
        {"Expire date", 0},
        {"Expire dates:Jan 12 03:04:05 2026 GMT", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *const lines[] = {rows[i].line, NULL};
        int64_t got = read_lines(lines, NULL).not_after;
        if (got != rows[i].seconds)
            fail_msg("%s: %lld", rows[i].line, (long long)got);
    }
}

static void its_own_issuer_is_self_signed(void **state)
{
    (void)state;
    static const struct {
        const char *lines[MAX_LINES];
        bool self_signed;
    } rows[] = {
        {{"Subject:CN = a", "Issuer:CN = a"}, true},
        {{"Subject:CN = a", "Issuer:CN = b"}, false},
        {{"Subject:CN = a"}, false},
        {{"Issuer:CN = a"}, false},
        {{NULL}, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(read_lines(rows[i].lines, NULL).self_signed, rows[i].self_signed);
}

static void names_are_cleaned_and_cut_at_a_character(void **state)
{
    (void)state;
    char same[4 * TL_PROBE_TEXT_SIZE] = "Subject:", issuer[4 * TL_PROBE_TEXT_SIZE] = "Issuer:";
    for (int i = 0; i < TL_PROBE_TEXT_SIZE; i++) {
        strcat(same, "\xc3\xa4");
        strcat(issuer, "\xc3\xa4");
    }
    strcat(issuer, "x");
    const char *const lines[] = {same, issuer, NULL};
    tl_certificate got = read_lines(lines, NULL);
    assert_true(strlen(got.subject) < TL_PROBE_TEXT_SIZE);
    assert_int_equal(strlen(got.subject) % 2, 0);
    /* Alike only as far as they are shown. */
    assert_string_equal(got.subject, got.issuer);
    assert_false(got.self_signed);
    const char *const nasty[] = {"Subject:CN = \033[2Jsoar\nIssuer: \xff\xe2\x80\xae", NULL};
    got = read_lines(nasty, NULL);
    assert_null(strpbrk(got.subject, "\033\n\xff"));
    assert_null(strstr(got.subject, "\xe2\x80\xae"));
    assert_string_equal(got.issuer, "");
}

static void a_pem_is_whole_or_empty(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "Cert:",
        "Cert:YWJj",
        "Cert:-----BEGIN CERTIFICATE-----",
        "Cert:-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "Cert:-----END CERTIFICATE-----\nYWJj\n-----BEGIN CERTIFICATE-----\n",
        "Cert:-----BEGIN CERTIFICATE-----\nYWJ\n-----END CERTIFICATE-----\n",
        "Cert:-----BEGIN CERTIFICATE-----\nYW Jj\n-----END CERTIFICATE-----\n",
        "Cert:-----BEGIN CERTIFICATE-----\n\033[2J\n-----END CERTIFICATE-----\n",
        "Cert:-----BEGIN CERTIFICATE----------BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n",
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *const lines[] = {rows[i], NULL};
        char pem[TL_PROBE_PEM_SIZE] = "left over";
        tl_certificate got = read_lines(lines, pem);
        assert_string_equal(got.sha256, "");
        assert_string_equal(pem, "");
    }
}

static void a_pem_beyond_its_maximum_is_left_out(void **state)
{
    (void)state;
    enum { SIZE = TL_PROBE_PEM_SIZE * 2 };
    static char line[SIZE + 128], pem[TL_PROBE_PEM_SIZE];
    for (size_t digits = TL_PROBE_PEM_SIZE - 512; digits < SIZE; digits += 4) {
        int length = snprintf(line, sizeof line, "Cert:-----BEGIN CERTIFICATE-----\n");
        memset(line + length, 'A', digits);
        strcpy(line + length + digits, "\n-----END CERTIFICATE-----\n");
        const char *const lines[] = {line, NULL};
        (void)read_lines(lines, pem);
        assert_true(pem[0] == '\0' || strstr(pem, "\n-----END CERTIFICATE-----\n") != NULL);
    }
    assert_string_equal(pem, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_is_read),
        cmocka_unit_test(dates_are_read_in_both_forms_or_not_at_all),
        cmocka_unit_test(its_own_issuer_is_self_signed),
        cmocka_unit_test(names_are_cleaned_and_cut_at_a_character),
        cmocka_unit_test(a_pem_is_whole_or_empty),
        cmocka_unit_test(a_pem_beyond_its_maximum_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
