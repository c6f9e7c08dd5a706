"""Keep the findings of one partner or one country; what narrows a scan must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError, did_you_mean

if TYPE_CHECKING:
    import duckdb

    from graphchannel.findings.model import ScanOptions

__all__ = [
    "check_line",
    "check_name",
    "check_names",
    "check_party",
    "check_product",
    "check_serial",
    "narrow",
]

_IN_COUNTRY = """
    SELECT id FROM graph.party WHERE country = $country
    UNION SELECT id FROM main.regions WHERE country = $country
    UNION SELECT c.id FROM main.cities c JOIN main.regions r ON r.id = c.region_id
    WHERE r.country = $country"""
_PARTIES = "SELECT id FROM graph.party"
_PRODUCTS = "SELECT id FROM main.products"
_COUNTRIES = "SELECT country FROM graph.party UNION SELECT country FROM main.regions"


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


def check_names(connection: duckdb.DuckDBPyConnection, options: ScanOptions) -> None:
    """Raise InputError for a partner, country or product that the workspace does not know.

    A scan narrowed to nobody would find nothing, and look like compliance.
    """
    if options.partner is not None:
        check_party(connection, options.partner)
    if options.product is not None:
        check_product(connection, options.product)
    if options.country is not None:
        sentence = "No party and no region is in the country"
        check_name(connection, _COUNTRIES, options.country, sentence)


def check_party(connection: duckdb.DuckDBPyConnection, party: str) -> None:
    """Raise InputError, with the nearest id, if there is no such party."""
    check_name(connection, _PARTIES, party, "There is no vendor, partner or end user")


def check_product(connection: duckdb.DuckDBPyConnection, product: str) -> None:
    """Raise InputError, with the nearest id, if there is no such product."""
    check_name(connection, _PRODUCTS, product, "There is no product")


def check_line(connection: duckdb.DuckDBPyConnection, line: str) -> None:
    """Raise InputError, with the nearest id, if there is no such shipment line."""
    check_name(connection, "SELECT id FROM main.shipments", line, "There is no shipment line")


def check_serial(connection: duckdb.DuckDBPyConnection, serial: str) -> None:
    """Raise InputError, with the nearest one, if no unit has this serial number."""
    check_name(
        connection, "SELECT serial FROM main.serials", serial, "No unit has the serial number"
    )


def check_name(connection: duckdb.DuckDBPyConnection, known: str, name: str, sentence: str) -> None:
    """Raise InputError, the sentence with the name, if the query `known` does not return it."""
    rows = connection.execute(
        f"SELECT count(*) FROM ({known}) AS known(name) WHERE name = $name", {"name": name}
    ).fetchall()
    if rows[0][0]:
        return
    some = connection.execute(
        f"SELECT name FROM ({known}) AS known(name) WHERE name IS NOT NULL ORDER BY name"
        " LIMIT 100000"
    ).fetchall()
    raise InputError(f"{sentence} '{name}'.{did_you_mean(name, (row[0] for row in some))}")
