#include "worker/texts.h"

#include "rules/verdict.h"

bool texts_have(const struct slice *items, size_t count, struct slice text)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(items[i], text))
            return true;
    return false;
}

bool texts_equal(const struct slice *a, size_t a_count, const struct slice *b, size_t b_count)
{
    bool equal = a_count == b_count;
    for (size_t i = 0; equal && i < a_count; i++)
        equal = slice_equal(a[i], b[i]);
    return equal;
}

void texts_copy(struct decision *decision, const struct slice *texts, size_t count,
                const struct slice **items, size_t *item_count)
{
    *items = decision_list(decision, texts, count, sizeof *texts);
    *item_count = count;
}

void texts_add(struct decision *decision, const struct slice **items, size_t *count,
               struct slice text)
{
    struct slice *list = decision_list(decision, *items, *count, sizeof *list);
    *count = slices_insert(list, *count, *count + 1, text);
    *items = list;
}

void texts_append(struct decision *decision, const struct slice **items, size_t *count,
                  struct slice text)
{
    struct slice *list = decision_list(decision, *items, *count, sizeof *list);
    list[(*count)++] = text;
    *items = list;
}

void texts_remove(struct decision *decision, const struct slice **items, size_t *count,
                  struct slice text)
{
    struct slice *list = decision_list(decision, *items, *count, sizeof *list);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++)
        if (!slice_equal(list[i], text))
            list[kept++] = list[i];
    *items = list;
    *count = kept;
}
