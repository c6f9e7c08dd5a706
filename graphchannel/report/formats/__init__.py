"""Formats: one module each, found by its place in this folder, which prints any document.

A module `graphchannel/report/formats/<name>.py` whose name does not begin with an underscore holds
`FORMAT`. Modules import what is heavy inside their functions: `--help` reads them all.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from graphchannel.report.document import Document

__all__ = ["Format", "Need", "format_by_ending", "format_named", "formats_for"]

Need = Literal["scan", "drawing", "page"]


@dataclass(frozen=True, slots=True)
class Format:
    """How to write a document to a stream, one of bytes if it is `binary`.

    Files whose names end in one of `endings` are written so where nobody names a format. A format
    that `needs` something of a document fits those documents alone that have it, and
    prints them as a whole; every other format fits every document.
    """

    write: Callable[[Document, IO[Any]], None]
    endings: tuple[str, ...] = ()
    binary: bool = False
    needs: Need | None = None


def format_named(name: str) -> Format:
    """Return the format with this name, which is that of its module."""
    found: Format = importlib.import_module(f"{__package__}.{name}").FORMAT
    return found


def format_by_ending(file: str, names: Iterable[str]) -> str | None:
    """Return which of the formats a file is written in by its name, None where it does not tell.

    >>> format_by_ending("May.SARIF.json", ["json", "sarif"]), format_by_ending("may", ["json"])
    ('sarif', None)
    """
    endings = {ending: name for name in names for ending in format_named(name).endings}
    fitting = [ending for ending in endings if file.lower().endswith(ending)]
    return endings[max(fitting, key=len)] if fitting else None


def formats_for(has: Iterable[Need] = ()) -> list[str]:
    """Return the names of the formats that fit documents which have this, in alphabetical order."""
    names = (module.name for module in pkgutil.iter_modules(__path__))
    formats = {name: format_named(name) for name in names if not name.startswith("_")}
    return sorted(name for name, one in formats.items() if one.needs is None or one.needs in has)
