/* A reinstated award: what opens again, what counts anew, and ends that are outlived. */
#include "desk.h"

#define BUY(day, text)                                                                         \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = (day), .told = (text)                   \
    }
#define BOUGHT BUY(DAY(2021, 10, 2), "enrolment ACCEPTED left=500000")
#define END(change, day)                                                                       \
    {                                                                                          \
        CHANGED, .kind = (change), .reason = "FRAUD_SUSPECTED", .on = (day), .told = ""        \
    }
#define REINSTATE(day, text)                                                                   \
    {                                                                                          \
        CHANGED, .kind = "REINSTATED", .by = "APPLICATION", .reason = "APPEAL_WON",            \
                 .on = (day), .told = (text)                                                   \
    }
#define DONE                                                                                   \
    {                                                                                          \
        COMPLETED, .id = "E-1", .on = DAY(2021, 10, 9),                                        \
                   .told = "completion VERIFIED first; message completed; "                    \
                           "approved training PROVIDER P-1 1:500000@2021-10-09"                \
    }
#define ENDS                                                                                   \
    "stopped job_search_incentive from=1 EXPIRED BALANCE_RETURNED; "                           \
    "stopped survey_incentive from=1 EXPIRED BALANCE_RETURNED; award CLOSED BALANCE_RETURNED"

static void test_who_reinstates(void **state)
{
    const struct script scripts[] = {
        {"an officer asks: the application service decides",
         21,
         {END("REVOKED", DAY(2021, 10, 1)),
          {CHANGED, .kind = "REINSTATED", .reason = "APPEAL_WON", .on = DAY(2021, 10, 2),
           .told = "repeat"},
          BUY(DAY(2021, 10, 3), "enrolment REJECTED AWARD_REVOKED left=1000000"),
          REINSTATE(DAY(2021, 10, 2), ""),
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2021, 10, 3),
           .told = "enrolment ACCEPTED left=500000"}}},
        {"an officer alone",
         21,
         {{CHANGED, .kind = "REINSTATED", .reason = "APPEAL_WON", .on = DAY(2021, 10, 2),
           .flaw = ALONE, .told = "refused SECOND_OFFICER_MISSING"}}},
        {"twice",
         21,
         {END("REVOKED", DAY(2021, 10, 1)),
          {CHANGED, .kind = "REINSTATED", .by = "APPLICATION", .reason = "APPEAL_WON",
           .on = DAY(2021, 10, 2), .revision = 7, .told = ""},
          {CHANGED, .kind = "REINSTATED", .by = "APPLICATION", .reason = "APPEAL_WON",
           .on = DAY(2021, 10, 2), .revision = 7, .told = "repeat"}}},
        {"before the award", -21, {REINSTATE(DAY(2021, 10, 2), "wait award")}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static const struct ends_case {
    const char *name;
    struct {
        const char *change, *by; /* by NULL: two officers */
        int hours;               /* after noon of the first of October */
    } said[3];
    bool revoked, closed;
} ends_cases[] = {
    {"an end and then it",
     {{"REVOKED", NULL, 1}, {"REINSTATED", "APPLICATION", 2}},
     false,
     false},
    {"heard the other way round",
     {{"REINSTATED", "APPLICATION", 2}, {"REVOKED", NULL, 1}},
     false,
     false},
    {"in the same instant",
     {{"REINSTATED", "APPLICATION", 2}, {"REVOKED", NULL, 2}},
     false,
     false},
    {"a later end", {{"REINSTATED", "APPLICATION", 2}, {"REVOKED", NULL, 3}}, true, false},
    {"a later end, heard first",
     {{"REVOKED", NULL, 3}, {"REINSTATED", "APPLICATION", 2}},
     true,
     false},
    {"ends of two writers",
     {{"REVOKED", NULL, 1}, {"CLOSED", "APPLICATION", 2}, {"REINSTATED", "APPLICATION", 3}},
     false,
     false},
    {"ends of two writers, one heard after it",
     {{"REVOKED", NULL, 1}, {"REINSTATED", "APPLICATION", 3}, {"CLOSED", NULL, 2}},
     false,
     false},
    {"ended again",
     {{"REVOKED", NULL, 1}, {"REINSTATED", "APPLICATION", 2}, {"REVOKED", NULL, 3}},
     true,
     false},
    {"reinstated again",
     {{"REINSTATED", "APPLICATION", 1}, {"CLOSED", NULL, 2}, {"REINSTATED", "APPLICATION", 3}},
     false,
     false},
};

static void test_ends_by_their_time_in_any_order(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ends_cases / sizeof ends_cases[0]; i++) {
        const struct ends_case *one = &ends_cases[i];
        struct desk desk;
        desk_open(&desk, 21);
        desk_ready(&desk);
        for (size_t j = 0; j < 3 && one->said[j].change != NULL; j++)
            desk_step(&desk, &(struct step){CHANGED, .kind = one->said[j].change,
                                            .by = one->said[j].by, .reason = "X",
                                            .revision = one->said[j].hours,
                                            .at = MIDNIGHT(2021, 10, 1) +
                                                  one->said[j].hours * 3600 * US_PER_SECOND});
        if (desk_award(&desk)->revoked != one->revoked ||
            desk_award(&desk)->closed != one->closed)
            fail_msg("%s", one->name);
        desk_close(&desk);
    }
}

static void test_deadlines_count_anew(void **state)
{
    const struct script scripts[] = {
        {"revoked for not buying: thirty days anew, the day of the reinstatement is day 1",
         21,
         {AT("first_purchase", DAY(2021, 10, 22), REVOKED), REINSTATE(DAY(2021, 10, 25), ""),
          AT("first_purchase", DAY(2021, 10, 22), ""),
          AT("first_purchase", DAY(2021, 11, 23), ""),
          AT("first_purchase", DAY(2021, 11, 24), REVOKED)}},
        {"bought in the new time",
         21,
         {AT("first_purchase", DAY(2021, 10, 22), REVOKED), REINSTATE(DAY(2021, 10, 25), ""),
          BUY(DAY(2021, 11, 23), "enrolment ACCEPTED left=500000"),
          AT("first_purchase", DAY(2021, 11, 24), "repeat")}},
        {"bought after the new time",
         21,
         {AT("first_purchase", DAY(2021, 10, 22), REVOKED), REINSTATE(DAY(2021, 10, 25), ""),
          BUY(DAY(2021, 11, 24),
              "enrolment REJECTED FIRST_TRAINING_LATE left=1000000; " REVOKED)}},
        {"not past: it goes on from the notice day",
         21,
         {END("REVOKED", DAY(2021, 10, 1)), REINSTATE(DAY(2021, 10, 5), ""),
          AT("first_purchase", DAY(2021, 10, 21), ""),
          AT("first_purchase", DAY(2021, 10, 22), REVOKED)}},
        {"a second reminder, seven days before the new day",
         21,
         {AT("first_purchase_reminder", DAY(2021, 10, 14), "message first_purchase_reminder"),
          AT("first_purchase", DAY(2021, 10, 22), REVOKED), REINSTATE(DAY(2021, 10, 25), ""),
          AT("first_purchase_reminder", DAY(2021, 11, 15), ""),
          AT("first_purchase_reminder", DAY(2021, 11, 16), "message first_purchase_reminder"),
          AT("first_purchase_reminder", DAY(2021, 11, 16), "repeat")}},
        {"after the year's last purchase: a day, no reminder",
         21,
         {AT("first_purchase", DAY(2021, 10, 22), REVOKED), REINSTATE(DAY(2021, 12, 6), ""),
          AT("first_purchase_reminder", DAY(2021, 12, 6), "repeat"),
          AT("first_purchase", DAY(2021, 12, 6), ""),
          AT("first_purchase", DAY(2021, 12, 7), REVOKED)}},
        {"the balance that closed meanwhile closes with the day",
         21,
         {BOUGHT, END("REVOKED", DAY(2021, 11, 1)),
          AT("balance_closes", DAY(2021, 12, 1), "repeat"), REINSTATE(DAY(2021, 12, 6), ""),
          AT("balance_closes", DAY(2021, 12, 1), ""),
          AT("balance_closes", DAY(2021, 12, 7),
             "stopped training from=2 EXPIRED BALANCE_RETURNED")}},
        {"a survey's window that passed meanwhile ends with the day",
         21,
         {{REACHED, .kind = "SURVEY_OPENED", .number = 3, .on = DAY(2021, 10, 13), .told = ""},
          BOUGHT,
          END("REVOKED", DAY(2021, 11, 1)),
          AT("survey_window:3", DAY(2021, 11, 13), "repeat"),
          REINSTATE(DAY(2021, 11, 20), ""),
          AT("survey_window:3", DAY(2021, 11, 20), ""),
          AT("survey_window:3", DAY(2021, 11, 21),
             "stopped survey_incentive from=3 EXPIRED SURVEY_LATE")}},
        {"a closed award closes on the same day of the next year",
         21,
         {BOUGHT, DONE,
          AT("award_ends", DAY(2022, 7, 1),
             "stopped training from=2 EXPIRED BALANCE_RETURNED; " ENDS),
          REINSTATE(DAY(2022, 9, 1), ""), AT("award_ends", DAY(2022, 9, 2), ""),
          AT("award_ends", DAY(2023, 6, 30), ""),
          AT("award_ends", DAY(2023, 7, 1),
             "stopped training from=2 EXPIRED BALANCE_RETURNED; " ENDS)}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

/* A deadline that had passed ends with the day of the reinstatement: what is done on it is in time. */
static void test_what_is_done_on_the_day(void **state)
{
#define LATE_IN_THE_DAY(year, month, day)                                                      \
    .at = MIDNIGHT(year, month, day) + 20 * 3600 * US_PER_SECOND
    const struct step first = {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2),
                               .told = "enrolment ACCEPTED left=3000000"};
    const struct step rated = {REACHED, .kind = "REVIEW_RATED", .id = "E-1",
                               .on = DAY(2023, 3, 3), .told = ""};
    const struct step done = {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20),
                              .told = "completion VERIFIED first; message completed; approved "
                                      "training PROVIDER P-1 1:500000@2023-03-20; approved "
                                      "job_search_incentive PARTICIPANT 1:600000@2023-03-20"};
    const struct step opened = {REACHED, .kind = "SURVEY_OPENED", .number = 1,
                                .on = DAY(2021, 10, 13), .told = ""};
    const struct step paid = {PAID, .number = 1, .on = DAY(2021, 10, 12), .told = ""};
    const struct script scripts[] = {
        {"the next purchase",
         48,
         {first,
          rated,
          done,
          END("REVOKED", DAY(2023, 3, 22)),
          REINSTATE(DAY(2023, 4, 20), ""),
          {ENROLLED, .id = "E-2", .number = 500000, LATE_IN_THE_DAY(2023, 4, 20),
           .told = "enrolment ACCEPTED left=2500000"}}},
        {"the next purchase, a day later",
         48,
         {first,
          rated,
          done,
          END("REVOKED", DAY(2023, 3, 22)),
          REINSTATE(DAY(2023, 4, 20), ""),
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2023, 4, 21),
           .told = "enrolment REJECTED NEXT_TRAINING_LATE left=3000000; stopped training "
                   "from=2 EXPIRED NEXT_TRAINING_LATE"}}},
        {"the answer to a survey",
         21,
         {paid,
          BOUGHT,
          opened,
          END("REVOKED", DAY(2021, 11, 1)),
          REINSTATE(DAY(2021, 11, 20), ""),
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 1, LATE_IN_THE_DAY(2021, 11, 20),
           .told = "approved survey_incentive PARTICIPANT 1:50000@2021-11-20"}}},
        {"the answer to a survey, a day later",
         21,
         {paid,
          BOUGHT,
          opened,
          END("REVOKED", DAY(2021, 11, 1)),
          REINSTATE(DAY(2021, 11, 20), ""),
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 1, .on = DAY(2021, 11, 21),
           .told = ""}}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_the_timers_that_it_sets(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 21);
    desk_ready(&desk);
    desk_step(&desk, &(struct step)AT("first_purchase", DAY(2021, 10, 22), ""));
    desk_step(&desk, &(struct step)REINSTATE(DAY(2021, 10, 25), ""));
    assert_int_equal(room_timer(&desk.room, "first_purchase"), MIDNIGHT(2021, 11, 24));
    assert_int_equal(room_timer(&desk.room, "first_purchase_reminder"), MIDNIGHT(2021, 11, 16));
    assert_int_equal(room_timer(&desk.room, "balance_closes"), MIDNIGHT(2021, 12, 1));
    assert_int_equal(room_timer(&desk.room, "award_ends"), MIDNIGHT(2022, 7, 1));
    desk_close(&desk);
}

#define REST_LAPSES "stopped training from=2 EXPIRED BALANCE_RETURNED; " ENDS

static void test_what_opens_again(void **state)
{
    const struct script scripts[] = {
        {"items that lapsed with the award's end are planned",
         21,
         {BOUGHT,
          DONE,
          AT("award_ends", DAY(2022, 7, 1), REST_LAPSES),
          REINSTATE(DAY(2022, 7, 5), ""),
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2022, 7, 6), .told = ""},
          {REACHED, .kind = "ACCOUNT_LINKED", .on = DAY(2022, 7, 6),
           .told = "approved job_search_incentive PARTICIPANT 1:600000@2022-07-06 "
                   "2:600000@2022-08-06 3:600000@2022-09-06 4:600000@2022-10-06"}}},
        {"what was complete while it was ended is planned at once",
         21,
         {BOUGHT,
          DONE,
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 10), .told = ""},
          END("REVOKED", DAY(2021, 10, 11)),
          {REACHED, .kind = "ACCOUNT_LINKED", .on = DAY(2021, 10, 12), .told = ""},
          REINSTATE(DAY(2021, 11, 1),
                    "approved job_search_incentive PARTICIPANT 1:600000@2021-10-12 "
                    "2:600000@2021-11-12 3:600000@2021-12-12 4:600000@2022-01-12")}},
        {"what was approved is not approved again",
         21,
         {BOUGHT,
          DONE,
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 10), .told = ""},
          {REACHED, .kind = "ACCOUNT_LINKED", .on = DAY(2021, 10, 10),
           .told = "approved job_search_incentive PARTICIPANT 1:600000@2021-10-10 "
                   "2:600000@2021-11-10 3:600000@2021-12-10 4:600000@2022-01-10"},
          END("REVOKED", DAY(2021, 10, 11)),
          REINSTATE(DAY(2021, 11, 1), "")}},
        {"an unfinished course that expired comes back when it is finished",
         21,
         {BOUGHT,
          AT("award_ends", DAY(2022, 7, 1),
             "enrolment EXPIRED BALANCE_RETURNED left=1000000; " REST_LAPSES),
          {COMPLETED, .id = "E-1", .on = DAY(2022, 7, 3),
           .told = "completion REJECTED BALANCE_RETURNED"},
          REINSTATE(DAY(2022, 7, 5), ""),
          {COMPLETED, .id = "E-1", .on = DAY(2022, 7, 6), .revision = 2,
           .told = "enrolment ACCEPTED left=500000; completion VERIFIED first; message "
                   "completed; approved training PROVIDER P-1 1:500000@2022-07-06"}}},
        {"a survey that lapsed by itself stays lapsed",
         21,
         {{REACHED, .kind = "SURVEY_OPENED", .number = 3, .on = DAY(2021, 10, 13), .told = ""},
          BOUGHT,
          DONE,
          AT("survey_window:3", DAY(2021, 11, 13),
             "stopped survey_incentive from=3 EXPIRED SURVEY_LATE"),
          END("CLOSED", DAY(2021, 11, 14)),
          REINSTATE(DAY(2021, 11, 15), ""),
          AT("survey_window:3", DAY(2021, 11, 16), "repeat")}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

/* Bought before the end, finished after the reinstatement: in between no deadline takes it for nothing bought. */
static void test_an_unfinished_course(void **state)
{
#define LEFT_UNFINISHED                                                                        \
    BOUGHT,                                                                                    \
        AT("award_ends", DAY(2022, 7, 1),                                                      \
           "enrolment EXPIRED BALANCE_RETURNED left=1000000; " REST_LAPSES),                   \
        REINSTATE(DAY(2022, 7, 5), "")
#define FINISHED(day, number, text)                                                            \
    {                                                                                          \
        COMPLETED, .id = "E-1", .on = (day), .revision = (number), .told = (text)              \
    }
#define VERIFIED(left, day)                                                                    \
    "enrolment ACCEPTED left=" left "; completion VERIFIED first; message completed; "         \
    "approved training PROVIDER P-1 1:500000@" day
    const struct script scripts[] = {
        {"finished after the day on which nothing more is bought",
         21,
         {LEFT_UNFINISHED, AT("first_purchase", DAY(2022, 7, 6), "repeat"),
          AT("balance_closes", DAY(2022, 7, 6),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          FINISHED(DAY(2022, 7, 8), 1, VERIFIED("0", "2022-07-08"))}},
        {"of a balance that had closed before the end",
         21,
         {BOUGHT,
          AT("balance_closes", DAY(2021, 12, 1),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          AT("award_ends", DAY(2022, 7, 1), "enrolment EXPIRED BALANCE_RETURNED left=0; " ENDS),
          REINSTATE(DAY(2022, 7, 5), ""),
          FINISHED(DAY(2022, 7, 5), 1, VERIFIED("0", "2022-07-05"))}},
        {"a purchase that is told late does not take what is kept",
         21,
         {LEFT_UNFINISHED,
          AT("balance_closes", DAY(2022, 7, 6),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2021, 11, 20),
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT,REPORTED_LATE left=500000"},
          FINISHED(DAY(2022, 7, 8), 1, VERIFIED("0", "2022-07-08"))}},
        {"never finished: it ends with the award, and comes back with it",
         21,
         {LEFT_UNFINISHED,
          AT("balance_closes", DAY(2022, 7, 6),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          AT("award_ends", DAY(2023, 7, 1), ENDS),
          FINISHED(DAY(2023, 7, 2), 1, "completion REJECTED BALANCE_RETURNED"),
          REINSTATE(DAY(2023, 7, 3), ""), REINSTATE(DAY(2023, 7, 4), ""),
          FINISHED(DAY(2023, 7, 4), 2, VERIFIED("0", "2023-07-04"))}},
        {"another one bought too late beside it is refused, no more",
         48,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2),
           .told = "enrolment ACCEPTED left=3000000"},
          AT("award_ends", DAY(2024, 7, 1),
             "enrolment EXPIRED BALANCE_RETURNED left=3500000; " REST_LAPSES),
          REINSTATE(DAY(2024, 7, 5), ""),
          {ENROLLED, .id = "E-2", .number = 500000, .on = DAY(2024, 7, 20),
           .told = "enrolment REJECTED FIRST_TRAINING_LATE left=3500000"},
          FINISHED(DAY(2024, 7, 21), 1, VERIFIED("3000000", "2024-07-21"))}},
        {"finished, and then nothing is kept for it",
         21,
         {LEFT_UNFINISHED, FINISHED(DAY(2022, 7, 5), 1, VERIFIED("500000", "2022-07-05")),
          AT("balance_closes", DAY(2022, 7, 6),
             "stopped training from=2 EXPIRED BALANCE_RETURNED"),
          AT("award_ends", DAY(2023, 7, 1), ENDS)}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_what_a_balance_keeps_for_an_unfinished_course(void **state)
{
    struct desk desk;
    const struct step steps[] = {LEFT_UNFINISHED, AT("balance_closes", DAY(2022, 7, 6), "")};
    (void)state;
    desk_open(&desk, 21);
    desk_ready(&desk);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        desk_step(&desk, &steps[i]);
    const struct incentive_stopped *stopped =
        room_output(&desk.room, &incentive_stopped_event, 0);
    assert_int_equal(stopped->unused, RUPIAH(500000));
    assert_int_equal(award_balance(desk_award(&desk)), RUPIAH(500000));
    desk_close(&desk);
}

static void test_the_balance_that_lapsed_with_the_end_is_granted_again(void **state)
{
    struct desk desk;
    (void)state;
    desk_open(&desk, 48);
    desk_ready(&desk);
    desk_step(&desk,
              &(struct step){ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2)});
    desk_step(&desk, &(struct step)AT("award_ends", DAY(2024, 7, 1), ""));
    assert_int_equal(award_balance(desk_award(&desk)), 0);
    desk_step(&desk, &(struct step)REINSTATE(DAY(2024, 7, 5), ""));
    assert_int_equal(award_balance(desk_award(&desk)), RUPIAH(3500000));
    assert_false(desk_award(&desk)->has_balance_expired_at);
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_reinstates),
        cmocka_unit_test(test_ends_by_their_time_in_any_order),
        cmocka_unit_test(test_deadlines_count_anew),
        cmocka_unit_test(test_what_is_done_on_the_day),
        cmocka_unit_test(test_the_timers_that_it_sets),
        cmocka_unit_test(test_what_opens_again),
        cmocka_unit_test(test_an_unfinished_course),
        cmocka_unit_test(test_what_a_balance_keeps_for_an_unfinished_course),
        cmocka_unit_test(test_the_balance_that_lapsed_with_the_end_is_granted_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
