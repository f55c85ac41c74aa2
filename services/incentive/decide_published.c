#include "decide_published.h"

#include "schemas/events.h"

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

static void keep_appropriations(struct decision *decision, struct programme_row *row,
                                const struct programme_published *published)
{
    size_t count = published->appropriations.count;
    struct programme_row_appropriation *list =
        decision_alloc(decision, (count + 1) * sizeof *list);
    for (size_t i = 0; i < count; i++) {
        const struct programme_published_appropriation *from =
            &published->appropriations.items[i];
        list[i] = (struct programme_row_appropriation){from->year, from->component,
                                                       from->amount, from->currency};
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
    struct programme_row *row = known == NULL ? facts_add(facts, &programme_row_type, key)
                                              : facts_edit(facts, &programme_row_type, key);
    row->programme = published->programme;
    row->published_at = published->published_at;
    row->has_paused_from = published->has_paused_from;
    row->paused_from = published->paused_from;
    row->has_paused_to = published->has_paused_to;
    row->paused_to = published->paused_to;
    keep_appropriations(decision, row, published);
}
