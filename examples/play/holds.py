"""holds - everything that stood still for a reason, and what ended it, from the events alone.

A hold begins with the first word that has the reason and ends with the first later word that has not. Who
ended it: a register whose next snapshot no longer lists the person; an officer; the person, who linked another
account or sent what was missing; time, which ended the wave, the award or the gateway's trouble; nobody.
"""

import collections

OFFICER, REGISTER, PERSON, TIME, OPEN = ENDS = ("officer", "register", "person", "time", "open")
TOPICS = ("award.changed", "payout.closed", "application.decided", "enrolment.decided", "completion.decided", "case.resolved")
AWARD_HELD = "AWARD_HELD"    # of what waits for a hold that is counted already
AGENT = "PROVIDER_REJECTED"  # goes with the gateway's own code
PASSING_CODES = {"AB05", "AB06", "AB07", "AB08", "AM21", "TM01"}
OFFICERS_REASONS = {"RECONCILE_MISMATCH", "DECREE_MISSING", "PROV_CONFLICT_OF_INTEREST", "AMOUNT_UNKNOWN"}


def ended(events):
    """Counter of (reason, what ended it). `events`: topic -> list of events."""
    cases = {(str(one["subject_id"]), one["reason"]): one["outcome"] for one in events["case.resolved"]}
    counter, of_awards = collections.Counter(), set()
    for award_id, changes in grouped(events["award.changed"], "award_id").items():
        for reason, end in award_holds(award_id, changes, cases):
            counter[reason, end] += 1
            of_awards.add((award_id, reason))
    for words in grouped(events["payout.closed"], "entitlement_id").values():
        words.sort(key=lambda one: one["sequence"])
        subject, award_id = str(words[0]["entitlement_id"]), str(words[0]["award_id"])
        for reason, end in payout_holds(subject, words, cases):
            if reason != AWARD_HELD and (award_id, reason) not in of_awards:
                counter[reason, end] += 1
    for topic, key, passed in (("application.decided", "application_id", ("POOLED", "AWARDED")),
                               ("enrolment.decided", "enrolment_id", ("ACCEPTED",)),
                               ("completion.decided", "enrolment_id", ("VERIFIED",))):
        for subject, words in grouped(events[topic], key).items():
            words.sort(key=lambda one: one["sequence"])
            award_id = str(words[0]["award_id"])
            for reason, end in decided_holds(subject, words, passed, cases):
                if reason != AWARD_HELD and (award_id, reason) not in of_awards:
                    counter[reason, end] += 1
    return counter


def grouped(events, key):
    groups = collections.defaultdict(list)
    for event in events:
        groups[str(event[key])].append(event)
    return groups


def award_holds(award_id, changes, cases):
    """Holds are a set of (by, reason). Writers number their own changes, so time orders them all."""
    standing = {}
    for change in sorted(changes, key=lambda one: (one["occurred_at"], one["sequence"])):
        hold = change["by"], change["reason"]
        if change["change"] == "HELD":
            standing[hold] = True
        elif change["change"] == "RELEASED" and standing.pop(hold, None):
            officer = change["by"] == "OFFICER" or (award_id, change["reason"]) in cases
            yield change["reason"], OFFICER if officer else REGISTER
        elif change["change"] in ("REVOKED", "CLOSED"):
            for _, reason in standing:
                officer = change["by"] == "OFFICER" or cases.get((award_id, reason)) == "UPHELD"
                yield reason, OFFICER if officer else TIME
            standing = {}
    for _, reason in standing:
        yield reason, OPEN


def payout_holds(subject, words, cases):
    standing = set()
    for word in words:
        now = named(word["reasons"]) if word["outcome"] != "CANCELLED" else set()
        for reason in standing - now:
            yield reason, payout_end(subject, reason, word, cases)
        standing = now
    for reason in standing:
        # A mismatch that is waived leaves a paid instalment as it is: nothing more is said of it.
        yield reason, OFFICER if (subject, reason) in cases else OPEN


def payout_end(subject, reason, word, cases):
    if word["outcome"] == "CANCELLED":
        return OFFICER if (subject, reason) in cases or "AWARD_REVOKED" in word["reasons"] else TIME
    if (subject, reason) in cases or reason in OFFICERS_REASONS:
        return OFFICER
    return TIME if reason.rpartition(" ")[2] in PASSING_CODES else PERSON


def named(reasons):
    """The gateway's code stands behind the reason that it gave."""
    codes = [code for code in reasons if len(code) == 4]
    return {f"{AGENT} {codes[0]}" if reason == AGENT and codes else reason
            for reason in reasons if reason not in codes}


def decided_holds(subject, words, passed, cases):
    standing = set()
    for word in words:
        now = set(word["reasons"]) if word["status"] == "HELD" else set()
        for reason in standing - now:
            if (subject, reason) in cases or reason in OFFICERS_REASONS:
                yield reason, OFFICER
            else:
                yield reason, PERSON if word["status"] in (*passed, "HELD") else TIME
        standing = now
    for reason in standing:
        yield reason, OPEN
