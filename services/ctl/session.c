#include "session.h"

#include "decode/decode.h"
#include "decode/encode.h"
#include "schemas/events.h"

#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A command sends one record and flushes, which does not wait, or a million, which go in full batches. */
enum {
    MESSAGE_TIMEOUT_MS = 30000,
    LINGER_MS = 5,
    SETTINGS_BOUND = 64,
    READ_ARENA = 4 << 20 /* more than the largest record of ours, once read */
};

/* Who opens it needs the setting; 0: everybody does. */
static unsigned needed_by(const struct setting *setting)
{
    switch (setting->offset) {
    case offsetof(struct settings, kafka):
    case offsetof(struct settings, kafka_security_file):
        return OPEN_BROKER | OPEN_PRODUCER;
    case offsetof(struct settings, postgres):
        return OPEN_SQL;
    case offsetof(struct settings, id_secret_file):
    case offsetof(struct settings, sealing_keys_file):
        return OPEN_SEAL;
    default:
        return 0;
    }
}

/* An auditor has no secret, and is not asked for one. */
static int settings_read(struct session *session, unsigned what)
{
    struct setting asked[SETTINGS_BOUND];
    struct buffer problems = {0};
    assert(settings_table.count <= SETTINGS_BOUND);
    for (size_t i = 0; i < settings_table.count; i++) {
        asked[i] = settings_table.settings[i];
        unsigned needs = needed_by(&asked[i]);
        if (needs != 0 && (needs & what) == 0) {
            asked[i].kind = SETTING_TEXT;
            asked[i].fallback = "";
        }
    }
    const struct config_table table = {asked, settings_table.count};
    enum outcome outcome = config_read(&table, environ, &session->settings, &problems);
    if (outcome != OK)
        fprintf(stderr, "kerja %s: it is configured by its environment:\n%.*s",
                session->call->command->name, SLICE_ARGS(buffer_slice(&problems)));
    buffer_release(&problems);
    return outcome == OK ? EXIT_DONE : EXIT_USAGE;
}

static bool open_seal(struct session *session)
{
    struct error *error = &session->call->error;
    if (seal_secrets_read(session->settings.id_secret_file, session->settings.sealing_keys_file,
                          &session->secrets, error) != OK)
        return false;
    session->seal = seal_open(&session->secrets, error);
    return session->seal != NULL;
}

static bool open_producer(struct session *session)
{
    const struct plain_settings settings = {.bootstrap = session->settings.kafka,
                                            .security = &session->kafka_security,
                                            .client_id = "kerja-ctl",
                                            .message_timeout_ms = MESSAGE_TIMEOUT_MS,
                                            .linger_ms = LINGER_MS,
                                            .log = &session->client_log};
    session->producer = plain_new(&settings, &session->call->error);
    return session->producer != NULL;
}

void session_producer_renew(struct session *session)
{
    struct plain *failed = session->producer;
    struct error reason = session->call->error;
    if (open_producer(session))
        plain_free(failed);
    else
        session->producer = failed;
    session->call->error = reason;
}

bool session_broker(struct session *session)
{
    struct error *error = &session->call->error;
    session->broker = broker_open(session->settings.kafka, &session->kafka_security,
                                  &session->client_log, error);
    return session->broker != NULL &&
           broker_cluster_id(session->broker, session->cluster_id, sizeof session->cluster_id,
                             error) == OK;
}

int session_open(struct session *session, struct call *call, unsigned what)
{
    *session = (struct session){.call = call};
    int status = settings_read(session, what);
    if (status != EXIT_DONE)
        return status;
    client_log_init(&session->client_log, NULL, NULL);
    if ((what & (OPEN_BROKER | OPEN_PRODUCER)) != 0 &&
        properties_read(session->settings.kafka_security_file, kafka_security_prefixes,
                        &session->kafka_security, &call->error) != OK) {
        call_fails(call, NULL);
        return EXIT_USAGE;
    }
    if ((what & OPEN_SEAL) != 0 && !open_seal(session)) {
        call_fails(call, NULL);
        return EXIT_USAGE;
    }
    if (((what & OPEN_SQL) != 0 &&
         (session->sql = sql_open(session->settings.postgres, &call->error)) == NULL) ||
        ((what & OPEN_BROKER) != 0 && !session_broker(session)) ||
        ((what & OPEN_PRODUCER) != 0 && !open_producer(session)))
        return call_fails(call, NULL);
    return EXIT_DONE;
}

void session_close(struct session *session)
{
    progress_end();
    plain_free(session->producer);
    broker_close(session->broker);
    sql_close(session->sql);
    seal_close(session->seal);
    seal_secrets_release(&session->secrets);
    properties_release(&session->kafka_security);
    buffer_release(&session->value);
    decoder_free(session->decoder);
    arena_release(&session->read);
}

/* The key as text; `text` holds the characters of a uuid or number. */
static struct slice key_of(const struct event_type *type, const void *event,
                           char text[static UUID_TEXT_SIZE + 1])
{
    const struct field *field = record_type_field(type->record, slice_of(type->key));
    const void *value;
    assert(field != NULL);
    value = field_value(field, event);
    if (field->kind == FIELD_UUID) {
        uuid_format(value, text);
        return (struct slice){text, UUID_TEXT_SIZE};
    }
    assert(field->kind == FIELD_TEXT);
    return *(const struct slice *)value;
}

/* Room for what is read of one record; the reader is made with the first. NULL with a reason. */
static void *reader_room(struct session *session, const struct event_type *type)
{
    struct error *error = &session->call->error;
    if (session->decoder == NULL) {
        session->decoder = decoder_new(all_events, all_events_count, error);
        if (session->decoder == NULL)
            return NULL;
        if (!arena_init(&session->read, READ_ARENA)) {
            error_set(error, STOP, "cannot reserve memory for a record");
            return NULL;
        }
    }
    arena_reset(&session->read);
    return arena_alloc(&session->read, type->record->size);
}

enum outcome session_check(struct session *session, const struct event_type *type,
                           const void *event)
{
    struct error *error = &session->call->error;
    struct decode_failure failure;
    buffer_clear(&session->value);
    encode_event(type, event, &session->value);
    if (buffer_failed(&session->value))
        return error_set(error, STOP, "cannot encode a record: no memory");
    void *read = reader_room(session, type);
    if (read == NULL)
        return STOP;
    if (decoder_decode(session->decoder, type, buffer_slice(&session->value), &session->read,
                       read, &failure) != OK)
        return error_set(error, STOP,
                         "cannot say this to \"%s\", where nobody could read it: %s",
                         type->topic, failure.error.text);
    return OK;
}

enum outcome session_send(struct session *session, const struct event_type *type,
                          const void *event)
{
    char key[UUID_TEXT_SIZE + 1], id[UUID_TEXT_SIZE + 1];
    if (session_check(session, type, event) != OK)
        return STOP;
    struct slice value = buffer_slice(&session->value);
    struct uuid event_id = seal_event_id(SLICE("ctl"), slice_of(type->topic), value, 0);
    uuid_format(&event_id, id);
    const struct header headers[] = {{SLICE("ce_id"), slice_of(id)},
                                     {SLICE("ce_source"), SLICE("/kerja/ctl")},
                                     {SLICE("ce_type"), slice_of(type->ce_type)},
                                     {SLICE("ce_specversion"), SLICE("1.0")}};
    enum outcome outcome =
        plain_send(session->producer, type->topic, key_of(type, event, key), value, headers,
                   sizeof headers / sizeof *headers, 0, &session->call->error);
    session->sent += outcome == OK;
    return outcome;
}

enum outcome session_flush(struct session *session)
{
    return plain_flush(session->producer, FLUSH_TIMEOUT_MS, &session->call->error);
}

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    (void)number;
    stopping = 1;
}

void session_listen(void)
{
    const struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
}

bool session_stopping(void)
{
    return stopping != 0;
}

bool session_pause(int milliseconds)
{
    const struct timespec time = {.tv_sec = milliseconds / 1000,
                                  .tv_nsec = milliseconds % 1000 * 1000000L};
    if (stopping == 0)
        nanosleep(&time, NULL);
    return stopping == 0;
}
