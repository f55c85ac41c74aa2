#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "worker/outputs.h"
#include "worker/service.h"

static const struct seal_place place = {"account", "account_no", {{1}}};
static const struct seal_place elsewhere = {"account", "account_no", {{2}}};

static struct seal *open_with(uint32_t key_id)
{
    struct seal_secrets secrets = {.keys = {{.id = key_id, .bytes = {7}}}, .key_count = 1};
    struct error error;
    struct seal *seal = seal_open(&secrets, &error);
    assert_non_null(seal);
    return seal;
}

/* What opens, what is empty, and what stops the worker. */
static void only_a_missing_key_stops(void **state)
{
    struct arena arena;
    struct seal *seals[] = {open_with(6), open_with(7)};
    struct office office = {.seal = seals[1]};
    struct decision decision = {.office = &office, .arena = &arena};
    struct slice sealed;
    (void)state;
    assert_true(arena_init(&arena, 1 << 16));
    assert_false(decision_seal(&decision, &place, SLICE(""), &sealed));
    assert_true(decision_seal(&decision, &place, SLICE("0098765"), &sealed));
    char *cut = arena_alloc(&arena, sealed.size);
    memcpy(cut, sealed.data, sealed.size);
    cut[sealed.size - 1] ^= 1;
    const struct {
        const char *name;
        const struct seal *seal;
        const struct seal_place *place;
        struct slice sealed;
        const char *clear, *fault;
    } cases[] = {
        {"its own", seals[1], &place, sealed, "0098765", ""},
        {"nothing", seals[1], &place, SLICE(""), "", ""},
        {"of another row", seals[1], &elsewhere, sealed, "", ""},
        {"changed", seals[1], &place, {cut, sealed.size}, "", ""},
        {"no sealed bytes", seals[1], &place, SLICE("0098765"), "", ""},
        {"of a key that is not there", seals[0], &place, sealed, "",
         "cannot unseal \"account.account_no\": sealing key 7 is not in "
         "KERJA_SEALING_KEYS_FILE; add it and start again"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        office.seal = cases[i].seal;
        struct slice clear = decision_unseal(&decision, cases[i].place, cases[i].sealed);
        if (!slice_is(clear, cases[i].clear) ||
            strcmp(decision.fault.text, cases[i].fault) != 0 ||
            decision.stopped != (cases[i].fault[0] != '\0'))
            fail_msg("%s: %s", cases[i].name, decision.fault.text);
    }
    /* The first fault is the one that is told. */
    decision.fault.text[0] = 'C';
    decision_unseal(&decision, &elsewhere, sealed);
    assert_int_equal(decision.fault.text[0], 'C');
    seal_close(seals[0]);
    seal_close(seals[1]);
    arena_release(&arena);
}

/* A list of empty texts is sixteen times as large as the record that brought it. */
static void a_full_arena_fails_the_batch_and_not_the_worker(void **state)
{
    enum { CAPACITY = 64 << 20, LIST = 40 << 20 };
    struct arena arena;
    struct outputs outputs;
    struct decision decision = {.arena = &arena, .outputs = &outputs};
    const struct uuid subject = {{1}};
    (void)state;
    outputs_clear(&outputs);
    assert_true(arena_init(&arena, CAPACITY));
    memset(decision_alloc(&decision, LIST), 'a', LIST);
    assert_false(decision.exhausted);
    for (int batch = 0; batch < 3; batch++) {
        decision.exhausted = false;
        char *first = decision_alloc(&decision, LIST),
             *second = decision_alloc(&decision, LIST);
        assert_true(decision.exhausted);
        memset(first, 'b', LIST);
        memset(second, 'c', LIST);
        assert_int_equal(first[0], 'b');
        assert_int_equal(first[LIST - 1], 'b');
        assert_int_equal(*(char *)decision_alloc(&decision, 1), 0);
    }
    arena.used = arena.capacity;
    decision.exhausted = false;
    decision_timer(&decision, "DUE", &subject, 0);
    assert_true(decision.exhausted);
    assert_null(outputs.first_timer);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_missing_key_stops),
        cmocka_unit_test(a_full_arena_fails_the_batch_and_not_the_worker)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
