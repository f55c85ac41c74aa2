/*
 * kerja explain: why a row is as it is, decision by decision, newest first.
 *
 * Each decision is told from what was stored with it: its cause, the conditions and the values that they
 * saw. With --check each is decided again from these values, by the very programme file that
 * judged then, and must come out the same.
 */
#include "commands.h"

#include "chain.h"
#include "ctl_embedded.h"
#include "rulebook.h"
#include "rules/explain.h"
#include "subject_id.h"
#include "worker/service.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPLAIN_ARENA = 128 << 20, CHAIN_BOUND = 1000, RULEBOOKS = 16, ROWS_BOUND = 64 };

struct explaining {
    struct call *call;
    struct session session;
    struct arena arena;
    struct buffer segment;
    struct slice language;
    bool everything, check;
    size_t told, checked, different;
    struct programme *books[RULEBOOKS];
    size_t book_count;
};

/* The file with that hash, loaded once. */
static const struct programme *book_find(struct explaining *explaining,
                                         const struct explanation *explanation)
{
    char hash[RULES_HASH_SIZE + 1];
    snprintf(hash, sizeof hash, "%.*s", SLICE_ARGS(explanation->rules_hash));
    for (size_t i = 0; i < explaining->book_count; i++)
        if (strcmp(explaining->books[i]->rules_hash, hash) == 0)
            return explaining->books[i];
    if (explaining->book_count == RULEBOOKS) {
        error_set(&explaining->call->error, STOP, "more than %d programme files", RULEBOOKS);
        return NULL;
    }
    struct programme *book =
        rulebook_published(&explaining->session, explanation->programme, hash);
    if (book != NULL)
        explaining->books[explaining->book_count++] = book;
    return book;
}

static const char *kind_name(uint8_t kind)
{
    static const char *const names[] = {"decided", "a repeat: nothing changed",
                                        "waits for what it speaks of", "dead letter"};
    return kind < sizeof names / sizeof *names ? names[kind] : "of an unknown kind";
}

static void head_print(const char *service, const struct place *place,
                       const struct explanation *explanation)
{
    char at[INSTANT_TEXT_SIZE + 1];
    instant_format(explanation->occurred_at, at);
    printf("%s  %s by %s\n  cause: %s partition %d offset %" PRId64 "\n", at,
           kind_name(explanation->kind), service, place->topic, (int)place->partition,
           place->offset);
    if (explanation->programme.size > 0)
        printf("  rules: %.*s, scheme %.*s, file %.*s\n", SLICE_ARGS(explanation->programme),
               SLICE_ARGS(explanation->scheme), SLICE_ARGS(explanation->rules_hash));
    printf("  rows:");
    for (size_t i = 0; i < explanation->row_count; i++)
        printf("%s %.*s version %" PRId64, i == 0 ? "" : ",",
               SLICE_ARGS(explanation->rows[i].table), explanation->rows[i].version);
    printf("\n");
}

static bool check(struct explaining *explaining, const struct verdict *verdict,
                  const struct programme *book)
{
    struct error error;
    explaining->checked++;
    if (rules_recheck(verdict, book, &error)) {
        printf("  checked: decided again from its own values, the same\n");
        return true;
    }
    explaining->different++;
    printf("  DIFFERENT when decided again: %s\n", error.text);
    return false;
}

static void indent_print(struct slice text)
{
    while (text.size > 0) {
        const char *end = memchr(text.data, '\n', text.size);
        size_t size = end == NULL ? text.size : (size_t)(end - text.data);
        printf("  %.*s\n", (int)size, text.data);
        size += end != NULL;
        text = (struct slice){text.data + size, text.size - size};
    }
}

static void verdict_tell(struct explaining *explaining, const struct explanation *explanation)
{
    static struct verdict verdict;
    struct buffer text = {0};
    struct error *error = &explaining->call->error;
    if (explanation->programme.size == 0) {
        printf("  no condition judged it\n");
        return;
    }
    const struct programme *book = book_find(explaining, explanation);
    if (book == NULL ||
        verdict_read(explanation->verdict, &explaining->arena, &verdict, error) != OK) {
        printf("  cannot be told: %s\n", error->text);
        explaining->different++;
        return;
    }
    verdict_explain(&verdict, book, explaining->language, explaining->everything, &text);
    indent_print(buffer_slice(&text));
    if (explaining->check)
        check(explaining, &verdict, book);
    buffer_release(&text);
}

/* Where the decision before this one stood on that row. */
static bool before_find(const struct explanation *explanation, const char *table,
                        const struct uuid *row, struct place *place)
{
    for (size_t i = 0; i < explanation->row_count; i++)
        if (uuid_equal(&explanation->rows[i].key, row) &&
            slice_is(explanation->rows[i].table, table))
            return place_parse(explanation->rows[i].before, place);
    return false;
}

/* Walks the chain of one row. Decisions that are not kept any more end it with a sentence. */
static enum outcome row_walk(struct explaining *explaining, const char *service,
                             const char *table, const struct uuid *row, struct place place)
{
    struct error *error = &explaining->call->error;
    for (size_t step = 0; step < CHAIN_BOUND; step++) {
        struct explanation explanation;
        struct place here = place;
        arena_reset(&explaining->arena);
        enum outcome outcome =
            segment_find(&explaining->session, service, &here, &explaining->segment);
        if (outcome == OK && !segment_pick(buffer_slice(&explaining->segment), &here, row,
                                           &explaining->arena, &explanation, error))
            outcome = error_set(error, REJECT, "cannot find the row's decision in its segment");
        if (outcome == REJECT)
            printf("  %s\n", error->text);
        if (outcome != OK)
            return outcome == REJECT ? OK : outcome;
        head_print(service, &here, &explanation);
        verdict_tell(explaining, &explanation);
        printf("\n");
        explaining->told++;
        if (!before_find(&explanation, table, row, &place))
            return OK;
    }
    printf("  more than %d decisions; the older ones are not shown\n", CHAIN_BOUND);
    return OK;
}

/* All rows of one table that the id names. */
static enum outcome table_walk(struct explaining *explaining, const char *service,
                               const char *table, const char *statement, const char *id)
{
    const char *parameters[] = {id, subject_id_uuid(id)};
    enum outcome outcome = OK;
    PGresult *rows =
        sql_run(explaining->session.sql, statement, parameters, 2, &explaining->call->error);
    if (rows == NULL)
        return STOP;
    for (int row = 0; outcome == OK && row < PQntuples(rows) && row < ROWS_BOUND; row++) {
        struct uuid key;
        struct place place;
        if (!uuid_parse(sql_text(rows, row, 0), &key) ||
            !place_parse(sql_text(rows, row, 1), &place))
            continue;
        printf("== %s: %s %s\n", service, table, PQgetvalue(rows, row, 0));
        outcome = row_walk(explaining, service, table, &key, place);
    }
    PQclear(rows);
    return outcome;
}

static enum outcome tables_walk(struct explaining *explaining, const char *id)
{
    enum outcome outcome = OK;
    PGresult *tables = sql_run(explaining->session.sql, ctl_sql_explain_rows_sql, NULL, 0,
                               &explaining->call->error);
    if (tables == NULL)
        return STOP;
    for (int i = 0; outcome == OK && i < PQntuples(tables); i++)
        outcome = table_walk(explaining, PQgetvalue(tables, i, 0), PQgetvalue(tables, i, 1),
                             PQgetvalue(tables, i, 2), id);
    PQclear(tables);
    return outcome;
}

static int explain(struct explaining *explaining, const char *id)
{
    if (tables_walk(explaining, id) != OK)
        return call_fails(explaining->call, NULL);
    if (explaining->told == 0)
        return call_fails(explaining->call,
                          "no decision is known of \"%s\": expected the id of an application, "
                          "award, enrolment or entitlement",
                          id);
    if (explaining->check)
        printf("%zu decisions, %zu decided again, %zu different\n", explaining->told,
               explaining->checked, explaining->different);
    return explaining->check && explaining->different > 0 ? EXIT_FAILED : EXIT_DONE;
}

static int run(struct call *call)
{
    const char *language = call_value(call, "--language");
    struct explaining explaining = {.call = call,
                                    .language = slice_of(language == NULL ? "en" : language),
                                    .everything = call_value(call, "--all") != NULL,
                                    .check = call_value(call, "--check") != NULL};
    if (subject_id_is_national(call->words[0]))
        return call_misused(call, "national ids are not accepted on a command line");
    int status = session_open(&explaining.session, call, OPEN_SQL);
    if (status == EXIT_DONE && !arena_init(&explaining.arena, EXPLAIN_ARENA))
        status = call_fails(call, "cannot reserve memory for a decision");
    if (status == EXIT_DONE)
        status = explain(&explaining, call->words[0]);
    for (size_t i = 0; i < explaining.book_count; i++)
        programme_free(explaining.books[i]);
    buffer_release(&explaining.segment);
    arena_release(&explaining.arena);
    session_close(&explaining.session);
    return status;
}

static const struct call_option options[] = {
    {"--check", NULL, "decide each again from its own values; status 1 on any difference"},
    {"--all", NULL, "tell the conditions that passed, too"},
    {"--language", "L", "of reasons and next steps (en)"},
};

const struct command explain_command = {
    .name = "explain",
    .arguments = "ID",
    .least = 1,
    .most = 1,
    .summary = "tells why, decision by decision, newest first",
    .description =
        "ID is that of an application, award, enrolment or entitlement. For each decision "
        "about it:\n"
        "when, which record caused it, the conditions that failed or were not known with the "
        "values\n"
        "that they saw, and the reasons as the person was told them. --check proves that each\n"
        "decision follows from what was stored with it.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
