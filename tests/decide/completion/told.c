/* What a decision told, as one line of text, and whether it told too much. */
#include "desk.h"

#include "decode/encode.h"

#include <inttypes.h>

__attribute__((format(printf, 2, 3))) static void tell(struct desk *desk, const char *format,
                                                       ...)
{
    size_t size = strlen(desk->told);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(desk->told + size, TOLD_SIZE - size, format, arguments);
    va_end(arguments);
}

static void tell_codes(struct desk *desk, const struct slice *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tell(desk, "%s%.*s", i == 0 ? " " : ",", SLICE_ARGS(codes[i]));
}

static void tell_enrolment(struct desk *desk, const struct enrolment_decided *decided)
{
    tell(desk, "enrolment %s",
         symbols_name(&enrolment_decided_status_symbols, decided->status));
    tell_codes(desk, decided->reasons.items, decided->reasons.count);
    tell(desk, " left=%" PRId64, decided->training_balance / 100);
}

static void tell_completion(struct desk *desk, const struct completion_decided *decided)
{
    tell(desk, "completion %s",
         symbols_name(&completion_decided_status_symbols, decided->status));
    tell_codes(desk, decided->reasons.items, decided->reasons.count);
    if (decided->first_completion)
        tell(desk, " first");
}

static void tell_approval(struct desk *desk, const struct incentive_approved *approved)
{
    bool person = approved->payee.kind == INCENTIVE_APPROVED_PAYEE_KIND_PARTICIPANT;
    tell(desk, "approved %.*s %s", SLICE_ARGS(approved->item),
         symbols_name(&incentive_approved_payee_kind_symbols, approved->payee.kind));
    if (!person)
        tell(desk, " %.*s", SLICE_ARGS(approved->payee.ref));
    for (size_t i = 0; i < approved->instalments.count; i++) {
        const struct incentive_approved_instalment *one = &approved->instalments.items[i];
        char day[DAY_TEXT_SIZE + 1];
        day_format(one->due_on, day);
        tell(desk, " %d:%" PRId64 "@%s", one->number, one->amount / 100, day);
    }
}

static void tell_output(struct desk *desk, const struct output *output)
{
    if (output->type == &enrolment_decided_event) {
        tell_enrolment(desk, output->event);
    } else if (output->type == &completion_decided_event) {
        tell_completion(desk, output->event);
    } else if (output->type == &incentive_approved_event) {
        tell_approval(desk, output->event);
    } else if (output->type == &incentive_stopped_event) {
        const struct incentive_stopped *stopped = output->event;
        tell(desk, "stopped %.*s from=%d %s %.*s", SLICE_ARGS(stopped->item),
             stopped->from_instalment,
             symbols_name(&incentive_stopped_effect_symbols, stopped->effect),
             SLICE_ARGS(stopped->reason));
    } else if (output->type == &award_changed_event) {
        const struct award_changed *changed = output->event;
        tell(desk, "award %s %.*s",
             symbols_name(&award_changed_change_symbols, changed->change),
             SLICE_ARGS(changed->reason));
    } else {
        const struct notification_requested *message = output->event;
        assert_ptr_equal(output->type, &notification_requested_event);
        tell(desk, "message %.*s", SLICE_ARGS(message->kind));
    }
}

void desk_tell(struct desk *desk)
{
    desk->told[0] = '\0';
    switch (desk->room.decision.kind) {
    case REPEATED:
        tell(desk, "repeat");
        return;
    case WAITING:
        tell(desk, "wait %s", desk->room.decision.awaited->table);
        return;
    case DEAD_LETTERED:
        tell(desk, "refused %s", desk->room.decision.reason);
        assert_true(desk->room.decision.sentence[0] != '\0');
        return;
    case DECIDED:
        break;
    }
    for (const struct output *output = desk->room.outputs.first; output != NULL;
         output = output->next) {
        tell(desk, "%s", output == desk->room.outputs.first ? "" : "; ");
        tell_output(desk, output);
    }
}
