"""Stage a file through a sender: which sender it is of, how it is read, which sheets are his."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeVar

from graphchannel.errors import InputError
from graphchannel.ingest.readers.sheets import refuse_alike
from graphchannel.ingest.senders.apply import run_sender
from graphchannel.ingest.senders.catalogue import (
    all_senders,
    find_sender,
    lacking,
    only,
    refuse_open,
)
from graphchannel.ingest.source import drop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.senders.model import Sender
    from graphchannel.ingest.source import Reading, ReadOptions, Source
    from graphchannel.ingest.staged import Staged
    from graphchannel.ingest.values import Forms

    _Reader = Callable[[duckdb.DuckDBPyConnection, Path, Reading], list[Source]]

_Declared = TypeVar("_Declared", "Reading", "Forms")


@dataclass(frozen=True, slots=True)
class Claim:
    """The sender that a file is of, and in a sentence why."""

    sender: Sender
    because: str


def claimed(path: Path, options: ReadOptions) -> Claim | None:
    """Return the sender that was asked for, or whose `files` the file is one of, and why.

    None if there is no such sender, or a table or loader was asked for. Raise SenderError for one
    that is not there, or two that claim the file.
    """
    if options.sender:
        sender = find_sender(options.sender, options.senders)
        return Claim(sender, f"Sender '{options.sender}' was asked for.")
    if options.table or options.loader:
        return None
    found = all_senders(options.senders).of_file(path)
    return Claim(found, f"Sender '{found.name}' claims files with this name.") if found else None


def stage_claimed(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    options: ReadOptions,
    claim: Claim,
    read: _Reader,
) -> list[Staged]:
    """Read a file as the sender says and stage each sheet that has his columns.

    Raise SenderError if he is not confirmed, or no sheet has them.
    """
    refuse_open(claim.sender)
    sender = replace(claim.sender, forms=_either(claim.sender.forms, options.forms))
    reading = _either(options.reading, sender.reading)
    sources = [
        _with_header(connection, path, source, sender, reading, read)
        for source in read(connection, path, reading)
    ]
    fitting = [source for source in sources if not lacking(sender, source.columns)]
    staged: list[Staged] = []
    for source in fitting or sources[:1]:  # the first says what it lacks
        if source.problem:
            raise InputError(source.problem)
        staged += run_sender(connection, sender, source, claim.because)
    left = [source for source in sources if source not in fitting]
    for source in left if fitting else ():
        refuse_alike(path, source, fitting)
    told = tuple(
        f"{source.label}: the sheet lacks column '{lacking(sender, source.columns)[0]}' of sender "
        f"'{sender.name}'; it is not read."
        for source in left
    )
    return [replace(staged[0], warnings=(*staged[0].warnings, *told)), *staged[1:]]


def by_columns(
    connection: duckdb.DuckDBPyConnection, path: Path, options: ReadOptions, read: _Reader
) -> list[Staged]:
    """Stage a file that is no table and fits no loader, by the sender whose columns it has.

    A sender is tried with his own way of reading, since without it nobody may see his columns.
    Empty if none has. Raise SenderError if the columns are those of two, or of one not confirmed.
    """
    senders = all_senders(options.senders)
    fitting: list[Sender] = []
    for sender in senders.all:
        if sender.files:
            continue
        try:
            sources = read(connection, path, _either(options.reading, sender.reading))
        except InputError:
            continue  # not his, if it cannot be read as he writes
        if any(not lacking(sender, source.columns) for source in sources):
            fitting.append(sender)
    one = only(path.name, fitting)
    if one is None:
        return []
    claim = Claim(one, f"The file has all columns of sender '{one.name}'.")
    return stage_claimed(connection, path, options, claim, read)


def _with_header(  # noqa: PLR0917 - what stage_claimed has at hand
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    source: Source,
    sender: Sender,
    reading: Reading,
    read: _Reader,
) -> Source:
    """Return the source as it reads with the row that has the sender's columns, below a title."""
    if reading.header_row is not None or not lacking(sender, source.columns):
        return source
    for number, names in source.head:
        if not lacking(sender, names):
            sheet = source.stems[0] if source.sheet else None
            found = read(connection, path, replace(reading, header_row=number, sheet=sheet))
            drop(connection, {source.relation})
            return found[0]
    return source


def _either(first: _Declared, second: _Declared) -> _Declared:
    """Take what the first leaves open from the second."""
    values = {
        each.name: getattr(second, each.name)
        for each in fields(first)
        if getattr(first, each.name) in {None, ()}
    }
    return replace(first, **values)
