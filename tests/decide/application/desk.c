#include "desk.h"

#include "decide_again.h"
#include "decide_award.h"
#include "decide_case.h"
#include "decide_drawn.h"
#include "decide_register.h"
#include "decide_submitted.h"
#include "decode/encode.h"

#include <stdlib.h>

static bool load_nothing(void *context, struct facts *facts)
{
    (void)context;
    for (struct fact *fact = facts->first; fact != NULL; fact = fact->next_in_order)
        if (fact->state == FACT_WANTED)
            facts_loaded(facts, fact, NULL);
    return true;
}

/* Replaces the one place where `old` stands in the text of a programme file. */
static size_t correct(char *text, size_t size, size_t capacity, const char *old,
                      const char *new)
{
    char *at = memmem(text, size, old, strlen(old));
    size_t after = strlen(old), put = strlen(new);
    assert_non_null(at);
    assert_true(size - after + put < capacity);
    memmove(at + put, at + after, size - (size_t)(at - text) - after);
    memcpy(at, new, put);
    return size - after + put;
}

static struct programme *read_programme(const char *path, const char *old, const char *new)
{
    static char text[1 << 18];
    struct programme *programme = NULL;
    struct error error = {0};
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text, file);
    fclose(file);
    assert_true(size < sizeof text);
    if (old != NULL)
        size = correct(text, size, sizeof text, old, new);
    if (programme_load((struct slice){text, size}, path, &programme, &error) != OK)
        fail_msg("%s", error.text);
    return programme;
}

void desk_open(struct desk *desk)
{
    desk_open_with(desk, NULL, NULL);
}

void desk_open_with(struct desk *desk, const char *old, const char *new)
{
    struct seal_secrets secrets = {.keys = {{.id = 1, .bytes = {7}}}, .key_count = 1};
    struct error error = {0};
    *desk = (struct desk){.facts = {.load = load_nothing}};
    memset(secrets.id_secret, 5, sizeof secrets.id_secret);
    assert_true(arena_init(&desk->arena, 64 << 20));
    desk->seal = seal_open(&secrets, &error);
    assert_non_null(desk->seal);
    desk->programme = read_programme(KERJA_PROGRAMMES "/kartu-prakerja.yaml", old, new);
    desk->programmes[0] = desk->programme;
    desk->office = (struct office){"application", desk->seal, desk->programmes, 1};
    assert_true(facts_begin(&desk->facts, application_tables, application_table_count,
                            &desk->arena, 64));
}

void desk_close(struct desk *desk)
{
    programme_free(desk->programme);
    seal_close(desk->seal);
    arena_release(&desk->arena);
}

static bool holds_clear(struct slice bytes, const char *clear)
{
    return bytes.size > 0 && memmem(bytes.data, bytes.size, clear, strlen(clear)) != NULL;
}

static void look_over(struct slice bytes, const char *where)
{
    static const char *const personal[] = {NATIONAL_ID,  FAMILY_CARD, PERSON_NAME,  MSISDN,
                                           OTHER_MSISDN, EMAIL,       "81234567890"};
    for (size_t i = 0; i < sizeof personal / sizeof personal[0]; i++)
        if (holds_clear(bytes, personal[i]))
            fail_msg("%s holds personal data in clear", where);
}

static void look_over_all(const struct desk *desk)
{
    struct buffer bytes = {0};
    for (const struct fact *fact = desk->facts.first; fact != NULL;
         fact = fact->next_in_order) {
        const struct row_type *type = desk->facts.tables[fact->table].row;
        buffer_clear(&bytes);
        if (fact->row != NULL)
            encode_record(type->record, fact->row, &bytes);
        look_over(buffer_slice(&bytes), type->table);
    }
    for (const struct output *output = desk->outputs.first; output != NULL;
         output = output->next) {
        buffer_clear(&bytes);
        encode_event(output->type, output->event, &bytes);
        assert_false(buffer_failed(&bytes));
        if (!output->type->personal)
            look_over(buffer_slice(&bytes), output->type->topic);
    }
    buffer_release(&bytes);
    look_over(slice_of(desk->decision.sentence), "the sentence of a dead letter");
}

static void load_keys(struct desk *desk, const struct handler *handler, const void *event,
                      const void *subject)
{
    for (int round = 0; round < FACT_ROUNDS; round++) {
        handler->keys(event, subject, &desk->facts);
        load_nothing(NULL, &desk->facts);
    }
}

static enum decision_kind decide(struct desk *desk, const struct handler *handler,
                                 const void *event)
{
    struct decision *decision = &desk->decision;
    void *subject = arena_alloc(&desk->arena, handler->subject_size);
    memset(decision, 0, sizeof *decision);
    decision->office = &desk->office;
    decision->arena = &desk->arena;
    decision->outputs = &desk->outputs;
    outputs_clear(&desk->outputs);
    verdict_init(&decision->verdict);
    facts_decision_begin(&desk->facts);
    handler->identify(event, subject, decision);
    if (decision->kind == DECIDED) {
        load_keys(desk, handler, event, subject);
        handler->decide(event, subject, &desk->facts, decision);
    }
    assert_false(decision->exhausted || decision->stopped || desk->facts.failed);
    if (decision->kind != DECIDED)
        assert_null(desk->facts.touched);
    look_over_all(desk);
    return decision->kind;
}

#define HANDLER(name, noun, subject_type)                                                      \
    (&(const struct handler){&name##_event, sizeof(subject_type), noun##_identify,             \
                             noun##_keys, noun##_decide})

enum decision_kind desk_submit(struct desk *desk, const struct application_submitted *event)
{
    return decide(desk, HANDLER(application_submitted, submitted, struct submitted_subject),
                  event);
}

enum decision_kind desk_draw(struct desk *desk, const struct application_drawn *event)
{
    return decide(desk, HANDLER(application_drawn, drawn, struct drawn_subject), event);
}

enum decision_kind desk_list(struct desk *desk, const struct register_listed *event)
{
    return decide(desk, HANDLER(register_listed, register, struct register_subject), event);
}

enum decision_kind desk_award(struct desk *desk, const struct award_changed *event)
{
    return decide(desk, HANDLER(award_changed, award, struct sealed_subject), event);
}

enum decision_kind desk_released(struct desk *desk, const struct commitment_released *event)
{
    return decide(desk, HANDLER(commitment_released, released, struct subject), event);
}

enum decision_kind desk_resolve(struct desk *desk, const struct case_resolved *event)
{
    return decide(desk, HANDLER(case_resolved, case, struct sealed_subject), event);
}

enum decision_kind desk_fire(struct desk *desk, const struct timer_fired *event)
{
    return decide(desk, HANDLER(timer_application, timer, struct sealed_subject), event);
}

enum decision_kind desk_erase(struct desk *desk, const struct person_erased *event)
{
    return decide(desk, HANDLER(person_erased, erased, struct subject), event);
}

struct uuid desk_person(const struct desk *desk)
{
    struct uuid id;
    assert_true(seal_person_id(desk->seal, SLICE("ID"), SLICE(NATIONAL_ID), &id));
    return id;
}

struct uuid desk_award_id(const struct desk *desk, int wave)
{
    struct uuid person = desk_person(desk);
    return seal_award_id(desk->seal, SLICE("kartu-prakerja"),
                         scheme_for_wave(desk->programme, wave)->name, (uint16_t)wave, &person);
}

struct uuid desk_application_key(const struct desk *desk, int wave)
{
    return application_key(desk->seal, SLICE("kartu-prakerja"), SLICE("A-1"), wave);
}

const struct application_row *desk_application(struct desk *desk, int wave)
{
    struct uuid key = desk_application_key(desk, wave);
    return facts_find(&desk->facts, &application_row_type, &key);
}

const struct award_row *desk_award_row(struct desk *desk, int wave)
{
    struct uuid id = desk_award_id(desk, wave);
    return facts_find(&desk->facts, &award_row_type, &id);
}

const void *desk_output(const struct desk *desk, const struct event_type *type, size_t n)
{
    for (const struct output *output = desk->outputs.first; output != NULL;
         output = output->next)
        if (output->type == type && n-- == 0)
            return output->event;
    return NULL;
}

const struct application_decided *desk_decided(const struct desk *desk)
{
    return desk_output(desk, &application_decided_event, 0);
}

const struct notification_requested *desk_message(const struct desk *desk)
{
    return desk_output(desk, &notification_requested_event, 0);
}

instant_us desk_timer(const struct desk *desk, const char *kind)
{
    for (const struct output_timer *timer = desk->outputs.first_timer; timer != NULL;
         timer = timer->next)
        if (strcmp(timer->kind, kind) == 0)
            return timer->due_at;
    return 0;
}

enum { TEXTS = 4, TEXT_SIZE = 1024 };

static char *next_text(void)
{
    static char texts[TEXTS][TEXT_SIZE];
    static size_t next;
    return texts[next++ % TEXTS];
}

const char *desk_text(struct slice text)
{
    char *copy = next_text();
    snprintf(copy, TEXT_SIZE, "%.*s", SLICE_ARGS(text));
    return copy;
}

const char *desk_codes(const struct slice *codes, size_t count)
{
    char *text = next_text();
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < count; i++)
        size += (size_t)snprintf(text + size, TEXT_SIZE - size, "%s%.*s", i > 0 ? "," : "",
                                 SLICE_ARGS(codes[i]));
    return text;
}

const char *desk_status(int32_t status)
{
    return symbols_name(&application_decided_status_symbols, status);
}

/* Keys of limits as grant.c makes them: the tests name what they limit. */
static struct uuid seats_key(const struct desk *desk, int wave)
{
    char number[12];
    snprintf(number, sizeof number, "%d", wave);
    struct slice parts[] = {SLICE("SEATS"), SLICE("kartu-prakerja"),
                            scheme_for_wave(desk->programme, wave)->name, slice_of(number),
                            SLICE("ALL")};
    return seal_key(desk->seal, "quota", (uint16_t)wave, parts, 5);
}

static struct uuid money_key(const struct desk *desk, int year, const char *component)
{
    char number[12];
    snprintf(number, sizeof number, "%d", year);
    struct slice parts[] = {SLICE("MONEY"), SLICE("kartu-prakerja"), slice_of(number),
                            slice_of(component)};
    return seal_key(desk->seal, "quota", 0, parts, 4);
}

static int64_t taken(const struct desk *desk, struct uuid key)
{
    for (const struct limit_take *take = desk->facts.limits; take != NULL; take = take->next)
        if (uuid_equal(&take->key, &key))
            return take->amount;
    return 0;
}

void desk_seats_used(struct desk *desk, int wave, int64_t used)
{
    struct uuid key = seats_key(desk, wave);
    facts_limit_locked(&desk->facts, &quota_row_type, &key, used);
}

void desk_money_used(struct desk *desk, int year, const char *component, int64_t used)
{
    struct uuid key = money_key(desk, year, component);
    facts_limit_locked(&desk->facts, &quota_row_type, &key, used);
}

int64_t desk_seats_taken(struct desk *desk, int wave)
{
    return taken(desk, seats_key(desk, wave));
}

int64_t desk_money_taken(struct desk *desk, int year, const char *component)
{
    return taken(desk, money_key(desk, year, component));
}
