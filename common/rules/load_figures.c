#include "rules/load.h"
#include "rules/message.h"

#include <inttypes.h>

/* Waves, seats, budgets, parameters, messages and partners. */

struct wave_row {
    struct wave wave;
    node *seats, *regions;
};

/* A local day, or an instant with its offset. */
static bool read_moment(struct document *document, node *value, int days_later,
                        instant_us *moment)
{
    struct slice text;
    epoch_day day;
    if (!node_text(document, value, &text))
        return false;
    if (day_parse(text, &day)) {
        *moment = day_to_instant(day + days_later,
                                 loading_of(document)->programme->utc_offset_minutes);
        return true;
    }
    if (instant_parse(text, moment))
        return true;
    document_fault(document, value,
                   "found \"%.*s\", expected a day or a time such as 2020-08-23T12:00:00+07:00",
                   SLICE_ARGS(text));
    return false;
}

static void read_opens(struct document *document, node *value, void *record)
{
    struct wave_row *row = record;
    row->wave.has_opens = read_moment(document, value, 0, &row->wave.opens);
}

/* A closing day is open to its end. */
static void read_closes(struct document *document, node *value, void *record)
{
    struct wave_row *row = record;
    row->wave.has_closes = read_moment(document, value, 1, &row->wave.closes);
}

static const struct key wave_keys[] = {
    {.name = "number",
     .kind = KEY_INT,
     .required = true,
     .offset = offsetof(struct wave_row, wave.number)},
    {.name = "opens", .kind = KEY_READ, .read = read_opens},
    {.name = "closes", .kind = KEY_READ, .read = read_closes},
    {.name = "notice_day",
     .kind = KEY_DAY,
     .offset = offsetof(struct wave_row, wave.notice_day),
     .has = offsetof(struct wave_row, wave.has_notice_day)},
    {.name = "seats", .kind = KEY_NODE, .offset = offsetof(struct wave_row, seats)},
    {.name = "regions", .kind = KEY_NODE, .offset = offsetof(struct wave_row, regions)},
    {.name = "note", .kind = KEY_NOTE},
};

/* One limit a region: an award would take a seat of each. */
static void add_seats(struct loading *loading, node *value, const struct scheme *scheme,
                      int wave, struct slice region)
{
    struct programme *programme = loading->programme;
    for (size_t i = 0; i < programme->seat_limit_count; i++)
        if (programme->seat_limits[i].scheme == scheme &&
            programme->seat_limits[i].wave == wave &&
            slice_equal(programme->seat_limits[i].region, region))
            document_fault(&loading->document, value, "found the seats of %.*s a second time",
                           SLICE_ARGS(region));
    struct seat_limit *limit =
        list_add(&loading->document, (void **)(void *)&programme->seat_limits,
                 &programme->seat_limit_count, sizeof *limit);
    if (limit == NULL)
        return;
    *limit = (struct seat_limit){.scheme = scheme, .wave = wave, .region = region};
    if (node_number(&loading->document, value, &limit->seats) && limit->seats < 0)
        document_fault(&loading->document, value, "found seats below zero");
}

static void add_regions(struct loading *loading, node *regions, const struct scheme *scheme,
                        int wave)
{
    struct document *document = &loading->document;
    if (regions->type != YAML_MAPPING_NODE) {
        document_fault(document, regions, "expected region codes and their seats");
        return;
    }
    for (yaml_node_pair_t *pair = regions->data.mapping.pairs.start;
         pair < regions->data.mapping.pairs.top; pair++) {
        struct slice region = {0};
        node_text(document, yaml_document_get_node(&document->yaml, pair->key), &region);
        add_seats(loading, yaml_document_get_node(&document->yaml, pair->value), scheme, wave,
                  region);
    }
}

static void read_wave(struct loading *loading, node *at, struct wave *wave)
{
    struct document *document = &loading->document;
    struct wave_row row = {0};
    node_record(document, at, KEYS_OF(wave_keys), &row);
    const struct scheme *scheme = scheme_for_wave(loading->programme, row.wave.number);
    if (scheme == NULL)
        document_fault(document, at, "wave %d belongs to no scheme", row.wave.number);
    if (row.wave.has_opens && row.wave.has_closes && row.wave.opens >= row.wave.closes)
        document_fault(document, at, "wave %d closes before it opens", row.wave.number);
    if (wave_find(loading->programme, row.wave.number) != NULL)
        document_fault(document, at, "found wave %d a second time", row.wave.number);
    if (row.seats != NULL && scheme != NULL) {
        row.wave.has_seats = node_number(document, row.seats, &row.wave.seats);
        add_seats(loading, row.seats, scheme, row.wave.number, SLICE("ALL"));
    }
    if (row.regions != NULL && scheme != NULL)
        add_regions(loading, row.regions, scheme, row.wave.number);
    *wave = row.wave;
}

void load_waves(struct loading *loading, node *at)
{
    size_t count = node_count(&loading->document, at);
    struct wave *waves = document_alloc(&loading->document, count, sizeof *waves);
    loading->programme->waves = waves;
    for (size_t i = 0; i < count && waves != NULL; i++) {
        read_wave(loading, node_item(&loading->document, at, i), &waves[i]);
        loading->programme->wave_count = i + 1;
    }
}

struct seats_row {
    struct slice scheme;
    node *scheme_at, *regions, *seats;
};

/* Seats of schemes that have no waves. */
void load_seats(struct loading *loading, node *at)
{
    static const struct key keys[] = {
        {.name = "scheme",
         .kind = KEY_NODE,
         .required = true,
         .offset = offsetof(struct seats_row, scheme_at)},
        {.name = "seats", .kind = KEY_NODE, .offset = offsetof(struct seats_row, seats)},
        {.name = "regions", .kind = KEY_NODE, .offset = offsetof(struct seats_row, regions)},
        {.name = "note", .kind = KEY_NOTE},
    };
    struct document *document = &loading->document;
    size_t count = node_count(document, at);
    for (size_t i = 0; i < count; i++) {
        struct seats_row row = {0};
        node *item = node_item(document, at, i);
        node_record(document, item, KEYS_OF(keys), &row);
        if (row.scheme_at == NULL || !node_text(document, row.scheme_at, &row.scheme))
            continue;
        const struct scheme *scheme = scheme_find(loading->programme, row.scheme);
        if (scheme == NULL)
            document_fault(document, row.scheme_at, "unknown scheme \"%.*s\"",
                           SLICE_ARGS(row.scheme));
        if (scheme != NULL && row.seats != NULL)
            add_seats(loading, row.seats, scheme, 0, SLICE("ALL"));
        if (scheme != NULL && row.regions != NULL)
            add_regions(loading, row.regions, scheme, 0);
    }
}

static void read_money(struct document *document, node *value, void *record)
{
    node_amount(document, value, &((struct money_limit *)record)->amount_hundredths);
}

/* A slip of the pen in a component would be a budget that limits nothing. */
static bool component_known(const struct programme *programme, struct slice component)
{
    for (size_t i = 0; i < programme->scheme_count; i++)
        for (size_t j = 0; j < programme->schemes[i].benefit_count; j++)
            if (slice_equal(programme->schemes[i].benefits[j].component, component))
                return true;
    return slice_is(component, "ALL");
}

void load_budgets(struct loading *loading, node *at)
{
    static const struct key keys[] = {
        {.name = "year",
         .kind = KEY_INT,
         .required = true,
         .offset = offsetof(struct money_limit, year)},
        {.name = "component",
         .kind = KEY_TEXT,
         .required = true,
         .offset = offsetof(struct money_limit, component)},
        {.name = "amount", .kind = KEY_READ, .required = true, .read = read_money},
        {.name = "note", .kind = KEY_NOTE},
    };
    struct document *document = &loading->document;
    size_t count = node_count(document, at);
    struct money_limit *limits = document_alloc(document, count, sizeof *limits);
    for (size_t i = 0; i < count && limits != NULL; i++) {
        node *item = node_item(document, at, i);
        node_record(document, item, KEYS_OF(keys), &limits[i]);
        if (limits[i].component.size > 0 &&
            !component_known(loading->programme, limits[i].component))
            document_fault(document, node_member(document, item, "component"),
                           "found \"%.*s\", expected a component of a benefit, or ALL",
                           SLICE_ARGS(limits[i].component));
        for (size_t j = 0; j < i; j++)
            if (limits[j].year == limits[i].year &&
                slice_equal(limits[j].component, limits[i].component))
                document_fault(document, item, "found the budget of %d %.*s a second time",
                               limits[i].year, SLICE_ARGS(limits[i].component));
    }
    loading->programme->money_limits = limits;
    loading->programme->money_limit_count = limits == NULL ? 0 : count;
}

static void read_parameter_value(struct document *document, node *value, void *record)
{
    struct parameter *parameter = record;
    struct slice text;
    parameter->known = !node_is(value, "unknown");
    if (!parameter->known)
        return;
    /* Money says its currency; anything else is a number. */
    if (value->type == YAML_SCALAR_NODE &&
        memchr(value->data.scalar.value, '.', value->data.scalar.length) != NULL)
        node_amount(document, value, &parameter->number);
    else if (node_text(document, value, &text))
        node_number(document, value, &parameter->number);
}

static bool parameters_meet(const struct parameter *a, const struct parameter *b)
{
    return slice_equal(a->name, b->name) && !(a->has_to && b->has_from && a->to < b->from) &&
           !(b->has_to && a->has_from && b->to < a->from);
}

void load_parameters(struct loading *loading, node *at)
{
    static const struct key keys[] = {
        {.name = "name",
         .kind = KEY_TEXT,
         .required = true,
         .offset = offsetof(struct parameter, name)},
        {.name = "from",
         .kind = KEY_DAY,
         .offset = offsetof(struct parameter, from),
         .has = offsetof(struct parameter, has_from)},
        {.name = "to",
         .kind = KEY_DAY,
         .offset = offsetof(struct parameter, to),
         .has = offsetof(struct parameter, has_to)},
        {.name = "value", .kind = KEY_READ, .required = true, .read = read_parameter_value},
        {.name = "note", .kind = KEY_NOTE},
    };
    struct document *document = &loading->document;
    size_t count = node_count(document, at);
    struct parameter *parameters = document_alloc(document, count, sizeof *parameters);
    for (size_t i = 0; i < count && parameters != NULL; i++) {
        node *item = node_item(document, at, i);
        node_record(document, item, KEYS_OF(keys), &parameters[i]);
        for (size_t j = 0; j < i; j++)
            if (parameters_meet(&parameters[j], &parameters[i]))
                document_fault(document, item,
                               "dates of parameter \"%.*s\" overlap, expected each day once",
                               SLICE_ARGS(parameters[i].name));
    }
    loading->programme->parameters = parameters;
    loading->programme->parameter_count = parameters == NULL ? 0 : count;
}

static void check_templates(struct document *document, node *at, const struct texts *texts)
{
    for (size_t i = 0; i < document->language_count; i++) {
        const char *fault = message_template_fault(texts->in[i]);
        if (fault != NULL)
            document_fault(document, at, "found %s in the text of language \"%.*s\"", fault,
                           SLICE_ARGS(document->languages[i]));
    }
}

void load_messages(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    struct key keys[MESSAGE_KIND_COUNT];
    for (size_t i = 0; i < MESSAGE_KIND_COUNT; i++)
        keys[i] = (struct key){.name = message_kind_name((enum message_kind)i),
                               .kind = KEY_TEXTS,
                               .offset = offsetof(struct programme, messages) +
                                         i * sizeof(struct texts)};
    node_record(document, at, keys, MESSAGE_KIND_COUNT, loading->programme);
    for (size_t i = 0; i < MESSAGE_KIND_COUNT; i++) {
        node *texts = node_member(document, at, keys[i].name);
        if (texts != NULL)
            check_templates(document, texts, &loading->programme->messages[i]);
    }
}

static void read_queries(struct document *document, node *value, void *record)
{
    struct payment_partner *partner = record;
    size_t count = node_count(document, value);
    int *minutes = document_alloc(document, count, sizeof *minutes);
    for (size_t i = 0; i < count && minutes != NULL; i++) {
        node *item = node_item(document, value, i);
        int64_t number = 0;
        if (node_number(document, item, &number) && (number < 1 || number > 100000))
            document_fault(document, item, "expected 1 to 100000 minutes");
        minutes[i] = (int)number;
    }
    partner->query_after_minutes = minutes;
    partner->query_count = minutes == NULL ? 0 : count;
}

static void read_rate(struct document *document, node *value, void *record)
{
    int64_t number = 0;
    if (node_number(document, value, &number) && (number < 1 || number > 1000000))
        document_fault(document, value,
                       "found %" PRId64
                       ", expected 1 to 1000000 payouts a minute, or no key: no limit",
                       number);
    else
        ((struct payment_partner *)record)->payouts_per_minute = (int)number;
}

static const struct key partner_keys[] = {
    {.name = "name",
     .kind = KEY_TEXT,
     .required = true,
     .offset = offsetof(struct payment_partner, name)},
    {.name = "answer_within_minutes",
     .kind = KEY_INT,
     .required = true,
     .offset = offsetof(struct payment_partner, answer_within_minutes)},
    {.name = "query_after_minutes", .kind = KEY_READ, .required = true, .read = read_queries},
    {.name = "payouts_per_minute", .kind = KEY_READ, .read = read_rate},
    {.name = "retry_codes",
     .kind = KEY_LIST,
     .offset = offsetof(struct payment_partner, retry_codes),
     .has = offsetof(struct payment_partner, retry_code_count)},
    {.name = "hold_codes",
     .kind = KEY_LIST,
     .offset = offsetof(struct payment_partner, hold_codes),
     .has = offsetof(struct payment_partner, hold_code_count)},
    {.name = "retry_after_hours",
     .kind = KEY_INT,
     .offset = offsetof(struct payment_partner, retry_after_hours)},
    {.name = "note", .kind = KEY_NOTE},
};

static bool listed(struct slice code, const struct slice *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (slice_equal(codes[i], code))
            return true;
    return false;
}

static void check_partner(struct document *document, node *at,
                          const struct payment_partner *partner)
{
    if (partner->answer_within_minutes < 1)
        document_fault(document, at, "expected answer_within_minutes above zero");
    if (partner->query_count == 0)
        document_fault(document, at, "expected at least one time in query_after_minutes");
    if (partner->retry_code_count > 0 && partner->retry_after_hours < 1)
        document_fault(document, at, "retry_codes need retry_after_hours");
    for (size_t i = 0; i < partner->retry_code_count; i++)
        if (listed(partner->retry_codes[i], partner->hold_codes, partner->hold_code_count))
            document_fault(document, at,
                           "found \"%.*s\" in retry_codes and hold_codes, expected one of them",
                           SLICE_ARGS(partner->retry_codes[i]));
}

void load_partners(struct loading *loading, node *at)
{
    struct document *document = &loading->document;
    size_t count = node_count(document, at);
    struct payment_partner *partners = document_alloc(document, count, sizeof *partners);
    for (size_t i = 0; i < count && partners != NULL; i++) {
        node *item = node_item(document, at, i);
        node_record(document, item, KEYS_OF(partner_keys), &partners[i]);
        check_partner(document, item, &partners[i]);
        for (size_t j = 0; j < i; j++)
            if (slice_equal(partners[j].name, partners[i].name))
                document_fault(document, item, "found partner \"%.*s\" a second time",
                               SLICE_ARGS(partners[i].name));
    }
    loading->programme->partners = partners;
    loading->programme->partner_count = partners == NULL ? 0 : count;
}
