#include "room.h"

#include "decode/encode.h"

enum { FILE_SIZE = 1 << 18, ARENA_SIZE = 256 << 20 };

static bool load_nothing(void *context, struct facts *facts)
{
    (void)context;
    for (struct fact *fact = facts->first; fact != NULL; fact = fact->next_in_order)
        if (fact->state == FACT_WANTED)
            facts_loaded(facts, fact, NULL);
    return true;
}

/* Replaces the first place where `old` stands. */
static size_t correct(char *text, size_t size, const char *old, const char *new)
{
    char *at = memmem(text, size, old, strlen(old));
    size_t after = strlen(old), put = strlen(new);
    assert_non_null(at);
    assert_true(size - after + put < FILE_SIZE);
    memmove(at + put, at + after, size - (size_t)(at - text) - after);
    memcpy(at, new, put);
    return size - after + put;
}

static struct programme *read_programme(const char *name, const char *old, const char *new)
{
    char path[512];
    static char text[FILE_SIZE];
    struct programme *programme = NULL;
    struct error error = {0};
    snprintf(path, sizeof path, "%s/%s.yaml", KERJA_PROGRAMMES, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    assert_true(size < sizeof text);
    if (old != NULL)
        size = correct(text, size, old, new);
    if (programme_load((struct slice){text, size}, path, &programme, &error) != OK)
        fail_msg("%s", error.text);
    return programme;
}

static void set_up(struct room *room, struct programme *programme, const char *service,
                   const struct fact_table *tables, size_t table_count)
{
    struct seal_secrets secrets = {.keys = {{.id = 1, .bytes = {7}}}, .key_count = 1};
    struct error error = {0};
    *room = (struct room){.facts = {.load = load_nothing}};
    memset(secrets.id_secret, 5, sizeof secrets.id_secret);
    assert_true(arena_init(&room->arena, ARENA_SIZE));
    room->seal = seal_open(&secrets, &error);
    assert_non_null(room->seal);
    room->programme = room->programmes[0] = programme;
    room->office = (struct office){service, room->seal, room->programmes, 1};
    assert_true(facts_begin(&room->facts, tables, table_count, &room->arena, 64));
}

void room_open(struct room *room, const char *service, const struct fact_table *tables,
               size_t table_count, const char *old, const char *new)
{
    set_up(room, read_programme("kartu-prakerja", old, new), service, tables, table_count);
}

void room_open_programme(struct room *room, const char *programme, const char *service,
                         const struct fact_table *tables, size_t table_count)
{
    set_up(room, read_programme(programme, NULL, NULL), service, tables, table_count);
}

void room_open_corrected(struct room *room, const char *programme, const char *service,
                         const struct fact_table *tables, size_t table_count, const char *old,
                         const char *new)
{
    set_up(room, read_programme(programme, old, new), service, tables, table_count);
}

void room_publish(struct room *room, const char *old, const char *new)
{
    char name[64];
    assert_null(room->earlier);
    snprintf(name, sizeof name, "%.*s", SLICE_ARGS(room->programme->id));
    room->earlier = room->programme;
    room->programme = room->programmes[0] = read_programme(name, old, new);
}

void room_clear(struct room *room)
{
    arena_reset(&room->arena);
    assert_true(facts_begin(&room->facts, room->facts.tables, room->facts.table_count,
                            &room->arena, 64));
    memset(&room->outputs, 0, sizeof room->outputs);
    memset(&room->decision, 0, sizeof room->decision);
}

void room_close(struct room *room)
{
    programme_free(room->programme);
    programme_free(room->earlier);
    seal_close(room->seal);
    arena_release(&room->arena);
}

static void look_over(const struct room *room, struct slice bytes, const char *where)
{
    for (const char *const *one = room->personal; *one != NULL; one++)
        if (bytes.size > 0 && memmem(bytes.data, bytes.size, *one, strlen(*one)))
            fail_msg("%s holds personal data in clear", where);
}

static void look_over_all(const struct room *room)
{
    struct buffer bytes = {0};
    for (const struct fact *fact = room->facts.first; fact != NULL;
         fact = fact->next_in_order) {
        const struct row_type *type = room->facts.tables[fact->table].row;
        buffer_clear(&bytes);
        if (fact->row != NULL)
            encode_record(type->record, fact->row, &bytes);
        look_over(room, buffer_slice(&bytes), type->table);
    }
    for (const struct output *output = room->outputs.first; output != NULL;
         output = output->next) {
        buffer_clear(&bytes);
        encode_event(output->type, output->event, &bytes);
        assert_false(buffer_failed(&bytes));
        if (!output->type->personal)
            look_over(room, buffer_slice(&bytes), output->type->topic);
    }
    buffer_release(&bytes);
    look_over(room, slice_of(room->decision.sentence), "the sentence of a dead letter");
}

static void decide(struct room *room, const struct handler *handler, const void *event,
                   const void *subject)
{
    for (int round = 0; round < FACT_ROUNDS; round++) {
        handler->keys(event, subject, &room->facts);
        load_nothing(NULL, &room->facts);
    }
    uint64_t late = room->facts.late_loads;
    handler->decide(event, subject, &room->facts, &room->decision);
    assert_int_equal(room->facts.late_loads, late);
}

enum decision_kind room_decide(struct room *room, const struct handler *handler,
                               const void *event)
{
    struct decision *decision = &room->decision;
    void *subject = arena_alloc(&room->arena, handler->subject_size);
    memset(decision, 0, sizeof *decision);
    decision->office = &room->office;
    decision->arena = &room->arena;
    decision->outputs = &room->outputs;
    outputs_clear(&room->outputs);
    verdict_init(&decision->verdict);
    facts_decision_begin(&room->facts);
    handler->identify(event, subject, decision);
    if (decision->kind == DECIDED)
        decide(room, handler, event, subject);
    assert_false(decision->exhausted || decision->stopped || room->facts.failed);
    if (decision->kind != DECIDED)
        assert_null(room->facts.touched);
    if (room->personal != NULL)
        look_over_all(room);
    return decision->kind;
}

const void *room_output(const struct room *room, const struct event_type *type, size_t n)
{
    for (const struct output *output = room->outputs.first; output != NULL;
         output = output->next)
        if (output->type == type && n-- == 0)
            return output->event;
    return NULL;
}

instant_us room_timer(const struct room *room, const char *kind)
{
    for (const struct output_timer *timer = room->outputs.first_timer; timer != NULL;
         timer = timer->next)
        if (strcmp(timer->kind, kind) == 0)
            return timer->due_at;
    return 0;
}
