"""Rules of the policy engine as statements for a solver, or a refusal: nothing is guessed.

A rule that the engine's own strict check accepts never fails for a missing fact, because it must ask
``context has consent`` first. So a rule is a statement of truth over the facts.

Not formally verified: the tests hold this translation against the engine on random requests.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from curtilage.disclosure.policy.rules import PolicyRule
from curtilage.disclosure.policy.schema import NAMESPACE, RECORDS, engine_schema
from curtilage.disclosure.proof.ruled import Ruled
from curtilage.disclosure.proof.symbols import ROLE, Formula, Symbols, Word
from curtilage.foundation.errors import UndecidedError


class NotModelledError(UndecidedError):
    """A rule says something that the proof does not know how to speak of."""

    code = "disclosure.not-modelled"

    def __init__(self, *, rule: str, what: str) -> None:
        self.rule, self.what = rule, what
        super().__init__(
            f"The rule {rule} uses {what}, of which nothing can be proved here. Nothing was proved or "
            "activated. Write the rule with the facts of the schema, words and yes or no."
        )


def translate(rules: Iterable[PolicyRule], symbols: Symbols) -> Ruled:
    """Return rules as statements.

    Args:
        rules: As :func:`curtilage.disclosure.policy.rules.read_rules` read them, each with its own id.
        symbols: The symbols to speak with.

    Raises:
        NotModelledError: A rule uses something that is not modelled, or two have one id.
    """
    ruled = Ruled({}, {})
    for rule in rules:
        if rule.id in ruled.rules:
            raise NotModelledError(rule=rule.id, what="an id that another rule has")
        ruled.rules[rule.id] = rule
        ruled.when[rule.id] = _Translation(rule.id, symbols).policy(rule.node)
    return ruled


def translate_condition(name: str, text: str, symbols: Symbols) -> Formula:
    """Return a condition, such as ``resource.status && context.held``, as a statement.

    Args:
        name: How the condition is called in messages.
        text: In the language of the rules.
        symbols: The symbols to speak with.

    Raises:
        NotModelledError: The engine's strict check refuses it, or it uses something that is not modelled.
    """
    import cedarpy

    written = f"permit(principal, action, resource) when {{ {text} }};"
    try:
        errors = cedarpy.validate_policies(written, engine_schema()).errors
        if errors:
            raise NotModelledError(rule=name, what=f"what the engine refuses ({errors[0].error})")
        (policy,) = cedarpy.policies_to_pst(written).static_policies.values()
    except ValueError as error:
        raise NotModelledError(rule=name, what=f"what the engine cannot read ({error})") from error
    return _Translation(name, symbols).policy(policy)


class _Translation:
    """Translates one rule."""

    def __init__(self, rule: str, symbols: Symbols) -> None:
        self.rule, self.symbols = rule, symbols

    def policy(self, policy: Any) -> Formula:
        import z3
        from cedarpy import pst

        stated = [self._principal(policy.principal), self._action(policy.action)]
        stated.append(self._resource(policy.resource))
        for clause in policy.clauses:
            said = self.truth(clause.expr)
            stated.append(said if isinstance(clause, pst.When) else z3.Not(said))
        return z3.And(*stated)

    def truth(self, expr: Any) -> Formula:
        """Return an expression that is true or false."""
        import z3
        from cedarpy import pst

        match expr:
            case pst.BoolLit(value=value):
                return z3.BoolVal(value)
            case pst.GetAttr():
                return self._flag(self._path(expr))
            case pst.HasAttr(base=base, attrs=attrs):
                return self._has(base, attrs)
            case pst.UnaryOp(op="not", arg=arg):
                return z3.Not(self.truth(arg))
            case pst.IfThenElse(cond=cond, then_expr=then, else_expr=other):
                return z3.If(self.truth(cond), self.truth(then), self.truth(other))
            case pst.BinaryOp():
                return self._binary(expr)
            case pst.Is(base=pst.Var(name="principal"), entity_type=kind, in_expr=None):
                return z3.BoolVal(str(kind) == f"{NAMESPACE}::Employee")
            case pst.Is(base=pst.Var(name="resource"), entity_type=kind, in_expr=None):
                return z3.BoolVal(str(kind) == f"{NAMESPACE}::Information")
            case _:
                raise self._refuse(expr)

    def _binary(self, expr: Any) -> Formula:
        import z3
        from cedarpy import pst

        match expr:
            case pst.BinaryOp(op="and", left=left, right=right):
                return z3.And(self.truth(left), self.truth(right))
            case pst.BinaryOp(op="or", left=left, right=right):
                return z3.Or(self.truth(left), self.truth(right))
            case pst.BinaryOp(op="eq", left=left, right=right):
                return self._equal(left, right)
            case pst.BinaryOp(op="not_eq", left=left, right=right):
                return z3.Not(self._equal(left, right))
            case pst.BinaryOp(op="contains", left=pst.Set(elements=elements), right=right):
                return z3.Or(*(self._equal(right, element) for element in elements))
            case pst.BinaryOp(op="in", left=pst.Var(name="principal"), right=pst.Set(elements=elements)):
                return z3.Or(*(self._is_role(element) for element in elements))
            case pst.BinaryOp(op="in", left=pst.Var(name="principal"), right=role):
                return self._is_role(role)
            case _:
                raise self._refuse(expr)

    def _equal(self, left: Any, right: Any) -> Formula:
        from cedarpy import pst

        match left, right:
            case (pst.GetAttr(), pst.StringLit(value=written)) | (
                pst.StringLit(value=written),
                pst.GetAttr(),
            ):
                path = self._path(left if isinstance(left, pst.GetAttr) else right)
                return self._word(path).is_(written)
            case (pst.StringLit(value=one), pst.StringLit(value=other)):
                return self.truth(pst.BoolLit(value=one == other))
            case _:
                return self.truth(left) == self.truth(right)

    def _path(self, expr: Any) -> str:
        from cedarpy import pst

        match expr:
            case pst.Var(name=name):
                return str(name)
            case pst.GetAttr(base=base, attr=attr):
                return f"{self._path(base)}.{attr}"
            case _:
                raise self._refuse(expr)

    def _has(self, base: Any, attrs: tuple[str, ...]) -> Formula:
        import z3

        path = ".".join((self._path(base), *attrs))
        if path in self._known() or path == "context.instrument":
            record = path.split(".")[1]
            return self.symbols.given.get(record, z3.BoolVal(True))
        raise NotModelledError(rule=self.rule, what=f"the fact {path}")

    def _known(self) -> set[str]:
        records = {f"context.{name}" for name in RECORDS}
        return {*self.symbols.flags, *self.symbols.words, *records} - {ROLE}

    def _flag(self, path: str) -> Formula:
        if path not in self.symbols.flags:
            raise NotModelledError(rule=self.rule, what=f"the fact {path}")
        return self.symbols.flags[path]

    def _word(self, path: str) -> Word:
        if path not in self.symbols.words or path == ROLE:
            raise NotModelledError(rule=self.rule, what=f"the word {path}")
        return self.symbols.words[path]

    def _is_role(self, named: Any) -> Formula:
        """Return that who acts is in a role; an employee is a role's own and in that role only."""
        from cedarpy import pst

        entity = named.value if isinstance(named, pst.EntityLit) else named
        if not isinstance(entity, pst.EntityUid):
            raise self._refuse(named)
        if str(entity.type) not in {f"{NAMESPACE}::Role", f"{NAMESPACE}::Employee"}:
            raise self._refuse(entity)
        return self.symbols.words[ROLE].is_(entity.id)

    def _principal(self, scope: Any) -> Formula:
        import z3
        from cedarpy import pst

        match scope:
            case pst.ScopeAny():
                return z3.BoolVal(True)
            case pst.ScopeIs(entity_type=named):
                return z3.BoolVal(str(named) == f"{NAMESPACE}::Employee")
            case pst.ScopeIn(entity=pst.EntityUid() as entity):
                return self._is_role(entity)
            case pst.ScopeIsIn(entity_type=named, entity=pst.EntityUid() as entity):
                return z3.And(str(named) == f"{NAMESPACE}::Employee", self._is_role(entity))
            case _:
                raise self._refuse(scope)

    def _resource(self, scope: Any) -> Formula:
        import z3
        from cedarpy import pst

        match scope:
            case pst.ScopeAny():
                return z3.BoolVal(True)
            case pst.ScopeIs(entity_type=named):
                return z3.BoolVal(str(named) == f"{NAMESPACE}::Information")
            case _:
                raise self._refuse(scope)

    def _action(self, action: Any) -> Formula:
        import z3
        from cedarpy import pst

        match action:
            case pst.ScopeAny():
                return z3.BoolVal(True)
            case pst.ActionEq(entity=entity):
                return z3.BoolVal(entity.id == "release")
            case pst.ActionIn(entities=entities):
                return z3.BoolVal(any(entity.id == "release" for entity in entities))
            case _:
                raise self._refuse(action)

    def _refuse(self, node: Any) -> NotModelledError:
        return NotModelledError(rule=self.rule, what=f"what the engine calls {type(node).__name__}")
