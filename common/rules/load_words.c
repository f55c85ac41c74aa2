#include "rules/load.h"

/* What a country calls things: its order of qualifications, and words for its own codes. */

void load_own_levels(struct loading *loading)
{
    const char *const *codes = field_meaning(FIELD_APPLICATION_HIGHEST_QUALIFICATION)->codes;
    size_t count = 0;
    while (codes[count] != NULL)
        count++;
    struct slice *levels = document_alloc(&loading->document, count, sizeof *levels);
    for (size_t i = 0; levels != NULL && i < count; i++)
        levels[i] = slice_of(codes[i]);
    loading->programme->levels = levels;
    loading->programme->level_count = levels == NULL ? 0 : count;
}

void load_levels(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    const struct slice *levels = NULL;
    size_t count = 0;
    if (!node_list(document, at, &levels, &count))
        return;
    if (count == 0)
        document_fault(document, at, "found an empty list, expected levels, the lowest first");
    for (size_t i = 0; i < count; i++)
        if (level_find(levels, i, levels[i]) < i)
            document_fault(document, node_item(document, at, i), "found \"%.*s\" a second time",
                           SLICE_ARGS(levels[i]));
    loading->programme->levels = levels;
    loading->programme->level_count = count;
}

/* A field of yes or no is two claims, parted by a bar; anything else is one. */
static void check_halves(struct document *document, node *at, const struct own_words *words)
{
    enum rule_field field;
    bool claims = programme_field_find(loading_of(document)->programme, words->name, &field) &&
                  field_meaning(field)->kind == KIND_BOOL;
    for (size_t i = 0; i < document->language_count; i++) {
        struct slice text = words->texts.in[i];
        size_t bars = 0;
        for (size_t k = 0; k < text.size; k++)
            bars += text.data[k] == '|';
        if (bars != claims)
            document_fault(
                document, at,
                claims ? "found \"%.*s\", expected two claims: \"it is so|it is not so\""
                       : "found \"%.*s\", expected words without \"|\"",
                SLICE_ARGS(text));
    }
}

void load_words(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    struct own_words *list = NULL;
    size_t count = 0;
    if (at->type != YAML_MAPPING_NODE) {
        node_unexpected(document, at, "codes or fields and what they are called");
        return;
    }
    for (yaml_node_pair_t *pair = at->data.mapping.pairs.start;
         pair < at->data.mapping.pairs.top; pair++) {
        node *name = yaml_document_get_node(&document->yaml, pair->key);
        node *texts = yaml_document_get_node(&document->yaml, pair->value);
        struct own_words words = {0};
        if (!node_text(document, name, &words.name) ||
            !node_texts(document, texts, &words.texts))
            continue;
        check_halves(document, texts, &words);
        for (size_t i = 0; i < count; i++)
            if (slice_equal(list[i].name, words.name))
                document_fault(document, name, "found \"%.*s\" a second time",
                               SLICE_ARGS(words.name));
        struct own_words *place =
            list_add(document, (void **)(void *)&list, &count, sizeof *list);
        if (place == NULL)
            return;
        *place = words;
    }
    loading->programme->words = list;
    loading->programme->word_count = count;
}
