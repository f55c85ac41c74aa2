/* Bina Kerjaya by its file: both sides of each bound, each with its source. */
#include "programme_cases.h"

#define AT(phase, service) .scheme = "bina-kerjaya-2023", PHASE_##phase, SERVICE_##service

/* Thirty years old, with SPM, never in formal work, in a course of 45 hours. */
static const struct known well[] = {
    {FIELD_PERSON_OTHER_APPLICATIONS, IS(0)},
    {FIELD_APPLICATION_CITIZENSHIP, SAYS("MY")},
    {FIELD_APPLICANT_AGE, IS(30)},
    {FIELD_APPLICATION_HIGHEST_QUALIFICATION, SAYS("SPM")},
    {FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON, NEVER},
    {FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION, NEVER},
    {FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE, NEVER},
    {FIELD_APPLICATION_INFORMAL_ONLY, IS(true)},
    {FIELD_APPLICATION_DAY, IS(ON(2023, 6, 15))},
    {FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY, IS(5)},
    {FIELD_APPLICATION_WANTS_FORMAL_JOB, IS(false)},
    {FIELD_AWARD_REVOKED, IS(false)},
    {FIELD_AWARD_PURCHASES, IS(0)},
    {FIELD_PURCHASE_PRICE, RINGGIT(2000)},
    {FIELD_COURSE_CATEGORY, SAYS("RPEL")},
    {FIELD_COURSE_TOTAL_MINUTES, IS(2700)},
    {FIELD_PROVIDER_REGISTERED_ON, IS(ON(2015, 3, 1))},
    {FIELD_PROVIDER_CONTRIBUTION_EXEMPT, IS(false)},
    {FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(24)},
    {FIELD_PROVIDER_MONTHS_OPERATING, IS(60)},
    {FIELD_PROVIDER_ACCREDITATIONS, NAMES(NAME("JPK"))},
    {FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 5, 5))},
    {FIELD_COMPLETION_CERTIFICATE_ID, SAYS("C-1")},
    {FIELD_PAYMENT_AMOUNT, RINGGIT(300)},
    {FIELD_PAYMENT_PAYEE_KIND, SAYS("PARTICIPANT")},
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
    /* Who may apply. */
    {"a gig worker applies", "MOFB", AT(APPLY, APPLICATION), AS_ALL_IS_WELL, "PASS"},
    {"one application is under way", "D", AT(APPLY, APPLICATION),
     WITH({FIELD_PERSON_OTHER_APPLICATIONS, IS(1)}), "REJECT ALREADY_APPLIED"},
    {"a citizen of another country", "MOFB", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_CITIZENSHIP, SAYS("ID")}), "REJECT ID_NOT_CITIZEN"},
    {"fifteen", "MOFB", AT(APPLY, APPLICATION), WITH({FIELD_APPLICANT_AGE, IS(15)}),
     "REJECT AGE_OUT_OF_RANGE"},
    {"sixteen", "MOFB", AT(APPLY, APPLICATION), WITH({FIELD_APPLICANT_AGE, IS(16)}), "PASS"},
    {"forty", "AHK", AT(APPLY, APPLICATION), WITH({FIELD_APPLICANT_AGE, IS(40)}), "PASS"},
    {"forty-one", "AHK", AT(APPLY, APPLICATION), WITH({FIELD_APPLICANT_AGE, IS(41)}),
     "REJECT AGE_OUT_OF_RANGE"},
    {"no schooling", "MOFB", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_HIGHEST_QUALIFICATION, SAYS("NONE")}), "PASS"},
    {"lower secondary", "MOFB", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_HIGHEST_QUALIFICATION, SAYS("PMR_OR_PT3")}), "PASS"},
    {"STPM is above SPM", "ED23", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_HIGHEST_QUALIFICATION, SAYS("STPM")}), "REJECT EDU_ABOVE_MAX"},
    {"a degree", "MOFB", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_HIGHEST_QUALIFICATION, SAYS("DEGREE")}), "REJECT EDU_ABOVE_MAX"},
    {"schooling that nobody told", "MOFB", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_HIGHEST_QUALIFICATION, UNHEARD}), "HOLD DECLARATION_MISSING"},
    {"a school of another country", "D", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_HIGHEST_QUALIFICATION, SAYS("ABITUR")}),
     "HOLD DECLARATION_MISSING"},

    /* No formal contribution in six months. */
    {"formal work five months ago", "MOFB", AT(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON, IS(ON(2023, 1, 1))},
          {FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION, IS(5)}),
     "REJECT FORMAL_CONTRIB_RECENT"},
    {"formal work six months ago", "MPS", AT(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON, IS(ON(2022, 12, 15))},
          {FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION, IS(6)}),
     "PASS"},
    {"SOCSO has not answered", "D", AT(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON, UNHEARD},
          {FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION, UNHEARD},
          {FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE, UNHEARD}),
     "HOLD REGISTRY_UNAVAILABLE"},
    {"too old, whatever SOCSO will say", "D", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICANT_AGE, IS(70)}, {FIELD_MEMBER_LAST_FORMAL_CONTRIBUTION_ON, UNHEARD},
          {FIELD_MEMBER_MONTHS_SINCE_FORMAL_CONTRIBUTION, UNHEARD}),
     "REJECT AGE_OUT_OF_RANGE"},

    /* A member before 1 April 2023, or informal work only. */
    {"a member since 31 March 2023 with other work", "MPS", AT(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE, IS(ON(2023, 3, 31))},
          {FIELD_APPLICATION_INFORMAL_ONLY, IS(false)}),
     "PASS"},
    {"a member since 1 April 2023 with other work", "MPS", AT(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE, IS(ON(2023, 4, 1))},
          {FIELD_APPLICATION_INFORMAL_ONLY, IS(false)}),
     "REJECT NOT_INFORMAL_SECTOR"},
    {"a member since 1 April 2023 with informal work only", "MPS", AT(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_SELF_EMPLOYED_MEMBER_SINCE, IS(ON(2023, 4, 1))}), "PASS"},
    {"no member, with other work", "MPS", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_INFORMAL_ONLY, IS(false)}), "REJECT NOT_INFORMAL_SECTOR"},
    {"no member, work not told", "MPS", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_INFORMAL_ONLY, UNHEARD}), "HOLD DECLARATION_MISSING"},

    /* The days on which applications are taken. */
    {"30 April 2023", "MOFB", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_DAY, IS(ON(2023, 4, 30))}), "REJECT APPLICATION_WINDOW"},
    {"1 May 2023", "MOFB", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_DAY, IS(ON(2023, 5, 1))}), "PASS"},
    {"31 December 2023", "SP23", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_DAY, IS(ON(2023, 12, 31))}), "PASS"},
    {"1 January 2024", "SP23", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_DAY, IS(ON(2024, 1, 1))}), "REJECT APPLICATION_WINDOW"},
    {"the operator's silence refuses nobody", "MPS", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_WORKING_DAYS_WITHOUT_REPLY, IS(31)}), "PASS"},
    {"all that is wrong is told at once", "D", AT(APPLY, APPLICATION),
     WITH({FIELD_APPLICANT_AGE, IS(15)}, {FIELD_APPLICATION_CITIZENSHIP, SAYS("ID")},
          {FIELD_APPLICATION_DAY, IS(ON(2024, 1, 1))}),
     "REJECT AGE_OUT_OF_RANGE,APPLICATION_WINDOW,ID_NOT_CITIZEN"},

    /* Priority. */
    {"who stays informal is not raised", "MOFB", AT(SELECT, APPLICATION), AS_ALL_IS_WELL,
     "PASS"},
    {"who wants formal work is raised", "MOFB", AT(SELECT, APPLICATION),
     WITH({FIELD_APPLICATION_WANTS_FORMAL_JOB, IS(true)}), "PRIORITY PRIO_TRANSITION"},
    {"what nobody told raises nobody", "MPS", AT(SELECT, APPLICATION),
     WITH({FIELD_APPLICATION_WANTS_FORMAL_JOB, UNHEARD}), "PASS"},

    /* Booking a course. */
    {"a course is booked", "AHK", AT(PURCHASE, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"the award was revoked before", "D", AT(PURCHASE, COMPLETION),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"RM2,500.00 for RPEL", "AHK", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(2500)}), "PASS"},
    {"RM2,500.01 for RPEL", "AHK", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, IS(250001)}), "REJECT FEE_ABOVE_CAP"},
    {"RM2,500.00 for competency", "SP23", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(2500)}, {FIELD_COURSE_CATEGORY, SAYS("COMPETENCY")}),
     "PASS"},
    {"RM2,500.01 for competency", "SP23", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, IS(250001)}, {FIELD_COURSE_CATEGORY, SAYS("COMPETENCY")}),
     "REJECT FEE_ABOVE_CAP"},
    {"RM4,000.00 for professional", "MOFP", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(4000)}, {FIELD_COURSE_CATEGORY, SAYS("PROFESSIONAL")}),
     "PASS"},
    {"RM4,000.01 for professional", "MOFP", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, IS(400001)}, {FIELD_COURSE_CATEGORY, SAYS("PROFESSIONAL")}),
     "REJECT FEE_ABOVE_CAP"},
    {"RM4,000.00 for a microcredential", "AHK", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(4000)},
          {FIELD_COURSE_CATEGORY, SAYS("MICROCREDENTIAL")}),
     "PASS"},
    {"RM4,000.01 for a microcredential", "AHK", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, IS(400001)}, {FIELD_COURSE_CATEGORY, SAYS("MICROCREDENTIAL")}),
     "REJECT FEE_ABOVE_CAP"},
    {"a category that is not known may cost the lower cap", "D", AT(PURCHASE, COMPLETION),
     WITH({FIELD_COURSE_CATEGORY, UNHEARD}), "PASS"},
    {"a category that is not known holds above it", "D", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(3000)}, {FIELD_COURSE_CATEGORY, UNHEARD}),
     "HOLD REGISTRY_UNAVAILABLE"},
    {"a category that has no cap has no benefit either", "D", AT(PURCHASE, COMPLETION),
     WITH({FIELD_PURCHASE_PRICE, RINGGIT(4500)}, {FIELD_COURSE_CATEGORY, SAYS("HOBBY")}),
     "PASS"},
    {"a second course", "AHK", AT(PURCHASE, COMPLETION), WITH({FIELD_AWARD_PURCHASES, IS(1)}),
     "PASS"},
    {"a third course", "AHK", AT(PURCHASE, COMPLETION), WITH({FIELD_AWARD_PURCHASES, IS(2)}),
     "REJECT PROGRAMME_COUNT_REACHED"},

    /* Providers and their courses. */
    {"a course is listed", "MOFP", AT(PROVIDER, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"40 hours", "AHK", AT(PROVIDER, COMPLETION), WITH({FIELD_COURSE_TOTAL_MINUTES, IS(2400)}),
     "PASS"},
    {"a minute short of 40 hours", "AHK", AT(PROVIDER, COMPLETION),
     WITH({FIELD_COURSE_TOTAL_MINUTES, IS(2399)}), "REJECT PROV_HOURS_SHORT"},
    {"registered on 31 December 2022", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_REGISTERED_ON, IS(ON(2022, 12, 31))}), "PASS"},
    {"registered on 1 January 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_REGISTERED_ON, IS(ON(2023, 1, 1))}), "REJECT PROV_TOO_NEW"},
    {"twelve months of contributions", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(12)}), "PASS"},
    {"eleven months of contributions", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(11)}), "REJECT PROV_CONTRIB_SHORT"},
    {"private higher education is exempt from both", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_CONTRIBUTION_EXEMPT, IS(true)}, {FIELD_PROVIDER_REGISTERED_ON, NEVER},
          {FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(0)}),
     "PASS"},
    {"nobody told whether it is exempt", "D", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_CONTRIBUTION_EXEMPT, UNHEARD},
          {FIELD_PROVIDER_CONTRIBUTION_MONTHS, IS(3)}),
     "HOLD REGISTRY_UNAVAILABLE"},
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
    {"accredited by somebody else", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_ACCREDITATIONS, NAMES(NAME("ISO9001"))}),
     "REJECT PROV_LICENCE_MISSING"},
    {"the provider asks on 19 April 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 4, 19))}), "REJECT PROV_WINDOW_CLOSED"},
    {"the provider asks on 20 April 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 4, 20))}), "PASS"},
    {"the provider asks on 31 May 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 5, 31))}), "PASS"},
    {"the provider asks on 1 June 2023", "MOFP", AT(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_APPLIED_ON, IS(ON(2023, 6, 1))}), "REJECT PROV_WINDOW_CLOSED"},

    /* Completion. */
    {"a course is finished", "D", AT(COMPLETE, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"the award was revoked meanwhile", "D", AT(COMPLETE, COMPLETION),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"no certificate", "D", AT(COMPLETE, COMPLETION),
     WITH({FIELD_COMPLETION_CERTIFICATE_ID, NEVER}), "HOLD CERT_MISSING"},

    /* Paying. */
    {"the allowance is paid", "MOFB", AT(PAY, INCENTIVE), AS_ALL_IS_WELL, "PASS"},
    {"nothing to a revoked award", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"no amount is known", "D", AT(PAY, INCENTIVE), WITH({FIELD_PAYMENT_AMOUNT, NEVER}),
     "HOLD AMOUNT_UNKNOWN"},
    {"payments are paused", "D", AT(PAY, INCENTIVE), WITH({FIELD_PROGRAMME_PAUSED, IS(true)}),
     "HOLD PROGRAMME_PAUSED"},
    {"a fraud case is open", "SDN23", AT(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("FRAUD_SUSPECTED"))}), "HOLD FRAUD_SUSPECTED"},
    {"on an auditor's list", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("AUDIT_FINDING"))}), "HOLD AUDIT_FINDING"},
    {"no account", "D", AT(PAY, INCENTIVE), WITH({FIELD_ACCOUNT_LINKED_AT, NEVER}),
     "HOLD ACCT_NOT_LINKED"},
    {"a blocked account", "D", AT(PAY, INCENTIVE), WITH({FIELD_ACCOUNT_ACTIVE, IS(false)}),
     "HOLD ACCT_INACTIVE_OR_BLOCKED"},
    {"an account in dollars", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_CURRENCY, SAYS("USD")}), "HOLD ACCT_CURRENCY"},
    {"room for exactly this payment", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_HEADROOM, RINGGIT(300)}, {FIELD_ACCOUNT_HEADROOM_AFTER, IS(0)}),
     "PASS"},
    {"room for one sen less", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_HEADROOM, IS(29999)}, {FIELD_ACCOUNT_HEADROOM_AFTER, IS(-1)}),
     "RETRY WALLET_LIMIT_EXCEEDED"},
    {"two people on one account", "REP21", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_PERSONS, IS(2)}), "HOLD FRAUD_SHARED_PAYEE"},
    {"two of a provider's names on one account", "D", AT(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_PERSONS, IS(2)}, {FIELD_PAYMENT_PAYEE_KIND, SAYS("PROVIDER")}),
     "PASS"},
};

static const struct rule_cases all = {PROGRAMMES "/bina-kerjaya.yaml", well,
                                      sizeof well / sizeof well[0],    cases,
                                      sizeof cases / sizeof cases[0],  0};

static void fees_have_a_cap_by_the_course_and_the_award_holds_two(void **state)
{
    (void)state;
    const struct scheme *scheme = scheme_for_day(programme, DAY(2023, 6, 1));
    assert_int_equal(scheme->package_hundredths, 890000);
    assert_int_equal(scheme->benefit_count, 3);
    assert_int_equal(scheme->benefits[0].amount_hundredths, 250000);
    assert_int_equal(scheme->benefits[0].category_count, 2);
    assert_true(slice_is(scheme->benefits[0].categories[1], "COMPETENCY"));
    assert_int_equal(scheme->benefits[1].amount_hundredths, 400000);
    assert_true(slice_is(scheme->benefits[1].categories[1], "MICROCREDENTIAL"));
    assert_int_equal(scheme->benefits[1].instalments, 0);
}

/* A month begun counts, and is due when it ends: 31 January, 28 February, 31 March. */
static void the_allowance_falls_due_at_the_end_of_each_month(void **state)
{
    (void)state;
    const struct scheme *scheme = scheme_for_day(programme, DAY(2023, 6, 1));
    const struct benefit *benefit = benefit_find(scheme, SLICE("training_allowance"));
    struct due_days days = {0};
    epoch_day start = 0;
    assert_false(schedule_start(benefit, &days, &start));
    days.known[DUE_COURSE_STARTS_ON] = true;
    days.day[DUE_COURSE_STARTS_ON] = DAY(2022, 12, 31);
    assert_true(schedule_start(benefit, &days, &start));
    assert_int_equal(schedule_instalments(benefit), 3);
    assert_int_equal(benefit->amount_hundredths, 30000);
    assert_true(benefit->due_not_after_course_end);
    assert_int_equal(schedule_due_on(benefit, start, 1), DAY(2023, 1, 31));
    assert_int_equal(schedule_due_on(benefit, start, 2), DAY(2023, 2, 28));
    assert_int_equal(schedule_due_on(benefit, start, 3), DAY(2023, 3, 31));
}

static void an_award_of_2023_ends_in_june_2024(void **state)
{
    (void)state;
    const struct scheme *scheme = scheme_for_day(programme, DAY(2023, 12, 31));
    struct due_deadline due;
    assert_true(schedule_deadline(scheme, DEADLINE_AWARD_ENDS, 0,
                                  year_for_day(scheme, DAY(2023, 12, 31)), 0, &due));
    assert_int_equal(due.last_day, DAY(2024, 6, 30));
    assert_int_equal(due.fires_at, day_to_instant(DAY(2024, 7, 1), 480));
    assert_false(schedule_deadline(scheme, DEADLINE_FIRST_PURCHASE, 0,
                                   year_for_day(scheme, DAY(2023, 12, 31)), 0, &due));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_comes_out_as_published),
        cmocka_unit_test(a_change_of_any_condition_is_noticed),
        cmocka_unit_test(fees_have_a_cap_by_the_course_and_the_award_holds_two),
        cmocka_unit_test(the_allowance_falls_due_at_the_end_of_each_month),
        cmocka_unit_test(an_award_of_2023_ends_in_june_2024),
    };
    return cmocka_run_group_tests_name("programmes/bina-kerjaya", tests, load_file, free_file);
}
