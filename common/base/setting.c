#include "base/setting.h"

#include <inttypes.h>
#include <unistd.h>

struct unit {
    const char *suffix;
    int64_t factor;
};

static const struct unit plain[] = {{"", 1}, {NULL, 0}};
static const struct unit durations[] = {
    {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}, {NULL, 0}};
static const struct unit sizes[] = {
    {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}, {NULL, 0}};

static const struct unit *units_of(enum setting_kind kind)
{
    if (kind == SETTING_DURATION_MS)
        return durations;
    return kind == SETTING_BYTES ? sizes : plain;
}

static int64_t maximum_of(const struct setting *setting)
{
    bool unbounded = setting->minimum == 0 && setting->maximum == 0;
    return unbounded ? INT64_MAX : setting->maximum;
}

/* Reads the digits at *text, and moves it behind them. */
static bool parse_digits(const char **text, int64_t *number)
{
    int64_t parsed = 0;
    const char *at = *text;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(parsed, (int64_t)10, &parsed) ||
            __builtin_add_overflow(parsed, (int64_t)(*at - '0'), &parsed))
            return false;
    if (at == *text)
        return false;
    *text = at;
    *number = parsed;
    return true;
}

static bool parse_number(const struct setting *setting, const char *text, int64_t *value)
{
    int64_t number;
    bool negative = setting->kind == SETTING_INT && *text == '-';
    text += negative;
    if (!parse_digits(&text, &number))
        return false;
    const struct unit *unit = units_of(setting->kind);
    while (unit->suffix != NULL && strcmp(unit->suffix, text) != 0)
        unit++;
    if (unit->suffix == NULL || __builtin_mul_overflow(number, unit->factor, &number))
        return false;
    if (negative)
        number = -number;
    if (number < setting->minimum || number > maximum_of(setting))
        return false;
    *value = number;
    return true;
}

static bool parse_port(const char *text, uint16_t *port)
{
    int64_t number;
    if (!parse_digits(&text, &number) || *text != '\0' || number > UINT16_MAX)
        return false;
    *port = (uint16_t)number;
    return true;
}

static bool parse_address(const char *text, struct config_address *address)
{
    struct config_address parsed = {0};
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !parse_port(colon + 1, &parsed.port) || strchr(text, '@') != NULL)
        return false;
    struct slice host = {text, (size_t)(colon - text)};
    if (host.size == 0)
        host = SLICE("127.0.0.1");
    bool bracketed = host.size > 2 && host.data[0] == '[' && host.data[host.size - 1] == ']';
    if (bracketed)
        host = (struct slice){host.data + 1, host.size - 2};
    /* An IPv6 address without brackets would lose its last group to the port. */
    if (host.size >= sizeof parsed.host ||
        (memchr(host.data, ':', host.size) != NULL) != bracketed)
        return false;
    memcpy(parsed.host, host.data, host.size);
    *address = parsed;
    return true;
}

static bool looks_like_uri(const char *text)
{
    return strstr(text, "://") != NULL || strchr(text, '=') != NULL;
}

static bool accepted_text(const struct setting *setting, const char *text)
{
    if (setting->kind == SETTING_URI)
        return looks_like_uri(text);
    return setting->kind == SETTING_TEXT || access(text, R_OK) == 0;
}

bool setting_parse(const struct setting *setting, const char *text, void *values)
{
    void *member = (char *)values + setting->offset;
    switch (setting->kind) {
    case SETTING_TEXT:
    case SETTING_SECRET_FILE:
    case SETTING_URI:
        if (!accepted_text(setting, text))
            return false;
        *(const char **)member = text;
        return true;
    case SETTING_INT:
    case SETTING_DURATION_MS:
    case SETTING_BYTES:
        return parse_number(setting, text, member);
    case SETTING_ADDRESS:
        return parse_address(text, member);
    }
    return false;
}

/* In the largest unit that shows the number exactly. */
static void append_number(struct buffer *text, enum setting_kind kind, int64_t number)
{
    const struct unit *unit = units_of(kind);
    while (number % unit->factor != 0 || (number == 0 && unit->factor != 1))
        unit++;
    char shown[32];
    int size =
        snprintf(shown, sizeof shown, "%" PRId64 "%s", number / unit->factor, unit->suffix);
    buffer_append(text, shown, (size_t)size);
}

static void append_text(struct buffer *text, const char *words)
{
    buffer_append(text, words, strlen(words));
}

static void describe_bounds(const struct setting *setting, struct buffer *text)
{
    int64_t maximum = maximum_of(setting);
    append_text(text, maximum == INT64_MAX ? " of at least " : " from ");
    append_number(text, setting->kind, setting->minimum);
    if (maximum == INT64_MAX)
        return;
    append_text(text, " to ");
    append_number(text, setting->kind, maximum);
}

void setting_describe(const struct setting *setting, struct buffer *text)
{
    static const char *const descriptions[] = {
        [SETTING_TEXT] = "a text",
        [SETTING_SECRET_FILE] = "the path of a file that can be read",
        [SETTING_INT] = "a whole number",
        [SETTING_DURATION_MS] = "a duration such as 250ms, 10s, 5m or 2h",
        [SETTING_BYTES] = "a size such as 4096, 64KiB, 512MiB or 1GiB",
        [SETTING_ADDRESS] = "host:port, [v6]:port or :port",
        [SETTING_URI] = "scheme://... or key=value pairs",
    };
    append_text(text, descriptions[setting->kind]);
    bool bounded = setting->kind == SETTING_INT || setting->kind == SETTING_DURATION_MS ||
                   setting->kind == SETTING_BYTES;
    if (bounded)
        describe_bounds(setting, text);
}

const char *setting_kind_name(enum setting_kind kind)
{
    static const char *const names[] = {
        [SETTING_TEXT] = "text",        [SETTING_SECRET_FILE] = "secret file",
        [SETTING_INT] = "number",       [SETTING_DURATION_MS] = "duration",
        [SETTING_BYTES] = "size",       [SETTING_ADDRESS] = "address",
        [SETTING_URI] = "uri (secret)",
    };
    return names[kind];
}

const char *setting_default(const struct setting *setting)
{
    if (setting->fallback == NULL)
        return "required";
    if (setting->fallback[0] == '\0')
        return "none";
    return setting->kind == SETTING_URI ? "not shown" : setting->fallback;
}
