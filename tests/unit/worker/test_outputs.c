#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/frame.h"
#include "schemas/events.h"
#include "worker/outputs.h"

#define TRACEPARENT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

static struct cause cause_with(const char *source, struct slice id, const char *traceparent,
                               struct arena *arena)
{
    struct header headers[] = {{SLICE("ce_source"), slice_of(source)},
                               {SLICE("ce_id"), id},
                               {SLICE("traceparent"), slice_of(traceparent)}};
    struct record record = {.topic = "application.submitted",
                            .partition = 3,
                            .offset = 14,
                            .timestamp_ms = 1000,
                            .headers = headers,
                            .header_count = 3};
    return cause_of(&record, arena);
}

static void test_the_cause_is_the_senders_or_the_place(void **state)
{
    static char long_id[2000];
    static const char place[] = "application.submitted/3/14";
    struct arena arena;
    (void)state;
    memset(long_id, 'x', sizeof long_id);
    assert_true(arena_init(&arena, 1 << 20));
    const struct {
        const char *name, *source, *traceparent;
        struct slice id;
        const char *of_source, *of_id;
        size_t traceparent_size;
    } cases[] = {
        {"all given", "/a", TRACEPARENT, SLICE("1"), "/a", "1", 55},
        {"no source", "", TRACEPARENT, SLICE("1"), "application.submitted", "1", 55},
        {"no id", "/a", "", SLICE(""), "", place, 0},
        {"id that is no text", "/a", "", SLICE("\xff\xfe"), "", place, 0},
        {"id too long to keep", "/a", "", {long_id, sizeof long_id}, "", place, 0},
        {"odd traceparent", "/a", "00-1", SLICE("1"), "/a", "1", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct cause cause =
            cause_with(cases[i].source, cases[i].id, cases[i].traceparent, &arena);
        if (!slice_is(cause.source, cases[i].of_source) ||
            !slice_is(cause.id, cases[i].of_id) ||
            cause.traceparent.size != cases[i].traceparent_size)
            fail_msg("%s: %.*s", cases[i].name, SLICE_ARGS(cause.id));
    }
    arena_release(&arena);
}

static void encode_two(struct arena *arena, const char *cause_id, struct buffer *payload)
{
    struct outputs outputs;
    struct buffer scratch = {0};
    struct cause cause = {.source = SLICE("/a"), .id = slice_of(cause_id), .timestamp_ms = 7};
    void *event;
    outputs_clear(&outputs);
    for (int i = 0; i < 2; i++)
        assert_true(outputs_add(&outputs, arena, &award_changed_event, &event));
    assert_int_equal(outputs.count, 2);
    assert_true(outputs_encode(&outputs, "application", &cause, &scratch, payload));
    buffer_release(&scratch);
}

static void test_ids_of_outputs_follow_from_the_cause(void **state)
{
    struct arena arena;
    struct buffer one = {0}, again = {0}, other = {0};
    (void)state;
    assert_true(arena_init(&arena, 1 << 20));
    encode_two(&arena, "1", &one);
    encode_two(&arena, "1", &again);
    encode_two(&arena, "2", &other);
    assert_true(slice_equal(buffer_slice(&one), buffer_slice(&again)));
    assert_false(slice_equal(buffer_slice(&one), buffer_slice(&other)));

    struct frame_iterator iterator = {.rest = buffer_slice(&one)};
    struct frame frame;
    struct error error;
    char first[40];
    assert_int_equal(frame_next(&iterator, &frame, &error), FRAME_READ);
    assert_int_equal(frame.topic, topic_index(&award_changed_event));
    assert_int_equal(frame.timestamp_ms, 7);
    assert_int_equal(frame.key.size, UUID_TEXT_SIZE);
    assert_true(slice_is(frame.headers[0].name, "ce_id"));
    memcpy(first, frame.headers[0].value.data, UUID_TEXT_SIZE);
    assert_int_equal(frame_next(&iterator, &frame, &error), FRAME_READ);
    assert_memory_not_equal(first, frame.headers[0].value.data, UUID_TEXT_SIZE);
    assert_int_equal(frame_next(&iterator, &frame, &error), FRAME_DONE);
    buffer_release(&one);
    buffer_release(&again);
    buffer_release(&other);
    arena_release(&arena);
}

static void test_a_full_arena_adds_nothing(void **state)
{
    struct arena arena;
    struct outputs outputs;
    void *event;
    (void)state;
    assert_true(arena_init(&arena, 4096));
    outputs_clear(&outputs);
    while (outputs_add(&outputs, &arena, &application_decided_event, &event))
        assert_true(outputs.count < 4096);
    size_t count = 0;
    for (const struct output *output = outputs.first; output != NULL; output = output->next)
        count++;
    assert_int_equal(count, outputs.count);
    arena_release(&arena);
}

static void test_a_dead_letter_carries_bytes_place_and_reason(void **state)
{
    static char huge[70000];
    struct header headers[] = {{SLICE("ce_id"), SLICE("1")},
                               {SLICE("secret"), SLICE("not ours to pass on")},
                               {SLICE("ce_huge"), {huge, sizeof huge}}};
    struct record record = {.topic = "application.submitted",
                            .partition = 3,
                            .offset = 14,
                            .timestamp_ms = 1000,
                            .key = SLICE("A-1"),
                            .value = SLICE("garbage"),
                            .has_value = true,
                            .headers = headers,
                            .header_count = 3};
    static const char *const expected[][2] = {{"kerja_topic", "application.submitted"},
                                              {"kerja_partition", "3"},
                                              {"kerja_offset", "14"},
                                              {"kerja_service", "application"},
                                              {"kerja_reason", "TRUNCATED"},
                                              {"kerja_sentence", "the bytes end"},
                                              {"kerja_failed_at", "1000"},
                                              {"ce_id", "1"}};
    struct buffer payload = {0};
    struct frame frame;
    struct error error;
    (void)state;
    assert_true(
        dead_letter_encode("application", &record, "TRUNCATED", "the bytes end", &payload));
    struct frame_iterator iterator = {.rest = buffer_slice(&payload)};
    assert_int_equal(frame_next(&iterator, &frame, &error), FRAME_READ);
    assert_int_equal(frame.topic, topic_index_dead_letter());
    assert_true(slice_is(frame.key, "A-1") && slice_is(frame.value, "garbage"));
    assert_int_equal(frame.header_count, 8);
    for (size_t i = 0; i < 8; i++)
        assert_true(slice_is(frame.headers[i].name, expected[i][0]) &&
                    slice_is(frame.headers[i].value, expected[i][1]));
    buffer_clear(&payload);
    record.key = (struct slice){huge, sizeof huge};
    assert_true(
        dead_letter_encode("application", &record, "TRUNCATED", "the bytes end", &payload));
    buffer_release(&payload);
}

static void test_what_nobody_could_publish_is_not_encoded(void **state)
{
    static char reason[OUTPUT_BYTES + 1];
    struct arena arena;
    struct outputs outputs;
    struct buffer scratch = {0}, payload = {0};
    struct cause cause = {.source = SLICE("/a"), .id = SLICE("1"), .timestamp_ms = 7};
    void *event;
    (void)state;
    memset(reason, 'x', sizeof reason);
    assert_true(arena_init(&arena, 1 << 20));
    outputs_clear(&outputs);
    assert_true(outputs_add(&outputs, &arena, &award_changed_event, &event));
    ((struct award_changed *)event)->reason = (struct slice){reason, OUTPUT_BYTES / 2};
    assert_true(outputs_encode(&outputs, "application", &cause, &scratch, &payload));
    ((struct award_changed *)event)->reason.size = sizeof reason;
    assert_false(outputs_encode(&outputs, "application", &cause, &scratch, &payload));
    buffer_release(&scratch);
    buffer_release(&payload);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_cause_is_the_senders_or_the_place),
        cmocka_unit_test(test_ids_of_outputs_follow_from_the_cause),
        cmocka_unit_test(test_a_full_arena_adds_nothing),
        cmocka_unit_test(test_what_nobody_could_publish_is_not_encoded),
        cmocka_unit_test(test_a_dead_letter_carries_bytes_place_and_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
