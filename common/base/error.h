/*
 * error - why something failed, and what the worker does next.
 *
 * An outcome says what happens next; the reason says why, one clause per layer:
 * "cannot read \"programmes/x.yaml\": line 3, column 7: unknown field \"wvae\"". Library code returns
 * both; only worker/ and ctl/ tell anybody. Messages start in lower case, name the
 * thing in quotes and end without a full stop: "could not" when it may work later,
 * "cannot" when it never will. No personal data in any of them.
 */
#ifndef KERJA_BASE_ERROR_H
#define KERJA_BASE_ERROR_H

#include <stddef.h>

enum outcome {
    OK = 0,
    RETRY,  /* the world is at fault: same record again, later     */
    REJECT, /* the record is at fault: dead-letter it, move on     */
    STOP,   /* we are at fault: shut down cleanly and page a human */
};

enum { ERROR_TEXT_SIZE = 512 };

struct error {
    char text[ERROR_TEXT_SIZE]; /* "" while there is none; cut when longer */
};

/* Replaces the reason and returns `outcome`, so that a failing function can end with
 * `return error_set(error, REJECT, "cannot ...")`. NULL `error` is allowed. */
enum outcome error_set(struct error *error, enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "clause: " before the reason that a callee left and returns `outcome`. */
enum outcome error_wrap(struct error *error, enum outcome outcome, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
