#include "letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TEXT(literal)                                                                          \
    {                                                                                          \
        literal, sizeof literal - 1                                                            \
    }

static struct header received[] = {
    {TEXT("kerja_topic"), TEXT("course.listed")},
    {TEXT("kerja_partition"), TEXT("3")},
    {TEXT("kerja_offset"), TEXT("1207")},
    {TEXT("kerja_service"), TEXT("completion")},
    {TEXT("kerja_reason"), TEXT("UNKNOWN_PROGRAMME")},
    {TEXT("kerja_sentence"), TEXT("no file of the programme is published")},
    {TEXT("kerja_failed_at"), TEXT("1629000000000")},
    {TEXT("ce_source"), TEXT("/integrator/portal")},
    {TEXT("ce_id"), TEXT("event-1")},
};
enum { RECEIVED = sizeof received / sizeof *received };

static struct letter letter_with(size_t header_count)
{
    struct record record = {.headers = received, .header_count = header_count};
    return letter_of(&record);
}

static struct slice find(const struct header *headers, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(headers[i].name, name))
            return headers[i].value;
    return (struct slice){0};
}

static void a_letter_tells_place_and_reason(void **state)
{
    struct letter letter = letter_with(RECEIVED);
    (void)state;
    assert_true(slice_is(letter.topic, "course.listed"));
    assert_true(slice_is(letter.partition, "3"));
    assert_true(slice_is(letter.offset, "1207"));
    assert_true(slice_is(letter.service, "completion"));
    assert_true(slice_is(letter.reason, "UNKNOWN_PROGRAMME"));
    assert_true(slice_is(letter.sentence, "no file of the programme is published"));
    assert_int_equal(letter_with(0).topic.size, 0);
}

static void it_is_sent_again_as_its_sender_sent_it(void **state)
{
    struct header headers[RECORD_HEADERS];
    char id[LETTER_ID_SIZE];
    struct letter letter = letter_with(RECEIVED);
    size_t count = letter_headers(&letter, headers, id);
    (void)state;
    assert_int_equal(count, 2);
    assert_true(slice_is(find(headers, count, "ce_id"), "event-1"));
    assert_true(slice_is(find(headers, count, "ce_source"), "/integrator/portal"));
}

static void without_an_id_its_place_is_the_id(void **state)
{
    struct header headers[RECORD_HEADERS];
    char id[LETTER_ID_SIZE];
    struct letter letter = letter_with(RECEIVED - 1);
    size_t count = letter_headers(&letter, headers, id);
    (void)state;
    assert_int_equal(count, 2);
    assert_true(slice_is(find(headers, count, "ce_id"), "course.listed/3/1207"));
}

static void as_many_headers_as_a_record_holds_leave_room_for_the_id(void **state)
{
    struct header many[RECORD_HEADERS], headers[RECORD_HEADERS];
    char id[LETTER_ID_SIZE];
    struct record record = {.headers = many, .header_count = RECORD_HEADERS};
    (void)state;
    for (size_t i = 0; i < RECORD_HEADERS; i++)
        many[i] = (struct header){SLICE("ce_extension"), SLICE("x")};
    struct letter letter = letter_of(&record);
    assert_int_equal(letter_headers(&letter, headers, id), RECORD_HEADERS);
    assert_true(slice_is(headers[RECORD_HEADERS - 1].name, "ce_id"));
}

static void a_place_is_a_partition_and_an_offset(void **state)
{
    static const struct {
        const char *text;
        bool good;
        int32_t partition;
        int64_t offset;
    } cases[] = {
        {"0:0", true, 0, 0},
        {"11:1207", true, 11, 1207},
        {"2147483647:9223372036854775806", true, INT32_MAX, INT64_MAX - 1},
        {"2147483648:0", false, 0, 0},
        {"0:9223372036854775807", false, 0, 0},
        {"1", false, 0, 0},
        {"1:", false, 0, 0},
        {":1", false, 0, 0},
        {"-1:1", false, 0, 0},
        {"1:-1", false, 0, 0},
        {"1:1x", false, 0, 0},
        {"1: 1", false, 0, 0},
        {"", false, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t partition = -1;
        int64_t offset = -1;
        print_message("\"%s\"\n", cases[i].text);
        assert_int_equal(letter_place_read(cases[i].text, &partition, &offset), cases[i].good);
        assert_int_equal(partition, cases[i].good ? cases[i].partition : -1);
        assert_int_equal(offset, cases[i].good ? cases[i].offset : -1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_tells_place_and_reason),
        cmocka_unit_test(it_is_sent_again_as_its_sender_sent_it),
        cmocka_unit_test(without_an_id_its_place_is_the_id),
        cmocka_unit_test(as_many_headers_as_a_record_holds_leave_room_for_the_id),
        cmocka_unit_test(a_place_is_a_partition_and_an_offset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
