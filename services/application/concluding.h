/*
 * concluding - from a verdict to a state: what an application is after it was judged, and
 * all that follows from it.
 */
#ifndef KERJA_APPLICATION_CONCLUDING_H
#define KERJA_APPLICATION_CONCLUDING_H

#include "facts.h"

/* All rows that one application's decision may change, found and ready. */
struct file {
    struct standing standing;
    struct application_row *application; /* editable */
    struct person_row *person;           /* editable */
    const struct person_row *contact;
    struct facts *facts;
    struct decision *decision;
    instant_us occurred_at;
    epoch_day on;
    bool quiet; /* judged again by itself: tell nobody unless something changed */
};

/* Finds the editable rows of an existing application. */
void file_open(struct file *file, struct application_row *application, struct facts *facts,
               struct decision *decision, instant_us occurred_at);

/* Judges the phases (a mask of 1u << enum rule_phase). */
enum { FILE_ALL_PHASES = 1u << PHASE_APPLY | 1u << PHASE_SELECT | 1u << PHASE_EMPLOYER };
void file_judge(struct file *file, unsigned phases);

/* Takes seat and money where the verdict is clear and nothing is drawn any more, then sets the state that
 * the verdict means, tells the other services and the person, and sets timers for what is tried again by
 * itself. What would hold refuses once the wave has closed, but for whom the draw has selected. */
void file_conclude(struct file *file);

/* Sets a state with one reason, without judging: NOT_DRAWN, a case that an officer upheld. */
void file_end(struct file *file, int32_t status, struct slice reason);

/* The wave has closed on a held application: what holds it becomes the reasons of the refusal. */
void file_refuse_held(struct file *file);

/* The wave does not close yet, though it was to: what was held stays so, and its closing is waited for anew. Tells nobody. */
void file_stay_held(struct file *file);

/* An award is judged again on the day on which an entry of a register begins or ends to count. */
void file_watch_registers(const struct file *file);

/* The event comes after the last instant of the application's wave. */
bool file_wave_closed(const struct file *file);

#endif
