"""A place as a plain row: what ``scan --format jsonl`` promises of cells."""

from curtilage.detection.nouns import Verdict
from curtilage.foundation.place import Place
from curtilage.survey.nouns import Cells, Observed
from curtilage.survey.records import to_row

PHONE = Place("people.csv", "row:1 col:2", "column", "phone")


def test_a_place_whose_cells_were_not_looked_at_counts_none():
    row = to_row(Observed(PHONE, Verdict()))

    assert (row["values_seen"], row["values_matched"]) == (0, {})


def test_cells_are_counted_by_category():
    row = to_row(Observed(PHONE, Verdict(), cells=Cells(900, (("alien_number", 2), ("phone", 880)))))

    assert (row["values_seen"], row["values_matched"]) == (900, {"alien_number": 2, "phone": 880})
    assert "sampled" not in row


def test_a_sample_is_called_one_in_every_row():
    row = to_row(Observed(PHONE, Verdict(), cells=Cells(900, sampled=True)))

    assert row["sampled"] is True
    assert list(row)[-3:] == ["values_seen", "values_matched", "sampled"]
