#include "rules/mapping.h"

#include "rules/node.h"

enum { KEYS = 40 };

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
        node_unexpected(document, at, "a key");
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
        node_unexpected(document, at, "keys and their values");
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
