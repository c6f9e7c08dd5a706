"""The graph as a lake: one folder of Parquet files for each relation, and a manifest.

Lines, and the units on them, lie in a folder for each month (`month=2015-06`), sorted by seller,
so that a question about some months or some sellers reads little of them.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from graphchannel.errors import EngineError, InputError
from graphchannel.files import replacing_folder, sha256_of
from graphchannel.schema import RELATIONS
from graphchannel.text import counted, literal
from graphchannel.workspace import LAKE
from graphchannel.workspace_file import LAKE_MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

    from graphchannel.workspace import Workspace

__all__ = [
    "MANIFEST",
    "SORTED",
    "WORKSPACE",
    "Lake",
    "LakeFile",
    "LakeTable",
    "check_current",
    "check_free",
    "default_lake",
    "export_lake",
    "read_lake",
    "relation",
    "write_file",
    "write_manifest",
    "write_table",
]

FORMAT = 2
MANIFEST = LAKE_MANIFEST
WORKSPACE = "workspace.duckdb"  # in a lake that was loaded: all but its lines
SORTED = {"supplied": "seller_id, id", "handed_over": "seller_id, _id"}  # by month, then so


@dataclass(frozen=True, slots=True)
class LakeFile:
    """A file below the lake's folder: its path there, rows, bytes and SHA-256."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LakeTable:
    """A relation of the graph and the files that hold it."""

    name: str
    files: tuple[LakeFile, ...]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(file.rows for file in self.files)

    @property
    def size(self) -> int:
        """How many bytes its files have."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake: which workspace it was written from, after which load, under which policy."""

    workspace: str
    load: int
    policy: str | None
    tables: tuple[LakeTable, ...]


def default_lake(workspace: Path | None) -> Path:
    """Return where the lake of a workspace is, unless another place is named.

    Raises EngineError for a workspace in memory, which has none.
    """
    if workspace is None:
        raise EngineError("A workspace in memory has no lake; export one, and name it with --lake.")
    return workspace.parent if workspace.name == WORKSPACE else workspace.with_suffix(".lake")


def export_lake(workspace: Workspace, folder: Path) -> Lake:
    """Write the graph of a workspace; the same workspace gives the same files.

    The folder is written beside and takes its place whole. Raises InputError for a folder that
    holds something else, and for a workspace whose lines stand in a lake; OSError where it cannot
    be written.
    """
    if workspace.meta(LAKE) is not None:
        raise InputError("The lines of this workspace stand in a lake already: the one around it.")
    check_free(folder)
    if (folder / WORKSPACE).exists():
        raise InputError(
            f"{folder}: 'graphchannel load --into' wrote this lake, and a workspace in it; name "
            "another folder."
        )
    with (
        workspace.session() as session,
        session.reading() as connection,
        replacing_folder(folder) as made,
    ):
        tables = tuple(write_table(connection, name, made) for name in sorted(RELATIONS))
        revision = session.revision
        lake = Lake(session.meta("id") or "", revision.load, revision.policy, tables)
        write_manifest(lake, made)
    return lake


def write_manifest(lake: Lake, folder: Path) -> None:
    """Write what a lake consists of. Raises OSError."""
    text = json.dumps({"format": FORMAT} | asdict(lake), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", "utf-8")


def read_lake(folder: Path) -> Lake:
    """Read the manifest of a lake. Raises EngineError where there is none that can be read."""
    try:
        content = json.loads((folder / MANIFEST).read_text("utf-8"))
        found = content.pop("format")
        if found != FORMAT:
            raise EngineError(
                f"{folder}: another version of graphchannel wrote this lake (format {found}); "
                "run 'graphchannel export' again."
            )
        return _lake(content)
    except FileNotFoundError:
        raise EngineError(
            f"{folder}: there is no lake; write one with 'graphchannel export {folder}'."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise EngineError(
            f"{folder / MANIFEST} is no manifest of a lake; run 'graphchannel export' again."
        ) from error


def check_current(lake: Lake, folder: Path, workspace: Workspace) -> None:
    """Raise EngineError unless the lake is what an export of the workspace would write now."""
    with workspace.session() as session:
        identity, revision = session.meta("id") or "", session.revision
    if lake.workspace != identity:
        raise EngineError(
            f"{folder}: the lake was written from another workspace; name that one, or another "
            "--lake."
        )
    if (lake.load, lake.policy) != (revision.load, revision.policy):
        behind = f"load {lake.load}" if lake.load != revision.load else "another policy"
        raise EngineError(
            f"{folder}: the lake follows {behind}, the workspace is at load {revision.load}; run "
            "'graphchannel export' again."
        )


def _lake(content: dict[str, Any]) -> Lake:
    tables = [
        LakeTable(table["name"], tuple(LakeFile(**file) for file in table["files"]))
        for table in content["tables"]
    ]
    return Lake(content["workspace"], content["load"], content["policy"], tuple(tables))


def check_free(folder: Path) -> None:
    """Raise InputError for a folder that holds something else than a lake."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; name one for the lake.")
    others = sum(1 for _ in folder.iterdir())
    if others and not (folder / MANIFEST).is_file():
        raise InputError(
            f"{folder} holds {counted(others, 'entry', 'entries')} and no {MANIFEST}: it is no "
            "lake. Name a new folder."
        )


def write_table(connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> LakeTable:
    """Write a relation: in a file, or in one for each month of its lines. Raises OSError."""
    return LakeTable(name, tuple(_written(connection, name, folder)))


def _written(connection: duckdb.DuckDBPyConnection, name: str, folder: Path) -> Iterator[LakeFile]:
    select, order = relation(connection, name), SORTED.get(name)
    if order is None:
        yield write_file(connection, f"{select} ORDER BY ALL", folder, f"{name}/part.parquet")
        return
    month = "strftime(shipped_on, '%Y-%m')"
    days = f"SELECT DISTINCT {month} FROM graph.{name} ORDER BY 1"
    months = connection.execute(days).fetchall()
    for (one,) in months:
        rows = f"{select} WHERE {month} = {literal(one)} ORDER BY {order}"
        yield write_file(connection, rows, folder, f"{name}/month={one}/part.parquet")
    if not months:  # a file without rows still says which columns there are
        yield write_file(connection, select, folder, f"{name}/part.parquet")


def relation(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return the query for a relation, with whole numbers of 64 bits as Cypher has them."""
    narrow = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE database_name = current_database() "
        "AND schema_name = 'graph' AND table_name = $name AND data_type = 'INTEGER'",
        {"name": name},
    ).fetchall()
    wide = ", ".join(f"{column}::BIGINT AS {column}" for (column,) in narrow)
    return f"SELECT *{f' REPLACE ({wide})' if wide else ''} FROM graph.{name}"


def write_file(
    connection: duckdb.DuckDBPyConnection, rows: str, folder: Path, path: str
) -> LakeFile:
    """Write the rows of a query as a Parquet file, at a path below a folder. Raises OSError."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    copy = f"COPY ({rows}) TO {literal(file)} (FORMAT parquet, COMPRESSION zstd)"
    ((count,),) = connection.execute(copy).fetchall()
    return LakeFile(path, count, file.stat().st_size, sha256_of(file))
