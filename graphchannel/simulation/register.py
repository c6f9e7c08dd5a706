"""The credentials of a few partners, as they stand while changes are tried.

Credentials are canonical rows: the partner itself, its certificates, authorizations, branches and
plans, and the certificates that it issued. Intervals are closed, as they are stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from graphchannel.schema import OPEN_END, table

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    import duckdb

    from graphchannel.policy import Policy

__all__ = ["OWNERS", "CredentialRow", "Credentials", "Register", "read_credentials"]

CredentialRow = dict[str, Any]
Credentials = dict[str, list[CredentialRow]]

OWNERS: Mapping[str, str] = {
    "partners": "id",
    "certifications": "holder_id",
    "authorizations": "partner_id",
    "branches": "partner_id",
    "programs": "partner_id",
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Register:
    """What a change is applied to, and what it has to know."""

    credentials: Credentials
    policy: Policy
    on: date
    vendors: Counter[str]

    def rows(self, name: str, partner: str) -> list[CredentialRow]:
        """Return the rows of a table that are a partner's own."""
        return [row for row in self.credentials[name] if row[OWNERS[name]] == partner]

    def held(self, partner: str, roles: Iterable[str]) -> list[CredentialRow]:
        """Return the certificates for some roles that hold on the day or later."""
        wanted = set(roles)
        return [
            row
            for row in self.rows("certifications", partner)
            if row["role"] in wanted and row["valid_to"] >= self.on
        ]

    def now(self, rows: Iterable[CredentialRow]) -> list[CredentialRow]:
        """Return those of some rows that have begun by the day."""
        return [row for row in rows if row["valid_from"] <= self.on]

    def end(self, name: str, match: Callable[[CredentialRow], bool]) -> None:
        """End matching rows the day before; what had not begun by then is withdrawn."""
        first, last = table(name).interval or ("", "")
        kept = []
        for row in self.credentials[name]:
            if not match(row) or row[last] < self.on:
                kept.append(row)
            elif row[first] < self.on:
                kept.append(row | {last: self.on - _DAY})
        self.credentials[name] = kept

    def prolong(self, name: str, rows: list[CredentialRow]) -> None:
        """Let the one of some rows that ends last go on without end."""
        first, last = table(name).interval or ("", "")
        longest = max(rows, key=lambda row: (row[last], row[first]))
        self.credentials[name] = [
            row | {last: OPEN_END} if row == longest else row for row in self.credentials[name]
        ]

    def add(self, name: str, row: CredentialRow) -> None:
        """Add a row, unless one with its key is there."""
        key = table(name).key
        if all(any(row[part] != other[part] for part in key) for other in self.credentials[name]):
            self.credentials[name].append(row)


def read_credentials(connection: duckdb.DuckDBPyConnection, partners: Iterable[str]) -> Credentials:
    """Read the credentials of parties, those that they issued too, in the order of their keys."""
    owners = sorted(set(partners))
    credentials: Credentials = {}
    for name, owner in OWNERS.items():
        columns = table(name).column_names
        issued = " OR list_contains($owners, issuer_id)" if "issuer_id" in columns else ""
        found = connection.execute(
            f"SELECT {', '.join(columns)} FROM main.{name}"
            f" WHERE list_contains($owners, {owner}){issued} ORDER BY {', '.join(table(name).key)}",
            {"owners": owners},
        ).fetchall()
        credentials[name] = [dict(zip(columns, row, strict=True)) for row in found]
    return credentials
