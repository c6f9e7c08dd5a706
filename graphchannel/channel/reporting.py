"""What a report says, gathered: one scan read in full, and the channel's figures on its day."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphchannel.channel import figures, places
from graphchannel.channel.judging import scan_channel
from graphchannel.channel.keeping import keep_run
from graphchannel.channel.past import course
from graphchannel.channel.report_facts import (
    ChannelFigures,
    Judgement,
    PartySheet,
    ReportedLine,
    ReportFacts,
    RunManifest,
)
from graphchannel.findings.credentials import closed, rows
from graphchannel.ingest import reject_reasons
from graphchannel.policy.clauses import read_clauses
from graphchannel.text import NO_CURRENCY
from graphchannel.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    import duckdb

    from graphchannel.channel.opening import Opening
    from graphchannel.findings import Finding, ScanResult
    from graphchannel.findings.model import Baseline

    Row = Mapping[str, object]

__all__ = ["MOST_LINES", "facts_of", "gather"]

MOST_LINES = 200  # of one finding that a report lists
_DAYS = ("since", "until")
_TRADES = 10  # largest suppliers and customers of a party that a report lists
_LINES = """
SELECT id, shipped_on, seller_id, buyer_id, product_id, quantity, amount, currency, document,
       reporter_id
FROM main.shipments WHERE id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY shipped_on, id
"""
_PARTIES = """
SELECT p.id, p.kind, p.name, p.country, c.name AS city, r.name AS region
FROM graph.party p LEFT JOIN main.cities c ON c.id = p.city_id
LEFT JOIN main.regions r ON r.id = c.region_id
WHERE p.id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY p.id
"""
_ROLES = """
SELECT DISTINCT c.holder_id AS id, c.role, r.rank FROM main.certifications c
LEFT JOIN derived.policy_role r ON r.id = c.role
WHERE c.holder_id IN (SELECT unnest($ids::VARCHAR[]))
    AND $as_of BETWEEN c.valid_from AND c.valid_to
ORDER BY c.holder_id, r.rank NULLS LAST, c.role
"""
_CERTIFICATES = f"""
SELECT c.holder_id AS id, c.role, c.issuer_id, p.name AS issuer,
       {closed("valid_from")}, {closed("valid_to")}
FROM main.certifications c LEFT JOIN graph.party p ON p.id = c.issuer_id
WHERE c.holder_id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY c.holder_id, c.valid_from, c.role
"""
_AUTHORIZATIONS = f"""
SELECT a.partner_id AS id, coalesce(r.name, a.region_id) AS region,
       coalesce(i.name, a.industry_id) AS industry, {closed("valid_from")}, {closed("valid_to")}
FROM main.authorizations a
LEFT JOIN main.regions r ON r.id = a.region_id
LEFT JOIN main.industries i ON i.id = a.industry_id
WHERE a.partner_id IN (SELECT unnest($ids::VARCHAR[]))
ORDER BY a.partner_id, a.valid_from, a.region_id, a.industry_id
"""
_TRADED = f"""
WITH side AS (
    SELECT seller_id AS party, buyer_id AS other, 'sold to' AS how, * FROM main.shipments
    UNION ALL SELECT buyer_id, seller_id, 'bought from', * FROM main.shipments
), summed AS (
    SELECT party, how, other, coalesce(currency, '{NO_CURRENCY}') AS currency, count(*) AS lines,
           sum(quantity)::BIGINT AS quantity, sum(amount) AS amount
    FROM side
    WHERE party IN (SELECT unnest($ids::VARCHAR[])) AND shipped_on <= $as_of
    GROUP BY ALL
)
SELECT party AS id, how, other, p.name, sum(lines)::BIGINT AS lines,
       sum(quantity)::BIGINT AS quantity,
       map(list(currency ORDER BY currency) FILTER (amount IS NOT NULL),
           list(amount ORDER BY currency) FILTER (amount IS NOT NULL)) AS amount
FROM summed JOIN graph.party p ON p.id = summed.other
GROUP BY party, how, other, p.name
QUALIFY row_number() OVER (PARTITION BY party, how ORDER BY sum(lines) DESC, other) <= {_TRADES}
ORDER BY party, how, lines DESC, other
"""
_PLACES = """
SELECT id, name, country FROM main.regions WHERE id IN (SELECT unnest($ids::VARCHAR[]))
UNION ALL
SELECT c.id, r.name, r.country FROM main.cities c JOIN main.regions r ON r.id = c.region_id
WHERE c.id IN (SELECT unnest($ids::VARCHAR[]))
"""
_PRODUCTS = "SELECT id, name FROM main.products ORDER BY id"
_FILES = """
SELECT l.id AS load, f.file, f."table", f.records, f.added, f.corrected, f.rejected
FROM admin.files f JOIN admin.loads l ON l.id = f.load WHERE l.kind = 'load'
ORDER BY l.id, f.file, f."table"
"""


def gather(
    opening: Opening,
    *,
    as_of: date | None,
    since: date | None,
    until: date | None,
    partner: str | None,
    baseline: Baseline | Path | str | None,
    figures_too: bool,
    most_lines: int | None = MOST_LINES,
) -> ReportFacts:
    """Scan, read all findings, and ask for the channel's figures if they are wanted.

    At most so many lines of each finding are read, None all. Raises what a scan raises.
    """
    day = opening.day(as_of)
    scanned = scan_channel(
        opening, as_of=day, since=since, until=until, partner=partner, baseline=baseline
    )
    with keep_run(opening, scanned) as result:
        return facts_of(opening, result, figures_too=figures_too, most_lines=most_lines)


def facts_of(
    opening: Opening,
    result: ScanResult,
    *,
    figures_too: bool = True,
    most_lines: int | None = MOST_LINES,
) -> ReportFacts:
    """Read all findings of a scan, and ask for the channel's figures if they are wanted."""
    judged = _judged(result, most_lines)
    with result.session.reading() as connection:
        facts = ReportFacts(
            judged=judged,
            **_named(connection, judged),
            rejects=tuple(reject_reasons(opening.stored)),
            clauses=read_clauses(opening.pack),
            manifest=_manifest(connection, result),
            figures=_figures(opening, result.as_of) if figures_too else None,
        )
    # Runs are written when the workspace is let go, and nothing reads the result any more.
    return replace(facts, trend=course(opening, "all")) if figures_too else facts


def _judged(result: ScanResult, most: int | None) -> Judgement:
    return Judgement(
        as_of=result.as_of,
        engine=result.engine,
        policy=result.policy,
        rules=result.rules,
        outcomes=result.outcomes,
        waivers=result.waivers,
        notices=result.notices,
        baseline=result.baseline,
        gone=result.gone,
        stakes=result.stakes(),
        subjects=tuple(result.by_subject()),
        findings=tuple(result.findings()),
        evidence={n: tuple(found) for n, found in result.evidence(most).items()},
    )


def _named(connection: duckdb.DuckDBPyConnection, judged: Judgement) -> dict[str, Any]:
    """Read the lines that findings show, and what findings and lines name."""
    rows_ = (row for found in judged.evidence.values() for row in found)
    shown = {str(row["shipment"]) for row in rows_ if "shipment" in row}
    for finding in judged.findings:
        shown |= set(finding.path.shipments if finding.path else ())
    lines = {
        line.id: line
        for line in (ReportedLine(*row.values()) for row in _rows(connection, _LINES, shown))
    }
    subjects = {finding.subject.id for finding in judged.findings}
    named = subjects | {id_ for finding in judged.findings for id_ in _parties(finding)}
    traded = {party for line in lines.values() for party in (line.seller, line.buyer)}
    return {
        "lines": lines,
        "parties": _sheets(connection, named, traded, subjects, judged.as_of),
        "places": {
            str(row["id"]): (row["name"], row["country"])
            for row in _rows(connection, _PLACES, subjects)
        },
        "products": {row["id"]: row["name"] for row in rows(connection, _PRODUCTS)},
    }


def _parties(finding: Finding) -> Iterator[str]:
    if finding.object is not None:
        yield finding.object.id
    if finding.path is not None:
        yield from (party.id for party in finding.path.parties)


def _sheets(
    connection: duckdb.DuckDBPyConnection,
    named: Iterable[str],
    traded: Iterable[str],
    subjects: Iterable[str],
    as_of: date,
) -> dict[str, PartySheet]:
    """Return a sheet of each party; credentials are read of those that findings name."""
    named, every = set(named), {*named, *traded}
    roles = _by_party(connection, _ROLES, every, as_of=as_of)
    certificates = _by_party(connection, _CERTIFICATES, named)
    authorizations = _by_party(connection, _AUTHORIZATIONS, named)
    trades = _by_party(connection, _TRADED, subjects, as_of=as_of)
    return {
        str(row["id"]): PartySheet(
            **row,
            roles=tuple(str(role["role"]) for role in roles.get(str(row["id"]), ())),
            certificates=certificates.get(str(row["id"]), ()),
            authorizations=authorizations.get(str(row["id"]), ()),
            trades=trades.get(str(row["id"]), ()),
        )
        for row in _rows(connection, _PARTIES, every)
    }


def _by_party(
    connection: duckdb.DuckDBPyConnection, query: str, ids: Iterable[str], **parameters: object
) -> dict[str, tuple[Row, ...]]:
    found: dict[str, list[Row]] = {}
    for row in _rows(connection, query, ids, **parameters):
        found.setdefault(str(row.pop("id")), []).append(row)
    return {id_: tuple(rows_) for id_, rows_ in found.items()}


def _rows(
    connection: duckdb.DuckDBPyConnection, query: str, ids: Iterable[str], **parameters: object
) -> tuple[dict[str, Any], ...]:
    return rows(connection, query, ids=sorted(ids), **parameters)


def _manifest(connection: duckdb.DuckDBPyConnection, result: ScanResult) -> RunManifest:
    """Say what the report rests on: what went into the run of its scan, rules as one hash."""
    run: dict[str, Any] = dict(result.run or {})
    policy, rules = run.pop("policy", {}), run.pop("rules", {})
    facts = {
        "run": run.get("id"),
        "tool": __version__,
        "schema": run.get("schema"),
        "engine": result.engine,
        "load": run.get("load"),
        "workspace": run.get("workspace"),
        "as_of": result.as_of,
        "since": result.options.since,
        "until": result.options.until,
        **_narrowed(result),
        "baseline": result.baseline.name if result.baseline else None,
        "policy": result.policy.name,
        "policy_hash": policy.get("hash") or result.policy.fingerprint,
        "rules": len(result.rules),
        "rules_hash": hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest(),
    }
    return RunManifest(facts, rows(connection, _FILES))


def _narrowed(result: ScanResult) -> dict[str, object]:
    """Return what else the scan left out, by the name of the option."""
    filters = {name: given for name, given in result.judged.filters.items() if name not in _DAYS}
    return {
        f"only_{name}": ", ".join(given) if isinstance(given, list | tuple) else given
        for name, given in filters.items()
    }


def _figures(opening: Opening, day: date) -> ChannelFigures:
    days = places.AskedDays(day)
    return ChannelFigures(
        places.regions(opening, days, role=None, country=None),
        places.cities(opening, days, distributor=None, country=None, key_city_population=None),
        places.distributors(opening, days, country=None),
        places.dependencies(opening, days, key_city_population=None),
        figures.key_figures_of(opening, months=12, due_days=90, as_of=day),
    )
