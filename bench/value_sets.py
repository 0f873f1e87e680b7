"""Values in two public sets of labelled sentences: typed F1 of any detector, on halves that were read and not.

    python -m bench.value_sets                    ours, on what lies in the corpus
    python -m bench.value_sets --errors 40        and errors in the half that may be read
    python -m bench.value_sets --texts            the sentences as JSON lines, for a detector to read
    python -m bench value_peers                   ours beside the peers, each in its environment

Lines that go out: ``{"id": "research-17", "text": "..."}``. Lines that come back: ``{"id": ..., "kinds":
[...], "spans": [[start, end, kind], ...]}``, places in characters of the text; ``spans`` may be missing.
``value_kinds`` says which of our categories a kind may mean: it is right where any of them is, and kinds
that are too broad are never wrong.

**The sets.** Neither is in this repository, and no sentence of theirs is in ours.

* *points*: DLP-Public-Benchmarking-Dataset (Maison Research, MIT), 1,200 sentences to a help desk, six that hold
  a point and six that do not for each of a hundred points. The points that we declare to find are in
  :data:`POINTS`. A positive is found where one of the point's categories is named; a negative is a false
  alarm where one is. Two of three positives are spelt apart letter by letter or only hinted at ("the city
  everyone calls the big apple"): no detector without a model can have those, and the table gives the plain
  ones apart.
* *research*: synth_dataset_v2 of presidio-research (MIT), 1,500 sentences from 209 templates with spans. Types
  that we declare to find are in :data:`TYPES`. Organisations, titles, domains, bare dates, bare places and
  NRP (nationality, religion and politics in one, of films as of people) are not, and who names
  something over one of them is neither right nor wrong (:data:`FORGIVEN`).

**Halves.** Rules were written by looking at one half only: the sentences of *points* at even places (from 0)
and the templates of *research* with even numbers. The other half was scored, never read. A template is
wholly in one half, for its sentences are one sentence with other names in it.

Figures are micro-averaged over (sentence, category), and for *research* also over spans, where any overlap
is a hit. 95 % intervals are by bootstrap over sentences (*points*) and templates (*research*).

Presidio runs without a language model here (none can be had), so it finds no names and no places by
itself; with one it finds more of both. Its own figure is therefore given without names too.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.peers import Peer, install
from bench.value_ask import Answer, ask
from bench.value_kinds import meaning

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / ".." / "shared" / "corpus" / "benchmarks"
POINTS_FILE = (
    "Maison-Research__DLP-Public-Benchmarking-Dataset/General Sensitive Data Benchmarking Dataset.csv"
)
RESEARCH_FILE = "microsoft__presidio-research/data/synth_dataset_v2.json"
RESAMPLES, SEED = 1000, 20170222

NAMES = frozenset({"full_name", "given_name", "family_name"})
#: Beginning of a point's name in the first set -> our categories, any of which is right.
POINTS: Mapping[str, frozenset[str]] = {
    "Full Names": NAMES,
    "Family Member Names": NAMES | {"household"},
    "Spouse Names": NAMES | {"household", "marital_status"},
    "Children's Information": NAMES | {"household", "age"},
    "Relative Contacts": frozenset({"phone"}) | NAMES,
    "Email Addresses": frozenset({"email"}),
    "Phone Numbers": frozenset({"phone"}),
    "Physical Addresses": frozenset({"address"}),
    "Business Addresses": frozenset({"address"}),
    "Places of Birth": frozenset({"place_of_birth", "country_of_birth"}),
    "Dates of Birth": frozenset({"date_of_birth"}),
    "Social Security Numbers": frozenset({"ssn"}),
    "Driver's License Numbers": frozenset({"drivers_license"}),
    "Passport Numbers": frozenset({"passport"}),
    "National ID Numbers": frozenset({"consular_or_foreign_id", "other_government_id"}),
    "Visa Numbers": frozenset({"visa"}),
    "Citizenship Status": frozenset({"citizenship", "nationality", "immigration_status"}),
    "Tax ID Numbers": frozenset({"itin", "ssn", "other_government_id"}),
    "Payment Details": frozenset({"financial_account"}),
    "Bank Account Info": frozenset({"financial_account"}),
    "GPS Coordinates": frozenset({"geolocation"}),
    "Geolocation Data": frozenset({"geolocation"}),
    "IP Addresses": frozenset({"ip_or_device"}),
    "MAC Addresses": frozenset({"ip_or_device"}),
    "IMEI Numbers": frozenset({"ip_or_device"}),
}
#: Type of a span in the second set -> our categories.
TYPES: Mapping[str, frozenset[str]] = {
    "PERSON": NAMES,
    "STREET_ADDRESS": frozenset({"address"}),
    "ZIP_CODE": frozenset({"address"}),
    "PHONE_NUMBER": frozenset({"phone"}),
    "EMAIL_ADDRESS": frozenset({"email"}),
    "CREDIT_CARD": frozenset({"financial_account"}),
    "IBAN_CODE": frozenset({"financial_account"}),
    "IP_ADDRESS": frozenset({"ip_or_device"}),
    "US_SSN": frozenset({"ssn"}),
    "US_DRIVER_LICENSE": frozenset({"drivers_license"}),
    "AGE": frozenset({"age"}),
}
#: Types left out of the second set -> categories that nobody is blamed for where one of them stands.
FORGIVEN: Mapping[str, frozenset[str]] = {
    "GPE": frozenset({"address"}),
    "ORGANIZATION": NAMES,
    "TITLE": NAMES,
    "DATE_TIME": frozenset({"age"}),
    "DOMAIN_NAME": frozenset({"email"}),
    "NRP": frozenset(),
}
#: One name for what is scored together: all categories of names count as one.
SCORED = frozenset().union(*TYPES.values())


@dataclass(frozen=True)
class Sentence:
    """One labelled sentence.

    Attributes:
        id: Unique over both sets; the set's name is its first part.
        text: What a detector is given.
        held: Of the half that was never read while rules were written.
        cluster: Resampled together in the bootstrap.
        wanted: Groups of categories; from each, one is to be found.
        barred: Categories that are false alarms here.
        plain: Said in plain words, neither spelt apart nor only hinted at.
        spans: Start, end and type of each span, in characters; of the second set only.
    """

    id: str
    text: str
    held: bool
    cluster: str
    wanted: tuple[frozenset[str], ...]
    barred: frozenset[str]
    plain: bool = True
    spans: tuple[tuple[int, int, str], ...] = ()


#: What a detector says of one sentence: a start and an end (or -1), the categories that it may mean, and
#: whether it may be wrong.
Said = tuple[int, int, frozenset[str], bool]


def sentences(corpus: Path = CORPUS) -> list[Sentence]:
    """Return the labelled sentences of the sets that lie there; empty where there are none."""
    found: list[Sentence] = []
    if (points := corpus / POINTS_FILE).exists():
        found += _read_points(points)
    if (research := corpus / RESEARCH_FILE).exists():
        found += _read_research(research)
    return found


def _read_points(path: Path) -> Iterator[Sentence]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        for place, row in enumerate(csv.DictReader(lines)):
            meant = next((of for start, of in POINTS.items() if row["Point"].startswith(start)), None)
            if meant is None:
                continue
            positive = row["Type"] == "Positive"
            yield Sentence(
                id=f"points-{place}",
                text=row["Example"],
                held=place % 2 == 1,
                cluster=f"points-{place}",
                wanted=(meant,) if positive else (),
                barred=frozenset() if positive else meant,
                plain=not positive or row["Subtype"] == "Direct",
            )


def _read_research(path: Path) -> Iterator[Sentence]:
    for place, row in enumerate(json.loads(path.read_text("utf-8"))):
        spans = tuple(
            (span["start_position"], span["end_position"], span["entity_type"]) for span in row["spans"]
        )
        types = {kind for _, _, kind in spans}
        wanted = {TYPES[kind] for kind in types if kind in TYPES}
        forgiven = frozenset().union(*wanted, *(FORGIVEN.get(kind, frozenset()) for kind in types))
        yield Sentence(
            id=f"research-{place}",
            text=row["full_text"],
            held=row["template_id"] % 2 == 1,
            cluster=f"research-{row['template_id']}",
            wanted=tuple(wanted),
            barred=SCORED - forgiven,
            spans=spans,
        )


@dataclass
class Count:
    """What was said rightly and wrongly, and what is there and was found or missed."""

    right: int = 0
    wrong: int = 0
    found: int = 0
    missed: int = 0

    def add(self, other: Count) -> None:
        """Add another count to this one."""
        self.right += other.right
        self.wrong += other.wrong
        self.found += other.found
        self.missed += other.missed

    @property
    def precision(self) -> float:
        """Share of what was said that is right."""
        return self.right / (self.right + self.wrong) if self.right else 0.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found."""
        return self.found / (self.found + self.missed) if self.found else 0.0

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def judge(sentence: Sentence, said: Iterable[Said]) -> Count:
    """Count what is right in one sentence, wherever it stands; categories of names count as one."""
    kinds = {(categories, counts) for _, _, categories, counts in said}
    everything = frozenset().union(*(categories for categories, _ in kinds))
    found = sum(1 for group in sentence.wanted if group & everything)
    alarms = {
        frozenset("name" if one in NAMES else one for one in categories & SCORED or categories)
        for categories, counts in kinds
        if counts and categories & sentence.barred and not categories & (SCORED - sentence.barred)
    }
    return Count(found, len(alarms), found, len(sentence.wanted) - found)


def judge_spans(sentence: Sentence, said: Iterable[Said]) -> dict[str, Count]:
    """Count by type what is right in one sentence of the second set: a hit is any overlap."""
    counts: dict[str, Count] = defaultdict(Count)
    said = [one for one in said if one[0] >= 0]
    for start, end, kind in sentence.spans:
        if kind in TYPES:
            hit = any(a < end and b > start and of & TYPES[kind] for a, b, of, _ in said)
            counts[kind].add(Count(found=hit, missed=not hit))
    for a, b, of, blamed in said:
        over = [kind for start, end, kind in sentence.spans if a < end and b > start]
        right = next((kind for kind in over if kind in TYPES and of & TYPES[kind]), None)
        if right:
            counts[right].add(Count(right=1))
        elif blamed and of & SCORED and not any(of & FORGIVEN.get(kind, frozenset()) for kind in over):
            meant = next(kind for kind, categories in TYPES.items() if of & categories)
            counts[meant].add(Count(wrong=1))
    return counts


Scores = dict[str, tuple[Count, float, float]]


def score(answers: Mapping[str, list[Said]], asked: Iterable[Sentence]) -> Scores:
    """Score a detector's answers.

    Args:
        answers: What it said by a sentence's id; of a sentence that is not there it said nothing.
        asked: What it was asked.

    Returns:
        By set and half: the count, and the ends of the 95 % interval of its F1.
    """
    clusters: dict[str, dict[str, Count]] = defaultdict(lambda: defaultdict(Count))
    for sentence in asked:
        said = answers.get(sentence.id, [])
        name = sentence.id.partition("-")[0]
        half = "held out" if sentence.held else "read"
        clusters[f"{name}, {half}"][sentence.cluster].add(judge(sentence, said))
        if name == "points" and sentence.plain:
            clusters[f"points in plain words, {half}"][sentence.cluster].add(judge(sentence, said))
        if name == "research":
            nameless = replace(
                sentence,
                wanted=tuple(one for one in sentence.wanted if not one & NAMES),
                barred=sentence.barred - NAMES,
            )
            clusters[f"research without names, {half}"][sentence.cluster].add(judge(nameless, said))
            for count in judge_spans(sentence, said).values():
                clusters[f"research by spans, {half}"][sentence.cluster].add(count)
    return {key: _with_interval(list(counts.values())) for key, counts in sorted(clusters.items())}


def score_types(answers: Mapping[str, list[Said]], asked: Iterable[Sentence]) -> dict[str, Count]:
    """Score the spans of the second set by type, both halves together."""
    counts: dict[str, Count] = defaultdict(Count)
    for sentence in asked:
        if not sentence.id.startswith("research-"):
            continue
        for kind, count in judge_spans(sentence, answers.get(sentence.id, [])).items():
            counts[kind].add(count)
    return dict(sorted(counts.items()))


def _with_interval(counts: list[Count]) -> tuple[Count, float, float]:
    total = Count()
    for count in counts:
        total.add(count)
    chance = random.Random(SEED)
    drawn = []
    for _ in range(RESAMPLES):
        again = Count()
        for count in chance.choices(counts, k=len(counts)):
            again.add(count)
        drawn.append(again.f1)
    drawn.sort()
    return total, drawn[int(0.025 * RESAMPLES)], drawn[int(0.975 * RESAMPLES)]


def ours(asked: Iterable[Sentence]) -> dict[str, list[Said]]:
    """Return what the shipped rules find in each sentence."""
    from curtilage.detection.values.fold import fold_with_origins
    from curtilage.detection.values.rules import load
    from curtilage.detection.values.scanner import Scanner

    book = load()
    find = Scanner(book).find
    found = {}
    for sentence in asked:
        cell = sentence.text.encode()
        origins = fold_with_origins(cell)[1]
        found[sentence.id] = [
            (
                len(cell[: origins[hit.start]].decode(errors="ignore")),
                len(cell[: origins[hit.end]].decode(errors="ignore")),
                frozenset({book.rules[hit.rule].category}),
                True,
            )
            for hit in find(cell, frozenset())
        ]
    return found


def theirs(texts: Mapping[str, dict[str, Any]]) -> dict[str, list[Said]]:
    """Translate what a peer's script said."""
    found: dict[str, list[Said]] = {}
    for name, one in texts.items():
        spans = one.get("spans") or [(-1, -1, kind) for kind in one["kinds"]]
        found[name] = [
            (start, end, frozenset(categories), counts)
            for start, end, kind in spans
            for categories, counts in [meaning(kind)]
            if categories
        ]
    return found


HEAD = "| detector | set, half | precision | recall | typed F1 | 95 % interval |\n|---|---|---|---|---|---|"


def table(name: str, scores: Scores) -> str:
    """Return the rows of a detector."""
    rows = [
        f"| {name} | {part} | {count.precision:.2f} | {count.recall:.2f} | {count.f1:.3f} | {low:.3f} to {high:.3f} |"
        for part, (count, low, high) in scores.items()
    ]
    return "\n".join(rows)


def compare(options: argparse.Namespace, peers: Iterable[Peer]) -> None:
    """Print ours beside peers that look at texts; ``peers`` are those that do."""
    asked = sentences()
    if not asked:
        print(f"No public sets at {CORPUS}: values were not measured on them.")
        return
    given = "".join(json.dumps({"id": one.id, "text": one.text}) + "\n" for one in asked)
    print(HEAD)
    print(table("Curtilage", score(ours(asked), asked)), flush=True)
    for one in peers:
        if install(one):
            continue
        # All sentences or none: half an answer would be scored as silence.
        answer = ask(one, "texts", given, max(options.seconds, 900))
        if isinstance(answer, Answer) and len(answer.texts) == len(asked):
            print(table(one.name, score(theirs(answer.texts), asked)), flush=True)
        else:
            print(f"| {one.name} | not measured: it did not answer all | | | | |")


def main() -> int:
    """Print ours; 0 also where there is no corpus."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", action="store_true")
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    options = parser.parse_args()
    asked = sentences()
    if not asked:
        print(f"No public sets at {CORPUS}: values were not measured on them.")
        return 0
    if options.texts:
        for one in asked:
            print(json.dumps({"id": one.id, "text": one.text}))
        return 0
    answers = ours(asked)
    print(HEAD)
    print(table("Curtilage", score(answers, asked)))
    print("\n| type of the second set | precision | recall |\n|---|---|---|")
    for kind, count in score_types(answers, asked).items():
        print(f"| {kind} | {count.precision:.2f} | {count.recall:.2f} |")
    _errors(options.errors, answers, asked)
    return 0


def _errors(most: int, answers: Mapping[str, list[Said]], asked: list[Sentence]) -> None:
    """Print errors of the half that may be read."""
    chance = random.Random(SEED)
    wrong = [one for one in asked if not one.held and _is_off(one, answers[one.id])]
    for one in chance.sample(wrong, min(most, len(wrong))):
        said = [(one.text[a:b], *of) for a, b, of, _ in answers[one.id]]
        print(
            f"\n{one.id} {one.text!r}\n  said {said}\n  there {[(one.text[a:b], k) for a, b, k in one.spans]}"
        )


def _is_off(sentence: Sentence, said: list[Said]) -> bool:
    count = judge(sentence, said)
    return bool(count.wrong or count.missed)


if __name__ == "__main__":
    sys.exit(main())
