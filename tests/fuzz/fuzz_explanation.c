/*
 * fuzz_explanation - a segment of decisions as it is stored, and the verdicts in it: what can be read is written
 * again to the same bytes, and can be told and judged again by a programme that it may not belong to.
 *
 * The first byte tells: an odd one that the rest is a verdict, an even one that it is a segment.
 */
#include "fuzz.h"
#include "rules/explain.h"
#include "worker/explanation.h"

enum { ARENA_CAPACITY = 8 << 20, FILE_BOUND = 1 << 18 };

static struct arena arena;
static struct programme *programme;

static void start(void)
{
    static char text[FILE_BOUND];
    struct error error;
    FILE *file = fopen(KERJA_PROGRAMMES "/kartu-prakerja.yaml", "rbe");
    must(file != NULL && arena_init(&arena, ARENA_CAPACITY));
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    must(programme_load((struct slice){text, size}, "p.yaml", &programme, &error) == OK);
}

static void check_verdict(struct slice bytes)
{
    static struct verdict verdict, again;
    struct buffer once = {0}, text = {0};
    struct error error = {0};
    enum outcome outcome = verdict_read(bytes, &arena, &verdict, &error);
    must(outcome == OK || error.text[0] != '\0');
    if (outcome != OK)
        return;
    verdict_write(&verdict, &once);
    must(verdict_read(buffer_slice(&once), &arena, &again, &error) == OK);
    verdict_explain(&verdict, programme, SLICE("id"), true, &text);
    must(rules_recheck(&verdict, programme, &error) || error.text[0] != '\0');
    buffer_release(&once);
    buffer_release(&text);
}

static void check_segment(struct slice segment)
{
    struct explanation explanation;
    struct buffer again = {0};
    struct error error = {0};
    const char *begin = segment.data;
    while (explanation_read(&segment, &arena, &explanation, &error)) {
        check_verdict(explanation.verdict);
        buffer_clear(&again);
        explanation_write(&explanation, &again);
        must(again.size <= (size_t)(segment.data - begin));
        must(memcmp(segment.data - again.size, again.data, again.size) == 0);
    }
    buffer_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (programme == NULL)
        start();
    arena_reset(&arena);
    if (size == 0)
        return 0;
    if (data[0] % 2 == 1)
        check_verdict(slice_of_input(data + 1, size - 1));
    else
        check_segment(slice_of_input(data + 1, size - 1));
    return 0;
}
