"""FHIR that is written as code: questionnaires in TypeScript, and Shorthand."""

import pytest

SCRIPT = """\
const yesNo = [{ valueString: 'Yes' }, { valueString: 'No' }];
export const intake: Questionnaire = {
  resourceType: "Questionnaire",
  title: "Screening",
  item: [
    { linkId: "a", text: "About you", type: "group", item: [
      { linkId: 'born', text: `Where were you born?`, type: 'choice', answerOption: yesNo, required: true },
    ]},
    { linkId: 'note', text: 'Thank you', type: 'display' },
  ],
};
"""

SHORTHAND = '''\
// Instance: Nothing
Instance: Intake
InstanceOf: sdc-questionnaire
Title: "Intake form"
* status = #active
* item[+].linkId = "1"
* item[=].text = "About you"
* item[=].type = #group
* item[=].item[+].linkId = "1.1"
* item[=].item[=].text = "Country of birth"
* item[=].item[=].type = #choice
* item[=].item[=].answerOption[+].valueCoding = $sct#a "Here"
* item[=].item[=].answerOption[+].valueCoding = $sct#abroad
* item[+]
  * linkId = "2"
  * text = """
    Two
    lines
    """
  * type = #string
  * required = true

Logical: Person
Title: "Person model"
* birthPlace 0..1 string "Place of birth" "Where the person was born"
* visa 1..1 MS CodeableConcept "Visa"

Profile: Resident
Parent: Patient
* gender 1..1
* gender ^short = "Sex"
* extension contains Nat named nationality 0..*

RuleSet: Ask(id)
* item[+].linkId = "{id}"
'''


def test_a_questionnaire_in_typescript_is_read_as_one(read):
    form = read("forms/intake.ts", SCRIPT)
    assert form.reader == "fhir-script"
    assert form.column("locator", "name", "text", "options", "context", "facts") == [
        ("line:7", "born", "Where were you born?", ("Yes", "No"), "Screening › About you", ("required",))
    ]


def test_rules_of_shorthand_count_items_and_go_on_from_the_rule_above(read):
    form = read("input/fsh/intake.fsh", SHORTHAND)
    assert form.reader == "fsh"
    assert form.column("locator", "name", "text", "options", "type")[:2] == [
        ("line:9", "1.1", "Country of birth", ("Here", "abroad"), "choice"),
        ("line:15", "2", "Two lines", (), "string"),
    ]


def test_elements_of_models_and_profiles_are_columns(read):
    assert read("a.fsh", SHORTHAND).column("locator", "name", "text", "facts")[2:] == [
        ("line:25", "Person.birthPlace", "Place of birth — Where the person was born", ()),
        ("line:26", "Person.visa", "Visa", ("required",)),
        ("line:30", "Resident.gender", "Sex", ("required",)),
        ("line:32", "Resident.nationality", "", ()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "* " + "item." * 100_000,
        "* item" + "[" * 100_000,
        "*" * 200_000,
        '"""\n' * 20_001,
        "  * item[+]\n" * 20_000,
        "\n".join("  " * n + "* item[+]" for n in range(800)),
        '* a = "' + "\\" * 99_999,
    ],
)
def test_shorthand_made_to_hurt_ends(read, text):
    read("a.fsh", "Instance: A\nInstanceOf: Questionnaire\n" + text).places  # noqa: B018 - that it ends


def test_an_object_that_names_itself_and_a_deep_one_end(read):
    circle = "const a = { item: [a] };\nexport default { resourceType: 'Questionnaire', linkId: 'x', item: [a, b] };\n"
    assert read("a.js", circle).column("name") == []
    deep = "export default { resourceType: 'Questionnaire', item: [" + "{ linkId: 'x', item: [" * 3000
    assert len(read("a.js", deep).places) < 200


def test_a_kind_that_is_no_text_is_none(read):
    item = {"linkId": "a", "text": "Born in", "type": {"x": 1}}
    assert read("q.json", {"resourceType": "Questionnaire", "item": [item]}).column("name", "type") == [
        ("a", "")
    ]
