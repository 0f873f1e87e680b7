"""GraphQL schemas: fields of types and inputs, arguments of queries and mutations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.reading.text import decode, plain, shorten
from curtilage.foundation.place import Place

_SIGN: Final = re.compile(
    rb"^[ \t]*(?:extend[ \t]+)?(?:type|input|interface|enum|schema|union|scalar|directive)\b", re.MULTILINE
)
_OPERATIONS: Final = frozenset({"Query", "Mutation", "Subscription"})
_FIELDS: Final = frozenset(
    f"{kind}_type_{end}"
    for kind in ("object", "interface", "input_object")
    for end in ("definition", "extension")
)
#: The parser makes an object for each token; more are no schema that a person wrote.
_MOST_TOKENS: Final = 400_000
_BOUND: Final = re.compile(r"more than \d+ tokens|nested too deeply")


class GraphQlReader:
    """Gives a column for each field of a type, a question for each input and argument."""

    name = "graphql"
    extra = "code"

    def weigh(self, document: Document) -> float:
        """Return 0.95 for files of that suffix that define something, 0 otherwise."""
        is_suffix = document.suffix in {"graphql", "gql", "graphqls", "sdl"}
        return 0.95 if is_suffix and _SIGN.search(document.content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places in the order of the file.

        Raises:
            LimitReachedError: It nests too deep or has too many words.
            NotInstalledError: graphql-core is missing.
            UnreadableError: It does not follow GraphQL.
        """
        definitions = _parse(document)
        enums = {
            item.name.value: shorten(value.name.value for value in item.values or ())
            for item in definitions
            if item.kind.startswith("enum_type")
        }
        yield from tag_language(_read(definitions, enums, document), document)


def _parse(document: Document) -> tuple[Any, ...]:
    language = load_library("graphql.language", extra="code", source=document.source)
    error_class = load_library("graphql.error", extra="code", source=document.source).GraphQLSyntaxError
    try:
        tree = language.parse(decode(document), max_tokens=min(_MOST_TOKENS, document.limits.nodes))
    except error_class as error:
        line = error.locations[0].line if error.locations else 0
        if _BOUND.search(str(error.message)):
            raise LimitReachedError(
                source=document.source, what="It nests too deep or has too many words", line=line
            ) from None
        raise UnreadableError(source=document.source, what="It does not follow GraphQL", line=line) from None
    except RecursionError:
        raise LimitReachedError(source=document.source, what="It nests too deep") from None
    return tuple(tree.definitions)


def _read(
    definitions: tuple[Any, ...], enums: dict[str, tuple[str, ...]], document: Document
) -> Iterator[Place]:
    for item in definitions:
        if item.kind not in _FIELDS:
            continue
        owner, about = item.name.value, _said(item)
        is_input = item.kind.startswith("input")
        for part in item.fields or ():
            if owner not in _OPERATIONS:
                yield _place(part, owner, about, enums, "question" if is_input else "column", document)
            for argument in getattr(part, "arguments", None) or ():
                name = part.name.value if owner in _OPERATIONS else f"{owner}.{part.name.value}"
                yield _place(argument, name, _said(part), enums, "question", document)


def _place(  # noqa: PLR0917 - one field and what stands around it
    part: Any, owner: str, about: str, enums: dict[str, tuple[str, ...]], kind: Any, document: Document
) -> Place:
    inner, depth = part.type, 0
    while not hasattr(inner, "name") and depth < document.limits.depth:
        inner, depth = inner.type, depth + 1
    named = inner.name.value if hasattr(inner, "name") else ""
    return Place(
        source=document.source,
        locator=f"line:{part.name.loc.start_token.line}",
        kind=kind,
        name=f"{owner}.{part.name.value}",
        text=_said(part),
        options=enums.get(named, ()),
        context=about[:300],
        type=named + ("[]" if depth > 1 or part.type.kind == "list_type" else ""),
        facts=("required",) if part.type.kind == "non_null_type" else (),
    )


def _said(item: Any) -> str:
    described = getattr(item, "description", None)
    return plain(described.value) if described else ""
