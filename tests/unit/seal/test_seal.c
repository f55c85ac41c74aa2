#include "seal/seal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct seal_place place = {"person_private",
                                        "name",
                                        {{0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x86, 0x77, 0x88,
                                          0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff}}};

/* Keys 7 and 3 of bytes 0x40.. and 0x60..; `first` is the current one. */
static struct seal *open_with(uint32_t first, uint32_t second)
{
    struct seal_secrets secrets = {.key_count = second == 0 ? 1 : 2};
    uint32_t ids[] = {first, second};
    for (size_t k = 0; k < secrets.key_count; k++) {
        secrets.keys[k].id = ids[k];
        for (size_t i = 0; i < SEAL_SECRET_SIZE; i++)
            secrets.keys[k].bytes[i] = (unsigned char)((ids[k] == 7 ? 0x40 : 0x60) + i);
    }
    struct seal *seal = seal_open(&secrets, NULL);
    assert_non_null(seal);
    return seal;
}

static void assert_unsealed(const struct seal *seal, struct slice sealed, const char *clear)
{
    struct buffer out = {0};
    struct error error = {""};
    assert_int_equal(seal_unseal(seal, &place, sealed, &out, &error), OK);
    assert_true(slice_is(buffer_slice(&out), clear));
    buffer_release(&out);
}

static void assert_outcome(enum outcome outcome, const struct seal *seal,
                           const struct seal_place *where, struct slice sealed,
                           const char *reason)
{
    struct buffer out = {0};
    struct error error = {""};
    buffer_append(&out, "kept", 4);
    assert_int_equal(seal_unseal(seal, where, sealed, &out, &error), outcome);
    assert_string_equal(error.text, reason);
    assert_true(slice_is(buffer_slice(&out), "kept"));
    buffer_release(&out);
}

static void assert_refused(const struct seal *seal, const struct seal_place *where,
                           struct slice sealed, const char *reason)
{
    assert_outcome(REJECT, seal, where, sealed, reason);
}

/* Made apart from this code, with the AES-GCM of Python's cryptography. */
static void known_bytes_open(void **state)
{
    (void)state;
    static const unsigned char sealed[] = {
        0x01, 0x00, 0x00, 0x00, 0x07, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b,
        0x6c, 0x6d, 0x6e, 0x6f, 0xa2, 0x17, 0x72, 0x0d, 0x9d, 0xf3, 0xea, 0xbe, 0x80,
        0x6f, 0xf8, 0x04, 0xd7, 0x0a, 0xf6, 0x8f, 0xad, 0x66, 0xb5, 0x7a};
    struct seal *seal = open_with(3, 7);
    assert_unsealed(seal, (struct slice){(const char *)sealed, sizeof sealed}, "Siti");
    seal_close(seal);
}

static void texts_of_all_sizes_come_back(void **state)
{
    (void)state;
    static char clear[100001];
    static const size_t sizes[] = {0, 1, 15, 16, 17, 4096, 100000};
    struct seal *seal = open_with(7, 0);
    memset(clear, 'x', sizeof clear - 1);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct buffer sealed = {0};
        assert_int_equal(
            seal_seal(seal, &place, (struct slice){clear, sizes[i]}, &sealed, NULL), OK);
        assert_int_equal(sealed.size, sizes[i] + SEAL_OVERHEAD);
        assert_unsealed(seal, buffer_slice(&sealed), clear + sizeof clear - 1 - sizes[i]);
        buffer_release(&sealed);
    }
    seal_close(seal);
}

static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    struct seal *seal = open_with(7, 0);
    struct buffer sealed = {0};
    assert_int_equal(seal_seal(seal, &place, SLICE("Siti"), &sealed, NULL), OK);
    for (size_t i = 0; i < sealed.size; i++) {
        struct buffer out = {0};
        sealed.data[i] ^= 1;
        /* Behind the version stands the key's id: another one may be a key that is missing here. */
        bool names_key = i >= 1 && i <= 4;
        assert_int_equal(seal_unseal(seal, &place, buffer_slice(&sealed), &out, NULL),
                         names_key ? STOP : REJECT);
        sealed.data[i] ^= 1;
        buffer_release(&out);
    }
    for (size_t size = 0; size < sealed.size; size++) {
        struct buffer out = {0};
        struct slice cut = {sealed.data, size};
        assert_int_equal(seal_unseal(seal, &place, cut, &out, NULL), REJECT);
        buffer_release(&out);
    }
    assert_unsealed(seal, buffer_slice(&sealed), "Siti");
    buffer_release(&sealed);
    seal_close(seal);
}

static void bytes_open_only_in_their_place(void **state)
{
    (void)state;
    static const char reason[] = ": the bytes were changed or moved";
    struct seal *seal = open_with(7, 0);
    struct buffer sealed = {0};
    assert_int_equal(seal_seal(seal, &place, SLICE("Siti"), &sealed, NULL), OK);
    struct seal_place other[] = {place, place, place, {"person_priv", "atename", place.row}};
    other[0].table = "employer_private";
    other[1].column = "email";
    other[2].row.bytes[15] ^= 1;
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        char expected[128];
        snprintf(expected, sizeof expected, "cannot unseal \"%s.%s\"%s", other[i].table,
                 other[i].column, reason);
        assert_refused(seal, &other[i], buffer_slice(&sealed), expected);
    }
    buffer_release(&sealed);
    seal_close(seal);
}

static void old_keys_open_and_the_first_seals(void **state)
{
    (void)state;
    struct seal *before = open_with(7, 0), *after = open_with(3, 7), *without = open_with(3, 0);
    struct buffer old = {0}, new = {0};
    assert_int_equal(seal_seal(before, &place, SLICE("Siti"), &old, NULL), OK);
    assert_int_equal(seal_seal(after, &place, SLICE("Siti"), &new, NULL), OK);
    assert_unsealed(after, buffer_slice(&old), "Siti");
    assert_unsealed(without, buffer_slice(&new), "Siti");
    assert_outcome(STOP, without, &place, buffer_slice(&old),
                   "cannot unseal \"person_private.name\": sealing key 7 is not in "
                   "KERJA_SEALING_KEYS_FILE; add it and start again");
    assert_refused(without, &place, SLICE("Siti"),
                   "cannot unseal \"person_private.name\": the bytes are not sealed ones");
    buffer_release(&old);
    buffer_release(&new);
    seal_close(before);
    seal_close(after);
    seal_close(without);
}

static void the_same_text_is_sealed_differently_each_time(void **state)
{
    (void)state;
    struct seal *seal = open_with(7, 0);
    struct buffer one = {0}, two = {0};
    assert_int_equal(seal_seal(seal, &place, SLICE("Siti"), &one, NULL), OK);
    assert_int_equal(seal_seal(seal, &place, SLICE("Siti"), &two, NULL), OK);
    assert_memory_not_equal(one.data + 5, two.data + 5, 12);
    buffer_release(&one);
    buffer_release(&two);
    seal_close(seal);
}

static void keys_that_cannot_be_told_apart_are_refused(void **state)
{
    (void)state;
    static const struct {
        uint32_t ids[2];
        size_t count;
        const char *reason;
    } cases[] = {
        {{0}, 0, "cannot seal: there is no key"},
        {{0}, 1, "cannot use sealing key 0: ids begin at 1"},
        {{5, 5}, 2, "cannot use sealing key 5: its id is there twice"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seal_secrets secrets = {.key_count = cases[i].count};
        struct error error = {""};
        secrets.keys[0].id = cases[i].ids[0];
        secrets.keys[1].id = cases[i].ids[1];
        assert_null(seal_open(&secrets, &error));
        assert_string_equal(error.text, cases[i].reason);
    }
    seal_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_bytes_open),
        cmocka_unit_test(texts_of_all_sizes_come_back),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(bytes_open_only_in_their_place),
        cmocka_unit_test(old_keys_open_and_the_first_seals),
        cmocka_unit_test(the_same_text_is_sealed_differently_each_time),
        cmocka_unit_test(keys_that_cannot_be_told_apart_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
