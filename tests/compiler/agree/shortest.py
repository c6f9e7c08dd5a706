"""Queries that select among paths: where ties are broken freely, only lengths are returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.compiler.agree.draft import Known
from tests.compiler.agree.expressions import constant, expression
from tests.compiler.agree.patterns import hops_from, labels, property_map, shared_edge_properties

if TYPE_CHECKING:
    from tests.compiler.agree.draft import Draft

ALL_OF_A_LENGTH = ("ALL SHORTEST", "SHORTEST 1 GROUPS", "SHORTEST 2 GROUPS")
ANY_OF_A_LENGTH = ("SHORTEST 1", "SHORTEST 2", "SHORTEST 3", "ANY", "ANY 2")


def shortest_query(draft: Draft) -> tuple[str, bool]:
    """Write a query of selected paths between nodes that differ."""
    table = draft.pick(draft.schema.nodes).name
    edge, direction, reached = draft.pick(hops_from(draft, (table,)))
    edges = [other for other in draft.schema.edges if other.type == edge.type]
    direction = "both" if draft.chance(0.3) else direction
    left, right = {"out": ("-", "->"), "in": ("<-", "-"), "both": ("-", "-")}[direction]
    inside = property_map(draft, shared_edge_properties(edges), 0)
    types = edge.type
    if draft.chance(0.3):
        types += f"|{draft.pick([one for one in draft.schema.edges if one.type != edge.type]).type}"
    selector = draft.pick(ALL_OF_A_LENGTH if draft.chance(0.5) else ANY_OF_A_LENGTH)
    length = draft.pick(("{1,2}", "{1,3}", "{1,4}", "{0,3}"))
    if selector in ("ALL SHORTEST", "SHORTEST 1", "ANY") and draft.chance(0.3):
        length = "+"
    first = labels(draft, (table,)) if draft.chance(0.5) else ""
    second = labels(draft, (reached,)) if draft.chance(0.5) else ""
    path = f"p = {selector} (a{first}){left}[:{types}{inside}]{right}{length}(b{second})"
    draft.scope = {
        "a": Known("node", {"id": draft.schema.node(table).properties["id"]}, (table,)),
        "b": Known("node", {"id": draft.schema.node(reached).properties["id"]}, (reached,)),
    }
    draft.subqueries = False
    condition = "a <> b"
    if draft.chance(0.3):
        condition += f" AND a.id <> {constant(draft, 'integer')}"
    optional = draft.chance(0.25)
    head = f"MATCH (a{first})\nOPTIONAL MATCH" if optional else "MATCH"
    if not optional and draft.chance(0.3):  # the ends first, as people do
        path = path.replace(f"(a{first})", "(a)").replace(f"(b{second})", "(b)")
        apart = " WHERE a <> b" if draft.chance(0.7) else ""
        head = f"MATCH (a{first}), (b{second}){apart}\nMATCH"
        condition = condition.removeprefix("a <> b").removeprefix(" AND ") if apart else condition
    draft.use("SHORTEST of all" if selector in ALL_OF_A_LENGTH else "SHORTEST of any", "")
    filtered = f"\nWITH * WHERE {expression(draft, 'boolean', 1)}" if draft.chance(0.3) else ""
    columns = [
        "a.id AS a, b.id AS b, length(p) AS n",
        "a.id AS a, count(p) AS c, min(length(p)) AS n",
    ]
    if selector in ALL_OF_A_LENGTH:
        columns += ["p", "[r IN relationships(p) | r.id] AS ids", "a, nodes(p)[1].id AS via"]
    where = f" WHERE {condition}" if condition else ""
    return f"{head} {path}{where}{filtered}\nRETURN {draft.pick(columns)}", False
