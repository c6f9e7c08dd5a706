"""No relationship twice in one MATCH: said only where two could be the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler.patterns.walks import Walked, Walks

if TYPE_CHECKING:
    from graphchannel.compiler.patterns.hops import MatchedHop
    from graphchannel.compiler.patterns.slots import HopSlot, NodeSlot
    from graphchannel.schema.model import NodeTable


class Uniqueness(Walks):
    """Tells the hops and walks of one alternative apart."""

    _walked: dict[int, Walked]

    def _unique(self, hops: list[MatchedHop]) -> None:
        """Say that no two hops of the MATCH are the same relationship, where they could be."""
        slots = self._way.hops
        for i, one in enumerate(slots):
            for j in range(i):
                if i in self._walked or j in self._walked:
                    continue
                shared = {n for n, _ in one.tables} & {n for n, _ in slots[j].tables}
                if not shared or not self._may_coincide(one, slots[j]):
                    continue
                first, second = hops[i], hops[j]
                different = exp.NEQ(this=first.key, expression=second.key)
                if first.tag is None and second.tag is None:
                    self._conditions.append(different)
                    continue
                tags = [
                    hop.tag if hop.tag is not None else exp.Literal.number(slot.tables[0][0])
                    for hop, slot in ((first, one), (second, slots[j]))
                ]
                other_table = exp.NEQ(this=tags[0].copy(), expression=tags[1].copy())
                self._conditions.append(sql.any_of([different, other_table]))

    def _unique_walks(self, hops: list[MatchedHop]) -> None:
        for i, walked in self._walked.items():
            for j, hop in enumerate(hops):
                if j in self._walked and j < i:
                    self._disjoint(walked, self._walked[j])
                elif j not in self._walked:
                    self._apart(walked, self._way.hops[j], hop)

    def _may_coincide(self, one: HopSlot, other: HopSlot) -> bool:
        """Whether two hops could be one relationship: their ends would be the same nodes then."""
        for index, back in one.tables:
            for other_index, other_back in other.tables:
                if index != other_index:
                    continue
                pairs = [(one.start, other.start), (one.end, other.end)]
                if back != other_back:
                    pairs = [(one.start, other.end), (one.end, other.start)]
                if all(self._may_be_same(a, b) for a, b in pairs):
                    return True
        return False

    def _may_be_same(self, one: int, other: int) -> bool:
        """Whether the labels of two nodes leave room for one node that has both."""
        if one == other:
            return True
        first, second = self._way.nodes[one], self._way.nodes[other]
        shared = set(first.tables) & set(second.tables)
        return any(not self._excluded(self._session.node(name), first, second) for name in shared)

    def _excluded(self, table: NodeTable, first: NodeSlot, second: NodeSlot) -> bool:
        """Whether two single labels are told apart by different values of one column."""
        for left in first.patterns:
            for right in second.patterns:
                if isinstance(left.labels, s.LabelName) and isinstance(right.labels, s.LabelName):
                    a = table.labels.get(left.labels.name)
                    b = table.labels.get(right.labels.name)
                    if (
                        a is not None
                        and b is not None
                        and a.column == b.column
                        and not a.negated
                        and not b.negated
                        and not set(a.values) & set(b.values)
                    ):
                        return True
        return False
