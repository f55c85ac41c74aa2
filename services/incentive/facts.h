/*
 * facts - the rows of the incentive service: their keys, and which of them a decision needs.
 *
 * An award pays out of its own commitment, so its row is bumped by everything that moves its
 * money, and decisions about one award are serial. A payee's account is only read while it
 * pays, and written when an instalment begins to wait for a change of it.
 */
#ifndef KERJA_INCENTIVE_FACTS_H
#define KERJA_INCENTIVE_FACTS_H

#include "incentive_rows.h"
#include "worker/service.h"

extern const struct fact_table incentive_tables[];
extern const size_t incentive_table_count;

/* The subject of every handler whose keys are keyed hashes. */
struct sealed_subject {
    struct subject subject;
    const struct seal *seal;
};

/* Texts from outside that become parts of rows and outputs have a bound; an empty one
 * names nothing. */
enum { NAME_SIZE = 64, HOLDER_NAME_SIZE = 140 };
bool name_fits(struct slice name);

/* Keys of rows that have no id of their own. `payee_kind` is an enum
 * account_row_payee_kind, whose symbols are those of every payee. */
struct uuid account_key(const struct seal *seal, int32_t payee_kind, struct slice payee_ref);
struct uuid programme_key(const struct seal *seal, struct slice programme);
struct uuid enrolment_key(const struct seal *seal, struct slice enrolment_id);

/* The account row of a person, and whether the payee was erased: the row remembers that, linked or not. */
struct uuid person_account(struct decision *decision, const struct uuid *person_id);
bool account_erased(struct facts *facts, const struct uuid *account_id);

/* Keeps no sealed contact. */
void award_erase(struct award_row *award);

/* True when it was revoked or has closed, and was not reinstated since. */
bool award_ended(const struct award_row *award);

/* Names an award, and, once it is loaded, all its instalments. */
void want_award(struct facts *facts, const struct uuid *award_id);

/* Names an instalment, and, as they are loaded, its award, its programme's row, its
 * payee's account and the row of the account's number. */
void want_entitlement(const struct seal *seal, struct facts *facts,
                      const struct uuid *entitlement_id);

/* Names what paying a payee needs. */
void want_payee(const struct seal *seal, struct facts *facts, struct slice programme,
                int32_t payee_kind, struct slice payee_ref);

#endif
