/*
 * facts - the rows of the completion service, their keys, and the lists that stand on an award.
 *
 * Every event about an award changes the award's row, so decisions about one award never run
 * side by side. A person's row ties the courses in progress of all his or her awards together.
 */
#ifndef KERJA_COMPLETION_FACTS_H
#define KERJA_COMPLETION_FACTS_H

#include "completion_rows.h"
#include "worker/service.h"

extern const struct fact_table completion_tables[];
extern const size_t completion_table_count;

enum {
    AWARD_ENROLMENTS = 64, /* held or accepted at a time; more are refused    */
    AWARD_SURVEYS = 16,    /* a survey's number is not above it               */
    AWARD_REACHED = 512,   /* months, days, jobs and proofs; more are refused */
    INTRO_VIDEOS = 31      /* bits of a mask                                  */
};

/* For printf's "%.*s": a name in a sentence, enough of it to be found by. */
enum { SHOWN_BYTES = 64 };
#define SHOWN(name)                                                                            \
    (int)((name).size < SHOWN_BYTES ? (name).size : SHOWN_BYTES),                              \
        (name).size == 0 ? "" : (name).data

/* Keys of rows that have no id of their own. An enrolment's holds no award: the same voucher in two awards must meet. */
struct uuid course_key(const struct seal *seal, struct slice course_id);
struct uuid enrolment_key(const struct seal *seal, struct slice enrolment_id);
struct uuid programme_key(const struct seal *seal, struct slice programme);

/* The award and what its decisions look at: its person and who is reached, the enrolments that are not verified with their courses, those
 * whose months and days were told, and what was published of its programme where its scheme asks for that. One round
 * loads the award, the next what it names. */
void want_award(struct facts *facts, const struct uuid *award_id, const struct office *office);

/* Nothing sealed of an erased person, or employer, is kept, now or later: the row of whoever is reached remembers. The timer
 * looks once more at an award that may have been made in the same instant. */
#define TIMER_ERASURE "erasure"
enum { ERASURE_LOOK_S = 60 };
bool award_contact_erased(struct facts *facts, const struct award_row *award);
void award_erase(struct award_row *award);

/* What is left to buy with; hundredths. */
int64_t award_balance(const struct award_row *award);

/* The same without what it keeps for unfinished courses that may come back. */
int64_t award_free(const struct award_row *award);

/* Lists on an award; NULL when there is no such entry. Borrowed until the list is changed. */
const struct award_row_enrolment *award_enrolment(const struct award_row *award,
                                                  const struct uuid *key);
const struct award_row_survey *award_survey(const struct award_row *award, int number);

/* True when the award has no room for this enrolment among those that are held or accepted. */
bool award_full(const struct award_row *award, const struct uuid *enrolment);

/* Replaces the entry of the same enrolment or number, or adds it. */
void award_put_enrolment(struct decision *decision, struct award_row *award,
                         const struct award_row_enrolment *entry);
void award_drop_enrolment(struct decision *decision, struct award_row *award,
                          const struct uuid *key);
void award_put_survey(struct decision *decision, struct award_row *award,
                      const struct award_row_survey *survey);
void award_settle_item(struct decision *decision, struct award_row *award, struct slice item);
bool award_item_settled(const struct award_row *award, struct slice item);
void award_add_reached(struct decision *decision, struct award_row *award,
                       const struct award_row_reached *reached);
void award_add_planned(struct decision *decision, struct award_row *award,
                       const struct award_row_planned *planned);
void award_add_stop(struct decision *decision, struct award_row *award,
                    const struct award_row_stop *stop);

/* The person's list of courses in progress. */
void person_put_course(struct decision *decision, struct facts *facts,
                       const struct uuid *person_id, const struct person_row_course *course);
void person_drop_course(struct decision *decision, struct facts *facts,
                        const struct uuid *person_id, const struct uuid *enrolment);

/* Writes down, a text each, what the course's verdicts have against it. */
void course_note_objections(struct decision *decision, struct course_row *course);

#endif
