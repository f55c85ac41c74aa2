#include "explaining.h"

#include "ctl_embedded.h"
#include "explain_json.h"
#include "explain_words.h"
#include "rulebook.h"
#include "rules/sentence.h"
#include "subject_id.h"

#include <assert.h>
#include <stdio.h>

enum { MOVES_BOUND = 100, LINE_SIZE = 512 };

const struct programme *explaining_book(struct explaining *explaining, struct slice programme,
                                        struct slice hash)
{
    char wanted[RULES_HASH_SIZE + 1];
    snprintf(wanted, sizeof wanted, "%.*s", SLICE_ARGS(hash));
    for (size_t i = 0; i < explaining->book_count; i++)
        if (hash.size > 0 ? strcmp(explaining->books[i]->rules_hash, wanted) == 0
                          : slice_equal(explaining->books[i]->id, programme))
            return explaining->books[i];
    if (explaining->book_count == RULEBOOKS) {
        error_set(&explaining->call->error, STOP, "more than %d programme files", RULEBOOKS);
        return NULL;
    }
    struct programme *book =
        rulebook_published(&explaining->session, programme, hash.size > 0 ? wanted : NULL);
    if (book != NULL)
        explaining->books[explaining->book_count++] = book;
    return book;
}

struct page explaining_page(const struct explaining *explaining,
                            const struct programme *programme)
{
    return (struct page){programme, explaining->language, explaining->everything};
}

bool explaining_first(struct explaining *explaining, const char *words)
{
    char line[LINE_SIZE];
    int size = snprintf(line, sizeof line, "\n%s\n", words);
    struct buffer *said = &explaining->said;
    assert(size > 0 && (size_t)size < sizeof line);
    if (said->size > 0 && memmem(said->data, said->size, line, (size_t)size) != NULL)
        return false;
    buffer_append(said, line, (size_t)size);
    return true;
}

void explaining_withhold(struct explaining *explaining, const char *schema, const char *view)
{
    char what[LINE_SIZE / 2];
    snprintf(what, sizeof what, "%s.%s", schema, view);
    explaining->withheld_count++;
    if (!explaining_first(explaining, what))
        return;
    if (explaining->withheld != NULL) {
        json_array_append_new(explaining->withheld, json_string(what));
        return;
    }
    sentence_write(SENTENCE(&explaining->text, page_phrase(explaining->language, PAGE_WITHHELD),
                            {"what", slice_of(what)}));
    text_write(&explaining->text, "\n");
}

void explaining_print(struct explaining *explaining)
{
    fwrite(explaining->text.data, 1, explaining->text.size, stdout);
    buffer_clear(&explaining->text);
}

/* False where there is no such view, or this login may not read it; then it was said. */
static enum outcome readable(struct explaining *explaining, const char *schema,
                             const char *view, bool *may)
{
    const char *parameters[] = {schema, view};
    PGresult *result = sql_run(explaining->session.sql, ctl_sql_explain_readable_sql,
                               parameters, 2, &explaining->call->error);
    if (result == NULL)
        return STOP;
    *may = PQntuples(result) == 1 && slice_is(sql_text(result, 0, 0), "t");
    if (PQntuples(result) == 1 && !*may)
        explaining_withhold(explaining, schema, view);
    PQclear(result);
    return OK;
}

static void draw_add(struct explaining *explaining, const PGresult *rows, int row)
{
    struct told_draw draw = {.programme = sql_text(rows, row, 0),
                             .wave = (int)sql_number(rows, row, 1),
                             .rank = sql_number(rows, row, 2),
                             .pool = sql_number(rows, row, 3),
                             .selected = slice_is(sql_text(rows, row, 4), "t"),
                             .priority_class = (int)sql_number(rows, row, 5),
                             .digest = sql_text(rows, row, 6),
                             .seed = sql_text(rows, row, 7),
                             .seed_sha256 = sql_text(rows, row, 8),
                             .announced_at = sql_number(rows, row, 9),
                             .drawn_at = sql_number(rows, row, 10),
                             .chosen = sql_number(rows, row, 11),
                             .last = sql_number(rows, row, 12)};
    struct page page = explaining_page(
        explaining, explaining_book(explaining, draw.programme, (struct slice){0}));
    if (explaining->draws != NULL) {
        json_array_append_new(explaining->draws, draw_json(&page, &draw));
        return;
    }
    draw_tell(&page, &draw, &explaining->text);
    text_write(&explaining->text, "\n");
}

enum outcome explain_draws(struct explaining *explaining, const char *id)
{
    const char *parameters[] = {id, subject_id_uuid(id)};
    bool applications = false, entries = false;
    enum outcome outcome =
        readable(explaining, "application_read", "application", &applications);
    if (outcome == OK)
        outcome = readable(explaining, "kerja", "draw_entry", &entries);
    if (outcome != OK || !applications || !entries)
        return outcome;
    PGresult *rows = sql_run(explaining->session.sql, ctl_sql_explain_draws_sql, parameters, 2,
                             &explaining->call->error);
    if (rows == NULL)
        return STOP;
    for (int row = 0; row < PQntuples(rows); row++)
        draw_add(explaining, rows, row);
    PQclear(rows);
    explaining_print(explaining);
    return OK;
}

/* Codes apart by spaces. */
static void reasons_split(struct slice text, struct told_instalment *instalment)
{
    while (text.size > 0 && instalment->reason_count < TOLD_REASONS) {
        const char *space = memchr(text.data, ' ', text.size);
        size_t size = space == NULL ? text.size : (size_t)(space - text.data);
        instalment->reasons[instalment->reason_count++] = (struct slice){text.data, size};
        size += space != NULL;
        text = (struct slice){text.data + size, text.size - size};
    }
}

static enum outcome moves_read(struct explaining *explaining, const char *entitlement_id,
                               struct told_move moves[static MOVES_BOUND], size_t *count)
{
    const char *parameters[] = {entitlement_id};
    PGresult *rows = sql_run(explaining->session.sql, ctl_sql_explain_moves_sql, parameters, 1,
                             &explaining->call->error);
    if (rows == NULL)
        return STOP;
    *count = 0;
    for (int row = 0; row < PQntuples(rows) && *count < MOVES_BOUND; row++)
        moves[(*count)++] = (struct told_move){.attempt = (int)sql_number(rows, row, 0),
                                               .out = slice_is(sql_text(rows, row, 1), "t"),
                                               .paid = slice_is(sql_text(rows, row, 2), "t"),
                                               .amount_hundredths = sql_number(rows, row, 3),
                                               .at = sql_number(rows, row, 4)};
    PQclear(rows);
    return OK;
}

static enum outcome instalment_add(struct explaining *explaining, const PGresult *rows, int row,
                                   bool ledger)
{
    struct told_move moves[MOVES_BOUND];
    struct told_instalment told = {.entitlement_id = sql_text(rows, row, 0),
                                   .item = sql_text(rows, row, 2),
                                   .number = (int)sql_number(rows, row, 3),
                                   .payee_kind = sql_text(rows, row, 4),
                                   .has_amount = PQgetisnull(rows, row, 5) == 0,
                                   .amount_hundredths = sql_number(rows, row, 5),
                                   .due_on = (epoch_day)sql_number(rows, row, 6),
                                   .status = sql_text(rows, row, 7),
                                   .partner = sql_text(rows, row, 9),
                                   .moves = moves};
    reasons_split(sql_text(rows, row, 8), &told);
    if (ledger &&
        moves_read(explaining, PQgetvalue(rows, row, 0), moves, &told.move_count) != OK)
        return STOP;
    const struct programme *book =
        explaining_book(explaining, sql_text(rows, row, 1), (struct slice){0});
    if (book == NULL)
        return STOP;
    struct page page = explaining_page(explaining, book);
    if (explaining->instalments != NULL)
        json_array_append_new(explaining->instalments, instalment_json(&page, &told));
    else
        instalment_tell(&page, &told, &explaining->text);
    return OK;
}

enum outcome explain_instalments(struct explaining *explaining, const char *id)
{
    const char *parameters[] = {id, subject_id_uuid(id)};
    bool entitlements = false, ledger = false;
    enum outcome outcome = readable(explaining, "incentive_read", "entitlement", &entitlements);
    if (outcome == OK)
        outcome = readable(explaining, "incentive_read", "ledger_entry", &ledger);
    if (outcome != OK || !entitlements)
        return outcome;
    PGresult *rows = sql_run(explaining->session.sql, ctl_sql_explain_instalments_sql,
                             parameters, 2, &explaining->call->error);
    if (rows == NULL)
        return STOP;
    for (int row = 0; outcome == OK && row < PQntuples(rows); row++)
        outcome = instalment_add(explaining, rows, row, ledger);
    if (PQntuples(rows) > 0 && explaining->instalments == NULL)
        text_write(&explaining->text, "\n");
    PQclear(rows);
    explaining_print(explaining);
    return outcome;
}
