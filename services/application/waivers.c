#include "waivers.h"

#include "worker/texts.h"

#include <assert.h>

bool waivers_have(const struct application_row *application, struct slice reason)
{
    return texts_have(application->waived.items, application->waived.count, reason);
}

void waivers_add(struct decision *decision, struct application_row *application,
                 struct slice reason)
{
    assert(!waivers_have(application, reason));
    texts_append(decision, &application->waived.items, &application->waived.count, reason);
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
