"""Translations kept as code: objects of TypeScript and JavaScript, arrays of PHP."""

import pytest

SPANISH = """\
    import type { Words } from "./words";

    // Spanish
    const es: Words = {
      intake: {
        title: "Solicitud de despensa",
        birthCountry: "¿En qué país nació?",
        'home-phone': 'Teléfono de la casa',
      },
      color: "azul",
    };
    export default es;
"""

SEVERAL = """\
    export const words = {
      dob: { en: "Date of birth", vi: "Ngày sinh" },
      papers: { en: "Immigration papers", vi: "Giấy tờ di trú" },
    };
"""

ARABIC = """\
    <?php
    // 'told' => 'In a comment'
    return [
        'person' => [
            'birth_place' => 'مكان الولادة',
            'owner' => "The owner's name", /* 'x' => 'No text' */
        ],
        'count' => 3,
        'phone' => 'رقم الهاتف',
    ];
    $later = ['not' => 'After the array'];
"""


def test_an_object_of_texts_has_keys_lines_and_the_language_of_its_file(read):
    form = read("src/locales/es.ts", SPANISH)
    assert form.reader == "i18n-script"
    assert form.column("locator", "name", "text", "lang")[:3] == [
        ("line:6", "intake.title", "Solicitud de despensa", "es"),
        ("line:7", "intake.birthCountry", "¿En qué país nació?", "es"),
        ("line:8", "intake.home-phone", "Teléfono de la casa", "es"),
    ]


def test_a_key_that_is_a_member_of_something_is_called_after_that_member(read):
    form = read(
        "i18n/fr.ts",
        "const fr: Words = {\n  asked: {\n    [Asked.BIRTH]: 'Où êtes-vous né?',\n    ['home']: 'Où habitez-vous?',\n"
        "    [Asked.PAPERS]:\n      'Quels papiers avez-vous?',\n  },\n};\nexport default fr;\n",
    )
    assert form.reader == "i18n-script"
    assert form.column("name", "text", "lang") == [
        ("asked.BIRTH", "Où êtes-vous né?", "fr"),
        ("asked.home", "Où habitez-vous?", "fr"),
        ("asked.PAPERS", "Quels papiers avez-vous?", "fr"),
    ]


def test_what_a_module_assigns_is_read_as_well(read):
    form = read(
        "lang/pt.js",
        'module.exports = {\n  a: "Nome da mãe",\n  b: "Onde mora?",\n  c: "Em que país nasceu?",\n};\n',
    )
    assert form.column("name", "text", "lang")[0] == ("a", "Nome da mãe", "pt")


def test_members_that_are_languages_are_the_languages_of_one_text(read):
    form = read("src/i18n/translations.ts", SEVERAL)
    assert form.column("name", "text", "lang") == [
        ("dob", "Date of birth", "en"),
        ("dob", "Ngày sinh", "vi"),
        ("papers", "Immigration papers", "en"),
        ("papers", "Giấy tờ di trú", "vi"),
    ]


@pytest.mark.parametrize("path", ["src/components/Form.ts", "src/locales/es.test.ts", "src/locales/es.d.ts"])
def test_an_object_elsewhere_is_no_table_of_translations(read, path):
    assert read(path, SPANISH).reader != "i18n-script"


def test_an_array_that_php_returns_is_read_to_its_end(read):
    form = read("resources/lang/ar/person.php", ARABIC)
    assert form.reader == "i18n-php"
    assert form.column("locator", "name", "text", "lang") == [
        ("line:5", "person.birth_place", "مكان الولادة", "ar"),
        ("line:6", "person.owner", "The owner's name", "ar"),
        ("line:9", "phone", "رقم الهاتف", "ar"),
    ]


def test_the_array_function_and_escapes_of_php(read):
    form = read(
        "lang/fr/forms.php",
        "<?php\nreturn array(\n  'a' => 'Nom de l\\'enfant',\n  'b' => array('c' => 'Pays de naissance'),\n);\n",
    )
    assert form.column("name", "text") == [("a", "Nom de l'enfant"), ("b.c", "Pays de naissance")]


@pytest.mark.parametrize(
    "torn", ["'\\'" + "\\'" * 20_000, "/*" + "*" * 40_000, "[" * 40_000, "'a' => " * 8_000]
)
def test_a_torn_array_is_read_as_far_as_it_goes(read, torn):
    form = read(
        "lang/fr/forms.php",
        "<?php\nreturn [\n'a' => 'Nom de la mère',\n"
        + "\n".join(torn[i : i + 900] for i in range(0, len(torn), 900)),
    )
    assert ("a", "Nom de la mère") in form.column("name", "text")


def test_an_object_of_many_floors_ends(read):
    text = (
        'export default {\n a: "Where is home?", b: "Who lives there?", c: "Since when?",\n x: '
        + "{ en: 'x y', fr: " * 400
        + "'z'"
        + "}" * 400
        + "};\n"
    )
    assert read("locales/en.ts", text).column("name")[:3] == ["a", "b", "c"]
