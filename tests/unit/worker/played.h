/*
 * played - a worker whose neighbours a test plays, and what they were told.
 */
#ifndef KERJA_TESTS_UNIT_WORKER_PLAYED_H
#define KERJA_TESTS_UNIT_WORKER_PLAYED_H

#include "worker/worker.h"

/* The one that is tested. */
extern struct worker the_worker;

/* What the neighbours were asked for, a word or a few each; emptied by played_end(). */
extern struct buffer told;

/* Adds words, behind the separator when they are not the first. */
void told_add(const char *separator, const char *words);

/* Fails the case `name` when it is not that. */
void told_was(const char *name, const char *expected);

/* Begins the worker anew, as given, with a log, metrics to register with and an arena. */
void played_begin(struct worker as_given);

void played_end(void);

#endif
