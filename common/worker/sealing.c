#include "worker/sealing.h"
#include "base/clock.h"
#include "persist/sealed.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    LOOKED_AT = 2,        /* tables that every service has                                  */
    RESEAL_ROWS = 1000,   /* of a transaction: some milliseconds for which rows are locked  */
    TELL_EVERY_MS = 10000 /* how far it came                                                */
};

static const struct sealed_values passing[LOOKED_AT] = {
    {.table = "outbox", .column = "payload", .head = PAYLOAD_HEAD},
    {.table = "waiting", .column = "payload", .head = PAYLOAD_HEAD}};

/* The name of the row type's key column. */
static const char *key_name(const struct row_type *type)
{
    for (size_t i = 0; i < type->record->field_count; i++)
        if (type->record->fields[i].offset == type->key_offset)
            return type->record->fields[i].name;
    return NULL;
}

static struct sealed_values values_of(const struct sealed_column *column)
{
    return (struct sealed_values){
        .table = column->row->table, .column = column->column, .key = key_name(column->row)};
}

static bool have_key(const struct worker *worker, int64_t number)
{
    for (size_t i = 0; i < worker->secrets.key_count; i++)
        if (worker->secrets.keys[i].id == number)
            return true;
    return false;
}

/* How many values of the service name the key; `told` says where. */
static enum outcome count_values(struct worker *worker, int64_t number, int64_t *total,
                                 char *told, size_t size)
{
    const struct service *service = worker->service;
    enum outcome outcome = OK;
    size_t used = 0;
    *total = 0;
    told[0] = '\0';
    for (size_t i = 0; i < service->sealed_count + LOOKED_AT && outcome == OK; i++) {
        struct sealed_values values = i < service->sealed_count
                                          ? values_of(&service->sealed[i])
                                          : passing[i - service->sealed_count];
        int64_t count = 0;
        outcome = sealed_count(&worker->database, &values, number, &count, &worker->error);
        *total += count;
        if (count > 0 && used < size)
            used += (size_t)snprintf(told + used, size - used, "%s%s.%s %" PRId64,
                                     used > 0 ? ", " : "", values.table, values.column, count);
    }
    return outcome;
}

/* A key that is missing: forgotten when nothing needs it. */
static enum outcome miss_key(struct worker *worker, int64_t number)
{
    int64_t count;
    char told[ERROR_TEXT_SIZE / 2];
    enum outcome outcome = count_values(worker, number, &count, told, sizeof told);
    if (outcome != OK)
        return outcome;
    if (count == 0)
        return sealed_keys_forget(&worker->database, number, &worker->error);
    return error_set(&worker->error, STOP,
                     "cannot do without sealing key %" PRId64 ": %" PRId64
                     " values need it (%s); put it back into KERJA_SEALING_KEYS_FILE, and take "
                     "it out when kerja-%s --reseal says that it may go",
                     number, count, told, worker->service->name);
}

enum outcome sealing_keys_check(struct worker *worker)
{
    int64_t numbers[SEALED_KEYS];
    size_t count = 0;
    for (size_t i = 0; i < worker->secrets.key_count; i++)
        numbers[i] = worker->secrets.keys[i].id;
    enum outcome outcome =
        sealed_keys_add(&worker->database, numbers, worker->secrets.key_count, &worker->error);
    if (outcome == OK)
        outcome = sealed_keys_read(&worker->database, numbers, &count, &worker->error);
    for (size_t i = 0; i < count && outcome == OK; i++)
        if (!have_key(worker, numbers[i]))
            outcome = miss_key(worker, numbers[i]);
    return outcome;
}

/* What one pass over a column has done. */
struct renewal {
    const struct sealed_column *column;
    struct sealed_values values;
    struct uuid after;
    uint64_t renewed, closed;
    int64_t told_ms;
};

/* Seals one value anew, into the arena. A value that does not open as what it claims to be stays as it is. */
static enum outcome renew_value(struct worker *worker, struct renewal *renewal,
                                struct sealed_value *value, bool *renewed)
{
    struct seal_place place = renewal->column->place;
    char row[UUID_TEXT_SIZE + 1];
    place.row = value->row;
    uuid_format(&value->row, row);
    buffer_clear(&worker->scratch);
    buffer_clear(&worker->verdict_bytes);
    *renewed = false;
    enum outcome outcome =
        seal_unseal(worker->seal, &place, value->sealed, &worker->scratch, &worker->error);
    if (outcome == REJECT) {
        renewal->closed++;
        log_error(&worker->log, LOG_FACT("value does not open"),
                  LOG_TEXT("table", renewal->values.table),
                  LOG_TEXT("column", renewal->values.column), LOG_TEXT("row", row),
                  LOG_TEXT("next", "leave it as it is"));
        return OK;
    }
    if (outcome == OK)
        outcome = seal_seal(worker->seal, &place, buffer_slice(&worker->scratch),
                            &worker->verdict_bytes, &worker->error);
    explicit_bzero(worker->scratch.data, worker->scratch.size);
    if (outcome != OK)
        return outcome;
    value->sealed = arena_copy(&worker->round->arena, buffer_slice(&worker->verdict_bytes));
    *renewed = true;
    return value->sealed.data == NULL
               ? error_set(&worker->error, STOP, "cannot hold sealed values: no memory")
               : OK;
}

/* One transaction. `more` says whether rows are left behind it. */
static enum outcome renew_some(struct worker *worker, struct renewal *renewal, bool *more)
{
    static struct sealed_value values[RESEAL_ROWS];
    size_t count = 0, made = 0;
    size_t room = (size_t)worker->settings.batch_records;
    if (room > RESEAL_ROWS)
        room = RESEAL_ROWS;
    arena_reset(&worker->round->arena);
    enum outcome outcome = sealed_take(&worker->database, &renewal->values,
                                       worker->secrets.keys[0].id, &renewal->after, values,
                                       room, &count, &worker->round->arena, &worker->error);
    struct uuid last = count > 0 ? values[count - 1].row : renewal->after;
    for (size_t i = 0; i < count && outcome == OK; i++) {
        bool renewed;
        outcome = renew_value(worker, renewal, &values[i], &renewed);
        if (renewed)
            values[made++] = values[i];
    }
    if (outcome == OK)
        outcome = sealed_put(&worker->database, &renewal->values, values, made, &worker->error);
    if (outcome != OK) {
        database_rollback(&worker->database);
        return outcome;
    }
    renewal->after = last;
    renewal->renewed += made;
    *more = count == room;
    return OK;
}

static void tell(struct worker *worker, struct renewal *renewal, bool done)
{
    int64_t now_ms = monotonic_ms();
    if (!done && now_ms < renewal->told_ms + TELL_EVERY_MS)
        return;
    renewal->told_ms = now_ms;
    log_info(&worker->log, LOG_FACT(done ? "sealed anew" : "sealing anew"),
             LOG_TEXT("table", renewal->values.table),
             LOG_TEXT("column", renewal->values.column),
             LOG_NUMBER("values", renewal->renewed));
}

static enum outcome renew_column(struct worker *worker, const struct sealed_column *column,
                                 uint64_t *closed)
{
    struct renewal renewal = {
        .column = column, .values = values_of(column), .told_ms = monotonic_ms()};
    enum outcome outcome = OK;
    bool more = true;
    while (outcome == OK && more && !worker_stopping) {
        outcome = renew_some(worker, &renewal, &more);
        tell(worker, &renewal, false);
    }
    if (outcome == OK && !more)
        tell(worker, &renewal, true);
    *closed += renewal.closed;
    return outcome;
}

/* Says of each older key whether it may leave the file. */
static enum outcome tell_keys(struct worker *worker)
{
    int64_t numbers[SEALED_KEYS];
    size_t count = 0;
    enum outcome outcome = sealed_keys_read(&worker->database, numbers, &count, &worker->error);
    for (size_t i = 0; i < count && outcome == OK; i++) {
        int64_t values = 0;
        char told[ERROR_TEXT_SIZE / 2];
        if (numbers[i] == worker->secrets.keys[0].id)
            continue;
        outcome = count_values(worker, numbers[i], &values, told, sizeof told);
        if (outcome == OK)
            log_info(&worker->log,
                     LOG_FACT(values > 0 ? "sealing key is needed" : "sealing key may go"),
                     LOG_NUMBER("number", numbers[i]), LOG_NUMBER("values", values),
                     LOG_TEXT("in", told));
    }
    return outcome;
}

enum outcome sealing_renew(struct worker *worker)
{
    enum outcome outcome = sealing_keys_check(worker);
    uint64_t closed = 0;
    for (size_t i = 0; i < worker->service->sealed_count && outcome == OK; i++)
        outcome = renew_column(worker, &worker->service->sealed[i], &closed);
    if (outcome == OK && worker_stopping)
        return error_set(&worker->error, STOP, "stopped; what was sealed anew stays so");
    if (outcome == OK)
        outcome = tell_keys(worker);
    if (outcome == OK && closed > 0)
        return error_set(&worker->error, STOP,
                         "%" PRIu64 " values do not open: they were changed or moved", closed);
    return outcome;
}
