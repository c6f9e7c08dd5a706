"""Queries for graphs with thousands of parallel relationships: shapes that nested loops can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.compiler.agree.draft import Known
from tests.compiler.agree.expressions import constant, expression
from tests.compiler.agree.patterns import labels

if TYPE_CHECKING:
    from tests.compiler.agree.draft import Draft


SHAPES = (
    "MATCH {hop} WHERE {condition} RETURN a.id AS a, b.id AS b, count(*) AS n",
    "MATCH {hop} RETURN a, count(r) AS n, sum(r.{number}) AS s, avg(r.{number}) AS m",
    "MATCH {hop} WHERE {condition} RETURN collect(DISTINCT r.{number}) AS v, min(r.id) AS f",
    "MATCH {hop} WITH a, b, r.{number} AS k, count(*) AS n WHERE n > 3 RETURN a.id AS a, k, n",
    "MATCH {a} RETURN a.id AS a, COUNT {{ (a)-[r:{type}]->() WHERE r.{number} > {value} }} AS n",
    "MATCH {a} WHERE EXISTS {{ (a)<-[r:{type}]-() WHERE r.{number} = {value} }} RETURN a",
    "MATCH {a}-[r:{type}]-(b) RETURN count(*) AS n, count(DISTINCT r) AS d",
    "MATCH {a} OPTIONAL MATCH {hop} WHERE {condition} RETURN a, count(r) AS n",
    "MATCH {hop} RETURN DISTINCT a.id AS a, r.{number} AS k ORDER BY k DESC, a LIMIT 5",
    "MATCH (a)-[r:{type} {{id: 90}}]->(b) MATCH (a)-[q:{type}]->(b) RETURN count(*) AS n",
    "MATCH (a)-[r:{type} {{id: 90}}]->(b)<-[q:{type}]-(a) RETURN count(*) AS n, min(q.id) AS f",
)


def hub_query(draft: Draft) -> tuple[str, bool]:
    """Write a query of one hop over the relationships that the hub is made of."""
    edge = draft.schema.edges[0]
    draft.use("hub", "")
    source = draft.schema.node(edge.source.node).properties
    target = draft.schema.node(edge.target.node).properties
    label = labels(draft, (edge.source.node,)) if draft.chance(0.4) else ""
    draft.scope = {
        "a": Known("node", source),
        "b": Known("node", target),
        "r": Known("relationship", dict(edge.properties)),
    }
    draft.subqueries = False
    draft.list_order = False
    number = next(key for key in ("quantity", "num") if key in edge.properties)
    text = draft.pick(SHAPES).format(
        hop=f"(a{label})-[r:{edge.type}]->(b)",
        a=f"(a:{first_label(draft)})",
        type=edge.type,
        number=number,
        value=constant(draft, "integer"),
        condition=expression(draft, "boolean", 2),
    )
    return text, "LIMIT" in text


def first_label(draft: Draft) -> str:
    """Return a label of the hub's nodes, which keeps other node tables out."""
    table = draft.schema.node(draft.schema.edges[0].source.node)
    return next(iter(table.labels))
