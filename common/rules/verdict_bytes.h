/*
 * verdict_bytes - a verdict as it is stored.
 *
 * A decision is stored with everything that it saw, in about a hundred bytes: each condition's
 * number and result, each field's value. From them anybody can show why, and decide again.
 *
 * The form: u8 form (2); u8 effect of what failed; then lists, each a count and its items:
 * reasons that failed, reasons unknown, priorities (u8 size, bytes); conditions (varint number,
 * u8 result); values (varint field, u8 state, then by kind a signed varint, or texts as above).
 * Texts of kind text are never stored, only that they exist.
 */
#ifndef KERJA_RULES_VERDICT_BYTES_H
#define KERJA_RULES_VERDICT_BYTES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/slice.h"
#include "rules/verdict.h"

/* Appends the verdict's bytes; buffer_failed() tells when there was no memory. */
void verdict_write(const struct verdict *verdict, struct buffer *buffer);

/* Reads them back. Texts are borrowed from `bytes`, lists from the arena. REJECT for bytes that
 * are no verdict of this form, RETRY when the arena is full. */
enum outcome verdict_read(struct slice bytes, struct arena *arena, struct verdict *verdict,
                          struct error *error);

#endif
