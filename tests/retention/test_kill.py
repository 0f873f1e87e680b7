"""Killed at any moment, nothing is lost, nothing goes twice, and the record is true."""

import pytest

from tests.connectors.disposal.conftest import world  # noqa: F401 - a fixture
from tests.processes import linux
from tests.retention.killed import carry_out_under_fire
from tests.soak import TIMES

pytestmark = [linux, pytest.mark.soak]


def test_whatever_moment_a_process_is_killed_at_the_plan_is_done_once(world, tmp_path):  # noqa: F811
    assert carry_out_under_fire(world, tmp_path, kills=TIMES, seed=TIMES) >= TIMES
