"""The partners that every route leads through, against what dominators of a graph are."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import networkx as nx

from graphchannel.analysis.coverage.routes import SINK, SOURCE, sole_partners

if TYPE_CHECKING:
    from collections.abc import Hashable


def _above(graph: nx.DiGraph[Hashable]) -> tuple[str, ...]:
    above = nx.immediate_dominators(graph, SOURCE)
    found, node = [], above.get(SINK)
    while node is not None and node != SOURCE:
        found.append(node)
        node = above.get(node)
    return tuple(sorted(one for one in found if isinstance(one, str)))


def test_each_partner_that_is_on_every_route_is_named_and_no_other() -> None:
    dice, several, none = random.Random(12), 0, 0  # noqa: S311 - not for secrets
    for _ in range(200):
        nodes: list[Hashable] = [SOURCE, SINK, *"abcdef", ("vap", ""), ("gold", "")]
        graph: nx.DiGraph[Hashable] = nx.DiGraph()
        graph.add_nodes_from(nodes)
        graph.add_edges_from(dice.choices(nodes, k=2) for _ in range(dice.randint(6, 18)))
        found = sole_partners(graph, SINK)
        assert found == _above(graph)
        several += len(found) > 1
        none += not found and nx.has_path(graph, SOURCE, SINK)
    assert several > 5
    assert none > 5
