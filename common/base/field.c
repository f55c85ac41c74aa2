#include "base/field.h"

const struct field *record_type_field(const struct record_type *type, struct slice name)
{
    for (size_t i = 0; i < type->field_count; i++)
        if (slice_is(name, type->fields[i].name))
            return &type->fields[i];
    return NULL;
}

int32_t symbols_find(const struct symbols *symbols, struct slice name)
{
    for (size_t i = 0; i < symbols->count; i++)
        if (slice_is(name, symbols->names[i]))
            return (int32_t)i;
    return 0;
}

const char *symbols_name(const struct symbols *symbols, int32_t symbol)
{
    if (symbol < 0 || (size_t)symbol >= symbols->count)
        return symbols->names[0];
    return symbols->names[symbol];
}
