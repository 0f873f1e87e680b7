import io
import sys

import pytest

from curtilage.cli import render
from curtilage.cli.progress import OneLine, describe, show_progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("País 出生地", "País 出生地"),
        ("a\nb\tc", "a b c"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b2J", r"\x9b2J"),
        ("evil\u202egpj", r"evil\u202egpj"),
        ("caf\udce9", r"caf\udce9"),
    ],
)
def test_text_from_files_cannot_steer_a_terminal(text, shown):
    assert render.printable(text) == shown


def test_wide_characters_are_counted_as_two_columns():
    assert render.columns("出生地 ABC") == 10
    assert render.columns("e\u0301") == 1


@pytest.mark.parametrize(("width", "shown"), [(20, "Country of birth"), (10, "Country o…"), (1, "…")])
def test_long_text_is_cut_to_its_width(width, shown):
    assert render.shorten("Country of birth", width) == shown


def test_a_plain_table_is_aligned_and_has_no_trailing_spaces(capsys):
    render.write_table(("level", "what"), [("direct", "出生地"), ("weak", "x")], title="a.html", indent=2)

    assert capsys.readouterr().out == "a.html\n  level   what\n  direct  出生地\n  weak    x\n"


def test_an_empty_table_prints_nothing_not_even_its_title(capsys):
    render.write_table(("a",), [], title="nothing")

    assert capsys.readouterr().out == ""


def test_a_cell_cannot_bring_markup_of_its_own(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", out := Terminal())
    render.write_table(("",), [("[bold]x[/bold]",)])

    assert "[bold]x[/bold]" in out.getvalue()


def test_lines_of_json_are_utf_8_whatever_they_hold():
    assert render.encode({"a": "País"}) == '{"a":"País"}'.encode()
    assert render.encode({"a": "caf\udce9"}) == rb'{"a":"caf\udce9"}'


def test_progress_is_silent_in_a_pipe(monkeypatch):
    monkeypatch.setattr(sys, "stderr", out := io.StringIO())
    progress = show_progress()
    progress.start("Looking", None)
    progress.step(1, "a.html")
    progress.finish()

    assert out.getvalue() == ""


def test_progress_on_a_terminal_tells_how_far_it_is_and_leaves_nothing(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", out := Terminal())
    monkeypatch.setattr("time.monotonic", iter([0.0, 2.0, 2.01]).__next__)
    progress = show_progress()
    progress.start("Looking", 10)
    progress.step(4, "forms/a.html")
    progress.step(1)
    progress.finish()

    assert out.getvalue() == ("\r\x1b[2KLooking: 4 of 10, 2 a second, 3 s left  forms/a.html\r\x1b[2K")


def test_quick_work_shows_no_progress(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", out := Terminal())
    progress = OneLine()
    progress.start("Looking", 2)
    progress.step()
    progress.finish()

    assert out.getvalue() == ""


def test_a_count_that_comes_late_is_shown_when_it_is_known(monkeypatch):
    progress = OneLine(lambda: 100)
    progress.start("Looking", None)
    while progress._total is None:
        pass

    assert describe("Looking", 50, progress._total, 5.0) == "Looking: 50 of 100, 10 a second, 5 s left"


def test_more_than_was_counted_is_no_contradiction():
    assert describe("Looking", 12, 10, 6.0) == "Looking: 12 of 12, 2 a second, 0 s left"


def test_a_long_wait_is_told_in_minutes():
    assert describe("Looking", 10, 1000, 1.0).endswith("1 min 39 s left")
