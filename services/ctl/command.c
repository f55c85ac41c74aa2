#include "command.h"

#include "base/clock.h"
#include "decode/reading.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROGRESS_EVERY_MS = 100 };

/* How many words of argv the command's name takes, 0 when it is another command. */
static int name_matches(const char *name, int argc, char **argv)
{
    int taken = 0;
    while (*name != '\0') {
        size_t size = strcspn(name, " ");
        if (taken == argc || strlen(argv[taken]) != size ||
            memcmp(argv[taken], name, size) != 0)
            return 0;
        taken++;
        name += size + (name[size] == ' ');
    }
    return taken;
}

static const struct command *command_find(int argc, char **argv, int *taken)
{
    const struct command *found = NULL;
    *taken = 0;
    for (size_t i = 0; i < command_count; i++) {
        int words = name_matches(commands[i]->name, argc, argv);
        if (words > *taken) {
            *taken = words;
            found = commands[i];
        }
    }
    return found;
}

static size_t option_index(const struct command *command, const char *name, size_t size)
{
    size_t i = 0;
    while (i < command->option_count &&
           !slice_is((struct slice){name, size}, command->options[i].name))
        i++;
    return i;
}

/* Takes the option at argv[*at], with its value behind it or behind '='. */
static int option_take(struct call *call, int argc, char **argv, int *at)
{
    const char *text = argv[*at];
    size_t size = strcspn(text, "=");
    size_t index = option_index(call->command, text, size);
    if (index == call->command->option_count)
        return call_misused(call, "it has no option \"%.*s\"", (int)size, text);
    const struct call_option *option = &call->command->options[index];
    if (option->argument == NULL) {
        if (text[size] == '=')
            return call_misused(call, "%s takes no value", option->name);
        call->values[index] = "";
        return EXIT_DONE;
    }
    if (text[size] == '=')
        call->values[index] = text + size + 1;
    else if (++*at < argc)
        call->values[index] = argv[*at];
    else
        return call_misused(call, "%s needs a value: %s", option->name, option->argument);
    return EXIT_DONE;
}

/* What is typed is shown to the second officer and to auditors: it must not move their cursor. */
static bool printable(const char *word)
{
    for (; *word != '\0'; word++)
        if ((unsigned char)*word < ' ' || *word == '\x7F')
            return false;
    return true;
}

int call_parse(int argc, char **argv, struct call *call)
{
    int taken;
    *call = (struct call){.command = command_find(argc, argv, &taken)};
    if (call->command == NULL) {
        fprintf(stderr, "kerja: there is no command \"%s\"; `kerja help` lists them\n",
                argv[0]);
        return EXIT_USAGE;
    }
    assert(call->command->option_count <= CALL_OPTIONS);
    for (int i = taken; i < argc; i++)
        if (!printable(argv[i]))
            return call_misused(call, "word %d holds a control character", i + 1);
    for (int i = taken; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1] == '-') {
            int status = option_take(call, argc, argv, &i);
            if (status != EXIT_DONE)
                return status;
        } else if (call->word_count == call->command->most) {
            return call_misused(call, "\"%s\" is one word too many", argv[i]);
        } else {
            call->words[call->word_count++] = argv[i];
        }
    }
    if (call->word_count < call->command->least)
        return call_misused(call, "expected %s", call->command->arguments);
    return EXIT_DONE;
}

const char *call_value(const struct call *call, const char *option)
{
    size_t index = option_index(call->command, option, strlen(option));
    assert(index < call->command->option_count);
    return call->values[index];
}

bool call_number(struct call *call, const char *option, int64_t least, int64_t most,
                 int64_t *value)
{
    const char *text = call_value(call, option);
    char *end;
    if (text == NULL)
        return true;
    long long number = strtoll(text, &end, 10);
    if (*text == '\0' || *end != '\0' || number < least || number > most) {
        call_misused(call, "%s is \"%s\": expected a whole number from %" PRId64 " to %" PRId64,
                     option, text, least, most);
        return false;
    }
    *value = number;
    return true;
}

bool day_read(struct slice text, epoch_day *day)
{
    return day_parse(text, day) && day_is_sane(*day);
}

static bool instant_read(struct slice text, instant_us *instant)
{
    return instant_parse(text, instant) && instant_is_sane(*instant);
}

bool call_day(struct call *call, const char *option, epoch_day *value)
{
    const char *text = call_value(call, option);
    if (text == NULL || day_read(slice_of(text), value))
        return true;
    call_misused(call, "%s is \"%s\": expected a day such as 2021-08-24, up to the year 2199",
                 option, text);
    return false;
}

bool call_instant(struct call *call, const char *option, instant_us *value)
{
    const char *text = call_value(call, option);
    if (text == NULL || instant_read(slice_of(text), value))
        return true;
    call_misused(call, "%s is \"%s\": expected an instant such as 2021-08-20T05:00:00Z", option,
                 text);
    return false;
}

bool call_country(struct call *call, const char *option)
{
    static const char capitals[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *text = call_value(call, option);
    if (text == NULL || (strlen(text) == 2 && strspn(text, capitals) == 2))
        return true;
    call_misused(call, "%s is \"%s\": expected two capitals such as ID or MY (ISO 3166-1)",
                 option, text);
    return false;
}

static bool moment_read(struct slice text, int utc_offset_minutes, instant_us *value)
{
    epoch_day day;
    if (instant_read(text, value))
        return true;
    if (!day_read(text, &day))
        return false;
    *value = day_to_instant(day, utc_offset_minutes);
    return instant_is_sane(*value);
}

bool call_moment(struct call *call, const char *option, int utc_offset_minutes,
                 instant_us *value)
{
    const char *text = call_value(call, option);
    instant_us given;
    if (text == NULL)
        return true;
    if (!moment_read(slice_of(text), utc_offset_minutes, &given)) {
        call_misused(call,
                     "%s is \"%s\": expected an instant such as 2021-08-20T05:00:00Z, or a day",
                     option, text);
        return false;
    }
    if (given > realtime_us()) {
        call_misused(call, "%s is \"%s\", which is still to come: expected when it happened",
                     option, text);
        return false;
    }
    *value = given;
    return true;
}

int call_misused(const struct call *call, const char *format, ...)
{
    va_list arguments;
    progress_end();
    fprintf(stderr, "kerja %s: ", call->command->name);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fprintf(stderr, "; `kerja help %s` tells more\n", call->command->name);
    return EXIT_USAGE;
}

int call_fails(const struct call *call, const char *format, ...)
{
    va_list arguments;
    progress_end();
    fprintf(stderr, "kerja %s: ", call->command->name);
    if (format == NULL) {
        fputs(call->error.text, stderr);
    } else {
        va_start(arguments, format);
        vfprintf(stderr, format, arguments);
        va_end(arguments);
    }
    fputc('\n', stderr);
    return EXIT_FAILED;
}

static bool progress_shown;

void progress_show(const char *what, int64_t done, int64_t total)
{
    static int64_t next_ms;
    int64_t now_ms = monotonic_ms();
    if (now_ms < next_ms || !isatty(STDERR_FILENO))
        return;
    next_ms = now_ms + PROGRESS_EVERY_MS;
    progress_shown = true;
    if (total > 0)
        fprintf(stderr, "\r\033[K%s %" PRId64 " of %" PRId64, what, done, total);
    else
        fprintf(stderr, "\r\033[K%s %" PRId64, what, done);
}

void progress_end(void)
{
    if (progress_shown)
        fputs("\r\033[K", stderr);
    progress_shown = false;
}
