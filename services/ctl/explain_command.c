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
#include "explain_json.h"
#include "explain_words.h"
#include "explaining.h"
#include "rules/recheck.h"
#include "rules/sentence.h"
#include "rules/verdict_bytes.h"
#include "subject_id.h"
#include "worker/service.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXPLAIN_ARENA = 128 << 20, CHAIN_BOUND = 1000, ROWS_BOUND = 64 };

/* The verdict of a decision, and whether it comes out the same when decided again; what is wrong stands in `error`. */
static void verdict_recall(struct explaining *explaining, const struct explanation *explanation,
                           const struct programme *book, struct verdict *verdict,
                           struct error *error, struct told_decision *told)
{
    told->error = error->text;
    if (book == NULL ||
        verdict_read(explanation->verdict, &explaining->arena, verdict, error) != OK) {
        explaining->different++;
        return;
    }
    told->verdict = verdict;
    told->error = NULL;
    if (!explaining->check)
        return;
    explaining->checked++;
    told->check = rules_recheck(verdict, book, error) ? CHECKED_SAME : CHECKED_DIFFERENT;
    if (told->check == CHECKED_SAME)
        return;
    told->error = error->text;
    explaining->different++;
}

/* True when the decision was told under another row already. */
static bool told_above(struct explaining *explaining, const char *service,
                       const struct place *place)
{
    char words[PLACE_SIZE + 80];
    snprintf(words, sizeof words, "%s/%s/%d/%lld", service, place->topic, (int)place->partition,
             (long long)place->offset);
    return !explaining_first(explaining, words);
}

static struct told_row *rows_of(struct explaining *explaining,
                                const struct explanation *explanation)
{
    struct told_row *rows =
        arena_alloc(&explaining->arena, (explanation->row_count + 1) * sizeof *rows);
    for (size_t i = 0; rows != NULL && i < explanation->row_count; i++)
        rows[i] = (struct told_row){explanation->rows[i].table, explanation->rows[i].version};
    return rows;
}

/* What stands where, of the row that is walked. */
struct walk {
    const char *service, *table;
    struct uuid row;
    struct slice state;
    char key[UUID_TEXT_SIZE + 1];
};

static void decision_add(struct explaining *explaining, const struct walk *walk,
                         const struct place *place, const struct explanation *explanation)
{
    static struct verdict verdict;
    struct error *error = &explaining->call->error;
    struct told_decision told = {.service = walk->service,
                                 .table = slice_of(walk->table),
                                 .key = slice_of(walk->key),
                                 .state = walk->state,
                                 .kind = explanation->kind,
                                 .occurred_at = explanation->occurred_at,
                                 .topic = slice_of(place->topic),
                                 .partition = place->partition,
                                 .offset = place->offset,
                                 .programme = explanation->programme,
                                 .scheme = explanation->scheme,
                                 .rules_hash = explanation->rules_hash,
                                 .rows = rows_of(explaining, explanation),
                                 .row_count = explanation->row_count};
    const struct programme *book = NULL;
    if (told.rows == NULL)
        told.row_count = 0;
    told.told_above = told_above(explaining, walk->service, place);
    if (told.programme.size > 0) {
        book = explaining_book(explaining, told.programme, told.rules_hash);
        if (!told.told_above || explaining->decisions != NULL)
            verdict_recall(explaining, explanation, book, &verdict, error, &told);
    }
    struct page page = explaining_page(explaining, book);
    if (explaining->decisions != NULL) {
        json_array_append_new(explaining->decisions, decision_json(&page, &told));
    } else {
        decision_tell(&page, &told, &explaining->text);
        text_write(&explaining->text, told.told_above ? "" : "\n");
    }
    explaining_print(explaining);
    explaining->told += !told.told_above;
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

/* Decisions are kept for as long as the operator keeps their segments. */
static void lost_tell(struct explaining *explaining, const char *why)
{
    if (explaining->withheld != NULL) {
        json_array_append_new(explaining->withheld, json_string(why));
        return;
    }
    text_write(&explaining->text, "  ");
    sentence_write(SENTENCE(&explaining->text,
                            page_phrase(explaining->language, PAGE_CANNOT_BE_TOLD),
                            {"error", slice_of(why)}));
    text_write(&explaining->text, "\n");
    explaining_print(explaining);
}

/* Walks the chain of one row, at most CHAIN_BOUND decisions of it. Decisions that are not kept any more end it with a sentence. */
static enum outcome row_walk(struct explaining *explaining, const struct walk *walk,
                             struct place place)
{
    struct error *error = &explaining->call->error;
    for (size_t step = 0; step < CHAIN_BOUND; step++) {
        struct explanation explanation;
        struct place here = place;
        arena_reset(&explaining->arena);
        enum outcome outcome = segment_find(&explaining->session, walk->service, &here,
                                            &walk->row, &explaining->segment);
        if (outcome == OK && !segment_pick(buffer_slice(&explaining->segment), &here,
                                           &walk->row, &explaining->arena, &explanation, error))
            outcome = error_set(error, REJECT, "cannot find the row's decision in its segment");
        if (outcome == REJECT)
            lost_tell(explaining, error->text);
        if (outcome != OK)
            return outcome == REJECT ? OK : outcome;
        decision_add(explaining, walk, &here, &explanation);
        if (!before_find(&explanation, walk->table, &walk->row, &place))
            return OK;
    }
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
        struct walk walk = {
            .service = service, .table = table, .state = sql_text(rows, row, 2)};
        struct place place;
        if (!uuid_parse(sql_text(rows, row, 0), &walk.row) ||
            !place_parse(sql_text(rows, row, 1), &place))
            continue;
        uuid_format(&walk.row, walk.key);
        struct page page = explaining_page(explaining, NULL);
        if (explaining->decisions == NULL)
            row_tell(&page, service, slice_of(table), slice_of(walk.key), walk.state,
                     &explaining->text);
        outcome = row_walk(explaining, &walk, place);
    }
    PQclear(rows);
    return outcome;
}

static void table_withhold(struct explaining *explaining, const char *service,
                           const char *table)
{
    char schema[64];
    snprintf(schema, sizeof schema, "%s_read", service);
    explaining_withhold(explaining, schema, table);
}

static enum outcome tables_walk(struct explaining *explaining, const char *id)
{
    enum outcome outcome = OK;
    PGresult *tables = sql_run(explaining->session.sql, ctl_sql_explain_rows_sql, NULL, 0,
                               &explaining->call->error);
    if (tables == NULL)
        return STOP;
    for (int i = 0; outcome == OK && i < PQntuples(tables); i++) {
        if (slice_is(sql_text(tables, i, 3), "t"))
            outcome = table_walk(explaining, PQgetvalue(tables, i, 0), PQgetvalue(tables, i, 1),
                                 PQgetvalue(tables, i, 2), id);
        else
            table_withhold(explaining, PQgetvalue(tables, i, 0), PQgetvalue(tables, i, 1));
    }
    PQclear(tables);
    explaining_print(explaining);
    return outcome;
}

static void summary_tell(struct explaining *explaining)
{
    struct buffer told = {0}, checked = {0}, different = {0};
    number_write(&told, (long long)explaining->told);
    number_write(&checked, (long long)explaining->checked);
    number_write(&different, (long long)explaining->different);
    sentence_write(SENTENCE(&explaining->text, page_phrase(explaining->language, PAGE_SUMMARY),
                            {"decisions", buffer_slice(&told)},
                            {"checked", buffer_slice(&checked)},
                            {"different", buffer_slice(&different)}));
    text_write(&explaining->text, "\n");
    buffer_release(&told);
    buffer_release(&checked);
    buffer_release(&different);
    explaining_print(explaining);
}

/* One object: what was told, in the order of telling. */
static void json_print(struct explaining *explaining, const char *id)
{
    json_t *whole = json_object();
    json_object_set_new(whole, "id", json_string(id));
    json_object_set(whole, "decisions", explaining->decisions);
    json_object_set(whole, "draws", explaining->draws);
    json_object_set(whole, "instalments", explaining->instalments);
    json_object_set(whole, "withheld", explaining->withheld);
    if (explaining->check) {
        json_object_set_new(whole, "decided_again",
                            json_integer((json_int_t)explaining->checked));
        json_object_set_new(whole, "different",
                            json_integer((json_int_t)explaining->different));
    }
    json_dumpf(whole, stdout, JSON_INDENT(2));
    printf("\n");
    json_decref(whole);
}

static int explain(struct explaining *explaining, const char *id)
{
    /* What came of it first, in a few lines; then why, decision by decision. */
    if (explain_instalments(explaining, id) != OK || explain_draws(explaining, id) != OK ||
        tables_walk(explaining, id) != OK)
        return call_fails(explaining->call, NULL);
    if (explaining->told == 0 && explaining->withheld_count > 0)
        return call_fails(explaining->call, "nothing that this login may read tells of \"%s\"",
                          id);
    if (explaining->told == 0)
        return call_fails(explaining->call,
                          "no decision is known of \"%s\": expected the id of an application, "
                          "award, enrolment or entitlement",
                          id);
    if (explaining->decisions != NULL)
        json_print(explaining, id);
    else if (explaining->check)
        summary_tell(explaining);
    return explaining->check && explaining->different > 0 ? EXIT_FAILED : EXIT_DONE;
}

static void explaining_close(struct explaining *explaining)
{
    for (size_t i = 0; i < explaining->book_count; i++)
        programme_free(explaining->books[i]);
    json_decref(explaining->decisions);
    json_decref(explaining->draws);
    json_decref(explaining->instalments);
    json_decref(explaining->withheld);
    buffer_release(&explaining->text);
    buffer_release(&explaining->said);
    buffer_release(&explaining->segment);
    arena_release(&explaining->arena);
    session_close(&explaining->session);
}

static int run(struct call *call)
{
    const char *language = call_value(call, "--language");
    bool json = call_value(call, "--json") != NULL;
    struct explaining explaining = {.call = call,
                                    .language = slice_of(language == NULL ? "en" : language),
                                    .everything = call_value(call, "--all") != NULL,
                                    .check = call_value(call, "--check") != NULL};
    if (subject_id_is_national(call->words[0]))
        return call_misused(call, "national ids are not accepted on a command line");
    if (json) {
        explaining.decisions = json_array();
        explaining.draws = json_array();
        explaining.instalments = json_array();
        explaining.withheld = json_array();
    }
    int status = session_open(&explaining.session, call, OPEN_SQL);
    if (status == EXIT_DONE && !arena_init(&explaining.arena, EXPLAIN_ARENA))
        status = call_fails(call, "cannot reserve memory for a decision");
    if (status == EXIT_DONE)
        status = explain(&explaining, call->words[0]);
    explaining_close(&explaining);
    return status;
}

static const struct call_option options[] = {
    {"--check", NULL, "decide each again from its own values; status 1 on any difference"},
    {"--all", NULL, "tell the conditions that passed, too"},
    {"--language", "L", "id, ms or en (en)"},
    {"--json", NULL, "one object for programs, with the same sentences"},
};

const struct command explain_command = {
    .name = "explain",
    .arguments = "ID",
    .least = 1,
    .most = 1,
    .summary = "tells why, decision by decision, newest first",
    .description =
        "ID is that of an application, award, enrolment or entitlement. First its instalments, "
        "with\n"
        "what was asked of the bank and paid, and its place in the draw. Then for each "
        "decision "
        "about it:\n"
        "when, which record caused it, by which file, each condition that failed or was not "
        "known,\n"
        "with what it required, what it found and who says so, the reasons as the person was "
        "told\n"
        "them, what ends a hold and what would have to change. --check proves that each "
        "decision\n"
        "follows from what was stored with it.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
