/* What people are told, of every programme, in every language of its file: whole, plain and short. */
#include "cases.h"

#include <glob.h>

/* A reason's sentence and next step are read on a small screen: at most three SMS with all around them. */
static void renders_whole(const struct programme *programme, enum message_kind kind,
                          struct slice language, struct slice reason)
{
    const struct scheme *scheme = &programme->schemes[0];
    struct message_values values = {.wave = scheme->from_wave,
                                    .has_amount = true,
                                    .amount_hundredths = INT64_C(355000000),
                                    .item = scheme->benefits[scheme->benefit_count - 1].item,
                                    .scheme = scheme,
                                    .instalment = 1,
                                    .has_day = scheme->from_wave != 0,
                                    .day = DAY(2023, 8, 31),
                                    .reason = reason};
    char text[MESSAGE_SIZE + 1];
    size_t size = message_render(programme, kind, language, &values, text);
    if (size < 20 || size > 320 || text[size - 1] != '.')
        fail_msg("%.*s, %s, %.*s: \"%s\"", SLICE_ARGS(programme->id), message_kind_name(kind),
                 SLICE_ARGS(reason), text);
    assert_null(message_template_fault((struct slice){text, size}));
    for (size_t i = 0; i < size; i++)
        assert_true(text[i] != '_' && text[i] != '{' && (text[i] & 0x80) == 0);
}

static void every_text_of(const struct programme *programme)
{
    for (size_t language = 0; language < programme->language_count; language++)
        for (int kind = 0; kind < MESSAGE_KIND_COUNT; kind++)
            for (size_t i = 0; i < programme->reason_count; i++)
                if (programme->messages[kind].in[language].size > 0)
                    renders_whole(programme, (enum message_kind)kind,
                                  programme->languages[language], programme->reasons[i].code);
}

static void every_text_renders_whole_plain_and_short(void **state)
{
    glob_t files;
    (void)state;
    assert_int_equal(glob(PROGRAMMES "/*.yaml", 0, NULL, &files), 0);
    assert_true(files.gl_pathc >= 5);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct programme *programme = programme_of_file(files.gl_pathv[i]);
        every_text_of(programme);
        programme_free(programme);
    }
    globfree(&files);
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
        cmocka_unit_test(a_malaysian_is_told_in_malay_unless_she_reads_english),
    };
    return cmocka_run_group_tests_name("rules/message", tests, NULL, NULL);
}
