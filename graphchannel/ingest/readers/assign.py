"""Decide what a source delivers: a table by name, an export of rejects, or a loader by columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.errors import InputError, did_you_mean
from graphchannel.ingest.columns import match_columns, unread
from graphchannel.ingest.flaws import merged, take_flawed
from graphchannel.ingest.loaders.catalogue import all_loaders, find_loader, recognise
from graphchannel.ingest.loaders.run import run_loader
from graphchannel.ingest.readers.corrected import is_export, stage_corrected
from graphchannel.ingest.readers.fitting import asked_table, missing_columns, table_named
from graphchannel.ingest.senders.apply import run_sender
from graphchannel.ingest.senders.catalogue import find_sender
from graphchannel.ingest.senders.model import SENDER
from graphchannel.ingest.source import RECORD, fresh_name, listed
from graphchannel.ingest.staged import Staged
from graphchannel.schema import Kind
from graphchannel.text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from graphchannel.ingest.loaders.catalogue import Loaders
    from graphchannel.ingest.source import ReadOptions, Source
    from graphchannel.ingest.values import Forms
    from graphchannel.schema import Table


def assign(
    connection: duckdb.DuckDBPyConnection, source: Source, format_: str, options: ReadOptions
) -> list[Staged]:
    """Return what the source delivers; an empty list if nobody knows.

    In this order: `--loader`, `--table`, an export of rejects, the table that the sheet or file is
    named after (unless it lacks a required column and a loader fits), the loader that fits the
    columns. Raises InputError for a table whose required column is missing.
    """
    if options.loader:
        because = f"Loader '{options.loader}' was asked for."
        loader = find_loader(options.loader, options.loaders)
        return run_loader(connection, loader, source, because, options.forms)
    if options.table:
        asked = asked_table(options.table)
        return [_as_table(connection, source, asked, "The table was asked for.", options.forms)]
    if is_export(source.columns):
        return stage_corrected(connection, source, _rereads(connection, options), options.forms)
    named = _named(source.stems)
    if named and not missing_columns(named[0], source.columns):
        return [_as_table(connection, source, *named, options.forms)]
    loaders = all_loaders(options.loaders)
    fitting = recognise(source.label, source.columns, format_, loaders)
    if fitting:
        because = f"The source has all columns of loader '{fitting.name}'."
        told = replace(source, warnings=(*source.warnings, *_left_out(loaders)))
        return run_loader(connection, fitting, told, because, options.forms)
    return [_as_table(connection, source, *named, options.forms)] if named else []


def _rereads(
    connection: duckdb.DuckDBPyConnection, options: ReadOptions
) -> Callable[[str], Callable[[Source, str], list[Staged]]]:
    """Return how records are read again by what had read them, a loader or a sender."""

    def find(name: str) -> Callable[[Source, str], list[Staged]]:
        if name.startswith(SENDER):
            sender = find_sender(name.removeprefix(SENDER), options.senders)
            return lambda source, because: run_sender(connection, sender, source, because)
        loader = find_loader(name, options.loaders)
        return lambda source, because: run_loader(
            connection, loader, source, because, options.forms
        )

    return find


def _left_out(loaders: Loaders) -> tuple[str, ...]:
    return tuple(f"{each} The other loaders are used." for each in loaders.broken)


def _named(stems: tuple[str, ...]) -> tuple[Table, str] | None:
    for stem in stems:
        table = table_named(stem)
        if table:
            return table, f"The name '{stem}' says table {table.name}."
    return None


def _as_table(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    table: Table,
    because: str,
    forms: Forms,
) -> Staged:
    lacks = _lacks(source, table)
    chosen, warnings = _match(source, table)
    days = [own for name, own in chosen.items() if table.column(name).kind is Kind.DATE]
    read = {own: name for name, own in chosen.items()}
    flawed = take_flawed(connection, source, read, days)
    rows = fresh_name("rows")
    selected = "".join(f", {quoted(own)} AS {quoted(name)}" for name, own in chosen.items())
    connection.execute(
        f"CREATE TEMP VIEW {rows} AS SELECT {RECORD}{selected} FROM {source.relation}"
    )
    return Staged(
        file=source.label,
        table=table.name,
        source=source.relation,
        rows=rows,
        columns=tuple(chosen),
        records=source.records,
        rejects=merged(source.rejects, flawed),
        because=because,
        warnings=(*source.warnings, *warnings),
        forms=forms,
        names={name: own for name, own in chosen.items() if own != name},
        lacks=lacks,
    )


def _lacks(source: Source, table: Table) -> str | None:
    """Say which required column is missing, if one is; raise InputError where that is a mistake.

    A source of keys and something else can tell more of rows that are known, unless one of its
    columns seems to be the one that is missing.
    """
    missing = missing_columns(table, source.columns)
    if not missing:
        return None
    hint = _delimiter_hint(source) or did_you_mean(missing[0], source.columns)
    said = (
        f"{source.label}: column '{missing[0]}' is missing, which table {table.name} requires "
        f"(the source has: {listed(source.columns)}).{hint}"
    )
    brought, _ = match_columns(source.label, source.columns, table.column_names)
    if hint or not {*missing}.isdisjoint(table.key) or {*brought} <= {*table.key}:
        raise InputError(said)
    return said


def _delimiter_hint(source: Source) -> str:
    """Say what else a header of one column can mean: names parted by a character of its own."""
    one = source.columns[0] if len(source.columns) == 1 else ""
    if "  " in one:
        return (
            " The columns seem to have fixed widths, which graphchannel does not read; have the "
            "file sent with a delimiter."
        )
    parted = any(not each.isalnum() and each not in "_- " for each in one)
    return " If another character parts the columns, name it with --delimiter." if parted else ""


def _match(source: Source, table: Table) -> tuple[dict[str, str], list[str]]:
    """Return the source's column for each canonical one, and warnings about the others."""
    chosen, others = match_columns(source.label, source.columns, table.column_names)
    inexact = {own: name for name, own in chosen.items() if own != name}
    said = [f"column '{own}' is taken for '{name}'." for own, name in inexact.items()]
    if len(said) > 1:
        pairs = listed([f"'{own}' for '{name}'" for own, name in inexact.items()])
        said = [f"{len(inexact)} columns are taken for what they resemble: {pairs}."]
    taken = [f"{source.label}: {each}" for each in said]
    left = unread(source.label, f"table {table.name}", others, table.column_names)
    return chosen, [*taken, *left]
