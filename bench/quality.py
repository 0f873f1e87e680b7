"""How well fields are recognised, measured on the labelled corpus where it lies beside.

    python -m bench.quality                     the figures
    python -m bench.quality --errors 40         and the first errors of status
    python -m bench.quality --errors 40 --category language --repo bloom
    python -m bench.quality --errors 40 --kind categories    any wrong category

"Without" leaves out, for each repository, the phrases that were added because its errors were read
(`seen` in the rules): what is left was written without knowing it. Confidence intervals are of a
bootstrap over whole repositories, because fields of one repository resemble each other.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter, defaultdict
from pathlib import Path

from curtilage.detection.classifier import Classifier, Field
from curtilage.detection.rulebook import load

CORPUS = Path(__file__).resolve().parents[1] / ".." / "shared" / "corpus"
HIGH = {"direct", "strong"}


def main() -> int:
    """Print the figures; 0 also where there is no corpus."""
    options = _options()
    labels = options.corpus / "labels.jsonl"
    if not labels.exists():
        print(f"No labelled corpus at {options.corpus}: quality was not measured.")
        return 0
    truth = [json.loads(line) for line in labels.read_text("utf-8").splitlines() if line.strip()]
    said = _predict(truth, Classifier())
    left_out = _leave_out(truth, said)
    if options.errors:
        _list_errors(truth, left_out if options.without else said, options)
        return 0
    print(f"{len(truth)} fields of {len({row['repo'] for row in truth})} repositories")
    for title, answers in (("all rules", said), ("without", left_out)):
        _figures(title, truth, answers)
    _tables(truth, said)
    return 0


def _options():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    parser.add_argument("--kind", choices=("status", "categories", "level"), default="status")
    parser.add_argument("--repo", default="", help="part of the repository's name")
    parser.add_argument("--category", default="", help="only errors of this category")
    parser.add_argument("--without", action="store_true", help="errors as measured by leaving out")
    return parser.parse_args()


def _predict(rows, classifier):
    return {row["id"]: classifier.classify(_field(row)) for row in rows}


def _field(row):
    return Field(
        row["name"], row["text"], tuple(map(str, row["options"])), row["lang"], row.get("context", "")
    )


def _leave_out(truth, said):
    answers = dict(said)
    for repo in load().seen:
        rows = [row for row in truth if row["repo"] == repo]
        answers |= _predict(rows, Classifier(load(without_seen=frozenset([repo]))))
    return answers


def _f1(count):
    wanted, said = count["tp"] + count["fn"], count["tp"] + count["fp"]
    return 2 * count["tp"] / (wanted + said) if wanted + said else 0.0


def _outcome(*, want, got):
    return "tp" if want and got else "fp" if got else "fn" if want else "tn"


def _count(truth, said):
    """Count outcomes by repository: of status, of each category, of traps."""
    status, category, traps = (
        defaultdict(Counter),
        defaultdict(lambda: defaultdict(Counter)),
        defaultdict(Counter),
    )
    for row in truth:
        verdict = said[row["id"]]
        want, got = row["reveals"] in HIGH, verdict.reveals.value in HIGH
        if not row.get("needs_context"):
            status[row["repo"]][_outcome(want=want, got=got)] += 1
        if row.get("hard_negative"):
            traps[row["repo"]].update(n=1, hit=got)
        have = set(verdict.categories)
        for label in have | set(row["labels"]):
            category[row["repo"]][label][_outcome(want=label in row["labels"], got=label in have)] += 1
    return status, category, traps


def _summary(repos, status, category, traps):
    whole = sum((status[repo] for repo in repos), Counter())
    macro = [_f1(status[repo]) for repo in repos if status[repo]["tp"] + status[repo]["fn"]]
    by_category = defaultdict(Counter)
    for repo in repos:
        for label, count in category[repo].items():
            by_category[label].update(count)
    trap = sum((traps[repo] for repo in repos), Counter())
    big = [_f1(count) for count in by_category.values() if count["tp"] + count["fn"] >= 10]
    return {
        "status F1": _f1(whole),
        "status F1, macro": sum(macro) / len(macro) if macro else 0.0,
        "traps taken": trap["hit"] / trap["n"] if trap["n"] else 0.0,
        "category F1, micro": _f1(sum(by_category.values(), Counter())),
        "category F1, macro": sum(big) / len(big) if big else 0.0,
    }


def _figures(title, truth, said):
    counts = _count(truth, said)
    repos = sorted({row["repo"] for row in truth})
    chance = random.Random(20170222)
    drawn = [_summary(chance.choices(repos, k=len(repos)), *counts) for _ in range(300)]
    for figure, value in _summary(repos, *counts).items():
        spread = sorted(one[figure] for one in drawn)
        print(f"{title:10s} {figure:20s} {value:.3f}   95 % {spread[7]:.3f} to {spread[-8]:.3f}")


def _tables(truth, said):
    by_lang, by_category, by_repo = defaultdict(Counter), defaultdict(Counter), defaultdict(Counter)
    for row in truth:
        verdict = said[row["id"]]
        outcome = _outcome(want=row["reveals"] in HIGH, got=verdict.reveals.value in HIGH)
        if not row.get("needs_context"):
            by_lang[row["lang"]][outcome] += 1
            by_repo[row["repo"]][outcome] += 1
        have = set(verdict.categories)
        for label in have | set(row["labels"]):
            by_category[label][_outcome(want=label in row["labels"], got=label in have)] += 1
    for title, table in (("language", by_lang), ("repository", by_repo), ("category", by_category)):
        print()
        for key, count in sorted(table.items(), key=lambda one: _f1(one[1])):
            n = count["tp"] + count["fn"]
            if n or count["fp"]:
                print(
                    f"{title} {key:45s} F1 {_f1(count):.2f}  n {n:4d}  missed {count['fn']:3d}  wrong {count['fp']:3d}"
                )


def _list_errors(truth, said, options):
    shown = 0
    for row in truth:
        verdict = said[row["id"]]
        wrong = _wrong(row, verdict, options.kind)
        if options.category:
            wrong = (options.category in row["labels"]) != (options.category in verdict.categories)
        if wrong and options.repo.lower() in row["repo"].lower() and shown < options.errors:
            shown += 1
            _show(row, verdict)


def _wrong(row, verdict, kind):
    if kind == "categories":
        return set(row["labels"]) != set(verdict.categories)
    if kind == "level":
        return row["reveals"] != verdict.reveals.value
    return not row.get("needs_context") and (row["reveals"] in HIGH) != (verdict.reveals.value in HIGH)


def _show(row, verdict):
    print(
        f"{row['repo']} {row['locator']} [{row['lang']}] {row['name']!r} | {row['text'][:200]!r} | {row['options'][:6]}"
    )
    print(
        f"   want {row['reveals']:6s} {row['labels']} {row['note']}{' TRAP' if row.get('hard_negative') else ''}"
    )
    print(
        f"   said {verdict.reveals.value:6s} {[(one.category, one.reasons) for one in verdict.matches]} {verdict.reasons}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
