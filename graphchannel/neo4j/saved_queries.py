"""Queries to keep in Neo4j Browser, one file each: what people look for again and again.

They read the published graph alone; those about findings, what `publish` wrote of its scan.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.files import write_whole
from graphchannel.neo4j.reading_aids import role_label
from graphchannel.neo4j.views import literal, rule_query, worst_query

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.rules.catalogue import Catalogue

__all__ = ["saved_queries", "write_queries"]

_NEIGHBOURHOOD = """\
// A partner's neighbourhood; first run   :param name => 'a part of its name'
MATCH (p:Partner)
WHERE toLower(p.name) CONTAINS toLower($name)
WITH p ORDER BY p.name, p.id LIMIT 1
RETURN p,
  COLLECT { MATCH f = (:Finding)-[:CONCERNS]->(p) RETURN f LIMIT 10 } AS findings,
  COLLECT { MATCH s = (p)<-[t:TRADES_WITH]-() RETURN s ORDER BY t.lines DESC LIMIT 10 } AS bought,
  COLLECT { MATCH c = (p)-[t:TRADES_WITH]->() RETURN c ORDER BY t.lines DESC LIMIT 10 } AS sold,
  COLLECT { MATCH c = (p)-[:CERTIFIED_BY]->() RETURN c LIMIT 10 } AS certificates,
  COLLECT { MATCH a = (p)-[:AUTHORIZED_IN]->() RETURN a LIMIT 10 } AS regions"""
_GAP = """\
// Coverage gaps: regions where no tier-2 partner is authorized, on the day of the latest scan
OPTIONAL MATCH (f:Finding)
WITH coalesce(max(f.as_of), date()) AS day
MATCH (r:Region)
WHERE r.id <> '*' AND NOT EXISTS {{ (:Region)-[:PART_OF]->(r) }} AND NOT EXISTS {{
  MATCH (r)-[:WITHIN]->(named:Region)<-[a:AUTHORIZED_IN]-(:{labels})
  WHERE named.id <> '*' AND a.valid_from <= day AND day <= a.valid_to
}}
WITH r ORDER BY r.demand DESC, r.id LIMIT 10
OPTIONAL MATCH parent = (r)-[:PART_OF]->()
RETURN r, parent, COLLECT {{ MATCH c = (:City)-[:WITHIN]->(r) RETURN c LIMIT 5 }} AS cities"""
_DIVERTED = """\
// Diverted goods: passed from a tier-2 partner to another partner; where from, where to
MATCH (seller:Partner)-[s:SUPPLIED]->(buyer:Partner)
WHERE s.seller_role IN [{roles}] AND s.flow IN ['lateral', 'upstream']
WITH seller, s, buyer ORDER BY s.quantity DESC, s.id LIMIT 10
RETURN seller, s, buyer,
  COLLECT {{
    MATCH before = (:Party)-[b:SUPPLIED {{product_id: s.product_id}}]->(seller)
    WHERE b.shipped_on <= s.shipped_on
    RETURN before ORDER BY b.shipped_on DESC, b.id LIMIT 1
  }} AS bought,
  COLLECT {{
    MATCH after = (buyer)-[b:SUPPLIED {{product_id: s.product_id}}]->(:Party)
    WHERE b.shipped_on >= s.shipped_on
    RETURN after ORDER BY b.shipped_on, b.id LIMIT 1
  }} AS sold"""
_SUPPLY = """\
// Who may supply whom, by the policy
MATCH ruling = (:Role)-[:MAY_SUPPLY]->(:Role)
RETURN ruling"""


def saved_queries(catalogue: Catalogue) -> dict[str, str]:
    """Return the queries by the name of their file: some of all kinds, then one for each rule.

    The first line of each is a comment with its title, which Browser shows in its list.
    """
    tier_two = [role.id for role in catalogue.policy.roles if role.supply_tier == 2]
    queries = {
        "worst-offenders": worst_query(),
        "partner-neighbourhood": _NEIGHBOURHOOD,
        "who-may-supply-whom": _SUPPLY,
    }
    if tier_two:
        labels = "|".join(f"`{role_label(role)}`" for role in tier_two)
        queries["coverage-gaps"] = _GAP.format(labels=labels)
        queries["diverted-goods"] = _DIVERTED.format(roles=", ".join(map(literal, tier_two)))
    for rule in catalogue.rules:
        if rule.enabled:
            queries[f"rule-{rule.id.replace('/', '-')}"] = rule_query(rule.id, rule.header.name)
    return {f"{name}.cypher": f"{query}\n" for name, query in sorted(queries.items())}


def write_queries(catalogue: Catalogue, folder: Path) -> list[Path]:
    """Write the queries into a folder; return the files. What else is in the folder stays."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, query in saved_queries(catalogue).items():
        write_whole(folder / name, query)
        files.append(folder / name)
    return files
