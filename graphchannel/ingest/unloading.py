"""Take a load back: the workspace as if it had not been loaded.

What a load did to a row is in the row's versions: those that it ended are restored, those that it
began are taken away, unless a later load delivered the same row again (`admin.confirmed`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.batch import differs, key_number, same_key
from graphchannel.ingest.derive import derive
from graphchannel.ingest.known_at import keep_past
from graphchannel.ingest.load_history import begin_load, finish_load, loads
from graphchannel.ingest.references import dangling, on_cycle_select
from graphchannel.schema import PARTIES, TABLES, Table
from graphchannel.text import quoted
from graphchannel.workspace import DERIVED_COLUMNS, PURGED, first_row, one_number

if TYPE_CHECKING:
    import duckdb

    from graphchannel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class UnloadReport:
    """What taking a load back did; `load` is the number of the change that did it.

    `removed` counts rows that stand no more, `restored` rows that an earlier version stands for
    again and rows that the load had withdrawn, `reopened` rejects that the load had settled.
    """

    load: int
    unloaded: int
    removed: int
    restored: int
    reopened: int


def unload(workspace: Workspace, number: int) -> UnloadReport:
    """Take load `number` back.

    Raise InputError, and change nothing, if there is no such load, or if later loads stand on it.
    """
    connection = workspace.connection
    with workspace.transaction():
        _refuse_unless_loaded(workspace, number)
        _refuse_retried_later(connection, number)
        load = begin_load(connection)
        removed = restored = 0
        shrunk = []
        for table in TABLES:
            gone, back = _unload_table(connection, table, number, load)
            removed += gone
            restored += back
            if gone:
                shrunk.append(table.name)
        _refuse_broken(connection, number, shrunk)
        reopened = _settle_rejects(connection, number, load)
        connection.execute("UPDATE admin.loads SET kind = 'unloaded' WHERE id = ?", [number])
        derive(connection, load)
        finish_load(connection, load, kind="unload", about=str(number))
    return UnloadReport(load, number, removed, restored, reopened)


def _refuse_unless_loaded(workspace: Workspace, number: int) -> None:
    known = [entry.load for entry in loads(workspace) if entry.kind == "load"]
    if number not in known:
        there = ", ".join(str(load) for load in known) or "none"
        raise InputError(f"There is no load {number} to take back (there are: {there}).")
    if number <= int(workspace.meta(PURGED) or 0):
        raise InputError(
            f"Load {number} cannot be taken back: the versions that it ended were purged."
        )


def _refuse_retried_later(connection: duckdb.DuckDBPyConnection, number: int) -> None:
    row = first_row(
        connection,
        "SELECT count(*), list(DISTINCT closed ORDER BY closed) FROM admin.rejects"
        " WHERE load = ? AND closed_as = 'retried' AND closed <> load",
        [number],
    )
    if row is not None and row[0]:
        later = ", ".join(str(load) for load in row[1])
        raise InputError(
            f"Load {number} cannot be taken back: {row[0]} of its rows were rejected at first and "
            f"accepted with load {later}. Take load {later} back before it."
        )


def _unload_table(
    connection: duckdb.DuckDBPyConnection, table: Table, number: int, until: int
) -> tuple[int, int]:
    """Rewrite the versions of the keys that a load touched; count rows removed and restored.

    What they were stays known of the time before the change `until`.
    """
    columns = ", ".join(quoted(name) for name in table.column_names)
    key = ", ".join(quoted(name) for name in table.key)
    same = same_key(table, "v", "o")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE _touched_key AS
            SELECT {key} FROM main.{table.name} WHERE _load = {number}
            UNION SELECT {key} FROM history.{table.name}
            WHERE _load = {number} OR _ended = {number};
        CREATE OR REPLACE TEMP TABLE _old AS
            SELECT {columns}, _load FROM main.{table.name} AS v SEMI JOIN _touched_key AS o ON
            {same};
        CREATE OR REPLACE TEMP TABLE _version AS
            SELECT *, NULL::INTEGER AS _ended FROM _old
            UNION ALL
            SELECT {columns}, _load, _ended FROM history.{table.name} AS v
            SEMI JOIN _touched_key AS o ON {same}"""
    )
    if not one_number(connection, "SELECT count(*) FROM _touched_key"):
        return 0, 0
    keep_past(connection, table, until)
    _take_out(connection, table, number)
    unset = ""
    if table.name == "shipments":  # what is derived follows at the end
        unset = "".join(", NULL" for _ in DERIVED_COLUMNS) + f", {number}"
    connection.execute(
        f"""DELETE FROM main.{table.name} AS v USING _touched_key AS o WHERE {same};
        DELETE FROM history.{table.name} AS v USING _touched_key AS o WHERE {same};
        INSERT INTO main.{table.name} SELECT {columns}, _load{unset} FROM _version
            WHERE _ended IS NULL;
        INSERT INTO history.{table.name} SELECT {columns}, _load, _ended FROM _version
            WHERE _ended IS NOT NULL"""
    )
    removed = one_number(
        connection,
        f"SELECT count(*) FROM _old AS v ANTI JOIN main.{table.name} AS o ON {same}",
    )
    kept = f"SELECT 1 FROM _old AS o WHERE {same} AND NOT ({differs(table, 'v', 'o')})"
    restored = one_number(
        connection,
        f"SELECT count(*) FROM _version AS v WHERE _ended IS NULL AND NOT EXISTS ({kept})",
    )
    return removed, restored


def _take_out(connection: duckdb.DuckDBPyConnection, table: Table, number: int) -> None:
    """Make `_version` what it would be without a load; one runs from `_load` to `_ended`."""
    same = same_key(table, "v", "o")
    # What the load ended lasts until the next version, or the next snapshot, which lacks the row:
    # had it been there, `admin.confirmed` would say so.
    snapshots = (
        f"SELECT min(id) FROM admin.loads WHERE kind = 'load' AND id > {number}"
        f" AND list_contains(string_split(about, ', '), '{table.name}')"
    )
    if table.name == "shipments":  # or the next report of the period that the line is of
        periods = (
            "SELECT min(p.load) FROM admin.periods AS p JOIN admin.loads AS l ON l.id = p.load"
            f" WHERE l.kind = 'load' AND p.replaced AND p.load > {number}"
            " AND p.reporter = v.reporter_id AND v.shipped_on BETWEEN p.first AND p.last"
        )
        snapshots = f"SELECT least(({snapshots}), ({periods}))"
    elif table.name == "serials":  # or until the line of the unit was withdrawn
        lines = (
            f"SELECT max(h._ended) FROM history.shipments AS h WHERE h.id = v.shipment_id"
            f" AND h._ended > {number} AND h.id NOT IN (SELECT id FROM main.shipments)"
        )
        snapshots = f"SELECT least(({snapshots}), ({lines}))"
    connection.execute(
        # A version that a later load confirmed begins with that load.
        f"""CREATE OR REPLACE TEMP TABLE _begins AS
            SELECT v.* EXCLUDE (_load), min(c.load) AS _load FROM _version AS v
            JOIN admin.confirmed AS c
              ON c."table" = '{table.name}' AND c.key = {key_number(table, "v")}
             AND c.load > {number} AND (v._ended IS NULL OR c.load < v._ended)
            WHERE v._load = {number} GROUP BY ALL;
        UPDATE _version AS v SET _load = o._load FROM _begins AS o
            WHERE v._load = {number} AND {same};
        UPDATE _version AS v SET _ended = o._load FROM _begins AS o
            WHERE v._ended = {number} AND {same};
        DELETE FROM _version WHERE _load = {number};
        UPDATE _version AS v SET _ended = least(
                (SELECT min(o._load) FROM _version AS o WHERE {same} AND o._load > {number}),
                ({snapshots}))
            WHERE v._ended = {number};
        CREATE OR REPLACE TEMP TABLE _merged AS
            SELECT o.*, v._load AS _since FROM _version AS v
            JOIN _version AS o ON {same} AND o._load = v._ended
            WHERE NOT ({differs(table, "v", "o")});
        INSERT INTO admin.confirmed
            SELECT o._load, '{table.name}', {key_number(table, "o")} FROM _merged AS o;
        DELETE FROM _version AS v USING _merged AS o WHERE {same} AND v._load = o._since;
        UPDATE _version AS v SET _load = o._since FROM _merged AS o
            WHERE {same} AND v._load = o._load"""
    )


def _refuse_broken(connection: duckdb.DuckDBPyConnection, number: int, shrunk: list[str]) -> None:
    """Raise InputError if what later loads brought cannot stand without this one."""
    phrases = dangling(connection, shrunk)
    parties = " UNION ALL ".join(f"SELECT id FROM main.{name}" for name in PARTIES)
    shared = first_row(
        connection,
        f"SELECT id FROM ({parties}) GROUP BY id HAVING count(*) > 1 ORDER BY id LIMIT 1",
    )
    if shared is not None:
        phrases.append(f"id '{shared[0]}' would stand for two parties")
    for table in TABLES:
        if table.hierarchy:
            parents = f"(SELECT id, {quoted(table.hierarchy)} AS parent FROM main.{table.name})"
            circle = first_row(connection, f"{on_cycle_select(parents)} LIMIT 1")
            if circle is not None:
                phrases.append(f"{table.name} '{circle[0]}' would be a part of itself")
    if phrases:
        raise InputError(
            f"Load {number} cannot be taken back, because later loads stand on it: "
            f"{'; '.join(phrases)}. Take those loads back before it."
        )


def _settle_rejects(connection: duckdb.DuckDBPyConnection, number: int, load: int) -> int:
    """Close the load's own rejects, reopen those that it had settled; return how many.

    A row that a later load brought again is a reject of that one from now on.
    """
    connection.execute(
        f"""INSERT INTO past.rejects SELECT *, {load} FROM admin.rejects
            WHERE load = {number} OR closed = {number} OR list_contains(repeated, {number});
        DELETE FROM admin.confirmed WHERE load = {number};
        UPDATE admin.rejects SET repeated = list_filter(repeated, lambda one: one <> {number});
        UPDATE admin.rejects SET load = repeated[1], repeated = repeated[2:]
            WHERE load = {number} AND len(repeated) > 0;
        UPDATE admin.rejects SET closed = {load}, closed_as = 'unloaded'
            WHERE load = {number} AND closed IS NULL"""
    )
    return one_number(
        connection,
        f"""UPDATE admin.rejects SET closed = NULL, closed_as = NULL
            WHERE closed = {number} AND load <> {number}
                AND load NOT IN (SELECT id FROM admin.loads WHERE kind = 'unloaded')""",
    )
