/*
 * sample_event - an application with every member, as an employer's programme would send it.
 */
#ifndef KERJA_TEST_SAMPLE_EVENT_H
#define KERJA_TEST_SAMPLE_EVENT_H

#include "schemas/events.h"

struct sample_event {
    struct application_submitted application;
    struct slice declarations[2], target_groups[1];
    struct application_submitted_check checks[3];
};

static inline struct application_submitted_membership sample_membership(void)
{
    return (struct application_submitted_membership){.category = SLICE("WORKER"),
                                                     .contribution_months = 14,
                                                     .has_reported_wage = true,
                                                     .reported_wage = 350000000,
                                                     .has_active = true,
                                                     .has_savings_withdrawn_on = true,
                                                     .savings_withdrawn_on = -1};
}

static inline struct application_submitted_hire sample_hire(const struct sample_event *sample)
{
    return (struct application_submitted_hire){.employer_no = SLICE("E-1"),
                                               .employer_type = SLICE("PRIVATE"),
                                               .has_headcount = true,
                                               .headcount = 40,
                                               .hired_on = 18400,
                                               .monthly_wage = 450000005,
                                               .currency = SLICE("IDR"),
                                               .target_groups = {sample->target_groups, 1},
                                               .has_employer_msisdn = true,
                                               .employer_msisdn = SLICE("+6281111111111")};
}

/* Fills `sample`; the application points into it. */
static inline void sample_event_fill(struct sample_event *sample)
{
    static const int64_t day_us = INT64_C(86400) * 1000000;
    struct application_submitted *a = &sample->application;
    *sample = (struct sample_event){.declarations = {SLICE("TRUE_DATA"), SLICE("NOT_STUDENT")},
                                    .target_groups = {SLICE("DISABLED")},
                                    .checks = {{.register_ = SLICE("POPULATION"),
                                                .result = SLICE("MATCH"),
                                                .checked_at = 18363 * day_us},
                                               {.register_ = SLICE("FAMILY_CARD"),
                                                .result = SLICE("MATCH"),
                                                .checked_at = 18363 * day_us},
                                               {.register_ = SLICE("FACE"),
                                                .result = SLICE("NO_MATCH"),
                                                .has_number = true,
                                                .number = 71,
                                                .has_text = true,
                                                .text = SLICE("BLURRED"),
                                                .checked_at = 18363 * day_us}}};
    *a = (struct application_submitted){.application_id = SLICE("A-2020-000123"),
                                        .revision = 2,
                                        .programme = SLICE("kartu-prakerja"),
                                        .has_wave = true,
                                        .wave = 1,
                                        .submitted_at = 18363 * day_us + 7,
                                        .country = SLICE("ID"),
                                        .citizenship = SLICE("ID"),
                                        .national_id = SLICE("3171234567890001"),
                                        .has_family_card_no = true,
                                        .family_card_no = SLICE("3171234567890002"),
                                        .has_name = true,
                                        .name = SLICE("Siti Rahayu"),
                                        .birth_date = 9000,
                                        .region_code = SLICE("31.71"),
                                        .msisdn = SLICE("+6281234567890"),
                                        .has_msisdn_verified_at = true,
                                        .msisdn_verified_at = 18362 * day_us,
                                        .has_email = true,
                                        .email = SLICE("siti@example.org"),
                                        .has_email_verified_at = true,
                                        .email_verified_at = 18362 * day_us,
                                        .language = SLICE("id"),
                                        .has_employment_status = true,
                                        .employment_status = SLICE("UNEMPLOYED"),
                                        .has_occupation_class = true,
                                        .occupation_class = SLICE("NONE"),
                                        .has_employment_ended_on = true,
                                        .employment_ended_on = 18000,
                                        .has_highest_qualification = true,
                                        .highest_qualification = SLICE("SMA"),
                                        .has_in_formal_education = true,
                                        .has_wants_formal_job = true,
                                        .wants_formal_job = true,
                                        .has_informal_only = true,
                                        .has_covid_affected = true,
                                        .covid_affected = true,
                                        .has_ability_test_taken_on = true,
                                        .ability_test_taken_on = 18300,
                                        .declarations = {sample->declarations, 2},
                                        .checks = {sample->checks, 3},
                                        .has_membership = true,
                                        .membership = sample_membership(),
                                        .has_hire = true,
                                        .hire = sample_hire(sample),
                                        .has_channel = true,
                                        .channel = SLICE("WEB")};
}

#endif
