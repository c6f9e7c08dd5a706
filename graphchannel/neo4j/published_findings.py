"""A scan's findings in the published graph: `(:Finding)-[:CONCERNS]->` what they are about.

No rule looks at them. A finding keeps its node from publish to publish by its fingerprint; those
that a later scan no longer has are removed.
"""

from __future__ import annotations

import hashlib
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from graphchannel.neo4j.parts import VERSION, main_label
from graphchannel.neo4j.sync import PartChange
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphchannel.findings import ScanResult
    from graphchannel.findings.model import Finding
    from graphchannel.neo4j.link import Link

__all__ = ["CONSTRAINT", "publish_findings"]

_NAME = "graphchannel_finding"
CONSTRAINT = (
    _NAME,
    f"CREATE CONSTRAINT {_NAME} IF NOT EXISTS FOR (x:Finding) REQUIRE x.fingerprint IS UNIQUE",
)
_BATCH = 1_000
_OURS = f"MATCH (f:Finding {{fingerprint: key}})-[r:CONCERNS]->() WHERE r.{VERSION} IS NOT NULL"
_WRITE = (
    "UNWIND $rows AS row MERGE (f:Finding {fingerprint: row.fingerprint}) "
    f"SET f += row.properties, f.{VERSION} = row.version"
)
_CLEAR = f"UNWIND $keys AS key {_OURS} DELETE r"
_EACH = "UNWIND $keys AS key MATCH (f:Finding {fingerprint: key})"
_REMOVE = (
    f"{_EACH} WHERE NOT EXISTS {{ (f)--() }} DELETE f",
    f"{_EACH} REMOVE f:Finding, f.{VERSION}",  # these have relationships of somebody else
)


def publish_findings(link: Link, result: ScanResult) -> PartChange:
    """Make the findings in the graph those of the scan. Raises EngineError."""
    names = {rule.id: rule.header.name for rule in result.rules}
    query = f"MATCH (f:Finding) WHERE f.{VERSION} IS NOT NULL RETURN f.fingerprint, f.{VERSION}"
    there = dict(link.rows(query))
    sent = 0
    kept: set[str] = set()
    for batch in _batches(result.findings()):
        rows = [_row(finding, names[finding.rule], result) for finding in batch]
        kept.update(row["fingerprint"] for row in rows)
        differing = [row for row in rows if there.get(row["fingerprint"]) != row["version"]]
        if differing:
            _send(link, differing)
        sent += len(differing)
    gone = sorted(set(there) - kept)
    for start in range(0, len(gone), _BATCH):
        keys = {"keys": gone[start : start + _BATCH]}
        link.write((_CLEAR, keys), *((query, keys) for query in _REMOVE))
    return PartChange("Finding", sent, len(gone))


def _send(link: Link, rows: list[dict[str, Any]]) -> None:
    keys = [row["fingerprint"] for row in rows]
    concerned = sorted(
        (kind, row["fingerprint"], id_, as_) for row in rows for kind, id_, as_ in row["concerns"]
    )
    statements: list[tuple[str, dict[str, object]]] = [
        (_WRITE, {"rows": [{**row, "concerns": None} for row in rows]}),
        (_CLEAR, {"keys": keys}),
    ]
    for kind, group in groupby(concerned, key=lambda entry: entry[0]):
        label = main_label(CHANNEL.node(kind))
        query = (
            "UNWIND $rows AS row MATCH (f:Finding {fingerprint: row[0]}) "
            f"MATCH (n:{label} {{id: row[1]}}) "
            f"CREATE (f)-[:CONCERNS {{as: row[2], {VERSION}: 0}}]->(n)"
        )
        statements.append((query, {"rows": [list(entry[1:]) for entry in group]}))
    link.write(*statements)


def _row(finding: Finding, name: str, result: ScanResult) -> dict[str, Any]:
    """Return a finding as the row of a statement; its version changes with its content."""
    properties: dict[str, object] = {
        "rule": finding.rule,
        "name": name,
        "severity": finding.severity,
        "section": finding.section,
        "message": finding.message,
        "status": finding.status,
        "lines": finding.lines,
        "quantity": finding.quantity,
        "first": finding.first,
        "last": finding.last,
        "as_of": result.as_of,
    }
    if finding.work is not None:
        properties |= {
            "work_state": finding.work.state,
            "owner": finding.work.owner,
            "due": finding.work.due,
            "closed_as": finding.work.closed_as,
            "comments": [f"{one.who}: {one.reason}" for one in finding.work.comments if one.reason],
        }
    if finding.path is not None:
        properties |= {
            "path": finding.path.route,
            "certainty": finding.path.certainty,
            "quantities": finding.path.quantities,
        }
    known = {table.name for table in CHANNEL.nodes}
    concerns = [
        (ref.kind, ref.id, as_)
        for ref, as_ in ((finding.subject, "subject"), (finding.object, "object"))
        if ref is not None and ref.kind in known
    ]
    digest = hashlib.sha256(repr((properties, concerns)).encode()).digest()
    return {
        "fingerprint": finding.fingerprint,
        "version": int.from_bytes(digest[:8], "big") >> 1,
        "properties": properties,
        "concerns": concerns,
    }


def _batches(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    iterator = iter(findings)
    while batch := list(islice(iterator, _BATCH)):
        yield batch
