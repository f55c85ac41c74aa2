/*
 * simulate - drives the real recovery and the real publisher through random histories, and
 * makes sure that it would notice if they were wrong.
 *
 *   simulate --seeds N              seeds 1 to N and those kept in seeds.txt, then the variants
 *   simulate --seed S [--verbose]   one history, told step by step
 *   simulate --variant NAME         that known-bad variant only
 *
 * Exit status: 0; 1 when a seed violates the promise or a variant was not caught; 2 for a wrong
 * command line.
 */
#include "world.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 2, KEPT_BOUND = 1024 };

static const char *const variant_names[VARIANTS] = {
    [CORRECT] = "correct",
    [ROW_FOR_SEVERAL_PARTITIONS] = "row-for-several-partitions",
    [METADATA_AT_COMMIT] = "metadata-at-commit",
    [UNSTABLE_OFFSETS] = "unstable-offsets",
    [PRODUCER_KEPT_OFFSETS_FIRST] = "producer-kept-offsets-first",
    [PRODUCER_KEPT_OFFSETS_LAST] = "producer-kept-offsets-last",
    [SKIP_AHEAD] = "skip-ahead",
    [END_WITHOUT_ROW] = "end-without-row",
    [OFFSET_REPEATS_UNCOUNTED] = "offset-repeats-uncounted",
};

struct options {
    uint64_t seeds;
    uint64_t seed; /* 0: all of them */
    int variant;   /* -1: all of them */
    bool verbose;
};

struct kept {
    uint64_t seeds[KEPT_BOUND];
    size_t count;
};

static void usage(FILE *file)
{
    fprintf(
        file,
        "usage: simulate [--seeds N] [--seed S] [--variant NAME] [--verbose]\n\nvariants:\n");
    for (int i = 0; i < VARIANTS; i++)
        fprintf(file, "  %s\n", variant_names[i]);
}

static bool number_parse(const char *text, uint64_t *number)
{
    char *end;
    errno = 0;
    unsigned long long parsed = strtoull(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0')
        return false;
    *number = parsed;
    return true;
}

static int variant_find(const char *name)
{
    for (int i = 0; i < VARIANTS; i++)
        if (strcmp(name, variant_names[i]) == 0)
            return i;
    return -1;
}

static bool options_parse(int argc, char **argv, struct options *options)
{
    *options = (struct options){.seeds = 1000, .variant = -1};
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : "";
        if (strcmp(argv[i], "--verbose") == 0)
            options->verbose = true;
        else if (strcmp(argv[i], "--seeds") == 0 && number_parse(value, &options->seeds))
            i++;
        else if (strcmp(argv[i], "--seed") == 0 && number_parse(value, &options->seed))
            i++;
        else if (strcmp(argv[i], "--variant") == 0 &&
                 (options->variant = variant_find(value)) >= 0)
            i++;
        else
            return false;
    }
    return true;
}

/* Lines of a seed and, after '#', why it is kept. */
static void kept_read(const char *path, struct kept *kept)
{
    kept->count = 0;
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return;
    char line[256];
    while (kept->count < KEPT_BOUND && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, " #\n")] = '\0';
        if (number_parse(line, &kept->seeds[kept->count]))
            kept->count++;
    }
    fclose(file);
}

static uint64_t seed_at(const struct kept *kept, uint64_t index)
{
    return index < kept->count ? kept->seeds[index] : index - kept->count + 1;
}

struct finding {
    uint64_t index; /* of the seed; UINT64_MAX when nothing was found */
    uint64_t violations;
};

/* Every WORKERS-th seed from `first`; stops at the first violation of a bad variant. */
static struct finding seeds_run(struct world *world, const struct kept *kept, uint64_t first,
                                uint64_t total, enum variant variant)
{
    struct finding finding = {UINT64_MAX, 0};
    for (uint64_t i = first; i < total; i += WORKERS) {
        world_run(world, seed_at(kept, i), variant, false);
        if (variant == CORRECT && i / WORKERS % 5000 == 4999 && first == 0)
            fprintf(stderr, "%" PRIu64 " of %" PRIu64 " seeds\n", i + 1, total);
        if (world->violation[0] == '\0')
            continue;
        if (finding.violations++ == 0)
            finding.index = i;
        if (variant != CORRECT)
            break;
        printf("violation seed=%" PRIu64 ": %s\n", seed_at(kept, i), world->violation);
        fflush(stdout);
    }
    return finding;
}

/* The work is split over processes, because a world is all its memory. */
static struct finding seeds_split(struct world *world, const struct kept *kept, uint64_t total,
                                  enum variant variant)
{
    int ends[WORKERS][2];
    struct finding all = {UINT64_MAX, 0};
    fflush(stdout);
    for (int w = 0; w < WORKERS; w++) {
        if (pipe(ends[w]) != 0)
            abort();
        if (fork() != 0)
            continue;
        struct finding finding = seeds_run(world, kept, (uint64_t)w, total, variant);
        bool told = write(ends[w][1], &finding, sizeof finding) == (ssize_t)sizeof finding;
        fflush(stdout);
        _exit(told ? 0 : 1);
    }
    for (int w = 0; w < WORKERS; w++) {
        struct finding finding;
        close(ends[w][1]);
        if (read(ends[w][0], &finding, sizeof finding) != (ssize_t)sizeof finding) {
            printf("a simulating process died\n");
            finding = (struct finding){UINT64_MAX, 1};
        }
        close(ends[w][0]);
        all.violations += finding.violations;
        if (finding.index < all.index)
            all.index = finding.index;
        wait(NULL);
    }
    return all;
}

static bool variant_caught(struct world *world, const struct kept *kept, uint64_t total,
                           enum variant variant)
{
    struct finding finding = seeds_split(world, kept, total, variant);
    if (finding.index == UINT64_MAX)
        printf("NOT CAUGHT %s\n", variant_names[variant]);
    else
        printf("caught %s seed=%" PRIu64 "\n", variant_names[variant],
               seed_at(kept, finding.index));
    return finding.index != UINT64_MAX;
}

static int seed_tell(struct world *world, const struct options *options)
{
    enum variant variant = options->variant < 0 ? CORRECT : (enum variant)options->variant;
    world_run(world, options->seed, variant, options->verbose);
    printf("seed=%" PRIu64 " %s: %s\n", options->seed, variant_names[variant],
           world->violation[0] == '\0' ? "no violation" : world->violation);
    return world->violation[0] == '\0' ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct options options;
    if (!options_parse(argc, argv, &options)) {
        usage(stderr);
        return 2;
    }
    static struct world the_world; /* too large for the stack */
    struct world *world = &the_world;
    struct kept kept;
    if (options.seed != 0)
        return seed_tell(world, &options);

    kept_read(KERJA_SIMULATION_SEEDS, &kept);
    uint64_t total = kept.count + options.seeds;
    bool caught = true;
    for (int variant = CORRECT + 1; variant < VARIANTS; variant++)
        if (options.variant < 0 || options.variant == variant)
            caught = variant_caught(world, &kept, total, (enum variant)variant) && caught;
    uint64_t violations = 0;
    if (options.variant <= CORRECT) {
        violations = seeds_split(world, &kept, total, CORRECT).violations;
        printf("seeds=%" PRIu64 " violations=%" PRIu64 "\n", total, violations);
    }
    return caught && violations == 0 ? 0 : 1;
}
