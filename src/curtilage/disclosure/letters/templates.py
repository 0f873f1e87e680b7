"""Templates of letters: those that ship, and the city's own in ``policy/letters``, which go before.

Rules of this file:

* A file is called ``KIND.LANG.md``, or ``KIND--PAPER.LANG.md`` for one instrument or one family of them. The most
  specific one is used; of two equally specific ones, the city's own.
* A template may use the names of :data:`NAMES` and nothing else. One that uses another name, or has no title,
  is not used, and every problem is told with its line.
* Templates are filled in a sandbox: they can name values, and reach nothing else.

Source:
    sunlight-2017, limit the discretion of individual employees.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from curtilage.disclosure.letters.nouns import AUDIENCES, KINDS, Template
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.foundation.errors import DeclarationError, Problem, UsageError

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

FOLDER: Final = Path(__file__).parent / "templates"
"""The templates that ship."""

CITY_FOLDER: Final = "policy/letters"
"""Where a city keeps its own, relative to its folder."""

LANGS: Final = ("en", "es")
"""Languages in which every letter ships."""

NAMES: Final[Mapping[str, str]] = {
    "city": "the city's name",
    "case": "the case's reference",
    "day": "the day of the letter",
    "paper": "what the paper is called, such as Form I-200; empty until somebody said what it is",
    "received": "the day the request came",
    "return_by": "the day by which the paper wants an answer; may be empty",
    "released": "the day on which something left; may be empty",
    "silent_until": "the last day of an order of silence; may be empty",
    "department": "the department where it came",
    "citations": "what the decision cites, a list; may be empty",
    "kinds": "the kinds of information that left, a list; may be empty",
    "records": "how many records left, such as 12 records",
    "people": "how many people they are about, such as 1 person",
    "package": "the fingerprint of what left; may be empty",
    "matter": "the reference of the hold that preserves records; may be empty",
    "series": "the record series that are held, a list; may be empty",
    "counsel": "the city's counsel: name and how to reach them",
    "privacy": "the privacy officer: name and how to reach them",
}
"""The names that a template may use, and what stands for each. None is of a resident."""

_FILE: Final = re.compile(
    r"(?P<kind>[a-z-]+?)(?:--(?P<paper>[a-z0-9-]+))?\.(?P<lang>[a-z]{2,3}(?:-[A-Za-z0-9]+)?)\.md"
)
_HEAD: Final = ("title", "to", "checked")


class NoLetterError(UsageError):
    """A letter is asked for that there is none of."""

    code = "disclosure.no-letter"

    def __init__(self, *, what: str, instead: str) -> None:
        self.what = what
        super().__init__(f"There is no such letter: {what}. Nothing was written. {instead}")


@cache
def load_shipped() -> tuple[Template, ...]:
    """Return the templates that ship, by file name."""
    return tuple(_read_all(sorted(FOLDER.glob("*.md")), own=False))


def load_templates(folder: Path | None) -> tuple[Template, ...]:
    """Return the city's own templates, then those that ship.

    Args:
        folder: The city's folder; None for none.

    Raises:
        DeclarationError: One of the city's own cannot be used; every problem with its line.
    """
    found = sorted((folder / CITY_FOLDER).glob("*.md")) if folder else []
    own = [path for path in found if path.name.upper() != "README.MD"]
    return (*_read_all(own, own=True), *load_shipped())


def _read_all(paths: Iterable[Path], *, own: bool) -> list[Template]:
    problems: list[Problem] = []
    found = []
    for path in paths:
        template, wrong = read_template(path.name, path.read_bytes(), own=own)
        problems += wrong
        found += [template] if template else []
    if problems:
        raise DeclarationError(
            problems, next_step="The names are listed by: curtilage disclosure letter --names"
        )
    return found


def read_template(name: str, raw: bytes, *, own: bool = True) -> tuple[Template | None, tuple[Problem, ...]]:
    """Read a template, and say everything that is wrong with it.

    Args:
        name: Its file name.
        raw: What stands in the file, UTF-8.
        own: Whether it is the city's.

    Returns:
        The template, None where it cannot be used; and the problems, in order.
    """
    path = f"{CITY_FOLDER}/{name}" if own else name
    found = _FILE.fullmatch(name)
    try:
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None, (_problem(path, 0, "It is not UTF-8 text.", "Save it as UTF-8."),)
    if not found:
        instead = "Call it KIND.LANG.md or KIND--PAPER.LANG.md, such as decline--i-200.en.md"
        return None, (_problem(path, 0, "Its name does not say what it is.", instead),)
    head, _, body = text.partition("\n---\n")
    said = dict(line.partition(":")[::2] for line in head.splitlines() if line.strip())
    said = {key.strip(): value.strip() for key, value in said.items()}
    template = Template(
        kind=found["kind"],
        paper=found["paper"] or "",
        lang=found["lang"],
        title=said.get("title", ""),
        to=said.get("to", ""),
        checked=said.get("checked") == "yes",
        body=body.strip("\n"),
        path=path,
        first_line=head.count("\n") + 3,
        own=own,
    )
    problems = tuple(_find_problems(template, said))
    return (None if problems else template), problems


def _find_problems(template: Template, said: Mapping[str, str]) -> Iterator[Problem]:
    path = template.path
    rows = load_instruments().values()
    papers = {row.id for row in rows} | {row.family for row in rows}
    if template.kind not in KINDS:
        yield _problem(path, 0, f"There is no letter {template.kind}.", _near(template.kind, KINDS))
    if template.paper and template.paper not in papers:
        yield _problem(path, 0, f"There is no paper {template.paper}.", _near(template.paper, papers))
    for key in said:
        if key not in _HEAD:
            yield _problem(path, 1, "A line above --- has another name.", f"Use: {', '.join(_HEAD)}.")
    if not template.title:
        yield _problem(path, 1, "It has no title.", "Begin with: title: ...")
    if template.to not in AUDIENCES:
        yield _problem(path, 1, "It does not say who reads it.", f"Write to: one of {', '.join(AUDIENCES)}.")
    if not template.body:
        yield _problem(path, 0, "It has no words.", "Write them below a line of three hyphens.")
    in_body = tuple(_find_in_body(template))
    yield from in_body
    if not in_body:
        yield from _find_by_trying(template)


def _find_in_body(template: Template) -> Iterator[Problem]:
    from jinja2 import TemplateSyntaxError, meta

    for line, text in ((1, template.title), (template.first_line, template.body)):
        try:
            parsed = environment().parse(text)
        except TemplateSyntaxError as error:
            where = line + error.lineno - 1
            yield _problem(
                template.path, where, "What stands in braces is not closed, or not understood.", _BRACES
            )
            continue
        for name in sorted(meta.find_undeclared_variables(parsed) - set(NAMES)):
            yield _problem(
                template.path, line + _line_of(text, name), f"There is no name {name}.", _near(name, NAMES)
            )


def _find_by_trying(template: Template) -> Iterator[Problem]:
    """Fill it with values of the right kind, and with empty ones, before anybody relies on it."""
    for full in (True, False):
        values = {name: ("x",) * full if name in LISTS else "x" * full for name in NAMES}
        try:
            environment().from_string(template.title).render(values)
            environment().from_string(template.body).render(values)
        except Exception as error:  # noqa: BLE001 - somebody's words may fail in any way
            line = template.first_line + (getattr(error, "lineno", None) or 1) - 1
            what = f"What stands in braces cannot be filled ({type(error).__name__})."
            yield _problem(template.path, line, what, _BRACES)
            return


LISTS: Final = frozenset({"citations", "kinds", "series"})
"""Names that stand for several lines."""

_BRACES: Final = "Write a name as {{ city }}, and what depends on one as {% if return_by %} ... {% endif %}."


def _line_of(text: str, name: str) -> int:
    found = re.search(rf"\b{re.escape(name)}\b", text)
    return text[: found.start()].count("\n") if found else 0


def _near(name: str, known: Iterable[str]) -> str:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, n=1)
    return f"Did you mean {near[0]}?" if near else f"Choose from: {', '.join(names)}."


def _problem(path: str, line: int, what: str, instead: str) -> Problem:
    return Problem(path, line, what, instead, "disclosure.bad-letter")


@cache
def environment() -> SandboxedEnvironment:
    """Return where templates are parsed and filled: a sandbox in which a name that is missing is an error."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(  # escaped when it is shown, for paper and screen alike
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )


def find_template(templates: Iterable[Template], kind: str, *, instrument: str, lang: str) -> Template:
    """Return the template that is used: for the instrument, else for its family, else for all papers.

    Args:
        templates: From :func:`load_templates`.
        kind: One of ``nouns.KINDS``.
        instrument: Id of an instrument; empty where it is not known.
        lang: BCP 47 tag.

    Raises:
        NoLetterError: There is none of that kind, or none in that language.
    """
    row = load_instruments().get(instrument)
    wanted = [each for each in (instrument, row.family if row else "") if each] + [""]
    of_kind = [each for each in templates if each.kind == kind]
    found = [each for each in of_kind if each.lang == lang and each.paper in wanted]
    if found:
        return min(found, key=lambda each: (wanted.index(each.paper), not each.own))
    langs = sorted({each.lang for each in of_kind})
    if not langs:
        raise NoLetterError(what="no kind of letter is called so", instead=f"Choose from: {', '.join(KINDS)}")
    raise NoLetterError(
        what="nobody has written it in that language",
        instead=f"Choose from: {', '.join(langs)}; or write {CITY_FOLDER}/{kind}.LANG.md",
    )
