"""Findings whose rows are supply paths: their lines, and the one path that is shown of each.

The goods of a path are counted once, where they arrived: on the lines that stand last on a path of
their finding.

A rule sees the lines of its query and no serial numbers. A path that it holds possible is proved if
some unit's number stands on each of its lines. Where none is, quantities tell how sure it is that
goods of the finding reached its end, see `findings.provenance`. A rule that says nothing of it
holds a path of one line proved, another possible. All this is worked out for the findings that are
read.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

from graphchannel.analysis.bounds.bounds import Certainty
from graphchannel.analysis.goods.units import carried
from graphchannel.findings.model import CameThrough, Reached, Ref, SupplyPath
from graphchannel.findings.numbered_paths import prove_by_numbers
from graphchannel.findings.provenance import provenances
from graphchannel.findings.tables import (
    BOUNDS,
    CHOSEN,
    CHOSEN_PATH,
    HIT,
    PATH,
    SAME_FINDING,
    SHOWN_PATH,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from graphchannel.findings.provenance import Provenance
    from graphchannel.findings.tables import ScanTables
    from graphchannel.policy import Policy
    from graphchannel.rules.prepare import PreparedRule

_FAULTS = f"""
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
        FROM {PATH}
    )
    WHERE fault IS NOT NULL GROUP BY rule, fault ORDER BY rule, fault DESC"""

__all__ = ["ShownPath", "add_hits", "broken_rules", "path_rows", "shown_paths"]

_OUT_OF_SCOPE = f"""
DELETE FROM {PATH}
WHERE shipments[-1] IN (SELECT s.id FROM main.shipments s WHERE NOT ({{scope}}))
"""
_HITS = f"""
SELECT rule, subject, object, identity, shipment, NULL, true, bool_or(arrives)
FROM (
    SELECT rule, subject, object, identity, unnest(shipments) AS shipment,
           generate_subscripts(shipments, 1) = len(shipments) AS arrives
    FROM {PATH}
)
GROUP BY ALL
"""
_OF_CHOSEN = f"""
SELECT c.number, p.* EXCLUDE (rule, subject, object, identity)
FROM {CHOSEN} c
JOIN {PATH} p ON {SAME_FINDING.format("p", "c")}
"""
_IN_DOUBT = f"(SELECT shipments FROM {CHOSEN_PATH} WHERE certainty = 'possible')"
_NUMBERED = f"""(
    SELECT u.shipment_id AS shipment, {{'product': s.product_id, 'number': u.serial}} AS serial
    FROM main.serials AS u JOIN main.shipments AS s ON s.id = u.shipment_id
    WHERE u.shipment_id IN (SELECT unnest(shipments) FROM {_IN_DOUBT}))"""
_PROVED = f"""
UPDATE {CHOSEN_PATH} SET certainty = 'proved' WHERE certainty = 'possible' AND shipments IN (
    SELECT shipments FROM ({carried(_IN_DOUBT, _NUMBERED)}) WHERE carried <> [])
"""
_BEST = f"""
WITH days AS (
    SELECT shipments, list(shipped_on ORDER BY place) AS days
    FROM (SELECT shipments, unnest(shipments) AS id, generate_subscripts(shipments, 1) AS place
          FROM (SELECT DISTINCT shipments FROM {CHOSEN_PATH}))
    JOIN main.shipments USING (id) GROUP BY shipments
)
SELECT number, paths, best.path, best.shipments, best.broken_at, best.certainty, best.bounds,
       best.extra
FROM (
    SELECT number, count(*) AS paths,
           min(struct_pack(unsure := certainty <> 'proved', hops := len(path),
                           days := days, shipments := shipments, path := path,
                           broken_at := broken_at, certainty := certainty,
                           bounds := bounds, extra := extra)) AS best
    FROM {CHOSEN_PATH} JOIN days USING (shipments) GROUP BY number
)
"""
_NAMES = "SELECT id, name FROM graph.party WHERE id IN (SELECT unnest($named::VARCHAR[]))"
_LINES = """
SELECT id AS shipment, shipped_on, product_id, quantity, amount, currency, document
FROM main.shipments WHERE id IN (SELECT unnest($shown::VARCHAR[]))
"""


@dataclass(frozen=True, slots=True)
class ShownPath:
    """The path that is shown of a finding, its lines hop by hop, and the rule's evidence on it.

    A rule counts `units` that reached end users by days alone; quantities know better.
    """

    path: SupplyPath
    lines: tuple[dict[str, object], ...]
    evidence: Mapping[str, object]


def path_rows(number: int, rule: PreparedRule, relation: str, identity: str, extra: str) -> str:
    """Return the query for a rule's paths."""
    has = rule.columns
    subject = "subject" if "subject" in has else "path[1]"
    object_ = "object" if "object" in has else "path[-1]"
    columns = [
        f"{column}::{type_}" if column in has else default
        for column, type_, default in (
            ("broken_at", "INTEGER", "NULL"),
            ("certainty", "VARCHAR", "if(len(shipments) = 1, 'proved', 'possible')"),
            ("bounds", BOUNDS, "NULL"),
        )
    ]
    return (
        f"SELECT DISTINCT {number}, {subject}::VARCHAR, {object_}::VARCHAR, "
        f"{identity}, path::VARCHAR[], shipments::VARCHAR[], {', '.join(columns)}, {extra} "
        f"FROM {relation} AS found"
    )


def add_hits(
    tables: ScanTables, in_scope: str, parameters: Mapping[str, object], policy: Policy
) -> None:
    """Drop the paths whose goods arrived out of scope, and make the lines of the others hits.

    `in_scope` is a condition on the shipment `s`. What serial numbers prove stands first, see
    `findings.numbered_paths`.
    """
    if tables.is_empty(PATH):
        return
    tables.execute(_OUT_OF_SCOPE.format(scope=in_scope), parameters)
    prove_by_numbers(tables, in_scope, parameters, policy.number("window_days"))
    tables.fill(HIT, _HITS)


def broken_rules(tables: ScanTables) -> dict[int, str]:
    """Return, by number, the rules with paths that are none, and what is wrong with how many."""
    return dict(tables.rows(_FAULTS, {"known": get_args(Certainty)}))


def shown_paths(tables: ScanTables, as_of: date, policy: Policy) -> dict[int, ShownPath]:
    """Return, by number, the best path of each chosen finding that has paths.

    It is one that is proved, else the shortest; of several, the one with the earliest lines, hop by
    hop. Where
    quantities rule that one out, it is the shortest that they leave.
    """
    tables.refill(CHOSEN_PATH, _OF_CHOSEN)
    if tables.is_empty(CHOSEN_PATH):
        return {}
    tables.execute(_PROVED)
    tables.refill(SHOWN_PATH, _BEST)
    known = provenances(tables, as_of, policy)
    best = tables.records(f"FROM {SHOWN_PATH}")
    for shown in best:
        if instead := known[shown["number"]].instead:
            shown["shipments"] = [line.shipment for line in instead]
            shown["path"] = [instead[0].seller, *(line.buyer for line in instead)]
    listed = {id_ for shown in best for id_ in shown["shipments"]}
    lines = {row["shipment"]: row for row in tables.records(_LINES, {"shown": sorted(listed)})}
    names = dict(tables.rows(_NAMES, {"named": sorted(_parties(best, known))}))
    return {
        shown["number"]: ShownPath(
            _path(shown, names, known[shown["number"]]),
            tuple(lines[id_] for id_ in shown["shipments"]),
            _evidence(shown["extra"], known[shown["number"]]),
        )
        for shown in best
    }


def _parties(best: Iterable[Mapping[str, Any]], known: Mapping[int, Provenance]) -> set[str]:
    """Return the ids of all parties that paths or their bounds name."""
    named = {id_ for shown in best for id_ in shown["path"]}
    named |= {bound["party"] for shown in best for bound in shown["bounds"] or ()}
    return named | {id_ for provenance in known.values() for id_ in provenance.through}


def _evidence(extra: str | None, known: Provenance) -> dict[str, object]:
    evidence: dict[str, object] = json.loads(extra) if extra else {}
    if "units" in evidence and known.anywhere and known.arrived is not None:
        evidence["units"] = known.arrived.most
    return evidence


def _path(shown: Mapping[str, Any], names: Mapping[str, str], known: Provenance) -> SupplyPath:
    def ref(party: str) -> Ref:
        return Ref("party", party, names.get(party, party))

    arrived = known.arrived
    bounds = shown["bounds"]
    if bounds is None:
        bounds = [asdict(bound) for bound in known.bounds()]
    return SupplyPath(
        parties=tuple(ref(party) for party in shown["path"]),
        shipments=tuple(shown["shipments"]),
        broken_at=shown["broken_at"],
        certainty=arrived.certainty if arrived else shown["certainty"],
        arrived=None
        if arrived is None
        else Reached(**asdict(arrived), at=None if known.unnamed else ref(shown["path"][-1])),
        bounds=tuple(
            CameThrough(bound["least"], bound["most"], bound["of"], ref(bound["party"]))
            for bound in bounds
        ),
        paths=shown["paths"],
    )
