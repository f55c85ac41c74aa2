#include "base/log.h"
#include "base/calendar.h"
#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

static const char *const level_names[] = {"debug", "info", "warning", "error"};
static const char cut_mark[] = " cut=true\n";

/* A line being written; what does not fit is left out, and `cut` says so. */
struct line {
    char text[LOG_LINE_SIZE];
    size_t size;
    bool cut;
};

static void line_append(struct line *line, const char *data, size_t size)
{
    /* Room for the mark is always kept, so that a cut line says that it is. */
    if (line->cut || size > sizeof line->text - sizeof cut_mark - line->size) {
        line->cut = true;
        return;
    }
    memcpy(line->text + line->size, data, size);
    line->size += size;
}

static bool plain_character(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c != '\0' && strchr("_-./:+@,", c) != NULL);
}

static bool plain(struct slice value)
{
    for (size_t i = 0; i < value.size; i++)
        if (!plain_character((unsigned char)value.data[i]))
            return false;
    return value.size > 0;
}

/* The size of the well-formed UTF-8 sequence of two bytes or more at the front (RFC 3629), 0
 * when there is none. C1 controls count as none: a terminal obeys them. */
static size_t utf8_size(struct slice text)
{
    const unsigned char *at = (const unsigned char *)text.data;
    size_t size = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || size > text.size)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    bool control = at[0] == 0xc2 && at[1] < 0xa0;
    bool overlong = (at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xf0 && at[1] < 0x90);
    bool beyond = (at[0] == 0xed && at[1] >= 0xa0) || (at[0] == 0xf4 && at[1] >= 0x90);
    return control || overlong || beyond ? 0 : size;
}

static size_t append_character(struct line *line, struct slice rest)
{
    unsigned char c = (unsigned char)rest.data[0];
    size_t size = c < 0x80 ? 1 : utf8_size(rest);
    char escaped[8];
    if (c == '"' || c == '\\')
        snprintf(escaped, sizeof escaped, "\\%c", c);
    else if (c == '\n')
        snprintf(escaped, sizeof escaped, "\\n");
    else if (c < 0x20 || c == 0x7f || size == 0)
        snprintf(escaped, sizeof escaped, "\\x%02x", c);
    else {
        line_append(line, rest.data, size);
        return size;
    }
    line_append(line, escaped, strlen(escaped));
    return 1;
}

static void append_value(struct line *line, struct slice value)
{
    if (plain(value)) {
        line_append(line, value.data, value.size);
        return;
    }
    line_append(line, "\"", 1);
    for (size_t i = 0; i < value.size && !line->cut;)
        i += append_character(line, (struct slice){value.data + i, value.size - i});
    line_append(line, "\"", 1);
}

static void append_text(struct line *line, const char *key, struct slice value)
{
    if (line->size > 0)
        line_append(line, " ", 1);
    line_append(line, key, strlen(key));
    line_append(line, "=", 1);
    append_value(line, value);
}

static void append_field(struct line *line, const struct log_field *field)
{
    char number[24];
    if (field->is_number)
        snprintf(number, sizeof number, "%" PRId64, field->number);
    append_text(line, field->key, field->is_number ? slice_of(number) : field->text);
}

/* One write a line; an interrupted or short one is continued, a failed one is lost: there is
 * nobody left to tell. */
static void line_write(const struct line *line, int descriptor)
{
    for (size_t done = 0; done < line->size;) {
        ssize_t wrote = write(descriptor, line->text + done, line->size - done);
        if (wrote < 0 && errno != EINTR)
            return;
        if (wrote > 0)
            done += (size_t)wrote;
    }
}

struct log log_new(enum log_level level)
{
    return (struct log){.descriptor = STDERR_FILENO, .level = level};
}

bool log_level_parse(struct slice word, enum log_level *level)
{
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++)
        if (slice_is(word, level_names[i])) {
            *level = (enum log_level)i;
            return true;
        }
    return false;
}

void log_bind(struct log *log, const char *key, const char *value)
{
    size_t at = 0;
    while (at < log->bound_count && strcmp(log->bound[at].key, key) != 0)
        at++;
    assert(at < LOG_BOUND);
    snprintf(log->bound[at].value, LOG_VALUE_SIZE, "%s", value);
    log->bound[at].key = key;
    log->bound_count += at == log->bound_count;
}

void log_bind_number(struct log *log, const char *key, int64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    log_bind(log, key, text);
}

void log_write(const struct log *log, enum log_level level, const struct log_field *fields,
               size_t count)
{
    if (level < log->level)
        return;
    char at[INSTANT_TEXT_SIZE + 1];
    instant_format(realtime_us(), at);
    struct line line = {.size = 0};
    append_text(&line, "at", slice_of(at));
    append_text(&line, "level", slice_of(level_names[level]));
    for (size_t i = 0; i < log->bound_count; i++)
        append_text(&line, log->bound[i].key, slice_of(log->bound[i].value));
    for (size_t i = 0; i < count; i++)
        append_field(&line, &fields[i]);
    const char *end = line.cut ? cut_mark : "\n";
    memcpy(line.text + line.size, end, strlen(end));
    line.size += strlen(end);
    line_write(&line, log->descriptor);
}

bool log_outage_failed(const struct log *log, struct log_outage *outage, int64_t now_ms,
                       const char *what, const char *reason, const char *next)
{
    bool begins = !outage->lasting;
    if (begins)
        *outage = (struct log_outage){.lasting = true, .began_ms = now_ms};
    outage->failures++;
    if (!begins && now_ms - outage->told_ms < LOG_OUTAGE_EVERY_MS)
        return false;
    outage->told_ms = now_ms;
    log_warning(log, LOG_FACT(begins ? "outage" : "outage lasts"), LOG_TEXT("of", what),
                LOG_TEXT("reason", reason), LOG_TEXT("next", next),
                LOG_NUMBER("failures", outage->failures),
                LOG_NUMBER("for_ms", now_ms - outage->began_ms));
    return true;
}

void log_outage_over(const struct log *log, struct log_outage *outage, int64_t now_ms,
                     const char *what)
{
    if (!outage->lasting)
        return;
    log_info(log, LOG_FACT("outage over"), LOG_TEXT("of", what),
             LOG_NUMBER("failures", outage->failures),
             LOG_NUMBER("for_ms", now_ms - outage->began_ms));
    *outage = (struct log_outage){0};
}
