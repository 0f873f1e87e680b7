"""Write a report as Markdown, HTML, JSON or CSV: the same words and cells in each, and the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from curtilage.disclosure.reports.paper import Report, ReportSection


def render_markdown(report: Report) -> bytes:
    """Return a report as Markdown."""
    lines = [f"# {_plain(report.title)}", "", _plain(report.lead), ""]
    for section in report.sections:
        lines += [f"## {_plain(section.title)}", ""] if section.title else []
        lines += [line for sentence in section.sentences for line in (_plain(sentence), "")]
        lines += _table(section)
    lines += [line for note in report.notes for line in (f"*{_plain(note)}*", "")]
    return "\n".join([*lines, report.ground, ""]).encode()


def _table(section: ReportSection) -> list[str]:
    if not section.headings:
        return []
    numbers = [":---", *("---" for _ in section.headings[1:])]
    rows = [section.headings, numbers, *section.rows]
    return [*(f"| {' | '.join(map(_plain, row))} |" for row in rows), ""]


def _plain(text: str) -> str:
    """Return a text that says in Markdown what it is: no cell ends early and nothing is emphasised."""
    return (
        text.replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("*", "\\*")
        .replace("<", "&lt;")
        .replace("\n", " ")
    )


def render_html(report: Report) -> bytes:
    """Return a report as one HTML page that needs nothing else."""
    text: str = _template().render(report=report)
    return text.encode()


@cache
def _template() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("curtilage.disclosure", "templates"),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def render_json(report: Report) -> bytes:
    """Return a report as JSON, indented by two."""
    said = {
        "report": report.id,
        "title": report.title,
        "city": report.city,
        "span": str(report.span),
        "first": report.span.first.isoformat(),
        "last": report.span.last.isoformat(),
        "draft": report.is_draft,
        "to": report.to,
        "cite": report.cite,
        "sections": [
            {
                "title": section.title,
                "sentences": list(section.sentences),
                "headings": list(section.headings),
                "rows": [list(row) for row in section.rows],
            }
            for section in report.sections
        ],
        "notes": list(report.notes),
        "ledger": {"entries": report.entries, "root": report.root},
    }
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def render_csv(report: Report) -> bytes:
    """Return the tables of a report as CSV, RFC 4180; a cell that a spreadsheet would compute is quoted as text.

    Source:
        rfc4180; owasp-csv-injection.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    for section in report.sections:
        if section.headings:
            writer.writerow(section.headings)
            writer.writerows([_safe(cell) for cell in row] for row in section.rows)
    return out.getvalue().encode()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


RENDERERS: Final[Mapping[str, Callable[[Report], bytes]]] = {
    "md": render_markdown,
    "html": render_html,
    "json": render_json,
    "csv": render_csv,
}
"""By the name of the form."""
