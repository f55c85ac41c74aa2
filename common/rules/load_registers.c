#include "rules/load.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Registers of a country's own: a part of a field's name, and the name under which each is loaded. */

enum { PART_SIZE = 32, LOADED_SIZE = 64 };

static bool part_fits(struct slice part)
{
    bool fits = part.size > 0 && part.size <= PART_SIZE && islower((unsigned char)part.data[0]);
    for (size_t i = 0; fits && i < part.size; i++)
        fits = islower((unsigned char)part.data[i]) || isdigit((unsigned char)part.data[i]) ||
               part.data[i] == '_';
    return fits;
}

static const char *field_name(struct loading *loading, struct slice part, const char *member)
{
    size_t size = sizeof "register." + part.size + strlen(member) + 1;
    char *name = document_alloc(&loading->document, size, 1);
    if (name != NULL)
        snprintf(name, size, "register.%.*s.%s", SLICE_ARGS(part), member);
    return name;
}

bool register_is_common(struct slice name)
{
    static const char *const members[] = {"listed", "code"};
    char text[sizeof "register..listed" + LOADED_SIZE];
    enum rule_field field;
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        int size = snprintf(text, sizeof text, "register.%.*s.%s",
                            (int)(name.size < LOADED_SIZE ? name.size : LOADED_SIZE), name.data,
                            members[i]);
        for (int k = 0; k < size; k++)
            text[k] = (char)tolower((unsigned char)text[k]);
        if (field_find(slice_of(text), &field))
            return true;
    }
    return false;
}

static bool own_register_read(struct loading *loading, node *name, node *loaded,
                              struct own_register *own)
{
    struct document *document = &loading->document;
    const struct programme *programme = loading->programme;
    size_t faults = document->fault_count;
    if (!node_text(document, name, &own->name) || !node_text(document, loaded, &own->loaded_as))
        return false;
    if (!part_fits(own->name))
        document_fault(document, name,
                       "found \"%.*s\", expected small letters, digits and \"_\", at most %d",
                       SLICE_ARGS(own->name), PART_SIZE);
    if (own->loaded_as.size > LOADED_SIZE)
        document_fault(document, loaded,
                       "expected the name that it is loaded under, of at most %d bytes",
                       LOADED_SIZE);
    if (register_is_common(own->name) || register_is_common(own->loaded_as))
        document_fault(document, name, "found a register that every programme may ask about");
    for (size_t i = 0; i < programme->register_count; i++)
        if (slice_equal(programme->registers[i].name, own->name) ||
            slice_equal(programme->registers[i].loaded_as, own->loaded_as))
            document_fault(document, name, "found \"%.*s\" a second time",
                           SLICE_ARGS(own->name));
    own->listed = field_name(loading, own->name, "listed");
    own->code = field_name(loading, own->name, "code");
    return document->fault_count == faults && own->listed != NULL && own->code != NULL;
}

void load_registers(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    struct programme *programme = loading->programme;
    if (at->type != YAML_MAPPING_NODE) {
        node_unexpected(document, at, "registers and the names that they are loaded under");
        return;
    }
    for (yaml_node_pair_t *pair = at->data.mapping.pairs.start;
         pair < at->data.mapping.pairs.top; pair++) {
        struct own_register own = {0};
        if (programme->register_count == OWN_REGISTERS) {
            document_fault(document, at, "expected at most %d registers", OWN_REGISTERS);
            return;
        }
        if (own_register_read(loading, yaml_document_get_node(&document->yaml, pair->key),
                              yaml_document_get_node(&document->yaml, pair->value), &own))
            programme->registers[programme->register_count++] = own;
    }
}
