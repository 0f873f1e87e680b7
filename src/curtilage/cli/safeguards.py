"""``curtilage check`` and ``curtilage dismiss``: findings, and setting one aside."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from curtilage import __version__
from curtilage.cli import render
from curtilage.cli.candidates import offer_fingerprints, offer_rules
from curtilage.cli.checking import make_city_report, read_recorded, read_situation
from curtilage.cli.city import city_option, find_city, prefix_of
from curtilage.foundation.errors import UsageError

if TYPE_CHECKING:
    from curtilage.foundation.finding import Finding, Rule
    from curtilage.safeguards.report import Report
    from curtilage.safeguards.triage import Dismissal

_SEVERITIES: Final = ("high", "medium", "low")
_NINETY_DAYS: Final = timedelta(days=90)


@click.command(
    epilog=render.examples(
        "curtilage check --fail-on high",
        "curtilage check --format html --out report.html",
        "curtilage check --explain collection.no-purpose",
    )
)
@city_option
@render.format_option("table", "json", "jsonl", "sarif", "html")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
@click.option(
    "--survey/--no-survey",
    "fresh",
    default=False,
    help="Look at the city first. Default: use the last survey.",
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Leave out findings that this file knows.",
)
@click.option(
    "--write-baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write today's open findings to this file, for cities that start late.",
)
@click.option(
    "--safeguard", type=click.IntRange(1, 10), multiple=True, help="Only this safeguard, 1 to 10; repeatable."
)
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default="low",
    show_default=True,
    help="The mildest open finding that makes the exit status 1.",
)
@click.option(
    "--explain",
    metavar="CODE",
    shell_complete=offer_rules,
    help="Say what a rule looks for, and why; check nothing.",
)
@click.option("--all", "everything", is_flag=True, help="Show findings that are set aside, too.")
@render.quiet_option
def check(
    *,
    city: Path | None,
    form: str,
    out: Path | None,
    fresh: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    safeguard: tuple[int, ...],
    fail_on: str,
    explain: str | None,
    everything: bool,
    quiet: bool,
) -> int:
    """Compare what the city declares with what was seen there.

    Reads the inventory and the last survey, runs the checks of all safeguards, and lists the findings:
    what is wrong, where, why, and what to do. Exit status 1 when something is open, so that it can
    stand in CI. No finding holds a value from a record.
    """
    if explain:
        return _explain(explain)
    folder = find_city(city)
    if fresh:
        _look_first(folder)
    if write_baseline:  # whole, so that a baseline can be made anew over itself
        return _write_baseline(make_city_report(folder, safeguards=frozenset(safeguard)), write_baseline)
    report = make_city_report(folder, baseline=baseline, safeguards=frozenset(safeguard))
    _render(report, form, out, everything=everything, prefix=prefix_of(folder))
    if not quiet:
        _say_summary(report, out)
    worst = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1]
    return int(any(each.finding.rule.severity in worst for each in report.open))


@click.command(
    epilog=render.examples(
        "curtilage dismiss 3f9a --reason 'removed in the June release' --by clerk \\",
        "    --until 2026-12-31",
    )
)
@click.argument("fingerprint", shell_complete=offer_fingerprints)
@city_option
@click.option("--reason", default="", help="Why it may wait. No resident's data belongs here.")
@click.option("--by", default="", help="Your name or role.")
@click.option(
    "--until",
    metavar="YYYY-MM-DD",
    callback=render.read_day,
    help="Last day, at most a year away. Default: 90 days.",
)
@click.option("--undo", is_flag=True, help="Open it again.")
def dismiss(
    *, fingerprint: str, city: Path | None, reason: str, by: str, until: date | None, undo: bool
) -> int:
    """Set one finding aside, with a reason and an end, or open it again.

    FINGERPRINT is shown by `curtilage check`; its first characters suffice. The finding opens again by
    itself when its time is over or when the place has changed. Kept in triage.yml in the city's folder.
    """
    from curtilage.safeguards.run import find_all
    from curtilage.safeguards.triage import dismiss as set_aside
    from curtilage.safeguards.triage import load_dismissals

    folder = find_city(city)
    if undo:
        with _dismissals(folder) as said:
            held = _pick(fingerprint, list(said), "dismissal")
            del said[held]
        click.echo(f"Open again: {held}.")
        return 0
    load_dismissals(folder)  # what cannot be read is told before the findings are looked for
    situation = read_situation(folder)
    found = {
        finding.fingerprint: finding for finding in find_all(situation, read_recorded(folder, situation))
    }
    finding = found[_pick(fingerprint, list(found), "finding")]
    end = until or situation.today + _NINETY_DAYS
    entry = set_aside(finding, reason=reason, by=by, today=situation.today, until=end)
    with _dismissals(folder) as said:
        said[entry.fingerprint] = entry
    click.echo(
        f"Set aside until {end}: {finding.message}\nUndo with: curtilage dismiss {entry.fingerprint} --undo"
    )
    return 0


@contextmanager
def _dismissals(folder: Path) -> Iterator[dict[str, Dismissal]]:
    """Give what is set aside by fingerprint, to be changed; it is stored when the block ends well."""
    from curtilage.foundation.files import one_at_a_time
    from curtilage.safeguards.triage import load_dismissals, save_dismissals

    with one_at_a_time(folder):
        said = {each.fingerprint: each for each in load_dismissals(folder)}
        yield said
        save_dismissals(folder, said.values())


def _look_first(folder: Path) -> None:
    from curtilage.cli.survey import survey_city

    survey_city(folder)


def _pick(start: str, fingerprints: list[str], what: str) -> str:
    start = start.strip("[] ")  # as it was copied from the list
    meant = [each for each in fingerprints if each.startswith(start.lower())]
    if len(meant) == 1:
        return meant[0]
    why = f"No {what} has" if not meant else f"{len(meant)} {what}s have"
    raise UsageError(
        f"{why} a fingerprint that begins with {start}. Nothing was changed. "
        "Copy the fingerprint from `curtilage check --all`."
    )


def _write_baseline(report: Report, path: Path) -> int:
    from curtilage.safeguards.baseline import save_baseline

    count = save_baseline(path, (each.finding for each in report.open))
    click.echo(
        f"{path} now holds {render.plural(count, 'finding')}. Check against it with: --baseline {path}"
    )
    return 0


def _render(report: Report, form: str, out: Path | None, *, everything: bool, prefix: str) -> None:
    if form == "table" and out is None:
        _write_table(report, everything=everything)
        return
    content = _as_bytes(report, form, everything=everything, prefix=prefix)
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        from curtilage.foundation.files import write_atomically

        write_atomically(out, content)


def _as_bytes(report: Report, form: str, *, everything: bool, prefix: str) -> bytes:
    import json

    from curtilage.safeguards.report import finding_row

    if form == "html":
        from curtilage.safeguards.page import render_page

        return render_page(report, __version__).encode()
    if form == "sarif":
        from curtilage.safeguards.sarif import render_sarif

        log = render_sarif(report.triaged, report.rules, __version__, prefix=prefix)
        return json.dumps(log, indent=1).encode() + b"\n"
    rows = [finding_row(each) for each in (report.triaged if everything else report.open)]
    if form == "json":
        body = {"city": report.city, "today": str(report.today), "known": report.known, "findings": rows}
        return json.dumps(body, indent=1, ensure_ascii=False).encode() + b"\n"
    if form == "jsonl":
        return b"".join(render.encode(row) + b"\n" for row in rows)
    raise UsageError(
        "A table goes to the screen. Nothing was written. For a file choose --format html, json or sarif."
    )


def _write_table(report: Report, *, everything: bool) -> None:
    """Print the findings in the order in which they should be acted on, each rule under its own title."""
    for group in report.groups():
        rule = group.rule
        click.echo()
        click.echo(
            f"{_paint(str(rule.severity).upper(), rule.severity)}  {click.style(rule.title, bold=True)}  [{rule.code}]"
        )
        for each in group.triaged:
            again = f" (open again: {each.why})" if each.why else ""
            click.echo(_line(each.finding, f" {each.finding.remedy}" if each.finding.remedy else "", again))
        click.echo(click.style(f"  To do: {rule.remedy}", italic=True))
    if everything and report.aside:
        click.echo()
        click.echo(click.style("Set aside", bold=True))
        for each in report.aside:
            said = f"by {each.dismissal.by} until {each.dismissal.until}: " if each.dismissal else ""
            click.echo(_line(each.finding))
            click.echo(f"    {render.printable(said + each.why)}")


def _line(finding: Finding, *more: str) -> str:
    spot = finding.spot
    where = f"{spot.source}:{spot.line}" if spot.line else spot.source
    said = f"{where}: {finding.message}{''.join(more)} [{finding.fingerprint[:8]}]"
    return f"  {render.printable(said)}"


def _paint(text: str, severity: str) -> str:
    colours = {"high": "red", "medium": "yellow", "low": "cyan"}
    return click.style(text, fg=colours[severity], bold=severity == "high")


def _say_summary(report: Report, out: Path | None) -> None:
    from curtilage.foundation.finding import Severity

    counts = ", ".join(f"{report.count(severity)} {severity}" for severity in Severity)
    aside = f"; {len(report.aside)} set aside" if report.aside else ""
    known = f"; {report.known} known from the baseline" if report.known else ""
    looked = (
        f"surveyed {report.surveyed:%Y-%m-%d %H:%M} UTC"
        if report.surveyed
        else "not surveyed yet: run curtilage survey"
    )
    click.echo(
        f"\n{render.plural(len(report.open), 'finding')} open ({counts}){aside}{known}; {looked}.", err=True
    )
    if out:
        click.echo(f"Written to {out}.", err=True)
    elif report.open:
        click.echo(
            "Read one rule with --explain CODE; set one aside with `curtilage dismiss`; --format html for a report.",
            err=True,
        )


def _explain(code: str) -> int:
    import difflib

    from curtilage.safeguards.run import SAFEGUARDS, list_rules

    rules: dict[str, Rule] = {rule.code: rule for rule in list_rules()}
    if code not in rules:
        near = difflib.get_close_matches(code, rules, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise UsageError(
            f"There is no rule {code}. Nothing was checked.{hint} All rules: docs/reference/rules.md"
        )
    rule = rules[code]
    click.echo(f"{rule.code}\n{rule.title}.\n\n{rule.why}\n\nWhat to do: {rule.remedy}")
    click.echo(
        f"Severity {rule.severity}; safeguard {rule.safeguard}, {SAFEGUARDS[rule.safeguard]}. Source: {rule.source}."
    )
    return 0
