#include "decode/decode.h"

#include "base/buffer.h"
#include "decode/encode.h"
#include "moved_event.h"
#include "sample_event.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { ARENA = 8 << 20 };

static struct arena arena;

static const struct event_type *types[] = {&application_submitted_event,
                                           &timer_completion_event};

static struct decoder *make_decoder(const struct event_type *const *events, size_t count)
{
    struct error error;
    struct decoder *decoder = decoder_new(events, count, &error);
    if (decoder == NULL)
        print_message("%s\n", error.text);
    assert_non_null(decoder);
    return decoder;
}

static struct slice encoded_sample(struct buffer *buffer, struct sample_event *sample)
{
    sample_event_fill(sample);
    encode_event(&application_submitted_event, &sample->application, buffer);
    assert_false(buffer_failed(buffer));
    return buffer_slice(buffer);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct sample_event sample;
    struct buffer buffer = {0}, again = {0};
    struct decode_failure failure;
    struct application_submitted read;
    struct slice framed = encoded_sample(&buffer, &sample);
    struct decoder *decoder = make_decoder(types, 2);
    assert_int_equal(decoder_decode(decoder, types[0], framed, &arena, &read, &failure), OK);
    assert_true(slice_is(read.hire.employer_msisdn, "+6281111111111"));
    assert_int_equal(read.membership.savings_withdrawn_on, -1);
    assert_false(read.membership.has_last_formal_contribution_on);
    assert_int_equal(read.checks.count, 3);
    assert_int_equal(read.checks.items[2].number, 71);
    encode_event(types[0], &read, &again);
    assert_true(slice_equal(framed, buffer_slice(&again)));
    decoder_free(decoder);
    buffer_release(&buffer);
    buffer_release(&again);
}

static void every_truncation_is_rejected(void **state)
{
    (void)state;
    struct sample_event sample;
    struct buffer buffer = {0};
    struct decode_failure failure;
    struct application_submitted read = {.revision = 77};
    struct slice framed = encoded_sample(&buffer, &sample);
    struct decoder *decoder = make_decoder(types, 2);
    for (size_t size = 0; size < framed.size; size++) {
        /* A copy of exact size, so that a read behind it is seen. */
        char *exact = malloc(size + 1);
        memcpy(exact, framed.data, size);
        exact = realloc(exact, size == 0 ? 1 : size);
        size_t used = arena.used;
        assert_int_equal(decoder_decode(decoder, types[0], (struct slice){exact, size}, &arena,
                                        &read, &failure),
                         REJECT);
        assert_int_equal(failure.reason, size == 0 ? DECODE_NO_VALUE : DECODE_TRUNCATED);
        assert_int_equal(arena.used, used);
        free(exact);
    }
    assert_int_equal(read.revision, 77);
    decoder_free(decoder);
    buffer_release(&buffer);
}

static void every_changed_byte_is_survived(void **state)
{
    (void)state;
    struct sample_event sample;
    struct buffer buffer = {0};
    struct decode_failure failure;
    struct application_submitted read;
    struct slice framed = encoded_sample(&buffer, &sample);
    struct decoder *decoder = make_decoder(types, 2);
    size_t rejected = 0;
    for (size_t at = 0; at < framed.size; at++)
        for (int value = 0; value < 256; value += 15) {
            char kept = buffer.data[at];
            buffer.data[at] = (char)value;
            arena_reset(&arena);
            rejected +=
                decoder_decode(decoder, types[0], framed, &arena, &read, &failure) == REJECT;
            buffer.data[at] = kept;
        }
    assert_true(rejected > framed.size);
    decoder_free(decoder);
    buffer_release(&buffer);
}

static void frames_are_told_apart(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct slice value;
        enum decode_reason reason;
    } cases[] = {
        {"no value", {0}, DECODE_NO_VALUE},
        {"text", SLICE("{\"a\": 1}"), DECODE_UNKNOWN_FRAMING},
        {"second byte wrong", SLICE("\xc3\x02yyyyyyyyy"), DECODE_UNKNOWN_FRAMING},
        {"frame cut", SLICE("\xc3\x01yyyyyyy"), DECODE_TRUNCATED},
        {"unknown fingerprint", SLICE("\xc3\x01yyyyyyyy"), DECODE_UNKNOWN_SCHEMA},
        {"id cut", SLICE("\0\0\0\0"), DECODE_TRUNCATED},
        {"unknown id", SLICE("\0\0\0\0\7"), DECODE_UNKNOWN_SCHEMA},
    };
    struct decoder *decoder = make_decoder(types, 2);
    struct application_submitted read;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decode_failure failure;
        print_message("  %s\n", cases[i].name);
        assert_int_equal(
            decoder_decode(decoder, types[0], cases[i].value, &arena, &read, &failure), REJECT);
        assert_int_equal(failure.reason, cases[i].reason);
    }
    decoder_free(decoder);
}

static void a_known_id_names_a_schema(void **state)
{
    (void)state;
    struct sample_event sample;
    struct buffer buffer = {0}, framed = {0};
    struct decode_failure failure;
    struct application_submitted read;
    struct slice plain = encoded_sample(&buffer, &sample);
    struct decoder *decoder = make_decoder(types, 2);
    assert_false(decoder_know_id(decoder, 7, 12345));
    assert_true(decoder_know_id(decoder, 0x01020304, types[0]->schemas[0].fingerprint));
    buffer_append(&framed, "\0\1\2\3\4", 5);
    buffer_append(&framed, plain.data + 10, plain.size - 10);
    assert_int_equal(
        decoder_decode(decoder, types[0], buffer_slice(&framed), &arena, &read, &failure), OK);
    decoder_free(decoder);
    buffer_release(&buffer);
    buffer_release(&framed);
}

static void an_event_of_another_decoder_stops(void **state)
{
    (void)state;
    struct sample_event sample;
    struct buffer buffer = {0};
    struct decode_failure failure;
    struct application_submitted read;
    struct slice framed = encoded_sample(&buffer, &sample);
    struct decoder *decoder = make_decoder(types + 1, 1);
    assert_int_equal(decoder_decode(decoder, types[0], framed, &arena, &read, &failure), STOP);
    decoder_free(decoder);
    buffer_release(&buffer);
}

#define FRAME(fingerprint) "\xc3\x01" fingerprint "\0\0\0\0\0\0\0"

static void another_writer_is_projected_by_name(void **state)
{
    (void)state;
    const struct event_type *moved = &moved_event;
    struct decoder *decoder = make_decoder(&moved, 1);
    struct decode_failure failure;
    struct moved read;
    /* gone: one block by count and size; id "x"; SAD; total -3; map {"k": 1} */
    struct slice value = SLICE(FRAME("\1") "\3\6\0\2........\0"
                                           "\2x"
                                           "\4"
                                           "\5"
                                           "\2\2k\2\0");
    enum outcome outcome = decoder_decode(decoder, moved, value, &arena, &read, &failure);
    if (outcome != OK)
        print_message("%s\n", failure.error.text);
    assert_int_equal(outcome, OK);
    assert_int_equal(read.mood, MOOD_SAD);
    assert_int_equal(read.total, -3);
    assert_int_equal(read.revision, 1);
    assert_true(slice_is(read.purpose, "GOVT"));
    assert_false(read.has_note);
    assert_int_equal(read.tags.count, 0);
    /* A symbol that we lack is UNKNOWN. */
    value = SLICE(FRAME("\1") "\0"
                              "\2x"
                              "\6"
                              "\5"
                              "\0");
    assert_int_equal(decoder_decode(decoder, moved, value, &arena, &read, &failure), OK);
    assert_int_equal(read.mood, MOOD_UNKNOWN);
    decoder_free(decoder);
}

static void a_wrong_body_has_its_reason(void **state)
{
    (void)state;
    const struct {
        const char *name;
        struct slice value;
        enum decode_reason reason;
    } cases[] = {
        {"a double for a text", SLICE(FRAME("\2") "........\0\0"), DECODE_WRONG_TYPE},
        {"null for what is required", SLICE(FRAME("\3") "\0\0\0\0"), DECODE_WRONG_TYPE},
        {"a branch beyond the union", SLICE(FRAME("\3") "\4\0\0\0\0"), DECODE_MALFORMED},
        {"a negative branch", SLICE(FRAME("\3") "\1\0\0\0\0"), DECODE_MALFORMED},
        {"a symbol beyond the enum", SLICE(FRAME("\1") "\0\2x\10\5\0"), DECODE_MALFORMED},
        {"a negative length", SLICE(FRAME("\3") "\2\1"), DECODE_MALFORMED},
        {"the longest length", SLICE(FRAME("\3") "\2\xfe\xff\xff\xff\xff\xff\xff\xff\xff\1"),
         DECODE_TRUNCATED},
        {"a varint of 65 bits", SLICE(FRAME("\3") "\2\xfe\xff\xff\xff\xff\xff\xff\xff\xff\2"),
         DECODE_MALFORMED},
        {"the largest count",
         SLICE(FRAME("\3") "\2\2x\0\0\xfe\xff\xff\xff\xff\xff\xff\xff\xff\1"),
         DECODE_TRUNCATED},
        {"the smallest count",
         SLICE(FRAME("\3") "\2\2x\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\0"),
         DECODE_MALFORMED},
        {"a count of more than is there", SLICE(FRAME("\3") "\2\2x\0\0\4\2a"),
         DECODE_TRUNCATED},
        {"bytes behind", SLICE(FRAME("\3") "\2\2x\0\0\0!"), DECODE_TRAILING_BYTES},
        {"not UTF-8", SLICE(FRAME("\3") "\2\2\xff\0\0\0"), DECODE_BAD_UTF8},
        {"an overlong UTF-8", SLICE(FRAME("\3") "\2\4\xc0\x80\0\0\0"), DECODE_BAD_UTF8},
        {"a surrogate in UTF-8", SLICE(FRAME("\3") "\2\6\xed\xa0\x80\0\0\0"), DECODE_BAD_UTF8},
        {"a NUL in a text", SLICE(FRAME("\3") "\2\2\0\0\0\0"), DECODE_BAD_UTF8},
    };
    const struct event_type *moved = &moved_event;
    struct decoder *decoder = make_decoder(&moved, 1);
    struct moved read;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct decode_failure failure;
        print_message("  %s\n", cases[i].name);
        assert_int_equal(
            decoder_decode(decoder, moved, cases[i].value, &arena, &read, &failure), REJECT);
        assert_string_equal(decode_reason_name(failure.reason),
                            decode_reason_name(cases[i].reason));
        assert_non_null(strstr(failure.error.text, "moved"));
    }
    decoder_free(decoder);
}

static void values_are_checked(void **state)
{
    (void)state;
    static const char head[] = "\xc3\x01........";
    const struct {
        const char *name, *timer_id;
        int64_t due_at;
        enum outcome outcome;
        enum decode_reason reason;
    } cases[] = {
        {"a uuid", "018f0e4c-7b1a-8c3d-9e2f-0123456789ab", INT64_C(1714640400000000), OK, 0},
        {"a uuid in capitals", "018F0E4C-7B1A-8C3D-9E2F-0123456789AB",
         INT64_C(1714640400000000), OK, 0},
        {"a uuid cut", "018f0e4c-7b1a-8c3d-9e2f-0123456789a", 1, REJECT, DECODE_BAD_UUID},
        {"the first instant", "018f0e4c-7b1a-8c3d-9e2f-0123456789ab", INT64_C(946684800000000),
         OK, 0},
        {"milliseconds, not microseconds", "018f0e4c-7b1a-8c3d-9e2f-0123456789ab",
         INT64_C(1714640400000), REJECT, DECODE_BAD_TIME},
        {"before the first instant", "018f0e4c-7b1a-8c3d-9e2f-0123456789ab",
         INT64_C(946684799999999), REJECT, DECODE_BAD_TIME},
        {"the last instant", "018f0e4c-7b1a-8c3d-9e2f-0123456789ab", INT64_C(7258118399999999),
         OK, 0},
        {"behind the last instant", "018f0e4c-7b1a-8c3d-9e2f-0123456789ab",
         INT64_C(7258118400000000), REJECT, DECODE_BAD_TIME},
    };
    struct decoder *decoder = make_decoder(types, 2);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct buffer buffer = {0};
        struct decode_failure failure;
        struct timer_fired read;
        print_message("  %s\n", cases[i].name);
        buffer_append(&buffer, head, 10);
        uint64_t fingerprint = timer_completion_event.schemas[0].fingerprint;
        for (int byte = 0; byte < 8; byte++)
            buffer.data[2 + byte] = (char)(fingerprint >> (8 * byte));
        /* The last members by the encoder, the id by hand. */
        buffer_append_byte(&buffer, (unsigned char)(2 * strlen(cases[i].timer_id)));
        buffer_append(&buffer, cases[i].timer_id, strlen(cases[i].timer_id));
        struct timer_fired timer = {.subject_id = SLICE("s"),
                                    .kind = SLICE("k"),
                                    .due_at = cases[i].due_at,
                                    .attempt = 1};
        struct buffer body = {0};
        encode_record(&timer_fired_record, &timer, &body);
        buffer_append(&buffer, body.data + 37, body.size - 37);
        assert_int_equal(
            decoder_decode(decoder, types[1], buffer_slice(&buffer), &arena, &read, &failure),
            cases[i].outcome);
        if (cases[i].outcome != OK)
            assert_int_equal(failure.reason, cases[i].reason);
        buffer_release(&buffer);
        buffer_release(&body);
    }
    decoder_free(decoder);
}

/* decimal(18,2): what a partner reads as a number of nineteen digits, nobody counts with. */
static void amounts_have_eighteen_digits(void **state)
{
    (void)state;
    const struct {
        int64_t amount;
        enum outcome outcome;
    } cases[] = {{INT64_C(999999999999999999), OK},
                 {INT64_C(1000000000000000000), REJECT},
                 {-INT64_C(999999999999999999), OK},
                 {-INT64_C(1000000000000000000), REJECT},
                 {INT64_MAX, REJECT},
                 {INT64_MIN, REJECT}};
    const struct event_type *settled_type = &payout_settled_event;
    struct decoder *decoder = make_decoder(&settled_type, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct payout_settled read, settled = {.settled_at = INT64_C(1714640400000000),
                                               .has_amount = true,
                                               .amount = cases[i].amount};
        struct decode_failure failure;
        struct buffer buffer = {0};
        encode_event(settled_type, &settled, &buffer);
        assert_int_equal(decoder_decode(decoder, settled_type, buffer_slice(&buffer), &arena,
                                        &read, &failure),
                         cases[i].outcome);
        if (cases[i].outcome != OK)
            assert_int_equal(failure.reason, DECODE_BAD_DECIMAL);
        buffer_release(&buffer);
    }
    decoder_free(decoder);
}

static void a_full_arena_asks_for_fewer_records(void **state)
{
    (void)state;
    struct sample_event sample;
    struct buffer buffer = {0};
    struct decode_failure failure;
    struct application_submitted read;
    struct slice framed = encoded_sample(&buffer, &sample);
    struct decoder *decoder = make_decoder(types, 2);
    size_t full = 0;
    for (size_t capacity = 1; capacity < 4096; capacity += 64) {
        struct arena small;
        assert_true(arena_init(&small, capacity));
        enum outcome outcome =
            decoder_decode(decoder, types[0], framed, &small, &read, &failure);
        assert_true(outcome == OK || (outcome == RETRY && failure.reason == DECODE_ARENA_FULL));
        full += outcome == RETRY;
        arena_release(&small);
    }
    assert_true(full > 0 && full < 64);
    decoder_free(decoder);
    buffer_release(&buffer);
}

static void many_small_blocks_stay_within_their_bound(void **state)
{
    (void)state;
    enum { BLOCKS = 100000 };
    const struct event_type *moved = &moved_event;
    struct decoder *decoder = make_decoder(&moved, 1);
    struct decode_failure failure;
    struct moved read;
    struct buffer buffer = {0};
    struct slice head = SLICE(FRAME("\3") "\2\2x\0\0");
    buffer_append(&buffer, head.data, head.size);
    for (int i = 0; i < BLOCKS; i++)
        buffer_append(&buffer, "\2\2t", 3);
    buffer_append_byte(&buffer, 0);
    arena_reset(&arena);
    assert_int_equal(
        decoder_decode(decoder, moved, buffer_slice(&buffer), &arena, &read, &failure), OK);
    assert_int_equal(read.tags.count, BLOCKS);
    assert_true(slice_is(((const struct slice *)read.tags.items)[BLOCKS - 1], "t"));
    decoder_free(decoder);
    buffer_release(&buffer);
}

static void a_schema_without_a_required_member_is_refused(void **state)
{
    (void)state;
    static const struct writer_schema lacking[] = {
        {9, "{\"type\":\"record\",\"name\":\"Moved\",\"fields\":[{\"name\":\"id\",\"type\":"
            "\"string\"}]}"}};
    static const struct writer_schema broken[] = {{9, "{\"type\":\"record\""}};
    struct event_type event = moved_event;
    const struct event_type *events = &event;
    struct error error;
    event.schema_count = 1;
    event.schemas = lacking;
    assert_null(decoder_new(&events, 1, &error));
    assert_non_null(strstr(error.text, "\"mood\""));
    event.schemas = broken;
    assert_null(decoder_new(&events, 1, &error));
}

static void every_event_has_a_plan(void **state)
{
    (void)state;
    decoder_free(make_decoder(all_events, all_events_count));
    assert_true(all_events_count >= 27);
}

static int begin(void **state)
{
    (void)state;
    return arena_init(&arena, ARENA) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(every_truncation_is_rejected),
        cmocka_unit_test(every_changed_byte_is_survived),
        cmocka_unit_test(frames_are_told_apart),
        cmocka_unit_test(a_known_id_names_a_schema),
        cmocka_unit_test(an_event_of_another_decoder_stops),
        cmocka_unit_test(another_writer_is_projected_by_name),
        cmocka_unit_test(a_wrong_body_has_its_reason),
        cmocka_unit_test(values_are_checked),
        cmocka_unit_test(amounts_have_eighteen_digits),
        cmocka_unit_test(a_full_arena_asks_for_fewer_records),
        cmocka_unit_test(many_small_blocks_stay_within_their_bound),
        cmocka_unit_test(a_schema_without_a_required_member_is_refused),
        cmocka_unit_test(every_event_has_a_plan),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
