"""Read the rules: files of data that somebody who knows forms, or law, can write without Python.

* ``rules/CATEGORY.yml``: what tells that a field is of one category, with cases that say so.
* ``lexicon/false_friends.yml``: words that mean something else, and statements that ask nothing.
* ``lexicon/groups.yml``: subjects that phrases may require or exclude.
* ``lexicon/combinations.yml``: what several categories tell together.
* ``lexicon/classes.yml``: words that phrases may name together, such as the countries.
* ``lexicon/abbreviations.yml``: what people shorten words to in names.

``docs/rooms/detection.md`` teaches the format. A file that cannot be read stops the program with a
list of problems: half a rulebook would quietly protect half of the residents' data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import msgspec
import yaml

from curtilage.detection.phrases import GAP, Phrase, expand
from curtilage.detection.words import toned, words
from curtilage.foundation.errors import DeclarationError, Problem
from curtilage.inventory.nouns import Reveals

Entry = tuple[tuple[str, ...], Phrase]

#: The categories that speak of status and origin; ``masks: status`` means these.
STATUS: Final = frozenset(
    [
        "immigration_status",
        "citizenship",
        "nationality",
        "country_of_birth",
        "place_of_birth",
        "alien_number",
        "uscis_receipt",
        "passport",
        "visa",
        "i94",
        "sevis",
        "consular_or_foreign_id",
        "ssn",
        "itin",
        "no_ssn_reason",
        "drivers_license",
        "state_id",
        "other_government_id",
        "language",
        "interpreter_need",
        "race",
        "ethnicity",
        "tribal",
        "religion",
    ]
)
RANKS: Final = tuple(Reveals)

_ROMANCE: Final = frozenset("es pt fr it ca".split())
_LITTLE: Final = frozenset(
    "de del la el los las do da dos das di du des l d della dello dei delle le les o a os as".split()
)
"""Words that names of columns leave out in these languages."""
_NAMES: Final[dict[str, Any]] = {"zones": ("name", "table")}
_SHORT: Final = 5
"""Letters; chosen: the longest words that were seen to collide have five."""

_RULE_KEYS: Final = frozenset(
    [
        "category",
        "zones",
        "reveals",
        "source",
        "phrases",
        "names",
        "options",
        "not",
        "seen",
        "cases",
        "needs",
        "lacks",
        "score",
        "keep",
    ]
)
_PHRASE_KEYS: Final = frozenset(
    ["p", "reveals", "score", "strict", "tone", "needs", "lacks", "whole", "keep", "zones", "shy"]
)
_SAFE_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class RulesNotReadableError(DeclarationError):
    """A file of rules cannot be read.

    Raised when a classifier is made; nothing was classified.
    """

    code = "detection.rules-not-readable"


class Combination(msgspec.Struct, frozen=True):
    """What several categories, or groups of words, tell together.

    Attributes:
        all: Categories or groups that must all be there.
        none: Categories or groups that must not.
        level: Rank that the field is lifted to (lowered to, where ``lower``); None leaves it.
        add: Category that is added; empty for none.
        drop: Categories taken away.
        on: Category whose level changes; empty for the one added, or the first of ``all``.
    """

    name: str
    all: frozenset[str]
    none: frozenset[str] = frozenset()
    level: int | None = None
    add: str = ""
    drop: frozenset[str] = frozenset()
    on: str = ""


@dataclass(slots=True)
class Rulebook:
    """All the rules, ready to be compiled.

    Attributes:
        texts: Phrases for labels, questions and names; those for names alone say so in ``zones``.
        options: Phrases for coded answers.
        abbreviations: Shortened word to the words it may stand for.
        short: Words of two and three letters that may be part of a run-together name.
        classes: Word to the classes it belongs to, as phrases write them (``<country>``).
        combinations: In the order in which they are applied.
        levels: Category to the rank that its rule gives by default.
        seen: Repositories that have ``seen`` phrases, whether these were left out or not.
    """

    texts: list[Entry] = field(default_factory=list)
    options: list[Entry] = field(default_factory=list)
    abbreviations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    short: frozenset[str] = frozenset()
    classes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    combinations: list[Combination] = field(default_factory=list)
    levels: dict[str, int] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)


def load(*, without_seen: frozenset[str] = frozenset(), folder: Traversable | None = None) -> Rulebook:
    """Read every rule that ships with Curtilage, or those of another folder of the same shape.

    Args:
        without_seen: Repositories whose ``seen`` phrases are left out, so that quality can be
            measured as if those had never been read.
        folder: Has ``rules/`` and ``lexicon/``; None for the shipped ones.

    Raises:
        RulesNotReadableError: A file is not YAML, or has a key that means nothing.
    """
    root = folder if folder is not None else files("curtilage.detection")
    book = Rulebook()
    problems: list[Problem] = []
    special = {
        "false_friends.yml": _add_masks,
        "groups.yml": _add_groups,
        "combinations.yml": _add_combinations,
        "abbreviations.yml": _add_abbreviations,
        "classes.yml": _add_classes,
    }
    for path in sources(root):
        _read(path, book, problems, without_seen, special.get(path.name, _add_rule))
    if problems:
        raise RulesNotReadableError(problems, next_step="Mend the files named above; nothing was classified.")
    return book


def sources(root: Traversable) -> list[Traversable]:
    """Return the files of rules of a folder, in the order in which they are read."""
    rules = sorted((root / "rules").iterdir(), key=lambda one: one.name)
    lexicon = ("false_friends", "groups", "combinations", "abbreviations", "classes")
    return [path for path in rules if path.name.endswith(".yml")] + [
        root / "lexicon" / f"{name}.yml" for name in lexicon
    ]


def _read(
    path: Traversable, book: Rulebook, problems: list[Problem], without: frozenset[str], add: Any
) -> None:
    # The cases stand last in each file and are only for tests: not parsing them halves the start.
    head, _, _ = path.read_text("utf-8").partition("\ncases:")
    try:
        data = yaml.load(head, Loader=_SAFE_LOADER)  # noqa: S506 - a safe loader, the C one where there is one
        add(data or {}, book, without)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problems.append(Problem(path.name, line, f"is not YAML: {error.problem}", code="detection.not-yaml"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        problems.append(Problem(path.name, 0, f"cannot be read: {error}", code="detection.not-a-rule"))


def _add_rule(data: Mapping[str, Any], book: Rulebook, without: frozenset[str]) -> None:
    if unknown := set(data) - _RULE_KEYS:
        raise ValueError(f"unknown keys {sorted(unknown)}")
    category = data["category"]
    defaults = {
        key: data[key] for key in ("reveals", "score", "needs", "lacks", "keep", "zones") if key in data
    }
    book.levels[category] = _rank(defaults.get("reveals", "none"))
    spoken = list(_phrases(data.get("phrases"), "match", category, defaults))
    for repository, seen in (data.get("seen") or {}).items():
        book.seen.add(repository)
        if repository not in without:
            spoken += _phrases(seen, "match", category, defaults)
    masked = frozenset([category])
    denied = list(_phrases(data.get("not"), "mask", f"not-{category}", {"masked": masked}))
    book.texts += spoken + denied
    book.texts += _phrases({"": data.get("names")}, "match", category, {**_NAMES, **defaults})
    book.options += _phrases({"": data.get("options")}, "match", category, {"score": 0.8, **defaults})
    book.options += denied


def _add_masks(data: Mapping[str, Any], book: Rulebook, without: frozenset[str]) -> None:
    for name, mask in data.items():
        defaults = {"masked": _categories(mask.get("masks", "all")), "scope": mask.get("scope", "span")}
        defaults |= {key: mask[key] for key in ("needs", "lacks", "zones") if key in mask}
        spoken = list(_phrases(mask.get("phrases"), "mask", name, defaults))
        for repository, seen in (mask.get("seen") or {}).items():
            book.seen.add(repository)
            if repository not in without:
                spoken += _phrases(seen, "mask", name, defaults)
        book.texts += spoken
        book.texts += _phrases({"": mask.get("names")}, "mask", name, {**_NAMES, **defaults})
        book.options += _phrases({"": mask.get("options")}, "mask", name, defaults)


def _add_groups(data: Mapping[str, Any], book: Rulebook, _without: frozenset[str]) -> None:
    for name, group in data.items():
        spoken = list(_phrases(group.get("phrases"), "group", name, {}))
        book.texts += spoken
        book.texts += _phrases({"": group.get("names")}, "group", name, _NAMES)
        book.options += _phrases({"": group.get("options")}, "group", name, {})


def _add_combinations(data: Mapping[str, Any], book: Rulebook, _without: frozenset[str]) -> None:
    for name, rule in data.items():
        book.combinations.append(
            Combination(
                name=name,
                all=frozenset(rule["all"]),
                none=frozenset(rule.get("none", ())),
                level=_rank(rule["reveals"]) if "reveals" in rule else None,
                add=rule.get("add", ""),
                drop=frozenset(rule.get("drop", ())),
                on=rule.get("on", rule.get("add", "") or rule["all"][0]),
            )
        )


def _add_abbreviations(data: Mapping[str, Any], book: Rulebook, _without: frozenset[str]) -> None:
    book.short = frozenset(map(str, data["short"]))
    book.abbreviations = {short: tuple(_listed(long)) for short, long in data["words"].items()}


def _add_classes(data: Mapping[str, Any], book: Rulebook, _without: frozenset[str]) -> None:
    for name, listed in data.items():
        for word in listed.split():
            if len(found := words(word)) == 1:
                book.classes[found[0]] = (*book.classes.get(found[0], ()), f"<{name}>")


def _phrases(listed: Any, kind: str, target: str, defaults: Mapping[str, Any]) -> Iterator[Entry]:
    """Yield the entries of ``{language: [phrase, ...]}``, of a plain list, or of nothing."""
    by_language = listed if isinstance(listed, Mapping) else {"": listed}
    for lang, spoken in by_language.items():
        for one in _listed(spoken or ()):
            wanted = one if isinstance(one, Mapping) else {"p": one}
            if unknown := set(wanted) - _PHRASE_KEYS:
                raise ValueError(f"unknown keys {sorted(unknown)} in a phrase of {target}")
            for written in _listed(wanted["p"]):
                if not isinstance(written, str | int) or isinstance(written, bool):
                    raise TypeError(f"a phrase of {target} is not a text: put no, yes, on and off in quotes")
                yield from _entries(str(written), kind, target, str(lang), {**defaults, **wanted})


def _entries(written: str, kind: str, target: str, lang: str, wanted: Mapping[str, Any]) -> Iterator[Entry]:
    bare = written.strip("^$")
    sequences = tuple(dict.fromkeys(expand(bare)))
    if not sequences:
        return
    phrase = Phrase(
        kind=kind,
        target=target,
        label=_say(sequences[0]),
        lang=lang,
        rank=_rank(wanted.get("reveals", "none")),
        score=float(wanted.get("score", 0.9)),
        strict=bool(wanted.get("strict", False)),
        tones=toned(written) if wanted.get("tone") else "",
        needs=frozenset(_listed(wanted.get("needs", ()))),
        lacks=frozenset(_listed(wanted.get("lacks", ()))),
        begins=written.startswith("^") or bool(wanted.get("whole", False)),
        ends=written.endswith("$") or bool(wanted.get("whole", False)),
        shy=bool(wanted.get("shy", False)),
        keep=bool(wanted.get("keep", False)),
        masked=wanted.get("masked", frozenset()),
        scope=wanted.get("scope", "span"),
        zones=frozenset(_listed(wanted.get("zones", ()))),
    )
    phrase = _with_plain(phrase)
    strict = msgspec.structs.replace(
        phrase, strict=True, plain=False, spelt=toned(bare) if bare.isalpha() else ""
    )
    for sequence in sequences:
        yield sequence, strict if lang and _is_short(lang, sequence) else phrase
    if lang in _ROMANCE and kind == "match" and not phrase.zones:
        named = msgspec.structs.replace(phrase, zones=frozenset(_NAMES["zones"]), plain=False)
        yield from ((short, named) for short in _shortened(sequences))


def _shortened(sequences: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield phrases as names of columns have them, without the little words: ``pais_origen``."""
    for sequence in sequences:
        short = tuple(word for word in sequence if word not in _LITTLE)
        if 1 < len(short) < len(sequence) and GAP not in short:
            yield short


def _say(sequence: tuple[str, ...]) -> str:
    """Return the words of a phrase for people: of several ways to say it, the one its rule names first."""
    return " ".join(element.strip() for element in sequence)


def _with_plain(phrase: Phrase) -> Phrase:
    conditions = (
        phrase.strict,
        phrase.tones,
        phrase.needs,
        phrase.lacks,
        phrase.zones,
        phrase.begins,
        phrase.ends,
    )
    return msgspec.structs.replace(phrase, plain=not any(conditions))


def _is_short(lang: str, sequence: tuple[str, ...]) -> bool:
    """Say whether a phrase is one word so short that, without accents, other languages have it too.

    Vietnamese *nợ* (debt) is *no*, Spanish *beca** (grant) begins *because*: such words count only
    in a field of their language. English is not held to it: names of columns are English everywhere.
    """
    if lang in ("en", "zh") or len(sequence) > 1 or not sequence[0].isascii():
        return False
    return lang == "vi" or len(sequence[0].rstrip("*")) <= _SHORT


def _listed(value: Any) -> Iterable[Any]:
    """Return a list as it is, and a text as its lines: a block of lines is a list of phrases."""
    if isinstance(value, str):
        return tuple(line.strip() for line in value.splitlines() if line.strip())
    return tuple(value)


def _rank(level: str) -> int:
    return Reveals(level).rank


def _categories(named: Any) -> frozenset[str]:
    """Return the categories of a mask: ``all`` is empty, which masks every category."""
    if named == "all":
        return frozenset()
    found: set[str] = set()
    for one in _listed(named):
        found |= STATUS if one == "status" else {one}
    return frozenset(found)
