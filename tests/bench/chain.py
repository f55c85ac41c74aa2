"""People a second through all three services: a line that says why there is none."""
from harness.paths import SERVICES, worker_program


def chain_figures() -> dict:
    missing = [f"kerja-{service}" for service in SERVICES if not worker_program(service).exists()]
    if missing:
        return {"chain_people_per_s": f"unavailable reason=\"{', '.join(missing)} not built\""}
    return {"chain_people_per_s": "unavailable reason=\"only application is driven here; ./run demo drives all three\""}
