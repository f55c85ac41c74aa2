#include "decide_submitted.h"

#include "concluding.h"
#include "schemas/events.h"
#include "seal/ids.h"

static uint16_t cohort_of(const struct submitted_subject *subject,
                          const struct application_submitted *event)
{
    if (event->has_wave)
        return (uint16_t)event->wave;
    return cohort_of_month(
        instant_to_day(event->submitted_at, subject->standing.programme->utc_offset_minutes));
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
                       submitted->submitted_at, &made->standing))
        return;
    if (!seal_person_id(seal, submitted->country, submitted->national_id, &made->person_id)) {
        decision_refuse(
            decision, "BAD_NATIONAL_ID",
            "national_id must be digits, and country an ISO 3166-1 code of two letters");
        return;
    }
    if (submitted->application_id.size == 0 || submitted->application_id.size > 200) {
        decision_refuse(decision, "BAD_APPLICATION_ID",
                        "application_id must have 1 to 200 bytes");
        return;
    }
    made->application_key = application_key(seal, submitted->application_id, made->wave);
    made->subject.id =
        seal_award_id(seal, made->standing.programme->id, made->standing.scheme->name,
                      cohort_of(made, submitted), &made->person_id);
    if (submitted->has_family_card_no)
        made->family_card_id = seal_token(seal, "family_card", submitted->family_card_no);
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

static void keep_checks(const struct application_submitted *event,
                        struct application_row_answers *answers)
{
    for (size_t i = 0; i < event->checks.count; i++) {
        const struct application_submitted_check *check = &event->checks.items[i];
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

static void keep_contact(const struct application_submitted *event,
                         const struct submitted_subject *subject, struct facts *facts,
                         struct decision *decision)
{
    struct contact_row *contact =
        facts_find(facts, &contact_row_type, &subject->person_id) == NULL
            ? facts_add(facts, &contact_row_type, &subject->person_id)
            : facts_edit(facts, &contact_row_type, &subject->person_id);
    struct seal_place place = {"contact", "msisdn_sealed", subject->person_id};
    struct buffer sealed = {0};
    struct error error;
    contact->language = event->language;
    contact->has_msisdn_sealed =
        seal_seal(decision->office->seal, &place, event->msisdn, &sealed, &error) == OK;
    if (contact->has_msisdn_sealed) {
        char *copy = decision_alloc(decision, sealed.size);
        memcpy(copy, sealed.data, sealed.size);
        contact->msisdn_sealed = (struct slice){copy, sealed.size};
    }
    buffer_release(&sealed);
}

/* What a correction may still change. */
static bool open_matter(const struct application_row *row)
{
    switch ((enum application_decided_status)row->status) {
    case APPLICATION_DECIDED_STATUS_HELD:
    case APPLICATION_DECIDED_STATUS_POOLED:
    case APPLICATION_DECIDED_STATUS_REJECTED:
    case APPLICATION_DECIDED_STATUS_UNKNOWN:
        return true;
    case APPLICATION_DECIDED_STATUS_AWARDED:
    case APPLICATION_DECIDED_STATUS_NOT_DRAWN:
    case APPLICATION_DECIDED_STATUS_WITHDRAWN:
        break;
    }
    return false;
}

/* A held application is refused when its wave closes. */
static void watch_closing(const struct file *file)
{
    const struct wave *wave = wave_find(file->standing.programme, file->application->wave);
    if (file->application->status == APPLICATION_DECIDED_STATUS_HELD && wave != NULL &&
        wave->has_closes)
        decision_timer(file->decision, "WAVE_CLOSED", &file->application->application_key,
                       wave->closes);
}

void submitted_decide(const void *event, const void *subject, struct facts *facts,
                      struct decision *decision)
{
    const struct application_submitted *submitted = event;
    const struct submitted_subject *made = subject;
    const struct application_row *known =
        facts_find(facts, &application_row_type, &made->application_key);
    struct application_row *row;
    struct file file;
    if (known != NULL && (submitted->revision <= known->revision || !open_matter(known))) {
        decision_repeat(decision);
        return;
    }
    if (facts_find(facts, &person_row_type, &made->person_id) == NULL)
        facts_add(facts, &person_row_type, &made->person_id);
    row = known == NULL ? facts_add(facts, &application_row_type, &made->application_key)
                        : facts_edit(facts, &application_row_type, &made->application_key);
    fill(row, submitted, made, decision);
    keep_contact(submitted, made, facts, decision);
    file_open(&file, row, facts, decision, submitted->submitted_at);
    file_judge(&file, FILE_ALL_PHASES);
    file_conclude(&file);
    watch_closing(&file);
}
