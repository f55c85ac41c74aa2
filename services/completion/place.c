#include "place.h"

#include "schemas/events.h"

static bool list_asks(const struct comparison *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].field == FIELD_TRAINING_PLACE_RESTRICTED)
            return true;
    return false;
}

bool place_asked(const struct scheme *scheme)
{
    for (size_t i = 0; i < scheme->condition_count[PHASE_PURCHASE]; i++) {
        const struct condition *condition = scheme->conditions[PHASE_PURCHASE][i];
        if (list_asks(&condition->must, 1) || list_asks(condition->when, condition->when_count))
            return true;
    }
    return false;
}

/* Empty where nobody said it. */
static struct slice region_of(const struct award_row *award,
                              const struct enrolment_row *enrolment,
                              const struct course_row *course)
{
    if (enrolment->has_region_code)
        return enrolment->region_code;
    if (course != NULL && course->region_codes.count == 1)
        return course->region_codes.items[0];
    if (course != NULL && course->mode == COURSE_LISTED_MODE_ONLINE && award->has_region_code)
        return award->region_code;
    return (struct slice){0};
}

static bool begins_with(struct slice code, struct slice prefix)
{
    return prefix.size > 0 && prefix.size <= code.size &&
           memcmp(code.data, prefix.data, prefix.size) == 0;
}

struct value place_restricted(const struct programme_row *published,
                              const struct award_row *award,
                              const struct enrolment_row *enrolment,
                              const struct course_row *course, epoch_day bought_on)
{
    const struct slice region = region_of(award, enrolment, course);
    const epoch_day day = enrolment->has_starts_on ? enrolment->starts_on : bought_on;
    if (published == NULL || region.size == 0)
        return value_unknown();
    for (size_t i = 0; i < published->restricted_regions.count; i++) {
        const struct programme_row_restricted_region *one =
            &published->restricted_regions.items[i];
        if (begins_with(region, one->region_code) && one->from <= day &&
            (!one->has_to || day <= one->to))
            return value_number(true);
    }
    return value_number(false);
}
