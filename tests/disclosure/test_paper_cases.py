"""What each kind of paper gets in nine situations: a matrix that a lawyer can read and extend."""

from pathlib import Path

import pytest
import yaml

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.instruments import load_instruments
from tests.disclosure.requests import engine, request

MATRIX = yaml.safe_load((Path(__file__).parents[1] / "cases/disclosure/papers.yml").read_text("utf-8"))
LETTERS = {
    "r": Answer.RELEASE,
    "n": Answer.NARROW,
    "c": Answer.COUNSEL_REVIEW,
    "o": Answer.OBJECT_OR_DECLINE,
    "d": Answer.DECLINE,
    "s": Answer.SEALED_LANE,
    "v": Answer.NOTIFY_CITY,
    "h": Answer.ROUTE,
}
CASES = [
    (paper, column, LETTERS[letter])
    for paper, row in MATRIX["papers"].items()
    for column, letter in zip(MATRIX["columns"], row, strict=True)
]


def ask(paper, column):
    """Return the packs and the request of one cell, or several where several places must agree."""
    federal = {"issuer": "federal-agency"} if "federal-agency" in load_instruments()[paper].issuers else {}
    purpose = {"civil_immigration": True}
    return {
        "arrives": [((), request(paper))],
        "purpose": [((), request(paper, **purpose))],
        "order": [((), request(paper, order=True))],
        "beyond": [((), request(paper, order=True, scope="exceeds"))],
        "enforced": [((), request(paper, order=True, enforced_by_court=True))],
        "pending": [((), request(paper, order=True, motion_pending=True))],
        "mandate": [(("tx",), request(paper, **purpose)), (("fl",), request(paper, **purpose))],
        "oregon": [(("or",), request(paper, **purpose, **federal))],
        "chicago": [(("il", "chicago"), request(paper, **purpose))],
    }[column]


@pytest.mark.parametrize(("paper", "column", "answer"), CASES)
def test_a_paper_gets_the_answer_of_the_matrix(paper, column, answer):
    for packs, asked in ask(paper, column):
        decision = engine(*packs).decide(asked)

        assert decision.outcome is answer, decision.policies


def test_the_matrix_has_every_kind_of_paper():
    assert list(MATRIX["papers"]) == list(load_instruments())
