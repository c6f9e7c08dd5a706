"""The workspace: one DuckDB file with the canonical tables, their history and what follows.

SQL schemas of the file:

* `main`: one table for each of `schema.TABLES`, with `_load`, the load that last changed a row's
  content; `shipments` also carries what is derived of it, and `_derived`, the load that last
  changed that;
* `history`: versions that a later load superseded or withdrew (`_load` to before `_ended`);
* `derived`: the policy as rows, the closures over regions, and `party_day`, which says for each
  party and day the role and city that shipments are derived from;
* `graph`: one view for each of `schema.RELATIONS`, which queries are compiled against;
* `admin`: loads, files, the days that a reporter's lines of a load are of (`periods`), rejects and
  `meta`.

One process writes, or many read. There is no primary key on purpose: it doubles the time of a load,
and loading keeps keys unique by itself.
"""

from __future__ import annotations

import weakref
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

import duckdb

from graphchannel.errors import WorkspaceError, WorkspaceOutdated
from graphchannel.policy import END_USER, END_USER_TIER, VENDOR, VENDOR_TIER
from graphchannel.schema import DERIVED, EVERYWHERE, RELATIONS, TABLES, Kind
from graphchannel.session import WorkspaceSession, open_session, read_meta
from graphchannel.workspace_file import connect, discard, part_name, put_in_place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from graphchannel.policy import Policy

__all__ = [
    "COPIED",
    "DERIVED_COLUMNS",
    "SQL_TYPES",
    "Workspace",
    "create_workspace",
    "first_row",
    "one_number",
    "open_or_create_workspace",
    "open_workspace",
    "workspace_to_fill",
    "write_policy",
]

COPIED = "copied"  # `meta` of a workspace in memory that was read from a graph: from where
FORMAT = "3"  # of the file; a workspace of another format is not opened

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
CREATE TABLE admin.confirmed (load INTEGER, "table" VARCHAR, key UBIGINT);
CREATE TABLE admin.periods
    (load INTEGER, reporter VARCHAR, first DATE, last DATE, replaced BOOLEAN);
CREATE TABLE admin.rejects
    (id BIGINT, load INTEGER, file VARCHAR, record BIGINT, "table" VARCHAR, "column" VARCHAR,
     code VARCHAR, reason VARCHAR, raw VARCHAR, delivered JSON, loader VARCHAR, repeated INTEGER[],
     closed INTEGER, closed_as VARCHAR);
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open workspace; leaving it as a context manager closes it. `path` is None in memory.

    `connection` is for one thread at a time, and for no temporary table that outlives a call: see
    `session`.
    """

    connection: duckdb.DuckDBPyConnection
    path: Path | None
    _sessions: weakref.WeakSet[WorkspaceSession] = field(
        default_factory=weakref.WeakSet, init=False, repr=False, compare=False
    )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and the sessions on it; harmless when closed already."""
        for session in list(self._sessions):
            session.close("The workspace of this result was closed; open it and run it again.")
        self.connection.close()

    def session(self) -> WorkspaceSession:
        """Open a session of its own for a scan or an analysis; each thread needs one."""
        session = open_session(self.connection)
        self._sessions.add(session)
        return session

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what the block did, or, when it raises, nothing of it."""
        self.connection.execute("BEGIN")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            # A statement that failed to commit has ended the transaction already.
            with suppress(duckdb.TransactionException):
                self.connection.execute("ROLLBACK")
            raise

    def meta(self, key: str) -> str | None:
        """Return what `admin.meta` says of `key`."""
        return read_meta(self.connection, key)

    @property
    def policy_fingerprint(self) -> str | None:
        """The fingerprint of the policy that the derived rows follow."""
        return self.meta("policy")


def create_workspace(path: Path | None, policy: Policy) -> Workspace:
    """Make a workspace at `path`, where there is none yet; in memory if `path` is None.

    Raise WorkspaceError if there is any file, WorkspaceBusy if another process makes one at the
    same time. A kill leaves all of it or nothing.
    """
    if path is None or path.exists():
        return _made(path, policy)
    made = part_name(path)
    try:
        _made(made, policy).close()
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    put_in_place(made, path)
    return open_workspace(path, write=True)


def _made(path: Path | None, policy: Policy) -> Workspace:
    connection = connect(path, write=True)
    try:
        _refuse_used(connection, path)
        workspace = Workspace(connection, path)
        with workspace.transaction():
            _create(connection, policy)
    except BaseException:
        connection.close()
        raise
    return workspace


def open_workspace(path: Path, *, write: bool = False) -> Workspace:
    """Open the workspace at `path`, read-only unless `write`.

    Raise WorkspaceError if it is missing, foreign or of another format, WorkspaceBusy if another
    process holds it.
    """
    if not path.exists():
        raise WorkspaceError(
            f"{path}: there is no workspace here; run 'graphchannel load' first, or name another "
            "file with --workspace."
        )
    connection = connect(path, write=write)
    try:
        _check(connection, path)
    except BaseException:
        connection.close()
        raise
    return Workspace(connection, path)


def open_or_create_workspace(path: Path, policy: Policy) -> Workspace:
    """Open the workspace at `path` for writing; make it where there is none."""
    if not path.exists():
        return create_workspace(path, policy)
    connection = connect(path, write=True)
    try:
        known = _is_workspace(connection)
    finally:
        connection.close()
    return open_workspace(path, write=True) if known else create_workspace(path, policy)


@contextmanager
def workspace_to_fill(path: Path, policy: Policy) -> Iterator[Workspace]:
    """Open the workspace at `path` for writing, or make it; close it in the end.

    One that was made goes again when the block raises: a misspelt first load leaves no empty
    workspace, which would look like one with no rows.
    """
    new = not path.exists()
    workspace = open_or_create_workspace(path, policy)
    try:
        yield workspace
    except BaseException:
        if new:
            discard(workspace.connection, path)
        raise
    finally:
        workspace.close()


def first_row(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: object = None
) -> tuple[Any, ...] | None:
    """Return the first row of a query, None if it has none.

    All of the result is fetched: DuckDB refuses some work while a result stands open, and
    `fetchone` leaves it open.
    """
    rows = connection.execute(sql, parameters).fetchall()
    return rows[0] if rows else None


def one_number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Return the one number that a query or a statement that writes gives."""
    row = first_row(connection, sql)
    return 0 if row is None else int(row[0])


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
            marks = ", ".join("?" for _ in rows[0])
            connection.executemany(f"INSERT INTO derived.{table} VALUES ({marks})", rows)
    connection.execute("DELETE FROM admin.meta WHERE key = 'policy'")
    connection.execute("INSERT INTO admin.meta VALUES ('policy', ?)", [policy.fingerprint])


def _create(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    connection.execute(_STATEMENTS)
    for table in TABLES:
        columns = ", ".join(f'"{c.name}" {SQL_TYPES[c.kind]}' for c in table.columns)
        derived = (
            "".join(f", {name} VARCHAR" for name in DERIVED_COLUMNS) + ", _derived INTEGER"
            if table.name == "shipments"
            else ""
        )
        connection.execute(f"CREATE TABLE main.{table.name} ({columns}, _load INTEGER{derived})")
        connection.execute(
            f"CREATE TABLE history.{table.name} ({columns}, _load INTEGER, _ended INTEGER)"
        )
    connection.execute(
        "INSERT INTO derived.region_within VALUES ($all, $all, 0)", {"all": EVERYWHERE}
    )
    for name, select in RELATIONS.items():
        connection.execute(f"CREATE VIEW graph.{name} AS {select}")
    connection.execute("INSERT INTO admin.meta VALUES ('format', ?)", [FORMAT])
    # Tells published graphs which workspace they follow: load numbers mean nothing in another one.
    connection.execute("INSERT INTO admin.meta VALUES ('id', uuid()::VARCHAR)")
    write_policy(connection, policy)


def _is_workspace(connection: duckdb.DuckDBPyConnection) -> bool:
    sql = (
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'admin' AND table_name = 'meta'"
        " AND database_name = current_database()"
    )
    return first_row(connection, sql) is not None


def _refuse_used(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    if _is_workspace(connection):
        raise WorkspaceError(f"{path}: there is a workspace here already.")
    _refuse_foreign(connection, path)


def _refuse_foreign(connection: duckdb.DuckDBPyConnection, path: Path | None) -> None:
    tables = first_row(connection, "SELECT table_name FROM duckdb_tables() LIMIT 1")
    if tables:
        raise WorkspaceError(
            f"{path}: this DuckDB file is no workspace (it has a table '{tables[0]}'); name "
            "another file with --workspace."
        )


def _check(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    if not _is_workspace(connection):
        _refuse_foreign(connection, path)
        raise WorkspaceError(f"{path}: nothing is loaded yet; run 'graphchannel load' first.")
    row = first_row(connection, "SELECT value FROM admin.meta WHERE key = 'format'")
    if row is None or row[0] != FORMAT:
        found = None if row is None else row[0]
        raise WorkspaceOutdated(
            f"{path}: the workspace has format {found}, this version reads format {FORMAT}; load "
            "the files again into a new workspace."
        )
