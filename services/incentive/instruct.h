/*
 * instruct - what a gateway is told: pay, and what became of it.
 *
 * `end_to_end_id` is the 32 hex digits of the instalment, for ever; `instruction_id` is that, a
 * hyphen and the two-digit attempt: 35 characters, as many as ISO 20022 allows. A gateway takes
 * an instruction once, so that sending the same one again is harmless.
 */
#ifndef KERJA_INCENTIVE_INSTRUCT_H
#define KERJA_INCENTIVE_INSTRUCT_H

#include "payment.h"

enum { ATTEMPTS = 99, END_TO_END_ID_SIZE = 32, INSTRUCTION_ID_SIZE = 35 };

struct slice end_to_end_id(struct decision *decision, const struct uuid *entitlement_id);

/* Reads both ids. False unless the instruction is one that this service could have sent. */
bool instruction_read(struct slice instruction_id, struct slice end_to_end,
                      struct uuid *entitlement_id, int32_t *attempt);

/* Begins the next attempt: keeps the account on the instalment, moves the money, sends the
 * instruction and sets the timer that asks. False, and nothing changed, when the account
 * cannot be read. */
bool instruct_pay(struct payment *payment, const struct account_row *account);

/* Sends the same instruction again, to the account that it named. False, and nothing
 * changed, when that was erased. */
bool instruct_again(struct payment *payment, int32_t attempt);

/* Asks later instead, of an attempt whose gateway never saw it and may not be sent more now. */
void instruct_ask_at(struct payment *payment, int32_t attempt, instant_us at);

/* Asks what became of an attempt, and sets the timer that asks again. */
void instruct_query(struct payment *payment, int32_t attempt);

#endif
