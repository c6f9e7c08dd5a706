"""What people name: parties, products, lines, days. Nothing is asked of what is not there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.errors import GraphChannelError, InputError, did_you_mean
from graphchannel.text import listed

if TYPE_CHECKING:
    import duckdb

__all__ = [
    "FIRST_PLAUSIBLE",
    "check_days",
    "check_id",
    "check_line",
    "check_name",
    "check_party",
    "check_product",
    "check_serial",
    "implausible_days",
    "last_day",
]

FIRST_PLAUSIBLE = date(1980, 1, 1)  # nothing that a channel report is about was shipped before
# The day of the last load, and one more: somewhere it is tomorrow already.
_LAST_PLAUSIBLE = "(SELECT coalesce(max(finished_at)::DATE, current_date) + 1 FROM admin.loads)"
_PARTIES = "SELECT id, name FROM graph.party"
_PRODUCTS = "SELECT id, name FROM main.products"


def last_day(connection: duckdb.DuckDBPyConnection) -> date:
    """Return the last day that can have a shipment and has one: a default that stays the same.

    A line dated after the day of the last load is a mistake, most likely in its year; it counts
    where there is no other. Raises GraphChannelError if there are no lines.
    """
    ((plausible, last),) = connection.execute(
        f"""SELECT max(shipped_on) FILTER (shipped_on <= {_LAST_PLAUSIBLE}), max(shipped_on)
            FROM main.shipments"""
    ).fetchall()
    if last is None:
        raise GraphChannelError(
            "The workspace has no shipments that would tell the day to look at; name it with "
            "--as-of."
        )
    found: date = plausible or last
    return found


def implausible_days(connection: duckdb.DuckDBPyConnection, of: str = "true") -> tuple[str, ...]:
    """Say of which days there are lines that cannot have been shipped then.

    `of` is a condition of lines. Said are lines that are dated after the day of the last load, and
    those from before 1980.
    """
    late = f"shipped_on > {_LAST_PLAUSIBLE}"
    early = f"shipped_on < DATE '{FIRST_PLAUSIBLE}'"
    said = []
    counts = " Without --as-of they are left out."
    for when, words, more in (
        (late, "after the day of the load", counts),
        (early, f"before {FIRST_PLAUSIBLE.year}", ""),
    ):
        ((count, first, last),) = connection.execute(
            f"""SELECT count(*), min(shipped_on), max(shipped_on) FROM main.shipments
                WHERE {when} AND {of}"""
        ).fetchall()
        if count:
            lines = "1 line is" if count == 1 else f"{count:,} lines are"
            days = f"{first}" if first == last else f"{first} to {last}"
            said.append(f"{lines} dated {words} ({days}); is the year right?{more}")
    return tuple(said)


def check_days(since: date | None, until: date | None, as_of: date) -> None:
    """Raise InputError if no day is left whose lines would count: none would look like clean."""
    if since is None:
        return
    if until is not None and since > until:
        raise InputError(f"--since {since} is after --until {until}; no line would count.")
    if since > as_of:
        raise InputError(f"--since {since} is after the as-of day {as_of}; no line would count.")


def check_party(connection: duckdb.DuckDBPyConnection, party: str) -> None:
    """Raise InputError, with the id to name instead, if there is no such party."""
    check_id(connection, _PARTIES, party, "There is no vendor, partner or end user")


def check_product(connection: duckdb.DuckDBPyConnection, product: str) -> None:
    """Raise InputError, with the id to name instead, if there is no such product."""
    check_id(connection, _PRODUCTS, product, "There is no product")


def check_line(connection: duckdb.DuckDBPyConnection, line: str) -> None:
    """Raise InputError, with the nearest id, if there is no such shipment line."""
    check_name(connection, "SELECT id FROM main.shipments", line, "There is no shipment line")


def check_serial(connection: duckdb.DuckDBPyConnection, serial: str) -> None:
    """Raise InputError, with the nearest one, if no unit has this serial number."""
    check_name(
        connection, "SELECT serial FROM main.serials", serial, "No unit has the serial number"
    )


def check_id(connection: duckdb.DuckDBPyConnection, known: str, text: str, sentence: str) -> None:
    """Raise InputError, the sentence with the text, if it is no id of the query `known`.

    The query returns ids and names. Somebody may have typed a name, or a part of one: then its id
    is told.
    """
    if _is_there(connection, known, text):
        return
    ids = [row[0] for row in _rows(connection, known, "lower(name) = lower($text)", text)]
    if ids:
        raise InputError(f"{sentence} '{text}'; that is the name of {listed(ids)}.")
    hint = _nearest(connection, known, text)
    if not hint and text.strip():
        rows = _rows(connection, known, "contains(lower(name), lower($text))", text)
        hint = f" Named so: {listed([f'{name} ({id_})' for id_, name in rows])}." if rows else ""
    raise InputError(f"{sentence} '{text}'.{hint}")


def check_name(connection: duckdb.DuckDBPyConnection, known: str, name: str, sentence: str) -> None:
    """Raise InputError, the sentence with the name, if the query `known` does not return it."""
    if not _is_there(connection, known, name):
        raise InputError(f"{sentence} '{name}'.{_nearest(connection, known, name)}")


def _is_there(connection: duckdb.DuckDBPyConnection, known: str, text: str) -> bool:
    """Return whether the query has a row with the text in its first column."""
    query = f"SELECT 1 FROM ({known}) AS known(id) WHERE id = $text LIMIT 1"
    return bool(connection.execute(query, {"text": text}).fetchall())


def _nearest(connection: duckdb.DuckDBPyConnection, known: str, text: str) -> str:
    """Return the hint at the nearest of the first 100,000 texts of the query's first column."""
    some = connection.execute(
        f"SELECT id FROM ({known}) AS known(id) WHERE id IS NOT NULL ORDER BY id LIMIT 100000"
    ).fetchall()
    return did_you_mean(text, (row[0] for row in some))


def _rows(
    connection: duckdb.DuckDBPyConnection, known: str, where: str, text: str
) -> list[tuple[str, str]]:
    """Return the ids and names of the query for which a condition on $text holds."""
    return connection.execute(
        f"SELECT id, name FROM ({known}) AS known(id, name) WHERE {where} ORDER BY name, id",
        {"text": text},
    ).fetchall()
