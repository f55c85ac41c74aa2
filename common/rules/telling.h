/*
 * telling - values and comparisons in words.
 *
 * "66 years", "Rp600.000", "23 October 2020", "the applicant is not in formal education"; and
 * what is asked of them: "age on the day of the application is from 18 to 64 years". Words come
 * from the language's table (rules/words.h), names of items from the programme's file, money
 * and days are written as messages write them.
 */
#ifndef KERJA_RULES_TELLING_H
#define KERJA_RULES_TELLING_H

#include "base/buffer.h"
#include "base/calendar.h"
#include "base/slice.h"
#include "rules/conditions.h"
#include "rules/programme.h"
#include "rules/value.h"
#include "rules/words.h"

/* Who tells: of which programme, in which language. Borrows the programme. */
struct teller {
    const struct programme *programme;
    const struct words *words;
    size_t language; /* of the programme's own texts */
};

/* The language as the programme's file resolves it: one that the file lacks falls back on the
 * file's first, so that sentences and reasons never mix. */
struct teller teller_make(const struct programme *programme, struct slice language);

/* A value as it was seen; NULL counts as not known. */
void tell_value(const struct teller *teller, enum rule_field field, const struct value *value,
                struct buffer *text);

/* What an item is called: by the file's benefit of that name, else by the language's table. */
struct slice item_words(const struct teller *teller, struct slice item);

/* What a comparison asks, as a claim. */
void tell_comparison(const struct teller *teller, const struct comparison *comparison,
                     struct buffer *text);

/* By how much a value misses the comparison's bound: "2 years too much". Nothing where there is
 * no distance, as between codes, or where the bound is kept. */
void tell_distance(const struct teller *teller, const struct comparison *comparison,
                   const struct value *value, struct buffer *text);

/* "Rp600.000" and "23 October 2020 14:00", local to the programme. */
void tell_money(const struct teller *teller, int64_t hundredths, struct buffer *text);
void tell_day(const struct teller *teller, epoch_day day, struct buffer *text);
void tell_instant(const struct teller *teller, instant_us instant, struct buffer *text);

/* Texts as a list: "a, b and c", with `last` before the last; the word for none when empty. */
void tell_list(const struct teller *teller, const struct slice *texts, size_t count,
               enum phrase last, struct buffer *text);

#endif
