/*
 * dossier - what conditions may ask of an award, a purchase, a completion, a survey or a course.
 *
 * A part that a phase does not concern is left out; a field of it is then unknown, and
 * unknown holds. What a sender did not say is unknown; a milestone or an account that has
 * not come is absent.
 */
#ifndef KERJA_COMPLETION_DOSSIER_H
#define KERJA_COMPLETION_DOSSIER_H

#include "file.h"
#include "schemas/events.h"

struct dossier {
    struct standing standing;
    const struct award_row *award;         /* NULL: a course is judged              */
    const struct enrolment_row *enrolment; /* of the purchase or completion judged  */
    const struct course_row *course;       /* of the purchase judged                */
    const struct programme_row *published; /* of its programme, beside the file     */
    const struct course_listed *listed;    /* the course judged                     */
    const struct award_row_survey *survey; /* of the payment judged                 */
    struct slice item;                     /* of the payment judged; "": none       */
    const epoch_day *due_on;               /* of the payment judged; NULL: none     */
    bool has_amount;
    int64_t amount_hundredths;
    int wave;     /* 0: none */
    epoch_day on; /* day of the event that is judged */
};

/* The dossier of an opened award, with nothing but the award in it. */
struct dossier dossier_of(const struct file *file);

/* Judges a phase of the dossier into the verdict. */
void dossier_judge(const struct dossier *dossier, enum rule_phase phase,
                   struct verdict *verdict);

/* Whether a deadline's `when` holds. */
bool dossier_hold(const struct dossier *dossier, const struct deadline *deadline);

/* The reason of the first condition of the phase that failed with this effect; empty when none did. */
struct slice dossier_reason(const struct dossier *dossier, enum rule_phase phase,
                            const struct verdict *verdict, enum effect effect);

#endif
