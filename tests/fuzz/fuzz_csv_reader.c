/*
 * fuzz_csv_reader - a file of rows that is read in pieces: how much of it is in memory at a time changes nothing of what
 * is read, and what is read is what csv.h takes from the whole text.
 *
 * The first byte tells how many bytes are in memory; the rest is the file.
 */
#include "csv_reader.h"
#include "fuzz.h"

enum { LEAST_CAPACITY = 3, CAPACITIES = 96 };

static const struct slice mark = {"\xEF\xBB\xBF", 3};

struct reading {
    FILE *file;
    struct csv_reader reader;
    struct csv_record record;
    enum csv_result result;
};

static void reading_begin(struct reading *reading, struct slice text, size_t capacity)
{
    /* It is opened to be read: nothing writes through the pointer. */
    must((reading->file = fmemopen((char *)text.data, text.size, "r")) != NULL);
    must(csv_reader_init(&reading->reader, reading->file, capacity));
}

static void reading_end(struct reading *reading)
{
    csv_reader_release(&reading->reader);
    fclose(reading->file);
}

static void reading_next(struct reading *reading)
{
    const struct csv_reader *reader = &reading->reader;
    reading->result = csv_reader_next(&reading->reader, &reading->record);
    must(reader->at <= reader->size && reader->size <= reader->capacity);
    must((reading->result == CSV_BROKEN) == (reader->fault != NULL));
}

/* The record did not fit: here reading ends sooner than with more memory. */
static bool memory_full(const struct reading *reading)
{
    const struct csv_reader *reader = &reading->reader;
    return reading->result == CSV_BROKEN && reader->at == 0 && reader->size == reader->capacity;
}

static void check_fields(const struct csv_record *one, const struct csv_record *other)
{
    must(one->count == other->count);
    for (size_t i = 0; i < one->count; i++)
        must(slice_equal(one->fields[i], other->fields[i]));
}

static void check_same(const struct reading *parted, const struct reading *whole)
{
    must(parted->result == whole->result && parted->reader.line == whole->reader.line);
    if (whole->result == CSV_RECORD)
        check_fields(&parted->record, &whole->record);
    if (whole->result == CSV_BROKEN)
        must(strcmp(parted->reader.fault, whole->reader.fault) == 0);
}

/* The reader refuses more than csv_take() does, and takes nothing else. */
static void check_taken(const struct reading *whole, struct slice *rest, size_t *line)
{
    struct csv_record record;
    if (whole->result == CSV_BROKEN)
        return;
    must(csv_take(rest, &record) == whole->result);
    if (whole->result == CSV_END)
        return;
    check_fields(&record, &whole->record);
    *line += record.lines;
    must(*line == whole->reader.next_line);
}

static void check(struct slice text, size_t capacity, char *copy)
{
    struct reading parted, whole;
    struct slice rest = {copy, text.size};
    size_t line = 1;
    if (text.size >= mark.size && memcmp(text.data, mark.data, mark.size) == 0)
        rest = (struct slice){copy + mark.size, text.size - mark.size};
    reading_begin(&parted, text, capacity);
    reading_begin(&whole, text, text.size + LEAST_CAPACITY);
    do {
        reading_next(&parted);
        reading_next(&whole);
        if (memory_full(&parted)) {
            must(whole.result != CSV_END);
            break;
        }
        check_same(&parted, &whole);
        check_taken(&whole, &rest, &line);
    } while (whole.result == CSV_RECORD);
    reading_end(&parted);
    reading_end(&whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct slice text = slice_of_input(data + 1, size - 1);
    char *copy = malloc(text.size); /* csv_take() undoes quotes in place */
    must(copy != NULL);
    memcpy(copy, text.data, text.size);
    check(text, LEAST_CAPACITY + data[0] % CAPACITIES, copy);
    free(copy);
    return 0;
}
