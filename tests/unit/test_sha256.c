#include "base/sha256.h"
#include "unit.h"

static void assert_digest(const unsigned char digest[TL_SHA256_SIZE], const char *expected)
{
    char hex[TL_SHA256_HEX_SIZE];
    for (size_t i = 0; i < TL_SHA256_SIZE; i++) {
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    }
    assert_string_equal(hex, expected);
}

/* FIPS 180-4 examples and NIST's short-message vectors. */
static const struct {
    const char *message;
    const char *digest;
} nist[] = {
    {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
     "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    {"\xd3", "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1"},
    {"\x11\xaf", "5ca7133fa735326081558ac312c620eeca9970d1e70a4b95533d956f072d1f98"},
    {"\xbd", "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
    {"\xc9\x8c\x8e\x55", "7abc22c0ae5af26ce93dbb94433a0e0b2e119d014f8e7f65bd56c61ccccd9504"},
};

static void known_messages_give_known_digests(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(nist); i++) {
        char hex[TL_SHA256_HEX_SIZE];
        tl_sha256_hex(nist[i].message, strlen(nist[i].message), hex);
        assert_string_equal(hex, nist[i].digest);
    }
}

static void lengths_around_the_padding_are_right(void **state)
{
    (void)state;
    static const struct {
        size_t length;
        int byte;
        const char *digest;
    } rows[] = {
        {55, 0, "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
        {56, 0, "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
        {57, 0, "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"},
        {64, 0, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
        {1000, 0, "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53"},
        {1000, 'A', "c2e686823489ced2017f6059b8b239318b6364f6dcd835d0a519105a1eadd6e4"},
        {1005, 'U', "f4d62ddec0f3dd90ea1380fa16a5ff8dc4c54b21740650f24afc4120903552b0"},
        {1000000, 0, "d29751f2649b32ff572b5e0a9f541ea660a50f94ff0beedfb0b692b924cc8025"},
        {1000000, 'a', "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned char *message = malloc(rows[i].length);
        assert_non_null(message);
        memset(message, rows[i].byte, rows[i].length);
        unsigned char digest[TL_SHA256_SIZE];
        tl_sha256_of(message, rows[i].length, digest);
        assert_digest(digest, rows[i].digest);
        free(message);
    }
}

static void updates_split_anywhere_give_the_same_digest(void **state)
{
    (void)state;
    unsigned char message[200];
    for (size_t i = 0; i < sizeof message; i++) {
        message[i] = (unsigned char)(i * 7);
    }
    unsigned char whole[TL_SHA256_SIZE];
    tl_sha256_of(message, sizeof message, whole);
    for (size_t first = 0; first <= sizeof message; first++) {
        for (size_t second = first; second <= sizeof message; second += 13) {
            tl_sha256 ctx;
            unsigned char digest[TL_SHA256_SIZE];
            tl_sha256_init(&ctx);
            tl_sha256_update(&ctx, message, first);
            tl_sha256_update(&ctx, message + first, second - first);
            tl_sha256_update(&ctx, message + second, sizeof message - second);
            tl_sha256_final(&ctx, digest);
            assert_memory_equal(digest, whole, sizeof whole);
        }
    }
}

static void nothing_may_be_null(void **state)
{
    (void)state;
    unsigned char digest[TL_SHA256_SIZE];
    tl_sha256_of(NULL, 0, digest);
    assert_digest(digest, nist[0].digest);
}

/* RFC 4231. */
static void hmac_follows_rfc_4231(void **state)
{
    (void)state;
    unsigned char counting[25];
    unsigned char key_0b[20];
    unsigned char key_0c[20];
    unsigned char key_aa[131];
    unsigned char data_dd[50];
    unsigned char data_cd[50];
    for (size_t i = 0; i < sizeof counting; i++) {
        counting[i] = (unsigned char)(i + 1);
    }
    memset(key_0b, 0x0b, sizeof key_0b);
    memset(key_0c, 0x0c, sizeof key_0c);
    memset(key_aa, 0xaa, sizeof key_aa);
    memset(data_dd, 0xdd, sizeof data_dd);
    memset(data_cd, 0xcd, sizeof data_cd);
    static const char question[] = "what do ya want for nothing?";
    static const char truncated[] = "Test With Truncation";
    static const char large_key[] = "Test Using Larger Than Block-Size Key - Hash Key First";
    static const char large_both[] = "This is a test using a larger than block-size key and a larger than "
                                     "block-size data. The key needs to be "
                                     "hashed before being used by the HMAC algorithm.";
    const struct {
        const void *key;
        size_t key_length;
        const void *data;
        size_t length;
        const char *mac;
    } rows[] = {
        {key_0b, 20, "Hi There", 8, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", 4, question, strlen(question),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {key_aa, 20, data_dd, 50, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {counting, 25, data_cd, 50, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {key_0c, 20, truncated, strlen(truncated),
         "a3b6167473100ee06e0c796c2955552bfa6f7c0a6a8aef8b93f860aab0cd20c5"},
        {key_aa, 131, large_key, strlen(large_key),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {key_aa, 131, large_both, strlen(large_both),
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned char mac[TL_SHA256_SIZE];
        tl_hmac_sha256(rows[i].key, rows[i].key_length, rows[i].data, rows[i].length, mac);
        assert_digest(mac, rows[i].mac);
    }
}

static void constant_time_comparison_sees_every_bit(void **state)
{
    (void)state;
    unsigned char a[TL_SHA256_SIZE] = {1, 2, 3};
    unsigned char b[TL_SHA256_SIZE] = {1, 2, 3};
    assert_true(tl_equal_constant_time(a, b, sizeof a));
    assert_true(tl_equal_constant_time(a, b, 0));
    for (size_t bit = 0; bit < 8 * sizeof a; bit++) {
        b[bit / 8] = (unsigned char)(b[bit / 8] ^ 1U << bit % 8);
        assert_false(tl_equal_constant_time(a, b, sizeof a));
        b[bit / 8] = a[bit / 8];
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_messages_give_known_digests),
        cmocka_unit_test(lengths_around_the_padding_are_right),
        cmocka_unit_test(updates_split_anywhere_give_the_same_digest),
        cmocka_unit_test(nothing_may_be_null),
        cmocka_unit_test(hmac_follows_rfc_4231),
        cmocka_unit_test(constant_time_comparison_sees_every_bit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
