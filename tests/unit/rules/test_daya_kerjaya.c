/* Daya Kerjaya by its file, three versions of it: both sides of each bound, each with its source. */
#include "programme_cases.h"

#define IN_2023(phase, service) .scheme = "daya-kerjaya-2023", PHASE_##phase, SERVICE_##service
#define IN_2024(phase, service) .scheme = "daya-kerjaya-2024", PHASE_##phase, SERVICE_##service
#define IN_2025(phase, service) .scheme = "daya-kerjaya-2025", PHASE_##phase, SERVICE_##service

/* A company of twenty hires a disabled worker after half a year without a job, at RM2,000. The days
 * are those of 2025 and wait to be changed for the other versions. */
#define DAYS(applied, hired)                                                                   \
    {FIELD_APPLICATION_DAY, IS(applied)},                                                      \
    {                                                                                          \
        FIELD_HIRE_HIRED_ON, IS(hired)                                                         \
    }
#define DAYS_2023 DAYS(ON(2023, 6, 15), ON(2023, 5, 2))
#define DAYS_2024 DAYS(ON(2024, 6, 14), ON(2024, 5, 2))

static const struct known well[] = {
    {FIELD_PERSON_OTHER_APPLICATIONS, IS(0)},
    DAYS(ON(2025, 9, 15), ON(2025, 9, 1)),
    {FIELD_HIRE_TARGET_GROUPS, NAMES(NAME("OKU"))},
    {FIELD_HIRE_MONTHS_UNEMPLOYED, IS(6)},
    {FIELD_APPLICATION_CITIZENSHIP, SAYS("MY")},
    {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(2000)},
    {FIELD_HIRE_HEADCOUNT, IS(20)},
    {FIELD_HIRE_EMPLOYER_TYPE, SAYS("PRIVATE")},
    {FIELD_HIRE_VACANCY_POSTED, IS(true)},
    {FIELD_HIRE_PROFILE_COMPLETE, IS(true)},
    {FIELD_HIRE_ASSIST_REGISTERED, IS(true)},
    {FIELD_HIRE_WORKER_CONSENTED_AT, IS(1)},
    {FIELD_EMPLOYER_EXCESS_CLAIMS, IS(-15)},
    {FIELD_REGISTER_FRAUD_CASE_LISTED, UNHEARD},
    {FIELD_HIRE_EMPLOYED_TO_DUE_DAY, IS(true)},
    {FIELD_PAYMENT_ITEM, SAYS("hiring_incentive")},
    {FIELD_AWARD_REVOKED, IS(false)},
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

#define GROUP(group)                                                                           \
    {                                                                                          \
        FIELD_HIRE_TARGET_GROUPS, NAMES(NAME(group))                                           \
    }

static const struct rule_case cases[] = {
    /* 2023: hired from 1 January, applied for from 1 April to 31 December. */
    {"2023: a disabled worker", "SD23", IN_2023(EMPLOYER, APPLICATION), WITH(DAYS_2023),
     "PASS"},
    {"2023: one application is under way", "D", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_PERSON_OTHER_APPLICATIONS, IS(1)}), "REJECT ALREADY_APPLIED"},
    {"2023: hired on 31 December 2022", "HR23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2023, 6, 15), ON(2022, 12, 31))), "REJECT HIRE_BEFORE_SCHEME"},
    {"2023: hired on 1 January 2023", "SP23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2023, 6, 15), ON(2023, 1, 1))), "PASS"},
    {"2023: applied for on 31 March", "SD23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2023, 3, 31), ON(2023, 2, 1))), "REJECT APPLICATION_WINDOW"},
    {"2023: applied for on 1 April", "HR23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2023, 4, 1), ON(2023, 2, 1))), "PASS"},
    {"2023: applied for on 31 December", "SD23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2023, 12, 31), ON(2023, 12, 1))), "PASS"},
    {"2023: a day later", "SD23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2024, 1, 1), ON(2023, 12, 1))), "REJECT APPLICATION_WINDOW"},
    {"2023: a young person long without a job", "SN23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("LONG_UNEMPLOYED_YOUTH")), "PASS"},
    {"2023: a single mother", "NST23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("WOMAN_RETURNER_OR_SINGLE_MOTHER_OR_HOUSEWIFE")), "PASS"},
    {"2023: an indigenous worker", "SD23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("ORANG_ASLI")), "PASS"},
    {"2023: a hardcore poor worker", "SD23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("HARDCORE_POOR")), "PASS"},
    {"2023: a parolee", "SP23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("PAROLEE")), "PASS"},
    {"2023: a former convict", "SP23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("EX_CONVICT")), "PASS"},
    {"2023: a homeless worker", "SN23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("HOMELESS")), "PASS"},
    {"2023: a hardcore unemployed worker", "NST23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("HARDCORE_UNEMPLOYED")), "PASS"},
    {"2023: an older worker is in no group", "SD23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, GROUP("SENIOR_CITIZEN")), "REJECT TARGET_GROUP_NOT_MET"},
    {"2023: no group", "SN23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_TARGET_GROUPS, NOBODY}), "REJECT TARGET_GROUP_NOT_MET"},
    {"2023: a month without a job", "FUH", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_MONTHS_UNEMPLOYED, IS(1)}), "REJECT UNEMPLOYMENT_TOO_SHORT"},
    {"2023: two months without a job", "WM", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_MONTHS_UNEMPLOYED, IS(2)}), "PASS"},
    {"2023: nobody told for how long", "D", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_MONTHS_UNEMPLOYED, UNHEARD}), "HOLD DECLARATION_MISSING"},
    {"2023: a citizen of another country", "D", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_APPLICATION_CITIZENSHIP, SAYS("ID")}), "REJECT ID_NOT_CITIZEN"},
    {"2023: RM1,499.99 a month", "WAGE", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_MONTHLY_WAGE, IS(149999)}), "REJECT WAGE_BELOW_MINIMUM"},
    {"2023: RM1,500.00 a month", "WAGE", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(1500)}), "PASS"},
    {"2023: public employers are not excluded", "CZ", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_EMPLOYER_TYPE, SAYS("PUBLIC")},
          {FIELD_HIRE_VACANCY_POSTED, IS(false)}),
     "PASS"},

    /* Controls of every version. */
    {"the worker has not confirmed the job", "SDM21", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_WORKER_CONSENTED_AT, NEVER}), "HOLD GHOST_WORKER_SUSPECTED"},
    {"claims for as many as it has", "MB23b", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_EMPLOYER_EXCESS_CLAIMS, IS(0)}), "PASS"},
    {"claims for one more than it has", "MB23b", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_EMPLOYER_EXCESS_CLAIMS, IS(1)}), "HOLD CLAIM_EXCEEDS_SIZE"},
    {"a size that was not reported is not compared", "MB23b", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_HEADCOUNT, NEVER}, {FIELD_EMPLOYER_EXCESS_CLAIMS, UNHEARD}),
     "PASS"},
    {"a register of fraud cases is not asked", "SDN23", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_REGISTER_FRAUD_CASE_LISTED, IS(true)}), "PASS"},
    {"what refuses outranks what holds", "D", IN_2023(EMPLOYER, APPLICATION),
     WITH(DAYS_2023, {FIELD_HIRE_WORKER_CONSENTED_AT, NEVER},
          {FIELD_HIRE_MONTHS_UNEMPLOYED, IS(0)}),
     "REJECT GHOST_WORKER_SUSPECTED,UNEMPLOYMENT_TOO_SHORT"},

    /* 2024. */
    {"2024: a disabled worker", "SD24", IN_2024(EMPLOYER, APPLICATION), WITH(DAYS_2024),
     "PASS"},
    {"2024: a former convict", "NST24", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS_2024, GROUP("EX_CONVICT")), "PASS"},
    {"2024: an older worker", "ST24", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS_2024, GROUP("SENIOR_CITIZEN")), "PASS"},
    {"2024: a single mother is in no group", "ST24", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS_2024, GROUP("WOMAN_RETURNER_OR_SINGLE_MOTHER_OR_HOUSEWIFE")),
     "REJECT TARGET_GROUP_NOT_MET"},
    {"2024: 31 December 2023", "SD24", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2023, 12, 31), ON(2023, 12, 1))), "REJECT APPLICATION_WINDOW"},
    {"2024: 1 January", "SD24", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2024, 1, 1), ON(2024, 1, 1))), "PASS"},
    {"2024: 31 December", "SD24", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2024, 12, 31), ON(2024, 12, 1))), "PASS"},
    {"2024: 1 January 2025", "SD24", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 1, 1), ON(2024, 12, 1))), "REJECT APPLICATION_WINDOW"},
    {"2024: a citizen of another country", "D", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS_2024, {FIELD_APPLICATION_CITIZENSHIP, SAYS("ID")}), "REJECT ID_NOT_CITIZEN"},
    {"2024: unemployment is not asked", "SP23", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS_2024, {FIELD_HIRE_MONTHS_UNEMPLOYED, IS(0)}), "PASS"},
    {"2024: RM1,499.99 a month", "WAGE", IN_2024(EMPLOYER, APPLICATION),
     WITH(DAYS_2024, {FIELD_HIRE_MONTHLY_WAGE, IS(149999)}), "REJECT WAGE_BELOW_MINIMUM"},

    /* 2025: hired from 1 December 2024, private employers and those of the state's funds. */
    {"2025: a disabled worker", "CZ", IN_2025(EMPLOYER, APPLICATION), AS_ALL_IS_WELL, "PASS"},
    {"2025: hired on 30 November 2024", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 1, 15), ON(2024, 11, 30))), "REJECT HIRE_BEFORE_SCHEME"},
    {"2025: hired on 1 December 2024", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 1, 15), ON(2024, 12, 1))), "PASS"},
    {"2025: 31 December 2024", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2024, 12, 31), ON(2024, 12, 2))), "REJECT APPLICATION_WINDOW"},
    {"2025: 1 January", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 1, 1), ON(2024, 12, 2))), "PASS"},
    {"2025: 31 December", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 12, 31), ON(2025, 12, 1))), "PASS"},
    {"2025: 1 January 2026", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2026, 1, 1), ON(2025, 12, 1))), "REJECT APPLICATION_WINDOW"},
    {"2025: a former convict", "ST25", IN_2025(EMPLOYER, APPLICATION),
     WITH(GROUP("EX_CONVICT")), "PASS"},
    {"2025: an older worker is in no group", "TSUN25", IN_2025(EMPLOYER, APPLICATION),
     WITH(GROUP("SENIOR_CITIZEN")), "REJECT TARGET_GROUP_NOT_MET"},
    {"2025: citizenship is not asked", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_APPLICATION_CITIZENSHIP, SAYS("ID")}), "PASS"},
    {"2025: a company of the state", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_EMPLOYER_TYPE, SAYS("GLC")}), "PASS"},
    {"2025: a fund of the state", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_EMPLOYER_TYPE, SAYS("GLIC")}), "PASS"},
    {"2025: a ministry", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_EMPLOYER_TYPE, SAYS("PUBLIC")}), "REJECT EMPLOYER_TYPE_EXCLUDED"},
    {"2025: a sole proprietor", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_EMPLOYER_TYPE, SAYS("SOLE_PROPRIETOR")}),
     "REJECT EMPLOYER_TYPE_EXCLUDED"},
    {"2025: a kind of employer that nobody told", "D", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_EMPLOYER_TYPE, UNHEARD}), "HOLD DECLARATION_MISSING"},
    {"2025: no vacancy was posted", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_VACANCY_POSTED, IS(false)}), "HOLD VACANCY_NOT_ADVERTISED"},
    {"2025: nobody told of a vacancy", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_VACANCY_POSTED, UNHEARD}), "HOLD VACANCY_NOT_ADVERTISED"},
    {"2025: the profile is not complete", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_PROFILE_COMPLETE, IS(false)}), "HOLD VACANCY_NOT_ADVERTISED"},
    {"2025: not registered in ASSIST", "CZ", IN_2025(EMPLOYER, APPLICATION),
     WITH({FIELD_HIRE_ASSIST_REGISTERED, IS(false)}), "HOLD VACANCY_NOT_ADVERTISED"},

    /* The minimum wage: RM1,500, from 1 February 2025 RM1,700 for five and more, from 1 August for all. */
    {"RM1,500 on 31 January 2025", "WAGE", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 2, 15), ON(2025, 1, 31)), {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(1500)}),
     "PASS"},
    {"RM1,499.99 on 31 January 2025", "WAGE", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 2, 15), ON(2025, 1, 31)), {FIELD_HIRE_MONTHLY_WAGE, IS(149999)}),
     "REJECT WAGE_BELOW_MINIMUM"},
    {"RM1,699.99 on 1 February 2025 with five workers", "WAGE", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 2, 15), ON(2025, 2, 1)), {FIELD_HIRE_HEADCOUNT, IS(5)},
          {FIELD_HIRE_MONTHLY_WAGE, IS(169999)}),
     "REJECT WAGE_BELOW_MINIMUM"},
    {"RM1,700.00 on 1 February 2025 with five workers", "WAGE", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 2, 15), ON(2025, 2, 1)), {FIELD_HIRE_HEADCOUNT, IS(5)},
          {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(1700)}),
     "PASS"},
    {"RM1,500 on 1 February 2025 with four workers", "WAGE", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 2, 15), ON(2025, 2, 1)), {FIELD_HIRE_HEADCOUNT, IS(4)},
          {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(1500)}),
     "PASS"},
    {"RM1,500 on 31 July 2025 with four workers", "WAGE", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 8, 15), ON(2025, 7, 31)), {FIELD_HIRE_HEADCOUNT, IS(4)},
          {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(1500)}),
     "PASS"},
    {"RM1,699.99 on 1 August 2025 with four workers", "WAGE", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 8, 15), ON(2025, 8, 1)), {FIELD_HIRE_HEADCOUNT, IS(4)},
          {FIELD_HIRE_MONTHLY_WAGE, IS(169999)}),
     "REJECT WAGE_BELOW_MINIMUM"},
    {"RM1,700.00 on 1 August 2025 with four workers", "WAGE", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 8, 15), ON(2025, 8, 1)), {FIELD_HIRE_HEADCOUNT, IS(4)},
          {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(1700)}),
     "PASS"},
    {"RM1,600 in March 2025, the size not known", "D", IN_2025(EMPLOYER, APPLICATION),
     WITH(DAYS(ON(2025, 3, 15), ON(2025, 3, 1)), {FIELD_HIRE_HEADCOUNT, UNHEARD},
          {FIELD_HIRE_MONTHLY_WAGE, RINGGIT(1600)}),
     "HOLD REGISTRY_UNAVAILABLE"},

    /* Paying, a month at a time. */
    {"the month is complete", "SCR", IN_2023(PAY, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"the worker left before the month was complete", "AY22", IN_2023(PAY, COMPLETION),
     WITH({FIELD_HIRE_EMPLOYED_TO_DUE_DAY, IS(false)}), "STOP_ITEM EMPLOYMENT_ENDED"},
    {"another item does not ask for employment", "D", IN_2024(PAY, COMPLETION),
     WITH({FIELD_HIRE_EMPLOYED_TO_DUE_DAY, IS(false)},
          {FIELD_PAYMENT_ITEM, SAYS("training_fee")}),
     "PASS"},
    {"the month is paid", "D", IN_2025(PAY, INCENTIVE), AS_ALL_IS_WELL, "PASS"},
    {"nothing to a revoked award", "D", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"no amount is known", "D", IN_2025(PAY, INCENTIVE), WITH({FIELD_PAYMENT_AMOUNT, NEVER}),
     "HOLD AMOUNT_UNKNOWN"},
    {"payments are paused", "D", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_PROGRAMME_PAUSED, IS(true)}), "HOLD PROGRAMME_PAUSED"},
    {"a fraud case is open", "FMT23", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("FRAUD_SUSPECTED"))}), "HOLD FRAUD_SUSPECTED"},
    {"on an auditor's list", "D", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("AUDIT_FINDING"))}), "HOLD AUDIT_FINDING"},
    {"no account", "D", IN_2025(PAY, INCENTIVE), WITH({FIELD_ACCOUNT_LINKED_AT, NEVER}),
     "HOLD ACCT_NOT_LINKED"},
    {"a blocked account", "D", IN_2025(PAY, INCENTIVE), WITH({FIELD_ACCOUNT_ACTIVE, IS(false)}),
     "HOLD ACCT_INACTIVE_OR_BLOCKED"},
    {"an account in dollars", "D", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_CURRENCY, SAYS("USD")}), "HOLD ACCT_CURRENCY"},
    {"room for exactly this payment", "D", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_HEADROOM, RINGGIT(600)}, {FIELD_ACCOUNT_HEADROOM_AFTER, IS(0)}),
     "PASS"},
    {"room for one sen less", "D", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_HEADROOM, IS(59999)}, {FIELD_ACCOUNT_HEADROOM_AFTER, IS(-1)}),
     "RETRY WALLET_LIMIT_EXCEEDED"},
    {"branches of an employer share an account", "D", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_PERSONS, IS(2)}), "PASS"},
    {"one person on an account", "REP21", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_PAYMENT_PAYEE_KIND, SAYS("PARTICIPANT")}), "PASS"},
    {"two people on one account", "REP21", IN_2025(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_PERSONS, IS(2)}, {FIELD_PAYMENT_PAYEE_KIND, SAYS("PARTICIPANT")}),
     "HOLD FRAUD_SHARED_PAYEE"},
};

static const struct rule_cases all = {PROGRAMMES "/daya-kerjaya.yaml", well,
                                      sizeof well / sizeof well[0],    cases,
                                      sizeof cases / sizeof cases[0],  0};

static void the_application_day_picks_the_version(void **state)
{
    static const struct {
        struct civil on;
        const char *scheme;
        int64_t package_hundredths;
        int instalments, year;
    } days[] = {{{2023, 12, 31}, "daya-kerjaya-2023", 180000, 3, 2023},
                {{2024, 1, 1}, "daya-kerjaya-2024", 900000, 6, 2024},
                {{2024, 12, 31}, "daya-kerjaya-2024", 900000, 6, 2024},
                {{2025, 1, 1}, "daya-kerjaya-2025", 180000, 3, 2025},
                {{2026, 1, 1}, "daya-kerjaya-2025", 180000, 3, 2026}};
    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        epoch_day on = day_from_civil(days[i].on);
        const struct scheme *scheme = scheme_for_day(programme, on);
        assert_true(slice_is(scheme->name, days[i].scheme));
        assert_int_equal(scheme->package_hundredths, days[i].package_hundredths);
        assert_int_equal(schedule_instalments(&scheme->benefits[0]), days[i].instalments);
        assert_int_equal(year_for_day(scheme, on)->year, days[i].year);
    }
    assert_int_equal(programme->once_per, ONCE_PER_HIRE);
    assert_true(slice_is(programme->exclusive_group, "hiring-incentive"));
}

/* Month n is complete on the hire day + n months, counted from the hire day. */
static void a_month_is_due_when_it_is_complete(void **state)
{
    (void)state;
    const struct benefit *benefit = benefit_find(
        scheme_find(programme, SLICE("daya-kerjaya-2024")), SLICE("hiring_incentive"));
    struct due_days days = {0};
    epoch_day start = 0;
    days.known[DUE_HIRED_ON] = true;
    days.day[DUE_HIRED_ON] = DAY(2023, 11, 30);
    assert_true(schedule_start(benefit, &days, &start));
    assert_int_equal(schedule_due_on(benefit, start, 1), DAY(2023, 12, 30));
    assert_int_equal(schedule_due_on(benefit, start, 3), DAY(2024, 2, 29)); /* a leap year */
    assert_int_equal(schedule_due_on(benefit, start, 6), DAY(2024, 5, 30));
    assert_int_equal(benefit->amount_hundredths, 150000);
    assert_int_equal(benefit->payee, PAYS_EMPLOYER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_comes_out_as_published),
        cmocka_unit_test(a_change_of_any_condition_is_noticed),
        cmocka_unit_test(the_application_day_picks_the_version),
        cmocka_unit_test(a_month_is_due_when_it_is_complete),
    };
    return cmocka_run_group_tests_name("programmes/daya-kerjaya", tests, load_file, free_file);
}
