#include "member_facts.h"

#include "answers.h"

/* The smallest k with `from` + k months not before `to`: how many months have begun. */
static int months_begun(epoch_day from, epoch_day to)
{
    int full = months_between(from, to);
    return day_add_months(from, full) < to ? full + 1 : full;
}

/* A figure that the programme's file does not know is absent, and a condition may ask whether it exists. */
static struct value wage_floor(const struct dossier *dossier)
{
    const struct parameter *floor = parameter_find(
        dossier->programme, SLICE("lowest_district_wage"), dossier_application_day(dossier));
    return value_number_if(floor != NULL && floor->known, floor == NULL ? 0 : floor->number);
}

static struct value wage_above_floor(const struct dossier *dossier,
                                     const struct application_row_membership *member)
{
    struct value floor = wage_floor(dossier);
    if (floor.state != VALUE_PRESENT)
        return floor;
    return answer(member->has_reported_wage, member->reported_wage - floor.number);
}

static struct value membership_value(const struct dossier *dossier,
                                     const struct application_row_membership *member,
                                     enum rule_field field)
{
    switch ((int)field) {
    case FIELD_MEMBER_CATEGORY:
        return value_code(member->category);
    case FIELD_MEMBER_CONTRIBUTION_MONTHS:
        return value_number(member->contribution_months);
    case FIELD_MEMBER_ACTIVE:
        return answer(member->has_active, member->active);
    case FIELD_MEMBER_SAVINGS_WITHDRAWN_ON:
        return value_number_if(member->has_savings_withdrawn_on, member->savings_withdrawn_on);
    case FIELD_MEMBER_REPORTED_WAGE:
        return answer(member->has_reported_wage, member->reported_wage);
    case FIELD_MEMBER_WAGE_ABOVE_FLOOR:
        return wage_above_floor(dossier, member);
    case FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON:
        return value_number_if(member->has_last_formal_contribution_on,
                               member->last_formal_contribution_on);
    case FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION:
        return value_number_if(member->has_last_formal_contribution_on,
                               months_between(member->last_formal_contribution_on,
                                              dossier_application_day(dossier)));
    case FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE:
        return value_number_if(member->has_self_employed_member_since,
                               member->self_employed_member_since);
    }
    return value_unknown();
}

struct value member_value(const struct dossier *dossier, enum rule_field field)
{
    const struct application_row_answers *said = &dossier->application->answers;
    epoch_day day = dossier_application_day(dossier);
    switch ((int)field) {
    case FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT:
        return answer(said->has_employment_ended_on,
                      months_between(said->employment_ended_on, day));
    case FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT:
        return answer(said->has_employment_ended_on,
                      months_begun(said->employment_ended_on, day));
    case FIELD_PARAMETER_LOWEST_DISTRICT_WAGE:
        return wage_floor(dossier);
    }
    return said->has_membership ? membership_value(dossier, &said->membership, field)
                                : value_unknown();
}
