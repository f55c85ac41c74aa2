/*
 * fuzz_register - a register's file: it is taken whole, one row a person, or refused with a sentence for each of its
 * first wrong rows.
 */
#include "fuzz.h"
#include "register_file.h"

enum { SENTENCES = 21 }; /* of twenty rows, and one of the file */

static const struct command register_load = {.name = "register load"};
const struct command *const commands[] = {&register_load};
const size_t command_count = 1;

static struct seal *seal_made(void)
{
    struct seal_secrets secrets = {.keys = {{.id = 1}}, .key_count = 1};
    struct error error = {0};
    struct seal *seal = seal_open(&secrets, &error);
    must(seal != NULL);
    return seal;
}

/* What it says on standard error meanwhile is for a person; here its sentences are counted. */
static int sentences_of(struct register_file *file, struct slice text, int *status)
{
    FILE *screen = stderr;
    char *said = NULL;
    size_t size = 0;
    int sentences = 0;
    FILE *memory = open_memstream(&said, &size);
    must(memory != NULL);
    stderr = memory;
    *status = register_file_read(file, text);
    fclose(stderr);
    stderr = screen;
    for (size_t i = 0; i < size; i++)
        sentences += said[i] == '\n';
    free(said);
    return sentences;
}

static void check_row(const struct listed *row, struct slice text)
{
    must(row->line > 1);
    must(row->number >= 0 && row->number < INT64_C(1000000000000000000));
    must(row->has_number || row->number == 0);
    must(row->has_valid_to || row->valid_to == 0);
    must(row->code.size == 0 || (row->code.data >= text.data &&
                                 row->code.data + row->code.size <= text.data + text.size));
}

static void check(struct slice text, const struct seal *seal)
{
    struct call call = {.command = &register_load};
    struct register_file file = {
        .call = &call, .name = "register.csv", .seal = seal, .country = SLICE("ID")};
    int status, sentences = sentences_of(&file, text, &status);
    must(sentences <= SENTENCES && (status == EXIT_DONE) == (sentences == 0));
    must(status == EXIT_DONE || status == EXIT_FAILED);
    for (size_t i = 0; status == EXIT_DONE && i < file.count; i++) {
        check_row(&file.rows[i], text);
        must(i == 0 || uuid_compare(&file.rows[i - 1].person_id, &file.rows[i].person_id) < 0);
    }
    register_file_release(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct seal *seal;
    if (seal == NULL)
        seal = seal_made();
    /* Quotes are undone in place: the text is ours, and not a byte longer than it is. */
    char *text = malloc(size + (size == 0));
    must(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    check((struct slice){text, size}, seal);
    free(text);
    return 0;
}
