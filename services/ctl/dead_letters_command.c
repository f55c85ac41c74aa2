/*
 * kerja dead-letters list, show, replay: records that a service could not decide, and the way back for them.
 *
 * A replay sends the original bytes to their own topic once more, with the sender's key and headers. It is meant
 * for a record that was right and whose cause is mended, such as a programme that is published now; every service
 * that reads the topic reads it again, and what a service knows already is a repeat by its natural key.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "decode/decode.h"
#include "decode/json.h"
#include "letters.h"
#include "order.h"
#include "schemas/events.h"
#include "table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_EVENT_SIZE = 4096, SHOWN_ARENA = 16 << 20, PLACE_SIZE = 48 };

struct listed {
    int64_t timestamp_ms, order;
    char place[PLACE_SIZE];
    char *service, *reason, *topic, *sentence;
};

struct listing {
    const struct call *call;
    struct listed *items;
    size_t count, room;
    bool failed;
};

static bool fits(const struct call *call, const char *option, struct slice value)
{
    const char *wanted = call_value(call, option);
    return wanted == NULL || slice_is(value, wanted);
}

static char *copy_of(struct slice text)
{
    return strndup(text.size == 0 ? "" : text.data, text.size);
}

static bool letter_list(void *context, const struct letter *letter)
{
    struct listing *listing = context;
    if (!fits(listing->call, "--service", letter->service) ||
        !fits(listing->call, "--reason", letter->reason) ||
        !fits(listing->call, "--topic", letter->topic))
        return true;
    if (listing->count == listing->room) {
        size_t room = listing->room == 0 ? 256 : listing->room * 2;
        struct listed *grown = realloc(listing->items, room * sizeof *grown);
        if (grown == NULL) {
            listing->failed = true;
            return false;
        }
        listing->items = grown;
        listing->room = room;
    }
    struct listed *one = &listing->items[listing->count];
    *one = (struct listed){.timestamp_ms = letter->record.timestamp_ms,
                           .order = (int64_t)listing->count++,
                           .service = copy_of(letter->service),
                           .reason = copy_of(letter->reason),
                           .topic = copy_of(letter->topic),
                           .sentence = copy_of(letter->sentence)};
    snprintf(one->place, sizeof one->place, "%" PRId32 ":%" PRId64, letter->record.partition,
             letter->record.offset);
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct listed *one = a, *other = b;
    if (one->timestamp_ms != other->timestamp_ms)
        return one->timestamp_ms < other->timestamp_ms ? -1 : 1;
    return (one->order > other->order) - (one->order < other->order);
}

static void listing_print(struct listing *listing)
{
    static const struct table_column columns[] = {
        {"place", COLUMN_TEXT},  {"at", COLUMN_TEXT},    {"service", COLUMN_TEXT},
        {"reason", COLUMN_TEXT}, {"topic", COLUMN_TEXT}, {"sentence", COLUMN_TEXT},
    };
    struct table table;
    struct buffer text = {0};
    table_init(&table, columns, sizeof columns / sizeof *columns);
    if (listing->count > 0)
        qsort(listing->items, listing->count, sizeof *listing->items, by_time);
    for (size_t i = 0; i < listing->count; i++) {
        const struct listed *one = &listing->items[i];
        char at[INSTANT_TEXT_SIZE + 1];
        const char *cells[] = {one->place,  at,         one->service,
                               one->reason, one->topic, one->sentence};
        instant_format(one->timestamp_ms * 1000, at);
        table_row(&table);
        for (size_t column = 0; column < sizeof cells / sizeof *cells; column++)
            table_cell(&table, column, slice_of(cells[column] == NULL ? "" : cells[column]));
    }
    if (call_value(listing->call, "--json") != NULL)
        table_write_json(&table, &text);
    else
        table_write(&table, &text);
    printf("%.*s", SLICE_ARGS(buffer_slice(&text)));
    buffer_release(&text);
    table_release(&table);
}

static int list(struct call *call)
{
    struct session session;
    struct listing listing = {.call = call};
    int status = session_open(&session, call, OPEN_BROKER);
    if (status == EXIT_DONE && letters_walk(&session, letter_list, &listing) != OK)
        status = call_fails(call, NULL);
    else if (listing.failed)
        status = call_fails(call, "cannot hold all dead letters: no memory");
    if (status == EXIT_DONE)
        listing_print(&listing);
    for (size_t i = 0; i < listing.count; i++) {
        free(listing.items[i].service);
        free(listing.items[i].reason);
        free(listing.items[i].topic);
        free(listing.items[i].sentence);
    }
    free(listing.items);
    session_close(&session);
    return status;
}

static const struct event_type *type_of(struct slice topic)
{
    for (size_t i = 0; i < all_events_count; i++)
        if (slice_is(topic, all_events[i]->topic))
            return all_events[i];
    return NULL;
}

/* The event as JSON where it can be read at all. */
static bool event_print(const struct letter *letter, bool hide_personal, struct error *error)
{
    _Alignas(16) char event[SHOWN_EVENT_SIZE];
    const struct event_type *type = type_of(letter->topic);
    struct decode_failure failure;
    struct arena arena = {0};
    struct buffer text = {0};
    if (type == NULL || type->record->size > sizeof event)
        return true;
    struct decoder *decoder = decoder_new(&type, 1, error);
    bool good = decoder != NULL && arena_init(&arena, SHOWN_ARENA);
    if (good &&
        decoder_decode(decoder, type, letter->record.value, &arena, event, &failure) == OK) {
        record_to_json(type->record, event, hide_personal, &text);
        printf("event: %.*s\n", SLICE_ARGS(buffer_slice(&text)));
    } else if (good) {
        printf("event: cannot be read: %s\n", failure.error.text);
    }
    buffer_release(&text);
    arena_release(&arena);
    decoder_free(decoder);
    return good;
}

static bool letter_print(const struct letter *letter, bool hide_personal, struct error *error)
{
    char at[INSTANT_TEXT_SIZE + 1];
    instant_format(letter->record.timestamp_ms * 1000, at);
    printf("dead letter %" PRId32 ":%" PRId64 ", %s\n", letter->record.partition,
           letter->record.offset, at);
    printf("%.*s refused it: %.*s\n%.*s\n", SLICE_ARGS(letter->service),
           SLICE_ARGS(letter->reason), SLICE_ARGS(letter->sentence));
    for (size_t i = 0; i < letter->record.header_count; i++)
        if (!slice_is(letter->record.headers[i].name, "kerja_sentence"))
            printf("  %-17.*s %.*s\n", SLICE_ARGS(letter->record.headers[i].name),
                   SLICE_ARGS(letter->record.headers[i].value));
    printf("  %-17s %zu bytes\n", "value", letter->record.value.size);
    return event_print(letter, hide_personal, error);
}

static bool place_read(struct call *call, int32_t *partition, int64_t *offset)
{
    if (letter_place_read(call->words[0], partition, offset))
        return true;
    call_misused(call, "\"%s\" is no place of a dead letter: expected PARTITION:OFFSET",
                 call->words[0]);
    return false;
}

static int show(struct call *call)
{
    struct session session;
    struct letter letter;
    int32_t partition;
    int64_t offset;
    if (!place_read(call, &partition, &offset))
        return EXIT_USAGE;
    int status = session_open(&session, call, OPEN_BROKER);
    if (status == EXIT_DONE &&
        (letter_read(&session, partition, offset, &letter) != OK ||
         !letter_print(&letter, call_value(call, "--show-personal") == NULL, &call->error)))
        status = call_fails(call, NULL);
    session_close(&session);
    return status;
}

/* The stored command of this letter: 0 when a new one is to be made, else its number; `*sent_at` where it was sent. */
static bool earlier_find(struct session *session, const char *place, int64_t *number,
                         char sent_at[static INSTANT_TEXT_SIZE + 1])
{
    const char *parameters[] = {place};
    PGresult *row =
        sql_run(session->sql, ctl_sql_letter_command_sql, parameters, 1, &session->call->error);
    *number = 0;
    sent_at[0] = '\0';
    if (row != NULL && PQntuples(row) == 1) {
        *number = sql_number(row, 0, 0);
        snprintf(sent_at, INSTANT_TEXT_SIZE + 1, "%s", PQgetvalue(row, 0, 1));
    }
    PQclear(row);
    return row != NULL;
}

static int replay_new(struct session *session, const char *place, const struct letter *letter)
{
    char event[160];
    snprintf(event, sizeof event, "{\"partition\": %" PRId32 ", \"offset\": %" PRId64 "}",
             letter->record.partition, letter->record.offset);
    return order_place_json(session, place, DEAD_LETTER_TOPIC, event);
}

static int replay_letter(struct session *session, int32_t partition, int64_t offset)
{
    struct call *call = session->call;
    struct letter letter;
    char place[PLACE_SIZE], sent_at[INSTANT_TEXT_SIZE + 1];
    int64_t number;
    snprintf(place, sizeof place, "%" PRId32 ":%" PRId64, partition, offset);
    if (letter_read(session, partition, offset, &letter) != OK ||
        !letter_can_be_replayed(&letter, &call->error) ||
        !earlier_find(session, place, &number, sent_at))
        return call_fails(call, NULL);
    if (sent_at[0] != '\0' && call_value(call, "--again") == NULL)
        return call_fails(
            call, "it was sent again at %s by command %" PRId64 "; --again does it once more",
            sent_at, number);
    if (number != 0 && sent_at[0] == '\0')
        return order_send(session, number); /* stored, and interrupted before it was sent */
    return replay_new(session, place, &letter);
}

static int replay(struct call *call)
{
    struct session session;
    int32_t partition;
    int64_t offset;
    if (!place_read(call, &partition, &offset))
        return EXIT_USAGE;
    int status = session_open(&session, call, OPEN_SQL | OPEN_BROKER | OPEN_PRODUCER);
    if (status == EXIT_DONE)
        status = replay_letter(&session, partition, offset);
    session_close(&session);
    return status;
}

static const struct call_option list_options[] = {
    {"--service", "S", "those of one service"},
    {"--reason", "CODE", "those with this reason"},
    {"--topic", "T", "those that stood in this topic"},
    {"--json", NULL, "as JSON"},
};

const struct command dead_letters_list_command = {
    .name = "dead-letters list",
    .arguments = "",
    .summary = "lists records that could not be decided, and why",
    .description =
        "All that the topic dead.letter has now, oldest first: the place by which the "
        "other\n"
        "commands know it, when, which service, the reason, the topic it came from, "
        "and a\n"
        "sentence.",
    .options = list_options,
    .option_count = sizeof list_options / sizeof *list_options,
    .run = list,
};

static const struct call_option show_options[] = {
    {"--show-personal", NULL, "show personal members, which are hidden otherwise"},
};

const struct command dead_letters_show_command = {
    .name = "dead-letters show",
    .arguments = "PARTITION:OFFSET",
    .least = 1,
    .most = 1,
    .summary = "shows a dead letter whole",
    .description = "Its sentence, all its headers, and the event as far as it can be read.",
    .options = show_options,
    .option_count = sizeof show_options / sizeof *show_options,
    .run = show,
};

static const struct call_option replay_options[] = {
    {"--again", NULL, "though it was sent again before"},
};

const struct command dead_letters_replay_command = {
    .name = "dead-letters replay",
    .arguments = "PARTITION:OFFSET",
    .least = 1,
    .most = 1,
    .summary = "sends a dead letter's record once more, after its cause was mended",
    .description =
        "Sends the original bytes to the topic where they stood, with their key and their "
        "sender's\n"
        "headers. Whatever was decided of the record already is a repeat; what could not be "
        "decided\n"
        "is judged now. One officer suffices: nothing is changed that the sender did not say.",
    .options = replay_options,
    .option_count = sizeof replay_options / sizeof *replay_options,
    .run = replay,
};
