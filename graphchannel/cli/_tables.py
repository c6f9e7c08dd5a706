"""Tables for people, on standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_NO_TERMINAL = 200  # columns: a log or a file has no width of its own


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, footer: Sequence[object] = ()
) -> None:
    """Print a table: numbers to the right, None as nothing, `footer` as the last row."""
    from rich import box  # noqa: PLC0415 - imported when something is printed
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from graphchannel.report.console import PlainConsole  # noqa: PLC0415 - imports rich

    listed = [list(row) for row in rows]
    table = Table(box=box.SIMPLE_HEAD, show_footer=bool(footer), pad_edge=False)
    for index, name in enumerate(columns):
        numeric = all(isinstance(row[index], int) for row in listed) and bool(listed)
        table.add_column(
            Text(name),
            Text(_shown(footer[index])) if footer else "",
            justify="right" if numeric else "left",
            overflow="fold",
        )
    for row in listed:
        table.add_row(*(Text(_shown(value)) for value in row))
    console = PlainConsole(highlight=False)
    if not console.is_terminal:
        console.width = _NO_TERMINAL
    console.print(table)


def counted(number: int, noun: str) -> str:
    """Say a number of things.

    >>> counted(1, "row"), counted(2500, "row")
    ('1 row', '2,500 rows')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _shown(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else str(value)
