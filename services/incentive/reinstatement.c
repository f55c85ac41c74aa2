#include "reinstatement.h"

#include "payment.h"

/* What was said by the decision that ended the award. */
static void drop_stops(struct decision *decision, struct award_row *award)
{
    size_t kept = 0;
    struct award_row_stop *stops =
        decision_alloc(decision, (award->stops.count + 1) * sizeof *stops);
    for (size_t i = 0; i < award->stops.count; i++)
        if (award->stops.items[i].occurred_at != award->ended_at)
            stops[kept++] = award->stops.items[i];
    award->stops.items = stops;
    award->stops.count = kept;
}

/* A price that was owed is owed again, out of what is committed again. */
static void fund_again(struct payment *payment)
{
    struct entitlement_row *entitlement = payment->entitlement;
    bool was = entitlement->lapsed_payable;
    entitlement->lapsed_payable = false;
    if (!was ||
        award_balance(payment->award, entitlement->component, COMMITTED) < entitlement->amount)
        return;
    ledger_move(&payment->ledger, payment->award, entitlement->component, COMMITTED, PAYABLE,
                entitlement->amount, &entitlement->entitlement_id);
    entitlement->funded = true;
}

/* It is judged anew on its due day, or at once: what still holds it will say so. */
static void reopen(const struct ledger *ledger, const struct uuid *entitlement_id)
{
    struct payment payment;
    payment_open(&payment, ledger->facts, ledger->decision, entitlement_id, ledger->cause,
                 ledger->occurred_at);
    struct entitlement_row *entitlement = payment.entitlement;
    instant_us due_at = payment_due_at(&payment);
    fund_again(&payment);
    entitlement->status = ENTITLEMENT_ROW_STATUS_APPROVED;
    entitlement->lapsed = entitlement->has_retry_at = false;
    entitlement->retry_at = 0;
    entitlement->reasons.items = NULL;
    entitlement->reasons.count = 0;
    decision_timer(ledger->decision, TIMER_PAY, entitlement_id,
                   due_at > ledger->occurred_at ? due_at : ledger->occurred_at);
}

static void reopen_all(const struct ledger *ledger, const struct award_row *award)
{
    for (size_t i = 0; i < award->entitlements.count; i++) {
        struct uuid id;
        const struct entitlement_row *row =
            uuid_parse(award->entitlements.items[i], &id)
                ? facts_find(ledger->facts, &entitlement_row_type, &id)
                : NULL;
        if (row != NULL && row->lapsed)
            reopen(ledger, &id);
    }
}

void reinstated_before(struct decision *decision, struct award_row *award, instant_us ended_at)
{
    award->has_ended_at = true;
    award->ended_at = ended_at;
    drop_stops(decision, award);
}

void reinstate(const struct ledger *ledger, struct award_row *award)
{
    award->has_reinstated_at = true;
    award->reinstated_at = ledger->occurred_at;
    ledger_recommit(ledger, award);
    if (!award_ended(award))
        return;
    if (award->ended_at > ledger->occurred_at) {
        ledger_release_all(ledger, award,
                           award->revoked ? SLICE("AWARD_REVOKED") : SLICE("BALANCE_RETURNED"));
        return;
    }
    award->revoked = award->closed = false;
    drop_stops(ledger->decision, award);
    reopen_all(ledger, award);
}
