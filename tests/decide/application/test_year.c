/*
 * The close of a programme year ends what is still open: nothing would ever be paid of an award that is given later, so
 * nobody is told that he or she has one.
 */
#include "programmes.h"

#include "schemas/events.h"

#define CLOSED       "PROGRAMME_YEAR_CLOSED"
#define LAST_INSTANT (day_to_instant(DAY(2024, 7, 1), 8 * 60) - 1)

/* A second claim for a worker waits while the first award runs (CLOSED is 30 June of the next year, both included). */
static void test_a_claim_that_waited_past_its_year_is_refused(void **state)
{
    const struct {
        const char *name;
        instant_us ends;
        const char *status, *reasons;
    } cases[] = {
        {"the first ends within the year", NOON(2023, 12, 1), "AWARDED", ""},
        {"at the last instant of its last day", LAST_INSTANT, "AWARDED", ""},
        {"an instant later", LAST_INSTANT + 1, "REJECTED", CLOSED},
        {"long after", NOON(2025, 3, 1), "REJECTED", CLOSED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        struct application_submitted first =
            branch_hire("daya-kerjaya", DAY(2023, 6, 15), DAY(2023, 5, 2));
        struct application_submitted second =
            branch_hire("daya-kerjaya-tvet", DAY(2023, 8, 1), DAY(2023, 7, 3));
        second.application_id = SLICE("T-1");
        second.hire.employer_no = SLICE("E-2002");
        branch_open(&branch, "daya-kerjaya", NULL, NULL);
        branch_publish(&branch, "daya-kerjaya-tvet");
        branch_expect(&branch, &first, "the first", "AWARDED", "");
        struct award_changed end = branch_end(desk_decided(&branch.desk),
                                              AWARD_CHANGED_CHANGE_CLOSED, cases[i].ends, 1);
        branch_expect(&branch, &second, "the second", "HELD", "DUPLICATE_INCENTIVE");
        assert_int_equal(desk_award(&branch.desk, &end), DECIDED);
        const struct application_decided *decided = desk_decided(&branch.desk);
        const char *reasons = desk_codes(decided->reasons.items, decided->reasons.count);
        if (strcmp(desk_status(decided->status), cases[i].status) != 0 ||
            strcmp(reasons, cases[i].reasons) != 0)
            fail_msg("%s: %s %s", cases[i].name, desk_status(decided->status), reasons);
        assert_non_null(desk_message(&branch.desk));
        assert_int_equal(decided->commitment > 0, strcmp(cases[i].status, "AWARDED") == 0);
        branch_close(&branch);
    }
}

static struct timer_fired year_timer(const struct branch *branch,
                                     const struct application_submitted *event, char *subject,
                                     instant_us due_at)
{
    struct uuid key =
        application_key(branch->desk.room.seal, event->programme, event->application_id, 0);
    uuid_format(&key, subject);
    return (struct timer_fired){
        .subject_id = slice_of(subject), .kind = SLICE("YEAR_CLOSED"), .due_at = due_at};
}

/* Where there are no waves, the year ends what no wave's closing does. */
static void test_what_never_comes_is_waited_for_until_the_year_closes(void **state)
{
    const struct {
        const char *name;
        bool unsaid; /* nobody knows; else it is known to be missing */
        const char *held, *refused;
    } cases[] = {
        {"the worker never confirms", false, "GHOST_WORKER_SUSPECTED",
         "GHOST_WORKER_SUSPECTED," CLOSED},
        {"how long without work is never said", true, "DECLARATION_MISSING", CLOSED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        char subject[UUID_TEXT_SIZE + 1];
        struct application_submitted event =
            branch_hire("daya-kerjaya", DAY(2023, 6, 15), DAY(2023, 5, 2));
        event.hire.has_worker_consented_at = cases[i].unsaid;
        event.hire.has_unemployed_since = !cases[i].unsaid;
        branch_open(&branch, "daya-kerjaya", NULL, NULL);
        branch_expect(&branch, &event, cases[i].name, "HELD", cases[i].held);
        instant_us due = room_timer(&branch.desk.room, "YEAR_CLOSED");
        assert_true(due == LAST_INSTANT + 1);

        struct timer_fired timer = year_timer(&branch, &event, subject, due - 1);
        assert_int_equal(desk_fire(&branch.desk, &timer), DECIDED);
        assert_null(desk_decided(&branch.desk)); /* still held, and nobody is told again */
        timer.due_at = due;
        assert_int_equal(desk_fire(&branch.desk, &timer), DECIDED);
        const struct application_decided *decided = desk_decided(&branch.desk);
        assert_string_equal(desk_status(decided->status), "REJECTED");
        assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count),
                            cases[i].refused);
        TEXT_IS(desk_message(&branch.desk)->text,
                "Daya Kerjaya: permohonan insentif pengambilan pekerja tidak diluluskan. Tahun "
                "program bagi permohonan ini "
                "sudah ditutup. Keputusan ini muktamad.");
        assert_int_equal(branch_claims(&branch, EMPLOYER_NO, "daya-kerjaya-2023"), 0);
        assert_int_equal(desk_fire(&branch.desk, &timer), REPEATED);
        branch_close(&branch);
    }
}

/* Its timer was set while the application was held: who waits for a draw since then learns from the draw. */
static void test_the_year_closes_upon_what_is_held_alone(void **state)
{
    struct desk desk;
    struct application_submitted event = desk_applicant(50);
    char subject[UUID_TEXT_SIZE + 1];
    (void)state;
    desk_open(&desk);
    desk_registers(&desk);
    assert_int_equal(desk_submit(&desk, &event), DECIDED);
    struct uuid key = desk_application_key(&desk, 50);
    uuid_format(&key, subject);
    struct timer_fired timer = {.subject_id = slice_of(subject),
                                .kind = SLICE("YEAR_CLOSED"),
                                .due_at = LAST_INSTANT + 1};
    assert_int_equal(desk_fire(&desk, &timer), REPEATED);
    assert_string_equal(desk_status(desk_application(&desk, 50)->status), "POOLED");
    desk_close(&desk);
}

/* A draw of a year that has closed gives no seat and no money away. */
static void test_who_is_drawn_after_the_year(void **state)
{
    const struct {
        epoch_day drawn;
        const char *status, *reasons;
    } cases[] = {{DAY(2024, 6, 30), "AWARDED", ""}, {DAY(2024, 7, 1), "REJECTED", CLOSED}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct desk desk;
        struct application_submitted event = desk_applicant(50);
        struct application_drawn drawn = desk_selected(50);
        drawn.drawn_at = day_to_instant(cases[i].drawn, 7 * 60) + US_PER_DAY / 2;
        desk_open(&desk);
        desk_registers(&desk);
        assert_int_equal(desk_submit(&desk, &event), DECIDED);
        assert_int_equal(desk_draw(&desk, &drawn), DECIDED);
        const struct application_decided *decided = desk_decided(&desk);
        assert_string_equal(desk_status(decided->status), cases[i].status);
        assert_string_equal(desk_codes(decided->reasons.items, decided->reasons.count),
                            cases[i].reasons);
        assert_int_equal(decided->commitment > 0, strcmp(cases[i].status, "AWARDED") == 0);
        desk_close(&desk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_claim_that_waited_past_its_year_is_refused),
        cmocka_unit_test(test_what_never_comes_is_waited_for_until_the_year_closes),
        cmocka_unit_test(test_the_year_closes_upon_what_is_held_alone),
        cmocka_unit_test(test_who_is_drawn_after_the_year),
    };
    return cmocka_run_group_tests_name("year", tests, NULL, NULL);
}
