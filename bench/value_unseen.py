"""Score spans in the sentences of ``unseen_notes.txt``, by which no rule was written.

    python -m bench.value_quality --unseen        F1 over spans and traps, by language; no sentence is shown

A span is found where something of a right category overlaps it. What else is told is wrong, unless the
sentence's own kinds let it pass (a status beside an A-number, as in ``city_kinds``).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.city_kinds import DOCUMENT, KINDS, STATUS
from bench.value_score import SCORED, f1

FILE = Path(__file__).parent / "unseen_notes.txt"
_MARK = re.compile(r"\[(\w+)\|([^]]*)\]")
_ID = ("consular_or_foreign_id", "other_government_id")

RIGHT: dict[str, tuple[str, ...]] = {
    "status": STATUS,
    "a_number": ("alien_number",),
    "receipt": ("uscis_receipt",),
    "i94": ("i94",),
    "sevis": ("sevis",),
    "passport": ("passport",),
    "foreign_id": _ID,
    "ssn": ("ssn",),
    "itin": ("itin",),
    "no_ssn": ("no_ssn_reason", "ssn"),
    "dl": ("drivers_license", "state_id"),
    "plate": ("vehicle_plate",),
    "bank": ("financial_account",),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("address",),
    "dob": ("date_of_birth",),
    "device": ("ip_or_device",),
    "geo": ("geolocation",),
    "benefits": ("public_benefits", "immigration_status"),
}
"""The categories of which one is right, by the word that marks a span."""
_STATUS_ALSO = next(kind.also for kind in KINDS if kind.name == "status_en")
_ABOUT_STATUS = frozenset(("status", "a_number", "receipt", "i94", "sevis", "passport", "foreign_id", "benefits"))  # fmt: skip


@dataclass(frozen=True)
class Sentence:
    """A sentence and its spans (begin, end and mark, in characters); without spans it is a trap."""

    language: str
    text: str
    spans: tuple[tuple[int, int, str], ...]

    @property
    def also(self) -> frozenset[str]:
        """Categories that may be told besides."""
        marks = {mark for _, _, mark in self.spans}
        more = (*STATUS, *_STATUS_ALSO, *DOCUMENT) if marks & _ABOUT_STATUS else ()
        return frozenset(more).union(*(RIGHT[mark] for mark in marks))


def sentences(path: Path = FILE) -> Iterator[Sentence]:
    """Read the file."""
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield read_line(line)


def read_line(line: str) -> Sentence:
    """Take the marks out of a line."""
    language, _, marked = line.partition("\t")
    text, spans, last = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text, last = text + mark[2], mark.end()
    return Sentence(language, text + marked[last:], tuple(spans))


def score_unseen(scanner: Any) -> dict[str, Counter]:
    """Return right, missed and wrong spans, traps and traps taken, by language and for ``all``."""
    from curtilage.detection.values.spans import list_spans

    counts: dict[str, Counter] = defaultdict(Counter)
    for sentence in sentences():
        told = [(start, end, rule.category) for start, end, rule in list_spans(sentence.text, scanner)]
        outcome = compare(sentence, told)
        counts[sentence.language] += outcome
        counts["all"] += outcome
    return counts


def compare(sentence: Sentence, told: list[tuple[int, int, str]]) -> Counter:
    """Count what was told of one sentence: begin, end and category in characters."""
    outcome: Counter = Counter(traps=int(not sentence.spans))
    for begin, end, mark in sentence.spans:
        found = any(b < end and e > begin and category in RIGHT[mark] for b, e, category in told)
        outcome["tp" if found else "fn"] += 1
    wrong = sum(category in SCORED and category not in sentence.also for _, _, category in told)
    return outcome + Counter(fp=wrong, taken=int(bool(wrong and not sentence.spans)))


def tell_unseen(scanner: Any) -> None:
    """Print the figures."""
    for language, count in sorted(score_unseen(scanner).items()):
        print(f"unseen sentences, {language:4} F1 {f1(count):.4f}  {dict(count)}")
