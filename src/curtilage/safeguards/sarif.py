"""Findings and problems as SARIF 2.1.0, in the shape that code hosts take for their own review pages.

Source:
    sarif-2.1.0; hosts additionally want relative URIs, a start line of at least 1, rule help,
    and partial fingerprints to recognise a finding again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from curtilage.foundation.errors import Problem
from curtilage.foundation.finding import Rule, Severity
from curtilage.foundation.uri import quote_path
from curtilage.safeguards.triage import Triaged

_LEVELS: Final = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
#: What hosts sort by: 0 to 10, as in CVSS; chosen to fall into their high, medium and low bands.
_RANKS: Final = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.0", Severity.LOW: "2.0"}
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(
    triaged: Iterable[Triaged], rules: Iterable[Rule], version: str, *, prefix: str = ""
) -> dict[str, Any]:
    """Return a SARIF log with one run; findings set aside are there, marked as suppressed.

    Args:
        triaged: Findings with what was said of them.
        rules: Every rule that was checked, also those that found nothing.
        version: Version of Curtilage.
        prefix: What leads from the root of the repository to the city's folder; empty, or ends with ``/``.
    """
    listed = sorted(rules, key=lambda rule: rule.code)
    places = {rule.code: index for index, rule in enumerate(listed)}
    return _log(
        [_rule(rule) for rule in listed], [_result(each, places, prefix) for each in triaged], version
    )


def render_problems(
    problems: Iterable[Problem], meanings: Mapping[str, str], version: str, *, prefix: str = ""
) -> dict[str, Any]:
    """Return a SARIF log of problems in files that somebody wrote; see :func:`render_sarif`.

    Args:
        problems: Each with the path of its file below the city's folder.
        meanings: Each code with what it means; a code of the settings may be missing.
        version: Version of Curtilage.
        prefix: As in :func:`render_sarif`.
    """
    told = list(problems)
    codes = sorted({problem.code for problem in told})
    rules = [
        {"id": code, "shortDescription": {"text": meanings.get(code, "A setting is wrong.")}}
        for code in codes
    ]
    results = [
        {
            "ruleId": problem.code,
            "ruleIndex": codes.index(problem.code),
            "level": "error",
            "message": {"text": f"{problem.what} {problem.instead}".strip()},
            "locations": [_location(problem.path, problem.line, prefix)],
        }
        for problem in told
    ]
    return _log(rules, results, version)


def _log(rules: list[dict[str, Any]], results: list[dict[str, Any]], version: str) -> dict[str, Any]:
    driver = {"name": "Curtilage", "semanticVersion": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _location(source: str, line: int, prefix: str) -> dict[str, Any]:
    artifact, region = {"uri": _uri(source, prefix)}, {"startLine": max(line, 1)}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": "".join(part.capitalize() for part in rule.code.replace(".", "-").split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.why},
        "help": {
            "text": f"{rule.why}\n{rule.remedy}\nSource: {rule.source}",
            "markdown": f"{rule.why}\n\n**What to do.** {rule.remedy}\n\n*Source: {rule.source}*",
        },
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {
            "tags": ["privacy", f"safeguard-{rule.safeguard}"],
            "precision": "high",
            "problem.severity": "error" if rule.severity is Severity.HIGH else "warning",
            "security-severity": _RANKS[rule.severity],
        },
    }


def _result(each: Triaged, places: Mapping[str, int], prefix: str) -> dict[str, Any]:
    finding = each.finding
    location = _location(finding.spot.source, finding.spot.line, prefix)
    if finding.spot.locator:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.spot.locator}]
    result: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": places[finding.rule.code],
        "level": _LEVELS[finding.rule.severity],
        "message": {"text": f"{finding.message} {finding.advice}"},
        "locations": [location],
        "partialFingerprints": {"curtilage/v1": finding.fingerprint},
    }
    if not each.open:
        result["suppressions"] = [{"kind": "external", "justification": each.why}]
    return result


def _uri(source: str, prefix: str) -> str:
    """A database keeps its address, an absolute path becomes a file's, any other stays relative."""
    if "://" in source:
        return source
    if source.startswith("/"):
        return f"file://{quote_path(source)}"
    whole = prefix + source.removeprefix("./")
    return f"file://{quote_path(whole)}" if whole.startswith("/") else quote_path(whole)
