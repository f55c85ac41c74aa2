#include "rules/load.h"

#include <assert.h>
#include <ctype.h>
#include <openssl/sha.h>

enum { PROGRAMME_ARENA = 32 << 20 };

/* A programme and the memory that it lives in. */
struct loaded {
    struct programme programme; /* first: programme_free() takes it for the whole */
    struct arena arena;
};

static const char *const selections[] = {"draw", "open", NULL};
static const char *const uniqueness[] = {"person", "hire", NULL};

static void read_currency(struct document *document, node *value, void *record)
{
    struct programme *programme = record;
    if (node_text(document, value, &programme->currency) && programme->currency.size != 3)
        document_fault(document, value,
                       "found \"%.*s\", expected a currency of ISO 4217 such as IDR",
                       SLICE_ARGS(programme->currency));
    document->currency = programme->currency;
}

static void read_timezone(struct document *document, node *value, void *record)
{
    struct programme *programme = record;
    struct slice *zone = &programme->timezone;
    if (!node_text(document, value, zone))
        return;
    bool named = isupper((unsigned char)zone->data[0]);
    for (size_t i = 0; i < zone->size && named; i++)
        named = isalnum((unsigned char)zone->data[i]) || strchr("/_+-", zone->data[i]) != NULL;
    if (!named)
        document_fault(document, value, "found \"%.*s\", expected a zone such as Asia/Jakarta",
                       SLICE_ARGS(*zone));
}

/* "+07:00": from -12:00 to +14:00, in quarters of an hour. */
static bool offset_parse(struct slice text, int *minutes)
{
    static const char form[] = "+00:00";
    bool fits = text.size == sizeof form - 1 && (text.data[0] == '+' || text.data[0] == '-') &&
                text.data[3] == ':';
    for (size_t i = 1; i < sizeof form - 1 && fits; i++)
        fits = i == 3 || isdigit((unsigned char)text.data[i]);
    if (!fits)
        return false;
    const char *at = text.data;
    int part = (at[4] - '0') * 10 + at[5] - '0';
    *minutes = ((at[1] - '0') * 10 + at[2] - '0') * 60 + part;
    *minutes = at[0] == '-' ? -*minutes : *minutes;
    return part < 60 && part % 15 == 0 && *minutes >= -12 * 60 && *minutes <= 14 * 60;
}

static void read_utc_offset(struct document *document, node *value, void *record)
{
    struct programme *programme = record;
    struct slice text;
    if (!node_text(document, value, &text))
        return;
    if (!offset_parse(text, &programme->utc_offset_minutes))
        document_fault(document, value,
                       "found \"%.*s\", expected an offset such as \"+07:00\", from -12:00 to "
                       "+14:00",
                       SLICE_ARGS(text));
}

/* A day begins when the file says it begins, on every machine and in every year: the zones of today's
 * programmes are known by their names, any other one states its offset. */
static void check_zone(struct loading *loading, node *root)
{
    struct document *document = &loading->document;
    struct programme *programme = loading->programme;
    node *zone = node_member(document, root, "timezone");
    node *stated = node_member(document, root, "utc_offset");
    int minutes = 0;
    bool known = zone_offset_minutes(programme->timezone, &minutes);
    if (zone == NULL || programme->timezone.size == 0)
        return;
    if (!known && stated == NULL)
        document_fault(document, zone,
                       "found \"%.*s\", expected \"utc_offset\" beside it, such as \"+09:00\"",
                       SLICE_ARGS(programme->timezone));
    if (known && stated != NULL && programme->utc_offset_minutes != minutes)
        document_fault(document, stated, "found another offset than that of \"%.*s\"",
                       SLICE_ARGS(programme->timezone));
    if (known)
        programme->utc_offset_minutes = minutes;
}

static void read_languages(struct document *document, node *value, void *record)
{
    struct programme *programme = record;
    const struct slice *languages = NULL;
    size_t count = 0;
    if (!node_list(document, value, &languages, &count))
        return;
    if (count == 0 || count > LANGUAGE_BOUND) {
        document_fault(document, value, "found %zu languages, expected 1 to %d", count,
                       LANGUAGE_BOUND);
        return;
    }
    memcpy(programme->languages, languages, count * sizeof *languages);
    programme->language_count = count;
    document->languages = programme->languages;
    document->language_count = count;
}

static int compare_days(const void *a, const void *b)
{
    epoch_day one = *(const epoch_day *)a, other = *(const epoch_day *)b;
    return (one > other) - (one < other);
}

static void read_holidays(struct document *document, node *value, void *record)
{
    struct programme *programme = record;
    size_t count = node_count(document, value);
    epoch_day *days = document_alloc(document, count, sizeof *days);
    for (size_t i = 0; i < count && days != NULL; i++)
        node_day(document, node_item(document, value, i), &days[i]);
    if (days == NULL)
        return;
    qsort(days, count, sizeof *days, compare_days);
    programme->holidays = days;
    programme->holiday_count = count;
}

#define IN(member) offsetof(struct programme, member)

/* In the order of reading: what comes first is needed by what follows. */
static const struct key first_keys[] = {
    {.name = "programme", .kind = KEY_TEXT, .required = true, .offset = IN(id)},
    {.name = "country", .kind = KEY_TEXT, .required = true, .offset = IN(country)},
    {.name = "currency", .kind = KEY_READ, .required = true, .read = read_currency},
    {.name = "timezone", .kind = KEY_READ, .required = true, .read = read_timezone},
    {.name = "utc_offset", .kind = KEY_READ, .read = read_utc_offset},
    {.name = "languages", .kind = KEY_READ, .required = true, .read = read_languages},
    {.name = "selection",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = IN(selection),
     .choices = selections},
    {.name = "once_per",
     .kind = KEY_CHOICE,
     .required = true,
     .offset = IN(once_per),
     .choices = uniqueness},
    {.name = "exclusive_group", .kind = KEY_TEXT, .offset = IN(exclusive_group)},
    {.name = "family_card_limit", .kind = KEY_INT, .offset = IN(family_card_limit)},
    {.name = "holidays", .kind = KEY_READ, .read = read_holidays},
};

struct part {
    const char *name;
    bool required;
    void (*load)(struct loading *loading, node *at);
};

static void load_title(struct loading *loading, node *at)
{
    node_texts(&loading->document, at, &loading->programme->title);
}

static const struct part parts[] = {
    {"title", true, load_title},           {"levels", false, load_levels},
    {"registers", false, load_registers},  {"words", false, load_words},
    {"reasons", true, load_reasons},       {"parameters", false, load_parameters},
    {"schemes", true, load_schemes},       {"waves", false, load_waves},
    {"seats", false, load_seats},          {"budgets", false, load_budgets},
    {"conditions", true, load_conditions}, {"deadlines", false, load_deadlines},
    {"messages", true, load_messages},     {"partners", true, load_partners},
    {"sources", false, load_sources},
};

enum {
    PARTS = sizeof parts / sizeof parts[0],
    FIRST_KEYS = sizeof first_keys / sizeof first_keys[0]
};

static void load_programme(struct loading *loading)
{
    struct document *document = &loading->document;
    struct key keys[FIRST_KEYS + PARTS];
    node *root = document_root(document);
    if (root == NULL)
        return;
    memcpy(keys, first_keys, sizeof first_keys);
    for (size_t i = 0; i < PARTS; i++)
        keys[FIRST_KEYS + i] = (struct key){
            .name = parts[i].name, .kind = KEY_NOTE, .required = parts[i].required};
    node_record(document, root, keys, FIRST_KEYS + PARTS, loading->programme);
    check_zone(loading, root);
    load_own_levels(loading);
    for (size_t i = 0; i < PARTS; i++) {
        node *value = node_member(document, root, parts[i].name);
        if (value != NULL)
            parts[i].load(loading, value);
    }
    load_check_whole(loading, root);
}

static void hash_text(struct slice text, struct programme *programme)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)text.data, text.size, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(programme->sha256 + 2 * i, 3, "%02x", digest[i]);
    memcpy(programme->rules_hash, programme->sha256, RULES_HASH_SIZE);
    programme->rules_hash[RULES_HASH_SIZE] = '\0';
}

/* Reads the text; the faults stand in loading->document. NULL only when the system has no room. */
static struct loaded *load(struct slice text, const char *name, struct loading *loading)
{
    struct loaded *loaded = calloc(1, sizeof *loaded);
    if (loaded == NULL || !arena_init(&loaded->arena, PROGRAMME_ARENA)) {
        free(loaded);
        return NULL;
    }
    loading->programme = &loaded->programme;
    hash_text(text, &loaded->programme);
    if (document_parse(&loading->document, text, name, &loaded->arena))
        load_programme(loading);
    document_release(&loading->document);
    document_sort_faults(&loading->document);
    return loaded;
}

enum outcome programme_load(struct slice text, const char *name, struct programme **programme,
                            struct error *error)
{
    struct loading *loading = calloc(1, sizeof *loading);
    struct loaded *loaded = loading == NULL ? NULL : load(text, name, loading);
    enum outcome outcome = OK;
    if (loaded == NULL)
        outcome = error_set(error, RETRY, "could not read \"%s\": no memory", name);
    else if (loading->document.fault_count > 0)
        outcome = error_set(error, REJECT, "%s", loading->document.faults[0].text);
    else
        *programme = &loaded->programme;
    if (outcome != OK && loaded != NULL)
        programme_free(&loaded->programme);
    free(loading);
    return outcome;
}

void programme_free(struct programme *programme)
{
    struct loaded *loaded = (struct loaded *)programme;
    if (loaded == NULL)
        return;
    arena_release(&loaded->arena);
    free(loaded);
}

size_t programme_check(struct slice text, const char *name,
                       void (*tell)(void *context, const char *fault), void *context)
{
    struct loading *loading = calloc(1, sizeof *loading);
    struct loaded *loaded = loading == NULL ? NULL : load(text, name, loading);
    size_t count = loaded == NULL ? 1 : loading->document.fault_count;
    if (loaded == NULL)
        tell(context, "no memory");
    for (size_t i = 0; loaded != NULL && i < count && i < PROGRAMME_FAULTS; i++)
        tell(context, loading->document.faults[i].text);
    programme_free(loaded == NULL ? NULL : &loaded->programme);
    free(loading);
    return count;
}
