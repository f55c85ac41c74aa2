/*
 * programmes - the desk with other programmes than Kartu Prakerja, and who applies to them.
 */
#ifndef KERJA_TESTS_DECIDE_PROGRAMMES_H
#define KERJA_TESTS_DECIDE_PROGRAMMES_H

#include "desk.h"

#define EMPLOYER_NO     "E-1001"
#define EMPLOYER_MSISDN "+60312345678"
#define WORKER_MSISDN   "+60198765432"
#define RINGGIT(amount) (INT64_C(100) * (amount))

enum { OFFICE_PROGRAMMES = 2 };

struct branch {
    struct desk desk;
    struct programme *programmes[OFFICE_PROGRAMMES];
};

/* Opens with one programme, whose file reads otherwise in one place where `old` is not NULL. */
void branch_open(struct branch *branch, const char *programme, const char *old,
                 const char *new);
/* One more is published. */
void branch_publish(struct branch *branch, const char *programme);
void branch_close(struct branch *branch);

/* Each passes every condition of its scheme as it stands, on the day given. */
struct application_submitted branch_hire(const char *programme, epoch_day on, epoch_day hired);
struct application_submitted branch_member(epoch_day on);
struct application_submitted branch_trainee(epoch_day on);

/* Another worker: `last` is the last digit of the national id. */
void branch_other(struct application_submitted *event, char last, const char *application_id);

/* Submits, and expects this status with these reasons. */
void branch_expect(struct branch *branch, const struct application_submitted *event,
                   const char *name, const char *status, const char *reasons);

/* The award that the application has or would have, as the newest decision of it says. */
struct award_changed branch_end(const struct application_decided *decided, int32_t change,
                                instant_us at, int64_t sequence);

/* What an employer claims in a scheme. */
int64_t branch_claims(struct branch *branch, const char *employer_no, const char *scheme);

/* What the decisions so far took of the seats of a region. */
int64_t branch_seats(const struct branch *branch, const char *scheme, const char *region);

#endif
