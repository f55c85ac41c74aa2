#include "desk.h"

#include "decide_again.h"
#include "decide_award.h"
#include "decide_case.h"
#include "decide_drawn.h"
#include "decide_register.h"
#include "decide_submitted.h"

#include <stdlib.h>

void desk_open(struct desk *desk)
{
    desk_open_with(desk, NULL, NULL);
}

void desk_open_with(struct desk *desk, const char *old, const char *new)
{
    static const char *const personal[] = {NATIONAL_ID,  FAMILY_CARD, PERSON_NAME,   MSISDN,
                                           OTHER_MSISDN, EMAIL,       "81234567890", NULL};
    room_open(&desk->room, "application", application_tables, application_table_count, old,
              new);
    desk->room.personal = personal;
}

void desk_close(struct desk *desk)
{
    room_close(&desk->room);
}

#define HANDLER(name, noun, subject_type)                                                      \
    (&(const struct handler){&name##_event, sizeof(subject_type), noun##_identify,             \
                             noun##_keys, noun##_decide})

enum decision_kind desk_submit(struct desk *desk, const struct application_submitted *event)
{
    return room_decide(&desk->room,
                       HANDLER(application_submitted, submitted, struct submitted_subject),
                       event);
}

enum decision_kind desk_draw(struct desk *desk, const struct application_drawn *event)
{
    return room_decide(&desk->room, HANDLER(application_drawn, drawn, struct drawn_subject),
                       event);
}

enum decision_kind desk_list(struct desk *desk, const struct register_listed *event)
{
    return room_decide(&desk->room, HANDLER(register_listed, register, struct register_subject),
                       event);
}

enum decision_kind desk_award(struct desk *desk, const struct award_changed *event)
{
    return room_decide(&desk->room, HANDLER(award_changed, award, struct sealed_subject),
                       event);
}

enum decision_kind desk_released(struct desk *desk, const struct commitment_released *event)
{
    return room_decide(&desk->room, HANDLER(commitment_released, released, struct subject),
                       event);
}

enum decision_kind desk_resolve(struct desk *desk, const struct case_resolved *event)
{
    return room_decide(&desk->room, HANDLER(case_resolved, case, struct sealed_subject), event);
}

enum decision_kind desk_fire(struct desk *desk, const struct timer_fired *event)
{
    return room_decide(&desk->room, HANDLER(timer_application, timer, struct sealed_subject),
                       event);
}

enum decision_kind desk_erase(struct desk *desk, const struct person_erased *event)
{
    return room_decide(&desk->room, HANDLER(person_erased, erased, struct subject), event);
}

enum decision_kind desk_fire_own(struct desk *desk, int wave, const char *kind,
                                 instant_us due_at)
{
    struct timer_fired timer = {.subject_id = desk_id(desk, desk_application_key(desk, wave)),
                                .kind = slice_of(kind),
                                .due_at = due_at,
                                .attempt = 1};
    return desk_fire(desk, &timer);
}

struct uuid desk_person(const struct desk *desk)
{
    struct uuid id;
    assert_true(seal_person_id(desk->room.seal, SLICE("ID"), SLICE(NATIONAL_ID), &id));
    return id;
}

struct uuid desk_award_id(const struct desk *desk, int wave)
{
    struct uuid person = desk_person(desk);
    return seal_award_id(desk->room.seal, SLICE("kartu-prakerja"),
                         scheme_for_wave(desk->room.programme, wave)->name, (uint16_t)wave,
                         &person);
}

struct uuid desk_application_key(const struct desk *desk, int wave)
{
    return application_key(desk->room.seal, SLICE("kartu-prakerja"), SLICE("A-1"), wave);
}

const struct application_row *desk_application(struct desk *desk, int wave)
{
    struct uuid key = desk_application_key(desk, wave);
    return facts_find(&desk->room.facts, &application_row_type, &key);
}

const struct award_row *desk_award_row(struct desk *desk, int wave)
{
    struct uuid id = desk_award_id(desk, wave);
    return facts_find(&desk->room.facts, &award_row_type, &id);
}

const struct person_row *desk_person_row(struct desk *desk)
{
    struct uuid id = desk_person(desk);
    return facts_find(&desk->room.facts, &person_row_type, &id);
}

size_t desk_awards_on_card(struct desk *desk)
{
    const struct family_card_row *card = facts_find(
        &desk->room.facts, &family_card_row_type, &desk_application(desk, 21)->family_card_id);
    return card == NULL ? 0 : card->awards.count;
}

const char *desk_holds(struct desk *desk)
{
    const struct award_row *award = desk_award_row(desk, 21);
    return desk_codes(award->holds.items, award->holds.count);
}

const struct application_decided *desk_decided(const struct desk *desk)
{
    return room_output(&desk->room, &application_decided_event, 0);
}

const struct notification_requested *desk_message(const struct desk *desk)
{
    return room_output(&desk->room, &notification_requested_event, 0);
}

const struct award_changed *desk_changed(const struct desk *desk, size_t number)
{
    return room_output(&desk->room, &award_changed_event, number);
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

struct slice desk_id(struct desk *desk, struct uuid id)
{
    char *text = arena_alloc(&desk->room.arena, UUID_TEXT_SIZE + 1);
    uuid_format(&id, text);
    return (struct slice){text, UUID_TEXT_SIZE};
}

/* Keys of limits as grant.c makes them: the tests name what they limit. */
static struct uuid seats_key(const struct desk *desk, int wave)
{
    char number[12];
    snprintf(number, sizeof number, "%d", wave);
    struct slice parts[] = {SLICE("SEATS"), SLICE("kartu-prakerja"),
                            scheme_for_wave(desk->room.programme, wave)->name, slice_of(number),
                            SLICE("ALL")};
    return seal_key(desk->room.seal, "quota", (uint16_t)wave, parts, 5);
}

static struct uuid money_key(const struct desk *desk, int year, const char *component)
{
    char number[12];
    snprintf(number, sizeof number, "%d", year);
    struct slice parts[] = {SLICE("MONEY"), SLICE("kartu-prakerja"), slice_of(number),
                            slice_of(component)};
    return seal_key(desk->room.seal, "quota", 0, parts, 4);
}

static int64_t taken(const struct desk *desk, struct uuid key)
{
    for (const struct limit_take *take = desk->room.facts.limits; take != NULL;
         take = take->next)
        if (uuid_equal(&take->key, &key))
            return take->amount;
    return 0;
}

void desk_seats_used(struct desk *desk, int wave, int64_t used)
{
    struct uuid key = seats_key(desk, wave);
    facts_limit_locked(&desk->room.facts, &quota_row_type, &key, used);
}

void desk_money_used(struct desk *desk, int year, const char *component, int64_t used)
{
    struct uuid key = money_key(desk, year, component);
    facts_limit_locked(&desk->room.facts, &quota_row_type, &key, used);
}

int64_t desk_seats_taken(struct desk *desk, int wave)
{
    return taken(desk, seats_key(desk, wave));
}

int64_t desk_money_taken(struct desk *desk, int year, const char *component)
{
    return taken(desk, money_key(desk, year, component));
}
