"""Entities as columns and as structs, and the variables that are visible at one place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.syntax import Position
from graphchannel.compiler.values.doubts import (
    as_float,
    handed_out,
    in_text_order,
    not_negative_zero,
)
from graphchannel.compiler.values.model import (
    Doubt,
    Duration,
    Entity,
    Items,
    Path,
    Scalar,
    Value,
    WrittenTime,
)
from graphchannel.compiler.values.naming import field_name, member_name
from graphchannel.compiler.values.ranks import of_mixed, ranked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from graphchannel.compiler.syntax.liveness import Attribute
    from graphchannel.compiler.values.session import Session

Scope: TypeAlias = "Mapping[str, Value]"

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


def attribute_of(entity: Entity, attribute: Attribute) -> exp.Expression | None:
    """Return the column of an attribute, None if rows were not asked to carry it."""
    found = entity.attributes.get(attribute)
    return found.copy() if found is not None else None


def packed(session: Session, entity: Entity) -> exp.Expression:
    """Return the struct that stands for an entity inside a list."""
    tag = entity.tag if entity.tag is not None else tag_constant(session, entity.type)
    fields = [_field("t", tag), _field("k", entity.key)]
    for attribute, type_ in session.fields(entity.type):
        value = attribute_of(entity, attribute)
        if value is None:
            value = session.null(type_)
        fields.append(_field(field_name(attribute), sql.cast(value, session.sql_type(type_))))
    struct = sql.cast(exp.Struct(expressions=fields), session.sql_type(entity.type))
    if not entity.nullable:
        return struct
    return sql.case([(sql.is_not_null(entity.key), struct)], None)


def _field(text: str, value: exp.Expression) -> exp.PropertyEQ:
    return exp.PropertyEQ(this=exp.to_identifier(text), expression=value.copy())


def unpacked(
    session: Session,
    struct: exp.Expression,
    type_: t.NodeType | t.RelationshipType,
    *,
    nullable: bool = True,
) -> Entity:
    """Return the entity that a struct out of a list stands for."""
    attributes = {
        attribute: sql.field(struct, field_name(attribute))
        for attribute, _ in session.fields(type_)
    }
    tag = sql.field(struct, "t") if len(type_.tables) > 1 else None
    return Entity(type_, sql.field(struct, "k"), tag, attributes, nullable)


def tag_constant(session: Session, type_: t.NodeType | t.RelationshipType) -> exp.Expression:
    """Return the tag of the only table of a type; any number where there is no table at all."""
    if not type_.tables:
        return exp.Literal.number(0)
    number = session.node_tag(type_.tables[0]) if isinstance(type_, t.NodeType) else type_.tables[0]
    return exp.Literal.number(number)


def from_sql(
    session: Session, expression: exp.Expression, type_: t.CypherType, *, nullable: bool = True
) -> Value:
    """Return the value that one SQL expression of a type stands for."""
    if isinstance(type_, t.NodeType | t.RelationshipType):
        return unpacked(session, expression, type_, nullable=nullable)
    if isinstance(type_, t.NullType):  # whatever type DuckDB gave the column that holds it
        return Scalar(exp.Null(), type_)
    # what an element of a list was computed from is not known any more
    doubts = Doubt.NEGATIVE_ZERO if type_ == t.FLOAT else Doubt(0)
    return Scalar(expression, type_, nullable=nullable, doubts=doubts)


def to_sql(session: Session, value: Value) -> exp.Expression:
    """Return one SQL expression for a value, of exactly its Cypher type.

    Entities become structs.
    """
    if isinstance(value, Scalar):
        if value.raw:
            return sql.cast(value.sql.copy(), session.sql_type(value.type))
        return handed_out(session, value) if value.doubts else value.sql.copy()
    if isinstance(value, Entity):
        return packed(session, value)
    if isinstance(value, Items) and t.holds_mixed(value.type):
        return to_mixed(session, value, value.type)
    if isinstance(value, Items):
        array = exp.Array(expressions=[to_sql(session, item) for item in value.items])
        if not value.items or not isinstance(value.type.element, t.ScalarType):
            return sql.cast(array, session.sql_type(value.type))
        return array
    if isinstance(value, WrittenTime):
        raise session.refuse(
            session.at or Position(1, 1),
            f"a {value.type} in this place",
            "return it, compare it, or take its parts",
        )
    raise TypeError(type(value).__name__)  # paths and durations are never stored as one expression


def to_mixed(session: Session, value: Value, type_: t.CypherType) -> exp.Expression:
    """Return a value as SQL of a type that is mixed, or a list of such."""
    whole = session.sql_type(type_)  # refuses what no column holds
    if is_null_value(value):
        return sql.cast(exp.Null(), whole)
    if isinstance(type_, t.ListType) and isinstance(value, Items):
        items = [to_mixed(session, item, type_.element) for item in value.items]
        return sql.cast(exp.Array(expressions=items), whole)
    if isinstance(type_, t.ListType) and isinstance(value.type, t.ListType):
        if value.type.element == type_.element:
            return to_sql(session, value)
        name = session.fresh("x")
        element = Scalar(sql.variable(name), value.type.element)
        inner = to_mixed(session, element, type_.element)
        return sql.cast(session.dialect.mapped(to_sql(session, value), name, inner), whole)
    if not isinstance(type_, t.MixedType):
        return sql.cast(to_sql(session, value), whole)
    if isinstance(value.type, t.MixedType):
        return sql.cast(to_sql(session, value), whole)
    member = _member(type_, value.type)
    held = to_mixed(session, value, member)
    named = exp.PropertyEQ(this=sql.name(member_name(member)), expression=held)
    made = sql.cast(sql.call("union_value", named), whole)
    if not value.nullable:
        return made
    return sql.case([(sql.is_null(held), exp.Null())], made)


def with_kinds(session: Session, value: Value) -> Value:
    """Return a sum of floats that a question keeps: the integer 0 or a float, row by row."""
    if not (isinstance(value, Scalar) and Doubt.EMPTY_SUM in value.doubts):
        return value
    if not session.exploring or session.dialect.name == "spark":
        return value
    kinds = t.MixedType((t.FLOAT, t.INTEGER))
    zero = to_mixed(session, Scalar(sql.integer(0), t.INTEGER, nullable=False), kinds)
    plain = replace(value, doubts=value.doubts & ~Doubt.EMPTY_SUM, nullable=False)
    some = to_mixed(session, plain, kinds)
    return Scalar(sql.case([(sql.is_null(value.sql), zero)], some), kinds, nullable=False)


def _member(type_: t.MixedType, wanted: t.CypherType) -> t.CypherType:
    lists = (one for one in type_.members if isinstance(one, t.ListType))
    return next(lists) if isinstance(wanted, t.ListType) else wanted


def each(session: Session, at: Position, value: Scalar, build: Callable[[Scalar], Value]) -> Value:
    """Return what is built of a value of a mixed type as one of each of its types."""
    if not isinstance(value.type, t.MixedType):
        raise TypeError(str(value.type))
    built: dict[t.CypherType, Value] = {}

    def held_as(held: exp.Expression, member: t.CypherType) -> exp.Expression:
        doubts = Doubt.NEGATIVE_ZERO if member == t.FLOAT else Doubt(0)
        one = Scalar(held, member, nullable=False, nan=member == t.FLOAT, doubts=doubts)
        built[member] = build(one)
        return exp.Null()

    of_mixed(session, value.sql, value.type, held_as)
    type_ = common_type(session, at, built.values(), "")
    whole = of_mixed(
        session, value.sql, value.type, lambda _, member: fitted(session, at, built[member], type_)
    )
    return from_sql(session, whole, type_)


def present(session: Session, value: Value, construct: str) -> exp.Expression:
    """Return a value where Cypher raises an error for null: then the query stops here, too."""
    found = to_sql(session, value)
    if not value.nullable:
        return found
    type_ = session.sql_type(value.type)
    failing = session.failing(f"{construct} is not portable; give it a value", type_)
    return exp.Paren(this=sql.case([(sql.is_null(found), failing)], found))


def as_scalar(session: Session, at: Position, value: Value) -> Scalar:
    """Return a value as one SQL expression; refuse durations and paths."""
    if isinstance(value, Scalar):
        return value
    if isinstance(value, Duration):
        raise session.refuse(at, "a duration as a value", "add it to a date, or take its days")
    if isinstance(value, Path):
        raise session.refuse(at, "a path as a value", "use nodes(p) or relationships(p)")
    return Scalar(to_sql(session, value), value.type, nullable=value.nullable)


def common_type(
    session: Session, at: Position, values: Iterable[Value], where: str
) -> t.CypherType:
    """Return the one type of all values; refuse a mixture."""
    type_: t.CypherType = t.NULL
    for value in values:
        both = t.either(type_, value.type)
        if t.holds_mixed(both) and session.dialect.name == "spark":
            raise session.refuse(
                at, f"on Spark {where} with results of {type_} and {value.type}", "use one type"
            )
        type_ = both
    return type_


def fitted(session: Session, at: Position, value: Value, type_: t.CypherType) -> exp.Expression:
    """Return a value's SQL as exactly `type_`."""
    if is_null_value(value):
        return session.null(type_)
    if t.holds_mixed(type_) and not isinstance(value, Path | Duration):
        return to_mixed(session, value, type_)
    return to_sql(session, as_scalar(session, at, value))


def list_of(session: Session, at: Position, values: tuple[Value, ...]) -> Items:
    """Return the list of these values; refuse mixed types."""
    element: t.CypherType = t.NULL
    values = tuple(with_kinds(session, value) for value in values)
    for value in values:
        if isinstance(value, Path | Duration | WrittenTime):
            raise session.refuse(at, f"{value.type} in a list", "keep it in a variable")
        element = t.either(element, value.type)
    nullable = any(value.nullable for value in values)
    return Items(values, t.ListType(element, nullable))


def sortable(session: Session, at: Position, value: Value) -> exp.Expression:
    """Return what rows are sorted by: a scalar whose order is Cypher's."""
    if is_null_value(value) or isinstance(value, WrittenTime):  # the same in each row
        return sql.integer(0)
    if isinstance(value, Entity) and session.exploring:
        session.note("ORDER BY of a node", "it follows its key, not Neo4j's own ids")
        return value.key.copy()
    if isinstance(value, Scalar) and isinstance(value.type, t.IdentityType) and session.exploring:
        session.note(f"ORDER BY {value.type.function}()", "it follows keys, not Neo4j's own ids")
        return value.sql.copy()
    if isinstance(value, Scalar | Items) and isinstance(value.type, t.MixedType | t.ListType):
        return ranked(session, at, to_sql(session, value), value.type)
    if not isinstance(value, Scalar) or not isinstance(value.type, t.ScalarType):
        raise session.refuse(at, f"ORDER BY a value of type {value.type}", "order by a property")
    value = not_negative_zero(session, value, "ORDER BY")
    return fitted(session, at, as_float(session, in_text_order(session, value)), value.type)
