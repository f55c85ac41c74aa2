#include "simulate_rules_page.h"

#include <inttypes.h>

static const char *const leaves_out[] = {
    "registers as they are now: each application is judged by what its own decisions saw",
    "what the engine refused for want of a seat or of money: that stands as it stood",
    ("what the draft says of wave times, parameters and awards on a family card as conditions: "
     "such values stay as they were"),
    ("that a draw's winner may be refused after it: only who was refused then is left out of "
     "the winners"),
    "what follows the award: courses, purchases, completions and payments",
};
enum { LEAVES_OUT = sizeof leaves_out / sizeof *leaves_out };

/* "1,234 applications" with what is to be said of them; nothing where there are none. */
static void count_say(int64_t count, const char *what, struct buffer *text)
{
    char shown[REPORT_NUMBER_SIZE];
    report_number(false, count, shown);
    if (count > 0)
        buffer_format(text, "%s application%s %s\n", shown, count == 1 ? "" : "s", what);
}

static void drawing_say(const struct simulation_page *page, struct buffer *text)
{
    const struct simulated_drawing *drawing = page->drawing;
    char pooled[REPORT_NUMBER_SIZE];
    report_number(false, (int64_t)drawing->pooled, pooled);
    if (drawing->again)
        buffer_format(
            text,
            "drawn again among %s with the published seed, the draft's priorities and "
            "family card limit, and %s\n",
            pooled,
            drawing->seats_of_then ? "the seats of then, because the draft gives this wave none"
                                   : "the draft's seats");
    else
        buffer_format(text,
                      "not drawn again, because %s: those surely win who keep an award, "
                      "and perhaps everybody else whom the draft lets pass\n",
                      page->wave == NULL ? "no wave was named" : "the wave was not drawn");
}

/* What nobody asked then, and what cannot be told for other causes. */
static void doubts_say(const struct simulation_figures *figures, struct buffer *text)
{
    count_say(figures->not_asked,
              "cannot be judged for certain: the draft asks what nobody asked then, which is "
              "UNKNOWN",
              text);
    count_say(
        figures->not_ranked,
        "may have a priority of the draft that hangs on such an answer: taken as not raised",
        text);
    count_say(figures->without_decision, "have no stored decision: nobody can say", text);
    count_say(figures->without_scheme, "have no scheme in the draft: nobody can say", text);
    count_say(figures->without_package,
              "have a scheme whose package the draft does not know: they cost nothing here",
              text);
}

static void leaves_out_say(struct buffer *text)
{
    buffer_format(text, "left out:\n");
    for (size_t i = 0; i < LEAVES_OUT; i++)
        buffer_format(text, "  %s\n", leaves_out[i]);
}

static void tables_write(const struct simulation_page *page, struct buffer *text)
{
    const struct simulation_figures *figures = page->figures;
    buffer_format(text, "what the file %s would have decided of %s%s%s\n",
                  figures->draft->rules_hash, page->programme,
                  page->wave == NULL ? "" : " wave ", page->wave == NULL ? "" : page->wave);
    report_write_figures(&figures->regions, APPLICATIONS, AWARDED - APPLICATIONS, text);
    buffer_format(text, "\nwho would win at least and at most, and what that costs in %.*s\n",
                  SLICE_ARGS(figures->draft->currency));
    drawing_say(page, text);
    report_write_figures(&figures->regions, AWARDED, REGION_FIGURES - AWARDED, text);
    report_write_faults(&figures->regions, text);
    if (figures->fields.parts.count > 0) {
        buffer_format(text, "\nwhat the draft asks and nobody asked then\n");
        report_write(&figures->fields, text);
    }
    if (figures->reasons.parts.count > 0) {
        buffer_format(text, "\nreasons before and after, of whom it can say\n");
        report_write(&figures->reasons, text);
    }
    if (page->lists) {
        buffer_format(text, "\nof whom something changes\n");
        table_write(&figures->list, text);
    }
    buffer_append_byte(text, '\n');
}

static void json_write(const struct simulation_page *page, struct buffer *text)
{
    const struct simulation_figures *figures = page->figures;
    buffer_format(text, "{\"simulated\": ");
    json_text_write(slice_of(page->programme), text);
    buffer_format(text, ", \"wave\": %s, \"rules_hash\": \"%s\", \"currency\": \"%.*s\",\n ",
                  page->wave == NULL ? "null" : page->wave, figures->draft->rules_hash,
                  SLICE_ARGS(figures->draft->currency));
    buffer_format(text, "\"drawn_again\": %s, \"seats_of_then\": %s, \"pooled\": %zu,\n ",
                  page->drawing->again ? "true" : "false",
                  page->drawing->seats_of_then ? "true" : "false", page->drawing->pooled);
    report_write_json(&figures->regions, text);
    buffer_format(text, ",\n \"reasons\": {");
    report_write_json(&figures->reasons, text);
    buffer_format(text,
                  "},\n \"not_asked\": {\"applications\": %" PRId64 ", \"priorities\": %" PRId64
                  ",\n ",
                  figures->not_asked, figures->not_ranked);
    report_write_json(&figures->fields, text);
    buffer_format(text, "},\n \"changes\": ");
    table_write_json(&figures->list, text);
    buffer_format(text,
                  ",\n \"without_decision\": %" PRId64 ", \"without_scheme\": %" PRId64
                  ", \"without_package\": %" PRId64 ",\n \"left_out\": [",
                  figures->without_decision, figures->without_scheme, figures->without_package);
    for (size_t i = 0; i < LEAVES_OUT; i++) {
        buffer_format(text, "%s", i == 0 ? "" : ", ");
        json_text_write(slice_of(leaves_out[i]), text);
    }
    buffer_format(text, "]}\n");
}

void simulation_page_write(const struct simulation_page *page, struct answer *answer)
{
    const struct simulation_figures *figures = page->figures;
    if (answer->form == ANSWER_JSON) {
        json_write(page, &answer->text);
        return;
    }
    if (answer->form == ANSWER_TABLE) {
        tables_write(page, &answer->text);
    } else {
        if (page->lists)
            table_write_csv(&figures->list, &answer->text);
        else
            report_write_csv(&figures->regions, &answer->text);
        report_write_faults(&figures->regions, &answer->beside);
        drawing_say(page, &answer->beside);
    }
    doubts_say(figures, answer_aside(answer));
    leaves_out_say(answer_aside(answer));
}
