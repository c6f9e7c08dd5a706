"""Where an expression stands: its variables, and what is replaced there."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphchannel.compiler import syntax as s
    from graphchannel.compiler.values.model import Value
    from graphchannel.compiler.values.representation import Scope


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


def fingerprint(node: Any) -> object:
    """Return a value that is equal for expressions that are written alike, wherever they stand."""
    if isinstance(node, tuple):
        return tuple(fingerprint(item) for item in node)
    if is_dataclass(node):
        parts = (fingerprint(getattr(node, f.name)) for f in fields(node) if f.name != "at")
        return (type(node).__name__, *parts)
    return (type(node).__name__, node)
