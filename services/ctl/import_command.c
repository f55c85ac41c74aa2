/*
 * kerja import: JSON lines in Avro's JSON encoding become events.
 *
 * The whole file is read and checked before the first record is sent, unless it comes through
 * standard input: whoever has a wrong line in the middle wants to mend it, not to send half.
 */
#include "commands.h"

#include "ctl_embedded.h"
#include "decode/json.h"
#include "rulebook.h"
#include "schemas/events.h"
#include "session.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { IMPORT_ARENA = 64 << 20, ERRORS_SHOWN = 20, PROGRESS_LINES = 500, EVENT_SIZE = 4096 };

enum { WRONG_SIZE = 160 };
#define OFFICERS_OWN                                                                           \
    "officers and workers say this, not files; the command for it is `kerja %s`"

struct importing {
    struct session *session;
    const char *topic; /* of --topic, or NULL: each line names its own */
    bool audited;      /* an officer's list: a row of audit before the first record */
    struct arena arena;
    int64_t line, wrong;
};

static const struct event_type *event_of_topic(const char *topic)
{
    for (size_t i = 0; i < all_events_count; i++)
        if (strcmp(all_events[i]->topic, topic) == 0)
            return all_events[i];
    return NULL;
}

/* The command that says it, with a row of audit; NULL: nobody's own. Whoever could import it could write two officers'
 * names, or select, unlist and pause without any. */
static const char *officers_own(const struct event_type *type)
{
    static const struct {
        const struct event_type *type;
        const char *command;
    } own[] = {
        {&application_drawn_event, "draw"},
        {&register_listed_event, "register load"},
        {&programme_published_event, "programme publish"},
        {&award_changed_event, "award"},
        {&incentive_approved_event, "incentive approve"},
        {&case_resolved_event, "review"},
        {&envelope_signed_event, "envelope sign"},
        {&person_erased_event, "person erase"},
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (own[i].type == type)
            return own[i].command;
    return NULL;
}

static void line_wrong(struct importing *importing, const char *reason)
{
    if (importing->wrong++ < ERRORS_SHOWN)
        fprintf(stderr, "line %" PRId64 ": %s\n", importing->line, reason);
}

static void line_officers_own(struct importing *importing, const struct event_type *type)
{
    char reason[WRONG_SIZE];
    snprintf(reason, sizeof reason, OFFICERS_OWN, officers_own(type));
    line_wrong(importing, reason);
}

/* The event of {"topic": ..., "event": {...}} as a text of its own; NULL after it was said. */
static char *unwrap(struct importing *importing, struct slice line,
                    const struct event_type **type)
{
    json_error_t why;
    char *text = NULL;
    json_t *json = json_loadb(line.data, line.size, JSON_REJECT_DUPLICATES, &why);
    const char *topic = json_string_value(json_object_get(json, "topic"));
    json_t *event = json_object_get(json, "event");
    if (json == NULL)
        line_wrong(importing, "cannot read it: it is no JSON");
    else if (topic == NULL || !json_is_object(event))
        line_wrong(importing,
                   "expected {\"topic\": \"...\", \"event\": {...}}, or give --topic");
    else if ((*type = event_of_topic(topic)) == NULL)
        line_wrong(importing, "its topic is none of Kerja's");
    else if (officers_own(*type))
        line_officers_own(importing, *type);
    else
        text = json_dumps(event, JSON_COMPACT);
    json_decref(json);
    return text;
}

/* Checks a line and, when `sending`, sends it. */
static enum outcome line_take(struct importing *importing, struct slice line, bool sending)
{
    const struct event_type *type = NULL;
    _Alignas(16) char event[EVENT_SIZE];
    struct error error;
    char *text = NULL;
    enum outcome outcome = OK;
    importing->line++;
    if (line.size == 0)
        return OK;
    arena_reset(&importing->arena);
    if (importing->topic != NULL)
        type = event_of_topic(importing->topic);
    else if ((text = unwrap(importing, line, &type)) == NULL)
        return OK;
    struct slice json = text == NULL ? line : slice_of(text);
    if (type->record->size > sizeof event)
        line_wrong(importing, "the event is larger than this program can hold");
    else if (event_from_json(type, json, &importing->arena, event, &error) != OK)
        line_wrong(importing, error.text);
    else if (sending)
        outcome = session_send(importing->session, type, event);
    free(text);
    if (importing->line % PROGRESS_LINES == 0)
        progress_show(sending ? "lines sent" : "lines checked", importing->line, 0);
    return outcome;
}

static enum outcome text_walk(struct importing *importing, struct slice text, bool sending)
{
    enum outcome outcome = OK;
    importing->line = 0;
    while (text.size > 0 && outcome == OK) {
        const char *end = memchr(text.data, '\n', text.size);
        size_t size = end == NULL ? text.size : (size_t)(end - text.data);
        size_t whole = size > 0 && text.data[size - 1] == '\r' ? size - 1 : size;
        outcome = line_take(importing, (struct slice){text.data, whole}, sending);
        size += end != NULL;
        text.data += size;
        text.size -= size;
    }
    return outcome;
}

/* Standard input is sent as it comes; wrong lines are told and left out. */
static enum outcome stream_walk(struct importing *importing)
{
    enum outcome outcome = OK;
    char *line = NULL;
    size_t room = 0;
    for (ssize_t size; outcome == OK && (size = getline(&line, &room, stdin)) >= 0;) {
        while (size > 0 && (line[size - 1] == '\n' || line[size - 1] == '\r'))
            size--;
        outcome = line_take(importing, (struct slice){line, (size_t)size}, true);
    }
    free(line);
    return outcome;
}

/* The list is whole and right when this is written, and nothing of it is sent yet. */
static enum outcome audit_write(struct importing *importing, struct call *call)
{
    char detail[64];
    const char *audit[] = {call->command->name, call->words[0], detail};
    if (!importing->audited)
        return OK;
    snprintf(detail, sizeof detail, "{\"lines\": %" PRId64 "}", importing->line);
    PGresult *written =
        sql_run(importing->session->sql, ctl_sql_audit_sql, audit, 3, &call->error);
    PQclear(written);
    return written == NULL ? STOP : OK;
}

/* Standard input is audited before its first line: nobody knows how many will come. */
static int import_all(struct importing *importing, struct call *call)
{
    struct buffer text = {0};
    int status = EXIT_DONE;
    enum outcome outcome = OK;
    if (strcmp(call->words[0], "-") == 0) {
        outcome = audit_write(importing, call);
        if (outcome == OK)
            outcome = stream_walk(importing);
    } else if ((outcome = file_read(call->words[0], &text, &call->error)) == OK) {
        outcome = text_walk(importing, buffer_slice(&text), false);
        if (outcome == OK && importing->wrong == 0)
            outcome = audit_write(importing, call);
        if (outcome == OK && importing->wrong == 0)
            outcome = text_walk(importing, buffer_slice(&text), true);
    }
    if (outcome == OK)
        outcome = session_flush(importing->session);
    if (outcome != OK)
        status = call_fails(call, NULL);
    else if (importing->wrong > 0)
        status =
            call_fails(call, "%" PRId64 " of %" PRId64 " lines are wrong, %" PRId64 " sent",
                       importing->wrong, importing->line, importing->session->sent);
    progress_end();
    if (status == EXIT_DONE)
        printf("sent %" PRId64 " events of %" PRId64 " lines\n", importing->session->sent,
               importing->line);
    buffer_release(&text);
    return status;
}

static int import_file(struct call *call, const char *topic, bool audited)
{
    struct session session;
    struct importing importing = {.session = &session, .topic = topic, .audited = audited};
    if (topic != NULL && event_of_topic(topic) == NULL)
        return call_misused(call, "\"%s\" is no topic of Kerja", topic);
    if (topic != NULL && officers_own(event_of_topic(topic)))
        return call_misused(call, "%s: " OFFICERS_OWN, topic,
                            officers_own(event_of_topic(topic)));
    int status = session_open(&session, call, OPEN_PRODUCER | (audited ? OPEN_SQL : 0));
    if (status == EXIT_DONE && !arena_init(&importing.arena, IMPORT_ARENA))
        status = call_fails(call, "cannot reserve memory for a line");
    if (status == EXIT_DONE)
        status = import_all(&importing, call);
    arena_release(&importing.arena);
    session_close(&session);
    return status;
}

static int run(struct call *call)
{
    return import_file(call, call_value(call, "--topic"), false);
}

static int course_run(struct call *call)
{
    return import_file(call, "course.listed", true);
}

static const struct call_option options[] = {
    {"--topic", "TOPIC", "every line is an event of this topic"},
};

const struct command import_command = {
    .name = "import",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .summary = "turns JSON lines into events",
    .description =
        "Reads one event a line, in Avro's JSON encoding or the plainer form with days as\n"
        "\"2021-08-19\" and amounts as \"600000.00\": {\"topic\": \"...\", \"event\": {...}}, "
        "or with\n"
        "--topic the events alone. A file is checked whole before anything is sent; \"-\", "
        "the\n"
        "standard input, is sent as it comes. Repeating an import is harmless. What officers "
        "say\n"
        "is no matter for a file: award.changed, incentive.approved, case.resolved,\n"
        "envelope.signed, person.erased, application.drawn, register.listed and\n"
        "programme.published are refused.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};

const struct command course_load_command = {
    .name = "course load",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .summary = "lists courses from a file of JSON lines",
    .description =
        "One course a line, in the members of course.listed. The whole file is checked before\n"
        "anything is sent; \"-\", the standard input, is sent as it comes. Loading a course "
        "again\n"
        "changes nothing unless its revision is higher. Who loaded which file is audited.",
    .run = course_run,
};
