"""A scenario carried out on a copy of the workspace: rows, loaded and derived as usual."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphchannel.errors import InputError, did_you_mean
from graphchannel.ingest import load_rows, rejects
from graphchannel.ingest.derive import derive
from graphchannel.lookup import check_id
from graphchannel.schema import OPEN_END, OPEN_START, table
from graphchannel.simulation.credentials import changed
from graphchannel.simulation.register import OWNERS, read_credentials

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    import duckdb

    from graphchannel.policy import Policy
    from graphchannel.simulation.register import CredentialRow, Credentials
    from graphchannel.simulation.scenario import Change, Scenario
    from graphchannel.workspace import Workspace

__all__ = ["Applied", "Effect", "apply_scenario"]

_ABOUT = (
    "holder_id",
    "role",
    "issuer_id",
    "partner_id",
    "region_id",
    "industry_id",
    "city_id",
    "kind",
    "audience",
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of one row: its interval, None where it is not there.

    `row` says what the row is about, such as `role=gold issuer_id=D1`. A day that the interval
    leaves open is None.
    """

    table: str
    row: str
    before: tuple[date | None, date | None] | None
    after: tuple[date | None, date | None] | None


@dataclass(frozen=True, slots=True)
class Applied:
    """A change and its effects, none if everything is as it wants it already."""

    change: Change
    effects: tuple[Effect, ...]


def apply_scenario(
    workspace: Workspace, policy: Policy, scenario: Scenario, on: date
) -> tuple[Applied, ...]:
    """Carry out the changes one after the other, as of the day `on`; return what each does.

    The workspace is written to: it is to be a copy. Raises InputError for an unknown name or a
    change that cannot be.
    """
    connection = workspace.connection
    for change in scenario.changes:
        _check_names(connection, change, policy)
    before = read_credentials(connection, (change.partner for change in scenario.changes))
    vendors = _vendors(connection)
    credentials, done = before, []
    for change in scenario.changes:
        following = changed(credentials, change, policy, on, vendors)
        done.append(Applied(change, tuple(_effects(credentials, following))))
        credentials = following
    _write(workspace, policy, before, credentials)
    return tuple(done)


def _check_names(connection: duckdb.DuckDBPyConnection, change: Change, policy: Policy) -> None:
    """Raise InputError, with the id to name instead, for one that is not there."""
    partners = "SELECT id, name FROM main.partners"
    issuers = f"SELECT id, name FROM main.vendors UNION ALL {partners}"
    holders = f"SELECT id, name FROM main.end_users UNION ALL {partners}"
    known = holders if change.kind == "certify" else partners
    kind = "partner or end user" if change.kind == "certify" else "partner"
    check_id(connection, known, change.partner, f"{change}: there is no {kind}")
    for issuer in (change.source, change.target, change.issuer):
        if issuer is not None:
            check_id(connection, issuers, issuer, f"{change}: there is no vendor or partner")
    if change.region is not None:
        regions = "SELECT id, name FROM main.regions"
        check_id(connection, regions, change.region, f"{change}: there is no region")
    if change.city is not None:
        cities = "SELECT id, name FROM main.cities"
        check_id(connection, cities, change.city, f"{change}: there is no city")
    if change.role is not None and change.role not in policy.vocabulary:
        hint = did_you_mean(change.role, policy.vocabulary)
        raise InputError(f"{change}: there is no role '{change.role}'.{hint}")


def _vendors(connection: duckdb.DuckDBPyConnection) -> Counter[str]:
    """Count the certificates of each vendor."""
    rows = connection.execute(
        """SELECT v.id, count(c.issuer_id) FROM main.vendors AS v
        LEFT JOIN main.certifications AS c ON c.issuer_id = v.id GROUP BY v.id"""
    ).fetchall()
    return Counter(dict(rows))


def _write(workspace: Workspace, policy: Policy, before: Credentials, after: Credentials) -> None:
    """Make the tables hold the credentials: withdraw what is gone, load what is new or another."""
    connection = workspace.connection
    gone = False
    for name in OWNERS:
        left = {_key(name, row) for row in after[name]}
        where = " AND ".join(f"{part} IS NOT DISTINCT FROM ?" for part in table(name).key)
        for row in before[name]:
            if _key(name, row) not in left:
                connection.execute(f"DELETE FROM main.{name} WHERE {where}", [*_key(name, row)])
                gone = True
    rows = {name: [row for row in after[name] if row not in before[name]] for name in OWNERS}
    report = load_rows(workspace, {name: new for name, new in rows.items() if new}, policy)
    if report.rejected:
        first = rejects(workspace, limit=1)[0]
        raise InputError(f"The scenario cannot be: {first.table}: {first.reason}")
    if gone:
        with workspace.transaction():
            derive(connection, report.load)


def _effects(before: Credentials, after: Credentials) -> Iterator[Effect]:
    """Yield the rows that differ, by table and key."""
    for name in OWNERS:
        was = {_key(name, row): row for row in before[name]}
        now = {_key(name, row): row for row in after[name]}
        for key in sorted({*was, *now}, key=lambda parts: [str(part) for part in parts]):
            old, new = was.get(key), now.get(key)
            if old is None or new is None or _about(name, old) != _about(name, new):
                if old is not None:
                    yield Effect(name, _about(name, old), _interval(name, old), None)
                if new is not None:
                    yield Effect(name, _about(name, new), None, _interval(name, new))
            elif old != new:
                yield Effect(name, _about(name, old), _interval(name, old), _interval(name, new))


def _key(name: str, row: CredentialRow) -> tuple[Any, ...]:
    return tuple(row[part] for part in table(name).key)


def _about(name: str, row: CredentialRow) -> str:
    """Say what a row is about: its columns but for the interval and what only describes."""
    columns = ("id",) if name == "partners" else _ABOUT
    return " ".join(f"{c}={row[c]}" for c in columns if row.get(c) is not None)


def _interval(name: str, row: CredentialRow) -> tuple[date | None, date | None]:
    first, last = (row[column] for column in table(name).interval or ())
    return (None if first == OPEN_START else first, None if last == OPEN_END else last)
