/* What a file brings of its own country: zone, items, levels and words. */
#include "fixture.h"

#define ONE CONDITION(1, "APPLY", "wave.open", "eq", "true", "REJECT", "R")
#define LEVEL(op, value)                                                                       \
    CONDITION(1, "APPLY", "application.highest_qualification", op, value, "REJECT", "R")
#define TAIL     ENGINE_REASONS WAITING("DECLARATION_MISSING") REASON("R")
#define TAIL_ONE ENGINE_REASONS REASON("R")

static char found[4096];

static void remember(void *context, const char *fault)
{
    (void)context;
    size_t size = strlen(found);
    snprintf(found + size, sizeof found - size, "%s\n", fault);
}

/* The file with one of its lines replaced. */
static const char *with(const char *text, const char *line, const char *by)
{
    static char changed[1 << 14];
    const char *at = strstr(text, line);
    assert_non_null(at);
    snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - text), text, by,
             at + strlen(line));
    return changed;
}

static void a_zone_states_its_offset_unless_kerja_knows_it(void **state)
{
    static const struct {
        const char *lines;
        int minutes;       /* of what loads */
        const char *fault; /* of what does not */
    } zones[] = {
        {"timezone: Asia/Jakarta\n", 420, NULL},
        {"timezone: Asia/Jakarta\nutc_offset: \"+07:00\"\n", 420, NULL},
        {"timezone: Asia/Jakarta\nutc_offset: \"+08:00\"\n", 0, "another offset than that of"},
        {"timezone: Asia/Dili\nutc_offset: \"+09:00\"\n", 540, NULL},
        {"utc_offset: \"+09:00\"\ntimezone: Asia/Dili\n", 540, NULL},
        {"timezone: Asia/Kathmandu\nutc_offset: \"+05:45\"\n", 345, NULL},
        {"timezone: America/Argentina/Buenos_Aires\nutc_offset: \"-03:00\"\n", -180, NULL},
        {"timezone: Pacific/Kiritimati\nutc_offset: \"+14:00\"\n", 840, NULL},
        {"timezone: Pacific/Kiritimati\nutc_offset: \"+14:15\"\n", 0, "from -12:00 to +14:00"},
        {"timezone: Etc/GMT+12\nutc_offset: \"-12:00\"\n", -720, NULL},
        {"timezone: Etc/GMT+12\nutc_offset: \"-12:15\"\n", 0, "from -12:00 to +14:00"},
        {"timezone: Asia/Dili\nutc_offset: \"+09:07\"\n", 0, "expected an offset such as"},
        {"timezone: Asia/Dili\nutc_offset: \"09:00\"\n", 0, "expected an offset such as"},
        {"timezone: Asia/Dili\nutc_offset: \"+9:000\"\n", 0, "expected an offset such as"},
        {"timezone: Asia/Dili\nutc_offset: \"+09:0x\"\n", 0, "expected an offset such as"},
        {"timezone: Asia/Dili\n", 0,
         "test.yaml:5:11: found \"Asia/Dili\", expected "
         "\"utc_offset\" beside it"},
        {"timezone: dili time\nutc_offset: \"+09:00\"\n", 0, "expected a zone such as"},
        {"timezone: [Asia/Dili]\nutc_offset: \"+09:00\"\n", 0, "expected a text"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        const char *text = with(HEAD ONE TAIL_ONE, "timezone: Asia/Jakarta\n", zones[i].lines);
        found[0] = '\0';
        size_t faults = programme_check(slice_of(text), "test.yaml", remember, NULL);
        if (zones[i].fault != NULL) {
            if (faults != 1 || strstr(found, zones[i].fault) == NULL)
                fail_msg("%s%s", zones[i].lines, found);
            continue;
        }
        struct programme *programme = programme_of(text);
        assert_int_equal(programme->utc_offset_minutes, zones[i].minutes);
        programme_free(programme);
    }
}

static void an_item_is_whatever_a_benefit_pays(void **state)
{
    static const struct {
        const char *item, *asked, *fault;
    } items[] = {
        {"training", "training", NULL},
        {"tool_money", "tool_money", NULL},
        {"a", "a", NULL},
        {"a2345678901234567890123456789012345678_0", "a2345678901234567890123456789012345678_0",
         NULL},
        {"a2345678901234567890123456789012345678_01", NULL, "at most 40 of a-z"},
        {"Tool_money", NULL, "expected a name of an item"},
        {"2nd", NULL, "expected a name of an item"},
        {"tool-money", NULL, "expected a name of an item"},
        {"tool_money", "tools_money", "expected an item of a benefit"},
        {"tool_money", "training", "expected an item of a benefit"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof items / sizeof items[0]; i++) {
        char text[1 << 15], line[80], asked[300];
        snprintf(line, sizeof line, "      - item: %s\n", items[i].item);
        snprintf(asked, sizeof asked,
                 CONDITION(1, "PAY", "payment.item", "in", "[%s]", "HOLD", "R"),
                 items[i].asked == NULL ? items[i].item : items[i].asked);
        snprintf(text, sizeof text, "%s%s%s", with(HEAD, "      - item: training\n", line),
                 asked, ENGINE_REASONS WAITING("R"));
        found[0] = '\0';
        size_t faults = programme_check(slice_of(text), "test.yaml", remember, NULL);
        if ((faults > 0) != (items[i].fault != NULL) ||
            (faults > 0 && strstr(found, items[i].fault) == NULL))
            fail_msg("%s, %s: %s", items[i].item, asked, found);
    }
}

static void levels_are_in_the_files_order_else_in_kerjas(void **state)
{
    static const struct {
        const char *levels, *bound, *level;
        const char *reasons; /* NULL: the file is refused */
    } cases[] = {
        {"", "SPM", "SPM", ""},
        {"", "SPM", "STPM", "R"},
        {"", "SPM", "ES", "DECLARATION_MISSING"}, /* nobody knows how high it is */
        {"", "ES", "ES", NULL},
        {"levels: [NONE, EB, ES, UNI]\n", "ES", "ES", ""},
        {"levels: [NONE, EB, ES, UNI]\n", "ES", "EB", ""},
        {"levels: [NONE, EB, ES, UNI]\n", "ES", "UNI", "R"},
        {"levels: [NONE, EB, ES, UNI]\n", "ES", "SPM", "DECLARATION_MISSING"},
        {"levels: [NONE, EB, ES, UNI]\n", "SPM", "SPM", NULL},
        {"levels: [ES, EB, ES]\n", "ES", "ES", NULL},
        {"levels: []\n", "ES", "ES", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1 << 15], condition[300];
        snprintf(condition, sizeof condition, LEVEL("le", "%s"), cases[i].bound);
        snprintf(text, sizeof text, "%s%s" TAIL "%s", HEAD, condition, cases[i].levels);
        found[0] = '\0';
        size_t faults = programme_check(slice_of(text), "test.yaml", remember, NULL);
        if ((faults > 0) != (cases[i].reasons == NULL))
            fail_msg("%zu: %s", i, found);
        if (faults > 0)
            continue;
        struct programme *programme = programme_of(text);
        struct verdict verdict;
        struct facts facts = {
            {{FIELD_APPLICATION_HIGHEST_QUALIFICATION, value_code(slice_of(cases[i].level))}}};
        judge(programme, PHASE_APPLY, &facts, &verdict);
        assert_string_equal(reasons_of(&verdict), cases[i].reasons);
        programme_free(programme);
    }
}

static const char *explained(const char *text, struct facts facts)
{
    static char said[2048];
    struct programme *programme = programme_of(text);
    struct verdict verdict;
    struct buffer buffer = {0};
    judge(programme, PHASE_APPLY, &facts, &verdict);
    verdict_explain(&verdict, programme, SLICE("en"), true, &buffer);
    snprintf(said, sizeof said, "%.*s", (int)buffer.size, buffer.data);
    buffer_release(&buffer);
    programme_free(programme);
    return said;
}

static void a_files_own_words_are_told(void **state)
{
    (void)state;
    const char *said = explained(
        HEAD LEVEL("le", "ES") TAIL "levels: [NONE, ES, UNI]\n"
                                    "words: {ES: {en: upper school}, UNI: {en: university}}\n",
        (struct facts){{{FIELD_APPLICATION_HIGHEST_QUALIFICATION, value_code(SLICE("UNI"))}}});
    assert_non_null(strstr(said, "is at most upper school. Found: university"));
    said = explained(
        HEAD CONDITION(1, "APPLY", "register.dtks.listed", "eq", "false", "REJECT", "R")
            TAIL_ONE "words: {register.dtks.listed: {en: "
                     "\"a mother's grant is paid|no mother's grant is paid\"}}\n",
        (struct facts){{{FIELD_REGISTER_DTKS_LISTED, value_number(1)}}});
    assert_non_null(
        strstr(said, "Required: no mother's grant is paid. Found: a mother's grant is paid"));
}

static void words_that_cannot_be_told_are_refused(void **state)
{
    static const struct {
        const char *words, *fault;
    } cases[] = {
        {"words: [a]\n", "expected codes or fields and what they are called"},
        {"words: {A: none}\n", "expected a text for each language"},
        {"words: {A: {en: a}, A: {en: b}}\n", "found \"A\" a second time"},
        {"words: {wave.open: {en: open}}\n", "expected two claims"},
        {"words: {wave.open: {en: \"a|b|c\"}}\n", "expected two claims"},
        {"words: {A: {en: \"a|b\"}}\n", "expected words without"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1 << 15];
        snprintf(text, sizeof text, "%s%s", HEAD ONE TAIL_ONE, cases[i].words);
        found[0] = '\0';
        assert_true(programme_check(slice_of(text), "test.yaml", remember, NULL) > 0);
        if (strstr(found, cases[i].fault) == NULL)
            fail_msg("%s%s", cases[i].words, found);
    }
}

/* "registers:" and one condition about a field: what it is then, and how the file calls it. */
static void a_register_is_whatever_the_file_brings(void **state)
{
    static const struct {
        const char *registers, *field, *op, *value;
        enum rule_field is;
        const char *fault;
    } cases[] = {
        {"{boats: TL_BOATS}", "register.boats.listed", "eq", "true",
         FIELD_REGISTER_OWN_1_LISTED, NULL},
        {"{boats: TL_BOATS}", "register.boats.code", "in", "[A, B]", FIELD_REGISTER_OWN_1_CODE,
         NULL},
        {"{a: A, b: B, c: C, d_4: D}", "register.d_4.code", "eq", "X",
         FIELD_REGISTER_OWN_4_CODE, NULL},
        {"{a: A, b: B, c: C, d_4: D, e: E}", "register.a.listed", "eq", "true", 0,
         "expected at most 4 registers"},
        {"{boats: TL_BOATS}", "register.dtks.listed", "eq", "true", FIELD_REGISTER_DTKS_LISTED,
         NULL},
        {"{boats: TL_BOATS}", "register.ships.listed", "eq", "true", 0,
         "unknown field \"register.ships.listed\""},
        {"{boats: TL_BOATS}", "register.own_1.listed", "eq", "true", 0,
         "unknown field \"register.own_1.listed\""},
        {"{boats: TL_BOATS}", "register.boats.listed", "in", "[A]", 0,
         "operator \"in\" cannot be asked of \"register.boats.listed\""},
        {"{dtks: TL_DTKS}", "wave.open", "eq", "true", 0,
         "found a register that every programme may ask about"},
        {"{poor: DTKS}", "wave.open", "eq", "true", 0,
         "found a register that every programme may ask about"},
        {"{work: OCCUPATION}", "wave.open", "eq", "true", 0,
         "found a register that every programme may ask about"},
        {"{boats: TL_BOATS, boats: TL_SHIPS}", "wave.open", "eq", "true", 0, "a second time"},
        {"{boats: TL_BOATS, ships: TL_BOATS}", "wave.open", "eq", "true", 0, "a second time"},
        {"{Boats: TL_BOATS}", "wave.open", "eq", "true", 0, "expected small letters"},
        {"{1st: TL_BOATS}", "wave.open", "eq", "true", 0, "expected small letters"},
        {"{a23456789012345678901234567890123: A}", "wave.open", "eq", "true", 0, "at most 32"},
        {"{boats: \"\"}", "wave.open", "eq", "true", 0, "expected a text"},
        {"{boats: A234567890123456789012345678901234567890123456789012345678901234}",
         "register.boats.listed", "eq", "true", FIELD_REGISTER_OWN_1_LISTED, NULL},
        {"{boats: A2345678901234567890123456789012345678901234567890123456789012345}",
         "wave.open", "eq", "true", 0, "of at most 64 bytes"},
        {"[boats]", "wave.open", "eq", "true", 0, "expected registers and the names"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[256], condition[256];
        snprintf(line, sizeof line, "registers: %s\nconditions:\n", cases[i].registers);
        snprintf(condition, sizeof condition, "field: %s, op: %s, value: %s", cases[i].field,
                 cases[i].op, cases[i].value);
        char text[1 << 14];
        snprintf(text, sizeof text, "%s",
                 with(HEAD ONE TAIL_ONE, "field: wave.open, op: eq, value: true", condition));
        found[0] = '\0';
        const char *whole = with(text, "conditions:\n", line);
        size_t faults = programme_check(slice_of(whole), "test.yaml", remember, NULL);
        if (cases[i].fault != NULL) {
            if (faults == 0 || strstr(found, cases[i].fault) == NULL)
                fail_msg("%s: %s", cases[i].registers, found);
            continue;
        }
        if (faults > 0)
            fail_msg("%s: %s", cases[i].registers, found);
        struct programme *programme = programme_of(whole);
        assert_int_equal(programme->conditions[0].must.field, cases[i].is);
        assert_string_equal(programme_field_name(programme, cases[i].is), cases[i].field);
        programme_free(programme);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_zone_states_its_offset_unless_kerja_knows_it),
        cmocka_unit_test(an_item_is_whatever_a_benefit_pays),
        cmocka_unit_test(levels_are_in_the_files_order_else_in_kerjas),
        cmocka_unit_test(a_files_own_words_are_told),
        cmocka_unit_test(words_that_cannot_be_told_are_refused),
        cmocka_unit_test(a_register_is_whatever_the_file_brings),
    };
    return cmocka_run_group_tests_name("rules/load_words", tests, NULL, NULL);
}
