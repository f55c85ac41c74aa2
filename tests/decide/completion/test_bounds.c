/* Both sides of each deadline, to the microsecond: what is in time, what is late, and when its timer fires. */
#include "desk.h"

/* An award with a course, all its videos and an account: nothing but time is in the way. */
static void begin(struct desk *desk, int wave, epoch_day notice_day)
{
    desk_open(desk, wave);
    desk_step(desk, &(struct step){AWARDED, .on = notice_day});
    desk_step(desk, &(struct step){LISTED, .id = "C-1"});
    for (int number = 1; number <= 3; number++)
        desk_step(desk, &(struct step){REACHED, .kind = "INTRO_WATCHED", .number = number,
                                       .on = notice_day});
    desk_step(desk, &(struct step){REACHED, .kind = "ACCOUNT_LINKED", .on = notice_day});
}

static void expect(struct desk *desk, const char *name, struct step step, const char *told)
{
    desk_step(desk, &step);
    if (strcmp(desk->told, told) != 0)
        fail_msg("%s:\n  told     \"%s\"\n  expected \"%s\"", name, desk->told, told);
}

static instant_us midnight_after(epoch_day day)
{
    return day_to_instant(day + 1, 7 * 60);
}

static struct step buy_at(instant_us at)
{
    return (struct step){ENROLLED, .id = "E-1", .number = 500000, .at = at};
}

static struct step fire_at(const char *kind, instant_us at)
{
    return (struct step){FIRED, .kind = kind, .at = at};
}

#define CLOSED "PROGRAMME_YEAR_CLOSED"

static const struct first_purchase {
    const char *name;
    int wave;
    struct civil notice_day, last_day;
    const char
        *late; /* reasons of a purchase on the first late instant; NULL: the clock's own */
} first_purchases[] = {
    {"30 days in 2020", 5, {2020, 8, 27}, {2020, 9, 25}, NULL},
    {"wave 9: the printed last day", 9, {2020, 9, 24}, {2020, 10, 23}, NULL},
    {"30 days in 2021", 21, {2021, 9, 22}, {2021, 10, 21}, NULL},
    {"30 days in 2022", 30, {2022, 3, 1}, {2022, 3, 30}, NULL},
    {"over the end of February", 12, {2021, 2, 10}, {2021, 3, 11}, NULL},
    {"15 days in 2023", 48, {2023, 3, 1}, {2023, 3, 15}, NULL},
    {"15 days in 2024, in a leap February", 63, {2024, 2, 20}, {2024, 3, 5}, NULL},
    {"2020 ends on 15 December", 11, {2020, 11, 20}, {2020, 12, 15}, CLOSED},
    {"2021 ends on 30 November", 22, {2021, 11, 2}, {2021, 11, 30}, CLOSED},
    {"2022 ends on 30 November", 47, {2022, 11, 15}, {2022, 11, 30}, CLOSED},
    {"the clock a day before the year", 22, {2021, 10, 31}, {2021, 11, 29}, NULL},
};

static void check_first_purchase(const struct first_purchase *one)
{
    struct desk desk;
    const epoch_day last_day = day_from_civil(one->last_day);
    const instant_us late = midnight_after(last_day);
    char told[128];

    begin(&desk, one->wave, day_from_civil(one->notice_day));
    expect(&desk, one->name, fire_at("first_purchase", late - 1), "");
    expect(&desk, one->name, fire_at("first_purchase", late), REVOKED);
    expect(&desk, one->name, fire_at("first_purchase", late), "repeat");
    desk_close(&desk);

    begin(&desk, one->wave, day_from_civil(one->notice_day));
    desk_step(&desk, &(struct step){ENROLLED, .id = "E-1", .number = 500000, .at = late - 1});
    if (strncmp(desk.told, "enrolment ACCEPTED", strlen("enrolment ACCEPTED")) != 0)
        fail_msg("%s, in its last microsecond: %s", one->name, desk.told);
    expect(&desk, one->name, fire_at("first_purchase", late), "repeat");
    desk_close(&desk);

    begin(&desk, one->wave, day_from_civil(one->notice_day));
    snprintf(told, sizeof told, "enrolment REJECTED %s left=%d%s",
             one->late == NULL ? "FIRST_TRAINING_LATE" : one->late,
             one->wave >= 48 ? 3500000 : 1000000, one->late == NULL ? "; " REVOKED : "");
    expect(&desk, one->name, buy_at(late), told);
    expect(&desk, one->name, fire_at("first_purchase", late),
           one->late == NULL ? "repeat" : REVOKED);
    desk_close(&desk);
}

static void test_first_purchase(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof first_purchases / sizeof first_purchases[0]; i++)
        check_first_purchase(&first_purchases[i]);
}

/* The timers that an award sets are those that the cases above fire. */
static void test_an_award_sets_its_timers_at_these_instants(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof first_purchases / sizeof first_purchases[0]; i++) {
        const struct first_purchase *one = &first_purchases[i];
        const instant_us late = midnight_after(day_from_civil(one->last_day));
        struct desk desk;
        desk_open(&desk, one->wave);
        desk_step(&desk, &(struct step){AWARDED, .on = day_from_civil(one->notice_day)});
        if (room_timer(&desk.room, "first_purchase") != late ||
            room_timer(&desk.room, "first_purchase_reminder") != late - 8 * US_PER_DAY)
            fail_msg("%s", one->name);
        desk_close(&desk);
    }
}

#define TRAINING_LAPSES "stopped training from=2 EXPIRED BALANCE_RETURNED"
#define ENDS                                                                                   \
    TRAINING_LAPSES "; stopped job_search_incentive from=1 EXPIRED BALANCE_RETURNED; "         \
                    "stopped survey_incentive from=1 EXPIRED BALANCE_RETURNED; "               \
                    "award CLOSED BALANCE_RETURNED"

struct firing {
    const char *name;
    int wave;
    epoch_day notice_day;
    struct step steps[3];
    const char *kind;
    instant_us fires_at;
    const char *told;
};

static void check_firings(const struct firing *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct desk desk;
        begin(&desk, cases[i].wave, cases[i].notice_day);
        for (size_t j = 0; j < 3 && (cases[i].steps[j].on != 0 || cases[i].steps[j].at != 0);
             j++)
            desk_step(&desk, &cases[i].steps[j]);
        expect(&desk, cases[i].name, fire_at(cases[i].kind, cases[i].fires_at - 1), "");
        expect(&desk, cases[i].name, fire_at(cases[i].kind, cases[i].fires_at), cases[i].told);
        expect(&desk, cases[i].name, fire_at(cases[i].kind, cases[i].fires_at), "repeat");
        desk_close(&desk);
    }
}

static void test_a_balance_lapses_at_midnight_once(void **state)
{
    const struct firing cases[] = {

        {"the balance of 2020",
         5,
         DAY(2020, 8, 27),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2020, 9, 1)}},
         "balance_closes",
         MIDNIGHT(2020, 12, 16),
         TRAINING_LAPSES},
        {"the balance of 2021",
         21,
         DAY(2021, 9, 22),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 1)}},
         "balance_closes",
         MIDNIGHT(2021, 12, 1),
         TRAINING_LAPSES},
        {"the balance of 2022",
         30,
         DAY(2022, 3, 1),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2022, 3, 2)}},
         "balance_closes",
         MIDNIGHT(2022, 12, 1),
         TRAINING_LAPSES},
        {"the next purchase",
         48,
         DAY(2023, 3, 1),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2)},
          {COMPLETED, .id = "E-1", .at = MIDNIGHT(2023, 3, 21) - 1}},
         "next_purchase",
         MIDNIGHT(2023, 4, 5),
         "stopped training from=2 EXPIRED NEXT_TRAINING_LATE"},
        {"the next purchase after a completion in the next microsecond",
         48,
         DAY(2023, 3, 1),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2)},
          {COMPLETED, .id = "E-1", .at = MIDNIGHT(2023, 3, 21)}},
         "next_purchase",
         MIDNIGHT(2023, 4, 6),
         "stopped training from=2 EXPIRED NEXT_TRAINING_LATE"}};
    (void)state;
    check_firings(cases, sizeof cases / sizeof cases[0]);
}

static void test_each_other_deadline_fires_at_midnight_once(void **state)
{
    const struct firing cases[] = {
        {"a survey's window",
         21,
         DAY(2021, 9, 22),
         {{REACHED, .kind = "SURVEY_OPENED", .number = 3, .at = MIDNIGHT(2021, 10, 14) - 1}},
         "survey_window:3",
         MIDNIGHT(2021, 11, 13),
         "stopped survey_incentive from=3 EXPIRED SURVEY_LATE"},
        {"the award of 2021",
         21,
         DAY(2021, 9, 22),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 1)}},
         "award_ends",
         MIDNIGHT(2022, 7, 1),
         "enrolment EXPIRED BALANCE_RETURNED left=1000000; " ENDS},
        {"a repayment",
         21,
         DAY(2021, 9, 22),
         {{CHANGED, .kind = "RECOVERY_NOTICED", .reason = "RECOVER_INELIGIBLE", .number = 600,
           .at = MIDNIGHT(2021, 11, 2) - 1}},
         "repayment",
         MIDNIGHT(2022, 1, 1),
         ""},
        {"the reminder",
         21,
         DAY(2021, 9, 22),
         {{0}},
         "first_purchase_reminder",
         MIDNIGHT(2021, 10, 14),
         "message first_purchase_reminder"},

    };
    (void)state;
    check_firings(cases, sizeof cases / sizeof cases[0]);
}

struct judged {
    const char *name;
    int wave;
    epoch_day notice_day;
    struct step steps[6];
    struct step last;
    instant_us bound; /* the first instant that is late */
    const char *in_time, *late;
};

/* What the sender's own time is judged by: a microsecond decides. */
static void check_judged(const struct judged *one, bool late)
{
    struct desk desk;
    struct step last = one->last;
    last.at = late ? one->bound : one->bound - 1;
    begin(&desk, one->wave, one->notice_day);
    for (size_t j = 0; j < 6 && one->steps[j].on != 0; j++)
        desk_step(&desk, &one->steps[j]);
    expect(&desk, one->name, last, late ? one->late : one->in_time);
    desk_close(&desk);
}

#define PLANNED(day)                                                                           \
    "approved job_search_incentive PARTICIPANT 1:600000@" day "-10 2:600000@2023-01-10 "       \
    "3:600000@2023-02-10 4:600000@2023-03-10"

static void test_completions_and_reviews_by_their_day(void **state)
{
    const struct judged cases[] = {

        {"the first training of 2020",
         5,
         DAY(2020, 8, 27),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2020, 9, 1)}},
         {COMPLETED, .id = "E-1"},
         MIDNIGHT(2020, 12, 16),
         "completion VERIFIED first; message completed; approved training PROVIDER P-1 "
         "1:500000@2020-12-15",
         "completion REJECTED COMPLETION_LATE; enrolment REJECTED COMPLETION_LATE "
         "left=1000000"},
        {"trainings of 2022",
         30,
         DAY(2022, 3, 1),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2022, 3, 2)}},
         {COMPLETED, .id = "E-1"},
         MIDNIGHT(2022, 12, 6),
         "completion VERIFIED first; message completed; approved training PROVIDER P-1 "
         "1:500000@2022-12-05",
         "completion REJECTED COMPLETION_LATE; enrolment REJECTED COMPLETION_LATE "
         "left=1000000"},
        {"the review of 2022",
         30,
         DAY(2022, 3, 1),
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2022, 3, 2)},
          {COMPLETED, .id = "E-1", .on = DAY(2022, 4, 1)}},
         {REACHED, .kind = "REVIEW_RATED", .id = "E-1"},
         MIDNIGHT(2022, 12, 11),
         PLANNED("2022-12"),
         "stopped job_search_incentive from=1 REFUSED REVIEW_LATE"}};
    (void)state;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++)
        check_judged(&cases[i / 2], i % 2 == 1);
}

static void test_surveys_by_their_day(void **state)
{
    const struct judged cases[] = {
        {"a survey on its thirtieth day",
         21,
         DAY(2021, 9, 22),
         {{REACHED, .kind = "SURVEY_OPENED", .number = 3, .on = DAY(2021, 10, 1)},
          {PAID, .number = 1, .on = DAY(2021, 10, 2)},
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 1, .on = DAY(2021, 10, 3)},
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 2, .on = DAY(2021, 10, 3)}},
         {REACHED, .kind = "SURVEY_ANSWERED", .number = 3},
         MIDNIGHT(2021, 11, 1),
         "approved survey_incentive PARTICIPANT 3:50000@2021-10-31",
         "stopped survey_incentive from=3 EXPIRED SURVEY_LATE"},
        {"surveys of 2021",
         21,
         DAY(2021, 9, 22),
         {{REACHED, .kind = "SURVEY_OPENED", .number = 3, .on = DAY(2021, 12, 1)},
          {PAID, .number = 1, .on = DAY(2021, 12, 2)},
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 1, .on = DAY(2021, 12, 3)},
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 2, .on = DAY(2021, 12, 3)}},
         {REACHED, .kind = "SURVEY_ANSWERED", .number = 3},
         MIDNIGHT(2021, 12, 11),
         "approved survey_incentive PARTICIPANT 3:50000@2021-12-10",
         "stopped survey_incentive from=3 EXPIRED SURVEY_CLOSED"},
        {"surveys of 2022",
         30,
         DAY(2022, 3, 1),
         {{REACHED, .kind = "SURVEY_OPENED", .number = 3, .on = DAY(2022, 12, 1)},
          {PAID, .number = 1, .on = DAY(2022, 12, 2)},
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 1, .on = DAY(2022, 12, 3)},
          {REACHED, .kind = "SURVEY_ANSWERED", .number = 2, .on = DAY(2022, 12, 3)}},
         {REACHED, .kind = "SURVEY_ANSWERED", .number = 3},
         MIDNIGHT(2022, 12, 11),
         "approved survey_incentive PARTICIPANT 3:50000@2022-12-10",
         "stopped survey_incentive from=3 EXPIRED SURVEY_CLOSED"},

    };
    (void)state;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++)
        check_judged(&cases[i / 2], i % 2 == 1);
}

/* The clock fires a deadline only once the service has read all that was said before. What is told afterwards is
 * decided when it comes, and named as late where it was done in time. */
static void test_what_is_told_after_the_deadline(void **state)
{
    const struct script scripts[] = {
        {"bought in the last microsecond, told before",
         21,
         {{ENROLLED, .id = "E-1", .number = 500000, .at = MIDNIGHT(2021, 10, 22) - 1,
           .told = "enrolment ACCEPTED left=500000"},
          {FIRED, .kind = "first_purchase", .on = DAY(2021, 10, 22), .told = "repeat"}}},
        {"bought in the last microsecond, told after",
         21,
         {{FIRED, .kind = "first_purchase", .on = DAY(2021, 10, 22), .told = REVOKED},
          {ENROLLED, .id = "E-1", .number = 500000, .at = MIDNIGHT(2021, 10, 22) - 1,
           .told = "enrolment REJECTED AWARD_REVOKED,REPORTED_LATE left=1000000"}}},
        {"bought in the instant of the revocation: it was too late anyway",
         21,
         {{FIRED, .kind = "first_purchase", .on = DAY(2021, 10, 22), .told = REVOKED},
          {ENROLLED, .id = "E-1", .number = 500000, .at = MIDNIGHT(2021, 10, 22),
           .told = "enrolment REJECTED AWARD_REVOKED,FIRST_TRAINING_LATE left=1000000"}}},
        {"bought on the year's last day, told after its balance lapsed",
         21,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 1),
           .told = "enrolment ACCEPTED left=500000"},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 9),
           .told = "completion VERIFIED first; message completed; approved training PROVIDER "
                   "P-1 1:500000@2021-10-09"},
          {REACHED, .kind = "REVIEW_RATED", .on = DAY(2021, 10, 9), .told = ""},
          {FIRED, .kind = "balance_closes", .on = DAY(2021, 12, 1), .told = TRAINING_LAPSES},
          {ENROLLED, .id = "E-2", .number = 500000, .at = MIDNIGHT(2021, 12, 1) - 1,
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT,REPORTED_LATE left=0"}}},
        {"finished before the award's end, told after",
         21,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 1),
           .told = "enrolment ACCEPTED left=500000"},
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 10),
           .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 9),
           .told = "completion REJECTED AWARD_REVOKED,REPORTED_LATE; enrolment REJECTED "
                   "AWARD_REVOKED,REPORTED_LATE left=1000000"}}},
        {"finished after the award's end",
         21,
         {{ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 1),
           .told = "enrolment ACCEPTED left=500000"},
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 10),
           .told = ""},
          {COMPLETED, .id = "E-1", .on = DAY(2021, 10, 11),
           .told = "completion REJECTED AWARD_REVOKED; enrolment REJECTED AWARD_REVOKED "
                   "left=1000000"}}},
        {"held in time, and revoked: nobody was late",
         -21,
         {{AWARDED, .on = DAY(2021, 9, 22), .told = ""},
          {LISTED, .id = "C-1", .told = ""},
          {ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2021, 10, 1),
           .told = "enrolment HELD INTRO_NOT_WATCHED left=1000000"},
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2021, 10, 10),
           .told = "enrolment REJECTED AWARD_REVOKED,INTRO_NOT_WATCHED left=1000000"}}},
    };
    (void)state;
    desk_play(scripts, sizeof scripts / sizeof scripts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_purchase),
        cmocka_unit_test(test_an_award_sets_its_timers_at_these_instants),
        cmocka_unit_test(test_a_balance_lapses_at_midnight_once),
        cmocka_unit_test(test_each_other_deadline_fires_at_midnight_once),
        cmocka_unit_test(test_completions_and_reviews_by_their_day),
        cmocka_unit_test(test_surveys_by_their_day),
        cmocka_unit_test(test_what_is_told_after_the_deadline),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
