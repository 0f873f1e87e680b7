"""A certificate says the same to a person, to a program and to the ledger."""

import json
import sys
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.canonical import canonical_bytes
from curtilage.retention.certificate import (
    CertificateNotReadableError,
    certificate_from_json,
    certificate_to_json,
)
from curtilage.retention.paper import paper_to_bytes, read_paper
from curtilage.retention.printing import NoPrinterError, print_certificate, render_certificate
from curtilage.retention.sheet import lay_out
from tests.retention.papers import CERTIFICATE, LINE, make_paper, many_lines

PAPER = make_paper()


def test_a_certificate_comes_back_from_its_json():
    said = json.loads(json.dumps(certificate_to_json(CERTIFICATE)))

    assert certificate_from_json(said) == CERTIFICATE


def test_a_file_comes_back_from_its_bytes():
    assert read_paper(paper_to_bytes(PAPER)) == PAPER


def test_the_fingerprint_changes_with_any_field():
    other = replace(CERTIFICATE, lines=(replace(LINE, held=5),))

    assert other.fingerprint != CERTIFICATE.fingerprint


def test_spaces_and_the_order_of_keys_mean_nothing():
    said = json.loads(paper_to_bytes(PAPER))
    turned = json.dumps(dict(reversed(said.items())), indent=None).encode()

    assert read_paper(turned) == PAPER


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.pop("proof"),
        lambda said: said.update(more=1),
        lambda said: said.update(format="curtilage-certificate/2"),
        lambda said: said.update(entry=[]),
        lambda said: said.update(checkpoint=None),
        lambda said: said["proof"].update(tree_size=True),
        lambda said: said["proof"].update(tree_size="6"),
        lambda said: said["proof"].update(more=1),
        lambda said: said["proof"]["hashes"].append("no hash"),
        lambda said: said["certificate"].pop("city"),
        lambda said: said["certificate"].update(name="Somebody"),
        lambda said: said["certificate"]["lines"][0].update(disposed="1200"),
        lambda said: said["certificate"]["lines"][0].update(disposed=1200.0),
        lambda said: said["certificate"].update(begun="2017-02-22T12:00:00+00:00"),
    ],
)
def test_what_is_no_certificate_is_refused(change):
    said = json.loads(paper_to_bytes(PAPER))
    change(said)

    with pytest.raises(CertificateNotReadableError, match="Nothing was checked"):
        read_paper(json.dumps(said).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"format": 1}',
        b"[" * 100_000,
        b'{"format": "a", "format": "b"}',
        b" " * 5_000_000,
    ],
)
def test_what_is_no_json_object_is_refused(raw):
    with pytest.raises(CertificateNotReadableError):
        read_paper(raw)


@given(st.binary(max_size=300))
def test_no_bytes_bring_the_reader_down(raw):
    with pytest.raises(CertificateNotReadableError):
        read_paper(raw)


def test_the_sheet_tells_every_field_of_the_archives_forms():
    labels = [label for section in lay_out(PAPER).sections for label, _ in section.rows]

    assert {
        *("Creating agency", "Schedule and item", "Adopted by", "Copy", "Inclusive dates", "Eligible"),
        *("Quantity", "Held back", "Where they lay", "Location", "Custodian", "Method", "Verified"),
        *("Remains", "Commitment to the identifiers", "Authorised by", "Carried out by", "Plan"),
    } <= set(labels)


def test_the_page_escapes_what_the_inventory_says():
    line = replace(LINE, title="<script>alert(1)</script>")
    page = render_certificate(make_paper(replace(CERTIFICATE, lines=(line,))))

    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_shows_what_proves_it():
    page = render_certificate(PAPER)

    assert CERTIFICATE.fingerprint in page
    assert "rivermark.example/ledger" in page
    assert "1,200 of 1,204 planned" in page


def test_a_certificate_that_is_not_clean_says_so_first():
    bad = replace(CERTIFICATE, lines=(replace(LINE, left=3),))

    assert not bad.is_clean
    assert "3 records that should be gone" in render_certificate(make_paper(bad))


def test_the_same_certificate_prints_to_the_same_bytes():
    pypdf = pytest.importorskip("pypdf")
    import io

    first = print_certificate(PAPER)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(first)).pages)

    assert first == print_certificate(PAPER)
    assert "Certificate of disposition" in text
    assert "1,200 of 1,204 planned" in text


def test_forty_items_print_on_many_pages():
    assert print_certificate(make_paper(many_lines(40))).startswith(b"%PDF")


def test_a_certificate_has_no_place_for_a_value_of_a_record():
    names = {each.name for kind in (type(CERTIFICATE), type(LINE)) for each in fields(kind)}

    assert not names & {"value", "values", "name", "names", "subject", "subjects", "keys", "rows", "sample"}


def test_the_encoding_is_that_of_rfc_8785():
    said = certificate_to_json(CERTIFICATE)

    assert canonical_bytes(said).startswith(b'{"authorised":[{"at":"2017-02-22T12:00:00Z","officer"')


def test_paper_without_the_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "reportlab.platypus", None)

    with pytest.raises(NoPrinterError, match=r"pip install 'curtilage\[print\]'"):
        print_certificate(PAPER)
