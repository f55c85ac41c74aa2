#include "report_page.h"

static void head_write(const struct report_page *page, struct buffer *text)
{
    static const char *const names[REPORT_PARAMETERS] = {"", "programme", "scheme", "wave"};
    const struct report_query *query = page->query;
    buffer_format(text, "%s by %s: %s", query->kind->name, query->grouping->by,
                  query->kind->told);
    for (size_t i = 1; i < REPORT_PARAMETERS; i++)
        if (query->parameters[i] != NULL)
            buffer_format(text, ", %s %s", names[i], query->parameters[i]);
    buffer_append_byte(text, '\n');
}

static void missing_write(unsigned missing, struct buffer *text)
{
    static const char *const services[] = {"application", "completion", "incentive"};
    for (size_t i = 0; i < sizeof services / sizeof *services; i++)
        if ((missing & 1u << i) != 0)
            buffer_format(text, "%s has no views here: what it would tell is missing\n",
                          services[i]);
}

static void member_write(const char *name, const char *value, struct buffer *text)
{
    buffer_format(text, "\"%s\": ", name);
    if (value == NULL)
        buffer_format(text, "null");
    else
        json_text_write(slice_of(value), text);
    buffer_format(text, ", ");
}

static void findings_json(struct slice findings, struct buffer *text)
{
    const char *separator = "";
    while (findings.size > 0) {
        const char *end = memchr(findings.data, '\n', findings.size);
        size_t size = end == NULL ? findings.size : (size_t)(end - findings.data);
        buffer_format(text, "%s", separator);
        json_text_write((struct slice){findings.data, size}, text);
        size += end != NULL;
        findings = (struct slice){findings.data + size, findings.size - size};
        separator = ", ";
    }
}

static void json_write(const struct report_page *page, struct buffer *text)
{
    static const char *const names[REPORT_PARAMETERS] = {"by", "programme", "scheme", "wave"};
    struct buffer missing = {0};
    buffer_append_byte(text, '{');
    member_write("report", page->query->kind->name, text);
    for (size_t i = 0; i < REPORT_PARAMETERS; i++)
        member_write(names[i], page->query->parameters[i], text);
    buffer_format(text, "\n ");
    report_write_json(page->report, text);
    buffer_format(text, ",\n \"findings\": [");
    findings_json(page->findings, text);
    buffer_format(text, "],\n \"missing\": [");
    missing_write(page->missing, &missing);
    findings_json(buffer_slice(&missing), text);
    buffer_format(text, "]}\n");
    buffer_release(&missing);
}

void report_page_write(const struct report_page *page, struct answer *answer)
{
    if (answer->form == ANSWER_JSON) {
        json_write(page, &answer->text);
        return;
    }
    if (answer->form == ANSWER_CSV) {
        report_write_csv(page->report, &answer->text);
        report_write_faults(page->report, &answer->beside);
    } else {
        head_write(page, &answer->text);
        report_write(page->report, &answer->text);
    }
    if (page->report->parts.count == 0)
        buffer_format(answer_aside(answer),
                      "nothing is known of it; a programme, scheme or wave that nobody has "
                      "looks the same\n");
    buffer_append(answer_aside(answer), page->findings.data, page->findings.size);
    missing_write(page->missing, answer_aside(answer));
}
