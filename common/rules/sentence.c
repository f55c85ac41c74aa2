#include "rules/sentence.h"

#include <stdio.h>

static struct slice part_find(const struct part *parts, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(name, parts[i].name))
            return parts[i].text;
    return (struct slice){0};
}

void sentence_write(struct buffer *text, const char *template, const struct part *parts,
                    size_t count)
{
    const char *open;
    while ((open = strchr(template, '{')) != NULL) {
        const char *close = strchr(open, '}');
        if (close == NULL)
            break;
        buffer_append(text, template, (size_t)(open - template));
        struct slice name = {open + 1, (size_t)(close - open - 1)};
        struct slice part = part_find(parts, count, name);
        buffer_append(text, part.data, part.size);
        template = close + 1;
    }
    text_write(text, template);
}

void text_write(struct buffer *text, const char *words)
{
    buffer_append(text, words, strlen(words));
}

void number_write(struct buffer *text, long long number)
{
    char digits[24];
    int size = snprintf(digits, sizeof digits, "%lld", number);
    buffer_append(text, digits, (size_t)size);
}
