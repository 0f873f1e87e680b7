"""Translations: every string is a place, with its key, its language and where it stands."""

import pytest

from curtilage.connectors.reading.languages import as_tag, tag_in_path, tag_of_label
from curtilage.connectors.reading.messages import is_for_people

RAILS = """\
    ---
    es:
      activerecord:
        attributes:
          household_member:
            birth_country: País de nacimiento
            alien_number: "Número de extranjero"
      date:
        formats:
          default: "%d/%m/%Y"
      options: &shared
        - Ciudadano
        - Residente
"""


def test_rails_strings_have_key_line_and_language(read):
    form = read("config/locales/es.yml", RAILS)
    assert form.reader == "i18n-yaml"
    assert form.column("locator", "name", "text", "lang")[:2] == [
        ("line:6", "household_member.birth_country", "País de nacimiento", "es"),
        ("line:7", "household_member.alien_number", "Número de extranjero", "es"),
    ]


def test_keys_further_up_are_context(read):
    assert read("config/locales/es.yml", RAILS).places[0].context == "activerecord.attributes"


def test_a_date_format_is_no_text(read):
    assert "%d/%m/%Y" not in read("config/locales/es.yml", RAILS).column("text")


def test_items_of_a_list_are_counted(read):
    assert read("config/locales/es.yml", RAILS).column("name", "locator")[-2:] == [
        ("options.0", "line:12"),
        ("options.1", "line:13"),
    ]


def test_several_languages_in_one_yaml(read):
    form = read("app/words.yml", "en:\n  dob: Date of birth\nht:\n  dob: Dat nesans\n")
    assert form.column("name", "text", "lang") == [
        ("dob", "Date of birth", "en"),
        ("dob", "Dat nesans", "ht"),
    ]


def test_yaml_without_a_language_on_top_takes_it_from_the_path(read):
    form = read("translations/messages.vi.yaml", "intake:\n  country: Quốc gia\n")
    assert form.column("name", "lang") == [("intake.country", "vi")]


@pytest.mark.parametrize(
    "text", ["id: 5\nname: x\n", "no: false\n", "openapi: 3.1.0\n", "version: 2\njobs: {}\n"]
)
def test_other_yaml_is_left_alone(read, text):
    assert read("src/settings.yml", text).reader != "i18n-yaml" or read("src/settings.yml", text).weight == 0


def test_flat_json_keeps_dots_in_its_pointer(read):
    form = read("locales/es.json", '{"intake.documents.passport": "Pasaporte", "n": "1"}')
    assert form.column("locator", "name", "text", "lang") == [
        ("/intake.documents.passport", "intake.documents.passport", "Pasaporte", "es")
    ]


def test_nested_json_joins_its_keys(read):
    form = read("src/i18n/zh.json", '{"intake": {"dob": "出生日期", "steps": ["公民身份"]}}')
    assert form.column("locator", "name", "lang") == [
        ("/intake/dob", "intake.dob", "zh"),
        ("/intake/steps/0", "intake.steps.0", "zh"),
    ]


def test_json_of_several_languages(read):
    form = read("i18n/all.json", '{"en": {"a": "Birth country"}, "tl": {"a": "Bansang sinilangan"}}')
    assert form.column("locator", "name", "lang") == [("/en/a", "a", "en"), ("/tl/a", "a", "tl")]


def test_arb_descriptions_belong_to_their_string(read):
    form = read(
        "lib/app_fr.arb", '{"@@locale": "fr", "visa": "Visa", "@visa": {"description": "label of a box"}}'
    )
    assert form.column("name", "lang") == [("visa", "fr")]


def test_records_in_a_folder_of_a_language_are_no_translations(read):
    assert (
        read("data/es/residents.json", '{"name": "canary-7731"}').reader != "i18n-json"
        or not read("data/es/residents.json", '{"name": "canary-7731"}').weight
    )


PROPERTIES = r"""
# Personal information
personal.birth-country = Pa\u00eds de nacimiento
personal.ssn : N\u00famero de seguro \
    social
! another comment
personal.alien\ number=What''s your <b>A-number</b>?
link=https://city.example/es
empty=
"""


def test_properties_with_escapes_and_continued_lines(read):
    form = read("src/main/resources/messages_es.properties", PROPERTIES)
    assert form.reader == "properties"
    assert form.column("locator", "name", "text", "lang") == [
        ("line:3", "personal.birth-country", "País de nacimiento", "es"),
        ("line:4", "personal.ssn", "Número de seguro social", "es"),
        ("line:7", "personal.alien number", "What's your A-number?", "es"),
    ]


def test_properties_in_latin_1(read):
    form = read("messages_fr.properties", "pays=Pays de résidence\n".encode("latin-1"))
    assert form.column("text") == ["Pays de résidence"]


def test_a_lone_half_of_a_surrogate_does_not_get_out(read):
    (place,) = read("messages_en.properties", "a=Visa \\ud800 kind\n").places
    place.text.encode()


@pytest.mark.parametrize("name", ["application.properties", "gradle-wrapper.properties", "log4j2.properties"])
def test_settings_of_programs_are_no_text(read, name):
    assert read(name, "spring.name = some words here\nother = more words here\nx = y and z\n").weight == 0


PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Language: es\n"

#: intake/forms.py:12
msgctxt "intake"
msgid "Country of "
"birth"
msgstr "País de nacimiento"

msgid "visa_type"
msgid_plural "visa_types"
msgstr[0] "Tipo de visa"
msgstr[1] "Tipos de visa"

msgid "Not translated yet"
msgstr ""

#~ msgid "Gone"
#~ msgstr "Ido"
"""


def test_gettext_messages(read):
    form = read("locale/es/LC_MESSAGES/django.po", PO)
    assert form.column("locator", "name", "text", "lang", "context") == [
        ("line:9", "Country of birth", "País de nacimiento", "es", "intake"),
        ("line:13", "visa_type", "Tipo de visa", "es", ""),
        ("line:18", "Not translated yet", "Not translated yet", "", ""),
    ]


def test_a_sentence_as_key_is_a_further_wording(read):
    assert read("locale/es/x.po", PO).places[0].translations == (("", "Country of birth"),)


@pytest.mark.parametrize(
    ("path", "tag"),
    [
        ("config/locales/es.yml", "es"),
        ("config/locales/devise.pt-BR.yml", "pt-BR"),
        ("i18n/zh_TW/intake.json", "zh-TW"),
        ("en.lproj/Localizable.strings", "en"),
        ("forms/check_in.json", ""),
        ("forms/user_id.json", ""),
        ("data/form.sample.yml", ""),
    ],
)
def test_the_language_of_a_path(path, tag):
    assert tag_in_path(path) == tag


@pytest.mark.parametrize(
    ("label", "tag"),
    [("English (en)", "en"), ("English(EN)", "en"), ("Español", "es"), ("Haitian Creole", "ht"), ("French (fr-CA)", "fr-CA"),
     ("Kreyòl (xx)", "ht"), ("hint", ""), ("", "")],
)  # fmt: skip
def test_the_language_of_a_column(label, tag):
    assert tag_of_label(label) == tag


def test_tags_are_written_one_way():
    assert [as_tag(text) for text in ("ZH_hant", "spa", "en-us", "form")] == ["zh-Hant", "es", "en-US", ""]


@pytest.mark.parametrize("text", ["", "  ", "%{count}", "{{ name }}", "https://city.example", "12.5", "<br>"])
def test_what_is_no_words_for_people(text):
    assert not is_for_people(text)
