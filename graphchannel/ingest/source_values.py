"""Read the values of a source: what its canonical columns need, and what is said of cleaning."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from graphchannel.ingest.values.read import WHY, read_values
from graphchannel.ingest.values.reading import need
from graphchannel.text import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from graphchannel.ingest.staged import Staged
    from graphchannel.ingest.values.read import Values
    from graphchannel.schema import Table


def read_source(connection: duckdb.DuckDBPyConnection, table: Table, staged: Staged) -> Values:
    """Read the canonical columns that a source delivers."""
    needs = [
        need(column, staged.names.get(column.name))
        for column in table.columns
        if column.name in staged.columns
    ]
    also = ("_record", "_delivered") if staged.by_row else ("_record",)
    return read_values(connection, staged.rows, needs, staged.forms, also=also)


def cleaned(file: str, remarks: Sequence[str]) -> tuple[str, ...]:
    """Say in one sentence what was cleaned of a file, if anything was."""
    return (f"{file}: values were cleaned: {'; '.join(remarks)}.",) if remarks else ()


def said_of_rows(file: str, remarks: Sequence[str], repeated: int) -> tuple[str, ...]:
    """Say what was cleaned of a file, and how many of its rows say what an earlier one says.

    >>> said_of_rows("pos.csv", (), 2)
    ('pos.csv: 2 rows repeat an earlier row of this load exactly; each such row counts once.',)
    """
    if not repeated:
        return cleaned(file, remarks)
    rows = f"{counted(repeated, 'row')} {'repeats' if repeated == 1 else 'repeat'}"
    told = f"{file}: {rows} an earlier row of this load exactly; each such row counts once."
    return (*cleaned(file, remarks), told)


def keep_problems(connection: duckdb.DuckDBPyConnection, values: Values) -> str | None:
    """Keep what could not be read of the source; None if all was."""
    if not values.refused:
        return None
    name = f"problems_{uuid.uuid4().hex[:12]}"
    connection.execute(
        f"CREATE TEMP TABLE {name} AS SELECT _record, {WHY} FROM {values.relation}"
        f" WHERE {WHY} IS NOT NULL"
    )
    return name
