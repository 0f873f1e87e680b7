"""The words of the house: a glossary, residents, and nothing that names a machine or a registry."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
NOUNS = [*sorted((ROOT / "src/curtilage").glob("*/nouns.py")), ROOT / "src/curtilage/inventory/terms.py"]
# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "/" + "work/",
    "/" + "tmp/brief",
    "/ho" + "me/",
    "/Us" + "ers/",
    "/r" + "oot/",
]


def list_files():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_file_names_a_registry_or_a_folder_of_somebodys_machine():
    found = []
    for path in list_files():
        content = path.read_bytes() if path.is_file() else b""
        found += [f"{path.relative_to(ROOT)}: {words}" for words in FORBIDDEN if words.encode() in content]

    assert found == []


@pytest.mark.parametrize("path", NOUNS, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_every_noun_is_in_the_glossary(path):
    classes = [
        node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.ClassDef)
    ]
    nouns = [name for name in classes if not name.startswith("_")]

    assert [noun for noun in nouns if f"**{noun}.**" not in GLOSSARY] == []


def test_the_glossary_defines_each_word_once():
    words = re.findall(r"^\*\*(.+?)\.\*\*", GLOSSARY, re.MULTILINE)

    assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/**/*.md")), ids=lambda path: path.name
)
def test_pages_speak_of_residents(path):
    said = re.sub(r"[\"“*`].*?[\"”*`]", "", path.read_text("utf-8"))

    assert not re.search(r"\b(our|all|the|city'?s|fellow) citizens\b", said, re.IGNORECASE)


def test_links_between_pages_lead_somewhere():
    links = [
        (path, target)
        for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text("utf-8"))
        if not re.match(r"[a-z]+:", target)
    ]

    assert [f"{path.name}: {target}" for path, target in links if not (path.parent / target).exists()] == []
