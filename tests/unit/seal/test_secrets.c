#include "seal/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#define HEX "000102030405060708090A0b0c0d0e0f101112131415161718191a1b1c1d1e1f"

struct file {
    char path[32];
};

static struct file write_file(const char *text)
{
    struct file file = {"/tmp/kerja_secret_XXXXXX"};
    int descriptor = mkstemp(file.path);
    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, text, strlen(text)), strlen(text));
    close(descriptor);
    return file;
}

#define LONG "sixty-four bytes that say who made the keys, when, and of what - "

static const struct {
    const char *name, *id_secret, *keys;
    const char *reason; /* behind the path of the file at fault; NULL: accepted */
    size_t count;
} cases[] = {
    {"plain", HEX "\n", "1:" HEX "\n", NULL, 1},
    {"comments and blank lines", "# the id secret\n\n" HEX, "# keys\n7:" HEX "\n\n3:" HEX "\n",
     NULL, 2},
    {"a comment longer than any line", HEX, "#" LONG LONG LONG LONG LONG "\n1:" HEX, NULL, 1},
    {"carriage returns", HEX "\r\n", "4294967295:" HEX "\r\n", NULL, 1},
    {"secret too short", "0011\n", "1:" HEX, "line 1: expected one line of 64 hex digits", 0},
    {"secret too long", HEX "00\n", "1:" HEX, "line 1: expected one line of 64 hex digits", 0},
    {"secret with a wrong letter", "g" HEX "\n", "1:" HEX,
     "line 1: expected one line of 64 hex digits", 0},
    {"two secrets", HEX "\n" HEX "\n", "1:" HEX, "line 2: expected one line of 64 hex digits",
     0},
    {"no secret", "", "1:" HEX, "line 0: expected one line of 64 hex digits", 0},
    {"no key", HEX, "# none\n", "it holds no key", 0},
    {"key without id", HEX, "1:" HEX "\n" HEX,
     "line 2: expected id:hex, a number and 64 hex digits", 0},
    {"id zero", HEX, "0:" HEX, "line 1: expected id:hex, a number and 64 hex digits", 0},
    {"id beyond 32 bits", HEX, "4294967296:" HEX,
     "line 1: expected id:hex, a number and 64 hex digits", 0},
    {"negative id", HEX, "-1:" HEX, "line 1: expected id:hex, a number and 64 hex digits", 0},
    {"nine keys", HEX,
     "1:" HEX "\n2:" HEX "\n3:" HEX "\n4:" HEX "\n5:" HEX "\n6:" HEX "\n7:" HEX "\n8:" HEX
     "\n9:" HEX,
     "line 9: more than 8 keys", 0},
    {"eight keys", HEX,
     "1:" HEX "\n2:" HEX "\n3:" HEX "\n4:" HEX "\n5:" HEX "\n6:" HEX "\n7:" HEX "\n8:" HEX,
     NULL, 8},
};

static void files_are_read_or_told_why_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct file id_secret = write_file(cases[i].id_secret),
                    keys = write_file(cases[i].keys);
        struct seal_secrets secrets = {.key_count = 99};
        struct error error = {""};
        enum outcome outcome = seal_secrets_read(id_secret.path, keys.path, &secrets, &error);
        unlink(id_secret.path);
        unlink(keys.path);
        if (outcome != (cases[i].reason == NULL ? OK : STOP))
            fail_msg("%s: %s", cases[i].name, error.text);
        assert_int_equal(secrets.key_count, cases[i].reason == NULL ? cases[i].count : 99);
        if (cases[i].reason != NULL && strstr(error.text, cases[i].reason) == NULL)
            fail_msg("%s: %s", cases[i].name, error.text);
        /* A secret is not told to whoever reads the message. */
        assert_null(strstr(error.text, "00010203"));
    }
}

static void bytes_stand_in_the_order_of_the_file(void **state)
{
    (void)state;
    struct file id_secret = write_file(HEX), keys = write_file("7:" HEX "\n3:" HEX);
    struct seal_secrets secrets;
    assert_int_equal(seal_secrets_read(id_secret.path, keys.path, &secrets, NULL), OK);
    unlink(id_secret.path);
    unlink(keys.path);
    for (size_t i = 0; i < SEAL_SECRET_SIZE; i++)
        assert_int_equal(secrets.id_secret[i], i);
    assert_int_equal(secrets.keys[0].id, 7);
    assert_int_equal(secrets.keys[1].id, 3);
    assert_int_equal(secrets.keys[1].bytes[31], 31);
    seal_secrets_release(&secrets);
    assert_int_equal(secrets.keys[1].bytes[31], 0);
}

static void a_missing_file_is_named(void **state)
{
    (void)state;
    struct seal_secrets secrets;
    struct error error;
    assert_int_equal(
        seal_secrets_read("/nonexistent/id", "/nonexistent/keys", &secrets, &error), STOP);
    assert_string_equal(error.text,
                        "cannot read \"/nonexistent/id\": No such file or directory");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_or_told_why_not),
        cmocka_unit_test(bytes_stand_in_the_order_of_the_file),
        cmocka_unit_test(a_missing_file_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
