"""Translations that are kept as code: objects in TypeScript and JavaScript, arrays in PHP. Never run.

Two readers, each ``line:N`` of the string, the name all its keys joined by dots:

* :class:`ScriptLocalesReader`: what ``lang/es.ts`` or ``locales/vi.js`` exports or assigns.
* :class:`PhpLocalesReader`: what ``resources/lang/ar/person.php`` returns, as Laravel keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.languages import is_locale_file, tag_in_path
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.text import decode, plain, refuse_long_lines
from curtilage.connectors.reading.trees import parse
from curtilage.connectors.reading.typescript.texts import list_texts
from curtilage.foundation.place import Place

_GRAMMARS: Final = {"ts": "typescript", "mts": "typescript", "cts": "typescript", "js": "tsx", "mjs": "tsx", "cjs": "tsx"}  # fmt: skip
#: A key and a text that is no single word of a program.
_SAID: Final = re.compile(
    rb"""['"]?[\w.-]{1,80}['"]?\]?\s*:\s*(?:['"`][^'"`\n]*[ \x80-\xff]|['"`][A-Z\x80-\xff][^'"`\n]*['"`])"""
)
_GIVES: Final = re.compile(rb"export\s+default|module\.exports|export\s+const|=\s*\{")
#: Definitions that name their messages inside; the reader of TypeScript knows them.
_DEFINED: Final = re.compile(rb"defineMessages|defaultMessage")
_TRIAL: Final = re.compile(r"(?:\.(?:test|spec|stories|mock|d)\.\w+|(?:^|/)(?:__tests__|__mocks__)/.*)\Z")
_RETURNS: Final = re.compile(r"\breturn\s*(?:\[|array\s*\()")
_PHP: Final = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|\#[^\n]*|/\*(?s:.*?)(?:\*/|\Z))
      | '(?P<single>(?:[^'\\]|\\(?:.|\Z))*+)(?:'|\Z) | "(?P<double>(?:[^"\\]|\\(?:.|\Z))*+)(?:"|\Z)
      | (?P<open>\[|\barray\s*\(|\() | (?P<close>[\])]) | (?P<arrow>=>) | (?P<comma>,) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_DEEPEST: Final = 40


class ScriptLocalesReader:
    """Reads translations that are an object in TypeScript or JavaScript."""

    name = "i18n-script"
    extra = "code"

    def weigh(self, document: Document) -> float:
        """Return 0.85 for an object of texts in a file that is called after a language or translations."""
        if document.suffix not in _GRAMMARS or _TRIAL.search(document.source):
            return 0.0
        head = document.head()
        if not is_locale_file(document.source) or _DEFINED.search(head) or not _GIVES.search(head):
            return 0.0
        return 0.85 if len(_SAID.findall(head)) > 2 else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a text, in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            NotInstalledError: The grammar is missing.
            UnreadableError: It is no text.
        """
        yield from within_limits(self._places(document), document)

    def _places(self, document: Document) -> Iterator[Place]:
        lang = tag_in_path(document.source, sure=True)
        root, _ = parse(document, _GRAMMARS[document.suffix])
        waiting = [root]
        while waiting:
            node = waiting.pop()
            if node.type == "object":
                for text in list_texts(node, lang):
                    yield _place(document.source, text.line, text.keys, text.said, text.lang)
            elif node.type not in {"import_statement", "jsx_element", "class_declaration"}:
                waiting.extend(reversed(node.named_children))


class PhpLocalesReader:
    """Reads translations that PHP returns as an array."""

    name = "i18n-php"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.9 for an array that a file returns whose name or folder is of translations."""
        if document.suffix != "php" or not is_locale_file(document.source):
            return 0.0
        return 0.9 if _RETURNS.search(document.head().decode(errors="replace")) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a text, in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text.
        """
        yield from within_limits(self._places(document), document)

    def _places(self, document: Document) -> Iterator[Place]:
        refuse_long_lines(document)
        text = decode(document)
        lang = tag_in_path(document.source, sure=True)
        given = _RETURNS.search(text)
        for line, keys, said in _entries(text, given.start() if given else len(text)):
            if is_for_people(said):
                yield _place(document.source, line, keys, plain(said), lang)


def _entries(text: str, start: int) -> Iterator[tuple[int, tuple[str, ...], str]]:
    """Give line, keys and text of each string that is the value of a key."""
    keys: list[str] = []
    key, said, value = "", "", False
    line, at = text.count("\n", 0, start) + 1, start
    for token in _PHP.finditer(text, start):
        line, at = line + text.count("\n", at, token.start()), token.start()
        kind = token.lastgroup
        if kind in {"single", "double"}:
            said = re.sub(r"\\(.)", r"\1", token.group(kind))
            if value:
                yield line, tuple(filter(None, (*keys, key))), said
        elif kind == "arrow":
            key, value = said, True
        elif kind == "open":
            if len(keys) > _DEEPEST:
                return
            keys.append(key)
            key, value = "", False
        elif kind == "close":
            if not keys or len(keys) == 1:
                return
            keys.pop()
            key, value = "", False
        elif kind == "comma":
            key, value = "", False


def _place(source: str, line: int, keys: tuple[str, ...], text: str, lang: str) -> Place:
    return Place(source, f"line:{line}", "question", name=".".join(keys), text=text, lang=lang)
