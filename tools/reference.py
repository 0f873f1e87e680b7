"""Make the pages of docs/reference that are read off the program: ``python tools/reference.py``.

Commands, settings, errors, rules and categories stand once, in the code and its data. A test
compares these pages with what this file would write now.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import click

import curtilage
from curtilage.foundation import errors, settings

ROOT = Path(__file__).parents[1]
MADE = "<!-- Made by tools/reference.py from {source}. Change it there. -->"


# --- commands ------------------------------------------------------------------------------------


def render_commands() -> str:
    """Return the page of commands: each one's own help, at a fixed width."""
    from curtilage.cli.main import curtilage as program

    return "\n".join([*_head("Commands", "the commands themselves"), *_command(program, "curtilage", None)])


def _command(command: click.Command, name: str, parent: click.Context | None) -> Iterator[str]:
    context = click.Context(command, info_name=name, parent=parent, max_content_width=88, terminal_width=88)
    context.help_option_names = ["-h", "--help"]
    yield from (f"## `{context.command_path}`", "", "```text", command.get_help(context).rstrip(), "```", "")
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None and not found.hidden:
                yield from _command(found, child, context)


# --- settings ------------------------------------------------------------------------------------

CONNECTIONS = """\
## `[connections]`

How the city's systems are reached: a name, as `systems.yml` uses it, and an address.
Every connection is opened read only; no setting can change that. What deletes uses the addresses under `[disposal]`.

| address | means |
|---|---|
| `"env:HOUSING_DB_URL"` | the address stands in that variable of the environment |
| `"file:secrets/housing_url"` | the address stands in that file, relative to the city's folder |
| `"postgresql://reader@db.city.example/housing"` | an address without a password |
| `"sqlite:databases/library.db"` | an SQLite file, relative to the city's folder |
| `"exports"` | a file or folder, relative to the city's folder |

An address with a password in the file itself is an error: settings are kept with the inventory, and the inventory is read by many.
The variable `CURTILAGE_CONNECTIONS_NAME` takes the place of the address called `name`.

## `[disposal]`

As whom records are destroyed when their time is over: the name of a system's connection, and an address of the same system, for an account that may delete there.
The addresses are written as those above, and `CURTILAGE_DISPOSAL_NAME` takes the place of the one called `name`.
From a system without a line here nothing is ever deleted, and nothing is planned.
"""


def render_settings() -> str:
    """Return the page of settings: every key, its default, its variable, what it does."""
    rows = [line for name, kind in settings.SECTIONS.items() for line in _section(name, kind)]
    return "\n".join(
        [
            *_head("Settings", "foundation/settings.py"),
            "A city's settings stand in `curtilage.toml`, in the city's folder.",
            "A variable of the environment, where it is set and not empty, takes the place of a key.",
            "A key that is not on this page is an error, and the message names the nearest one that is.",
            "Sizes are bytes, times are seconds.",
            "",
            *rows,
            CONNECTIONS,
        ]
    )


def _section(name: str, kind: type[Any]) -> Iterator[str]:
    yield from ("## The city, at the top of the file" if name == "city" else f"## `[{name}]`", "")
    yield from (
        inspect.getdoc(kind) or "",
        "",
        "| key | default | variable | what it does |",
        "|---|---|---|---|",
    )
    for each in fields(kind):
        default = "none: it must be given" if each.default is MISSING else f"`{_shown(each.default)}`"
        variable = f"{settings.PREFIX}{name}_{each.name}".upper()
        yield f"| `{each.name}` | {default} | `{variable}` | {each.metadata['says']} |"
    yield ""


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(f'"{item}"' for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:_}" if isinstance(value, int) else str(value)


# --- errors --------------------------------------------------------------------------------------


def list_errors() -> list[type[errors.CurtilageError]]:
    """Return every error of the program, by code; imports every module to find them."""
    for module in pkgutil.walk_packages(curtilage.__path__, "curtilage."):
        if not module.name.endswith(("__main__", "._kernel")):  # the kernel is no module of Python
            importlib.import_module(module.name)
    return sorted(set(_below(errors.CurtilageError)), key=lambda kind: kind.code)


def _below(kind: type[errors.CurtilageError]) -> Iterator[type[errors.CurtilageError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _below(child)


def list_problem_codes() -> dict[str, str]:
    """Return the codes of problems in files that somebody wrote, with their meaning."""
    from curtilage.inventory import problems
    from curtilage.safeguards import triage

    return dict(sorted({**settings.CODES, **problems.CODES, **triage.CODES}.items()))


GROUPS = {
    errors.DeclarationError: "Fix the file you wrote",
    errors.UsageError: "Type the command again",
    errors.UndecidedError: "Complete the policy or schedule, then ask again",
    errors.NotAllowedError: "Ask someone with the role",
    errors.SourceError: "Try again later, or mend the source",
    errors.EvidenceError: "Stop, and tell oversight",
}


def render_errors() -> str:
    """Return the page of errors, grouped by what the reader should do."""
    lines = [
        *_head("Errors", "the error classes and the codes of problems"),
        "Each message says what happened, what was left untouched, and what to do next, and ends with its code.",
        "A message names files, places, counts and codes, never a value from a resident's record.",
        "",
    ]
    kinds = list_errors()
    for group, title in GROUPS.items():
        lines += [f"## {title}", "", "| code | what happened |", "|---|---|"]
        lines += [_error(kind) for kind in kinds if issubclass(kind, group)] + [""]
    rest = [kind for kind in kinds if not issubclass(kind, tuple(GROUPS))]
    lines += ["## Something else went wrong", "", "| code | what happened |", "|---|---|"]
    lines += [_error(kind) for kind in rest] + [""]
    lines += ["## Problems in files", "", "| code | what is wrong |", "|---|---|"]
    lines += [f"| `{code}` | {meaning} |" for code, meaning in list_problem_codes().items()]
    return "\n".join([*lines, ""])


def _error(kind: type[errors.CurtilageError]) -> str:
    said = (inspect.getdoc(kind) or "").partition("\n\n")[0]
    return f"| `{kind.code}` | {' '.join(said.split()).replace('``', '`')} |"


# --- rules and categories ------------------------------------------------------------------------


def render_rules() -> str:
    """Return the page of what the checks look for, by safeguard."""
    from curtilage.safeguards.run import SAFEGUARDS, list_rules

    lines = [
        *_head("What the checks look for", "the rules in each room's checks.py"),
        "Each finding of `curtilage check` follows one of these rules.",
        "The sources are listed in [sources.toml](../sources.toml).",
        "",
    ]
    for number, safeguard in SAFEGUARDS.items():
        rules = [rule for rule in list_rules() if rule.safeguard == number]
        lines += [f"## {number}. {safeguard}", ""] + (["No rule yet.", ""] if not rules else [])
        for rule in rules:
            lines += [f"### {rule.title}", "", f"`{rule.code}` · {rule.severity} · {rule.source}", ""]
            lines += [rule.why, "", f"*What to do:* {rule.remedy}", ""]
    return "\n".join(lines)


def render_categories() -> str:
    """Return the page of the vocabulary, with every label."""
    from curtilage.inventory.vocabulary import LANGUAGES, load_vocabulary

    lines = [
        *_head("Categories", "inventory/data/categories.yml"),
        "The kinds of residents' data that an inventory declares and a survey recognises.",
        "How the levels are chosen: [decision 0014](../decisions/0014-the-levels-of-telling.md).",
        "",
        "| category | reveals | status | locator | what it is |",
        "|---|---|---|---|---|",
    ]
    found = load_vocabulary().values()
    for each in found:
        status, locator = (
            "yes" if flag else "" for flag in (each.status_information, each.locator_information)
        )
        lines.append(f"| `{each.id}` | {each.reveals} | {status} | {locator} | {each.definition} |")
    lines += [
        "",
        "## In six languages",
        "",
        f"| category | {' | '.join(LANGUAGES)} |",
        "|---|" + "---|" * len(LANGUAGES),
    ]
    lines += [f"| `{each.id}` | {' | '.join(text for _, text in each.labels)} |" for each in found]
    return "\n".join([*lines, ""])


# --- files of the inventory ----------------------------------------------------------------------


def render_inventory_files() -> str:
    """Return the page of the inventory's files: every key, what it takes, what to write."""
    from curtilage.inventory.shapes import FILES

    lines = [
        *_head("Inventory files", "inventory/shapes.py"),
        "What a city declares stands in YAML files below `inventory/` in the city's folder.",
        "Only keys marked *must* are needed for a file to load; what else is missing, `curtilage check` finds.",
        "A key that is not on this page is an error, and the message names the nearest one that is.",
        "`curtilage init` writes an example of every file, with comments.",
        "",
    ]
    for file in FILES:
        lines += [f"## `inventory/{file.pattern}`", ""]
        lines += [f"A list under the key `{file.key}:`, a mapping for each.", ""] if file.key else []
        lines += list(_shape(file.shape, ""))
    return "\n".join(lines)


def _shape(shape: Any, path: str) -> Iterator[str]:
    if path:
        yield from (f"### `{path}`", "")
    yield from ("| key | takes | what to write |", "|---|---|---|")
    for key in shape.keys:
        must = " *must*" if key.required else ""
        yield f"| `{key.name}`{must} | {_takes(key.kind)} | {key.help} |"
    for branch in shape.branches:
        yield f"| `{branch.name}` | {'a mapping' if branch.single else 'a list of mappings'} | {branch.help} |"
    yield ""
    for branch in shape.branches:
        yield from _shape(branch.shape, f"{path} › {branch.name}".removeprefix(" › "))


def _takes(kind: Any) -> str:
    """Say in a few words what a key takes."""
    words = [f"`{word}`" for word in getattr(kind, "words", ())]
    name = type(kind).__name__
    if name in {"Choice", "Word"}:
        return "one of " + ", ".join(f"`{word}`" for word in kind.of)
    if name in {"Pointer", "Pointers"}:
        many = "ids" if name == "Pointers" else "id"
        return f"{many} of {' or '.join(kind.kinds)}" + "".join(f", or {word}" for word in words)
    return TAKES[name].format(shape=getattr(kind, "shape", ""))


TAKES = {
    "Codes": "ISO 3166 codes, a list",
    "Column": "`SYSTEM.TABLE.COLUMN`",
    "Columns": "`{shape}`, a list",
    "Day": "a day, `2017-02-22`",
    "Flag": "`true` or `false`",
    "FormFields": "`FILE#NAME`, a list",
    "Identifier": "an id: letters, digits, `_` and `-`",
    "LanguageTexts": "a text for each language: `{{en: …, es: …}}`",
    "Length": "a length of time, `90 days`, `6 years`",
    "Link": "an address",
    "Tags": "languages, a list",
    "Text": "text",
    "Triggers": "a column, or a column for each event: `{{case closed: closed_on}}`",
    "Where": "`SYSTEM.TABLE`, or `SYSTEM.PATH` of files, which may be a pattern",
    "Words": "a list",
}


# --- formats -------------------------------------------------------------------------------------


def render_formats() -> str:
    """Return the page of formats that are read, one row for each reader."""
    from curtilage.cli.assembly import DATABASES, readers

    lines = [
        *_head("Formats that are read", "the readers in connectors/drivers"),
        "The reader is chosen by content as well as by name, so a form in an odd place is found.",
        "Nothing that is read is run, and no reference out of a file is followed.",
        "Where an extra is named, it is installed with `pip install 'curtilage[EXTRA]'`.",
        "",
        "| format | extra | what it is |",
        "|---|---|---|",
    ]
    for reader in sorted(readers(), key=lambda each: each.name):
        module = (inspect.getdoc(inspect.getmodule(type(reader))) or "").replace("``", "`")
        lines.append(
            f"| {reader.name} | {reader.extra} | {' '.join(module.partition(chr(10) * 2)[0].split())} |"
        )
    names = {"mysql": "MySQL and MariaDB", "postgresql": "PostgreSQL", "sqlite": "SQLite"}
    said = ", ".join(names.get(name, name) for name in sorted(DATABASES))
    lines += [
        "",
        f"Live databases: {said}. They are asked for their structure in a transaction that cannot write.",
        "",
    ]
    return "\n".join(lines)


# --- all of them ---------------------------------------------------------------------------------

PAGES = {
    "commands.md": render_commands,
    "settings.md": render_settings,
    "errors.md": render_errors,
    "rules.md": render_rules,
    "categories.md": render_categories,
    "inventory-files.md": render_inventory_files,
    "formats.md": render_formats,
}


def _head(title: str, source: str) -> list[str]:
    return [f"# {title}", "", MADE.format(source=source), ""]


def main() -> int:
    """Write the pages; with ``--check`` only tell which are not current."""
    stale = 0
    for name, render in PAGES.items():
        path = ROOT / "docs" / "reference" / name
        text = render().rstrip() + "\n"
        if path.exists() and path.read_text("utf-8") == text:
            continue
        stale += 1
        if "--check" in sys.argv:
            print(f"{path.relative_to(ROOT)} is not current. Run: python tools/reference.py")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
