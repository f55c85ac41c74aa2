/*
 * file - one award opened for one decision: its row, its programme's rules, and the hour.
 */
#ifndef KERJA_COMPLETION_FILE_H
#define KERJA_COMPLETION_FILE_H

#include "facts.h"

/* Programme, scheme and year that judge an award for its life. */
struct standing {
    const struct programme *programme;
    const struct scheme *scheme;
    const struct scheme_year *year;
};

struct file {
    struct standing standing;
    const struct award_row *seen; /* as it was when it was looked at           */
    struct award_row *award;      /* to be changed; NULL until file_change()   */
    struct facts *facts;
    struct decision *decision;
    instant_us occurred_at; /* the cause's time: the only now */
    epoch_day on;           /* its local day                  */
    bool fresh; /* the event itself tells of the purchase or completion that is judged */
    bool told_explained; /* the decision's verdict is of one that told something       */
};

/* Looks at the award of an event, without changing anything yet. False when the decision has ended: the award
 * is not known yet (it waits) or its programme file is not (dead letter). */
bool file_look(struct file *file, const struct uuid *award_id, struct facts *facts,
               struct decision *decision, instant_us occurred_at);

/* One verdict explains a decision: of several purchases and completions that it judges, the worst of those that told
 * something; the first one where none did. */
void file_explain(struct file *file, const struct verdict *verdict, bool told);

/* From here on the decision stands, and the award's row may be changed. */
void file_change(struct file *file);

/* What was published of the award's programme; NULL where its scheme asks for none of it, or nothing came. */
const struct programme_row *file_published(const struct file *file);

/* The local day of an instant in the award's programme. */
epoch_day file_day(const struct file *file, instant_us instant);

/* What the scheme's package has for courses, the ceiling over all of them; 0 where the package is not known; hundredths. */
int64_t standing_grants(const struct standing *standing);

/* The benefit for courses, the first of several; NULL when the scheme has none. */
const struct benefit *standing_training(const struct standing *standing);

/* The benefit for surveys; NULL when the scheme has none. */
const struct benefit *standing_surveys(const struct standing *standing);

/* The benefit that pays for a course of this category; NULL when none does. */
const struct benefit *standing_pays(const struct standing *standing,
                                    const struct enrolment_row *enrolment);

/* What a purchase takes out of the balance: its price, or nothing where the benefit's amount is unknown and nothing was
 * committed for it. */
int64_t standing_takes(const struct standing *standing, const struct enrolment_row *enrolment);

/* Programme, scheme and year by name; false, and the decision refused, when there is no such. */
bool standing_find(struct decision *decision, struct slice programme, struct slice scheme,
                   int year, struct standing *standing);

#endif
