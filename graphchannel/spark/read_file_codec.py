"""What tasks say of files, as JSON: others may be able to write where it lies between two steps.

Reading it runs no code, makes nothing but the classes here, and takes no name of a relation from
it: those of the task that read a file mean nothing elsewhere, and would be run as SQL.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from graphchannel.errors import InputError
from graphchannel.ingest.load_history import LoadedFile
from graphchannel.ingest.staged import LineTerms, SourceReject, Staged
from graphchannel.ingest.values import Forms
from graphchannel.spark.line_rows import LINES, LineSource, ReadFile
from graphchannel.text import literal

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["decoded", "encoded", "said_of_files"]

_CLASSES: Mapping[str, type] = {
    each.__name__: each
    for each in (ReadFile, LineSource, Staged, SourceReject, LineTerms, Forms, LoadedFile)
}
_PLAIN: Mapping[str, type] = {"str": str, "int": int, "bool": bool}
_RELATIONS: Mapping[str, str | None] = {"source": "", "rows": "", "problems": None, "raw": None}


def encoded(file: ReadFile) -> str:
    """Write what is said of a file as JSON, without the relations of the task that read it."""
    return json.dumps(file, default=_members, ensure_ascii=True, separators=(",", ":"))


def decoded(text: object, where: str) -> ReadFile:
    """Read what `encoded` wrote; `where` is the file that it was found in.

    Raises InputError for anything else.
    """
    try:
        said: ReadFile = _made("ReadFile", json.loads(_of(str, text)))
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{where}: this is not what a task of the load says of a file ({error}). Somebody else "
            "has written there; load again, into a folder that nobody else writes to."
        ) from error
    return said


def said_of_files(
    connection: duckdb.DuckDBPyConnection, folder: Path, count: int
) -> list[ReadFile]:
    """Return what tasks said of as many files, in the order of the files.

    Raises InputError where the folder holds anything else.
    """
    try:
        found = connection.execute(
            f"""SELECT _about, filename
                FROM read_parquet({literal(folder / "*.parquet")}, filename = true)
                WHERE _about IS NOT NULL"""
        ).fetchall()
    except (duckdb.DataError, duckdb.ProgrammingError) as error:
        raise InputError(f"{folder}: what tasks wrote there cannot be read: {error}") from error
    said = sorted((decoded(text, where) for text, where in found), key=lambda file: file.number)
    if [file.number for file in said] != list(range(count)):
        raise InputError(
            f"{folder}: tasks say something of {len(said)} files there, not once of each of "
            f"{count}. Load again, into a folder that nobody else writes to."
        )
    return said


def _members(value: object) -> dict[str, Any]:
    """Return what a value is made of, by name. Raises TypeError for what is not handed on."""
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        return {name: getattr(value, name) for name in _kinds(type(value))}
    raise TypeError(f"a {type(value).__name__} is not handed on")


def _kinds(made: type) -> dict[str, str]:
    """List the members of a class that are handed on, and what each is, as its source has it."""
    left_out = _RELATIONS if made is Staged else {}
    return {each.name: str(each.type) for each in fields(made) if each.name not in left_out}


def _made(kind: str, value: object) -> Any:
    """Make a value of a kind. Raises ValueError for one that is of another."""
    if kind.endswith(" | None"):
        return None if value is None else _made(kind.removesuffix(" | None"), value)
    if kind.startswith("tuple["):
        of_each = kind.removeprefix("tuple[").removesuffix(", ...]")
        return tuple(_made(of_each, each) for each in _of(list, value))
    if kind == "Mapping[str, str]":
        return {name: _of(str, each) for name, each in _of(dict, value).items()}
    if kind in _PLAIN:
        return _of(_PLAIN[kind], value)
    made, held = _CLASSES[kind], _of(dict, value)
    kinds = _kinds(made)
    if held.keys() != kinds.keys():
        raise ValueError(f"a {kind} has other members")
    members = {name: _made(kinds[name], each) for name, each in held.items()}
    if made is Staged:
        if members["table"] not in LINES:
            raise ValueError("a source is of lines or units")
        members |= _RELATIONS
    return made(**members)


def _of(kind: type, value: object) -> Any:
    if type(value) is not kind:  # True is no number here
        raise ValueError(f"{kind.__name__} expected, not {type(value).__name__}")
    return value
