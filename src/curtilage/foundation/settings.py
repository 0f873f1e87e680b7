"""What a city sets in ``curtilage.toml``, with the environment over it. Read once, by a door.

Rules of this file:

* It is the one place that reads the environment. Rooms are handed values.
* Every key is known, or an error names the nearest known one; all problems are told at once.
* A secret stands in a variable (``env:NAME``) or in a file (``file:PATH``), never in the settings
  themselves, and travels as :class:`Guarded`.
* Nothing empty means yes: an empty variable is no address.
* Each setting says here what it does; ``docs/reference/settings.md`` is rendered from that.

Source:
    tz, bcp47.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from curtilage.foundation._setting_values import EXAMPLES, find_wrong, holds_password, read_variable
from curtilage.foundation.errors import DeclarationError, Problem
from curtilage.foundation.guarded import Guarded

SETTINGS_FILE: Final = "curtilage.toml"
"""Name of the settings file in a city's folder."""

PREFIX: Final = "CURTILAGE_"
"""Start of every variable that overrides a setting: ``CURTILAGE_LIMITS_SECONDS``."""


def _setting(says: str, default: Any = MISSING) -> Any:
    return field(default=default, metadata={"says": says})


@dataclass(frozen=True, slots=True)
class CitySettings:
    """Which city this is. These keys stand at the top of the file."""

    name: str = _setting("The city's name, as residents read it.")
    zone: str = _setting("Its time zone, an IANA name such as `America/Chicago`.")
    languages: tuple[str, ...] = _setting(
        "Languages that residents are asked in, BCP 47 tags, the city's own first.", ("en",)
    )


@dataclass(frozen=True, slots=True)
class Connection:
    """How one of the city's systems is reached.

    Attributes:
        name: As ``systems.yml`` names it.
        address: A URL, or a path relative to the city's folder; None where it is not known.
        missing: Why the address is not known; empty where it is.
    """

    name: str
    address: Guarded | None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class SurveySettings:
    """How a survey works."""

    jobs: int = _setting("Worker processes at most; 0 is one for each core.", 0)
    values: bool = _setting(
        "Look into the cells too, and count what they hold; false looks at names only.", True
    )
    sample: int = _setting("Rows of each table to look at, and say so; 0 is all of them.", 0)
    pace: int = _setting("Rows a second at most, of all workers together; 0 is as fast as it goes.", 0)
    engine: str = _setting("A cluster that looks into cells, spark://HOST:PORT; empty for this machine.", "")


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """Where the ledger lies, and who signs it. Secrets stand in ``env:NAME`` or ``file:PATH``."""

    address: str = _setting(
        "Path of an SQLite file in the city's folder, or `env:NAME` or `file:PATH` of `postgresql://…`.",
        "curtilage.db",
    )
    origin: str = _setting(
        "Name of the ledger in its checkpoints, the same for ever: a name that no other ledger has, such as "
        "`records.rivermark.example/ledger`. Empty is made of the city's name.",
        "",
    )
    key: str = _setting(
        "What signs checkpoints: a key file in the city's folder, or a key in a token (`pkcs11:…`).",
        "curtilage.pem",
    )
    second_key: str = _setting(
        "A second key that signs, ML-DSA-44, which a quantum computer does not break; empty for none.", ""
    )
    witnesses: str = _setting(
        "File with the witnesses that are asked to sign, too: a line each, verifier key and address.",
        "witnesses.txt",
    )


@dataclass(frozen=True, slots=True)
class EncryptionSettings:
    """The city's keys for what is about people."""

    key: str = _setting(
        "What seals private bodies: a key file in the city's folder, or a key in a token (`pkcs11:…`).",
        "curtilage.key",
    )
    former: str = _setting(
        "The key before `key`, in a file or a token, which only opens: until `encryption rotate` has sealed all anew.",
        "",
    )
    subjects: str = _setting(
        "File of the key under which people are hashed, for holds and replays; sealed by the one above.",
        "curtilage.subjects",
    )


@dataclass(frozen=True, slots=True)
class RetentionSettings:
    """How much time people have to look before anything is destroyed."""

    grace_days: int = _setting("Days between a plan and the first day on which it may be carried out.", 14)
    warn_days: int = _setting("Days ahead that a plan and `retention due` look.", 30)
    valid_days: int = _setting("Days from the first on which a plan may be carried out to the last.", 60)
    consent_days: int = _setting("Days for which somebody's consent to a plan counts.", 30)
    review_days: int = _setting("Days at most until somebody looks at a hold again.", 180)
    scopes: str = _setting(
        "Record series on whose schedule the sealed scopes of holds are destroyed.", "curtilage.holds"
    )


@dataclass(frozen=True, slots=True)
class DisclosureSettings:
    """How outside requests are kept."""

    bodies_series: str = _setting(
        "Record series on whose schedule is destroyed what the cases keep sealed: who asked, about whom, the "
        "papers and letters. It must be declared in the inventory.",
        "disclosure-requests",
    )
    review_hours: int = _setting("Hours within which an emergency is reviewed, 24 at most.", 24)
    counts_grain: str = _setting(
        "For which span small counts are hidden in public statistics: `month`, `quarter` or `year`. What is longer is "
        "the sum of what is printed. To change it lets old and new statistics give away together what neither says.",
        "quarter",
    )
    counts_threshold: int = _setting("Counts from 1 to below it are hidden in public statistics.", 11)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """When the scheduled work is done."""

    at: str = _setting("When a night begins, local time of the city, `HH:MM`.", "02:00")
    hours: float = _setting(
        "How long it may last; a plan that is not at its end goes on the next night.", 3.0
    )


@dataclass(frozen=True, slots=True)
class LimitSettings:
    """How much one file may take, so that a hostile one ends in a clear line."""

    file_bytes: int = _setting("A larger file is not read.", 64 * 2**20)
    line_bytes: int = _setting("A longer line is not read.", 2**20)
    expanded_bytes: int = _setting("What an archive or a PDF may unpack to in all.", 512 * 2**20)
    depth: int = _setting("Nesting of objects, elements and references.", 100)
    nodes: int = _setting("Elements, keys or cells in one file.", 2_000_000)
    places: int = _setting("Questions and columns from one file.", 200_000)
    seconds: float = _setting("Time for one file or one question to a database.", 30.0)
    memory_bytes: int = _setting("Memory of one worker process.", 2 * 2**30)


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a city sets, one part for each room that needs any."""

    city: CitySettings
    connections: tuple[Connection, ...] = ()
    disposal: tuple[Connection, ...] = ()
    survey: SurveySettings = SurveySettings()
    limits: LimitSettings = LimitSettings()
    ledger: LedgerSettings = LedgerSettings()
    encryption: EncryptionSettings = EncryptionSettings()
    retention: RetentionSettings = RetentionSettings()
    disclosure: DisclosureSettings = DisclosureSettings()
    worker: WorkerSettings = WorkerSettings()


SECTIONS: Final[Mapping[str, type[Any]]] = {
    "city": CitySettings,
    "survey": SurveySettings,
    "limits": LimitSettings,
    "ledger": LedgerSettings,
    "encryption": EncryptionSettings,
    "retention": RetentionSettings,
    "disclosure": DisclosureSettings,
    "worker": WorkerSettings,
}
"""Parts whose keys are fixed. ``city`` has no header in the file."""

ADDRESSES: Final = ("connections", "disposal")
"""Tables of addresses, whose keys are names: how systems are read, and as whom deletes from them."""

CODES: Final[Mapping[str, str]] = {
    "settings.missing": "There is no curtilage.toml, or it cannot be opened.",
    "settings.missing-key": "A setting that every city must give is missing.",
    "settings.not-toml": "The file is no TOML.",
    "settings.secret-in-file": "An address holds a password.",
    "settings.unknown-key": "A key or variable is no setting.",
    "settings.wrong-value": "A value is not of the kind that the setting takes.",
}
"""Every code of a problem in the settings, with its meaning."""


def read_settings(folder: Path, *, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of a city's folder.

    Args:
        folder: The city's folder.
        environment: Variables to look into; the process's own by default.

    Raises:
        DeclarationError: The file is missing, or has problems: all of them, with their lines.
    """
    path = folder / SETTINGS_FILE
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        what = f"It cannot be read ({error.strerror})."
        raise DeclarationError(
            [_problem(0, "settings.missing", what, "Begin with: curtilage init DIR")]
        ) from error
    except UnicodeDecodeError as error:
        raise DeclarationError([_problem(0, "settings.not-toml", "It is not UTF-8 text.")]) from error
    settings, problems = parse_settings(text, folder, environment=environment)
    if settings is None or problems:
        raise DeclarationError(problems)
    return settings


def parse_settings(
    text: str, folder: Path | None, *, environment: Mapping[str, str] | None = None
) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Parse the text of a settings file.

    Args:
        text: What stands in the file.
        folder: The city's folder: ``file:`` secrets are relative to it. None reads no secret's file.
        environment: Variables to look into; the process's own by default.

    Returns:
        The settings, None where there are problems; and the problems in the order of lines.
    """
    variables = os.environ if environment is None else environment  # noqa: TID251 - the one place
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        hints = [hint for words, hint in _TOML_HINTS if any(word in str(error) for word in words)]
        what, instead = (hints or [("It is no TOML.", "Check quotes and brackets.")])[0]
        return None, (_problem(line, "settings.not-toml", what, instead),)
    reading = _Reading(said, variables, folder, _lines(text))
    settings = reading.settings()
    problems = tuple(sorted(set(reading.problems)))
    return (None if problems else settings), problems


def read_address(written: str, folder: Path, *, environment: Mapping[str, str] | None = None) -> Connection:
    """Find the address that ``env:NAME`` or ``file:PATH`` stands for; anything else stands for itself.

    Args:
        written: As it stands in ``[connections]``, or as somebody typed it to keep a secret out of the
            list of processes and the shell's history.
        folder: What ``file:`` is relative to.
        environment: Variables to look into; the process's own by default.
    """
    variables = os.environ if environment is None else environment  # noqa: TID251 - the one place
    return _resolve(written, written, variables, folder)


@dataclass(slots=True)
class _Reading:
    """One reading of the file: what it says, and the problems met."""

    said: dict[str, Any]
    variables: Mapping[str, str]
    folder: Path | None
    lines: Mapping[str, int]
    problems: list[Problem] = field(default_factory=list)

    def settings(self) -> Settings | None:
        self._find_unknown()
        parts = {name: self._section(name, kind) for name, kind in SECTIONS.items()}
        parts |= {table: tuple(self._addresses(table)) for table in ADDRESSES}
        return None if self.problems else Settings(**parts)

    def _find_unknown(self) -> None:
        top = {each.name for each in fields(CitySettings)} | {*ADDRESSES} | set(SECTIONS) - {"city"}
        for key in set(self.said) - top:
            self._unknown(key, key, top)
        for name, kind in SECTIONS.items():
            known = {each.name for each in fields(kind)}
            if name != "city":
                for key in set(self._table(name)) - known:
                    self._unknown(f"{name}.{key}", key, known)
            if name not in {
                "survey",
                "retention",
                "ledger",
            }:  # their other variables are those of commands' options
                self._find_unknown_variables(name, known)

    def _find_unknown_variables(self, name: str, known: set[str]) -> None:
        start = f"{PREFIX}{name.upper()}_"
        for variable in self.variables:
            key = variable.removeprefix(start).lower()
            if variable.startswith(start) and key not in known:
                near = get_close_matches(key, sorted(known), 1, 0.5)
                instead = f"Did you mean {start}{near[0].upper()}?" if near else "Unset it."
                self.note(0, "unknown-key", f"The variable {variable} is no setting.", instead)

    def _unknown(self, where: str, key: str, known: set[str]) -> None:
        near = get_close_matches(key, sorted(known), 1, 0.5)
        instead = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(sorted(known))}."
        self.note(self.lines.get(where, 0), "unknown-key", f"There is no setting {where}.", instead)

    def _table(self, name: str) -> Mapping[str, Any]:
        found = self.said.get(name, {})
        if isinstance(found, dict):
            return found
        self.note(self.lines.get(name, 0), "wrong-value", f"{name} is no table.", f"Write: [{name}]")
        return {}

    def _section(self, name: str, kind: type[Any]) -> Any:
        said = self.said if name == "city" else self._table(name)
        values: dict[str, Any] = {}
        for each in fields(kind):
            variable = f"{PREFIX}{name}_{each.name}".upper()
            where = each.name if name == "city" else f"{name}.{each.name}"
            if self.variables.get(variable):
                values[each.name] = self._check(where, each, read_variable(self.variables[variable], each), 0)
            elif each.name in said:
                values[each.name] = self._check(where, each, said[each.name], self.lines.get(where, 0))
                self._find_secret(where, said[each.name])
            elif each.default is MISSING:
                instead = f"Write: {where} = {EXAMPLES[where]}"
                self.note(0, "missing-key", f"The setting {where} is missing.", instead)
        return None if self.problems else kind(**values)

    def _find_secret(self, where: str, value: Any) -> None:
        if isinstance(value, str) and holds_password(value):
            instead = f'Write: {where} = "env:NAME", or "file:PATH".'
            self.note(
                self.lines.get(where, 0), "secret-in-file", f"The setting {where} holds a password.", instead
            )

    def _check(self, where: str, each: Field[Any], value: Any, line: int) -> Any:
        wrong = find_wrong(where, each, value)
        if wrong:
            self.note(line, "wrong-value", f"The setting {where} {wrong[0]}.", wrong[1])
            return value
        return tuple(value) if isinstance(value, list) else float(value) if each.type == "float" else value

    def _addresses(self, table: str) -> Iterator[Connection]:
        for name, address in self._table(table).items():
            line = self.lines.get(f"{table}.{name}", 0)
            override = self.variables.get(f"{PREFIX}{table}_{name}".upper(), "")
            if not isinstance(address, str) or not address.strip():
                self.note(
                    line, "wrong-value", f"The connection {name} is no text.", f'Write: {name} = "env:…"'
                )
            elif holds_password(address):
                instead = f'Write: {name} = "env:{name.upper()}_URL", or "file:PATH".'
                self.note(line, "secret-in-file", f"The connection {name} holds a password.", instead)
            else:
                yield _resolve(name, override or address.strip(), self.variables, self.folder)

    def note(self, line: int, code: str, what: str, instead: str) -> None:
        self.problems.append(_problem(line, f"settings.{code}", what, instead))


_UNREADABLE_FILE: Final = "The file {} cannot be read or is empty. Write the address into it."


def _resolve(name: str, address: str, variables: Mapping[str, str], folder: Path | None) -> Connection:
    kind, _, rest = address.partition(":")
    if kind == "env":
        secret, why = (
            variables.get(rest, "").strip(),
            f"The variable {rest} is not set. Set it to the address.",
        )
    elif kind == "file":
        secret, why = _secret(folder / rest) if folder else "", _UNREADABLE_FILE.format(rest)
    else:
        secret, why = address, ""
    return Connection(name, Guarded(secret)) if secret else Connection(name, None, why)


def _secret(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""


def _problem(line: int, code: str, what: str, instead: str = "") -> Problem:
    return Problem(SETTINGS_FILE, line, what, instead, code)


_HEADER: Final = re.compile(r"\s*\[\s*([^\]\[]+?)\s*\]")
_KEY: Final = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*=""")


#: What the parser says, and what that means to somebody who writes settings.
_TOML_HINTS: Final = (
    (("twice", "overwrite"), ("A heading or a key stands here for a second time.", "Join the two.")),
    (("Invalid value",), ("A text stands without quotation marks.", 'Write it as: key = "text"')),
)


def _lines(text: str) -> Mapping[str, int]:
    """Return the 1-based line of each ``key`` and ``section.key``; the parser of Python keeps none."""
    section = ""
    lines: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            section = header[1].strip("\"'")
            lines.setdefault(section, number)
        elif key:
            name = key[1] or key[2] or key[3]
            lines.setdefault(f"{section}.{name}" if section else name, number)
    return lines
