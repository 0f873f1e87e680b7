"""A draft says what was seen, leaves open what people decide, and overwrites nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.foundation.errors import DeclarationError
from curtilage.foundation.place import Place
from curtilage.inventory.columns import name_column
from curtilage.inventory.draft import Draft, draft_form, draft_system, draft_table
from curtilage.inventory.export import NotJsonError, read_json
from curtilage.inventory.fides import NotFidesError, categories_of, draft_fides
from curtilage.inventory.importing import AlreadyThereError, plan_import
from curtilage.inventory.listing import draft_listing
from curtilage.inventory.load import load_documents
from tests.inventory.smalltown import changed, documents, load, with_files

HOUSING = "inventory/departments/housing.yml"


def column(name, table="people", **more):
    return Place("postgresql://db/permits", f"{table}.{name}", "column", f"{table}.{name}", **more)


def question(name, text, lang="en", **more):
    return Place("forms/permit.html", f"line:{len(name)}", "question", name, text=text, lang=lang, **more)


def permits(*collections, **more):
    return Draft("permits", "building", collections, systems=(draft_system("permits_db"),), **more)


def after(planned, files=None):
    return load_documents((files or documents()) | {file.path: file.content for file in planned.files})


def text_of(planned, path="inventory/departments/permits.yml"):
    return next(file.content.decode() for file in planned.files if file.path == path)


def test_a_drafted_database_loads_and_decides_nothing():
    places = [column("full_name"), column("alien_no"), column("id")]
    seen = {places[0]: ["full_name"], places[1]: ["alien_number", "uscis_receipt"]}
    planned = plan_import(
        documents(), [permits(*draft_table(places, seen, system="permits_db"))], merge=False
    )
    fields = [field for field in after(planned).list_fields() if field.id.startswith("permits")]
    assert [field.category for field in fields] == ["full_name", "alien_number", ""]
    decided = {(field.purpose, field.authority, field.necessity, field.series) for field in fields}
    assert decided == {("", "", None, "")}


def test_a_draft_tells_where_a_person_must_decide():
    planned = plan_import(
        documents(), [permits(*draft_table([column("a")], {}, system="permits_db"))], merge=False
    )
    text = text_of(planned)
    assert text.startswith("# Drafted from what was seen")
    for key in ("category", "purpose", "authority", "necessity", "decision", "series"):
        assert f"{key}:  # decide:" in text


def test_a_system_that_nobody_declared_is_drafted_and_one_that_is_stays_as_it_is():
    fresh = plan_import(
        documents(), [permits(*draft_table([column("a")], {}, system="permits_db"))], merge=False
    )
    assert "- id: permits_db" in text_of(fresh, "inventory/systems.yml")
    known = Draft(
        "permits",
        "building",
        draft_table([column("a")], {}, system="housing_db"),
        systems=(draft_system("housing_db"),),
    )
    assert [file.path for file in plan_import(documents(), [known], merge=False).files] == [
        "inventory/departments/permits.yml"
    ]


def test_every_table_is_a_collection_that_answers_for_it():
    places = [column("a"), column("b", "Other Things"), column("c", "sales.people")]
    drafts = draft_table(places, {}, system="permits_db")
    assert [draft.plain["id"] for draft in drafts] == ["people", "other_things", "sales_people"]
    assert [draft.plain["tables"] for draft in drafts] == [
        ["permits_db.people"],
        ["permits_db.Other Things"],
        ["permits_db.sales.people"],
    ]


def test_columns_of_one_name_get_ids_of_their_own():
    drafts = draft_table([column("Name"), column("name"), column("名前")], {}, system="s")
    assert [plain["field"] for plain in drafts[0].fields] == ["name", "name_2", "field"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place("db", "public.people.ssn", "column", "x"), ("public.people", "ssn")),
        (Place("schema.sql", "line:7", "column", "people.ssn"), ("people", "ssn")),
        (Place("exports/cards.csv", "row:1 col:2", "column", "born on"), ("cards", "born on")),
        (Place("exports/cards.csv", "row:1 col:3", "column", "e.mail"), ("cards", "e mail")),
        (Place("dictionary.csv", "row:7 col:Variable", "column", "cards.email"), ("cards", "email")),
        (Place("exports/cards.parquet", "col:3", "column", "holder.name"), ("cards", "holder name")),
        (Place("exports/cards.xlsx", "Sheet 1!row:1 col:3", "column", "Apt. no."), ("cards", "Apt no")),
        (Place("", "line:1", "column", ""), ("table", "column")),
    ],
)
def test_a_column_knows_its_table_whatever_was_read(place, expected):
    assert name_column(place) == expected


def test_a_form_brings_its_words_in_each_language():
    place = question(
        "cob", "Country of birth", translations=(("es", "País de nacimiento"),), facts=("required",)
    )
    planned = plan_import(
        documents(), [permits(*draft_form([place], {place: ["country_of_birth"]}))], merge=False
    )
    field = after(planned).list_fields()[-1]
    assert field.question == (("en", "Country of birth"), ("es", "País de nacimiento"))
    assert field.asked_in == ("forms/permit.html#cob",)
    assert "(the form insists on an answer)" in text_of(planned)


def test_a_form_in_two_languages_is_one_collection():
    spoken = [
        Place(f"forms/permit{tag}.html", "line:1", "question", name, text=text, lang=lang)
        for tag, lang, name, text in (
            ("", "en", "cob", "Country of birth"),
            ("", "en", "phone", "Phone"),
            (".es", "es", "cob", "País de nacimiento"),
            (".es", "es", "extra", "Otro"),
        )
    ]
    (drafted,) = draft_form(spoken, {spoken[0]: ["country_of_birth"]})
    questions = [(field["field"], dict(field["question"])) for field in drafted.fields]

    assert drafted.plain["forms"] == ["forms/permit.html", "forms/permit.es.html"]
    assert questions == [
        ("cob", {"en": "Country of birth", "es": "País de nacimiento"}),
        ("phone", {"en": "Phone"}),
        ("extra", {"es": "Otro"}),
    ]
    assert drafted.fields[0]["asked_in"] == ["forms/permit.html#cob", "forms/permit.es.html#cob"]


def test_forms_that_ask_other_things_stay_apart():
    places = [
        Place("forms/in.html", "line:1", "question", "cob", text="Country of birth", lang="en"),
        Place("forms/it.html", "line:1", "question", "phone", text="Phone", lang="en"),
    ]

    assert len(draft_form(places, {})) == 2


def test_a_question_in_an_unknown_language_asks_which_it_is():
    planned = plan_import(documents(), [permits(*draft_form([question("a", "Name", "")], {}))], merge=False)
    assert "question: {en: Name}  # decide: is this English?" in text_of(planned)


def test_a_file_that_exists_is_refused_and_named():
    draft = Draft("housing", "rental", draft_form([question("a", "A")], {}))
    with pytest.raises(AlreadyThereError, match=r"housing.yml exists. Nothing was written. Give --merge"):
        plan_import(documents(), [draft], merge=False)


def test_merging_adds_what_is_not_declared_and_keeps_every_line():
    places = [column("birth_country", "applicants"), column("phone", "applicants")]
    drafts = draft_table(places, {}, system="housing_db")
    planned = plan_import(documents(), [Draft("housing", "rental", drafts)], merge=True)
    assert (planned.known, planned.added) == (1, ("housing.rental.intake.phone",))
    before = documents()[HOUSING].decode()
    assert text_of(planned, HOUSING).startswith(before)


def test_a_form_that_a_collection_answers_for_is_merged_into_that_collection():
    place = Place("forms/intake.html", "line:1", "question", "phone", text="Phone", lang="en")
    planned = plan_import(documents(), [Draft("housing", "rental", draft_form([place], {}))], merge=True)
    assert planned.added == ("housing.rental.intake.phone",)


def test_two_tables_of_one_collection_are_merged_under_ids_of_their_own():
    two = "tables: [housing_db.applicants, housing_db.visits]"
    files = changed(HOUSING, "tables: [housing_db.applicants]", two)
    drafts = draft_table([column("id", "applicants"), column("id", "visits")], {}, system="housing_db")
    planned = plan_import(files, [Draft("housing", "rental", drafts)], merge=True)
    assert planned.added == ("housing.rental.intake.id", "housing.rental.intake.id_2")


def test_merging_twice_changes_nothing_the_second_time():
    draft = Draft("housing", "rental", draft_form([question("a", "A"), question("b", "B")], {}))
    first = plan_import(documents(), [draft], merge=True)
    files = documents() | {file.path: file.content for file in first.files}
    second = plan_import(files, [draft], merge=True)
    assert (second.files, second.added, second.known) == ((), (), 2)


def test_merging_into_a_collection_gives_new_fields_free_ids():
    first = plan_import(
        documents(), [Draft("housing", "rental", draft_form([question("a", "A")], {}))], merge=True
    )
    files = documents() | {file.path: file.content for file in first.files}
    twin = Place("other/permit.html", "line:1", "question", "a", text="A?", lang="en")
    second = plan_import(files, [Draft("housing", "rental", draft_form([twin], {}))], merge=True)
    assert second.added == ("housing.rental.permit.a_2",)
    assert after(second, files) is not None


def test_a_new_program_of_a_known_department_is_added():
    draft = Draft(
        "housing", "loans", draft_form([question("a", "A")], {}), purposes=({"id": "p", "text": "Lend"},)
    )
    planned = plan_import(documents(), [draft], merge=True)
    assert [program.id for program in after(planned).list_programs()] == ["housing.rental", "housing.loans"]


def test_nothing_is_drafted_into_files_that_do_not_load():
    with pytest.raises(DeclarationError):
        plan_import(with_files({"inventory/vendors.yml": "x: ["}), [permits()], merge=True)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.builds(
            Place,
            source=st.text(max_size=8),
            locator=st.text(max_size=8) | st.just("a.b"),
            kind=st.just("question"),
            name=st.text(max_size=8) | st.just("a.b"),
            text=st.text(max_size=8),
            lang=st.sampled_from(["", "en", "xx yy"]),
            translations=st.sampled_from([(), (("es", "x"),), (("not a tag", "x"),)]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_a_hostile_file_calls_its_fields_the_draft_loads(places):
    for drafts in (draft_form(places, {}), draft_table(places, {}, system="permits_db")):
        planned = plan_import(documents(), [permits(*drafts)], merge=False)
        assert len(after(planned).list_fields()) == 1 + len(planned.added)


# --- fides --------------------------------------------------------------------------------------

FIDES = b"""
dataset:
  - fides_key: crm_db
    name: Customers
    data_categories: [user]
    collections:
      - name: people
        fields:
          - name: passport
            data_categories: [user.government_id.passport_number]
          - name: address
            fields:
              - {name: street, data_categories: [user.contact.address.street]}
          - name: mystery
            data_categories: [system.operations]
          - name: bare
system:
  - fides_key: mailer
    privacy_declarations:
      - {name: Newsletter, data_use: marketing, data_categories: [user.contact.email]}
"""


def test_a_fides_manifest_becomes_systems_collections_and_purposes():
    draft = draft_fides(FIDES, "f.yml", department="crm", program="all")
    inventory = after(plan_import(documents(), [draft], merge=False))
    fields = {field.id: field for field in inventory.list_fields()}
    assert fields["crm.all.people.passport"].category == "passport"
    assert fields["crm.all.people.address.street"].stored_in == ("crm_db.people.address.street",)
    assert fields["crm.all.people.mystery"].category == ""
    assert {"crm_db", "mailer"} <= {system.id for system in inventory.systems}
    assert [purpose.text for purpose in inventory.list_programs()[0].purposes] == ["Newsletter"]


def test_categories_of_fides_are_found_by_the_nearest_key_above():
    assert categories_of(["user.contact.phone_number"]) == ["phone"]
    assert categories_of(["user"]) == []
    several = categories_of(["user.demographic.citizenship_or_immigration_status"])
    assert several[0] == "immigration_status"


@pytest.mark.parametrize("content", [b"a: [", b"policy: []\n", b"", b"- a\n", b"[" * 100_000])
def test_what_is_no_fides_manifest_is_refused(content):
    with pytest.raises(NotFidesError) as caught:
        draft_fides(content, "f.yml", department="a", program="b")
    assert caught.value.code == "inventory.not-fides"


# --- lists --------------------------------------------------------------------------------------


def listing(text, **defaults):
    content = text if isinstance(text, bytes) else text.encode()
    return draft_listing(content, "fields.csv", load(), **defaults)


def problems_of(text, **defaults):
    with pytest.raises(DeclarationError) as caught:
        listing(text, **defaults)
    return [(problem.line, problem.code) for problem in caught.value.problems]


WHERE = {"department": "parks", "program": "camps", "collection": "signup"}


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_usual_separator_and_order_of_columns_is_read(mark):
    text = f"\ufeffCategory{mark}Question en{mark}FIELD\nssn{mark}Your number?{mark}number\n"
    field = listing(text, **WHERE)[0].collections[0].fields[0]
    assert (field["field"], field["category"], field["question"]) == ("number", "ssn", {"en": "Your number?"})


def test_a_list_from_a_spreadsheet_in_utf16_is_read():
    assert (
        listing("field\tnote\nname\tñ\n".encode("utf-16"), **WHERE)[0].collections[0].fields[0]["note"] == "ñ"
    )


def test_all_problems_of_all_rows_are_told_at_once_with_their_lines():
    text = (
        "field,category,necessity,authority,stored_in\n"
        "a,imigration_status,required,usc-8-1612,\n"
        '"b","","maybe",nothing-known,"x\ny"\n'
        "c,ssn,required,none,housing_db.people\n"
        "c,ssn,required,none,\n"
        ",ssn,,,\n"
        "d,ssn,,,,,too many\n"
    )
    assert problems_of(text, **WHERE) == [
        (2, "inventory.unknown-category"),
        (3, "inventory.bad-column"),
        (3, "inventory.bad-column"),
        (3, "inventory.unknown-authority"),
        (3, "inventory.unknown-choice"),
        (5, "inventory.bad-column"),
        (6, "inventory.duplicate-id"),
        (7, "inventory.missing-key"),
        (8, "inventory.bad-row"),
    ]


def test_a_mistyped_column_is_told_with_the_nearest():
    with pytest.raises(DeclarationError, match="did you mean category"):
        listing("field,categry\na,ssn\n", **WHERE)
    assert problems_of("field,field\na,b\n", **WHERE) == [(1, "inventory.duplicate-key")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("category\nssn\n", "inventory.missing-column"),
        ("field,colour\na,red\n", "inventory.unknown-column"),
        ("field\n", "inventory.no-rows"),
        ("", "inventory.no-rows"),
        ('field\n"open\n', "inventory.bad-row"),
        (b"field\ncaf\xe9\n", "inventory.not-utf8"),
        ("field,department\na,No Such Id\n", "inventory.bad-id"),
        (b"x" * 9_000_000, "inventory.too-large"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(text, code):
    assert [code] == [found for _, found in problems_of(text, **WHERE)]


def test_rows_that_name_no_program_need_one_from_the_command():
    assert problems_of("field\na\n", department="parks") == [(2, "inventory.missing-key")]


def test_a_purpose_that_the_list_explains_is_declared_with_it():
    drafts = listing("field,purpose,purpose_text\na,safety,Reach a guardian\n", **WHERE)
    field = after(plan_import(documents(), drafts, merge=False)).list_fields()[-1]
    assert (field.id, field.purpose) == ("parks.camps.signup.a", "safety")


def test_what_a_list_leaves_empty_is_left_open():
    planned = plan_import(documents(), listing("field,category\na,ssn\n", **WHERE), merge=False)
    assert "purpose:  # decide:" in text_of(planned, "inventory/departments/parks.yml")


# --- JSON ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b'{"format": "other/1"}', b"[" * 100_000, b"\xff", b'{"a":' * 5000, b'{"format": ["x"]}'],
)
def test_what_is_no_inventory_in_json_is_refused(content):
    with pytest.raises(NotJsonError) as caught:
        read_json(content)
    assert [problem.code for problem in caught.value.problems] == ["inventory.not-json"]


def test_problems_of_json_are_told_as_those_of_files():
    content = (
        b'{"format": "curtilage-inventory/1", "vendors": [{"id": "a", "titles": 1}, {"id": "a"}], "more": 1}'
    )
    with pytest.raises(DeclarationError) as caught:
        read_json(content)
    assert {"inventory.unknown-key", "inventory.duplicate-id"} == {
        found.code for found in caught.value.problems
    }
