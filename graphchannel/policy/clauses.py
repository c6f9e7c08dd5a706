"""clauses.toml of a pack: the clauses of the policy document, and which rules check them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import PolicyError
from graphchannel.toml_file import read_toml

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PolicyClause", "read_clauses"]


@dataclass(frozen=True, slots=True)
class PolicyClause:
    """A clause in its own words; `rules` check it, `unchecked` says why no data can tell."""

    section: str
    text: str
    rules: tuple[str, ...] = ()
    measure: str | None = None
    allows: str | None = None
    unchecked: str | None = None
    note: str | None = None


def read_clauses(pack: Path) -> tuple[PolicyClause, ...]:
    """Return the clauses of a pack, none where it has no clauses.toml. Raises PolicyError."""
    file = pack / "clauses.toml"
    if not file.is_file():
        return ()
    try:
        entries = read_toml(file)["clauses"]
        return tuple(
            PolicyClause(**entry | {"rules": tuple(entry.get("rules", ()))}) for entry in entries
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PolicyError(
            f"{file}: the clauses cannot be read: {error}; each has a section and a text, and may "
            "have rules, measure, allows, unchecked and note."
        ) from error
