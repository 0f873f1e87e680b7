import copy
import json
import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.guarded import Guarded

CANARY = "canary-7391"


def test_a_guarded_text_prints_its_length_only():
    held = Guarded(CANARY)

    assert f"{held} {held!r} {held!s} {held:>40} {[held]} {(held,)}".count("canary") == 0
    assert len(held) == 11


@given(st.text(min_size=4), st.sampled_from(["", "s", ">80", "x", "!"]))
def test_no_format_shows_what_is_held(text, spec):
    assert format(Guarded(text), spec) == f"<Guarded, {len(text)} characters>"


def test_a_log_line_shows_the_length_only(caplog):
    logging.getLogger("test").warning("received %s and %r", Guarded(CANARY), Guarded(CANARY))

    assert "canary" not in caplog.text
    assert "<Guarded, 11 characters>" in caplog.text


def test_an_error_with_a_guarded_text_shows_the_length_only():
    with pytest.raises(ValueError, match="Guarded, 11") as stop:
        raise ValueError(Guarded(CANARY))

    assert "canary" not in repr(stop.value)


@pytest.mark.parametrize("write", [pickle.dumps, json.dumps, copy.copy, copy.deepcopy, list, bytes, vars])
def test_a_guarded_text_is_not_written_out(write):
    with pytest.raises(TypeError):
        write(Guarded(CANARY))


def test_guarded_texts_compare_without_being_shown():
    assert Guarded(CANARY) == Guarded(CANARY)
    assert Guarded(CANARY) != CANARY
    assert len({Guarded(CANARY), Guarded(CANARY), Guarded("other")}) == 2


def test_the_only_way_out_is_named_unsafe():
    public = [name for name in dir(Guarded) if not name.startswith("_")]

    assert public == ["unsafe_reveal"]
    assert Guarded(CANARY).unsafe_reveal() == CANARY
