"""Cells that must not be read: their records are rejected, if somebody reads the column.

An error of a spreadsheet in a column that nobody reads does no harm.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from graphchannel.ingest.source import RECORD
from graphchannel.ingest.staged import SourceReject
from graphchannel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import duckdb

    from graphchannel.ingest.source import Source

ZERO_DATE = "holds 0 in the format of a date (00/01/1900), which is no day; clear the cell"


def take_flawed(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    read: Mapping[str, str],
    days: Collection[str] = (),
) -> list[SourceReject]:
    """Take the records with a flaw in a column of `read` out of the source; return their rejects.

    `read` gives, for the source's name of each column that is read, the one to speak of. Of a
    column of `days` a zero is no flaw: that is how a spreadsheet shows that there is none. The
    first flaw of a record is told. To be called once for a source: its flaws are gone afterwards.
    """
    if source.flaws is None:
        return []
    wanted = {"names": list(read), "days": list(days), "zero": ZERO_DATE}
    bad = f"""FROM {source.flaws} WHERE list_contains($names, name)
        AND NOT (flaw = $zero AND list_contains($days, name))"""
    flawed = f"SELECT {RECORD} {bad}"
    columns = ", ".join(f"own.{quoted(name)}" for name in source.columns)
    found = connection.execute(
        f"""SELECT bad.{RECORD}, bad.name, bad.flaw, {columns} FROM {source.relation} AS own
        JOIN (SELECT DISTINCT ON ({RECORD}) * {bad} ORDER BY {RECORD}, name) AS bad
            USING ({RECORD})
        ORDER BY bad.{RECORD}""",
        wanted,
    ).fetchall()
    connection.execute(f"DELETE FROM {source.relation} WHERE {RECORD} IN ({flawed})", wanted)
    connection.execute(f"DROP TABLE {source.flaws}")
    return [
        SourceReject(
            record,
            f"{read[name]} {flaw}.",
            json.dumps(dict(zip(source.columns, row, strict=True)), ensure_ascii=False),
            column=read[name],
        )
        for record, name, flaw, *row in found
    ]


def merged(one: Sequence[SourceReject], other: Sequence[SourceReject]) -> tuple[SourceReject, ...]:
    """Return rejects of one source in the order of its records."""
    return tuple(sorted((*one, *other), key=lambda reject: reject.record))
