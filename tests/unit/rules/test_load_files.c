/* Two published files with one thing changed: what is wrong is refused at its line. */
#include "cases.h"

enum { ANYWHERE = 999 };

static const struct edit {
    const char *name, *file, *old, *new;
    const char *fault; /* found in a fault ...                                    */
    int lines_back;    /* ... at the line of the change, or so many lines before it */
} edits[] = {
#define PRAKERJA PROGRAMMES "/kartu-prakerja.yaml"
#define BINA     PROGRAMMES "/bina-kerjaya.yaml"
    /* The head. */
    {"a zone that is not known", BINA, "timezone: Asia/Kuala_Lumpur", "timezone: Asia/Atlantis",
     "found \"Asia/Atlantis\", expected \"utc_offset\" beside it", 0},
    {"a currency of four letters", BINA, "currency: MYR\n", "currency: RINGGIT\n",
     "found \"RINGGIT\", expected a currency of ISO 4217", 0},
    {"no language", BINA, "languages: [ms, id, en]", "languages: []",
     "found 0 languages, expected 1 to 4", 0},
    {"a language without texts", BINA, "languages: [ms, id, en]", "languages: [ms, id, en, ta]",
     "found no text in \"ta\", expected one in every language", 4},
    {"a text in no language of the file", BINA, "title: {ms: Bina Kerjaya,",
     "title: {ta: Bina Kerjaya, ms: Bina,",
     "found \"ta\", expected one of the file's languages", 0},
    {"a way of selecting that is none", BINA, "selection: open", "selection: lottery",
     "found \"lottery\", expected one of draw, open", 0},
    {"a holiday that is no day", BINA, "holidays: []", "holidays: [2023-02-29]",
     "found \"2023-02-29\", expected a day such as", 0},
    {"a family card that draw and condition count differently", PRAKERJA,
     "family_card_limit: 2", "family_card_limit: 3",
     "family_card_limit is 3, but condition 23 says less than 2", 0},

    /* Schemes. */
    {"a scheme without years", BINA,
     "    years:\n      - {year: 2022, award_closes: 2023-06-30}\n",
     "    years: []\n    note:\n      - {year: 2022, award_closes: 2023-06-30}\n",
     "scheme \"bina-kerjaya-2023\" has no year", 1},
    {"a year left out", BINA, "      - {year: 2025, award_closes: 2026-06-30}\n", "",
     "year 2025 of scheme \"bina-kerjaya-2023\" is missing", 5},
    {"a year twice", BINA, "{year: 2025,", "{year: 2024,", "year 2024 overlaps year 2024", 0},
    {"years whose waves meet", PRAKERJA, "from_wave: 12, to_wave: 22,",
     "from_wave: 11, to_wave: 22,", "year 2021 overlaps year 2020", 0},
    {"a wave in no year", PRAKERJA, "from_wave: 12, to_wave: 22,",
     "from_wave: 13, to_wave: 22,", "wave 12 of scheme \"semi-bansos\" belongs to no year", 5},
    {"schemes that overlap", PRAKERJA, "    from_wave: 48\n", "    from_wave: 47\n",
     "scheme \"normal\" overlaps scheme \"semi-bansos\"", 1},
    {"waves turned round", PRAKERJA, "    from_wave: 48\n    to_wave: 71\n",
     "    from_wave: 71\n    to_wave: 48\n",
     "expected from_wave and to_wave, the first not above the last", 1},
    {"a package that its benefits exceed", BINA, "INCENTIVE: MYR 900.00",
     "INCENTIVE: MYR 899.99", "package gives INCENTIVE 899.99, but its benefits come to 900.00",
     13},
    {"benefits that come to more than a number holds", BINA,
     "amount: MYR 300.00\n        instalments: 3\n",
     "amount: MYR 999999999999999.99\n        instalments: 120\n",
     "package gives INCENTIVE 900.00, but its benefits come to 92233720368547758.07", 37},
    {"a package that comes to more than a number holds", BINA, "      INCENTIVE: MYR 900.00\n",
     "      INCENTIVE: MYR 900.00\n      A: MYR 9999999999999999.99\n"
     "      B: MYR 9999999999999999.99\n      C: MYR 9999999999999999.99\n"
     "      D: MYR 9999999999999999.99\n      E: MYR 9999999999999999.99\n"
     "      F: MYR 9999999999999999.99\n      G: MYR 9999999999999999.99\n"
     "      H: MYR 9999999999999999.99\n      I: MYR 9999999999999999.99\n"
     "      J: MYR 9999999999999999.99\n",
     "package gives A 9999999999999999.99, but its benefits come to 0.00", 13},
    {"a component that the package lacks", BINA, "      INCENTIVE: MYR 900.00\n", "",
     "component \"INCENTIVE\" of a benefit is not in the package", 13},
    {"a package that is a list", BINA, "    package:   ", "    package: []\n    note: ",
     "expected components and their amounts, or unknown", 0},
    {"an item that is none", BINA, "- item: training_allowance", "- item: pocket money",
     "found \"pocket money\", expected a name of an item such as hiring_incentive", 0},
    {"two amounts for one category", BINA, "[PROFESSIONAL, MICROCREDENTIAL]",
     "[PROFESSIONAL, RPEL]", "found item \"training_fee\" twice for the same category", 31},
    {"an amount of nothing", BINA, "amount: MYR 300.00", "amount: MYR 0.00",
     "expected an amount above zero", 0},
    {"an amount of another currency", BINA, "amount: MYR 300.00", "amount: IDR 300.00",
     "found \"IDR 300.00\", expected an amount such as MYR 600000.00", 0},
    {"no instalments", BINA, "instalments: 3\n", "instalments: 0\n",
     "expected 1 to 120 instalments", 0},
    {"a hundred and twenty-one instalments", BINA, "instalments: 3\n", "instalments: 121\n",
     "expected 1 to 120 instalments", 0},
    {"a day that starts nothing", BINA, "latest_of: [course.enrolled.starts_on]",
     "latest_of: [course.listed]", "found \"course.listed\", expected one of completion.day",
     0},
    {"no day at all", BINA, "latest_of: [course.enrolled.starts_on]", "latest_of: []",
     "expected at least one day", 0},

    /* Waves, seats, budgets. */
    {"a wave of no scheme", PRAKERJA, "{number: 69,", "{number: 72,",
     "wave 72 belongs to no scheme", 0},
    {"a wave twice", PRAKERJA, "{number: 69,", "{number: 23,", "found wave 23 a second time",
     0},
    {"a wave that closes before it opens", PRAKERJA, "opens: 2021-09-16", "opens: 2021-09-21",
     "wave 21 closes before it opens", 0},
    {"an hour that is none", PRAKERJA, "closes: \"2020-08-23T12:00:00+07:00\"", "closes: noon",
     "found \"noon\", expected a day or a time such as", 0},
    {"seats below zero", PRAKERJA, "seats: 46000", "seats: -1", "found seats below zero", 0},
    {"regions that are a list", PRAKERJA, "seats: 46000", "regions: [11]",
     "expected region codes and their seats", 0},
    {"seats of no scheme", BINA, "budgets:\n",
     "seats: [{scheme: bina-2024, seats: 1}]\nbudgets:\n", "unknown scheme \"bina-2024\"", 0},
    {"a region's seats twice", PRAKERJA, "seats: 46000", "regions: {\"32\": 1, \"32\": 2}",
     "found the seats of 32 a second time", 0},
    {"seats of the whole twice", BINA, "budgets:\n",
     "seats:\n  - {scheme: bina-kerjaya-2023, seats: 1}\n"
     "  - {scheme: bina-kerjaya-2023, seats: 1}\nbudgets:\n",
     "found the seats of ALL a second time", ANYWHERE},
    {"a component of a package twice", BINA, "      INCENTIVE: MYR 900.00\n",
     "      INCENTIVE: MYR 900.00\n      INCENTIVE: MYR 900.00\n",
     "found \"INCENTIVE\" a second time", ANYWHERE},
    {"a budget of a component that nothing pays from", PRAKERJA, "component: SURVEY, ",
     "component: SURVEYS, ", "found \"SURVEYS\", expected a component of a benefit, or ALL", 0},
    {"a budget twice", PRAKERJA, "{year: 2022, component: ALL", "{year: 2021, component: ALL",
     "found the budget of 2021 ALL a second time", 0},

    /* Conditions. */
    {"a condition of no scheme", BINA, "schemes: [bina-kerjaya-2023]",
     "schemes: [bina-kerjaya]", "unknown scheme \"bina-kerjaya\"", 0},
    {"a number that is too large", BINA, "number: 225", "number: 65536",
     "found number 65536, expected 1 to 65535", 0},
    {"numbers that go back", BINA, "number: 225", "number: 193",
     "found number 193 after 224, expected ascending", 0},
    {"an empty list", BINA, "value: [RPEL, COMPETENCY]}", "value: []}",
     "found an empty list, expected at least one value", 0},
    {"a level that the order lacks", BINA, "value: SPM\n", "value: ABITUR\n",
     "found \"ABITUR\", expected one of the levels, in their order", 0},
    {"days turned round", BINA, "value: [2023-05-01, 2023-12-31]",
     "value: [2023-12-31, 2023-05-01]", "the first value is above the last", 0},
    {"from after to", PRAKERJA, "    from: 2020-10-14\n",
     "    from: 2020-10-14\n    to: 2020-10-13\n", "\"from\" is after \"to\"", 2},
    {"half a range of waves", PRAKERJA, "    from_wave: 12\n    to_wave: 47\n",
     "    from_wave: 12\n", "expected from_wave and to_wave, the first not above the last", 2},
    {"a when that is no list", BINA,
     "    when:\n      - {field: account.headroom, op: exists, value: true}\n",
     "    when: {field: account.headroom, op: exists, value: true}\n",
     "found a mapping, expected a list", 0},
    {"a when without a value", BINA, "{field: account.headroom, op: exists, value: true}",
     "{field: account.headroom, op: exists}", "missing key \"value\"", 0},

    /* Deadlines, messages, reasons. */
    {"a deadline that starts at itself", PRAKERJA,
     "  - name: first_purchase\n    schemes: [normal]\n    starts: notice_day\n",
     "  - name: first_purchase\n    schemes: [normal]\n    starts: first_purchase\n",
     "first_purchase cannot start at itself", ANYWHERE},
    {"half a range of a deadline's waves", PRAKERJA,
     "  - name: next_purchase\n    schemes: [normal]\n    from_wave: 48\n    to_wave: 62\n",
     "  - name: next_purchase\n    schemes: [normal]\n    to_wave: 62\n",
     "expected from_wave and to_wave, the first not above the last", ANYWHERE},
    {"a deadline twice", PRAKERJA, "  - name: first_purchase\n    schemes: [normal]\n",
     "  - name: first_purchase\n    schemes: [semi-bansos]\n",
     "found first_purchase of one scheme and wave a second time", ANYWHERE},
    {"a deadline without its reason", BINA,
     "    effect: EXPIRE_ITEM\n    reason: BALANCE_RETURNED\n", "    effect: EXPIRE_ITEM\n",
     "missing key \"reason\"", 4},
    {"a deadline of no scheme", BINA, "  - name: award_ends\n    schemes: [bina-kerjaya-2023]",
     "  - name: award_ends\n    schemes: [bina]", "unknown scheme \"bina\"", -1},
    {"a message with a link", BINA, "\"{programme}: your course is recorded",
     "\"{programme}: see bit.ly, your course", "in the text of language \"en\"", 2},
    {"a message that asks for what nobody gives", BINA,
     "\"{programme}: your course is recorded", "\"{otp}: your course is recorded",
     "in the text of language \"en\"", 2},
    {"a reason that everybody gives left out", BINA, "  QUOTA_FULL:\n", "  QUOTAS_FULL:\n",
     "reason \"QUOTA_FULL\" is missing, which every programme gives", ANYWHERE},
    {"a reason that nothing gives", BINA, "  QUOTA_FULL:\n",
     "  IDLE:\n    sentence: {ms: a, id: a, en: a}\n    next: {ms: b, id: b, en: b}\n  "
     "QUOTA_FULL:\n",
     "reason \"IDLE\" is used by nothing", 0},
    {"a reason twice", BINA, "  QUOTA_FULL:\n",
     "  AWARD_REVOKED:\n    sentence: {ms: a, id: a, en: a}\n    next: {ms: b, id: b, en: b}\n "
     " "
     "QUOTA_FULL:\n",
     "found \"AWARD_REVOKED\" a second time", ANYWHERE},
    {"a reason whose code is too long", BINA, "  QUOTA_FULL:\n",
     "  QUOTA_FULL_AND_FULL_AND_FULL_AND_FULL_AND_FULL_AND_FULL_AND_FULLY:\n",
     "found a code of 65 bytes, expected at most 64", 0},
    {"a hold that nothing ends any more", BINA, "    ends_by: {officer: true}\n", "",
     "\"RECONCILE_MISMATCH\" holds or retries, expected \"ends_by\"", 5},
    {"hours that are too many to count", BINA, "ends_by: {every_hours: 24,",
     "ends_by: {every_hours: 12345678901,", "found a number that is too large", 0},
    {"reasons that are a list", BINA, "messages:\n", "messages: []\nx:\n",
     "found a list, expected keys and their values", 0},

    /* Sources. */
    {"a source that conditions cite left out", BINA, "  MOFB: \"https", "  MOFX: \"https",
     "cites \"MOFB\", expected it under \"sources\"", 5},
    {"a source twice", BINA, "  MOFP: \"https", "  MOFB: \"https",
     "found \"MOFB\" a second time", 0},
    {"a source that says nothing", BINA, "  MOFB: \"https", "  MOFB: []\n  MOFC: \"https",
     "found a list", 0},
    {"sources that are a list", BINA, "\nsources:\n", "\nsources: []\nx:\n",
     "found no mapping, expected keys and what they stand for", -1},
};

static char found[1 << 15];

static void remember(void *context, const char *fault)
{
    (void)context;
    size_t size = strlen(found);
    snprintf(found + size, sizeof found - size, "%s\n", fault);
}

static struct slice text_of(const char *path)
{
    static char text[1 << 20];
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    return (struct slice){text, size};
}

static int line_of(const char *text, const char *at)
{
    int line = 1;
    for (const char *c = text; c < at; c++)
        line += *c == '\n';
    return line;
}

/* True when a line of `found` begins with "f:<line>:" and tells of it. */
static bool told_at(int line, const char *fault)
{
    char place[32];
    snprintf(place, sizeof place, "f:%d:", line);
    for (const char *at = found; *at != '\0'; at = strchr(at, '\n') + 1) {
        const char *end = strchr(at, '\n'), *hit = strstr(at, fault);
        if (strncmp(at, place, strlen(place)) == 0 && hit != NULL && hit < end)
            return true;
    }
    return false;
}

static void each_change_is_refused_at_its_line(void **state)
{
    static char edited[1 << 20];
    int missed = 0;
    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        const struct edit *edit = &edits[i];
        struct slice text = text_of(edit->file);
        const char *at = strstr(text.data, edit->old);
        if (at == NULL) {
            print_error("%s: the file has no \"%s\"\n", edit->name, edit->old);
            missed++;
            continue;
        }
        int size = snprintf(edited, sizeof edited, "%.*s%s%s", (int)(at - text.data), text.data,
                            edit->new, at + strlen(edit->old));
        found[0] = '\0';
        programme_check((struct slice){edited, (size_t)size}, "f", remember, NULL);
        int line = line_of(text.data, at);
        if (edit->lines_back == ANYWHERE ? strstr(found, edit->fault) == NULL
                                         : !told_at(line - edit->lines_back, edit->fault)) {
            print_error("%s, line %d: %.300s\n", edit->name, line, found);
            missed++;
        }
    }
    assert_int_equal(missed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_change_is_refused_at_its_line)};
    return cmocka_run_group_tests_name("rules/load_files", tests, NULL, NULL);
}
