#include "base/config.h"
#include "base/setting.h"

#include <assert.h>

enum { NAME_BOUND = 96 /* longer names are compared by their beginning */ };

static const char prefix[] = "KERJA_";

/* The value of a variable; NULL when it is missing or empty. */
static const char *environment_value(char *const *environment, const char *variable)
{
    size_t size = strlen(variable);
    for (; *environment != NULL; environment++)
        if (strncmp(*environment, variable, size) == 0 && (*environment)[size] == '=')
            return (*environment)[size + 1] == '\0' ? NULL : *environment + size + 1;
    return NULL;
}

/* The secret itself where the path of its file belongs, "user:password@host" where an address does: neither is repeated. */
static bool may_be_secret(const struct setting *setting, const char *value)
{
    return setting->kind == SETTING_URI || strchr(value, '@') != NULL ||
           (setting->kind == SETTING_SECRET_FILE && value[0] != '/');
}

static void read_setting(const struct setting *setting, char *const *environment, void *values,
                         struct buffer *problems)
{
    const char *value = environment_value(environment, setting->variable);
    if (value == NULL && setting->fallback == NULL) {
        buffer_format(problems, "%s is not set: it is %s, ", setting->variable,
                      setting->meaning);
        setting_describe(setting, problems);
        buffer_append_byte(problems, '\n');
        return;
    }
    if (value == NULL)
        value = setting->fallback;
    if (value[0] == '\0' || setting_parse(setting, value, values))
        return;
    if (may_be_secret(setting, value))
        buffer_format(problems, "%s has a value that is not ", setting->variable);
    else
        buffer_format(problems, "%s is \"%.200s\", which is not ", setting->variable, value);
    setting_describe(setting, problems);
    buffer_append_byte(problems, '\n');
}

/* Levenshtein's distance: how many letters must be put, left out or changed. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[NAME_BOUND + 1];
    size_t width = b.size < NAME_BOUND ? b.size : NAME_BOUND;
    for (size_t j = 0; j <= width; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size && i <= NAME_BOUND; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= width; j++) {
            size_t best = diagonal + (a.data[i - 1] != b.data[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[width];
}

static const char *nearest(const struct config_table *table, struct slice name)
{
    const char *found = NULL;
    size_t smallest = SIZE_MAX;
    for (size_t i = 0; i < table->count; i++) {
        size_t away = distance(name, slice_of(table->settings[i].variable));
        if (away < smallest) {
            smallest = away;
            found = table->settings[i].variable;
        }
    }
    return found;
}

static bool known(const struct config_table *table, struct slice name)
{
    for (size_t i = 0; i < table->count; i++)
        if (slice_is(name, table->settings[i].variable))
            return true;
    return false;
}

static void refuse_unknown(const struct config_table *table, char *const *environment,
                           struct buffer *problems)
{
    for (; *environment != NULL; environment++) {
        const char *equals = strchr(*environment, '=');
        if (equals == NULL || strncmp(*environment, prefix, sizeof prefix - 1) != 0)
            continue;
        struct slice name = {*environment, (size_t)(equals - *environment)};
        if (known(table, name))
            continue;
        const char *near = nearest(table, name);
        buffer_format(problems, "%.*s is not a setting", SLICE_ARGS(name));
        if (near != NULL)
            buffer_format(problems, ": did you mean %s?", near);
        buffer_append_byte(problems, '\n');
    }
}

enum outcome config_read(const struct config_table *table, char *const *environment,
                         void *values, struct buffer *problems)
{
    assert(environment != NULL);
    size_t before = problems->size;
    for (size_t i = 0; i < table->count; i++) {
        assert(strncmp(table->settings[i].variable, prefix, sizeof prefix - 1) == 0);
        read_setting(&table->settings[i], environment, values, problems);
    }
    refuse_unknown(table, environment, problems);
    return problems->size == before && !buffer_failed(problems) ? OK : STOP;
}

static int wider(int width, const char *text)
{
    int size = (int)strlen(text);
    return size > width ? size : width;
}

void config_print(const struct config_table *table, FILE *out)
{
    int variable = wider(0, "VARIABLE"), kind = wider(0, "KIND"),
        fallback = wider(0, "DEFAULT");
    for (size_t i = 0; i < table->count; i++) {
        const struct setting *setting = &table->settings[i];
        variable = wider(variable, setting->variable);
        kind = wider(kind, setting_kind_name(setting->kind));
        fallback = wider(fallback, setting_default(setting));
    }
    fprintf(out, "%-*s  %-*s  %-*s  %s\n", variable, "VARIABLE", kind, "KIND", fallback,
            "DEFAULT", "MEANING");
    for (size_t i = 0; i < table->count; i++) {
        const struct setting *setting = &table->settings[i];
        fprintf(out, "%-*s  %-*s  %-*s  %s\n", variable, setting->variable, kind,
                setting_kind_name(setting->kind), fallback, setting_default(setting),
                setting->meaning);
    }
}

static void print_cell(const char *text, FILE *out)
{
    for (; *text != '\0'; text++)
        fprintf(out, *text == '|' ? "\\%c" : "%c", *text);
}

void config_print_markdown(const struct config_table *table, FILE *out)
{
    fputs("| variable | kind | default | meaning |\n|---|---|---|---|\n", out);
    for (size_t i = 0; i < table->count; i++) {
        const struct setting *setting = &table->settings[i];
        bool literal = setting->fallback != NULL && setting->fallback[0] != '\0' &&
                       setting->kind != SETTING_URI;
        fprintf(out, "| `%s` | %s | %s", setting->variable, setting_kind_name(setting->kind),
                literal ? "`" : "");
        print_cell(setting_default(setting), out);
        fprintf(out, "%s | ", literal ? "`" : "");
        print_cell(setting->meaning, out);
        fputs(" |\n", out);
    }
}
