"""Offending rows to findings, set-based, in temporary tables of the workspace's connection.

* `scan_rule(number, id, rank, …)`: the rules of this scan, numbered in the order of the results;
* `scan_hit`: what the rules over lines returned, `scan_node`: what the rules over nodes returned,
  both with `rule`, `subject`, `object`, `identity` (the encoded identity columns, null without any)
  and `extra` (the evidence columns as JSON, null without any);
* `scan_line`: the hits with their shipments' figures, one join for all rules;
* `scan_finding`: one row a finding, numbered in the order of the results.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.findings.fingerprint import encoded_sql
from graphchannel.findings.model import NO_CURRENCY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import duckdb

    from graphchannel.engines import Source
    from graphchannel.rules.prepare import PreparedRule

__all__ = ["LineScope", "add_rows", "group", "join_lines", "lost_rules", "start"]


@dataclass(frozen=True, slots=True)
class LineScope:
    """The lines that count: days with both ends included, and one product or all."""

    since: date | None
    until: date
    product: str | None = None


_START = """
CREATE OR REPLACE TEMP TABLE scan_rule
    (number INTEGER, id VARCHAR, rank INTEGER, subject_kind VARCHAR, object_kind VARCHAR);
CREATE OR REPLACE TEMP TABLE scan_hit
    (rule INTEGER, subject VARCHAR, object VARCHAR, identity VARCHAR, shipment VARCHAR,
     extra VARCHAR);
CREATE OR REPLACE TEMP TABLE scan_node
    (rule INTEGER, subject VARCHAR, object VARCHAR, identity VARCHAR, extra VARCHAR);
"""


def start(connection: duckdb.DuckDBPyConnection, rules: Sequence[PreparedRule | None]) -> None:
    """Make empty tables for a scan; a rule's number is its place in `rules`, from 0."""
    connection.execute(_START)
    known = [
        (number, rule.rule.id, rule.rule.rank, rule.subject_kind, rule.object_kind)
        for number, rule in enumerate(rules)
        if rule is not None
    ]
    if known:
        connection.executemany("INSERT INTO scan_rule VALUES (?, ?, ?, ?, ?)", known)


def add_rows(
    connection: duckdb.DuckDBPyConnection, number: int, rule: PreparedRule, source: Source
) -> None:
    """Run a rule: its rows go to `scan_hit` or `scan_node` in one statement."""
    insert = {"line": _line_insert, "path": _path_insert, "node": _node_insert}[rule.kind]
    connection.execute(insert(number, rule, source.relation), dict(source.parameters))


def join_lines(connection: duckdb.DuckDBPyConnection, scope: LineScope) -> None:
    """Give every hit its shipment's figures: one pass over the shipments for all rules.

    `counted` tells the lines within the scope from those that only prove that the hit is a line.
    """
    connection.execute(
        """
        CREATE OR REPLACE TEMP TABLE scan_line AS
        SELECT h.*, s.shipped_on, s.quantity, s.amount, s.currency, s.product_id,
               s.shipped_on BETWEEN coalesce($since::DATE, DATE '0001-01-01') AND $until::DATE
                   AND coalesce(s.product_id = $product::VARCHAR, $product::VARCHAR IS NULL)
                   AS counted
        FROM scan_hit h JOIN main.shipments s ON s.id = h.shipment""",
        {"since": scope.since, "until": scope.until, "product": scope.product},
    )


def lost_rules(connection: duckdb.DuckDBPyConnection) -> dict[int, str]:
    """Return, by number, rules whose rows cannot be findings, each with a sentence saying why."""
    problems = dict(
        connection.execute("""
            SELECT rule, 'returned rows without a subject'
            FROM (SELECT rule, subject FROM scan_hit UNION ALL SELECT rule, subject FROM scan_node)
            WHERE subject IS NULL GROUP BY rule""").fetchall()
    )
    lost = connection.execute("""
        SELECT hits.rule, 'returned ' || (hits.n - coalesce(lines.n, 0))
               || ' lines in the column shipment that are no ids of shipments'
        FROM (SELECT rule, count(*) AS n FROM scan_hit GROUP BY rule) hits
        LEFT JOIN (SELECT rule, count(*) AS n FROM scan_line GROUP BY rule) lines USING (rule)
        WHERE hits.n <> coalesce(lines.n, 0)""").fetchall()
    return problems | dict(lost)


def group(connection: duckdb.DuckDBPyConnection, skip: Sequence[int], *, nodes: bool) -> None:
    """Make `scan_finding` of the counted lines and, if `nodes`, of the nodes.

    Rules whose number is in `skip` are left out. Sums of amounts are exact decimals. Needs
    `scan_waived` (see `findings.waivers`).
    """
    connection.execute(_FINDINGS, {"skip": list(skip), "nodes": nodes})


_FINDINGS = f"""
CREATE OR REPLACE TEMP TABLE scan_finding AS
WITH by_currency AS (
    SELECT rule, subject, object, identity, currency, count(*) AS lines,
           sum(quantity) AS quantity, sum(amount) AS amount,
           min(shipped_on) AS first, max(shipped_on) AS last
    FROM scan_line
    WHERE counted
    GROUP BY ALL
), found AS (
    SELECT rule, subject, object, identity, sum(lines)::BIGINT AS lines,
           sum(quantity)::HUGEINT AS quantity,
           list({{'currency': coalesce(currency, '{NO_CURRENCY}'), 'amount': amount}}
                ORDER BY currency NULLS FIRST) FILTER (amount IS NOT NULL) AS amount,
           min(first) AS first, max(last) AS last
    FROM by_currency
    GROUP BY ALL
    UNION ALL
    SELECT DISTINCT rule, subject, object, identity, 0, 0, NULL, NULL::DATE, NULL::DATE
    FROM scan_node
    WHERE $nodes
), waived AS (
    SELECT rule, subject, object, identity, count(DISTINCT shipment) AS waived_lines
    FROM scan_waived
    GROUP BY ALL
)
SELECT row_number() OVER (ORDER BY found.rule, found.subject, found.object NULLS FIRST,
                                found.identity NULLS FIRST) AS number,
       found.*,
       coalesce(waived_lines, 0) AS waived_lines,
       waived_lines IS NOT NULL AND coalesce(waived_lines, 0) >= lines AS waived,
       sha256({encoded_sql("scan_rule.id")} || {encoded_sql("found.subject")}
              || {encoded_sql("found.object")} || coalesce(found.identity, '')) AS fingerprint
FROM found
JOIN scan_rule ON scan_rule.number = found.rule
LEFT JOIN waived ON waived.rule = found.rule AND waived.subject = found.subject
    AND waived.object IS NOT DISTINCT FROM found.object
    AND waived.identity IS NOT DISTINCT FROM found.identity
WHERE NOT list_contains($skip::INTEGER[], found.rule)
"""


def _line_insert(number: int, rule: PreparedRule, relation: str) -> str:
    identity, extra = _identity(rule), _extra(rule.evidence)
    columns = f"{number}, subject::VARCHAR, object::VARCHAR, {identity}, shipment::VARCHAR"
    if rule.unique or extra == "NULL":
        distinct = "" if rule.unique else "DISTINCT "
        return f"INSERT INTO scan_hit SELECT {distinct}{columns}, {extra} FROM {relation} AS found"
    # A line may be found along several ways; it is one line, and the first way is its evidence.
    return (
        f"INSERT INTO scan_hit SELECT {columns}, min({extra}) FROM {relation} AS found GROUP BY ALL"
    )


def _path_insert(number: int, rule: PreparedRule, relation: str) -> str:
    subject = "subject" if "subject" in rule.columns else "path[1]"
    object_ = "object" if "object" in rule.columns else "path[-1]"
    extra = _extra(rule.evidence)
    return (
        f"INSERT INTO scan_hit SELECT rule, subject, object, identity, shipment, min(extra) FROM ("
        f"SELECT {number} AS rule, {subject}::VARCHAR AS subject, {object_}::VARCHAR AS object, "
        f"{_identity(rule)} AS identity, unnest(shipments)::VARCHAR AS shipment, {extra} AS extra "
        f"FROM {relation} AS found) GROUP BY ALL"
    )


def _node_insert(number: int, rule: PreparedRule, relation: str) -> str:
    object_ = "object::VARCHAR" if "object" in rule.columns else "NULL::VARCHAR"
    return (
        f"INSERT INTO scan_node SELECT DISTINCT {number}, subject::VARCHAR, {object_}, "
        f"{_identity(rule)}, {_extra(rule.evidence)} FROM {relation} AS found"
    )


def _identity(rule: PreparedRule) -> str:
    parts = (encoded_sql(f'"{column}"::VARCHAR') for column in rule.rule.header.identity)
    return " || ".join(parts) or "NULL::VARCHAR"


def _extra(columns: Sequence[str]) -> str:
    if not columns:
        return "NULL"
    return "to_json({" + ", ".join(f"'{name}': \"{name}\"" for name in columns) + "})::VARCHAR"
