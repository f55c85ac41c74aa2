#include "persist/batch_order.h"

#include <assert.h>
#include <stdlib.h>

static int compare_source(const void *a, const void *b)
{
    const struct batch_source *one = a, *other = b;
    int order = strcmp(one->topic, other->topic);
    return order != 0
               ? order
               : (one->partition > other->partition) - (one->partition < other->partition);
}

static int compare_row(const void *a, const void *b, void *type)
{
    return uuid_compare(row_key(type, *(const void *const *)a),
                        row_key(type, *(const void *const *)b));
}

static int compare_check(const void *a, const void *b)
{
    return uuid_compare(&((const struct read_check *)a)->key,
                        &((const struct read_check *)b)->key);
}

static int compare_timer(const void *a, const void *b)
{
    const struct timer *one = a, *other = b;
    int order = (one->due_at > other->due_at) - (one->due_at < other->due_at);
    return order != 0 ? order : uuid_compare(&one->timer_id, &other->timer_id);
}

static int compare_waiting(const void *a, const void *b)
{
    const struct waiting_record *one = a, *other = b;
    int order = uuid_compare(&one->key, &other->key);
    if (order == 0)
        order = slice_compare(one->topic, other->topic);
    if (order == 0)
        order = (one->partition > other->partition) - (one->partition < other->partition);
    return order != 0 ? order
                      : (one->record_offset > other->record_offset) -
                            (one->record_offset < other->record_offset);
}

static size_t limit_table_index(const struct database *database, const struct row_type *table)
{
    size_t index = 0;
    while (index < database->settings.limit_count && database->settings.limits[index] != table)
        index++;
    assert(index < database->settings.limit_count);
    return index;
}

static int compare_limit(const void *a, const void *b, void *database)
{
    const struct limit_move *one = a, *other = b;
    size_t first = limit_table_index(database, one->table);
    size_t second = limit_table_index(database, other->table);
    if (first != second)
        return first < second ? -1 : 1;
    return uuid_compare(&one->key, &other->key);
}

static void sort(void *items, size_t count, size_t size,
                 int (*compare)(const void *, const void *))
{
    if (count > 1)
        qsort(items, count, size, compare);
}

/* Rows mostly come as they were loaded, by key, and then only this is done. */
static bool rows_ordered(const struct row_type *type, const void *const *rows, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (uuid_compare(row_key(type, rows[i - 1]), row_key(type, rows[i])) > 0)
            return false;
    return true;
}

static void rows_sort(const struct row_type *type, const void **rows, size_t count)
{
    if (!rows_ordered(type, rows, count))
        qsort_r(rows, count, sizeof *rows, compare_row, (void *)type);
}

void batch_sort(struct database *database, const struct batch *batch)
{
    sort(batch->sources, batch->source_count, sizeof *batch->sources, compare_source);
    for (size_t i = 0; i < batch->table_count; i++) {
        const struct batch_table *table = &batch->tables[i];
        rows_sort(table->type, table->inserts, table->insert_count);
        rows_sort(table->type, table->saves, table->save_count);
        sort(table->checks, table->check_count, sizeof *table->checks, compare_check);
    }
    sort(batch->timers, batch->timer_count, sizeof *batch->timers, compare_timer);
    sort(batch->waiting_put, batch->waiting_put_count, sizeof *batch->waiting_put,
         compare_waiting);
    sort(batch->waiting_done, batch->waiting_done_count, sizeof *batch->waiting_done,
         compare_waiting);
    if (batch->limit_count > 1)
        qsort_r(batch->limits, batch->limit_count, sizeof *batch->limits, compare_limit,
                database);
}
