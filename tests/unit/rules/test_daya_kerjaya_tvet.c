/* Daya Kerjaya TVET by its file: both sides of each bound, each with its source. */
#include "programme_cases.h"

#define AT(phase, service) .scheme = "daya-kerjaya-tvet-2023", PHASE_##phase, SERVICE_##service

/* A company hires a TVET graduate of twenty-two and sends him to a course of RM2,000. */
static const struct known well[] = {
    {FIELD_PERSON_OTHER_APPLICATIONS, IS(0)},
    {FIELD_HIRE_HIRED_ON, IS(ON(2023, 5, 2))},
    {FIELD_APPLICATION_DAY, IS(ON(2023, 6, 15))},
    {FIELD_HIRE_TARGET_GROUPS, NAMES(NAME("TVET_GRADUATE"))},
    {FIELD_HIRE_AGE, IS(22)},
    {FIELD_HIRE_MONTHS_UNEMPLOYED, IS(6)},
    {FIELD_APPLICATION_CITIZENSHIP, SAYS("MY")},
    {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(2000)},
    {FIELD_HIRE_WORKER_CONSENTED_AT, IS(1)},
    {FIELD_HIRE_HEADCOUNT, IS(20)},
    {FIELD_EMPLOYER_EXCESS_CLAIMS, IS(-15)},
    {FIELD_AWARD_REVOKED, IS(false)},
    {FIELD_PURCHASE_PRICE, RINGGIT(2000)},
    {FIELD_COURSE_CATEGORY, SAYS("RPEL")},
    {FIELD_PROVIDER_REGISTERED_ON, IS(ON(2015, 3, 1))},
    {FIELD_PROVIDER_CONTRIBUTION_EXEMPT, IS(false)},
    {FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(24)},
    {FIELD_PROVIDER_MONTHS_OPERATING, IS(60)},
    {FIELD_PROVIDER_ACCREDITATIONS, NAMES(NAME("JPK"))},
    {FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 5, 5))},
    {FIELD_COMPLETION_CERTIFICATE_ID, SAYS("C-1")},
    {FIELD_HIRE_EMPLOYED_TO_DUE_DAY, IS(true)},
    {FIELD_PAYMENT_ITEM, SAYS("hiring_incentive")},
    {FIELD_PAYMENT_AMOUNT, RINGGIT(600)},
    {FIELD_PAYMENT_PAYEE_KIND, SAYS("EMPLOYER")},
    {FIELD_PROGRAMME_PAUSED, IS(false)},
    {FIELD_AWARD_HOLDS, NOBODY},
    {FIELD_ACCOUNT_LINKED_AT, IS(1)},
    {FIELD_ACCOUNT_ACTIVE, IS(true)},
    {FIELD_ACCOUNT_CURRENCY, SAYS("MYR")},
    {FIELD_ACCOUNT_HEADROOM, NEVER},
    {FIELD_ACCOUNT_HEADROOM_AFTER, NEVER},
    {FIELD_ACCOUNT_PERSONS, IS(1)},
};

static const struct rule_case cases[] = {
    /* The hire. */
    {"a TVET graduate is hired", "SP23", AT(EMPLOYER, APPLICATION), AS_ALL_IS_WELL, "PASS"},
    {"one application is under way", "D", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_PERSON_OTHER_APPLICATIONS, IS(1)}), "REJECT ALREADY_APPLIED"},
    {"hired on 31 December 2022", "AHK", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_HIRED_ON, IS(ON(2022, 12, 31))}), "REJECT HIRE_BEFORE_SCHEME"},
    {"hired on 1 January 2023", "SP23", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_HIRED_ON, IS(ON(2023, 1, 1))}), "PASS"},
    {"applied for on 31 March 2023", "AHK", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_APPLICATION_DAY, IS(ON(2023, 3, 31))}), "REJECT APPLICATION_WINDOW"},
    {"applied for on 1 April 2023", "SD23", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_APPLICATION_DAY, IS(ON(2023, 4, 1))}), "PASS"},
    {"applied for on 31 December 2023", "AHK", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_APPLICATION_DAY, IS(ON(2023, 12, 31))}), "PASS"},
    {"applied for on 1 January 2024", "AHK", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_APPLICATION_DAY, IS(ON(2024, 1, 1))}), "REJECT APPLICATION_WINDOW"},
    {"a school leaver, either suffices", "FUH", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_TARGET_GROUPS, NAMES(NAME("SCHOOL_LEAVER_SPM_OR_BELOW"))}), "PASS"},
    {"both at once", "MB23", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_TARGET_GROUPS,
           NAMES(NAME("TVET_GRADUATE"), NAME("SCHOOL_LEAVER_SPM_OR_BELOW"))}),
     "PASS"},
    {"a disabled worker is of the other programme", "MOFP", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_TARGET_GROUPS, NAMES(NAME("OKU"))}), "REJECT TARGET_GROUP_NOT_MET"},
    {"no group", "SP23", AT(EMPLOYER, APPLICATION), WITH({FIELD_HIRE_TARGET_GROUPS, NOBODY}),
     "REJECT TARGET_GROUP_NOT_MET"},
    {"fifteen on the day of hire", "SP23", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_AGE, IS(15)}), "REJECT AGE_OUT_OF_RANGE"},
    {"sixteen on the day of hire", "SP23", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_AGE, IS(16)}), "PASS"},
    {"forty on the day of hire", "FUH", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_AGE, IS(40)}), "PASS"},
    {"forty-one on the day of hire", "FUH", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_AGE, IS(41)}), "REJECT AGE_OUT_OF_RANGE"},
    {"a month without a job", "SP23", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_MONTHS_UNEMPLOYED, IS(1)}), "REJECT UNEMPLOYMENT_TOO_SHORT"},
    {"two months without a job", "MOFP", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_MONTHS_UNEMPLOYED, IS(2)}), "PASS"},
    {"nobody told for how long", "D", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_MONTHS_UNEMPLOYED, UNHEARD}), "HOLD DECLARATION_MISSING"},
    {"a citizen of another country", "D", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_APPLICATION_CITIZENSHIP, SAYS("ID")}), "REJECT ID_NOT_CITIZEN"},
    {"RM1,499.99 a month", "WAGE", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_MONTHLY_WAGE, IS(149999)}), "REJECT WAGE_BELOW_MINIMUM"},
    {"RM1,500.00 a month", "WAGE", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_MONTHLY_WAGE, RINGGIT(1500)}), "PASS"},
    {"the worker has not confirmed the job", "ROC21", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_WORKER_CONSENTED_AT, NEVER}), "HOLD GHOST_WORKER_SUSPECTED"},
    {"claims for as many as it has", "MB23b", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_EMPLOYER_EXCESS_CLAIMS, IS(0)}), "PASS"},
    {"claims for one more than it has", "MB23b", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_EMPLOYER_EXCESS_CLAIMS, IS(1)}), "HOLD CLAIM_EXCEEDS_SIZE"},
    {"a size that was not reported is not compared", "MB23b", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_HEADCOUNT, NEVER}, {FIELD_EMPLOYER_EXCESS_CLAIMS, UNHEARD}), "PASS"},
    {"a register of fraud cases is not asked", "ST22", AT(EMPLOYER, APPLICATION),
     WITH({FIELD_REGISTER_FRAUD_CASE_LISTED, IS(true)}), "PASS"},

    /* The course. */
    {"a course is booked", "AHK", AT(PURCHASE, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"the award was revoked before", "D", AT(PURCHASE, COMPLETION),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"RM2,500.00 for RPEL", "SP23", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(2500)}), "PASS"},
    {"RM2,500.01 for RPEL", "SP23", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, IS(250001)}), "REJECT FEE_ABOVE_CAP"},
    {"RM2,500.01 for competency", "AHK", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, IS(250001)}, {FIELD_COURSE_CATEGORY, SAYS("COMPETENCY")}),
     "REJECT FEE_ABOVE_CAP"},
    {"RM4,000.00 for professional", "MOFP", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(4000)}, {FIELD_COURSE_CATEGORY, SAYS("PROFESSIONAL")}),
     "PASS"},
    {"RM4,000.01 for professional", "MOFP", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, IS(400001)}, {FIELD_COURSE_CATEGORY, SAYS("PROFESSIONAL")}),
     "REJECT FEE_ABOVE_CAP"},
    {"RM4,000.01 for a microcredential", "AHK", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, IS(400001)}, {FIELD_COURSE_CATEGORY, SAYS("MICROCREDENTIAL")}),
     "REJECT FEE_ABOVE_CAP"},
    {"a category that has no cap has no benefit either", "D", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(4500)}, {FIELD_COURSE_CATEGORY, SAYS("HOBBY")}),
     "PASS"},
    {"a course is listed, of whatever length", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_COURSE_TOTAL_MINUTES, IS(60)}), "PASS"},
    {"registered on 31 December 2022", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_REGISTERED_ON, IS(ON(2022, 12, 31))}), "PASS"},
    {"registered on 1 January 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_REGISTERED_ON, IS(ON(2023, 1, 1))}), "REJECT PROV_TOO_NEW"},
    {"twelve months of contributions", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(12)}), "PASS"},
    {"eleven months of contributions", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(11)}), "REJECT PROV_CONTRIB_SHORT"},
    {"a government body is exempt from both", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_CONTRIBUTION_EXEMPT, IS(true)}, {FIELD_PROVIDER_REGISTERED_ON, NEVER},
          {FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(0)}),
     "PASS"},
    {"at work for twelve months", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_MONTHS_OPERATING, IS(12)}), "PASS"},
    {"at work for eleven months", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_MONTHS_OPERATING, IS(11)}), "REJECT PROV_EXPERIENCE_SHORT"},
    {"accredited by MQA", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_ACCREDITATIONS, NAMES(NAME("MQA"))}), "PASS"},
    {"accredited by an equal body", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_ACCREDITATIONS, NAMES(NAME("EQUIVALENT"))}), "PASS"},
    {"registered with a ministry", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_ACCREDITATIONS, NAMES(NAME("MINISTRY_REGISTERED"))}), "PASS"},
    {"a university by statute", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_ACCREDITATIONS, NAMES(NAME("STATUTORY_HEI"))}), "PASS"},
    {"accredited by nobody", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_ACCREDITATIONS, NOBODY}), "REJECT PROV_LICENCE_MISSING"},
    {"the provider asks on 19 April 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 4, 19))}), "REJECT PROV_WINDOW_CLOSED"},
    {"the provider asks on 20 April 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 4, 20))}), "PASS"},
    {"the provider asks on 31 May 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 5, 31))}), "PASS"},
    {"the provider asks on 1 June 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 6, 1))}), "REJECT PROV_WINDOW_CLOSED"},
    {"a course is finished", "D", AT(COMPLETE, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"the award was revoked meanwhile", "D", AT(COMPLETE, COMPLETION),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"no certificate", "D", AT(COMPLETE, COMPLETION),
     WITH({FIELD_COMPLETION_CERTIFICATE_ID, NEVER}), "HOLD CERT_MISSING"},

    /* Paying the employer, a month at a time, and the provider. */
    {"the month is complete", "SCR", AT(PAY, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"the worker left before the month was complete", "GB22", AT(PAY, COMPLETION),
     WITH({FIELD_HIRE_EMPLOYED_TO_DUE_DAY, IS(false)}), "STOP_ITEM EMPLOYMENT_ENDED"},
    {"the fee does not ask for employment", "D", AT(PAY, COMPLETION),
     WITH({FIELD_HIRE_EMPLOYED_TO_DUE_DAY, IS(false)},
          {FIELD_PAYMENT_ITEM, SAYS("training_fee")}),
     "PASS"},
    {"the month is paid", "D", AT(PAY, INCENTIVE), AS_ALL_IS_WELL, "PASS"},
    {"nothing to a revoked award", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"no amount is known", "D", AT(PAY, INCENTIVE), WITH({FIELD_PAYMENT_AMOUNT, NEVER}),
     "HOLD AMOUNT_UNKNOWN"},
    {"payments are paused", "D", AT(PAY, INCENTIVE), WITH({FIELD_PROGRAMME_PAUSED, IS(true)}),
     "HOLD PROGRAMME_PAUSED"},
    {"a fraud case is open", "ST22", AT(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("FRAUD_SUSPECTED"))}), "HOLD FRAUD_SUSPECTED"},
    {"on an auditor's list", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("AUDIT_FINDING"))}), "HOLD AUDIT_FINDING"},
    {"both, each told", "SDN23", AT(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("FRAUD_SUSPECTED"), NAME("AUDIT_FINDING"))}),
     "HOLD AUDIT_FINDING,FRAUD_SUSPECTED"},
    {"no account", "D", AT(PAY, INCENTIVE), WITH({FIELD_ACCOUNT_LINKED_AT, NEVER}),
     "HOLD ACCT_NOT_LINKED"},
    {"a blocked account", "D", AT(PAY, INCENTIVE), WITH({FIELD_ACCOUNT_ACTIVE, IS(false)}),
     "HOLD ACCT_INACTIVE_OR_BLOCKED"},
    {"an account in dollars", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_CURRENCY, SAYS("USD")}), "HOLD ACCT_CURRENCY"},
    {"room for exactly this payment", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_HEADROOM, RINGGIT(600)}, {FIELD_ACCOUNT_HEADROOM_AFTER, IS(0)}),
     "PASS"},
    {"room for one sen less", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_HEADROOM, IS(59999)}, {FIELD_ACCOUNT_HEADROOM_AFTER, IS(-1)}),
     "RETRY WALLET_LIMIT_EXCEEDED"},
    {"branches of an employer share an account", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_PERSONS, IS(2)}), "PASS"},
    {"one person on an account", "REP21", AT(PAY, INCENTIVE),
     WITH({FIELD_PAYMENT_PAYEE_KIND, SAYS("PARTICIPANT")}), "PASS"},
    {"two people on one account", "REP21", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_PERSONS, IS(2)}, {FIELD_PAYMENT_PAYEE_KIND, SAYS("PARTICIPANT")}),
     "HOLD FRAUD_SHARED_PAYEE"},
};

static const struct rule_cases all = {PROGRAMMES "/daya-kerjaya-tvet.yaml", well,
                                      sizeof well / sizeof well[0],         cases,
                                      sizeof cases / sizeof cases[0],       0};

static void an_award_holds_three_months_and_one_course(void **state)
{
    (void)state;
    const struct scheme *scheme = scheme_for_day(programme, DAY(2023, 6, 1));
    assert_int_equal(scheme->package_hundredths, 580000);
    assert_int_equal(scheme->benefit_count, 3);
    assert_int_equal(schedule_instalments(&scheme->benefits[0]), 3);
    assert_int_equal(scheme->benefits[0].payee, PAYS_EMPLOYER);
    assert_int_equal(scheme->benefits[1].amount_hundredths, 250000);
    assert_int_equal(scheme->benefits[2].amount_hundredths, 400000);
    assert_int_equal(scheme->benefits[2].payee, PAYS_PROVIDER);
    assert_int_equal(programme->money_limits[0].amount_hundredths, INT64_C(4400000000));
    assert_int_equal(programme->seat_limit_count, 0); /* 17,000 graduates were a target */
}

static void who_comes_out_of_time_has_a_year_to_be_refused_in(void **state)
{
    (void)state;
    assert_int_equal(
        year_for_day(scheme_for_day(programme, DAY(2022, 12, 31)), DAY(2022, 12, 31))->year,
        2022);
    assert_int_equal(
        year_for_day(scheme_for_day(programme, DAY(2024, 1, 1)), DAY(2024, 1, 1))->year, 2024);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_comes_out_as_published),
        cmocka_unit_test(a_change_of_any_condition_is_noticed),
        cmocka_unit_test(an_award_holds_three_months_and_one_course),
        cmocka_unit_test(who_comes_out_of_time_has_a_year_to_be_refused_in),
    };
    return cmocka_run_group_tests_name("programmes/daya-kerjaya-tvet", tests, load_file,
                                       free_file);
}
