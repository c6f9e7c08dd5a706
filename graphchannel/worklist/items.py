"""The work list: every finding that the last runs found open, and every one that was worked on."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from graphchannel.errors import InputError, did_you_mean
from graphchannel.findings.fingerprints import SHOWN
from graphchannel.findings.work import folded_work
from graphchannel.lookup import check_name, check_party
from graphchannel.worklist.judged import KNOWN_SINCE, last_judged
from graphchannel.worklist.store import events_by_finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    import duckdb

    from graphchannel.findings.work import WorkState

__all__ = [
    "WorkFilter",
    "WorkItem",
    "chosen_items",
    "item_named",
    "known_findings",
    "work_items",
]

_CANDIDATES = 3  # that an ambiguous beginning is answered with
_ITEMS = f"""
WITH judged AS (SELECT unnest($rules::VARCHAR[]) AS rule, unnest($runs::INTEGER[]) AS run),
stands AS (
    SELECT f.fingerprint, f._run, f.waived
    FROM admin.run_findings AS f JOIN judged AS j ON j.rule = f.rule
        AND f._run <= j.run AND (f._ended IS NULL OR f._ended > j.run)
), wanted AS (
    SELECT f.*, s.fingerprint IS NOT NULL AS there
    FROM admin.run_findings AS f
    LEFT JOIN stands AS s ON s.fingerprint = f.fingerprint AND s._run = f._run
    WHERE s.fingerprint IS NOT NULL AND NOT s.waived
        OR f.fingerprint IN (SELECT unnest($worked::VARCHAR[]))
    QUALIFY row_number() OVER (PARTITION BY f.fingerprint ORDER BY there DESC, f._run DESC) = 1
), since AS ({KNOWN_SINCE}), named AS (
    SELECT 0 AS place, id, name FROM graph.party
    UNION ALL SELECT 1, id, name FROM graph.region
    UNION ALL SELECT 2, id, name FROM graph.city
    UNION ALL SELECT 3, id, name FROM graph.role
    UNION ALL SELECT 4, id, name FROM graph.industry
    UNION ALL SELECT 5, id, name FROM graph.product
), names AS (SELECT id, arg_min(name, place) AS name FROM named GROUP BY id),
places AS (
    SELECT p.id, any_value(c.region_id) AS region
    FROM graph.party AS p JOIN main.cities AS c ON c.id = p.city_id GROUP BY p.id
    UNION ALL SELECT id, any_value(region_id) FROM main.cities GROUP BY id
    UNION ALL SELECT DISTINCT id, id FROM main.regions
), place AS (SELECT id, any_value(region) AS region FROM places GROUP BY id)
SELECT w.fingerprint, w.rule, w.subject, coalesce(s.name, w.subject), w.object,
       coalesce(o.name, w.object), p.region, w.lines, w.quantity, w.amount, since.since, w.there,
       w.waived
FROM wanted AS w
LEFT JOIN names AS s ON s.id = w.subject
LEFT JOIN names AS o ON o.id = w.object
LEFT JOIN place AS p ON p.id = w.subject
LEFT JOIN since USING (fingerprint)
"""
_KNOWN = "SELECT DISTINCT fingerprint, rule FROM admin.run_findings"
_WITHIN = "SELECT inner_id FROM derived.region_within WHERE region_id = $region"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A finding on the work list, as the last run that judged its rule has it.

    `known_since` is the day (UTC) of the run that first found it open, None where it is waived in
    all. `there` tells whether that last run found it, `waived` whether waivers covered it.
    """

    fingerprint: str
    rule: str
    severity: str
    subject: str
    subject_name: str
    object: str | None
    object_name: str | None
    region: str | None
    lines: int
    quantity: int
    amount: Mapping[str, Decimal]
    known_since: date | None
    there: bool
    waived: bool
    work: WorkState


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which findings are meant: all that fit everything that is given.

    `rule` is a glob of rule ids, `partner` an id that is subject or object, `region` the id of one
    that the subject is in, `owner` who they are assigned to. `states` are states of work. `overdue`
    is the day by which they should have been dealt with.
    """

    rule: str | None = None
    partner: str | None = None
    region: str | None = None
    severity: str | None = None
    states: tuple[str, ...] = ()
    owner: str | None = None
    overdue: date | None = None

    @property
    def chosen(self) -> bool:
        """Whether anything is asked for."""
        return self != WorkFilter()


def work_items(
    connection: duckdb.DuckDBPyConnection, due_days: Mapping[str, int]
) -> tuple[WorkItem, ...]:
    """Return the work list, what is due first before the rest, closed findings last."""
    judged = last_judged(connection)
    events = events_by_finding(connection)
    rows = connection.execute(
        _ITEMS,
        {
            "rules": list(judged.runs),
            "runs": list(judged.runs.values()),
            "worked": sorted(events),
        },
    ).fetchall()
    items = []
    for row in rows:
        severity = judged.severities[row[1]]
        work = folded_work(events.get(row[0], ()), row[10], due_days.get(severity))
        items.append(_item(row, severity, work))
    return tuple(sorted(items, key=_order))


def chosen_items(
    connection: duckdb.DuckDBPyConnection, items: Sequence[WorkItem], which: WorkFilter
) -> tuple[WorkItem, ...]:
    """Return the items that a filter leaves. Raises InputError for a name that nothing has."""
    inside = _checked(connection, items, which)
    return tuple(item for item in items if _fits(item, which, inside))


def item_named(items: Sequence[WorkItem], known: Mapping[str, str], prefix: str) -> WorkItem:
    """Return the item whose fingerprint begins so. Raises InputError unless there is just one.

    `known` are the rules of all findings that were ever found, by fingerprint.
    """
    start = prefix.strip().lower()
    found = [item for item in items if item.fingerprint.startswith(start)] if start else []
    if len(found) == 1:
        return found[0]
    if found:
        told = "; ".join(
            f"{item.fingerprint[: max(SHOWN, len(start) + 4)]} ({_about(item)})"
            for item in found[:_CANDIDATES]
        )
        more = f" and {len(found) - _CANDIDATES:,} more" if len(found) > _CANDIDATES else ""
        raise InputError(
            f"More than one finding begins with '{prefix}': {told}{more}; give more of it."
        )
    gone = [name for name in known if start and name.startswith(start)]
    if gone:
        raise InputError(
            f"The finding {gone[0][:SHOWN]} of {known[gone[0]]} is gone or waived, and nothing was "
            "done about it: it is not on the work list."
        )
    raise InputError(
        f"No finding on the work list begins with '{prefix}'; 'graphchannel worklist list' shows "
        "them, and a scan that leaves nothing out brings new ones."
    )


def known_findings(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return the rule of every finding that a run ever found."""
    return dict(connection.execute(_KNOWN).fetchall())


def _item(row: tuple[Any, ...], severity: str, work: WorkState) -> WorkItem:
    name, rule, subject, subject_name, object_, object_name, region, lines, quantity, *rest = row
    amount, since, there, waived = rest
    return WorkItem(
        fingerprint=name,
        rule=rule,
        severity=severity,
        subject=subject,
        subject_name=subject_name,
        object=object_,
        object_name=object_name,
        region=region,
        lines=lines,
        quantity=int(quantity),
        amount={one["currency"]: one["amount"] for one in amount or ()},
        known_since=since,
        there=there,
        waived=waived,
        work=work,
    )


def _about(item: WorkItem) -> str:
    object_ = f" → {item.object}" if item.object else ""
    return f"{item.rule}: {item.subject}{object_}"


def _order(item: WorkItem) -> tuple[Any, ...]:
    due = item.work.due
    return (item.work.state == "closed", due is None, due or 0, item.rule, item.subject,
            item.object or "", item.fingerprint)  # fmt: skip


def _fits(item: WorkItem, which: WorkFilter, inside: frozenset[str]) -> bool:
    work = item.work
    return (
        (which.rule is None or fnmatchcase(item.rule, which.rule))
        and (which.partner is None or which.partner in (item.subject, item.object))
        and (which.region is None or item.region in inside)
        and (which.severity is None or item.severity == which.severity)
        and (not which.states or work.state in which.states)
        and (which.owner is None or work.owner == which.owner)
        and (which.overdue is None or work.overdue(which.overdue))
    )


def _checked(
    connection: duckdb.DuckDBPyConnection, items: Sequence[WorkItem], which: WorkFilter
) -> frozenset[str]:
    """Raise InputError for what nobody knows; return the regions within the one asked for."""
    if which.rule is not None:
        rules = {item.rule for item in items} | set(known_findings(connection).values())
        if not any(fnmatchcase(rule, which.rule) for rule in rules):
            hint = did_you_mean(which.rule, rules)
            raise InputError(f"No finding is of a rule '{which.rule}'.{hint}")
    if which.partner is not None:
        check_party(connection, which.partner)
    if which.region is None:
        return frozenset()
    check_name(connection, "SELECT id FROM main.regions", which.region, "There is no region")
    rows = connection.execute(_WITHIN, {"region": which.region}).fetchall()
    return frozenset(region for (region,) in rows)
