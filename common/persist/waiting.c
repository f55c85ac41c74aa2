#include "persist/waiting.h"

#include "persist/columns.h"
#include "persist/waiting_rows.h"

static bool waiting_row_read(const PGresult *result, int row, struct waiting_record *record,
                             struct arena *arena)
{
    *record = (struct waiting_record){
        .key = answer_uuid(result, row, 0),
        .topic = arena_copy(arena, answer_bytes(result, row, 1)),
        .partition = answer_int4(result, row, 2),
        .record_offset = answer_int8(result, row, 3),
        .event_id = arena_copy(arena, answer_bytes(result, row, 4)),
        .occurred_at = answer_instant(result, row, 5),
        .expires_at = answer_instant(result, row, 6),
        .payload = arena_copy(arena, answer_bytes(result, row, 7)),
        .more = answer_bool(result, row, 8),
    };
    return record->topic.data != NULL && record->event_id.data != NULL &&
           record->payload.data != NULL;
}

enum outcome waiting_rows_read(const PGresult *result, struct waiting_record **records,
                               size_t *count, struct arena *arena, struct error *error)
{
    size_t rows = (size_t)PQntuples(result);
    struct waiting_record *read = arena_alloc(arena, rows * sizeof *read);
    bool good = read != NULL;
    for (size_t i = 0; good && i < rows; i++)
        good = waiting_row_read(result, (int)i, &read[i], arena);
    if (!good)
        return error_set(error, REJECT, "cannot hold %zu waiting events: batch too large",
                         rows);
    *records = read;
    *count = rows;
    return OK;
}

static void waiting_identity(const struct waiting_record *records, size_t count,
                             struct parameters *parameters)
{
    size_t stride = sizeof *records;
    array_append_uuid(&records->key, count, stride, parameters->buffer);
    parameters_binary(parameters);
    array_append_text(&records->topic, count, stride, parameters->buffer);
    parameters_binary(parameters);
    array_append_int4(&records->partition, count, stride, parameters->buffer);
    parameters_binary(parameters);
    array_append_int8(&records->record_offset, count, stride, parameters->buffer);
    parameters_binary(parameters);
}

void waiting_put_parameters(const struct waiting_record *records, size_t count,
                            struct parameters *parameters)
{
    size_t stride = sizeof *records;
    waiting_identity(records, count, parameters);
    array_append_text(&records->event_id, count, stride, parameters->buffer);
    parameters_binary(parameters);
    array_append_instant(&records->occurred_at, count, stride, parameters->buffer);
    parameters_binary(parameters);
    array_append_instant(&records->expires_at, count, stride, parameters->buffer);
    parameters_binary(parameters);
    array_append_bytes(&records->payload, count, stride, parameters->buffer);
    parameters_binary(parameters);
}

void waiting_done_parameters(const struct waiting_record *records, size_t count,
                             struct parameters *parameters)
{
    waiting_identity(records, count, parameters);
    parameters_number(parameters, (int64_t)count);
}
