"""Findings whose rows are supply paths: their lines, and the one path that is shown of each.

`scan_path` holds the rows of the rules over paths: `path` are party ids, `shipments` line ids, one
for each hop. The goods of a path are counted once, where they arrived: `arrives` marks the lines
that stand last on a path of their finding.

A rule sees the lines of its query and no serial numbers. A path that it holds possible is proved if
some unit's number stands on each of its lines. Where none is, quantities tell how sure it is that
goods of the finding went all the way, see `findings.provenance`. A rule that says nothing of it
holds a path of one line proved, another possible. All this is worked out for the findings that are
read.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

from graphchannel.analysis.bounds.bounds import Certainty
from graphchannel.analysis.goods.units import carried
from graphchannel.findings.credentials import rows
from graphchannel.findings.model import Arrived, Bound, Ref, SupplyPath
from graphchannel.findings.provenance import provenances

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import duckdb

    from graphchannel.findings.provenance import Provenance
    from graphchannel.policy import Policy
    from graphchannel.rules.prepare import PreparedRule

_FAULTS = """
    SELECT rule, 'returned ' || count(*) || if(count(*) = 1, ' path ', ' paths ') || fault
    FROM (
        SELECT rule, CASE
            WHEN coalesce(len(path), 0) < 2 OR len(shipments) IS DISTINCT FROM len(path) - 1
                THEN 'without one shipment for each hop'
            WHEN broken_at NOT BETWEEN 1 AND len(shipments)
                THEN 'with a broken_at that is the number of no hop, from 1 on'
            WHEN coalesce(certainty, '') NOT IN (SELECT unnest($known::VARCHAR[]))
                THEN 'with a certainty that is none of ' || array_to_string($known, ', ')
        END AS fault
        FROM scan_path
    )
    WHERE fault IS NOT NULL GROUP BY rule, fault ORDER BY rule, fault DESC"""
_TOP = 10  # parties that units can have come through are named

__all__ = ["CREATE", "Witness", "add_hits", "broken_rules", "path_insert", "witnesses"]

CREATE = """
CREATE OR REPLACE TEMP TABLE scan_path
    (rule INTEGER, subject VARCHAR, object VARCHAR, identity VARCHAR, path VARCHAR[],
     shipments VARCHAR[], broken_at INTEGER, certainty VARCHAR,
     bounds STRUCT(party VARCHAR, least BIGINT, most BIGINT, "of" BIGINT)[], extra VARCHAR);
"""
_OUT_OF_SCOPE = """
DELETE FROM scan_path
WHERE shipments[-1] IN (SELECT s.id FROM main.shipments s WHERE NOT ({scope}))
"""
_HITS = """
INSERT INTO scan_hit
SELECT rule, subject, object, identity, shipment, NULL, true, bool_or(arrives)
FROM (
    SELECT rule, subject, object, identity, unnest(shipments) AS shipment,
           generate_subscripts(shipments, 1) = len(shipments) AS arrives
    FROM scan_path
)
GROUP BY ALL
"""
_WAYS = """
CREATE OR REPLACE TEMP TABLE scan_way AS
SELECT c.number, p.* EXCLUDE (rule, subject, object, identity)
FROM scan_chosen c
JOIN scan_path p ON p.rule = c.rule AND p.subject = c.subject
    AND p.object IS NOT DISTINCT FROM c.object
    AND p.identity IS NOT DISTINCT FROM c.identity
"""
_NUMBERED = """(
    SELECT u.shipment_id AS shipment, {'product': s.product_id, 'number': u.serial} AS serial
    FROM main.serials AS u JOIN main.shipments AS s ON s.id = u.shipment_id
    WHERE u.shipment_id IN (SELECT unnest(shipments) FROM scan_way WHERE certainty = 'possible'))"""
_PROVED = f"""
UPDATE scan_way SET certainty = 'proved' WHERE certainty = 'possible' AND shipments IN (
    SELECT shipments
    FROM ({carried("(SELECT shipments FROM scan_way WHERE certainty = 'possible')", _NUMBERED)})
    WHERE carried <> [])
"""
_BEST = """
CREATE OR REPLACE TEMP TABLE scan_witness AS
SELECT number, count(*) AS paths,
       min(struct_pack(unsure := certainty <> 'proved', hops := len(path), shipments := shipments,
                       path := path, broken_at := broken_at, certainty := certainty,
                       bounds := bounds, extra := extra)) AS w
FROM scan_way GROUP BY number
"""
_NAMES = "SELECT id, name FROM graph.party WHERE id IN (SELECT unnest($named::VARCHAR[]))"
_LINES = """
SELECT id AS shipment, shipped_on, product_id, quantity, amount, currency, document
FROM main.shipments WHERE id IN (SELECT unnest($shown::VARCHAR[]))
"""


@dataclass(frozen=True, slots=True)
class Witness:
    """The path that is shown of a finding, its lines hop by hop, and the rule's evidence on it.

    A rule counts `units` that reached end users by days alone; quantities know better.
    """

    path: SupplyPath
    lines: tuple[dict[str, object], ...]
    evidence: Mapping[str, object]


def path_insert(number: int, rule: PreparedRule, relation: str, identity: str, extra: str) -> str:
    """Return the statement that puts a rule's paths into `scan_path`."""
    has = rule.columns
    subject = "subject" if "subject" in has else "path[1]"
    object_ = "object" if "object" in has else "path[-1]"
    columns = [
        f"{column}::{type_}" if column in has else default
        for column, type_, default in (
            ("broken_at", "INTEGER", "NULL"),
            ("certainty", "VARCHAR", "if(len(shipments) = 1, 'proved', 'possible')"),
            ("bounds", 'STRUCT(party VARCHAR, least BIGINT, most BIGINT, "of" BIGINT)[]', "NULL"),
        )
    ]
    return (
        f"INSERT INTO scan_path SELECT DISTINCT {number}, {subject}::VARCHAR, {object_}::VARCHAR, "
        f"{identity}, path::VARCHAR[], shipments::VARCHAR[], {', '.join(columns)}, {extra} "
        f"FROM {relation} AS found"
    )


def add_hits(
    connection: duckdb.DuckDBPyConnection, in_scope: str, parameters: Mapping[str, object]
) -> None:
    """Drop the paths whose goods arrived out of scope, and make the lines of the others hits.

    `in_scope` is a condition on the shipment `s`.
    """
    if connection.execute("SELECT NOT EXISTS (FROM scan_path)").fetchall()[0][0]:
        return
    connection.execute(_OUT_OF_SCOPE.format(scope=in_scope), parameters)
    connection.execute(_HITS)


def broken_rules(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Return, by number, the rules with paths that are none, and what is wrong with how many."""
    return dict(connection.execute(_FAULTS, {"known": get_args(Certainty)}).fetchall())


def witnesses(
    connection: duckdb.DuckDBPyConnection, as_of: date, policy: Policy
) -> dict[int, Witness]:
    """Return, by number, the best path of each finding in `scan_chosen` that has paths.

    It is one that is proved, else the shortest; of several, the first by its lines. Where
    quantities rule that one out, it is the shortest that they leave.
    """
    connection.execute(_WAYS)
    if connection.execute("SELECT NOT EXISTS (FROM scan_way)").fetchall()[0][0]:
        return {}
    connection.execute(_PROVED)
    connection.execute(_BEST)
    known = provenances(connection, as_of, policy)
    best = connection.execute("SELECT number, w, paths FROM scan_witness").fetchall()
    for number, witness, _ in best:
        if way := known[number].instead:
            witness["shipments"] = [line.shipment for line in way]
            witness["path"] = [way[0].seller, *(line.buyer for line in way)]
    shown = {id_ for _, witness, _ in best for id_ in witness["shipments"]}
    lines = {str(row["shipment"]): row for row in rows(connection, _LINES, shown=sorted(shown))}
    named = {id_ for _, witness, _ in best for id_ in witness["path"]}
    named |= {b["party"] for _, witness, _ in best for b in witness["bounds"] or ()}
    named |= {id_ for provenance in known.values() for id_ in provenance.through}
    names = dict(connection.execute(_NAMES, {"named": sorted(named)}).fetchall())
    return {
        number: Witness(
            _path(witness, names, paths, known[number]),
            tuple(lines[id_] for id_ in witness["shipments"]),
            _evidence(witness["extra"], known[number]),
        )
        for number, witness, paths in best
    }


def _evidence(extra: str | None, known: Provenance) -> dict[str, object]:
    evidence: dict[str, object] = json.loads(extra) if extra else {}
    if "units" in evidence and known.anywhere and known.arrived is not None:
        evidence["units"] = known.arrived.most
    return evidence


def _path(
    witness: Mapping[str, Any], names: Mapping[str, str], paths: int, known: Provenance
) -> SupplyPath:
    def ref(party: str) -> Ref:
        return Ref("party", party, names.get(party, party))

    arrived = known.arrived
    bounds = witness["bounds"]
    if bounds is None:
        bounds = [asdict(bound) for bound in known.bounds(_TOP)]
    return SupplyPath(
        parties=tuple(ref(party) for party in witness["path"]),
        shipments=tuple(witness["shipments"]),
        broken_at=witness["broken_at"],
        certainty=arrived.certainty if arrived else witness["certainty"],
        arrived=None
        if arrived is None
        else Arrived(
            None if known.unnamed else ref(witness["path"][-1]),
            arrived.least,
            arrived.most,
            arrived.of,
        ),
        bounds=tuple(
            Bound(ref(bound["party"]), bound["least"], bound["most"], bound["of"])
            for bound in bounds
        ),
        paths=paths,
    )
