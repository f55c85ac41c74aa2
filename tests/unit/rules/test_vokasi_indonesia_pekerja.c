/* Vokasi Indonesia Pekerja by its file: both sides of each bound, each with its source. */
#include "programme_cases.h"

#include <inttypes.h>

#define AT_2019(phase, service) .scheme = "vokasi-2019", PHASE_##phase, SERVICE_##service
#define AT_2020(phase, service) .scheme = "vokasi-2020", PHASE_##phase, SERVICE_##service

/* Laid off five months ago after three years of contributions, savings untouched. */
static const struct known well[] = {
    {FIELD_PERSON_OTHER_APPLICATIONS, IS(0)},
    {FIELD_APPLICATION_CITIZENSHIP, SAYS("ID")},
    {FIELD_MEMBER_CATEGORY, SAYS("PU_LAID_OFF")},
    {FIELD_MEMBER_CONTRIBUTION_MONTHS, IS(36)},
    {FIELD_PARAMETER_LOWEST_DISTRICT_WAGE, IS(INT64_C(150000000))},
    {FIELD_MEMBER_WAGE_ABOVE_FLOOR, IS(INT64_C(50000000))},
    {FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT, IS(5)},
    {FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT, IS(6)},
    {FIELD_MEMBER_ACTIVE, IS(false)},
    {FIELD_APPLICANT_AGE, IS(30)},
    {FIELD_MEMBER_SAVINGS_WITHDRAWN_ON, NEVER},
    {FIELD_CHECK_POPULATION, SAYS("MATCH")},
    {FIELD_APPLICATION_DECLARATIONS, NAMES(NAME("STATEMENT_SIGNED"))},
    {FIELD_PERSON_AWARDS_IN_PROGRAMME, IS(0)},
    {FIELD_AWARD_REVOKED, IS(false)},
    {FIELD_COURSE_MODE, SAYS("CLASSROOM")},
    {FIELD_TRAINING_PLACE_RESTRICTED, IS(false)},
    {FIELD_PROVIDER_LICENCES, NAMES(NAME("DISNAKER"))},
    {FIELD_PROVIDER_MONTHS_OPERATING, IS(30)},
    {FIELD_COMPLETION_CERTIFICATE_ID, SAYS("C-1")},
    {FIELD_PAYMENT_AMOUNT, IS(5000000)},
    {FIELD_PAYMENT_PAYEE_KIND, SAYS("PARTICIPANT")},
    {FIELD_PROGRAMME_PAUSED, IS(false)},
    {FIELD_AWARD_HOLDS, NOBODY},
    {FIELD_ACCOUNT_LINKED_AT, IS(1)},
    {FIELD_ACCOUNT_ACTIVE, IS(true)},
    {FIELD_ACCOUNT_CURRENCY, SAYS("IDR")},
    {FIELD_ACCOUNT_HEADROOM, NEVER},
    {FIELD_ACCOUNT_HEADROOM_AFTER, NEVER},
    {FIELD_ACCOUNT_PERSONS, IS(1)},
};

static const struct rule_case cases[] = {
    /* 2019: for members who had lost their job. */
    {"2019: laid off five months ago", "IDN", AT_2019(APPLY, APPLICATION), AS_ALL_IS_WELL,
     "PASS"},
    {"2019: one application is under way", "D", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_PERSON_OTHER_APPLICATIONS, IS(1)}), "REJECT ALREADY_APPLIED"},
    {"2019: a citizen of another country", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_CITIZENSHIP, SAYS("MY")}), "REJECT ID_NOT_CITIZEN"},
    {"2019: a member who earned a wage and works", "FB19", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("PU_ACTIVE")}), "PASS"},
    {"2019: a self-employed member", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("BPU")}), "REJECT MEMBER_CATEGORY"},
    {"2019: a migrant worker", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("PMI")}), "REJECT MEMBER_CATEGORY"},
    {"2019: no member", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("NONE")}), "REJECT MEMBER_CATEGORY"},
    {"2019: eleven months of contributions", "KBN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CONTRIBUTION_MONTHS, IS(11)}), "REJECT CONTRIB_MONTHS_SHORT"},
    {"2019: twelve months of contributions", "KBN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CONTRIBUTION_MONTHS, IS(12)}), "PASS"},
    {"2019: a wage at the floor", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_WAGE_ABOVE_FLOOR, IS(0)}), "PASS"},
    {"2019: a wage below the floor", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_WAGE_ABOVE_FLOOR, IS(-1)}), "REJECT WAGE_BELOW_FLOOR"},
    {"2019: while no floor is given none is asked", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_PARAMETER_LOWEST_DISTRICT_WAGE, NEVER},
          {FIELD_MEMBER_WAGE_ABOVE_FLOOR, UNHEARD}),
     "PASS"},
    {"2019: the job ended a day less than a month ago", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT, IS(0)},
          {FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT, IS(1)}),
     "REJECT UNEMPLOYMENT_WINDOW"},
    {"2019: the job ended a month ago", "KBN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT, IS(1)},
          {FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT, IS(1)}),
     "PASS"},
    {"2019: the job ended 24 months ago", "KBN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT, IS(24)},
          {FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT, IS(24)}),
     "PASS"},
    {"2019: the job ended 24 months and a day ago", "IDN", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT, IS(24)},
          {FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT, IS(25)}),
     "REJECT UNEMPLOYMENT_WINDOW"},
    {"2019: nobody told when the job ended", "D", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT, UNHEARD},
          {FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT, UNHEARD}),
     "HOLD DECLARATION_MISSING"},
    {"2019: still an active member", "L6-19", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_ACTIVE, IS(true)}), "REJECT MEMBER_STILL_ACTIVE"},
    {"2019: forty", "SU19", AT_2019(APPLY, APPLICATION), WITH({FIELD_APPLICANT_AGE, IS(40)}),
     "PASS"},
    {"2019: forty-one", "L6-19", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_APPLICANT_AGE, IS(41)}), "REJECT AGE_ABOVE_MAX"},
    {"2019: savings withdrawn waits for an officer", "SU19", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_SAVINGS_WITHDRAWN_ON, IS(ON(2018, 5, 1))}), "HOLD JHT_STATUS"},
    {"2019: the membership has not come", "D", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, UNHEARD}, {FIELD_MEMBER_CONTRIBUTION_MONTHS, UNHEARD},
          {FIELD_MEMBER_ACTIVE, UNHEARD}, {FIELD_MEMBER_SAVINGS_WITHDRAWN_ON, UNHEARD}),
     "HOLD REGISTRY_UNAVAILABLE"},
    {"2019: the number is not asked of the register", "AN20", AT_2019(APPLY, APPLICATION),
     WITH({FIELD_CHECK_POPULATION, SAYS("NO_MATCH")}, {FIELD_APPLICATION_DECLARATIONS, NOBODY}),
     "PASS"},
    {"2019: had it before", "IDN", AT_2019(SELECT, APPLICATION),
     WITH({FIELD_PERSON_AWARDS_IN_PROGRAMME, IS(1)}), "REJECT ALREADY_BENEFITED"},
    {"2019: for the first time", "IDN", AT_2019(SELECT, APPLICATION), AS_ALL_IS_WELL, "PASS"},

    /* 2020: for all members. */
    {"2020: a laid-off member", "AN20", AT_2020(APPLY, APPLICATION), AS_ALL_IS_WELL, "PASS"},
    {"2020: one application is under way", "D", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_PERSON_OTHER_APPLICATIONS, IS(1)}), "REJECT ALREADY_APPLIED"},
    {"2020: an active member", "AN20", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("PU_ACTIVE")}, {FIELD_MEMBER_ACTIVE, IS(true)}), "PASS"},
    {"2020: a self-employed member", "AN20", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("BPU")}), "PASS"},
    {"2020: a migrant worker", "SEED1", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("PMI")}), "PASS"},
    {"2020: no member", "TS20", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("NONE")}), "REJECT MEMBER_CATEGORY"},
    {"2020: eleven months of contributions", "SEED1", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CONTRIBUTION_MONTHS, IS(11)}), "REJECT CONTRIB_MONTHS_SHORT"},
    {"2020: twelve months of contributions", "SEED1", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_CONTRIBUTION_MONTHS, IS(12)}), "PASS"},
    {"2020: fifty", "AN20", AT_2020(APPLY, APPLICATION), WITH({FIELD_APPLICANT_AGE, IS(50)}),
     "PASS"},
    {"2020: fifty-one", "AN20", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_APPLICANT_AGE, IS(51)}), "REJECT AGE_ABOVE_MAX"},
    {"2020: the number is another person's", "AN20", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_CHECK_POPULATION, SAYS("NO_MATCH")}), "HOLD ID_NIK_MISMATCH"},
    {"2020: the register has not answered", "D", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_CHECK_POPULATION, UNHEARD}), "HOLD REGISTRY_UNAVAILABLE"},
    {"2020: the statement is not signed", "AN20", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_DECLARATIONS, NOBODY}), "HOLD DECLARATION_MISSING"},
    {"2020: another statement does not do", "AN20", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_APPLICATION_DECLARATIONS, NAMES(NAME("PHOTO_CONSENT"))}),
     "HOLD DECLARATION_MISSING"},
    {"2020: no waiting after the job's end is asked", "AN20", AT_2020(APPLY, APPLICATION),
     WITH({FIELD_MEMBER_FULL_MONTHS_SINCE_EMPLOYMENT, IS(0)},
          {FIELD_MEMBER_MONTHS_BEGUN_SINCE_EMPLOYMENT, IS(40)},
          {FIELD_MEMBER_WAGE_ABOVE_FLOOR, IS(-1)}),
     "PASS"},
    {"2020: had it before", "D", AT_2020(SELECT, APPLICATION),
     WITH({FIELD_PERSON_AWARDS_IN_PROGRAMME, IS(1)}),
     "REJECT ALREADY_BENEFITED PRIO_LAID_OFF_JHT_INTACT"},
    {"2020: laid off with savings intact is raised", "AN20", AT_2020(SELECT, APPLICATION),
     AS_ALL_IS_WELL, "PRIORITY PRIO_LAID_OFF_JHT_INTACT"},
    {"2020: savings withdrawn, not raised", "TS20", AT_2020(SELECT, APPLICATION),
     WITH({FIELD_MEMBER_SAVINGS_WITHDRAWN_ON, IS(ON(2020, 2, 1))}), "PASS"},
    {"2020: not laid off, not raised", "TS20", AT_2020(SELECT, APPLICATION),
     WITH({FIELD_MEMBER_CATEGORY, SAYS("PU_ACTIVE")}), "PASS"},
    {"2020: savings not known, not raised", "D", AT_2020(SELECT, APPLICATION),
     WITH({FIELD_MEMBER_SAVINGS_WITHDRAWN_ON, UNHEARD}), "PASS"},

    /* Booking and finishing a course. */
    {"2019: a course is booked", "D", AT_2019(PURCHASE, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"2019: restrictions were not known yet", "SEED1", AT_2019(PURCHASE, COMPLETION),
     WITH({FIELD_TRAINING_PLACE_RESTRICTED, IS(true)}), "PASS"},
    {"the award was revoked before", "D", AT_2020(PURCHASE, COMPLETION),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"2020: a classroom where nothing is restricted", "SEED1", AT_2020(PURCHASE, COMPLETION),
     AS_ALL_IS_WELL, "PASS"},
    {"2020: a classroom under restrictions", "SEED1", AT_2020(PURCHASE, COMPLETION),
     WITH({FIELD_TRAINING_PLACE_RESTRICTED, IS(true)}), "REJECT MODE_NOT_ALLOWED"},
    {"2020: half in the classroom under restrictions", "SEED1", AT_2020(PURCHASE, COMPLETION),
     WITH({FIELD_TRAINING_PLACE_RESTRICTED, IS(true)}, {FIELD_COURSE_MODE, SAYS("BLENDED")}),
     "REJECT MODE_NOT_ALLOWED"},
    {"2020: online under restrictions", "SEED1", AT_2020(PURCHASE, COMPLETION),
     WITH({FIELD_TRAINING_PLACE_RESTRICTED, IS(true)}, {FIELD_COURSE_MODE, SAYS("ONLINE")}),
     "PASS"},
    {"2020: online, wherever", "SEED1", AT_2020(PURCHASE, COMPLETION),
     WITH({FIELD_TRAINING_PLACE_RESTRICTED, UNHEARD}, {FIELD_COURSE_MODE, SAYS("ONLINE")}),
     "PASS"},
    {"2020: a place that is not known holds a classroom", "D", AT_2020(PURCHASE, COMPLETION),
     WITH({FIELD_TRAINING_PLACE_RESTRICTED, UNHEARD}), "HOLD REGISTRY_UNAVAILABLE"},
    {"2020: a course is listed", "SEED1", AT_2020(PROVIDER, COMPLETION), AS_ALL_IS_WELL,
     "PASS"},
    {"2020: no licence of the labour office", "SEED1", AT_2020(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_LICENCES, NAMES(NAME("TOURISM"))}), "REJECT PROV_LICENCE_MISSING"},
    {"2020: a year of work", "SEED1", AT_2020(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_MONTHS_OPERATING, IS(12)}), "PASS"},
    {"2020: a month short of a year", "SEED1", AT_2020(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_MONTHS_OPERATING, IS(11)}), "REJECT PROV_EXPERIENCE_SHORT"},
    {"2019: providers are not asked", "SEED1", AT_2019(PROVIDER, COMPLETION),
     WITH({FIELD_PROVIDER_LICENCES, NOBODY}), "PASS"},
    {"a course is finished", "KBN", AT_2020(COMPLETE, COMPLETION), AS_ALL_IS_WELL, "PASS"},
    {"no certificate", "IDN", AT_2020(COMPLETE, COMPLETION),
     WITH({FIELD_COMPLETION_CERTIFICATE_ID, NEVER}), "HOLD CERT_MISSING"},
    {"finished after the award was revoked", "D", AT_2019(COMPLETE, COMPLETION),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},

    /* Paying: no amount is known, and none is paid. */
    {"an amount that an officer gave would be paid", "D", AT_2020(PAY, INCENTIVE),
     AS_ALL_IS_WELL, "PASS"},
    {"an unknown amount is never paid", "D", AT_2019(PAY, INCENTIVE),
     WITH({FIELD_PAYMENT_AMOUNT, NEVER}), "HOLD AMOUNT_UNKNOWN"},
    {"nothing to a revoked award", "D", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_AWARD_REVOKED, IS(true)}), "REJECT AWARD_REVOKED"},
    {"payments are paused", "D", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_PROGRAMME_PAUSED, IS(true)}), "HOLD PROGRAMME_PAUSED"},
    {"a fraud case is open", "D", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("FRAUD_SUSPECTED"))}), "HOLD FRAUD_SUSPECTED"},
    {"on an auditor's list", "D", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_AWARD_HOLDS, NAMES(NAME("AUDIT_FINDING"))}), "HOLD AUDIT_FINDING"},
    {"no account", "D", AT_2020(PAY, INCENTIVE), WITH({FIELD_ACCOUNT_LINKED_AT, NEVER}),
     "HOLD ACCT_NOT_LINKED"},
    {"a blocked account", "D", AT_2020(PAY, INCENTIVE), WITH({FIELD_ACCOUNT_ACTIVE, IS(false)}),
     "HOLD ACCT_INACTIVE_OR_BLOCKED"},
    {"an account in ringgit", "D", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_CURRENCY, SAYS("MYR")}), "HOLD ACCT_CURRENCY"},
    {"room for exactly this payment", "D", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_HEADROOM, IS(5000000)}, {FIELD_ACCOUNT_HEADROOM_AFTER, IS(0)}),
     "PASS"},
    {"room for one hundredth less", "D", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_HEADROOM, IS(4999999)}, {FIELD_ACCOUNT_HEADROOM_AFTER, IS(-1)}),
     "RETRY WALLET_LIMIT_EXCEEDED"},
    {"two people on one account", "REP21", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_PERSONS, IS(2)}), "HOLD FRAUD_SHARED_PAYEE"},
    {"two of a provider's names on one account", "D", AT_2020(PAY, INCENTIVE),
     WITH({FIELD_ACCOUNT_PERSONS, IS(2)}, {FIELD_PAYMENT_PAYEE_KIND, SAYS("PROVIDER")}),
     "PASS"},
};

static const struct rule_cases all = {PROGRAMMES "/vokasi-indonesia-pekerja.yaml",
                                      well,
                                      sizeof well / sizeof well[0],
                                      cases,
                                      sizeof cases / sizeof cases[0],
                                      0};

static void the_application_day_picks_the_version(void **state)
{
    static const struct {
        struct civil on;
        const char *scheme;
        int year;
    } days[] = {{{2019, 7, 15}, "vokasi-2019", 2019}, {{2019, 12, 31}, "vokasi-2019", 2019},
                {{2020, 1, 1}, "vokasi-2019", 2020},  {{2020, 2, 29}, "vokasi-2019", 2020},
                {{2020, 3, 1}, "vokasi-2020", 2020},  {{2030, 12, 31}, "vokasi-2020", 2030}};
    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        epoch_day on = day_from_civil(days[i].on);
        const struct scheme *scheme = scheme_for_day(programme, on);
        assert_true(slice_is(scheme->name, days[i].scheme));
        assert_int_equal(year_for_day(scheme, on)->year, days[i].year);
    }
    assert_null(scheme_for_wave(programme, 1));
}

static void unknown_amounts_load_and_commit_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < programme->scheme_count; i++) {
        const struct scheme *scheme = &programme->schemes[i];
        assert_false(scheme->package_known);
        assert_int_equal(scheme->package_hundredths, 0);
        assert_int_equal(scheme->benefit_count, 2);
        for (size_t j = 0; j < scheme->benefit_count; j++)
            assert_int_equal(scheme->benefits[j].amount_kind, AMOUNT_UNKNOWN);
    }
    assert_int_equal(programme->money_limit_count, 0);
    const struct parameter *floor =
        parameter_find(programme, SLICE("lowest_district_wage"), DAY(2019, 9, 1));
    assert_non_null(floor);
    assert_false(floor->known);
}

/* A branch's seats count in the whole as well. */
static void seats_of_a_branch_count_in_the_whole(void **state)
{
    static const struct {
        const char *scheme, *region, *seats; /* ceilings that are taken from */
    } places[] = {{"vokasi-2019", "3471", "225"},       {"vokasi-2019", "34", "225"},
                  {"vokasi-2019", "3171", ""},          {"vokasi-2019", "3", ""},
                  {"vokasi-2020", "1671", "25000,500"}, {"vokasi-2020", "1672", "25000"},
                  {"vokasi-2020", "3471", "25000"},     {"vokasi-2020", "", "25000"}};
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct scheme *scheme = scheme_find(programme, slice_of(places[i].scheme));
        char seats[64] = "";
        for (size_t j = 0; j < programme->seat_limit_count; j++)
            if (seat_limit_counts(&programme->seat_limits[j], scheme, 0,
                                  slice_of(places[i].region)))
                snprintf(seats + strlen(seats), sizeof seats - strlen(seats), "%s%" PRId64,
                         seats[0] == '\0' ? "" : ",", programme->seat_limits[j].seats);
        assert_string_equal(seats, places[i].seats);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_comes_out_as_published),
        cmocka_unit_test(a_change_of_any_condition_is_noticed),
        cmocka_unit_test(the_application_day_picks_the_version),
        cmocka_unit_test(unknown_amounts_load_and_commit_nothing),
        cmocka_unit_test(seats_of_a_branch_count_in_the_whole),
    };
    return cmocka_run_group_tests_name("programmes/vokasi-indonesia-pekerja", tests, load_file,
                                       free_file);
}
