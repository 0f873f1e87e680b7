"""A hostile file ends in one clear line, in bounded time and memory: nothing here may take long."""

import pytest

from curtilage.inventory._reading import MOST_PROBLEMS
from curtilage.inventory._yaml import LARGEST_BYTES, RefusedYamlError, read_node
from tests.inventory.smalltown import documents
from tests.inventory.test_problems import problems_of

HOSTILE = {
    "brackets": (b"[" * 3_000_000, "inventory.too-deep"),
    "braces": (b"{a: " * 500_000, "inventory.too-deep"),
    "dashes": (b"- " * 1_000_000, "inventory.too-deep"),
    "complex keys": (b"? " * 1_000_000, "inventory.yaml"),
    "an alias bomb": (
        b"a: &a [x,x]\n" + b"".join(b"b%d: &b%d [*a,*a]\n" % (n, n) for n in range(50)),
        "inventory.yaml-alias",
    ),
    "an alias of itself": (b"vendors: &a [*a]\n", "inventory.yaml-alias"),
    "too many keys": (b"".join(b"k%d: v\n" % n for n in range(300_000)), "inventory.too-large"),
    "too many bytes": (b"# " + b"x" * LARGEST_BYTES, "inventory.too-large"),
    "zero bytes": (b"\0" * 1000, "inventory.yaml"),
    "random bytes": (bytes(range(256)) * 100, "inventory.not-utf8"),
    "an escape": (b"vendors:\n  - id: \x1b[2J\n", "inventory.yaml"),
    "an open quotation mark": (b'a: "' + b"x" * 1_000_000, "inventory.yaml"),
    "a directive": (b"%YAML 9.9\n---\na: b\n", "inventory.yaml"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_in_one_problem(name):
    content, code = HOSTILE[name]
    with pytest.raises(RefusedYamlError) as caught:
        read_node("inventory/vendors.yml", content)
    assert code == caught.value.problem.code
    assert len(str(caught.value)) < 400


def test_a_file_that_cannot_be_read_is_one_problem_among_the_others():
    files = documents() | {"inventory/vendors.yml": b"[" * 1_000_000, "inventory/city.yml": b"x: 1\n"}
    codes = {problem.code for problem in problems_of(files)}
    assert {"inventory.too-deep", "inventory.unknown-key"} <= codes


def test_a_thousand_problems_of_a_file_are_told_from_the_top():
    lines = b"".join(b"  - {id: v%d, colour: red}\n" % number for number in range(5000))
    problems = problems_of(documents() | {"inventory/vendors.yml": b"vendors:\n" + lines})
    assert len(problems) == MOST_PROBLEMS + 1
    assert "inventory.more" in {problem.code for problem in problems}


def test_a_thousand_unknown_ids_do_not_take_a_thousand_guesses():
    vendors = b"".join(b"  - {id: v%d}\n" % number for number in range(3000))
    systems = b"".join(b"  - {id: s%d, host: w%d}\n" % (number, number) for number in range(3000))
    files = {
        "inventory/vendors.yml": b"vendors:\n" + vendors,
        "inventory/systems.yml": b"systems:\n" + systems,
    }
    guessed = [
        found for found in problems_of(documents() | files) if found.instead.startswith("did you mean")
    ]
    assert 0 < len(guessed) <= 60


def test_a_key_that_would_steer_a_terminal_is_shown_as_an_escape():
    files = documents() | {"inventory/vendors.yml": b'vendors:\n  - {id: a, "\\e[2J": b}\n'}
    (problem,) = problems_of(files)
    assert "\\x1b[2J" in problem.what
    assert str(problem).isprintable()


def test_a_word_as_long_as_a_book_is_shown_shortened():
    files = documents() | {"inventory/vendors.yml": b"vendors:\n  - {id: a, " + b"x" * 100_000 + b": b}\n"}
    assert max(len(str(problem)) for problem in problems_of(files)) < 2_000
