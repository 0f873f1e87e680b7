"""What other tools say of the same fields: each in an environment of its own, unchanged.

    python -m bench peers            install what is missing, run each, print the table

A peer is given what it takes: a name (piicatcher, OpenMetadata) or a text (Presidio, DataProfiler). Its
kinds are mapped to our categories as kindly as they allow; NATIONALITY and NRP count as telling. None
of them was made for questions: the table says what a city gets that points them at its forms.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import venv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / ".." / "shared" / "corpus"
PLACE = ROOT / ".cache" / "peers"
HIGH = {"direct", "strong"}


@dataclass(frozen=True)
class Peer:
    name: str
    script: str
    packages: tuple[str, ...]
    options: tuple[str, ...] = ()
    given: str = "name"


PEERS = (
    Peer("piicatcher 0.17, name patterns", "piicatcher", ("piicatcher==0.17.0",), ("--no-deps",)),
    Peer(
        "OpenMetadata 2.0.7, name patterns",
        "openmetadata",
        ("openmetadata-ingestion==2.0.7.0",),
        ("--no-deps",),
    ),
    Peer("Presidio 2.2.366, no model", "presidio", ("presidio-analyzer==2.2.366",), given="name and text"),
    Peer("DataProfiler 0.14, labeler", "dataprofiler", ("DataProfiler[ml]",), given="name and text"),
)

#: A peer's kind -> our categories. Where a peer does not tell two apart, either counts.
KINDS = {
    "PERSON": ("full_name", "given_name", "family_name"),
    "USER_NAME": ("full_name",),
    "EMAIL": ("email",),
    "EMAIL_ADDRESS": ("email",),
    "PHONE": ("phone",),
    "PHONE_NUMBER": ("phone",),
    "BIRTH_DATE": ("date_of_birth",),
    "DATE_TIME": ("date_of_birth",),
    "GENDER": ("sex", "gender_identity"),
    "NATIONALITY": ("nationality",),
    "NRP": ("nationality",),
    "ADDRESS": ("address",),
    "LOCATION": ("address",),
    "SSN": ("ssn",),
    "US_SSN": ("ssn",),
    "US_ITIN": ("itin",),
    "US_PASSPORT": ("passport",),
    "US_DRIVER_LICENSE": ("drivers_license",),
    "DRIVERS_LICENSE": ("drivers_license",),
    "CREDIT_CARD": ("financial_account",),
    "BANK_ACCOUNT": ("financial_account",),
    "US_BANK_NUMBER": ("financial_account",),
    "IBAN_CODE": ("financial_account",),
    "BAN": ("financial_account",),
    "IP_ADDRESS": ("ip_or_device",),
    "MEDICAL_LICENSE": ("health",),
}
TELLING = {"NATIONALITY", "NRP", "US_ITIN", "US_PASSPORT"}


def main() -> int:
    """Print the table; 0 also where there is no corpus."""
    labels = CORPUS / "labels.jsonl"
    if not labels.exists():
        print(f"No labelled corpus at {CORPUS}: peers were not measured.")
        return 0
    truth = [json.loads(line) for line in labels.read_text("utf-8").splitlines()]
    print(
        "| tool | is given | status P | status R | status F1 | traps taken | category micro F1 | fields/s |"
    )
    print("|---|---|---|---|---|---|---|---|")
    _row("Curtilage, all rules", "all", *_ours(truth), truth)
    for peer in PEERS:
        if (why := install(peer)) is not None:
            print(f"| {peer.name} | skipped: {why} | | | | | | |")
            continue
        said, seconds = _ask(peer, truth)
        _row(peer.name, peer.given, said, seconds, truth)
    return 0


def install(peer: Peer) -> str | None:
    """Make the peer's environment; return why that failed, in a few words."""
    home = PLACE / peer.script
    if (home / ".ready").exists():
        return None
    venv.create(home, with_pip=True, clear=True)
    command = [str(home / "bin" / "pip"), "install", "-q", *peer.options, *peer.packages]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1500, check=False)
    if done.returncode:
        return "could not be installed here"
    (home / ".ready").touch()
    return None


def _ask(peer: Peer, truth: list[dict]) -> tuple[dict[str, dict], float]:
    script = ROOT / "bench" / "peer_scripts" / f"ask_{peer.script}.py"
    asked = "".join(
        json.dumps({"id": row["id"], "name": row["name"].rsplit(".", 1)[-1], "text": row["text"]}) + "\n"
        for row in truth
    )
    began = time.perf_counter()
    command = [str(PLACE / peer.script / "bin" / "python"), str(script)]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, timeout=3000, check=False)
    seconds = time.perf_counter() - began
    if done.returncode:
        print(done.stderr[-600:], file=sys.stderr)
    said = {}
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        said[answer["id"]] = {"kinds": answer["kinds"], "high": bool(TELLING & set(answer["kinds"]))}
    return said, seconds


def _ours(truth: list[dict]) -> tuple[dict[str, dict], float]:
    from bench.quality import _field
    from curtilage.detection.classifier import Classifier

    classifier = Classifier()
    began = time.perf_counter()
    verdicts = {row["id"]: classifier.classify(_field(row)) for row in truth}
    seconds = time.perf_counter() - began
    return {
        key: {"categories": set(verdict.categories), "high": str(verdict.reveals) in HIGH}
        for key, verdict in verdicts.items()
    }, seconds


def _row(name: str, given: str, said: dict[str, dict], seconds: float, truth: list[dict]) -> None:
    status, category, traps = Counter(), Counter(), Counter()
    for row in truth:
        answer = said.get(row["id"], {"kinds": [], "high": False})
        if not row.get("needs_context"):
            status[(row["reveals"] in HIGH, answer["high"])] += 1
        if row.get("hard_negative"):
            traps["all"] += 1
            traps["taken"] += answer["high"]
        _count_categories(category, set(row["labels"]), answer)
    p, r, f1 = _score(status[True, True], status[False, True], status[True, False])
    _, _, micro = _score(category["tp"], category["fp"], category["fn"])
    print(
        f"| {name} | {given} | {p:.2f} | {r:.2f} | {f1:.2f} | {traps['taken']}/{traps['all']} "
        f"| {micro:.2f} | {len(truth) / seconds:,.0f} |"
    )


def _count_categories(count: Counter, labels: set[str], answer: dict) -> None:
    """A peer's kind is right where any category that it may mean is labelled."""
    if "categories" in answer:
        count["tp"] += len(labels & answer["categories"])
        count["fp"] += len(answer["categories"] - labels)
        count["fn"] += len(labels - answer["categories"])
        return
    meant = [set(KINDS[kind]) for kind in answer["kinds"] if kind in KINDS]
    hit = set().union(*(kinds & labels for kinds in meant)) if meant else set()
    count["tp"] += len(hit)
    count["fp"] += sum(not kinds & labels for kinds in meant)
    count["fn"] += len(labels - hit)


def _score(tp: int, fp: int, fn: int) -> tuple[float, float, float]:
    p = tp / (tp + fp) if tp + fp else 0.0
    r = tp / (tp + fn) if tp + fn else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


if __name__ == "__main__":
    raise SystemExit(main())
