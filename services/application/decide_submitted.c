#include "decide_submitted.h"

#include "concluding.h"
#include "schemas/events.h"
#include "seal/ids.h"

enum {
    APPLICATION_ID_SIZE = 200,
    MSISDN_DIGITS_LEAST = 7,
    MSISDN_DIGITS_MOST = 15,
    FAMILY_CARD_DIGITS = 32,
    PERSON_APPLICATIONS = 256
};

/* "+6281234567890" (ITU-T E.164): a plus sign and at most fifteen digits. */
static bool msisdn_valid(struct slice msisdn)
{
    if (msisdn.size < 1 + MSISDN_DIGITS_LEAST || msisdn.size > 1 + MSISDN_DIGITS_MOST ||
        msisdn.data[0] != '+')
        return false;
    for (size_t i = 1; i < msisdn.size; i++)
        if (msisdn.data[i] < '0' || msisdn.data[i] > '9')
            return false;
    return true;
}

static uint16_t cohort_of(const struct submitted_subject *subject,
                          const struct application_submitted *event)
{
    if (event->has_wave)
        return (uint16_t)event->wave;
    return cohort_of_month(
        instant_to_day(event->submitted_at, subject->standing.programme->utc_offset_minutes));
}

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

void submitted_identify(const void *event, void *subject, struct decision *decision)
{
    const struct application_submitted *submitted = event;
    struct submitted_subject *made = subject;
    const struct seal *seal = decision->office->seal;
    made->subject.occurred_at = submitted->submitted_at;
    made->seal = seal;
    made->wave = submitted->has_wave ? submitted->wave : 0;
    if (!standing_find(decision, submitted->programme, submitted->has_wave, submitted->wave,
                       submitted->submitted_at, &made->standing) ||
        !well_formed(submitted, decision))
        return;
    if (!seal_person_id(seal, submitted->country, submitted->national_id, &made->person_id)) {
        decision_refuse(
            decision, "BAD_NATIONAL_ID",
            "national_id must be digits, and country an ISO 3166-1 code of two letters");
        return;
    }
    made->application_key = application_key(seal, made->standing.programme->id,
                                            submitted->application_id, made->wave);
    made->subject.id =
        seal_award_id(seal, made->standing.programme->id, made->standing.scheme->name,
                      cohort_of(made, submitted), &made->person_id);
    if (submitted->has_family_card_no)
        made->family_card_id = family_card_of(seal, submitted->family_card_no);
}

void submitted_keys(const void *event, const void *subject, struct facts *facts)
{
    const struct application_submitted *submitted = event;
    const struct submitted_subject *made = subject;
    facts_want(facts, &application_row_type, &made->application_key);
    facts_want(facts, &person_row_type, &made->person_id);
    facts_want(facts, &contact_row_type, &made->person_id);
    want_registers(made->seal, facts);
    if (submitted->has_family_card_no)
        facts_want(facts, &family_card_row_type, &made->family_card_id);
}

/* A result that is none of the register's words says nothing, and accuses nobody. */
static void keep_checks(const struct application_submitted *event,
                        struct application_row_answers *answers)
{
    for (size_t i = 0; i < event->checks.count; i++) {
        const struct application_submitted_check *check = &event->checks.items[i];
        if (!field_accepts(FIELD_CHECK_POPULATION, check->result))
            continue;
        if (slice_is(check->register_, "POPULATION")) {
            answers->has_population = true;
            answers->population = check->result;
        } else if (slice_is(check->register_, "FAMILY_CARD")) {
            answers->has_family_card = true;
            answers->family_card = check->result;
        } else if (slice_is(check->register_, "FACE")) {
            answers->has_face = true;
            answers->face = check->result;
        }
    }
}

static struct application_row_answers answers_of(const struct application_submitted *event,
                                                 epoch_day on)
{
    struct application_row_answers answers = {
        .citizenship = event->citizenship,
        .age = completed_years(event->birth_date, on),
        .has_in_formal_education = event->has_in_formal_education,
        .in_formal_education = event->in_formal_education,
        .has_occupation_class = event->has_occupation_class,
        .occupation_class = event->occupation_class,
        .has_employment_status = event->has_employment_status,
        .employment_status = event->employment_status,
        .has_highest_qualification = event->has_highest_qualification,
        .highest_qualification = event->highest_qualification,
        .has_wants_formal_job = event->has_wants_formal_job,
        .wants_formal_job = event->wants_formal_job,
        .has_informal_only = event->has_informal_only,
        .informal_only = event->informal_only,
        .has_covid_affected = event->has_covid_affected,
        .covid_affected = event->covid_affected,
        .has_ability_test_taken_on = event->has_ability_test_taken_on,
        .ability_test_taken_on = event->ability_test_taken_on,
        .has_msisdn_verified_at = event->has_msisdn_verified_at,
        .msisdn_verified_at = event->msisdn_verified_at,
        .has_email_verified_at = event->has_email_verified_at,
        .email_verified_at = event->email_verified_at,
        .has_reported_wage = event->has_membership && event->membership.has_reported_wage,
        .reported_wage = event->membership.reported_wage};
    answers.declarations.items = event->declarations.items;
    answers.declarations.count = event->declarations.count;
    keep_checks(event, &answers);
    return answers;
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
    row->has_contact_token = true;
    row->contact_token = seal_token(decision->office->seal, "msisdn", event->msisdn);
    row->answers = answers_of(
        event, instant_to_day(event->submitted_at, standing->programme->utc_offset_minutes));
}

static const struct contact_row *keep_contact(const struct application_submitted *event,
                                              const struct submitted_subject *subject,
                                              struct facts *facts, struct decision *decision)
{
    struct contact_row *contact =
        facts_find(facts, &contact_row_type, &subject->person_id) == NULL
            ? facts_add(facts, &contact_row_type, &subject->person_id)
            : facts_edit(facts, &contact_row_type, &subject->person_id);
    struct seal_place place = {"contact", "msisdn_sealed", subject->person_id};
    contact->language = event->language;
    contact->has_msisdn_sealed =
        !contact->erased &&
        decision_seal(decision, &place, event->msisdn, &contact->msisdn_sealed);
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
    if (event->revision <= known->revision) {
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

/* Who is refused may have applied in another's name: his or her number takes no message over
 * from a number that is known. */
static bool contact_trusted(const struct file *file)
{
    return file->contact == NULL || verdict_effect(&file->decision->verdict) < EFFECT_REJECT;
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
    row = known == NULL ? facts_add(facts, &application_row_type, &made->application_key)
                        : facts_edit(facts, &application_row_type, &made->application_key);
    fill(row, submitted, made, decision);
    file_open(&file, row, facts, decision, submitted->submitted_at);
    file_judge(&file, FILE_ALL_PHASES);
    if (contact_trusted(&file))
        file.contact = keep_contact(submitted, made, facts, decision);
    file_conclude(&file);
}
