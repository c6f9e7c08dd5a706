"""TOML files that others wrote: read, or refused with a reason, whatever is in them."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Unreadable", "read_toml", "toml_of"]

_LARGEST = 5_000_000  # bytes; a policy has 20,000
_DEEPEST = 60


class Unreadable(ValueError):
    """A file that cannot be read as TOML; the text is the reason, without a full stop."""


def read_toml(file: Path) -> dict[str, Any]:
    """Return what a TOML file holds.

    Raises FileNotFoundError, and Unreadable for all else that is wrong with it.
    """
    try:
        if not file.is_file() and file.exists():
            raise Unreadable("it is no file")
        if file.stat().st_size > _LARGEST:
            raise Unreadable(f"it is larger than {_LARGEST:,} bytes")
        return toml_of(file.read_text("utf-8"))
    except FileNotFoundError:
        raise
    except OSError as error:
        raise Unreadable(str(error.strerror or error)) from error
    except UnicodeDecodeError as error:
        raise Unreadable(str(error)) from error


def toml_of(text: str) -> dict[str, Any]:
    """Return what a text of TOML holds; raises Unreadable."""
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise Unreadable("it is nested too deep") from error
    except ValueError as error:  # also of a number with thousands of digits
        long = "int_max_str_digits" in str(error)
        reason = "a number in it has thousands of digits" if long else str(error).rstrip(".")
        raise Unreadable(reason) from error
    _check_depth(document)
    return document


def _check_depth(document: object) -> None:
    """Refuse what only Python's stack would end, wherever it is looked at."""
    pending: list[tuple[object, int]] = [(document, 0)]
    while pending:
        value, depth = pending.pop()
        if depth > _DEEPEST:
            raise Unreadable("it is nested too deep")
        if isinstance(value, dict):
            pending += [(each, depth + 1) for each in value.values()]
        elif isinstance(value, list):
            pending += [(each, depth + 1) for each in value]
