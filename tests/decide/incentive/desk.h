/*
 * desk - the incentive service in its room (room.h).
 *
 * After every decision the books are added up: entries against balances, debits against
 * credits, each award's own balances against its entries, and what it has released against what was
 * told after its reinstatement: application counts that. Timers are kept until a test lets the clock come to them; what
 * waits is tried again after every decision, as the worker does.
 */
#ifndef KERJA_TESTS_DECIDE_INCENTIVE_DESK_H
#define KERJA_TESTS_DECIDE_INCENTIVE_DESK_H

#include "ledger.h"
#include "payment.h"
#include "room.h"

#define NATIONAL_ID  "3175091203900001"
#define OTHER_ID     "3175091203900002"
#define MSISDN       "+6281234567890"
#define OTHER_MSISDN "+6289876543210"
#define ACCOUNT_NO   "0098765432101"
#define HOLDER       "Ani Lestari"
#define EMPLOYER_NO  "E1200345678"
#define PROVIDER_ID  "LPK-77"
#define COMPANY      "Maju Jaya Sdn Bhd"
#define PACKAGE      RUPIAH(3550000)

enum { DESK_TIMERS = 8192, DESK_WAITERS = 64, DESK_RELEASES = 256 };

struct desk_timer {
    const char *kind;
    struct uuid subject;
    instant_us due_at;
};

struct desk {
    struct room room;
    struct uuid person_id, award_id;
    struct desk_timer timers[DESK_TIMERS];
    size_t timer_count;
    struct {
        const struct event_type *type;
        const void *event;
    } waiters[DESK_WAITERS];
    size_t waiter_count;
    int wave; /* 0: the programme has none */
    const struct scheme *scheme;
    int year;
    int64_t commitment; /* of the award */
    bool crowded;       /* more awards than one: the test looks at books and outputs itself */
    /* Sees every output; NULL: nobody looks. */
    void (*sent)(void *context, struct desk *desk, const struct output *output);
    void *context;
    /* What was ever sent. */
    size_t requested_count, paid_count, message_count, released_count;
    int64_t released;
    struct {
        instant_us at;
        int64_t amount;
    } releases[DESK_RELEASES];
};

void desk_open(struct desk *desk, int wave);

/* The same; the programme's file reads otherwise in one place. */
void desk_open_with(struct desk *desk, int wave, const char *old, const char *new);

/* The same for another programme's scheme, and an award of one of its years. */
void desk_open_scheme(struct desk *desk, const char *programme, const char *scheme, int year);
void desk_close(struct desk *desk);

/* Forgets all rows, timers and counts; the programme and the secrets stay. */
void desk_clear(struct desk *desk);

/* Adds up the books of the desk's award; every decision does, unless the desk is crowded. */
void desk_check_books(struct desk *desk);

/* Takes a record through identify, keys and decide. */
enum decision_kind desk_take(struct desk *desk, const struct event_type *type,
                             const void *event);

/* The id's text, for as long as the desk. */
struct slice desk_text(struct desk *desk, const struct uuid *uuid);

/* Events as they come on the main path; a test changes what its case is about. */
struct application_decided desk_awarded(struct desk *desk);
struct account_linked desk_link(struct desk *desk);
/* A company's account, with nobody's national id. */
struct account_linked desk_link_company(struct desk *desk, int32_t payee_kind, const char *ref);
struct enrolment_decided desk_enrolled(struct desk *desk, const char *enrolment_id,
                                       int64_t price);
struct incentive_approved desk_approval(struct desk *desk, const char *item, int count,
                                        epoch_day due_on, int64_t amount);
struct payout_settled desk_answer(struct desk *desk, const char *item, int instalment,
                                  int attempt, int32_t status, instant_us at);
struct award_changed desk_change(struct desk *desk, int32_t by, int32_t change,
                                 const char *reason, int64_t sequence);
struct case_resolved desk_case(struct desk *desk, const struct uuid *subject,
                               const char *reason, int32_t outcome, instant_us at);

/* The award is known, and its account linked. */
void desk_give_award(struct desk *desk);

/* The same, and one instalment of the incentive approved. */
void desk_ready(struct desk *desk);

/* Fires every timer due at or before `until`, earliest first, and those that they set. */
void desk_run(struct desk *desk, instant_us until);
enum decision_kind desk_fire(struct desk *desk, const char *kind, struct uuid subject,
                             instant_us due_at);

struct uuid desk_entitlement_id(const struct desk *desk, const char *item, int instalment);
const struct entitlement_row *desk_entitlement(struct desk *desk, const char *item,
                                               int instalment);
const struct award_row *desk_award(struct desk *desk);

/* The award's balance of an account over all components. */
int64_t desk_balance(struct desk *desk, int32_t account);

/* "A,B" of the reasons of an instalment, and its state's name; hold until the next call. */
const char *desk_reasons(struct desk *desk, const char *item, int instalment);
const char *desk_status(struct desk *desk, const char *item, int instalment);

#endif
