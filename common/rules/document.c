#include "rules/document.h"

#include <stdarg.h>

enum { KEYS = 40 };

static void add_fault(struct document *document, yaml_mark_t mark, const char *format,
                      va_list arguments) __attribute__((format(printf, 3, 0)));
static void add_fault(struct document *document, yaml_mark_t mark, const char *format,
                      va_list arguments)
{
    if (document->fault_count < PROGRAMME_FAULTS) {
        struct fault *fault = &document->faults[document->fault_count];
        fault->line = mark.line + 1;
        fault->column = mark.column + 1;
        int head = snprintf(fault->text, sizeof fault->text, "%.80s:%zu:%zu: ", document->name,
                            fault->line, fault->column);
        vsnprintf(fault->text + head, sizeof fault->text - (size_t)head, format, arguments);
    }
    document->fault_count++;
}

void document_fault(struct document *document, node *at, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_fault(document, at->start_mark, format, arguments);
    va_end(arguments);
}

static void mark_fault(struct document *document, yaml_mark_t mark, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void mark_fault(struct document *document, yaml_mark_t mark, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_fault(document, mark, format, arguments);
    va_end(arguments);
}

static int compare_faults(const void *a, const void *b)
{
    const struct fault *one = a, *other = b;
    if (one->line != other->line)
        return one->line < other->line ? -1 : 1;
    return (one->column > other->column) - (one->column < other->column);
}

void document_sort_faults(struct document *document)
{
    size_t kept =
        document->fault_count < PROGRAMME_FAULTS ? document->fault_count : PROGRAMME_FAULTS;
    qsort(document->faults, kept, sizeof document->faults[0], compare_faults);
}

static bool only_document(struct document *document, yaml_parser_t *parser)
{
    yaml_document_t next;
    if (!yaml_parser_load(parser, &next)) {
        mark_fault(document, parser->problem_mark, "%s",
                   parser->problem != NULL ? parser->problem : "not YAML");
        return false;
    }
    node *root = yaml_document_get_root_node(&next);
    if (root != NULL)
        document_fault(document, root, "found a second document, expected the end of the file");
    yaml_document_delete(&next);
    return root == NULL;
}

bool document_parse(struct document *document, struct slice text, const char *name,
                    struct arena *arena)
{
    yaml_parser_t parser;
    memset(document, 0, sizeof *document);
    document->name = name;
    document->arena = arena;
    if (text.size > DOCUMENT_BOUND || !yaml_parser_initialize(&parser)) {
        mark_fault(document, (yaml_mark_t){0}, "found a file of %zu bytes, expected at most %d",
                   text.size, DOCUMENT_BOUND);
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.data, text.size);
    bool parsed = yaml_parser_load(&parser, &document->yaml) != 0;
    if (!parsed)
        mark_fault(document, parser.problem_mark, "%s",
                   parser.problem != NULL ? parser.problem : "not YAML");
    else
        parsed = yaml_document_get_root_node(&document->yaml) == NULL ||
                 only_document(document, &parser);
    yaml_parser_delete(&parser);
    return parsed;
}

void document_release(struct document *document)
{
    yaml_document_delete(&document->yaml);
}

node *document_root(struct document *document)
{
    node *root = yaml_document_get_root_node(&document->yaml);
    if (root != NULL && root->type == YAML_MAPPING_NODE)
        return root;
    mark_fault(document, root == NULL ? (yaml_mark_t){0} : root->start_mark,
               "found no keys, expected \"programme:\" and the other keys of a programme file");
    return NULL;
}

void *document_alloc(struct document *document, size_t count, size_t size)
{
    void *memory =
        count > DOCUMENT_BOUND ? NULL : arena_alloc(document->arena, count * size + 1);
    if (memory == NULL)
        mark_fault(document, (yaml_mark_t){0}, "the file is too large");
    return memory;
}

static struct slice scalar(node *at)
{
    return (struct slice){(const char *)at->data.scalar.value, at->data.scalar.length};
}

void *list_add(struct document *document, void **items, size_t *count, size_t size)
{
    /* Room doubles whenever the count reaches a power of two. */
    if ((*count & (*count - 1)) == 0) {
        void *larger = document_alloc(document, *count == 0 ? 1 : 2 * *count, size);
        if (larger == NULL)
            return NULL;
        if (*count > 0)
            memcpy(larger, *items, *count * size);
        *items = larger;
    }
    return (char *)*items + (*count)++ * size;
}

bool node_is(node *at, const char *text)
{
    return at->type == YAML_SCALAR_NODE && slice_is(scalar(at), text);
}

/* Says what was found instead of what was expected; returns false. */
static bool unexpected(struct document *document, node *at, const char *expected)
{
    if (at->type == YAML_SCALAR_NODE)
        document_fault(document, at, "found \"%.*s\", expected %s",
                       (int)(at->data.scalar.length < 60 ? at->data.scalar.length : 60),
                       (const char *)at->data.scalar.value, expected);
    else
        document_fault(document, at, "found a %s, expected %s",
                       at->type == YAML_SEQUENCE_NODE ? "list" : "mapping", expected);
    return false;
}

bool node_text(struct document *document, node *at, struct slice *text)
{
    if (at->type != YAML_SCALAR_NODE || at->data.scalar.length == 0)
        return unexpected(document, at, "a text");
    *text = arena_copy(document->arena, scalar(at));
    return text->data != NULL || document_alloc(document, DOCUMENT_BOUND + 1, 1) != NULL;
}

bool node_number(struct document *document, node *at, int64_t *number)
{
    struct slice text = at->type == YAML_SCALAR_NODE ? scalar(at) : (struct slice){0};
    bool negative = text.size > 1 && text.data[0] == '-';
    int64_t value = 0;
    bool fits = text.size > negative && text.size <= 17;
    for (size_t i = negative; i < text.size && fits; i++) {
        fits = text.data[i] >= '0' && text.data[i] <= '9';
        value = value * 10 + (text.data[i] - '0');
    }
    if (!fits)
        return unexpected(document, at, "a whole number");
    *number = negative ? -value : value;
    return true;
}

bool node_flag(struct document *document, node *at, bool *flag)
{
    if (!node_is(at, "true") && !node_is(at, "false"))
        return unexpected(document, at, "true or false");
    *flag = node_is(at, "true");
    return true;
}

bool node_day(struct document *document, node *at, epoch_day *day)
{
    if (at->type != YAML_SCALAR_NODE || !day_parse(scalar(at), day))
        return unexpected(document, at, "a day such as 2020-04-11");
    return true;
}

/* "-0.00" and the like: digits, a point and two digits. */
static bool parse_hundredths(struct slice text, int64_t *hundredths)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    int64_t value = 0;
    if (text.size < 4u + negative || text.size > 19 || text.data[text.size - 3] != '.')
        return false;
    for (size_t i = negative; i < text.size; i++) {
        if (i == text.size - 3)
            continue;
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        value = value * 10 + (text.data[i] - '0');
    }
    *hundredths = negative ? -value : value;
    return true;
}

bool node_amount(struct document *document, node *at, int64_t *hundredths)
{
    struct slice text = at->type == YAML_SCALAR_NODE ? scalar(at) : (struct slice){0};
    int64_t without_currency;
    char expected[80];
    snprintf(expected, sizeof expected, "an amount such as %.*s 600000.00",
             SLICE_ARGS(document->currency));
    if (parse_hundredths(text, &without_currency)) {
        document_fault(document, at, "found money without its currency, expected %s", expected);
        return false;
    }
    size_t prefix = document->currency.size;
    if (prefix == 0 || text.size <= prefix || text.data[prefix] != ' ' ||
        !slice_equal((struct slice){text.data, prefix}, document->currency) ||
        !parse_hundredths((struct slice){text.data + prefix + 1, text.size - prefix - 1},
                          hundredths))
        return unexpected(document, at, expected);
    return true;
}

bool node_texts(struct document *document, node *at, struct texts *texts)
{
    if (at->type != YAML_MAPPING_NODE)
        return unexpected(document, at, "a text for each language, such as {id: ..., en: ...}");
    size_t faults = document->fault_count;
    for (yaml_node_pair_t *pair = at->data.mapping.pairs.start;
         pair < at->data.mapping.pairs.top; pair++) {
        node *key = yaml_document_get_node(&document->yaml, pair->key);
        node *value = yaml_document_get_node(&document->yaml, pair->value);
        size_t language = 0;
        while (language < document->language_count &&
               !(key->type == YAML_SCALAR_NODE &&
                 slice_equal(scalar(key), document->languages[language])))
            language++;
        if (language == document->language_count)
            unexpected(document, key, "one of the file's languages");
        else
            node_text(document, value, &texts->in[language]);
    }
    for (size_t i = 0; i < document->language_count && document->fault_count == faults; i++)
        if (texts->in[i].size == 0)
            document_fault(document, at,
                           "found no text in \"%.*s\", expected one in every language",
                           SLICE_ARGS(document->languages[i]));
    return document->fault_count == faults;
}

bool node_choice(struct document *document, node *at, const char *const *choices, int *choice)
{
    char expected[240] = "one of";
    size_t size = strlen(expected);
    for (int i = 0; choices[i] != NULL; i++) {
        if (node_is(at, choices[i])) {
            *choice = i;
            return true;
        }
        if (size < sizeof expected)
            size += (size_t)snprintf(expected + size, sizeof expected - size, "%s %s",
                                     i == 0 ? "" : ",", choices[i]);
    }
    return unexpected(document, at, expected);
}

size_t node_count(struct document *document, node *at)
{
    if (at->type != YAML_SEQUENCE_NODE) {
        unexpected(document, at, "a list");
        return 0;
    }
    return (size_t)(at->data.sequence.items.top - at->data.sequence.items.start);
}

node *node_item(struct document *document, node *at, size_t index)
{
    return yaml_document_get_node(&document->yaml, at->data.sequence.items.start[index]);
}

bool node_list(struct document *document, node *at, const struct slice **items, size_t *count)
{
    size_t wanted = node_count(document, at);
    struct slice *texts = document_alloc(document, wanted, sizeof *texts);
    if (at->type != YAML_SEQUENCE_NODE || texts == NULL)
        return false;
    for (size_t i = 0; i < wanted; i++)
        if (!node_text(document, node_item(document, at, i), &texts[i]))
            return false;
    *items = texts;
    *count = wanted;
    return true;
}

node *node_member(struct document *document, node *at, const char *key)
{
    if (at->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *pair = at->data.mapping.pairs.start;
         pair < at->data.mapping.pairs.top; pair++)
        if (node_is(yaml_document_get_node(&document->yaml, pair->key), key))
            return yaml_document_get_node(&document->yaml, pair->value);
    return NULL;
}

static void read_int(struct document *document, node *value, int *into)
{
    int64_t number;
    if (!node_number(document, value, &number))
        return;
    if (number < INT32_MIN || number > INT32_MAX)
        document_fault(document, value, "found a number that is too large");
    else
        *into = (int)number;
}

static void read_key(struct document *document, node *value, const struct key *key,
                     void *record)
{
    if (key->kind == KEY_READ)
        key->read(document, value, record);
    if (key->kind == KEY_READ || key->kind == KEY_NOTE)
        return; /* of these there may be no record */
    char *into = (char *)record + key->offset;
    size_t faults = document->fault_count;
    switch (key->kind) {
    case KEY_TEXT:
        node_text(document, value, (struct slice *)(void *)into);
        break;
    case KEY_TEXTS:
        node_texts(document, value, (struct texts *)(void *)into);
        break;
    case KEY_INT:
        read_int(document, value, (int *)(void *)into);
        break;
    case KEY_DAY:
        node_day(document, value, (epoch_day *)(void *)into);
        break;
    case KEY_FLAG:
        node_flag(document, value, (bool *)(void *)into);
        break;
    case KEY_CHOICE:
        node_choice(document, value, key->choices, (int *)(void *)into);
        break;
    case KEY_LIST:
        node_list(document, value, (const struct slice **)(void *)into,
                  (size_t *)(void *)((char *)record + key->has));
        return;
    case KEY_NODE:
        *(node **)(void *)into = value;
        return;
    case KEY_NOTE:
    case KEY_READ:
        return;
    }
    if (key->has != 0 && document->fault_count == faults)
        *((bool *)record + key->has) = true;
}

static void unknown_key(struct document *document, node *at, const struct key *keys,
                        size_t key_count)
{
    char expected[280] = "";
    size_t size = 0;
    for (size_t i = 0; i < key_count && size < sizeof expected; i++)
        size += (size_t)snprintf(expected + size, sizeof expected - size, "%s%s",
                                 i == 0 ? "" : ", ", keys[i].name);
    if (at->type != YAML_SCALAR_NODE)
        unexpected(document, at, "a key");
    else
        document_fault(document, at, "unknown key \"%.*s\", expected one of %s",
                       (int)(at->data.scalar.length < 40 ? at->data.scalar.length : 40),
                       (const char *)at->data.scalar.value, expected);
}

void node_record(struct document *document, node *at, const struct key *keys, size_t key_count,
                 void *record)
{
    bool seen[KEYS] = {false};
    if (at->type != YAML_MAPPING_NODE) {
        unexpected(document, at, "keys and their values");
        return;
    }
    for (yaml_node_pair_t *pair = at->data.mapping.pairs.start;
         pair < at->data.mapping.pairs.top; pair++) {
        node *name = yaml_document_get_node(&document->yaml, pair->key);
        size_t i = 0;
        while (i < key_count && !node_is(name, keys[i].name))
            i++;
        if (i == key_count) {
            unknown_key(document, name, keys, key_count);
        } else if (seen[i]) {
            document_fault(document, name, "found \"%s\" a second time", keys[i].name);
        } else {
            seen[i] = true;
            read_key(document, yaml_document_get_node(&document->yaml, pair->value), &keys[i],
                     record);
        }
    }
    for (size_t i = 0; i < key_count; i++)
        if (keys[i].required && !seen[i])
            document_fault(document, at, "missing key \"%s\"", keys[i].name);
}
