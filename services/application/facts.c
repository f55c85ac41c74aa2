#include "facts.h"

#include "answers.h"
#include "hire_facts.h"
#include "member_facts.h"
#include "rules/schedule.h"
#include "schemas/events.h"
#include "seal/ids.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

/* The order is the lock order. What many people share comes last. */
const struct fact_table application_tables[] = {
    {&application_row_type, GUARDED, false}, {&award_row_type, GUARDED, false},
    {&person_row_type, GUARDED, false},      {&family_card_row_type, GUARDED, false},
    {&employer_row_type, GUARDED, false},    {&register_snapshot_row_type, GUARDED, false},
    {&quota_row_type, LIMIT, false},
};
const size_t application_table_count = sizeof application_tables / sizeof application_tables[0];

const char *const register_names[] = {"EDUCATION", "LAID_OFF", "BLACKLIST",  "DTKS",      "PKH",
                                      "BSU",       "BPUM",     "OCCUPATION", "FRAUD_CASE"};
const size_t register_count = sizeof register_names / sizeof register_names[0];

struct uuid application_key(const struct seal *seal, struct slice programme,
                            struct slice application_id, int wave)
{
    struct slice parts[] = {programme, application_id};
    return seal_key(seal, "application", (uint16_t)wave, parts, 2);
}

struct uuid register_key(const struct seal *seal, struct slice register_name)
{
    return seal_key(seal, "register_snapshot", 0, &register_name, 1);
}

/* The keys of all registers that conditions ask about: the same for every record of a process,
 * so they are made once for each id secret. */
static const struct uuid *register_keys(const struct seal *seal)
{
    static struct uuid keys[sizeof register_names / sizeof register_names[0]];
    static const struct seal *made_with;
    if (made_with != seal) {
        for (size_t i = 0; i < register_count; i++)
            keys[i] = register_key(seal, slice_of(register_names[i]));
        made_with = seal;
    }
    return keys;
}

void want_registers(const struct office *office, const struct programme *programme,
                    struct facts *facts)
{
    for (size_t i = 0; i < register_count; i++)
        facts_want(facts, &register_snapshot_row_type, &register_keys(office->seal)[i]);
    for (size_t i = 0; programme != NULL && i < programme->register_count; i++) {
        struct uuid own = register_key(office->seal, programme->registers[i].loaded_as);
        facts_want(facts, &register_snapshot_row_type, &own);
    }
}

bool standing_find(struct decision *decision, struct slice programme, bool has_wave, int wave,
                   instant_us submitted_at, struct standing *standing)
{
    standing->programme = office_programme(decision->office, programme);
    if (standing->programme == NULL) {
        decision_refuse(decision, "UNKNOWN_PROGRAMME",
                        "no file of the programme \"%.*s\" is published",
                        (int)(programme.size < 64 ? programme.size : 64), programme.data);
        return false;
    }
    epoch_day on = instant_to_day(submitted_at, standing->programme->utc_offset_minutes);
    standing->scheme = has_wave ? scheme_for_wave(standing->programme, wave)
                                : scheme_for_day(standing->programme, on);
    standing->year = standing->scheme == NULL ? NULL
                     : has_wave               ? year_for_wave(standing->scheme, wave)
                                              : year_for_day(standing->scheme, on);
    if (standing->year != NULL && wave >= 0 && wave <= UINT16_MAX)
        return true;
    char day[DAY_TEXT_SIZE + 1];
    day_format(on, day);
    if (has_wave)
        decision_refuse(decision, "UNKNOWN_WAVE", "the programme file has no wave %d", wave);
    else
        decision_refuse(decision, "UNKNOWN_SCHEME",
                        "the programme file has no scheme without waves on %s", day);
    return false;
}

void standing_of(const struct decision *decision, const struct application_row *application,
                 struct standing *standing)
{
    standing->programme = office_programme(decision->office, application->programme);
    assert(standing->programme != NULL); /* the handler found it before */
    standing->scheme = scheme_find(standing->programme, application->scheme);
    standing->year = year_find(standing->scheme, application->year);
}

const struct uuid *contact_key(const struct application_row *application)
{
    return application->has_contact_id ? &application->contact_id : &application->person_id;
}

struct seal_place contact_place(const struct uuid *person_id)
{
    return (struct seal_place){"person", "msisdn_sealed", *person_id};
}

static const struct person_row_register *register_entry(const struct person_row *person,
                                                        struct slice name)
{
    for (size_t i = 0; person != NULL && i < person->registers.count; i++)
        if (slice_equal(person->registers.items[i].register_, name))
            return &person->registers.items[i];
    return NULL;
}

static bool entry_lists(const struct person_row_register *entry, epoch_day on)
{
    return entry != NULL && entry->listed && entry->valid_from <= on &&
           (!entry->has_valid_to || on <= entry->valid_to);
}

static bool snapshot_valid(const struct dossier *dossier, struct slice name)
{
    size_t at = 0;
    while (at < register_count && !slice_is(name, register_names[at]))
        at++;
    struct uuid key = at < register_count ? register_keys(dossier->seal)[at]
                                          : register_key(dossier->seal, name);
    return facts_find(dossier->facts, &register_snapshot_row_type, &key) != NULL;
}

/* Listed or not; UNKNOWN while the register has no valid snapshot and does not list the person. */
static struct value listed_in(const struct dossier *dossier, struct slice name)
{
    bool listed = entry_lists(register_entry(dossier->person, name), dossier->on);
    if (!listed && !snapshot_valid(dossier, name))
        return value_unknown();
    return value_number(listed);
}

static struct value code_in(const struct dossier *dossier, struct slice name)
{
    const struct person_row_register *entry = register_entry(dossier->person, name);
    if (entry_lists(entry, dossier->on) && entry->has_code)
        return value_code(entry->code);
    return snapshot_valid(dossier, name) ? value_code(SLICE("NONE")) : value_unknown();
}

static bool same_application(const struct dossier *dossier,
                             const struct person_row_application *other)
{
    return uuid_equal(&other->application_key, &dossier->application->application_key);
}

/* Of programmes with waves one wave, of others one award: a person's of a month, or that of a hire. */
static bool same_matter(const struct dossier *dossier,
                        const struct person_row_application *other)
{
    if (dossier->application->wave != 0)
        return other->wave == dossier->application->wave;
    return uuid_equal(&other->award_id, &dossier->application->award_id);
}

enum counted { OTHER_APPLICATIONS, OTHER_AWARDS, REVOKED_AWARDS };

static bool counts(const struct dossier *dossier, const struct person_row_application *other,
                   enum counted what)
{
    bool awarded = other->status == APPLICATION_DECIDED_STATUS_AWARDED;
    if (!slice_equal(other->programme, dossier->application->programme))
        return false;
    switch (what) {
    case OTHER_APPLICATIONS:
        return !same_application(dossier, other) && same_matter(dossier, other) &&
               other->status != APPLICATION_DECIDED_STATUS_REJECTED &&
               other->status != APPLICATION_DECIDED_STATUS_WITHDRAWN;
    case OTHER_AWARDS:
        return !same_application(dossier, other) && awarded && !other->revoked;
    case REVOKED_AWARDS: /* its own it is told of when it is to be reinstated: that bars no more */
        return !same_application(dossier, other) && awarded && other->revoked;
    }
    return false;
}

static struct value count_applications(const struct dossier *dossier, enum counted what)
{
    int64_t count = 0;
    for (size_t i = 0; dossier->person != NULL && i < dossier->person->applications.count; i++)
        count += counts(dossier, &dossier->person->applications.items[i], what);
    return value_number(count);
}

/* Who names no family card does not thereby have one without awards. */
static struct value family_card_awards(const struct dossier *dossier)
{
    int64_t count = 0;
    if (!dossier->application->has_family_card_id)
        return value_unknown();
    for (size_t i = 0; dossier->family_card != NULL && i < dossier->family_card->awards.count;
         i++) {
        const struct family_card_row_award *award = &dossier->family_card->awards.items[i];
        count += slice_equal(award->programme, dossier->application->programme) &&
                 !uuid_equal(&award->award_id, &dossier->application->award_id);
    }
    return value_number(count);
}

static struct value own_register_value(const struct dossier *dossier, enum rule_field field)
{
    const struct own_register *own = programme_register(dossier->programme, field);
    if (own == NULL)
        return value_unknown();
    return field_meaning(field)->kind == KIND_BOOL ? listed_in(dossier, own->loaded_as)
                                                   : code_in(dossier, own->loaded_as);
}

static struct value register_value(const struct dossier *dossier, enum rule_field field)
{
    switch ((int)field) {
    case FIELD_REGISTER_EDUCATION_LISTED:
        return listed_in(dossier, slice_of("EDUCATION"));
    case FIELD_REGISTER_LAID_OFF_LISTED:
        return listed_in(dossier, slice_of("LAID_OFF"));
    case FIELD_REGISTER_BLACKLIST_LISTED:
        return listed_in(dossier, slice_of("BLACKLIST"));
    case FIELD_REGISTER_DTKS_LISTED:
        return listed_in(dossier, slice_of("DTKS"));
    case FIELD_REGISTER_PKH_LISTED:
        return listed_in(dossier, slice_of("PKH"));
    case FIELD_REGISTER_BSU_LISTED:
        return listed_in(dossier, slice_of("BSU"));
    case FIELD_REGISTER_BPUM_LISTED:
        return listed_in(dossier, slice_of("BPUM"));
    case FIELD_REGISTER_OCCUPATION_CODE:
        return code_in(dossier, slice_of("OCCUPATION"));
    case FIELD_REGISTER_FRAUD_CASE_LISTED:
        return listed_in(dossier, slice_of("FRAUD_CASE"));
    }
    return own_register_value(dossier, field);
}

static struct value dossier_value(const void *context, enum rule_field field)
{
    const struct dossier *dossier = context;
    const struct application_row *application = dossier->application;
    const struct application_row_answers *said = &application->answers;
    switch ((int)field) { /* the fields of other services are not asked here */
    case FIELD_APPLICATION_CITIZENSHIP:
        return value_code(said->citizenship);
    case FIELD_APPLICATION_DAY:
        return value_number(dossier_application_day(dossier));
    case FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY:
        return value_number(working_days_between(
            dossier->programme, dossier_application_day(dossier), dossier->on));
    case FIELD_APPLICANT_AGE:
        return value_number(said->age);
    case FIELD_APPLICATION_IN_FORMAL_EDUCATION:
        return answer(said->has_in_formal_education, said->in_formal_education);
    case FIELD_APPLICATION_OCCUPATION_CLASS:
        return answer_code(said->has_occupation_class, said->occupation_class);
    case FIELD_APPLICATION_EMPLOYMENT_STATUS:
        return answer_code(said->has_employment_status, said->employment_status);
    case FIELD_APPLICATION_HIGHEST_QUALIFICATION:
        return answer_code(said->has_highest_qualification, said->highest_qualification);
    case FIELD_APPLICATION_WANTS_FORMAL_JOB:
        return answer(said->has_wants_formal_job, said->wants_formal_job);
    case FIELD_APPLICATION_INFORMAL_ONLY:
        return answer(said->has_informal_only, said->informal_only);
    case FIELD_APPLICATION_COVID_AFFECTED:
        return answer(said->has_covid_affected, said->covid_affected);
    case FIELD_APPLICATION_ABILITY_TEST_TAKEN_ON:
        return value_number_if(said->has_ability_test_taken_on, said->ability_test_taken_on);
    case FIELD_APPLICATION_DECLARATIONS:
        return value_codes(said->declarations.items, said->declarations.count);
    case FIELD_APPLICATION_MSISDN_VERIFIED_AT:
        return value_number_if(said->has_msisdn_verified_at, said->msisdn_verified_at);
    case FIELD_APPLICATION_EMAIL_VERIFIED_AT:
        return value_number_if(said->has_email_verified_at, said->email_verified_at);
    case FIELD_CHECK_POPULATION:
        return answer_code(said->has_population, said->population);
    case FIELD_CHECK_FAMILY_CARD:
        return answer_code(said->has_family_card, said->family_card);
    case FIELD_CHECK_FACE:
        return answer_code(said->has_face, said->face);
    case FIELD_WAVE_OPEN: /* whom the draw has selected applied in time, however late a correction is */
        return value_number(
            application->drawn ||
            wave_open(dossier->programme, application->wave, application->submitted_at));
    case FIELD_PERSON_OTHER_APPLICATIONS:
        return count_applications(dossier, OTHER_APPLICATIONS);
    case FIELD_PERSON_AWARDS_IN_PROGRAMME:
        return count_applications(dossier, OTHER_AWARDS);
    case FIELD_PERSON_REVOKED_AWARDS:
        return count_applications(dossier, REVOKED_AWARDS);
    case FIELD_FAMILY_CARD_AWARDS:
        return family_card_awards(dossier);
    }
    if (field >= FIELD_MEMBER_CATEGORY && field <= FIELD_PARAMETER_LOWEST_DISTRICT_WAGE)
        return member_value(dossier, field);
    if (field >= FIELD_HIRE_HIRED_ON && field <= FIELD_EMPLOYER_EXCESS_CLAIMS)
        return hire_value(dossier, field);
    return register_value(dossier, field);
}

epoch_day dossier_application_day(const struct dossier *dossier)
{
    return instant_to_day(dossier->application->submitted_at,
                          dossier->programme->utc_offset_minutes);
}

void dossier_open(struct dossier *dossier, const struct standing *standing,
                  const struct application_row *application, const struct seal *seal,
                  struct facts *facts)
{
    *dossier =
        (struct dossier){.programme = standing->programme,
                         .scheme = standing->scheme,
                         .application = application,
                         .person = facts_find(facts, &person_row_type, &application->person_id),
                         .seal = seal,
                         .facts = facts};
    if (application->has_family_card_id)
        dossier->family_card =
            facts_find(facts, &family_card_row_type, &application->family_card_id);
    if (application->has_employer_id)
        dossier->employer = facts_find(facts, &employer_row_type, &application->employer_id);
}

void dossier_judge(const struct dossier *dossier, enum rule_phase phase,
                   struct verdict *verdict)
{
    struct rule_subject subject = {.value = dossier_value,
                                   .context = dossier,
                                   .has_wave = dossier->application->wave != 0,
                                   .wave = dossier->application->wave,
                                   .on = dossier->on,
                                   .service = SERVICE_APPLICATION};
    rules_apply(dossier->scheme, phase, &subject, verdict);
}
