"""Comparing a published graph with its workspace: counts and checksums, label by label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphchannel.neo4j import published_state as state
from graphchannel.neo4j.grain import grain_of, parts_of
from graphchannel.neo4j.values import driver_value
from graphchannel.stopping import noted
from graphchannel.workspace import SQL_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb
    import pyarrow as pa

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.parts import GraphPart, Piece
    from graphchannel.workspace import Workspace

__all__ = ["Comparison", "verify"]

_READ = 20_000  # rows fetched at a time
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Comparison:
    """One kind of node, or of relationship between two kinds of nodes, on both sides.

    Checksums do not depend on the order of rows. `examples` are keys of rows that differ.
    """

    name: str
    in_workspace: int
    in_graph: int
    workspace_checksum: str
    graph_checksum: str
    examples: tuple[str, ...]

    @property
    def equal(self) -> bool:
        """Whether both sides hold the same rows."""
        return not self.examples and self.in_workspace == self.in_graph


def verify(workspace: Workspace, link: Link) -> Iterator[Comparison]:
    """Compare every property of every row; yields as it goes. Raises EngineError.

    The graph must have been published from this workspace; what others keep there is not looked at.
    """
    found = state.read(link)
    grain = (grain_of(found.format) if found else None) or "line"
    state.check_published(link, found, state.state_of(workspace, grain))
    for part in parts_of(grain):
        for piece in part.pieces:
            yield _compared(workspace.connection, link, part, piece)


def _compared(
    connection: duckdb.DuckDBPyConnection, link: Link, part: GraphPart, piece: Piece
) -> Comparison:
    columns = ", ".join(f'"{name}"' for name in _names(part, piece))
    hashed = f"hash({columns})"
    with noted(connection.cursor()) as cursor:
        cursor.execute("CREATE OR REPLACE TEMP TABLE in_graph (key VARCHAR, sum UBIGINT)")
        for rows in link.batches(piece.read, _READ):
            cursor.register("read", _arrow(part, piece, rows))
            cursor.execute(f"INSERT INTO in_graph SELECT key, {hashed} FROM {_typed(part, piece)}")
            cursor.unregister("read")
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE in_workspace AS "
            f"SELECT key, {hashed} AS sum FROM {_typed(part, piece, piece.select)}"
        )
        own_count, own_sum = _totals(cursor, "in_workspace")
        count, sum_ = _totals(cursor, "in_graph")
        examples = cursor.execute(
            "SELECT DISTINCT coalesce(a.key, b.key) AS key FROM in_workspace AS a "
            "FULL JOIN in_graph AS b ON a.key = b.key AND a.sum = b.sum "
            f"WHERE a.key IS NULL OR b.key IS NULL ORDER BY key LIMIT {_EXAMPLES}"
        ).fetchall()
    keys = tuple(str(key) for (key,) in examples)
    return Comparison(piece.name, own_count, count, own_sum, sum_, keys)


def _totals(cursor: duckdb.DuckDBPyConnection, table: str) -> tuple[int, str]:
    count, total = cursor.execute(
        f"SELECT count(*), coalesce(sum(sum::HUGEINT), 0) FROM {table}"
    ).fetchall()[0]
    return int(count), f"{int(total) % 2**64:016x}"


def _names(part: GraphPart, piece: Piece) -> list[str]:
    ends = ["source", "target"] if part.relationships else []
    return ["key", *ends, *(name for name, _ in piece.columns)]


def _typed(part: GraphPart, piece: Piece, select: str | None = None) -> str:
    """Cast both sides alike: the hash of a number depends on its type."""
    texts = [f'"{name}"' for name in _names(part, piece)[: -len(piece.columns) or None]]
    casts = [f'"{name}"::{SQL_TYPES[kind]} AS "{name}"' for name, kind in piece.columns]
    source = "read" if select is None else f"({select})"
    return f"(SELECT {', '.join([*texts, *casts])} FROM {source})"


def _arrow(part: GraphPart, piece: Piece, rows: list[tuple[Any, ...]]) -> pa.Table:
    import pyarrow as pa  # noqa: PLC0415 - not needed to import this module

    columns = zip(*rows, strict=True)
    names = _names(part, piece)
    arrays = [pa.array([driver_value(value) for value in column]) for column in columns]
    return pa.Table.from_arrays(arrays, names=names)
