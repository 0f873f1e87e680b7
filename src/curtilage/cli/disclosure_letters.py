"""``curtilage disclosure letter``: the letter that a case needs, in plain words, from templates that counsel edits."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.disclosure_desk import find_folder

if TYPE_CHECKING:
    from curtilage.disclosure.letters.fill import Values
    from curtilage.disclosure.letters.nouns import Letter, Template

_OUT: Final = click.Path(dir_okay=False, path_type=Path)


@click.command(
    short_help="The letter that a case needs, from templates that counsel edits.",
    epilog=render.examples(
        "curtilage disclosure letter k3m7q2xa --out answer.pdf",
        "curtilage disclosure letter k3m7q2xa --kind notice --lang es --out notice.html",
        "curtilage disclosure letter --preview decline --paper i-200",
        "curtilage disclosure letter --list",
        "curtilage disclosure letter --copy decline --lang en     # into policy/letters, for counsel to edit",
    ),
)
@click.argument("name", metavar="CASE", required=False)
@city_option
@click.option("--kind", help="Another letter than the one that the case needs now; see --list.")
@click.option("--lang", default="en", show_default=True, help="Language of the letter.")
@click.option("--to", "address", multiple=True, help="A line of the address; again for more. Kept nowhere.")
@click.option(
    "--as", "who", metavar="OFFICER", help="Your id in city.yml; needed where a case is counsel's alone."
)
@click.option("--out", type=_OUT, help="Write it: .txt, .html or .pdf. Default: text to standard output.")
@click.option(
    "--preview", metavar="KIND", help="Show a letter with made-up values; needs no case and no city."
)
@click.option("--paper", default="", help="For --preview: id of an instrument, such as i-200.")
@click.option(
    "--list", "listed", is_flag=True, help="Which letters there are, for what, and whose words they are."
)
@click.option("--names", is_flag=True, help="The names that a template may use.")
@click.option(
    "--copy", metavar="KIND", help="Copy the words that ship into policy/letters, for counsel to edit."
)
@render.quiet_option
def letter(
    *,
    name: str | None,
    city: Path | None,
    kind: str | None,
    lang: str,
    address: tuple[str, ...],
    who: str | None,
    out: Path | None,
    preview: str | None,
    paper: str,
    listed: bool,
    names: bool,
    copy: str | None,
    quiet: bool,
) -> int:
    """Write the letter that a case needs now, by its paper and by what policy answered.

    It records nothing: `object`, `refuse` and `answer` record that a letter was sent, and seal it.
    The address of a person is left to be written by hand. With a letter that gives no records, a page for
    whoever took the request is written beside it, under the same name and -for-the-employee.
    """
    if sum((name is not None, preview is not None, listed, names, copy is not None)) != 1:
        raise click.UsageError(
            "Give one of: a case, --preview, --list, --names, --copy. Nothing was written."
        )
    if names:
        return _write_names()
    if listed:
        return _write_list(find_folder(city))
    if copy is not None:
        return _copy(city, copy, lang, quiet=quiet)
    if preview is not None:
        return _preview(find_folder(city), preview, paper, lang, out)
    assert name is not None
    made, slip = _make(city, name, _Asked(kind, lang, address, who))
    _write(made, out)
    if out is None:
        return 0
    render.note(f"Written: {out}, from {made.used}", quiet=quiet)
    _say_next(made, out, quiet=quiet)
    if slip:
        beside = out.with_name(f"{out.stem}-for-the-employee{out.suffix}")
        _write(slip, beside)
        render.note(f"Written: {beside}. It is for whoever took the request, and is not sent.", quiet=quiet)
    return 0


_VERBS: Final = {
    "decline": "refuse {case}",
    "object": "object {case}",
    "narrow": "object {case}",
    "no-such-record": "answer {case} no-such-record",
    "receipt": "answer {case} routed",
}
"""Which command records that a letter was sent."""


def _say_next(made: Letter, out: Path, *, quiet: bool) -> None:
    """Say how it is recorded that the letter was sent, where it is text, which can be sealed."""
    verb = _VERBS.get(made.used.partition(".")[0].partition("--")[0])
    if verb and out.suffix == ".txt":
        command = (
            f"curtilage disclosure {verb.format(case=made.reference)} --letter {out} --template {made.used}"
        )
        render.note(f"When it is sent, record it: {command} --as OFFICER", quiet=quiet)


class _Asked(NamedTuple):
    """Which letter is asked for: its kind, language and address, and by whom."""

    kind: str | None
    lang: str
    address: tuple[str, ...]
    who: str | None


def _make(city: Path | None, name: str, asked: _Asked) -> tuple[Letter, Letter | None]:
    """Return the letter of a case, and the page for the employee where one goes with it."""
    from curtilage.cli.disclosure_case_desk import open_case_desk
    from curtilage.disclosure.letters.choose import REFUSALS, check_kind, choose_kind
    from curtilage.disclosure.letters.fill import fill, gather
    from curtilage.disclosure.letters.templates import load_templates
    from curtilage.disclosure.preserve import list_held_series

    with open_case_desk(city) as room:
        case = room.case(name)
        by_counsel = asked.who is not None and room.person(asked.who).has_duty("counsel")
        wanted = asked.kind or choose_kind(case)
        _check_known(wanted)
        check_kind(case, wanted, by_counsel=by_counsel, today=room.city.today)
        declared, today = room.desk.declared, room.city.today
        values = gather(
            case, declared, today=today, lang=asked.lang, series=list_held_series(room.desk.ledger, case)
        )
        templates = load_templates(room.city.folder)
    made = fill(_find(templates, wanted, case.instrument, asked.lang), values, to=asked.address)
    slip = fill(_find(templates, "employee", "", asked.lang), values) if wanted in REFUSALS else None
    return made, slip


def _check_known(kind: str) -> None:
    from curtilage.disclosure.letters.nouns import KINDS
    from curtilage.disclosure.letters.templates import NoLetterError

    if kind not in KINDS:
        raise NoLetterError(what="no kind of letter is called so", instead=f"Choose from: {', '.join(KINDS)}")


def _find(templates: tuple[Template, ...], kind: str, instrument: str, lang: str) -> Template:
    from curtilage.disclosure.letters.templates import find_template

    return find_template(templates, kind, instrument=instrument, lang=lang)


def _preview(folder: Path | None, kind: str, paper: str, lang: str, out: Path | None) -> int:
    from curtilage.disclosure.letters.fill import fill
    from curtilage.disclosure.letters.templates import load_templates
    from curtilage.disclosure.policy.instruments import load_instruments

    if paper and paper not in load_instruments():
        raise click.UsageError(
            f"There is no instrument {render.printable(paper)}. Nothing was written. "
            f"Choose from: {', '.join(load_instruments())}"
        )
    template = _find(load_templates(folder), kind, paper, lang)
    _write(fill(template, _made_up(folder, paper, lang), is_sample=True), out)
    return 0


def _made_up(folder: Path | None, paper: str, lang: str) -> Values:
    from curtilage.cli.disclosure_desk import find_today
    from curtilage.disclosure.letters.fill import sample

    return sample(paper, lang, today=find_today(folder))


def _write_names() -> int:
    from curtilage.disclosure.letters.templates import NAMES

    render.write_table(
        ("Name", "What stands for it"), [("{{ " + name + " }}", says) for name, says in NAMES.items()]
    )
    return 0


def _write_list(folder: Path | None) -> int:
    from curtilage.disclosure.letters.nouns import KINDS
    from curtilage.disclosure.letters.templates import load_templates

    templates = load_templates(folder)
    rows = [
        (
            each.kind,
            each.paper or "every paper",
            each.lang,
            each.to,
            "city" if each.own else "shipped",
            "yes" if each.checked else "not yet",
            KINDS[each.kind],
        )
        for each in sorted(
            templates, key=lambda each: (list(KINDS).index(each.kind), each.paper, each.lang, not each.own)
        )
    ]
    render.write_table(("Letter", "For", "Language", "Read by", "Words", "Native reader", "It says"), rows)
    return 0


def _copy(city: Path | None, kind: str, lang: str, *, quiet: bool) -> int:
    """Copy the templates of a kind that ship, in a language, where the city has none of that name."""
    from curtilage.cli.city import find_city
    from curtilage.disclosure.letters.templates import CITY_FOLDER, FOLDER
    from curtilage.foundation.files import write_atomically

    _check_known(kind)
    target = find_city(city) / CITY_FOLDER
    sources = [
        path
        for path in sorted(FOLDER.glob(f"{kind}*.{lang}.md"))
        if path.name.split(".")[0].split("--")[0] == kind
    ]
    if not sources:
        raise click.UsageError(f"No letter {kind} ships in that language. Nothing was written. See: --list")
    target.mkdir(parents=True, exist_ok=True)
    for source in sources:
        there = target / source.name
        if there.exists():
            render.note(f"Left as it is: {there}", quiet=quiet)
        else:
            write_atomically(there, source.read_bytes())
            render.note(f"Written: {there}", quiet=quiet)
    return 0


def _write(made: Letter, out: Path | None) -> None:
    from curtilage.disclosure.letters.render import print_letter, render_html, render_text
    from curtilage.foundation.files import write_atomically

    if out is None:
        sys.stdout.write(render_text(made))
    elif out.suffix == ".pdf":
        write_atomically(out, print_letter(made))
    elif out.suffix in {".html", ".txt"}:
        write_atomically(out, (render_html if out.suffix == ".html" else render_text)(made).encode())
    else:
        raise click.UsageError("A letter is written as .txt, .html or .pdf. Nothing was written.")
