/*
 * kerja try: what programme files say of made-up cases, a line each.
 *
 * It reads the files that it is given and its standard input, and nothing else: no server, no setting, no
 * clock but that of --speed. Lines are answered as they come, in their order.
 */
#include "commands.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "json_line.h"
#include "rulebook.h"
#include "seal/seal.h"
#include "try.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TRY_ARENA = 1 << 30, /* reserved, touched as far as a case needs it */
    READ_SIZE = 1 << 16,
    LINE_BOUND = 1 << 29 /* of one case; the largest is a pool */
};

struct trying {
    struct call *call;
    struct try_bench bench;
    struct arena arena;
    struct seal *seal;
    struct buffer text; /* of an answer */
    int64_t lines, cases, wrong;
};

/* Two files of one programme would be told apart by nothing that a case says. */
static bool file_load(struct trying *trying, const char *path)
{
    struct try_bench *bench = &trying->bench;
    struct error *error = &trying->call->error;
    struct programme *loaded = NULL;
    struct buffer text = {0};
    enum outcome outcome = file_read(path, &text, error);
    if (outcome == OK && bench->programme_count == TRY_PROGRAMMES)
        outcome = error_set(error, REJECT, "cannot hold more than %d files", TRY_PROGRAMMES);
    if (outcome == OK)
        outcome = programme_load(buffer_slice(&text), path, &loaded, error);
    for (size_t i = 0; outcome == OK && i < bench->programme_count; i++)
        if (slice_equal(bench->programmes[i]->id, loaded->id))
            outcome = error_set(error, REJECT, "cannot take \"%s\": another file has \"%.*s\"",
                                path, SLICE_ARGS(loaded->id));
    if (outcome == OK)
        bench->programmes[bench->programme_count++] = loaded;
    else
        programme_free(loaded);
    buffer_release(&text);
    return outcome == OK;
}

static bool line_answer(struct trying *trying, struct slice line)
{
    bool wrong = false;
    trying->lines++;
    if (line.size == 0)
        return true;
    json_t *answer = try_line(&trying->bench, &trying->arena, line, trying->lines, &wrong);
    struct buffer *text = &trying->text;
    if (answer == NULL)
        return false;
    buffer_clear(text);
    json_line(answer, text);
    buffer_append_byte(text, '\n');
    json_decref(answer);
    trying->cases++;
    trying->wrong += wrong;
    return !buffer_failed(text) && fwrite(text->data, 1, text->size, stdout) == text->size;
}

/* Answers all lines that have come whole and moves what is left to the front; the last line may lack its
 * end when no more comes. */
static bool whole_answer(struct trying *trying, struct buffer *text, bool ended)
{
    size_t at = 0;
    bool good = true;
    while (good && at < text->size) {
        const char *begin = text->data + at;
        const char *end = memchr(begin, '\n', text->size - at);
        if (end == NULL && !ended)
            break;
        size_t size = end == NULL ? text->size - at : (size_t)(end - begin);
        at += size + (end != NULL);
        if (size > 0 && begin[size - 1] == '\r')
            size--;
        good = line_answer(trying, (struct slice){begin, size});
    }
    if (at > 0 && at < text->size)
        memmove(text->data, text->data + at, text->size - at);
    text->size -= at;
    return good;
}

/* Whoever asks a case at a time has the answer before the next: before it waits for more, what was answered
 * goes out. */
static bool lines_answer(struct trying *trying)
{
    struct buffer text = {0};
    bool good = true;
    for (ssize_t got = 1; good && got > 0;) {
        char *room = buffer_reserve(&text, READ_SIZE);
        got = room == NULL ? -1 : read(STDIN_FILENO, room, READ_SIZE);
        text.size += got > 0 ? (size_t)got : 0;
        good = got >= 0 && text.size <= LINE_BOUND && whole_answer(trying, &text, got == 0) &&
               fflush(stdout) == 0;
    }
    buffer_release(&text);
    return good;
}

static int answer_all(struct trying *trying)
{
    struct call *call = trying->call;
    int64_t begun_us = monotonic_us();
    if (!lines_answer(trying))
        return call_fails(call,
                          "could not answer line %" PRId64 ": no memory, or the input or "
                          "output is broken",
                          trying->lines);
    int64_t took_us = monotonic_us() - begun_us;
    if (call_value(call, "--speed") != NULL)
        fprintf(stderr, "%" PRId64 " cases in %.3f s: %.0f a second\n", trying->cases,
                (double)took_us / (double)US_PER_SECOND,
                (double)trying->cases * (double)US_PER_SECOND /
                    (double)(took_us > 0 ? took_us : 1));
    if (trying->wrong > 0)
        return call_fails(call,
                          "%" PRId64 " of %" PRId64 " cases could not be judged; their answers "
                          "say why",
                          trying->wrong, trying->cases);
    return EXIT_DONE;
}

/* Ids of made-up people come from a secret that everybody knows: nobody's id is among them, and the same
 * case gives the same bytes everywhere. */
static bool seal_make(struct trying *trying)
{
    struct seal_secrets secrets = {.keys = {{.id = 1}}, .key_count = 1};
    trying->seal = seal_open(&secrets, &trying->call->error);
    trying->bench.seal = trying->seal;
    return trying->seal != NULL;
}

static int run(struct call *call)
{
    const char *language = call_value(call, "--language");
    struct trying trying = {.call = call,
                            .bench = {.language = slice_of(language == NULL ? "en" : language),
                                      .everything = call_value(call, "--all") != NULL}};
    int status = EXIT_DONE;
    for (size_t i = 0; status == EXIT_DONE && i < call->word_count; i++)
        if (!file_load(&trying, call->words[i]))
            status = call_fails(call, NULL);
    if (status == EXIT_DONE && !arena_init(&trying.arena, TRY_ARENA))
        status = call_fails(call, "cannot reserve memory for a case");
    if (status == EXIT_DONE && !seal_make(&trying))
        status = call_fails(call, NULL);
    if (status == EXIT_DONE)
        status = answer_all(&trying);
    for (size_t i = 0; i < trying.bench.programme_count; i++)
        programme_free(trying.bench.programmes[i]);
    seal_close(trying.seal);
    buffer_release(&trying.text);
    arena_release(&trying.arena);
    return status;
}

static const struct call_option options[] = {
    {"--language", "L", "of reasons and next steps (en)"},
    {"--all", NULL, "explain the conditions that passed, too"},
    {"--speed", NULL, "say on standard error how many cases a second"},
};

const struct command try_command = {
    .name = "try",
    .arguments = "FILE... < CASES",
    .least = 1,
    .most = TRY_PROGRAMMES,
    .summary = "judges made-up cases by programme files, without servers",
    .description =
        "FILE is a programme file, a draft too. Standard input has a case a line, as JSON:\n"
        "{\"id\", \"programme\", \"scheme\", \"wave\", \"year\", \"phase\", \"day\", "
        "\"event\", "
        "\"facts\",\n"
        "\"fields\"}. For each comes a line: {\"id\", \"verdict\", \"reasons\", \"unknown\",\n"
        "\"conditions\", \"money\", \"explanation\"}, judged by the code that the workers "
        "judge "
        "by.\n"
        "The phases SCHEDULE, DRAW and LEDGER answer with a plan, a list and balances. A case "
        "that\n"
        "cannot be read is answered by {\"id\", \"error\"}; the rest goes on, and the status "
        "is "
        "1.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .run = run,
};
