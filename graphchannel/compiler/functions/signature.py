"""What a function is: how it is called, and what its builder gets to lower a call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Scalar, Value
from graphchannel.compiler.values.representation import as_scalar, to_sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlglot import exp

    from graphchannel.compiler.values.context import Context, Lowering
    from graphchannel.compiler.values.session import Session


@dataclass(frozen=True, slots=True)
class Call:
    """One call: everything that a builder may need."""

    lowering: Lowering
    node: s.FunctionCall
    context: Context
    values: tuple[Value, ...]

    @property
    def session(self) -> Session:
        """The compilation that the call is part of."""
        return self.lowering.session

    @property
    def nullable(self) -> bool:
        """Whether an argument can be null."""
        return any(value.nullable for value in self.values)

    def sql(self, i: int) -> exp.Expression:
        """Return an argument as SQL, cast to its Cypher type."""
        value = as_scalar(self.session, self.node.arguments[i].at, self.values[i])
        return to_sql(self.session, value)

    def literal(self, i: int) -> int | str | None:
        """Return what a literal argument says; None if it is no literal integer or string."""
        argument = self.node.arguments[i]
        if isinstance(argument, s.Literal) and isinstance(argument.value, str | int):
            return argument.value
        return None

    def scalar(
        self, expression: exp.Expression, type_: t.CypherType, *, nan: bool = False
    ) -> Scalar:
        """Return a result that is null only if an argument is.

        And constant if all arguments are.
        """
        constant = all(isinstance(value, Scalar) and value.constant for value in self.values)
        return Scalar(expression, type_, nullable=self.nullable, nan=nan, constant=constant)


Builder: TypeAlias = "Callable[[Call], Value]"


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its call, its result, the types of its arguments, and how it is lowered.

    Each parameter is a tuple of accepted types, empty for "the builder checks"; the last `optional`
    ones may be left out. A null for a checked parameter makes the result null, unless
    `null_in_null_out` is false: then the builder refuses it, as Neo4j does.
    """

    name: str
    signature: str
    doc: str
    parameters: tuple[tuple[t.CypherType, ...], ...]
    build: Builder
    result: t.CypherType = t.NULL
    optional: int = 0
    null_in_null_out: bool = True


TEXT = (t.STRING,)
WHOLE_NUMBER = (t.INTEGER,)
NUMBER = (t.INTEGER, t.FLOAT)
DAY = (t.DATE,)
ANY: tuple[t.CypherType, ...] = ()
