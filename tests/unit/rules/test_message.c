/* What people are told, of every programme, in every language of its file: whole, plain and short. */
#include "cases.h"

#include <glob.h>

/* Every placeholder at its longest: the last wave, the whole package, the longest item, September. */
static struct message_values longest_values(const struct programme *programme, size_t language,
                                            struct slice reason)
{
    const struct scheme *last = &programme->schemes[programme->scheme_count - 1];
    struct message_values values = {.wave = last->to_wave,
                                    .has_amount = true,
                                    .instalment = 12,
                                    .has_day = last->from_wave != 0,
                                    .day = DAY(2023, 9, 30),
                                    .reason = reason};
    size_t longest = 0;
    for (size_t i = 0; i < programme->scheme_count; i++) {
        const struct scheme *scheme = &programme->schemes[i];
        if (scheme->package_hundredths > values.amount_hundredths)
            values.amount_hundredths = scheme->package_hundredths;
        for (size_t k = 0; k < scheme->benefit_count; k++) {
            size_t size = text_in(&scheme->benefits[k].name, language).size;
            if (size <= longest)
                continue;
            longest = size;
            values.scheme = scheme;
            values.item = scheme->benefits[k].item;
        }
    }
    return values;
}

static bool has_reason(struct slice template)
{
    for (size_t i = 0; i + 8 <= template.size; i++)
        if (memcmp(template.data + i, "{reason}", 8) == 0)
            return true;
    return false;
}

/* What tells no reason is one SMS; a reason and its next step are read in two at most. */
static void renders_whole(const struct programme *programme, enum message_kind kind,
                          size_t language, struct slice reason)
{
    struct message_values values = longest_values(programme, language, reason);
    char text[MESSAGE_SIZE + 1];
    size_t size =
        message_render(programme, kind, programme->languages[language], &values, text);
    size_t most = has_reason(programme->messages[kind].in[language]) ? MESSAGE_SEGMENTS : 1;
    size_t segments = message_segments((struct slice){text, size});
    if (size < 20 || segments == 0 || segments > most || text[size - 1] != '.')
        fail_msg("%.*s, %s, %.*s: %zu letters, %zu SMS: \"%s\"", SLICE_ARGS(programme->id),
                 message_kind_name(kind), SLICE_ARGS(reason), size, segments, text);
    assert_null(message_template_fault((struct slice){text, size}));
    for (size_t i = 0; i < size; i++)
        assert_true(text[i] != '_' && text[i] != '{');
}

static void every_text_of(const struct programme *programme)
{
    for (size_t language = 0; language < programme->language_count; language++)
        for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++)
            for (size_t i = 0; i < programme->reason_count; i++)
                if (programme->messages[kind].in[language].size > 0)
                    renders_whole(programme, (enum message_kind)kind, language,
                                  programme->reasons[i].code);
}

static void is_said(const struct programme *programme, struct slice code)
{
    const struct reason *reason = reason_find(programme, code);
    if (reason == NULL)
        fail_msg("%.*s has no reason %.*s", SLICE_ARGS(programme->id), SLICE_ARGS(code));
    assert_non_null(reason);
    for (size_t i = 0; i < 3; i++) {
        assert_true(reason->sentence.in[i].size > 0 && reason->next_step.in[i].size > 0);
        /* Malay and Indonesian are sometimes alike to the letter, English never. */
        if (i < 2 && slice_equal(reason->sentence.in[i], reason->sentence.in[2]))
            fail_msg("%.*s, %.*s: said in English twice", SLICE_ARGS(programme->id),
                     SLICE_ARGS(code));
    }
}

/* What its conditions and deadlines can give, what stands while a field is not known, and whatever else the
 * file says. tests/shape/test_reasons.py holds that every code in the services' own code is in every file. */
static void every_reason_of(const struct programme *programme)
{
    assert_int_equal(programme->language_count, 3);
    assert_true(slice_is(programme->languages[2], "en"));
    for (size_t i = 0; i < programme->condition_count; i++) {
        const struct condition *condition = &programme->conditions[i];
        is_said(programme, condition->reason->code);
        is_said(programme, slice_of(field_meaning(condition->must.field)->unknown));
        for (size_t k = 0; k < condition->when_count; k++)
            is_said(programme, slice_of(field_meaning(condition->when[k].field)->unknown));
    }
    for (size_t i = 0; i < programme->deadline_count; i++)
        if (programme->deadlines[i].reason != NULL)
            is_said(programme, programme->deadlines[i].reason->code);
    for (size_t i = 0; i < programme->reason_count; i++)
        is_said(programme, programme->reasons[i].code);
}

static void of_each_programme(void (*ask)(const struct programme *programme))
{
    glob_t files;
    assert_int_equal(glob(PROGRAMMES "/*.yaml", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= 5);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct programme *programme = programme_of_file(files.gl_pathv[i]);
        ask(programme);
        programme_free(programme);
    }
    globfree(&files);
}

static void every_text_renders_whole_plain_and_short(void **state)
{
    (void)state;
    of_each_programme(every_text_of);
}

static void every_reason_that_can_be_given_is_said_in_three_languages(void **state)
{
    (void)state;
    of_each_programme(every_reason_of);
}

static void an_sms_is_counted_as_networks_count(void **state)
{
    static char letters[MESSAGE_SIZE + 2];
    static const struct {
        size_t size, segments;
    } counts[] = {{0, 1}, {160, 1}, {161, 2}, {306, 2}, {307, 3}};
    (void)state;
    memset(letters, 'a', sizeof letters);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        assert_int_equal(message_segments((struct slice){letters, counts[i].size}),
                         counts[i].segments);
    static const char *const twice[] = {"[", "]",  "{", "}", "~",
                                        "^", "\\", "|", "`", "\xc3\xa9"};
    for (size_t i = 0; i < sizeof twice / sizeof twice[0]; i++)
        assert_int_equal(message_segments(slice_of(twice[i])), 0);
    assert_int_equal(
        message_segments(SLICE("Rp600.000 (59%), 3/4; \"a\" & 'b'? <c> = d_e #1 $2 @f!")), 1);
}

static void a_malaysian_is_told_in_malay_unless_she_reads_english(void **state)
{
    struct programme *programme = programme_of_file(PROGRAMMES "/bina-kerjaya.yaml");
    struct message_values values = {.has_amount = true,
                                    .amount_hundredths = 30000,
                                    .scheme = &programme->schemes[0],
                                    .item = SLICE("training_allowance")};
    static const struct {
        const char *language, *text;
    } told[] = {
        {"ms", "Bina Kerjaya: elaun latihan sebanyak RM300.00 telah dihantar ke akaun anda."},
        {"ms-MY",
         "Bina Kerjaya: elaun latihan sebanyak RM300.00 telah dihantar ke akaun anda."},
        {"ta", "Bina Kerjaya: elaun latihan sebanyak RM300.00 telah dihantar ke akaun anda."},
        {"en", "Bina Kerjaya: RM300.00 was sent to your account, training allowance."},
        {"EN-gb", "Bina Kerjaya: RM300.00 was sent to your account, training allowance."},
        {"id",
         "Bina Kerjaya: uang saku pelatihan sebesar RM300.00 sudah dikirim ke rekening Anda."},
    };
    char text[MESSAGE_SIZE + 1];
    (void)state;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        message_render(programme, MESSAGE_PAYOUT_SENT, slice_of(told[i].language), &values,
                       text);
        assert_string_equal(text, told[i].text);
    }
    /* There is no draw: nobody is told that he or she was not drawn. */
    assert_int_equal(
        message_render(programme, MESSAGE_NOT_SELECTED, SLICE("ms"), &values, text), 0);
    programme_free(programme);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_renders_whole_plain_and_short),
        cmocka_unit_test(every_reason_that_can_be_given_is_said_in_three_languages),
        cmocka_unit_test(an_sms_is_counted_as_networks_count),
        cmocka_unit_test(a_malaysian_is_told_in_malay_unless_she_reads_english),
    };
    return cmocka_run_group_tests_name("rules/message", tests, NULL, NULL);
}
