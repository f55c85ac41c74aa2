/*
 * main - a worker from its first line to its last.
 *
 * settings -> secrets -> lease of a slot -> migrations -> database -> programmes -> decoder ->
 * HTTP -> publisher -> consumer -> loop -> close: partitions are revoked, the publisher drains -> lease.
 * Each step says what is wrong and what was expected, and ends the process, before the next begins.
 */
#include "base/broken.h"
#include "base/clock.h"
#include "base/fault_point.h"
#include "base/secrecy.h"
#include "persist/migration.h"
#include "worker/sealing.h"
#include "worker/worker.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    EXIT_NOT_CONFIGURED = 2,
    WAIT_FOR_SERVERS_MS = 1000,
    RESEAL_ANSWER_MS = 3600000, /* begun anew, it first passes over all that is done */
    PUBLISH_ARENA = 1 << 30, /* PostgreSQL stores no larger row, and a transaction is smaller */
    WOKEN =
        4096 /* waiting events that one record may wake, of all its keys: load_waiting.sql brings 200 of each */
};

_Static_assert((size_t)TRANSACTION_BYTES < (size_t)PUBLISH_ARENA,
               "what a transaction carries fits the publisher's arena");

volatile sig_atomic_t worker_stopping;

static void on_signal(int number)
{
    (void)number;
    worker_stopping = 1;
}

static void listen_to_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

/* A server that is away may come; a wrong password will not. Waits between tries. */
static bool try_again(struct worker *worker, enum outcome outcome, struct log_outage *outage,
                      const char *what)
{
    if (outcome == OK || outcome == STOP || outcome == REJECT || worker_stopping)
        return false;
    log_outage_failed(&worker->log, outage, monotonic_ms(), what, worker->error.text,
                      "try again every second");
    struct timespec second = {.tv_sec = WAIT_FOR_SERVERS_MS / 1000};
    nanosleep(&second, NULL);
    return true;
}

static bool read_settings(struct worker *worker)
{
    struct buffer problems = {0};
    enum outcome outcome = config_read(&settings_table, environ, &worker->settings, &problems);
    if (outcome != OK)
        fprintf(stderr, "%.*s", SLICE_ARGS(buffer_slice(&problems)));
    buffer_release(&problems);
    enum log_level level = LEVEL_INFO;
    if (outcome == OK && !log_level_parse(slice_of(worker->settings.log_level), &level)) {
        fprintf(
            stderr,
            "KERJA_LOG_LEVEL is \"%s\": expected debug, info, warning or error; not started\n",
            worker->settings.log_level);
        outcome = STOP;
    }
    if (outcome == OK &&
        worker->settings.transaction_timeout_ms >= worker->settings.session_timeout_ms) {
        fprintf(stderr, "KERJA_TRANSACTION_TIMEOUT must be shorter than KERJA_SESSION_TIMEOUT; "
                        "not started\n");
        outcome = STOP;
    }
    /* What is owed of a batch is read into the arena when it is recovered, its dead letters whole. */
    if (outcome == OK && worker->settings.arena_bytes < 2 * worker->settings.batch_bytes) {
        fprintf(stderr, "KERJA_ARENA must be at least twice KERJA_BATCH_BYTES; not started\n");
        outcome = STOP;
    }
    if (outcome == OK && fault_point_arm(worker->settings.fault, &worker->error) != OK) {
        fprintf(stderr, "%s; not started\n", worker->error.text);
        outcome = STOP;
    }
    worker->log = log_new(level);
    log_bind(&worker->log, "service", worker->service->name);
    return outcome == OK;
}

static bool open_secrets(struct worker *worker)
{
    if (seal_secrets_read(worker->settings.id_secret_file, worker->settings.sealing_keys_file,
                          &worker->secrets, &worker->error) != OK ||
        properties_read(worker->settings.kafka_security_file, kafka_security_prefixes,
                        &worker->kafka_security, &worker->error) != OK)
        return false;
    worker->seal = seal_open(&worker->secrets, &worker->error);
    worker->publisher_seal =
        worker->seal == NULL ? NULL : seal_open(&worker->secrets, &worker->error);
    return worker->publisher_seal != NULL;
}

/* Fact tables and limits, as persist wants to know them. */
static struct database_settings database_settings(struct worker *worker)
{
    static const struct row_type *tables[FACT_TABLES], *limits[FACT_TABLES];
    struct database_settings settings = {
        .uri = worker->settings.postgres,
        .service = worker->service->name,
        .tables = tables,
        .limits = limits,
        .idle_in_transaction_timeout_ms = (int)(worker->settings.transaction_timeout_ms / 2)};
    for (size_t i = 0; i < worker->service->table_count; i++) {
        const struct fact_table *table = &worker->service->tables[i];
        if (table->kind == LIMIT)
            limits[settings.limit_count++] = table->row;
        else
            tables[settings.table_count++] = table->row;
    }
    return settings;
}

static enum outcome prepare_schema(struct worker *worker,
                                   const struct database_settings *settings)
{
    int applied = 0;
    enum outcome outcome =
        migration_run(settings, worker->service->migrations, worker->service->migration_count,
                      &applied, &worker->error);
    if (outcome == OK && applied > 0)
        log_info(&worker->log, LOG_FACT("schema migrated"), LOG_NUMBER("migrations", applied));
    return outcome;
}

/* For who migrates beforehand, under a login that may: the workers' own need no right to create. */
static bool migrate(struct worker *worker)
{
    struct database_settings settings = database_settings(worker);
    enum outcome outcome;
    do {
        outcome = prepare_schema(worker, &settings);
    } while (try_again(worker, outcome, &worker->postgres_away, "postgres"));
    if (outcome == OK)
        log_info(&worker->log, LOG_FACT("schema is up to date"));
    else
        log_error(&worker->log, LOG_FACT("not migrated"),
                  LOG_TEXT("reason", worker->error.text), LOG_TEXT("next", "exit"));
    return outcome == OK;
}

/* A connection under the service's own role, and what is done first where it is there: both as often as it takes. */
static bool connect_database(struct worker *worker, struct database *database,
                             struct database_settings settings,
                             enum outcome (*first)(struct worker *))
{
    enum outcome outcome;
    snprintf(worker->role, sizeof worker->role, "kerja_%s", worker->service->name);
    settings.role = worker->role;
    if (database_init(database, &settings, &worker->error) != OK)
        return false;
    do {
        outcome = database_connect(database, &worker->error);
        if (outcome == OK)
            outcome = first(worker);
    } while (try_again(worker, outcome, &worker->postgres_away, "postgres"));
    if (outcome == OK)
        log_outage_over(&worker->log, &worker->postgres_away, monotonic_ms(), "postgres");
    return outcome == OK;
}

/* All that a start asks of PostgreSQL: afterwards it may go away, and is waited for like at any time. */
static enum outcome prepare_database(struct worker *worker)
{
    enum outcome outcome = sealing_keys_check(worker);
    if (outcome == OK)
        outcome = decision_partitions_create(&worker->database, realtime_us(), MONTHS_AHEAD,
                                             &worker->error);
    if (outcome == OK)
        outcome = database_system_identifier(&worker->database, worker->system_identifier,
                                             &worker->error);
    return outcome;
}

/* What commits has a connection of its own: the other reads meanwhile. */
static enum outcome prepare_writer(struct worker *worker)
{
    commit_function *commit = persist_commit;
#ifdef KERJA_BROKEN
    if (BROKEN(POSITIONS_APART))
        commit = broken_positions_apart;
#endif
    worker->committing = commit_thread_new(&worker->writer, commit);
    return worker->committing != NULL
               ? OK
               : error_set(&worker->error, STOP, "cannot start the thread that commits");
}

static bool open_database(struct worker *worker)
{
    struct database_settings settings = database_settings(worker);
    enum outcome outcome;
    worker->lease_settings = settings;
    do {
        outcome =
            lease_take(&worker->lease, &settings, (int)worker->settings.slot, &worker->error);
        if (outcome == OK)
            outcome = prepare_schema(worker, &settings);
        if (outcome != OK)
            lease_release(&worker->lease);
    } while (try_again(worker, outcome, &worker->postgres_away, "postgres"));
    if (outcome != OK)
        return false;
    if (!connect_database(worker, &worker->database, settings, prepare_database) ||
        !connect_database(worker, &worker->writer, settings, prepare_writer))
        return false;
    slot_name(worker);
    return true;
}

static bool open_memory(struct worker *worker)
{
    size_t records = (size_t)worker->settings.batch_records;
    worker->entry_capacity = records;
    worker->timer_capacity = (records + WOKEN) * DECISION_TIMERS;
    worker->sources = calloc(PARTITION_BOUND, sizeof *worker->sources);
    worker->partitions = calloc(PARTITION_BOUND, sizeof *worker->partitions);
    worker->committed = calloc(PARTITION_BOUND, sizeof *worker->committed);
    worker->metrics = metrics_new();
    if (worker->sources == NULL || worker->partitions == NULL || worker->committed == NULL ||
        worker->metrics == NULL || !rounds_open(worker) ||
        !arena_init(&worker->publish_arena, PUBLISH_ARENA)) {
        error_set(&worker->error, STOP, "cannot reserve memory for batches of %zu records",
                  records);
        return false;
    }
    return true;
}

static bool open_cache(struct worker *worker)
{
    if (worker->settings.redis.host[0] == '\0')
        return true;
    struct cache_settings settings = {.host = worker->settings.redis.host,
                                      .port = worker->settings.redis.port,
                                      .password_file = worker->settings.redis_password_file,
                                      .ca_file = worker->settings.redis_ca_file};
    worker->cache = cache_open(&settings, &worker->error);
    return worker->cache != NULL;
}

static bool open_decoder(struct worker *worker)
{
    static const struct event_type *events[CONSUMER_TOPICS];
    for (size_t i = 0; i < worker->service->handler_count; i++)
        events[i] = worker->service->handlers[i].event;
    worker->decoder = decoder_new(events, worker->service->handler_count, &worker->error);
    return worker->decoder != NULL;
}

static bool open_consumer(struct worker *worker)
{
    static const char *topics[CONSUMER_TOPICS];
    for (size_t i = 0; i < worker->service->handler_count; i++)
        topics[i] = worker->service->handlers[i].event->topic;
    worker->consumer_settings = (struct consumer_settings){
        .bootstrap = worker->settings.kafka,
        .security = &worker->kafka_security,
        .group = worker->service->name,
        .instance = worker->instance,
        .topics = topics,
        .topic_count = worker->service->handler_count,
        .socket_timeout_ms = (int)(worker->settings.transaction_timeout_ms / 2),
        .session_timeout_ms = (int)worker->settings.session_timeout_ms,
        .max_poll_interval_ms = (int)worker->settings.max_poll_interval_ms,
        .log = &worker->client_log};
    worker->consumer_callbacks =
        (struct consumer_callbacks){.context = worker,
                                    .on_assigned = assignment_on_assigned,
                                    .on_revoked = assignment_on_revoked,
                                    .on_lost = assignment_on_lost};
    enum outcome outcome;
    do {
        worker->consumer = consumer_new(&worker->consumer_settings, &worker->consumer_callbacks,
                                        &worker->error);
        if (worker->consumer == NULL)
            return false;
        outcome =
            consumer_cluster_id(worker->consumer, WAIT_FOR_SERVERS_MS * 5, worker->cluster_id,
                                sizeof worker->cluster_id, &worker->error);
        if (outcome != OK) {
            consumer_free(worker->consumer);
            worker->consumer = NULL;
        }
    } while (try_again(worker, outcome, &worker->kafka_away, "kafka"));
    if (outcome == OK)
        log_outage_over(&worker->log, &worker->kafka_away, monotonic_ms(), "kafka");
    return outcome == OK;
}

static bool open_all(struct worker *worker)
{
    if (!open_secrets(worker) || !open_memory(worker) || !open_database(worker) ||
        !open_cache(worker) || !open_decoder(worker) || !views_open(worker))
        return false;
    worker->office = (struct office){.service = worker->service->name,
                                     .seal = worker->seal,
                                     .programmes = worker->programmes};
    worker->decision = (struct decision){
        .office = &worker->office, .arena = &worker->round->arena, .outputs = &worker->outputs};
    programmes_refresh(worker);
    return publishing_open(worker) && open_consumer(worker);
}

static void close_all(struct worker *worker)
{
    consumer_close(worker->consumer);
    publisher_thread_free(worker->publishing); /* it may be asking the consumer for K */
    consumer_free(worker->consumer);
    publisher_release(&worker->publisher);
    http_stop(worker->http);
    group_metadata_free(worker->membership);
    cache_close(worker->cache);
    decoder_free(worker->decoder);
    commit_thread_free(worker->committing);
    database_release(&worker->writer);
    database_release(&worker->database);
    lease_release(&worker->lease);
    for (size_t i = 0; i < worker->office.programme_count; i++)
        programme_free(worker->programmes[i]);
    seal_close(worker->seal);
    seal_close(worker->publisher_seal);
    seal_secrets_release(&worker->secrets);
    properties_release(&worker->kafka_security);
    metrics_free(worker->metrics);
    rounds_close(worker);
    arena_release(&worker->publish_arena);
}

/* For who replaces a sealing key; workers may go on beside it. */
static bool reseal(struct worker *worker)
{
    struct database_settings settings = database_settings(worker);
    settings.bare = true;
    settings.answer_timeout_ms = RESEAL_ANSWER_MS;
    bool done = open_secrets(worker) && open_memory(worker) &&
                connect_database(worker, &worker->database, settings, sealing_renew);
    if (!done)
        log_error(&worker->log, LOG_FACT("not sealed anew"),
                  LOG_TEXT("reason", worker->error.text), LOG_TEXT("next", "exit"));
    database_release(&worker->database);
    return done;
}

int worker_main(const struct service *service, int argc, char **argv)
{
    static struct worker worker;
    worker.service = service;
    worker.loop_thread = pthread_self();
    if (argc == 2 && strcmp(argv[1], "--settings") == 0) {
        config_print(&settings_table, stdout);
        return 0;
    }
    bool only_migrate = argc == 2 && strcmp(argv[1], "--migrate") == 0;
    bool only_reseal = argc == 2 && strcmp(argv[1], "--reseal") == 0;
    if (argc > 1 && !only_migrate && !only_reseal) {
        fprintf(stderr,
                "kerja-%s takes no arguments but --settings, --migrate and --reseal; it is "
                "configured by its environment\n",
                service->name);
        return EXIT_NOT_CONFIGURED;
    }
    secrecy_begin();
    listen_to_signals();
    if (!read_settings(&worker))
        return EXIT_NOT_CONFIGURED;
    if (only_migrate)
        return migrate(&worker) ? 0 : EXIT_NOT_CONFIGURED;
    if (only_reseal)
        return reseal(&worker) ? 0 : EXIT_NOT_CONFIGURED;
    if (open_all(&worker)) {
        log_info(&worker.log, LOG_FACT("started"));
        loop_run(&worker);
    } else if (!worker_stopping) {
        log_error(&worker.log, LOG_FACT("not started"), LOG_TEXT("reason", worker.error.text),
                  LOG_TEXT("next", "exit"));
        worker.exit_status = EXIT_NOT_CONFIGURED;
    }
    close_all(&worker);
    log_info(&worker.log, LOG_FACT("stopped"), LOG_NUMBER("exit_status", worker.exit_status));
    return worker.exit_status;
}
