"""Keep the findings of one partner or one country."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

__all__ = ["narrow"]

_IN_COUNTRY = """
    SELECT id FROM graph.party WHERE country = $country
    UNION SELECT id FROM main.regions WHERE country = $country
    UNION SELECT c.id FROM main.cities c JOIN main.regions r ON r.id = c.region_id
    WHERE r.country = $country"""


def narrow(
    connection: duckdb.DuckDBPyConnection, *, partner: str | None, country: str | None
) -> None:
    """Drop the findings whose subject and object are neither the partner, nor in the country."""
    if partner is not None:
        connection.execute(
            "DELETE FROM scan_finding WHERE subject <> $partner"
            " AND object IS DISTINCT FROM $partner",
            {"partner": partner},
        )
    if country is not None:
        connection.execute(
            f"DELETE FROM scan_finding WHERE subject NOT IN ({_IN_COUNTRY})"
            f" AND (object IS NULL OR object NOT IN ({_IN_COUNTRY}))",
            {"country": country},
        )
