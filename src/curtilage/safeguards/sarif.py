"""Findings as SARIF 2.1.0, in the shape that code hosts take for their own review pages.

Source:
    sarif-2.1.0; hosts additionally want relative URIs, a start line of at least 1, rule help,
    and partial fingerprints to recognise a finding again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from curtilage.foundation.finding import Rule, Severity
from curtilage.foundation.uri import quote_path
from curtilage.safeguards.triage import Triaged

_LEVELS: Final = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
#: What hosts sort by: 0 to 10, as in CVSS; chosen to fall into their high, medium and low bands.
_RANKS: Final = {Severity.HIGH: "8.0", Severity.MEDIUM: "5.0", Severity.LOW: "2.0"}
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render_sarif(triaged: Iterable[Triaged], rules: Iterable[Rule], version: str) -> dict[str, Any]:
    """Return a SARIF log with one run; findings set aside are there, marked as suppressed.

    Args:
        triaged: Findings with what was said of them.
        rules: Every rule that was checked, also those that found nothing.
        version: Version of Curtilage.
    """
    listed = sorted(rules, key=lambda rule: rule.code)
    places = {rule.code: index for index, rule in enumerate(listed)}
    driver = {
        "name": "Curtilage",
        "semanticVersion": version,
        "rules": [_rule(rule) for rule in listed],
    }
    results = [_result(each, places) for each in triaged]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


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


def _result(each: Triaged, places: dict[str, int]) -> dict[str, Any]:
    finding = each.finding
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(finding.spot.source)},
            "region": {"startLine": max(finding.spot.line, 1)},
        }
    }
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


def _uri(source: str) -> str:
    """A database keeps its address, an absolute path becomes a file's, any other stays relative."""
    if "://" in source:
        return source
    return f"file://{quote_path(source)}" if source.startswith("/") else quote_path(source.removeprefix("./"))
