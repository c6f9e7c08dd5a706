"""Nodes, relationships and paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import (
    ANY,
    Builder,
    Call,
    Function,
)
from graphchannel.compiler.syntax.liveness import Attribute
from graphchannel.compiler.values.model import Entity, Items, Path, Scalar, Value
from graphchannel.compiler.values.representation import is_null_value, tag_constant, to_sql

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphchannel.compiler.syntax import Position
    from graphchannel.compiler.values.session import Session

_NAMES = t.ListType(t.STRING, nullable=False, ordered=False, canonical=True)


def _entity(c: Call, kind: type[t.NodeType | t.RelationshipType], what: str) -> Entity | None:
    value = c.values[0]
    if is_null_value(value):
        return None
    if not (isinstance(value, Entity) and isinstance(value.type, kind)):
        raise c.session.mismatch(c.node.at, f"{c.node.name}() takes a {what}, not {value.type}.")
    return value


def _labels(c: Call) -> Value:
    node = _entity(c, t.NodeType, "node")
    if node is None:
        return Scalar(c.session.null(_NAMES), _NAMES)
    carried = []
    for label in sorted(c.session.schema.labels):
        column = node.attributes.get(Attribute(label, label=True))
        if column is None:
            raise c.session.refuse(c.node.at, "labels() of an element of a list", "match the node")
        carried.append(sql.case([(column, sql.string(label))], None))
    return _names_there(c, node, carried)


def _identity(c: Call) -> Value:
    """Return what tells the entity from all others of its kind: a text of its table and its key."""
    value = c.values[0]
    if is_null_value(value):
        return Scalar(exp.Null(), t.NULL)
    if not isinstance(value, Entity):
        raise c.session.mismatch(
            c.node.at, f"{c.node.name}() takes a node or a relationship, not {value.type}."
        )
    tag = value.tag if value.tag is not None else tag_constant(c.session, value.type)
    table, key = (sql.cast(part.copy(), "text") for part in (tag, value.key))
    parted = exp.DPipe(this=table, expression=sql.string(":"))
    function = next(name for name in t.IDENTITIES if name.lower() == c.node.name.lower())
    type_ = t.IdentityType(function, str(value.type))
    return Scalar(exp.DPipe(this=parted, expression=key), type_, nullable=value.nullable)


def _keys(c: Call) -> Value:
    """Return the names of the properties that are there; of a map all keys."""
    value = c.values[0]
    if is_null_value(value):
        return Scalar(c.session.null(_NAMES), _NAMES)
    if isinstance(value.type, t.MapType) and value.type.sparse:
        raise c.session.refuse(c.node.at, "keys() of all properties", "write keys(n)")
    if isinstance(value.type, t.MapType):
        names = exp.Array(expressions=[sql.string(key) for key, _ in value.type.entries])
        return c.scalar(sql.cast(names, c.session.sql_type(_NAMES)), _NAMES)
    if not isinstance(value, Entity):
        raise c.session.mismatch(c.node.at, f"keys() takes a node or a map, not {value.type}.")
    held = [a for a in value.attributes if not a.label and c.session.attribute_types(value.type, a)]
    if not held:
        raise c.session.refuse(c.node.at, "keys() of an element of a list", "match the node")
    there = [
        sql.case([(sql.is_not_null(value.attributes[a]), sql.string(a.name))], None)
        for a in sorted(held, key=lambda a: a.name)
    ]
    return _names_there(c, value, there)


def _properties(c: Call) -> Value:
    value = c.values[0]
    if is_null_value(value) or isinstance(value.type, t.MapType):
        return value
    if not isinstance(value, Entity):
        raise c.session.mismatch(
            c.node.at, f"properties() takes a node, a relationship or a map, not {value.type}."
        )
    return all_properties(c.session, c.node.at, value, {})


def all_properties(
    session: Session, at: Position, entity: Entity, more: Mapping[str, Scalar]
) -> Scalar:
    """Return the properties as a map, and `more` beside; one that is null is not there.

    Raises NotPortable in a rule, and where the entity is an element of a list.
    """
    instead = "name the properties: n {.id, .name}"
    if not session.exploring:
        raise session.refuse(at, "all properties of a node", instead)
    values: dict[str, Scalar] = {}
    for attribute in sorted(entity.attributes, key=lambda one: one.name):
        kinds = session.attribute_types(entity.type, attribute)
        if attribute.label or not kinds:
            continue
        if len(kinds) > 1 or attribute.name in more:
            raise session.refuse(at, f"all properties beside another '{attribute.name}'", instead)
        held = entity.attributes[attribute]
        values[attribute.name] = Scalar(held, next(iter(kinds)), raw=True)
    if not values:
        raise session.refuse(at, "all properties of an element of a list", "match the node")
    values |= more
    fields = [
        exp.PropertyEQ(this=sql.name(key), expression=to_sql(session, value))
        for key, value in values.items()
    ]
    type_ = t.MapType(tuple((key, value.type) for key, value in values.items()), sparse=True)
    whole: exp.Expression = exp.Struct(expressions=fields)
    if entity.nullable:
        whole = sql.case([(sql.is_not_null(entity.key), whole)], None)
    return Scalar(whole, type_, nullable=entity.nullable)


def _names_there(c: Call, entity: Entity, names: Sequence[exp.Expression]) -> Scalar:
    """Return the list of those `names` that are not null; null for an entity that is null."""
    every = sql.cast(exp.Array(expressions=list(names)), c.session.sql_type(_NAMES))
    name = c.session.fresh("name")
    found = c.session.dialect.filtered(every, name, sql.is_not_null(sql.variable(name)))
    if entity.nullable:
        found = sql.case([(sql.is_not_null(entity.key), found)], c.session.null(_NAMES))
    return Scalar(found, _NAMES, nullable=entity.nullable)


def _type(c: Call) -> Value:
    relationship = _entity(c, t.RelationshipType, "relationship")
    if relationship is None:
        return Scalar(c.session.null(t.STRING), t.STRING)
    tables = [index for index in relationship.type.tables if isinstance(index, int)]
    names = {index: c.session.edge(index).type for index in tables}
    tag = relationship.tag
    if tag is None or len(set(names.values())) == 1:
        name: exp.Expression = sql.string(names[tables[0]])
    else:
        name = sql.case(
            [
                (sql.equal(tag, exp.Literal.number(index)), sql.string(names[index]))
                for index in tables
            ],
            None,
        )
    if relationship.nullable:
        name = sql.case([(sql.is_not_null(relationship.key), name)], None)
    return Scalar(name, t.STRING, nullable=relationship.nullable)


def _end_node(which: str) -> Builder:
    def build(c: Call) -> Value:
        relationship = _entity(c, t.RelationshipType, "relationship")
        if relationship is None:
            return Scalar(exp.Null(), t.NULL)
        node = relationship.source if which == "startNode" else relationship.target
        if node is None:
            raise c.session.refuse(
                c.node.at, f"{which}() outside the MATCH of its relationship", "name the node"
            )
        return node

    return build


def _path(c: Call) -> Path | None:
    value = c.values[0]
    if is_null_value(value):
        return None
    if not isinstance(value, Path):
        raise c.session.mismatch(c.node.at, f"{c.node.name}() takes a path, not {value.type}.")
    return value


def _nodes(c: Call) -> Value:
    path = _path(c)
    return Scalar(exp.Null(), t.NULL) if path is None else path.nodes


def _relationships(c: Call) -> Value:
    path = _path(c)
    return Scalar(exp.Null(), t.NULL) if path is None else path.relationships


def _length(c: Call) -> Value:
    path = _path(c)
    if path is None:
        return Scalar(c.session.null(t.INTEGER), t.INTEGER)
    hops = path.relationships
    if isinstance(hops, Items):
        return Scalar(sql.integer(len(hops.items)), t.INTEGER, nullable=False)
    length = sql.cast(c.session.dialect.length(hops.sql), "bigint")
    return Scalar(length, t.INTEGER, nullable=path.nullable)


FUNCTIONS = (
    *(
        Function(
            name, f"{name}(node or relationship)", "to tell it from others only", (ANY,), _identity
        )
        for name in t.IDENTITIES
    ),
    Function("labels", "labels(node)", "its labels, in no defined order", (ANY,), _labels),
    Function(
        "keys", "keys(node)", "the names of its properties, in no defined order", (ANY,), _keys
    ),
    Function(
        "properties",
        "properties(node or relationship)",
        "a map of those that are not null; in questions only",
        (ANY,),
        _properties,
    ),
    Function("type", "type(relationship)", "its type", (ANY,), _type),
    Function(
        "startNode", "startNode(r)", "in the clause that matches r", (ANY,), _end_node("startNode")
    ),
    Function("endNode", "endNode(r)", "in the clause that matches r", (ANY,), _end_node("endNode")),
    Function("nodes", "nodes(path)", "its nodes in order", (ANY,), _nodes),
    Function(
        "relationships",
        "relationships(path)",
        "its relationships in order",
        (ANY,),
        _relationships,
    ),
    Function("length", "length(path)", "number of relationships", (ANY,), _length),
)
