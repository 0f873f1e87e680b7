"""Drupal: a form as YAML within YAML, each element at its line of the file."""

import pytest

WEBFORM = """\
langcode: en
id: intake
title: 'Help with rent'
elements: |-
  page:
    '#type': webform_wizard_page
    '#title': 'About you'
    born:
      '#type': select
      '#title': '<b>Country</b> of birth'
      '#description': 'As in your passport'
      '#options':
        ht: Haiti
        other:
          mx: Mexico
      '#required': true
      '#default_value': CANARY
    intro:
      '#type': processed_text
      '#title': intro
      '#text': 'We never ask about immigration.'
  countries:
    '#type': webform_select_other
    '#options': country_names
  secret:
    '#type': hidden
  home:
    '#type': webform_address
    '#title': Home
    '#city__title': Town
    '#country__access': false
    '#country__title': Country
  grid:
    '#type': webform_likert
    '#title': Rate
    '#questions': {q1: 'Was the interpreter kind?'}
    '#answers': {1: Yes, 2: No}
  kids:
    '#type': webform_custom_composite
    '#title': Children
    '#element':
      kid_name:
        '#type': textfield
        '#title': Name
  actions:
    '#type': webform_actions
    '#title': Submit
"""


def test_elements_stand_at_their_line_and_path(read):
    assert read("webform.webform.intake.yml", WEBFORM).column("locator", "name", "text") == [
        ("line:8 element:page/born", "born", "Country of birth — As in your passport"),
        ("line:22 element:countries", "countries", ""),
        ("line:25 element:secret", "secret", ""),
        ("line:27 element:home", "home", "Home"),
        ("line:30 element:home/city", "city", "Town"),
        ("line:33 element:grid", "grid", "Rate"),
        ("line:36 element:grid/q1", "q1", "Was the interpreter kind?"),
        ("line:38 element:kids", "kids", "Children"),
        ("line:42 element:kids/kid_name", "kid_name", "Name"),
    ]


def test_options_in_groups_and_by_name(read):
    found = read("w.yml", WEBFORM)
    assert found.one("born").options == ("Haiti", "Mexico")
    assert found.one("countries").options == ("country_names",)
    assert found.one("q1").options == ("Yes", "No")


def test_context_and_facts(read):
    found = read("w.yml", WEBFORM)
    assert found.one("born").context == "Help with rent › About you"
    assert (found.one("born").facts, found.one("secret").facts) == (("required",), ("hidden",))
    assert "CANARY" not in repr(found.places)


def test_a_form_says_it_is_english_and_is_not(read):
    text = "langcode: en\nelements: |\n  a:\n    '#type': textfield\n    '#title': '¿Cuál es su dirección?'\n  b:\n    '#type': date\n    '#title': 'Fecha de nacimiento de su hijo'\n"
    assert set(read("w.yml", text).column("lang")) == {"es"}


def test_a_translation_of_a_form_is_in_the_language_of_its_folder(read):
    text = "title: Ayuda\nelements: |\n  a:\n    '#title': Nombre\n"
    (place,) = read("config/language/es/webform.webform.a.yml", text).places
    assert (place.lang, place.locator) == ("es", "line:3 element:a")


def test_a_form_whose_elements_are_no_string(read):
    text = "elements:\n  a:\n    '#type': textfield\n    '#title': Name\n"
    assert read("w.yml", text).column("locator") == ["line:2 element:a"]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "field.field.node.intake.field_visa.yml",
            "langcode: en\nfield_name: field_visa\nentity_type: node\nbundle: intake\nlabel: Visa\ndescription: Kind\nrequired: true\nfield_type: list_string\nsettings: {}\n",
            ("line:2", "intake.field_visa", "Visa — Kind", (), "list_string"),
        ),
        (
            "field.storage.node.field_visa.yml",
            "field_name: field_visa\nentity_type: node\ntype: list_string\nsettings:\n  allowed_values:\n    - {value: f1, label: F-1}\n    - {value: h1, label: H-1B}\n",
            ("line:1", "node.field_visa", "", ("F-1", "H-1B"), "list_string"),
        ),
    ],
)
def test_fields_of_content_types(read, name, text, expected):
    assert read(name, text).column("locator", "name", "text", "options", "type") == [expected]


def test_elements_alone_as_the_form_builder_shows_them(read):
    text = "visa:\n  '#type': textfield\n  '#title': Visa\nactions:\n  '#type': webform_actions\n"
    assert read("elements.yml", text).column("locator", "name", "text") == [
        ("line:1 element:visa", "visa", "Visa")
    ]
