"""Killed at any moment, a purge of files loses nothing, does nothing twice and leaves nothing beside."""

import pytest

from tests.processes import linux
from tests.retention.killed_files import carry_out_under_fire
from tests.soak import TIMES

pytestmark = [linux, pytest.mark.soak]


def test_files_are_purged_once_whatever_moment_a_process_is_killed_at(tmp_path):
    assert carry_out_under_fire(tmp_path, kills=TIMES, seed=TIMES) >= TIMES
