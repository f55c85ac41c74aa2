/*
 * programmes - the published rule files, as every service sees them.
 *
 * They are looked for between batches. A file replaces the one of the same name; those that a batch borrows are
 * never replaced under it, because the loop waits first for what is being committed.
 */
#include "persist/programme_file.h"
#include "rules/programme.h"
#include "worker/worker.h"

#include <stdio.h>

static struct programme **slot_for(struct worker *worker, struct slice name)
{
    for (size_t i = 0; i < worker->office.programme_count; i++)
        if (slice_equal(worker->programmes[i]->id, name))
            return &worker->programmes[i];
    return worker->office.programme_count < PROGRAMMES
               ? &worker->programmes[worker->office.programme_count]
               : NULL;
}

static bool known(const struct worker *worker, struct slice sha256)
{
    for (size_t i = 0; i < worker->office.programme_count; i++)
        if (slice_is(sha256, worker->programmes[i]->sha256))
            return true;
    return false;
}

static bool refused_before(const struct worker *worker, struct slice sha256)
{
    for (size_t i = 0; i < PROGRAMMES; i++)
        if (slice_is(sha256, worker->refused[i]))
            return true;
    return false;
}

/* Told once: this release never takes it, and files are looked for every few seconds. */
static void refuse(struct worker *worker, const struct programme_file *file)
{
    char *sha256 = worker->refused[worker->refused_count++ % PROGRAMMES];
    snprintf(sha256, sizeof worker->refused[0], "%.*s", SLICE_ARGS(file->sha256));
    log_error(&worker->log, LOG_FACT("programme file refused"),
              LOG_SLICE("programme", file->programme), LOG_TEXT("reason", worker->error.text),
              LOG_TEXT("next", "go on with the file before"));
}

static void take(struct worker *worker, const struct programme_file *file)
{
    struct programme *programme;
    if (known(worker, file->sha256) || refused_before(worker, file->sha256))
        return;
    if (programme_load(file->text, "stored programme file", &programme, &worker->error) != OK) {
        refuse(worker, file);
        return;
    }
    struct programme **slot = slot_for(worker, programme->id);
    if (slot == NULL) {
        error_set(&worker->error, REJECT, "more than %d programmes are published", PROGRAMMES);
        refuse(worker, file);
        programme_free(programme);
        return;
    }
    if (*slot == NULL)
        worker->office.programme_count++;
    programme_free(*slot);
    *slot = programme;
    log_info(&worker->log, LOG_FACT("programme in force"),
             LOG_SLICE("programme", programme->id),
             LOG_TEXT("rules_hash", programme->rules_hash));
}

enum outcome programmes_refresh(struct worker *worker)
{
    struct programme_file *files;
    size_t count;
    if (!database_usable(&worker->database))
        return RETRY;
    arena_reset(&worker->round->arena);
    enum outcome outcome = programme_files_read(&worker->database, &files, &count,
                                                &worker->round->arena, &worker->error);
    for (size_t i = 0; outcome == OK && i < count; i++)
        take(worker, &files[i]);
    return outcome;
}
