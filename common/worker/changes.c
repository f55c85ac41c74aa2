#include "worker/changes.h"

#include <inttypes.h>

#include "schemas/events.h"

static bool holds(const struct award_changed *changed)
{
    return changed->change == AWARD_CHANGED_CHANGE_HELD ||
           changed->change == AWARD_CHANGED_CHANGE_RELEASED;
}

static bool moves_money(const struct award_changed *changed)
{
    return changed->change == AWARD_CHANGED_CHANGE_RECOVERY_NOTICED ||
           changed->change == AWARD_CHANGED_CHANGE_REPAID;
}

/* What the record says of itself, whoever says it. */
static bool well_formed(struct decision *decision, const struct award_changed *changed)
{
    if (changed->by == AWARD_CHANGED_BY_UNKNOWN ||
        changed->change == AWARD_CHANGED_CHANGE_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_CHANGE",
                        "neither who nor what changed the award may be unknown");
    else if (holds(changed) && changed->reason.size == 0)
        decision_refuse(decision, "BAD_REASON", "a hold or its release names a reason");
    else if (changed->reason.size > REASON_CODE_BYTES)
        decision_refuse(decision, "BAD_REASON", "a reason's code has at most %d bytes",
                        REASON_CODE_BYTES);
    else if (moves_money(changed) && (!changed->has_amount || changed->amount <= 0))
        decision_refuse(decision, "AMOUNT_MISSING",
                        "a %s names an amount above nothing, in \"%.*s\"",
                        symbols_name(&award_changed_change_symbols, changed->change),
                        SLICE_ARGS(changed->currency));
    else
        return true;
    return false;
}

bool changes_allowed(struct decision *decision, const struct award_changed *changed)
{
    if (!well_formed(decision, changed))
        return false;
    if (changed->by != AWARD_CHANGED_BY_OFFICER ||
        changed->change == AWARD_CHANGED_CHANGE_HELD ||
        changed->change == AWARD_CHANGED_CHANGE_RECOVERY_NOTICED)
        return true;
    return decision_two_officers(decision, changed->requested_by, changed->approved_by);
}

static bool ends(const struct award_changed *changed)
{
    return changed->change == AWARD_CHANGED_CHANGE_REVOKED ||
           changed->change == AWARD_CHANGED_CHANGE_CLOSED;
}

/* The matter and '=': a number follows. */
static struct slice said(struct decision *decision, int32_t by, int32_t change)
{
    return decision_text(decision, "%s/%s=", symbols_name(&award_changed_by_symbols, by),
                         symbols_name(&award_changed_change_symbols, change));
}

static struct slice matter_of(struct decision *decision, const struct award_changed *changed)
{
    if (!holds(changed))
        return said(decision, changed->by, changed->change);
    return decision_text(decision,
                         "%s:%.*s=", symbols_name(&award_changed_by_symbols, changed->by),
                         SLICE_ARGS(changed->reason));
}

/* The number after the matter; 0 when the text is about another. A reason may hold a '=' itself, so
 * nothing but digits may follow. */
static int64_t number_of(struct slice text, struct slice matter)
{
    int64_t number = 0;
    if (text.size <= matter.size || memcmp(text.data, matter.data, matter.size) != 0)
        return 0;
    for (size_t i = matter.size; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
    for (size_t i = matter.size; i < text.size; i++)
        number = number * 10 + (text.data[i] - '0');
    return number;
}

static int64_t newest(const struct slice *heard, size_t count, struct slice matter)
{
    int64_t newest = 0;
    for (size_t i = 0; i < count; i++) {
        int64_t number = number_of(heard[i], matter);
        newest = number > newest ? number : newest;
    }
    return newest;
}

static bool counted(const struct slice *heard, size_t count, struct slice matter,
                    int64_t number)
{
    for (size_t i = 0; i < count; i++)
        if (number_of(heard[i], matter) == number)
            return true;
    return false;
}

bool changes_stale(struct decision *decision, const struct slice *heard, size_t count,
                   const struct award_changed *changed)
{
    struct slice matter = matter_of(decision, changed);
    if (changed->sequence <= 0)
        return true; /* no writer numbers so */
    if (moves_money(changed))
        return counted(heard, count, matter, changed->sequence);
    return changed->sequence <= newest(heard, count, matter) ||
           (ends(changed) &&
            newest(heard, count, said(decision, changed->by, AWARD_CHANGED_CHANGE_REINSTATED)) >
                changed->sequence);
}

bool changes_outlived(const struct award_changed *changed, bool has_reinstated_at,
                      instant_us reinstated_at)
{
    return ends(changed) && has_reinstated_at && changed->occurred_at <= reinstated_at;
}

void changes_hear(struct decision *decision, const struct slice **heard, size_t *count,
                  const struct award_changed *changed)
{
    struct slice matter = matter_of(decision, changed);
    struct slice *list = decision_alloc(decision, (*count + 1) * sizeof *list);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (moves_money(changed) || number_of((*heard)[i], matter) == 0)
            list[kept++] = (*heard)[i];
    list[kept++] =
        decision_text(decision, "%.*s%" PRId64, SLICE_ARGS(matter), changed->sequence);
    *heard = list;
    *count = kept;
}
