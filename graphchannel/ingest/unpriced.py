"""New lines whose amounts say nothing: those without a currency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.workspace import one_number

if TYPE_CHECKING:
    import duckdb

__all__ = ["without_currency"]


def without_currency(connection: duckdb.DuckDBPyConnection, load: int) -> tuple[str, ...]:
    """Say how many lines of a load have an amount, but no currency."""
    count = one_number(
        connection,
        f"""SELECT count(*) FROM main.shipments
            WHERE _load = {load} AND amount IS NOT NULL AND currency IS NULL""",
    )
    if not count:
        return ()
    lines = "1 line has" if count == 1 else f"{count:,} lines have"
    more = 'a sender can say it for all of his (currency = { value = "EUR" })'
    return (f"{lines} an amount, but no currency; {more}.",)
