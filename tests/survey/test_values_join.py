"""What was counted finds its place: by where it stands, else by its name; what has no name gets one of its own."""

from curtilage.detection.nouns import Verdict
from curtilage.foundation.place import Place
from curtilage.survey.nouns import Observed
from curtilage.survey.values.join import join_cells
from curtilage.survey.values.nouns import Counted, Where
from curtilage.survey.values.plan import ColumnPlan, TablePlan, Way
from curtilage.survey.values.run import Look, TableCounts
from tests.survey.contents import rules

RULES = {rule.id: rule for rule in rules().rules}
ALIEN = {"a_number": 2, "=alien_number": 2}


def place(name, locator, source="a.csv", kind="column"):
    return Observed(Place(source, locator, kind, name), Verdict())


def counts(*columns, table="", source="a.csv", at=0, seen=10, **hits):
    plans = tuple(ColumnPlan(name, locator, Way.WHOLE, "all") for name, locator in columns)
    counted = Counted(10, 100, {name: seen for name, _ in columns}, hits)
    return TableCounts(Look(Where(source), place=at), TablePlan(table, 10, 0, plans), counted)


def join(observed, *tables):
    return join_cells(observed, tables, RULES)


def test_counts_join_the_place_where_they_stand_even_under_one_name():
    seen = [place("phone", "row:1 col:1"), place("phone", "row:1 col:2")]
    table = counts(("phone", "row:1 col:1"), ("phone (2)", "row:1 col:2"), **{"phone (2)": ALIEN})
    first, second = join(seen, table)

    assert (first.verdict.categories, second.verdict.categories) == ((), ("alien_number",))
    assert (second.cells.seen, second.cells.matched, second.cells.rules) == (
        10,
        (("alien_number", 2),),
        (("a_number", 2),),
    )


def test_counts_join_by_name_where_a_source_gives_no_places():
    [joined] = join([place("people.note", "people.note", "a.db")], counts(("people.note", ""), source="a.db"))

    assert joined.cells.seen == 10


def test_a_place_whose_cells_were_not_counted_stays_as_it_is():
    seen = [place("phone", "row:1 col:1"), place("q", "line:1", kind="question"), place("a", "a", "b.csv")]

    assert list(join(seen, counts(("other", "row:1 col:9")))) == seen


def test_prose_in_which_something_was_found_is_a_place_that_holds_a_value():
    before, after = place("a", "line:1", "a.html"), place("b", "line:1", "z.html")
    prose = counts(("text", ""), source="note.txt", at=1, text={"undocumented": 1, "=immigration_status": 1})
    joined = join([before, after], prose)

    assert [(each.place.source, each.place.kind, each.place.locator) for each in joined] == [
        ("a.html", "column", "line:1"),
        ("note.txt", "value", "text"),
        ("z.html", "column", "line:1"),
    ]
    assert joined[1].verdict.categories == ("immigration_status",)


def test_prose_in_which_nothing_was_found_is_no_place():
    assert join([], counts(("text", ""), source="note.txt")) == ()


def test_a_column_that_came_up_later_is_a_column_of_its_table():
    table = counts(("a", ""), source="a.jsonl", late=ALIEN)
    table.counted.seen["late"] = 3
    [joined] = join([], table)

    assert (joined.place.kind, joined.place.name, joined.cells.seen) == ("column", "late", 3)


def test_what_lies_in_an_archive_joins_the_places_of_its_member():
    seen = [place("phone", "row:1 col:1", "all.zip!in/a.csv")]
    tables = [
        counts(("phone", "row:1 col:1"), table="in/a.csv", source="all.zip", phone=ALIEN),
        counts(("text", ""), table="note.txt", source="all.zip", text={"undocumented": 1}, at=1),
    ]
    joined = join(seen, *tables)

    assert [(each.place.source, each.verdict.categories) for each in joined] == [
        ("all.zip!in/a.csv", ("alien_number",)),
        ("all.zip!note.txt", ("immigration_status",)),
    ]


def test_a_sheet_of_the_same_name_of_column_is_told_apart_by_its_place():
    seen = [place("id", "One!row:1 col:1", "a.xlsx"), place("id", "Two!row:1 col:1", "a.xlsx")]
    tables = [
        counts(("id", f"{sheet}!row:1 col:1"), table=sheet, source="a.xlsx", seen=rows)
        for sheet, rows in (("Two", 2), ("One", 1))
    ]

    assert [each.cells.seen for each in join(seen, *tables)] == [1, 2]


def test_a_table_of_which_a_part_could_not_be_read_has_no_version():
    whole = counts(("a", ""))
    whole.versions = [("all", "v1")]
    part, unknown = counts(("a", "")), counts(("a", ""))
    part.versions, part.sampled = [("all", "v1")], True
    unknown.versions = [("all", "")]

    assert [bool(each.version) for each in (whole, part, unknown)] == [True, False, False]
