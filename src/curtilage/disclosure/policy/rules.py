"""Rules as they stand in a ``.cedar`` file: what each says of itself, and what it looks at.

A rule names itself in annotations:

* ``@id``: stable, unique in the set; the engine's own numbering is never shown;
* ``@outcome``: of a rule that forbids, what is done instead of releasing;
* ``@row``: the row of the decision table; 15, where nothing is said, speaks only where no other row does;
* ``@says``: one plain sentence; ``@cite``, ``@source``, ``@sure``: what it rests on and how sure that is;
* ``@choice`` and ``@option``: it is one of several that a pack selects from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.invalid import explain
from curtilage.foundation.errors import DeclarationError, Problem, UsageError

if TYPE_CHECKING:
    from cedarpy import pst

OTHERWISE: Final = 15
"""The row that speaks only where no other does."""

SURE: Final = ("text", "account", "knowledge", "chosen")
"""How sure a source is: its text was read; a press or summary account; our knowledge; our own design."""


class NoEngineError(UsageError):
    """The engine that evaluates policies is not installed."""

    code = "disclosure.no-engine"

    def __init__(self) -> None:
        super().__init__(
            "Policies are evaluated by a library that is not installed (cedarpy). Nothing was decided. "
            "Install it with: pip install 'curtilage[policy]'"
        )


class BadRulesError(DeclarationError):
    """A pack, or the city's additions, cannot be accepted as they stand."""

    code = "disclosure.bad-rules"


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One rule of a pack.

    Attributes:
        id: Its own id.
        pack: Id of the pack that has it; ``city`` for the city's own additions.
        permits: Whether it lets something leave; otherwise it stops it.
        outcome: What is done instead; of a rule that permits, ``release``.
        row: Row of the decision table, 1 to 15.
        says: One plain sentence.
        cite: The citation; may be empty where we chose.
        source: A key of ``docs/sources.toml``; may be empty in the city's additions.
        sure: One of :data:`SURE`.
        choice: Name of the choice it belongs to; empty for most.
        option: Its name in that choice.
        facts: The facts it looks at, as dotted names of a request, sorted.
        node: The rule as the engine's own syntax tree, under its own id.
    """

    id: str
    pack: str
    permits: bool
    outcome: Answer
    row: int
    says: str
    cite: str
    source: str
    sure: str
    choice: str
    option: str
    facts: tuple[str, ...]
    node: pst.Template


def read_rules(text: str, *, pack: str, path: str) -> tuple[PolicyRule, ...]:
    """Read the rules of a file.

    Args:
        text: Cedar text; may be empty.
        pack: Id of the pack; only ``base`` may permit.
        path: How the file is called in messages.

    Returns:
        The rules, in the order of the text.

    Raises:
        BadRulesError: It cannot be read, names what the schema does not know, or a rule does not say of
            itself what it must.
        NoEngineError: The extra ``policy`` is not installed.
    """
    try:
        import cedarpy
    except ImportError as error:
        raise NoEngineError from error
    try:
        tree = cedarpy.policies_to_pst(text)
    except ValueError as error:
        raise BadRulesError([_problem(path, 0, f"It is no Cedar text: {_first_line(error)}.")]) from error
    if tree.templates or tree.template_links:
        raise BadRulesError([_problem(path, 0, "It has a template.", "Write each rule out.")])
    nodes = sorted(tree.static_policies.values(), key=lambda node: _number(node.id))
    problems = list(_find_invalid(text, path, {node.id: node for node in nodes}))
    for node in nodes:
        problems += _find_unsaid(node, pack, path, _line_of(text, node))
    if problems:
        raise BadRulesError(problems, next_step="See docs/how-to/write-a-pack.md")
    return tuple(_read(node, pack) for node in nodes)


def _find_invalid(text: str, path: str, nodes: Mapping[str, pst.Template]) -> Iterator[Problem]:
    """Hold the rules against the schema: a misspelt attribute, or an optional one that is not asked for."""
    import cedarpy

    from curtilage.disclosure.policy.schema import engine_schema

    for error in cedarpy.validate_policies(text, engine_schema()).errors:
        node = nodes.get(error.policy_id)
        rule = node.annotations.get("id", "") if node else ""
        what, instead = explain(_first_line(error.error), rule=rule or "A rule")
        yield _problem(path, _line_of(text, node) if node else 0, what, instead, "disclosure.not-valid")


def _find_unsaid(node: pst.Template, pack: str, path: str, line: int) -> Iterator[Problem]:
    said, rule = node.annotations, node.annotations.get("id", "")
    if not rule:
        yield _problem(path, line, "A rule has no id.", 'Write @id("…") above it.')
    if node.effect == "permit":
        if pack != "base":
            yield _problem(
                path,
                line,
                f"{rule} permits, and only the base pack may.",
                "Cite a statute that compels as mandatory_authority of the request.",
            )
    elif said.get("outcome") not in {each.value for each in Answer} - {Answer.RELEASE}:
        yield _problem(path, line, f"{rule} does not say what is done instead.", 'Write @outcome("…").')
    row = said.get("row", str(OTHERWISE))
    if not (row.isascii() and row.isdigit() and 1 <= int(row) <= OTHERWISE):
        yield _problem(path, line, f"{rule} names no row of the decision table.", "Write a number, 1 to 15.")
    if said.get("sure", "chosen") not in SURE:
        yield _problem(
            path, line, f"{rule} does not say how sure its source is.", f"Write one of: {', '.join(SURE)}."
        )
    if ("choice" in said) != ("option" in said):
        yield _problem(
            path, line, f"{rule} has a choice without an option, or the other way round.", "Write both."
        )


def _read(node: pst.Template, pack: str) -> PolicyRule:
    said = node.annotations
    permits = node.effect == "permit"
    return PolicyRule(
        id=said["id"],
        pack=pack,
        permits=permits,
        outcome=Answer.RELEASE if permits else Answer(said["outcome"]),
        row=int(said.get("row", OTHERWISE)),
        says=said.get("says", ""),
        cite=said.get("cite", ""),
        source=said.get("source", ""),
        sure=said.get("sure", "chosen"),
        choice=said.get("choice", ""),
        option=said.get("option", ""),
        facts=tuple(sorted(set(_facts(node)))),
        node=replace(node, id=said["id"]),
    )


def _facts(node: Any) -> Iterator[str]:
    """Walk a rule and name the facts of a request that it looks at."""
    from cedarpy import pst

    if isinstance(node, pst.Template) and not isinstance(node.principal, pst.ScopeAny):
        yield "acting_role"
    match node:
        case pst.GetAttr(base=pst.Var()):
            yield node.attr
        case pst.HasAttr(base=pst.Var()):
            yield from node.attrs
        case pst.GetAttr(base=pst.GetAttr(base=pst.Var(), attr=record)):
            yield f"{record}.{node.attr}"
        case tuple():
            for each in node:
                yield from _facts(each)
        case _ if is_dataclass(node):
            for each in fields(node):
                yield from _facts(getattr(node, each.name))


def _number(engine_id: str) -> int:
    return int(engine_id.removeprefix("policy"))


def _line_of(text: str, node: pst.Template) -> int:
    head, found, _ = text.partition(f'@id("{node.annotations.get("id", "")}")')
    return head.count("\n") + 1 if found else 0


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0].rstrip(".")


def _problem(
    path: str, line: int, what: str, instead: str = "", code: str = "disclosure.bad-rule"
) -> Problem:
    return Problem(path, line, what, instead, code)
