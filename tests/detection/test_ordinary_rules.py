"""The rules of the ordinary categories: each has a source and enough cases of its own."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RULES = ROOT / "src" / "curtilage" / "detection" / "rules"
ORDINARY = (
    "address age biometric criminal_history date_of_birth disability education email employment family_name "
    "financial_account free_text full_name gender_identity geolocation given_name health household income "
    "ip_or_device marital_status phone photo political pregnancy public_benefits sex sexual_orientation "
    "signature union vehicle_plate veteran_status victim_status"
).split()


def _rule(category: str) -> dict[str, Any]:
    return yaml.safe_load((RULES / f"{category}.yml").read_text("utf-8"))


@pytest.mark.parametrize("category", ORDINARY)
def test_a_rule_has_a_source_and_enough_cases_in_several_languages(category: str) -> None:
    rule = _rule(category)
    sources = tomllib.loads((ROOT / "docs" / "sources.toml").read_text("utf-8"))
    cases = rule["cases"]
    assert rule["source"] in sources
    assert len(cases["match"]) >= 8
    assert len(cases["not"]) >= 6
    assert len({case.get("lang", "en") for case in cases["match"]}) >= 4
