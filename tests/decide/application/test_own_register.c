/* Registers that a programme's file brings: asked about, waited for and heard of like any other. */
#include "programmes.h"

#define HEAD "conditions:\n"
#define BROUGHT                                                                                \
    "registers: {boats: MY_BOATS}\n" HEAD                                                      \
    "  - {number: 1, phase: APPLY, field: register.boats.listed, op: eq, value: false, "       \
    "effect: REJECT, reason: ALREADY_APPLIED, confidence: D, source: []}\n"                    \
    "  - {number: 2, phase: APPLY, field: register.boats.code, op: not_in, value: [SUNK], "    \
    "effect: REJECT, reason: ALREADY_APPLIED, confidence: D, source: []}\n"

static void snapshot_end(struct desk *desk, const char *name)
{
    struct register_listed end = {.register_ = slice_of(name),
                                  .snapshot = SLICE("S-0"),
                                  .has_number = true,
                                  .loaded_at = NOON(2023, 5, 1)};
    assert_int_equal(desk_list(desk, &end), DECIDED);
}

/* Whoever it lists, before or after the application, is refused or held; one of another name is nobody's business. */
static void a_register_of_the_file_is_heard_of(void **state)
{
    static const struct {
        const char *name, *register_name, *code;
        bool listed, ended;
        const char *status, *reasons;
    } cases[] = {
        {"no snapshot yet", NULL, NULL, false, false, "HELD", "REGISTRY_UNAVAILABLE"},
        {"not in the snapshot", NULL, NULL, false, true, "AWARDED", ""},
        {"listed, and no snapshot yet", "MY_BOATS", NULL, true, false, "REJECTED",
         "ALREADY_APPLIED"},
        {"listed", "MY_BOATS", NULL, true, true, "REJECTED", "ALREADY_APPLIED"},
        {"listed no more", "MY_BOATS", NULL, false, true, "AWARDED", ""},
        {"listed with a code", "MY_BOATS", "SUNK", true, true, "REJECTED", "ALREADY_APPLIED"},
        {"in one of another name", "BOATS", NULL, true, true, "AWARDED", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct branch branch;
        struct application_submitted event = branch_trainee(DAY(2023, 6, 1));
        branch_open(&branch, "bina-kerjaya", HEAD, BROUGHT);
        struct register_listed entry = {.register_ = slice_of(cases[i].register_name),
                                        .snapshot = SLICE("S-0"),
                                        .listed = cases[i].listed,
                                        .has_code = cases[i].code != NULL,
                                        .code = slice_of(cases[i].code),
                                        .valid_from = DAY(2020, 1, 1),
                                        .loaded_at = NOON(2023, 5, 1)};
        assert_true(seal_person_id(branch.desk.room.seal, event.country, event.national_id,
                                   &entry.person_id));
        if (cases[i].register_name != NULL)
            desk_list(&branch.desk, &entry);
        if (cases[i].ended)
            snapshot_end(&branch.desk, "MY_BOATS");
        branch_expect(&branch, &event, cases[i].name, cases[i].status, cases[i].reasons);
        branch_close(&branch);
    }
}

/* Loaded after the award, it holds the award with its reason, and releases it. */
static void an_award_is_held_by_a_register_of_the_file(void **state)
{
    struct branch branch;
    struct application_submitted event = branch_trainee(DAY(2023, 6, 1));
    (void)state;
    branch_open(&branch, "bina-kerjaya", HEAD, BROUGHT);
    snapshot_end(&branch.desk, "MY_BOATS");
    branch_expect(&branch, &event, "awarded", "AWARDED", "");
    const struct application_decided *decided = desk_decided(&branch.desk);
    struct uuid award_id = decided->award_id;
    struct register_listed entry = {.register_ = SLICE("MY_BOATS"),
                                    .snapshot = SLICE("S-1"),
                                    .person_id = decided->person_id,
                                    .listed = true,
                                    .valid_from = DAY(2020, 1, 1),
                                    .loaded_at = NOON(2023, 6, 5)};
    for (int held = 1; held >= 0; held--) {
        entry.listed = held;
        assert_int_equal(desk_list(&branch.desk, &entry), DECIDED);
        const struct award_row *award =
            facts_find(&branch.desk.room.facts, &award_row_type, &award_id);
        assert_int_equal(award->holds.count, held);
    }
    branch_close(&branch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_register_of_the_file_is_heard_of),
        cmocka_unit_test(an_award_is_held_by_a_register_of_the_file),
    };
    return cmocka_run_group_tests_name("own_register", tests, NULL, NULL);
}
