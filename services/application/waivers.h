/*
 * waivers - the reasons that two officers have waived: what only waits for them waits no longer.
 *
 * A waiver changes no condition's result, so that the verdict, and the explanation made of it, still shows what
 * was seen; it changes what follows. It stands for the life of the application and of its award: a register that
 * says the same in its next snapshot does not hold anew what officers have looked at. What refuses is never
 * waived.
 */
#ifndef KERJA_APPLICATION_WAIVERS_H
#define KERJA_APPLICATION_WAIVERS_H

#include "facts.h"

bool waivers_have(const struct application_row *application, struct slice reason);

/* Keeps one more; it must not be among them. */
void waivers_add(struct decision *decision, struct application_row *application,
                 struct slice reason);

/* What the verdict means for the application: as verdict_effect(), but PASS where all that holds was waived. */
enum effect waivers_effect(const struct application_row *application,
                           const struct verdict *verdict);

/* The verdict's reasons but those waived; their number. */
size_t waivers_reasons(const struct application_row *application, const struct verdict *verdict,
                       struct slice reasons[static VERDICT_REASONS]);

#endif
