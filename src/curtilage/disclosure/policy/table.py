"""The whole decision table of the active packs, for the policy manual: computed, never typed in.

Every cell of the second part is a decision of the engine on a request of that kind, so the table says what
the program does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from curtilage.disclosure.nouns import Consent, Exigency, MandatoryAuthority
from curtilage.disclosure.policy.decide import Engine
from curtilage.disclosure.policy.facts import blank
from curtilage.disclosure.policy.instruments import Instrument, load_instruments
from curtilage.disclosure.policy.words import ANSWERS, SURE
from curtilage.foundation.canonical import JSON

_CONFIRMED: Final[dict[str, Any]] = {
    "authentic": True,
    "in_force": True,
    "confirmed_by_counsel": True,
    "scope": "matched",
}
SITUATIONS: Final[dict[str, dict[str, Any]]] = {
    "At a front desk": {"acting_role": "frontline"},
    "As it arrives": {},
    "Confirmed by counsel, within its scope": _CONFIRMED,
    "Confirmed by counsel, beyond its scope": {**_CONFIRMED, "scope": "exceeds"},
    "A court ordered compliance, and counsel confirmed it": {**_CONFIRMED, "enforced_by_court": True},
}
"""Columns of the second part: what is known of a paper then."""

OWN_CONDITION: Final[dict[str, dict[str, Any]]] = {
    "records-request": {
        "acting_role": "records-officer",
        "public_record": True,
        "status": False,
        "locator": False,
    },
    "statutory-report": {
        "acting_role": "privacy-officer",
        "mandatory_authority": MandatoryAuthority(compels=True, current=True, names_the_fields=True),
    },
    "emergency": {
        "acting_role": "supervisor",
        "status": False,
        "exigency": Exigency(serious_harm=True, minimum_only=True, called_back=True, review_opened=True),
    },
    "own-request": {
        "acting_role": "releaser",
        "consent": Consent(written=True, specific=True, by_the_subject=True, revoked=False),
    },
}
"""What some kinds of request have of their own, by family, where all of it is there."""


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """The table of one set of rules.

    Attributes:
        day: The calendar day, as ISO 8601.
        policy_hash: Names the set.
        packs: Id, title, whom it binds, until when, whether counsel signed, notes; a mapping each.
        rules: Row, id, sentence, answer, citation, how sure, pack; a mapping each, by row.
        papers: Kind of request to the answer in each situation; a mapping each.
        situations: The columns, in order.
    """

    day: str
    policy_hash: str
    packs: tuple[dict[str, str], ...]
    rules: tuple[dict[str, str], ...]
    papers: tuple[dict[str, str], ...]
    situations: tuple[str, ...]

    def to_json(self) -> JSON:
        """Return the table as nested mappings of text."""
        return {
            "day": self.day,
            "policy_hash": self.policy_hash,
            "packs": list(self.packs),
            "rules": list(self.rules),
            "papers": list(self.papers),
        }


_UNSIGNED: Final = "no: a what-if"
_OWN: Final = "All that its kind asks for is there"
_NONE: Final = "–"

SITUATION_WORDS: Final[dict[str, str]] = {
    "At a front desk": "Whoever sits at a desk, on a telephone or in an inbox is asked.",
    "As it arrives": "It has reached an officer who may answer. Nothing of it is confirmed yet.",
    "Confirmed by counsel, within its scope": "Counsel has confirmed that it is real and in force, and no more is asked for than it names.",
    "Confirmed by counsel, beyond its scope": "Counsel has confirmed it, but more is asked for than it names.",
    "A court ordered compliance, and counsel confirmed it": "A court has ordered the city to do what it asks.",
    _OWN: f"The record is public, a statute compels it, the emergency is real and called back, or the person has agreed in writing; {_NONE} where a kind of request knows no such thing.",
}
"""What each column means, for somebody who is no lawyer."""


def make_table(engine: Engine, lang: str = "en") -> DecisionTable:
    """Compute the table of a set of rules.

    Args:
        engine: The rules.
        lang: Language of the names of papers and packs, ``en`` or ``es``; the sentences are English.
    """
    policies = engine.policies
    return DecisionTable(
        day=policies.day.isoformat(),
        policy_hash=policies.hash,
        packs=tuple(_packs(engine, lang)),
        rules=tuple(_rules(engine)),
        papers=tuple(_papers(engine, lang)),
        situations=(*SITUATIONS, _OWN),
    )


def _packs(engine: Engine, lang: str) -> Iterator[dict[str, str]]:
    for pack in engine.policies.packs:
        yield {
            "pack": pack.id,
            "title": pack.title.get(lang, pack.title["en"]),
            "binds": pack.binds,
            "until": pack.expires.isoformat() if pack.expires.year < 9999 else "changed",
            "signed": _UNSIGNED if pack.id in engine.policies.unsigned else "by counsel",
            "notes": " ".join(pack.notes),
        }


def _rules(engine: Engine) -> Iterator[dict[str, str]]:
    for rule in sorted(engine.policies.rules, key=lambda rule: rule.row):
        yield {
            "row": str(rule.row),
            "rule": rule.id,
            "says": rule.says,
            "answer": ANSWERS[rule.outcome][0],
            "cite": rule.cite or "chosen",
            "sure": SURE[rule.sure],
            "pack": rule.pack,
        }


def _papers(engine: Engine, lang: str) -> Iterator[dict[str, str]]:
    for instrument in load_instruments().values():
        cells = {name: _cell(engine, instrument, facts) for name, facts in SITUATIONS.items()}
        own = OWN_CONDITION.get(instrument.family)
        cells[_OWN] = _cell(engine, instrument, own) if own else _NONE
        yield {"paper": instrument.name.get(lang, instrument.name["en"]), **cells}


def _cell(engine: Engine, instrument: Instrument, facts: dict[str, Any]) -> str:
    [answer] = engine.answer_many([replace(blank(instrument), **facts)])
    return ANSWERS[answer][0]


def render_markdown(table: DecisionTable) -> str:
    """Return the table as Markdown."""
    whatif = _whatif(table)
    lines = ["# Outside requests: what policy answers", "", *([f"**{whatif}**", ""] if whatif else ())]
    lines += [_lead(table), "", "## What the answers mean", "", *_list(ANSWERS.values())]
    lines += ["", "## What each kind of request gets", "", *_list(SITUATION_WORDS.items()), ""]
    lines += _grid(("Request", *table.situations), table.papers, ("paper", *table.situations))
    lines += ["", "## The rules", ""]
    lines += _grid(
        ("It says", "Answer", "Source", "How sure", "Row", "Rule"),
        table.rules,
        ("says", "answer", "cite", "sure", "row", "rule"),
    )
    lines += ["", "## The packs of law, and what counsel should know of them", ""]
    lines += _grid(
        ("Pack", "Whom it binds", "Holds until", "Signed", "Counsel should know"),
        table.packs,
        ("title", "binds", "until", "signed", "notes"),
    )
    return "\n".join(lines) + "\n"


def render_html(table: DecisionTable) -> str:
    """Return the table as an HTML page that fetches nothing and prints well; all text is escaped."""
    said = page("table.html").render(
        table=table,
        whatif=_whatif(table),
        lead=_lead(table),
        answers=ANSWERS.values(),
        situations=SITUATION_WORDS.items(),
    )
    return str(said).lstrip()


@lru_cache(maxsize=4)
def page(name: str) -> Any:
    """Return one of the room's templates of pages."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("curtilage.disclosure", "templates")
    environment = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)


def _whatif(table: DecisionTable) -> str:
    unsigned = [pack["pack"] for pack in table.packs if pack["signed"] == _UNSIGNED]
    return f"A WHAT-IF that binds nobody: counsel has not signed {', '.join(unsigned)}." if unsigned else ""


def _lead(table: DecisionTable) -> str:
    return (
        f"For {table.day}. Counsel decides; this is what counsel is handed. Where several rules speak, the most "
        "cautious one counts; where none does, nothing leaves. "
        f"This set of rules is known as {table.policy_hash[:16]}."
    )


def _list(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, what in pairs:
        yield f"* **{name}.** {what}"


def _grid(head: tuple[str, ...], rows: tuple[dict[str, str], ...], keys: tuple[str, ...]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        cells = (row[key].replace("|", "\\|") for key in keys)
        yield f"| {' | '.join(cells)} |"
