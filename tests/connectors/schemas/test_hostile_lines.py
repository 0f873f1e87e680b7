"""Files of lines that are made to hurt end, and quickly enough for a test without a clock."""

import pytest


@pytest.mark.parametrize(
    "name",
    ["a.proto", "a.thrift", "a.do", "a.sps", "i18n/es.ftl", "i18n/es.toml", "a.strings", "i18n/es.ini"],
)
@pytest.mark.parametrize(
    "text",
    [
        "message A {" * 20_000,
        "message A { " + "a " * 100_000,
        "enum A {" + "B," * 100_000,
        "1: " + "map<" * 50_000,
        '"' * 100_000,
        "a = " + "\\" * 100_001,
        "[" * 100_000,
        "a\n" * 100_000,
        "a =\n" + " b\n" * 50_000,
        "= " * 100_000,
    ],
)
def test_lines_made_to_hurt_end(read, name, text):
    read(name, f"message B {{ string c = 1; }}\nd = e\n{text}").places  # noqa: B018 - that it ends
