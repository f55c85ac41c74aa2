#include "hire_facts.h"

#include "answers.h"
#include "counting.h"
#include "schemas/events.h"

/* Workers that the employer claims for in the scheme, this one included, above those it reported to have. An award
 * that was given was weighed then: what the employer claims later is weighed with the later claim. */
static struct value excess_claims(const struct dossier *dossier,
                                  const struct application_row_hire *hire)
{
    const struct application_row *application = dossier->application;
    if (application->status == APPLICATION_DECIDED_STATUS_AWARDED)
        return value_unknown();
    int64_t claims = counting_claims(dossier->employer, application);
    return value_number_if(hire->has_headcount,
                           claims + !application->claims - hire->headcount);
}

static struct value told_value(const struct dossier *dossier,
                               const struct application_row_hire *hire, enum rule_field field)
{
    switch ((int)field) {
    case FIELD_HIRE_HIRED_ON:
        return value_number(hire->hired_on);
    case FIELD_HIRE_MONTHS_UNEMPLOYED:
        return answer(hire->has_months_unemployed, hire->months_unemployed);
    case FIELD_HIRE_TARGET_GROUPS:
        return value_codes(hire->target_groups.items, hire->target_groups.count);
    case FIELD_HIRE_MONTHLY_WAGE:
        return value_number(hire->monthly_wage);
    case FIELD_HIRE_HEADCOUNT:
        return value_number_if(hire->has_headcount, hire->headcount);
    case FIELD_HIRE_AGE:
        return value_number(hire->age);
    case FIELD_HIRE_EMPLOYER_TYPE:
        return answer_code(hire->employer_type.size > 0, hire->employer_type);
    case FIELD_HIRE_VACANCY_POSTED:
        return answer(hire->has_vacancy_posted, hire->vacancy_posted);
    case FIELD_HIRE_PROFILE_COMPLETE:
        return answer(hire->has_profile_complete, hire->profile_complete);
    case FIELD_HIRE_ASSIST_REGISTERED:
        return answer(hire->has_assist_registered, hire->assist_registered);
    case FIELD_HIRE_WORKER_CONSENTED_AT:
        return value_number_if(hire->has_worker_consented_at, hire->worker_consented_at);
    case FIELD_EMPLOYER_EXCESS_CLAIMS:
        return excess_claims(dossier, hire);
    }
    return value_unknown();
}

struct value hire_value(const struct dossier *dossier, enum rule_field field)
{
    const struct application_row_answers *said = &dossier->application->answers;
    return said->has_hire ? told_value(dossier, &said->hire, field) : value_unknown();
}
