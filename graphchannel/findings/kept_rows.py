"""The rows that rules returned in the last scan, kept in the workspace beside its run.

They stand in `admin.kept_<table>`, a table for each of the scan's, with the rule's id; what they
hang on stands in `admin.kept_rule`. They travel with the file: one that is taken from a backup has
the rows of its own past. `admin.meta` says which program wrote them; another begins anew.
"""

from __future__ import annotations

import platform
from dataclasses import astuple, dataclass
from importlib import metadata
from typing import TYPE_CHECKING

from graphchannel.findings.tables import HIT, LINE, NODE, PATH, RULE
from graphchannel.rules.cache import hash_of_sources
from graphchannel.session import read_meta
from graphchannel.workspace_tables import KEPT, forget_kept

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    import duckdb
    import pyarrow as pa

    from graphchannel.findings.tables import ScanTables

__all__ = [
    "KeptRule",
    "KeptScan",
    "put_back",
    "read_kept_rules",
    "rows_of",
    "write_kept",
]

ROWS = (HIT, LINE, NODE, PATH)
_SOURCES = ("compiler", "schema", "rules", "analysis", "engines", "findings", "policy", "text.py")
_LIBRARIES = ("duckdb", "pyarrow", "lark", "sqlglot")
_RULE = """
CREATE TABLE IF NOT EXISTS admin.kept_rule
    (rule VARCHAR, key VARCHAR, rows VARCHAR, load INTEGER, finished_at TIMESTAMP, until DATE,
     counted VARCHAR, population BIGINT)
"""
# Of a load with that number that is another one, nothing is kept.
_READ = """
SELECT k.* FROM admin.kept_rule AS k
JOIN admin.loads AS l ON l.id = k.load AND l.finished_at = k.finished_at
"""


@dataclass(frozen=True, slots=True)
class KeptRule:
    """What the rows of a rule hang on.

    `key` is a hash of all that is no row of the workspace, `load` the last one before the scan,
    with the moment when it ended, `until` the last day that counted. `rows` tells these rows from
    any others of the rule. `counted` is the key of the population, null without one.
    """

    rule: str
    key: str
    rows: str
    load: int
    finished_at: datetime
    until: date
    counted: str | None = None
    population: int | None = None


@dataclass(frozen=True, slots=True)
class KeptScan:
    """What a scan leaves to the next.

    `rules` are those that were evaluated. `anew` are those whose rows are in `rows`, by the name of
    the scan's table; those of the others are kept already. `gone` are rules of which nothing is to
    be kept any longer, and with `alone` all that the scan did not evaluate.
    """

    rules: tuple[KeptRule, ...]
    anew: frozenset[str]
    gone: frozenset[str]
    alone: bool
    rows: Mapping[str, pa.Table]


def read_kept_rules(connection: duckdb.DuckDBPyConnection) -> dict[str, KeptRule]:
    """Return the rules whose rows are kept, by id."""
    if read_meta(connection, KEPT) != _program():
        return {}
    return {row[0]: KeptRule(*row) for row in connection.execute(_READ).fetchall()}


def put_back(
    tables: ScanTables, table: str, number: int, rule: str, condition: str = "true"
) -> None:
    """Fill a table of the scan with the rows `k` that are kept of a rule, some of them at will."""
    tables.fill(
        table,
        f"SELECT {number}, k.* EXCLUDE rule FROM admin.kept_{table} AS k"
        f" WHERE k.rule = $kept_rule AND ({condition})",
        {"kept_rule": rule},
    )


def rows_of(tables: ScanTables, rules: Collection[str]) -> dict[str, pa.Table]:
    """Return what the tables of a scan hold of some rules, by table, with the ids of rules."""
    return {
        table: tables.connection.sql(
            f"""SELECT r.id AS rule, t.* EXCLUDE rule FROM {table} AS t
                JOIN {RULE} AS r ON r.number = t.rule
                WHERE r.id IN (SELECT unnest($kept::VARCHAR[])) ORDER BY r.number""",
            params={"kept": sorted(rules)},
        ).to_arrow_table()
        for table in ROWS
    }


def write_kept(connection: duckdb.DuckDBPyConnection, kept: KeptScan) -> None:
    """Keep rows, in a workspace that is open for writing and a transaction of the caller's.

    Nothing is kept of a workspace that is not that of the scan, nor of rules whose rows another
    scan has replaced since they were read.
    """
    if not kept.rules or not _is_known(connection, kept.rules[0]):
        return
    if read_meta(connection, KEPT) != _program():
        _begin_anew(connection, kept)
    stored = dict(connection.execute("SELECT rule, rows FROM admin.kept_rule").fetchall())
    wanted = [
        one for one in kept.rules if one.rule in kept.anew or stored.get(one.rule) == one.rows
    ]
    named = {one.rule for one in kept.rules}
    stale = kept.gone | (set(stored) - named if kept.alone else set())
    _delete(connection, ROWS, stale | kept.anew)
    _delete(connection, ("rule",), stale | {one.rule for one in wanted})
    if wanted:
        marks = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * len(wanted))
        values = [value for one in wanted for value in astuple(one)]
        connection.execute(f"INSERT INTO admin.kept_rule VALUES {marks}", values)
    for table, rows in kept.rows.items():
        if rows.num_rows:
            _from_arrow(connection, f"INSERT INTO admin.kept_{table} BY NAME FROM _kept", rows)


def _is_known(connection: duckdb.DuckDBPyConnection, one: KeptRule) -> bool:
    """Tell whether the workspace has the load that a scan saw, and no other by its number."""
    sql = "SELECT 1 FROM admin.loads WHERE id = $load AND finished_at = $at"
    return bool(connection.execute(sql, {"load": one.load, "at": one.finished_at}).fetchall())


def _begin_anew(connection: duckdb.DuckDBPyConnection, kept: KeptScan) -> None:
    forget_kept(connection)
    connection.execute(_RULE)
    for table, rows in kept.rows.items():
        create = f"CREATE TABLE admin.kept_{table} AS SELECT * FROM _kept LIMIT 0"
        _from_arrow(connection, create, rows)
    connection.execute("INSERT INTO admin.meta VALUES (?, ?)", [KEPT, _program()])


def _delete(
    connection: duckdb.DuckDBPyConnection, tables: Collection[str], rules: Collection[str]
) -> None:
    for table in tables if rules else ():
        connection.execute(
            f"DELETE FROM admin.kept_{table} WHERE rule IN (SELECT unnest($gone::VARCHAR[]))",
            {"gone": sorted(rules)},
        )


def _from_arrow(connection: duckdb.DuckDBPyConnection, statement: str, rows: pa.Table) -> None:
    connection.register("_kept", rows)
    try:
        connection.execute(statement)
    finally:
        connection.unregister("_kept")


def _program() -> str:
    """Return what tells this program, and what it runs on, from any other that judges."""
    libraries = " ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES)
    return f"{hash_of_sources(_SOURCES)} {platform.python_version()} {libraries}"
