"""Which changes of an inventory leave residents with less protection, and why: one rule a line.

A rule sees what was said and what is said now, as the files write it, and answers with the words for
the reader, or with nothing. What it does not mention is neutral. The list errs on the side of
showing: whoever reviews a change may find it right, but should have seen it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from curtilage.foundation.periods import DAYS_TO_COMPARE
from curtilage.inventory._times import parse_length
from curtilage.inventory.clause import START, Clause, parse_clause
from curtilage.inventory.nouns import Inventory, Necessity, Reveals
from curtilage.inventory.shapes import NONE_GIVEN

Said = None | bool | str | tuple[str, ...]
"""What a key says: a text, a flag, a sorted list; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Context:
    """The two inventories that are compared."""

    before: Inventory
    after: Inventory


Rule = Callable[[Said, Said, Context], str]


def loosens_by_change(noun: str, attribute: str, before: Said, after: Said, context: Context) -> str:
    """Return why a changed key leaves less protection; empty where it does not.

    Args:
        noun: Kind of the noun.
        attribute: As in ``diff.Change``.
        before: What was said.
        after: What is said now; differs from ``before``.
        context: Where categories are looked up.
    """
    rule = _RULES.get((noun, attribute)) or _RULES.get((noun, attribute.split(".", maxsplit=1)[0] + ".*"))
    return rule(before, after, context) if rule else ""


def loosens_by_presence(noun: str, value: Any, context: Context, *, came: bool) -> str:
    """Return why a noun that came or went leaves less protection; empty where it does not."""
    if came:
        if noun == "field" and _rank_of(value.category, context.after) >= Reveals.STRONG.rank:
            prohibited = value.necessity in {Necessity.PROHIBITED, Necessity.VERBAL}
            return "" if prohibited else "asks or holds what tells of status or origin"
        return "a further way of sharing" if noun == "practice" else ""
    if noun == "field" and value.necessity is Necessity.PROHIBITED:
        return "is no longer prohibited"
    return _GONE.get(noun, "")


_GONE: Final[Mapping[str, str]] = {
    "series": "no limit of time any more",
    "officer": "nobody is named for that duty any more",
    "seat": "a seat of the oversight body is gone",
    "contract": "an agreement with the vendor is gone",
    "holding": "nothing is deleted there on time any more",
}


def _rank_of(category: str, inventory: Inventory) -> int:
    for known in inventory.categories:
        if known.id == category:
            return known.reveals.rank
    return 0


def _necessity(before: Said, after: Said, _: Context) -> str:
    ranks = {None: -1, "prohibited": 0, "verbal": 1, "optional": 2, "required": 3}
    if before is None:
        return ""
    if after is None:
        return "no longer said to be prohibited or verbal only" if ranks[str(before)] < 2 else ""
    return f"was {before}" if ranks[str(after)] > ranks[str(before)] else ""


def _category(before: Said, after: Said, context: Context) -> str:
    was, now = _rank_of(str(before or ""), context.before), _rank_of(str(after or ""), context.after)
    if now < was:
        return f"counts as less telling ({list(Reveals)[was]} before, {list(Reveals)[now]} now)"
    known = {category.id: category for category in context.before.categories}
    old, new = known.get(str(before or "")), known.get(str(after or ""))
    if old is not None and old.status_information and not (new is not None and new.status_information):
        return "no longer counts as status information"
    if old is not None and old.locator_information and not (new is not None and new.locator_information):
        return "no longer counts as locator information"
    return ""


def _gone(words: str) -> Rule:
    def rule(before: Said, after: Said, _: Context) -> str:
        return words if before not in {None, NONE_GIVEN} and after in {None, NONE_GIVEN} else ""

    return rule


def _came(words: str) -> Rule:
    return lambda before, after, _: words if before is None and after is not None else ""


def _becomes(values: set[Said], words: str) -> Rule:
    return lambda before, after, _: words if after in values and before not in values else ""


def _was(value: Said, words: str) -> Rule:
    def rule(before: Said, _after: Said, _: Context) -> str:
        return words if before == value else ""

    return rule


def _fewer(words: str) -> Rule:
    return lambda before, after, _: words if _as_set(before) - _as_set(after) else ""


def _more(words: str) -> Rule:
    return lambda before, after, _: words if _as_set(after) - _as_set(before) else ""


def _as_set(said: Said) -> set[str]:
    return set(said) if isinstance(said, tuple) else set()


def _length(longer: str, gone: str) -> Rule:
    def rule(before: Said, after: Said, _: Context) -> str:
        old = parse_length(before) if isinstance(before, str) else None
        new = parse_length(after) if isinstance(after, str) else None
        if old is None:
            return ""
        if new is None:
            return gone
        return longer if any(new.after(day) > old.after(day) for day in DAYS_TO_COMPARE) else ""

    return rule


def _clause(before: Said, after: Said, _: Context) -> str:
    old, new = parse_clause(str(before or "")), parse_clause(str(after or ""))
    if not isinstance(old, Clause):
        return ""
    if not isinstance(new, Clause):
        return "how long it is kept can no longer be read"
    return "kept longer" if any(_ends_later(old, new, day) for day in DAYS_TO_COMPARE) else ""


def _ends_later(old: Clause, new: Clause, day: date) -> bool:
    """Return whether the new clause ends later where every event falls on one day."""
    dates = dict.fromkeys([START, *old.list_events(), *new.list_events()], day)
    was, now = old.due(dates), new.due(dates)
    return isinstance(was, date) and (now is None or (isinstance(now, date) and now > was))


def _later(words: str, gone: str) -> Rule:
    def rule(before: Said, after: Said, _: Context) -> str:
        if before is None:
            return ""
        return gone if after is None else words if str(after) > str(before) else ""

    return rule


def _highest(before: Said, after: Said, _: Context) -> str:
    ranks: dict[str | None, int] = {None: 0, **{str(reveals): reveals.rank for reveals in Reveals}}
    old, new = (
        ranks[before if isinstance(before, str) else None],
        ranks[after if isinstance(after, str) else None],
    )
    return "more telling data may be said on it" if new > old else ""


_AUTHORITY: Final = _gone("rests on no authority any more")
_REACH: Final = _more("further states can reach it")
_HANDS: Final = _more("further hands")

_RULES: Final[Mapping[tuple[str, str], Rule]] = {
    ("authority", "force"): _becomes({"mandatory"}, "now counts as obliging the city"),
    ("backup", "keep"): _length("copies are kept longer", "nothing says how long copies are kept"),
    ("channel", "captured_for_records"): _was(value=True, words="no longer kept as the records law asks"),
    ("channel", "end_to_end"): _was(value=True, words="no longer sealed from end to end"),
    ("channel", "highest"): _highest,
    ("city", "languages"): _fewer("a language is gone"),
    ("city", "packs"): _fewer("a pack of law no longer applies"),
    ("city", "second_office"): _fewer("fewer offices must sign a destruction"),
    ("collection", "forms"): _fewer("a form is no longer watched"),
    ("collection", "languages"): _fewer("a language is gone"),
    ("collection", "tables"): _fewer("a table is no longer watched"),
    ("contract", "clauses"): _fewer("a clause is gone"),
    ("contract", "review"): _later("review put off", "no review any more"),
    ("field", "authority"): _AUTHORITY,
    ("field", "category"): _category,
    ("field", "decision"): _gone("no decision depends on it any more"),
    ("field", "exception"): _came("counsel's leave given"),
    ("field", "exception.approved_by"): _gone("nobody answers for the exception"),
    ("field", "exception.expires"): _later("the exception lasts longer", "the exception never ends"),
    ("field", "necessity"): _necessity,
    ("field", "purpose"): _gone("no purpose any more"),
    ("field", "series"): _gone("no limit of time any more"),
    ("field", "why_we_ask.*"): _gone("residents are no longer told why"),
    ("holding", "clear"): _fewer("a column is no longer cleared"),
    ("holding", "dispose"): _gone("nothing is deleted there on time any more"),
    ("holding", "keep"): _length("the copy is kept longer", "the copy is kept as long as the record"),
    ("holding", "shared_where.is"): _more("more may be shared where nothing compels it"),
    ("holding", "subject"): _gone("holds can no longer be told by whom a record is about"),
    ("holding", "trigger"): _gone("nothing says from when the time runs"),
    ("holding", "trigger.*"): _gone("nothing says from when the time runs"),
    ("practice", "authority"): _AUTHORITY,
    ("practice", "fields"): _more("more is shared"),
    ("practice", "formal"): _was(value=True, words="no longer written down"),
    ("practice", "log"): _gone("its log is no longer compared"),
    ("practice", "onward"): _gone("nobody says any more where it goes from there"),
    ("practice", "opt_out"): _gone("residents can no longer say no"),
    ("practice", "public"): _was(value=True, words="no longer public"),
    ("practice", "purposes"): _more("further purposes"),
    ("practice", "recipients"): _more("further recipients"),
    ("practice", "review"): _later("review put off", "no review any more"),
    ("practice", "withheld_until"): _later("withheld longer", "withheld without an end"),
    ("program", "authority"): _AUTHORITY,
    ("program", "owner"): _gone("nobody answers for it"),
    ("purpose", "authority"): _AUTHORITY,
    ("seat", "holder"): _gone("a seat of the oversight body is vacant"),
    ("series", "authorised_by"): _fewer("fewer people must sign a destruction"),
    ("series", "authority"): _AUTHORITY,
    ("series", "city_maximum"): _length("kept longer", "the city's own limit is gone"),
    ("series", "disposition"): _becomes({"permanent"}, "kept for ever"),
    ("series", "minimum"): _clause,
    ("system", "connection"): _gone("can no longer be looked at"),
    ("system", "control_jurisdiction"): _REACH,
    ("system", "encryption.at_rest"): _was(value=True, words="no longer encrypted where it lies"),
    ("system", "encryption.fields"): _fewer("a column is no longer sealed"),
    ("system", "encryption.in_transit"): _was(value=True, words="no longer encrypted on the way"),
    ("system", "host"): _was(value="city", words="no longer run by the city"),
    ("system", "key_holder"): _was(value="city", words="the city no longer holds the keys alone"),
    ("system", "sub_processors"): _HANDS,
    ("vendor", "control_jurisdiction"): _REACH,
    ("vendor", "sub_processors"): _HANDS,
}
