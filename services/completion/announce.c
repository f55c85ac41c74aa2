#include "announce.h"

#include "rules/message.h"
#include "seal/ids.h"

#include <inttypes.h>

enum { MESSAGE_DAYS = 7 };

void announce_enrolment(struct file *file, const struct enrolment_row *enrolment)
{
    struct enrolment_decided *decided = decision_emit(file->decision, &enrolment_decided_event);
    file->award->enrolment_sequence++;
    *decided =
        (struct enrolment_decided){.enrolment_id = enrolment->enrolment_id,
                                   .award_id = enrolment->award_id,
                                   .course_id = enrolment->course_id,
                                   .status = enrolment->status,
                                   .has_price = true,
                                   .price = standing_takes(&file->standing, enrolment),
                                   .training_balance = award_balance(file->award),
                                   .currency = file->standing.programme->currency,
                                   .sequence = file->award->enrolment_sequence,
                                   .decided_at = file->occurred_at,
                                   .rules_hash = slice_of(file->standing.programme->sha256)};
    decided->reasons.items = enrolment->reasons.items;
    decided->reasons.count = enrolment->reasons.count;
}

void announce_completion(struct file *file, const struct enrolment_row *enrolment, bool first)
{
    struct completion_decided *decided =
        decision_emit(file->decision, &completion_decided_event);
    file->award->completion_sequence++;
    *decided =
        (struct completion_decided){.enrolment_id = enrolment->enrolment_id,
                                    .award_id = enrolment->award_id,
                                    .person_id = file->award->person_id,
                                    .programme = file->award->programme,
                                    .scheme = file->award->scheme,
                                    .course_id = enrolment->course_id,
                                    .status = enrolment->completion_status,
                                    .completed_at = enrolment->completed_at,
                                    .has_certificate_id = enrolment->has_certificate_id,
                                    .certificate_id = enrolment->certificate_id,
                                    .first_completion = first,
                                    .sequence = file->award->completion_sequence,
                                    .decided_at = file->occurred_at,
                                    .rules_hash = slice_of(file->standing.programme->sha256)};
    decided->reasons.items = enrolment->completion_reasons.items;
    decided->reasons.count = enrolment->completion_reasons.count;
}

void announce_approval(struct file *file, const struct benefit *benefit, struct slice payee_ref,
                       const struct incentive_approved_instalment *instalments, size_t count,
                       int first_number)
{
    struct decision *decision = file->decision;
    const struct award_row *award = file->award;
    struct incentive_approved *approved = decision_emit(decision, &incentive_approved_event);
    file->award->incentive_sequence++;
    *approved = (struct incentive_approved){
        .approval_id = seal_approval_id(decision->office->seal, &award->award_id, benefit->item,
                                        first_number),
        .award_id = award->award_id,
        .person_id = award->person_id,
        .programme = award->programme,
        .scheme = award->scheme,
        .item = benefit->item,
        .payee = {symbols_find(&incentive_approved_payee_kind_symbols,
                               slice_of(benefit_payee_name(benefit->payee))),
                  payee_ref},
        .currency = file->standing.programme->currency,
        .budget_year = award->year,
        .component = benefit->component,
        .approved_at = file->occurred_at,
        .approved_by = SLICE("completion"),
        .sequence = award->incentive_sequence};
    approved->instalments.items = instalments;
    approved->instalments.count = count;
}

struct incentive_stopped *announce_stopped(struct file *file, struct slice item,
                                           int from_instalment,
                                           enum incentive_stopped_effect effect,
                                           struct slice reason)
{
    struct incentive_stopped *stopped = decision_emit(file->decision, &incentive_stopped_event);
    file->award->incentive_sequence++;
    *stopped = (struct incentive_stopped){.award_id = file->award->award_id,
                                          .item = item,
                                          .from_instalment = from_instalment,
                                          .effect = effect,
                                          .reason = reason,
                                          .occurred_at = file->occurred_at,
                                          .sequence = file->award->incentive_sequence};
    return stopped;
}

void announce_change(struct file *file, enum award_changed_change change, struct slice reason)
{
    struct award_changed *changed = decision_emit(file->decision, &award_changed_event);
    file->award->change_sequence++;
    *changed = (struct award_changed){.award_id = file->award->award_id,
                                      .programme = file->award->programme,
                                      .scheme = file->award->scheme,
                                      .change = change,
                                      .reason = reason,
                                      .by = AWARD_CHANGED_BY_COMPLETION,
                                      .currency = file->standing.programme->currency,
                                      .occurred_at = file->occurred_at,
                                      .sequence = file->award->change_sequence};
}

/* The mobile number in clear, in batch memory; empty when there is none. */
static struct slice mobile_number(const struct file *file)
{
    struct seal_place place = {"application.decided", "contact", file->award->award_id};
    return file->award->has_contact_sealed
               ? decision_unseal(file->decision, &place, file->award->contact_sealed)
               : (struct slice){0};
}

void announce_message(struct file *file, enum message_kind kind, struct slice reason,
                      bool has_day, epoch_day day, int64_t number)
{
    char text[MESSAGE_SIZE + 1];
    struct decision *decision = file->decision;
    const struct award_row *award = file->award;
    struct message_values values = {.wave = award->wave,
                                    .scheme = file->standing.scheme,
                                    .reason = reason,
                                    .has_day = has_day,
                                    .day = day};
    struct slice to = mobile_number(file);
    if (to.size == 0 ||
        message_render(file->standing.programme, kind, award->language, &values, text) == 0)
        return;
    struct slice parts[] = {decision_uuid(decision, &award->award_id),
                            slice_of(message_kind_name(kind)),
                            decision_text(decision, "%" PRId64, number)};
    struct notification_requested *message =
        decision_emit(decision, &notification_requested_event);
    *message = (struct notification_requested){
        .notification_id = seal_key(decision->office->seal, "notification", 0, parts, 3),
        .award_id = award->award_id,
        .programme = award->programme,
        .kind = slice_of(message_kind_name(kind)),
        .language = award->language,
        .channel = NOTIFICATION_REQUESTED_CHANNEL_SMS,
        .to = to,
        .text = decision_text(decision, "%s", text),
        .not_after = file->occurred_at + MESSAGE_DAYS * US_PER_DAY,
        .requested_at = file->occurred_at};
}
