#include "base/properties.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

const char *const kafka_security_prefixes[] = {"security.", "sasl.", "ssl.", "enable.ssl.",
                                               NULL};

static bool allowed(const char *name, const char *const *prefixes)
{
    for (; *prefixes != NULL; prefixes++)
        if (strncmp(name, *prefixes, strlen(*prefixes)) == 0)
            return true;
    return false;
}

static enum outcome file_take(const char *path, struct properties *properties,
                              struct error *error)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return error_set(error, STOP, "cannot read \"%s\": %s", path, strerror(errno));
    size_t size = fread(properties->text, 1, sizeof properties->text, file);
    bool failed = ferror(file) != 0;
    fclose(file);
    if (failed || size == sizeof properties->text ||
        memchr(properties->text, '\0', size) != NULL)
        return error_set(error, STOP, "cannot read \"%s\": expected less than %d bytes of text",
                         path, PROPERTIES_BYTES);
    properties->text[size] = '\0';
    return OK;
}

/* Spaces and the end of a line of another system are nobody's password. */
static char *trimmed(char *text)
{
    text += strspn(text, " \t");
    size_t size = strlen(text);
    while (size > 0 && strchr(" \t\r", text[size - 1]) != NULL)
        text[--size] = '\0';
    return text;
}

static enum outcome line_take(char *line, const char *const *prefixes,
                              struct properties *properties)
{
    char *equals = strchr(line, '=');
    if (equals == NULL || properties->count == PROPERTIES)
        return STOP;
    *equals = '\0';
    struct property property = {trimmed(line), trimmed(equals + 1)};
    if (!allowed(property.name, prefixes) || property.value[0] == '\0')
        return STOP;
    properties->items[properties->count++] = property;
    return OK;
}

enum outcome properties_read(const char *path, const char *const *prefixes,
                             struct properties *properties, struct error *error)
{
    int number = 0;
    *properties = (struct properties){.count = 0};
    if (path == NULL || path[0] == '\0')
        return OK;
    enum outcome outcome = file_take(path, properties, error);
    for (char *line = properties->text; outcome == OK && line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end++ = '\0';
        number++;
        line = trimmed(line);
        if (line[0] != '\0' && line[0] != '#' && line_take(line, prefixes, properties) != OK)
            return error_set(error, STOP,
                             "cannot take \"%s\" line %d: expected name=value, a name that "
                             "begins with \"%s\" or the like, and at most %d lines",
                             path, number, prefixes[0], PROPERTIES);
        line = end;
    }
    return outcome;
}

void properties_release(struct properties *properties)
{
    explicit_bzero(properties, sizeof *properties);
}
