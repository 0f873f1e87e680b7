"""How many of the labelled fields of a corpus the readers find.

    python -m bench.coverage [CORPUS] [--misses N] [--format NAME]

A field is found when a place of the same source has its locator, its name or its text.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from curtilage.cli.assembly import readers
from curtilage.connectors.ports import Document, Limits
from curtilage.foundation.errors import CurtilageError
from curtilage.foundation.place import Place

DEFAULT = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"


@dataclass
class Seen:
    """What the readers found in one file."""

    reader: str = "none"
    locators: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    count: int = 0
    places: dict[tuple[str, str], list[Place]] = field(default_factory=dict)

    def agrees(self, row: dict) -> tuple[bool, bool, bool]:
        """Whether a place of the same locator and language has the text, the options, the language."""
        there = self.places.get((row["locator"], row["lang"])) or self.places.get((row["locator"], "")) or []
        texts = {" ".join(place.text.split()) for place in there}
        langs = {place.lang for place in there}
        options = {place.options[: len(row["options"])] for place in there}
        return " ".join(row["text"].split()) in texts, tuple(row["options"]) in options, row["lang"] in langs

    def has(self, row: dict) -> bool:
        return (
            row["locator"] in self.locators
            or (row["name"] and row["name"] in self.names)
            or (bool(row["text"]) and " ".join(row["text"].split()) in self.texts)
        )


def look(path: Path, source: str, kinds: tuple) -> Seen:
    """Read one file with the reader that is surest of it."""
    document = Document(source, path.read_bytes(), Limits())
    weighed = sorted(
        ((reader.weigh(document), reader.name, reader) for reader in kinds), key=lambda w: (-w[0], w[1])
    )
    if not weighed or weighed[0][0] <= 0:
        return Seen()
    seen = Seen(weighed[0][1])
    try:
        for place in weighed[0][2].read(document):
            seen.count += 1
            seen.places.setdefault((place.locator, place.lang), []).append(place)
            seen.places.setdefault((place.locator, ""), []).append(place)
            seen.locators.add(place.locator)
            seen.names.add(place.name)
            seen.texts.update(
                " ".join(text.split()) for text in (place.text, *(said for _, said in place.translations))
            )
    except CurtilageError as error:
        print(f"  {error}", file=sys.stderr)
    return seen


def main() -> int:
    """Print the share found for each format; exit 1 where it is under 97 % of all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", nargs="?", type=Path, default=DEFAULT)
    parser.add_argument("--misses", type=int, default=0, help="list up to N misses of each format")
    parser.add_argument("--format", default="", help="only this format")
    parser.add_argument(
        "--files", action="store_true", help="list the files, their reader and their count of places"
    )
    parser.add_argument(
        "--differ", default="", help="list fields that differ in locator, name, text, options or lang"
    )
    asked = parser.parse_args()
    labels = asked.corpus / "labels.jsonl"
    if not labels.exists():
        print(f"No labels.jsonl in {asked.corpus}. Nothing was measured. Give the folder of the corpus.")
        return 2
    kinds = readers()
    files: dict[str, Seen] = {}
    found, total, used = Counter(), Counter(), defaultdict(Counter)
    misses, exact = defaultdict(list), defaultdict(Counter)
    begun = time.perf_counter()
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        source = f"{row['repo'].replace('/', '__')}/{row['path']}"
        path = asked.corpus / "raw" / source
        if not path.exists() or (asked.format and row["format"] != asked.format):
            continue
        if source not in files:
            files[source] = look(path, source, kinds)
        seen, kind = files[source], row["format"]
        total[kind] += 1
        used[kind][seen.reader] += 1
        if seen.has(row):
            found[kind] += 1
            same = [row["locator"] in seen.locators, row["name"] in seen.names, *seen.agrees(row)]
            for part, holds in zip(("locator", "name", "text", "options", "lang"), same, strict=True):
                exact[kind][part] += holds
                if not holds and part in asked.differ.split(","):
                    there = seen.places.get((row["locator"], ""), [])
                    print(f"  differs in {part}: {row}\n     {there[:2]}")
        else:
            misses[kind].append(f"{source} {row['locator']} | {row['name']} | {row['text'][:90]}")
    for kind in sorted(total):
        by = ", ".join(f"{name} {count}" for name, count in used[kind].most_common())
        print(
            f"{kind:24} {found[kind]:5} of {total[kind]:5}  {100 * found[kind] / total[kind]:6.1f} %  read by {by}"
        )
        shares = (f"{part} {100 * exact[kind][part] / max(1, found[kind]):.0f}" for part in exact[kind])
        print(f"{'':24} of those the same, in %: {', '.join(shares)}")
        for miss in misses[kind][: asked.misses]:
            print(f"    {miss}")
    if asked.files:
        for source, seen in sorted(files.items()):
            print(f"  {seen.count:5} {seen.reader:16} {source}")
    share = sum(found.values()) / max(1, sum(total.values()))
    print(f"{'all':24} {sum(found.values()):5} of {sum(total.values()):5}  {100 * share:6.1f} %")
    print(f"{len(files)} files in {time.perf_counter() - begun:.1f} s")
    return 0 if share >= 0.97 else 1


if __name__ == "__main__":
    sys.exit(main())
