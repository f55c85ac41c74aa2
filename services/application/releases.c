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
    struct slice *ahead = decision_alloc(decision, (count + 1) * sizeof *ahead);
    for (size_t i = 0; i < count; i++)
        ahead[i] = award->released_ahead.items[i];
    ahead[count++] = text_of(decision, sequence);
    award->released_ahead.items = ahead;
    award->released_ahead.count = count;
    while ((place = place_of(decision, award, award->release_sequence + 1)) < count) {
        ahead[place] = ahead[--count];
        award->released_ahead.count = count;
        award->release_sequence++;
    }
}

int64_t releases_count(struct decision *decision, struct award_row *award,
                       struct slice component, int64_t amount_hundredths,
                       int64_t part_hundredths)
{
    size_t count = award->released.count, at = 0;
    struct award_row_release *list = decision_alloc(decision, (count + 1) * sizeof *list);
    if (count > 0)
        memcpy(list, award->released.items, count * sizeof *list);
    while (at < count && !slice_equal(list[at].component, component))
        at++;
    if (at == count)
        list[count++] = (struct award_row_release){component, 0};
    int64_t taken = part_hundredths - list[at].amount;
    int64_t freed = amount_hundredths < taken ? amount_hundredths : taken;
    list[at].amount += freed;
    award->released.items = list;
    award->released.count = count;
    return freed;
}
