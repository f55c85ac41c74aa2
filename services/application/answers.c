#include "answers.h"

#include "rules/vocabulary.h"

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

static struct application_row_membership
membership_of(const struct application_submitted_membership *said)
{
    return (struct application_row_membership){
        .category = said->category,
        .contribution_months = said->contribution_months,
        .has_reported_wage = said->has_reported_wage,
        .reported_wage = said->reported_wage,
        .has_active = said->has_active,
        .active = said->active,
        .has_savings_withdrawn_on = said->has_savings_withdrawn_on,
        .savings_withdrawn_on = said->savings_withdrawn_on,
        .has_last_formal_contribution_on = said->has_last_formal_contribution_on,
        .last_formal_contribution_on = said->last_formal_contribution_on,
        .has_self_employed_member_since = said->has_self_employed_member_since,
        .self_employed_member_since = said->self_employed_member_since};
}

/* Whoever gives the first day without work is believed by it, not by the months he or she counted. */
static void keep_unemployment(const struct application_submitted_hire *said,
                              struct application_row_hire *hire)
{
    hire->has_months_unemployed =
        said->has_unemployed_since || said->has_months_unemployed_before;
    hire->months_unemployed = said->has_unemployed_since
                                  ? months_between(said->unemployed_since, said->hired_on)
                                  : said->months_unemployed_before;
}

static struct application_row_hire hire_of(const struct application_submitted_hire *said,
                                           epoch_day birth_date)
{
    struct application_row_hire hire = {.employer_type = said->employer_type,
                                        .has_headcount = said->has_headcount,
                                        .headcount = said->headcount,
                                        .has_vacancy_posted = said->has_vacancy_posted,
                                        .vacancy_posted = said->vacancy_posted,
                                        .has_profile_complete = said->has_profile_complete,
                                        .profile_complete = said->profile_complete,
                                        .has_assist_registered = said->has_assist_registered,
                                        .assist_registered = said->assist_registered,
                                        .hired_on = said->hired_on,
                                        .age = completed_years(birth_date, said->hired_on),
                                        .monthly_wage = said->monthly_wage,
                                        .has_worker_consented_at =
                                            said->has_worker_consented_at,
                                        .worker_consented_at = said->worker_consented_at};
    hire.target_groups.items = said->target_groups.items;
    hire.target_groups.count = said->target_groups.count;
    keep_unemployment(said, &hire);
    return hire;
}

struct application_row_answers answers_of(const struct application_submitted *event,
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
        .has_employment_ended_on = event->has_employment_ended_on,
        .employment_ended_on = event->employment_ended_on,
        .has_membership = event->has_membership,
        .has_hire = event->has_hire};
    answers.declarations.items = event->declarations.items;
    answers.declarations.count = event->declarations.count;
    if (event->has_membership)
        answers.membership = membership_of(&event->membership);
    if (event->has_hire)
        answers.hire = hire_of(&event->hire, event->birth_date);
    keep_checks(event, &answers);
    return answers;
}
