"""JSON Schema, OpenAPI, table schemas and FHIR: where a field is, what it is called, what it says."""

import pytest

PERSON = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "Household",
    "type": "object",
    "required": ["ssn"],
    "properties": {
        "ssn": {"type": "string", "format": "password", "default": "CANARY-1", "examples": ["CANARY-2"]},
        "status": {"$ref": "#/definitions/Status", "title": "Status here"},
        "children": {
            "type": "array",
            "items": {"properties": {"born": {"type": "string", "format": "date"}}},
        },
        "langs": {"type": "array", "items": {"$ref": "#/definitions/Lang"}},
    },
    "definitions": {
        "Status": {"title": "Immigration status", "description": "As stated.", "enum": ["citizen", "other"]},
        "Lang": {"oneOf": [{"const": "ht", "title": "Haitian Creole"}, {"const": "es", "title": "Spanish"}]},
        "Name": {"properties": {"middleName": {"readOnly": True}}},
    },
}


def test_properties_are_found_at_their_pointer_with_their_path(read):
    assert read("a.json", PERSON).column("locator", "name") == [
        ("/properties/ssn", "ssn"),
        ("/properties/status", "status"),
        ("/properties/children", "children"),
        ("/properties/children/items/properties/born", "children[].born"),
        ("/properties/langs", "langs"),
        ("/definitions/Status", "Status"),
        ("/definitions/Lang", "Lang"),
        ("/definitions/Name/properties/middleName", "Name.middleName"),
    ]


def test_title_and_description_are_joined(read):
    assert read("a.json", PERSON).one("Status").text == "Immigration status — As stated."


def test_a_local_reference_lends_its_options_and_keeps_the_own_title(read):
    status = read("a.json", PERSON).one("status")
    assert (status.text, status.options) == ("Status here", ("citizen", "other"))


def test_options_come_from_items_and_from_alternatives_of_constants(read):
    assert read("a.json", PERSON).one("langs").options == ("ht", "Haitian Creole", "es", "Spanish")


def test_what_a_schema_declares_besides(read):
    found = read("a.json", PERSON)
    assert (found.one("ssn").facts, found.one("ssn").type) == (("masked", "required"), "string(password)")
    assert found.one("Name.middleName").facts == ("read-only",)
    assert found.one("ssn").context == "Household"


def test_defaults_and_examples_are_never_shown(read):
    assert "CANARY" not in repr(read("a.json", PERSON).places)


def test_the_same_schema_in_yaml(read):
    text = """
        $schema: https://json-schema.org/draft/2020-12/schema
        properties:
          citizen: {const: true, description: Is a citizen}
          kids:
            prefixItems: [{properties: {age: {type: integer}}}]
        $defs:
          ImmigrationStatus: {type: [string, "null"], enum: [a, b]}
    """
    assert read("a.yaml", text).column("locator", "name", "options") == [
        ("/properties/citizen", "citizen", ("True",)),
        ("/properties/kids", "kids", ()),
        ("/properties/kids/prefixItems/0/properties/age", "kids[].age", ()),
        ("/$defs/ImmigrationStatus", "ImmigrationStatus", ("a", "b")),
    ]


@pytest.mark.parametrize("word", ["allOf", "anyOf", "oneOf"])
def test_parts_of_a_schema_add_their_properties(read, word):
    schema = {"type": "object", "properties": {"a": {"type": "object", word: [{"properties": {"b": {}}}]}}}
    assert read("a.json", schema).column("locator", "name")[1] == (
        f"/properties/a/{word}/0/properties/b",
        "a.b",
    )


def test_conditions_and_patterns_hold_properties_too(read):
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "if": {"properties": {"x": {}}},
        "then": {"properties": {"y": {}}},
        "dependencies": {"x": {"properties": {"z": {}}}, "y": ["x"]},
        "patternProperties": {"^w": {}},
        "additionalProperties": {"properties": {"v": {}}},
    }
    assert read("a.json", schema).column("name") == ["x", "y", "z", "^w", "*.v"]


def test_references_that_run_in_circles_end(read):
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "properties": {
            "a": {"$ref": "#/definitions/A"},
            "b": {"$ref": "#"},
            "c": {"$ref": "http://x.test/s.json"},
        },
        "definitions": {"A": {"$ref": "#/definitions/B"}, "B": {"$ref": "#/definitions/A"}},
    }
    assert read("a.json", schema).column("name") == ["a", "b", "c", "A", "B"]


def test_a_schema_within_a_wrapper_takes_labels_from_the_ui(read):
    form = {
        "schema": {
            "type": "object",
            "properties": {
                "ssn": {"type": "string"},
                "kids": {"items": {"properties": {"n": {"type": "string"}}}},
            },
        },
        "uiSchema": {
            "ssn": {"ui:title": "Social Security number"},
            "kids": {"items": {"n": {"ui:title": "Kid"}}},
        },
    }
    assert read("a.json", form).column("locator", "text") == [
        ("/schema/properties/ssn", "Social Security number"),
        ("/schema/properties/kids", ""),
        ("/schema/properties/kids/items/properties/n", "Kid"),
    ]


def test_a_ui_alone_gives_its_labels(read):
    ui = {"ui:order": ["ssn"], "kids": {"items": {"n": {"ui:title": "Kid", "ui:widget": "text"}}}}
    assert read("ui.json", ui).column("locator", "name", "text") == [("/kids/items/n", "kids[].n", "Kid")]


def test_a_file_of_named_schemas_without_a_root(read):
    text = """
        CitizenshipInfo:
          properties:
            status:
              type: string
              enum: [a, b]
        Nationality:
          type: string
          description: Where from
    """
    assert read("common.yaml", text).column("locator", "name") == [
        ("/CitizenshipInfo/properties/status", "CitizenshipInfo.status"),
        ("/Nationality", "Nationality"),
    ]


API = """
    openapi: 3.1.0
    info: {title: Persons}
    paths:
      /people/{id}:
        parameters:
          - {name: id, in: path, required: true, schema: {type: string}}
        get:
          operationId: find
          parameters:
            - {$ref: '#/components/parameters/Alien'}
            - name: sort
              in: query
              schema: {type: string, enum: [up, down]}
          requestBody:
            content:
              application/json:
                schema: {properties: {born: {type: string, example: CANARY}}}
          responses:
            "200": {content: {a/b: {schema: {properties: {out: {}}}}}}
    components:
      schemas:
        Person:
          allOf:
            - $ref: '#/components/schemas/Base'
            - properties:
                visa: {description: Kind of visa}
        Base: {properties: {id: {type: string}}}
      parameters:
        Alien: {name: alienId, in: query, description: Alien number}
"""


def test_openapi_gives_schemas_parameters_and_bodies(read):
    assert read("api.yaml", API).column("locator", "name", "kind") == [
        ("/paths/~1people~1{id}/parameters/0", "id", "question"),
        ("/paths/~1people~1{id}/get/parameters/1", "sort", "question"),
        (
            "/paths/~1people~1{id}/get/requestBody/content/application~1json/schema/properties/born",
            "find.born",
            "column",
        ),
        ("/paths/~1people~1{id}/get/responses/200/content/a~1b/schema/properties/out", "find.out", "column"),
        ("/components/schemas/Person/allOf/1/properties/visa", "Person.visa", "column"),
        ("/components/schemas/Base/properties/id", "Base.id", "column"),
        ("/components/parameters/Alien", "alienId", "question"),
    ]


def test_openapi_parameters_say_what_they_take(read):
    found = read("api.yaml", API)
    assert (found.one("sort").options, found.one("id").facts) == (("up", "down"), ("required",))
    assert (found.one("alienId").text, found.one("alienId").context) == ("Alien number", "Persons")


def test_openapi_examples_are_never_shown(read):
    assert "CANARY" not in repr(read("api.yaml", API).places)


def test_swagger_2_in_json(read):
    api = {
        "swagger": "2.0",
        "definitions": {"P": {"properties": {"ssn": {"type": "string"}}}},
        "paths": {"/p": {"post": {"parameters": [
            {"in": "body", "name": "b", "schema": {"properties": {"dob": {}}}},
            {"in": "query", "name": "q", "enum": ["x"]},
        ]}}},
        "parameters": {"z": {"name": "zip", "in": "query"}},
    }  # fmt: skip
    found = read("api.json", api)
    assert (found.reader, found.column("name")) == ("openapi", ["P.ssn", "dob", "q", "zip"])
    assert found.one("q").options == ("x",)


QUESTIONNAIRE = {
    "resourceType": "Questionnaire",
    "title": "Intake",
    "language": "en",
    "contained": [
        {
            "resourceType": "ValueSet",
            "id": "c",
            "compose": {"include": [{"concept": [{"code": "HT", "display": "Haiti"}]}]},
        }
    ],
    "item": [
        {
            "linkId": "1",
            "text": "You",
            "type": "group",
            "item": [
                {
                    "linkId": "1.1",
                    "text": "Nationality",
                    "_text": {
                        "extension": [
                            {
                                "url": "http://hl7.org/fhir/StructureDefinition/translation",
                                "extension": [
                                    {"url": "lang", "valueCode": "es"},
                                    {"url": "content", "valueString": "Nacionalidad"},
                                ],
                            }
                        ]
                    },
                    "type": "choice",
                    "required": True,
                    "answerOption": [
                        {"valueCoding": {"code": "us", "display": "American"}},
                        {"valueString": "Other"},
                    ],
                    "initial": [{"valueString": "CANARY"}],
                },
                {"linkId": "1.2", "text": "Born in", "type": "choice", "answerValueSet": "#c"},
                {"linkId": "1.3", "text": "Thank you", "type": "display"},
            ],
        }
    ],
}


def test_questionnaire_items_with_their_section_and_translations(read):
    first = read("q.json", QUESTIONNAIRE).places[0]
    assert (first.locator, first.name, first.text) == ("/item/0/item/0", "1.1", "Nationality")
    assert (first.options, first.facts) == (("American", "Other"), ("required",))
    assert (first.translations, first.context, first.lang) == (
        (("es", "Nacionalidad"),),
        "Intake › You",
        "en",
    )


def test_questionnaire_options_from_a_value_set_it_carries(read):
    found = read("q.json", QUESTIONNAIRE)
    assert found.one("1.2").options == ("Haiti",)
    assert "CANARY" not in repr(found.places)


def test_a_bundle_of_questionnaires(read):
    bundle = {"resourceType": "Bundle", "entry": [{"resource": QUESTIONNAIRE}]}
    assert read("b.json", bundle).column("locator")[0] == "/entry/0/resource/item/0/item/0"


def test_a_profile_gives_the_elements_it_changes(read):
    profile = {
        "resourceType": "StructureDefinition",
        "title": "Resident",
        "snapshot": {"element": [{"path": "Patient"}, {"path": "Patient.name"}]},
        "differential": {
            "element": [
                {"path": "Patient"},
                {
                    "id": "Patient.extension:visa",
                    "path": "Patient.extension",
                    "short": "Visa",
                    "min": 1,
                    "type": [{"code": "Extension"}],
                },
            ]
        },
    }
    (place,) = read("p.json", profile).places
    assert (place.locator, place.name, place.text, place.facts) == (
        "/differential/element/1", "Patient.extension:visa", "Visa", ("required",),
    )  # fmt: skip


def test_residents_records_in_fhir_are_no_form(read):
    assert (
        read(
            "bundle.json",
            {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "CANARY"}}]},
        ).places
        == []
    )


def test_a_frictionless_package(read):
    package = {
        "name": "p",
        "resources": [{"name": "people", "schema": {"fields": [
            {"name": "born", "title": "Country of birth", "description": "ISO", "type": "string", "constraints": {"enum": ["a"], "required": True}, "example": "CANARY"},
        ]}}],
    }  # fmt: skip
    (place,) = read("datapackage.json", package).places
    assert (place.locator, place.name) == ("/resources/0/schema/fields/0", "people.born")
    assert (place.text, place.options, place.facts) == ("Country of birth — ISO", ("a",), ("required",))
    assert "CANARY" not in repr(place)


def test_a_table_schema_alone_and_in_yaml(read):
    alone = {"fields": [{"name": "ssn", "type": "string"}], "primaryKey": "ssn"}
    assert read("people.schema.json", alone).column("locator", "name") == [("/fields/0", "ssn")]
    text = "resources:\n- name: t\n  schema:\n    fields:\n    - {name: visa, type: string}\n"
    assert read("datapackage.yaml", text).column("name") == ["t.visa"]


def test_an_avro_record_and_the_records_in_it(read):
    record = {
        "type": "record",
        "name": "Person",
        "fields": [
            {"name": "ssn", "type": ["null", "string"], "doc": "SSN"},
            {"name": "status", "type": {"type": "enum", "name": "S", "symbols": ["C", "A"]}},
            {
                "name": "home",
                "type": {"type": "record", "name": "Home", "fields": [{"name": "zip", "type": "string"}]},
            },
        ],
    }
    assert read("a.avsc", record).column("name", "text", "options", "type") == [
        ("Person.ssn", "SSN", (), "string"),
        ("Person.status", "", ("C", "A"), "enum"),
        ("Person.home", "", (), "record"),
        ("Home.zip", "", (), "string"),
    ]


def test_openapi_bodies_answers_and_messages_by_name(read):
    api = """
        openapi: 3.0.0
        components:
          securitySchemes: odd
          requestBodies:
            Intake: {content: {a/b: {schema: {properties: {visa: {}}}}}}
          responses:
            Odd: text
            Old: {schema: {properties: {ssn: {}}}}
          messages:
            Moved: {payload: {properties: {home: {}}}}
        paths:
          /odd: text
    """
    assert read("api.yml", api).column("name") == ["Intake.visa", "Old.ssn", "Moved.home"]


def test_a_part_of_an_api_in_a_file_of_its_own(read):
    text = "components:\n  schemas:\n    Person:\n      properties:\n        visa: {type: string}\n"
    found = read("parts.yaml", text)
    assert found.column("name") == ["Person.visa"]


def test_schemas_that_are_no_schemas_are_passed_over(read):
    schema = {
        "$schema": "http://json-schema.org/draft-03/schema#",
        "definitions": {"odd": True, "E": {"anyOf": [{"enum": ["a"]}, {"enum": ["b"]}]}},
        "properties": {
            "a": {"type": ["string", "null"], "required": True, "enumNames": ["Ex"], "enum": ["x"]},
            "b": True,
        },
        "allOf": [{"properties": ["odd"]}],
        "oneOf": "odd",
    }
    assert read("a.json", schema).column("name", "options", "facts", "type") == [
        ("E", ("a", "b"), (), ""),
        ("a", ("x", "Ex"), ("required",), "string|null"),
        ("b", (), (), ""),
    ]


def test_numbers_and_truths_are_options_too(read):
    schema = {
        "$schema": "http://json-schema.org/schema#",
        "properties": {"a": {"enum": [1, 2.5, False, None, "R&amp;D"]}},
    }
    assert read("a.json", schema).one("a").options == ("1", "2.5", "false", "R&D")


def test_odd_answers_of_a_questionnaire(read):
    items = [{"linkId": "a", "text": "A", "answerOption": [{"initialSelected": True}, {"valueInteger": 3}]},
             {"linkId": "b", "text": "B", "_text": {"extension": [{"url": "other"}]}}]  # fmt: skip
    found = read("q.json", {"resourceType": "Questionnaire", "item": items})
    assert found.column("name", "options") == [("a", ("3",)), ("b", ())]


def test_a_record_in_a_column_of_a_table(read):
    schema = {
        "fields": [{"name": "home", "type": "object", "fields": [{"name": "zip", "type": "string"}]}],
        "primaryKey": "x",
    }
    assert read("t.json", schema).column("name") == ["home", "home.zip"]


def test_a_questionnaire_of_an_old_release(read):
    group = {
        "title": "The basics",
        "question": [{"linkId": "b", "text": "Where born?", "option": [{"display": "Haiti"}], "group": [{"question": [{"linkId": "c", "text": "When?"}]}]}],
    }  # fmt: skip
    found = read("q.json", {"resourceType": "Questionnaire", "group": group})
    assert found.column("locator", "name", "context") == [
        ("/group/question/0", "b", "The basics"),
        ("/group/question/0/group/0/question/0", "c", "The basics › Where born?"),
    ]
    assert found.one("b").options == ("Haiti",)


def test_the_code_of_an_item_speaks_where_its_text_does_not(read):
    items = [{"linkId": "a", "code": [{"code": "78746-5", "display": "Country of birth"}]}]
    (place,) = read("q.json", {"resourceType": "Questionnaire", "item": items}).places
    assert (place.text, place.context) == ("Country of birth", "Country of birth")
