"""Short ways to write a source file and to look at what a reader made of it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from graphchannel.ingest.readers import Reading, ReadOptions, stage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphchannel.ingest.staged import Staged

Row = tuple[Any, ...]


@dataclass
class Desk:
    """A folder to write sources into, and a connection to stage them on."""

    folder: Path
    connection: duckdb.DuckDBPyConnection

    def write(self, name: str, content: bytes | str) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def stage(self, name: str, content: bytes | str, **options: Any) -> list[Staged]:
        return stage(self.connection, self.write(name, content), _options(options))

    def stage_one(self, name: str, content: bytes | str, **options: Any) -> Staged:
        [staged] = self.stage(name, content, **options)
        return staged

    def rows(self, staged: Staged, *columns: str) -> list[Row]:
        """`_record` and the columns (all, if none are named) of what was staged."""
        names = ", ".join(("_record", *(columns or staged.columns)))
        return self.connection.execute(
            f"SELECT {names} FROM {staged.rows} ORDER BY _record"
        ).fetchall()

    def source(self, staged: Staged) -> list[Row]:
        return self.connection.execute(f"FROM {staged.source} ORDER BY _record").fetchall()


def _options(given: dict[str, Any]) -> ReadOptions:
    """Sort names of `Reading` and of `ReadOptions`."""
    of_reading = {each.name for each in fields(Reading)}
    reading = Reading(**{name: given[name] for name in given if name in of_reading})
    others = {name: given[name] for name in given if name not in of_reading}
    return ReadOptions(**others, reading=reading)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with duckdb.connect() as connection:
        yield Desk(tmp_path, connection)
