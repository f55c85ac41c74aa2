/*
 * desk - the application service in its room (room.h), and Ani's records.
 */
#ifndef KERJA_TESTS_DECIDE_DESK_H
#define KERJA_TESTS_DECIDE_DESK_H

#include "application_rows.h"
#include "facts.h"
#include "room.h"

#define NATIONAL_ID  "3175091203900001"
#define FAMILY_CARD  "3175090101080007"
#define PERSON_NAME  "Ani Lestari"
#define MSISDN       "+6281234567890"
#define OTHER_MSISDN "+6289876543210"
#define EMAIL        "ani.lestari@example.id"

#define TEXT_IS(slice, text) assert_string_equal(desk_text(slice), (text))

struct desk {
    struct room room;
};

void desk_open(struct desk *desk);
/* The programme's file reads otherwise in one place. */
void desk_open_with(struct desk *desk, const char *old, const char *new);
void desk_close(struct desk *desk);

/* Each takes one record through identify, keys and decide, and returns what became of it. */
enum decision_kind desk_submit(struct desk *desk, const struct application_submitted *event);
enum decision_kind desk_draw(struct desk *desk, const struct application_drawn *event);
enum decision_kind desk_list(struct desk *desk, const struct register_listed *event);
enum decision_kind desk_award(struct desk *desk, const struct award_changed *event);
enum decision_kind desk_released(struct desk *desk, const struct commitment_released *event);
enum decision_kind desk_resolve(struct desk *desk, const struct case_resolved *event);
enum decision_kind desk_fire(struct desk *desk, const struct timer_fired *event);
enum decision_kind desk_erase(struct desk *desk, const struct person_erased *event);

/* A timer of Ani's application. */
enum decision_kind desk_fire_own(struct desk *desk, int wave, const char *kind,
                                 instant_us due_at);

/* Ani, eligible for the wave: every answer given, every check passed. */
struct application_submitted desk_applicant(int wave);
/* Somebody else on Ani's family card; `last` is the last digit of the national id. */
struct application_submitted desk_relative(int wave, char last, const char *application_id);

/* The applicant has another answer of one register; NULL: none. Holds until the next call. */
void desk_check(struct application_submitted *event, const char *name, const char *result);

/* Valid and empty snapshots of all registers. */
void desk_registers(struct desk *desk);
/* A register lists Ani, or ceases to. */
struct register_listed desk_listing(struct desk *desk, const char *name, bool listed);
struct application_drawn desk_selected(int wave);
struct award_changed desk_change(struct desk *desk, int wave, int32_t change,
                                 const char *reason, int64_t sequence);

/* The same by two officers. */
struct award_changed desk_officer(struct desk *desk, int wave, int32_t change,
                                  const char *reason, int64_t sequence);
/* Two officers resolve a case of wave 21 while the wave is open. */
struct case_resolved desk_case(struct slice subject, const char *reason, int32_t outcome);
/* Money of Ani's award comes back. */
struct commitment_released desk_release(struct desk *desk, int wave, const char *component,
                                        int64_t amount, int64_t sequence);

/* Ani has applied, was drawn, and holds the award of the wave. */
void desk_give_award(struct desk *desk, int wave);

struct uuid desk_person(const struct desk *desk);
struct uuid desk_award_id(const struct desk *desk, int wave);
struct uuid desk_application_key(const struct desk *desk, int wave);
const struct application_row *desk_application(struct desk *desk, int wave);
const struct award_row *desk_award_row(struct desk *desk, int wave);
const struct person_row *desk_person_row(struct desk *desk);
/* The awards that count on the family card of Ani's application of wave 21. */
size_t desk_awards_on_card(struct desk *desk);
/* "BY:REASON,BY:REASON" of her award of wave 21; holds as desk_codes() does. */
const char *desk_holds(struct desk *desk);

/* The newest decision's; NULL: it told none. */
const struct application_decided *desk_decided(const struct desk *desk);
const struct notification_requested *desk_message(const struct desk *desk);
/* The same of an award.changed; the first is number 0. */
const struct award_changed *desk_changed(const struct desk *desk, size_t number);

/* "A,B" of a list of codes, and the text of a slice: both hold until the next four calls. */
const char *desk_text(struct slice text);
const char *desk_codes(const struct slice *codes, size_t count);
const char *desk_status(int32_t status);

/* The id's text, for as long as the desk. */
struct slice desk_id(struct desk *desk, struct uuid id);

/* Tight mode: the seats of a wave, or the money of a year, of which so much is used. */
void desk_seats_used(struct desk *desk, int wave, int64_t used);
void desk_money_used(struct desk *desk, int year, const char *component, int64_t used);
/* What the decisions so far have taken from these limits. */
int64_t desk_seats_taken(struct desk *desk, int wave);
int64_t desk_money_taken(struct desk *desk, int year, const char *component);

#endif
