/*
 * fuzz_case - cases to try, a line of JSON each: every line has an answer, the same bytes whenever it is asked,
 * and no line harms the next.
 */
#include "fuzz.h"
#include "seal/seal.h"
#include "try.h"

enum { ARENA_CAPACITY = 64 << 20, FILE_BOUND = 1 << 18 };

static struct try_bench bench = {.language = {"id", 2}, .everything = true};
static struct arena arena;

static void take(const char *path)
{
    static char text[FILE_BOUND];
    struct error error;
    FILE *file = fopen(path, "rbe");
    must(file != NULL);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    must(programme_load((struct slice){text, size}, path,
                        &bench.programmes[bench.programme_count++], &error) == OK);
}

static void start(void)
{
    struct seal_secrets secrets = {.key_count = 1, .keys = {{.id = 1}}};
    struct error error;
    take(KERJA_PROGRAMMES "/kartu-prakerja.yaml");
    take(KERJA_PROGRAMMES "/daya-kerjaya.yaml");
    must(arena_init(&arena, ARENA_CAPACITY));
    must((bench.seal = seal_open(&secrets, &error)) != NULL);
}

static char *answer(struct slice line, bool *wrong)
{
    json_t *json = try_line(&bench, &arena, line, 1, wrong);
    must(json_is_object(json));
    must((json_object_get(json, "error") != NULL) == *wrong);
    char *text = json_dumps(json, JSON_COMPACT);
    must(text != NULL);
    json_decref(json);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool wrong, wrong_again;
    if (bench.programme_count == 0)
        start();
    char *first = answer(slice_of_input(data, size), &wrong);
    char *second = answer(slice_of_input(data, size), &wrong_again);
    must(wrong == wrong_again && strcmp(first, second) == 0);
    free(first);
    free(second);
    return 0;
}
