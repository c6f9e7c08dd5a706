"""What is asked of nodes and relationships: properties, labels, types."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import functions, sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.syntax.liveness import Attribute
from graphchannel.compiler.values.model import Doubt, Duration, Entity, Scalar, Value, WrittenTime
from graphchannel.compiler.values.representation import UNKNOWN, from_sql, is_null_value
from graphchannel.errors import did_you_mean

if TYPE_CHECKING:
    from graphchannel.compiler.values.context import Context, Lowering
    from graphchannel.compiler.values.session import Session


def property_of(lowering: Lowering, node: s.PropertyAccess, context: Context) -> Value:
    """Lower `subject.name`, whatever the subject is."""
    subject = lowering.lower(node.subject, context)
    if isinstance(subject, Entity):
        return entity_property(lowering.session, node.at, subject, node.name)
    if isinstance(subject, WrittenTime):
        return functions.moment_part(lowering.session, node.at, subject, node.name)
    if isinstance(subject, Duration):
        return functions.duration_part(lowering.session, node.at, subject, node.name)
    if isinstance(subject, Scalar) and subject.type == t.DATE:
        return functions.date_part(lowering.session, node.at, subject, node.name)
    if isinstance(subject.type, t.MapType) and isinstance(subject, Scalar):
        for key, type_ in subject.type.entries:
            if key == node.name and isinstance(type_, t.NullType):
                return Scalar(exp.Null(), t.NULL)
            if key == node.name:
                return from_sql(lowering.session, sql.field(subject.sql, key), type_)
        known = [key for key, _ in subject.type.entries]
        if lowering.session.exploring:
            lowering.session.note(f"The map has no key '{node.name}'", "it is null")
            return Scalar(exp.Null(), t.NULL)
        raise lowering.session.unknown(node.at, "The key", node.name, known)
    if is_null_value(subject):
        return Scalar(exp.Null(), t.NULL, constant=True)
    raise lowering.session.mismatch(
        node.at, f"A value of type {subject.type} has no property '{node.name}'."
    )


def map_projection(lowering: Lowering, node: s.MapProjection, context: Context) -> Value:
    """Lower `n {.a, b: x}`; null for a node that is null."""
    session = lowering.session
    subject = lowering.lower(node.subject, context)
    if node.everything and isinstance(subject, Entity):
        more = {key: lowering.scalar(value, context) for key, value in node.entries}
        return functions.all_properties(session, node.at, subject, more)
    built = lowering.lower(s.MapLiteral(node.at, node.entries), context)
    if is_null_value(subject):
        return subject
    if not isinstance(subject, Entity):
        raise session.mismatch(node.at, f"A map projection of {subject.type} is not portable.")
    if not subject.nullable or not isinstance(built, Scalar):
        return built
    present = sql.is_not_null(subject.key)
    return Scalar(sql.case([(present, built.sql)], None), built.type)


def entity_property(session: Session, at: s.Position, entity: Entity, name: str) -> Value:
    """Lower `entity.name`; refuse a property that none of its tables has."""
    attribute = Attribute(name)
    found = session.attribute_types(entity.type, attribute)
    if not found:
        raise _unknown_property(session, at, entity, name)
    if len(found) > 1:
        kinds = " and ".join(sorted(map(str, found)))
        raise session.refuse(
            at, f"the property '{name}', which is {kinds} in different tables", "name a label"
        )
    type_ = next(iter(found))
    column = entity.attributes.get(attribute)
    if column is None:
        raise session.refuse(
            at, f"the property '{name}' of a node that is part of a list", "match the node"
        )
    nullable = entity.nullable or session.attribute_nullable(entity.type, attribute)
    zero = Doubt.NEGATIVE_ZERO if session.holds_floats(entity.type, attribute) else Doubt(0)
    return Scalar(column.copy(), type_, nullable=nullable, raw=_may_be_narrow(type_), doubts=zero)


def _unknown_property(session: Session, at: s.Position, entity: Entity, name: str) -> Exception:
    if isinstance(entity.type, t.NodeType):
        tables = [session.node(table).properties for table in entity.type.tables]
        owner = "nodes"
    else:
        tables = [session.edge(index).properties for index in entity.type.tables]
        owner = "relationships"
    known = sorted({key for properties in tables for key in properties})
    hint = did_you_mean(name, known) or (f" They have: {', '.join(known)}." if known else "")
    return session.unknown(at, f"These {owner} have no such property:", name, known, hint)


def unknown_label(session: Session, labels: s.LabelName) -> Exception:
    """Return the error about a label that no node has."""
    known = sorted(session.schema.labels)
    hint = _those(labels.name, known)
    return session.unknown(labels.at, "The label", labels.name, known, hint)


def _those(name: str, known: list[str]) -> str:
    return did_you_mean(name, known) or (f" There are: {', '.join(known)}." if known else "")


def has_labels(lowering: Lowering, node: s.HasLabels, context: Context) -> Value:
    """Lower `subject:Label`."""
    subject = lowering.lower(node.subject, context)
    if is_null_value(subject):
        return UNKNOWN
    if not isinstance(subject, Entity):
        raise lowering.session.mismatch(node.at, f"A value of type {subject.type} has no labels.")
    if isinstance(subject.type, t.NodeType):
        truth = node_labels(lowering.session, subject, node.labels)
    else:
        truth = _relationship_types(lowering.session, subject, node.labels)
    if subject.nullable:
        present = sql.is_not_null(subject.key)
        truth = sql.case([(present, truth)], UNKNOWN.sql)
    return Scalar(truth, t.BOOLEAN, nullable=subject.nullable)


def node_labels(session: Session, node: Entity, labels: s.LabelExpression) -> exp.Expression:
    """Return whether a node that is not null carries labels."""
    match labels:
        case s.LabelName():
            if labels.name not in session.schema.labels:
                raise unknown_label(session, labels)
            column = node.attributes.get(Attribute(labels.name, label=True))
            if column is None:
                raise session.refuse(
                    labels.at, "asking an element of a list for its label", "match the node"
                )
            return column.copy()
        case s.LabelNot():
            return sql.not_(node_labels(session, node, labels.operand))
        case s.LabelAnd():
            return sql.all_of(node_labels(session, node, part) for part in labels.operands)
        case s.LabelOr():
            return sql.any_of(node_labels(session, node, part) for part in labels.operands)
    raise session.refuse(labels.at, "%", "name the labels")


def _relationship_types(
    session: Session, entity: Entity, labels: s.LabelExpression
) -> exp.Expression:
    tables = [index for index in entity.type.tables if isinstance(index, int)]
    names = sorted({session.edge(index).type for index in tables})
    fitting = [name for name in names if type_fits(session, labels, name)]
    if len(fitting) == len(names):
        return sql.TRUE
    if not fitting or entity.tag is None:
        return sql.FALSE
    tags = [exp.Literal.number(index) for index in tables if session.edge(index).type in fitting]
    return sql.among(entity.tag, tags)


def type_fits(session: Session, labels: s.LabelExpression, name: str) -> bool:
    """Whether a relationship type passes a type expression; unknown types are errors."""
    match labels:
        case s.LabelName():
            if labels.name not in session.schema.types:
                known = sorted(session.schema.types)
                hint = _those(labels.name, known)
                raise session.unknown(labels.at, "The relationship type", labels.name, known, hint)
            return labels.name == name
        case s.LabelNot():
            return not type_fits(session, labels.operand, name)
        case s.LabelAnd():
            return all(type_fits(session, part, name) for part in labels.operands)
        case s.LabelOr():
            return any(type_fits(session, part, name) for part in labels.operands)
    raise session.refuse(labels.at, "%", "name the relationship types")


def _may_be_narrow(type_: t.CypherType) -> bool:
    return type_ == t.INTEGER or isinstance(type_, t.ListType)
