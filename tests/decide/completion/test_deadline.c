/* Deadlines: timer.completion, on time, too early, too late, and twice. */
#include "desk.h"

#define BOUGHT                                                                                 \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 21),                      \
                  .told = "enrolment ACCEPTED left=500000"                                     \
    }

static void test_first_purchase(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"a timer before the day is over", 21, {AT("first_purchase", DAY(2021, 10, 21), "")}},
        {"nothing bought",
         21,
         {AT("first_purchase", DAY(2021, 10, 22), REVOKED),
          AT("first_purchase", DAY(2021, 10, 22), "repeat")}},
        {"bought on the last day",
         21,
         {BOUGHT, AT("first_purchase", DAY(2021, 10, 22), "repeat")}},
        {"bought and taken back: revoked after all",
         21,
         {BOUGHT,
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 21), .flaw = NO_CERTIFICATE,
           .told = "completion HELD CERT_MISSING"},
          {RESOLVED, .id = "E-1", .kind = "UPHELD", .reason = "CERT_MISSING",
           .on = DAY(2021, 10, 21),
           .told = "completion REJECTED CERT_MISSING; enrolment REJECTED CERT_MISSING "
                   "left=1000000"},
          AT("first_purchase", DAY(2021, 10, 22), REVOKED)}},
        {"a held purchase falls with the award",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 21),
           .told = "enrolment HELD INTRO_NOT_WATCHED left=1000000"},
          AT("first_purchase", DAY(2021, 10, 22),
             REVOKED "; enrolment REJECTED AWARD_REVOKED left=1000000")}},
        {"an award on hold is not punished: looked at again until it is released",
         21,
         {{CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .told = ""},
          AT("first_purchase", DAY(2021, 10, 22), ""),
          AT("first_purchase", DAY(2021, 10, 23), ""),
          {CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 23),
           .told = ""},
          AT("first_purchase", DAY(2021, 10, 24), REVOKED)}},
        {"15 days in the normal scheme",
         48,
         {AT("first_purchase", DAY(2023, 3, 15), ""),
          AT("first_purchase", DAY(2023, 3, 16), REVOKED)}},
        {"never before the award",
         -21,
         {AT("first_purchase", DAY(2021, 10, 22), "wait award")}},
        {"a revoked award",
         21,
         {{CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 1),
           .told = ""},
          AT("first_purchase", DAY(2021, 10, 22), "repeat")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_reminder(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"seven days before, once",
         21,
         {AT("first_purchase_reminder", DAY(2021, 10, 13), ""),
          AT("first_purchase_reminder", DAY(2021, 10, 14), "message first_purchase_reminder"),
          AT("first_purchase_reminder", DAY(2021, 10, 14), "repeat")}},
        {"not to who has bought",
         21,
         {BOUGHT, AT("first_purchase_reminder", DAY(2021, 10, 22), "repeat")}},
        {"not to whom was revoked",
         21,
         {{CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 1),
           .told = ""},
          AT("first_purchase_reminder", DAY(2021, 10, 14), "repeat")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_balance(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"the next purchase: on its last day, and after, once",
         48,
         {FIRST_COURSE,
          AT("next_purchase", DAY(2023, 4, 4), ""),
          AT("next_purchase", DAY(2023, 4, 5),
             "stopped training from=2 EXPIRED NEXT_TRAINING_LATE"),
          AT("next_purchase", DAY(2023, 4, 5), "repeat"),
          {ENROLLED, .id = "E-2", .number = 1, .on = DAY(2023, 4, 4),
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT,REPORTED_LATE left=0"}}},
        {"the next purchase was made",
         48,
         {FIRST_COURSE,
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2023, 4, 4),
           .told = "enrolment ACCEPTED left=2500000"},
          AT("next_purchase", DAY(2023, 4, 5), "repeat")}},
        {"no completion, no next purchase",
         48,
         {FIRST_PURCHASE, AT("next_purchase", DAY(2023, 4, 5), "repeat")}},
        {"the year's balance closes",
         21,
         {BOUGHT, AT("balance_closes", DAY(2021, 11, 30), ""),
          AT("balance_closes", DAY(2021, 12, 1),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          AT("balance_closes", DAY(2021, 12, 1), "repeat")}},
        {"nothing is left to close",
         21,
         {{ENROLLED, .id = "E-1", .number = 1000000, .on = DAY(2021, 9, 30),
           .told = "enrolment ACCEPTED left=0"},
          AT("balance_closes", DAY(2021, 12, 1), "")}},
        {"what comes back later has lapsed",
         21,
         {BOUGHT,
          {COMPLETED, .id = "E-1", .on = DAY(2021, 11, 1), .flaw = NO_CERTIFICATE,
           .told = "completion HELD CERT_MISSING"},
          AT("balance_closes", DAY(2021, 12, 1),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          {RESOLVED, .id = "E-1", .kind = "UPHELD", .reason = "CERT_MISSING",
           .on = DAY(2021, 12, 2),
           .told =
               "completion REJECTED CERT_MISSING; enrolment REJECTED CERT_MISSING left=0"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

/* A released award has a day more. */
static void test_balance_of_an_award_on_hold(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"what was bought on hold keeps its money until the award is released",
         21,
         {{CHANGED, .kind = "HELD", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 9, 23),
           .told = ""},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30),
           .told = "enrolment HELD AWARD_HELD,FRAUD_SUSPECTED left=1000000"},
          AT("balance_closes", DAY(2021, 12, 1), ""),
          {CHANGED, .kind = "RELEASED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 12, 1),
           .told = "enrolment ACCEPTED left=500000"},
          AT("balance_closes", DAY(2021, 12, 2),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          AT("balance_closes", DAY(2021, 12, 2), "repeat")}},
        {"the next purchase waits for a release too",
         48,
         {FIRST_COURSE,
          {CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2023, 4, 1),
           .told = ""},
          AT("next_purchase", DAY(2023, 4, 5), ""),
          {CHANGED, .kind = "RELEASED", .reason = "AUDIT_FINDING", .on = DAY(2023, 4, 5),
           .told = ""},
          AT("next_purchase", DAY(2023, 4, 6),
             "stopped training from=2 EXPIRED NEXT_TRAINING_LATE")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_survey_window(void **state)
{
    (void)state;
    const struct step opened = {REACHED, .kind = "SURVEY_OPENED", .number = 1,
                                .on = DAY(2021, 10, 13), .told = ""};
    const struct script scripts[] = {
        {"not answered: lapsed, though a later one may still be paid",
         21,
         {opened,
          AT("survey_window:1", DAY(2021, 11, 12), ""),
          AT("survey_window:1", DAY(2021, 11, 13), ""),
          AT("survey_window:1", DAY(2021, 11, 13), "repeat"),
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 1, .on = DAY(2021, 11, 14),
           .told = ""},
          {PAID, .number = 1, .on = DAY(2021, 11, 15), .told = ""}}},
        {"the last one not answered: nothing can be paid any more",
         21,
         {{REACHED, .kind = "SURVEY_OPENED", .number = 3, .on = DAY(2021, 10, 13), .told = ""},
          AT("survey_window:3", DAY(2021, 11, 13),
             "stopped survey_incentive from=3 EXPIRED SURVEY_LATE"),
          {REACHED, .kind = "SURVEY_OPENED", .number = 2, .on = DAY(2021, 10, 13), .told = ""},
          AT("survey_window:2", DAY(2021, 11, 13),
             "stopped survey_incentive from=2 EXPIRED SURVEY_LATE")}},
        {"answered, and waiting for instalment 1",
         21,
         {opened,
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 1, .on = DAY(2021, 11, 12),
           .told = ""},
          AT("survey_window:1", DAY(2021, 11, 13), "repeat")}},
        {"another survey's window",
         21,
         {opened, AT("survey_window:2", DAY(2021, 11, 13), "repeat")}},
        {"no number", 21, {AT("survey_window", DAY(2021, 11, 13), "refused UNKNOWN_TIMER")}},
        {"an absurd number",
         21,
         {AT("survey_window:99999999999", DAY(2021, 11, 13), "refused UNKNOWN_TIMER")}},
        {"a number where there is none",
         21,
         {AT("award_ends:1", DAY(2022, 7, 1), "refused UNKNOWN_TIMER")}},
        {"no such deadline", 21, {AT("lunch", DAY(2021, 11, 13), "refused UNKNOWN_TIMER")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_award_ends(void **state)
{
    (void)state;
#define SURVEYS_LAPSE "stopped survey_incentive from=1 EXPIRED BALANCE_RETURNED"
    const struct script scripts[] = {
        {"on its last day", 21, {BOUGHT, AT("award_ends", DAY(2022, 6, 30), "")}},
        {"an unfinished course expires, the rest lapses, once",
         21,
         {BOUGHT,
          AT("award_ends", DAY(2022, 7, 1),
             "enrolment EXPIRED BALANCE_RETURNED left=1000000; stopped training from=2 EXPIRED "
             "BALANCE_RETURNED; "
             "stopped job_search_incentive from=1 EXPIRED BALANCE_RETURNED; " SURVEYS_LAPSE
             "; award CLOSED BALANCE_RETURNED"),
          AT("award_ends", DAY(2022, 7, 1), "repeat"),
          {COMPLETED, .id = "E-1", .on = DAY(2022, 7, 2),
           .told = "completion REJECTED BALANCE_RETURNED"}}},
        {"what is approved stays due",
         21,
         {BOUGHT,
          {REACHED, .kind = "ACCOUNT_LINKED", .on = DAY(2021, 10, 7), .told = ""},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 9), .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 31),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2021-10-31; "
                   "approved job_search_incentive PARTICIPANT 1:600000@2021-10-31 "
                   "2:600000@2021-11-30 3:600000@2021-12-31 4:600000@2022-01-31"},
          AT("balance_closes", DAY(2021, 12, 1),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          AT("award_ends", DAY(2022, 7, 1), SURVEYS_LAPSE "; award CLOSED BALANCE_RETURNED")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_an_ended_awards_unfinished_course(void **state)
{
    (void)state;
#define REVOKED_MEANWHILE                                                                      \
    {                                                                                          \
        CHANGED, .kind = "REVOKED", .reason = "EDU_ENROLLED", .on = DAY(2021, 11, 1),          \
                 .told = ""                                                                    \
    }
    const struct script scripts[] = {
        {"expires when the award would have closed, once",
         21,
         {BOUGHT, REVOKED_MEANWHILE, AT("award_ends", DAY(2022, 6, 30), ""),
          AT("award_ends", DAY(2022, 7, 1), "enrolment EXPIRED BALANCE_RETURNED left=1000000"),
          AT("award_ends", DAY(2022, 7, 1), "repeat")}},
        {"of an award that an officer closed",
         21,
         {BOUGHT,
          {CHANGED, .kind = "CLOSED", .reason = "EDU_ENROLLED", .on = DAY(2021, 11, 1),
           .told = ""},
          AT("award_ends", DAY(2022, 7, 1), "enrolment EXPIRED BALANCE_RETURNED left=1000000"),
          AT("award_ends", DAY(2022, 7, 1), "repeat")}},
        {"that never was leaves nothing to do",
         21,
         {REVOKED_MEANWHILE, AT("award_ends", DAY(2022, 7, 1), "repeat")}},
        {"that was finished before stays verified",
         21,
         {BOUGHT,
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 31),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2021-10-31"},
          REVOKED_MEANWHILE,
          AT("award_ends", DAY(2022, 7, 1), "repeat")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

struct moved {
    const char *name, *old, *new;
    int wave;
    struct step before[4];
    const char *kind;
    epoch_day at, then;
    const char *told;
};

/* Comes twice on the old day, and on the new one, and on both again. */
static void check_moved(const struct moved *moved)
{
    const struct step early = {FIRED, .kind = moved->kind, .on = moved->at};
    const struct step due = {FIRED, .kind = moved->kind, .on = moved->then};
    const instant_us then = day_to_instant(moved->then, 7 * 60);
    const struct {
        const struct step *step;
        const char *told;
        instant_us timer;
    } fired[] = {{&early, "", then},
                 {&early, "", then},
                 {&due, moved->told, 0},
                 {&due, "repeat", 0},
                 {&early, "repeat", 0}};
    struct desk desk;
    desk_open(&desk, moved->wave);
    desk_ready(&desk);
    for (const struct step *step = moved->before; step->told != NULL; step++)
        desk_step(&desk, step);
    room_publish(&desk.room, moved->old, moved->new);
    for (size_t i = 0; i < sizeof fired / sizeof fired[0]; i++) {
        desk_step(&desk, fired[i].step);
        if (strcmp(desk.told, fired[i].told) != 0 ||
            room_timer(&desk.room, moved->kind) != fired[i].timer)
            fail_msg("%s: timer %zu: %s", moved->name, i, desk.told);
    }
    desk_close(&desk);
}

/* The timer was set by the file of its time; a newer one lets the deadline end later. */
static void test_a_deadline_that_was_moved_later(void **state)
{
    const struct moved cases[] = {
        {"the first purchase",
         "days: 29",
         "days: 44",
         21,
         {{0}},
         "first_purchase",
         DAY(2021, 10, 22),
         DAY(2021, 11, 6),
         REVOKED},
        {"its reminder",
         "days: 29",
         "days: 44",
         21,
         {{0}},
         "first_purchase_reminder",
         DAY(2021, 10, 14),
         DAY(2021, 10, 29),
         "message first_purchase_reminder"},
        {"the next purchase",
         "starts: completion_day\n    days: 15",
         "starts: completion_day\n    days: 20",
         48,
         {FIRST_COURSE},
         "next_purchase",
         DAY(2023, 4, 5),
         DAY(2023, 4, 10),
         "stopped training from=2 EXPIRED NEXT_TRAINING_LATE"},
        {"the balance",
         "purchase_closes: 2021-11-30",
         "purchase_closes: 2021-12-31",
         21,
         {BOUGHT},
         "balance_closes",
         DAY(2021, 12, 1),
         DAY(2022, 1, 1),
         "stopped training from=2 EXPIRED BALANCE_RETURNED"},
        {"a survey",
         "starts: survey_opened\n    days: 30",
         "starts: survey_opened\n    days: 45",
         21,
         {{REACHED, .kind = "SURVEY_OPENED", .number = 3, .on = DAY(2021, 10, 13), .told = ""}},
         "survey_window:3",
         DAY(2021, 11, 13),
         DAY(2021, 11, 28),
         "stopped survey_incentive from=3 EXPIRED SURVEY_LATE"},
        {"the award's end",
         "award_closes: 2022-06-30",
         "award_closes: 2022-09-30",
         21,
         {BOUGHT},
         "award_ends",
         DAY(2022, 7, 1),
         DAY(2022, 10, 1),
         "enrolment EXPIRED BALANCE_RETURNED left=1000000; stopped training from=2 EXPIRED "
         "BALANCE_RETURNED; stopped job_search_incentive from=1 EXPIRED "
         "BALANCE_RETURNED; " SURVEYS_LAPSE "; award CLOSED BALANCE_RETURNED"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        check_moved(&cases[i]);
}

static void test_repayment(void **state)
{
    (void)state;
    struct desk desk;
    const struct step noticed = {CHANGED, .kind = "RECOVERY_NOTICED",
                                 .reason = "RECOVER_INELIGIBLE", .number = 600000,
                                 .on = DAY(2022, 1, 10)};
    const struct step overdue = {FIRED, .kind = "repayment", .on = DAY(2022, 3, 12)};
    desk_open(&desk, 21);
    desk_ready(&desk);
    desk_step(&desk, &noticed);
    assert_int_equal(room_timer(&desk.room, "repayment"),
                     day_to_instant(DAY(2022, 3, 12), 7 * 60));
    desk_step(&desk, &(struct step){CHANGED, .kind = "REPAID", .reason = "RECOVER_INELIGIBLE",
                                    .number = 599999, .on = DAY(2022, 2, 1)});
    desk_step(&desk, &overdue);
    assert_string_equal(desk.told, "");
    assert_true(desk_award(&desk)->recovery_overdue);
    desk_step(&desk, &(struct step){CHANGED, .kind = "REPAID", .reason = "RECOVER_INELIGIBLE",
                                    .number = 1, .on = DAY(2022, 4, 1)});
    assert_false(desk_award(&desk)->recovery_overdue);
    desk_step(&desk, &overdue);
    assert_string_equal(desk.told, "repeat");
    desk_close(&desk);
}

/* Sixty days from the newest notice, in whatever order notices come. */
static void test_notices_out_of_order(void **state)
{
#define NOTICE(number_of_change, day)                                                          \
    {                                                                                          \
        CHANGED, .kind = "RECOVERY_NOTICED", .reason = "RECOVER_INELIGIBLE", .number = 600,    \
                 .on = (day), .revision = (number_of_change), .told = ""                       \
    }
    struct desk desk;
    const struct step notices[] = {NOTICE(2, DAY(2022, 1, 10)), NOTICE(1, DAY(2021, 11, 1))};
    (void)state;
    desk_open(&desk, 21);
    desk_ready(&desk);
    desk_step(&desk, &notices[0]);
    desk_step(&desk, &notices[1]);
    desk_step(&desk, &(struct step)AT("repayment", DAY(2022, 1, 1), ""));
    assert_false(desk_award(&desk)->recovery_overdue);
    desk_step(&desk, &(struct step)AT("repayment", DAY(2022, 3, 12), ""));
    assert_true(desk_award(&desk)->recovery_overdue);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_purchase),
        cmocka_unit_test(test_reminder),
        cmocka_unit_test(test_balance),
        cmocka_unit_test(test_balance_of_an_award_on_hold),
        cmocka_unit_test(test_survey_window),
        cmocka_unit_test(test_award_ends),
        cmocka_unit_test(test_a_deadline_that_was_moved_later),
        cmocka_unit_test(test_repayment),
        cmocka_unit_test(test_notices_out_of_order),
        cmocka_unit_test(test_an_ended_awards_unfinished_course),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
