/* The incentive plan: whatever comes last sets it, and it is the same in every order. */
#include "desk.h"

#define FOUR_FROM_9_OCTOBER                                                                    \
    "approved job_search_incentive PARTICIPANT 1:600000@2021-10-09 2:600000@2021-11-09 "       \
    "3:600000@2021-12-09 4:600000@2022-01-09"
#define TRAINING "message completed; approved training PROVIDER P-1 1:500000@2021-10-05"

#define BOUGHT                                                                                 \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 9, 30),                       \
                  .told = "enrolment ACCEPTED left=500000"                                     \
    }
#define DONE(text)                                                                             \
    {                                                                                          \
        COMPLETED, .id = "E-1", .on = DAY(2021, 10, 5), .told = (text)                         \
    }
#define RATED(text)                                                                            \
    {                                                                                          \
        REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2021, 10, 9), .told = (text)   \
    }
#define LINKED(text)                                                                           \
    {                                                                                          \
        REACHED, .kind = "ACCOUNT_LINKED", .on = DAY(2021, 10, 7), .told = (text)              \
    }

static void test_any_order(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"completion, account, review",
         21,
         {BOUGHT, DONE("completion VERIFIED first; " TRAINING), LINKED(""),
          RATED(FOUR_FROM_9_OCTOBER), RATED("repeat"), LINKED("repeat")}},
        {"completion, review, account",
         21,
         {BOUGHT, DONE("completion VERIFIED first; " TRAINING), RATED(""),
          LINKED(FOUR_FROM_9_OCTOBER), LINKED("repeat")}},
        {"account, completion, review",
         21,
         {BOUGHT, LINKED(""), DONE("completion VERIFIED first; " TRAINING),
          RATED(FOUR_FROM_9_OCTOBER)}},
        {"review, account, completion",
         21,
         {BOUGHT, RATED(""), LINKED(""),
          DONE("completion VERIFIED first; " TRAINING "; " FOUR_FROM_9_OCTOBER),
          DONE("repeat")}},
        {"account, review, completion",
         21,
         {BOUGHT, LINKED(""), RATED(""),
          DONE("completion VERIFIED first; " TRAINING "; " FOUR_FROM_9_OCTOBER)}},
        {"review, completion, account",
         21,
         {BOUGHT, RATED(""), DONE("completion VERIFIED first; " TRAINING),
          LINKED(FOUR_FROM_9_OCTOBER)}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

/* Reviews that name no enrolment. A third purchase shows whether the second course is rated. */
static void test_reviews_of_two_courses(void **state)
{
    (void)state;
#define UNNAMED(day, text)                                                                     \
    {                                                                                          \
        REACHED, .kind = "REVIEW_RATED", .on = (day), .told = (text)                           \
    }
#define BUY(voucher, day, text)                                                                \
    {                                                                                          \
        ENROLLED, .id = (voucher), .number = 300000, .on = (day), .told = (text)               \
    }
#define SECOND_DONE                                                                            \
    {                                                                                          \
        COMPLETED, .id = "E-2", .on = DAY(2021, 10, 19),                                       \
                   .told = "completion VERIFIED; message completed; approved training "        \
                           "PROVIDER P-1 2:300000@2021-10-19"                                  \
    }
#define FIRST_DONE                                                                             \
    BUY("E-1", DAY(2021, 10, 2), "enrolment ACCEPTED left=700000"),                            \
    {                                                                                          \
        COMPLETED, .id = "E-1", .on = DAY(2021, 10, 9),                                        \
                   .told = "completion VERIFIED first; message completed; approved training "  \
                           "PROVIDER P-1 1:300000@2021-10-09"                                  \
    }
#define SECOND BUY("E-2", DAY(2021, 10, 12), "enrolment ACCEPTED left=400000")
#define OPEN   "enrolment REJECTED PREVIOUS_TRAINING_OPEN left=400000"
    const struct script scripts[] = {
        {"a repeat of the first course's rates no second one",
         21,
         {FIRST_DONE, UNNAMED(DAY(2021, 10, 10), ""), SECOND,
          UNNAMED(DAY(2021, 10, 10), "repeat"), SECOND_DONE,
          BUY("E-3", DAY(2021, 10, 22), OPEN)}},
        {"the second one's, heard before its purchase",
         21,
         {FIRST_DONE, UNNAMED(DAY(2021, 10, 10), ""), UNNAMED(DAY(2021, 10, 20), ""),
          UNNAMED(DAY(2021, 10, 20), "repeat"), SECOND, SECOND_DONE,
          BUY("E-3", DAY(2021, 10, 22), "enrolment ACCEPTED left=100000")}},
        {"one between them that fits no purchase makes room for the second one's",
         21,
         {FIRST_DONE, UNNAMED(DAY(2021, 10, 10), ""), UNNAMED(DAY(2021, 10, 11), ""),
          UNNAMED(DAY(2021, 10, 20), ""), SECOND, SECOND_DONE,
          BUY("E-3", DAY(2021, 10, 22), "enrolment ACCEPTED left=100000")}},
        {"one from before the second purchase does not rate it, kept or not",
         21,
         {FIRST_DONE, UNNAMED(DAY(2021, 10, 10), ""), UNNAMED(DAY(2021, 10, 11), ""), SECOND,
          UNNAMED(DAY(2021, 10, 11), "repeat"), SECOND_DONE,
          BUY("E-3", DAY(2021, 10, 22), OPEN)}},
        {"after the purchase, and before it is done",
         21,
         {FIRST_DONE, UNNAMED(DAY(2021, 10, 10), ""), SECOND, UNNAMED(DAY(2021, 10, 18), ""),
          SECOND_DONE, BUY("E-3", DAY(2021, 10, 22), "enrolment ACCEPTED left=100000")}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_reviews_that_name_no_enrolment(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"after the purchase",
         21,
         {BOUGHT,
          LINKED(""),
          {REACHED, .kind = "REVIEW_RATED", .on = DAY(2021, 10, 9), .told = ""},
          DONE("completion VERIFIED first; " TRAINING "; " FOUR_FROM_9_OCTOBER)}},
        {"before the purchase",
         21,
         {LINKED(""),
          {REACHED, .kind = "REVIEW_RATED", .on = DAY(2021, 10, 9), .told = ""},
          {REACHED, .kind = "REVIEW_RATED", .on = DAY(2021, 10, 9), .told = "repeat"},
          BOUGHT,
          DONE("completion VERIFIED first; " TRAINING "; " FOUR_FROM_9_OCTOBER)}},
        {"two reviews before the first purchase, in either order: the earlier",
         21,
         {LINKED(""),
          {REACHED, .kind = "REVIEW_RATED", .on = DAY(2021, 10, 10), .told = ""},
          {REACHED, .kind = "REVIEW_RATED", .on = DAY(2021, 10, 9), .told = ""},
          {REACHED, .kind = "REVIEW_RATED", .on = DAY(2021, 10, 11), .told = "repeat"},
          BOUGHT,
          DONE("completion VERIFIED first; " TRAINING "; " FOUR_FROM_9_OCTOBER)}},
        {"after the completion",
         21,
         {BOUGHT,
          LINKED(""),
          DONE("completion VERIFIED first; " TRAINING),
          {REACHED, .kind = "REVIEW_RATED", .on = DAY(2021, 10, 9),
           .told = FOUR_FROM_9_OCTOBER}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_reviews_and_other_awards(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"a review of an enrolment that is not known", 21, {RATED("wait enrolment")}},
        {"the incentive is for the first training only",
         21,
         {BOUGHT,
          LINKED(""),
          RATED(""),
          DONE("completion VERIFIED first; " TRAINING "; " FOUR_FROM_9_OCTOBER),
          {ENROLLED, .id = "E-2", .number = 300000, .on = DAY(2021, 10, 20),
           .told = "enrolment ACCEPTED left=200000"},
          {COMPLETED, .id = "E-2", .on = DAY(2021, 10, 25),
           .told = "completion VERIFIED; message completed; approved training PROVIDER P-1 "
                   "2:300000@2021-10-25"},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-2", .on = DAY(2021, 10, 26), .told = ""}}},
        {"a held award is planned all the same: payment asks for the holds",
         21,
         {BOUGHT,
          LINKED(""),
          RATED(""),
          {CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = DAY(2021, 10, 1),
           .told = ""},
          DONE("completion VERIFIED first; " TRAINING "; " FOUR_FROM_9_OCTOBER)}},
        {"a revoked award is not planned, a reinstated one is",
         21,
         {BOUGHT,
          DONE("completion VERIFIED first; " TRAINING),
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 6),
           .told = ""},
          LINKED(""),
          RATED(""),
          {CHANGED, .kind = "REINSTATED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 11, 6),
           .by = "APPLICATION", .told = FOUR_FROM_9_OCTOBER}}},
        {"one instalment in the normal scheme",
         48,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2),
           .told = "enrolment ACCEPTED left=3000000"},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2023, 3, 5), .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2023-03-20; "
                   "approved job_search_incentive PARTICIPANT 1:600000@2023-03-20"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_review_by_the_years_last_day(void **state)
{
    (void)state;
    const struct step bought = {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2022, 3, 2),
                                .told = "enrolment ACCEPTED left=500000"};
    const struct step linked = {REACHED, .kind = "ACCOUNT_LINKED", .on = DAY(2022, 3, 3),
                                .told = ""};
    const struct step done = {COMPLETED, .id = "E-1", .on = DAY(2022, 3, 31),
                              .told = "completion VERIFIED first; message completed; approved "
                                      "training PROVIDER P-1 1:500000@2022-03-31"};
    const struct script scripts[] = {
        {"on the last day",
         30,
         {bought,
          linked,
          done,
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2022, 12, 10),
           .told = "approved job_search_incentive PARTICIPANT 1:600000@2022-12-10 "
                   "2:600000@2023-01-10 3:600000@2023-02-10 4:600000@2023-03-10"}}},
        {"a day later: refused for good",
         30,
         {bought,
          linked,
          done,
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2022, 12, 11),
           .told = "stopped job_search_incentive from=1 REFUSED REVIEW_LATE"},
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2022, 12, 12),
           .told = "repeat"}}},
        {"months are counted from the start: a day that a month lacks is its last",
         30,
         {bought,
          linked,
          {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2022, 3, 30), .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2022, 3, 31),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2022-03-31; "
                   "approved job_search_incentive PARTICIPANT 1:600000@2022-03-31 "
                   "2:600000@2022-04-30 3:600000@2022-05-31 4:600000@2022-06-30"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

#define OPENED(n, day)                                                                         \
    {                                                                                          \
        REACHED, .kind = "SURVEY_OPENED", .number = (n), .on = (day), .told = ""               \
    }
#define ANSWERED(n, day, text)                                                                 \
    {                                                                                          \
        REACHED, .kind = "SURVEY_ANSWERED", .number = (n), .on = (day), .told = (text)         \
    }

static void test_surveys(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"paid, opened, answered",
         21,
         {{PAID, .number = 1, .on = DAY(2021, 10, 12), .told = ""},
          OPENED(1, DAY(2021, 10, 13)),
          ANSWERED(1, DAY(2021, 10, 20),
                   "approved survey_incentive PARTICIPANT 1:50000@2021-10-20"),
          ANSWERED(1, DAY(2021, 10, 20), "repeat")}},
        {"answered before instalment 1 is paid: waits for it, and is due with it",
         21,
         {OPENED(1, DAY(2021, 10, 1)),
          ANSWERED(1, DAY(2021, 10, 2), ""),
          {PAID, .number = 2, .on = DAY(2021, 10, 12), .told = "repeat"},
          {PAID, .kind = "training", .number = 1, .on = DAY(2021, 10, 12), .told = "repeat"},
          {PAID, .number = 1, .on = DAY(2021, 10, 12),
           .told = "approved survey_incentive PARTICIPANT 1:50000@2021-10-12"}}},
        {"answered before it opened: held, then judged by the days",
         21,
         {{PAID, .number = 1, .on = DAY(2021, 10, 12), .told = ""},
          ANSWERED(1, DAY(2021, 10, 20), ""),
          {REACHED, .kind = "SURVEY_OPENED", .number = 1, .on = DAY(2021, 10, 13),
           .told = "approved survey_incentive PARTICIPANT 1:50000@2021-10-20"}}},
        {"answered on the last day of the window",
         21,
         {{PAID, .number = 1, .on = DAY(2021, 10, 12), .told = ""},
          OPENED(1, DAY(2021, 10, 13)),
          ANSWERED(1, DAY(2021, 11, 12),
                   "approved survey_incentive PARTICIPANT 1:50000@2021-11-12")}},
        {"answered a day later",
         21,
         {{PAID, .number = 1, .on = DAY(2021, 10, 12), .told = ""},
          OPENED(1, DAY(2021, 10, 13)),
          ANSWERED(1, DAY(2021, 11, 13), ""),
          {FIRED, .kind = "survey_window:1", .on = DAY(2021, 11, 13), .told = "repeat"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_later_surveys(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"answered on the year's last day of surveys, and after",
         21,
         {{PAID, .number = 1, .on = DAY(2021, 11, 12), .told = ""},
          OPENED(1, DAY(2021, 11, 20)),
          OPENED(2, DAY(2021, 11, 20)),
          ANSWERED(1, DAY(2021, 12, 10),
                   "approved survey_incentive PARTICIPANT 1:50000@2021-12-10"),
          ANSWERED(2, DAY(2021, 12, 11), "")}},
        {"survey 3 waits for 1 and 2",
         21,
         {{PAID, .number = 1, .on = DAY(2021, 10, 12), .told = ""},
          OPENED(1, DAY(2021, 10, 13)),
          OPENED(2, DAY(2021, 10, 13)),
          OPENED(3, DAY(2021, 11, 1)),
          ANSWERED(3, DAY(2021, 11, 2), ""),
          ANSWERED(1, DAY(2021, 11, 3),
                   "approved survey_incentive PARTICIPANT 1:50000@2021-11-03"),
          ANSWERED(2, DAY(2021, 11, 4),
                   "approved survey_incentive PARTICIPANT 2:50000@2021-11-04; approved "
                   "survey_incentive PARTICIPANT 3:50000@2021-11-02")}},
        {"a late survey takes no later one along",
         21,
         {{PAID, .number = 1, .on = DAY(2021, 9, 28), .told = ""},
          OPENED(1, DAY(2021, 9, 29)),
          ANSWERED(1, DAY(2021, 10, 30), ""),
          OPENED(2, DAY(2021, 10, 30)),
          ANSWERED(2, DAY(2021, 11, 2),
                   "approved survey_incentive PARTICIPANT 2:50000@2021-11-02"),
          OPENED(3, DAY(2021, 11, 2)),
          ANSWERED(3, DAY(2021, 12, 3),
                   "stopped survey_incentive from=3 EXPIRED SURVEY_LATE")}},
        {"the normal scheme has two, and no window",
         48,
         {{PAID, .number = 1, .on = DAY(2023, 4, 12), .told = ""},
          ANSWERED(2, DAY(2023, 6, 1),
                   "approved survey_incentive PARTICIPANT 2:50000@2023-06-01"),
          ANSWERED(3, DAY(2023, 6, 1), "refused NO_SUCH_SURVEY")}},
        {"an instalment that came back opens nothing, until it is paid again",
         21,
         {{PAID, .number = 1, .on = DAY(2021, 10, 12), .told = ""},
          {RETURNED, .number = 1, .told = ""},
          OPENED(1, DAY(2021, 10, 13)),
          ANSWERED(1, DAY(2021, 10, 20), ""),
          {PAID, .number = 1, .on = DAY(2021, 10, 12), .revision = 1, .told = "repeat"},
          {PAID, .number = 1, .on = DAY(2021, 10, 25),
           .told = "approved survey_incentive PARTICIPANT 1:50000@2021-10-25"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_bad_milestones(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"before the award",
         -21,
         {{REACHED, .kind = "ACCOUNT_LINKED", .on = DAY(2021, 10, 1), .told = "wait award"}}},
        {"a kind of another contract",
         21,
         {{REACHED, .kind = "GRADUATED", .on = DAY(2021, 10, 1),
           .told = "refused UNKNOWN_MILESTONE"}}},
        {"a kind that pays nothing here",
         21,
         {{REACHED, .kind = "MONTH_EMPLOYED", .on = DAY(2021, 10, 1),
           .told = "refused MILESTONE_NOT_USED"}}},
        {"the thirty-first video",
         21,
         {{REACHED, .kind = "INTRO_WATCHED", .number = 31, .on = DAY(2021, 10, 1),
           .told = ""}}},
        {"the thirty-second",
         21,
         {{REACHED, .kind = "INTRO_WATCHED", .number = 32, .on = DAY(2021, 10, 1),
           .told = "refused BAD_NUMBER"}}},
        {"the video before the first",
         21,
         {{REACHED, .kind = "INTRO_WATCHED", .number = -1, .on = DAY(2021, 10, 1),
           .told = "refused BAD_NUMBER"}}},
        {"a payout before the award",
         -21,
         {{PAID, .number = 1, .on = DAY(2021, 10, 12), .told = "wait award"}}},
    };
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_reviews_of_two_courses),
        cmocka_unit_test(test_reviews_that_name_no_enrolment),
        cmocka_unit_test(test_reviews_and_other_awards),
        cmocka_unit_test(test_review_by_the_years_last_day),
        cmocka_unit_test(test_surveys),
        cmocka_unit_test(test_later_surveys),
        cmocka_unit_test(test_bad_milestones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
