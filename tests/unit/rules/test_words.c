/* Every language says everything: a word that one of them lacks would be a hole in somebody's explanation. */
#include "rules/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct words *const spoken[] = {&words_en, &words_id, &words_ms};
enum { LANGUAGES = sizeof spoken / sizeof spoken[0] };

static size_t bars(const char *text)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        count += *text == '|';
    return count;
}

static bool has_words(const struct code_words *list, const char *code)
{
    while (list->code != NULL && strcmp(list->code, code) != 0)
        list++;
    return list->code != NULL && list->words != NULL && *list->words != '\0';
}

static void every_field_has_its_words(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGES; l++) {
        for (size_t i = 0; i < RULE_FIELD_COUNT; i++) {
            const struct field_meaning *meaning = field_meaning((enum rule_field)i);
            const char *words = spoken[l]->fields[i];
            if (words == NULL || *words == '\0')
                fail_msg("%s lacks %s", spoken[l]->language, meaning->name);
            /* A yes-or-no field is two different claims, any other one noun. */
            if (bars(words) != (meaning->kind == KIND_BOOL))
                fail_msg("%s: %s: \"%s\"", spoken[l]->language, meaning->name, words);
            assert_false(meaning->kind == KIND_BOOL &&
                         slice_equal(words_half(slice_of(words), true),
                                     words_half(slice_of(words), false)));
        }
    }
}

static void every_unit_code_event_and_confidence_has_its_words(void **state)
{
    static const char *const confidences[] = {"2", "2o", "1", "X", "D", "M"};
    (void)state;
    for (size_t l = 0; l < LANGUAGES; l++) {
        const struct words *words = spoken[l];
        for (size_t i = 0; i < RULE_FIELD_COUNT; i++) {
            const struct field_meaning *meaning = field_meaning((enum rule_field)i);
            if (meaning->kind == KIND_INT && meaning->unit != NULL &&
                !has_words(words->units, meaning->unit))
                fail_msg("%s lacks the unit %s", words->language, meaning->unit);
        }
        for (size_t i = 0; i < sizeof confidences / sizeof confidences[0]; i++)
            assert_true(has_words(words->confidences, confidences[i]));
        for (const struct code_words *code = words_en.codes; code->code != NULL; code++)
            if (!has_words(words->codes, code->code))
                fail_msg("%s lacks the code %s", words->language, code->code);
        for (const struct code_words *event = words_en.events; event->code != NULL; event++)
            if (!has_words(words->events, event->code))
                fail_msg("%s lacks the event %s", words->language, event->code);
    }
}

/* A code with an underscore is nobody's name: it must be told in words. */
static void no_code_is_told_bare(void **state)
{
    (void)state;
    for (size_t i = 0; i < RULE_FIELD_COUNT; i++) {
        const char *const *codes = field_meaning((enum rule_field)i)->codes;
        for (size_t c = 0; codes != NULL && codes[c] != NULL; c++)
            if (strchr(codes[c], '_') != NULL && !has_words(words_en.codes, codes[c]))
                fail_msg("%s of %s", codes[c], field_meaning((enum rule_field)i)->name);
    }
}

/* The gaps of a sentence, sorted by their first letters: languages order them differently. */
static unsigned gaps(const char *text)
{
    unsigned sum = 0;
    while ((text = strchr(text, '{')) != NULL) {
        unsigned gap = 0;
        for (text++; *text != '}'; text++) {
            assert_true(*text >= 'a' && *text <= 'z');
            gap = gap * 31 + (unsigned char)*text;
        }
        sum += gap;
    }
    return sum;
}

static void every_sentence_has_the_same_gaps_in_every_language(void **state)
{
    (void)state;
    for (size_t l = 0; l < LANGUAGES; l++) {
        for (size_t i = 0; i < PHRASE_COUNT; i++) {
            const char *phrase = spoken[l]->phrases[i];
            if (phrase == NULL || gaps(phrase) != gaps(words_en.phrases[i]))
                fail_msg("%s: phrase %zu: \"%s\"", spoken[l]->language, i,
                         phrase == NULL ? "" : phrase);
        }
        for (size_t i = 0; i < OPERATOR_COUNT; i++) {
            const char *day = spoken[l]->day_operators[i];
            assert_int_equal(gaps(spoken[l]->operators[i]), gaps(words_en.operators[i]));
            assert_int_equal(day != NULL, words_en.day_operators[i] != NULL);
            assert_true(day == NULL || gaps(day) == gaps(words_en.day_operators[i]));
        }
        assert_int_equal(bars(spoken[l]->operators[OPERATOR_EXISTS]), 1);
        for (size_t i = 0; i <= EFFECT_REVOKE; i++)
            assert_true(spoken[l]->effects[i] != NULL && spoken[l]->effects[i][0] != '\0');
    }
}

static void a_language_is_found_by_its_primary_subtag(void **state)
{
    static const struct {
        const char *tag;
        const struct words *words;
    } tags[] = {{"id", &words_id}, {"id-ID", &words_id}, {"ID", &words_id},
                {"ms", &words_ms}, {"ms_MY", &words_ms}, {"en-GB", &words_en},
                {"ta", &words_en}, {"", &words_en},      {"idx", &words_en},
                {"m", &words_en}};
    (void)state;
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        assert_ptr_equal(words_in(slice_of(tags[i].tag)), tags[i].words);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_its_words),
        cmocka_unit_test(every_unit_code_event_and_confidence_has_its_words),
        cmocka_unit_test(no_code_is_told_bare),
        cmocka_unit_test(every_sentence_has_the_same_gaps_in_every_language),
        cmocka_unit_test(a_language_is_found_by_its_primary_subtag),
    };
    return cmocka_run_group_tests_name("rules/words", tests, NULL, NULL);
}
