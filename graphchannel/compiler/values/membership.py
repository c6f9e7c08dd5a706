"""`element IN list`, three-valued as in Cypher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.comparison import check_comparable, compare
from graphchannel.compiler.values.model import Entity, Items, Scalar, Value
from graphchannel.compiler.values.representation import (
    UNKNOWN,
    boolean,
    is_null_value,
    packed,
    to_sql,
)
from graphchannel.compiler.values.structures import mixed_types

if TYPE_CHECKING:
    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.session import Session


def member(session: Session, at: Position, element: Value, list_: Value) -> Scalar:
    """Lower `element IN list_`."""
    if is_null_value(list_):
        return UNKNOWN
    if not isinstance(list_.type, t.ListType):
        raise session.mismatch(at, f"IN needs a list on its right, this is {list_.type}.")
    if isinstance(list_, Items):
        return _member_of_items(session, at, element, list_)
    if not isinstance(list_, Scalar):
        raise session.refuse(at, "this list", "write the list itself")
    if is_null_value(element):
        empty = sql.equal(session.dialect.length(list_.sql), exp.Literal.number(0))
        missing = sql.is_null(list_.sql)
        found = sql.case([(missing, UNKNOWN.sql), (empty, sql.FALSE)], UNKNOWN.sql)
        return Scalar(found, t.BOOLEAN)
    return _member_of_list(session, at, element, list_)


def _member_of_items(session: Session, at: Position, element: Value, list_: Items) -> Scalar:
    if not list_.items:
        return Scalar(sql.FALSE, t.BOOLEAN, nullable=False, constant=True)
    if _inexact(element, list_):
        raise session.refuse(at, "IN with floats", "compare with = and OR")
    plain = isinstance(element, Scalar) and not isinstance(element.type, t.ListType | t.NullType)
    for item in list_.items:
        if is_null_value(item):
            continue
        if not session.exploring and not isinstance(item.type, t.MixedType):
            check_comparable(session, at, "=", element, item)
    if plain and isinstance(element, Scalar) and not element.nan and len(list_.items) > 1:
        scalars = [item for item in list_.items if isinstance(item, Scalar) and not item.nan]
        like = all(_alike(element, item) for item in scalars)
        if like and len(scalars) == len(list_.items):
            found = sql.among(element.sql, [item.sql for item in scalars])
            return boolean(found, element, *scalars)
    answers = [compare(session, at, "=", element, item) for item in list_.items]
    return boolean(sql.any_of([answer.sql for answer in answers]), *answers)


def _alike(element: Scalar, item: Scalar) -> bool:
    numbers = t.is_numeric(element.type) and t.is_numeric(item.type)
    return numbers or element.type == item.type


def _inexact(element: Value, list_: Items) -> bool:
    """Whether integers above 2^53 may meet floats: `=` compares them as floats, IN does not."""
    others = [item for item in list_.items if {element.type, item.type} == {t.INTEGER, t.FLOAT}]
    return any(not _small(element) and not _small(item) for item in others)


def _small(value: Value) -> bool:
    """Whether it is a literal that both kinds of numbers hold exactly."""
    number = value.sql if isinstance(value, Scalar) and value.constant else None
    while isinstance(number, exp.Cast | exp.Neg):
        number = number.this
    return isinstance(number, exp.Literal) and abs(float(number.name)) < 2**53


def _member_of_list(session: Session, at: Position, element: Value, list_: Scalar) -> Scalar:
    if not isinstance(list_.type, t.ListType):
        raise session.mismatch(at, f"IN needs a list on its right, this is {list_.type}.")
    inner = list_.type.element
    if isinstance(inner, t.NullType):
        raise session.refuse(at, "IN on a list of unknown type", "give the list a type")
    haystack = list_.sql
    if isinstance(element, Entity) and isinstance(inner, t.NodeType | t.RelationshipType):
        needle: exp.Expression = packed(session, element)
        if not set(element.type.tables) & set(inner.tables):
            raise session.mismatch(at, "The list can never hold this entity.")
        needle, haystack = _identities(session, needle, haystack)
    elif isinstance(element, Scalar) and isinstance(inner, t.ScalarType | t.IdentityType):
        same = element.type == inner or (t.is_numeric(element.type) and t.is_numeric(inner))
        if not same:
            raise session.mismatch(at, mixed_types("IN", element.type, list_.type))
        if element.nan or t.FLOAT in (element.type, inner):
            raise session.refuse(at, "IN on a list of floats", "compare with <= and >=")
        needle = to_sql(session, element)
    else:
        raise session.refuse(at, f"{element.type} IN {list_.type}", "look for scalar values only")
    missing = sql.is_null(haystack)
    length = session.dialect.length(haystack)
    empty = sql.equal(length, exp.Literal.number(0))
    held = session.dialect.holds(haystack, needle)
    branches: list[tuple[exp.Expression, exp.Expression]] = []
    if list_.nullable:
        branches.append((missing, UNKNOWN.sql))
    if element.nullable:
        branches.append((empty, sql.FALSE))
        absent = element.key if isinstance(element, Entity) else needle
        branches.append((sql.is_null(absent), UNKNOWN.sql))
    if list_.type.nullable:
        branches.append((held, sql.TRUE))
        variable = session.fresh("x")
        nulls = session.dialect.filtered(haystack, variable, sql.is_null(sql.variable(variable)))
        some = exp.GT(this=session.dialect.length(nulls), expression=exp.Literal.number(0))
        branches.append((some, UNKNOWN.sql))
        found: exp.Expression = sql.case(branches, sql.FALSE)
    else:
        found = sql.case(branches, held) if branches else held
    return boolean(found, element, list_, Scalar(found, t.BOOLEAN, nullable=list_.type.nullable))


def _identities(
    session: Session, needle: exp.Expression, haystack: exp.Expression
) -> tuple[exp.Expression, exp.Expression]:
    """Return an entity and a list of entities, cut down to tag and key."""

    def identity(struct: exp.Expression) -> exp.Expression:
        fields = [
            exp.PropertyEQ(this=exp.to_identifier(part), expression=sql.field(struct, part))
            for part in ("t", "k")
        ]
        return exp.Struct(expressions=fields)

    variable = session.fresh("x")
    cut = session.dialect.mapped(haystack, variable, identity(sql.variable(variable)))
    return identity(needle), cut
