/*
 * explain - a verdict as bytes, as sentences, and decided again.
 *
 * A decision is stored with everything that it saw, in about a hundred bytes: each condition's
 * number and result, each field's value. From them anybody can show why, and decide again: the
 * same file and the same values must give the same bytes.
 *
 * The form: u8 form (1); u8 effect of what failed; then lists, each a count and its items:
 * reasons that failed, reasons unknown, priorities (u8 size, bytes); conditions (varint number,
 * u8 result); values (field name, u8 state, then by kind a signed varint, or texts as above).
 * Texts of kind text are never stored, only that they exist.
 */
#ifndef KERJA_RULES_EXPLAIN_H
#define KERJA_RULES_EXPLAIN_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "rules/conditions.h"
#include "rules/programme.h"
#include "rules/verdict.h"

#include <stdbool.h>

/* Appends the verdict's bytes; buffer_failed() tells when there was no memory. */
void verdict_write(const struct verdict *verdict, struct buffer *buffer);

/* Reads them back. Texts are borrowed from `bytes`, lists from the arena. REJECT for bytes that
 * are no verdict of this form, RETRY when the arena is full. */
enum outcome verdict_read(struct slice bytes, struct arena *arena, struct verdict *verdict,
                          struct error *error);

/* Appends one line, in English, for each condition that failed or is unknown, or for all when
 * `everything`: "condition 5: applicant.age was 66, must be between 18 and 64: fails, REJECT
 * AGE_OUT_OF_RANGE"; then the verdict and each reason with its sentence and next step in the
 * person's language. */
void verdict_explain(const struct verdict *verdict, const struct programme *programme,
                     struct slice language, bool everything, struct buffer *text);

/* Decides again the conditions that the recorded verdict judged, on its own recorded values,
 * and compares every result and what follows from them. What engine rules added cannot be
 * derived from values and is taken over. True when the bytes are the same; else `error` names
 * the first difference. */
bool rules_recheck(const struct verdict *recorded, const struct programme *programme,
                   struct error *error);

#endif
