/*
 * kerja synthesize: a made-up population as JSON lines, and the registers that list some of it.
 *
 * Who applies to a wave is in C (population.h), for every programme with waves alike; who applies to a programme
 * without waves is in a file of recipes (population_people.h).
 */
#include "commands.h"

#include "population.h"
#include "rulebook.h"
#include "synthesize_people.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PATH_SIZE = 4096,
    OPEN_DAYS = 5, /* how long a wave is open, where its file gives one end only */
    PROGRESS_LINES = 5000,
    FOLDERS_UP = 4 /* from build/<preset>/services/ctl to the root */
};

/* One line to come, in the order of time. */
struct coming {
    instant_us at;
    uint32_t number, family;
    uint8_t kind;
};

struct synthesis {
    struct call *call;
    struct programme *programme;
    char name[128], country[8];
    struct wave_window window;
    uint64_t seed;
    int64_t people;
    struct coming *lines;
    size_t line_count;
};

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_programme_file(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);
    return size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0;
}

static struct programme *programme_read(const char *path, struct error *error)
{
    struct buffer text = {0};
    struct programme *programme = NULL;
    if (file_read(path, &text, error) == OK)
        programme_load(buffer_slice(&text), path, &programme, error);
    buffer_release(&text);
    return programme;
}

/* The first file of a folder, by name, that has the wave. */
static struct programme *folder_search(const char *folder, int wave)
{
    struct dirent **entries = NULL;
    struct programme *found = NULL;
    struct error error;
    int count = scandir(folder, &entries, is_programme_file, by_name);
    for (int i = 0; i < count; i++) {
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        struct programme *programme = found == NULL ? programme_read(path, &error) : NULL;
        if (programme != NULL && scheme_for_wave(programme, wave) != NULL)
            found = programme;
        else
            programme_free(programme);
        free(entries[i]);
    }
    free(entries);
    return found;
}

/* --programme FILE; without it programmes/ here, then that of the source tree we were built in. */
static bool programme_find(struct synthesis *synthesis)
{
    const char *path = call_value(synthesis->call, "--programme");
    char own[PATH_SIZE] = "";
    if (path != NULL) {
        synthesis->programme = programme_read(path, &synthesis->call->error);
        return synthesis->programme != NULL;
    }
    synthesis->programme = folder_search("programmes", synthesis->window.wave);
    ssize_t size = readlink("/proc/self/exe", own, sizeof own - 1);
    if (synthesis->programme == NULL && size > 0) {
        char folder[PATH_SIZE + 16];
        char *end;
        own[size] = '\0';
        for (int up = 0; up <= FOLDERS_UP && (end = strrchr(own, '/')) != NULL; up++)
            *end = '\0';
        snprintf(folder, sizeof folder, "%s/programmes", own);
        synthesis->programme = folder_search(folder, synthesis->window.wave);
    }
    if (synthesis->programme == NULL)
        error_set(
            &synthesis->call->error, REJECT,
            "cannot find a programme file with wave %d in \"programmes\"; give --programme "
            "FILE",
            synthesis->window.wave);
    return synthesis->programme != NULL;
}

/* When the wave is open, from its file; where that gives one end only, five days. */
static int window_read(struct synthesis *synthesis)
{
    struct call *call = synthesis->call;
    struct wave_window *window = &synthesis->window;
    const struct wave *wave = wave_find(synthesis->programme, window->wave);
    const struct scheme *scheme = scheme_for_wave(synthesis->programme, window->wave);
    instant_us opens = wave != NULL && wave->has_opens ? wave->opens : 0;
    instant_us closes = wave != NULL && wave->has_closes ? wave->closes : 0;
    if (scheme == NULL)
        return call_misused(call, "the programme has no wave %d", window->wave);
    if (!call_instant(call, "--opens", &opens) || !call_instant(call, "--closes", &closes))
        return EXIT_USAGE;
    if (opens == 0 && closes == 0)
        return call_misused(call,
                            "the file does not say when wave %d is open: expected --opens "
                            "INSTANT",
                            window->wave);
    window->opens = opens != 0 ? opens : closes - OPEN_DAYS * US_PER_DAY;
    window->closes = closes != 0 ? closes : opens + OPEN_DAYS * US_PER_DAY;
    if (window->closes - window->opens < US_PER_SECOND)
        return call_misused(call, "the wave closes before it opens");
    struct slice priorities[VERDICT_PRIORITIES];
    window->social_assistance =
        wave_priorities(synthesis->programme, window->wave, priorities) > 0;
    snprintf(synthesis->name, sizeof synthesis->name, "%.*s",
             SLICE_ARGS(synthesis->programme->id));
    snprintf(synthesis->country, sizeof synthesis->country, "%.*s",
             SLICE_ARGS(synthesis->programme->country));
    return EXIT_DONE;
}

static void line_add(struct synthesis *synthesis, uint32_t number, uint32_t family,
                     enum application_kind kind)
{
    synthesis->lines[synthesis->line_count++] = (struct coming){
        .at = application_instant(synthesis->seed, number, kind, &synthesis->window),
        .number = number,
        .family = family,
        .kind = (uint8_t)kind};
}

static int by_time(const void *a, const void *b)
{
    const struct coming *one = a, *other = b;
    if (one->at != other->at)
        return one->at < other->at ? -1 : 1;
    if (one->number != other->number)
        return one->number < other->number ? -1 : 1;
    return one->kind - other->kind;
}

static epoch_day age_day(const struct synthesis *synthesis)
{
    return (epoch_day)(synthesis->window.opens / US_PER_DAY);
}

static bool lines_plan(struct synthesis *synthesis)
{
    uint32_t family = 0, left = 0;
    synthesis->lines = malloc(3 * (size_t)synthesis->people * sizeof *synthesis->lines);
    if (synthesis->lines == NULL)
        return false;
    for (uint32_t number = 1; number <= synthesis->people; number++) {
        struct inhabitant inhabitant;
        if (left == 0) {
            family++;
            left = family_size(synthesis->seed, number);
        }
        left--;
        inhabitant_make(synthesis->seed, number, family, age_day(synthesis), &inhabitant);
        line_add(synthesis, number, family, FIRST_APPLICATION);
        if (inhabitant.applies_twice)
            line_add(synthesis, number, family, SECOND_APPLICATION);
        if (inhabitant.corrects)
            line_add(synthesis, number, family, CORRECTION);
    }
    qsort(synthesis->lines, synthesis->line_count, sizeof *synthesis->lines, by_time);
    return true;
}

static bool lines_write(struct synthesis *synthesis)
{
    struct buffer line = {0};
    bool good = true;
    for (size_t i = 0; good && i < synthesis->line_count; i++) {
        const struct coming *coming = &synthesis->lines[i];
        struct inhabitant inhabitant;
        buffer_clear(&line);
        inhabitant_make(synthesis->seed, coming->number, coming->family, age_day(synthesis),
                        &inhabitant);
        application_write(&inhabitant, (enum application_kind)coming->kind, &synthesis->window,
                          synthesis->name, synthesis->country, coming->at, &line);
        good = !buffer_failed(&line) && fwrite(line.data, 1, line.size, stdout) == line.size;
        if (i % PROGRESS_LINES == 0)
            progress_show("applications written:", (int64_t)i, (int64_t)synthesis->line_count);
    }
    buffer_release(&line);
    return good && fflush(stdout) == 0;
}

static bool register_write(const struct synthesis *synthesis, const char *folder, size_t index)
{
    char path[PATH_SIZE], from[DAY_TEXT_SIZE + 1];
    const struct made_register *made = &made_registers[index];
    snprintf(path, sizeof path, "%s/%s.csv", folder, made->name);
    FILE *file = fopen(path, "we");
    if (file == NULL) {
        error_set(&synthesis->call->error, REJECT, "cannot write \"%s\": %s", path,
                  strerror(errno));
        return false;
    }
    day_format(age_day(synthesis) - 365, from);
    fprintf(file, "national_id,code,valid_from\n");
    for (uint32_t number = 1; number <= synthesis->people; number++) {
        struct inhabitant inhabitant;
        inhabitant_make(synthesis->seed, number, 1, age_day(synthesis), &inhabitant);
        if (register_lists(synthesis->seed, &inhabitant, index))
            fprintf(file, "%s,%s,%s\n", inhabitant.national_id, made->code, from);
    }
    bool good = ferror(file) == 0;
    if (fclose(file) == 0 && good)
        return true;
    error_set(&synthesis->call->error, REJECT, "cannot write \"%s\" to its end", path);
    return false;
}

static bool registers_write(const struct synthesis *synthesis, const char *folder)
{
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        error_set(&synthesis->call->error, REJECT, "cannot make the folder \"%s\": %s", folder,
                  strerror(errno));
        return false;
    }
    for (size_t i = 0; i < made_register_count; i++)
        if (!register_write(synthesis, folder, i))
            return false;
    return true;
}

static int arguments_read(struct synthesis *synthesis)
{
    struct call *call = synthesis->call;
    int64_t wave = 0, seed = 1;
    bool by_file = call_value(call, "--population") != NULL;
    if ((call_value(call, "--wave") == NULL) != by_file || call_value(call, "--people") == NULL)
        return call_misused(call, "expected --people N, and --wave N or --population FILE");
    if (by_file && call_value(call, "--programme") == NULL)
        return call_misused(call, "--population needs --programme FILE");
    if (by_file &&
        (call_value(call, "--opens") != NULL || call_value(call, "--closes") != NULL ||
         call_value(call, "--registers") != NULL))
        return call_misused(call, "--opens, --closes and --registers belong to --wave");
    if (!call_number(call, "--wave", 1, UINT16_MAX, &wave) ||
        !call_number(call, "--people", 1, POPULATION_BOUND, &synthesis->people) ||
        !call_number(call, "--seed", 0, INT64_MAX, &seed))
        return EXIT_USAGE;
    synthesis->window.wave = (int)wave;
    synthesis->seed = (uint64_t)seed;
    return EXIT_DONE;
}

static int run(struct call *call)
{
    struct synthesis synthesis = {.call = call};
    const char *registers = call_value(call, "--registers");
    const char *population = call_value(call, "--population");
    int status = arguments_read(&synthesis);
    if (status == EXIT_DONE && !programme_find(&synthesis))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE && population != NULL) {
        status = synthesize_people(call, synthesis.programme, population, synthesis.seed,
                                   (uint32_t)synthesis.people);
        programme_free(synthesis.programme);
        return status;
    }
    if (status == EXIT_DONE)
        status = window_read(&synthesis);
    if (status == EXIT_DONE && !lines_plan(&synthesis))
        status =
            call_fails(call, "cannot hold %" PRId64 " people: no memory", synthesis.people);
    if (status == EXIT_DONE && !lines_write(&synthesis))
        status = call_fails(call, "could not write the applications: the output is closed");
    if (status == EXIT_DONE && registers != NULL && !registers_write(&synthesis, registers))
        status = call_fails(call, NULL);
    progress_end();
    free(synthesis.lines);
    programme_free(synthesis.programme);
    return status;
}

static const struct call_option options[] = {
    {"--wave", "N", "the wave they apply to"},
    {"--population", "FILE", "the people of a programme without waves; needs --programme"},
    {"--people", "N", "how many people"},
    {"--seed", "S", "who they are; the same seed gives the same bytes (1)"},
    {"--programme", "FILE", "the programme file (the first in programmes/ with that wave)"},
    {"--opens", "INSTANT", "when the wave opens, where its file does not say"},
    {"--closes", "INSTANT", "when it closes"},
    {"--registers", "FOLDER",
     "also write a CSV file for each register that lists some of them"},
};

const struct command synthesize_command = {
    .name = "synthesize",
    .arguments = "",
    .summary = "makes up a population that applies to a wave, or to a programme",
    .description =
        "Writes application.submitted as JSON lines to standard output, in order of time, "
        "shaped\n"
        "by what was published about the programme: how many get through each check, ages,\n"
        "regions, family cards, people who apply twice or correct what they said. Everybody "
        "is\n"
        "made up, and obviously so. With --population the people, and the employers that hire\n"
        "them, are made by the recipes of a file. `kerja import FILE --topic "
        "application.submitted` sends "
        "them.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
