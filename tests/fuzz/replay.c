/*
 * replay - the inputs of a fuzz target where there is no libFuzzer: `fuzz_x RUNS FOLDER` feeds every file of
 * the folder as it is, and then RUNS inputs of a fixed pseudo-random sequence, the same in every run: one
 * half any bytes, short and long, the other those files with some bytes changed, left out or put in.
 */
#include "fuzz.h"

#include <dirent.h>

enum { INPUT_BOUND = 1 << 16, RANDOM_BOUND = 2048, FILES = 256, CHANGES = 8 };

struct input {
    char name[256];
    uint8_t *bytes;
    size_t size;
};

static struct input files[FILES];
static size_t file_count;

/* xorshift64: any sequence will do, so long as it is the same everywhere. */
static uint64_t next(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct input *)a)->name, ((const struct input *)b)->name);
}

static void file_read(const char *folder, const char *name)
{
    char path[1024];
    struct input *input = &files[file_count];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(input->name, sizeof input->name, "%s", name);
    FILE *file = fopen(path, "rbe");
    must(file != NULL && (input->bytes = malloc(INPUT_BOUND)) != NULL);
    input->size = fread(input->bytes, 1, INPUT_BOUND, file);
    must(input->size < INPUT_BOUND);
    fclose(file);
    file_count++;
}

static void folder_read(const char *path)
{
    DIR *folder = opendir(path);
    struct dirent *entry;
    must(folder != NULL);
    while ((entry = readdir(folder)) != NULL && file_count < FILES)
        if (entry->d_name[0] != '.')
            file_read(path, entry->d_name);
    closedir(folder);
    qsort(files, file_count, sizeof *files, by_name);
    must(file_count > 0);
}

/* A copy of exactly its size, so that a byte read behind it is seen. */
static void feed(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size == 0 ? 1 : size);
    must(exact != NULL);
    if (size > 0)
        memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static size_t any_bytes(uint64_t *state, bool longer, uint8_t *bytes)
{
    size_t size = next(state) % (longer ? RANDOM_BOUND : 64);
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)next(state);
    return size;
}

static size_t changed_file(uint64_t *state, uint8_t *bytes)
{
    const struct input *input = &files[next(state) % file_count];
    size_t size = input->size;
    memcpy(bytes, input->bytes, size);
    for (uint64_t left = 1 + next(state) % CHANGES; left > 0 && size > 1; left--) {
        size_t at = next(state) % size;
        switch (next(state) % 4) {
        case 0: /* left out */
            memmove(bytes + at, bytes + at + 1, size - at - 1);
            size--;
            break;
        case 1: /* put in */
            memmove(bytes + at + 1, bytes + at, size - at);
            bytes[at] = (uint8_t)next(state);
            size++;
            break;
        case 2: /* one bit */
            bytes[at] ^= (uint8_t)(1U << next(state) % 8);
            break;
        default:
            bytes[at] = (uint8_t)next(state);
        }
    }
    return size;
}

int main(int argc, char **argv)
{
    static uint8_t bytes[INPUT_BOUND + CHANGES];
    uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
    must(argc == 3);
    long runs = strtol(argv[1], NULL, 10);
    folder_read(argv[2]);
    for (size_t i = 0; i < file_count; i++)
        feed(files[i].bytes, files[i].size);
    for (long i = 0; i < runs; i++) {
        bool any = i % 2 == 0;
        size_t size = any ? any_bytes(&state, i % 16 == 0, bytes) : changed_file(&state, bytes);
        feed(bytes, size);
    }
    for (size_t i = 0; i < file_count; i++)
        free(files[i].bytes);
    printf("files=%zu runs=%ld\n", file_count, runs);
    return EXIT_SUCCESS;
}
