/*
 * fuzz_programme - programme files: a file that is wrong is refused with its place, one that is accepted can be
 * used.
 *
 * The first byte tells: 'C' that the rest is a list of changes {place, place, place, byte} to
 * the published file of Kartu Prakerja, anything else that all of it is a file.
 */
#include "base/buffer.h"
#include "fuzz.h"
#include "rules/conditions.h"
#include "rules/explain.h"
#include "rules/programme.h"

enum { CHANGE_SIZE = 4, FILE_BOUND = 1 << 18, ARENA_CAPACITY = 8 << 20 };

static char published[FILE_BOUND];
static size_t published_size;
static struct arena arena;

static void start(void)
{
    FILE *file = fopen(KERJA_PROGRAMMES "/kartu-prakerja.yaml", "rbe");
    must(file != NULL && arena_init(&arena, ARENA_CAPACITY));
    published_size = fread(published, 1, sizeof published, file);
    must(published_size > 0 && published_size < sizeof published);
    fclose(file);
}

/* One value for all fields, whatever their kind; or nothing is known. */
static struct value known(const void *context, enum rule_field field)
{
    static const struct slice codes[] = {{"A", 1}};
    const bool *said = context;
    if (!*said || field % 5 == 0)
        return value_unknown();
    return (struct value){VALUE_PRESENT, (int64_t)field * 37, codes[0], codes, 1};
}

/* What was decided is kept, read, explained, and decided again to the same bytes. */
static void judge(const struct programme *programme, const struct scheme *scheme,
                  enum rule_phase phase, bool said)
{
    const struct rule_subject subject = {.value = known,
                                         .context = &said,
                                         .has_wave = true,
                                         .wave = scheme->from_wave,
                                         .on = day_from_civil((struct civil){2021, 8, 19}),
                                         .service = SERVICE_APPLICATION};
    static struct verdict verdict, again;
    struct buffer bytes = {0}, text = {0};
    struct error error = {0};
    verdict_init(&verdict);
    rules_apply(scheme, phase, &subject, &verdict);
    verdict_write(&verdict, &bytes);
    must(verdict_read(buffer_slice(&bytes), &arena, &again, &error) == OK);
    must(rules_recheck(&again, programme, &error));
    verdict_explain(&again, programme, SLICE("en"), true, &text);
    buffer_release(&bytes);
    buffer_release(&text);
}

static void use(const struct programme *programme)
{
    for (size_t i = 0; i < programme->scheme_count; i++) {
        for (int phase = 0; phase < PHASE_COUNT; phase++) {
            arena_reset(&arena);
            judge(programme, &programme->schemes[i], (enum rule_phase)phase, false);
            judge(programme, &programme->schemes[i], (enum rule_phase)phase, true);
        }
    }
}

static void check(struct slice text)
{
    struct programme *programme = NULL;
    struct error error = {0};
    enum outcome outcome = programme_load(text, "fuzz.yaml", &programme, &error);
    must((outcome == OK) == (programme != NULL));
    must((outcome == OK) || error.text[0] != '\0');
    if (outcome == OK)
        use(programme);
    programme_free(programme);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char changed[FILE_BOUND];
    if (published_size == 0)
        start();
    if (size == 0 || data[0] != 'C') {
        check(slice_of_input(data, size));
        return 0;
    }
    memcpy(changed, published, published_size);
    for (size_t i = 1; i + CHANGE_SIZE <= size; i += CHANGE_SIZE)
        changed[(size_t)(data[i] << 16 | data[i + 1] << 8 | data[i + 2]) % published_size] =
            (char)data[i + 3];
    check((struct slice){changed, published_size});
    return 0;
}
