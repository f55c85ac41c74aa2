/*
 * approval - judging one payment of an item, and what an approval says of it.
 */
#ifndef KERJA_COMPLETION_APPROVAL_H
#define KERJA_COMPLETION_APPROVAL_H

#include "file.h"
#include "schemas/events.h"

/* Judges the conditions of PAY that this service knows. `survey` and `due_on` may be NULL: the payment has none. An item of
 * unknown amount passes when nothing but the amount holds it: it is told without instalments, and held where it would be
 * paid. */
enum effect approval_judge(struct file *file, const struct benefit *benefit,
                           const struct award_row_survey *survey, const epoch_day *due_on,
                           struct verdict *verdict);

/* The decision is explained by the first payment that it judged, unless it judged something else. */
void approval_explains(struct file *file, const struct verdict *verdict);

/* The reason of the first condition that failed with this effect. */
struct slice approval_reason(const struct file *file, const struct verdict *verdict,
                             enum effect effect);

/* How incentive.stopped tells an effect. */
enum incentive_stopped_effect approval_stop(enum effect effect);

/* Who is paid, by the benefit: the provider of that enrolment, the employer, the person. */
struct slice approval_payee(const struct file *file, const struct benefit *benefit,
                            const struct enrolment_row *enrolment);

struct incentive_approved_instalment approval_instalment(const struct file *file,
                                                         const struct benefit *benefit,
                                                         int number, int64_t amount_hundredths,
                                                         epoch_day due_on);

#endif
