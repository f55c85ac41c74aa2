#include "rules/words.h"

static bool speaks(const struct words *words, struct slice language)
{
    return language.size >= 2 && (language.data[0] | 0x20) == words->language[0] &&
           (language.data[1] | 0x20) == words->language[1] &&
           (language.size == 2 || language.data[2] == '-' || language.data[2] == '_');
}

const struct words *words_in(struct slice language)
{
    static const struct words *const spoken[] = {&words_id, &words_ms};
    for (size_t i = 0; i < sizeof spoken / sizeof spoken[0]; i++)
        if (speaks(spoken[i], language))
            return spoken[i];
    return &words_en;
}

struct slice words_for(const struct code_words *list, struct slice code)
{
    for (; list->code != NULL; list++)
        if (slice_is(code, list->code))
            return slice_of(list->words);
    return code;
}

struct slice words_half(struct slice words, bool first)
{
    const char *bar = words.size == 0 ? NULL : memchr(words.data, '|', words.size);
    if (bar == NULL)
        return words;
    size_t before = (size_t)(bar - words.data);
    return first ? (struct slice){words.data, before}
                 : (struct slice){bar + 1, words.size - before - 1};
}
