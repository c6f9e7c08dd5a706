"""Queries that show a part of the published graph so that it is read at a glance.

They are meant for Neo4j Browser, where a query is a text without parameters: ids stand in it as
literals. What is shown is limited; of a pair that trades by thousands of lines a few lines are, and
the one `TRADES_WITH`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.neo4j.parts import main_label
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphchannel.findings.model import Finding, Ref

__all__ = ["finding_query", "literal", "party_query", "rule_query", "worst_query"]

_HARMLESS = str.maketrans(
    {
        "\\": " ",
        ";": ",",
        "&": " and ",
        "#": " ",
        "'": "\N{RIGHT SINGLE QUOTATION MARK}",
        "`": "\N{RIGHT SINGLE QUOTATION MARK}",
        '"': "\N{RIGHT DOUBLE QUOTATION MARK}",
    }
)
_ESCAPED = str.maketrans({"\\": r"\\", "'": r"\'", "&": r"\u0026", "#": r"\u0023"})
_TRADE = "SUPPLIED"  # shown line by line only where a finding names the lines
_GOODS = {edge.type for edge in CHANNEL.edges if "shipped_on" in edge.properties}
_PAPERS = ("AUTHORIZED_IN", "CERTIFIED_BY")
_AROUND = 3  # relationships of each type around a node
_PAIRS = 10  # trading partners on each side
_FINDINGS = 25
_BY_SEVERITY = (
    "CASE f.severity WHEN 'critical' THEN 0 WHEN 'high' THEN 1 WHEN 'medium' THEN 2 "
    "WHEN 'low' THEN 3 ELSE 4 END"
)


def finding_query(finding: Finding) -> str:
    """Show a finding, whom it concerns, its first lines, and the credentials of both sides."""
    known = {table.name for table in CHANNEL.nodes}
    refs = [ref for ref in (finding.subject, finding.object) if ref and ref.kind in known]
    lines = [str(row["shipment"]) for row in finding.evidence if row.get("shipment")]
    found = f"(:Finding {{fingerprint: {literal(finding.fingerprint)}}})"
    shown = [f"COLLECT {{ MATCH found = {found}-[:CONCERNS]->() RETURN found }} AS finding"]
    if lines:
        among = f"()-[s:{_TRADE}]->() WHERE s.id IN [{', '.join(map(literal, lines))}]"
        to = "(c:City {id: s.destination_id})-[:WITHIN]->(:Region {id: c.region_id})"
        shown += [
            f"COLLECT {{ MATCH line = {among} RETURN line }} AS lines",
            f"COLLECT {{ MATCH {among} MATCH place = {to} RETURN DISTINCT place }} AS destinations",
        ]
    if finding.lines > len(lines) and len(refs) > 1:
        pair = f"{_node(refs[0])}-[:TRADES_WITH]->{_node(refs[1])}"
        shown.append(f"COLLECT {{ MATCH trade = {pair} RETURN trade }} AS trade")
    for ref, name in zip(refs, ("subject", "object"), strict=False):
        types = _PAPERS if lines and ref.kind == "party" else _types(ref.kind)
        shown.append(_around(name, types, f"around_{name}"))
    return _text(finding.message, refs, shown)


def party_query(party: str, name: str) -> str:
    """Show a party: its findings, its largest trading partners, its credentials and places."""
    ref = f"(p:Party {{id: {literal(party)}}})"
    order = f"ORDER BY {_BY_SEVERITY}, f.lines DESC, f.fingerprint LIMIT {_PAIRS}"
    about = "MATCH found = (f:Finding)-[:CONCERNS]->(p)"
    shown = [
        f"COLLECT {{ {about} RETURN found {order} }} AS findings",
        _largest("suppliers", "(p)<-[t:TRADES_WITH]-()"),
        _largest("customers", "(p)-[t:TRADES_WITH]->()"),
        _around("p", _types("party"), "around"),
    ]
    return "\n".join(
        [f"// {_comment(name)}", f"MATCH {ref}", "RETURN p,", ",\n".join(map(_indented, shown))]
    )


def rule_query(rule: str, name: str) -> str:
    """Show the findings of a rule that have the most lines, and whom they concern."""
    return "\n".join(
        [
            f"// {_comment(name)}",
            f"MATCH (f:Finding {{rule: {literal(rule)}}})",
            f"WITH f ORDER BY f.status, f.lines DESC, f.fingerprint LIMIT {_FINDINGS}",
            "MATCH found = (f)-[:CONCERNS]->()",
            "RETURN found",
        ]
    )


def worst_query() -> str:
    """Show those about whom there are the worst open findings, and the findings."""
    return "\n".join(
        [
            "// Worst offenders",
            "MATCH (f:Finding {status: 'open'})-[:CONCERNS {as: 'subject'}]->(who)",
            f"WITH who, min({_BY_SEVERITY}) AS worst, count(*) AS findings",
            "ORDER BY worst, findings DESC, who.id LIMIT 10",
            "MATCH found = (who)<-[:CONCERNS {as: 'subject'}]-(:Finding {status: 'open'})",
            "RETURN found",
        ]
    )


def literal(text: str) -> str:
    r"""Write a text as Cypher; `&` and `#`, at which Neo4j Browser cuts a link off, as escapes.

    >>> print(literal("O'Neil & \\ Co"))
    'O\'Neil \u0026 \\ Co'
    """
    return "'" + text.translate(_ESCAPED) + "'"


def _text(title: str, refs: list[Ref], shown: Iterable[str]) -> str:
    names = ("subject", "object")[: len(refs)]
    matches = [f"OPTIONAL MATCH {_node(r, n)}" for r, n in zip(refs, names, strict=True)]
    items = ",\n".join(map(_indented, [*([", ".join(names)] if names else []), *shown]))
    return "\n".join([f"// {_comment(title)}", *matches, "RETURN", items])


def _node(ref: Ref, variable: str = "") -> str:
    return f"({variable}:{main_label(CHANNEL.node(ref.kind))} {{id: {literal(ref.id)}}})"


def _largest(name: str, trade: str) -> str:
    """Show the trading partners with the most lines."""
    return (
        f"COLLECT {{ MATCH {name} = {trade} RETURN {name} "
        f"ORDER BY t.lines DESC, t._id LIMIT {_PAIRS} }} AS {name}"
    )


def _around(variable: str, types: Sequence[str], name: str) -> str:
    """Show a few relationships of each type at a node."""
    return (
        f"COLLECT {{ MATCH x = ({variable})-[r:{'|'.join(types)}]-() "
        "WITH type(r) AS type, x ORDER BY r._id "
        f"WITH type, collect(x)[..{_AROUND}] AS few UNWIND few AS x RETURN x }} AS {name}"
    )


def _types(kind: str) -> list[str]:
    """Return the relationship types that tell about a kind of node; goods aside, there are many."""
    types = {edge.type for edge in CHANNEL.edges if kind in {edge.source.node, edge.target.node}}
    return sorted(types - _GOODS)


def _comment(text: str) -> str:
    """Return a text on one line that ends nothing but itself.

    Cypher 5 reads unicode escapes in comments, Neo4j Browser quotes and semicolons; its links end
    at `&` and `#`.
    """
    return " ".join(text.translate(_HARMLESS).split())


def _indented(item: str) -> str:
    return f"  {item}"
