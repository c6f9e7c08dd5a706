"""What the emission of one alternative starts from: what is asked, and who tells labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler.patterns.candidates import label_names, truth
from graphchannel.compiler.patterns.label_conditions import label_condition, passes
from graphchannel.compiler.syntax.liveness import Attribute

if TYPE_CHECKING:
    from sqlglot import exp

    from graphchannel.compiler.patterns.slots import Alternative, HopSlot, NodeSlot
    from graphchannel.compiler.patterns.variable_types import Declared
    from graphchannel.compiler.syntax.liveness import Liveness
    from graphchannel.compiler.values.context import Lowering
    from graphchannel.compiler.values.representation import Scope
    from graphchannel.schema.model import Endpoint


class BranchEmitter:
    """Holds what is emitted so far: `sources` and `conditions` grow while it works."""

    def __init__(
        self,
        lowering: Lowering,
        match: s.Match,
        scope: Scope,
        *,
        liveness: Liveness,
        way: Alternative,
        declared: Declared,
    ) -> None:
        self._lowering = lowering
        self._session = lowering.session
        self._match = match
        self._outer = scope
        self._liveness = liveness
        self._way = way
        self._declared = declared
        self._sources: list[exp.Expression] = []
        self._conditions: list[exp.Expression] = []

    def _asked(self, names: list[str], *, in_path: bool) -> frozenset[Attribute]:
        asked = frozenset[Attribute]()
        for name in names:
            asked |= self._liveness.of(name)
        if in_path:
            asked |= self._session.indirect
        return asked

    def _asked_of_node(self, slot: NodeSlot) -> frozenset[Attribute]:
        asked = self._asked(slot.variables, in_path=slot.in_path)
        asked = self._session.spelled(asked, hops=False)
        for pattern in slot.patterns:
            if isinstance(pattern.properties, s.MapLiteral):
                asked |= {Attribute(key) for key, _ in pattern.properties.entries}
        return asked

    def _asked_of_hop(self, slot: HopSlot) -> frozenset[Attribute]:
        names = [slot.variable] if slot.variable is not None else []
        asked = self._session.spelled(self._asked(names, in_path=slot.in_path), nodes=False)
        if isinstance(slot.pattern.properties, s.MapLiteral):
            asked |= {Attribute(key) for key, _ in slot.pattern.properties.entries}
        return frozenset(attribute for attribute in asked if not attribute.label)

    def _open_labels(self, slot: NodeSlot) -> list[s.LabelExpression]:
        """Return the label conditions of a slot that its tables do not settle."""
        labels = [p.labels for p in slot.patterns if p.labels is not None]
        nodes = [self._session.node(table) for table in slot.tables]
        return [
            label
            for label in labels
            if any(truth(self._session, label, table) is not True for table in nodes)
        ]

    def _deciders(self) -> dict[int, tuple[int, int]]:
        """Return for each unbound node with open labels the hop end that tells them.

        If one does.
        """
        found: dict[int, tuple[int, int]] = {}
        for number, slot in enumerate(self._way.nodes):
            labels = self._open_labels(slot)
            if slot.bound or not labels:
                continue
            for hop_number, hop in enumerate(self._way.hops):
                if hop.walk is not None:
                    continue  # its ends are told by no single row
                for side, node in enumerate((hop.start, hop.end)):
                    if node == number and number not in found and self._tells(hop, side, labels):
                        found[number] = (hop_number, side)
        return found

    def _tells(self, hop: HopSlot, side: int, labels: list[s.LabelExpression]) -> bool:
        for table in hop.tables:
            endpoint = self._endpoint(table, side)
            node = self._session.node(endpoint.node)
            for label in labels:
                for name in label_names(label):
                    settled = name not in node.labels or node.labels[name] is None
                    if name not in endpoint.labels and not settled:
                        return False
        return True

    def _endpoint(self, table: tuple[int, bool], side: int) -> Endpoint:
        edge = self._session.edge(table[0])
        return (edge.source, edge.target)[side ^ table[1]]

    def _label_condition(
        self, alias: str, table: tuple[int, bool], side: int, label: s.LabelExpression
    ) -> exp.Expression:
        """Return a label condition on the columns of a hop's row."""
        endpoint = self._endpoint(table, side)
        node = self._session.node(endpoint.node)

        def told(name: str) -> exp.Expression:
            if name in endpoint.labels:
                return passes(alias, endpoint.labels[name])
            return sql.TRUE if name in node.labels else sql.FALSE

        return label_condition(label, told)
