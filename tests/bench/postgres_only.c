/*
 * postgres_only - what PostgreSQL alone does with the rows of a pipeline: one connection, the same
 * batches, tables, indexes and fsync, and nobody who decides or publishes.
 *
 *     postgres_only URI PAYLOAD_BYTES
 *
 * It reads what kerja-application committed in this run, batch by batch as the transactions that
 * wrote it tell, keeps it in memory, and writes it again into tables of the same shape in the schema
 * postgres_only. A batch is one transaction. Rows that are new come by COPY in binary, straight from
 * memory; look-ups and checks are the worker's own statements, prepared. An outbox row has
 * PAYLOAD_BYTES of noise an event, because those of the pipeline are pruned by now.
 *
 * Twice: with the look-ups, without which nothing could be decided (postgres_only_events_per_s), and
 * writing alone (postgres_only_writes_events_per_s); both from the first commit to the last.
 */
#include "application_rows.h"
#include "base/buffer.h"

#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCHES = 4096, STREAMS = 4, KEPT_BATCHES = 4 };

/* What is copied, in the order of the locks, and what makes it of what was committed. */
static const struct {
    const char *table, *source, *columns;
} streams[STREAMS] = {
    {"application", "application", "t.*"},
    {"person", "person", "t.*"},
    {"decision_segment", "decision_segment", "t.*"},
    {"outbox", "decision_segment",
     "service, cluster_id, topic, partition, from_offset, next_offset, decision_count, "
     "substring(noise.bytes FROM 1 FOR decision_count * noise.an_event), created_at"},
};

/* The keys that the worker asks for, each list as one binary array. */
enum key_list { KEY_APPLICATION, KEY_PERSON, KEY_FAMILY_CARD, KEY_ALL, KEY_LISTS };

static const char *const key_queries[KEY_LISTS] = {
    "SELECT application_key AS k FROM mine", "SELECT person_id AS k FROM mine",
    "SELECT DISTINCT family_card_id AS k FROM mine",
    "SELECT application_key AS k FROM mine UNION SELECT person_id FROM mine UNION "
    "SELECT family_card_id FROM mine UNION SELECT register_id FROM "
    "application.register_snapshot"};

struct batch {
    char transaction[24];
    int events;
    struct buffer streams[STREAMS], keys[KEY_LISTS];
    struct buffer partitions, next_offsets; /* the positions after it */
};

struct table_look {
    const char *name;
    const struct row_type *type;
    enum key_list keys;
};

static const struct table_look looks[] = {
    {"load_application", &application_row_type, KEY_APPLICATION},
    {"load_person", &person_row_type, KEY_PERSON},
    {"load_family_card", &family_card_row_type, KEY_FAMILY_CARD},
};

enum { LOOKS = sizeof looks / sizeof *looks };

static PGconn *connection;
static struct buffer registers, versions, no_keys, no_versions;

static PGresult *expect(PGresult *result, const char *what)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_COPY_IN ||
        status == PGRES_COPY_OUT)
        return result;
    fprintf(stderr, "postgres_only: %s: %s", what, PQerrorMessage(connection));
    exit(EXIT_FAILURE);
}

static void run(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void run(const char *format, ...)
{
    va_list arguments;
    char *sql = NULL;
    va_start(arguments, format);
    if (vasprintf(&sql, format, arguments) < 0)
        exit(EXIT_FAILURE);
    va_end(arguments);
    PQclear(expect(PQexec(connection, sql), sql));
    free(sql);
}

/* One binary value of a query's first row. */
static void fetch(const char *sql, int column, struct buffer *value)
{
    PGresult *result = expect(PQexecParams(connection, sql, 0, NULL, NULL, NULL, NULL, 1), sql);
    buffer_append(value, PQgetvalue(result, 0, column), (size_t)PQgetlength(result, 0, column));
    PQclear(result);
}

/* All that COPY ... TO STDOUT sends; the same bytes go back by COPY ... FROM STDIN. */
static void copy_out(const char *sql, struct buffer *bytes)
{
    char *piece;
    int size;
    PQclear(expect(PQexec(connection, sql), sql));
    while ((size = PQgetCopyData(connection, &piece, 0)) > 0) {
        buffer_append(bytes, piece, (size_t)size);
        PQfreemem(piece);
    }
    for (PGresult *result; (result = PQgetResult(connection)) != NULL;)
        PQclear(expect(result, sql));
}

/* Tables of the same shape, what they refer to, and where each transaction's rows stand. */
static void make_tables(const char *payload_bytes)
{
    run("SET client_min_messages = warning");
    run("DROP SCHEMA IF EXISTS postgres_only CASCADE");
    run("CREATE SCHEMA postgres_only");
    static const char *const tables[] = {
        "application",       "award",   "person",           "family_card",
        "register_snapshot", "waiting", "decision_segment", "outbox",
        "source_position"};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        run("CREATE TABLE postgres_only.%s (LIKE application.%s INCLUDING ALL)", tables[i],
            tables[i]);
    run("INSERT INTO postgres_only.register_snapshot TABLE application.register_snapshot");
    run("INSERT INTO postgres_only.source_position TABLE application.source_position");
    run("CREATE TEMP TABLE noise (bytes bytea, an_event int)");
    run("ALTER TABLE noise ALTER bytes SET STORAGE EXTERNAL");
    run("INSERT INTO noise SELECT string_agg(decode(md5(n::text), 'hex'), ''), %s "
        "FROM generate_series(1, 262144) n",
        payload_bytes);
    run("CREATE TEMP TABLE span (source text, transaction text, lowest tid, highest tid)");
    for (size_t i = 0; i + 1 < STREAMS; i++)
        run("INSERT INTO span SELECT '%s', xmin::text, min(ctid), max(ctid) FROM "
            "application.%s "
            "GROUP BY xmin",
            streams[i].source, streams[i].source);
    run("SET search_path = postgres_only");
}

/* Batches in the order of their commits. */
static size_t list_batches(struct batch *batches)
{
    PGresult *result =
        expect(PQexec(connection, "SELECT xmin::text, sum(decision_count), "
                                  "array_agg(partition ORDER BY partition), "
                                  "array_agg(next_offset ORDER BY partition) "
                                  "FROM application.decision_segment "
                                  "WHERE topic = 'application.submitted' "
                                  "GROUP BY xmin::text, created_at ORDER BY created_at"),
               "list batches");
    size_t count = (size_t)PQntuples(result);
    for (size_t i = 0; i < count && i < BATCHES; i++) {
        struct batch *batch = &batches[i];
        snprintf(batch->transaction, sizeof batch->transaction, "%s",
                 PQgetvalue(result, (int)i, 0));
        batch->events = (int)strtol(PQgetvalue(result, (int)i, 1), NULL, 10);
        buffer_append(&batch->partitions, PQgetvalue(result, (int)i, 2),
                      (size_t)PQgetlength(result, (int)i, 2) + 1);
        buffer_append(&batch->next_offsets, PQgetvalue(result, (int)i, 3),
                      (size_t)PQgetlength(result, (int)i, 3) + 1);
    }
    PQclear(result);
    return count;
}

/* " FROM application.<source> t WHERE ...": the rows that the batch's transaction wrote. */
static void batch_rows(const struct batch *batch, const char *source, char *sql, size_t size)
{
    struct buffer span = {0};
    char look[256];
    snprintf(look, sizeof look,
             "SELECT coalesce(format('ctid BETWEEN %%L AND %%L', min(lowest), max(highest)), "
             "'false') FROM span WHERE source = '%s' AND transaction = '%s'",
             source, batch->transaction);
    fetch(look, 0, &span);
    buffer_append_byte(&span, '\0');
    snprintf(sql, size, "(SELECT * FROM application.%s WHERE %s AND xmin = '%s')", source,
             (const char *)span.data, batch->transaction);
    buffer_release(&span);
}

static void read_batch(struct batch *batch)
{
    char rows[512], sql[2048];
    for (size_t i = 0; i < STREAMS; i++) {
        batch_rows(batch, streams[i].source, rows, sizeof rows);
        snprintf(sql, sizeof sql, "COPY (SELECT %s FROM %s t, noise) TO STDOUT (FORMAT binary)",
                 streams[i].columns, rows);
        copy_out(sql, &batch->streams[i]);
    }
    batch_rows(batch, "application", rows, sizeof rows);
    for (size_t i = 0; i < KEY_LISTS; i++) {
        snprintf(
            sql, sizeof sql,
            "WITH mine AS MATERIALIZED %s SELECT array_agg(k ORDER BY k) FROM (%s) AS keys",
            rows, key_queries[i]);
        fetch(sql, 0, &batch->keys[i]);
    }
}

static void prepare(const char *name, const char *sql)
{
    PQclear(expect(PQprepare(connection, name, sql, 0, NULL), sql));
}

static void prepare_all(void)
{
    for (size_t i = 0; i < LOOKS; i++)
        prepare(looks[i].name, looks[i].type->load_sql);
    prepare("load_register", register_snapshot_row_type.load_sql);
    prepare("load_waiting", "SELECT * FROM waiting WHERE key = ANY ($1::uuid[]) "
                            "ORDER BY key, occurred_at, event_id");
    prepare("check_family_card", family_card_row_type.check_sql);
    prepare("check_register", register_snapshot_row_type.check_sql);
    prepare("move", "UPDATE source_position p SET next_offset = w.next_offset "
                    "FROM unnest($1::int[], $2::bigint[]) w (partition, next_offset) "
                    "WHERE p.topic = 'application.submitted' AND p.partition = w.partition");
    prepare("prune", "DELETE FROM outbox o "
                     "USING unnest($1::int[], $2::bigint[]) w (partition, next_offset) "
                     "WHERE o.partition = w.partition AND o.next_offset <= w.next_offset");
    static const char *const empty = "SELECT '{}'::uuid[], '{}'::bigint[]";
    static const char *const all = "SELECT array_agg(register_id), array_agg(version) "
                                   "FROM register_snapshot";
    fetch(empty, 0, &no_keys);
    fetch(empty, 1, &no_versions);
    fetch(all, 0, &registers);
    fetch(all, 1, &versions);
}

static void execute(const char *name, const struct buffer *const *values, int count, int format)
{
    const char *texts[3];
    int sizes[3], formats[3];
    for (int i = 0; i < count; i++) {
        texts[i] = (const char *)values[i]->data;
        sizes[i] = (int)values[i]->size;
        formats[i] = format;
    }
    PQclear(expect(PQexecPrepared(connection, name, count, texts, sizes, formats, 1), name));
}

static void look_up(const struct batch *batch)
{
    for (size_t i = 0; i < LOOKS; i++)
        execute(looks[i].name, (const struct buffer *[]){&batch->keys[looks[i].keys]}, 1, 1);
    execute("load_register", (const struct buffer *[]){&registers}, 1, 1);
    execute("load_waiting", (const struct buffer *[]){&batch->keys[KEY_ALL]}, 1, 1);
}

static void copy_in(size_t stream, const struct buffer *bytes)
{
    char sql[128];
    snprintf(sql, sizeof sql, "COPY %s FROM STDIN (FORMAT binary)", streams[stream].table);
    PQclear(expect(PQexec(connection, sql), sql));
    if (PQputCopyData(connection, (const char *)bytes->data, (int)bytes->size) != 1 ||
        PQputCopyEnd(connection, NULL) != 1)
        exit(EXIT_FAILURE);
    for (PGresult *result; (result = PQgetResult(connection)) != NULL;)
        PQclear(expect(result, sql));
}

static void write_batch(const struct batch *batch, const struct batch *published, bool reads)
{
    run("BEGIN");
    if (reads)
        look_up(batch);
    execute("move", (const struct buffer *[]){&batch->partitions, &batch->next_offsets}, 2, 0);
    for (size_t i = 0; i < STREAMS; i++)
        copy_in(i, &batch->streams[i]);
    if (reads) {
        execute(
            "check_family_card",
            (const struct buffer *[]){&no_keys, &no_versions, &batch->keys[KEY_FAMILY_CARD]}, 3,
            1);
        execute("check_register", (const struct buffer *[]){&registers, &versions, &no_keys}, 3,
                1);
    }
    if (published != NULL)
        execute("prune",
                (const struct buffer *[]){&published->partitions, &published->next_offsets}, 2,
                0);
    run("COMMIT");
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Events a second from the first commit to the last. */
static double write_all(const struct batch *batches, size_t count, bool reads)
{
    double began = 0;
    int events = 0;
    run("TRUNCATE application, person, decision_segment, outbox");
    run("UPDATE source_position SET next_offset = 0, published_next = 0");
    run("CHECKPOINT");
    for (size_t i = 0; i < count; i++) {
        write_batch(&batches[i], i < KEPT_BATCHES ? NULL : &batches[i - KEPT_BATCHES], reads);
        if (i == 0)
            began = now_s();
        else
            events += batches[i].events;
    }
    return events / (now_s() - began);
}

int main(int argc, char **argv)
{
    static struct batch batches[BATCHES];
    if (argc != 3) {
        fprintf(stderr, "usage: postgres_only URI PAYLOAD_BYTES\n");
        return 2;
    }
    connection = PQconnectdb(argv[1]);
    if (PQstatus(connection) != CONNECTION_OK)
        expect(NULL, "connect");
    make_tables(argv[2]);
    size_t count = list_batches(batches);
    if (count < 2 || count > BATCHES) {
        fprintf(stderr, "postgres_only: needs 2 to %d batches, found %zu\n", BATCHES, count);
        return EXIT_FAILURE;
    }
    for (size_t i = 0; i < count; i++)
        read_batch(&batches[i]);
    prepare_all();
    printf("postgres_only_events_per_s=%.0f\n", write_all(batches, count, true));
    printf("postgres_only_writes_events_per_s=%.0f\n", write_all(batches, count, false));
    run("DROP SCHEMA postgres_only CASCADE");
    PQfinish(connection);
    return EXIT_SUCCESS;
}
