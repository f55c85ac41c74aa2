/* What a desk of a programme without waves is told: awards, courses, restricted regions. */
#include "ground.h"

static instant_us noon(epoch_day on)
{
    return day_to_instant(on, 7 * 60) + US_PER_DAY / 2;
}

/* Without waves: no notice, and of a hire the employer is paid. */
struct application_decided ground_awarded(struct desk *desk, epoch_day on)
{
    const struct scheme *scheme =
        scheme_find(desk->room.programme, slice_of(desk->ground->scheme));
    struct application_decided decided = {
        .application_id = SLICE("A-1"),
        .award_id = desk_award_id(desk),
        .person_id = desk_person(desk),
        .programme = desk->room.programme->id,
        .scheme = scheme->name,
        .has_region_code = true,
        .region_code = SLICE("34.71"),
        .status = APPLICATION_DECIDED_STATUS_AWARDED,
        .sequence = 1,
        .occurred_at = noon(on),
        .decided_at = noon(on),
        .language = SLICE("en"),
        .payee = {APPLICATION_DECIDED_PAYEE_KIND_PARTICIPANT, SLICE("the-person")},
        .has_year = true,
        .year = desk->ground->year,
        .commitment = scheme->package_hundredths,
        .currency = desk->room.programme->currency};
    if (desk->ground->hired_on != 0) {
        decided.payee.kind = APPLICATION_DECIDED_PAYEE_KIND_EMPLOYER;
        decided.payee.ref = SLICE("E-1");
        decided.has_hired_on = true;
        decided.hired_on = desk->ground->hired_on;
    }
    return decided;
}

/* A course of a provider that every programme without waves accepts. */
struct course_listed ground_listed(struct desk *desk, const struct step *step)
{
    static const struct slice licences[] = {{"DISNAKER", 8}}, accreditations[] = {{"JPK", 3}};
    struct course_listed listed = desk_listed(step->id);
    struct course_listed_provider *provider = &listed.provider;
    listed.programmes.items = &desk->room.programme->id;
    listed.currency = desk->room.programme->currency;
    listed.price = step->number == 0 ? RUPIAH(5000) : RUPIAH(step->number);
    listed.mode = step->mode == 0 ? COURSE_LISTED_MODE_ONLINE : step->mode;
    listed.has_category = step->kind != NULL;
    listed.category = slice_of(step->kind);
    listed.synchronous_minutes = 2400;
    listed.valid_from = DAY(2019, 9, 1);
    if (step->region != NULL) {
        struct slice *region = arena_alloc(&desk->room.arena, sizeof *region);
        *region = slice_of(step->region);
        listed.region_codes.items = region;
        listed.region_codes.count = 1;
    }
    provider->licences.items = licences;
    provider->accreditations.items = accreditations;
    provider->licences.count = provider->accreditations.count = 1;
    provider->has_operating_since = provider->has_registered_on = provider->has_applied_on =
        provider->has_contribution_months = provider->has_contribution_exempt = true;
    provider->operating_since = provider->registered_on = DAY(2015, 1, 1);
    provider->applied_on = DAY(2023, 5, 2);
    provider->contribution_months = 24;
    return listed;
}

void ground_publish(struct desk *desk, const struct step *step)
{
    const struct programme_published_restricted_region region = {.region_code =
                                                                     slice_of(step->region),
                                                                 .measure = SLICE("PSBB"),
                                                                 .from = step->first,
                                                                 .has_to = step->last != 0,
                                                                 .to = step->last};
    struct programme_published published = {.programme = desk->room.programme->id,
                                            .published_at = noon(step->on)};
    published.restricted_regions.items = &region;
    published.restricted_regions.count = step->region != NULL;
    desk_take(desk, &programme_published_event, &published);
}
