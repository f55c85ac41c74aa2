/*
 * round - two batches in turn: while one is committed, the next is read, decoded and decided.
 *
 * The next is decided on what the one ahead will leave (lookups.c, waiting.c). If that is not committed as it
 * was sent, the decisions on it are thrown away: deciding has no effect beyond memory. Commits never pass
 * each other, so whatever is committed stands on committed rows, and the versions of rows say so once more.
 *
 * Nothing is waited for that way: where no record stands ready, the commit is waited for at once (intake.c).
 */
#include "worker/worker.h"

#include <stdlib.h>

static bool load_late(void *context, struct facts *facts)
{
    struct worker *worker = context;
    (void)facts;
    return lookups_load(worker, worker->load_locked);
}

bool rounds_open(struct worker *worker)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        struct round *round = &worker->rounds[i];
        round->entries = calloc(worker->entry_capacity, sizeof *round->entries);
        round->timers = calloc(worker->timer_capacity, sizeof *round->timers);
        round->lanes = calloc(PARTITION_BOUND, sizeof *round->lanes);
        round->facts.load = load_late;
        round->facts.context = worker;
        if (round->entries == NULL || round->timers == NULL || round->lanes == NULL ||
            !arena_init(&round->arena, (size_t)worker->settings.arena_bytes))
            return false;
    }
    worker->round = &worker->rounds[0];
    return true;
}

void rounds_close(struct worker *worker)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        struct round *round = &worker->rounds[i];
        for (size_t lane = 0; round->lanes != NULL && lane < PARTITION_BOUND; lane++)
            lane_release(&round->lanes[lane]);
        free(round->lanes);
        free(round->timers);
        free(round->entries);
        arena_release(&round->arena);
        *round = (struct round){0};
    }
}

/* The other round is the one at hand. */
static void change(struct worker *worker)
{
    worker->round =
        worker->round == &worker->rounds[0] ? &worker->rounds[1] : &worker->rounds[0];
    worker->decision.arena = &worker->round->arena;
}

/* The round whose commit was under way is the one at hand. False when there is none. */
static bool take_back(struct worker *worker)
{
    if (worker->ahead == NULL)
        return false;
    worker->ahead = NULL;
    change(worker);
    return true;
}

bool round_send(struct worker *worker)
{
    struct round *round = worker->round;
    round->attempt = (struct attempt){.count = round->entry_count, .number = 1};
    if (!saving_begin(worker))
        return false;
    worker->ahead = round;
    change(worker);
    return true;
}

enum landing round_land(struct worker *worker)
{
    if (!take_back(worker))
        return LANDED;
    enum attempt_result result = attempt_land(worker);
    bool as_sent = result == ATTEMPT_DONE && worker->round->attempt.number == 1;
    bool done = loop_settle(worker, 0, worker->round->entry_count, result);
    loop_close(worker, done);
    change(worker);
    if (!done)
        return LAND_DROPPED;
    return as_sent ? LANDED : LANDED_AGAIN;
}

void round_end(struct worker *worker)
{
    if (!take_back(worker))
        return;
    attempt_end(worker);
    intake_release(worker);
    change(worker);
}

void round_forget(struct worker *worker)
{
    if (!take_back(worker))
        return;
    saving_wait(worker);
    intake_release(worker);
    change(worker);
}
