"""Records of a CSV file that are none: fields that are all blank, and a header that comes again.

Spreadsheets write rows of delimiters behind the last record; whoever joins files leaves the header
of each between the records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphchannel.text import literal, quoted
from graphchannel.workspace import first_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

_MARK = "\ufeff"  # the byte-order mark


class NoRecords(NamedTuple):
    """How many rows of a relation are no records, and the condition of those that are."""

    blank: int
    repeated: int
    kept: str


def no_records(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[str],
    header: Sequence[str],
) -> NoRecords:
    """Find the rows that are no records; `header` are the fields of the header as they stand."""
    first = f"lower(trim({quoted(columns[0])}))"
    own = header[0].strip().casefold()
    # Most files have none: one column says so at once. A joined file may bring its mark, too.
    maybe = f"coalesce({first}, '') IN ('', {literal(own)}, {literal(_MARK + own)})"
    filled = (f"nullif(trim({quoted(name)}), '')" for name in columns)
    blank = f"coalesce({', '.join(filled)}) IS NULL"
    again = " AND ".join(
        f"coalesce(ltrim(lower(trim({quoted(name)})), {literal(_MARK)}), '')"
        f" = {literal(text.strip().casefold())}"
        for name, text in zip(columns, header, strict=True)
    )
    found = first_row(
        connection,
        f"""SELECT count(*) FILTER ({blank}), count(*) FILTER ({again})
        FROM (SELECT * FROM {relation} WHERE {maybe})""",
    )
    blanks, repeated = found or (0, 0)
    return NoRecords(blanks, repeated, f"NOT coalesce({maybe} AND ({blank} OR {again}), false)")
