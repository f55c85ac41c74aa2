#include "decide_award.h"

#include "announce.h"
#include "reinstatement.h"
#include "rules/schedule.h"
#include "schemas/events.h"
#include "worker/changes.h"
#include "worker/texts.h"

void decided_identify(const void *event, void *subject, struct decision *decision)
{
    const struct application_decided *decided = event;
    struct decided_subject *made = subject;
    made->subject = (struct subject){decided->award_id, decided->occurred_at};
    made->account_id = decided->has_contact_id
                           ? account_key(decision->office->seal,
                                         ACCOUNT_ROW_PAYEE_KIND_EMPLOYER, decided->payee.ref)
                           : person_account(decision, &decided->person_id);
    if (decided->status == APPLICATION_DECIDED_STATUS_UNKNOWN)
        decision_refuse(decision, "UNKNOWN_STATUS",
                        "the state of the application is none that this release knows");
    else if (decided->commitment < 0)
        decision_refuse(decision, "BAD_AMOUNT", "a commitment must not be below nothing");
}

void changed_identify(const void *event, void *subject, struct decision *decision)
{
    const struct award_changed *changed = event;
    struct subject *made = subject;
    *made = (struct subject){changed->award_id, changed->occurred_at};
    changes_allowed(decision, changed);
}

void decided_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct application_decided *decided = event;
    const struct decided_subject *made = subject;
    want_award(facts, &decided->award_id);
    facts_want(facts, &account_row_type, &made->account_id);
}

void award_keys(const void *event, const void *subject, struct facts *facts)
{
    (void)event;
    want_award(facts, &((const struct subject *)subject)->id);
}

/* The package, part by part; undivided when it is not the one that the file gives. */
static void commit(const struct ledger *ledger, struct award_row *award,
                   const struct scheme *scheme, int64_t commitment)
{
    bool divided = scheme->package_known && scheme->package_hundredths == commitment;
    for (size_t i = 0; divided && i < scheme->package_count; i++)
        ledger_move(ledger, award, scheme->package[i].component, APPROPRIATION, COMMITTED,
                    scheme->package[i].amount_hundredths, &award->award_id);
    if (!divided)
        ledger_move(ledger, award, SLICE("ALL"), APPROPRIATION, COMMITTED, commitment,
                    &award->award_id);
}

/* What a later word may still change. Whoever is reached may be another one than before, and may have been erased. */
static void refresh(struct award_row *award, const struct application_decided *decided,
                    struct facts *facts, const struct uuid *account_id)
{
    bool reachable = !account_erased(facts, account_id);
    if (!reachable || !uuid_equal(&award->contact_account_id, account_id))
        award_erase(award);
    award->contact_account_id = *account_id;
    award->application_sequence = decided->sequence;
    award->language = decided->language;
    if (decided->has_decree_no && !award->has_decree_no) {
        award->has_decree_no = true;
        award->decree_no = decided->decree_no;
    }
    if (reachable && decided->has_contact_token) {
        award->has_contact_token = true;
        award->contact_token = decided->contact_token;
    }
    if (reachable && decided->has_contact_sealed) {
        award->has_contact_sealed = true;
        award->contact_sealed = decided->contact_sealed;
    }
}

static void open_award(const struct application_decided *decided, struct facts *facts,
                       struct decision *decision, const struct scheme *scheme,
                       const struct uuid *account_id)
{
    struct award_row *award = facts_add(facts, &award_row_type, &decided->award_id);
    struct ledger ledger = {facts, decision, application_decided_event.topic,
                            decided->occurred_at};
    award->person_id = decided->person_id;
    award->programme = decided->programme;
    award->scheme = decided->scheme;
    award->year = decided->year;
    award->wave = decided->has_wave ? decided->wave : 0;
    award->currency = decided->currency;
    refresh(award, decided, facts, account_id);
    commit(&ledger, award, scheme, decided->commitment);
    decision->scheme = scheme;
}

/* Whatever waits is looked at again, each by a timer of its own. */
static void wake(struct facts *facts, struct decision *decision, const struct award_row *award,
                 instant_us at)
{
    for (size_t i = 0; i < award->entitlements.count; i++) {
        struct uuid id;
        if (!uuid_parse(award->entitlements.items[i], &id))
            continue;
        const struct entitlement_row *row = facts_find(facts, &entitlement_row_type, &id);
        if (row != NULL && row->status == ENTITLEMENT_ROW_STATUS_HELD)
            decision_timer(decision, TIMER_RETRY, &id, at);
    }
}

void decided_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision)
{
    const struct application_decided *decided = event;
    const struct award_row *known = facts_find(facts, &award_row_type, &decided->award_id);
    const struct uuid *account_id = &((const struct decided_subject *)subject)->account_id;
    if (known != NULL) {
        if (decided->sequence <= known->application_sequence) {
            decision_repeat(decision);
            return;
        }
        struct award_row *award = facts_edit(facts, &award_row_type, &decided->award_id);
        refresh(award, decided, facts, account_id);
        wake(facts, decision, award, decided->occurred_at);
        return;
    }
    if (decided->status != APPLICATION_DECIDED_STATUS_AWARDED) {
        decision_repeat(decision); /* no award, no money: nothing to keep */
        return;
    }
    const struct programme *programme = office_programme(decision->office, decided->programme);
    const struct scheme *scheme =
        programme == NULL ? NULL : scheme_find(programme, decided->scheme);
    if (scheme == NULL || !decided->has_year)
        decision_refuse(
            decision, "UNKNOWN_PROGRAMME",
            "no file with the award's programme and scheme is published, or the award "
            "has no year");
    else if (!slice_equal(decided->currency, programme->currency))
        decision_refuse(decision, "AWARD_MISMATCH",
                        "the award is in another currency than its programme, %.*s",
                        SLICE_ARGS(programme->currency));
    else
        open_award(decided, facts, decision, scheme, account_id);
}

/* Ends what is open; what is in flight is waited for, and what it leaves is released then. */
static void end_entitlements(struct facts *facts, struct decision *decision,
                             const struct award_row *award, const struct award_changed *changed)
{
    int32_t status =
        award->revoked ? ENTITLEMENT_ROW_STATUS_REFUSED : ENTITLEMENT_ROW_STATUS_EXPIRED;
    for (size_t i = 0; i < award->entitlements.count; i++) {
        struct uuid id;
        struct payment payment;
        const struct entitlement_row *row = uuid_parse(award->entitlements.items[i], &id)
                                                ? facts_find(facts, &entitlement_row_type, &id)
                                                : NULL;
        if (row == NULL || row->mismatch || attempt_in_flight(row) != NULL ||
            (row->status != ENTITLEMENT_ROW_STATUS_APPROVED &&
             row->status != ENTITLEMENT_ROW_STATUS_HELD))
            continue;
        payment_open(&payment, facts, decision, &id, award_changed_event.topic,
                     changed->occurred_at);
        payment_end(&payment, status,
                    award->revoked ? SLICE("AWARD_REVOKED") : changed->reason);
    }
}

/* The first end has all its effects; of a second one only the time counts, for a reinstatement that
 * may lie between them. */
static void end_award(struct facts *facts, struct decision *decision, struct award_row *award,
                      const struct award_changed *changed)
{
    struct ledger ledger = {facts, decision, award_changed_event.topic, changed->occurred_at};
    bool ended = award_ended(award);
    if (!award->has_ended_at || award->ended_at < changed->occurred_at)
        award->ended_at = changed->occurred_at;
    award->has_ended_at = true;
    award->revoked = award->revoked || changed->change == AWARD_CHANGED_CHANGE_REVOKED;
    award->closed = award->closed || changed->change == AWARD_CHANGED_CHANGE_CLOSED;
    if (ended)
        return;
    end_entitlements(facts, decision, award, changed);
    ledger_release_all(&ledger, award, changed->reason);
}

static int64_t paid_in_all(const struct award_row *award)
{
    int64_t paid = 0;
    for (size_t i = 0; i < award->parts.count; i++)
        paid += award->parts.items[i].paid;
    return paid;
}

static void repay(const struct ledger *ledger, struct award_row *award, int64_t amount)
{
    const struct award_row_part *parts = award->parts.items;
    size_t count = award->parts.count;
    for (size_t i = 0; i < count && amount > 0; i++) {
        int64_t part = parts[i].paid < amount ? parts[i].paid : amount;
        if (part <= 0)
            continue;
        ledger_move(ledger, award, parts[i].component, PAID, RECOVERED, part, &award->award_id);
        amount -= part;
    }
}

static void notice_recovery(struct decision *decision, const struct award_row *award,
                            const struct award_changed *changed)
{
    const struct programme *programme = office_programme(decision->office, award->programme);
    const struct scheme *scheme = scheme_find(programme, award->scheme);
    epoch_day on = instant_to_day(changed->occurred_at, programme->utc_offset_minutes);
    struct due_deadline due = {.last_day = on};
    schedule_deadline(scheme, DEADLINE_REPAYMENT, award->wave, year_find(scheme, award->year),
                      on, &due);
    announce_recovery(decision, award, scheme, changed->amount, due.last_day, changed->reason,
                      changed->sequence, changed->occurred_at);
}

static struct slice hold_of(struct decision *decision, const struct award_changed *changed)
{
    return decision_text(decision, "%s:%.*s",
                         symbols_name(&award_changed_by_symbols, changed->by),
                         SLICE_ARGS(changed->reason));
}

static void apply(struct facts *facts, struct decision *decision, struct award_row *award,
                  const struct award_changed *changed)
{
    struct ledger ledger = {facts, decision, award_changed_event.topic, changed->occurred_at};
    switch ((enum award_changed_change)changed->change) {
    case AWARD_CHANGED_CHANGE_HELD:
        texts_add(decision, &award->holds.items, &award->holds.count,
                  hold_of(decision, changed));
        break;
    case AWARD_CHANGED_CHANGE_RELEASED:
        texts_remove(decision, &award->holds.items, &award->holds.count,
                     hold_of(decision, changed));
        wake(facts, decision, award, changed->occurred_at);
        break;
    case AWARD_CHANGED_CHANGE_DECREED:
        award->has_decree_no = changed->has_decree_no;
        award->decree_no = changed->decree_no;
        wake(facts, decision, award, changed->occurred_at);
        break;
    case AWARD_CHANGED_CHANGE_RECOVERY_NOTICED:
        notice_recovery(decision, award, changed);
        break;
    case AWARD_CHANGED_CHANGE_REPAID:
        repay(&ledger, award, changed->amount);
        break;
    case AWARD_CHANGED_CHANGE_REVOKED:
    case AWARD_CHANGED_CHANGE_CLOSED:
        end_award(facts, decision, award, changed);
        break;
    case AWARD_CHANGED_CHANGE_REINSTATED:
        reinstate(&ledger, award);
        break;
    case AWARD_CHANGED_CHANGE_UNKNOWN:
        break; /* refused before */
    }
}

/* True when a reinstatement is newer, or when it is an officer's: that is a wish, which application
 * grants with a seat and money, and says so under its own name. */
static bool outlived(const struct award_row *known, const struct award_changed *changed)
{
    bool reinstates = changed->change == AWARD_CHANGED_CHANGE_REINSTATED;
    return changes_outlived(changed, known->has_reinstated_at, known->reinstated_at) ||
           (reinstates && changed->by != AWARD_CHANGED_BY_APPLICATION) ||
           (reinstates && known->has_reinstated_at &&
            changed->occurred_at <= known->reinstated_at);
}

/* An end that is stale, and the newest that was heard of: the stops that came with it are to be known. */
static bool ends_late(const struct award_row *known, const struct award_changed *changed)
{
    return (changed->change == AWARD_CHANGED_CHANGE_REVOKED ||
            changed->change == AWARD_CHANGED_CHANGE_CLOSED) &&
           changes_outlived(changed, known->has_reinstated_at, known->reinstated_at) &&
           (!known->has_ended_at || known->ended_at < changed->occurred_at);
}

void changed_decide(const void *event, const void *subject, struct facts *facts,
                    struct decision *decision)
{
    const struct award_changed *changed = event;
    const struct award_row *known = facts_find(facts, &award_row_type, &changed->award_id);
    (void)subject;
    if (known == NULL) {
        decision_wait(decision, &award_row_type, &changed->award_id);
        return;
    }
    if (changes_stale(decision, known->changes_heard.items, known->changes_heard.count,
                      changed)) {
        decision_repeat(decision);
    } else if (ends_late(known, changed)) {
        reinstated_before(decision, facts_edit(facts, &award_row_type, &changed->award_id),
                          changed->occurred_at);
    } else if (outlived(known, changed)) {
        decision_repeat(decision);
    } else if (changed->has_amount && !slice_equal(changed->currency, known->currency)) {
        decision_refuse(decision, "AWARD_MISMATCH",
                        "the amount is in another currency than the award's, %.*s",
                        SLICE_ARGS(known->currency));
    } else if (changed->change == AWARD_CHANGED_CHANGE_REPAID &&
               changed->amount > paid_in_all(known)) {
        decision_refuse(decision, "AMOUNT_ABOVE_PAID",
                        "more is said to be paid back than was ever paid out of the award");
    } else if (standing_known(decision, known)) {
        struct award_row *award = facts_edit(facts, &award_row_type, &changed->award_id);
        changes_hear(decision, &award->changes_heard.items, &award->changes_heard.count,
                     changed);
        apply(facts, decision, award, changed);
    }
}
