"""The report as one HTML file that a manager can read: no script, nothing fetched, prints on paper."""

from __future__ import annotations

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from curtilage.safeguards.report import Report


def render_page(report: Report, version: str) -> str:
    """Return the whole page; every text that was found in a file is escaped."""
    return _template().render(report=report, version=version)


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("curtilage.safeguards"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")
