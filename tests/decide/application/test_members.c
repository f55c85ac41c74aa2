/*
 * Programmes for people without a draw: both sides of each bound that an application meets, by the files of Vokasi
 * Indonesia Pekerja and Bina Kerjaya; their seats and their fund.
 */
#include "programmes.h"

enum { ABSENT = -1 };

/* What somebody says otherwise than the one who passes; zero and NULL: as that one does. */
struct member_case {
    const char *name;
    epoch_day applied, birth_date, ended, withdrawn, contributed, self_employed;
    int months;   /* of contribution          */
    int active;   /* 1: yes, ABSENT: not told */
    int informal; /* 1: no, ABSENT: not told  */
    int64_t wage;
    bool no_membership, no_check, no_statement, not_told_when;
    const char *category, *citizenship, *qualification;
    const char *status, *reasons;
};

static void change_membership(struct application_submitted *event,
                              const struct member_case *one)
{
    struct application_submitted_membership *member = &event->membership;
    event->has_membership = !one->no_membership;
    if (one->category != NULL)
        member->category = slice_of(one->category);
    if (one->months != 0)
        member->contribution_months = one->months;
    if (one->active != 0) {
        member->has_active = one->active != ABSENT;
        member->active = true;
    }
    if (one->wage != 0) {
        member->has_reported_wage = one->wage != ABSENT;
        member->reported_wage = one->wage;
    }
    member->has_savings_withdrawn_on = one->withdrawn != 0;
    member->savings_withdrawn_on = one->withdrawn;
    member->has_last_formal_contribution_on = one->contributed != 0;
    member->last_formal_contribution_on = one->contributed;
    member->has_self_employed_member_since = one->self_employed != 0;
    member->self_employed_member_since = one->self_employed;
}

static void change(struct application_submitted *event, const struct member_case *one)
{
    change_membership(event, one);
    if (one->birth_date != 0)
        event->birth_date = one->birth_date;
    if (one->ended != 0)
        event->employment_ended_on = one->ended;
    event->has_employment_ended_on &= !one->not_told_when;
    if (one->no_check)
        event->checks.count = 0;
    if (one->no_statement)
        event->declarations.count = 0;
    if (one->informal != 0) {
        event->has_informal_only = one->informal != ABSENT;
        event->informal_only = false;
    }
    if (one->citizenship != NULL)
        event->citizenship = slice_of(one->citizenship);
    if (one->qualification != NULL)
        event->highest_qualification = slice_of(one->qualification);
}

static void judge_all(const char *programme, const char *old, const char *new,
                      struct application_submitted applicant(epoch_day on),
                      const struct member_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct branch branch;
        struct application_submitted event = applicant(cases[i].applied);
        branch_open(&branch, programme, old, new);
        change(&event, &cases[i]);
        branch_expect(&branch, &event, cases[i].name, cases[i].status, cases[i].reasons);
        branch_close(&branch);
    }
}

#define AWARDED       .status = "AWARDED", .reasons = ""
#define REJECTED(why) .status = "REJECTED", .reasons = (why)
#define HELD(why)     .status = "HELD", .reasons = (why)
#define AUTUMN        .applied = DAY(2019, 10, 15)
#define LEAP_DAY      .applied = DAY(2020, 2, 29)

/* Vokasi 2019: conditions 97 to 105 (IDN FB19 KBN L6-19 SU19). */
static void test_vokasi_of_2019(void **state)
{
    const struct member_case cases[] = {
        {"as published", AUTUMN, AWARDED},
        {"not a citizen", AUTUMN, .citizenship = "MY", REJECTED("ID_NOT_CITIZEN")},
        {"an active member's category", AUTUMN, .category = "PU_ACTIVE", AWARDED},
        {"self-employed", AUTUMN, .category = "BPU", REJECTED("MEMBER_CATEGORY")},
        {"eleven months of contributions", AUTUMN, .months = 11,
         REJECTED("CONTRIB_MONTHS_SHORT")},
        {"twelve", AUTUMN, .months = 12, AWARDED},
        {"one month after the job, from a month's last day to the leap day", LEAP_DAY,
         .ended = DAY(2020, 1, 31), AWARDED},
        {"the day before", .applied = DAY(2020, 2, 28), .ended = DAY(2020, 1, 31),
         REJECTED("UNEMPLOYMENT_WINDOW")},
        {"twenty-four months to the day", AUTUMN, .ended = DAY(2017, 10, 15), AWARDED},
        {"in the twenty-fifth", AUTUMN, .ended = DAY(2017, 10, 14),
         REJECTED("UNEMPLOYMENT_WINDOW")},
        {"twenty-four months from a month's end", LEAP_DAY, .ended = DAY(2018, 2, 28),
         REJECTED("UNEMPLOYMENT_WINDOW")},
        {"ended after the application", AUTUMN, .ended = DAY(2019, 10, 16),
         REJECTED("UNEMPLOYMENT_WINDOW")},
        {"ended on the first day there is", AUTUMN, .ended = INT32_MIN,
         REJECTED("UNEMPLOYMENT_WINDOW")},
        {"on the last", AUTUMN, .ended = INT32_MAX, REJECTED("UNEMPLOYMENT_WINDOW")},
        {"nobody says when it ended", AUTUMN, .not_told_when = true,
         HELD("DECLARATION_MISSING")},
        {"still an active member", AUTUMN, .active = 1, REJECTED("MEMBER_STILL_ACTIVE")},
        {"nobody says whether", AUTUMN, .active = ABSENT, HELD("REGISTRY_UNAVAILABLE")},
        {"forty, the day before the birthday", AUTUMN, .birth_date = DAY(1978, 10, 16),
         AWARDED},
        {"forty-one on the day", AUTUMN, .birth_date = DAY(1978, 10, 15),
         REJECTED("AGE_ABOVE_MAX")},
        {"savings withdrawn", AUTUMN, .withdrawn = DAY(2019, 1, 2), HELD("JHT_STATUS")},
        {"no membership told", AUTUMN, .no_membership = true, HELD("REGISTRY_UNAVAILABLE")},
        {"none told, and too old for certain", AUTUMN, .no_membership = true,
         .birth_date = DAY(1971, 1, 1), REJECTED("AGE_ABOVE_MAX")},
        {"any wage, while nobody knows the floor", AUTUMN, .wage = 1, AWARDED},
    };
    (void)state;
    judge_all("vokasi-indonesia-pekerja", NULL, NULL, branch_member, cases,
              sizeof cases / sizeof cases[0]);
}

/* Condition 100 (IDN), once an operator has put the figure in. */
static void test_the_wage_floor_of_2019(void **state)
{
    const struct member_case cases[] = {
        {"a sen below the floor", AUTUMN, .wage = RUPIAH(INT64_C(1500000)) - 1,
         REJECTED("WAGE_BELOW_FLOOR")},
        {"at the floor", AUTUMN, .wage = RUPIAH(INT64_C(1500000)), AWARDED},
        {"no wage told", AUTUMN, .wage = ABSENT, HELD("REGISTRY_UNAVAILABLE")},
        {"not asked in 2020", .applied = DAY(2020, 3, 1), .wage = 1, AWARDED},
    };
    (void)state;
    judge_all("vokasi-indonesia-pekerja", "lowest_district_wage, value: unknown",
              "lowest_district_wage, value: IDR 1500000.00", branch_member, cases,
              sizeof cases / sizeof cases[0]);
}

#define SPRING .applied = DAY(2020, 3, 1)

/* Vokasi 2020: conditions 106 to 110 (AN20 TS20 SEED1). */
static void test_vokasi_of_2020(void **state)
{
    const struct member_case cases[] = {
        {"as published", SPRING, AWARDED},
        {"not a citizen", SPRING, .citizenship = "MY", AWARDED},
        {"an active migrant worker", SPRING, .category = "PMI", .active = 1, AWARDED},
        {"no member", SPRING, .category = "NONE", REJECTED("MEMBER_CATEGORY")},
        {"eleven months", SPRING, .months = 11, REJECTED("CONTRIB_MONTHS_SHORT")},
        {"fifty", SPRING, .birth_date = DAY(1969, 3, 2), AWARDED},
        {"fifty-one", SPRING, .birth_date = DAY(1969, 3, 1), REJECTED("AGE_ABOVE_MAX")},
        {"the identity was not checked", SPRING, .no_check = true,
         HELD("REGISTRY_UNAVAILABLE")},
        {"nothing signed", SPRING, .no_statement = true, HELD("DECLARATION_MISSING")},
    };
    (void)state;
    judge_all("vokasi-indonesia-pekerja", NULL, NULL, branch_member, cases,
              sizeof cases / sizeof cases[0]);
}

#define MAY .applied = DAY(2023, 5, 1)

/* Bina Kerjaya: conditions 195 to 201 (MOFB MPS). */
static void test_bina_kerjaya(void **state)
{
    const struct member_case cases[] = {
        {"as published", MAY, AWARDED},
        {"the last day", .applied = DAY(2023, 12, 31), AWARDED},
        {"the day before the first", .applied = DAY(2023, 4, 30),
         REJECTED("APPLICATION_WINDOW")},
        {"the day after the last", .applied = DAY(2024, 1, 1), REJECTED("APPLICATION_WINDOW")},
        {"not a citizen", MAY, .citizenship = "ID", REJECTED("ID_NOT_CITIZEN")},
        {"fifteen", MAY, .birth_date = DAY(2007, 5, 2), REJECTED("AGE_OUT_OF_RANGE")},
        {"sixteen", MAY, .birth_date = DAY(2007, 5, 1), AWARDED},
        {"forty", MAY, .birth_date = DAY(1982, 5, 2), AWARDED},
        {"forty-one", MAY, .birth_date = DAY(1982, 5, 1), REJECTED("AGE_OUT_OF_RANGE")},
        {"a diploma", MAY, .qualification = "DIPLOMA", REJECTED("EDU_ABOVE_MAX")},
        {"no school", MAY, .qualification = "NONE", AWARDED},
        {"six months since formal work", MAY, .contributed = DAY(2022, 11, 1), AWARDED},
        {"a day less", MAY, .contributed = DAY(2022, 11, 2), REJECTED("FORMAL_CONTRIB_RECENT")},
        {"six months to a shorter month's end", .applied = DAY(2023, 6, 30),
         .contributed = DAY(2022, 12, 31), AWARDED},
        {"formal work on the first day there is", MAY, .contributed = INT32_MIN, AWARDED},
        {"on the last", MAY, .contributed = INT32_MAX, REJECTED("FORMAL_CONTRIB_RECENT")},
        {"a member before April, whatever the work", MAY, .self_employed = DAY(2023, 3, 31),
         .informal = 1, AWARDED},
        {"a member from April, informal work only", MAY, .self_employed = DAY(2023, 4, 1),
         AWARDED},
        {"a member from April, other work", MAY, .self_employed = DAY(2023, 4, 1),
         .informal = 1, REJECTED("NOT_INFORMAL_SECTOR")},
        {"no member, other work", MAY, .informal = 1, REJECTED("NOT_INFORMAL_SECTOR")},
        {"no member, nobody says what work", MAY, .informal = ABSENT,
         HELD("DECLARATION_MISSING")},
        {"no membership told", MAY, .no_membership = true, HELD("REGISTRY_UNAVAILABLE")},
    };
    (void)state;
    judge_all("bina-kerjaya", NULL, NULL, branch_trainee, cases,
              sizeof cases / sizeof cases[0]);
}

/* The priority is shown, and decides nothing where nobody draws (condition 113: AN20 TS20; 203). */
static void test_priorities_are_shown(void **state)
{
    static const struct {
        const char *category, *priorities;
    } cases[] = {{"PU_LAID_OFF", "PRIO_LAID_OFF_JHT_INTACT"}, {"PU_ACTIVE", ""}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        struct application_submitted event = branch_member(DAY(2020, 3, 1));
        event.membership.category = slice_of(cases[i].category);
        branch_open(&branch, "vokasi-indonesia-pekerja", NULL, NULL);
        branch_expect(&branch, &event, cases[i].category, "AWARDED", "");
        struct uuid key =
            application_key(branch.desk.room.seal, event.programme, event.application_id, 0);
        const struct application_row *row =
            facts_find(&branch.desk.room.facts, &application_row_type, &key);
        assert_string_equal(desk_codes(row->priorities.items, row->priorities.count),
                            cases[i].priorities);
        branch_close(&branch);
    }
}

static struct uuid seats_key(const struct branch *branch, const char *scheme,
                             const char *region)
{
    struct slice parts[] = {SLICE("SEATS"), branch->programmes[0]->id, slice_of(scheme),
                            SLICE("0"), slice_of(region)};
    return seal_key(branch->desk.room.seal, "quota", 0, parts, 5);
}

/* A branch's seats count in the whole (AN20 TS20, SEED1): both have one left, or none is taken. */
static void test_a_seat_of_a_branch_and_of_the_whole(void **state)
{
    static const struct {
        const char *name, *region;
        int64_t branch_used, whole_used;
        const char *status, *reasons;
        int64_t branch_taken, whole_taken;
    } cases[] = {
        {"the branch's last", "1671", 499, 0, "AWARDED", "", 1, 1},
        {"the branch is full", "1671", 500, 0, "REJECTED", "QUOTA_FULL", 0, 0},
        {"the whole's last", "1671", 0, 24999, "AWARDED", "", 1, 1},
        {"the whole is full", "1671", 0, 25000, "REJECTED", "QUOTA_FULL", 0, 0},
        {"elsewhere, the branch is full", "1672", 500, 0, "AWARDED", "", 0, 1},
        {"elsewhere, the whole is full", "1672", 0, 25000, "REJECTED", "QUOTA_FULL", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        struct application_submitted event = branch_member(DAY(2020, 6, 1));
        branch_open(&branch, "vokasi-indonesia-pekerja", NULL, NULL);
        struct uuid own = seats_key(&branch, "vokasi-2020", "1671");
        struct uuid whole = seats_key(&branch, "vokasi-2020", "ALL");
        facts_limit_locked(&branch.desk.room.facts, &quota_row_type, &own,
                           cases[i].branch_used);
        facts_limit_locked(&branch.desk.room.facts, &quota_row_type, &whole,
                           cases[i].whole_used);
        event.region_code = slice_of(cases[i].region);
        branch_expect(&branch, &event, cases[i].name, cases[i].status, cases[i].reasons);
        assert_int_equal(branch_seats(&branch, "vokasi-2020", "1671"), cases[i].branch_taken);
        assert_int_equal(branch_seats(&branch, "vokasi-2020", "ALL"), cases[i].whole_taken);
        branch_close(&branch);
    }
}

/* A revoked award gives back all the seats it took, a closed one none. */
static void test_seats_come_back_together(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct branch branch;
        struct application_submitted event = branch_member(DAY(2020, 6, 1));
        branch_open(&branch, "vokasi-indonesia-pekerja", NULL, NULL);
        event.region_code = SLICE("1671");
        branch_expect(&branch, &event, "awarded", "AWARDED", "");
        struct award_changed end =
            branch_end(desk_decided(&branch.desk),
                       i == 0 ? AWARD_CHANGED_CHANGE_REVOKED : AWARD_CHANGED_CHANGE_CLOSED,
                       NOON(2020, 7, 1), 1);
        assert_int_equal(desk_award(&branch.desk, &end), DECIDED);
        assert_int_equal(branch_seats(&branch, "vokasi-2020", "1671"), i);
        assert_int_equal(branch_seats(&branch, "vokasi-2020", "ALL"), i);
        branch_close(&branch);
    }
}

static struct uuid fund_key(const struct branch *branch, const char *year)
{
    struct slice parts[] = {SLICE("MONEY"), branch->programmes[0]->id, slice_of(year),
                            SLICE("ALL")};
    return seal_key(branch->desk.room.seal, "quota", 0, parts, 4);
}

/* RM42 million (SEED0 ST23) are 4,719 packages of RM8,900, and RM900 that are enough for nobody. */
static void test_where_the_fund_ends(void **state)
{
    static const struct {
        const char *name;
        int64_t packages;
        const char *status, *reasons;
    } cases[] = {{"the last package", 4718, "AWARDED", ""},
                 {"too little is left", 4719, "HELD", "BUDGET_EXHAUSTED"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        struct application_submitted event = branch_trainee(DAY(2023, 6, 1));
        branch_open(&branch, "bina-kerjaya", NULL, NULL);
        struct uuid fund = fund_key(&branch, "2023");
        facts_limit_locked(&branch.desk.room.facts, &quota_row_type, &fund,
                           cases[i].packages * RINGGIT(8900));
        branch_expect(&branch, &event, cases[i].name, cases[i].status, cases[i].reasons);
        /* Tried again from the next midnight of Kuala Lumpur. */
        assert_true(room_timer(&branch.desk.room, "RETRY") ==
                    (i == 0 ? 0 : day_to_instant(DAY(2023, 6, 2), 8 * 60)));
        branch_close(&branch);
    }
}

/* One award a person, though each month would have an id of its own; a revoked one does not count. */
static void test_one_award_a_person(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct branch branch;
        struct application_submitted event = branch_trainee(DAY(2023, 6, 1));
        branch_open(&branch, "bina-kerjaya", NULL, NULL);
        branch_expect(&branch, &event, "the first", "AWARDED", "");
        if (i == 1) {
            struct award_changed end = branch_end(
                desk_decided(&branch.desk), AWARD_CHANGED_CHANGE_REVOKED, NOON(2023, 7, 1), 1);
            assert_int_equal(desk_award(&branch.desk, &end), DECIDED);
        }
        event = branch_trainee(DAY(2023, 8, 1));
        event.application_id = SLICE("A-2");
        branch_expect(&branch, &event, "the second", i == 0 ? "REJECTED" : "AWARDED",
                      i == 0 ? "ALREADY_BENEFITED" : "");
        branch_close(&branch);
    }
}

/* Two applications of one month are one matter, while the first is open. */
static void test_two_applications_of_one_month(void **state)
{
    struct branch branch;
    struct application_submitted event = branch_trainee(DAY(2023, 6, 1));
    (void)state;
    branch_open(&branch, "bina-kerjaya", NULL, NULL);
    event.has_membership = false;
    branch_expect(&branch, &event, "the first", "HELD", "REGISTRY_UNAVAILABLE");
    event = branch_trainee(DAY(2023, 6, 30));
    event.application_id = SLICE("A-2");
    branch_expect(&branch, &event, "the second", "REJECTED", "ALREADY_APPLIED");
    branch_close(&branch);
}

static void fire(struct branch *branch, const struct application_submitted *event,
                 const char *kind, instant_us due_at)
{
    char text[UUID_TEXT_SIZE + 1];
    struct uuid key =
        application_key(branch->desk.room.seal, event->programme, event->application_id, 0);
    uuid_format(&key, text);
    struct timer_fired timer = {
        .subject_id = slice_of(text), .kind = slice_of(kind), .due_at = due_at};
    assert_int_equal(desk_fire(&branch->desk, &timer), DECIDED);
}

/* Condition 202 (MPS), where an operator makes it count: thirty working days after Monday 5 June 2023 are up on 17
 * July, and whoever waits on the next is refused. */
static void test_thirty_working_days_without_a_reply(void **state)
{
    static const char off[] = "reason: NO_DECISION_IN_TIME\n    default: false";
    struct branch branch;
    struct application_submitted event = branch_trainee(DAY(2023, 6, 5));
    (void)state;
    branch_open(&branch, "bina-kerjaya", off, "reason: NO_DECISION_IN_TIME");
    event.has_membership = false;
    branch_expect(&branch, &event, "held", "HELD", "REGISTRY_UNAVAILABLE");
    instant_us due = day_to_instant(DAY(2023, 7, 18), 8 * 60);
    assert_true(room_timer(&branch.desk.room, "NO_REPLY") == due);
    fire(&branch, &event, "RETRY", due - US_PER_DAY);
    assert_null(desk_decided(&branch.desk)); /* the thirtieth */
    fire(&branch, &event, "NO_REPLY", due);
    assert_string_equal(desk_status(desk_decided(&branch.desk)->status), "REJECTED");
    TEXT_IS(desk_decided(&branch.desk)->reasons.items[0], "NO_DECISION_IN_TIME");
    branch_close(&branch);
}

/* As the file stands nobody is refused for the operator's own silence, and no timer waits for it. */
static void test_silence_refuses_nobody_by_default(void **state)
{
    struct branch branch;
    struct application_submitted event = branch_trainee(DAY(2023, 6, 5));
    (void)state;
    branch_open(&branch, "bina-kerjaya", NULL, NULL);
    event.has_membership = false;
    branch_expect(&branch, &event, "held", "HELD", "REGISTRY_UNAVAILABLE");
    assert_true(room_timer(&branch.desk.room, "NO_REPLY") == 0);
    branch_close(&branch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vokasi_of_2019),
        cmocka_unit_test(test_the_wage_floor_of_2019),
        cmocka_unit_test(test_vokasi_of_2020),
        cmocka_unit_test(test_bina_kerjaya),
        cmocka_unit_test(test_priorities_are_shown),
        cmocka_unit_test(test_a_seat_of_a_branch_and_of_the_whole),
        cmocka_unit_test(test_seats_come_back_together),
        cmocka_unit_test(test_where_the_fund_ends),
        cmocka_unit_test(test_one_award_a_person),
        cmocka_unit_test(test_two_applications_of_one_month),
        cmocka_unit_test(test_thirty_working_days_without_a_reply),
        cmocka_unit_test(test_silence_refuses_nobody_by_default),
    };
    return cmocka_run_group_tests_name("members", tests, NULL, NULL);
}
