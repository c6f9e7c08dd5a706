"""A scan narrowed to one partner, country or product: what it names must be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.findings.collect import IN_SCOPE
from graphchannel.findings.tables import FINDING
from graphchannel.lookup import check_name, check_party, check_product

if TYPE_CHECKING:
    import duckdb

    from graphchannel.findings.collect import LineScope
    from graphchannel.findings.model import ScanOptions
    from graphchannel.findings.tables import ScanTables

__all__ = ["check_names", "drop_others", "has_counted_lines"]

_IN_COUNTRY = """
    SELECT id FROM graph.party WHERE country = $country
    UNION SELECT id FROM main.regions WHERE country = $country
    UNION SELECT c.id FROM main.cities c JOIN main.regions r ON r.id = c.region_id
    WHERE r.country = $country"""
_COUNTRIES = "SELECT country FROM graph.party UNION SELECT country FROM main.regions"


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


def has_counted_lines(
    connection: duckdb.DuckDBPyConnection, scope: LineScope, options: ScanOptions
) -> bool:
    """Tell whether a line lies within the scope, and is one of the partner or the country, if any.

    A line belongs to a country by its seller, its buyer, or the city that it went to.
    """
    conditions = [IN_SCOPE.format("")]
    parameters = scope.parameters
    if options.partner is not None:
        conditions.append("$partner IN (seller_id, buyer_id)")
        parameters |= {"partner": options.partner}
    if options.country is not None:
        ends = ("seller_id", "buyer_id", "destination_id")
        conditions.append(" OR ".join(f"{end} IN ({_IN_COUNTRY})" for end in ends))
        parameters |= {"country": options.country}
    where = " AND ".join(f"({condition})" for condition in conditions)
    sql = f"SELECT EXISTS (FROM main.shipments WHERE {where})"
    ((found,),) = connection.execute(sql, parameters).fetchall()
    return bool(found)


def drop_others(tables: ScanTables, *, partner: str | None, country: str | None) -> None:
    """Drop the findings whose subject and object are neither the partner, nor in the country."""
    if partner is not None:
        tables.execute(
            f"DELETE FROM {FINDING} WHERE subject <> $partner AND object IS DISTINCT FROM $partner",
            {"partner": partner},
        )
    if country is not None:
        tables.execute(
            f"DELETE FROM {FINDING} WHERE subject NOT IN ({_IN_COUNTRY})"
            f" AND (object IS NULL OR object NOT IN ({_IN_COUNTRY}))",
            {"country": country},
        )
