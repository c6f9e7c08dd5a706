"""Where an expression stands, and who lowers it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from graphchannel.compiler import syntax as s

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlglot import exp

    from graphchannel.compiler.types import CypherType
    from graphchannel.compiler.values.model import Scalar, Value
    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session


@dataclass(frozen=True, slots=True)
class Context:
    """Where an expression stands.

    `replaced` maps the fingerprints of expressions to the values that they already have there:
    the keys of a grouping, the items of a projection. `aggregate` lowers aggregates where they
    may stand.
    """

    scope: Scope
    replaced: Mapping[object, Value] = field(default_factory=dict)
    aggregate: Callable[[s.FunctionCall | s.CountStar], Value] | None = None
    in_lambda: bool = False
    grouped: bool = False

    def within(self, name: str, value: Value, *, in_lambda: bool) -> Context:
        """Return the context with one more variable."""
        scope = {**self.scope, name: value}
        return replace(self, scope=scope, in_lambda=self.in_lambda or in_lambda, aggregate=None)


class Lowering(Protocol):
    """Lowers expressions: what functions, lists and patterns need of the room above them."""

    @property
    def session(self) -> Session:
        """The compilation that it is part of."""

    def lower(
        self, node: s.Expression, context: Context, expected: CypherType | None = None
    ) -> Value:
        """Lower any expression; `expected` is the type that a parameter would have here."""

    def scalar(
        self, node: s.Expression, context: Context, expected: CypherType | None = None
    ) -> Scalar:
        """Lower an expression that must be one SQL expression."""

    def truth(self, node: s.Expression, context: Context, where: str) -> Scalar:
        """Lower a condition; `where` is what errors call the place where it stands."""

    def predicate(self, node: s.Expression, context: Context) -> exp.Expression:
        """Lower a WHERE condition."""


def fingerprint(node: Any) -> object:
    """Return a value that is equal for expressions that are written alike, wherever they stand."""
    if isinstance(node, tuple):
        return tuple(fingerprint(item) for item in node)
    if isinstance(node, s.FunctionCall):  # the case of its name does not matter
        return ("FunctionCall", node.name.lower(), node.distinct, fingerprint(node.arguments))
    if is_dataclass(node):
        parts = (fingerprint(getattr(node, f.name)) for f in fields(node) if f.name != "at")
        return (type(node).__name__, *parts)
    return (type(node).__name__, node)
