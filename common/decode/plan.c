#include "decode/plan.h"

#include "decode/reading.h"

#include <assert.h>
#include <avro.h>
#include <stdlib.h>

enum { DEPTH_BOUND = 16 }; /* a schema that contains itself has no plan */

/* One type of the writer's schema, seen from the member of ours that takes its value. */
struct node {
    avro_type_t type;
    const struct field *target; /* NULL: nobody asks, the bytes are skipped */
    bool readable;              /* the value can be taken as target's kind  */
    struct node *children;      /* fields, branches, or the one kind of item */
    size_t child_count;
    int32_t *symbols; /* enum: the writer's index to ours; child_count of them */
    size_t fixed_size;
    const struct record_type *record; /* a record that is taken: ours       */
};

struct plan {
    avro_schema_t schema;
    struct node root;
};

static void node_release(struct node *node)
{
    if (node->children != NULL)
        for (size_t i = 0; i < node->child_count; i++)
            node_release(&node->children[i]);
    free(node->children);
    free(node->symbols);
}

/* --- making --- */

static bool kind_reads(enum field_kind kind, avro_type_t type)
{
    switch (kind) {
    case FIELD_BOOL:
        return type == AVRO_BOOLEAN;
    case FIELD_INT:
    case FIELD_DAY:
        return type == AVRO_INT32;
    case FIELD_LONG:
    case FIELD_INSTANT:
        return type == AVRO_INT64 || type == AVRO_INT32;
    case FIELD_MONEY:
        return type == AVRO_BYTES;
    case FIELD_UUID:
        return type == AVRO_STRING;
    case FIELD_TEXT:
    case FIELD_BYTES:
        return type == AVRO_STRING || type == AVRO_BYTES;
    case FIELD_SYMBOL:
        return type == AVRO_ENUM;
    case FIELD_RECORD:
        return type == AVRO_RECORD;
    }
    return false;
}

static bool node_make(struct node *node, avro_schema_t schema, const struct field *target,
                      const struct record_type *record, int depth, struct error *error);

static bool make_children(struct node *node, size_t count, struct error *error)
{
    node->children = calloc(count == 0 ? 1 : count, sizeof *node->children);
    if (node->children == NULL) {
        error_set(error, STOP, "cannot plan a schema: no memory");
        return false;
    }
    node->child_count = count;
    return true;
}

static bool make_symbols(struct node *node, avro_schema_t schema, struct error *error)
{
    node->child_count = (size_t)avro_schema_enum_number_of_symbols(schema);
    node->symbols = calloc(node->child_count + 1, sizeof *node->symbols);
    if (node->symbols == NULL) {
        error_set(error, STOP, "cannot plan a schema: no memory");
        return false;
    }
    for (size_t i = 0; node->readable && i < node->child_count; i++)
        node->symbols[i] =
            symbols_find(node->target->symbols, slice_of(avro_schema_enum_get(schema, (int)i)));
    return true;
}

static bool writer_has(avro_schema_t schema, const char *name)
{
    return avro_schema_record_field_get_index(schema, name) >= 0;
}

static bool make_record(struct node *node, avro_schema_t schema,
                        const struct record_type *record, int depth, struct error *error)
{
    size_t count = avro_schema_record_size(schema);
    if (!make_children(node, count, error))
        return false;
    node->record = record;
    for (size_t i = 0; i < count; i++) {
        const char *name = avro_schema_record_field_name(schema, (int)i);
        const struct field *target =
            record == NULL ? NULL : record_type_field(record, slice_of(name));
        if (!node_make(&node->children[i],
                       avro_schema_record_field_get_by_index(schema, (int)i), target,
                       target == NULL ? NULL : target->record, depth + 1, error))
            return false;
    }
    for (size_t i = 0; record != NULL && i < record->field_count; i++)
        if (!record->fields[i].has_default && !writer_has(schema, record->fields[i].name)) {
            error_set(error, STOP, "cannot read writers of \"%s\": they lack \"%s\"",
                      record->name, record->fields[i].name);
            return false;
        }
    return true;
}

static bool make_branches(struct node *node, avro_schema_t schema, const struct field *target,
                          const struct record_type *record, int depth, struct error *error)
{
    size_t count = avro_schema_union_size(schema);
    if (!make_children(node, count, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!node_make(&node->children[i], avro_schema_union_branch(schema, (int)i), target,
                       record, depth + 1, error))
            return false;
    return true;
}

static bool node_make(struct node *node, avro_schema_t schema, const struct field *target,
                      const struct record_type *record, int depth, struct error *error)
{
    if (avro_typeof(schema) == AVRO_LINK)
        schema = avro_schema_link_target(schema);
    node->type = avro_typeof(schema);
    node->target = target;
    if (depth > DEPTH_BOUND) {
        error_set(error, STOP, "cannot plan a schema that is nested more than %d deep",
                  DEPTH_BOUND);
        return false;
    }
    bool listed = target != NULL && target->repeated;
    node->readable = target != NULL && kind_reads(target->kind, node->type);
    switch (node->type) {
    case AVRO_RECORD:
        return make_record(node, schema, node->readable || depth == 0 ? record : NULL, depth,
                           error);
    case AVRO_ENUM:
        return make_symbols(node, schema, error);
    case AVRO_UNION:
        return make_branches(node, schema, target, record, depth, error);
    case AVRO_FIXED:
        node->fixed_size = (size_t)avro_schema_fixed_size(schema);
        return true;
    case AVRO_ARRAY:
        node->readable = listed;
        return make_children(node, 1, error) &&
               node_make(node->children, avro_schema_array_items(schema), target, record,
                         depth + 1, error);
    case AVRO_MAP:
        return make_children(node, 1, error) &&
               node_make(node->children, avro_schema_map_values(schema), NULL, NULL, depth + 1,
                         error);
    default:
        return true;
    }
}

struct plan *plan_new(const char *schema_json, const struct record_type *type,
                      struct error *error)
{
    struct plan *plan = calloc(1, sizeof *plan);
    if (plan == NULL) {
        error_set(error, STOP, "cannot plan \"%s\": no memory", type->name);
        return NULL;
    }
    if (avro_schema_from_json_length(schema_json, strlen(schema_json), &plan->schema) != 0)
        error_set(error, STOP, "cannot parse a schema of \"%s\": %s", type->name,
                  avro_strerror());
    else if (avro_typeof(plan->schema) != AVRO_RECORD)
        error_set(error, STOP, "cannot plan \"%s\": its schema is not a record", type->name);
    else if (node_make(&plan->root, plan->schema, NULL, type, 0, error))
        return plan;
    plan_free(plan);
    return NULL;
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    node_release(&plan->root);
    if (plan->schema != NULL)
        avro_schema_decref(plan->schema);
    free(plan);
}

/* --- skipping --- */

static bool skip(const struct node *node, struct reading *reading);

static bool skip_items(const struct node *node, struct reading *reading)
{
    size_t count;
    for (;;) {
        if (!reading_block(reading, &count))
            return false;
        if (count == 0)
            return true;
        for (size_t i = 0; i < count; i++) {
            struct slice key;
            if (node->type == AVRO_MAP && !reading_bytes(reading, &key))
                return false;
            if (!skip(node->children, reading))
                return false;
        }
    }
}

/* The branch that was taken, or NULL. */
static const struct node *read_branch(const struct node *node, struct reading *reading)
{
    int64_t branch;
    if (!reading_long(reading, &branch))
        return NULL;
    if (branch < 0 || (uint64_t)branch >= node->child_count) {
        reading_fails(reading, DECODE_MALFORMED, NULL);
        return NULL;
    }
    return &node->children[branch];
}

static bool skip_record(const struct node *node, struct reading *reading)
{
    for (size_t i = 0; i < node->child_count; i++)
        if (!skip(&node->children[i], reading))
            return false;
    return true;
}

static bool skip(const struct node *node, struct reading *reading)
{
    struct slice bytes;
    int64_t number;
    const struct node *branch;
    switch (node->type) {
    case AVRO_NULL:
        return true;
    case AVRO_BOOLEAN:
        return reading_skip(reading, 1);
    case AVRO_INT32:
    case AVRO_INT64:
    case AVRO_ENUM:
        return reading_long(reading, &number);
    case AVRO_FLOAT:
        return reading_skip(reading, sizeof(float));
    case AVRO_DOUBLE:
        return reading_skip(reading, sizeof(double));
    case AVRO_STRING:
    case AVRO_BYTES:
        return reading_bytes(reading, &bytes);
    case AVRO_FIXED:
        return reading_skip(reading, node->fixed_size);
    case AVRO_RECORD:
        return skip_record(node, reading);
    case AVRO_UNION:
        branch = read_branch(node, reading);
        return branch != NULL && skip(branch, reading);
    case AVRO_ARRAY:
    case AVRO_MAP:
        return skip_items(node, reading);
    case AVRO_LINK:
        break;
    }
    return reading_fails(reading, DECODE_MALFORMED, NULL);
}

/* --- taking --- */

static bool take_record(const struct node *node, struct reading *reading, void *record);

/* A value that is there, at `value`. */
static bool take_value(const struct node *node, struct reading *reading, void *value)
{
    const struct field *field = node->target;
    if (!node->readable)
        return reading_fails(reading, DECODE_WRONG_TYPE, field->name);
    if (node->type == AVRO_RECORD)
        return take_record(node, reading, value);
    if (!reading_scalar(reading, field, value))
        return false;
    if (node->type == AVRO_ENUM) {
        int32_t *symbol = value;
        if (*symbol < 0 || (size_t)*symbol >= node->child_count)
            return reading_fails(reading, DECODE_MALFORMED, field->name);
        *symbol = node->symbols[*symbol];
    }
    return true;
}

static bool take_item(const struct node *node, struct reading *reading, void *value)
{
    if (node->type == AVRO_UNION && (node = read_branch(node, reading)) == NULL)
        return false;
    return take_value(node, reading, value);
}

static bool take_list(const struct node *node, struct reading *reading, struct list *list)
{
    const struct field *field = node->target;
    size_t capacity = 0, count;
    for (;;) {
        if (!reading_block(reading, &count))
            return reading_fails(reading, reading->reason, field->name);
        if (count == 0)
            return true;
        if (!reading_room(reading, field, list, &capacity, count))
            return false;
        for (size_t i = 0; i < count; i++, list->count++)
            if (!take_item(node->children, reading,
                           (char *)list->items + list->count * field->size))
                return reading_fails(reading, reading->reason, field->name);
    }
}

static bool take_member(const struct node *node, struct reading *reading, void *record)
{
    const struct field *field = node->target;
    if (node->type == AVRO_UNION && (node = read_branch(node, reading)) == NULL)
        return reading_fails(reading, reading->reason, field->name);
    if (field->repeated)
        return node->type == AVRO_ARRAY
                   ? take_list(node, reading, field_value(field, record))
                   : reading_fails(reading, DECODE_WRONG_TYPE, field->name);
    if (field->optional) {
        if (node->type == AVRO_NULL)
            return true;
        *(bool *)((char *)record + field->has_offset) = true;
    }
    return take_value(node, reading, field_value(field, record));
}

static bool take_record(const struct node *node, struct reading *reading, void *record)
{
    const struct record_type *type = node->record;
    /* Defaults first: what the writer has is then written over them. */
    for (size_t i = 0; i < type->field_count; i++)
        if (type->fields[i].default_number != 0 || type->fields[i].default_text != NULL)
            field_take_default(&type->fields[i], record);
    for (size_t i = 0; i < node->child_count; i++) {
        const struct node *child = &node->children[i];
        if (child->target == NULL ? !skip(child, reading)
                                  : !take_member(child, reading, record))
            return false;
    }
    return true;
}

bool plan_read(const struct plan *plan, struct reading *reading, void *record)
{
    assert(plan->root.record != NULL);
    return take_record(&plan->root, reading, record);
}
