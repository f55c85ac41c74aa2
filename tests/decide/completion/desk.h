/*
 * desk - the completion service in its room (room.h).
 *
 * A test is a script: what comes in, step by step, and what is told after each step. What was told is
 * a line of text, so that a script shows the whole answer and an unexpected output fails it:
 *
 *   enrolment ACCEPTED left=500000            completion VERIFIED first
 *   approved training PROVIDER P-1 1:500000@2021-10-01
 *   stopped survey_incentive from=1 EXPIRED SURVEY_LATE
 *   award REVOKED FIRST_TRAINING_LATE         message revoked
 *
 * joined by "; ". A decision without effect is "repeat", "wait <table>" or "refused <code>"; one that
 * only changed rows is "".
 */
#ifndef KERJA_TESTS_DECIDE_COMPLETION_DESK_H
#define KERJA_TESTS_DECIDE_COMPLETION_DESK_H

#include "facts.h"
#include "handlers.h"
#include "room.h"

#define NATIONAL_ID "3175091203900001"
#define MSISDN      "+6281234567890"

enum { TOLD_SIZE = 2048 };

/* A programme without waves: what its awards are for. */
struct ground {
    const char *programme, *scheme;
    int year;
    epoch_day hired_on;    /* 0: nobody was hired, and the participant is paid */
    const char *old, *new; /* the file reads otherwise in one place; NULL: nowhere */
};

struct desk {
    struct room room;
    int wave;
    const struct ground *ground; /* NULL: Kartu Prakerja */
    int64_t sequence;            /* of whatever other services number */
    char told[TOLD_SIZE];
};

void desk_open(struct desk *desk, int wave);
void desk_open_on(struct desk *desk, const struct ground *ground);
void desk_close(struct desk *desk);

/* Takes one record through identify, keys and decide; what became of it stands in desk->told. */
void desk_take(struct desk *desk, const struct event_type *type, const void *event);

/* Writes desk->told. */
void desk_tell(struct desk *desk);

struct uuid desk_person(const struct desk *desk);
struct uuid desk_award_id(const struct desk *desk);
const struct award_row *desk_award(struct desk *desk);
const struct enrolment_row *desk_enrolment(struct desk *desk, const char *enrolment_id);
const struct course_row *desk_course(struct desk *desk, const char *course_id);
/* What a scheme and year say of the course "C-1": "PASS", "REJECT A,B"; "" when they say nothing. */
const char *desk_verdict(struct desk *desk, const char *scheme, int year);

/* Events with nothing wrong in them, to be changed and taken. `on` is a day, at noon. */
struct application_decided desk_awarded(struct desk *desk, epoch_day notice_day);
struct course_listed desk_listed(const char *course_id);
struct course_enrolled desk_enrolled(const struct desk *desk, const char *enrolment_id,
                                     const char *course_id, int64_t price, epoch_day on);
struct course_completed desk_completed(const struct desk *desk, const char *enrolment_id,
                                       const char *course_id, epoch_day on);

enum action {
    AWARDED,   /* on: the notice day; the day itself where there are none   */
    LISTED,    /* id: the course, kind: its category, region, flaw          */
    ENROLLED,  /* id, number: the price, on, days of training, region       */
    PUBLISHED, /* region, first and last day of its restriction, on         */
    COMPLETED, /* id, on, flaw                                              */
    REACHED,   /* kind, number, on, id: the enrolment of a review, or NULL  */
    PAID,      /* number: the instalment, on                                */
    RETURNED,  /* number: the instalment                                    */
    FIRED,     /* kind, on: the day whose first instant it is due at        */
    CHANGED,   /* kind: the change, reason, on, by                          */
    RESOLVED,  /* id: the enrolment, kind: the outcome, reason, on          */
};

enum flaw {
    NO_CERTIFICATE = 1,
    SESSION_MISSED = 2,
    FACE_MISSED = 4,
    CAMERA_OFF = 8,
    PROXY = 16,
    NO_PRETEST = 32,
    FACES_NOT_COUNTED = 64,
    NO_SESSIONS = 128,
    NOBODY_NAMED = 256,
    ALONE = 512,     /* of an officer: nobody approved                              */
    CONFLICT = 1024, /* of a course listed: its provider owns a part of the platform */
};

struct step {
    enum action action;
    const char *id, *kind, *reason;
    int number;
    epoch_day on;
    instant_us at; /* 0: noon of that day */
    int flaw;
    int revision;          /* 0: the first */
    const char *course;    /* NULL: "C-1"  */
    const char *by;        /* NULL: two officers */
    epoch_day first, last; /* 0: nobody said  */
    const char *region;    /* NULL: nobody said */
    int mode;              /* of a course listed; 0: ONLINE */
    const char *told;
};

enum { STEPS = 16 };

struct script {
    const char *name;
    int wave;                 /* negative: without desk_ready() */
    struct step steps[STEPS]; /* ends at the first one without `told` */
};

/* A timer fires on the first instant at which it is due. */
#define AT(name, day, text)                                                                    \
    {                                                                                          \
        FIRED, .kind = (name), .on = (day), .told = (text)                                     \
    }
#define REVOKED "award REVOKED FIRST_TRAINING_LATE; message revoked"

/* In the normal scheme: on the first of the days on which to buy again, and finished to the end. */
#define FIRST_PURCHASE                                                                         \
    {                                                                                          \
        ENROLLED, .id = "E-1", .number = 500000, .on = DAY(2023, 3, 2),                        \
                  .told = "enrolment ACCEPTED left=3000000"                                    \
    }
#define FIRST_COURSE                                                                           \
    FIRST_PURCHASE,                                                                            \
        {REACHED, .kind = "REVIEW_RATED", .id = "E-1", .on = DAY(2023, 3, 3), .told = ""},     \
    {                                                                                          \
        COMPLETED, .id = "E-1", .on = DAY(2023, 3, 20),                                        \
                   .told = "completion VERIFIED first; message completed; approved training "  \
                           "PROVIDER P-1 "                                                     \
                           "1:500000@2023-03-20; "                                             \
                           "approved job_search_incentive PARTICIPANT 1:600000@2023-03-20"     \
    }

/* Plays each script on a desk of its own; the first step that tells something else fails with its name. */
void desk_play(const struct script *scripts, size_t count);

/* The same in a programme without waves, whatever the script's wave says. */
void desk_play_on(const struct ground *ground, const struct script *scripts, size_t count);
void desk_step(struct desk *desk, const struct step *step);

/* Wave 21, semi-bansos: an award, its course, all three videos. Wave 48, normal: the account too. */
void desk_ready(struct desk *desk);

#endif
