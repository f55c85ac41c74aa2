"""Runs integration_persist against a private PostgreSQL: every code, outcome and race of the batch transaction."""
import os
import subprocess

import pytest

from harness.paths import BUILD, STATE
from harness.postgres import Postgres
from harness.process import PATIENCE_S

PROGRAM = BUILD / "tests" / "integration" / "persist" / "integration_persist"


@pytest.fixture
def postgres():
    folder = STATE / "persist"
    server = Postgres(folder, False, {})
    server.wipe()
    folder.mkdir(parents=True, exist_ok=True)
    server.start()
    yield server
    server.stop()


def test_every_code_outcome_and_race_of_the_batch_transaction(postgres):
    user, _, place = postgres.address.rpartition("@")
    wrong = f"{user.rpartition(':')[0]}:wrong@{place}"
    environment = {**os.environ, "KERJA_TEST_POSTGRES": postgres.address, "KERJA_TEST_POSTGRES_WRONG_PASSWORD": wrong}
    done = subprocess.run([PROGRAM], env=environment, timeout=PATIENCE_S, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    assert done.returncode == 0, done.stdout
