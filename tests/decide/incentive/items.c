#include "items.h"

const struct item_case items[] = {
    {"semi-bansos, training: BN20a KM20b PB22", "kartu-prakerja", "semi-bansos", 2021, 12,
     "training", 1, RUPIAH(1000000), "PROVIDER", "TRAINING", "IDR"},
    {"semi-bansos, four times Rp600,000: BN20a BS20 PB22 TB22 FG22", "kartu-prakerja",
     "semi-bansos", 2021, 12, "job_search_incentive", 4, RUPIAH(600000), "PARTICIPANT",
     "INCENTIVE", "IDR"},
    {"semi-bansos, three times Rp50,000: BS20 TB21a KT21f NK21", "kartu-prakerja",
     "semi-bansos", 2021, 12, "survey_incentive", 3, RUPIAH(50000), "PARTICIPANT", "SURVEY",
     "IDR"},
    {"normal, training: CI23 IC23 IX24 JA23", "kartu-prakerja", "normal", 2023, 48, "training",
     1, RUPIAH(3500000), "PROVIDER", "TRAINING", "IDR"},
    {"normal, once Rp600,000: CI23 IC23 IX24 PK24d", "kartu-prakerja", "normal", 2024, 63,
     "job_search_incentive", 1, RUPIAH(600000), "PARTICIPANT", "INCENTIVE", "IDR"},
    {"normal, twice Rp50,000: CI23 IC23 IX24 PK24d", "kartu-prakerja", "normal", 2024, 63,
     "survey_incentive", 2, RUPIAH(50000), "PARTICIPANT", "SURVEY", "IDR"},
    {"vokasi 2019, fee not found: IDN KBN", "vokasi-indonesia-pekerja", "vokasi-2019", 2019, 0,
     "training_fee", 1, 0, "PROVIDER", "TRAINING", "IDR"},
    {"vokasi 2020, fee not found: IDN KBN", "vokasi-indonesia-pekerja", "vokasi-2020", 2020, 0,
     "training_fee", 1, 0, "PROVIDER", "TRAINING", "IDR"},
    {"vokasi 2019, allowance not found: IDN FB19b KBN TS20", "vokasi-indonesia-pekerja",
     "vokasi-2019", 2019, 0, "daily_allowance", 1, 0, "PARTICIPANT", "INCENTIVE", "IDR"},
    {"vokasi 2020, allowance not found: IDN FB19b KBN TS20", "vokasi-indonesia-pekerja",
     "vokasi-2020", 2020, 0, "daily_allowance", 1, 0, "PARTICIPANT", "INCENTIVE", "IDR"},
    {"daya kerjaya 2023, three times RM600: SD23 HR23 SP23 SN23", "daya-kerjaya",
     "daya-kerjaya-2023", 2023, 0, "hiring_incentive", 3, RINGGIT(600), "EMPLOYER", "INCENTIVE",
     "MYR"},
    {"daya kerjaya 2024, six times RM1,500: SD24", "daya-kerjaya", "daya-kerjaya-2024", 2024, 0,
     "hiring_incentive", 6, RINGGIT(1500), "EMPLOYER", "INCENTIVE", "MYR"},
    {"daya kerjaya 2025, three times RM600: CZ TSUN25 ST25", "daya-kerjaya",
     "daya-kerjaya-2025", 2025, 0, "hiring_incentive", 3, RINGGIT(600), "EMPLOYER", "INCENTIVE",
     "MYR"},
    {"tvet, three times RM600: SN23 MB23", "daya-kerjaya-tvet", "daya-kerjaya-tvet-2023", 2023,
     0, "hiring_incentive", 3, RINGGIT(600), "EMPLOYER", "INCENTIVE", "MYR"},
    {"tvet, a course at the lower cap: SP23 AHK", "daya-kerjaya-tvet", "daya-kerjaya-tvet-2023",
     2023, 0, "training_fee", 1, RINGGIT(2500), "PROVIDER", "TRAINING", "MYR"},
    {"tvet, a course at the higher cap: SP23 MOFP", "daya-kerjaya-tvet",
     "daya-kerjaya-tvet-2023", 2023, 0, "training_fee", 1, RINGGIT(4000), "PROVIDER",
     "TRAINING", "MYR"},
    {"bina, a course at the lower cap: AHK SP23", "bina-kerjaya", "bina-kerjaya-2023", 2023, 0,
     "training_fee", 1, RINGGIT(2500), "PROVIDER", "TRAINING", "MYR"},
    {"bina, two courses at the higher cap: AHK MOFP SD23", "bina-kerjaya", "bina-kerjaya-2023",
     2023, 0, "training_fee", 2, RINGGIT(4000), "PROVIDER", "TRAINING", "MYR"},
    {"bina, three times RM300: MOFB SD23 ST23", "bina-kerjaya", "bina-kerjaya-2023", 2023, 0,
     "training_allowance", 3, RINGGIT(300), "PARTICIPANT", "INCENTIVE", "MYR"},
};
const size_t item_count = sizeof items / sizeof items[0];

void item_open(struct desk *desk, const struct item_case *item)
{
    if (item->wave > 0)
        desk_open(desk, item->wave);
    else
        desk_open_scheme(desk, item->programme, item->scheme, item->year);
    assert_string_equal(item->currency, item->wave > 0 ? "IDR" : item->currency);
    assert_true(slice_is(desk->scheme->name, item->scheme));
}

struct account_linked item_account(struct desk *desk, const struct item_case *item)
{
    if (strcmp(item->payee, "EMPLOYER") == 0)
        return desk_link_company(desk, ACCOUNT_LINKED_PAYEE_KIND_EMPLOYER, EMPLOYER_NO);
    if (strcmp(item->payee, "PROVIDER") == 0)
        return desk_link_company(desk, ACCOUNT_LINKED_PAYEE_KIND_PROVIDER, PROVIDER_ID);
    return desk_link(desk);
}

void item_award(struct desk *desk)
{
    struct application_decided awarded = desk_awarded(desk);
    assert_int_equal(desk_take(desk, &application_decided_event, &awarded), DECIDED);
}

void item_link(struct desk *desk, const struct item_case *item)
{
    struct account_linked linked = item_account(desk, item);
    assert_int_equal(desk_take(desk, &account_linked_event, &linked), DECIDED);
}

/* A course each instalment: its price is used before it is owed. */
void item_purchases(struct desk *desk, const struct item_case *item)
{
    static const char *const courses[] = {"V-1", "V-2"};
    for (int i = 0; i < item->count; i++) {
        struct enrolment_decided enrolled =
            desk_enrolled(desk, courses[i], item->amount > 0 ? item->amount : RUPIAH(750000));
        assert_int_equal(desk_take(desk, &enrolment_decided_event, &enrolled), DECIDED);
    }
}

struct incentive_approved item_approval(struct desk *desk, const struct item_case *item)
{
    struct incentive_approved approved =
        desk_approval(desk, item->item, item->count, item_due_on(desk), item->amount);
    approved.approved_at = item_local(desk, item_due_on(desk)) - US_PER_DAY;
    if (item->amount == 0)
        approved.instalments.count = 0;
    return approved;
}

void item_approve(struct desk *desk, const struct item_case *item)
{
    struct incentive_approved approved = item_approval(desk, item);
    assert_true(slice_is(approved.component, item->component));
    assert_string_equal(
        symbols_name(&incentive_approved_payee_kind_symbols, approved.payee.kind), item->payee);
    assert_true(slice_is(approved.currency, item->currency));
    assert_int_equal(desk_take(desk, &incentive_approved_event, &approved), DECIDED);
}

void item_begin(struct desk *desk, const struct item_case *item)
{
    item_open(desk, item);
    item_award(desk);
    item_link(desk, item);
    if (strcmp(item->payee, "PROVIDER") == 0)
        item_purchases(desk, item);
    item_approve(desk, item);
}

epoch_day item_due_on(const struct desk *desk)
{
    return DAY(desk->year, 6, 1);
}

instant_us item_local(const struct desk *desk, epoch_day day)
{
    return day_to_instant(day, desk->room.programme->utc_offset_minutes);
}

const struct item_case *item_named(const char *beginning)
{
    size_t at = 0;
    while (at < item_count && strncmp(items[at].name, beginning, strlen(beginning)) != 0)
        at++;
    assert_true(at < item_count);
    return &items[at];
}
