/* Vokasi Indonesia Pekerja: restricted regions, and items whose amounts nobody knows. */
#include "desk.h"

static const struct ground of_2019 = {
    "vokasi-indonesia-pekerja", "vokasi-2019", 2020, 0, NULL, NULL};
static const struct ground of_2020 = {
    "vokasi-indonesia-pekerja", "vokasi-2020", 2020, 0, NULL, NULL};

#define ON(d) DAY(2020, 4, d)
#define AWARD                                                                                  \
    {                                                                                          \
        AWARDED, .on = ON(1), .told = ""                                                       \
    }
#define LIST(how)                                                                              \
    {                                                                                          \
        LISTED, .id = "C-1", .mode = (how), .told = ""                                         \
    }
#define PLAIN                                                                                  \
    {                                                                                          \
        PUBLISHED, .on = DAY(2020, 3, 1), .told = ""                                           \
    }
#define PSBB(where)                                                                            \
    {                                                                                          \
        PUBLISHED, .on = ON(1), .region = (where), .first = ON(10), .last = ON(20), .told = "" \
    }
#define BUY(where, begins, said)                                                               \
    {                                                                                          \
        ENROLLED, .id = "V-1", .number = 100, .on = ON(5), .region = (where),                  \
                  .first = (begins), .told = (said)                                            \
    }

enum {
    CLASSROOM = COURSE_LISTED_MODE_CLASSROOM,
    BLENDED = COURSE_LISTED_MODE_BLENDED,
    ONLINE = COURSE_LISTED_MODE_ONLINE
};

static const char bought[] = "enrolment ACCEPTED left=0";
static const char refused[] = "enrolment REJECTED MODE_NOT_ALLOWED left=0";
static const char held[] = "enrolment HELD REGISTRY_UNAVAILABLE left=0";

/* SEED1: where movement limits hold in the region of the place on the first training day, online only. */
static void test_restricted_regions(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"the day before the restriction",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31"), BUY("31.75", ON(9), bought)}},
        {"its first day",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31"), BUY("31.75", ON(10), refused)}},
        {"its last day",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31"), BUY("31.75", ON(20), refused)}},
        {"the day after",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31"), BUY("31.75", ON(21), bought)}},
        {"another region",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31"), BUY("32.75", ON(15), bought)}},
        {"a longer code than the place's",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31.75"), BUY("31", ON(15), bought)}},
        {"the very region",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31.75"), BUY("31.75", ON(15), refused)}},
        {"blended is not online",
         0,
         {AWARD, LIST(BLENDED), PSBB("31"), BUY("31.75", ON(15), refused)}},
        {"online may be held anywhere",
         0,
         {AWARD, LIST(ONLINE), PSBB("31"), BUY("31.75", ON(15), bought)}},
        {"without a first day the day of purchase counts: before the restriction",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31"), BUY("31.75", 0, bought)}},
        {"nobody restricts anything",
         0,
         {AWARD, LIST(CLASSROOM), PLAIN, BUY("31.75", ON(15), bought)}},
        {"a later publication replaces the one before",
         0,
         {AWARD,
          LIST(CLASSROOM),
          PSBB("31"),
          {PUBLISHED, .on = ON(2), .told = ""},
          PSBB("31"), /* older than what is known */
          BUY("31.75", ON(15), bought)}},
    };
    struct script repeated = scripts[sizeof scripts / sizeof scripts[0] - 1];
    repeated.steps[4].told = "repeat";
    desk_play_on(&of_2020, scripts, sizeof scripts / sizeof scripts[0] - 1);
    desk_play_on(&of_2020, &repeated, 1);
}

/* What nobody said holds, and never accuses. */
static void test_unknown_places(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"nothing was published yet: it holds, and looks again by itself",
         0,
         {AWARD,
          LIST(CLASSROOM),
          BUY("31.75", ON(15), held),
          PSBB("31"),
          {FIRED, .kind = "retry", .on = ON(6), .told = refused}}},
        {"nothing was published, and it is online all the same",
         0,
         {AWARD, LIST(ONLINE), BUY("31.75", ON(15), bought)}},
        {"nobody said where: it holds",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31"), BUY(NULL, ON(15), held)}},
        {"nobody said where: the only region of the course",
         0,
         {AWARD,
          {LISTED, .id = "C-1", .mode = CLASSROOM, .region = "31.75", .told = ""},
          PSBB("31"),
          BUY(NULL, ON(15), refused)}},
        {"what the purchase says goes before the region of the course",
         0,
         {AWARD,
          {LISTED, .id = "C-1", .mode = CLASSROOM, .region = "31.75", .told = ""},
          PSBB("31"),
          BUY("32.75", ON(15), bought)}},
        {"nobody said where, of an online course: the participant's place",
         0,
         {AWARD, LIST(ONLINE), PSBB("34"), BUY(NULL, ON(15), bought)}},
    };
    const struct script first[] = {
        {"the version of 2019 does not ask",
         0,
         {AWARD, LIST(CLASSROOM), PSBB("31"), BUY("31.75", ON(15), bought)}}};
    desk_play_on(&of_2020, scripts, sizeof scripts / sizeof scripts[0]);
    desk_play_on(&of_2019, first, 1);
}

#define DAY_ATTENDED(n, day, said)                                                             \
    {                                                                                          \
        REACHED, .kind = "DAY_ATTENDED", .id = "V-1", .number = (n), .on = (day),              \
                 .told = (said)                                                                \
    }

/* IDN KBN: free training, and pocket money for each day; no source gives the sums. Both are told without instalments, and
 * held where they would be paid. */
static void test_unknown_amounts(void **state)
{
    (void)state;
    const struct script scripts[] = {
        {"fee and daily allowance are told once, when the completion is verified",
         0,
         {AWARD,
          LIST(ONLINE),
          PLAIN,
          BUY("31.75", ON(10), bought),
          DAY_ATTENDED(1, ON(10), ""),
          DAY_ATTENDED(2, ON(11), ""),
          DAY_ATTENDED(2, ON(12), "repeat"),
          DAY_ATTENDED(3, ON(11), "repeat"),
          {COMPLETED, .id = "V-1", .on = ON(20),
           .told = "completion VERIFIED first; approved training_fee PROVIDER P-1; approved "
                   "daily_allowance PARTICIPANT"},
          DAY_ATTENDED(4, ON(12), "")}},
        {"what was free of charge is owed an unknown fee all the same",
         0,
         {AWARD,
          LIST(ONLINE),
          PLAIN,
          {PUBLISHED, .on = DAY(2020, 3, 1), .told = "repeat"},
          {ENROLLED, .id = "V-1", .on = ON(5), .told = bought},
          {COMPLETED, .id = "V-1", .on = ON(20),
           .told = "completion VERIFIED first; approved training_fee PROVIDER P-1"}}},
        {"a day that names no enrolment",
         0,
         {AWARD,
          {REACHED, .kind = "DAY_ATTENDED", .on = ON(10),
           .told = "refused ENROLMENT_MISSING"}}},
        {"without a certificate the completion waits, and both with it",
         0,
         {AWARD,
          LIST(ONLINE),
          PLAIN,
          BUY("31.75", ON(10), bought),
          DAY_ATTENDED(1, ON(10), ""),
          {COMPLETED, .id = "V-1", .on = ON(20), .flaw = NO_CERTIFICATE,
           .told = "completion HELD CERT_MISSING"}}},
        {"the award's end leaves nothing to release",
         0,
         {AWARD,
          {FIRED, .kind = "award_ends", .on = DAY(2021, 6, 30), .told = ""},
          {FIRED, .kind = "award_ends", .on = DAY(2021, 7, 1),
           .told = "award CLOSED BALANCE_RETURNED"}}},
        {"months of training and employment pay nothing here",
         0,
         {AWARD,
          {REACHED, .kind = "TRAINING_MONTH", .id = "V-1", .on = ON(10),
           .told = "refused MILESTONE_NOT_USED"},
          {REACHED, .kind = "MONTH_EMPLOYED", .on = ON(10),
           .told = "refused MILESTONE_NOT_USED"},
          {REACHED, .kind = "JOB_PLACED", .on = ON(30), .told = ""}}},
    };
    desk_play_on(&of_2019, scripts, sizeof scripts / sizeof scripts[0]);
    desk_play_on(&of_2020, scripts, sizeof scripts / sizeof scripts[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_restricted_regions),
        cmocka_unit_test(test_unknown_places),
        cmocka_unit_test(test_unknown_amounts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
