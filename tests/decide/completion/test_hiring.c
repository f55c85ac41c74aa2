/* Daya Kerjaya and Daya Kerjaya TVET: an employer's incentive, a month of employment at a time. */
#include "desk.h"

#define AWARD(day)                                                                             \
    {                                                                                          \
        AWARDED, .on = (day), .told = ""                                                       \
    }
#define EMPLOYED(n, day, said)                                                                 \
    {                                                                                          \
        REACHED, .kind = "MONTH_EMPLOYED", .number = (n), .on = (day), .told = (said)          \
    }
#define ENDED(day, said)                                                                       \
    {                                                                                          \
        REACHED, .kind = "EMPLOYMENT_ENDED", .on = (day), .told = (said)                       \
    }

/* SD23 HR23 SP23 SN23: RM600 for three months, due n months after the hire. */
static void test_months(void **state)
{
    (void)state;
    const struct ground ground = {
        "daya-kerjaya", "daya-kerjaya-2023", 2023, DAY(2023, 5, 2), NULL, NULL};
    const epoch_day award = DAY(2023, 5, 10);
    const struct script scripts[] = {
        {"three months, each by itself, and not a fourth",
         0,
         {AWARD(award),
          EMPLOYED(1, DAY(2023, 6, 2),
                   "approved hiring_incentive EMPLOYER E-1 1:600@2023-06-02"),
          EMPLOYED(2, DAY(2023, 7, 2),
                   "approved hiring_incentive EMPLOYER E-1 2:600@2023-07-02"),
          EMPLOYED(3, DAY(2023, 8, 2),
                   "approved hiring_incentive EMPLOYER E-1 3:600@2023-08-02"),
          EMPLOYED(4, DAY(2023, 9, 2), ""), EMPLOYED(3, DAY(2023, 8, 3), "repeat")}},
        {"months that come out of order",
         0,
         {AWARD(award),
          EMPLOYED(3, DAY(2023, 8, 2),
                   "approved hiring_incentive EMPLOYER E-1 3:600@2023-08-02"),
          EMPLOYED(1, DAY(2023, 6, 2),
                   "approved hiring_incentive EMPLOYER E-1 1:600@2023-06-02")}},
        {"before the award",
         0,
         {EMPLOYED(1, DAY(2023, 6, 2), "wait award"), ENDED(DAY(2023, 6, 2), "wait award")}},
        {"month 0", 0, {AWARD(award), EMPLOYED(-1, DAY(2023, 6, 2), "refused BAD_NUMBER")}},
        {"contributions are kept, and ask for nothing in these years",
         0,
         {AWARD(award),
          {REACHED, .kind = "CONTRIBUTION_RECEIVED", .on = DAY(2023, 6, 15), .told = ""},
          {REACHED, .kind = "CONTRIBUTION_RECEIVED", .on = DAY(2023, 6, 15),
           .told = "repeat"}}},
        {"a course is nothing that the award pays",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "RPEL", .told = ""},
          {ENROLLED, .id = "V-1", .number = 100, .on = DAY(2023, 6, 1),
           .told = "enrolment REJECTED COURSE_NOT_OFFERED left=0"}}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* Instalment n is counted from the hire, never from the instalment before; SD24: RM1,500 for six months. */
static void test_month_ends(void **state)
{
    (void)state;
    const struct ground ends = {
        "daya-kerjaya", "daya-kerjaya-2024", 2024, DAY(2023, 11, 30), NULL, NULL};
    const struct ground leap = {
        "daya-kerjaya", "daya-kerjaya-2024", 2024, DAY(2024, 2, 29), NULL, NULL};
    const struct ground last = {
        "daya-kerjaya", "daya-kerjaya-2025", 2025, DAY(2024, 12, 31), NULL, NULL};
    const struct script of_ends[] = {
        {"the end of November, over a leap February",
         0,
         {AWARD(DAY(2024, 1, 5)),
          EMPLOYED(1, DAY(2024, 1, 5),
                   "approved hiring_incentive EMPLOYER E-1 1:1500@2023-12-30"),
          EMPLOYED(3, DAY(2024, 2, 29),
                   "approved hiring_incentive EMPLOYER E-1 3:1500@2024-02-29"),
          EMPLOYED(6, DAY(2024, 5, 30),
                   "approved hiring_incentive EMPLOYER E-1 6:1500@2024-05-30"),
          EMPLOYED(7, DAY(2024, 6, 30), "")}}};
    const struct script of_leap[] = {
        {"29 February",
         0,
         {AWARD(DAY(2024, 3, 5)),
          EMPLOYED(1, DAY(2024, 3, 29),
                   "approved hiring_incentive EMPLOYER E-1 1:1500@2024-03-29")}}};
    const struct script of_last[] = {
        {"31 December, three months (CZ TSUN25 ST25)",
         0,
         {AWARD(DAY(2025, 1, 5)),
          EMPLOYED(2, DAY(2025, 2, 28),
                   "approved hiring_incentive EMPLOYER E-1 2:600@2025-02-28"),
          EMPLOYED(3, DAY(2025, 3, 31),
                   "approved hiring_incentive EMPLOYER E-1 3:600@2025-03-31"),
          EMPLOYED(4, DAY(2025, 4, 30), "")}}};
    desk_play_on(&ends, of_ends, 1);
    desk_play_on(&leap, of_leap, 1);
    desk_play_on(&last, of_last, 1);
}

/* The amount is for a completed month of employment: month n is complete if the last employed day is its due day or later
 * (D: SCR AY22 GB22). */
static void test_employment_ends(void **state)
{
    (void)state;
    const struct ground ground = {
        "daya-kerjaya", "daya-kerjaya-2023", 2023, DAY(2023, 5, 2), NULL, NULL};
    const epoch_day award = DAY(2023, 5, 10);
    const struct script scripts[] = {
        {"on the due day of month 2: it is paid, and month 3 is stopped",
         0,
         {AWARD(award),
          ENDED(DAY(2023, 7, 2), "stopped hiring_incentive from=3 STOPPED EMPLOYMENT_ENDED"),
          EMPLOYED(1, DAY(2023, 6, 2),
                   "approved hiring_incentive EMPLOYER E-1 1:600@2023-06-02"),
          EMPLOYED(2, DAY(2023, 7, 2),
                   "approved hiring_incentive EMPLOYER E-1 2:600@2023-07-02"),
          EMPLOYED(3, DAY(2023, 8, 2), "")}},
        {"the day before: month 2 is stopped",
         0,
         {AWARD(award),
          ENDED(DAY(2023, 7, 1), "stopped hiring_incentive from=2 STOPPED EMPLOYMENT_ENDED"),
          EMPLOYED(2, DAY(2023, 7, 2), ""),
          EMPLOYED(1, DAY(2023, 6, 2),
                   "approved hiring_incentive EMPLOYER E-1 1:600@2023-06-02")}},
        {"a month that was approved ahead is stopped too",
         0,
         {AWARD(award),
          EMPLOYED(1, DAY(2023, 5, 31),
                   "approved hiring_incentive EMPLOYER E-1 1:600@2023-06-02"),
          ENDED(DAY(2023, 6, 1), "stopped hiring_incentive from=1 STOPPED EMPLOYMENT_ENDED")}},
        {"after the last month nothing is stopped",
         0,
         {AWARD(award), ENDED(DAY(2023, 8, 2), ""),
          EMPLOYED(3, DAY(2023, 8, 2),
                   "approved hiring_incentive EMPLOYER E-1 3:600@2023-08-02")}},
        {"told twice, and then an earlier and a later last day",
         0,
         {AWARD(award),
          ENDED(DAY(2023, 7, 15), "stopped hiring_incentive from=3 STOPPED EMPLOYMENT_ENDED"),
          ENDED(DAY(2023, 7, 15), "repeat"), ENDED(DAY(2023, 7, 20), "repeat"),
          ENDED(DAY(2023, 7, 10), ""),
          ENDED(DAY(2023, 6, 10), "stopped hiring_incentive from=2 STOPPED EMPLOYMENT_ENDED")}},
        {"on the day of hire",
         0,
         {AWARD(award),
          ENDED(DAY(2023, 5, 2), "stopped hiring_incentive from=1 STOPPED EMPLOYMENT_ENDED")}},
        {"before the hire", 0, {AWARD(award), ENDED(DAY(2023, 5, 1), "refused BAD_TIME")}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

static void test_revoked(void **state)
{
    (void)state;
    const struct ground ground = {
        "daya-kerjaya", "daya-kerjaya-2023", 2023, DAY(2023, 5, 2), NULL, NULL};
    const epoch_day award = DAY(2023, 5, 10);
    const struct script scripts[] = {
        {"nothing more is told, and a reinstatement finds the day",
         0,
         {AWARD(award),
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = award, .told = ""},
          ENDED(DAY(2023, 7, 1), ""),
          EMPLOYED(1, DAY(2023, 6, 2), ""),
          EMPLOYED(2, DAY(2023, 7, 2), ""),
          {CHANGED, .kind = "REINSTATED", .reason = "APPEAL", .on = DAY(2023, 7, 10),
           .by = "APPLICATION",
           .told = "stopped hiring_incentive from=2 STOPPED EMPLOYMENT_ENDED; approved "
                   "hiring_incentive EMPLOYER E-1 1:600@2023-06-02"}}},
        {"months that were approved ahead of an end while the award was revoked",
         0,
         {AWARD(award),
          EMPLOYED(2, DAY(2023, 6, 28),
                   "approved hiring_incentive EMPLOYER E-1 2:600@2023-07-02"),
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2023, 6, 29),
           .told = ""},
          ENDED(DAY(2023, 6, 30), ""),
          {CHANGED, .kind = "REINSTATED", .reason = "APPEAL", .on = DAY(2023, 7, 1),
           .by = "APPLICATION",
           .told = "stopped hiring_incentive from=2 STOPPED EMPLOYMENT_ENDED"}}},
        {"a reinstatement that is outlived stops nothing",
         0,
         {AWARD(award),
          EMPLOYED(2, DAY(2023, 6, 28),
                   "approved hiring_incentive EMPLOYER E-1 2:600@2023-07-02"),
          {CHANGED, .kind = "REVOKED", .reason = "FRAUD_SUSPECTED", .on = DAY(2023, 6, 29),
           .told = ""},
          ENDED(DAY(2023, 6, 30), ""),
          {CHANGED, .kind = "REINSTATED", .reason = "APPEAL", .on = DAY(2023, 6, 28),
           .by = "APPLICATION", .told = ""}}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* An end of the award, and of the employment. */
static void test_ends(void **state)
{
    (void)state;
    const struct ground ground = {
        "daya-kerjaya", "daya-kerjaya-2023", 2023, DAY(2023, 5, 2), NULL, NULL};
    const epoch_day award = DAY(2023, 5, 10);
    const struct script scripts[] = {
        {"the award ends: what is not approved lapses, and what comes then pays nothing",
         0,
         {AWARD(award),
          EMPLOYED(1, DAY(2023, 6, 2),
                   "approved hiring_incentive EMPLOYER E-1 1:600@2023-06-02"),
          {FIRED, .kind = "award_ends", .on = DAY(2024, 6, 30), .told = ""},
          {FIRED, .kind = "award_ends", .on = DAY(2024, 7, 1),
           .told = "stopped hiring_incentive from=2 EXPIRED BALANCE_RETURNED; award CLOSED "
                   "BALANCE_RETURNED"},
          EMPLOYED(2, DAY(2023, 7, 2), ""),
          ENDED(DAY(2023, 7, 2), "")}},
        {"what came after the end counts when the award is reinstated",
         0,
         {AWARD(award),
          {FIRED, .kind = "award_ends", .on = DAY(2024, 7, 1),
           .told = "stopped hiring_incentive from=1 EXPIRED BALANCE_RETURNED; award CLOSED "
                   "BALANCE_RETURNED"},
          EMPLOYED(2, DAY(2023, 7, 2), ""),
          {CHANGED, .kind = "REINSTATED", .reason = "APPEAL", .on = DAY(2024, 8, 1),
           .by = "APPLICATION",
           .told = "approved hiring_incentive EMPLOYER E-1 2:600@2023-07-02"}}},
        {"who stopped before the award ends has nothing left to lapse",
         0,
         {AWARD(award),
          ENDED(DAY(2023, 6, 1), "stopped hiring_incentive from=1 STOPPED EMPLOYMENT_ENDED"),
          {FIRED, .kind = "award_ends", .on = DAY(2024, 7, 1),
           .told = "award CLOSED BALANCE_RETURNED"}}},
        {"no term of repayment was found: a recovery is noted, and nothing lists it",
         0,
         {AWARD(award),
          {CHANGED, .kind = "RECOVERY_NOTICED", .reason = "RECOVER_INELIGIBLE", .number = 600,
           .on = DAY(2023, 9, 1), .told = ""},
          {FIRED, .kind = "repayment", .on = DAY(2023, 11, 1), .told = "repeat"}}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* An award that lacks what its scheme counts from is nothing that can be paid. */
static void test_incomplete_awards(void **state)
{
    (void)state;
    const struct ground ground = {"daya-kerjaya", "daya-kerjaya-2023", 2023, 0, NULL, NULL};
    const struct script scripts[] = {
        {"nobody hired",
         0,
         {{AWARDED, .on = DAY(2023, 5, 10), .told = "refused PAYEE_MISSING"}}}};
    desk_play_on(&ground, scripts, 1);
}

/* Both: the employer's months, and the provider's fee up to its cap (SP23 AHK, MOFP), RM4,000 in all (D). */
static void test_tvet(void **state)
{
    (void)state;
    const struct ground tvet = {
        "daya-kerjaya-tvet", "daya-kerjaya-tvet-2023", 2023, DAY(2023, 8, 31), NULL, NULL};
    const epoch_day award = DAY(2023, 9, 5), day = DAY(2023, 9, 10), end = DAY(2023, 10, 10);
    const struct script scripts[] = {
        {"a course and three months over month ends",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "COMPETENCY", .told = ""},
          {ENROLLED, .id = "V-1", .number = 2500, .on = day,
           .told = "enrolment ACCEPTED left=1500"},
          EMPLOYED(1, DAY(2023, 9, 30),
                   "approved hiring_incentive EMPLOYER E-1 1:600@2023-09-30"),
          {COMPLETED, .id = "V-1", .on = end,
           .told = "completion VERIFIED first; approved training_fee PROVIDER P-1 "
                   "1:2500@2023-10-10"},
          EMPLOYED(2, DAY(2023, 10, 31),
                   "approved hiring_incentive EMPLOYER E-1 2:600@2023-10-31"),
          EMPLOYED(3, DAY(2023, 11, 30),
                   "approved hiring_incentive EMPLOYER E-1 3:600@2023-11-30"),
          {REACHED, .kind = "JOB_PLACED", .on = end, .told = ""}}},
        {"competency above the cap",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "COMPETENCY", .told = ""},
          {ENROLLED, .id = "V-1", .number = 2501, .on = day,
           .told = "enrolment REJECTED FEE_ABOVE_CAP left=4000"}}},
        {"RPEL at and above the cap",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "RPEL", .told = ""},
          {ENROLLED, .id = "V-1", .number = 2501, .on = day,
           .told = "enrolment REJECTED FEE_ABOVE_CAP left=4000"},
          {ENROLLED, .id = "V-2", .number = 2500, .on = day,
           .told = "enrolment ACCEPTED left=1500"}}},
        {"professional at and above the cap",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "PROFESSIONAL", .told = ""},
          {ENROLLED, .id = "V-1", .number = 4001, .on = day,
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT,FEE_ABOVE_CAP left=4000"},
          {ENROLLED, .id = "V-2", .number = 4000, .on = day,
           .told = "enrolment ACCEPTED left=0"}}},
        {"microcredential at and above the cap",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "MICROCREDENTIAL", .told = ""},
          {ENROLLED, .id = "V-1", .number = 4001, .on = day,
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT,FEE_ABOVE_CAP left=4000"},
          {ENROLLED, .id = "V-2", .number = 4000, .on = day,
           .told = "enrolment ACCEPTED left=0"}}},
    };
    desk_play_on(&tvet, scripts, sizeof scripts / sizeof scripts[0]);
}

/* The package commits RM4,000 to training. */
static void test_tvet_balance(void **state)
{
    (void)state;
    const struct ground tvet = {
        "daya-kerjaya-tvet", "daya-kerjaya-tvet-2023", 2023, DAY(2023, 8, 31), NULL, NULL};
    const epoch_day award = DAY(2023, 9, 5), day = DAY(2023, 9, 10), end = DAY(2023, 10, 10);
    const struct script scripts[] = {
        {"a second course takes what the first has left, and not more",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "RPEL", .told = ""},
          {ENROLLED, .id = "V-1", .number = 2500, .on = day,
           .told = "enrolment ACCEPTED left=1500"},
          {COMPLETED, .id = "V-1", .on = end,
           .told = "completion VERIFIED first; approved training_fee PROVIDER P-1 "
                   "1:2500@2023-10-10"},
          {ENROLLED, .id = "V-2", .number = 1501, .on = end + 1,
           .told = "enrolment REJECTED BALANCE_INSUFFICIENT left=1500"},
          {ENROLLED, .id = "V-3", .number = 1500, .on = end + 1,
           .told = "enrolment ACCEPTED left=0"}}},
        {"without a certificate no fee",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "RPEL", .told = ""},
          {ENROLLED, .id = "V-1", .number = 2500, .on = day,
           .told = "enrolment ACCEPTED left=1500"},
          {COMPLETED, .id = "V-1", .on = end, .flaw = NO_CERTIFICATE,
           .told = "completion HELD CERT_MISSING"}}},
        {"the employment ends and the course does not",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .kind = "RPEL", .told = ""},
          {ENROLLED, .id = "V-1", .number = 2500, .on = day,
           .told = "enrolment ACCEPTED left=1500"},
          ENDED(DAY(2023, 9, 29), "stopped hiring_incentive from=1 STOPPED EMPLOYMENT_ENDED"),
          {COMPLETED, .id = "V-1", .on = end,
           .told = "completion VERIFIED first; approved training_fee PROVIDER P-1 "
                   "1:2500@2023-10-10"}}},
    };
    desk_play_on(&tvet, scripts, sizeof scripts / sizeof scripts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_months),
        cmocka_unit_test(test_month_ends),
        cmocka_unit_test(test_employment_ends),
        cmocka_unit_test(test_revoked),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_tvet_balance),
        cmocka_unit_test(test_incomplete_awards),
        cmocka_unit_test(test_tvet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
