#include "announce.h"

#include "instruct.h"
#include "rules/message.h"
#include "schemas/events.h"
#include "seal/ids.h"

#include <inttypes.h>

enum { MESSAGE_DAYS = 7 };

void announce_closed(struct payment *payment, int32_t outcome)
{
    struct entitlement_row *entitlement = payment->entitlement;
    struct payout_closed *closed = decision_emit(payment->decision, &payout_closed_event);
    entitlement->sequence++;
    *closed = (struct payout_closed){
        .end_to_end_id = end_to_end_id(payment->decision, &entitlement->entitlement_id),
        .entitlement_id = entitlement->entitlement_id,
        .award_id = entitlement->award_id,
        .item = entitlement->item,
        .instalment = entitlement->instalment,
        .outcome = outcome,
        .amount = entitlement->amount,
        .currency = entitlement->currency,
        .has_paid_at = outcome == PAYOUT_CLOSED_OUTCOME_PAID && entitlement->has_paid_at,
        .paid_at = outcome == PAYOUT_CLOSED_OUTCOME_PAID ? entitlement->paid_at : 0,
        .attempts = (int32_t)entitlement->attempts.count,
        .sequence = entitlement->sequence,
        .has_occurred_at = true,
        .occurred_at = payment->occurred_at};
    closed->reasons.items = entitlement->reasons.items;
    closed->reasons.count = entitlement->reasons.count;
}

/* The mobile number in clear, in batch memory; empty when there is none. */
static struct slice mobile_number(struct decision *decision, const struct award_row *award)
{
    struct seal_place place = {"application.decided", "contact", award->award_id};
    return award->has_contact_sealed ? decision_unseal(decision, &place, award->contact_sealed)
                                     : (struct slice){0};
}

struct message {
    const struct award_row *award;
    const struct programme *programme;
    enum message_kind kind;
    const struct message_values *values;
    struct uuid subject; /* instalment or award: names the message together with the number */
    int64_t number;
    instant_us occurred_at;
};

static bool send(struct decision *decision, const struct message *message)
{
    char text[MESSAGE_SIZE + 1];
    const struct award_row *award = message->award;
    struct slice to = mobile_number(decision, award);
    if (to.size == 0 || message_render(message->programme, message->kind, award->language,
                                       message->values, text) == 0)
        return false;
    struct slice kind = slice_of(message_kind_name(message->kind));
    struct slice parts[] = {decision_uuid(decision, &message->subject), kind,
                            decision_text(decision, "%" PRId64, message->number)};
    struct notification_requested *requested =
        decision_emit(decision, &notification_requested_event);
    *requested = (struct notification_requested){
        .notification_id = seal_key(decision->office->seal, "notification", 0, parts, 3),
        .award_id = award->award_id,
        .programme = award->programme,
        .kind = kind,
        .language = award->language,
        .channel = NOTIFICATION_REQUESTED_CHANNEL_SMS,
        .to = to,
        .text = decision_text(decision, "%s", text),
        .not_after = message->occurred_at + MESSAGE_DAYS * US_PER_DAY,
        .requested_at = message->occurred_at};
    return true;
}

void announce_message(struct payment *payment, enum message_kind kind, struct slice reason)
{
    struct entitlement_row *entitlement = payment->entitlement;
    if (!payment_tells(payment))
        return;
    struct message_values values = {.wave = payment->award->wave,
                                    .has_amount = entitlement->has_amount,
                                    .amount_hundredths = entitlement->amount,
                                    .item = entitlement->item,
                                    .scheme = payment->scheme,
                                    .instalment = entitlement->instalment,
                                    .has_day = true,
                                    .day = entitlement->due_on,
                                    .reason = reason};
    struct message message = {payment->award,
                              payment->programme,
                              kind,
                              &values,
                              entitlement->entitlement_id,
                              entitlement->message_count + 1,
                              payment->occurred_at};
    if (send(payment->decision, &message))
        entitlement->message_count++;
}

void announce_recovery(struct decision *decision, const struct award_row *award,
                       const struct scheme *scheme, int64_t amount, epoch_day day,
                       struct slice reason, int64_t sequence, instant_us occurred_at)
{
    struct message_values values = {.wave = award->wave,
                                    .has_amount = true,
                                    .amount_hundredths = amount,
                                    .scheme = scheme,
                                    .has_day = true,
                                    .day = day,
                                    .reason = reason};
    struct message message = {award,      scheme->programme, MESSAGE_RECOVERY_NOTICED,
                              &values,    award->award_id,   sequence,
                              occurred_at};
    send(decision, &message);
}
