#include "rules/node.h"

static struct slice scalar(node *at)
{
    return (struct slice){(const char *)at->data.scalar.value, at->data.scalar.length};
}

bool node_is(node *at, const char *text)
{
    return at->type == YAML_SCALAR_NODE && slice_is(scalar(at), text);
}

bool node_unexpected(struct document *document, node *at, const char *expected)
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
        return node_unexpected(document, at, "a text");
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
        return node_unexpected(document, at, "a whole number");
    *number = negative ? -value : value;
    return true;
}

bool node_flag(struct document *document, node *at, bool *flag)
{
    if (!node_is(at, "true") && !node_is(at, "false"))
        return node_unexpected(document, at, "true or false");
    *flag = node_is(at, "true");
    return true;
}

bool node_day(struct document *document, node *at, epoch_day *day)
{
    if (at->type != YAML_SCALAR_NODE || !day_parse(scalar(at), day))
        return node_unexpected(document, at, "a day such as 2020-04-11");
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
        return node_unexpected(document, at, expected);
    return true;
}

bool node_texts(struct document *document, node *at, struct texts *texts)
{
    if (at->type != YAML_MAPPING_NODE)
        return node_unexpected(document, at,
                               "a text for each language, such as {id: ..., en: ...}");
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
            node_unexpected(document, key, "one of the file's languages");
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
    return node_unexpected(document, at, expected);
}

size_t node_count(struct document *document, node *at)
{
    if (at->type != YAML_SEQUENCE_NODE) {
        node_unexpected(document, at, "a list");
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
