"""What people do with sender files: have one proposed, checked, and tried on a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import SenderError, did_you_mean
from graphchannel.files import write_whole
from graphchannel.ingest.readers.staging import stage
from graphchannel.ingest.senders.catalogue import refuse_open
from graphchannel.ingest.senders.look import look_at
from graphchannel.ingest.senders.propose import propose
from graphchannel.ingest.senders.read import read_sender
from graphchannel.ingest.senders.write import sender_name, sender_text
from graphchannel.ingest.source import RECORD, ReadOptions
from graphchannel.schema import TABLES
from graphchannel.text import quoted
from graphchannel.workspace_file import connect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import duckdb

    from graphchannel.ingest.staged import Staged

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A sender file that was proposed: where it is, how many questions and open answers it has."""

    path: Path
    questions: int
    open: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What a sender makes of the first records of a file, for one table: a row for each column."""

    table: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]


def draft(
    file: Path,
    folder: Path,
    *,
    name: str | None = None,
    table: str | None = None,
    overwrite: bool = False,
) -> Draft:
    """Propose a sender for a file, as `NAME.toml` in a folder, which is made if there is none.

    Raise SenderError if there is one already or the name or table cannot be, InputError if nothing
    can be told of the file.
    """
    names = [each.name for each in TABLES]
    if table is not None and table not in names:
        raise SenderError(
            f"There is no table '{table}' (tables: {', '.join(names)}).{did_you_mean(table, names)}"
        )
    proposal = propose(look_at(file), table)
    chosen = name or sender_name(file.name.partition(".")[0])
    if not chosen.replace("-", "").replace("_", "").isalnum():
        raise SenderError(f"'{chosen}' is no name for a sender; use letters, digits, '-' and '_'.")
    path = folder / f"{chosen}.toml"
    if path.exists() and not overwrite:
        raise SenderError(
            f"{path}: the sender is there already; give another name (--name), or --force to "
            "write over it."
        )
    text = sender_text(proposal)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, text)
    sender = read_sender(path)
    return Draft(path, sum(line.startswith("# ? ") for line in text.splitlines()), len(sender.open))


def sender_files(paths: Iterable[Path]) -> list[Path]:
    """Return the sender files that `paths`, files or folders, stand for.

    Raises SenderError for a folder without any.
    """
    files: list[Path] = []
    for path in paths:
        found = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not found:
            raise SenderError(f"{path}: the folder holds no sender (a file NAME.toml).")
        files += found
    return files


def check(path: Path) -> None:
    """Raise SenderError for a sender file that is wrong, or not confirmed."""
    refuse_open(read_sender(path))


def try_on(path: Path, file: Path) -> list[Trial]:
    """Read a file as a sender writes it, and return its first rows; nothing is loaded.

    Raise SenderError or InputError as a load does. Names are not looked up: there is no workspace.
    """
    with connect(None, write=True) as connection:
        staged = stage(connection, file, ReadOptions(sender=str(path)))
        return [_trial(connection, each) for each in staged]


def _trial(connection: duckdb.DuckDBPyConnection, staged: Staged) -> Trial:
    names = (RECORD, *staged.columns)
    records = connection.execute(
        f"SELECT {', '.join(map(quoted, names))} FROM {staged.rows} ORDER BY ALL LIMIT {_SHOWN}"
    ).fetchall()
    numbers, *values = zip(*records, strict=True) if records else ((), *((),) * len(staged.columns))
    rows = tuple(
        (name, staged.names.get(name, ""), *("" if each is None else str(each) for each in row))
        for name, row in zip(staged.columns, values, strict=True)
        if name in staged.names or any(each is not None for each in row)  # not said of any line
    )
    header = ("column", "from", *(f"record {number}" for number in numbers))
    return Trial(staged.table, header, rows, staged.warnings)
