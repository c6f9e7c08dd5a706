"""A workspace in memory that can stand between two moments: each kind of input as of one of them.

It holds what was known at the later moment, and of every row that differs both versions, in the
tables `before_<table>` and `after_<table>` of the SQL schema `change`, with the kind of its change.
Going from one state to another exchanges these rows alone; what follows from them is derived again.
A row that others refer to is there in every state where those are.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphchannel.ingest.batch import same_key
from graphchannel.ingest.derive import derive
from graphchannel.ingest.known_at import copy_known_at, known_rows
from graphchannel.runs.kinds import KINDS, TABLES_OF
from graphchannel.schema import TABLES, Table, table
from graphchannel.text import literal, quoted
from graphchannel.workspace import one_number, write_policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from graphchannel.policy import Policy
    from graphchannel.runs.kinds import Kind
    from graphchannel.workspace import Workspace

__all__ = ["World", "opened_world"]

_KIND_OF = {name: kind for kind, names in TABLES_OF.items() for name in names}
# In an order in which each table stands before those that it refers to. Serial numbers are of the
# kind of their line, and need no line put back.
_REFERRED = tuple(
    one
    for one in reversed(TABLES)
    if one.name != "shipments"
    and any(one.name in column.references for other in TABLES for column in other.columns)
)


@dataclass(slots=True)
class World:
    """The workspace, which kinds of its rows are those of the later moment, and its policy.

    `changed` are the kinds of which there are rows that differ, by table.
    """

    workspace: Workspace
    changed: dict[str, frozenset[Kind]]
    policy: Policy
    after: frozenset[Kind] = field(default_factory=lambda: frozenset(KINDS))

    @property
    def kinds(self) -> frozenset[Kind]:
        """All kinds of which there are rows that differ."""
        return frozenset(kind for kinds in self.changed.values() for kind in kinds)

    def become(self, after: frozenset[Kind], policy: Policy) -> None:
        """Let the rows of these kinds be those of the later moment, all others the earlier's."""
        flipped = (after ^ self.after) & self.kinds
        another = policy.fingerprint != self.policy.fingerprint
        connection = self.workspace.connection
        if flipped or another:
            with self.workspace.transaction():
                for name, kinds in self.changed.items():
                    again = kinds if table(name) in _REFERRED else kinds & flipped
                    for kind in sorted(again):
                        _exchange(connection, table(name), kind, later=kind in after)
                for one in _REFERRED:
                    if one.name in self.changed:
                        _restore_referred(connection, one)
                if another:
                    write_policy(connection, policy)
                if another or flipped - {"waiver"}:
                    derive(connection, 0)
        self.after, self.policy = after, policy


@contextmanager
def opened_world(path: Path, policy: Policy, before: int, after: int) -> Iterator[World]:
    """Copy what was known at the load `after`, with what differs from what was known at `before`.

    Raises what `copy_known_at` raises.
    """
    with copy_known_at(path, policy, after) as workspace:
        connection = workspace.connection
        connection.execute(f"ATTACH {literal(path.absolute())} AS source (READ_ONLY)")
        connection.execute("CREATE SCHEMA change")
        changed = {one.name: _compare(connection, one, before) for one in TABLES}
        connection.execute("DETACH source")
        yield World(workspace, {name: kinds for name, kinds in changed.items() if kinds}, policy)


def _compare(connection: duckdb.DuckDBPyConnection, one: Table, before: int) -> frozenset[Kind]:
    """Keep the rows of a table that differ, with the kind of each; return the kinds."""
    columns = ", ".join(quoted(name) for name in one.column_names)
    was = f"(SELECT {columns} FROM ({known_rows(connection, one, before)}))"
    now = f"(SELECT {columns} FROM main.{one.name})"
    connection.execute(
        f"""CREATE TABLE change.before_{one.name} AS FROM {was} EXCEPT FROM {now};
        CREATE TABLE change.after_{one.name} AS FROM {now} EXCEPT FROM {was};
        ALTER TABLE change.before_{one.name} ADD COLUMN _load INTEGER;
        ALTER TABLE change.after_{one.name} ADD COLUMN _load INTEGER;
        UPDATE change.after_{one.name} AS v SET _load = o._load FROM main.{one.name} AS o
            WHERE {same_key(one, "v", "o")};
        UPDATE change.before_{one.name} AS v SET _load = o._ended
            FROM source.history.{one.name} AS o
            WHERE o._ended > {before} AND o._load <= {before} AND {same_key(one, "v", "o")}"""
    )
    kinds = set()
    for side, other in (("before", "after"), ("after", "before")):
        kind = _kind(one, side, other)
        connection.execute(
            f"""ALTER TABLE change.{side}_{one.name} ADD COLUMN _kind VARCHAR;
            UPDATE change.{side}_{one.name} AS v SET _kind = {kind}"""
        )
        found = connection.execute(f"SELECT DISTINCT _kind FROM change.{side}_{one.name}")
        kinds |= {kind for (kind,) in found.fetchall()}
    return frozenset(kinds)


def _kind(one: Table, side: str, other: str) -> str:
    """Return, as SQL, the kind of a row `v` that stands on one side."""
    if one.name == "shipments":
        same = same_key(one, "v", "o")
        both = f"EXISTS (SELECT 1 FROM change.{other}_shipments AS o WHERE {same})"
        return f"CASE WHEN {both} THEN 'correction' ELSE '{_ALONE[side]}' END"
    if one.name == "serials":
        return f"""CASE WHEN v.shipment_id IN
            (SELECT id FROM change.{side}_shipments WHERE _kind = '{_ALONE[side]}')
            THEN '{_ALONE[side]}' ELSE 'correction' END"""
    return f"'{_KIND_OF[one.name]}'"


_ALONE = {"before": "withdrawal", "after": "lines"}


def _exchange(
    connection: duckdb.DuckDBPyConnection, one: Table, kind: Kind, *, later: bool
) -> None:
    """Let the rows of a kind be those of one side."""
    gone, come = ("before", "after") if later else ("after", "before")
    columns = ", ".join(quoted(name) for name in one.column_names)
    for side in (gone, come):  # those of the side that comes may be there, as others refer to them
        connection.execute(
            f"""DELETE FROM main.{one.name} AS v USING change.{side}_{one.name} AS o
                WHERE o._kind = '{kind}' AND {same_key(one, "v", "o")}"""
        )
    connection.execute(
        f"""INSERT INTO main.{one.name} BY NAME
            SELECT {columns}, 0 AS _load FROM change.{come}_{one.name} WHERE _kind = '{kind}'"""
    )


def _restore_referred(connection: duckdb.DuckDBPyConnection, one: Table) -> None:
    """Put a row back that is not of this state, but that rows of this state refer to.

    Whenever a state is entered, such tables are put together anew.
    """
    columns = ", ".join(f"v.{quoted(name)}" for name in one.column_names)
    referring = " UNION ALL ".join(
        f"SELECT {quoted(column.name)} AS id FROM main.{other.name}"
        for other in TABLES
        for column in other.columns
        if one.name in column.references
    )
    for side in ("after", "before"):
        while one_number(  # a row of a tree refers to the one above it
            connection,
            f"""INSERT INTO main.{one.name} BY NAME
                SELECT {columns}, 0 AS _load FROM change.{side}_{one.name} AS v
                WHERE v.id NOT IN (SELECT id FROM main.{one.name})
                    AND v.id IN (SELECT id FROM ({referring}) WHERE id IS NOT NULL)""",
        ):
            pass
