"""The tables of a workspace's file, made once.

SQL schemas of the file:

* `main`: one table for each of `schema.TABLES`, with `_load`, the load that last changed a row's
  content; `shipments` also carries what is derived of it, and `_derived`, the load that last
  changed that;
* `history`: versions that a later load superseded or withdrew (`_load` to before `_ended`);
* `past`: versions as they were until a load was taken back, by the change that did it (`_until`):
  see `ingest.known_at`; `past.rejects` likewise;
* `derived`: the policy as rows, the closures over regions, and `party_day`, which says for each
  party and day the role and city that shipments are derived from;
* `graph`: one view for each of `schema.RELATIONS`, which queries are compiled against; a file
  of the format before this one differs in its views alone;
* `admin`: loads, files, the days that a reporter's lines of a load are of (`periods`), rejects,
  scans that were run (`runs`), the texts that they followed and what they found (see `runs.store`),
  what was done about findings (`work`, see `worklist.store`), what partners were given (`packs`),
  the rows of the last scan (`kept_…`, see `findings.kept_rows`), and `meta`.

There is no primary key on purpose: it doubles the time of a load, and loading keeps keys unique by
itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.policy import END_USER, END_USER_TIER, VENDOR, VENDOR_TIER
from graphchannel.schema import DERIVED, EVERYWHERE, RELATIONS, TABLES, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from graphchannel.policy import Policy

__all__ = [
    "DERIVED_COLUMNS",
    "FORMAT",
    "FORMAT_BEFORE",
    "KEPT",
    "SQL_TYPES",
    "WORK_TABLES",
    "create_tables",
    "forget_kept",
    "renew_views",
    "write_policy",
]

FORMAT = "6"  # of the file; a workspace of another format is not opened
FORMAT_BEFORE = "5"  # but of this one, once it has the views of `FORMAT`
SQL_TYPES: dict[Kind, str] = {
    Kind.STRING: "VARCHAR",
    Kind.INTEGER: "BIGINT",
    Kind.FLOAT: "DOUBLE",
    Kind.DECIMAL: "DECIMAL(18,4)",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.DATE: "DATE",
}
DERIVED_COLUMNS = tuple(column.name for column in DERIVED)  # of shipments

_STATEMENTS = """
CREATE SCHEMA history;
CREATE SCHEMA past;
CREATE SCHEMA derived;
CREATE SCHEMA graph;
CREATE SCHEMA admin;
CREATE TABLE derived.policy_role
    (id VARCHAR, name VARCHAR, rank INTEGER, supply_tier INTEGER, section VARCHAR, _load INTEGER);
CREATE TABLE derived.policy_may_supply
    (seller_role VARCHAR, buyer_role VARCHAR, ruling VARCHAR, section VARCHAR, rule VARCHAR,
     _load INTEGER);
CREATE TABLE derived.policy_must_offer
    (role VARCHAR, capability VARCHAR, section VARCHAR, _load INTEGER);
CREATE TABLE derived.city_within (city_id VARCHAR, region_id VARCHAR, _load INTEGER);
CREATE TABLE derived.region_within (inner_id VARCHAR, region_id VARCHAR, _load INTEGER);
CREATE TABLE derived.party_day
    (id VARCHAR, first DATE, last DATE, role VARCHAR, tier INTEGER, city_id VARCHAR, _load INTEGER);
CREATE TABLE admin.meta (key VARCHAR, value VARCHAR);
CREATE TABLE admin.loads
    (id INTEGER, kind VARCHAR, about VARCHAR, finished_at TIMESTAMP, withdrawn BIGINT,
     retried BIGINT);
CREATE TABLE admin.files
    (load INTEGER, file VARCHAR, "table" VARCHAR, loader VARCHAR, because VARCHAR, records BIGINT,
     added BIGINT, corrected BIGINT, unchanged BIGINT, rejected BIGINT, skipped BIGINT);
CREATE TABLE admin.file_hashes (load INTEGER, file VARCHAR, bytes BIGINT, sha256 VARCHAR);
CREATE TABLE admin.confirmed (load INTEGER, "table" VARCHAR, key UBIGINT);
CREATE TABLE admin.periods
    (load INTEGER, reporter VARCHAR, first DATE, last DATE, replaced BOOLEAN);
CREATE TABLE admin.rejects
    (id BIGINT, load INTEGER, file VARCHAR, record BIGINT, "table" VARCHAR, "column" VARCHAR,
     code VARCHAR, reason VARCHAR, raw VARCHAR, delivered JSON, loader VARCHAR, repeated INTEGER[],
     closed INTEGER, closed_as VARCHAR);
CREATE TABLE admin.texts (hash VARCHAR, text VARCHAR);
CREATE TABLE admin.runs
    (number INTEGER, key VARCHAR, id VARCHAR, ran_at TIMESTAMP, load INTEGER, as_of DATE,
     whole BOOLEAN, manifest JSON);
CREATE TABLE admin.run_findings
    (fingerprint VARCHAR, rule VARCHAR, subject VARCHAR, object VARCHAR, identity VARCHAR,
     lines BIGINT, quantity HUGEINT,
     amount STRUCT(currency VARCHAR, amount DECIMAL(38,4))[], first DATE, last DATE,
     line_set UBIGINT, waived BOOLEAN, _run INTEGER, _ended INTEGER);
CREATE TABLE past.rejects AS SELECT *, 0 AS _until FROM admin.rejects LIMIT 0;
"""

KEPT = "kept"  # `meta`: the program that wrote the rows of the last scan

# Made apart, too: a workspace of an earlier version gets them when they are first written.
WORK_TABLES = """
CREATE TABLE IF NOT EXISTS admin.work
    (number BIGINT, done_at TIMESTAMP, who VARCHAR, fingerprint VARCHAR, what VARCHAR,
     value VARCHAR, reason VARCHAR, line VARCHAR, run INTEGER);
CREATE TABLE IF NOT EXISTS admin.packs
    (pack VARCHAR, partner VARCHAR, as_of DATE, made_at TIMESTAMP, findings JSON);
"""


def create_tables(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Make all schemas, tables and views in an empty database, and write the policy."""
    # In one go, since each call has a price of its own.
    connection.execute("".join((_STATEMENTS, WORK_TABLES, *_tables(), *_views())))
    connection.execute(
        "INSERT INTO derived.region_within VALUES ($all, $all, 0)", {"all": EVERYWHERE}
    )
    connection.execute("INSERT INTO admin.meta VALUES ('format', ?)", [FORMAT])
    # Tells published graphs which workspace they follow: load numbers mean nothing in another one.
    connection.execute("INSERT INTO admin.meta VALUES ('id', uuid()::VARCHAR)")
    write_policy(connection, policy)


def renew_views(connection: duckdb.DuckDBPyConnection) -> None:
    """Make a workspace of `FORMAT_BEFORE` one of `FORMAT`, within the caller's transaction."""
    connection.execute("".join(_views()))
    connection.execute("UPDATE admin.meta SET value = ? WHERE key = 'format'", [FORMAT])


def _tables() -> Iterator[str]:
    """Say how each canonical table is made, its history and its past."""
    for table in TABLES:
        columns = ", ".join(f'"{c.name}" {SQL_TYPES[c.kind]}' for c in table.columns)
        derived = (
            "".join(f", {name} VARCHAR" for name in DERIVED_COLUMNS) + ", _derived INTEGER"
            if table.name == "shipments"
            else ""
        )
        version = f"{columns}, _load INTEGER, _ended INTEGER"
        yield f"CREATE TABLE main.{table.name} ({columns}, _load INTEGER{derived});"
        yield f"CREATE TABLE history.{table.name} ({version});"
        yield f"CREATE TABLE past.{table.name} ({version}, _until INTEGER);"


def _views() -> Iterator[str]:
    names = RELATIONS.items()
    return (f"CREATE OR REPLACE VIEW graph.{name} AS {select};" for name, select in names)


def forget_kept(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop the rows that are kept of the last scan, in a transaction of the caller's."""
    names = connection.execute(
        """SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()
           AND schema_name = 'admin' AND starts_with(table_name, 'kept_')"""
    ).fetchall()
    for (name,) in names:
        connection.execute(f"DROP TABLE admin.{name}")
    connection.execute(f"DELETE FROM admin.meta WHERE key = '{KEPT}'")


def write_policy(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Make the policy's rows and its fingerprint those of `policy`.

    Shipments are not derived again: that is `ingest.derive.refresh_policy`.
    """
    roles = [
        (VENDOR, "Vendor", 0, VENDOR_TIER, None, 0),
        *(
            (role.id, role.name, role.rank, role.supply_tier, role.section, 0)
            for role in policy.roles
        ),
        (END_USER, "End user", len(policy.roles) + 1, END_USER_TIER, None, 0),
    ]
    supply = [(s.seller, s.buyer, s.ruling, s.section, s.rule, 0) for s in policy.supply]
    offers = [(o.role, o.capability, o.section, 0) for o in policy.obligations]
    for table, rows in (
        ("policy_role", roles),
        ("policy_may_supply", supply),
        ("policy_must_offer", offers),
    ):
        connection.execute(f"DELETE FROM derived.{table}")
        if rows:
            row = f"({', '.join('?' for _ in rows[0])})"
            values = ", ".join(row for _ in rows)
            flat = [value for each in rows for value in each]
            connection.execute(f"INSERT INTO derived.{table} VALUES {values}", flat)
    connection.execute("DELETE FROM admin.meta WHERE key = 'policy'")
    connection.execute("INSERT INTO admin.meta VALUES ('policy', ?)", [policy.fingerprint])
