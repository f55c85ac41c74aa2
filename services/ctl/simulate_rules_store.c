#include "simulate_rules_store.h"

#include "ctl_embedded.h"
#include "rulebook.h"
#include "worker/explanation.h"
#include "worker/service.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STORE_ARENA = 64 << 20, ROOM_AT_FIRST = 1024, TEXTS = 7 };

/* Copies the texts of a row into one piece of memory. */
static bool texts_keep(struct simulated_application *application, const PGresult *rows, int row)
{
    static const int columns[TEXTS] = {1, 2, 4, 5, 6, 7, 10};
    struct slice *texts[TEXTS] = {&application->id,        &application->scheme,
                                  &application->region,    &application->status,
                                  &application->reasons,   &application->waived,
                                  &application->told_under};
    size_t size = 1;
    for (size_t i = 0; i < TEXTS; i++)
        size += sql_text(rows, row, columns[i]).size;
    char *at = application->texts = malloc(size);
    for (size_t i = 0; at != NULL && i < TEXTS; i++) {
        struct slice text = sql_text(rows, row, columns[i]);
        memcpy(at, text.data, text.size);
        *texts[i] = (struct slice){at, text.size};
        at += text.size;
    }
    return application->texts != NULL;
}

static enum simulated_lot lot_of(struct slice said)
{
    return slice_is(said, "SELECTED")    ? LOT_SELECTED
           : slice_is(said, "NOT_DRAWN") ? LOT_NOT_DRAWN
                                         : LOT_NONE;
}

static bool application_add(struct simulated_store *store, const PGresult *rows, int row)
{
    if (store->count == store->room) {
        size_t room = store->room == 0 ? ROOM_AT_FIRST : store->room * 2;
        struct simulated_application *grown = realloc(store->items, room * sizeof *grown);
        if (grown == NULL)
            return false;
        store->items = grown;
        store->room = room;
    }
    struct simulated_application *application = &store->items[store->count];
    *application =
        (struct simulated_application){.wave = (int)sql_number(rows, row, 3),
                                       .committed_hundredths = sql_number(rows, row, 8),
                                       .submitted_at = sql_number(rows, row, 9),
                                       .family = (uint32_t)sql_number(rows, row, 11),
                                       .family_awards = (uint16_t)sql_number(rows, row, 12),
                                       .lot = lot_of(sql_text(rows, row, 13))};
    bool good = uuid_parse(sql_text(rows, row, 0), &application->key) &&
                texts_keep(application, rows, row);
    store->count += good;
    return good;
}

/* Opens a cursor and gives each of its rows to `take`. */
static bool cursor_read(struct session *session, const char *statement, const char *fetch,
                        const char *const *parameters, int parameter_count,
                        bool (*take)(struct session *session, struct simulated_store *store,
                                     const PGresult *rows, int row),
                        struct simulated_store *store)
{
    struct error *error = &session->call->error;
    PGresult *cursor = sql_run(session->sql, statement, parameters, parameter_count, error);
    bool good = cursor != NULL, more = good;
    PQclear(cursor);
    while (good && more) {
        PGresult *rows = sql_run(session->sql, fetch, NULL, 0, error);
        good = rows != NULL;
        more = good && PQntuples(rows) > 0;
        for (int row = 0; good && more && row < PQntuples(rows); row++)
            good = take(session, store, rows, row);
        PQclear(rows);
    }
    return good;
}

static bool application_take(struct session *session, struct simulated_store *store,
                             const PGresult *rows, int row)
{
    progress_show("applications", (int64_t)store->count, 0);
    return application_add(store, rows, row) ||
           error_set(&session->call->error, STOP,
                     "cannot hold that many applications: no memory") == OK;
}

static struct simulated_application *application_find(struct simulated_store *store,
                                                      const struct uuid *key)
{
    size_t low = 0, high = store->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = uuid_compare(&store->items[middle].key, key);
        if (order == 0)
            return &store->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static const struct programme *book_find(struct session *session, struct simulated_store *store,
                                         const struct explanation *explanation)
{
    char hash[RULES_HASH_SIZE + 1];
    snprintf(hash, sizeof hash, "%.*s", SLICE_ARGS(explanation->rules_hash));
    for (size_t i = 0; i < store->book_count; i++)
        if (strcmp(store->books[i]->rules_hash, hash) == 0)
            return store->books[i];
    if (store->book_count == SIMULATED_BOOKS) {
        error_set(&session->call->error, STOP, "more than %d programme files", SIMULATED_BOOKS);
        return NULL;
    }
    struct programme *book = rulebook_published(session, explanation->programme, hash);
    if (book != NULL)
        store->books[store->book_count++] = book;
    return book;
}

static bool see(struct session *session, struct simulated_store *store,
                struct simulated_application *application,
                const struct explanation *explanation, bool registers_only)
{
    char *merged;
    size_t size;
    struct slice known = {application->seen, application->seen_size};
    const struct programme *book = book_find(session, store, explanation);
    if (book == NULL ||
        simulated_see(known, explanation->verdict, registers_only, &store->arena,
                      &store->judging, &merged, &size, &session->call->error) != OK)
        return false;
    free(application->seen);
    application->seen = merged;
    application->seen_size = size;
    if (!registers_only && store->judging.newer.condition_count > 0)
        application->book = book;
    return true;
}

/* A register's word about a person is judged for each of his or her applications, and the last one's verdict is
 * kept: of the others it tells what the registers say. */
static bool explanation_take(struct session *session, struct simulated_store *store,
                             const struct explanation *explanation)
{
    size_t applications = 0;
    bool good = true;
    if (explanation->kind != DECIDED || explanation->programme.size == 0)
        return true;
    for (size_t i = 0; i < explanation->row_count; i++)
        applications += slice_is(explanation->rows[i].table, "application");
    for (size_t i = 0; good && i < explanation->row_count; i++) {
        struct simulated_application *application =
            slice_is(explanation->rows[i].table, "application")
                ? application_find(store, &explanation->rows[i].key)
                : NULL;
        if (application != NULL)
            good = see(session, store, application, explanation, applications > 1);
    }
    return good;
}

static bool segment_take(struct session *session, struct simulated_store *store,
                         const PGresult *rows, int row)
{
    struct error *error = &session->call->error;
    struct explanation explanation;
    size_t size = 0;
    unsigned char *bytes =
        PQunescapeBytea((const unsigned char *)PQgetvalue(rows, row, 0), &size);
    struct slice segment = {(const char *)bytes, size};
    bool good = bytes != NULL;
    error->text[0] = '\0';
    arena_reset(&store->arena);
    while (good && explanation_read(&segment, &store->arena, &explanation, error)) {
        good = explanation_take(session, store, &explanation);
        arena_reset(&store->arena);
    }
    PQfreemem(bytes);
    if (bytes == NULL)
        error_set(error, STOP, "cannot read a decision segment: no memory");
    return good && error->text[0] == '\0';
}

static int ids_compare(const void *a, const void *b)
{
    return slice_compare(((const struct simulated_application *)a)->id,
                         ((const struct simulated_application *)b)->id);
}

bool simulated_store_read(struct session *session, const char *programme, const char *wave,
                          const char *by, struct simulated_store *store)
{
    const char *parameters[] = {programme, wave, by};
    *store = (struct simulated_store){0};
    if (!arena_init(&store->arena, STORE_ARENA)) {
        error_set(&session->call->error, STOP, "cannot reserve memory for a decision");
        return false;
    }
    bool good =
        cursor_read(session, ctl_sql_simulate_applications_sql,
                    "FETCH 10000 FROM simulated_applications", parameters, 3, application_take,
                    store) &&
        cursor_read(session, ctl_sql_simulate_segments_sql, "FETCH 10 FROM simulated_segments",
                    parameters, 2, segment_take, store);
    progress_end();
    if (good && store->count > 0)
        qsort(store->items, store->count, sizeof *store->items, ids_compare);
    return good;
}

struct simulated_application *simulated_store_find(const struct simulated_store *store,
                                                   struct slice id)
{
    const struct simulated_application wanted = {.id = id};
    return bsearch(&wanted, store->items, store->count, sizeof *store->items, ids_compare);
}

void simulated_store_release(struct simulated_store *store)
{
    for (size_t i = 0; i < store->count; i++) {
        free(store->items[i].texts);
        free(store->items[i].seen);
        free(store->items[i].before);
        free(store->items[i].after);
    }
    free(store->items);
    for (size_t i = 0; i < store->book_count; i++)
        programme_free(store->books[i]);
    arena_release(&store->arena);
    *store = (struct simulated_store){0};
}
