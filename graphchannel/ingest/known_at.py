"""The workspace as it was known at an earlier load: the rows that stood then, and what follows.

A version of a row stood from the load that brought it to the one that ended it. Taking a load back
rewrites the versions of the rows that it touched; what they were until then is in the SQL schema
`past`, with the load that took it back (`_until`): of a key, the rows of the first such load after
the moment count alone. What is derived is derived again, by the policy of the question.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.batch import same_key
from graphchannel.ingest.derive import (
    derive_parties,
    derive_regions,
    shipment_columns,
    shipment_source,
)
from graphchannel.ingest.load_history import known_loads
from graphchannel.schema import TABLES, Table
from graphchannel.text import literal, quoted
from graphchannel.workspace import (
    PURGED,
    create_workspace,
    first_row,
    one_number,
    open_workspace,
)

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

__all__ = ["copy_known_at", "keep_past", "known_rows", "load_known_at"]

_KNOWN_REJECTS = """
WITH past AS (
    SELECT id, min(_until) AS _until FROM source.past.rejects WHERE _until > {0} GROUP BY id),
known AS (
    FROM source.admin.rejects ANTI JOIN past USING (id)
    UNION ALL BY NAME
    SELECT r.* EXCLUDE (_until) FROM source.past.rejects AS r JOIN past USING (id, _until))
SELECT * REPLACE (
    if(closed > {0}, NULL, closed) AS closed, if(closed > {0}, NULL, closed_as) AS closed_as,
    list_filter(repeated, lambda one: one <= {0}) AS repeated)
FROM known WHERE load <= {0}"""


def load_known_at(workspace: Workspace, moment: str) -> int:
    """Return the number of the last change that was known at a load, or at the end of a day.

    Raises InputError for what is neither, and where nothing was loaded by then or its versions were
    purged.
    """
    connection = workspace.connection
    number = int(moment) if moment.isascii() and moment.isdigit() else _last_of(connection, moment)
    row = first_row(connection, "SELECT min(id), max(id) FROM admin.loads")
    first, last = row if row and row[0] is not None else (None, None)
    if first is None or number is None or number < first:
        when = "nothing is loaded" if first is None else f"load {first} is the first"
        raise InputError(f"Nothing was known at {moment}: {when}; see 'graphchannel loads'.")
    if number > last:
        raise InputError(f"There is no load {number} yet: the last is {last}.")
    purged = int(workspace.meta(PURGED) or 0)
    if number < purged:
        raise InputError(
            f"What was known at load {number} cannot be told: versions that ended up to load "
            f"{purged} were purged."
        )
    return number


def _last_of(connection: duckdb.DuckDBPyConnection, moment: str) -> int | None:
    """Return the last load that was finished by the end of a day, UTC."""
    try:
        day = date.fromisoformat(moment)
    except ValueError as error:
        raise InputError(
            f"'{moment}' is no moment; expected the number of a load, or a day such as 2015-06-30."
        ) from error
    sql = "SELECT max(id) FROM admin.loads WHERE finished_at::DATE <= $day"
    row = first_row(connection, sql, {"day": day})
    return row[0] if row else None


def copy_known_at(path: Path, policy: Policy, load: int) -> Workspace:
    """Copy what was known at a load into a workspace in memory that follows `policy`.

    Versions of rows stay behind. The file is only read. Raises what `open_workspace` raises.
    """
    open_workspace(path).close()  # whatever is wrong with the file is said here
    copy = create_workspace(None, policy)
    try:
        connection = copy.connection
        connection.execute(f"ATTACH {literal(path.absolute())} AS source (READ_ONLY)")
        with copy.transaction():
            _copy_admin(connection, load)
            for table in TABLES:
                if table.name == "shipments":
                    derive_regions(connection, load)
                    derive_parties(connection, load)
                _copy_table(connection, table, load)
        connection.execute("DETACH source")
    except BaseException:
        copy.close()
        raise
    return copy


def keep_past(connection: duckdb.DuckDBPyConnection, table: Table, until: int) -> None:
    """Keep the versions in `_version`, which are to be rewritten, as they were before a load."""
    columns = ", ".join(quoted(name) for name in table.column_names)
    connection.execute(
        f"INSERT INTO past.{table.name} SELECT {columns}, _load, _ended, {until} FROM _version"
    )


def _copy_admin(connection: duckdb.DuckDBPyConnection, load: int) -> None:
    connection.execute(
        f"""INSERT INTO admin.loads {known_loads(load, "source.")};
        INSERT INTO admin.files FROM source.admin.files WHERE load <= {load};
        INSERT INTO admin.file_hashes FROM source.admin.file_hashes WHERE load <= {load};
        INSERT INTO admin.periods FROM source.admin.periods WHERE load <= {load};
        INSERT INTO admin.runs FROM source.admin.runs WHERE load <= {load};
        INSERT INTO admin.run_findings FROM source.admin.run_findings;
        INSERT INTO admin.rejects BY NAME {_KNOWN_REJECTS.format(load)};
        DELETE FROM admin.meta WHERE key = 'id';
        INSERT INTO admin.meta FROM source.admin.meta WHERE key = 'id'"""
    )


def _copy_table(connection: duckdb.DuckDBPyConnection, table: Table, load: int) -> None:
    known = f"({known_rows(connection, table, load)})"
    columns = ", ".join(f"t.{quoted(name)}" for name in (*table.column_names, "_load"))
    source, derived = f"{known} AS t", ""
    if table.name == "shipments":
        source, derived = shipment_source(known), f", {shipment_columns()}, t._load"
    connection.execute(f"INSERT INTO main.{table.name} SELECT {columns}{derived} FROM {source}")


def known_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, load: int, source: str = "source."
) -> str:
    """Select the rows of a table that stood at a load, with `_load`, of the database `source`."""
    name = table.name
    columns = ", ".join(f"v.{quoted(column)}" for column in (*table.column_names, "_load"))
    stood = f"v._load <= {load} AND (v._ended IS NULL OR v._ended > {load})"
    versions = f"""SELECT {columns} FROM {source}main.{name} AS v WHERE v._load <= {load}{{0}}
        UNION ALL SELECT {columns} FROM {source}history.{name} AS v WHERE {stood}{{0}}"""
    count = f"SELECT count(*) FROM {source}past.{name} WHERE _until > {load}"
    if not one_number(connection, count):
        return versions.format("")
    key = ", ".join(quoted(column) for column in table.key)
    rewritten = f"""(SELECT {key}, min(_until) AS _until FROM {source}past.{name}
        WHERE _until > {load} GROUP BY {key})"""
    same = same_key(table, "v", "k")
    others = f" AND NOT EXISTS (SELECT 1 FROM {rewritten} AS k WHERE {same})"
    return f"""{versions.format(others)}
        UNION ALL SELECT {columns} FROM {source}past.{name} AS v JOIN {rewritten} AS k
            ON {same} AND v._until = k._until WHERE {stood}"""
