#include "ledger.h"

#include "base/broken.h"
#include "schemas/events.h"
#include "seal/ids.h"

#include <assert.h>
#include <inttypes.h>

/* The award's balance of an account; NULL for APPROPRIATION, which is the programme's. */
static int64_t *balance_of(struct award_row_part *part, int32_t account)
{
    switch ((enum ledger_entry_row_account)account) {
    case LEDGER_ENTRY_ROW_ACCOUNT_COMMITTED:
        return &part->committed;
    case LEDGER_ENTRY_ROW_ACCOUNT_USED:
        return &part->used;
    case LEDGER_ENTRY_ROW_ACCOUNT_PAYABLE:
        return &part->payable;
    case LEDGER_ENTRY_ROW_ACCOUNT_IN_FLIGHT:
        return &part->in_flight;
    case LEDGER_ENTRY_ROW_ACCOUNT_PAID:
        return &part->paid;
    case LEDGER_ENTRY_ROW_ACCOUNT_RELEASED:
        return &part->released;
    case LEDGER_ENTRY_ROW_ACCOUNT_RECOVERED:
        return &part->recovered;
    case LEDGER_ENTRY_ROW_ACCOUNT_APPROPRIATION:
    case LEDGER_ENTRY_ROW_ACCOUNT_UNKNOWN:
        break;
    }
    return NULL;
}

static const struct award_row_part *part_find(const struct award_row *award,
                                              struct slice component)
{
    for (size_t i = 0; i < award->parts.count; i++)
        if (slice_equal(award->parts.items[i].component, component))
            return &award->parts.items[i];
    return NULL;
}

struct slice award_component(const struct award_row *award, struct slice component)
{
    bool own = part_find(award, component) != NULL;
    return own || part_find(award, SLICE("ALL")) == NULL ? component : SLICE("ALL");
}

/* The part in a copy of the list that may be changed; added when the award has none. */
static struct award_row_part *part_edit(struct decision *decision, struct award_row *award,
                                        struct slice component)
{
    size_t count = award->parts.count, at = 0;
    struct award_row_part *parts =
        decision_list(decision, award->parts.items, count, sizeof *parts);
    while (at < count && !slice_equal(parts[at].component, component))
        at++;
    if (at == count)
        parts[at].component = component;
    award->parts.items = parts;
    award->parts.count = at < count ? count : count + 1;
    return &parts[at];
}

int64_t award_balance(const struct award_row *award, struct slice component, int32_t account)
{
    const struct award_row_part *part = part_find(award, award_component(award, component));
    struct award_row_part copy = part == NULL ? (struct award_row_part){0} : *part;
    const int64_t *balance = balance_of(&copy, account);
    return balance == NULL ? 0 : *balance;
}

/* Moves a total of the books: debits raise it, credits lower it. */
static void move_total(const struct ledger *ledger, const struct award_row *award,
                       int32_t account, int64_t amount)
{
    struct slice name = slice_of(symbols_name(&ledger_entry_row_account_symbols, account));
    struct slice parts[] = {award->programme, award->scheme,
                            decision_text(ledger->decision, "%" PRId32, award->year), name};
    struct ledger_balance_row row = {
        .balance_id = seal_key(ledger->decision->office->seal, "ledger_balance", 0, parts, 4),
        .programme = award->programme,
        .scheme = award->scheme,
        .year = award->year,
        .account = name,
        .currency = award->currency,
        .ceiling = INT64_MAX};
    facts_take(ledger->facts, &ledger_balance_row_type, &row, amount, INT64_MAX);
}

static void write_entry(const struct ledger *ledger, const struct award_row *award,
                        const struct ledger_entry_row *like)
{
    struct slice parts[] = {
        decision_uuid(ledger->decision, &award->award_id),
        decision_text(ledger->decision, "%" PRId64, award->transaction_count)};
    struct uuid entry_id = seal_key(ledger->decision->office->seal, "ledger_entry",
                                    cohort_of_id(&award->award_id), parts, 2);
    struct ledger_entry_row *entry =
        facts_append(ledger->facts, &ledger_entry_row_type, &entry_id);
    *entry = *like;
    entry->entry_id = entry_id;
}

void ledger_move_for(const struct ledger *ledger, struct award_row *award,
                     struct slice component, int32_t from, int32_t to, int64_t amount,
                     const struct ledger_subject *subject)
{
    assert(amount >= 0 && from != to);
    if (amount == 0)
        return;
    struct slice paying = award_component(award, component);
    struct award_row_part *part = part_edit(ledger->decision, award, paying);
    int64_t *debited = balance_of(part, to), *credited = balance_of(part, from);
    award->transaction_count++;
    if (debited != NULL)
        *debited += amount;
    if (credited != NULL)
        *credited -= amount;
    move_total(ledger, award, to, amount);
    if (!BROKEN(ONE_SIDE_BOOKED))
        move_total(ledger, award, from, -amount);
    write_entry(ledger, award,
                &(struct ledger_entry_row){.award_id = award->award_id,
                                           .number = award->transaction_count,
                                           .programme = award->programme,
                                           .scheme = award->scheme,
                                           .year = award->year,
                                           .component = paying,
                                           .debited = to,
                                           .credited = from,
                                           .amount = amount,
                                           .currency = award->currency,
                                           .cause = slice_of(ledger->cause),
                                           .subject = *subject->id,
                                           .attempt = subject->attempt,
                                           .has_partner = subject->partner.size > 0,
                                           .partner = subject->partner,
                                           .has_envelope_on = subject->partner.size > 0,
                                           .envelope_on = subject->envelope_on,
                                           .occurred_at = ledger->occurred_at});
}

void ledger_move(const struct ledger *ledger, struct award_row *award, struct slice component,
                 int32_t from, int32_t to, int64_t amount, const struct uuid *subject)
{
    ledger_move_for(ledger, award, component, from, to, amount,
                    &(struct ledger_subject){.id = subject});
}

/* What an end lets go of goes back as of that end, however late it comes to light: so a reinstatement finds
 * it among what it outlives. */
static instant_us released_at(const struct ledger *ledger, const struct award_row *award)
{
    return award_ended(award) ? award->ended_at : ledger->occurred_at;
}

static void remember(const struct ledger *ledger, struct award_row *award,
                     struct slice component, int64_t amount, instant_us at)
{
    size_t count = award->releases.count, i = 0;
    struct award_row_release *list =
        decision_list(ledger->decision, award->releases.items, count, sizeof *list);
    while (i < count &&
           !(slice_equal(list[i].component, component) && list[i].occurred_at == at))
        i++;
    if (i == count)
        list[count++] = (struct award_row_release){component, 0, at};
    list[i].amount += amount;
    award->releases.items = list;
    award->releases.count = count;
}

void ledger_release(const struct ledger *ledger, struct award_row *award,
                    struct slice component, int64_t amount, struct slice reason)
{
    int64_t committed = award_balance(award, component, COMMITTED);
    instant_us at = released_at(ledger, award);
    if (amount > committed)
        amount = committed;
    if (amount <= 0 || (award->has_reinstated_at && at <= award->reinstated_at))
        return;
    struct slice paying = award_component(award, component);
    ledger_move(ledger, award, paying, COMMITTED, RELEASED, amount, &award->award_id);
    remember(ledger, award, paying, amount, at);
    struct commitment_released *released =
        decision_emit(ledger->decision, &commitment_released_event);
    award->released_sequence++;
    *released = (struct commitment_released){.award_id = award->award_id,
                                             .programme = award->programme,
                                             .year = award->year,
                                             .component = paying,
                                             .amount = amount,
                                             .currency = award->currency,
                                             .reason = reason,
                                             .occurred_at = at,
                                             .sequence = award->released_sequence};
}

void ledger_release_all(const struct ledger *ledger, struct award_row *award,
                        struct slice reason)
{
    const struct award_row_part *parts = award->parts.items;
    size_t count = award->parts.count;
    for (size_t i = 0; i < count; i++)
        ledger_release(ledger, award, parts[i].component, parts[i].committed, reason);
}

void ledger_recommit(const struct ledger *ledger, struct award_row *award)
{
    const struct award_row_release *releases = award->releases.items;
    size_t count = award->releases.count, kept = 0;
    struct award_row_release *later =
        decision_alloc(ledger->decision, (count + 1) * sizeof *later);
    for (size_t i = 0; i < count; i++)
        if (releases[i].occurred_at > award->reinstated_at)
            later[kept++] = releases[i];
        else
            ledger_move(ledger, award, releases[i].component, RELEASED, COMMITTED,
                        releases[i].amount, &award->award_id);
    award->releases.items = later;
    award->releases.count = kept;
}
