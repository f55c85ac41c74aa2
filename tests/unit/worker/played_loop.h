/*
 * played_loop - the loop's neighbours as a test plays them: who reads, decodes, decides, commits and assigns.
 */
#ifndef KERJA_TESTS_UNIT_WORKER_PLAYED_LOOP_H
#define KERJA_TESTS_UNIT_WORKER_PLAYED_LOOP_H

#include "played.h"

enum { RECORDS = 8, TURNS = 4, LAG = 7 /* of each partition */ };

/* A record's letter:
 *   .  sound          x  breaks the statement, not as a dead letter     X  breaks it as a dead letter too
 *   c  contended      l  contended unless it stands alone               d  PostgreSQL goes away with it
 *   u  its programme is unknown until the files are looked at again
 *   s  stale when it is first committed: decided again                  m  too much to be decided with others */
struct story {
    const char *name;
    const char *records;
    size_t room;      /* so many can be decoded at once */
    const char *told; /* ranges as they were attempted: "0-3 halve", "1 done", "1 buried" */
};

extern const struct story *story;

/* The batch that is read behind the story's, or NULL: its ranges are told in brackets. "": the client says an error. */
extern const char *next_batch;

/* How often something was to be read; the loop ends with the last of TURNS. */
extern int turns;

extern bool slot_ours;
extern enum publish_result publishing;
extern struct cache_counts redis;

/* A worker that owns its slot, and will read the story's records. */
struct worker *loop_begin(const struct story *told_story);

#endif
