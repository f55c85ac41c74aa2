#include "turn.h"

#include "seal/ids.h"

#include <inttypes.h>

enum { WINDOW_DOUBLINGS = 10 /* up to 2,048 minutes: a day and a half */ };
#define US_PER_MINUTE (60 * US_PER_SECOND)

static int limit_of(const struct payment *payment, struct slice partner)
{
    const struct payment_partner *found = partner_find(payment->programme, partner);
    return found == NULL ? 0 : found->payouts_per_minute;
}

static bool move(struct payment *payment, struct slice partner, int64_t amount)
{
    struct decision *decision = payment->decision;
    int limit = limit_of(payment, partner);
    if (limit == 0)
        return true;
    instant_us minute = payment->occurred_at - payment->occurred_at % US_PER_MINUTE;
    struct slice parts[] = {payment->programme->id, partner,
                            decision_text(decision, "%" PRId64, minute)};
    struct partner_minute_row row = {
        .minute_id = seal_key(decision->office->seal, "partner_minute", 0, parts, 3),
        .programme = payment->programme->id,
        .partner = partner,
        .minute = minute,
        .ceiling = limit};
    return facts_take(payment->facts, &partner_minute_row_type, &row, amount, limit);
}

bool turn_take(struct payment *payment, struct slice partner)
{
    return move(payment, partner, 1);
}

void turn_give_back(struct payment *payment, struct slice partner)
{
    move(payment, partner, -1);
}

/* Spreads what follows each other: two instalments of one minute, two turns of one instalment
 * (the finalizer of splitmix64). */
static uint64_t mixed(const struct uuid *id, int32_t turns)
{
    uint64_t bits;
    memcpy(&bits, id->bytes + sizeof id->bytes - sizeof bits, sizeof bits);
    bits += (uint64_t)turns * UINT64_C(0x9e3779b97f4a7c15);
    bits = (bits ^ bits >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    bits = (bits ^ bits >> 27) * UINT64_C(0x94d049bb133111eb);
    return bits ^ bits >> 31;
}

instant_us turn_next(struct payment *payment)
{
    struct entitlement_row *entitlement = payment->entitlement;
    int doublings = entitlement->turns_missed < WINDOW_DOUBLINGS ? entitlement->turns_missed
                                                                 : WINDOW_DOUBLINGS;
    uint64_t window = UINT64_C(2) << doublings;
    instant_us minute = payment->occurred_at - payment->occurred_at % US_PER_MINUTE;
    uint64_t ahead =
        1 + mixed(&entitlement->entitlement_id, entitlement->turns_missed) % window;
    entitlement->turns_missed++;
    return minute + (instant_us)ahead * US_PER_MINUTE;
}
