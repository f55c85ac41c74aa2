#include "programmes.h"

enum { FILE_SIZE = 1 << 18, DIGITS = 12 };

static struct programme *read_file(const char *name, const char *old, const char *new)
{
    static char text[FILE_SIZE], corrected[FILE_SIZE + 1024];
    char path[512];
    struct programme *programme = NULL;
    struct error error = {0};
    snprintf(path, sizeof path, "%s/%s.yaml", KERJA_PROGRAMMES, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    const char *at = old == NULL ? text : strstr(text, old);
    assert_non_null(at);
    snprintf(corrected, sizeof corrected, "%.*s%s%s", (int)(at - text), text,
             old == NULL ? "" : new, at + (old == NULL ? 0 : strlen(old)));
    if (programme_load(slice_of(corrected), path, &programme, &error) != OK)
        fail_msg("%s", error.text);
    return programme;
}

void branch_open(struct branch *branch, const char *programme, const char *old, const char *new)
{
    static const char *const personal[] = {EMPLOYER_MSISDN, WORKER_MSISDN, "90031210543",
                                           PERSON_NAME,     "60312345678", NULL};
    *branch = (struct branch){0};
    desk_open(&branch->desk);
    branch->desk.room.personal = personal;
    branch->programmes[0] = read_file(programme, old, new);
    branch->desk.room.office.programmes = branch->programmes;
    desk_registers(&branch->desk);
}

void branch_publish(struct branch *branch, const char *programme)
{
    branch->programmes[1] = read_file(programme, NULL, NULL);
    branch->desk.room.office.programme_count = 2;
}

void branch_close(struct branch *branch)
{
    for (size_t i = 0; i < OFFICE_PROGRAMMES; i++)
        programme_free(branch->programmes[i]);
    desk_close(&branch->desk);
}

static struct application_submitted applicant(const char *programme, epoch_day on)
{
    return (struct application_submitted){.application_id = SLICE("A-1"),
                                          .revision = 1,
                                          .programme = slice_of(programme),
                                          .submitted_at =
                                              day_to_instant(on, 7 * 60) + US_PER_DAY / 2,
                                          .country = SLICE("MY"),
                                          .citizenship = SLICE("MY"),
                                          .national_id = SLICE("900312105431"),
                                          .name = SLICE(PERSON_NAME),
                                          .has_name = true,
                                          .birth_date = DAY(1990, 3, 12),
                                          .region_code = SLICE("MY-10"),
                                          .msisdn = SLICE(WORKER_MSISDN),
                                          .language = SLICE("ms")};
}

struct application_submitted branch_hire(const char *programme, epoch_day on, epoch_day hired)
{
    static const struct slice groups[] = {{"OKU", 3}, {"TVET_GRADUATE", 13}};
    struct application_submitted event = applicant(programme, on);
    event.has_hire = true;
    event.hire =
        (struct application_submitted_hire){.employer_no = SLICE(EMPLOYER_NO),
                                            .employer_type = SLICE("PRIVATE"),
                                            .has_headcount = true,
                                            .headcount = 10,
                                            .has_vacancy_posted = true,
                                            .vacancy_posted = true,
                                            .has_profile_complete = true,
                                            .profile_complete = true,
                                            .has_assist_registered = true,
                                            .assist_registered = true,
                                            .hired_on = hired,
                                            .monthly_wage = RINGGIT(1700),
                                            .currency = SLICE("MYR"),
                                            .has_unemployed_since = true,
                                            .unemployed_since = day_add_months(hired, -3),
                                            .has_worker_consented_at = true,
                                            .worker_consented_at = event.submitted_at,
                                            .has_employer_msisdn = true,
                                            .employer_msisdn = SLICE(EMPLOYER_MSISDN)};
    event.hire.target_groups.items = groups;
    event.hire.target_groups.count = 2;
    return event;
}

struct application_submitted branch_member(epoch_day on)
{
    static const struct application_submitted_check checks[] = {
        {.register_ = {"POPULATION", 10}, .result = {"MATCH", 5}, .checked_at = 1}};
    static const struct slice declarations[] = {{"STATEMENT_SIGNED", 16}};
    struct application_submitted event = applicant("vokasi-indonesia-pekerja", on);
    event.country = event.citizenship = SLICE("ID");
    event.region_code = SLICE("3171");
    event.language = SLICE("id");
    event.checks.items = checks;
    event.checks.count = 1;
    event.declarations.items = declarations;
    event.declarations.count = 1;
    event.has_employment_ended_on = true;
    event.employment_ended_on = day_add_months(on, -5);
    event.has_membership = true;
    event.membership =
        (struct application_submitted_membership){.category = SLICE("PU_LAID_OFF"),
                                                  .contribution_months = 36,
                                                  .has_reported_wage = true,
                                                  .reported_wage = RUPIAH(INT64_C(2000000)),
                                                  .has_active = true,
                                                  .active = false};
    return event;
}

struct application_submitted branch_trainee(epoch_day on)
{
    struct application_submitted event = applicant("bina-kerjaya", on);
    event.has_highest_qualification = event.has_informal_only = true;
    event.highest_qualification = SLICE("SPM");
    event.informal_only = true;
    event.has_membership = true;
    event.membership.category = SLICE("NONE");
    return event;
}

void branch_other(struct application_submitted *event, char last, const char *application_id)
{
    static char ids[10][DIGITS + 1];
    char *id = ids[last - '0'];
    memcpy(id, "900312105430", DIGITS + 1);
    id[DIGITS - 1] = last;
    event->national_id = (struct slice){id, DIGITS};
    event->application_id = slice_of(application_id);
}

void branch_expect(struct branch *branch, const struct application_submitted *event,
                   const char *name, const char *status, const char *reasons)
{
    assert_int_equal(desk_submit(&branch->desk, event), DECIDED);
    const struct application_decided *decided = desk_decided(&branch->desk);
    const char *got = desk_codes(decided->reasons.items, decided->reasons.count);
    if (strcmp(desk_status(decided->status), status) != 0 || strcmp(got, reasons) != 0)
        fail_msg("%s: %s \"%s\", expected %s \"%s\"", name, desk_status(decided->status), got,
                 status, reasons);
}

struct award_changed branch_end(const struct application_decided *decided, int32_t change,
                                instant_us at, int64_t sequence)
{
    return (struct award_changed){.award_id = decided->award_id,
                                  .programme = decided->programme,
                                  .scheme = decided->scheme,
                                  .change = change,
                                  .reason = SLICE("EMPLOYMENT_ENDED"),
                                  .by = AWARD_CHANGED_BY_COMPLETION,
                                  .currency = decided->currency,
                                  .occurred_at = at,
                                  .sequence = sequence};
}

int64_t branch_claims(struct branch *branch, const char *employer_no, const char *scheme)
{
    struct slice parts[] = {SLICE("MY"), slice_of(employer_no)};
    struct uuid key = seal_key(branch->desk.room.seal, "employer", 0, parts, 2);
    const struct employer_row *row =
        facts_find(&branch->desk.room.facts, &employer_row_type, &key);
    for (size_t i = 0; row != NULL && i < row->claims.count; i++)
        if (slice_is(row->claims.items[i].scheme, scheme))
            return row->claims.items[i].count;
    return 0;
}

int64_t branch_seats(const struct branch *branch, const char *scheme, const char *region)
{
    struct slice parts[] = {SLICE("SEATS"), branch->programmes[0]->id, slice_of(scheme),
                            SLICE("0"), slice_of(region)};
    struct uuid key = seal_key(branch->desk.room.seal, "quota", 0, parts, 5);
    for (const struct limit_take *take = branch->desk.room.facts.limits; take != NULL;
         take = take->next)
        if (uuid_equal(&take->key, &key))
            return take->amount;
    return 0;
}
