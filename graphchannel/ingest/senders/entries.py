"""The entries of a TOML table, taken by kind, with errors that name the line."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphchannel.errors import SenderError, did_you_mean
from graphchannel.ingest.senders.model import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of the table `name` (empty: the file itself) of a file with this `text`.

    What takes a value raises SenderError where it is of another kind.
    """

    path: Path
    file: str
    name: str
    values: Mapping[str, Any]

    def has(self, key: str) -> bool:
        """Tell whether there is such an entry."""
        return key in self.values

    def raw(self, key: str) -> Any:
        """Return the value as it is, None if there is none."""
        return self.values.get(key)

    def text(self, key: str) -> str | None:
        """Return a text, None if there is no such entry."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, value, "a text in quotes")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, of which a single text is one."""
        value = self.values.get(key, [])
        several = [value] if isinstance(value, str) else value
        if not isinstance(several, list) or not all(
            isinstance(each, str) and each for each in several
        ):
            raise self.wrong(key, value, 'a list of texts such as ["Invoice", "Line"]')
        return tuple(several)

    def text_map(self, key: str) -> dict[str, str]:
        """Return a table of texts."""
        value = self.values.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
            raise self.wrong(key, value, 'a table of texts such as { Yes = "true", No = "false" }')
        return dict(value)

    def number(self, key: str) -> int | None:
        """Return a whole number, None if there is no such entry."""
        value = self.values.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise self.wrong(key, value, "a whole number")
        return value

    def truth(self, key: str, *, otherwise: bool) -> bool:
        """Return true or false, `otherwise` if there is no such entry."""
        value = self.values.get(key, otherwise)
        if not isinstance(value, bool):
            raise self.wrong(key, value, "true or false, without quotes")
        return value

    def table(self, key: str) -> Entries:
        """Return the entries of a table within, none if there is no such table."""
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, value, f"a table [{key}]")
        return Entries(self.path, self.file, f"{self.name}.{key}".lstrip("."), value)

    def refuse_unknown(self, known: Iterable[str]) -> None:
        """Raise SenderError for the first key that is not `known`."""
        names = tuple(known)
        for key in self.values:
            if key not in names:
                raise SenderError(
                    f"{self.place(key)}: '{_shown(key)}' is unknown (known: {', '.join(names)})."
                    f"{did_you_mean(key[:100], names)}"
                )

    def wrong(self, key: str, value: object, expected: str) -> SenderError:
        """Return the error for a value of another kind."""
        seen = "missing" if value is None else _shown(value)
        return SenderError(f"{self.place(key)}: {key} is {seen}; expected {expected}.")

    def place(self, key: str = "") -> str:
        """Return where an entry is: the file, its line where it is found, and its table."""
        line = self._line(key)
        table = f" [{self.name}]" if self.name else ""
        return f"{self.path}:{line}{table}" if line else f"{self.path}{table}"

    def asked(self) -> tuple[str, ...]:
        """Return the places, in all tables within, whose value is an open question."""
        found: list[str] = []
        pending: list[tuple[tuple[str, ...], Mapping[str, Any]]] = [((), self.values)]
        while pending:
            path, values = pending.pop(0)
            for key, value in values.items():
                here = (*path, key)
                if isinstance(value, dict):
                    pending.append((here, value))
                elif key != "empty" and OPEN in (value if isinstance(value, list) else [value]):
                    found.append(".".join(here))
        return tuple(found)

    def _line(self, key: str) -> int | None:
        """Find the line of a key, or of what it stands in; TOML's reader does not say."""
        lines = self.file.splitlines()
        path = [*(self.name.split(".") if self.name else []), *([key] if key else [])]
        for end in range(len(path), 0, -1):
            head = _head(lines, path[:end])
            if head:
                return head
            start = _head(lines, path[: end - 1]) if end > 1 else 0
            found = None if start is None else _entry(lines, start, path[end - 1])
            if found:
                return found
        return None


def _head(lines: Sequence[str], table: Sequence[str]) -> int | None:
    """Find the line `[table]`, counted from 1."""
    pattern = re.compile(rf"\s*\[{re.escape('.'.join(table))}\]")
    return next((at for at, line in enumerate(lines, 1) if pattern.match(line)), None)


def _entry(lines: Sequence[str], start: int, key: str) -> int | None:
    """Find the line of a key behind the line `start`, before the next table."""
    pattern = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""")
    for at, line in enumerate(lines[start:], start + 1):
        if line.startswith("["):
            return None
        if pattern.match(line):
            return at
    return None


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    visible = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)
    return visible if len(visible) <= 60 else f"{visible[:57]}..."
