/*
 * explain_page - a decision, a place in a draw and an instalment as `kerja explain` tells them.
 *
 * Pure: what was looked up goes in, sentences come out, the same for ever. What is sealed is not even looked up, so
 * no page can have it.
 */
#ifndef KERJA_CTL_EXPLAIN_PAGE_H
#define KERJA_CTL_EXPLAIN_PAGE_H

#include "base/buffer.h"
#include "base/calendar.h"
#include "base/slice.h"
#include "rules/programme.h"
#include "rules/telling.h"
#include "rules/verdict.h"

#include <stdbool.h>
#include <stdint.h>

/* Who reads it: `programme` gives the texts and local days; NULL, where no file is known, tells in UTC. */
struct page {
    const struct programme *programme;
    struct slice language;
    bool everything; /* conditions that passed, too */
};

struct told_row {
    struct slice table;
    int64_t version;
};

enum told_check { NOT_CHECKED, CHECKED_SAME, CHECKED_DIFFERENT };

struct told_decision {
    const char *service;
    struct slice table, key, state; /* the row that is explained, and its state now */
    uint8_t kind;                   /* enum decision_kind */
    instant_us occurred_at;
    struct slice topic;
    int32_t partition;
    int64_t offset;
    struct slice programme, scheme, rules_hash; /* empty: no condition judged it */
    const struct told_row *rows;
    size_t row_count;
    const struct verdict *verdict; /* NULL: none, or `error` says why it cannot be told */
    const char *error;
    enum told_check check; /* different: `error` says how */
    bool told_above;       /* under another row: one decision changes several */
};

struct told_draw {
    struct slice programme;
    int wave;
    int64_t rank, pool, chosen, last; /* last: rank of the last one selected */
    bool selected;
    int priority_class;
    struct slice digest, seed, seed_sha256; /* in hex */
    instant_us announced_at, drawn_at;
};

/* One movement of an instalment's money to a gateway or back. */
struct told_move {
    int attempt;
    bool out, paid; /* to the gateway; the gateway paid; neither: it came back */
    int64_t amount_hundredths;
    instant_us at;
};

enum { TOLD_REASONS = 32 };

struct told_instalment {
    struct slice entitlement_id, item, payee_kind, status, partner;
    int number;
    bool has_amount;
    int64_t amount_hundredths;
    epoch_day due_on;
    struct slice reasons[TOLD_REASONS];
    size_t reason_count;
    const struct told_move *moves; /* in order */
    size_t move_count;
};

/* Each appends whole lines. */
void decision_tell(const struct page *page, const struct told_decision *decision,
                   struct buffer *text);
void draw_tell(const struct page *page, const struct told_draw *draw, struct buffer *text);
void instalment_tell(const struct page *page, const struct told_instalment *instalment,
                     struct buffer *text);

/* Appends the heading of a row's decisions, with the state that it is in now. */
void row_tell(const struct page *page, const char *service, struct slice table,
              struct slice key, struct slice state, struct buffer *text);

/* The instruction that an attempt gave the gateway: 32 digits of the entitlement's id, "-", the attempt. */
enum { INSTRUCTION_SIZE = 36 };
void instruction_format(struct slice entitlement_id, int attempt,
                        char text[static INSTRUCTION_SIZE]);

#endif
