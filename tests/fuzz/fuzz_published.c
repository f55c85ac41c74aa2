/*
 * fuzz_published - a table that somebody published: its rows are read or refused with a sentence, and what was
 * read can be held against figures of ours.
 */
#include "fuzz.h"
#include "report_published.h"

static const struct our_district ours[] = {{{"31", 2}, 1207}, {{"32", 2}, 0}};

static void compare(const struct published *published)
{
    struct report report;
    struct buffer text = {0};
    published_compare(published, ours, 2, &report);
    published_findings(published, ours, 2, &text);
    must(!buffer_failed(&text));
    must(report.faults_dropped > 0 || report.fault_count <= REPORT_FAULTS);
    report_release(&report);
    buffer_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct published published;
    struct error error = {0};
    /* Quotes are undone in place: the text is ours, and not a byte longer than it is. */
    char *text = malloc(size);
    must(size == 0 || text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    enum outcome outcome = published_read((struct slice){text, size}, &published, &error);
    must(outcome == OK || error.text[0] != '\0');
    must(published.count <= PUBLISHED_ROWS);
    for (size_t i = 0; i < published.count; i++)
        must(published.rows[i].people >= 0);
    if (outcome == OK)
        compare(&published);
    published_release(&published);
    free(text);
    return 0;
}
