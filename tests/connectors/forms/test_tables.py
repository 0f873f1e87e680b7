"""Tables: a header of data, a data dictionary, translations; never a row of data."""

import io

import pytest
import xlsxwriter

CANARY = "canary-5521"


def workbook(**sheets: list[list[object]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return made.getvalue()


RESIDENTS = f"id,full_name,birth_country,zip\n1,{CANARY},{CANARY},60601\n2,Bo {CANARY},Haiti,60602\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", RESIDENTS.encode()),
        ("a.csv", b"\xef\xbb\xbf" + RESIDENTS.encode()),
        ("a.csv", RESIDENTS.encode("utf-16")),
        ("a.csv", RESIDENTS.replace(",", ";").encode()),
        ("a.tsv", RESIDENTS.replace(",", "\t").encode()),
        ("a.csv", RESIDENTS.replace(",", "|").replace("\n", "\r\n").encode("latin-1")),
        ("a.csv", b"\n\nResidents helped in 2017\n\n" + RESIDENTS.encode()),
    ],
)
def test_the_header_and_nothing_else(read, name, content):
    table = read(name, content)
    assert table.column("name") == ["id", "full_name", "birth_country", "zip"]
    assert {place.kind for place in table.places} == {"column"}
    assert CANARY not in repr(table.places)


def test_columns_are_counted_from_one(read):
    assert read("a.csv", "a name,,b date\n1,2,3\n").column("locator", "name") == [
        ("row:1 col:1", "a name"),
        ("row:1 col:3", "b date"),
    ]


@pytest.mark.parametrize(
    "rows",
    [
        "Maria Gomez,1980-02-03,Haiti\nBo Tran,1990-01-01,Haiti\n",
        "Maria Gomez,Haiti,F\nBo Tran,Cuba,F\nAnn Lee,Haiti,M\n",
        "maria@city.example,312-555-0100\n",
        "123-45-6789,A012345678\n",
        "Maria Gomez,Port-au-Prince\nAna Lopez,Santa-cruz-Alta\nEva Marin,Villa-de-Leyva\n",
    ],
)
def test_a_first_row_of_data_is_not_taken_for_a_header(read, rows):
    places = read("a.csv", rows).places
    assert {place.name for place in places} == {""}
    assert {place.facts for place in places} == {("unnamed",)}
    assert "Gomez" not in repr(places)


def test_a_value_among_headers_stays_out(read):
    assert read("a.csv", "name,address,2016-01-01\nx,y,3\n").column("name") == ["name", "address", ""]


def test_an_empty_file_has_no_places(read):
    assert read("a.csv", "").places == read("a.csv", "\n\n").places == []


DICTIONARY = """\
Field Name,Data Type,Description,Allowed values
birth_country,varchar(2),Country where the applicant was born,
immig_status,varchar(3),"Status, as on the card",LPR; REF; ASY
has_ssn,boolean,Applicant has a number,
"""


def test_a_data_dictionary_gives_its_rows(read):
    assert read("codes.csv", DICTIONARY).column("locator", "name", "text", "type", "options") == [
        ("row:2", "birth_country", "Country where the applicant was born", "varchar(2)", ()),
        ("row:3", "immig_status", "Status, as on the card", "varchar(3)", ("LPR", "REF", "ASY")),
        ("row:4", "has_ssn", "Applicant has a number", "boolean", ()),
    ]


def test_a_redcap_dictionary(read):
    text = (
        'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider Labels"\n'
        'citizen,intake,radio,Are you a citizen?,"1, Yes | 2, No"\n'
        "dob,intake,text,Date of birth,\n"
    )
    assert read("project.csv", text).column("name", "text", "options", "kind") == [
        ("citizen", "Are you a citizen?", ("1, Yes", "2, No"), "question"),
        ("dob", "Date of birth", (), "question"),
    ]


def test_name_and_type_make_a_dictionary_when_the_rows_are_fields(read):
    text = "name,type,description\nfirst_name,string,Given name\nbirth_date,date,Date of birth\n"
    assert read("a.csv", text).column("locator", "name") == [("row:2", "first_name"), ("row:3", "birth_date")]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Variable,Label", "birth_country,Country of birth"),
        ("Variable,Question Text", "birth_country,Country of birth"),
        ("Column Name in CSV,Element Definition", "birth_country,Country of birth"),
        ("#,API Field Name,Field Label", "4,birth_country,Country of birth"),
        ("Nom de la variable,Libellé", "birth_country,Country of birth"),
        ("Form Name,Variable / Field Name / Column Name,Notes", "adult,birth_country,Country of birth"),
        ("Column,Description", "birth_country,Country of birth"),
        ("Field,Start,End,Description", "birth_country,1,3,Country of birth"),
        ("Column,Data type,Description", "birth_country,text,Country of birth"),
    ],
)
def test_headings_of_dictionaries_are_written_in_many_ways(read, header, row):
    others = [row.replace("birth_country", name).replace("birth", name) for name in ("home_zip", "last_job")]
    table = read("intake.csv", "\n".join([header, row, *others]) + "\n")
    assert table.column("locator", "name", "text")[0] == ("row:2", "birth_country", "Country of birth")
    assert len(table.places) == 3


def test_a_field_may_stand_in_each_of_several_tables(read):
    text = (
        "Table,Column Name,Definition\nadult,id,Key\nadult,born,Country\nchild,id,Key\nchild,born,Country\n"
    )
    assert read("a.csv", text).column("name", "text", "context")[1::2] == [
        ("born", "Country", "adult"),
        ("born", "Country", "child"),
    ]


def test_labels_in_several_languages_are_translations(read):
    text = (
        "type,name,label::English (en),label::Español\nbegin group,a,About you,Sobre usted\n"
        "text,full_name,Your name,Su nombre\nselect_one yn,is_ok,All fine?,¿Todo bien?\n"
    )
    assert read("form.csv", text).column("locator", "name", "text", "translations") == [
        ("row:3", "full_name", "Your name", (("es", "Su nombre"),)),
        ("row:4", "is_ok", "All fine?", (("es", "¿Todo bien?"),)),
    ]
    assert set(read("form.csv", text).column("lang")) == {"en"}


def test_a_table_with_what_people_answered_is_data(read):
    rows = "".join(f"canary-{number},Where were you born?,Honduras\n" for number in range(9))
    page = read("cases.csv", f"field,question,answer\n{rows}")

    assert page.column("name") == ["field", "question", "answer"]
    assert "canary" not in repr(page.places)


def test_a_list_of_questions_needs_no_names(read):
    text = "No.,Question,Response options\n1,Where were you born?,Here; Abroad\n2,Do you rent?,Yes; No\n"
    assert read("intake.csv", text).column("locator", "name", "text", "options") == [
        ("row:2", "1", "Where were you born?", ("Here", "Abroad")),
        ("row:3", "2", "Do you rent?", ("Yes", "No")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        f"Question,Answer\nWhere were you born?,{CANARY}\nWhat is your phone?,{CANARY}1\n",
        f"Property Name,Description\n{CANARY} Flats,Brick\n{CANARY} Court,Wood\n",
        f"Item Name,Type,Notes\n{CANARY} lamp,brass,old\n{CANARY} desk,oak,new\n",
        f"Column,Notes\n{CANARY} east,cracked stone\n{CANARY} west,sound stone\n",
        f"name,description\n{CANARY},asked for shelter\nBo{CANARY},needs food\n",
        f"name,type,description\n{CANARY},terrier,brown dog\nRex{CANARY},poodle,white dog\n",
        f"name,description\nMaria {CANARY},refugee\nAna {CANARY},asylee\n",
        f"field,description,notes\n{CANARY} Park,football field,muddy\n{CANARY} Green,baseball field,dry\n",
        f"id,english,spanish\n{CANARY}1,Y,N\n{CANARY}2,N,Y\n{CANARY}3,Y,Y\n",
        f"code,en,es\n1,{CANARY} one,{CANARY} uno\n2,{CANARY} two,{CANARY} dos\n",
        f"variable,value\n{CANARY},1\n{CANARY},2\n{CANARY},3\n",
    ],
)
def test_a_table_of_data_is_not_taken_for_a_dictionary(read, text):
    places = read("people.csv", text).places
    assert CANARY not in repr(places)
    assert {place.locator.split()[0] for place in places} == {"row:1"}


WORDS = """\
id,description,en,fr
intake.birthPlace.label,Label of a field,Place of birth,Lieu de naissance
intake.idType.refugee,,Refugee number,Numéro de réfugié
intake.note,,,Sans traduction
"""


def test_a_table_of_translations_gives_each_wording(read):
    assert read("src/client.csv", WORDS).column("locator", "name", "text", "lang", "context")[:3] == [
        ("row:2 col:en", "intake.birthPlace.label", "Place of birth", "en", "Label of a field"),
        ("row:2 col:fr", "intake.birthPlace.label", "Lieu de naissance", "fr", "Label of a field"),
        ("row:3 col:en", "intake.idType.refugee", "Refugee number", "en", ""),
    ]
    assert read("src/client.csv", WORDS).column("locator")[-1] == "row:4 col:fr"


def test_languages_by_their_names(read):
    text = "key,English,Español\nq1,Are you a citizen?,¿Es ciudadano?\nq2,Date of birth,Fecha de nacimiento\n"
    assert read("t.csv", text).column("locator", "lang")[:2] == [
        ("row:2 col:English", "en"),
        ("row:2 col:Español", "es"),
    ]


def test_each_sheet_of_a_workbook(read):
    content = workbook(
        People=[["Case", "Birth country"], [CANARY, CANARY], [f"{CANARY}2", "Haiti"]],
        Fields=[["Column name", "Definition"], ["alien_no", "Alien number"], ["dob", "Date of birth"]],
    )
    table = read("export.xlsx", content)
    assert table.reader == "excel"
    assert table.column("locator", "name", "context") == [
        ("People!row:1 col:1", "Case", "People"),
        ("People!row:1 col:2", "Birth country", "People"),
        ("Fields!row:2", "alien_no", "Fields"),
        ("Fields!row:3", "dob", "Fields"),
    ]
    assert CANARY not in repr(table.places)


def test_a_title_above_the_header_is_stepped_over(read):
    content = workbook(
        S=[
            ["Residents helped"],
            [],
            ["Name", "Country of birth", "ZIP"],
            [CANARY, CANARY, 60601],
            [1, CANARY, 2],
        ]
    )
    assert read("a.xlsx", content).column("locator")[0] == "S!row:3 col:1"


def test_parquet_gives_its_schema_with_comments(read):
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    schema = arrow.schema(
        [
            arrow.field("nat", arrow.string(), metadata={"comment": "Nationality as declared"}),
            arrow.field(
                "person", arrow.struct([("dob", arrow.date32()), ("names", arrow.list_(arrow.string()))])
            ),
        ],
        metadata={"description": "Applicants"},
    )
    rows = [{"nat": CANARY, "person": {"dob": None, "names": [CANARY]}}]
    made = io.BytesIO()
    parquet.write_table(arrow.Table.from_pylist(rows, schema=schema), made)
    table = read("people.parquet", made.getvalue())
    assert table.column("locator", "name", "text", "type", "context") == [
        ("col:1", "nat", "Nationality as declared", "string", "Applicants"),
        ("col:2", "person.dob", "", "date32[day]", "Applicants"),
        ("col:3", "person.names", "", "list<element: string>", "Applicants"),
    ]
    assert CANARY not in repr(table.places)
