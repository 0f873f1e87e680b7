"""Fill a template: from a case, or with made-up values for counsel to look at.

Rules of this file:

* What may stand in a letter is a closed list (``templates.NAMES``). None of it is of a resident: a letter to a
  person leaves lines on which the address is written by hand.
* Each value is one line. It can make no heading, no list and no second paragraph.
* A letter is made from what the ledger holds, and records nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from curtilage.disclosure.case.nouns import Case
from curtilage.disclosure.letters.nouns import Block, Letter, Template
from curtilage.disclosure.letters.templates import NAMES, environment
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.times.marks import to_day
from curtilage.inventory.nouns import Field, Inventory, Officer
from curtilage.inventory.vocabulary import load_vocabulary

_FILE: Final = Path(__file__).parent / "frame.yml"

Values = Mapping[str, str | Sequence[str]]
"""Value by name: one line, or several of them."""


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The words around every letter in one language; the file says what each is."""

    checked: bool
    to: str
    about: str
    reference: str
    came: str
    signed: str
    name: str
    ask: str
    ask_us: str
    sample: str
    months: tuple[str, ...]
    dated: str
    records: tuple[str, str]
    people: tuple[str, str]

    def write_day(self, day: date | None) -> str:
        """Return a day in words; empty for none."""
        if day is None:
            return ""
        return self.dated.format(day=day.day, month=self.months[day.month - 1], year=day.year)


@cache
def load_frames() -> dict[str, Frame]:
    """Return the words around letters, by language. Not to be changed by who gets it."""
    return msgspec.yaml.decode(_FILE.read_bytes(), type=dict[str, Frame])


def find_frame(lang: str) -> Frame:
    """Return the words around a letter; English where nobody wrote them in that language."""
    frames = load_frames()
    return frames.get(lang, frames["en"])


def gather(case: Case, declared: Inventory, *, today: date, lang: str, series: Sequence[str] = ()) -> Values:
    """Return what may stand in a letter about a case.

    Args:
        case: The case.
        declared: The inventory: departments, officers, categories.
        today: The day of the letter, in the city's zone.
        lang: BCP 47 tag.
        series: Ids of the series that a hold for the case is limited to; may be empty.
    """
    frame, zone = find_frame(lang), declared.city.zone
    gone = case.gone[-1] if case.gone else None
    silent = case.withheld.until if case.withheld else None
    return {
        "city": declared.city.name,
        "case": case.id,
        "day": frame.write_day(today),
        "paper": name_paper(case.instrument, lang),
        "received": frame.write_day(to_day(case.received, zone)),
        "return_by": frame.write_day(case.return_by),
        "released": frame.write_day(to_day(gone.at, zone)) if gone else "",
        "silent_until": frame.write_day(silent),
        "department": _find_department(declared, case.department),
        "citations": case.ruling.citations if case.ruling is not None else (),
        "kinds": list_kinds(case, declared, lang),
        "records": _count(frame.records, gone.rows if gone else 0),
        "people": _count(frame.people, gone.subjects if gone else 0),
        "package": gone.package_hash if gone else "",
        "matter": case.preserved[-1] if case.preserved else "",
        "series": _name_series(declared, series),
        "counsel": find_contact(declared, "counsel"),
        "privacy": find_contact(declared, "privacy"),
    }


def sample(instrument: str, lang: str, *, today: date) -> Values:
    """Return made-up values, to look at a template without a case."""
    frame = find_frame(lang)
    day = frame.write_day(today)
    return {
        "city": "Example City",
        "case": "exampl23",
        "day": day,
        "paper": name_paper(instrument, lang),
        "received": day,
        "return_by": day,
        "released": day,
        "silent_until": day,
        "department": "Example Department",
        "citations": ("Example Code 12-34", "56 Ex. C.F.R. 78"),
        "kinds": tuple(
            _label(dict(load_vocabulary()[each].labels), each, lang) for each in ("address", "phone")
        ),
        "records": _count(frame.records, 12),
        "people": _count(frame.people, 1),
        "package": "0" * 64,
        "matter": "case-exampl23",
        "series": ("ex-001",),
        "counsel": "Example Counsel, counsel@city.example",
        "privacy": "Example Officer, privacy@city.example",
    }


def _count(forms: tuple[str, str], count: int) -> str:
    return forms[count != 1].format(f"{count:,}")


def name_paper(instrument: str, lang: str) -> str:
    """Return what a paper is called in a language; empty where it is not known what it is."""
    row = load_instruments().get(instrument)
    return row.name.get(lang, row.name["en"]) if row else ""


def list_kinds(case: Case, declared: Inventory, lang: str) -> tuple[str, ...]:
    """Return the kinds of information of what left, in words; empty before anything left.

    They are read from the plan: for each place the category of the field that is declared to lie there, else
    its question, else the name of the column. Nothing that left is passed over.
    """
    if not case.gone or case.plan is None:
        return ()
    labels = {each.id: dict(each.labels) for each in declared.categories}
    declared_in = {place: field for field in declared.list_fields() for place in field.stored_in}
    names = (_name_kind(place, declared_in.get(place), labels, lang) for place, _ in case.plan.fields)
    return tuple(dict.fromkeys(names))


def _name_kind(place: str, field: Field | None, labels: Mapping[str, Mapping[str, str]], lang: str) -> str:
    column = place.rpartition(".")[2].replace("_", " ")
    if field is None:
        return column
    return _label(labels.get(field.category) or dict(field.question), column, lang)


def _label(labels: Mapping[str, str], otherwise: str, lang: str) -> str:
    return labels.get(lang) or labels.get("en") or otherwise


def _find_department(declared: Inventory, department: str) -> str:
    found = next((each for each in declared.departments if each.id == department), None)
    return found.title if found else department


def _name_series(declared: Inventory, series: Sequence[str]) -> tuple[str, ...]:
    titles = {each.id: each.title for each in declared.series}
    return tuple(f"{each} {titles.get(each, '')}".strip() for each in series)


def find_contact(declared: Inventory, duty: str) -> str:
    """Return who has a duty and how to reach them; a line to write on where nobody is declared."""
    found: Officer | None = next((each for each in declared.city.officers if each.has_duty(duty)), None)
    said = [part for part in (found.name, found.contact) if part] if found else []
    return ", ".join(said) or "_" * 40


def fill(template: Template, values: Values, *, to: Sequence[str] = (), is_sample: bool = False) -> Letter:
    """Return a letter.

    Args:
        template: As it was read: it uses only names that are known.
        values: One for each name of ``templates.NAMES``.
        to: Lines of the address; empty leaves lines to write on.
        is_sample: The values are made up, and the letter says so.
    """
    frame = find_frame(template.lang)
    known = {name: _one_line(values[name]) for name in NAMES}
    body = environment().from_string(template.body).render(known)
    title = environment().from_string(template.title).render(known)
    # Who something left about is not sent to the city's own lawyer.
    ask = (
        f"{frame.ask_us}: {known['privacy']}"
        if template.to == "subject"
        else f"{frame.ask}: {known['counsel']}"
    )
    is_inside = template.to in {"employee", "department"}
    return Letter(
        used=template.used,
        lang=template.lang,
        title=title,
        reference=str(known["case"]),
        to=() if is_inside else tuple(map(_plain, to)) or ("_" * 40,) * 3,
        blocks=read_blocks(body),
        foot=() if is_inside else (f"{frame.signed}: {'_' * 30}", f"{frame.name}: {'_' * 30}", ask),
        city=f"{known['city']}, {known['day']}",
        sample=is_sample,
    )


def _one_line(value: str | Sequence[str]) -> str | tuple[str, ...]:
    return _plain(value) if isinstance(value, str) else tuple(map(_plain, value))


def _plain(value: str) -> str:
    return " ".join(value.split())


def read_blocks(body: str) -> tuple[Block, ...]:
    r"""Return the parts of a body: paragraphs, ``# headings``, ``* items``; lines of one paragraph are joined.

    >>> [block.kind for block in read_blocks("# One\n\nTwo\nthree.\n* four")]
    ['heading', 'text', 'item']
    """
    blocks: list[Block] = []
    goes_on = False
    for line in body.splitlines():
        said = _plain(line)
        kind = {"# ": "heading", "* ": "item"}.get(line.lstrip()[:2], "text")
        if said and goes_on and kind == "text":
            blocks[-1] = Block(blocks[-1].kind, f"{blocks[-1].text} {said}")
        elif said:
            blocks.append(Block(kind, said if kind == "text" else said[2:]))
        goes_on = bool(said)
    return tuple(blocks)
