"""The order of values of different types: lists, then texts, booleans, numbers, null.

A value becomes a struct whose first field is the rank of its type, a list the list of such structs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.doubts import in_text_order, not_negative_zero
from graphchannel.compiler.values.model import Doubt, Scalar
from graphchannel.compiler.values.naming import member_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.session import Session

_RANKS = (t.ListType, t.DATE, t.STRING, t.BOOLEAN, t.INTEGER)
_NULL = 9


def ranked(
    session: Session, at: Position, value: exp.Expression, type_: t.CypherType
) -> exp.Expression:
    """Return what rows are sorted by; null for null."""
    if session.dialect.name == "spark":
        raise session.refuse(
            at, f"on Spark ORDER BY a value of type {type_}", "order by a property"
        )
    if isinstance(type_, t.ListType):
        name = session.fresh("x")
        element = sql.variable(name)
        return session.dialect.mapped(value, name, _element(session, at, element, type_.element))
    if isinstance(type_, t.MixedType):
        return of_mixed(
            session, value, type_, lambda held, member: _struct(session, at, held, member, type_)
        )
    if isinstance(type_, t.NullType):
        return sql.integer(_NULL)
    if not isinstance(type_, t.ScalarType):
        raise session.refuse(at, f"ORDER BY a value of type {type_}", "order by a property")
    doubts = Doubt.NEGATIVE_ZERO if type_ == t.FLOAT else Doubt(0)
    plain = Scalar(value, type_, doubts=doubts)
    return in_text_order(session, not_negative_zero(session, plain, "ORDER BY")).sql


def of_mixed(
    session: Session,
    value: exp.Expression,
    type_: t.MixedType,
    build: Callable[[exp.Expression, t.CypherType], exp.Expression],
) -> exp.Expression:
    """Return for each member of a mixed type what is built of it; null for null."""
    del session
    branches = []
    for member in type_.members:
        name = sql.string(member_name(member))
        is_it = sql.equal(sql.call("union_tag", value), name)
        branches.append((is_it, build(sql.call("union_extract", value, name), member)))
    return sql.case(branches, None)


def _element(
    session: Session, at: Position, element: exp.Expression, type_: t.CypherType
) -> exp.Expression:
    """Return an element of a list with its rank before it: null comes last."""
    inner = ranked(session, at, element, type_)
    rank = sql.case([(sql.is_null(element), sql.integer(_NULL))], sql.integer(0))
    return _fields({"r": rank, "v": inner})


def _struct(
    session: Session,
    at: Position,
    held: exp.Expression,
    member: t.CypherType,
    type_: t.MixedType,
) -> exp.Expression:
    """Return rank and value of one member, among nulls in the places of all others."""
    fields = {"r": sql.integer(_rank(member))}
    for i, other in enumerate(type_.members):
        number = t.is_numeric(other)
        if number and other == t.FLOAT and t.INTEGER in type_.members:
            continue  # both kinds of numbers are sorted together
        if other == member or (number and t.is_numeric(member)):
            fields[f"v{i}"] = (
                _number(session, held, member) if number else ranked(session, at, held, other)
            )
        else:
            absent = ranked(session, at, session.null(other), other)
            fields[f"v{i}"] = session.null(t.FLOAT) if number else absent
    return _fields(fields)


def _number(session: Session, held: exp.Expression, member: t.CypherType) -> exp.Expression:
    doubts = Doubt.NEGATIVE_ZERO if member == t.FLOAT else Doubt(0)
    plain = not_negative_zero(session, Scalar(held, member, doubts=doubts), "ORDER BY")
    return sql.cast(plain.sql, "double")


def _rank(type_: t.CypherType) -> int:
    if isinstance(type_, t.ListType):
        return 0
    return _RANKS.index(t.INTEGER if t.is_numeric(type_) else type_)


def _fields(fields: dict[str, exp.Expression]) -> exp.Expression:
    return exp.Struct(
        expressions=[
            exp.PropertyEQ(this=exp.to_identifier(name), expression=value.copy())
            for name, value in fields.items()
        ]
    )
