/*
 * recheck - a recorded verdict, decided again.
 *
 * The promise: the same file and the same values give the same bytes, in ten years too. What
 * engine rules added cannot be derived from values and is taken over.
 */
#ifndef KERJA_RULES_RECHECK_H
#define KERJA_RULES_RECHECK_H

#include "base/error.h"
#include "rules/programme.h"
#include "rules/verdict.h"

#include <stdbool.h>

/* Decides again the conditions that the recorded verdict judged, on its own recorded values,
 * and compares every result and what follows from them. True when the bytes are the same; else
 * `error` names the first difference. */
bool rules_recheck(const struct verdict *recorded, const struct programme *programme,
                   struct error *error);

#endif
