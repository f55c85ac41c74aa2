#include "releases.h"

#include <inttypes.h>

static struct slice text_of(struct decision *decision, int64_t sequence)
{
    return decision_text(decision, "%" PRId64, sequence);
}

/* Where it stands among those ahead; their count where it does not. */
static size_t place_of(struct decision *decision, const struct award_row *award,
                       int64_t sequence)
{
    struct slice text = text_of(decision, sequence);
    size_t place = 0;
    while (place < award->released_ahead.count &&
           !slice_equal(award->released_ahead.items[place], text))
        place++;
    return place;
}

bool releases_heard(struct decision *decision, const struct award_row *award, int64_t sequence)
{
    return sequence <= award->release_sequence ||
           place_of(decision, award, sequence) < award->released_ahead.count;
}

void releases_hear(struct decision *decision, struct award_row *award, int64_t sequence)
{
    size_t count = award->released_ahead.count;
    size_t place;
    struct slice *ahead =
        decision_list(decision, award->released_ahead.items, count, sizeof *ahead);
    ahead[count++] = text_of(decision, sequence);
    award->released_ahead.items = ahead;
    award->released_ahead.count = count;
    while ((place = place_of(decision, award, award->release_sequence + 1)) < count) {
        ahead[place] = ahead[--count];
        award->released_ahead.count = count;
        award->release_sequence++;
    }
}

int64_t releases_until(const struct award_row *award, struct slice component, instant_us at)
{
    int64_t sum = 0;
    for (size_t i = 0; i < award->released.count; i++)
        if (slice_equal(award->released.items[i].component, component) &&
            award->released.items[i].occurred_at <= at)
            sum += award->released.items[i].amount;
    return sum;
}

int64_t releases_count(struct decision *decision, struct award_row *award,
                       const struct award_row_release *release, int64_t part_hundredths)
{
    size_t count = award->released.count, at = 0;
    struct award_row_release *list =
        decision_list(decision, award->released.items, count, sizeof *list);
    int64_t taken = part_hundredths - releases_until(award, release->component, INT64_MAX);
    int64_t freed = release->amount < taken ? release->amount : taken;
    while (at < count && !(slice_equal(list[at].component, release->component) &&
                           list[at].occurred_at == release->occurred_at))
        at++;
    if (at == count)
        list[count++] = (struct award_row_release){release->component, 0, release->occurred_at};
    list[at].amount += freed;
    award->released.items = list;
    award->released.count = count;
    return freed;
}

void releases_take(struct decision *decision, struct award_row *award, instant_us at)
{
    size_t kept = 0;
    struct award_row_release *later =
        decision_alloc(decision, (award->released.count + 1) * sizeof *later);
    for (size_t i = 0; i < award->released.count; i++)
        if (award->released.items[i].occurred_at > at)
            later[kept++] = award->released.items[i];
    award->released.items = later;
    award->released.count = kept;
}
