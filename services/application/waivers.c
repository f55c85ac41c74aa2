#include "waivers.h"

#include <assert.h>

bool waivers_have(const struct application_row *application, struct slice reason)
{
    for (size_t i = 0; i < application->waived.count; i++)
        if (slice_equal(application->waived.items[i], reason))
            return true;
    return false;
}

void waivers_add(struct decision *decision, struct application_row *application,
                 struct slice reason)
{
    assert(!waivers_have(application, reason));
    size_t count = application->waived.count;
    struct slice *waived =
        decision_list(decision, application->waived.items, count, sizeof *waived);
    waived[count] = reason;
    application->waived.items = waived;
    application->waived.count = count + 1;
}

size_t waivers_reasons(const struct application_row *application, const struct verdict *verdict,
                       struct slice reasons[static VERDICT_REASONS])
{
    size_t count = verdict_reasons(verdict, reasons), kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!waivers_have(application, reasons[i]))
            reasons[kept++] = reasons[i];
    return kept;
}

enum effect waivers_effect(const struct application_row *application,
                           const struct verdict *verdict)
{
    struct slice reasons[VERDICT_REASONS];
    enum effect effect = verdict_effect(verdict);
    bool waits = effect == EFFECT_HOLD || effect == EFFECT_RETRY;
    if (!waits || waivers_reasons(application, verdict, reasons) > 0)
        return effect;
    return verdict->priority_count > 0 ? EFFECT_PRIORITY : EFFECT_PASS;
}
