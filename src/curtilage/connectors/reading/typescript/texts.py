"""Translations in TypeScript and JavaScript: objects of keys and words, in files of their own or in calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.guess import guess_language
from curtilage.connectors.reading.languages import as_tag, is_language
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.text import plain
from curtilage.connectors.reading.trees import Node, line_of, text_of
from curtilage.connectors.reading.typescript.values import bare, listed, literal, name_of, pairs

_ADDS: Final = re.compile(
    r"(?:\A|\.)(?:addResources?|addResourceBundle|addTranslations?|addMessages|setMessages|setTranslations|mergeLocaleMessage"
    r"|setLocaleMessage|loadTranslations|registerTranslations?|defineLocale|createI18n|VueI18n|Polyglot)\Z"
    r"|(?:[Tt]ranslat\w*|[Ii]18n\w*|[Ll]ocales?|[Mm]essages)\.(?:add|set|init|load|extend|register|merge)\Z"
    r"|\A(?:_|__|i18n|gettext)\Z"
)
#: Members of a library's settings that hold the words.
_HOLDERS: Final = ("messages", "resources", "translations", "phrases")
_DEEPEST: Final = 40
#: What i18next calls the words of its first namespace.
_NAMESPACE: Final = "translation"


@dataclass(frozen=True, slots=True)
class Text:
    """One wording: its line, its keys from the outermost, what it says and in which language."""

    line: int
    keys: tuple[str, ...]
    said: str
    lang: str

    @property
    def name(self) -> str:
        """Return all keys joined by dots."""
        return ".".join(self.keys)


def list_texts(node: Node, lang: str, keys: tuple[str, ...] = (), depth: int = 0) -> Iterator[Text]:
    """Give the texts of an object; keys that are all languages are the languages of what they hold.

    Args:
        node: The object.
        lang: The language where the object tells none.
        keys: Those that stand around it.
        depth: How many objects stand around it.
    """
    members = [
        (_key(pair.child_by_field_name("key")), pair) for pair in node.named_children if pair.type == "pair"
    ]
    # One key alone is a language at the outside only: within, "id" and "no" are words.
    spoken = all(as_tag(key) for key, _ in members) and (
        len(members) > 1 or (not depth and _is_alone(members))
    )
    for key, pair in members:
        value = bare(pair.child_by_field_name("value"))
        inner, tag = (keys, as_tag(key)) if spoken else ((*keys, key), lang)
        if value is None or depth > _DEEPEST:
            continue
        if value.type == "object":
            yield from list_texts(value, tag, inner, depth + 1)
        elif value.type in {"string", "template_string", "binary_expression"}:
            said = plain(literal(value))
            if is_for_people(said):
                yield Text(line_of(pair), inner, said, tag)


def texts_in_call(call: Node) -> list[Text]:
    """Return the translations that a call takes: ``i18next.addResources("es", "ns", { … })``.

    Empty for a call of anything else, and where the object holds fewer than two texts.
    """
    function = call.child_by_field_name("function") or call.child_by_field_name("constructor")
    if not _ADDS.search(text_of(function)[-200:]):
        return []
    arguments = listed(call.child_by_field_name("arguments"))
    lang = next((tag for one in arguments if one.type == "string" and (tag := as_tag(literal(one)))), "")
    found = [
        text
        for one in arguments
        if one.type == "object"
        for held in _held(one)
        for text in _spoken(held, lang)
    ]
    return found if len(found) > 1 else []


def texts_by_language(node: Node) -> list[Text]:
    """Return the translations of an object whose keys are languages and whose values are objects of texts."""
    told = pairs(node)
    inner = [bare(value) for value in told.values()]
    if len(told) < 2 or not all(map(is_language, told)):
        return []
    return _spoken(node, "") if all(one is not None and one.type == "object" for one in inner) else []


def _is_alone(members: list[tuple[str, Node]]) -> bool:
    """Tell whether the one member is a language and holds an object."""
    value = bare(members[0][1].child_by_field_name("value")) if members else None
    return value is not None and value.type == "object" and is_language(members[0][0])


def _held(settings: Node) -> list[Node]:
    """Return the objects of words in a library's settings, or the object itself."""
    told = pairs(settings)
    held = [bare(told[key]) for key in _HOLDERS if key in told]
    return [one for one in held if one is not None] or [settings]


def _spoken(node: Node, lang: str) -> list[Text]:
    """Return the texts of an object, their language guessed where nothing says it."""
    if node.type != "object":
        return []
    found = [
        Text(text.line, text.keys[1:] if text.keys[:1] == (_NAMESPACE,) else text.keys, text.said, text.lang)
        for text in list_texts(node, lang)
    ]
    guessed = guess_language(text.said for text in found if not text.lang)
    return [Text(text.line, text.keys, text.said, text.lang or guessed) for text in found]


def _key(key: Node | None) -> str:
    """Return a key; of ``[Asked.BIRTH]`` its last name."""
    if key is None or key.type != "computed_property_name" or not key.named_children:
        return name_of(key)
    inner = bare(key.named_children[0])
    if inner is not None and inner.type == "member_expression":
        return text_of(inner.child_by_field_name("property"))
    return literal(inner)
