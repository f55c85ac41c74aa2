/*
 * position_plan - what an officer's answer to positions that disagree will change; pure.
 *
 * A plan is filled with what PostgreSQL and Kafka say of one partition; one of three verbs then
 * writes what is to become of it, or refuses with a sentence. Whatever the verb, the worker that
 * takes the partition next finds positions that docs/delivery.md calls clean or a crash between
 * the two commits: W <= K <= G, and rows that chain from K to G. So W and K become the same.
 */
#ifndef KERJA_CTL_POSITION_PLAN_H
#define KERJA_CTL_POSITION_PLAN_H

#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

enum { CONSEQUENCE_SIZE = 400, OFFSET_NONE = -1 };

/* The rows of the outbox that end beyond W. */
struct owed_rows {
    int64_t count;
    int64_t from_offset; /* of the first  */
    int64_t next_offset; /* of the last   */
    bool chain;          /* each begins where the one before ends */
};

struct position_plan {
    int64_t published_next; /* W                    */
    int64_t committed;      /* K, or OFFSET_NONE    */
    int64_t next_offset;    /* G                    */
    int64_t log_start, log_end;
    struct owed_rows owed;

    int64_t to_published_next; /* W and K become this      */
    int64_t to_next_offset;    /* G becomes this           */
    int64_t trusted;           /* outputs before it are published */
    bool forget;               /* the outbox's rows are dropped   */
};

/* Believes Kafka: all three become K, or `offset` where it is not OFFSET_NONE. REJECT: there is no K, or
 * the log does not reach to that place. */
enum outcome position_plan_adopt(struct position_plan *plan, int64_t offset,
                                 struct error *error);

/* Decides again: all three become `offset`. REJECT when it is not in the log, or lies beyond W: then outputs
 * that nobody has seen would be lost. */
enum outcome position_plan_rewind(struct position_plan *plan, int64_t offset,
                                  struct error *error);

/* Believes PostgreSQL: W and K become where the first row begins that is not known to be published, G stays.
 * REJECT: rows are missing, or the log does not hold G. */
enum outcome position_plan_republish(struct position_plan *plan, struct error *error);

/* What the plan costs, as one clause without a full stop. */
void position_plan_consequence(const struct position_plan *plan,
                               char text[static CONSEQUENCE_SIZE]);

#endif
