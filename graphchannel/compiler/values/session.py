"""What one compilation knows and collects: the schema, the dialect, parameters, fresh names.

This is the only object of the compiler that changes while it works, and it lives for one query.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.syntax import Position
from graphchannel.compiler.syntax.liveness import ALL_LABELS, ALL_PROPERTIES, Attribute
from graphchannel.compiler.values.naming import common_kind, field_name, member_name
from graphchannel.errors import (
    CypherError,
    CypherSyntaxError,
    NotPortable,
    TypeMismatch,
    UnknownName,
    did_you_mean,
)
from graphchannel.schema.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphchannel.compiler.sql.dialects import Dialect
    from graphchannel.compiler.syntax import ParameterReference
    from graphchannel.schema.model import EdgeTable, GraphSchema, NodeTable

_SQL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_SQL_TYPES = {
    Kind.STRING: "text",
    Kind.INTEGER: "bigint",
    Kind.FLOAT: "double",
    Kind.DECIMAL: "double",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
}


@dataclass
class Session:
    """One compilation."""

    schema: GraphSchema
    dialect: Dialect
    name: str
    declared: Mapping[str, t.CypherType]
    indirect: frozenset[Attribute]
    inferred: dict[str, t.CypherType] = field(default_factory=dict)
    used: dict[str, t.CypherType] = field(default_factory=dict)
    untyped: dict[str, Position] = field(default_factory=dict)
    touched: set[str] = field(default_factory=set)
    at: Position | None = None  # of the expression that is lowered now
    exploring: bool = False  # a question, not a rule: rows that are any are told, not refused
    stages: set[str] = field(default_factory=set)  # table expressions so far, by name
    uneven_range: bool = False  # a range() whose steps may not meet its end was seen
    notes: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)  # all variables so far, for "did you mean"
    _count: int = 0

    # --- names ---

    def fresh(self, prefix: str) -> str:
        """Return a name that no other part of the query has."""
        self._count += 1
        readable = re.sub(r"\W", "", prefix, flags=re.ASCII)[:20].lower()
        return f"{readable}_{self._count}"

    # --- errors ---

    def refuse(self, at: Position, construct: str, instead: str) -> NotPortable:
        """Return the refusal of a construct, with what to write instead."""
        return NotPortable(
            f"{construct} is not portable; {instead}.",
            construct=construct,
            line=at.line,
            column=at.column,
            name=self.name,
        )

    def note(self, construct: str, message: str) -> None:
        """Remember a sentence to tell with the answer; one of a kind is enough."""
        sentence = f"{construct}: {message}."
        if sentence not in self.notes:
            self.notes.append(sentence)

    def mismatch(self, at: Position, message: str) -> TypeMismatch:
        """Return an error about types."""
        return TypeMismatch(message, line=at.line, column=at.column, name=self.name)

    def unknown(
        self, at: Position, what: str, name: str, known: Iterable[str], instead: str = ""
    ) -> UnknownName:
        """Return an error about a name, with the nearest known one."""
        hint = instead or did_you_mean(name, known)
        return UnknownName(
            f"{what} '{name}' is unknown.{hint}", line=at.line, column=at.column, name=self.name
        )

    def wrong(self, at: Position, message: str) -> CypherError:
        """Return an error about a query that is not valid Cypher."""
        return CypherSyntaxError(message, line=at.line, column=at.column, name=self.name)

    def failing(self, message: str, type_: exp.DataType) -> exp.Expression:
        """Return an expression that stops the query, with the place of what is lowered now."""
        place = f"{self.at.line}:{self.at.column}: " if self.at is not None else ""
        return self.dialect.failing(f"{place}{message}", type_)

    # --- parameters ---

    def parameter(self, node: ParameterReference, expected: t.CypherType | None) -> t.CypherType:
        """Return a parameter's type: declared, else inferred from this or another use.

        While it is not known yet it passes for null; `untyped` remembers it.
        """
        if not _SQL_NAME.fullmatch(node.name):
            raise self.refuse(
                node.at,
                f"the parameter name ${node.name}",
                "use a name of letters, digits and _ that does not begin with a digit",
            )
        type_ = self.declared.get(node.name) or self.inferred.get(node.name)
        if type_ is None and expected is not None and _inferable(expected):
            self.inferred[node.name] = type_ = expected
        if type_ is None:
            self.untyped.setdefault(node.name, node.at)
            return t.NULL
        self.used[node.name] = type_
        return type_

    # --- schema ---

    def touch(self, relation: str) -> str:
        """Remember that the query reads `relation`; return it."""
        self.touched.add(relation)
        return relation

    def node(self, table: str) -> NodeTable:
        """Return the node table of that name."""
        return self.schema.node(table)

    def edge(self, index: int) -> EdgeTable:
        """Return the edge table at that position of the schema."""
        return self.schema.edges[index]

    def node_tag(self, table: str) -> int:
        """Return the position of a node table in the schema: its tag in rows."""
        return self._node_positions[table]

    @cached_property
    def _node_positions(self) -> dict[str, int]:
        return {table.name: i for i, table in enumerate(self.schema.nodes)}

    @cached_property
    def node_key_kind(self) -> Kind:
        """The kind of all node keys; text if tables differ in it (keys are then cast)."""
        return common_kind(table.key_kind for table in self.schema.nodes)

    @cached_property
    def edge_key_kind(self) -> Kind:
        """The kind of all relationship keys; text if tables differ in it (keys are then cast)."""
        return common_kind(table.key_kind for table in self.schema.edges)

    # --- SQL types ---

    def sql_type(self, type_: t.CypherType) -> exp.DataType:
        """Return the SQL type that holds values of a Cypher type."""
        return sql.data_type(self._type_text(type_))

    def _type_text(self, type_: t.CypherType) -> str:
        if isinstance(type_, t.ScalarType):
            return _SQL_TYPES[type_.kind]
        if isinstance(type_, t.ListType):
            return f"{self._type_text(type_.element)}[]"
        if isinstance(type_, t.MapType):
            inner = ", ".join(f'"{k}" {self._type_text(v)}' for k, v in type_.entries)
            inner = inner or '"_" int'
            return f"struct({inner})"
        if isinstance(type_, t.MixedType):
            return self._union_text(type_)
        if isinstance(type_, t.NodeType | t.RelationshipType):
            fields = self.fields(type_)
            inner = "".join(f', "{field_name(a)}" {self._type_text(v)}' for a, v in fields)
            return f'struct("t" int, "k" {_SQL_TYPES[self.key_kind(type_)]}{inner})'
        if isinstance(type_, t.IdentityType):
            return "text"
        return "int"  # null: any type will do

    def _union_text(self, type_: t.MixedType) -> str:
        known = all(isinstance(one, t.ScalarType | t.ListType) for one in type_.members)
        if not known or self.dialect.name == "spark":
            where = "" if self.dialect.name == "duckdb" else "on Spark "
            at = self.at or Position(1, 1)
            raise self.refuse(at, f"{where}a value that is {type_}", "use values of one type")
        parts = (f'"{member_name(one)}" {self._type_text(one)}' for one in type_.members)
        return f"union({', '.join(parts)})"

    def key_kind(self, type_: t.NodeType | t.RelationshipType) -> Kind:
        """Return the kind of an entity's key."""
        return self.node_key_kind if isinstance(type_, t.NodeType) else self.edge_key_kind

    def null(self, type_: t.CypherType) -> exp.Expression:
        """Return a null of the given type."""
        if isinstance(type_, t.NullType):
            return exp.Null()
        return sql.cast(exp.Null(), self.sql_type(type_))

    # --- entities in lists ---

    def fields(
        self, type_: t.NodeType | t.RelationshipType
    ) -> tuple[tuple[Attribute, t.CypherType], ...]:
        """Return the attributes that every node (or relationship) in a list carries."""
        return self._node_fields if isinstance(type_, t.NodeType) else self._edge_fields

    @cached_property
    def _node_fields(self) -> tuple[tuple[Attribute, t.CypherType], ...]:
        return self._fields(t.NodeType(tuple(table.name for table in self.schema.nodes)))

    @cached_property
    def _edge_fields(self) -> tuple[tuple[Attribute, t.CypherType], ...]:
        return self._fields(t.RelationshipType(tuple(range(len(self.schema.edges)))))

    def _fields(
        self, type_: t.NodeType | t.RelationshipType
    ) -> tuple[tuple[Attribute, t.CypherType], ...]:
        found = []
        for attribute in sorted(self.indirect, key=lambda a: (a.label, a.name)):
            kinds = self.attribute_types(type_, attribute)
            if len(kinds) == 1:
                found.append((attribute, next(iter(kinds))))
        return tuple(found)

    def attribute_types(
        self, type_: t.NodeType | t.RelationshipType, attribute: Attribute
    ) -> frozenset[t.CypherType]:
        """Return the types that an attribute has in the tables of `type_`; empty if none has it."""
        if attribute.label:
            return frozenset({t.BOOLEAN}) if isinstance(type_, t.NodeType) else frozenset()
        if isinstance(type_, t.NodeType):
            tables = [self.node(table).properties for table in type_.tables]
        else:
            tables = [self.edge(index).properties for index in type_.tables]
        found: set[t.CypherType] = set()
        for properties in tables:
            declared = properties.get(attribute.name)
            if declared is not None:
                element = t.of_kind(declared.kind)
                found.add(t.ListType(element, nullable=False) if declared.list_of else element)
        return frozenset(found)

    def spelled(
        self, asked: frozenset[Attribute], *, nodes: bool = True, hops: bool = True
    ) -> frozenset[Attribute]:
        """Return what is asked with every label and every property named one by one."""
        if ALL_LABELS in asked:
            asked |= {Attribute(label, label=True) for label in self.schema.labels}
        if ALL_PROPERTIES in asked:
            held = [one.properties for one in self.schema.nodes] if nodes else []
            held += [one.properties for one in self.schema.edges] if hops else []
            asked |= {Attribute(name) for properties in held for name in properties}
        return asked - {ALL_LABELS, ALL_PROPERTIES}

    def holds_floats(self, type_: t.NodeType | t.RelationshipType, attribute: Attribute) -> bool:
        """Whether a table keeps an attribute as a float: decimals have no -0.0."""
        tables = (
            [self.node(table).properties for table in type_.tables]
            if isinstance(type_, t.NodeType)
            else [self.edge(index).properties for index in type_.tables]
        )
        held = (table.get(attribute.name) for table in tables)
        return any(one is not None and one.kind is Kind.FLOAT and not one.decimal for one in held)

    def attribute_nullable(
        self, type_: t.NodeType | t.RelationshipType, attribute: Attribute
    ) -> bool:
        """Whether an attribute can be null on an entity that is there."""
        if attribute.label:
            return False
        if isinstance(type_, t.NodeType):
            tables = [self.node(table).properties for table in type_.tables]
        else:
            tables = [self.edge(index).properties for index in type_.tables]
        return any(
            attribute.name not in table or table[attribute.name].nullable for table in tables
        )


def _inferable(type_: t.CypherType) -> bool:
    if isinstance(type_, t.ListType):
        return isinstance(type_.element, t.ScalarType)
    return isinstance(type_, t.ScalarType)
