/*
 * programme.published - in which regions training is restricted, and on which days. The rules themselves are read
 * from the stored files, and an award's rules do not change while it lives.
 *
 * Each record carries the full list, so the newest publication replaces all before it. What is held until then looks for
 * itself, by the clock.
 */
#include "handlers.h"

#include "schemas/events.h"

enum { NAME_SIZE = 64 };

void identify_programme_published(const void *event, void *subject, struct decision *decision)
{
    const struct programme_published *published = event;
    struct award_subject *programme = subject;
    programme->base.occurred_at = published->published_at;
    programme->base.id = programme_key(decision->office->seal, published->programme);
    if (published->programme.size == 0 || published->programme.size > NAME_SIZE)
        decision_refuse(decision, "BAD_ID", "a programme's id has 1 to %d bytes", NAME_SIZE);
}

void keys_programme_published(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    facts_want(facts, &programme_row_type, &((const struct award_subject *)subject)->base.id);
}

static void keep_regions(struct decision *decision, struct programme_row *row,
                         const struct programme_published *published)
{
    size_t count = published->restricted_regions.count;
    struct programme_row_restricted_region *list =
        decision_alloc(decision, (count + 1) * sizeof *list);
    for (size_t i = 0; i < count; i++) {
        const struct programme_published_restricted_region *from =
            &published->restricted_regions.items[i];
        list[i] = (struct programme_row_restricted_region){.region_code = from->region_code,
                                                           .measure = from->measure,
                                                           .from = from->from,
                                                           .has_to = from->has_to,
                                                           .to = from->to};
    }
    row->restricted_regions.items = list;
    row->restricted_regions.count = count;
}

void decide_programme_published(const void *event, const void *subject, struct facts *facts,
                                struct decision *decision)
{
    const struct programme_published *published = event;
    const struct uuid *key = &((const struct award_subject *)subject)->base.id;
    const struct programme_row *known = facts_find(facts, &programme_row_type, key);
    if (known != NULL && published->published_at <= known->published_at) {
        decision_repeat(decision);
        return;
    }
    struct programme_row *row = facts_edit_or_add(facts, &programme_row_type, key);
    row->programme = published->programme;
    row->published_at = published->published_at;
    keep_regions(decision, row, published);
}
