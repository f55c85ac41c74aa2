#include "position_plan.h"

#include <inttypes.h>
#include <stdio.h>

static bool in_log(const struct position_plan *plan, int64_t offset)
{
    return offset >= plan->log_start && offset <= plan->log_end;
}

static enum outcome all_become(struct position_plan *plan, int64_t offset)
{
    plan->to_next_offset = offset;
    plan->to_published_next = offset;
    plan->forget = true;
    return OK;
}

enum outcome position_plan_adopt(struct position_plan *plan, int64_t offset,
                                 struct error *error)
{
    bool given = offset != OFFSET_NONE;
    if (!given && plan->committed == OFFSET_NONE)
        return error_set(
            error, REJECT,
            "cannot adopt the group's offset: it has none; name the place to go on "
            "from with --offset, from %" PRId64 " to %" PRId64,
            plan->log_start, plan->log_end);
    if (!given)
        offset = plan->committed;
    if (!in_log(plan, offset))
        return error_set(error, REJECT,
                         "cannot go on from %" PRId64 ": the log reaches from %" PRId64
                         " to %" PRId64 "; name a place in it with --offset",
                         offset, plan->log_start, plan->log_end);
    /* Whoever names a place need not believe K. */
    plan->trusted = given ? plan->published_next : offset;
    return all_become(plan, offset);
}

enum outcome position_plan_rewind(struct position_plan *plan, int64_t offset,
                                  struct error *error)
{
    if (!in_log(plan, offset))
        return error_set(error, REJECT,
                         "cannot rewind to %" PRId64 ": the log reaches from %" PRId64
                         " to %" PRId64,
                         offset, plan->log_start, plan->log_end);
    if (offset > plan->published_next)
        return error_set(error, REJECT,
                         "cannot rewind to %" PRId64 ": what was decided from %" PRId64
                         " on was not seen published and would be lost; rewind to %" PRId64
                         " or before",
                         offset, plan->published_next, plan->published_next);
    plan->trusted = plan->published_next;
    return all_become(plan, offset);
}

enum outcome position_plan_republish(struct position_plan *plan, struct error *error)
{
    const struct owed_rows *owed = &plan->owed;
    int64_t from = plan->published_next, decided = plan->next_offset;
    bool whole = owed->count == 0
                     ? from == decided
                     : owed->chain && owed->from_offset <= from && owed->next_offset == decided;
    if (!in_log(plan, decided))
        return error_set(error, REJECT,
                         "cannot go on from %" PRId64 ": the log reaches from %" PRId64
                         " to %" PRId64 "; adopt a place in it",
                         decided, plan->log_start, plan->log_end);
    if (!whole)
        return error_set(error, REJECT,
                         "cannot publish %" PRId64 " to %" PRId64
                         " again: rows of the outbox are missing; `kerja position adopt` with "
                         "--offset %" PRId64 " gives their outputs up",
                         from, decided, decided);
    plan->to_published_next = owed->count == 0 ? from : owed->from_offset;
    plan->to_next_offset = decided;
    plan->trusted = plan->to_published_next;
    plan->forget = false;
    return OK;
}

/* Puts a clause about the offsets from `from` to before `until` behind what is there; none for no offsets. */
static void clause(char text[static CONSEQUENCE_SIZE], const char *before, int64_t from,
                   int64_t until, const char *after)
{
    size_t size = 0;
    while (text[size] != '\0')
        size++;
    if (from < until)
        snprintf(text + size, CONSEQUENCE_SIZE - size, "%s%s %" PRId64 " to %" PRId64 " %s",
                 size == 0 ? "" : "; ", before, from, until - 1, after);
}

void position_plan_consequence(const struct position_plan *plan,
                               char text[static CONSEQUENCE_SIZE])
{
    int64_t decided = plan->next_offset, to = plan->to_next_offset;
    text[0] = '\0';
    if (plan->forget) {
        clause(text, "the outputs of offsets", plan->trusted, to < decided ? to : decided,
               "are lost unless they were published");
        clause(text, "offsets", to, decided,
               "are decided again over what is stored, and readers may see outputs twice");
        clause(text, "offsets", decided, to, "are never decided");
    } else {
        clause(text, "readers may see the outputs of offsets", plan->to_published_next, decided,
               "twice, with the same ids");
        clause(text, "offsets", decided, plan->committed,
               "are decided again, and readers may see their outputs twice, with the same ids");
    }
    if (text[0] == '\0')
        snprintf(text, CONSEQUENCE_SIZE, "nothing is lost and nothing is done twice");
}
