/* Bina Kerjaya: two courses by category, and an allowance for each month of training. */
#include "desk.h"

static const struct ground ground = {"bina-kerjaya", "bina-kerjaya-2023", 2023, 0, NULL, NULL};

#define AWARD                                                                                  \
    {                                                                                          \
        AWARDED, .on = DAY(2023, 6, 1), .told = ""                                             \
    }
#define LIST(category)                                                                         \
    {                                                                                          \
        LISTED, .id = "C-1", .kind = (category), .told = ""                                    \
    }
#define BUY(voucher, price, day, from, to, said)                                               \
    {                                                                                          \
        ENROLLED, .id = (voucher), .number = (price), .on = (day), .first = (from),            \
                  .last = (to), .told = (said)                                                 \
    }
#define MONTH(voucher, n, day, said)                                                           \
    {                                                                                          \
        REACHED, .kind = "TRAINING_MONTH", .id = (voucher), .number = (n), .on = (day),        \
                 .told = (said)                                                                \
    }
#define FINISH(voucher, day, said)                                                             \
    {                                                                                          \
        COMPLETED, .id = (voucher), .on = (day), .told = (said)                                \
    }

static const char bought[] = "enrolment ACCEPTED left=5500";

/* AHK SP23: RM2,500 for RPEL and competency. AHK MOFP SD23: RM4,000 for professional and microcredential. */
static void test_fee_by_category(void **state)
{
    (void)state;
    const epoch_day day = DAY(2023, 6, 5), from = DAY(2023, 6, 12), to = DAY(2023, 7, 20);
    const struct script scripts[] = {
        {"RPEL at the cap", 0, {AWARD, LIST("RPEL"), BUY("V-1", 2500, day, from, to, bought)}},
        {"RPEL above the cap",
         0,
         {AWARD, LIST("RPEL"),
          BUY("V-1", 2501, day, from, to, "enrolment REJECTED FEE_ABOVE_CAP left=8000")}},
        {"competency at the cap",
         0,
         {AWARD, LIST("COMPETENCY"), BUY("V-1", 2500, day, from, to, bought)}},
        {"competency above the cap",
         0,
         {AWARD, LIST("COMPETENCY"),
          BUY("V-1", 2501, day, from, to, "enrolment REJECTED FEE_ABOVE_CAP left=8000")}},
        {"professional at the cap",
         0,
         {AWARD, LIST("PROFESSIONAL"),
          BUY("V-1", 4000, day, from, to, "enrolment ACCEPTED left=4000")}},
        {"professional above the cap",
         0,
         {AWARD, LIST("PROFESSIONAL"),
          BUY("V-1", 4001, day, from, to, "enrolment REJECTED FEE_ABOVE_CAP left=8000")}},
        {"microcredential at the cap",
         0,
         {AWARD, LIST("MICROCREDENTIAL"),
          BUY("V-1", 4000, day, from, to, "enrolment ACCEPTED left=4000")}},
        {"microcredential above the cap",
         0,
         {AWARD, LIST("MICROCREDENTIAL"),
          BUY("V-1", 4001, day, from, to, "enrolment REJECTED FEE_ABOVE_CAP left=8000")}},
        {"a category that no benefit pays",
         0,
         {AWARD, LIST("HOBBY"),
          BUY("V-1", 100, day, from, to, "enrolment REJECTED COURSE_NOT_OFFERED left=8000")}},
        {"a category that nobody told holds, until it is told",
         0,
         {AWARD,
          LIST(NULL),
          BUY("V-1", 2500, day, from, to, "enrolment HELD REGISTRY_UNAVAILABLE left=8000"),
          {LISTED, .id = "C-1", .kind = "RPEL", .revision = 2, .told = ""},
          {FIRED, .kind = "retry", .on = day + 1, .told = bought},
          FINISH("V-1", to,
                 "completion VERIFIED first; approved training_fee PROVIDER P-1 "
                 "1:2500@2023-07-20")}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* AHK: at most two courses. */
static void test_two_courses(void **state)
{
    (void)state;
    const epoch_day day = DAY(2023, 6, 5), from = DAY(2023, 6, 12), to = DAY(2023, 7, 20);
    const struct script scripts[] = {
        {"two at the higher cap use RM8,000, and the provider gets both fees; a third is "
         "refused",
         0,
         {AWARD, LIST("PROFESSIONAL"),
          BUY("V-1", 4000, day, from, to, "enrolment ACCEPTED left=4000"),
          FINISH("V-1", to,
                 "completion VERIFIED first; approved training_fee PROVIDER P-1 "
                 "1:4000@2023-07-20"),
          BUY("V-2", 4000, to + 1, to + 5, to + 30, "enrolment ACCEPTED left=0"),
          FINISH("V-2", to + 30,
                 "completion VERIFIED; approved training_fee PROVIDER P-1 2:4000@2023-08-19"),
          BUY("V-3", 0, to + 40, to + 50, to + 60,
              "enrolment REJECTED PROGRAMME_COUNT_REACHED left=0")}},
        {"the second waits for the end of the first",
         0,
         {AWARD, LIST("RPEL"), BUY("V-1", 2500, day, from, to, bought),
          BUY("V-2", 2500, day, from, to, "enrolment REJECTED CONCURRENT_COURSE left=5500")}},
        {"without a certificate no fee",
         0,
         {AWARD,
          LIST("RPEL"),
          BUY("V-1", 2500, day, from, to, bought),
          {COMPLETED, .id = "V-1", .on = to, .flaw = NO_CERTIFICATE,
           .told = "completion HELD CERT_MISSING"},
          {COMPLETED, .id = "V-1", .on = to, .revision = 2,
           .told = "completion VERIFIED first; approved training_fee PROVIDER P-1 "
                   "1:2500@2023-07-20"}}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* MOFB SD23 ST23: RM300 a month, three in all; each month begun counts, due when the month or the course ends (D). */
static void test_allowance(void **state)
{
    (void)state;
    const epoch_day day = DAY(2023, 6, 5), from = DAY(2023, 8, 31), to = DAY(2024, 2, 29);
    const struct script scripts[] = {
        {"three months over month ends of a leap year, and not a fourth",
         0,
         {AWARD, LIST("RPEL"), BUY("V-1", 2500, day, DAY(2023, 11, 30), to, bought),
          MONTH("V-1", 1, DAY(2023, 11, 30),
                "approved training_allowance PARTICIPANT 1:300@2023-12-30"),
          MONTH("V-1", 2, DAY(2023, 12, 30),
                "approved training_allowance PARTICIPANT 2:300@2024-01-30"),
          MONTH("V-1", 3, DAY(2024, 1, 30),
                "approved training_allowance PARTICIPANT 3:300@2024-02-29"),
          MONTH("V-1", 3, DAY(2024, 1, 31), "repeat")}},
        {"a fourth month is kept, and pays nothing",
         0,
         {AWARD, LIST("RPEL"), BUY("V-1", 2500, day, from, to, bought),
          MONTH("V-1", 1, DAY(2023, 8, 31),
                "approved training_allowance PARTICIPANT 1:300@2023-09-30"),
          MONTH("V-1", 2, DAY(2023, 9, 30),
                "approved training_allowance PARTICIPANT 2:300@2023-10-31"),
          MONTH("V-1", 3, DAY(2023, 10, 31),
                "approved training_allowance PARTICIPANT 3:300@2023-11-30"),
          MONTH("V-1", 4, DAY(2023, 11, 30), "")}},
        {"a month that the course ends is due on its last day",
         0,
         {AWARD, LIST("RPEL"),
          BUY("V-1", 2500, day, DAY(2023, 7, 10), DAY(2023, 7, 24), bought),
          MONTH("V-1", 1, DAY(2023, 7, 10),
                "approved training_allowance PARTICIPANT 1:300@2023-07-24")}},
        {"a month begins on the same day of the next month, and not on the day before",
         0,
         {AWARD, LIST("RPEL"),
          BUY("V-1", 2500, day, DAY(2023, 7, 10), DAY(2023, 8, 10), bought),
          MONTH("V-1", 2, DAY(2023, 8, 9), "refused MONTH_NOT_BEGUN"),
          MONTH("V-1", 2, DAY(2023, 8, 10),
                "approved training_allowance PARTICIPANT 1:300@2023-08-10")}},
        {"a course that ends the day before has no such month",
         0,
         {AWARD, LIST("RPEL"), BUY("V-1", 2500, day, DAY(2023, 7, 10), DAY(2023, 8, 9), bought),
          MONTH("V-1", 2, DAY(2023, 8, 10), "refused NO_SUCH_MONTH")}},
        {"three in all over both courses",
         0,
         {AWARD, LIST("RPEL"), BUY("V-1", 2500, day, DAY(2023, 7, 1), DAY(2023, 8, 20), bought),
          MONTH("V-1", 1, DAY(2023, 7, 1),
                "approved training_allowance PARTICIPANT 1:300@2023-08-01"),
          MONTH("V-1", 2, DAY(2023, 8, 1),
                "approved training_allowance PARTICIPANT 2:300@2023-08-20"),
          FINISH("V-1", DAY(2023, 8, 20),
                 "completion VERIFIED first; approved training_fee PROVIDER P-1 "
                 "1:2500@2023-08-20"),
          BUY("V-2", 2500, DAY(2023, 8, 25), DAY(2023, 9, 1), DAY(2023, 10, 15),
              "enrolment ACCEPTED left=3000"),
          MONTH("V-2", 1, DAY(2023, 9, 1),
                "approved training_allowance PARTICIPANT 3:300@2023-10-01"),
          MONTH("V-2", 2, DAY(2023, 10, 1), "")}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* Whatever order things come in. */
static void test_months_that_wait(void **state)
{
    (void)state;
    const epoch_day day = DAY(2023, 6, 5), from = DAY(2023, 6, 12), to = DAY(2023, 7, 20);
    const struct script scripts[] = {
        {"a month before its enrolment",
         0,
         {AWARD, LIST("RPEL"), MONTH("V-1", 1, from, "wait enrolment")}},
        {"a month that names no enrolment",
         0,
         {AWARD, MONTH(NULL, 1, from, "refused ENROLMENT_MISSING")}},
        {"a month of a held purchase counts once it is accepted",
         0,
         {AWARD,
          LIST(NULL),
          BUY("V-1", 2500, day, from, to, "enrolment HELD REGISTRY_UNAVAILABLE left=8000"),
          MONTH("V-1", 1, from, ""),
          {LISTED, .id = "C-1", .kind = "RPEL", .revision = 2, .told = ""},
          {FIRED, .kind = "retry", .on = day + 1,
           .told = "enrolment ACCEPTED left=5500; approved training_allowance PARTICIPANT "
                   "1:300@2023-07-12"}}},
        {"a month of a rejected purchase",
         0,
         {AWARD, LIST("RPEL"),
          BUY("V-1", 2501, day, from, to, "enrolment REJECTED FEE_ABOVE_CAP left=8000"),
          MONTH("V-1", 1, from, "refused ENROLMENT_NOT_OPEN")}},
        {"a course without a first day, which a later revision tells",
         0,
         {AWARD,
          LIST("RPEL"),
          BUY("V-1", 2500, day, 0, 0, bought),
          MONTH("V-1", 1, from, "refused COURSE_START_MISSING"),
          {ENROLLED, .id = "V-1", .number = 2500, .on = day, .first = from, .last = to,
           .revision = 2, .told = ""},
          MONTH("V-1", 1, from, "approved training_allowance PARTICIPANT 1:300@2023-07-12")}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* What an award's state changes, and what is only kept. */
static void test_months_and_the_award(void **state)
{
    (void)state;
    const epoch_day day = DAY(2023, 6, 5), from = DAY(2023, 6, 12), to = DAY(2023, 7, 20);
    const struct script scripts[] = {
        {"an award on hold is planned all the same",
         0,
         {AWARD,
          LIST("RPEL"),
          BUY("V-1", 2500, day, from, to, bought),
          {CHANGED, .kind = "HELD", .reason = "AUDIT_FINDING", .on = day, .told = ""},
          MONTH("V-1", 1, from, "approved training_allowance PARTICIPANT 1:300@2023-07-12")}},
        {"a revoked award plans nothing, and a reinstated one what came meanwhile",
         0,
         {AWARD,
          LIST("RPEL"),
          BUY("V-1", 2500, day, from, to, bought),
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = day + 1, .told = ""},
          MONTH("V-1", 1, from, ""),
          {CHANGED, .kind = "REINSTATED", .reason = "APPEAL", .on = from + 1,
           .by = "APPLICATION",
           .told = "approved training_allowance PARTICIPANT 1:300@2023-07-12"}}},
        {"the end of the award lets the rest lapse",
         0,
         {AWARD,
          LIST("RPEL"),
          BUY("V-1", 2500, day, from, to, bought),
          MONTH("V-1", 1, from, "approved training_allowance PARTICIPANT 1:300@2023-07-12"),
          FINISH("V-1", to,
                 "completion VERIFIED first; approved training_fee PROVIDER P-1 "
                 "1:2500@2023-07-20"),
          {FIRED, .kind = "award_ends", .on = DAY(2024, 6, 30), .told = ""},
          {FIRED, .kind = "award_ends", .on = DAY(2024, 7, 1),
           .told = "stopped training_fee from=2 EXPIRED BALANCE_RETURNED; stopped "
                   "training_allowance from=2 EXPIRED BALANCE_RETURNED; award CLOSED "
                   "BALANCE_RETURNED"}}},
        {"a job after the training is kept, once",
         0,
         {AWARD,
          {REACHED, .kind = "JOB_PLACED", .on = to, .told = ""},
          {REACHED, .kind = "JOB_PLACED", .on = to, .told = "repeat"},
          {REACHED, .kind = "DECLARATION_FILED", .on = to, .told = ""},
          {REACHED, .kind = "CONTRIBUTION_RECEIVED", .on = to, .told = ""},
          {REACHED, .kind = "MONTH_EMPLOYED", .on = to, .told = "refused MILESTONE_NOT_USED"},
          {REACHED, .kind = "EMPLOYMENT_ENDED", .on = to,
           .told = "refused MILESTONE_NOT_USED"}}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fee_by_category),
        cmocka_unit_test(test_two_courses),
        cmocka_unit_test(test_allowance),
        cmocka_unit_test(test_months_that_wait),
        cmocka_unit_test(test_months_and_the_award),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
