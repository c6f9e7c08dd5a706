"""What is kept between runs because it takes long to compute: values as JSON in a cache folder.

JSON runs no code, whoever wrote it, and only classes that the reader names are made of it. A folder
or file that is somebody else's, or that others may write to, is passed over.
"""

from __future__ import annotations

import json
import os
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphchannel.files import private, replacing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

__all__ = ["cache_folder", "read_kept", "write_kept"]

_DEEPEST = 100  # far more than any value that is kept


def cache_folder() -> Path | None:
    """Return the user's own folder for what can be computed again; None if there can be none."""
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        folder = (Path(base) if base else Path.home() / ".cache") / "graphchannel"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except (OSError, RuntimeError):
        return None
    return folder if private(folder) else None


def read_kept(file: Path, classes: Collection[type] = ()) -> Any:
    """Return the value that `write_kept` wrote; None where there is none, or it cannot be used."""
    if not private(file):
        return None
    made: dict[str, Callable[..., Any]] = {each.__name__: each for each in classes}
    try:
        return json.loads(
            file.read_text("utf-8"), object_pairs_hook=lambda pairs: _made(pairs, made)
        )
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return None


def write_kept(file: Path, value: object) -> None:
    """Write a value of plain types, tuples, sets, enumerations and data classes. Raises OSError."""
    with replacing(file) as stream:
        json.dump(_plain(value), stream, ensure_ascii=True, separators=(",", ":"))
    file.chmod(0o600)


def _plain(value: Any, depth: int = 0) -> Any:
    """Return a value as JSON knows it; what JSON does not know is an object with one member."""
    if value is None or type(value) in (bool, str, int, float):
        return value
    if depth > _DEEPEST:
        raise TypeError("a value that is nested this deep is not kept")
    items = [_plain(each, depth + 1) for each in _parts(value)]
    match value:
        case list():
            return items
        case tuple():
            return {"()": items}
        case frozenset():
            return {"<>": items}
        case dict():
            return {"{}": items}
    return {type(value).__name__: items}


def _parts(value: Any) -> list[Any]:
    """Return what a value is made of, in its order."""
    if isinstance(value, dict):
        return [[key, held] for key, held in value.items()]
    if isinstance(value, frozenset):
        return sorted(value, key=repr)
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, Enum):
        return [value.value]
    if is_dataclass(value):
        return [getattr(value, field.name) for field in fields(value)]
    raise TypeError(f"a {type(value).__name__} is not kept")


def _made(pairs: list[tuple[str, Any]], classes: dict[str, Callable[..., Any]]) -> Any:
    """Make what an object with one member stands for."""
    [(name, items)] = pairs
    match name:
        case "()":
            return tuple(items)
        case "<>":
            return frozenset(items)
        case "{}":
            return dict(items)
    return classes[name](*items)
