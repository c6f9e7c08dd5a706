"""The temporary tables of a scan: their names, and what each column means, in this one place.

They belong to the connection of the scan's session (see `graphchannel.session`), so no other scan
comes upon them. A statement elsewhere names a table with the constant of this module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from graphchannel.rules.returned import RuleKind

__all__ = [
    "BOUNDS",
    "CHOSEN",
    "CHOSEN_PATH",
    "FINDING",
    "HIT",
    "KNOWN",
    "LINE",
    "NODE",
    "OF_KIND",
    "PATH",
    "RULE",
    "SAME_FINDING",
    "SHOWN_PATH",
    "STAKE",
    "WAIVED",
    "WAIVER",
    "ScanTables",
]

RULE = "scan_rule"
HIT = "scan_hit"
LINE = "scan_line"
NODE = "scan_node"
PATH = "scan_path"
WAIVER = "scan_waiver"
WAIVED = "scan_waived"
FINDING = "scan_finding"
KNOWN = "scan_known"
CHOSEN = "scan_chosen"
CHOSEN_PATH = "scan_chosen_path"
SHOWN_PATH = "scan_shown_path"
STAKE = "scan_stake"
OF_KIND: Mapping[RuleKind, str] = {"line": HIT, "path": PATH, "node": NODE}  # what a rule returns

# What identifies a finding within its scan: rows that are equal in these belong to one.
# `rule` is its number, `identity` the rule's identity columns, encoded; `object` and `identity` are
# null where there is none.
_IDENTITY = "rule INTEGER, subject VARCHAR, object VARCHAR, identity VARCHAR"
SAME_FINDING = """({0}.rule = {1}.rule AND {0}.subject = {1}.subject
    AND {0}.object IS NOT DISTINCT FROM {1}.object
    AND {0}.identity IS NOT DISTINCT FROM {1}.identity)"""
_EXTRA = "extra VARCHAR"  # the rule's evidence columns as JSON, null without any
BOUNDS = 'STRUCT(party VARCHAR, least BIGINT, most BIGINT, "of" BIGINT)[]'
_FINDING = f"""
    number BIGINT,     -- place in the order of the results, from 1
    {_IDENTITY},
    lines BIGINT,      -- how many, 0 for one over nodes
    arriving BIGINT,   -- of these, how many goods are counted on
    quantity HUGEINT,  -- units of the arriving lines
    amount STRUCT(currency VARCHAR, amount DECIMAL(38,4))[],  -- null without any
    first DATE,        -- day of the first line, null for one over nodes
    last DATE,
    waived_lines BIGINT,   -- of the arriving lines, how many waivers cover whole
    waived_units BIGINT,   -- units that waivers cover on further lines
    waived BOOLEAN,    -- whether waivers cover it whole
    fingerprint VARCHAR,
    line_set UBIGINT,  -- made of the ids of its lines, null without any
    change VARCHAR,    -- how it stands to the baseline, null without a baseline
    known_lines BIGINT,    -- what the baseline says of it, null where it has it not
    known_amount VARCHAR,  -- as JSON, by currency
    first_seen DATE,       -- the first day judged by a scan that found it open
    open_since DATE        -- the first of those since which every scan did
"""
_COLUMNS: Mapping[str, str] = {
    # The rules of the scan that could be compiled.
    RULE: """
        number INTEGER,        -- place in the order of the results, from 0
        id VARCHAR,
        rank INTEGER,          -- of its severity, 0 for the worst
        subject_kind VARCHAR,  -- a node table, null where the query does not say
        object_kind VARCHAR
    """,
    # Lines that rules returned by their ids, and the lines of paths.
    HIT: f"""
        {_IDENTITY},
        shipment VARCHAR,
        {_EXTRA},
        on_path BOOLEAN,
        arrives BOOLEAN        -- whether goods are counted on it: on a path, on the last line alone
    """,
    # Lines with their figures: from rules that return them, else from joining hits and shipments.
    LINE: f"""
        {_IDENTITY},
        shipment VARCHAR,
        {_EXTRA},
        arrives BOOLEAN,
        shipped_on DATE,
        quantity BIGINT,
        amount DECIMAL(18,4),
        currency VARCHAR,
        product_id VARCHAR,
        counted BOOLEAN        -- whether it is within the scope; others prove that they are lines
    """,
    # What rules over nodes returned.
    NODE: f"{_IDENTITY}, {_EXTRA}",
    # What rules over paths returned.
    PATH: f"""
        {_IDENTITY},
        path VARCHAR[],        -- party ids
        shipments VARCHAR[],   -- line ids, one for each hop
        broken_at INTEGER,     -- the hop that breaks the policy, from 1; null where none is named
        certainty VARCHAR,
        bounds {BOUNDS},      -- null where the rule gives none
        {_EXTRA}
    """,
    # The waivers of the workspace.
    WAIVER: """
        number BIGINT,         -- place in the order of rule, subject, object, product, first day
        rule VARCHAR, subject_id VARCHAR, object_id VARCHAR, product_id VARCHAR,
        valid_from DATE, valid_to DATE, max_quantity BIGINT, approver VARCHAR, reason VARCHAR,
        max_value DECIMAL(18,4), currency VARCHAR,
        rule_numbers INTEGER[] -- of the rules that it names and that are in the scan
    """,
    # Which waiver covers which line.
    WAIVED: f"""
        waiver BIGINT,
        {_IDENTITY},
        shipment VARCHAR,      -- null for a finding over nodes
        units BIGINT,          -- of the line's, how many it covers
        quantity BIGINT        -- of the line
    """,
    # The findings of the scan.
    FINDING: _FINDING,
    # The lines at stake, once for each open finding.
    STAKE: """
        number BIGINT,         -- of the finding
        rule INTEGER, subject VARCHAR,
        shipment VARCHAR, amount DECIMAL(18,4), currency VARCHAR
    """,
    # How they stand to the baseline.
    KNOWN: "fingerprint VARCHAR, change VARCHAR, lines BIGINT, amount VARCHAR",
    # Those that are being read.
    CHOSEN: _FINDING,
    # Their paths.
    CHOSEN_PATH: f"""
        number BIGINT,         -- of the finding
        path VARCHAR[], shipments VARCHAR[], broken_at INTEGER, certainty VARCHAR,
        bounds {BOUNDS}, {_EXTRA}
    """,
    # Of each finding that is being read, the path that is shown.
    SHOWN_PATH: f"""
        number BIGINT,         -- of the finding
        paths BIGINT,          -- how many it has
        path VARCHAR[], shipments VARCHAR[], broken_at INTEGER, certainty VARCHAR,
        bounds {BOUNDS}, {_EXTRA}
    """,
}


@dataclass(frozen=True, slots=True)
class ScanTables:
    """The tables of one scan, on the connection of its session, whose end is theirs."""

    connection: duckdb.DuckDBPyConnection

    def create(self) -> None:
        """Make all of them, empty."""
        for table in _COLUMNS:
            self._create(table)

    def fill(self, table: str, rows: str, parameters: Mapping[str, object] | None = None) -> None:
        """Add the rows of a query, whose columns are in the table's order."""
        self.execute(f"INSERT INTO {table} {rows}", parameters)

    def refill(self, table: str, rows: str, parameters: Mapping[str, object] | None = None) -> None:
        """Let a table hold the rows of a query alone."""
        self._create(table)
        self.fill(table, rows, parameters)

    def is_empty(self, table: str) -> bool:
        """Tell whether a table has no row."""
        return bool(self.rows(f"SELECT NOT EXISTS (FROM {table})")[0][0])

    def rows(
        self, query: str, parameters: Mapping[str, object] | None = None
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a query over the tables."""
        return self.execute(query, parameters).fetchall()

    def records(
        self, query: str, parameters: Mapping[str, object] | None = None
    ) -> list[dict[str, Any]]:
        """Return the rows of a query over the tables, by column."""
        result = self.execute(query, parameters)
        columns = [column[0] for column in result.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]

    def execute(
        self, statement: str, parameters: Mapping[str, object] | Sequence[object] | None = None
    ) -> duckdb.DuckDBPyConnection:
        """Run a statement over the tables; what it returns is to be fetched before the next."""
        return self.connection.execute(statement, parameters)

    def _create(self, table: str) -> None:
        self.execute(f"CREATE OR REPLACE TEMP TABLE {table} ({_COLUMNS[table]})")
