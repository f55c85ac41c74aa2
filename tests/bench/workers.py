"""Two workers of application against one, over backlogs of the same size.

One, two, two, one: the mean of each is compared, so that tables that grow, or a machine that slows down, harm both alike.
Both are on one machine with Kafka and PostgreSQL, so cores are what they share: with two cores little is left to win.
"""
from stage import apart, say
from standing import SESSION, events_per_s, stop, warm_up


def workers_figures(folder, events: int) -> dict:
    rates: dict[int, list[float]] = {1: [], 2: []}
    with apart(folder, "workers") as stage:
        pair = [stage.another(number, **SESSION) for number in (1, 2)]
        warm_up(stage, events)
        for count in (1, 2, 2, 1):
            rates[count].append(events_per_s(stage, pair[:count], events))
            say(f"{count} of them: {rates[count][-1]:.0f} events/s")
            stop(pair)
    one, two = (sum(rates[count]) / len(rates[count]) for count in (1, 2))
    return {"one_worker_events_per_s": one, "two_workers_events_per_s": two, "two_workers_to_one_ratio": two / one}
