"""Values as texts: what `toString` and `+` make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Scalar
from graphchannel.compiler.values.representation import to_sql

if TYPE_CHECKING:
    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.session import Session

_ZERO = sql.cast(exp.Literal.number(0), "double")


def joined_texts(session: Session, at: Position, left: Scalar, right: Scalar) -> Scalar:
    """Lower `+` of two values of which one is a text."""
    return Scalar(
        session.dialect.concatenated(*(_text(session, at, (left, right), i) for i in (0, 1))),
        t.STRING,
        nullable=left.nullable or right.nullable,
        constant=left.constant and right.constant,
    )


def _text(
    session: Session, at: Position, sides: tuple[Scalar, Scalar], number: int
) -> exp.Expression:
    """Return one side as a text."""
    side = sides[number]
    if side.type == t.STRING:
        return side.sql
    if side.type == t.FLOAT:
        return float_text(session, to_sql(session, side))
    if side.type == t.INTEGER:
        return sql.cast(to_sql(session, side), "text")
    raise session.refuse(
        at, f"{sides[0].type} + {sides[1].type}", "convert with toString() what is not text"
    )


def float_text(session: Session, number: exp.Expression) -> exp.Expression:
    """Return a float as Java prints it; of those with an exponent only Spark knows how."""
    text = sql.cast(number, "text")
    if session.dialect.name != "duckdb":
        return text
    size = exp.Abs(this=sql.own(number))
    plain = sql.any_of(
        [
            sql.equal(number, _ZERO),
            exp.Between(
                this=size,
                low=sql.cast(exp.Literal.number("1e-3"), "double"),
                high=sql.cast(exp.Literal.number("9999999.999999998"), "double"),
            ),
        ]
    )
    failing = session.failing(
        "the text of a float below 0.001 or from 10^7 is not portable", sql.data_type("text")
    )
    missing = sql.is_null(number)
    return sql.case([(missing, session.null(t.STRING)), (plain, text)], failing)
