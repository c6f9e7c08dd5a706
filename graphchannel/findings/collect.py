"""Offending rows to findings, set-based, in the tables of the scan (see `findings.tables`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.findings import paths
from graphchannel.findings.fingerprints import encoded_sql
from graphchannel.findings.tables import (
    FINDING,
    HIT,
    LINE,
    NODE,
    OF_KIND,
    RULE,
    SAME_FINDING,
    WAIVED,
)
from graphchannel.rules.prepare import FIGURES
from graphchannel.text import NO_CURRENCY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from graphchannel.engines import SelectableRows
    from graphchannel.findings.tables import ScanTables
    from graphchannel.policy import Policy
    from graphchannel.rules.prepare import PreparedRule

__all__ = [
    "IN_SCOPE",
    "LineScope",
    "add_lines",
    "add_rows",
    "figures_are_exact",
    "group",
    "has_lines",
    "join_lines",
    "lost_rules",
    "start",
]


@dataclass(frozen=True, slots=True)
class LineScope:
    """The lines that count: days with both ends included, and one product or all."""

    since: date | None
    until: date
    product: str | None = None

    @property
    def parameters(self) -> dict[str, object]:
        """What `IN_SCOPE` needs; no parameter of a policy is called so."""
        return {"_since": self.since, "_until": self.until, "_product": self.product}


IN_SCOPE = """({0}shipped_on BETWEEN coalesce($_since::DATE, DATE '0001-01-01') AND $_until::DATE
    AND coalesce({0}product_id = $_product::VARCHAR, $_product::VARCHAR IS NULL))"""


def start(tables: ScanTables, rules: Sequence[PreparedRule | None]) -> None:
    """Make the tables of a scan; a rule's number is its place in `rules`, from 0."""
    tables.create()
    known = [
        (number, rule.rule.id, rule.rule.rank, rule.subject_kind, rule.object_kind)
        for number, rule in enumerate(rules)
        if rule is not None
    ]
    if known:
        tables.connection.executemany(f"INSERT INTO {RULE} VALUES (?, ?, ?, ?, ?)", known)


def add_rows(tables: ScanTables, number: int, rule: PreparedRule, source: SelectableRows) -> None:
    """Run a rule: its rows become hits, paths or nodes in one statement."""
    select = {"line": _hits, "path": _paths, "node": _nodes}[rule.kind]
    rows = select(number, rule, source.relation)
    tables.fill(OF_KIND[rule.kind], rows, dict(source.parameters))


def figures_are_exact(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether each amount survives being a float, as the graph shows amounts.

    Below 10^11 four decimals make at most 15 digits, which a float keeps.
    """
    row = connection.execute(
        "SELECT coalesce(max(abs(amount)), 0) < 100000000000 FROM main.shipments"
    ).fetchone()
    return bool(row and row[0])


def add_lines(
    tables: ScanTables,
    number: int,
    rule: PreparedRule,
    source: SelectableRows,
    scope: LineScope,
) -> None:
    """Run a rule that returns its lines' figures; keep those in scope."""
    figures = "".join(
        f", _{name}::DECIMAL(18,4)" if name == "amount" else f", _{name}" for name in FIGURES
    )
    behind = f", true{figures}, true"
    select = _line_select(number, rule, source.relation, behind, IN_SCOPE.format("_"))
    tables.fill(LINE, select, dict(source.parameters) | scope.parameters)


def join_lines(tables: ScanTables, scope: LineScope, policy: Policy) -> None:
    """Give every hit its shipment's figures: one pass over the shipments for all rules.

    `counted` tells the lines within the scope from those that only prove that the hit is a line.
    """
    paths.add_hits(tables, IN_SCOPE.format("s."), scope.parameters, policy)
    if tables.is_empty(HIT):
        return
    tables.fill(
        LINE,
        f"""SELECT h.* EXCLUDE on_path, s.shipped_on, s.quantity, s.amount, s.currency,
               s.product_id, h.on_path OR {IN_SCOPE.format("s.")}
        FROM {HIT} h JOIN main.shipments s ON s.id = h.shipment""",
        scope.parameters,
    )


def has_lines(connection: duckdb.DuckDBPyConnection, scope: LineScope) -> bool:
    """Tell whether any shipment lies within the scope."""
    row = connection.execute(
        f"SELECT EXISTS (FROM main.shipments WHERE {IN_SCOPE.format('')})", scope.parameters
    ).fetchone()
    return bool(row and row[0])


def lost_rules(tables: ScanTables) -> dict[int, str]:
    """Return, by number, rules whose rows cannot be findings, each with a sentence saying why."""
    problems = dict(tables.rows(_NO_SUBJECT))
    return problems | dict(tables.rows(_NO_LINES)) | paths.broken_rules(tables)


def group(
    tables: ScanTables,
    skip: Sequence[int],
    *,
    nodes: bool,
    cents: bool = False,
) -> None:
    """Make findings of the counted lines and, if `nodes`, of the nodes.

    Rules whose number is in `skip` are left out. Sums of amounts are exact decimals, unless they
    are to be rounded to cents, because the lines' amounts were floats. Waivers have been applied
    (see `findings.waivers`).
    """
    tables.fill(FINDING, _FINDINGS, {"skip": list(skip), "nodes": nodes, "cents": cents})


_NO_SUBJECT = f"""
SELECT rule, 'returned rows without a subject'
FROM (SELECT rule, subject FROM {HIT} UNION ALL SELECT rule, subject FROM {NODE}
      UNION ALL SELECT rule, subject FROM {LINE})
WHERE subject IS NULL GROUP BY rule
"""
_NO_LINES = f"""
SELECT hits.rule, 'returned ' || (hits.n - coalesce(lines.n, 0))
       || ' lines in the column shipment that are no ids of shipments'
FROM (SELECT rule, count(*) AS n FROM {HIT} GROUP BY rule) hits
LEFT JOIN (SELECT rule, count(*) AS n FROM {LINE} GROUP BY rule) lines USING (rule)
WHERE hits.n <> coalesce(lines.n, 0)
"""
_FINDINGS = f"""
WITH by_currency AS (
    SELECT rule, subject, object, identity, currency, count(*) AS lines,
           count(*) FILTER (arrives) AS arriving, sum(quantity) FILTER (arrives) AS quantity,
           CASE WHEN $cents THEN round(sum(amount) FILTER (arrives), 2)::DECIMAL(38,4)
                ELSE sum(amount) FILTER (arrives) END AS amount,
           min(shipped_on) AS first, max(shipped_on) AS last,
           bit_xor(md5_number_lower(shipment)) AS line_set
    FROM {LINE}
    WHERE counted
    GROUP BY ALL
), found AS (
    SELECT rule, subject, object, identity, sum(lines)::BIGINT AS lines,
           sum(arriving)::BIGINT AS arriving, coalesce(sum(quantity), 0)::HUGEINT AS quantity,
           list({{'currency': coalesce(currency, '{NO_CURRENCY}'), 'amount': amount}}
                ORDER BY currency NULLS FIRST) FILTER (amount IS NOT NULL) AS amount,
           min(first) AS first, max(last) AS last, bit_xor(line_set) AS line_set
    FROM by_currency
    GROUP BY ALL
    UNION ALL
    SELECT DISTINCT rule, subject, object, identity, 0, 0, 0, NULL, NULL::DATE, NULL::DATE, NULL
    FROM {NODE}
    WHERE $nodes
), waived AS (
    SELECT rule, subject, object, identity, count(shipment) FILTER (units >= quantity) AS whole,
           coalesce(sum(units) FILTER (units < quantity), 0)::BIGINT AS waived_units
    FROM (SELECT rule, subject, object, identity, shipment, sum(units) AS units,
                 any_value(quantity) AS quantity
          FROM {WAIVED} GROUP BY ALL)
    GROUP BY ALL
)
SELECT row_number() OVER (ORDER BY found.rule, found.subject, found.object NULLS FIRST,
                                found.identity NULLS FIRST) AS number,
       found.* EXCLUDE line_set,
       coalesce(whole, 0) AS waived_lines, coalesce(waived_units, 0) AS waived_units,
       whole IS NOT NULL AND whole >= arriving AS waived,
       sha256({encoded_sql("ran.id")} || {encoded_sql("found.subject")}
              || {encoded_sql("found.object")} || coalesce(found.identity, '')) AS fingerprint,
       line_set, NULL AS change, NULL AS known_lines, NULL AS known_amount,
       NULL AS first_seen, NULL AS open_since
FROM found
JOIN {RULE} AS ran ON ran.number = found.rule
LEFT JOIN waived ON {SAME_FINDING.format("waived", "found")}
WHERE NOT list_contains($skip::INTEGER[], found.rule)
"""


def _hits(number: int, rule: PreparedRule, relation: str) -> str:
    return _line_select(number, rule, relation, ", false, true")


def _line_select(
    number: int, rule: PreparedRule, relation: str, behind: str, condition: str = "true"
) -> str:
    """Select each line once, with the columns `behind` it."""
    identity, extra = _identity(rule), _extra(rule.evidence)
    columns = f"{number}, subject::VARCHAR, object::VARCHAR, {identity}, shipment::VARCHAR"
    rows = f"FROM {relation} AS found WHERE {condition}"
    if rule.unique or not rule.evidence:
        distinct = "" if rule.unique else "DISTINCT"
        return f"SELECT {distinct} {columns}, {extra}{behind} {rows}"
    # A line may be found in several matches; it is one line, and the first match is its evidence.
    return f"SELECT {columns}, min({extra}){behind} {rows} GROUP BY ALL"


def _paths(number: int, rule: PreparedRule, relation: str) -> str:
    return paths.path_rows(number, rule, relation, _identity(rule), _extra(rule.evidence))


def _nodes(number: int, rule: PreparedRule, relation: str) -> str:
    object_ = "object::VARCHAR" if "object" in rule.columns else "NULL::VARCHAR"
    return (
        f"SELECT DISTINCT {number}, subject::VARCHAR, {object_}, "
        f"{_identity(rule)}, {_extra(rule.evidence)} FROM {relation} AS found"
    )


def _identity(rule: PreparedRule) -> str:
    parts = (encoded_sql(f'"{column}"::VARCHAR') for column in rule.rule.header.identity)
    return " || ".join(parts) or "NULL::VARCHAR"


def _extra(columns: Sequence[str]) -> str:
    if not columns:
        return "NULL"
    return "to_json({" + ", ".join(f"'{name}': \"{name}\"" for name in columns) + "})::VARCHAR"
