"""Forms in JSON and YAML: those of known programs, and those that people invent for themselves."""

import pytest

FORMIO = {
    "display": "form",
    "title": "Intake",
    "components": [
        {
            "type": "panel",
            "title": "About you",
            "key": "p",
            "input": False,
            "components": [
                {
                    "label": "Country of birth",
                    "key": "birthCountry",
                    "type": "select",
                    "input": True,
                    "data": {"values": [{"label": "Haiti", "value": "ht"}, {"label": "Mexico", "value": "mx"}]},
                    "validate": {"required": True},
                    "defaultValue": "CANARY",
                },
                {"type": "columns", "key": "c", "columns": [{"components": [{"label": "SSN", "key": "ssn", "type": "password", "input": True}]}]},
                {"type": "htmlelement", "key": "h", "label": "HTML", "content": "<p>We never ask.</p>"},
            ],
        },
        {"label": "Status", "key": "st", "type": "radio", "input": True, "values": [{"label": "Citizen", "value": "c"}]},
        {"type": "datagrid", "label": "Children", "key": "k", "input": True, "components": [{"label": "Name", "key": "n", "type": "textfield"}]},
        {"type": "button", "label": "Submit", "key": "submit", "input": True},
    ],
}  # fmt: skip


def test_formio_components_in_panels_columns_and_grids(read):
    assert read("form.json", FORMIO).column("locator", "name", "text") == [
        ("/components/0/components/0", "birthCountry", "Country of birth"),
        ("/components/0/components/1/columns/0/components/0", "ssn", "SSN"),
        ("/components/1", "st", "Status"),
        ("/components/2", "k", "Children"),
        ("/components/2/components/0", "n", "Name"),
    ]


def test_formio_options_facts_and_context(read):
    found = read("form.json", FORMIO)
    born = found.one("birthCountry")
    assert (born.options, born.facts, born.context) == (
        ("Haiti", "Mexico"),
        ("required",),
        "Intake › About you",
    )
    assert (found.one("st").options, found.one("ssn").facts) == (("Citizen",), ("masked",))
    assert "CANARY" not in repr(found.places)


def test_surveyjs_with_two_languages_and_columns(read):
    survey = {
        "pages": [
            {
                "name": "p1",
                "elements": [
                    {
                        "type": "radiogroup",
                        "name": "citizen",
                        "title": {"default": "Are you a citizen?", "es": "¿Es ciudadano?"},
                        "choices": [{"value": "y", "text": {"default": "Yes", "es": "Sí"}}, "no"],
                    },
                    {"type": "html", "name": "i", "html": "x"},
                    {"type": "matrixdynamic", "name": "kids", "title": "Kids", "columns": [{"name": "born", "title": "Born in", "cellType": "text"}]},
                ],
            }
        ]
    }  # fmt: skip
    found = read("survey.json", survey)
    assert found.column("name", "text") == [
        ("citizen", "Are you a citizen?"),
        ("kids", "Kids"),
        ("born", "Born in"),
    ]
    assert found.one("citizen").options == ("Yes", "no")
    assert found.one("citizen").translations == (("es", "¿Es ciudadano?"),)


def test_typeform_fields_within_groups(read):
    form = {
        "title": "T",
        "fields": [
            {"id": "a", "ref": "r", "title": "Where born?", "type": "dropdown", "properties": {"choices": [{"label": "Here"}]}},
            {"id": "g", "ref": "g", "title": "Group", "type": "group", "properties": {"fields": [{"id": "q", "ref": "q", "title": "Phone", "type": "phone_number"}]}},
            {"id": "s", "ref": "s", "title": "Welcome", "type": "statement"},
        ],
    }  # fmt: skip
    assert read("t.json", form).column("locator", "name", "options") == [
        ("/fields/0", "a", ("Here",)),
        ("/fields/1/properties/fields/0", "q", ()),
    ]


def test_kobo_keeps_other_languages_as_translations(read):
    asset = {
        "asset_type": "survey",
        "name": "K",
        "content": {
            "translations": ["English (en)", "Français (fr)"],
            "survey": [
                {"type": "begin_group", "name": "g", "label": ["About", "Sur"]},
                {"type": "select_one", "name": "nat", "select_from_list_name": "n", "label": ["Nationality", "Nationalité"], "required": True},
                {"type": "end_group"},
                {"type": "note", "name": "x", "label": ["Hello", "Bonjour"]},
            ],
            "choices": [{"list_name": "n", "name": "ht", "label": ["Haitian", "Haïtien"]}],
        },
    }  # fmt: skip
    (place,) = read("k.json", asset).places
    assert (place.locator, place.name, place.text, place.lang) == (
        "/content/survey/1",
        "nat",
        "Nationality",
        "en",
    )
    assert (place.options, place.translations, place.facts) == (
        ("Haitian",),
        (("fr", "Nationalité"),),
        ("required",),
    )


def test_json_forms_controls_are_named_by_their_scope(read):
    ui = {
        "type": "VerticalLayout",
        "elements": [
            {"type": "Control", "scope": "#/properties/personal/properties/birthDate", "label": "Birth date"},
            {
                "type": "Group",
                "label": "More",
                "elements": [{"type": "Control", "scope": "#/properties/nationality"}],
            },
        ],
    }
    assert read("ui.json", ui).column("name", "text", "context") == [
        ("birthDate", "Birth date", ""),
        ("nationality", "", "More"),
    ]


def test_hof_joins_legend_label_and_hint(read):
    words = {
        "dob": {"legend": "Date of birth", "hint": "For example, 31 3 1980"},
        "status": {"legend": "Status", "options": {"a": {"label": "Settled"}, "null": "Select..."}},
        "only": {"options": {"yes": {"label": "Yes"}}},
        "name": {"label": "Name"},
    }
    assert read("apps/x/translations/src/en/fields.json", words).column(
        "locator", "text", "options", "lang"
    ) == [
        ("/dob", "Date of birth — For example, 31 3 1980", (), "en"),
        ("/status", "Status", ("Settled", "Select..."), "en"),
        ("/only", "", ("Yes",), "en"),
        ("/name", "Name", (), "en"),
    ]


def test_forms_of_peoples_own(read):
    form = {"form": {"sections": [{"heading": "A", "questions": [
        {"id": "q1", "question": "Do you have an A-number?", "type": "yes_no"},
        {"id": "q2", "question": "Explain", "help": "Say more"},
    ]}]}}  # fmt: skip
    assert read("own.json", form).column("locator", "name", "text", "context") == [
        ("/form/sections/0/questions/0/question", "q1", "Do you have an A-number?", "A"),
        ("/form/sections/0/questions/1/question", "q2", "Explain — Say more", "A"),
    ]


def test_a_map_of_fields_is_named_by_its_keys(read):
    form = {
        "fields": {
            "first": {"label": "First name", "type": "text"},
            "visa": {"label": "Visa", "type": "select", "options": {"f1": "F-1"}},
        }
    }
    assert read("own.json", form).column("locator", "name", "options") == [
        ("/fields/first/label", "first", ()),
        ("/fields/visa/label", "visa", ("F-1",)),
    ]


def test_questions_that_follow_an_answer_are_found_and_rules_are_not(read):
    form = {"questions": [{"id": "a", "label": "A?", "type": "boolean", "switch": {"true": [{"id": "b", "label": "B?", "type": "address"}]},
                           "validate": [{"type": "text", "id": "r", "label": "must be"}]}]}  # fmt: skip
    assert read("own.json", form).column("name") == ["a", "b"]


def test_what_somebody_answered_is_never_taken_for_a_question(read):
    export = {
        "definition": {"fields": [{"id": "q1", "ref": "r", "title": "Name?", "type": "short_text"}]},
        "answers": [{"type": "text", "text": "CANARY", "field": "q1"}],
        "fields": [{"label": "SSN", "id": "s", "type": "text", "values": ["CANARY"], "value": "CANARY", "answer": {"label": "CANARY"}}],
        "submissions": [{"fields": [{"label": "CANARY", "type": "text"}]}],
    }  # fmt: skip
    found = read("export.json", export)
    assert found.column("name") == ["q1", "s"]
    assert "CANARY" not in repr(found.places)


YAML_FORM = """\
title: Intake
sections:
  - title: You
    fields:
      - id: dob
        label: Date of birth
        type: date
        default: CANARY
      - id: nat
        label: {en: Nationality, es: Nacionalidad}
        type: select
        options:
          us: {en: American, es: Estadounidense}
          other: {en: Other, es: Otra}
      - name:
          en: Are you a citizen?
          zh: 您是公民吗？
        id: citizen
        type: boolean
"""


def test_yaml_gives_each_language_its_own_line(read):
    assert read("form.yml", YAML_FORM).column("locator", "name", "text", "lang", "options")[1:] == [
        ("line:9", "nat", "Nationality", "en", ("American", "Other")),
        ("line:10", "nat", "Nacionalidad", "es", ("Estadounidense", "Otra")),
        ("line:15", "citizen", "Are you a citizen?", "en", ()),
        ("line:17", "citizen", "您是公民吗？", "zh", ()),
    ]


def test_yaml_defaults_stay_out(read):
    found = read("form.yml", YAML_FORM)
    assert (found.places[0].locator, found.places[0].context) == ("line:5", "Intake › You")
    assert "CANARY" not in repr(found.places)


def test_yaml_map_of_fields(read):
    assert read("f.yml", "fields:\n  visa:\n    label: Visa type\n    required: true\n").column(
        "name", "text", "facts"
    ) == [("visa", "Visa type", ("required",))]


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("people.json", [{"id": 1, "name": "CANARY", "type": "text", "ssn": "CANARY"}]),
        (
            "people.json",
            {"items": [{"id": 1, "name": "CANARY", "title": "Ms", "type": "phone", "value": "CANARY"}]},
        ),
        (
            "people.json",
            {"fields": ["a"], "rows": [{"id": 1, "name": "CANARY", "title": "CANARY", "type": "Person"}]},
        ),
        ("map.geojson", {"type": "FeatureCollection", "features": [{"properties": {"name": "CANARY"}}]}),
        ("map.json", '{"type": "FeatureCollection", "features": [{"properties": {"name": "CANARY"}}]}'),
        (
            "package.json",
            {"properties": {"a": {"type": "string"}}, "fields": [{"label": "x", "type": "text"}]},
        ),
        ("tsconfig.base.json", {"properties": {"a": {"type": "string"}}}),
        ("pnpm-lock.yaml", "fields:\n  - id: a\n    label: b\n    type: text\n"),
        (".github/workflows/ci.yml", "fields:\n  - id: a\n    label: b\n    type: text\n"),
        ("deploy.yml", "apiVersion: v1\nfields:\n  - id: a\n    label: b\n    type: text\n"),
        (
            "build.yml",
            "on: push\njobs:\n  a:\n    steps:\n      - name: x\n        inputs:\n          - name: y\n            type: text\n",
        ),
        ("list.json", ["CANARY"]),
        ("number.json", "7"),
        ("notes.yml", "just a line"),
    ],
)
def test_data_and_settings_are_no_forms(read, source, content):
    assert read(source, content).places == []


def test_a_form_without_any_telling_name_is_known_by_its_kinds_of_input(read):
    text = "groups:\n  - name: You\n    items:\n      - code: q1\n        text: Nationality?\n        type: dropdown\n"
    assert read("own.yml", text).column("name", "text") == [("q1", "Nationality?")]
    form = {"visa": {"label": "Visa", "type": "radio"}, "note": {"label": "Thanks"}}
    assert read("own.json", form).column("locator", "name") == [("/visa/label", "visa")]


@pytest.mark.parametrize(
    ("field", "text", "options", "kind"),
    [
        ({"props": {"label": "From props"}, "type": "input"}, "From props", (), "input"),
        ({"label": ["In a list"], "type": "text"}, "In a list", (), "text"),
        ({"label": "A", "type": {"type": "radio"}, "values": ["x"]}, "A", ("x",), "radio"),
        ({"label": "A", "options": [["c", "Coded"], 7, True, {"en": "Word"}, {"text": 3}]}, "A", ("Coded", "7", "true", "Word", "3"), ""),
        ({"label": "A", "type": "select", "options": {"en": "x", "es": "y"}}, "A", (), "select"),
        ({"label": "A", "type": "select", "options": {"a": 1, "b": {"label": "Bee"}}}, "A", ("a", "Bee"), "select"),
        ({"label": "A", "type": "select", "options": {"a": None}}, "A", (), "select"),
        ({"label": "A", "type": "hidden", "hidden": True}, "A", (), "hidden"),
    ],
)  # fmt: skip
def test_what_a_field_says_in_each_way_that_was_met(read, field, text, options, kind):
    (place,) = read("own.json", {"fields": [{"id": "f", "required": True, **field}]}).places
    assert (place.text, place.options, place.type) == (text, options, kind)


def test_fields_in_rows_of_rows(read):
    form = {
        "rows": [[{"label": "A", "id": "a", "type": "text"}], [{"label": "B", "id": "b", "type": "date"}]],
        "fields": [],
    }
    assert read("own.json", form).column("locator") == ["/rows/0/0/label", "/rows/1/0/label"]


def test_a_form_that_states_its_language(read):
    form = {"locale": "pt-BR", "fields": [{"label": "Nome", "id": "n", "type": "text"}]}
    assert read("own.json", form).column("lang") == ["pt-BR"]
    assert read("f.yml", "lang: tl\nfields:\n  - {id: n, label: Pangalan, type: text}\n").column("lang") == [
        "tl"
    ]


@pytest.mark.parametrize(
    ("label", "lang"),
    [
        ("您是公民吗？", "zh"),
        ("국적이 어디입니까?", "ko"),
        ("ما هي جنسيتك؟", "ar"),
        ("Какое у вас гражданство?", "ru"),
    ],
)
def test_a_script_tells_its_language(read, label, lang):
    assert read("own.json", {"fields": [{"label": label, "id": "n", "type": "text"}]}).column("lang") == [
        lang
    ]


def test_kobo_with_one_language_and_odd_rows(read):
    content = {"survey": ["odd", {"type": "text", "name": "a", "label": "Nationality"}], "choices": ["odd"]}
    (place,) = read("k.json", {"asset_type": "survey", "content": content}).places
    assert (place.name, place.text, place.lang) == ("a", "Nationality", "")


def test_kinds_of_input_that_a_city_has_added_to_formio(read):
    parts = [
        {"label": "Identity", "key": "i", "type": "identity", "input": True, "tableView": False},
        {
            "label": "Alert",
            "key": "a",
            "type": "alertstripe",
            "input": False,
            "content": "We never ask.",
            "validate": {},
        },
    ]
    assert read("f.json", {"display": "wizard", "components": parts}).column("name") == ["i"]


def test_a_base_of_tables_with_choices_below_options(read):
    base = {"tables": [{"name": "People", "fields": [
        {"id": "f1", "name": "Country of birth", "type": "singleSelect", "options": {"choices": [{"name": "Haiti"}]}},
    ]}]}  # fmt: skip
    assert read("base.json", base).column("name", "text", "options") == [
        ("f1", "Country of birth", ("Haiti",))
    ]


def test_numbered_items_are_named_by_where_their_answer_goes(read):
    form = {
        "type": "GROUP",
        "link_id": "g",
        "text": "Stay",
        "item": [
            {"type": "DISPLAY", "link_id": "1.0", "text": "Ask in private."},
            {
                "type": "CHOICE",
                "link_id": "1.1",
                "text": "Where did you sleep last night?",
                "mapping": {"record_type": "STAY", "field_name": "lastNight"},
            },
            {
                "type": "GROUP",
                "link_id": "1.2",
                "item": [{"type": "DATE", "link_id": "1.3", "text": "Since when"}],
            },
        ],
    }
    assert read("stay.json", form).column("name", "text") == [
        ("lastNight", "Where did you sleep last night?"),
        ("1.3", "Since when"),
    ]


def test_boxes_that_a_questionnaire_calls_answers_take_the_words_of_their_question(read):
    question = {
        "title": {"text": "Which passports does {name} hold?", "placeholders": []},
        "id": "q1",
        "answers": [{"id": "a1", "type": "Checkbox", "options": [{"label": "None"}, {"label": "Irish"}]}],
    }
    named = {
        "title": "Your name",
        "id": "q2",
        "answers": [{"id": "a2", "type": "TextField", "label": "Surname"}],
    }
    form = {"sections": [{"blocks": [{"id": "b", "question": question}, {"id": "c", "question": named}]}]}
    found = read("census.json", form)
    assert found.column("name", "text") == [("a1", "Which passports does {name} hold?"), ("a2", "Surname")]
    assert found.one("a1").options == ("None", "Irish")


def test_what_somebody_answered_is_no_question(read):
    form = {
        "fields": [
            {"name": "city", "label": "City", "type": "text", "answers": [{"id": 1, "text": "CANARY"}]}
        ]
    }
    assert read("form.json", form).column("name") == ["city"]


def test_a_table_of_fields_with_labels_and_breaks_between_them(read):
    fields = [
        {"fieldname": "who", "fieldtype": "Section Break", "label": "Person"},
        {"fieldname": "born_in", "fieldtype": "Data", "label": "Place of birth"},
        {"fieldname": "land", "fieldtype": "Link", "label": "Country", "options": "Country"},
        {"fieldname": "status", "fieldtype": "Select", "label": "Status", "options": "Open\nClosed"},
    ]
    found = read("applicant.json", {"doctype": "DocType", "fields": fields})
    assert found.column("name", "text", "options") == [
        ("born_in", "Place of birth", ()),
        ("land", "Country", ()),
        ("status", "Status", ("Open", "Closed")),
    ]


def test_rows_of_case_fields_with_capital_keys(read):
    rows = [
        {"CaseTypeID": "Claim", "ID": "heading", "Label": "# About you", "FieldType": "Label"},
        {"CaseTypeID": "Claim", "ID": "wed", "Label": "Are you married?", "FieldType": "YesOrNo"},
        {"CaseTypeID": "Claim", "ID": "OtherParentNationality", "Label": "", "FieldType": "Text"},
    ]
    assert read("fields.json", rows).column("name", "text") == [
        ("wed", "Are you married?"),
        ("OtherParentNationality", ""),
    ]


def test_a_break_heads_the_fields_below_it(read):
    fields = [
        {"fieldname": "born", "fieldtype": "Date", "label": "Born"},
        {"fieldname": "sb", "fieldtype": "Section Break", "label": "Papers"},
        {"fieldname": "cb", "fieldtype": "Column Break"},
        {"fieldname": "number", "fieldtype": "Data", "label": "Number"},
        {"fieldname": "sb2", "fieldtype": "Section Break"},
        {"fieldname": "memo", "fieldtype": "Text", "label": "Memo"},
    ]
    found = read("doc.json", {"doctype": "DocType", "name": "Visitor", "fields": fields})
    assert found.column("name", "context") == [
        ("born", "Visitor"),
        ("number", "Visitor › Papers"),
        ("memo", "Visitor"),
    ]


@pytest.mark.parametrize("kind", ["html", "infotext", "help_text", "expression"])
def test_what_a_survey_only_shows_asks_nothing(read, kind):
    shown = {"type": kind, "name": "said", "title": "We keep what you say", "html": "<p>Thank you</p>"}
    asked = {"type": "text", "name": "born", "title": "Where were you born?"}
    assert read("s.json", {"pages": [{"elements": [shown, asked]}]}).column("name") == ["born"]


def test_questions_that_keep_their_answers_in_options(read):
    question = {
        "id": "born",
        "label": "Born where?",
        "type": "obs",
        "questionOptions": {"rendering": "select", "answers": [{"label": "Here"}, {"label": "Abroad"}]},
    }
    form = {
        "name": "Intake",
        "pages": [{"label": "A", "sections": [{"label": "B", "questions": [question]}]}],
    }
    assert read("form.json", form).column("name", "text", "options") == [
        ("born", "Born where?", ("Here", "Abroad"))
    ]


def test_the_form_of_an_issue(read):
    text = "name: A\nbody:\n  - type: input\n    id: born\n    attributes:\n      label: Born where?\n  - type: markdown\n    attributes:\n      value: Hi\n"
    assert read("issue.yml", text).column("locator", "name", "text") == [("line:3", "born", "Born where?")]


def test_a_number_that_is_called_label_is_the_name_of_what_is_asked(read):
    rows = {
        "identity": [
            {"label": "id0040", "text": "Suffix", "inputType": "select", "answerOptions": ["Sr", "Jr"]}
        ]
    }
    assert read("list.json", rows).column("locator", "name", "text", "options") == [
        ("/identity/0/text", "id0040", "Suffix", ("Sr", "Jr"))
    ]


def test_civiform_keeps_its_languages_in_translations(read):
    config = {
        "name": "Country of birth",
        "questionText": {"translations": {"en_US": "Where were you born?", "es_US": "¿Dónde nació?"}},
        "questionOptions": [
            {"adminName": "a", "optionText": {"translations": {"en_US": "Here", "es_US": "Aquí"}}}
        ],
    }
    found = read("program.json", {"questions": [{"type": "dropdown", "config": config}]}).one(
        "Country of birth"
    )
    assert (found.text, found.options, found.lang) == ("Where were you born?", ("Here",), "en-US")
    assert found.translations == (("es-US", "¿Dónde nació?"),)


def test_a_survey_of_qualtrics(read):
    asked = {"QuestionText": "Born where?<br>", "DataExportTag": "Q1", "QuestionType": "MC"}
    asked["Choices"] = {"1": {"Display": "Here"}, "2": {"Display": "Abroad"}}
    shown = {"QuestionText": "Thank you", "QuestionType": "DB"}
    elements = [
        {"Element": "BL", "Payload": []},
        {"Element": "SQ", "Payload": asked},
        {"Element": "SQ", "Payload": shown},
    ]
    survey = {"SurveyEntry": {"SurveyName": "Intake"}, "SurveyElements": elements}
    assert read("a.qsf", survey).column("locator", "name", "text", "options", "context") == [
        ("/SurveyElements/1", "Q1", "Born where?", ("Here", "Abroad"), "Intake")
    ]


def test_metadata_of_dhis2_has_the_options_of_its_sets(read):
    data = {
        "dataElements": [
            {
                "id": "a",
                "name": "Country of birth",
                "code": "COB",
                "valueType": "TEXT",
                "optionSet": {"id": "s"},
            }
        ],
        "optionSets": [{"id": "s", "options": [{"id": "x"}]}],
        "options": [{"id": "x", "name": "Here"}],
    }
    assert read("metadata.json", data).column("name", "text", "options") == [
        ("COB", "Country of birth", ("Here",))
    ]


def test_lists_of_answers_are_no_fields_and_a_key_of_acf_is_no_name(read):
    fields = [{"key": "field_1", "name": "born", "label": "Born where?", "type": "text"}]
    lists = [{"name": "L1", "title": "Countries", "type": "string", "items": [{"text": "A", "value": "a"}]}]
    assert read("form.json", {"title": "A", "fields": fields, "lists": lists}).column("name", "text") == [
        ("born", "Born where?")
    ]
