#include "seal/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* FIPS 180-4's examples. */
static void sha256_of_known_texts(void **state)
{
    (void)state;
    char text[DIGEST_HEX_SIZE + 1];
    seal_sha256_hex((struct slice){0}, text);
    assert_string_equal(text,
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    seal_sha256_hex(SLICE("abc"), text);
    assert_string_equal(text,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void hmac_of_known_keys(void **state)
{
    (void)state;
    static const char k64[] =
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";
    static const char k65[] =
        "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk";
    char counting[32];
    for (size_t i = 0; i < sizeof counting; i++)
        counting[i] = (char)i;
    const struct {
        const char *name;
        struct slice key, message;
        const char *expected;
    } cases[] = {
        {"RFC 4231, case 2", SLICE("Jefe"), SLICE("what do ya want for nothing?"),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {"seed and application of a draw",
         {counting, 32},
         SLICE("A-1"),
         "3448153681be36f718167e077edfc0fcaa88f8b796f532a3b4ad8e8ff19b3ea8"},
        {"key of a whole block", SLICE(k64), SLICE("m"),
         "3b7a8d453e76edb519238a515105a57508d0f169f480ebeee120a9e7803289fa"},
        {"key longer than a block", SLICE(k65), SLICE("m"),
         "c2d7d4c2256ddb097409ec0c67e1d58fa1a007fc6932cac0d892a525d08af7cc"},
        {"nothing under nothing",
         {0},
         {0},
         "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hmac_key key;
        char text[DIGEST_HEX_SIZE + 1];
        hmac_key_init(&key, cases[i].key);
        /* Twice: the kept state must not be used up. */
        for (int round = 0; round < 2; round++) {
            struct digest digest = hmac_sha256(&key, cases[i].message);
            digest_hex(&digest, text);
            if (strcmp(text, cases[i].expected) != 0)
                fail_msg("%s, round %d: %s", cases[i].name, round, text);
        }
        hmac_key_release(&key);
    }
}

/* Parts are gathered before they are hashed: wherever the gathering ends, the digest is that of
 * each part's length, big-endian, and its bytes, one after the other. */
static void parts_are_hashed_with_their_lengths(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 243, 244, 247, 248, 251, 252, 253, 256, 300, 600};
    enum { SIZES = sizeof sizes / sizeof *sizes, LONGEST = 600, LENGTH = 4 };
    static char text[LONGEST], whole[2 * (LENGTH + LONGEST)];
    memset(text, 'p', sizeof text);
    for (size_t pair = 0; pair < SIZES * SIZES; pair++) {
        struct slice parts[] = {{text, sizes[pair / SIZES]}, {text, sizes[pair % SIZES]}};
        size_t size = 0;
        for (size_t i = 0; i < 2; i++) {
            whole[size++] = 0;
            whole[size++] = 0;
            whole[size++] = (char)(parts[i].size >> 8);
            whole[size++] = (char)parts[i].size;
            memcpy(whole + size, parts[i].data, parts[i].size);
            size += parts[i].size;
        }
        struct digest expected = sha256((struct slice){whole, size});
        struct digest digest = sha256_parts(parts, 2);
        if (memcmp(&digest, &expected, sizeof digest) != 0)
            fail_msg("parts of %zu and %zu bytes", parts[0].size, parts[1].size);
    }
}

static void a_hash_in_pieces_is_that_of_the_whole(void **state)
{
    char whole[200];
    (void)state;
    for (size_t i = 0; i < sizeof whole; i++)
        whole[i] = (char)i;
    struct digest expected = sha256((struct slice){whole, sizeof whole});
    for (size_t first = 0; first <= sizeof whole; first++) {
        struct sha256_run run;
        sha256_begin(&run);
        sha256_add(&run, (struct slice){whole, first});
        sha256_add(&run, (struct slice){whole + first, sizeof whole - first});
        struct digest digest = sha256_end(&run);
        assert_memory_equal(&digest, &expected, sizeof digest);
    }
}

static void releasing_overwrites_the_key(void **state)
{
    (void)state;
    struct hmac_key key;
    static const struct hmac_key nothing;
    hmac_key_init(&key, SLICE("secret"));
    assert_memory_not_equal(&key, &nothing, sizeof key);
    hmac_key_release(&key);
    assert_memory_equal(&key, &nothing, sizeof key);
    hmac_key_release(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_known_texts),
        cmocka_unit_test(hmac_of_known_keys),
        cmocka_unit_test(parts_are_hashed_with_their_lengths),
        cmocka_unit_test(a_hash_in_pieces_is_that_of_the_whole),
        cmocka_unit_test(releasing_overwrites_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
