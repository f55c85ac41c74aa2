/*
 * explain - a verdict as sentences.
 *
 * Whoever is refused may ask why, and whoever audits may ask of any rupiah: by which condition,
 * what was required, what was found, who says so and how sure that is, what ends it, what would
 * have to change. Everything is told from the verdict's own record and the programme file that
 * judged, in Indonesian, Malay or English; nothing is looked up, so the answer stays the same.
 *
 * What a text said is not kept, so it cannot be told; ids, names and numbers of people stand in
 * no field.
 */
#ifndef KERJA_RULES_EXPLAIN_H
#define KERJA_RULES_EXPLAIN_H

#include "base/buffer.h"
#include "base/slice.h"
#include "rules/programme.h"
#include "rules/recheck.h"
#include "rules/telling.h"
#include "rules/verdict.h"
#include "rules/verdict_bytes.h"

#include <stdbool.h>

/* Appends one line for each condition that failed or is unknown, or for all when `everything`,
 * each with its source on the next line; then how many came out how, the verdict, each reason with its sentence and
 * next step and what ends it, and which conditions would have to be met. */
void verdict_explain(const struct verdict *verdict, const struct programme *programme,
                     struct slice language, bool everything, struct buffer *text);

/* Its parts, each without an end of line. */

/* "Condition 5 is not met. Required: age on the day of the application is from 18 to 64 years.
 * Found: 66 years, 2 years too much. Therefore: refused (AGE_OUT_OF_RANGE)." */
void explain_condition(const struct teller *teller, const struct verdict *verdict,
                       const struct condition_seen *seen, struct buffer *text);

/* Who says so, and how sure that is. */
void explain_source(const struct teller *teller, const struct condition *condition,
                    struct buffer *text);

/* What ends a hold or a retry with this reason; nothing when the reason ends nothing. */
void explain_ends(const struct teller *teller, const struct reason *reason,
                  struct buffer *text);

/* The conditions that would have to be met for another verdict; nothing when there are none. */
void explain_change(const struct teller *teller, const struct verdict *verdict,
                    struct buffer *text);

/* True when a code of the verdict follows from none of its conditions. */
bool reason_of_engine(const struct verdict *verdict, const struct programme *programme,
                      struct slice code);

#endif
