"""Comparison and membership, with the checks that keep them equal to Cypher's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Duration, Entity, Items, Path, Scalar, Value
from graphchannel.compiler.values.representation import packed, tag_constant, to_sql

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.compiler.syntax.tree import Position
    from graphchannel.compiler.values.session import Session

_COMPARISONS: dict[str, Callable[..., exp.Expression]] = {
    "=": exp.EQ,
    "<>": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}


UNKNOWN = Scalar(sql.constant(sql.cast(exp.Null(), "boolean")), t.BOOLEAN, constant=True)


def is_null_value(value: Value) -> bool:
    """Whether a value is `null` as written, or a parameter of unknown type."""
    return isinstance(value.type, t.NullType)


def boolean(expression: exp.Expression, *parts: Value) -> Scalar:
    """Return a boolean computed from parts: it can be null if one of them can."""
    return Scalar(
        expression,
        t.BOOLEAN,
        nullable=any(part.nullable for part in parts),
        constant=all(isinstance(part, Scalar) and part.constant for part in parts),
    )


def compare(session: Session, at: Position, operator: str, left: Value, right: Value) -> Scalar:
    """Lower one comparison."""
    _check_comparable(session, at, operator, left, right)
    if is_null_value(left) or is_null_value(right):
        return UNKNOWN
    if isinstance(left, Entity) and isinstance(right, Entity):
        same = same_entity(session, left, right)
        return boolean(sql.not_(same) if operator == "<>" else same, left, right)
    if isinstance(left.type, t.ListType):
        return _compare_lists(session, at, operator, left, right)
    if not (isinstance(left, Scalar) and isinstance(right, Scalar)):
        raise session.mismatch(at, f"{left.type} and {right.type} cannot be compared.")
    plain: exp.Expression = _COMPARISONS[operator](
        this=sql.wrapped(left.sql), expression=sql.wrapped(right.sql)
    )
    not_numbers = [sql.call("isnan", side.sql) for side in (left, right) if side.nan]
    if not not_numbers:
        return boolean(plain, left, right)
    # SQL takes NaN for a number greater than all others; in Cypher it is unequal to everything
    answer = sql.TRUE if operator == "<>" else sql.FALSE
    present = sql.all_of([sql.is_not_null(left.sql), sql.is_not_null(right.sql)])
    guard = sql.all_of([present, sql.any_of(not_numbers)])
    return boolean(sql.case([(guard, answer)], plain), left, right)


def _check_comparable(
    session: Session, at: Position, operator: str, left: Value, right: Value
) -> None:
    types = (left.type, right.type)
    if any(isinstance(value, Duration) for value in (left, right)):
        raise session.refuse(at, "comparing durations", "compare dates, or numbers of days")
    if any(isinstance(value, Path) for value in (left, right)):
        raise session.refuse(at, "comparing paths", "compare nodes(p) or length(p)")
    if any(isinstance(type_, t.MapType) for type_ in types):
        raise session.refuse(at, "comparing maps", "compare their values one by one")
    if any(isinstance(type_, t.NullType) for type_ in types):
        return
    if operator not in ("=", "<>") and not all(isinstance(ty, t.ScalarType) for ty in types):
        raise session.refuse(at, f"{operator} on {left.type}", "compare scalar values only")
    if t.is_numeric(left.type) and t.is_numeric(right.type):
        return
    if isinstance(left.type, t.ListType) and isinstance(right.type, t.ListType):
        return
    same_sort = type(left.type) is type(right.type)
    if left.type != right.type and (isinstance(left.type, t.ScalarType) or not same_sort):
        raise session.mismatch(at, _mixed(operator, left.type, right.type))


def _mixed(operator: str, left: t.CypherType, right: t.CypherType) -> str:
    hint = ""
    if t.DATE in (left, right) and t.STRING in (left, right):
        hint = " Wrap the text in date()."
    elif t.STRING in (left, right) and (t.is_numeric(left) or t.is_numeric(right)):
        ways = "toFloat()" if t.FLOAT in (left, right) else "toInteger() or toString()"
        hint = f" Convert one side with {ways}."
    return f"{left} {operator} {right} compares values of different types.{hint}"


def same_entity(session: Session, left: Entity, right: Entity) -> exp.Expression:
    """Return whether two nodes (or two relationships) are the same one; null if one is null."""
    same_key = sql.equal(left.key, right.key)
    shared = set(left.type.tables) & set(right.type.tables)
    if not shared:
        absent = sql.any_of([sql.is_null(left.key), sql.is_null(right.key)])
        return sql.case([(absent, UNKNOWN.sql)], sql.FALSE)
    if left.tag is None and right.tag is None:
        return same_key
    left_tag = left.tag if left.tag is not None else tag_constant(session, left.type)
    right_tag = right.tag if right.tag is not None else tag_constant(session, right.type)
    return sql.all_of([same_key, sql.equal(left_tag, right_tag)])


def _compare_lists(
    session: Session, at: Position, operator: str, left: Value, right: Value
) -> Scalar:
    if isinstance(left, Items) and isinstance(right, Items):
        if len(left.items) != len(right.items):
            result = Scalar(sql.FALSE, t.BOOLEAN, nullable=False, constant=True)
        else:
            pairs = [
                compare(session, at, "=", one, other)
                for one, other in zip(left.items, right.items, strict=True)
            ]
            result = boolean(sql.all_of([pair.sql for pair in pairs]), *left.items, *right.items)
        if operator == "<>":
            return boolean(sql.not_(result.sql), result)
        return result
    for value in (left, right):
        type_ = value.type
        if (
            not isinstance(type_, t.ListType)
            or (type_.nullable and not _without_nulls(value))
            or not type_.ordered
            or not isinstance(type_.element, t.ScalarType | t.NullType)
        ):
            raise session.refuse(
                at,
                f"{operator} on lists that may hold nulls, lists or no fixed order",
                "compare their elements",
            )
    both = t.unified(left.type, right.type)
    if both is None:
        raise session.mismatch(at, _mixed(operator, left.type, right.type))
    plain: exp.Expression = _COMPARISONS[operator](
        this=recast(session, left, both), expression=recast(session, right, both)
    )
    return boolean(plain, left, right)


def _without_nulls(value: Value) -> bool:
    return isinstance(value, Items) and not any(item.nullable for item in value.items)


def recast(session: Session, value: Value, type_: t.CypherType) -> exp.Expression:
    """Return a value as SQL of exactly a type that it unifies with."""
    return sql.cast(to_sql(session, value), session.sql_type(type_))


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
        _check_comparable(session, at, "=", element, item)
    if plain and isinstance(element, Scalar) and not element.nan and len(list_.items) > 1:
        scalars = [item for item in list_.items if isinstance(item, Scalar) and not item.nan]
        if len(scalars) == len(list_.items):
            found = sql.among(element.sql, [item.sql for item in scalars])
            return boolean(found, element, *scalars)
    answers = [compare(session, at, "=", element, item) for item in list_.items]
    return boolean(sql.any_of([answer.sql for answer in answers]), *answers)


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
    elif isinstance(element, Scalar) and isinstance(inner, t.ScalarType):
        same = element.type == inner or (t.is_numeric(element.type) and t.is_numeric(inner))
        if not same:
            raise session.mismatch(at, _mixed("IN", element.type, list_.type))
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


def items(session: Session, at: Position, values: tuple[Value, ...]) -> Items:
    """Return the list of these values; refuse mixed types."""
    element: t.CypherType = t.NULL
    for value in values:
        if isinstance(value, Path | Duration):
            raise session.refuse(at, f"{value.type} in a list", "keep it in a variable")
        both = t.unified(element, value.type)
        if both is None:
            raise session.refuse(
                at, f"a list that mixes {element} and {value.type}", "use values of one type"
            )
        element = both
    nullable = any(value.nullable for value in values)
    return Items(values, t.ListType(element, nullable))
