#include "rules/document.h"

#include <stdarg.h>

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
