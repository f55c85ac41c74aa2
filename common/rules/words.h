/*
 * words - what Kerja's own nouns are called in the languages that people read.
 *
 * A programme file brings its own texts: titles, reasons, messages, names of items. Everything
 * else that an explanation says stands here: fields, codes, units, operators, effects, and the
 * sentences around them. One file a language (words_en.c, words_id.c, words_ms.c), each the
 * same table, so that a translator works in one place and a missing word is found by a test.
 *
 * A field's words are a noun ("age on the day of the application"). Those of a yes-or-no field
 * are two claims, the one that holds when it is true and the one when it is false, parted by
 * "|". A unit has one form, or two parted by "|" where one thing is called differently.
 * Sentences have gaps in braces (rules/sentence.h).
 */
#ifndef KERJA_RULES_WORDS_H
#define KERJA_RULES_WORDS_H

#include "base/slice.h"
#include "rules/conditions.h"
#include "rules/verdict.h"
#include "rules/vocabulary.h"

enum phrase {
    /* A condition: {number}, {required}, {found}. */
    PHRASE_MET,
    PHRASE_NOT_MET,
    PHRASE_UNKNOWN,
    PHRASE_NOT_APPLICABLE,
    PHRASE_RAISES,
    PHRASE_RAISES_NOT,
    PHRASE_NOT_IN_FILE,
    PHRASE_WHEN,        /* where it applies only there: {when}                     */
    PHRASE_WHEN_FOUND,  /* one of them: {required}, {found}                        */
    PHRASE_CONSEQUENCE, /* {effect}, {code}                                        */
    PHRASE_WAITS_FOR,   /* while it is not known: {effect}, {code}                 */
    PHRASE_SOURCE,      /* {number}, {confidence}, {sources}                       */
    PHRASE_SOURCE_NONE, /* {number}, {confidence}                                  */
    /* The verdict and what follows. */
    PHRASE_COUNTS,       /* {judged}, {met}, {failed}, {unknown}, {rest} */
    PHRASE_VERDICT,      /* {effect}                                                */
    PHRASE_REASON,       /* {code}, {sentence}                                      */
    PHRASE_REASON_OTHER, /* a code that the file does not know: {code}              */
    PHRASE_ENGINE,       /* no condition gives it: {code}                           */
    PHRASE_NEXT,         /* {next}                                                  */
    PHRASE_ENDS,         /* {ends}                                                  */
    PHRASE_EVERY_HOURS,  /* {hours}                                                 */
    PHRASE_OFFICER,
    PHRASE_PRIORITY,    /* {code}, {sentence}                                       */
    PHRASE_CHANGE_ONE,  /* {conditions}                                             */
    PHRASE_CHANGE_MANY, /* {conditions}                                             */
    /* Values. */
    PHRASE_VALUE_UNKNOWN,
    PHRASE_VALUE_ABSENT,
    PHRASE_VALUE_GIVEN,
    PHRASE_NONE, /* an empty list */
    PHRASE_AND,  /* before the last of a list: " and " */
    PHRASE_OR,
    PHRASE_MONTHLY, /* {amount} */
    PHRASE_ABOVE,   /* by how much a bound is missed: {distance} */
    PHRASE_BELOW,
    PHRASE_LATE,
    PHRASE_EARLY,
    PHRASE_COUNT
};

/* A code and its words. Lists end with a code of NULL. */
struct code_words {
    const char *code, *words;
};

struct words {
    const char *language; /* BCP 47 primary subtag */
    const char *fields[RULE_FIELD_COUNT];
    const char *phrases[PHRASE_COUNT];
    const char *operators[OPERATOR_COUNT];     /* {value}; between: {low}, {high} */
    const char *day_operators[OPERATOR_COUNT]; /* likewise; NULL: as above        */
    const char *effects[EFFECT_REVOKE + 1];    /* of a verdict, and of a condition */
    const struct code_words *codes, *units, *events, *confidences;
};

extern const struct words words_en, words_id, words_ms;

/* The words of a language by its primary subtag; English for any that Kerja does not speak. */
const struct words *words_in(struct slice language);

/* The words of a code, a unit, an event or a confidence; the code itself where a language has
 * none, as for names (BNI, SPM). */
struct slice words_for(const struct code_words *list, struct slice code);

/* One half of "yes|no": the first for true. A text without "|" is both. */
struct slice words_half(struct slice words, bool first);

#endif
