"""How files are to be read, where they do not tell it themselves: the options of `load`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import click

from graphchannel.cli._options import senders_option

__all__ = ["reading_options"]

_Command = Callable[..., object]
_OPTIONS: tuple[Callable[[_Command], _Command], ...] = (
    click.option("--table", metavar="TABLE", help="The table that the files hold."),
    click.option("--loader", metavar="NAME", help="The loader that reads the files."),
    click.option(
        "--loaders",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Folder with loader files, used beside the shipped ones.",
    ),
    click.option("--sender", metavar="NAME", help="The sender that the files are of."),
    senders_option,
    click.option(
        "--encoding",
        metavar="[PATTERN=]NAME",
        multiple=True,
        help="Encoding of CSV files, if not UTF-8: cp1252, or 'march*.csv=cp1252' for some.",
    ),
    click.option("--delimiter", metavar="CHAR", help="Delimiter of CSV files, if it is not found."),
    click.option(
        "--decimal",
        metavar="SIGN",
        help="The decimal sign of numbers, point or comma, if not clear.",
    ),
    click.option(
        "--thousands", metavar="SIGN", help="The sign between thousands: point, comma, space, none."
    ),
    click.option(
        "--dates", metavar="ORDER", help="The order of days, dmy, mdy or ymd, if not clear."
    ),
    click.option("--sheet", metavar="PATTERN", help="The sheets to read, such as 'POS *'."),
    click.option(
        "--header-row",
        metavar="N",
        type=click.IntRange(min=1),
        help="The line or row that names the columns, if it is not the first filled one.",
    ),
)


def reading_options(function: _Command) -> _Command:
    """Add the options; the command receives `options: ReadOptions` in place of them."""

    @functools.wraps(function)
    def gathered(
        *,
        table: str | None,
        loader: str | None,
        loaders: Path | None,
        sender: str | None,
        senders: tuple[Path, ...],
        encoding: tuple[str, ...],
        delimiter: str | None,
        decimal: str | None,
        thousands: str | None,
        dates: str | None,
        sheet: str | None,
        header_row: int | None,
        **others: object,
    ) -> object:
        from graphchannel.ingest import Reading, ReadOptions, declared  # noqa: PLC0415 - not for help
        from graphchannel.ingest.source import declared_encodings  # noqa: PLC0415 - with it

        everywhere, encodings = declared_encodings(encoding)
        options = ReadOptions(
            table,
            loader,
            loaders,
            Reading(everywhere, delimiter, sheet, header_row),
            declared(decimal, thousands, dates),
            sender=sender,
            senders=senders,
            encodings=encodings,
        )
        return function(options=options, **others)

    command: _Command = gathered
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
