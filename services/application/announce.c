#include "announce.h"

#include "rules/message.h"
#include "rules/schedule.h"
#include "seal/ids.h"

#include <inttypes.h>

enum { MESSAGE_DAYS = 7 };

/* The mobile number in clear, in batch memory; empty when there is none. */
static struct slice mobile_number(struct decision *decision, const struct person_row *contact)
{
    if (contact == NULL || !contact->has_msisdn_sealed)
        return (struct slice){0};
    struct seal_place place = contact_place(&contact->person_id);
    return decision_unseal(decision, &place, contact->msisdn_sealed);
}

/* Sealed for the services that read application.decided, bound to this award. */
static bool contact_for(struct decision *decision, const struct uuid *award_id,
                        struct slice number, struct slice *sealed)
{
    struct seal_place place = {"application.decided", "contact", *award_id};
    return decision_seal(decision, &place, number, sealed);
}

/* The programme's first where nobody has said. */
static struct slice language_of(const struct programme *programme,
                                const struct person_row *contact)
{
    return contact == NULL || contact->language.size == 0 ? programme->languages[0]
                                                          : contact->language;
}

/* Who applies for a worker is paid; else who applies for himself or herself. */
static struct application_decided_payee payee_of(struct decision *decision,
                                                 const struct application_row *application)
{
    if (application->has_employer_no)
        return (struct application_decided_payee){APPLICATION_DECIDED_PAYEE_KIND_EMPLOYER,
                                                  application->employer_no};
    return (struct application_decided_payee){APPLICATION_DECIDED_PAYEE_KIND_PARTICIPANT,
                                              decision_uuid(decision, &application->person_id)};
}

void announce_decided(struct decision *decision, const struct standing *standing,
                      const struct application_row *application,
                      const struct person_row *contact, instant_us occurred_at)
{
    struct application_decided *decided = decision_emit(decision, &application_decided_event);
    *decided =
        (struct application_decided){.application_id = application->application_id,
                                     .award_id = application->award_id,
                                     .person_id = application->person_id,
                                     .programme = application->programme,
                                     .scheme = application->scheme,
                                     .has_wave = application->wave != 0,
                                     .wave = application->wave,
                                     .has_region_code = true,
                                     .region_code = application->region_code,
                                     .status = application->status,
                                     .sequence = application->sequence,
                                     .occurred_at = occurred_at,
                                     .decided_at = occurred_at,
                                     .rules_hash = slice_of(standing->programme->sha256),
                                     .has_decree_no = application->has_decree_no,
                                     .decree_no = application->decree_no,
                                     .language = language_of(standing->programme, contact),
                                     .has_contact_token = application->has_contact_token,
                                     .contact_token = application->contact_token,
                                     .payee = payee_of(decision, application),
                                     .has_hired_on = application->has_hired_on,
                                     .hired_on = application->hired_on,
                                     .has_notice_day = application->has_notice_day,
                                     .notice_day = application->notice_day,
                                     .has_year = true,
                                     .year = application->year,
                                     .commitment = application->commitment,
                                     .currency = standing->programme->currency,
                                     .has_contact_id = application->has_contact_id,
                                     .contact_id = application->contact_id};
    decided->reasons.items = application->reasons.items;
    decided->reasons.count = application->reasons.count;
    if (application->status == APPLICATION_DECIDED_STATUS_AWARDED)
        decided->has_contact_sealed =
            contact_for(decision, &application->award_id, mobile_number(decision, contact),
                        &decided->contact_sealed);
}

void announce_change(struct decision *decision, const struct standing *standing,
                     struct award_row *award, int32_t change, struct slice reason,
                     instant_us occurred_at)
{
    struct award_changed *changed = decision_emit(decision, &award_changed_event);
    *changed = (struct award_changed){.award_id = award->award_id,
                                      .programme = award->programme,
                                      .scheme = standing->scheme->name,
                                      .change = change,
                                      .reason = reason,
                                      .by = AWARD_CHANGED_BY_APPLICATION,
                                      .currency = standing->programme->currency,
                                      .occurred_at = occurred_at,
                                      .sequence = ++award->sequence};
}

/* Other services revoke awards too, and number their messages by themselves. */
static struct slice told_as(enum message_kind kind)
{
    return kind == MESSAGE_REVOKED ? SLICE("revoked/application")
                                   : slice_of(message_kind_name(kind));
}

/* What a selected person must know: the last day of the first purchase. */
static bool first_purchase_last_day(const struct standing *standing,
                                    const struct application_row *application,
                                    epoch_day *last_day)
{
    struct due_deadline due;
    if (!application->has_notice_day ||
        !schedule_deadline(standing->scheme, DEADLINE_FIRST_PURCHASE, application->wave,
                           standing->year, application->notice_day, &due))
        return false;
    *last_day = due.last_day;
    return true;
}

void announce_message(struct decision *decision, const struct standing *standing,
                      const struct application_row *application,
                      const struct person_row *contact, enum message_kind kind,
                      struct slice reason, int64_t number, instant_us occurred_at)
{
    char text[MESSAGE_SIZE + 1];
    struct slice to = mobile_number(decision, contact);
    if (to.size == 0)
        return;
    struct message_values values = {.wave = application->wave,
                                    .scheme = standing->scheme,
                                    .reason = reason,
                                    .has_amount = application->commitment > 0,
                                    .amount_hundredths = application->commitment};
    values.has_day = first_purchase_last_day(standing, application, &values.day);
    size_t size = message_render(standing->programme, kind, contact->language, &values, text);
    if (size == 0)
        return;
    struct slice parts[] = {decision_uuid(decision, &application->award_id), told_as(kind),
                            decision_text(decision, "%" PRId64, number)};
    struct notification_requested *message =
        decision_emit(decision, &notification_requested_event);
    *message = (struct notification_requested){
        .notification_id = seal_key(decision->office->seal, "notification", 0, parts, 3),
        .award_id = application->award_id,
        .programme = application->programme,
        .kind = slice_of(message_kind_name(kind)),
        .language = contact->language,
        .channel = NOTIFICATION_REQUESTED_CHANNEL_SMS,
        .to = to,
        .text = decision_copy(decision, (struct slice){text, size}),
        .has_not_before = application->has_notice_day,
        .not_before =
            day_to_instant(application->notice_day, standing->programme->utc_offset_minutes),
        .not_after = occurred_at + MESSAGE_DAYS * US_PER_DAY,
        .requested_at = occurred_at};
    if (message->has_not_before &&
        message->not_before + MESSAGE_DAYS * US_PER_DAY > message->not_after)
        message->not_after = message->not_before + MESSAGE_DAYS * US_PER_DAY;
}
