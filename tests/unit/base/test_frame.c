/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

#include "base/frame.h"

#include <stdlib.h>
#include <string.h>

static const struct header two_headers[] = {
    {{"ce_id", 5}, {"0198c0de", 8}},
    {{"traceparent", 11}, {"", 0}},
};

static const struct frame full = {
    .topic = 255,
    .timestamp_ms = INT64_C(1586563200123),
    .key = {"award", 5},
    .value = {"\xc3\x01rest", 6},
    .headers = two_headers,
    .header_count = 2,
};

/* A payload in memory of exactly its size, so that a read beyond its end is caught. */
static struct slice exact(const struct buffer *buffer, size_t size)
{
    char *copy = malloc(size == 0 ? 1 : size);

    assert_non_null(copy);
    if (size > 0)
        memcpy(copy, buffer->data, size);
    return (struct slice){copy, size};
}

static void a_frame_comes_back_as_it_was(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    const struct frame bare = {.topic = 0, .timestamp_ms = -1, .value = {"", 0}};
    struct frame read;
    struct error error = {0};

    assert_true(frame_append(&buffer, &full));
    assert_true(frame_append(&buffer, &bare));
    assert_false(buffer_failed(&buffer));

    struct frame_iterator iterator = {.rest = buffer_slice(&buffer)};
    assert_int_equal(frame_next(&iterator, &read, &error), FRAME_READ);
    assert_int_equal(read.topic, 255);
    assert_int_equal(read.timestamp_ms, full.timestamp_ms);
    assert_true(slice_equal(read.key, full.key));
    assert_true(slice_equal(read.value, full.value));
    assert_int_equal(read.header_count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(slice_equal(read.headers[i].name, two_headers[i].name));
        assert_true(slice_equal(read.headers[i].value, two_headers[i].value));
    }
    assert_int_equal(frame_next(&iterator, &read, &error), FRAME_READ);
    assert_int_equal(read.timestamp_ms, -1);
    assert_int_equal(read.key.size + read.value.size + read.header_count, 0);
    assert_int_equal(frame_next(&iterator, &read, &error), FRAME_DONE);
    assert_int_equal(frame_next(&iterator, &read, &error), FRAME_DONE);
    buffer_release(&buffer);
}

static void the_layout_is_the_documented_one(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    const struct header header = {{"h", 1}, {"v", 1}};
    const struct frame frame = {.topic = 7,
                                .timestamp_ms = 0x0102,
                                .key = {"k", 1},
                                .value = {"xyz", 3},
                                .headers = &header,
                                .header_count = 1};
    static const char want[] = "\x1b\0\0\0"             /* 27 bytes follow */
                               "\x07"                   /* topic           */
                               "\x01\0\x06\0\x03\0\0\0" /* key headers value */
                               "\x02\x01\0\0\0\0\0\0"
                               "k"
                               "\x01\0\x01\0hv"
                               "xyz";

    assert_true(frame_append(&buffer, &frame));
    assert_int_equal(buffer.size, sizeof want - 1);
    assert_memory_equal(buffer.data, want, sizeof want - 1);
    buffer_release(&buffer);
}

static void no_cut_payload_is_read(void **state)
{
    (void)state;
    struct buffer buffer = {0};

    assert_true(frame_append(&buffer, &full));
    for (size_t size = 1; size < buffer.size; size++) {
        struct slice cut = exact(&buffer, size);
        struct frame_iterator iterator = {.rest = cut};
        struct frame read;
        struct error error = {0};
        assert_int_equal(frame_next(&iterator, &read, &error), FRAME_CORRUPT);
        assert_string_not_equal(error.text, "");
        assert_int_equal(frame_next(&iterator, &read, &error), FRAME_CORRUPT);
        free((void *)(uintptr_t)cut.data);
    }
    buffer_release(&buffer);
}

/* Every byte set to every value: what is still read must lie inside the payload. */
static void no_changed_byte_reads_beyond_the_end(void **state)
{
    (void)state;
    struct buffer buffer = {0};
    unsigned refused = 0;

    assert_true(frame_append(&buffer, &full));
    struct slice changed = exact(&buffer, buffer.size);
    char *bytes = (char *)(uintptr_t)changed.data;
    for (size_t at = 0; at < changed.size; at++) {
        for (int value = 0; value < 256; value++) {
            bytes[at] = (char)value;
            struct frame_iterator iterator = {.rest = changed};
            struct frame read;
            enum frame_step step = frame_next(&iterator, &read, NULL);
            refused += step == FRAME_CORRUPT;
            if (step == FRAME_READ)
                assert_true(read.key.data >= bytes &&
                            read.value.data + read.value.size <= bytes + changed.size);
        }
        bytes[at] = buffer.data[at];
    }
    /* Any change of a length (4 + 2 + 2 + 4 bytes, and the headers' own 2 x 4) is refused. */
    assert_true(refused >= 12u * 255u);
    free(bytes);
    buffer_release(&buffer);
}

static const struct {
    const char *name;
    char bytes[32];
    size_t size;
} hostile[] = {
    {"a length of zero", {0}, 21},
    {"a length of all ones", "\xff\xff\xff\xff", 21},
    {"a value of all ones", "\x10\0\0\0\0\0\0\0\0\xff\xff\xff\xff", 21},
    {"a header block of one byte", "\x12\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0x", 22},
    {"a header name beyond its block", "\x15\0\0\0\0\0\0\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0",
     25},
};

static void hostile_payloads_are_corrupt(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        struct frame_iterator iterator = {.rest = {hostile[i].bytes, hostile[i].size}};
        struct frame read;
        struct error error = {0};
        if (frame_next(&iterator, &read, &error) != FRAME_CORRUPT)
            fail_msg("%s", hostile[i].name);
    }
}

static void what_a_length_cannot_say_is_not_appended(void **state)
{
    (void)state;
    static char big[FRAME_VALUE_BOUND + 1];
    struct header headers[FRAME_HEADERS + 1];
    struct buffer buffer = {0};
    struct frame frame = {.value = {big, FRAME_VALUE_BOUND + 1}};

    for (size_t i = 0; i < FRAME_HEADERS + 1; i++)
        headers[i] = (struct header){SLICE("name"), SLICE("value")};
    assert_false(frame_append(&buffer, &frame));
    frame = (struct frame){.key = {big, UINT16_MAX + 1}};
    assert_false(frame_append(&buffer, &frame));
    frame = (struct frame){.headers = headers, .header_count = FRAME_HEADERS + 1};
    assert_false(frame_append(&buffer, &frame));
    /* One header of 65,532 bytes of value and 4 of head is one byte too many for the block. */
    headers[0] = (struct header){{"", 0}, {big, UINT16_MAX - 3}};
    frame = (struct frame){.headers = headers, .header_count = 1};
    assert_false(frame_append(&buffer, &frame));
    assert_int_equal(buffer.size, 0);

    headers[0].value.size--;
    assert_true(frame_append(&buffer, &frame));
    frame = (struct frame){.key = {big, UINT16_MAX}, .value = {big, FRAME_VALUE_BOUND}};
    assert_true(frame_append(&buffer, &frame));
    struct frame_iterator iterator = {.rest = buffer_slice(&buffer)};
    struct frame read;
    assert_int_equal(frame_next(&iterator, &read, NULL), FRAME_READ);
    assert_int_equal(frame_next(&iterator, &read, NULL), FRAME_READ);
    assert_int_equal(read.key.size, UINT16_MAX);
    assert_int_equal(frame_next(&iterator, &read, NULL), FRAME_DONE);
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_comes_back_as_it_was),
        cmocka_unit_test(the_layout_is_the_documented_one),
        cmocka_unit_test(no_cut_payload_is_read),
        cmocka_unit_test(no_changed_byte_reads_beyond_the_end),
        cmocka_unit_test(hostile_payloads_are_corrupt),
        cmocka_unit_test(what_a_length_cannot_say_is_not_appended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
