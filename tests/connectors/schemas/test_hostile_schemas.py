"""Files made to hurt a reader end in one clear line, in bounded time and memory."""

import sys

import pytest

from curtilage.cli.assembly import readers
from curtilage.connectors.ports import Document, LimitReachedError, Limits, NotInstalledError, UnreadableError

MINE = {
    "json-schema", "openapi", "fhir", "docassemble", "drupal", "json-form", "yaml-form", "table-schema",
    "xml-schema", "salesforce", "xforms", "graphql", "prisma", "fsh", "fhir-script",
}  # fmt: skip
XS = b'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
SF = b'<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">'
DIALECT = b'{"$schema": "http://json-schema.org/draft-07/schema#", '


def drain(source, content, **limits):
    document = Document(source, content, Limits(**limits))
    weighed = sorted(((reader.weigh(document), reader) for reader in readers()), key=lambda one: -one[0])
    assert weighed[0][0] > 0
    return list(weighed[0][1].read(document))


def laughs(head: str) -> bytes:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    return "\n".join([head, "l0: &l0 [x]", *levels]).encode()


HEADS = {
    "api.yaml": "openapi: 3.0.0",
    "schema.yaml": "properties:\n  a:\n    type: string",
    "interview.yml": "question: Q\nyesno: a",
    "webform.yml": "elements: |\n  a:\n    '#type': textfield",
    "form.yml": "fields:\n  - id: a\n    label: A\n    type: text",
}


@pytest.mark.parametrize("source", HEADS)
def test_a_billion_laughs_in_yaml(source):
    with pytest.raises(LimitReachedError, match="aliases"):
        drain(source, laughs(HEADS[source]))


def test_a_billion_laughs_within_the_string_of_a_webform():
    inner = laughs("a:\n  '#type': textfield").decode().replace("\n", "\n  ")
    with pytest.raises(LimitReachedError, match="aliases"):
        drain("webform.yml", f"elements: |\n  {inner}\n".encode())


@pytest.mark.parametrize("source", HEADS)
def test_deep_nesting_in_yaml(source):
    with pytest.raises(LimitReachedError, match="deeper"):
        drain(source, HEADS[source].encode() + b"\nz: " + b"[" * 100_000)


@pytest.mark.parametrize(
    ("source", "head"),
    [
        ("schema.json", DIALECT),
        ("api.json", b'{"openapi": "3.0.0", '),
        ("q.json", b'{"resourceType": "Questionnaire", '),
        ("form.json", b'{"fields": [{"label": "A", "id": "a", "type": "text"}], '),
        ("a.avsc", b'{"type": "record", "fields": [], '),
    ],
)
@pytest.mark.parametrize(
    ("tail", "error"),
    [
        (b'"z": ' + b"[" * 100_000, LimitReachedError),
        (b'"z": ' + b'{"a":' * 100_000, LimitReachedError),
        (b'"z": [' + b"1," * 300_000 + b"1]}", LimitReachedError),
        (b'"z": "never ends', UnreadableError),
        (b'"z": "\0"}', UnreadableError),
        (b'"z": ' + b"\xff" * 10, UnreadableError),
    ],
    ids=["lists", "objects", "nodes", "truncated", "nul", "bytes"],
)
def test_hostile_json(source, head, tail, error):
    with pytest.raises(error) as caught:
        drain(source, head + tail, nodes=200_000)
    assert source in str(caught.value)


@pytest.mark.parametrize(("source", "head"), [("a.xsd", XS), ("a.field-meta.xml", SF)])
@pytest.mark.parametrize(
    ("tail", "error"),
    [
        (b"<a>" * 100_000, LimitReachedError),
        (b"<a/>" * 30_000, LimitReachedError),
        (b"<a>", UnreadableError),
        (b"\0", UnreadableError),
        (b"<a b='" + b"x" * 3_000_000, UnreadableError),
    ],
    ids=["deep", "many", "truncated", "nul", "long"],
)
def test_hostile_xml(source, head, tail, error):
    with pytest.raises(error):
        drain(source, head + tail, nodes=100_000)


def test_entities_are_refused_before_they_unfold():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 9}">' for n in range(1, 20))
    with pytest.raises(UnreadableError, match="entity"):
        drain("a.xsd", f'<!DOCTYPE a [<!ENTITY e0 "x">{entities}]>'.encode() + XS + b"&e19;</xs:schema>")


def test_an_entity_that_asks_for_a_file_is_refused():
    with pytest.raises(UnreadableError, match="entity"):
        drain("a.xsd", b'<!DOCTYPE a [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + XS + b"&f;</xs:schema>")


@pytest.mark.parametrize(
    "text", [b"[" * 100_000, b"[" * 150 + b"Int" + b"]" * 150 + b"} type Y { b: " + b"[" * 5_000]
)
def test_deep_nesting_in_graphql(text):
    with pytest.raises(LimitReachedError, match="deep"):
        drain("a.graphql", b"type X { a: " + text)


def test_many_words_in_graphql():
    with pytest.raises(LimitReachedError, match="words"):
        drain("a.graphql", b"type X { " + b"a: Int " * 2_000 + b"}", nodes=1_000)


def test_broken_graphql_tells_its_line():
    with pytest.raises(UnreadableError) as caught:
        drain("a.graphql", b"type X {\n a: \n}")
    assert caught.value.line == 3


def test_a_line_without_end_in_prisma():
    with pytest.raises(LimitReachedError, match="longer"):
        drain("a.prisma", b"model A {\n  x " + b"y" * 3_000_000)


def test_a_list_of_a_million_codes_is_cut_short():
    codes = b", ".join(b'"c%d"' % number for number in range(300_000))
    (place,) = drain("schema.json", DIALECT + b'"properties": {"a": {"enum": [' + codes + b"]}}}")
    assert 0 < len(place.options) <= 400


def test_one_list_of_codes_that_ten_thousand_fields_share():
    codes = b", ".join(b'"c%d"' % number for number in range(50_000))
    fields = b", ".join(b'"f%d": {"$ref": "#/definitions/C"}' % number for number in range(10_000))
    places = drain(
        "schema.json",
        DIALECT + b'"properties": {' + fields + b'}, "definitions": {"C": {"enum": [' + codes + b"]}}}",
    )
    assert len(places) == 10_001


def test_a_label_of_a_page_is_cut_short():
    (place,) = drain(
        "schema.json", DIALECT + b'"properties": {"a": {"title": "' + b"<b>x</b> " * 100_000 + b'"}}}'
    )
    assert len(place.text) <= 4000


@pytest.mark.parametrize(
    "source", ["a.json", "a.yml", "a.xml", "a.xsd", "a.graphql", "a.prisma", "a.avsc", "fields.json"]
)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"\xff\xfe",
        b"{" * 5_000,
        b"{{" * 50_000,
        b"<%" * 50_000,
        b"${" * 50_000,
        b"<!--" * 50_000,
        b"\n" * 500_000,
        b" " * 500_000,
        b"-\n" * 300_000,
        b"{ " * 300_000,
        b", " * 300_000,
    ],
)
def test_weighing_never_raises(source, content):
    document = Document(source, content, Limits())
    assert all(0 <= reader.weigh(document) <= 1 for reader in readers() if reader.name in MINE)


@pytest.mark.parametrize(
    ("library", "source", "content", "remedy"),
    [
        ("defusedxml", "a.xsd", XS + b"</xs:schema>", "curtilage[forms]"),
        ("graphql.language", "a.graphql", b"type A { b: Int }", "curtilage[code]"),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_remedy(monkeypatch, library, source, content, remedy):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(NotInstalledError) as caught:
        drain(source, content)
    assert remedy in str(caught.value)


@pytest.mark.parametrize(
    ("source", "opening", "within", "closing"),
    [
        ("schema.json", DIALECT + b'"properties": {"a": ', b'{"type": "object", "properties": {"a": ', b"}}"),
        ("form.yml", b"fields: ", b"[{label: A, id: a, type: text, fields: ", b"}]"),
        ("a.xsd", XS, b'<xs:element name="a">', b"</xs:element>"),
        ("q.json", b'{"resourceType": "Questionnaire", "item": ', b'[{"linkId": "a", "item": ', b"}]"),
    ],
)
@pytest.mark.parametrize("levels", [20, 60, 99, 150, 5_000])
def test_a_limit_that_was_raised_still_ends_before_python_does(source, opening, within, closing, levels):
    end = {"schema.json": b"{}" + closing * levels + b"}}", "a.xsd": closing * levels + b"</xs:schema>"}
    content = (
        opening + within * levels + end.get(source, b"[]" + closing * levels + b"}" * (source == "q.json"))
    )
    try:
        assert drain(source, content, depth=1_000_000)
    except LimitReachedError:
        assert levels >= 50


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("a.prisma", b"model A {\n" + b"  x Int\n" * 50 + b"}"),
        (
            "schema.json",
            DIALECT + b'"properties": {' + b", ".join(b'"p%d": {}' % n for n in range(50)) + b"}}",
        ),
        ("a.xsd", XS + b'<xs:element name="a"/>' * 50 + b"</xs:schema>"),
    ],
)
def test_more_places_than_may_be_kept(source, content):
    with pytest.raises(LimitReachedError, match="more than 20"):
        drain(source, content, places=20)
