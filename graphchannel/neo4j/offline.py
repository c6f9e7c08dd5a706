"""The graph as files for `neo4j-admin database import`, for graphs too large to send.

The files hold what `publish` would send, and the state that it would leave: a later publish goes on
from there. Import makes a database; it cannot add to one that holds something.
"""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.files import filling
from graphchannel.neo4j.grain import parts_of
from graphchannel.neo4j.parts import VERSION, GraphPart
from graphchannel.neo4j.published_state import state_of
from graphchannel.neo4j.reading_aids import role_labels
from graphchannel.schema import Kind
from graphchannel.text import literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    import duckdb

    from graphchannel.neo4j.grain import Grain
    from graphchannel.neo4j.parts import Piece
    from graphchannel.neo4j.published_state import State
    from graphchannel.workspace import Workspace

__all__ = ["import_arguments", "write_files"]

SCRIPT = "import.sh"
_TYPES = {
    Kind.STRING: "string",
    Kind.INTEGER: "long",
    Kind.FLOAT: "double",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
}
_SCRIPT = """#!/bin/sh
# Makes the database of a Neo4j server that is stopped; then start it and run graphchannel publish.
cd "$(dirname "$0")" || exit 1
exec neo4j-admin {arguments}
"""


@dataclass(frozen=True, slots=True)
class _File:
    """Rows of one piece, and what the import is told about them."""

    option: str
    header: str
    data: str


def write_files(
    workspace: Workspace, folder: Path, day: date, *, grain: Grain = "line"
) -> list[str]:
    """Write the files and `import.sh` into a folder; return the arguments of `neo4j-admin`.

    `day` is the one whose roles become labels. The same workspace gives the same bytes. A kill
    leaves what was there before, or no `import.sh`.
    """
    held = role_labels(workspace.connection, day)
    own = replace(state_of(workspace, grain), role_labels=tuple(held))
    with filling(folder, last=SCRIPT) as made:
        files = [
            file
            for part in parts_of(grain)
            for piece in part.pieces
            for file in _written(workspace.connection, part, piece, made, held)
        ]
        arguments = import_arguments([_state_file(own, made), *files])
        script = _SCRIPT.format(arguments=shlex.join(arguments))
        (made / SCRIPT).write_text(script, "utf-8")
    return arguments


def import_arguments(files: list[_File]) -> list[str]:
    """Return what `neo4j-admin` is to be run with, from within the folder of the files."""
    # Neo4j 2026 looks for a folder in each path.
    given = [f"{file.option}=./{file.header},./{file.data}" for file in files]
    return [
        *("database", "import", "full", "neo4j"),
        "--id-type=string",
        "--multiline-fields=true",
        *given,
    ]


def _written(
    connection: duckdb.DuckDBPyConnection,
    part: GraphPart,
    piece: Piece,
    folder: Path,
    held: dict[str, list[str]],
) -> Iterator[_File]:
    """Write one piece, if it has rows; an import of an empty file would fail."""
    select, texts = piece.select, ["key", *_texts(piece)]
    fields = [f"{name}:{_TYPES[kind]}" for name, kind in piece.columns]
    if part.relationships:
        source, type_, target = piece.name.split("-")
        texts += ["source", "target"]
        ends = [f":START_ID({source})", f":END_ID({target})"]
        fields = [f"{part.key}:string", f"{VERSION}:long", *ends, *fields]
        option = f"--relationships={type_}"
    else:
        fields = [f"id:ID({part.name})", f"{VERSION}:long", *fields]
        option = f"--nodes={':'.join(dict.fromkeys((part.name, piece.name)))}"
        if piece.name == "Partner":
            select, fields = _with_roles(select, held), [*fields, ":LABEL"]
    name = f"{piece.name}.csv"
    quoted = ", ".join(f'"{column}"' for column in texts)
    rows = connection.execute(
        f"COPY (SELECT * FROM ({select}) ORDER BY key) TO {literal(folder / name)} "
        f"(FORMAT csv, HEADER false, FORCE_QUOTE ({quoted}))"
    ).fetchall()[0][0]
    if rows:
        (folder / f"{piece.name}.header").write_text(",".join(fields) + "\n", "utf-8")
        yield _File(option, f"{piece.name}.header", name)
    else:
        (folder / name).unlink()


def _texts(piece: Piece) -> list[str]:
    """Return the columns in quotes: an empty text in quotes is a text, without them it is none."""
    return [name for name, kind in piece.columns if kind is Kind.STRING]


def _with_roles(select: str, held: dict[str, list[str]]) -> str:
    """Add the label of the role that each partner holds."""
    cases = "".join(
        f" WHEN key IN ({', '.join(literal(id_) for id_ in ids)}) THEN '{label}'"
        for label, ids in held.items()
        if ids
    )
    label = f"CASE{cases} END" if cases else "NULL"
    return f"SELECT *, {label} AS label FROM ({select})"


def _state_file(own: State, folder: Path) -> _File:
    values = asdict(own) | {"id": "graphchannel", "role_labels": ";".join(own.role_labels)}
    types = {"id": "ID(GraphChannel)", "format": "long", "load": "long"}
    types |= {"role_labels": "string[]"}
    header = ",".join(f"{name}:{types.get(name, 'string')}" for name in values)
    (folder / "GraphChannel.header").write_text(f"{header}\n", "utf-8")
    row = ",".join(f'"{value}"' for value in values.values())
    (folder / "GraphChannel.csv").write_text(f"{row}\n", "utf-8")
    return _File("--nodes=GraphChannel", "GraphChannel.header", "GraphChannel.csv")
