/* Items by month and day that no programme has yet: another amount, another payee, two for one milestone. */
#include "desk.h"

#define AWARD(day)                                                                             \
    {                                                                                          \
        AWARDED, .on = (day), .told = ""                                                       \
    }
#define ATTENDED(n, day, said)                                                                 \
    {                                                                                          \
        REACHED, .kind = "DAY_ATTENDED", .id = "V-1", .number = (n), .on = (day),              \
                 .told = (said)                                                                \
    }

/* The pocket money of a file that knows it. */
static void test_known_daily_allowance(void **state)
{
    (void)state;
    const struct ground ground = {
        "vokasi-indonesia-pekerja",
        "vokasi-2019",
        2020,
        0,
        "        amount: unknown\n        instalments: each day\n",
        "        amount: IDR 50000.00\n        instalments: each day\n",
    };
    const epoch_day award = DAY(2020, 1, 6), day = DAY(2020, 1, 13);
    const struct script scripts[] = {
        {"days wait for the completion, and come in one approval; a later one comes by itself",
         0,
         {AWARD(award),
          {LISTED, .id = "C-1", .told = ""},
          {ENROLLED, .id = "V-1", .number = 100, .on = award,
           .told = "enrolment ACCEPTED left=0"},
          ATTENDED(1, day, ""),
          ATTENDED(3, day + 2, ""),
          ATTENDED(2, day + 2, "repeat"),
          ATTENDED(3, day + 3, "repeat"),
          {COMPLETED, .id = "V-1", .on = day + 5,
           .told = "completion VERIFIED first; approved training_fee PROVIDER P-1; approved "
                   "daily_allowance PARTICIPANT 1:50000@2020-01-18 2:50000@2020-01-18"},
          ATTENDED(2, day + 1, "approved daily_allowance PARTICIPANT 3:50000@2020-01-18")}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* More days than one approval may have. */
static void test_many_days(void **state)
{
    (void)state;
    const struct ground ground = {
        "vokasi-indonesia-pekerja",
        "vokasi-2019",
        2020,
        0,
        "        amount: unknown\n        instalments: each day\n",
        "        amount: IDR 50000.00\n        instalments: each day\n",
    };
    const epoch_day award = DAY(2020, 1, 6);
    const struct incentive_approved *approved;
    struct desk desk;
    desk_open_on(&desk, &ground);
    desk_step(&desk, &(struct step)AWARD(award));
    desk_step(&desk, &(struct step){LISTED, .id = "C-1"});
    desk_step(&desk, &(struct step){ENROLLED, .id = "V-1", .number = 100, .on = award});
    for (int number = 1; number <= 65; number++)
        desk_step(&desk, &(struct step)ATTENDED(number, award + number, ""));
    desk_step(&desk, &(struct step){COMPLETED, .id = "V-1", .on = award + 70});
    approved = room_output(&desk.room, &incentive_approved_event, 1);
    assert_int_equal(approved->instalments.count, 64);
    approved = room_output(&desk.room, &incentive_approved_event, 2);
    assert_int_equal(approved->instalments.count, 1);
    assert_int_equal(approved->instalments.items[0].number, 65);
    assert_null(room_output(&desk.room, &incentive_approved_event, 3));
    desk_close(&desk);
}

static const char one_item[] = "        amount: MYR 600.00\n"
                               "        instalments: 3                        # instalment n "
                               "falls due on the hire day + n months\n"
                               "        trigger: MONTH_EMPLOYED\n"
                               "        due: {latest_of: [hire.hired_on], add_months: n}\n";
static const char two_items[] = "        amount: MYR 500.00\n"
                                "        instalments: 3\n"
                                "        trigger: MONTH_EMPLOYED\n"
                                "        due: {latest_of: [hire.hired_on], add_months: n}\n"
                                "      - item: training_allowance\n"
                                "        name: {ms: elaun, id: tunjangan, en: allowance}\n"
                                "        payee: PARTICIPANT\n"
                                "        component: INCENTIVE\n"
                                "        amount: MYR 150.00\n"
                                "        instalments: 2\n"
                                "        trigger: MONTH_EMPLOYED\n"
                                "        due: {latest_of: [hire.hired_on], add_months: n-1}\n";

/* What a month of employment pays the worker beside the employer, who alone is stopped by the condition. */
static void test_two_items(void **state)
{
    (void)state;
    const struct ground ground = {
        "daya-kerjaya", "daya-kerjaya-2023", 2023, DAY(2023, 5, 31), one_item, two_items,
    };
    const struct script scripts[] = {
        {"each item has its own number of months, its payee, its days and its end",
         0,
         {AWARD(DAY(2023, 6, 5)),
          {REACHED, .kind = "MONTH_EMPLOYED", .number = 1, .on = DAY(2023, 6, 30),
           .told = "approved hiring_incentive EMPLOYER E-1 1:500@2023-06-30; approved "
                   "training_allowance PARTICIPANT 1:150@2023-05-31"},
          {REACHED, .kind = "EMPLOYMENT_ENDED", .on = DAY(2023, 7, 30),
           .told = "stopped hiring_incentive from=2 STOPPED EMPLOYMENT_ENDED"},
          {REACHED, .kind = "MONTH_EMPLOYED", .number = 2, .on = DAY(2023, 7, 31),
           .told = "approved training_allowance PARTICIPANT 2:150@2023-06-30"},
          {REACHED, .kind = "MONTH_EMPLOYED", .number = 3, .on = DAY(2023, 8, 31), .told = ""},
          {FIRED, .kind = "first_purchase", .on = DAY(2024, 1, 1), .told = "repeat"},
          {FIRED, .kind = "balance_closes", .on = DAY(2024, 1, 1), .told = "repeat"},
          {FIRED, .kind = "award_ends", .on = DAY(2024, 7, 1),
           .told = "award CLOSED BALANCE_RETURNED"}}},
    };
    desk_play_on(&ground, scripts, sizeof scripts / sizeof scripts[0]);
}

/* The worker's part of an employer's award goes to the worker. */
static void test_payee_of_the_worker(void **state)
{
    (void)state;
    const struct ground ground = {
        "daya-kerjaya", "daya-kerjaya-2023", 2023, DAY(2023, 5, 31), one_item, two_items,
    };
    const struct incentive_approved *approved;
    char person[UUID_TEXT_SIZE + 1];
    struct desk desk;
    desk_open_on(&desk, &ground);
    desk_step(&desk, &(struct step)AWARD(DAY(2023, 6, 5)));
    desk_step(&desk, &(struct step){REACHED, .kind = "MONTH_EMPLOYED", .number = 1,
                                    .on = DAY(2023, 6, 30)});
    const struct uuid id = desk_person(&desk);
    uuid_format(&id, person);
    approved = room_output(&desk.room, &incentive_approved_event, 1);
    assert_int_equal(approved->payee.kind, INCENTIVE_APPROVED_PAYEE_KIND_PARTICIPANT);
    assert_true(slice_is(approved->payee.ref, person));
    desk_close(&desk);
}

/* Employment after training: the first job that is heard of, in whatever order. */
static void test_first_job(void **state)
{
    (void)state;
    const struct ground ground = {"bina-kerjaya", "bina-kerjaya-2023", 2023, 0, NULL, NULL};
    struct desk desk;
    desk_open_on(&desk, &ground);
    desk_step(&desk, &(struct step)AWARD(DAY(2023, 6, 5)));
    assert_false(desk_award(&desk)->has_placed_on);
    desk_step(&desk, &(struct step){REACHED, .kind = "JOB_PLACED", .number = 2,
                                    .on = DAY(2024, 3, 1)});
    desk_step(&desk, &(struct step){REACHED, .kind = "JOB_PLACED", .number = 1,
                                    .on = DAY(2023, 12, 1)});
    desk_step(&desk, &(struct step){REACHED, .kind = "JOB_PLACED", .number = 3,
                                    .on = DAY(2024, 6, 1)});
    assert_true(desk_award(&desk)->has_placed_on);
    assert_int_equal(desk_award(&desk)->placed_on, DAY(2023, 12, 1));
    desk_close(&desk);
}

/* Approved and not stopped, as bits of their numbers; and the first that was stopped. */
struct owed {
    unsigned approved;
    int stopped_from;
};

static void add_outputs(const struct desk *desk, struct owed *owed)
{
    const struct incentive_approved *approved =
        room_output(&desk->room, &incentive_approved_event, 0);
    const struct incentive_stopped *stopped =
        room_output(&desk->room, &incentive_stopped_event, 0);
    for (size_t i = 0; approved != NULL && i < approved->instalments.count; i++)
        owed->approved |= 1u << approved->instalments.items[i].number;
    if (stopped != NULL && stopped->from_instalment < owed->stopped_from)
        owed->stopped_from = stopped->from_instalment;
    assert_null(room_output(&desk->room, &incentive_approved_event, 1));
}

/* Three months and two last days, in every order, each told twice. */
static void test_any_order(void **state)
{
    (void)state;
    const struct ground ground = {
        "daya-kerjaya", "daya-kerjaya-2023", 2023, DAY(2023, 5, 31), NULL, NULL};
    const struct step steps[] = {
        {REACHED, .kind = "MONTH_EMPLOYED", .number = 1, .on = DAY(2023, 6, 30)},
        {REACHED, .kind = "MONTH_EMPLOYED", .number = 2, .on = DAY(2023, 7, 31)},
        {REACHED, .kind = "MONTH_EMPLOYED", .number = 3, .on = DAY(2023, 8, 31)},
        {REACHED, .kind = "EMPLOYMENT_ENDED", .on = DAY(2023, 8, 30)},
        {REACHED, .kind = "EMPLOYMENT_ENDED", .on = DAY(2023, 7, 31)},
    };
    for (int order = 0; order < 120; order++) {
        int left[] = {0, 1, 2, 3, 4};
        struct owed owed = {0, INT32_MAX};
        struct desk desk;
        desk_open_on(&desk, &ground);
        desk_step(&desk, &(struct step)AWARD(DAY(2023, 6, 5)));
        for (int count = 5, rest = order; count > 0; rest /= count--) {
            int place = rest % count, which = left[place];
            memmove(&left[place], &left[place + 1],
                    (size_t)(count - place - 1) * sizeof left[0]);
            desk_step(&desk, &steps[which]);
            add_outputs(&desk, &owed);
            desk_step(&desk, &steps[which]);
            assert_string_equal(desk.told, "repeat");
        }
        assert_int_equal(owed.stopped_from, 3);
        assert_int_equal(owed.approved & ((1u << owed.stopped_from) - 1), 1u << 1 | 1u << 2);
        desk_close(&desk);
    }
}

/* What is kept on an award ends somewhere, with a reason. */
static void test_bound_of_what_is_kept(void **state)
{
    (void)state;
    const struct ground ground = {
        "daya-kerjaya", "daya-kerjaya-2023", 2023, DAY(2023, 5, 31), NULL, NULL};
    struct desk desk;
    desk_open_on(&desk, &ground);
    desk_step(&desk, &(struct step)AWARD(DAY(2023, 6, 5)));
    for (int number = 1; number <= AWARD_REACHED; number++) {
        desk_step(&desk, &(struct step){REACHED, .kind = "CONTRIBUTION_RECEIVED",
                                        .number = number, .on = DAY(2023, 6, 30)});
        assert_string_equal(desk.told, "");
    }
    desk_step(&desk, &(struct step){REACHED, .kind = "CONTRIBUTION_RECEIVED",
                                    .number = AWARD_REACHED + 1, .on = DAY(2023, 6, 30)});
    assert_string_equal(desk.told, "refused TOO_MANY_MILESTONES");
    desk_step(&desk, &(struct step){REACHED, .kind = "MONTH_EMPLOYED", .number = 601,
                                    .on = DAY(2023, 6, 30)});
    assert_string_equal(desk.told, "refused BAD_NUMBER");
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_daily_allowance),
        cmocka_unit_test(test_many_days),
        cmocka_unit_test(test_two_items),
        cmocka_unit_test(test_payee_of_the_worker),
        cmocka_unit_test(test_first_job),
        cmocka_unit_test(test_any_order),
        cmocka_unit_test(test_bound_of_what_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
