"""Where a walk begins: the nodes of the end of which more is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler.expressions.entities import entity_property
from graphchannel.compiler.patterns.nodes import Nodes
from graphchannel.compiler.syntax.liveness import conjuncts, of_node, walk
from graphchannel.compiler.values import comparison
from graphchannel.compiler.values.context import Context
from graphchannel.compiler.values.representation import tag_constant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.compiler.patterns.slots import NodeSlot
    from graphchannel.compiler.values.model import Entity


class Seeds(Nodes):
    """Emits the nodes that walks begin at."""

    def _known_of(self, number: int) -> int:
        """Return how much is known of a node: bound, looked for, labelled, or nothing."""
        slot = self._way.nodes[number]
        if slot.bound:
            return 4
        if any(pattern.properties is not None for pattern in slot.patterns):
            return 3
        if any(True for _ in self._own_conditions(slot)):
            return 2
        return int(len(slot.tables) < len(self._session.schema.nodes))

    def _own_conditions(self, slot: NodeSlot) -> Iterator[s.Expression]:
        """Yield the conditions of WHERE that are about this node alone."""
        nested = s.Exists | s.CountSubquery | s.CollectSubquery | s.PatternPredicate
        for part in conjuncts(self._match.where) if self._match.where is not None else ():
            names = of_node(part).attributes.keys()
            simple = not any(isinstance(found, nested) for found in walk(part))
            if names and simple and names <= set(slot.variables):
                yield part

    def _seeds(self, number: int) -> exp.Select:
        """Return the nodes to begin at, as `k` and `t`."""
        slot = self._way.nodes[number]
        for bound in slot.bound:
            relation = bound.key.table if isinstance(bound.key, exp.Column) else ""
            if relation in self._session.stages:
                tag = (
                    bound.tag if bound.tag is not None else tag_constant(self._session, bound.type)
                )
                query = self._columns(bound.key, tag, [sql.relation(relation, relation)], [])
                query.set("distinct", exp.Distinct())
                return query
        sources, conditions = self._sources, self._conditions
        self._sources, self._conditions = [], []
        try:
            asked = self._asked_of_node(slot)
            node = self._scanned_node(slot, asked, self._open_labels(slot))
            if not slot.bound:
                self._narrow_seeds(slot, node)
            tag = node.tag if node.tag is not None else tag_constant(self._session, node.type)
            return self._columns(node.key, tag, self._sources, self._conditions)
        finally:
            self._sources, self._conditions = sources, conditions

    def _narrow_seeds(self, slot: NodeSlot, node: Entity) -> None:
        context = Context(dict.fromkeys(slot.variables, node))
        for pattern in slot.patterns:
            if isinstance(pattern.properties, s.MapLiteral):
                self._constant_conditions(pattern.properties, node)
        for part in self._own_conditions(slot):
            self._conditions.append(self._lowering.predicate(part, context))

    def _constant_conditions(self, properties: s.MapLiteral, entity: Entity) -> bool:
        """Add `{key: constant}` as conditions; return whether all values are constants."""
        every = True
        for key, expression in properties.entries:
            if of_node(expression).attributes:
                every = False
                continue
            held = entity_property(self._session, expression.at, entity, key)
            value = self._lowering.lower(expression, Context({}), held.type)
            same = comparison.compare(self._session, expression.at, "=", held, value)
            self._conditions.append(same.sql)
        return every

    def _columns(
        self,
        key: exp.Expression,
        tag: exp.Expression,
        sources: list[exp.Expression],
        conditions: list[exp.Expression],
    ) -> exp.Select:
        columns = [sql.aliased(sql.own(key), "k"), sql.aliased(sql.own(tag), "t")]
        return sql.select(columns, sources, conditions)
