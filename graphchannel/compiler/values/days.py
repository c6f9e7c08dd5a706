"""Dates moved by durations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Doubt, Duration, Scalar, Value
from graphchannel.compiler.values.representation import is_null_value

if TYPE_CHECKING:
    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.session import Session

__all__ = ["date_arithmetic"]


def date_arithmetic(
    session: Session, at: Position, operator: str, left: Value, right: Value
) -> Value:
    """Lower a date and a duration; raise CypherError for any others."""
    if operator == "+" and isinstance(left, Duration) and not isinstance(right, Duration):
        left, right = right, left
    if isinstance(left, Duration) and isinstance(right, Duration):
        raise session.refuse(
            at, "arithmetic on durations", "add them to the date one after the other"
        )
    if not (isinstance(left, Scalar) and isinstance(right, Duration) and operator in "+-"):
        raise session.mismatch(at, f"{left.type} {operator} {right.type} is not defined.")
    if left.type not in (t.DATE, t.NULL):
        raise session.mismatch(at, f"A duration can be added to a date, not to {left.type}.")
    if is_null_value(left):
        return Scalar(session.null(t.DATE), t.DATE)
    moved = left.sql
    steps = (
        (right.months, session.dialect.plus_months),
        (_days_in_all(right), session.dialect.plus_days),
    )
    for amount, step in steps:
        if amount is not None:
            number = exp.Neg(this=sql.wrapped(amount)) if operator == "-" else amount
            moved = step(moved, number)
    return Scalar(
        moved,
        t.DATE,
        nullable=left.nullable or right.nullable,
        constant=left.constant
        and not any(map(_computed, (right.months, right.days, right.seconds))),
        doubts=Doubt.FAR_DATE,
    )


def _computed(amount: exp.Expression | None) -> bool:
    """Whether an amount comes from a row."""
    return amount is not None and amount.find(exp.Identifier) is not None


def _days_in_all(duration: Duration) -> exp.Expression | None:
    """Return the days that a date is moved by: of hours only whole days count, towards zero."""
    if duration.seconds is None:
        return duration.days
    whole = exp.IntDiv(this=sql.wrapped(duration.seconds), expression=sql.integer(86_400))
    if duration.days is None:
        return whole
    return exp.Add(this=sql.wrapped(duration.days), expression=whole)
