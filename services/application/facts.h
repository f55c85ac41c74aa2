/*
 * facts - the rows of the application service, and what conditions ask of them.
 *
 * The rows of a person, a family card, an employer and the application together answer every
 * field that the phases APPLY, SELECT and EMPLOYER may ask for. A register answers for everybody once
 * it has a valid snapshot; before that only those it lists are known.
 */
#ifndef KERJA_APPLICATION_FACTS_H
#define KERJA_APPLICATION_FACTS_H

#include "application_rows.h"
#include "worker/service.h"

extern const struct fact_table application_tables[];
extern const size_t application_table_count;

/* Keys of rows that have no id of their own. */
struct uuid application_key(const struct seal *seal, struct slice programme,
                            struct slice application_id, int wave);
struct uuid register_key(const struct seal *seal, struct slice register_name);

/* The registers that conditions of every programme may ask about: register_names[0..register_count). */
extern const char *const register_names[];
extern const size_t register_count;

/* Names the snapshots of these and of the programme's own; NULL: no programme is known yet. */
void want_registers(const struct office *office, const struct programme *programme,
                    struct facts *facts);

/* One application with all that is known around it: what conditions judge. */
struct dossier {
    const struct programme *programme;
    const struct scheme *scheme;
    const struct application_row *application;
    const struct person_row *person;           /* NULL: never heard of before */
    const struct family_card_row *family_card; /* NULL: none named, or no award on it */
    const struct employer_row *employer;       /* NULL: none named, or no claim of it */
    const struct seal *seal;
    struct facts *facts;
    epoch_day on; /* day of the event that is judged */
};

/* All but `on` as the rows now stand; they were asked for by want_around_application() or as it does. */
struct standing;
void dossier_open(struct dossier *dossier, const struct standing *standing,
                  const struct application_row *application, const struct seal *seal,
                  struct facts *facts);

/* The local day of the application. */
epoch_day dossier_application_day(const struct dossier *dossier);

/* Judges a phase of the dossier into the verdict. */
void dossier_judge(const struct dossier *dossier, enum rule_phase phase,
                   struct verdict *verdict);

/* Programme, scheme and year of an application; false, and the decision refused, when the programme file
 * is unknown or has no such wave. */
struct standing {
    const struct programme *programme;
    const struct scheme *scheme;
    const struct scheme_year *year;
};
bool standing_find(struct decision *decision, struct slice programme, bool has_wave, int wave,
                   instant_us submitted_at, struct standing *standing);

/* Those of an application that was decided before. */
void standing_of(const struct decision *decision, const struct application_row *application,
                 struct standing *standing);

/* Key of the row by which the applicant, or the employer that applies, is reached. */
const struct uuid *contact_key(const struct application_row *application);

/* Where the number in such a row is sealed. */
struct seal_place contact_place(const struct uuid *person_id);

/* The subject of a record that leads to an application: judging it looks at all registers, and other programmes
 * may have a word in it. */
struct sealed_subject {
    struct subject subject;
    const struct office *office;
};

#endif
