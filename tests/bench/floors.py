"""What is judged: ratios of two figures of the same run, each with its floor and the reason for asking."""

# name: (side, floor, what it says)
FLOORS = {
    "pipeline_to_postgres_ratio": ("at least", 0.7, "all that a worker does, against PostgreSQL alone with the same rows"),
    "worker_cpu_to_bare_decode_ratio": ("at most", 3, "the worker's CPU an event, against decoding that event with Avro C alone"),
    "cost_ratio_1m_100k": ("at most", 1.15, "CPU an event with a million people in the tables, against a hundred thousand"),
    "draw_to_postgres_ratio": ("at most", 3, "ranking, counting seats and storing, against PostgreSQL ranking and storing alone"),
    "soak_rss_ratio": ("at most", 1.1, "the worker's memory in the last quarter of the soak, against the first"),
    "backlog_times_real_time_ratio": ("at least", 2, "an hour of applications, against the time to work them off"),
    "two_workers_to_one_ratio": ("at least", 0.95, "two workers of a service against one, on the same cores: no less, within noise"),
    "batch_default_to_best_ratio": ("at least", 0.85, "the default batch size, against the best of those tried"),
    "exactly_once_to_at_least_once_ratio": ("at least", 0.7, "exactly once, against the same work without Kafka transactions"),
}


def reached(name: str, value: float) -> bool:
    side, floor, _ = FLOORS[name]
    return value >= floor if side == "at least" else value <= floor


def judged(name: str, value: float) -> str:
    """`name=value`, and behind it the floor where there is one."""
    shown = f"{value:.0f}" if value >= 1000 else f"{value:.2f}"
    if name not in FLOORS:
        return f"{name}={shown}"
    return f"{name}={shown} floor={FLOORS[name][1]} {'ok' if reached(name, value) else 'short'}"
