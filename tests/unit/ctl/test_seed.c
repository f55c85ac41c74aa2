#include "seed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char hex[] = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

static void seed_is_read_and_hashed(void **state)
{
    struct seed seed;
    char text[2 * DRAW_SEED_SIZE + 1];
    (void)state;
    assert_true(seed_parse(slice_of(hex), &seed));
    assert_int_equal(seed.bytes[31], 0x1f);
    assert_string_equal(seed.sha256,
                        "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
    seed_hex(&seed, text);
    assert_string_equal(text, hex);
}

static void anything_else_is_refused(void **state)
{
    struct seed seed;
    (void)state;
    assert_false(seed_parse((struct slice){hex, 63}, &seed));
    assert_false(seed_parse(SLICE(""), &seed));
    char wrong[sizeof hex];
    memcpy(wrong, hex, sizeof hex);
    wrong[10] = 'g';
    assert_false(seed_parse(slice_of(wrong), &seed));
}

static void file_is_made_once_for_its_owner_alone(void **state)
{
    char folder[] = "/tmp/kerja-seed-XXXXXX", path[64];
    struct seed made, read;
    struct error error;
    struct stat status;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/seed", folder);
    assert_int_equal(seed_file(path, false, &made, &error), REJECT);
    assert_int_equal(seed_file(path, true, &made, &error), OK);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(seed_file(path, true, &read, &error), OK);
    assert_memory_equal(made.bytes, read.bytes, DRAW_SEED_SIZE);
    unlink(path);
    rmdir(folder);
}

static void draw_id_depends_on_programme_wave_and_seed(void **state)
{
    struct seed seed, other;
    (void)state;
    assert_true(seed_parse(slice_of(hex), &seed));
    other = seed;
    other.sha256[0] = 'x';
    struct uuid id = draw_id_of(SLICE("p"), 1, &seed), again = draw_id_of(SLICE("p"), 1, &seed);
    struct uuid wave = draw_id_of(SLICE("p"), 2, &seed),
                name = draw_id_of(SLICE("q"), 1, &seed);
    struct uuid by_seed = draw_id_of(SLICE("p"), 1, &other);
    assert_true(uuid_equal(&id, &again));
    assert_false(uuid_equal(&id, &wave));
    assert_false(uuid_equal(&id, &name));
    assert_false(uuid_equal(&id, &by_seed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seed_is_read_and_hashed),
        cmocka_unit_test(anything_else_is_refused),
        cmocka_unit_test(file_is_made_once_for_its_owner_alone),
        cmocka_unit_test(draw_id_depends_on_programme_wave_and_seed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
