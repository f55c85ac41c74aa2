#include "rules/load.h"

/* What conditions cite must be found: a key that names nothing is no source. */
static void check_cited(struct loading *loading, node *at, const struct condition *condition)
{
    for (size_t i = 0; i < condition->source_count; i++)
        if (citation_find(loading->programme, condition->sources[i]).size == 0)
            document_fault(&loading->document, at,
                           "condition %d cites \"%.*s\", expected it under \"sources\"",
                           condition->number, SLICE_ARGS(condition->sources[i]));
}

void load_sources(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    struct citation *sources = NULL;
    size_t count = 0;
    if (at->type != YAML_MAPPING_NODE) {
        document_fault(document, at, "found no mapping, expected keys and what they stand for");
        return;
    }
    for (yaml_node_pair_t *pair = at->data.mapping.pairs.start;
         pair < at->data.mapping.pairs.top; pair++) {
        node *key = yaml_document_get_node(&document->yaml, pair->key);
        struct citation *one =
            list_add(document, (void **)(void *)&sources, &count, sizeof *one);
        if (one == NULL)
            return;
        node_text(document, key, &one->key);
        node_text(document, yaml_document_get_node(&document->yaml, pair->value), &one->where);
        for (size_t i = 0; i + 1 < count; i++)
            if (slice_equal(sources[i].key, one->key))
                document_fault(document, key, "found \"%.*s\" a second time",
                               SLICE_ARGS(one->key));
    }
    loading->programme->sources = sources;
    loading->programme->source_count = count;
    for (size_t i = 0; i < loading->programme->condition_count; i++)
        check_cited(loading, at, &loading->programme->conditions[i]);
}
