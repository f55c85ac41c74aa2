#include "try_rows.h"

#include "decode/json.h"
#include "schemas/events.h"

#include <stdlib.h>
#include <string.h>

/* A row of a table that has this key: by the key that it gives, by what names it, or else the first that
 * has neither. */
static json_t *row_find(struct deriving *deriving, const struct row_type *type,
                        const char *key_name, const struct uuid *key)
{
    json_t *table = json_object_get(deriving->facts, type->table), *bare = NULL;
    size_t count = json_is_array(table) ? json_array_size(table) : json_is_object(table);
    for (size_t i = 0; i < count; i++) {
        json_t *row = json_is_array(table) ? json_array_get(table, i) : table;
        const char *given = json_string_value(json_object_get(row, key_name));
        struct uuid own;
        bool named = given != NULL ? uuid_parse(slice_of(given), &own)
                                   : deriving->desk->key_of_row(deriving->seal,
                                                                deriving->trial->programme->id,
                                                                type->table, row, &own);
        if (named && uuid_equal(&own, key))
            return row;
        if (!named && given == NULL && bare == NULL)
            bare = row;
    }
    return bare;
}

static const char *key_name_of(const struct row_type *type)
{
    for (size_t i = 0; i < type->record->field_count; i++)
        if (type->record->fields[i].offset == type->key_offset)
            return type->record->fields[i].name;
    return "";
}

/* What such a row has in a worker's table whenever it is looked at: whoever completes a course had bought it, and
 * an account that is linked has a number. */
static void usual_add(const struct deriving *deriving, const char *table, json_t *row)
{
    bool bought = deriving->handler->event == &course_completed_event;
    if (strcmp(table, "account") == 0 && json_object_get(row, "account_no_sealed") == NULL)
        json_object_set_new(row, "account_no_sealed", json_string("00"));
    if (!bought || strcmp(table, "enrolment") != 0)
        return;
    if (json_object_get(row, "ordinal") == NULL)
        json_object_set_new(row, "ordinal", json_integer(1));
    if (json_object_get(row, "status") == NULL)
        json_object_set_new(row, "status", json_string("ACCEPTED"));
}

static bool row_read(struct deriving *deriving, const struct row_type *type,
                     const struct uuid *key, void **row)
{
    const char *key_name = key_name_of(type);
    json_t *json = row_find(deriving, type, key_name, key);
    struct trial *trial = deriving->trial;
    struct error error;
    char text[UUID_TEXT_SIZE + 1];
    *row = NULL;
    if (json == NULL)
        return true;
    uuid_format(key, text);
    json_object_set_new(json, key_name, json_string(text));
    usual_add(deriving, type->table, json);
    fill_record(&deriving->filling, type->record, json);
    json_object_set_new(json, "version", json_integer(1));
    char *dumped = json_dumps(json, JSON_COMPACT);
    void *made = arena_alloc(trial->arena, type->record->size);
    bool good =
        dumped != NULL && made != NULL &&
        record_from_json(type->record, slice_of(dumped), trial->arena, made, &error) == OK;
    if (!good)
        trial_fault(trial, "\"facts\": table \"%s\": %s", type->table,
                    dumped == NULL || made == NULL ? "too large" : error.text);
    free(dumped);
    *row = made;
    return good;
}

bool rows_answer(void *context, struct facts *facts)
{
    struct deriving *deriving = context;
    for (struct fact *fact = facts->first; fact != NULL; fact = fact->next_in_order) {
        void *row = NULL;
        if (fact->state != FACT_WANTED)
            continue;
        if (!deriving->failed &&
            !row_read(deriving, facts->tables[fact->table].row, &fact->key, &row))
            deriving->failed = true;
        facts_loaded(facts, fact, deriving->failed ? NULL : row);
    }
    return true;
}
