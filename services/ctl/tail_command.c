/*
 * kerja tail: the events of a topic, decoded, one JSON line each.
 *
 * As read_committed readers see them. Personal members are hidden unless somebody asks for them.
 */
#include "commands.h"

#include "base/clock.h"
#include "decode/decode.h"
#include "decode/json.h"
#include "schemas/events.h"
#include "session.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LAST_RECORDS = 10, /* without --from-beginning and --limit */
    LAST_BOUND = 100000,
    TAIL_PARTITIONS = 1024,
    TAIL_ARENA = 64 << 20,
    EVENT_SIZE = 4096,
    POLL_MS = 200,
    GIVE_UP_MS = 30000
};

struct kept {
    int64_t timestamp_ms, order;
    char *line;
};

struct tailing {
    struct call *call;
    struct session session;
    const char *topic;
    const struct event_type *type; /* NULL: dead.letter */
    struct decoder *decoder;
    struct arena arena;
    struct buffer line;
    bool follow, beginning, show_personal;
    int64_t limit, printed;
    struct kept *kept; /* of the last records, before they are printed */
    size_t kept_count, kept_room;
};

static const struct event_type *type_of(const char *topic)
{
    for (size_t i = 0; i < all_events_count; i++)
        if (strcmp(all_events[i]->topic, topic) == 0)
            return all_events[i];
    return NULL;
}

static void member_write(struct buffer *line, const char *name, struct slice value)
{
    buffer_append(line, ",\"", 2);
    buffer_append(line, name, strlen(name));
    buffer_append(line, "\":", 2);
    json_text_write(value, line);
}

/* Headers hold ids and places; those of a dead letter also its reason and sentence. */
static void headers_write(const struct record *record, struct buffer *line)
{
    static const char *const shown[] = {"ce_id",        "ce_source",       "kerja_service",
                                        "kerja_topic",  "kerja_partition", "kerja_offset",
                                        "kerja_reason", "kerja_sentence",  "kerja_failed_at"};
    for (size_t i = 0; i < record->header_count; i++)
        for (size_t k = 0; k < sizeof shown / sizeof *shown; k++)
            if (slice_is(record->headers[i].name, shown[k]))
                member_write(line, shown[k], record->headers[i].value);
}

static void event_write(struct tailing *tailing, const struct record *record)
{
    _Alignas(16) char event[EVENT_SIZE];
    struct decode_failure failure;
    struct buffer *line = &tailing->line;
    if (tailing->type == NULL)
        return; /* a dead letter's value is somebody's data that nobody could read */
    arena_reset(&tailing->arena);
    if (decoder_decode(tailing->decoder, tailing->type, record->value, &tailing->arena, event,
                       &failure) == OK) {
        buffer_append(line, ",\"event\":", 9);
        record_to_json(tailing->type->record, event, !tailing->show_personal, line);
    } else {
        member_write(line, "unreadable", slice_of(decode_reason_name(failure.reason)));
        member_write(line, "sentence", slice_of(failure.error.text));
    }
}

static void record_write(struct tailing *tailing, const struct record *record)
{
    char text[160], at[INSTANT_TEXT_SIZE + 1];
    struct buffer *line = &tailing->line;
    buffer_clear(line);
    instant_format(record->timestamp_ms * 1000, at);
    snprintf(text, sizeof text,
             "{\"partition\":%" PRId32 ",\"offset\":%" PRId64 ",\"appended_at\":\"%s\"",
             record->partition, record->offset, at);
    buffer_append(line, text, strlen(text));
    headers_write(record, line);
    event_write(tailing, record);
    buffer_append(line, "}\n", 2);
}

static bool line_keep(struct tailing *tailing, const struct record *record)
{
    if (tailing->kept_count == tailing->kept_room) {
        size_t room = tailing->kept_room == 0 ? 256 : tailing->kept_room * 2;
        struct kept *grown = realloc(tailing->kept, room * sizeof *grown);
        if (grown == NULL)
            return false;
        tailing->kept = grown;
        tailing->kept_room = room;
    }
    tailing->kept[tailing->kept_count] =
        (struct kept){record->timestamp_ms, (int64_t)tailing->kept_count,
                      strndup(tailing->line.data, tailing->line.size)};
    return tailing->kept[tailing->kept_count++].line != NULL;
}

static int by_time(const void *a, const void *b)
{
    const struct kept *one = a, *other = b;
    if (one->timestamp_ms != other->timestamp_ms)
        return one->timestamp_ms < other->timestamp_ms ? -1 : 1;
    return (one->order > other->order) - (one->order < other->order);
}

/* Prints the last `limit` lines that were kept, in the order in which they were appended. */
static void kept_print(struct tailing *tailing)
{
    size_t limit = (size_t)tailing->limit, count = tailing->kept_count;
    if (count > 0)
        qsort(tailing->kept, count, sizeof *tailing->kept, by_time);
    for (size_t i = 0; i < count; i++) {
        if (i + limit >= count)
            fputs(tailing->kept[i].line, stdout);
        free(tailing->kept[i].line);
    }
    tailing->kept_count = 0;
    fflush(stdout);
}

static enum outcome begin(struct tailing *tailing)
{
    static struct position places[TAIL_PARTITIONS], starts[TAIL_PARTITIONS];
    struct broker *broker = tailing->session.broker;
    struct error *error = &tailing->call->error;
    int count = 0;
    enum outcome outcome = broker_partition_count(broker, tailing->topic, &count, error);
    if (outcome == OK && count > TAIL_PARTITIONS)
        outcome =
            error_set(error, STOP, "cannot read more than %d partitions", TAIL_PARTITIONS);
    for (int i = 0; outcome == OK && i < count; i++) {
        snprintf(places[i].at.topic, sizeof places[i].at.topic, "%s", tailing->topic);
        places[i].at.partition = i;
        starts[i] = places[i];
    }
    if (outcome == OK)
        outcome = broker_starts(broker, starts, (size_t)count, error);
    if (outcome == OK)
        outcome = broker_ends(broker, places, (size_t)count, error);
    for (int i = 0; outcome == OK && i < count; i++) {
        int64_t from = places[i].offset - tailing->limit;
        bool all = tailing->beginning || from < starts[i].offset;
        places[i].offset = all ? starts[i].offset : from;
    }
    return outcome == OK ? broker_seek(broker, places, (size_t)count, error) : outcome;
}

/* One record, printed or kept. False when there is enough. */
static bool record_take(struct tailing *tailing, const struct record *record, bool keeping)
{
    record_write(tailing, record);
    if (buffer_failed(&tailing->line))
        return false;
    if (keeping)
        return line_keep(tailing, record);
    fwrite(tailing->line.data, 1, tailing->line.size, stdout);
    tailing->printed++;
    return !ferror(stdout) &&
           (!tailing->beginning || tailing->limit == 0 || tailing->printed < tailing->limit);
}

static enum outcome read_all(struct tailing *tailing)
{
    struct error *error = &tailing->call->error;
    bool keeping = !tailing->beginning, at_end = false;
    int64_t give_up_ms = monotonic_ms() + GIVE_UP_MS;
    struct record record;
    error->text[0] = '\0';
    while (!session_stopping()) {
        if (broker_read(tailing->session.broker, POLL_MS, &record, &at_end, error)) {
            give_up_ms = monotonic_ms() + GIVE_UP_MS;
            if (!record_take(tailing, &record, keeping))
                break;
            continue;
        }
        if (error->text[0] != '\0')
            return RETRY;
        if (at_end && keeping)
            kept_print(tailing);
        if (at_end && !tailing->follow)
            break;
        if (at_end)
            keeping = false;
        if (!at_end && monotonic_ms() > give_up_ms)
            return error_set(error, RETRY, "could not read \"%s\" to its end: Kafka is silent",
                             tailing->topic);
        fflush(stdout);
    }
    return OK;
}

static int run(struct call *call)
{
    struct tailing tailing = {.call = call,
                              .topic = call->words[0],
                              .type = type_of(call->words[0]),
                              .follow = call_value(call, "--follow") != NULL,
                              .beginning = call_value(call, "--from-beginning") != NULL,
                              .show_personal = call_value(call, "--show-personal") != NULL};
    tailing.limit = tailing.beginning ? 0 : LAST_RECORDS;
    if (!call_number(call, "--limit", 1, LAST_BOUND, &tailing.limit))
        return EXIT_USAGE;
    if (tailing.type == NULL && strcmp(tailing.topic, "dead.letter") != 0)
        return call_misused(call, "\"%s\" is no topic of Kerja", tailing.topic);
    session_listen();
    int status = session_open(&tailing.session, call, OPEN_BROKER);
    if (status == EXIT_DONE && tailing.type != NULL &&
        (tailing.decoder = decoder_new(&tailing.type, 1, &call->error)) == NULL)
        status = call_fails(call, NULL);
    if (status == EXIT_DONE && !arena_init(&tailing.arena, TAIL_ARENA))
        status = call_fails(call, "cannot reserve memory for a record");
    if (status == EXIT_DONE && (begin(&tailing) != OK || read_all(&tailing) != OK))
        status = call_fails(call, NULL);
    kept_print(&tailing);
    free(tailing.kept);
    decoder_free(tailing.decoder);
    buffer_release(&tailing.line);
    arena_release(&tailing.arena);
    session_close(&tailing.session);
    return status;
}

static const struct call_option options[] = {
    {"--follow", NULL, "go on with what comes, until interrupted"},
    {"--from-beginning", NULL, "everything that the topic still has"},
    {"--limit", "N", "the last N records (10); with --from-beginning the first N"},
    {"--show-personal", NULL, "show personal members, which are hidden otherwise"},
};

const struct command tail_command = {
    .name = "tail",
    .arguments = "TOPIC",
    .least = 1,
    .most = 1,
    .summary = "shows the events of a topic, one JSON line each",
    .description =
        "Decodes records as a read_committed reader sees them. Personal members are shown as\n"
        "\"(hidden)\" unless --show-personal is given. Of dead letters it shows where they "
        "were,\n"
        "the reason and the sentence, never the value.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
