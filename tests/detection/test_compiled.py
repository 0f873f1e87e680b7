"""Where compiled rules are kept: beside the code, else in the user's own cache, else nowhere."""

import pytest

from curtilage.detection import compiled, kept
from curtilage.detection.rulebook import Rulebook


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Two folders in which rules may be kept, and a rulebook that is read at once: an empty one."""
    found = tmp_path / "beside", tmp_path / "home" / "cache"
    monkeypatch.setattr(kept, "_places", lambda: iter(found))
    monkeypatch.setattr(compiled.rulebook, "load", Rulebook)
    return found


def kept_in(place):
    return sorted(path.name for path in place.glob("*"))


def test_what_was_compiled_is_kept_and_read_again(places, monkeypatch):
    made = compiled.shipped()
    monkeypatch.setattr(compiled, "compile_rules", lambda _book: pytest.fail("compiled again"))

    assert compiled.shipped() == made
    assert (len(kept_in(places[0])), places[1].exists()) == (1, False)


def test_where_the_code_may_not_be_written_the_user_keeps_a_copy(places):
    beside, own = places
    beside.write_text("no folder")
    compiled.shipped()

    assert len(kept_in(own)) == 1


def test_where_nothing_may_be_written_the_rules_are_compiled(places):
    for place in places:
        place.parent.mkdir(exist_ok=True)
        place.write_text("no folder")

    assert compiled.shipped().phrases == []


def test_a_damaged_copy_is_made_anew(places):
    compiled.shipped()
    (copy,) = places[0].glob("*")
    copy.write_bytes(copy.read_bytes()[:20])
    compiled.shipped()

    assert len(copy.read_bytes()) > 100
    assert kept_in(places[0]) == [copy.name]


def test_what_other_rules_left_is_removed(places):
    places[0].mkdir()
    (places[0] / "rules-old.json").write_text("{}")
    compiled.shipped()

    assert "rules-old.json" not in kept_in(places[0])
