"""Plain rows, such as those of an ad-hoc query, as table, JSON or CSV."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

from graphchannel.report.csv_report import write_rows
from graphchannel.report.figures import Figures, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["write_result"]


def write_result(
    columns: Sequence[str], rows: Sequence[Sequence[object]], stream: TextIO, format_: str
) -> None:
    """Write rows in one of the formats `table`, `json` (a list of objects) and `csv`."""
    if format_ == "json":
        documents = [dict(zip(columns, map(plain, row), strict=True)) for row in rows]
        json.dump(documents, stream, ensure_ascii=False, indent=2, default=str)
        stream.write("\n")
    elif format_ == "csv":
        write_rows(columns, ([_cell(value) for value in row] for row in rows), stream)
    else:
        _write_table(columns, rows, stream)


def _write_table(columns: Sequence[str], rows: Sequence[Sequence[object]], stream: TextIO) -> None:
    from rich.table import Table  # noqa: PLC0415 - only tables need rich
    from rich.text import Text  # noqa: PLC0415 - with it

    from graphchannel.report.console import console_for  # noqa: PLC0415 - imports rich

    console = console_for(stream)
    table = Table(show_edge=False, pad_edge=False)
    for number, column in enumerate(columns):
        is_number = all(isinstance(row[number], int | float | Decimal | None) for row in rows)
        table.add_column(
            Text(column),
            justify="right" if is_number and rows else "left",
            overflow="fold",
            # A figure that is cut is a wrong figure, an id in two parts cannot be copied.
            no_wrap=is_number or (not number and _are_ids(rows, at_most=console.width // 2)),
        )
    for row in rows:
        table.add_row(*(Text(_shown(value)) for value in row))
    console.print(table)


def _are_ids(rows: Sequence[Sequence[object]], *, at_most: int) -> bool:
    """Whether the first cells are words, and leave the others room."""
    cells = [_shown(row[0]) for row in rows]
    return all(len(cell) <= at_most and not re.search(r"\s", cell) for cell in cells)


def _shown(value: object) -> str:
    """Return a value for people: figures by name as `3 gold; 12,346 EUR`, none as nothing."""
    if isinstance(value, Figures):
        return "; ".join(
            f"{figure:,.0f} {name}" for name, figure in value.by_name.items() if figure
        )
    return "" if value is None else str(_cell(value))


def _cell(value: object) -> object:
    """Return a value that fits one cell: lists and maps as JSON."""
    value = plain(value)
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return value
