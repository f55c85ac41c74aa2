#include "decide_submitted.h"

#include "announce.h"
#include "answers.h"
#include "base/broken.h"
#include "base/msisdn.h"
#include "concluding.h"
#include "counting.h"
#include "schemas/events.h"
#include "seal/ids.h"

enum {
    APPLICATION_ID_SIZE = 200,
    FAMILY_CARD_DIGITS = 32,
    EMPLOYER_NO_SIZE = 64,
    PERSON_APPLICATIONS = 256
};

/* Refuses what no decision can be made of; names the member, never what stands in it. */
static bool well_formed(const struct application_submitted *event, struct decision *decision)
{
    if (event->application_id.size == 0 || event->application_id.size > APPLICATION_ID_SIZE) {
        decision_refuse(decision, "BAD_APPLICATION_ID",
                        "application_id must have 1 to %d bytes", APPLICATION_ID_SIZE);
        return false;
    }
    if (!msisdn_valid(event->msisdn)) {
        decision_refuse(decision, "BAD_MSISDN",
                        "msisdn must be a plus sign and %d to %d digits, as E.164 says",
                        MSISDN_DIGITS_LEAST, MSISDN_DIGITS_MOST);
        return false;
    }
    return true;
}

/* An employer applies with the hire: whose award it is, and who is paid, stands there. */
static bool hire_well_formed(const struct application_submitted *event,
                             const struct programme *programme, struct decision *decision)
{
    const struct application_submitted_hire *hire = &event->hire;
    if (programme->once_per != ONCE_PER_HIRE)
        return true;
    if (!event->has_hire)
        decision_refuse(decision, "HIRE_MISSING",
                        "an application to a programme for employers must carry the hire");
    else if (hire->employer_no.size == 0 || hire->employer_no.size > EMPLOYER_NO_SIZE)
        decision_refuse(decision, "BAD_EMPLOYER_NO", "hire.employer_no must have 1 to %d bytes",
                        EMPLOYER_NO_SIZE);
    else if (!slice_equal(hire->currency, programme->currency))
        decision_refuse(decision, "BAD_CURRENCY",
                        "hire.currency must be the programme's, which is %.*s",
                        SLICE_ARGS(programme->currency));
    else if (hire->has_employer_msisdn && !msisdn_valid(hire->employer_msisdn))
        decision_refuse(decision, "BAD_MSISDN",
                        "hire.employer_msisdn must be a plus sign and %d to %d digits, as "
                        "E.164 says",
                        MSISDN_DIGITS_LEAST, MSISDN_DIGITS_MOST);
    else
        return true;
    return false;
}

/* Blanks and dots do not make another card of it: only the digits count. */
static struct uuid family_card_of(const struct seal *seal, struct slice number)
{
    char digits[FAMILY_CARD_DIGITS];
    size_t count = 0;
    for (size_t i = 0; i < number.size && count < sizeof digits; i++)
        if (number.data[i] >= '0' && number.data[i] <= '9')
            digits[count++] = number.data[i];
    return seal_token(seal, "family_card", count > 0 ? (struct slice){digits, count} : number);
}

static bool for_hire(const struct submitted_subject *subject)
{
    return subject->standing.programme->once_per == ONCE_PER_HIRE;
}

/* The award of the person, or of the hire, in the wave, or in the month of the application or the hire. */
static struct uuid award_of(const struct application_submitted *event,
                            const struct submitted_subject *made)
{
    const struct standing *standing = &made->standing;
    epoch_day day = for_hire(made) ? event->hire.hired_on
                                   : instant_to_day(event->submitted_at,
                                                    standing->programme->utc_offset_minutes);
    uint16_t cohort = event->has_wave ? (uint16_t)event->wave : cohort_of_month(day);
    struct uuid holder = made->person_id;
    if (for_hire(made))
        holder = seal_hire(made->office->seal, event->hire.employer_no, &made->person_id,
                           event->hire.hired_on);
    return seal_award_id(made->office->seal, standing->programme->id, standing->scheme->name,
                         cohort, &holder);
}

void submitted_identify(const void *event, void *subject, struct decision *decision)
{
    const struct application_submitted *submitted = event;
    struct submitted_subject *made = subject;
    const struct seal *seal = decision->office->seal;
    made->subject.occurred_at = submitted->submitted_at;
    made->office = decision->office;
    made->wave = submitted->has_wave ? submitted->wave : 0;
    if (!standing_find(decision, submitted->programme, submitted->has_wave, submitted->wave,
                       submitted->submitted_at, &made->standing) ||
        !well_formed(submitted, decision) ||
        !hire_well_formed(submitted, made->standing.programme, decision))
        return;
    if (!seal_person_id(seal, submitted->country, submitted->national_id, &made->person_id)) {
        decision_refuse(
            decision, "BAD_NATIONAL_ID",
            "national_id must be digits, and country an ISO 3166-1 code of two letters");
        return;
    }
    made->application_key = application_key(seal, made->standing.programme->id,
                                            submitted->application_id, made->wave);
    made->subject.id = award_of(submitted, made);
    made->contact_id = made->person_id;
    if (for_hire(made)) {
        made->employer_id =
            seal_employer_id(seal, submitted->country, submitted->hire.employer_no);
        if (submitted->hire.has_employer_msisdn)
            made->contact_id = made->employer_id;
    }
    if (submitted->has_family_card_no)
        made->family_card_id = family_card_of(seal, submitted->family_card_no);
}

void submitted_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct application_submitted *submitted = event;
    const struct submitted_subject *made = subject;
    const struct application_row *known =
        facts_peek(facts, &application_row_type, &made->application_key);
    facts_want(facts, &application_row_type, &made->application_key);
    facts_want(facts, &person_row_type, &made->person_id);
    facts_want(facts, &person_row_type, &made->contact_id);
    want_registers(made->office, made->standing.programme, facts);
    if (for_hire(made))
        facts_want(facts, &employer_row_type, &made->employer_id);
    if (made->standing.programme->selection == SELECTION_OPEN ||
        (known != NULL && known->drawn))
        facts_want(facts, &award_row_type, &made->subject.id); /* it may be given at once */
    if (known != NULL && known->has_employer_id) /* a correction may name another employer */
        facts_want(facts, &employer_row_type, &known->employer_id);
    if (submitted->has_family_card_no)
        facts_want(facts, &family_card_row_type, &made->family_card_id);
}

/* Whoever applies is told: an employer where it gives a number, else the person. */
static struct slice number_of(const struct application_submitted *event,
                              const struct submitted_subject *subject)
{
    bool employer = !uuid_equal(&subject->contact_id, &subject->person_id);
    return employer ? event->hire.employer_msisdn : event->msisdn;
}

static void fill(struct application_row *row, const struct application_submitted *event,
                 const struct submitted_subject *subject, struct decision *decision)
{
    const struct standing *standing = &subject->standing;
    row->application_id = event->application_id;
    row->revision = event->revision;
    row->programme = standing->programme->id;
    row->scheme = standing->scheme->name;
    row->year = standing->year->year;
    row->wave = subject->wave;
    row->award_id = subject->subject.id;
    row->person_id = subject->person_id;
    row->has_family_card_id = event->has_family_card_no;
    row->family_card_id = subject->family_card_id;
    row->region_code = event->region_code;
    row->submitted_at = event->submitted_at;
    row->has_contact_id = !uuid_equal(&subject->contact_id, &subject->person_id);
    row->contact_id = subject->contact_id;
    row->has_contact_token = true;
    row->contact_token =
        seal_token(decision->office->seal, "msisdn", number_of(event, subject));
    row->has_employer_id = row->has_employer_no = row->has_hired_on = for_hire(subject);
    row->employer_id = subject->employer_id;
    row->employer_no = event->hire.employer_no;
    row->hired_on = event->hire.hired_on;
    row->answers = answers_of(
        event, instant_to_day(event->submitted_at, standing->programme->utc_offset_minutes));
}

static const struct person_row *keep_contact(const struct application_submitted *event,
                                             const struct submitted_subject *subject,
                                             struct facts *facts, struct decision *decision)
{
    struct person_row *contact =
        facts_edit_or_add(facts, &person_row_type, &subject->contact_id);
    struct seal_place place = contact_place(&subject->contact_id);
    contact->language = event->language;
    contact->has_msisdn_sealed =
        !contact->erased &&
        decision_seal(decision, &place, number_of(event, subject), &contact->msisdn_sealed);
    return contact;
}

/* What a correction may still change. The pool of a wave stays as it was at closing: the draw
 * reads it then. */
static bool open_matter(const struct application_row *row, const struct programme *programme,
                        instant_us at)
{
    switch ((enum application_decided_status)row->status) {
    case APPLICATION_DECIDED_STATUS_HELD:
    case APPLICATION_DECIDED_STATUS_REJECTED:
    case APPLICATION_DECIDED_STATUS_UNKNOWN:
        return true;
    case APPLICATION_DECIDED_STATUS_POOLED:
        return wave_open(programme, row->wave, at);
    case APPLICATION_DECIDED_STATUS_AWARDED:
    case APPLICATION_DECIDED_STATUS_NOT_DRAWN:
    case APPLICATION_DECIDED_STATUS_WITHDRAWN:
        break;
    }
    return false;
}

/* A correction that must not be decided: a repeat, one that came late, one of somebody else. */
static bool set_aside(const struct application_row *known,
                      const struct application_submitted *event,
                      const struct submitted_subject *subject, struct facts *facts,
                      struct decision *decision)
{
    if (event->revision <= known->revision && !BROKEN(REPEATS_DECIDED)) {
        decision_repeat(decision);
        return true;
    }
    if (!uuid_equal(&known->person_id, &subject->person_id)) {
        decision_refuse(decision, "PERSON_CHANGED",
                        "a revision must speak of the same person as the application did; "
                        "somebody else applies under an application_id of his or her own");
        return true;
    }
    if (open_matter(known, subject->standing.programme, event->submitted_at))
        return false;
    /* Late: that it came is recorded, what it says changes nothing. */
    struct application_row *row =
        facts_edit(facts, &application_row_type, &subject->application_key);
    row->revision = event->revision;
    return true;
}

/* The person's row carries all applications, so that their number must have an end. */
static bool too_many(const struct person_row *person, struct decision *decision)
{
    if (person == NULL || person->applications.count < PERSON_APPLICATIONS)
        return false;
    decision_refuse(decision, "TOO_MANY_APPLICATIONS",
                    "one person can have %d applications, and has them", PERSON_APPLICATIONS);
    return true;
}

/* A correction may make another award of it, of another month or another hire: under the id that it would have had
 * the matter ends, and its employer claims for it no longer. */
static void leave(struct application_row *row, const struct submitted_subject *made,
                  struct facts *facts, struct decision *decision)
{
    if (uuid_equal(&row->award_id, &made->subject.id))
        return;
    struct standing standing;
    struct application_row left = *row;
    standing_of(decision, row, &standing);
    counting_claim(facts, decision, row, false);
    left.status = APPLICATION_DECIDED_STATUS_WITHDRAWN;
    left.sequence = row->sequence =
        counting_next_sequence(facts_find(facts, &person_row_type, &row->person_id), row);
    left.reasons.count = 0;
    announce_decided(decision, &standing, &left, NULL, made->subject.occurred_at);
}

/* Who is refused may have applied in another's name: his or her number takes no message over
 * from a number that is known. */
static bool contact_trusted(const struct file *file)
{
    return file->contact == NULL || file->contact->language.size == 0 ||
           verdict_effect(&file->decision->verdict) < EFFECT_REJECT;
}

void submitted_decide(const void *event, const void *subject, struct facts *facts,
                      struct decision *decision)
{
    const struct application_submitted *submitted = event;
    const struct submitted_subject *made = subject;
    const struct application_row *known =
        facts_find(facts, &application_row_type, &made->application_key);
    const struct person_row *person = facts_find(facts, &person_row_type, &made->person_id);
    struct application_row *row;
    struct file file;
    if (known != NULL ? set_aside(known, submitted, made, facts, decision)
                      : too_many(person, decision))
        return;
    if (person == NULL)
        facts_add(facts, &person_row_type, &made->person_id);
    row = facts_edit_or_add(facts, &application_row_type, &made->application_key);
    if (known != NULL)
        leave(row, made, facts, decision);
    fill(row, submitted, made, decision);
    file_open(&file, row, facts, decision, submitted->submitted_at);
    file_judge(&file, FILE_ALL_PHASES);
    if (contact_trusted(&file))
        file.contact = keep_contact(submitted, made, facts, decision);
    file_conclude(&file);
}
