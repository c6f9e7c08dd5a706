"""The lines and numbered units that goods are followed along: temporary tables, made here alone.

They belong to a connection, and hold some products at a time (see `following`). A statement
elsewhere names a table with the constant of this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from graphchannel.engines import SelectableRows
    from graphchannel.policy import Policy

__all__ = ["LINE", "UNIT", "load_lines", "load_units"]

# The columns of `queries/lines.cypher`, with `day` as the number of days since 1970, and `breaks`:
# whether the policy does not allow the pair of roles, as the rules over one line judge it.
LINE = "followed_line"
# The same with `serial`, from `queries/units.cypher`: a row for each unit and line.
UNIT = "followed_unit"

_ALLOWED = """
CREATE OR REPLACE TEMP TABLE followed_allowed AS
SELECT unnest($sellers::VARCHAR[]) AS seller, unnest($buyers::VARCHAR[]) AS buyer
"""
_TABLE = """
CREATE OR REPLACE TEMP TABLE {table} AS
SELECT l.* REPLACE ((l.day - DATE '1970-01-01')::INTEGER AS day), a.seller IS NULL AS breaks
FROM {source} AS l
LEFT JOIN followed_allowed AS a ON a.seller = l.seller_role AND a.buyer = l.buyer_role
"""


def load_lines(connection: duckdb.DuckDBPyConnection, rows: SelectableRows, policy: Policy) -> None:
    """Let the lines be these rows of `queries/lines.cypher`."""
    _load(connection, LINE, rows, policy)


def load_units(connection: duckdb.DuckDBPyConnection, rows: SelectableRows, policy: Policy) -> None:
    """Let the numbered units be these rows of `queries/units.cypher`."""
    _load(connection, UNIT, rows, policy)


def _load(
    connection: duckdb.DuckDBPyConnection, table: str, rows: SelectableRows, policy: Policy
) -> None:
    allowed = [(s.seller, s.buyer) for s in policy.supply if s.ruling == "allowed"]
    sellers, buyers = [pair[0] for pair in allowed], [pair[1] for pair in allowed]
    connection.execute(_ALLOWED, {"sellers": sellers, "buyers": buyers})
    connection.execute(_TABLE.format(table=table, source=rows.relation), dict(rows.parameters))
