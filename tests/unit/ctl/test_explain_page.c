/*
 * What `kerja explain` says, to the byte: a refused, a held, a chosen and a paid person of each country, in each
 * language. The texts stand in golden/<programme>.<language>.txt; KERJA_GOLDEN_WRITE=1 writes them anew, and whoever
 * does that reads them.
 */
#include "explain_page.h"

#include "explain_words.h"
#include "rules/recheck.h"
#include "rules/verdict_bytes.h"

#include <stdio.h>
#include <stdlib.h>

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { FILE_BOUND = 1 << 20, VALUES = 40 };

struct given {
    enum rule_field field;
    struct value value;
};

#define NUMBER(n)                                                                              \
    {                                                                                          \
        .state = VALUE_PRESENT, .number = (n)                                                  \
    }
#define CODE(c)                                                                                \
    {                                                                                          \
        .state = VALUE_PRESENT, .text = { c, sizeof(c) - 1 }                                   \
    }
#define SET(array)                                                                             \
    {                                                                                          \
        .state = VALUE_PRESENT, .codes = (array), .code_count = sizeof(array) / sizeof(*array) \
    }
#define ABSENT                                                                                 \
    {                                                                                          \
        .state = VALUE_ABSENT                                                                  \
    }
#define NO_CODES                                                                               \
    {                                                                                          \
        .state = VALUE_PRESENT                                                                 \
    }

static const struct slice disability[] = {{"OKU", 3}};

/* 2023-03-23T03:00:00Z, and days counted since 1970. */
#define AT INT64_C(1679540400000000)
enum {
    DAY_HIRED = 20179,
    DAY_APPLIED = 20240,
    DAY_SURVEYED = 18950
}; /* 2025-04-01, -06-01; 2021-11-19 */

#define CLEAN_APPLICATION                                                                      \
    {FIELD_WAVE_OPEN, NUMBER(1)}, {FIELD_PERSON_OTHER_APPLICATIONS, NUMBER(0)},                \
        {FIELD_APPLICATION_CITIZENSHIP, CODE("ID")},                                           \
        {FIELD_REGISTER_EDUCATION_LISTED, NUMBER(0)},                                          \
        {FIELD_APPLICATION_OCCUPATION_CLASS, CODE("FARMER")},                                  \
        {FIELD_REGISTER_OCCUPATION_CODE, CODE("NONE")},                                        \
        {FIELD_APPLICATION_MSISDN_VERIFIED_AT, NUMBER(AT)},                                    \
        {FIELD_CHECK_FAMILY_CARD, CODE("MATCH")},                                              \
    {                                                                                          \
        FIELD_CHECK_FACE, CODE("MATCH")                                                        \
    }

static const struct given refused_id[] = {
    CLEAN_APPLICATION,
    {FIELD_APPLICANT_AGE, NUMBER(66)},
    {FIELD_APPLICATION_IN_FORMAL_EDUCATION, NUMBER(1)},
    {FIELD_APPLICATION_EMPLOYMENT_STATUS, CODE("NOT_IN_LABOUR_FORCE")},
    {FIELD_APPLICATION_EMAIL_VERIFIED_AT, NUMBER(AT)},
};

static const struct given held_id[] = {
    CLEAN_APPLICATION,
    {FIELD_APPLICANT_AGE, NUMBER(30)},
    {FIELD_APPLICATION_IN_FORMAL_EDUCATION, NUMBER(0)},
    {FIELD_APPLICATION_EMPLOYMENT_STATUS, CODE("LAID_OFF")},
    {FIELD_APPLICATION_EMAIL_VERIFIED_AT, ABSENT},
};

static const struct given chosen_id[] = {
    {FIELD_FAMILY_CARD_AWARDS, NUMBER(1)},
    {FIELD_PERSON_AWARDS_IN_PROGRAMME, NUMBER(0)},
    {FIELD_PERSON_REVOKED_AWARDS, NUMBER(0)},
    {FIELD_REGISTER_BLACKLIST_LISTED, NUMBER(0)},
    {FIELD_REGISTER_DTKS_LISTED, NUMBER(0)},
    {FIELD_REGISTER_PKH_LISTED, NUMBER(0)},
    {FIELD_REGISTER_BSU_LISTED, NUMBER(0)},
    {FIELD_REGISTER_BPUM_LISTED, NUMBER(0)},
    {FIELD_APPLICATION_COVID_AFFECTED, NUMBER(1)},
    {FIELD_REGISTER_LAID_OFF_LISTED, NUMBER(0)},
};

#define CLEAN_PAYMENT                                                                          \
    {FIELD_AWARD_REVOKED, NUMBER(0)}, {FIELD_PROGRAMME_PAUSED, NUMBER(0)},                     \
        {FIELD_AWARD_HOLDS, NO_CODES}, {FIELD_ACCOUNT_LINKED_AT, NUMBER(AT)},                  \
        {FIELD_ACCOUNT_ACTIVE, NUMBER(1)}, {FIELD_ACCOUNT_HEADROOM, ABSENT},                   \
        {FIELD_ACCOUNT_HEADROOM_AFTER, ABSENT},                                                \
    {                                                                                          \
        FIELD_ACCOUNT_PERSONS, NUMBER(1)                                                       \
    }

static const struct given paid_id[] = {
    CLEAN_PAYMENT,
    {FIELD_PAYMENT_ITEM, CODE("survey_incentive")},
    {FIELD_AWARD_INSTALMENT_1_PAID_ON, NUMBER(18900)},
    {FIELD_SURVEY_NUMBER, NUMBER(1)},
    {FIELD_SURVEY_EARLIER_UNANSWERED, NUMBER(0)},
    {FIELD_SURVEY_DAYS_TO_ANSWER, NUMBER(3)},
    {FIELD_SURVEY_ANSWERED_ON, NUMBER(DAY_SURVEYED)},
    {FIELD_REVIEW_RATED_ON, NUMBER(18890)},
    {FIELD_PAYMENT_AMOUNT, NUMBER(5000000)},
    {FIELD_PAYMENT_PAYEE_KIND, CODE("PARTICIPANT")},
    {FIELD_ACCOUNT_CURRENCY, CODE("IDR")},
    {FIELD_AWARD_DECREE_NO, CODE("SK-1")},
    {FIELD_ACCOUNT_KYC_LEVEL, CODE("FULL")},
    {FIELD_ACCOUNT_HOLDER_IS_PARTICIPANT, NUMBER(1)},
    {FIELD_ACCOUNT_PHONE_IS_PARTICIPANTS, NUMBER(1)},
    {FIELD_ACCOUNT_PARTNER, CODE("OVO")},
};

#define HIRE(wage)                                                                             \
    {FIELD_PERSON_OTHER_APPLICATIONS, NUMBER(0)},                                              \
        {FIELD_APPLICATION_DAY, NUMBER(DAY_APPLIED)}, {FIELD_HIRE_HEADCOUNT, NUMBER(40)},      \
        {FIELD_HIRE_MONTHLY_WAGE, NUMBER(wage)}, {FIELD_HIRE_PROFILE_COMPLETE, NUMBER(1)},     \
    {                                                                                          \
        FIELD_HIRE_ASSIST_REGISTERED, NUMBER(1)                                                \
    }

static const struct given refused_my[] = {
    HIRE(145000),
    {FIELD_HIRE_HIRED_ON, NUMBER(20042)},
    {FIELD_HIRE_TARGET_GROUPS, NO_CODES},
    {FIELD_HIRE_EMPLOYER_TYPE, CODE("PUBLIC")},
    {FIELD_HIRE_VACANCY_POSTED, NUMBER(1)},
    {FIELD_HIRE_WORKER_CONSENTED_AT, NUMBER(AT)},
    {FIELD_EMPLOYER_EXCESS_CLAIMS, NUMBER(0)},
};

static const struct given held_my[] = {
    HIRE(170000),
    {FIELD_HIRE_HIRED_ON, NUMBER(DAY_HIRED)},
    {FIELD_HIRE_TARGET_GROUPS, SET(disability)},
    {FIELD_HIRE_EMPLOYER_TYPE, CODE("PRIVATE")},
    {FIELD_HIRE_VACANCY_POSTED, NUMBER(0)},
    {FIELD_HIRE_WORKER_CONSENTED_AT, ABSENT},
    {FIELD_EMPLOYER_EXCESS_CLAIMS, NUMBER(2)},
};

static const struct given chosen_my[] = {
    HIRE(170000),
    {FIELD_HIRE_HIRED_ON, NUMBER(DAY_HIRED)},
    {FIELD_HIRE_TARGET_GROUPS, SET(disability)},
    {FIELD_HIRE_EMPLOYER_TYPE, CODE("PRIVATE")},
    {FIELD_HIRE_VACANCY_POSTED, NUMBER(1)},
    {FIELD_HIRE_WORKER_CONSENTED_AT, NUMBER(AT)},
    {FIELD_EMPLOYER_EXCESS_CLAIMS, NUMBER(-12)},
};

static const struct given paid_my[] = {
    CLEAN_PAYMENT,
    {FIELD_PAYMENT_ITEM, CODE("hiring_incentive")},
    {FIELD_HIRE_EMPLOYED_TO_DUE_DAY, NUMBER(1)},
    {FIELD_PAYMENT_AMOUNT, NUMBER(60000)},
    {FIELD_PAYMENT_PAYEE_KIND, CODE("EMPLOYER")},
    {FIELD_ACCOUNT_CURRENCY, CODE("MYR")},
};

#define GIVEN(array) (array), sizeof(array) / sizeof((array)[0])

static const struct told_move moves[] = {
    {1, true, false, 5000000, AT},
    {1, false, false, 5000000, AT + INT64_C(3600000000)},
    {2, true, false, 5000000, AT + INT64_C(90000000000)},
    {2, false, true, 5000000, AT + INT64_C(90600000000)},
};
static const struct told_move moves_my[] = {
    {1, true, false, 60000, AT},
    {1, false, true, 60000, AT + INT64_C(3600000000)},
};

static const struct country {
    const char *programme, *scheme;
    bool has_wave;
    struct judged {
        const char *title, *state, *service, *topic, *table;
        enum rule_phase phase;
        int wave;
        const char *scheme;
        bool everything;
        const struct given *given;
        size_t count;
    } judged[4];
    bool drawn;
    struct told_instalment instalments[2];
} countries[] = {
    {.programme = "kartu-prakerja",
     .judged = {{"REFUSED", "REJECTED", "application", "application.submitted", "application",
                 PHASE_APPLY, 50, "normal", false, GIVEN(refused_id)},
                {"HELD", "HELD", "application", "application.submitted", "application",
                 PHASE_APPLY, 50, "normal", false, GIVEN(held_id)},
                {"DRAWN", "AWARDED", "application", "application.drawn", "application",
                 PHASE_SELECT, 18, "semi-bansos", true, GIVEN(chosen_id)},
                {"PAID", "PAID", "incentive", "incentive.approved", "entitlement", PHASE_PAY,
                 18, "semi-bansos", true, GIVEN(paid_id)}},
     .drawn = true,
     .instalments = {{.entitlement_id = {"00010203-0405-8607-8809-0a0b0c0d0e0f", 36},
                      .item = {"survey_incentive", 16},
                      .payee_kind = {"PARTICIPANT", 11},
                      .status = {"PAID", 4},
                      .partner = {"OVO", 3},
                      .number = 1,
                      .has_amount = true,
                      .amount_hundredths = 5000000,
                      .due_on = DAY_SURVEYED,
                      .moves = moves,
                      .move_count = 4},
                     {.entitlement_id = {"10010203-0405-8607-8809-0a0b0c0d0e0f", 36},
                      .item = {"job_search_incentive", 20},
                      .payee_kind = {"PARTICIPANT", 11},
                      .status = {"HELD", 4},
                      .number = 2,
                      .has_amount = true,
                      .amount_hundredths = 60000000,
                      .due_on = 18980,
                      .reasons = {{"ACCT_NOT_LINKED", 15}, {"AC99", 4}},
                      .reason_count = 2}}},
    {.programme = "daya-kerjaya",
     .judged = {{"REFUSED", "REJECTED", "application", "application.submitted", "application",
                 PHASE_EMPLOYER, 0, "daya-kerjaya-2025", false, GIVEN(refused_my)},
                {"HELD", "HELD", "application", "application.submitted", "application",
                 PHASE_EMPLOYER, 0, "daya-kerjaya-2025", false, GIVEN(held_my)},
                {"AWARDED (no draw)", "AWARDED", "application", "application.submitted",
                 "application", PHASE_EMPLOYER, 0, "daya-kerjaya-2025", true, GIVEN(chosen_my)},
                {"PAID", "PAID", "incentive", "incentive.approved", "entitlement", PHASE_PAY, 0,
                 "daya-kerjaya-2025", true, GIVEN(paid_my)}},
     .instalments = {{.entitlement_id = {"20010203-0405-8607-8809-0a0b0c0d0e0f", 36},
                      .item = {"hiring_incentive", 16},
                      .payee_kind = {"EMPLOYER", 8},
                      .status = {"PAID", 4},
                      .partner = {"MAYBANK", 7},
                      .number = 1,
                      .has_amount = true,
                      .amount_hundredths = 60000,
                      .due_on = 20209,
                      .moves = moves_my,
                      .move_count = 2},
                     {.entitlement_id = {"30010203-0405-8607-8809-0a0b0c0d0e0f", 36},
                      .item = {"hiring_incentive", 16},
                      .payee_kind = {"EMPLOYER", 8},
                      .status = {"STOPPED", 7},
                      .number = 2,
                      .has_amount = true,
                      .amount_hundredths = 60000,
                      .due_on = 20240,
                      .reasons = {{"EMPLOYMENT_ENDED", 16}},
                      .reason_count = 1}}},
};

static struct value given_value(const void *context, enum rule_field field)
{
    const struct judged *judged = context;
    for (size_t i = 0; i < judged->count; i++)
        if (judged->given[i].field == field)
            return judged->given[i].value;
    return value_unknown();
}

static const struct told_row rows[] = {{{"person", 6}, 3}, {{"application", 11}, 0}};

/* Judged, stored, read back, told, and decided again. */
static void tell_judged(const struct page *page, const struct judged *judged,
                        struct arena *arena, struct buffer *text)
{
    static struct verdict verdict, recorded;
    struct buffer bytes = {0};
    struct error error = {0};
    const struct scheme *scheme = scheme_find(page->programme, slice_of(judged->scheme));
    struct rule_subject subject = {.value = given_value,
                                   .context = judged,
                                   .has_wave = judged->wave != 0,
                                   .wave = judged->wave,
                                   .on = 18950};
    verdict_init(&verdict);
    for (int service = 1; service <= 4; service *= 2) {
        subject.service = (enum rule_service)service;
        if (judged->phase != PHASE_PAY || service != SERVICE_COMPLETION)
            rules_apply(scheme, judged->phase, &subject, &verdict);
    }
    verdict_write(&verdict, &bytes);
    assert_int_equal(verdict_read(buffer_slice(&bytes), arena, &recorded, &error), OK);
    struct told_decision decision = {.service = judged->service,
                                     .table = slice_of(judged->table),
                                     .occurred_at = AT,
                                     .topic = slice_of(judged->topic),
                                     .partition = 3,
                                     .offset = 17,
                                     .programme = page->programme->id,
                                     .scheme = scheme->name,
                                     .rules_hash = SLICE("0123456789abcdef"),
                                     .rows = rows,
                                     .row_count = 2,
                                     .verdict = &recorded,
                                     .check = CHECKED_SAME};
    assert_true(rules_recheck(&recorded, page->programme, &error));
    decision_tell(page, &decision, text);
    buffer_release(&bytes);
}

static const struct told_draw draw = {
    .programme = {"kartu-prakerja", 14},
    .wave = 18,
    .rank = 1204,
    .pool = 3190112,
    .chosen = 800000,
    .last = 800417,
    .selected = true,
    .priority_class = 2,
    .digest = {"138fb4b9cea7b786", 16},
    .seed = {"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", 64},
    .seed_sha256 = {"630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd", 64},
    .announced_at = AT - INT64_C(864000000000),
    .drawn_at = AT - INT64_C(3600000000)};

static void title(struct buffer *text, const char *words)
{
    buffer_append(text, "# ", 2);
    buffer_append(text, words, strlen(words));
    buffer_append(text, "\n\n", 2);
}

static void tell_country(const struct country *country, const struct programme *programme,
                         struct slice language, struct buffer *text)
{
    struct arena arena;
    assert_true(arena_init(&arena, 1 << 20));
    for (size_t i = 0; i < 4; i++) {
        const struct judged *judged = &country->judged[i];
        struct page page = {programme, language, judged->everything};
        title(text, judged->title);
        row_tell(&page, judged->service, slice_of(judged->table),
                 SLICE("00000000-0000-8000-8000-000000000001"), slice_of(judged->state), text);
        tell_judged(&page, judged, &arena, text);
        if (country->drawn && judged->phase == PHASE_SELECT)
            draw_tell(&page, &draw, text);
        for (size_t k = 0; judged->phase == PHASE_PAY && k < 2; k++)
            instalment_tell(&page, &country->instalments[k], text);
        buffer_append(text, "\n", 1);
    }
    arena_release(&arena);
}

static struct slice file_of(const char *path)
{
    static char content[FILE_BOUND];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return (struct slice){0};
    size_t size = fread(content, 1, sizeof content, file);
    fclose(file);
    return (struct slice){content, size};
}

static struct programme *programme_of(const char *name)
{
    char path[512];
    struct programme *programme = NULL;
    struct error error = {0};
    snprintf(path, sizeof path, "%s/%s.yaml", KERJA_PROGRAMMES, name);
    if (programme_load(file_of(path), name, &programme, &error) != OK)
        fail_msg("%s", error.text);
    return programme;
}

static void compare(const char *path, struct slice told)
{
    if (getenv("KERJA_GOLDEN_WRITE") != NULL) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        assert_int_equal(fwrite(told.data, 1, told.size, file), told.size);
        fclose(file);
        return;
    }
    struct slice golden = file_of(path);
    size_t same = 0;
    while (same < golden.size && same < told.size && golden.data[same] == told.data[same])
        same++;
    if (same < golden.size || same < told.size) {
        size_t from = same > 60 ? same - 60 : 0;
        fail_msg("%s differs at byte %zu, near \"%.*s\"; told is \"%.*s\"", path, same,
                 (int)(golden.size - from < 160 ? golden.size - from : 160), golden.data + from,
                 (int)(told.size - from < 160 ? told.size - from : 160), told.data + from);
    }
}

static void every_page_is_the_golden_one(void **state)
{
    static const char *const languages[] = {"en", "id", "ms"};
    (void)state;
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++) {
        struct programme *programme = programme_of(countries[i].programme);
        for (size_t l = 0; l < 3; l++) {
            char path[512];
            struct buffer text = {0};
            tell_country(&countries[i], programme, slice_of(languages[l]), &text);
            assert_false(buffer_failed(&text));
            snprintf(path, sizeof path, "%s/%s.%s.txt", GOLDEN, countries[i].programme,
                     languages[l]);
            compare(path, buffer_slice(&text));
            buffer_release(&text);
        }
        programme_free(programme);
    }
}

/* A language that the file lacks is answered in the file's first, reasons and sentences alike. */
static void a_page_speaks_one_language(void **state)
{
    (void)state;
    struct programme *programme = programme_of("daya-kerjaya");
    struct buffer malay = {0}, tamil = {0};
    tell_country(&countries[1], programme, SLICE("ms"), &malay);
    tell_country(&countries[1], programme, SLICE("ta"), &tamil);
    /* The heading of a row comes before its file is known. */
    assert_non_null(strstr(tamil.data, "Diperlukan"));
    assert_null(strstr(tamil.data, "Required"));
    buffer_release(&malay);
    buffer_release(&tamil);
    programme_free(programme);
}

static void phrases_stand_in_every_language(void **state)
{
    (void)state;
    for (int i = 0; i < PAGE_PHRASE_COUNT; i++) {
        const char *in[] = {page_phrase(SLICE("en"), (enum page_phrase)i),
                            page_phrase(SLICE("id"), (enum page_phrase)i),
                            page_phrase(SLICE("ms"), (enum page_phrase)i)};
        for (size_t l = 0; l < 3; l++) {
            size_t gaps = 0, english = 0;
            assert_non_null(in[l]);
            for (const char *c = in[l]; *c != '\0'; c++)
                gaps += *c == '{';
            for (const char *c = in[0]; *c != '\0'; c++)
                english += *c == '{';
            assert_int_equal(gaps, english);
        }
    }
}

static void an_instruction_is_the_entitlement_and_its_attempt(void **state)
{
    char text[INSTRUCTION_SIZE];
    (void)state;
    instruction_format(SLICE("00010203-0405-8607-8809-0a0b0c0d0e0f"), 2, text);
    assert_string_equal(text, "00010203040586078809"
                              "0a0b0c0d0e0f-02");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_page_is_the_golden_one),
        cmocka_unit_test(a_page_speaks_one_language),
        cmocka_unit_test(phrases_stand_in_every_language),
        cmocka_unit_test(an_instruction_is_the_entitlement_and_its_attempt),
    };
    return cmocka_run_group_tests_name("ctl/explain_page", tests, NULL, NULL);
}
