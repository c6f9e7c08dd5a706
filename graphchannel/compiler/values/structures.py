"""Comparisons of lists and maps: element by element, key by key."""

from __future__ import annotations

import operator as operators
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Items, Scalar, Value
from graphchannel.compiler.values.representation import (
    UNKNOWN,
    boolean,
    from_sql,
    to_sql,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.session import Session

_LENGTHS: dict[str, Callable[[int, int], bool]] = {
    "<": operators.lt,
    "<=": operators.le,
    ">": operators.gt,
    ">=": operators.ge,
}


@dataclass(frozen=True, slots=True)
class Structures:
    """Compares what is made of values; `compare` lowers a comparison of any two of these."""

    session: Session
    at: Position
    compare: Callable[[str, Value, Value], Scalar]

    def lists(self, operator: str, left: Value, right: Value) -> Scalar:
        """Lower a comparison of lists: of such that are spelled out, or of equality."""
        if isinstance(left, Items) and isinstance(right, Items):
            if operator in ("=", "<>"):
                return self._items(operator, left, right)
            return self._order(operator, left.items, right.items)
        build = exp.EQ if operator == "=" else exp.NEQ
        for empty, other in ((left, right), (right, left)):
            if isinstance(empty, Items) and not empty.items and operator in ("=", "<>"):
                length = self.session.dialect.length(to_sql(self.session, other))
                return boolean(build(this=length, expression=exp.Literal.number(0)), other)
        for value in (left, right):
            if not _plain(value):
                raise self.session.refuse(
                    self.at,
                    f"{operator} on lists that may hold nulls, lists or no fixed order",
                    "compare their elements",
                )
        both = t.unified(left.type, right.type)
        if both is None:
            raise self.session.mismatch(self.at, mixed_types(operator, left.type, right.type))
        sides = [recast(self.session, side, both) for side in (left, right)]
        return boolean(build(this=sides[0], expression=sides[1]), left, right)

    def _items(self, operator: str, left: Items, right: Items) -> Scalar:
        if len(left.items) != len(right.items):
            result = Scalar(sql.FALSE, t.BOOLEAN, nullable=False, constant=True)
        else:
            pairs = [
                self.compare("=", one, other)
                for one, other in zip(left.items, right.items, strict=True)
            ]
            result = boolean(sql.all_of([pair.sql for pair in pairs]), *left.items, *right.items)
        return boolean(sql.not_(result.sql), result) if operator == "<>" else result

    def _order(self, operator: str, left: tuple[Value, ...], right: tuple[Value, ...]) -> Scalar:
        """Lower `<` and its kin on spelled lists: the first elements that differ decide."""
        if not left or not right:
            holds = _LENGTHS[operator](len(left), len(right))
            answer = sql.TRUE if holds else sql.FALSE
            return Scalar(answer, t.BOOLEAN, nullable=False, constant=True)
        same = self.compare("=", left[0], right[0])
        strict = self.compare(operator[0], left[0], right[0])
        rest = self._order(operator, left[1:], right[1:])
        unknown = sql.is_null(same.sql)
        whole = sql.case([(same.sql, rest.sql), (unknown, UNKNOWN.sql)], strict.sql)
        return Scalar(whole, t.BOOLEAN)

    def maps(self, operator: str, left: Value, right: Value) -> Scalar:
        """Lower `=` and `<>` of maps: the same keys, and under each the same value."""
        held = [
            dict(side.type.entries) if isinstance(side.type, t.MapType) else {}
            for side in (left, right)
        ]
        if any(isinstance(side.type, t.MapType) and side.type.sparse for side in (left, right)):
            raise self.session.refuse(
                self.at, f"{operator} of all properties", "compare the properties one by one"
            )
        sides = [to_sql(self.session, side) for side in (left, right)]
        same: exp.Expression = sql.FALSE
        if held[0].keys() == held[1].keys():
            pairs = [
                self.compare("=", *(self._entry(sides[i], key, held[i][key]) for i in (0, 1)))
                for key in held[0]
            ]
            same = sql.all_of([pair.sql for pair in pairs])
        if operator == "<>":
            same = sql.not_(same)
        tested = [one for one, side in zip(sides, (left, right), strict=True) if side.nullable]
        if tested:
            missing = sql.any_of(sql.is_null(side) for side in tested)
            same = sql.case([(missing, UNKNOWN.sql)], same)
        return Scalar(same, t.BOOLEAN)

    def _entry(self, whole: exp.Expression, key: str, type_: t.CypherType) -> Value:
        if isinstance(type_, t.NullType):
            return Scalar(exp.Null(), t.NULL)
        return from_sql(self.session, sql.field(whole, key), type_)


def _plain(value: Value) -> bool:
    """Whether SQL compares a list as Cypher does: scalars in a fixed order, none of them null."""
    type_ = value.type
    if not isinstance(type_, t.ListType) or not type_.ordered:
        return False
    whole = isinstance(value, Items) and not any(item.nullable for item in value.items)
    return isinstance(type_.element, t.ScalarType | t.NullType) and (whole or not type_.nullable)


def recast(session: Session, value: Value, type_: t.CypherType) -> exp.Expression:
    """Return a value as SQL of exactly a type that it unifies with."""
    return sql.cast(to_sql(session, value), session.sql_type(type_))


def mixed_types(operator: str, left: t.CypherType, right: t.CypherType) -> str:
    """Return the sentence about two types that are not compared, with what to convert."""
    hint = ""
    if t.DATE in (left, right) and t.STRING in (left, right):
        hint = " Wrap the text in date()."
    elif t.STRING in (left, right) and (t.is_numeric(left) or t.is_numeric(right)):
        ways = "toFloat()" if t.FLOAT in (left, right) else "toInteger() or toString()"
        hint = f" Convert one side with {ways}."
    elif isinstance(left, t.IdentityType) or isinstance(right, t.IdentityType):
        hint = " Each engine numbers for itself: match a property, {id: …}."
    return f"{left} {operator} {right} compares values of different types.{hint}"
