#include "decide_published.h"

#include "schemas/events.h"

#include <inttypes.h>

void published_identify(const void *event, void *subject, struct decision *decision)
{
    const struct programme_published *published = event;
    struct subject *made = subject;
    made->occurred_at = published->published_at;
    if (name_fits(published->programme))
        made->id = programme_key(decision->office->seal, published->programme);
    else
        decision_refuse(decision, "BAD_PROGRAMME", "a programme's id has 1 to 64 bytes");
}

void published_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    facts_want(facts, &programme_row_type, &((const struct subject *)subject)->id);
}

/* As texts, so that the published view can compare them with the books. */
static void keep_appropriations(struct decision *decision, struct programme_row *row,
                                const struct programme_published *published)
{
    size_t count = published->appropriations.count;
    struct slice *list = decision_alloc(decision, (count + 1) * sizeof *list);
    for (size_t i = 0; i < count; i++) {
        const struct programme_published_appropriation *from =
            &published->appropriations.items[i];
        list[i] = decision_text(decision, "%" PRId32 "/%.*s/%" PRId64 "/%.*s", from->year,
                                SLICE_ARGS(from->currency), from->amount,
                                SLICE_ARGS(from->component));
    }
    row->appropriations.items = list;
    row->appropriations.count = count;
}

void published_decide(const void *event, const void *subject, struct facts *facts,
                      struct decision *decision)
{
    const struct programme_published *published = event;
    const struct uuid *key = &((const struct subject *)subject)->id;
    const struct programme_row *known = facts_find(facts, &programme_row_type, key);
    if (known != NULL && published->published_at <= known->published_at) {
        decision_repeat(decision);
        return;
    }
    struct programme_row *row = facts_edit_or_add(facts, &programme_row_type, key);
    row->programme = published->programme;
    row->published_at = published->published_at;
    row->has_paused_from = published->has_paused_from;
    row->paused_from = published->paused_from;
    row->has_paused_to = published->has_paused_to;
    row->paused_to = published->paused_to;
    keep_appropriations(decision, row, published);
}
