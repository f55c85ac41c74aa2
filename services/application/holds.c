#include "holds.h"

#include "announce.h"
#include "schemas/events.h"
#include "waivers.h"
#include "worker/texts.h"

#define OURS "APPLICATION"

static struct slice hold_of(struct decision *decision, struct slice by, struct slice reason)
{
    return decision_text(decision, "%.*s:%.*s", SLICE_ARGS(by), SLICE_ARGS(reason));
}

void holds_add(struct decision *decision, struct award_row *award, struct slice by,
               struct slice reason)
{
    struct slice hold = hold_of(decision, by, reason);
    texts_remove(decision, &award->holds.items, &award->holds.count, hold);
    texts_append(decision, &award->holds.items, &award->holds.count, hold);
}

void holds_remove(struct decision *decision, struct award_row *award, struct slice by,
                  struct slice reason)
{
    texts_remove(decision, &award->holds.items, &award->holds.count,
                 hold_of(decision, by, reason));
}

static void announce(const struct file *file, struct award_row *award, int32_t change,
                     struct slice reason)
{
    announce_change(file->decision, &file->standing, award, change, reason, file->occurred_at);
}

/* The reason of a hold of ours, or the empty slice. */
static struct slice our_reason(struct slice hold)
{
    static const size_t prefix = sizeof OURS; /* with the colon in place of the zero */
    if (hold.size <= prefix || memcmp(hold.data, OURS ":", prefix) != 0)
        return (struct slice){0};
    return (struct slice){hold.data + prefix, hold.size - prefix};
}

bool holds_ours(struct decision *decision, const struct award_row *award, struct slice reason)
{
    return texts_have(award->holds.items, award->holds.count,
                      hold_of(decision, SLICE(OURS), reason));
}

bool holds_officers(struct decision *decision, const struct award_row *award,
                    struct slice reason)
{
    return texts_have(award->holds.items, award->holds.count,
                      hold_of(decision, SLICE("OFFICER"), reason));
}

static bool came_out_unknown(const struct verdict *verdict, int number)
{
    for (size_t i = 0; i < verdict->condition_count; i++)
        if (verdict->conditions[i].number == number)
            return verdict->conditions[i].result == CONDITION_UNKNOWN;
    return false;
}

/* A condition with that reason could not be decided: it may still fail. */
static bool reason_unknown(const struct scheme *scheme, const struct verdict *verdict,
                           struct slice reason)
{
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        for (size_t i = 0; i < scheme->condition_count[phase]; i++)
            if (slice_equal(scheme->conditions[phase][i]->reason->code, reason) &&
                came_out_unknown(verdict, scheme->conditions[phase][i]->number))
                return true;
    return false;
}

/* What the verdict holds an award for: what surely fails and was not waived. */
static size_t reasons_to_hold(const struct file *file, struct slice *reasons)
{
    const struct verdict *verdict = &file->decision->verdict;
    size_t count = 0;
    for (size_t i = 0; verdict->effect >= EFFECT_HOLD && i < verdict->failed.count; i++)
        if (!waivers_have(file->application, verdict->failed.codes[i]))
            reasons[count++] = verdict->failed.codes[i];
    return count;
}

static void hold_anew(struct file *file, struct award_row *award, const struct slice *reasons,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (holds_ours(file->decision, award, reasons[i]))
            continue;
        holds_add(file->decision, award, SLICE(OURS), reasons[i]);
        announce(file, award, AWARD_CHANGED_CHANGE_HELD, reasons[i]);
    }
}

static bool stays(const struct file *file, struct slice reason, const struct slice *reasons,
                  size_t count)
{
    return texts_have(reasons, count, reason) ||
           (!waivers_have(file->application, reason) &&
            reason_unknown(file->standing.scheme, &file->decision->verdict, reason));
}

void holds_follow(struct file *file)
{
    struct slice reasons[VERDICT_REASONS];
    const struct uuid *award_id = &file->application->award_id;
    const struct award_row *known = facts_find(file->facts, &award_row_type, award_id);
    if (known == NULL || known->revoked || known->closed)
        return;
    size_t count = reasons_to_hold(file, reasons);
    file_watch_registers(file);
    struct award_row *award = facts_edit(file->facts, &award_row_type, award_id);
    hold_anew(file, award, reasons, count);
    const struct slice *before = award->holds.items;
    for (size_t i = 0, all = award->holds.count; i < all; i++) {
        struct slice reason = our_reason(before[i]);
        if (reason.size == 0 || stays(file, reason, reasons, count))
            continue;
        holds_remove(file->decision, award, SLICE(OURS), reason);
        announce(file, award, AWARD_CHANGED_CHANGE_RELEASED, reason);
    }
}
