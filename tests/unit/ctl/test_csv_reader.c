#include "csv_reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { TEXT_SIZE = 512 };

static FILE *file_of(const char *text, size_t size)
{
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    rewind(file);
    return file;
}

/* All records as "1:a|b;2:c|d;" with the line on which each begins, and "!3" where the one of line 3 is broken. */
static void walk(const char *text, size_t size, size_t capacity, char out[static TEXT_SIZE])
{
    struct csv_reader reader;
    struct csv_record record;
    enum csv_result result;
    FILE *file = file_of(text, size);
    size_t used = 0;
    out[0] = '\0';
    assert_true(csv_reader_init(&reader, file, capacity));
    while ((result = csv_reader_next(&reader, &record)) == CSV_RECORD) {
        used += (size_t)snprintf(out + used, TEXT_SIZE - used, "%zu:", reader.line);
        for (size_t i = 0; i < record.count; i++)
            used += (size_t)snprintf(out + used, TEXT_SIZE - used, "%.*s%s",
                                     SLICE_ARGS(record.fields[i]),
                                     i + 1 == record.count ? ";" : "|");
    }
    if (result == CSV_BROKEN) {
        assert_non_null(reader.fault);
        snprintf(out + used, TEXT_SIZE - used, "!%zu", reader.line);
        assert_int_equal(csv_reader_next(&reader, &record), CSV_BROKEN);
    }
    csv_reader_release(&reader);
    fclose(file);
}

static const struct {
    const char *name, *text, *records;
} cases[] = {
    {"nothing", "", ""},
    {"only line ends", "\n\r\n\n", ""},
    {"two records", "a,b\nc,d\n", "1:a|b;2:c|d;"},
    {"no line end behind the last", "a,b\nc,d", "1:a|b;2:c|d;"},
    {"line ends of Windows", "a,b\r\nc,d\r\n", "1:a|b;2:c|d;"},
    {"empty lines are passed over and counted", "\n\na\n\r\nb\n\n", "3:a;5:b;"},
    {"a comma, a doubled quote and a line end in quotes", "\"a,b\",\"c\"\"d\",\"e\nf\"\ng\n",
     "1:a,b|c\"d|e\nf;3:g;"},
    {"an empty field in quotes", "\"\",x\n", "1:|x;"},
    {"a field that is one quote", "\"\"\"\",x\n", "1:\"|x;"},
    {"quotes before a line end of Windows", "a,\"b\"\r\nc\r\n", "1:a|b;2:c;"},
    {"a byte order mark in front",
     "\xEF\xBB\xBF"
     "a,b\nc\n",
     "1:a|b;2:c;"},
    {"a quote inside a plain field", "a\nb\"c,d\n", "1:a;!2"},
    {"text behind a closed quote", "a\n\"b\"c,d\n", "1:a;!2"},
    {"a quote that is never closed", "a\nb,\"c\nd\n", "1:a;!2"},
    {"a quote that is never closed, without a line end", "a,\"b", "!1"},
    {"seventeen fields", "a\n1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17\n", "1:a;!2"},
    {"sixteen fields", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n",
     "1:1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16;"},
};

/* Whatever piece of the file is in memory, the records are the same. */
static void records_are_read_at_every_capacity(void **state)
{
    char out[TEXT_SIZE];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t capacity = 48; capacity < 128; capacity++) {
            walk(cases[i].text, strlen(cases[i].text), capacity, out);
            if (strcmp(out, cases[i].records) != 0)
                fail_msg("%s, %zu bytes: %s", cases[i].name, capacity, out);
        }
}

static void a_record_may_fill_the_memory_and_not_more(void **state)
{
    char out[TEXT_SIZE];
    (void)state;
    walk("a\nbbbbbb\nc\n", 11, 7, out);
    assert_string_equal(out, "1:a;2:bbbbbb;3:c;");
    walk("a\nbbbbbbb\nc\n", 12, 7, out);
    assert_string_equal(out, "1:a;!2");
}

/* Any bytes that mean something, in any order: neither memory nor the pieces in which the file comes change what is read. */
static void pieces_do_not_matter(void **state)
{
    enum { TEXTS = 3000, BYTES = 40 };
    static const char alphabet[] = "aa,,\"\"\"\n\n\r";
    uint32_t seed = 7;
    (void)state;
    for (int i = 0; i < TEXTS; i++) {
        char text[BYTES + 1], whole[TEXT_SIZE], parted[TEXT_SIZE];
        size_t size = 0;
        for (; size < BYTES; size++) {
            seed = seed * 1664525U + 1013904223U;
            text[size] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
        }
        text[size] = '\0';
        walk(text, size, TEXT_SIZE, whole);
        walk(text, size, BYTES, parted);
        if (strcmp(whole, parted) != 0)
            fail_msg("\"%s\": %s, in pieces %s", text, whole, parted);
    }
}

static void a_zero_byte_is_a_byte(void **state)
{
    static const char text[] = "a\0b,c\n";
    struct csv_reader reader;
    struct csv_record record;
    FILE *file = file_of(text, sizeof text - 1);
    (void)state;
    assert_true(csv_reader_init(&reader, file, 64));
    assert_int_equal(csv_reader_next(&reader, &record), CSV_RECORD);
    assert_int_equal(record.count, 2);
    assert_int_equal(record.fields[0].size, 3);
    csv_reader_release(&reader);
    fclose(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_read_at_every_capacity),
        cmocka_unit_test(a_record_may_fill_the_memory_and_not_more),
        cmocka_unit_test(pieces_do_not_matter),
        cmocka_unit_test(a_zero_byte_is_a_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
