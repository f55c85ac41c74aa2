#include "handlers.h"

#include "decide_account.h"
#include "decide_again.h"
#include "decide_approved.h"
#include "decide_award.h"
#include "decide_enrolment.h"
#include "decide_erased.h"
#include "decide_published.h"
#include "decide_settled.h"
#include "schemas/events.h"

const struct handler incentive_handlers[] = {
    {&application_decided_event, sizeof(struct decided_subject), decided_identify, decided_keys,
     decided_decide},
    {&award_changed_event, sizeof(struct subject), changed_identify, award_keys,
     changed_decide},
    {&programme_published_event, sizeof(struct subject), published_identify, published_keys,
     published_decide},
    {&enrolment_decided_event, sizeof(struct subject), enrolment_identify, enrolment_keys,
     enrolment_decide},
    {&incentive_approved_event, sizeof(struct approved_subject), approved_identify,
     approved_keys, approved_decide},
    {&incentive_stopped_event, sizeof(struct subject), stopped_identify, stopped_keys,
     stopped_decide},
    {&account_linked_event, sizeof(struct linked_subject), linked_identify, linked_keys,
     linked_decide},
    {&payout_settled_event, sizeof(struct settled_subject), settled_identify, settled_keys,
     settled_decide},
    {&case_resolved_event, sizeof(struct sealed_subject), case_identify, case_keys,
     case_decide},
    {&timer_incentive_event, sizeof(struct sealed_subject), timer_identify, timer_keys,
     timer_decide},
    {&person_erased_event, sizeof(struct erased_subject), erased_identify, erased_keys,
     erased_decide},
};
const size_t incentive_handler_count = sizeof incentive_handlers / sizeof incentive_handlers[0];
