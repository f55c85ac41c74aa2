#include "rules/message.h"

#include <assert.h>
#include <inttypes.h>

enum placeholder {
    PLACE_PROGRAMME,
    PLACE_WAVE,
    PLACE_AMOUNT,
    PLACE_ITEM,
    PLACE_INSTALMENT,
    PLACE_DAY,
    PLACE_REASON,
    PLACE_NEXT_STEP,
    PLACE_COUNT
};

static const char *const placeholder_names[PLACE_COUNT] = {
    "programme", "wave", "amount", "item", "instalment", "day", "reason", "next_step"};

/* What turns a text into a link, in the eyes of a telephone. */
static const char *const links[] = {"://",  "www.", ".com",   ".id/", ".id ",   ".my/",  ".my ",
                                    ".org", ".net", ".go.id", ".gov", "bit.ly", "wa.me", "@"};

static const char *const months_en[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
static const char *const months_id[] = {"Januari",   "Februari", "Maret",    "April",
                                        "Mei",       "Juni",     "Juli",     "Agustus",
                                        "September", "Oktober",  "November", "Desember"};
static const char *const months_ms[] = {"Januari",   "Februari", "Mac",      "April",
                                        "Mei",       "Jun",      "Julai",    "Ogos",
                                        "September", "Oktober",  "November", "Disember"};

static bool placeholder_find(struct slice name, enum placeholder *placeholder)
{
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        if (slice_is(name, placeholder_names[i])) {
            *placeholder = (enum placeholder)i;
            return true;
        }
    }
    return false;
}

/* The text between the brace at `at` and its partner; false when there is none. */
static bool placeholder_at(struct slice template, size_t at, struct slice *name)
{
    const char *begin = template.data + at + 1;
    const char *end = memchr(begin, '}', template.size - at - 1);
    if (end == NULL)
        return false;
    *name = (struct slice){begin, (size_t)(end - begin)};
    return true;
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool has_link(struct slice text)
{
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        size_t size = strlen(links[i]);
        for (size_t at = 0; at + size <= text.size; at++) {
            size_t same = 0;
            while (same < size && lower(text.data[at + same]) == links[i][same])
                same++;
            if (same == size)
                return true;
        }
    }
    return false;
}

const char *message_template_fault(struct slice template)
{
    if (template.size > MESSAGE_SIZE)
        return "a text of more than 306 letters, two SMS";
    if (has_link(template))
        return "a link or an address";
    for (size_t at = 0; at < template.size; at++) {
        struct slice name;
        enum placeholder placeholder;
        if (template.data[at] == '}')
            return "a closing brace without its opening one";
        if (template.data[at] != '{')
            continue;
        if (!placeholder_at(template, at, &name) || !placeholder_find(name, &placeholder))
            return "an unknown placeholder";
        at += name.size + 1;
    }
    return NULL;
}

/* The part of GSM 03.38 that is written alike in ASCII, less its extension, whose letters count
 * twice, and less the Greek and accented ones, which our texts do without. */
static bool counts_once(char c)
{
    return c >= ' ' && c <= 'z' && strchr("`[\\]^", c) == NULL;
}

size_t message_segments(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if (!counts_once(text.data[i]))
            return 0;
    return text.size <= SEGMENT_ALONE ? 1 : (text.size + SEGMENT_JOINED - 1) / SEGMENT_JOINED;
}

/* A number with its thousands apart; returns the size. */
static size_t grouped(uint64_t number, char separator, char text[static AMOUNT_TEXT_SIZE])
{
    char plain[24];
    size_t digits = (size_t)snprintf(plain, sizeof plain, "%" PRIu64, number), size = 0;
    for (size_t i = 0; i < digits; i++) {
        if (i > 0 && (digits - i) % 3 == 0)
            text[size++] = separator;
        text[size++] = plain[i];
    }
    text[size] = '\0';
    return size;
}

size_t amount_format(struct slice currency, int64_t amount_hundredths,
                     char text[static AMOUNT_TEXT_SIZE])
{
    uint64_t amount =
        amount_hundredths < 0 ? 0 - (uint64_t)amount_hundredths : (uint64_t)amount_hundredths;
    bool rupiah = slice_is(currency, "IDR");
    char whole[AMOUNT_TEXT_SIZE], cents[8] = "";
    grouped(amount / 100, rupiah ? '.' : ',', whole);
    /* Nobody writes sen; an amount that has some must still not be told wrong. */
    if (!rupiah || amount % 100 != 0)
        snprintf(cents, sizeof cents, "%c%02u", rupiah ? ',' : '.', (unsigned)(amount % 100));
    const char *sign = amount_hundredths < 0 ? "-" : "";
    int size = rupiah ? snprintf(text, AMOUNT_TEXT_SIZE, "%sRp%s%s", sign, whole, cents)
               : slice_is(currency, "MYR")
                   ? snprintf(text, AMOUNT_TEXT_SIZE, "%sRM%s%s", sign, whole, cents)
                   : snprintf(text, AMOUNT_TEXT_SIZE, "%s%.*s %s%s", sign, SLICE_ARGS(currency),
                              whole, cents);
    return (size_t)size < AMOUNT_TEXT_SIZE ? (size_t)size : AMOUNT_TEXT_SIZE - 1;
}

static bool language_is(struct slice language, const char *subtag)
{
    return language.size >= 2 && lower(language.data[0]) == subtag[0] &&
           lower(language.data[1]) == subtag[1] &&
           (language.size == 2 || language.data[2] == '-' || language.data[2] == '_');
}

size_t day_format_local(struct slice language, epoch_day day, char text[static LOCAL_DAY_SIZE])
{
    struct civil civil = day_to_civil(day);
    const char *const *months = language_is(language, "id")   ? months_id
                                : language_is(language, "ms") ? months_ms
                                                              : months_en;
    int size = snprintf(text, LOCAL_DAY_SIZE, "%d %s %d", civil.day, months[civil.month - 1],
                        civil.year);
    return (size_t)size;
}

struct rendering {
    const struct programme *programme;
    size_t language;
    const struct message_values *values;
    char *text; /* MESSAGE_SIZE + 1 bytes, or more is cut */
    size_t size;
    bool full;
};

static void put(struct rendering *rendering, struct slice part)
{
    size_t room = MESSAGE_SIZE - rendering->size;
    if (part.size > room) {
        part.size = room;
        rendering->full = true;
    }
    if (part.size > 0)
        memcpy(rendering->text + rendering->size, part.data, part.size);
    rendering->size += part.size;
}

static bool put_number(struct rendering *rendering, int number)
{
    char text[16];
    int size = snprintf(text, sizeof text, "%d", number);
    put(rendering, (struct slice){text, (size_t)size});
    return number > 0;
}

static bool put_text(struct rendering *rendering, const struct texts *texts)
{
    struct slice text = text_in(texts, rendering->language);
    put(rendering, text);
    return text.size > 0;
}

static bool put_item(struct rendering *rendering)
{
    const struct message_values *values = rendering->values;
    const struct benefit *benefit =
        values->scheme == NULL ? NULL : benefit_find(values->scheme, values->item);
    return benefit != NULL && put_text(rendering, &benefit->name);
}

static bool put_amount(struct rendering *rendering)
{
    char text[AMOUNT_TEXT_SIZE];
    if (!rendering->values->has_amount)
        return false;
    size_t size = amount_format(rendering->programme->currency,
                                rendering->values->amount_hundredths, text);
    put(rendering, (struct slice){text, size});
    return true;
}

static bool put_day(struct rendering *rendering)
{
    char text[LOCAL_DAY_SIZE];
    if (!rendering->values->has_day)
        return false;
    struct slice language = rendering->programme->languages[rendering->language];
    size_t size = day_format_local(language, rendering->values->day, text);
    put(rendering, (struct slice){text, size});
    return true;
}

/* Returns false when the value is not there: half a sentence must not be sent. */
static bool put_placeholder(struct rendering *rendering, enum placeholder placeholder)
{
    const struct reason *reason = reason_find(rendering->programme, rendering->values->reason);
    switch (placeholder) {
    case PLACE_PROGRAMME:
        return put_text(rendering, &rendering->programme->title);
    case PLACE_WAVE:
        return put_number(rendering, rendering->values->wave);
    case PLACE_AMOUNT:
        return put_amount(rendering);
    case PLACE_ITEM:
        return put_item(rendering);
    case PLACE_INSTALMENT:
        return put_number(rendering, rendering->values->instalment);
    case PLACE_DAY:
        return put_day(rendering);
    case PLACE_REASON:
        return reason != NULL && put_text(rendering, &reason->sentence);
    case PLACE_NEXT_STEP:
        return reason != NULL && put_text(rendering, &reason->next_step);
    case PLACE_COUNT:
        break;
    }
    return false;
}

static bool render(struct rendering *rendering, struct slice template)
{
    size_t from = 0;
    for (size_t at = 0; at < template.size; at++) {
        struct slice name;
        enum placeholder placeholder;
        if (template.data[at] != '{')
            continue;
        put(rendering, (struct slice){template.data + from, at - from});
        if (!placeholder_at(template, at, &name) || !placeholder_find(name, &placeholder) ||
            !put_placeholder(rendering, placeholder))
            return false;
        at += name.size + 1;
        from = at + 1;
    }
    put(rendering, (struct slice){template.data + from, template.size - from});
    return true;
}

size_t message_render(const struct programme *programme, enum message_kind kind,
                      struct slice language, const struct message_values *values,
                      char text[static MESSAGE_SIZE + 1])
{
    assert(kind < MESSAGE_KIND_COUNT);
    struct rendering rendering = {.programme = programme,
                                  .language = language_find(programme, language),
                                  .values = values,
                                  .text = text};
    struct slice template = text_in(&programme->messages[kind], rendering.language);
    if (!render(&rendering, template))
        rendering.size = 0;
    while (rendering.full && rendering.size > 0 && text[rendering.size - 1] != ' ')
        rendering.size--;
    while (rendering.size > 0 && text[rendering.size - 1] == ' ')
        rendering.size--;
    text[rendering.size] = '\0';
    return rendering.size;
}
