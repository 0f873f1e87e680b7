import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.detection.nouns import Match, Verdict
from curtilage.foundation.errors import CurtilageError
from curtilage.foundation.place import PassedOver, Place
from curtilage.inventory.nouns import Reveals
from curtilage.survey.compare import compare_observations
from curtilage.survey.nouns import Age, Cells, Extent, Observation, Observed, Tally
from curtilage.survey.store import (
    FOLDER,
    ObservationNotReadableError,
    list_observations,
    load_newest,
    load_observation,
    save_observation,
)

NOON = datetime(2017, 2, 22, 12, tzinfo=UTC)


def seen(name="citizenship", level=Reveals.DIRECT, *, system="", source="forms/a.html", line=1, **place):
    verdict = Verdict((Match("citizenship", level, 0.875, ("name:x",)),), level, ("statement",))
    return Observed(Place(source, f"line:{line}", "question", name, **place), verdict, system)


def taken(*observed, at=NOON, **more):
    tally = Tally(1, 2, len(observed), (("hidden", 3),), rows=1000, cells=900, parts=4, carried=3)
    return Observation(at, observed, **{"passed_over": (), "tally": tally} | more)


FULL = taken(
    seen(
        text="¿Ciudadanía?",
        options=("sí", "no"),
        lang="es",
        translations=(("en", "Citizen?"),),
        context="Intake",
        type="radio",
        facts=("required",),
        system="housing_db",
    ),
    Observed(
        Place("forms/a.html", "", "column", ""),
        Verdict(),
        cells=Cells(900, (("ssn", 7),), (("itin", 1), ("ssn", 6)), sampled=True, version="3f"),
    ),
    extents=(
        Extent(
            "housing.db", "cases", 1000, 4096, "housing_db", ages=(Age("closed", date(2001, 2, 3), None),)
        ),
    ),
    not_looked_into=(PassedOver("old.db", "no-rights", "people: it may not be read."),),
    passed_over=(PassedOver("forms/b.pdf", "unreadable", "It does not parse.", 7),),
    systems=("housing_db",),
    silent=(("archive_db", "It did not answer."),),
)


def test_what_is_stored_is_what_is_loaded(tmp_path):
    save_observation(tmp_path, FULL)

    assert load_newest(tmp_path) == FULL


@settings(max_examples=50)
@given(st.lists(st.tuples(st.text(), st.text(), st.sampled_from(list(Reveals))), max_size=5))
def test_any_words_come_back(tmp_path_factory, asked):
    folder = tmp_path_factory.mktemp("city")
    observation = taken(*(seen(name, level, text=text) for name, text, level in asked))
    save_observation(folder, observation)

    assert load_newest(folder) == observation


def test_a_city_that_was_never_surveyed_has_none(tmp_path):
    assert load_newest(tmp_path) is None


def test_the_same_observation_gives_the_same_bytes(tmp_path):
    first = save_observation(tmp_path / "a", FULL).read_bytes()

    assert save_observation(tmp_path / "b", FULL).read_bytes() == first


def test_only_the_newest_are_kept(tmp_path):
    for hour in range(5):
        save_observation(tmp_path, taken(at=NOON + timedelta(hours=hour)), keep=2)

    assert [path.name[9:11] for path in list_observations(tmp_path)] == ["15", "16"]


def test_nobody_else_may_list_what_was_seen(tmp_path):
    save_observation(tmp_path, FULL)

    assert (tmp_path / FOLDER).stat().st_mode & 0o077 == 0


def test_files_that_are_none_are_left_alone(tmp_path):
    save_observation(tmp_path, FULL, keep=1)
    (tmp_path / FOLDER / "notes.jsonl").write_text("mine")
    save_observation(tmp_path, replace(FULL, taken=NOON + timedelta(hours=1)), keep=1)

    assert (tmp_path / FOLDER / "notes.jsonl").read_text() == "mine"


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda text: text.replace('"schema":2', '"schema":1'), "version 1 of the format"),
        (lambda text: text.rsplit("\n", 2)[0] + "\n", "lines are missing"),
        (lambda text: text[:-10], "damaged"),
        (lambda text: "", "damaged"),
        (lambda text: "[1]\n", "damaged"),
        (lambda text: text.replace('"reveals":"direct"', '"reveals":"canary-7391"'), "damaged"),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused(tmp_path, spoil, why):
    path = save_observation(tmp_path, FULL)
    path.write_text(spoil(path.read_text("utf-8")), "utf-8")

    with pytest.raises(ObservationNotReadableError, match=why) as told:
        load_observation(path)
    assert "canary" not in str(told.value)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / ".curtilage").write_text("a file in the way")

    with pytest.raises(CurtilageError, match="could not be written"):
        save_observation(tmp_path, FULL)


INTERRUPTED = """
import os, sys
from pathlib import Path
from datetime import timedelta
from dataclasses import replace
from tests.survey.test_store import FULL
from curtilage.survey.store import save_observation
sys.addaudithook(lambda event, args: os.kill(os.getpid(), 9) if event == {event!r} and ".jsonl" in str(args[0]) else None)
save_observation(Path({folder!r}), replace(FULL, taken=FULL.taken + timedelta(days=1)), keep=1)
"""


@pytest.mark.parametrize("event", ["tempfile.mkstemp", "open", "os.chmod", "os.rename"])
def test_a_crash_at_any_moment_leaves_the_old_one_as_it_was(tmp_path, event):
    save_observation(tmp_path, FULL)
    script = INTERRUPTED.format(event=event, folder=str(tmp_path))
    paths = os.pathsep.join(path for path in sys.path if path)
    ran = subprocess.run([sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": paths})

    assert ran.returncode == -signal.SIGKILL
    assert load_newest(tmp_path) == FULL


def test_nothing_changed_when_a_question_only_moved():
    assert not compare_observations(taken(seen(line=1)), taken(seen(line=9)))


def test_new_gone_and_changed_places_are_told_apart():
    before = taken(seen("a"), seen("b"), seen("c", Reveals.WEAK))
    change = compare_observations(before, taken(seen("c"), seen("a"), seen("d")))

    assert [each.place.name for each in change.appeared] == ["d"]
    assert [each.place.name for each in change.vanished] == ["b"]
    assert [str(old.verdict.reveals) + " " + str(new.verdict.reveals) for old, new in change.changed] == [
        "weak direct"
    ]


def test_a_second_question_of_the_same_words_is_new():
    assert len(compare_observations(taken(seen()), taken(seen(), seen(line=2))).appeared) == 1


def test_what_lies_in_a_silent_system_has_not_vanished():
    before = taken(seen(system="housing_db"))

    assert not compare_observations(before, taken(silent=(("housing_db", "It did not answer."),)))


@pytest.mark.parametrize(
    ("source", "unread"),
    [
        ("forms/a.html", "forms/a.html"),
        ("forms/old/a.html", "forms"),
        ("forms/all.zip!old/a.html", "forms/all.zip"),
    ],
)
def test_what_lies_in_what_could_not_be_read_has_not_vanished(source, unread):
    after = taken(passed_over=(PassedOver(unread, "unreadable"),))

    assert not compare_observations(taken(seen(source=source)), after)


def test_what_lies_beside_what_could_not_be_read_has_vanished():
    after = taken(passed_over=(PassedOver("forms/a", "unreadable"),))

    assert compare_observations(taken(seen()), after).vanished == (seen(),)
