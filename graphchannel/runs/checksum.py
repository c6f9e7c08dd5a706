"""A checksum of the rows that stand in a workspace: the same for the same rows, in any order.

Of each table it is the sum of a number for each row, so that it follows from an earlier one and
from what came and went since. A load that was taken back in between rewrites history: then all rows
are summed again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.schema import TABLES, Table
from graphchannel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import duckdb

__all__ = ["Checksum", "checksum"]

_MODULUS = 2**64


@dataclass(frozen=True, slots=True)
class Checksum:
    """The state of a workspace at a load: by table how many rows, and their sum."""

    load: int
    tables: Mapping[str, tuple[int, int]]

    @property
    def digest(self) -> str:
        """The SHA-256 of all tables, as hex."""
        lines = (f"{name} {rows} {total}\n" for name, (rows, total) in sorted(self.tables.items()))
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def checksum(
    connection: duckdb.DuckDBPyConnection, load: int, earlier: Checksum | None = None
) -> Checksum:
    """Sum up what stands, at its last load, from an earlier state of the same workspace if any."""
    if earlier is not None and earlier.load == load:
        return earlier
    if earlier is not None and _rewritten(connection, earlier.load):
        earlier = None
    return Checksum(load, {table.name: _table(connection, table, earlier) for table in TABLES})


def _rewritten(connection: duckdb.DuckDBPyConnection, since: int) -> bool:
    """Tell whether a load was taken back, or versions were purged, after a load."""
    sql = "SELECT count(*) FROM admin.loads WHERE kind IN ('unload', 'purge') AND id > $since"
    ((count,),) = connection.execute(sql, {"since": since}).fetchall()
    return bool(count)


def _table(
    connection: duckdb.DuckDBPyConnection, table: Table, earlier: Checksum | None
) -> tuple[int, int]:
    if earlier is None:
        return _sum(connection, table, "main", "true")
    since = earlier.load
    came = _sum(connection, table, "main", f"_load > {since}")
    went = _sum(connection, table, "history", f"_load <= {since} AND _ended > {since}")
    rows, total = earlier.tables[table.name]
    return rows + came[0] - went[0], (total + came[1] - went[1]) % _MODULUS


def _sum(
    connection: duckdb.DuckDBPyConnection, table: Table, schema: str, condition: str
) -> tuple[int, int]:
    values = ", ".join(f"coalesce({quoted(name)}::VARCHAR, chr(30))" for name in table.column_names)
    ((rows, total),) = connection.execute(
        f"""SELECT count(*), coalesce(sum(md5_number_lower(concat_ws(chr(31), {values}))), 0)
            FROM {schema}.{table.name} WHERE {condition}"""
    ).fetchall()
    return rows, int(total) % _MODULUS
