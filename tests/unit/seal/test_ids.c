/*
 * The expected ids were computed apart from this code, with Python's hmac and hashlib, under
 * the id secret 00 01 .. 1f.
 */
#include "seal/ids.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char person_text[] = "84997d9b-d5c2-8248-ba83-09d145773085";
static const char hire_text[] = "ac57dc74-a86d-898e-86f8-031b8cdfea8e";

static struct uuid uuid(const char *text)
{
    struct uuid parsed;
    assert_true(uuid_parse(slice_of(text), &parsed));
    return parsed;
}

static void assert_id(struct uuid id, const char *expected)
{
    char text[UUID_TEXT_SIZE + 1];
    uuid_format(&id, text);
    assert_string_equal(text, expected);
}

static int open_seal(void **state)
{
    struct seal_secrets secrets = {.key_count = 1, .keys = {{.id = 1}}};
    for (size_t i = 0; i < SEAL_SECRET_SIZE; i++)
        secrets.id_secret[i] = (unsigned char)i;
    *state = seal_open(&secrets, NULL);
    return *state == NULL ? -1 : 0;
}

static int close_seal(void **state)
{
    seal_close(*state);
    return 0;
}

static void persons(void **state)
{
    static const struct {
        const char *name, *country, *national_id, *id; /* id NULL: refused */
    } cases[] = {
        {"digits alone", "ID", "3174012345678901", person_text},
        {"dashes, dots and blanks are left out", "ID", " 3174.0123-4567 8901", person_text},
        {"another country", "MY", "800101-14-5678", "12f72a07-21a3-83f4-ae9d-de3dfba8a338"},
        {"a letter", "ID", "317401234567890l", NULL},
        {"a digit of another script", "ID", "31740123456789\xd9\xa1", NULL},
        {"a tab", "ID", "3174\t0123", NULL},
        {"nothing", "ID", "", NULL},
        {"dashes alone", "ID", "---", NULL},
        {"thirty-three digits", "ID", "123456789012345678901234567890123", NULL},
        {"country in small letters", "id", "3174012345678901", NULL},
        {"country of three letters", "IDN", "3174012345678901", NULL},
        {"no country", "", "3174012345678901", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct uuid id = {{0}};
        bool made = seal_person_id(*state, slice_of(cases[i].country),
                                   slice_of(cases[i].national_id), &id);
        if (made != (cases[i].id != NULL))
            fail_msg("%s", cases[i].name);
        if (made)
            assert_id(id, cases[i].id);
        else
            assert_true(uuid_is_nil(&id));
    }
    struct uuid id;
    assert_true(
        seal_person_id(*state, SLICE("ID"), SLICE("12345678901234567890123456789012"), &id));
}

static void hires_and_awards(void **state)
{
    struct uuid person = uuid(person_text), hire = uuid(hire_text);
    epoch_day day = day_from_civil((struct civil){2023, 5, 2});
    assert_id(seal_hire(*state, SLICE("E-77"), &person, day), hire_text);
    assert_int_equal(cohort_of_month(day), 280);
    static const struct {
        const char *name, *programme, *scheme;
        uint16_t cohort;
        bool of_hire;
        const char *id;
    } cases[] = {
        {"of a wave", "kartu-prakerja", "semi-bansos", 12, false,
         "000c3c04-6079-8b0a-9415-e72ebcadc329"},
        {"of a month and a hire", "daya-kerjaya", "daya-kerjaya", 280, true,
         "011833cc-b46c-8f5c-9b63-d2ea4c2a01c1"},
        {"of the first cohort", "kartu-prakerja", "semi-bansos", 0, false,
         "0000b554-300b-8f68-9dc5-33693394b450"},
        {"of the last cohort", "kartu-prakerja", "semi-bansos", 65535, false,
         "ffff32a5-4944-8094-8c7d-22a88390b9ae"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct uuid award =
            seal_award_id(*state, slice_of(cases[i].programme), slice_of(cases[i].scheme),
                          cases[i].cohort, cases[i].of_hire ? &hire : &person);
        assert_id(award, cases[i].id);
        assert_int_equal(cohort_of_id(&award), cases[i].cohort);
    }
}

static void entitlements_carry_the_cohort_of_their_award(void **state)
{
    struct uuid award = uuid("000c3c04-6079-8b0a-9415-e72ebcadc329");
    assert_id(seal_entitlement_id(*state, &award, SLICE("incentive"), 1),
              "000c0faf-5819-8b98-8466-4be618db16eb");
    assert_id(seal_entitlement_id(*state, &award, SLICE("incentive"), 2),
              "000cafa4-e383-8336-9b76-f12317b4b358");
}

static void an_approval_has_its_id_whoever_gives_it(void **state)
{
    struct uuid award = uuid("000c3c04-6079-8b0a-9415-e72ebcadc329");
    struct slice parts[] = {SLICE("000c3c04-6079-8b0a-9415-e72ebcadc329"), SLICE("incentive"),
                            SLICE("2")};
    struct uuid key = seal_key(*state, "approval", 0x000c, parts, 3);
    struct uuid id = seal_approval_id(*state, &award, SLICE("incentive"), 2);
    assert_memory_equal(&id, &key, sizeof id);
}

static void keys_and_tokens(void **state)
{
    struct slice one[] = {SLICE("ab"), SLICE("c")}, other[] = {SLICE("a"), SLICE("bc")};
    assert_id(seal_key(*state, "quota", 0, one, 2), "62fafe49-7d5d-80a0-8ada-8c3b6851d97e");
    assert_id(seal_key(*state, "quota", 0, other, 2), "f31ca0aa-46c3-8f8c-ab23-8a6aa8d5c132");
    assert_id(seal_key(*state, "quota", 0x0102, one, 2),
              "0102fe49-7d5d-80a0-8ada-8c3b6851d97e");
    assert_id(seal_key(*state, "quota", 0, NULL, 0), "48c5fd96-d495-8416-95c8-fa63e6cc1c73");
    assert_id(seal_token(*state, "phone", SLICE("+628123456789")),
              "93d2f7e4-3925-849b-9e44-824308768aed");
    assert_id(seal_token(*state, "account", SLICE("+628123456789")),
              "78c5312a-3032-81da-af43-3df6dcb3a015");
}

/* 0x010203 bytes, so that each byte of the size before a part counts. */
static void a_long_part_has_its_whole_size_before_it(void **state)
{
    static char value[0x010203];
    memset(value, 'x', sizeof value);
    assert_id(seal_token(*state, "long", (struct slice){value, sizeof value}),
              "ca74d381-4187-8157-a3b5-21d54d796d9c");
}

static void event_ids_need_no_secret(void **state)
{
    (void)state;
    assert_id(seal_event_id(SLICE("application"), SLICE("/integrator/alpha"), SLICE("4d6a"), 0),
              "bae034a4-fa88-882f-b8ee-065a11c7942c");
    assert_id(seal_event_id(SLICE("application"), SLICE("/integrator/alpha"), SLICE("4d6a"), 1),
              "99bdce2e-a42c-8708-93b6-f203bc7d42d2");
}

static void another_secret_gives_other_ids(void **state)
{
    struct seal_secrets secrets = {.key_count = 1, .keys = {{.id = 1}}};
    struct seal *other = seal_open(&secrets, NULL);
    assert_non_null(other);
    struct uuid one = seal_token(*state, "phone", SLICE("1"));
    struct uuid two = seal_token(other, "phone", SLICE("1"));
    assert_false(uuid_equal(&one, &two));
    seal_close(other);
}

static void a_mark_is_of_its_place_and_its_bytes(void **state)
{
    char text[DIGEST_HEX_SIZE + 1];
    struct digest mark = seal_mark(*state, SLICE("kerja:1:x"), SLICE("bytes"));
    digest_hex(&mark, text);
    assert_string_equal(text,
                        "8d3aad757680537d3839a250d36d09ea26e159e89e9a498f1222f3c2265a3b5a");
    static const struct {
        const char *place, *bytes;
    } others[] = {
        {"kerja:1:y", "bytes"}, {"kerja:1:x", "byteS"}, {"kerja:1:xb", "ytes"}, {"", ""}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct digest other =
            seal_mark(*state, slice_of(others[i].place), slice_of(others[i].bytes));
        assert_memory_not_equal(&other, &mark, sizeof mark);
    }
}

static void months_are_counted_from_january_2000(void **state)
{
    (void)state;
    static const struct {
        struct civil day;
        uint16_t cohort;
    } cases[] = {
        {{1999, 12, 31}, 0},    {{2000, 1, 1}, 0},     {{2000, 1, 31}, 0},
        {{2000, 2, 1}, 1},      {{2019, 9, 1}, 236},   {{2024, 12, 31}, 299},
        {{7461, 4, 30}, 65535}, {{9999, 1, 1}, 65535},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(cohort_of_month(day_from_civil(cases[i].day)), cases[i].cohort);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(persons),
        cmocka_unit_test(hires_and_awards),
        cmocka_unit_test(entitlements_carry_the_cohort_of_their_award),
        cmocka_unit_test(an_approval_has_its_id_whoever_gives_it),
        cmocka_unit_test(keys_and_tokens),
        cmocka_unit_test(a_long_part_has_its_whole_size_before_it),
        cmocka_unit_test(event_ids_need_no_secret),
        cmocka_unit_test(another_secret_gives_other_ids),
        cmocka_unit_test(a_mark_is_of_its_place_and_its_bytes),
        cmocka_unit_test(months_are_counted_from_january_2000),
    };
    return cmocka_run_group_tests(tests, open_seal, close_seal);
}
