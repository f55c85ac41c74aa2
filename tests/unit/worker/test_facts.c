#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "worker/facts.h"

struct thing_row {
    struct uuid id;
    int64_t used;
    struct slice decided_by;
    int64_t version;
};

static const struct field fields[] = {{.name = "decided_by",
                                       .kind = FIELD_TEXT,
                                       .offset = offsetof(struct thing_row, decided_by),
                                       .size = sizeof(struct slice)}};
static const struct record_type record = {"Thing", sizeof(struct thing_row), fields, 1};
static const struct row_type thing = {.table = "thing",
                                      .record = &record,
                                      .key_offset = offsetof(struct thing_row, id),
                                      .version_offset = offsetof(struct thing_row, version)};
static const struct row_type limit = {.table = "quota",
                                      .record = &record,
                                      .key_offset = offsetof(struct thing_row, id),
                                      .version_offset = offsetof(struct thing_row, version)};
static const struct row_type entry = {.table = "entry",
                                      .record = &record,
                                      .key_offset = offsetof(struct thing_row, id),
                                      .version_offset = offsetof(struct thing_row, version)};
static const struct fact_table tables[] = {
    {&thing, GUARDED, false}, {&limit, LIMIT, false}, {&entry, APPENDED, false}};

static const struct uuid known = {{1}}, absent = {{2}};
static struct thing_row stored;
static size_t loads;

/* One row is stored; a load that fails is asked for by the context. */
static bool load(void *context, struct facts *facts)
{
    const bool *fails = context;
    loads++;
    if (fails != NULL && *fails)
        return false;
    for (struct fact *fact = facts->first; fact != NULL; fact = fact->next_in_order)
        if (fact->state == FACT_WANTED)
            facts_loaded(facts, fact, uuid_equal(&fact->key, &known) ? &stored : NULL);
    return true;
}

static void begin(struct facts *facts, struct arena *arena)
{
    loads = 0;
    stored = (struct thing_row){
        .id = known, .decided_by = {"before/0/1", 10}, .version = 4, .used = 7};
    *facts = (struct facts){.load = load};
    assert_true(arena_init(arena, 1 << 20));
    assert_true(facts_begin(facts, tables, 3, arena, 4));
    facts_decision_begin(facts);
}

static void test_a_wanted_row_is_loaded_once(void **state)
{
    struct facts facts;
    struct arena arena;
    (void)state;
    begin(&facts, &arena);
    facts_want(&facts, &thing, &known);
    facts_want(&facts, &thing, &known);
    assert_int_equal(facts.fact_count, 1);
    assert_null(facts_peek(&facts, &thing, &known));
    assert_true(load(NULL, &facts));
    assert_ptr_equal(facts_peek(&facts, &thing, &known), &stored);
    assert_false(facts.first->relied); /* naming keys is no reliance */
    assert_ptr_equal(facts_find(&facts, &thing, &known), &stored);
    assert_true(facts.first->relied);
    assert_int_equal(facts.first->version, 4);
    assert_true(slice_is(facts.first->decided_by, "before/0/1"));
    assert_int_equal(loads, 1);
    assert_int_equal(facts.late_loads, 0);
    arena_release(&arena);
}

static void test_what_a_batch_leaves_is_what_it_changed(void **state)
{
    struct facts facts;
    struct arena arena;
    (void)state;
    begin(&facts, &arena);
    assert_null(facts_changed(&facts, 0, &known));
    facts_find(&facts, &thing, &known);
    facts_find(&facts, &thing, &absent);
    assert_null(facts_changed(&facts, 0, &known)); /* read, and left as it was */
    assert_null(facts_changed(&facts, 0, &absent));
    void *edited = facts_edit(&facts, &thing, &known),
         *added = facts_add(&facts, &thing, &absent);
    assert_ptr_equal(facts_changed(&facts, 0, &known), edited);
    assert_ptr_equal(facts_changed(&facts, 0, &absent), added);
    arena_release(&arena);
}

static void test_a_row_that_nobody_named_is_loaded_late_and_counted(void **state)
{
    struct facts facts;
    struct arena arena;
    (void)state;
    begin(&facts, &arena);
    assert_null(facts_find(&facts, &thing, &absent));
    assert_null(facts_find(&facts, &thing, &absent));
    assert_int_equal(loads, 1);
    assert_int_equal(facts.late_loads, 1);
    assert_int_equal(facts.first->state, FACT_ABSENT);
    assert_true(facts.first->relied); /* the absence is checked before commit */
    arena_release(&arena);
}

static void test_edits_and_additions_are_seen_and_touched(void **state)
{
    struct facts facts;
    struct arena arena;
    (void)state;
    begin(&facts, &arena);
    struct thing_row *row = facts_edit(&facts, &thing, &known);
    row->used = 8;
    assert_int_equal(facts.first->state, FACT_EDITED);
    assert_ptr_equal(facts_edit(&facts, &thing, &known), row);
    assert_null(facts.touched->next_touched); /* once, however often it is edited */
    row = facts_add(&facts, &thing, &absent);
    assert_true(uuid_equal(&row->id, &absent));
    assert_int_equal(row->used, 0);
    assert_int_equal(facts.added_count, 1);
    facts_decision_begin(&facts);
    assert_null(facts.touched);
    assert_int_equal(((const struct thing_row *)facts_find(&facts, &thing, &known))->used, 8);
    assert_ptr_equal(facts_edit(&facts, &thing, &absent), row);
    assert_non_null(facts.touched);
    assert_int_equal(facts.touched->state, FACT_ADDED); /* still an insert */
    arena_release(&arena);
}

static void test_a_row_is_edited_where_there_is_one_and_made_where_not(void **state)
{
    struct facts facts;
    struct arena arena;
    (void)state;
    begin(&facts, &arena);
    struct thing_row *row = facts_edit_or_add(&facts, &thing, &known);
    assert_int_equal(row->used, 7);
    assert_int_equal(facts.touched->state, FACT_EDITED);
    row = facts_edit_or_add(&facts, &thing, &absent);
    assert_true(uuid_equal(&row->id, &absent));
    assert_int_equal(facts.added_count, 1);
    assert_ptr_equal(facts_edit_or_add(&facts, &thing, &absent), row);
    assert_int_equal(facts.added_count, 1);
    arena_release(&arena);
}

static void test_a_limit_from_both_sides(void **state)
{
    static const struct {
        const char *name;
        bool locked;
        int64_t used, first, second;
        bool taken;
        int64_t sum;
    } cases[] = {
        {"the last one", true, 9, 1, 0, true, 1},
        {"one too many", true, 10, 1, 0, false, 0},
        {"what the batch took counts", true, 8, 2, 1, false, 2},
        {"what the batch gave back counts", true, 10, -1, 1, true, 0},
        {"giving back is never refused", true, 12, -1, 0, true, -1},
        {"only a locked limit can say no", false, 0, 11, 0, true, 11},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct facts facts;
        struct arena arena;
        struct thing_row row = {.id = known};
        begin(&facts, &arena);
        if (cases[i].locked)
            facts_limit_locked(&facts, &limit, &known, cases[i].used);
        bool taken = facts_take(&facts, &limit, &row, cases[i].first, 10);
        if (cases[i].second != 0)
            taken = facts_take(&facts, &limit, &row, cases[i].second, 10);
        if (taken != cases[i].taken || facts.limits->amount != cases[i].sum)
            fail_msg("%s: %s", cases[i].name, taken ? "taken" : "refused");
        arena_release(&arena);
    }
}

static void test_amounts_that_no_number_holds_fail_the_batch(void **state)
{
    struct facts facts;
    struct arena arena;
    struct thing_row row = {.id = known};
    (void)state;
    begin(&facts, &arena);
    assert_true(facts_take(&facts, &limit, &row, INT64_MAX, INT64_MAX));
    assert_false(facts.failed);
    assert_true(facts_take(&facts, &limit, &row, 1, INT64_MAX));
    assert_true(facts.failed);
    arena_release(&arena);
    begin(&facts, &arena);
    facts_limit_locked(&facts, &limit, &known, INT64_MAX);
    assert_false(facts_take(&facts, &limit, &row, 1, INT64_MAX));
    assert_false(facts.failed);
    arena_release(&arena);
}

static void test_appended_rows_carry_their_key(void **state)
{
    struct facts facts;
    struct arena arena;
    (void)state;
    begin(&facts, &arena);
    struct thing_row *row = facts_append(&facts, &entry, &absent);
    assert_true(uuid_equal(&row->id, &absent));
    assert_ptr_equal(facts.appended->row, row);
    assert_int_equal(facts.appended->table, 2);
    assert_null(facts.touched);
    arena_release(&arena);
}

static void test_a_failed_load_fails_the_batch(void **state)
{
    struct facts facts;
    struct arena arena;
    bool fails = true;
    (void)state;
    begin(&facts, &arena);
    facts.context = &fails;
    facts_find(&facts, &thing, &known);
    assert_true(facts.failed);
    fails = false;
    assert_null(facts_find(&facts, &thing, &known)); /* it was absent a moment ago */
    assert_int_equal(loads, 1);
    /* What a doomed decision still writes goes nowhere, each table's rows apart. */
    struct thing_row *row = facts_add(&facts, &thing, &known);
    struct thing_row *other = facts_append(&facts, &entry, &absent);
    row->used = 1;
    assert_int_equal(stored.used, 7);
    assert_ptr_not_equal(row, other);
    assert_int_equal(other->used, 0);
    arena_release(&arena);
}

/* Keys with one beginning too; what a later load brings stands behind. */
static void test_facts_are_ordered_by_table_and_key_load_by_load(void **state)
{
    static const struct uuid keys[] = {{{9}}, {{1, [15] = 2}}, {{3}}, {{1, [15] = 1}}, {{2}}};
    static const uint8_t last_bytes[] = {1, 2, 0, 0, 0};
    struct facts facts;
    struct arena arena;
    size_t begin_of[FACT_TABLES + 1];
    (void)state;
    begin(&facts, &arena);
    facts_want(&facts, &entry, &keys[4]);
    for (size_t i = 0; i < 4; i++)
        facts_want(&facts, &thing, &keys[i]);
    assert_true(facts_order(&facts, begin_of));
    assert_int_equal(facts.ordered_count, 5);
    assert_int_equal(begin_of[1], 4);
    assert_int_equal(begin_of[2], 4);
    assert_int_equal(begin_of[3], 5);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(facts.ordered[i]->key.bytes[15], last_bytes[i]);
        assert_true(i == 0 ||
                    uuid_compare(&facts.ordered[i - 1]->key, &facts.ordered[i]->key) < 0);
    }
    assert_true(uuid_equal(&facts.ordered[4]->key, &keys[4]));

    facts_want(&facts, &thing, &absent);
    assert_true(facts_order(&facts, begin_of));
    assert_int_equal(begin_of[0], 5);
    assert_int_equal(begin_of[1], 6);
    assert_true(uuid_equal(&facts.ordered[5]->key, &absent));
    assert_true(facts_order(&facts, begin_of));
    assert_int_equal(facts.ordered_count, 6);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts_are_ordered_by_table_and_key_load_by_load),
        cmocka_unit_test(test_a_wanted_row_is_loaded_once),
        cmocka_unit_test(test_what_a_batch_leaves_is_what_it_changed),
        cmocka_unit_test(test_a_row_that_nobody_named_is_loaded_late_and_counted),
        cmocka_unit_test(test_edits_and_additions_are_seen_and_touched),
        cmocka_unit_test(test_a_row_is_edited_where_there_is_one_and_made_where_not),
        cmocka_unit_test(test_a_limit_from_both_sides),
        cmocka_unit_test(test_amounts_that_no_number_holds_fail_the_batch),
        cmocka_unit_test(test_appended_rows_carry_their_key),
        cmocka_unit_test(test_a_failed_load_fails_the_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
