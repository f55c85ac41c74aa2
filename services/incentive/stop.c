#include "stop.h"

#include "schemas/events.h"
#include "seal/ids.h"
#include "worker/texts.h"

const struct award_row_stop *stop_find(const struct award_row *award, struct slice item,
                                       int32_t instalment)
{
    for (size_t i = 0; i < award->stops.count; i++)
        if (slice_equal(award->stops.items[i].item, item) &&
            instalment >= award->stops.items[i].from_instalment)
            return &award->stops.items[i];
    return NULL;
}

static bool approved(struct decision *decision, const struct award_row *award,
                     struct slice item, int32_t instalment)
{
    struct uuid id =
        seal_entitlement_id(decision->office->seal, &award->award_id, item, instalment);
    return texts_have(award->entitlements.items, award->entitlements.count,
                      decision_uuid(decision, &id));
}

int64_t stop_leaves(struct decision *decision, const struct award_row *award,
                    const struct benefit *benefit, int32_t from_instalment)
{
    int64_t left = 0;
    if (benefit == NULL || benefit->amount_kind != AMOUNT_FIXED)
        return 0;
    for (int32_t i = from_instalment < 1 ? 1 : from_instalment; i <= benefit->instalments; i++)
        if (stop_find(award, benefit->item, i) == NULL &&
            !approved(decision, award, benefit->item, i))
            left += benefit->amount_hundredths;
    return left;
}

void stop_add(struct decision *decision, struct award_row *award, struct award_row_stop stop)
{
    size_t count = award->stops.count;
    struct award_row_stop *stops =
        decision_list(decision, award->stops.items, count, sizeof *stops);
    stops[count] = stop;
    award->stops.items = stops;
    award->stops.count = count + 1;
}

int32_t stop_status(const struct award_row_stop *stop)
{
    switch ((enum incentive_stopped_effect)stop->effect) {
    case INCENTIVE_STOPPED_EFFECT_EXPIRED:
        return ENTITLEMENT_ROW_STATUS_EXPIRED;
    case INCENTIVE_STOPPED_EFFECT_REFUSED:
        return ENTITLEMENT_ROW_STATUS_REFUSED;
    case INCENTIVE_STOPPED_EFFECT_STOPPED:
    case INCENTIVE_STOPPED_EFFECT_UNKNOWN:
        break;
    }
    return ENTITLEMENT_ROW_STATUS_STOPPED;
}
