"""Ids in place of names: of parties, products and places that are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.source import RECORD
from graphchannel.schema import table as canonical
from graphchannel.text import quoted

if TYPE_CHECKING:
    import duckdb

    from graphchannel.ingest.senders.cells import Cells


def with_ids(
    connection: duckdb.DuckDBPyConnection, cells: Cells, made: str, columns: tuple[str, ...]
) -> str:
    """Return a SELECT of the rows `made`, and their `_numbers`, with ids in place of names.

    It is for a view, so that names which the same load brings are found: conform reads it after the
    tables that a row refers to. A name that is nobody's, or that of two, stays as it is, and its
    row is rejected. Names are compared without regard to case and blanks.
    """
    named = [name for name, cell in cells.present.items() if cell.names]
    if set(named) & {"seller_id", "buyer_id"}:  # a return has turned them round
        named = [*dict.fromkeys((*named, "seller_id", "buyer_id"))]
    if not named or not _has_tables(connection):
        return f"SELECT * FROM {made}"
    items = [RECORD, *(["made._numbers"] if "serial" in cells.present else [])]
    joins = []
    for name in columns:
        if name in named:
            items.append(f"coalesce(of_{name}.id, made.{quoted(name)}) AS {quoted(name)}")
            known, text = _names(cells.table.column(name).references), f"made.{quoted(name)}"
            joins.append(f"LEFT JOIN ({known}) AS of_{name} ON of_{name}.name = {_same(text)}")
        else:
            items.append(f"made.{quoted(name)}")
    return f"SELECT {', '.join(items)} FROM {made} AS made {' '.join(joins)}"


def _names(tables: tuple[str, ...]) -> str:
    """Select names that are those of one row alone, and nobody's id."""
    named = [each for each in tables if "name" in canonical(each).column_names]
    rows = " UNION ALL ".join(f"SELECT id, name FROM main.{each}" for each in named)
    return (
        f"SELECT name, any_value(id) AS id FROM (SELECT id, {_same('name')} AS name FROM ({rows})) "
        f"WHERE name NOT IN (SELECT {_same('id')} FROM ({rows})) "
        "GROUP BY name HAVING count(DISTINCT id) = 1"
    )


def _same(text: str) -> str:
    blanks = r"[\s\x{00a0}\x{2007}\x{202f}]+"
    return f"lower(trim(regexp_replace(nfc_normalize({text}), '{blanks}', ' ', 'g')))"


def _has_tables(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'main' AND table_name = 'vendors'"
    ).fetchall()
    return bool(found)
