/*
 * Programmes for employers: both sides of each bound that an application meets, by the files of Daya Kerjaya and Daya
 * Kerjaya TVET; and what others learn of a hire's award.
 */
#include "programmes.h"

enum { ABSENT = -1 };

/* What an employer says otherwise than the one who passes; zero and NULL: as that one does. */
struct hire_case {
    const char *name;
    epoch_day applied, hired, unemployed_since, birth_date;
    int64_t wage;
    int headcount, months_before;
    int vacancy, profile, assist; /* 1: no, ABSENT: not told */
    bool no_consent;
    const char *employer_type, *citizenship, *group;
    const char *status, *reasons;
};

static void change_answers(struct application_submitted *event, const struct hire_case *one)
{
    struct application_submitted_hire *hire = &event->hire;
    hire->has_vacancy_posted = one->vacancy != ABSENT;
    hire->vacancy_posted = one->vacancy == 0;
    hire->has_profile_complete = one->profile != ABSENT;
    hire->profile_complete = one->profile == 0;
    hire->has_assist_registered = one->assist != ABSENT;
    hire->assist_registered = one->assist == 0;
    hire->has_worker_consented_at = !one->no_consent;
    if (one->headcount != 0) {
        hire->has_headcount = one->headcount != ABSENT;
        hire->headcount = one->headcount;
    }
    if (one->months_before != 0) {
        hire->has_unemployed_since = false;
        hire->has_months_unemployed_before = one->months_before != ABSENT;
        hire->months_unemployed_before = one->months_before;
    }
}

static void judge(const char *programme, const struct hire_case *one, struct slice *group)
{
    struct branch branch;
    struct application_submitted event = branch_hire(programme, one->applied, one->hired);
    struct application_submitted_hire *hire = &event.hire;
    branch_open(&branch, programme, NULL, NULL);
    change_answers(&event, one);
    if (one->unemployed_since != 0)
        hire->unemployed_since = one->unemployed_since;
    if (one->birth_date != 0)
        event.birth_date = one->birth_date;
    if (one->wage != 0)
        hire->monthly_wage = one->wage;
    if (one->employer_type != NULL)
        hire->employer_type = slice_of(one->employer_type);
    if (one->citizenship != NULL)
        event.citizenship = slice_of(one->citizenship);
    if (one->group != NULL) {
        *group = slice_of(one->group);
        hire->target_groups.items = group;
        hire->target_groups.count = group->size > 0;
    }
    branch_expect(&branch, &event, one->name, one->status, one->reasons);
    branch_close(&branch);
}

static void judge_all(const char *programme, const struct hire_case *cases, size_t count)
{
    struct slice group;
    for (size_t i = 0; i < count; i++)
        judge(programme, &cases[i], &group);
}

#define AWARDED       .status = "AWARDED", .reasons = ""
#define REJECTED(why) .status = "REJECTED", .reasons = (why)
#define HELD(why)     .status = "HELD", .reasons = (why)
#define JUNE          .applied = DAY(2023, 6, 15), .hired = DAY(2023, 5, 2)

/* Daya Kerjaya 2023: conditions 132, 134, 137, 140 to 142 and 149 (SD23 SP23 HR23 SN23 NST23). */
static void test_daya_kerjaya_of_2023(void **state)
{
    const struct hire_case cases[] = {
        {"as published", JUNE, AWARDED},
        {"hired the day before the scheme", .applied = DAY(2023, 4, 1),
         .hired = DAY(2022, 12, 31), REJECTED("HIRE_BEFORE_SCHEME")},
        {"hired on its first day", .applied = DAY(2023, 4, 1), .hired = DAY(2023, 1, 1),
         AWARDED},
        {"the day before applications are taken", .applied = DAY(2023, 3, 31),
         .hired = DAY(2023, 1, 1), REJECTED("APPLICATION_WINDOW")},
        {"on their last day", .applied = DAY(2023, 12, 31), .hired = DAY(2023, 5, 2), AWARDED},
        {"in none of the groups", JUNE, .group = "", REJECTED("TARGET_GROUP_NOT_MET")},
        {"in a group of 2024 only", JUNE, .group = "SENIOR_CITIZEN",
         REJECTED("TARGET_GROUP_NOT_MET")},
        {"in one that counts", JUNE, .group = "PAROLEE", AWARDED},
        {"without work for two months to the day", JUNE, .unemployed_since = DAY(2023, 3, 2),
         AWARDED},
        {"one day less", JUNE, .unemployed_since = DAY(2023, 3, 3),
         REJECTED("UNEMPLOYMENT_TOO_SHORT")},
        {"from a month's end to a shorter month's", .applied = DAY(2023, 6, 15),
         .hired = DAY(2023, 2, 28), .unemployed_since = DAY(2022, 12, 31), AWARDED},
        {"a day before that", .applied = DAY(2023, 6, 15), .hired = DAY(2023, 2, 27),
         .unemployed_since = DAY(2022, 12, 31), REJECTED("UNEMPLOYMENT_TOO_SHORT")},
        {"without work since the first day there is", JUNE, .unemployed_since = INT32_MIN,
         AWARDED},
        {"from the last", JUNE, .unemployed_since = INT32_MAX,
         REJECTED("UNEMPLOYMENT_TOO_SHORT")},
        {"two months counted by the employer", JUNE, .months_before = 2, AWARDED},
        {"one month", JUNE, .months_before = 1, REJECTED("UNEMPLOYMENT_TOO_SHORT")},
        {"nobody says how long", JUNE, .months_before = ABSENT, HELD("DECLARATION_MISSING")},
        {"no citizen", JUNE, .citizenship = "ID", REJECTED("ID_NOT_CITIZEN")},
        {"a sen below the minimum wage", JUNE, .wage = 149999, REJECTED("WAGE_BELOW_MINIMUM")},
        {"the minimum wage", JUNE, .wage = 150000, AWARDED},
        {"the worker has not confirmed", JUNE, .no_consent = true,
         HELD("GHOST_WORKER_SUSPECTED")},
        {"any employer, with any portal", JUNE, .employer_type = "PUBLIC", .vacancy = 1,
         AWARDED},
        {"all that is missing, and what is sure refuses", JUNE, .wage = 1, .group = "",
         .months_before = ABSENT, REJECTED("TARGET_GROUP_NOT_MET,WAGE_BELOW_MINIMUM")},
    };
    (void)state;
    judge_all("daya-kerjaya", cases, sizeof cases / sizeof cases[0]);
}

#define YEAR_25 .applied = DAY(2025, 9, 15), .hired = DAY(2025, 7, 31)

/* The versions of 2024 and 2025: conditions 133, 135, 136, 138, 139 and 143 to 148 (NST24 ST24 CZ TSUN25 WAGE). */
static void test_daya_kerjaya_of_2024_and_2025(void **state)
{
    const struct hire_case cases[] = {
        {"2024, its first day", .applied = DAY(2024, 1, 1), .hired = DAY(2023, 11, 1), AWARDED},
        {"2024, its last day", .applied = DAY(2024, 12, 31), .hired = DAY(2024, 11, 1),
         AWARDED},
        {"2024, a senior citizen", .applied = DAY(2024, 6, 1), .hired = DAY(2024, 5, 1),
         .group = "SENIOR_CITIZEN", AWARDED},
        {"2024, a parolee", .applied = DAY(2024, 6, 1), .hired = DAY(2024, 5, 1),
         .group = "PAROLEE", REJECTED("TARGET_GROUP_NOT_MET")},
        {"2024 asks for no time without work", .applied = DAY(2024, 6, 1),
         .hired = DAY(2024, 5, 1), .months_before = ABSENT, AWARDED},
        {"2025, hired the day before", .applied = DAY(2025, 1, 1), .hired = DAY(2024, 11, 30),
         REJECTED("HIRE_BEFORE_SCHEME")},
        {"2025, hired on the first day", .applied = DAY(2025, 1, 1), .hired = DAY(2024, 12, 1),
         AWARDED},
        {"2025, the last day", .applied = DAY(2025, 12, 31), .hired = DAY(2025, 7, 31),
         AWARDED},
        {"the day after", .applied = DAY(2026, 1, 1), .hired = DAY(2025, 7, 31),
         REJECTED("APPLICATION_WINDOW")},
        {"2025, a senior citizen", YEAR_25, .group = "SENIOR_CITIZEN",
         REJECTED("TARGET_GROUP_NOT_MET")},
        {"2025 asks for no citizenship", YEAR_25, .citizenship = "ID", AWARDED},
        {"RM1,500, four workers", YEAR_25, .wage = 150000, .headcount = 4, AWARDED},
        {"RM1,500, five workers", YEAR_25, .wage = 150000, .headcount = 5,
         REJECTED("WAGE_BELOW_MINIMUM")},
        {"RM1,700, five workers", YEAR_25, .wage = 170000, .headcount = 5, AWARDED},
        {"RM1,500, five workers, before February", .applied = DAY(2025, 9, 15),
         .hired = DAY(2025, 1, 31), .wage = 150000, .headcount = 5, AWARDED},
        {"RM1,500, nobody says how many", YEAR_25, .wage = 150000, .headcount = ABSENT,
         HELD("REGISTRY_UNAVAILABLE")},
        {"RM1,500, four workers, from August", .applied = DAY(2025, 9, 15),
         .hired = DAY(2025, 8, 1), .wage = 150000, .headcount = 4,
         REJECTED("WAGE_BELOW_MINIMUM")},
        {"a state's company", YEAR_25, .employer_type = "GLIC", AWARDED},
        {"the public sector", YEAR_25, .employer_type = "PUBLIC",
         REJECTED("EMPLOYER_TYPE_EXCLUDED")},
        {"no vacancy posted", YEAR_25, .vacancy = 1, HELD("VACANCY_NOT_ADVERTISED")},
        {"nobody says whether", YEAR_25, .vacancy = ABSENT, HELD("VACANCY_NOT_ADVERTISED")},
        {"no profile", YEAR_25, .profile = 1, HELD("VACANCY_NOT_ADVERTISED")},
        {"not registered with ASSIST", YEAR_25, .assist = 1, HELD("VACANCY_NOT_ADVERTISED")},
    };
    (void)state;
    judge_all("daya-kerjaya", cases, sizeof cases / sizeof cases[0]);
}

/* Daya Kerjaya TVET: conditions 163 to 170 (SP23 FUH MB23); the age is that of the hire day. */
static void test_daya_kerjaya_tvet(void **state)
{
    const struct hire_case cases[] = {
        {"as published", JUNE, AWARDED},
        {"hired the day before", .applied = DAY(2023, 4, 1), .hired = DAY(2022, 12, 31),
         REJECTED("HIRE_BEFORE_SCHEME")},
        {"before applications are taken", .applied = DAY(2023, 3, 31), .hired = DAY(2023, 1, 1),
         REJECTED("APPLICATION_WINDOW")},
        {"after", .applied = DAY(2024, 1, 1), .hired = DAY(2023, 12, 1),
         REJECTED("APPLICATION_WINDOW")},
        {"a school leaver", JUNE, .group = "SCHOOL_LEAVER_SPM_OR_BELOW", AWARDED},
        {"neither", JUNE, .group = "OKU", REJECTED("TARGET_GROUP_NOT_MET")},
        {"fifteen on the day of hire, sixteen when applied for", JUNE,
         .birth_date = DAY(2007, 5, 3), REJECTED("AGE_OUT_OF_RANGE")},
        {"sixteen on the day", JUNE, .birth_date = DAY(2007, 5, 2), AWARDED},
        {"forty on the day of hire, forty-one when applied for", JUNE,
         .birth_date = DAY(1982, 5, 3), AWARDED},
        {"forty-one on the day", JUNE, .birth_date = DAY(1982, 5, 2),
         REJECTED("AGE_OUT_OF_RANGE")},
        {"born on the first day there is", JUNE, .birth_date = INT32_MIN,
         REJECTED("AGE_OUT_OF_RANGE")},
        {"on the last", JUNE, .birth_date = INT32_MAX, REJECTED("AGE_OUT_OF_RANGE")},
        {"one month without work", JUNE, .months_before = 1,
         REJECTED("UNEMPLOYMENT_TOO_SHORT")},
        {"no citizen", JUNE, .citizenship = "ID", REJECTED("ID_NOT_CITIZEN")},
        {"below the minimum wage", JUNE, .wage = 149999, REJECTED("WAGE_BELOW_MINIMUM")},
        {"the worker has not confirmed", JUNE, .no_consent = true,
         HELD("GHOST_WORKER_SUSPECTED")},
    };
    (void)state;
    judge_all("daya-kerjaya-tvet", cases, sizeof cases / sizeof cases[0]);
}

static void test_what_others_learn_of_a_hires_award(void **state)
{
    struct branch branch;
    struct application_submitted event =
        branch_hire("daya-kerjaya", DAY(2023, 6, 15), DAY(2023, 5, 2));
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    branch_expect(&branch, &event, "awarded", "AWARDED", "");
    const struct application_decided *decided = desk_decided(&branch.desk);
    struct uuid person;
    assert_true(seal_person_id(branch.desk.room.seal, SLICE("MY"), event.national_id, &person));
    struct uuid hire =
        seal_hire(branch.desk.room.seal, SLICE(EMPLOYER_NO), &person, DAY(2023, 5, 2));
    struct uuid award =
        seal_award_id(branch.desk.room.seal, SLICE("daya-kerjaya"), SLICE("daya-kerjaya-2023"),
                      cohort_of_month(DAY(2023, 5, 2)), &hire);
    assert_true(uuid_equal(&decided->award_id, &award));
    assert_true(uuid_equal(&decided->person_id, &person));
    assert_int_equal(decided->payee.kind, APPLICATION_DECIDED_PAYEE_KIND_EMPLOYER);
    TEXT_IS(decided->payee.ref, EMPLOYER_NO);
    assert_true(decided->has_hired_on);
    assert_int_equal(decided->hired_on, DAY(2023, 5, 2));
    assert_int_equal(decided->year, 2023);
    assert_true(decided->commitment == RINGGIT(1800));
    TEXT_IS(decided->currency, "MYR");
    assert_false(decided->has_wave);
    branch_close(&branch);
}

/* An employer is told at its own number, in Malay; one that gives none is told at the worker's. */
static void test_who_is_told(void **state)
{
    static const char text[] =
        "Daya Kerjaya: permohonan insentif pengambilan pekerja diluluskan.";
    struct branch branch;
    struct application_submitted event =
        branch_hire("daya-kerjaya", DAY(2023, 6, 15), DAY(2023, 5, 2));
    (void)state;
    branch_open(&branch, "daya-kerjaya", NULL, NULL);
    branch_expect(&branch, &event, "awarded", "AWARDED", "");
    TEXT_IS(desk_message(&branch.desk)->to, EMPLOYER_MSISDN);
    TEXT_IS(desk_message(&branch.desk)->text, text);
    branch_other(&event, '2', "A-2");
    event.hire.has_employer_msisdn = false;
    branch_expect(&branch, &event, "without a number", "AWARDED", "");
    TEXT_IS(desk_message(&branch.desk)->to, WORKER_MSISDN);
    branch_close(&branch);
}

static struct uuid employer_id(const struct branch *branch)
{
    return seal_employer_id(branch->desk.room.seal, SLICE("MY"), SLICE(EMPLOYER_NO));
}

/* Erased before its hire is heard of, after, or its worker is: said, whose number others are told, and who is written to. */
static void test_an_employers_number_goes_with_the_employer(void **state)
{
    static const struct {
        const char *name;
        bool worker, first, written_to;
    } cases[] = {{"the employer, before", false, true, false},
                 {"the employer, after", false, false, false},
                 {"its worker", true, true, true}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        struct application_submitted event =
            branch_hire("daya-kerjaya", DAY(2023, 6, 15), DAY(2023, 5, 2));
        branch_open(&branch, "daya-kerjaya", NULL, NULL);
        struct uuid employer = employer_id(&branch);
        struct person_erased erased = {.person_id = employer,
                                       .requested_at = NOON(2023, 6, 16),
                                       .has_employer_no = !cases[i].worker,
                                       .employer_no = SLICE(EMPLOYER_NO)};
        if (cases[i].worker)
            assert_true(seal_person_id(branch.desk.room.seal, event.country, event.national_id,
                                       &erased.person_id));
        if (cases[i].first)
            assert_int_equal(desk_erase(&branch.desk, &erased), DECIDED);
        branch_expect(&branch, &event, cases[i].name, "AWARDED", "");
        const struct application_decided *decided = desk_decided(&branch.desk);
        assert_true(decided->has_contact_id && uuid_equal(&decided->contact_id, &employer));
        if (!cases[i].first)
            assert_int_equal(desk_erase(&branch.desk, &erased), DECIDED);
        branch_other(&event, '2', "A-2");
        branch_expect(&branch, &event, cases[i].name, "AWARDED", "");
        assert_int_equal(desk_decided(&branch.desk)->has_contact_sealed, cases[i].written_to);
        assert_int_equal(desk_message(&branch.desk) != NULL, cases[i].written_to);
        const struct person_row *row =
            facts_find(&branch.desk.room.facts, &person_row_type, &employer);
        assert_int_equal(row->has_msisdn_sealed, cases[i].written_to);
        branch_close(&branch);
    }
}

/* What no award can be made of. */
static void test_hires_that_are_no_hires(void **state)
{
    static const char *const reasons[] = {"HIRE_MISSING", "BAD_EMPLOYER_NO", "BAD_EMPLOYER_NO",
                                          "BAD_CURRENCY", "BAD_MSISDN"};
    static const char too_long[65] = {0};
    (void)state;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        struct branch branch;
        struct application_submitted event =
            branch_hire("daya-kerjaya", DAY(2023, 6, 15), DAY(2023, 5, 2));
        branch_open(&branch, "daya-kerjaya", NULL, NULL);
        event.has_hire = i != 0;
        if (i == 1 || i == 2)
            event.hire.employer_no = (struct slice){too_long, i == 1 ? 0 : 65};
        if (i == 3)
            event.hire.currency = SLICE("IDR");
        if (i == 4)
            event.hire.employer_msisdn = SLICE("0312345678");
        assert_int_equal(desk_submit(&branch.desk, &event), DEAD_LETTERED);
        assert_string_equal(branch.desk.room.decision.reason, reasons[i]);
        branch_close(&branch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_daya_kerjaya_of_2023),
        cmocka_unit_test(test_daya_kerjaya_of_2024_and_2025),
        cmocka_unit_test(test_daya_kerjaya_tvet),
        cmocka_unit_test(test_what_others_learn_of_a_hires_award),
        cmocka_unit_test(test_who_is_told),
        cmocka_unit_test(test_an_employers_number_goes_with_the_employer),
        cmocka_unit_test(test_hires_that_are_no_hires),
    };
    return cmocka_run_group_tests_name("hires", tests, NULL, NULL);
}
