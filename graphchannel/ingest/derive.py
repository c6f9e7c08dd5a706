"""What follows from the canonical rows: roles, flow and destination of lines, region closures.

Each step compares what should be with what is and writes the difference alone, with the number of
the load that caused it. So a late certificate, a correction, a load taken back and another policy
all take the same way, and what it leaves equals a derivation from scratch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.load_history import begin_load, finish_load
from graphchannel.policy import END_USER, END_USER_TIER, UNCERTIFIED, VENDOR, VENDOR_TIER
from graphchannel.schema import EVERYWHERE
from graphchannel.workspace import DERIVED_COLUMNS, one_number, write_policy

if TYPE_CHECKING:
    import duckdb

    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

PARTY_SOURCES = frozenset({"vendors", "partners", "end_users", "certifications"})
REGION_SOURCES = frozenset({"regions", "cities"})

# Role of each party on each day. Every party has disjoint intervals that cover all days, so the
# join that finds the role also finds lines whose party is unknown. A role is held from the first to
# the last day of a certificate; of several, the first in the policy's order counts.
_PARTY_DAY = f"""
CREATE OR REPLACE TEMP TABLE _party_day AS
WITH held AS (
    SELECT c.holder_id AS id, r.rank, c.valid_from AS first, c.valid_to + 1 AS after
    FROM main.certifications AS c
    JOIN derived.policy_role AS r ON r.id = c.role AND r.supply_tier IN (1, 2)
    SEMI JOIN main.partners AS p ON p.id = c.holder_id),
turns AS (
    SELECT id, first FROM held UNION SELECT id, after FROM held
    UNION SELECT id, DATE '0001-01-01' FROM main.partners),
spans AS (
    SELECT id, first,
        lead(first, 1, DATE '10000-01-01') OVER (PARTITION BY id ORDER BY first) AS after
    FROM turns),
ranked AS (
    SELECT s.id, s.first, s.after, min(h.rank) AS rank
    FROM spans AS s
    LEFT JOIN held AS h ON h.id = s.id AND h.first <= s.first AND s.first < h.after
    WHERE s.first < DATE '10000-01-01'
    GROUP BY ALL),
changes AS (
    SELECT *, rank IS DISTINCT FROM lag(rank, 1, -1) OVER (PARTITION BY id ORDER BY first)
        AS changed
    FROM ranked),
runs AS (
    SELECT *, count(*) FILTER (changed) OVER (PARTITION BY id ORDER BY first) AS run FROM changes)
SELECT run.id, min(run.first) AS first, max(run.after) - 1 AS last,
       coalesce(any_value(r.id), '{UNCERTIFIED}') AS role, any_value(r.supply_tier) AS tier,
       any_value(p.city_id) AS city_id
FROM runs AS run
JOIN main.partners AS p ON p.id = run.id
LEFT JOIN derived.policy_role AS r ON r.rank = run.rank
GROUP BY run.id, run.run
UNION ALL
SELECT id, DATE '0001-01-01', DATE '9999-12-31', '{VENDOR}', {VENDOR_TIER}, NULL FROM main.vendors
UNION ALL
SELECT id, DATE '0001-01-01', DATE '9999-12-31', '{END_USER}', {END_USER_TIER}, city_id
FROM main.end_users"""

# A tier is null where a party has none, and so is then each comparison of tiers.
FLOW = f"""CASE
    WHEN seller.tier = {VENDOR_TIER} AND buyer.tier = 1 THEN 'sell_in'
    WHEN seller.tier = 1 AND buyer.tier = 2 THEN 'sell_through'
    WHEN seller.tier = {VENDOR_TIER} AND buyer.tier = {END_USER_TIER} THEN 'direct'
    WHEN seller.tier = buyer.tier THEN 'lateral'
    WHEN seller.tier > buyer.tier THEN 'upstream'
    WHEN buyer.role = '{END_USER}' THEN 'sell_out'
    ELSE 'other' END"""

_CLOSURE = f"""
CREATE OR REPLACE TEMP TABLE _region_within AS
WITH RECURSIVE up AS (
    SELECT id AS inner_id, id AS region_id FROM main.regions
    UNION
    SELECT up.inner_id, r.parent_id FROM up JOIN main.regions AS r ON r.id = up.region_id
    WHERE r.parent_id IS NOT NULL)
SELECT inner_id, region_id FROM up
UNION ALL SELECT id, '{EVERYWHERE}' FROM main.regions
UNION ALL SELECT '{EVERYWHERE}', '{EVERYWHERE}';
CREATE OR REPLACE TEMP TABLE _city_within AS
SELECT c.id AS city_id, w.region_id
FROM main.cities AS c JOIN _region_within AS w ON w.inner_id = c.region_id"""


def shipment_source(relation: str) -> str:
    """Join a relation of lines `t` with both parties' day; lines with an unknown party fall out."""
    return f"""{relation} AS t
        JOIN derived.party_day AS seller
          ON seller.id = t.seller_id AND t.shipped_on BETWEEN seller.first AND seller.last
        JOIN derived.party_day AS buyer
          ON buyer.id = t.buyer_id AND t.shipped_on BETWEEN buyer.first AND buyer.last"""


def shipment_columns() -> str:
    """Select the derived columns, in the order of `DERIVED_COLUMNS`, over `shipment_source`."""
    destination = "coalesce(t.ship_to_city_id, buyer.city_id)"
    expressions = ("seller.role", "buyer.role", FLOW, destination)
    return ", ".join(
        f"{sql} AS {name}" for sql, name in zip(expressions, DERIVED_COLUMNS, strict=True)
    )


def derive(connection: duckdb.DuckDBPyConnection, load: int) -> None:
    """Bring all derived rows up to date, lines included."""
    derive_regions(connection, load)
    derive_parties(connection, load)


def derive_regions(connection: duckdb.DuckDBPyConnection, load: int) -> None:
    """Bring the closures over regions up to date."""
    connection.execute(_CLOSURE)
    _write_difference(connection, "region_within", ("inner_id", "region_id"), load)
    _write_difference(connection, "city_within", ("city_id", "region_id"), load)


def derive_parties(connection: duckdb.DuckDBPyConnection, load: int) -> None:
    """Bring the parties' days up to date, and the stored lines of the days that changed."""
    columns = ("id", "first", "last", "role", "tier", "city_id")
    connection.execute(_PARTY_DAY)
    _write_difference(connection, "party_day", columns, load, touched=True)
    _derive_lines(connection, load)


def refresh_policy(workspace: Workspace, policy: Policy) -> bool:
    """Make the workspace follow `policy`; return whether it followed another one before.

    Needs a workspace that is open for writing. One transaction, and a number among the loads.
    """
    if workspace.policy_fingerprint == policy.fingerprint:
        return False
    with workspace.transaction():
        load = begin_load(workspace.connection)
        write_policy(workspace.connection, policy)
        derive(workspace.connection, load)
        finish_load(workspace.connection, load, kind="policy", about=policy.name)
    return True


def _write_difference(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    columns: tuple[str, ...],
    load: int,
    *,
    touched: bool = False,
) -> None:
    """Make `derived.<name>` equal to the temporary table `_<name>`; keep what differed."""
    listed = ", ".join(columns)
    same = " AND ".join(f"o.{c} IS NOT DISTINCT FROM n.{c}" for c in columns)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE _gone AS
            SELECT {listed} FROM derived.{name} AS o ANTI JOIN _{name} AS n ON {same};
        CREATE OR REPLACE TEMP TABLE _new AS
            SELECT {listed} FROM _{name} AS n ANTI JOIN derived.{name} AS o ON {same};
        DELETE FROM derived.{name} AS n USING _gone AS o WHERE {same};
        INSERT INTO derived.{name} SELECT {listed}, {load} FROM _new"""
    )
    if touched:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE _touched AS"
            " SELECT id, first, last FROM _gone UNION SELECT id, first, last FROM _new"
        )
    connection.execute(f"DROP TABLE _gone; DROP TABLE _new; DROP TABLE _{name}")


def _derive_lines(connection: duckdb.DuckDBPyConnection, load: int) -> None:
    """Write the lines of touched parties and days whose derived columns differ."""
    if not one_number(connection, "SELECT count(*) FROM main.shipments"):
        return
    touched = " UNION ".join(
        f"SELECT s.id FROM main.shipments AS s JOIN _touched AS c"
        f" ON c.id = s.{end} AND s.shipped_on BETWEEN c.first AND c.last"
        for end in ("seller_id", "buyer_id")
    )
    touched += " UNION SELECT id FROM main.shipments WHERE seller_role IS NULL"  # put back
    lines = f"(SELECT s.* FROM main.shipments AS s SEMI JOIN ({touched}) AS c ON c.id = s.id)"
    differs = " OR ".join(f"n.{name} IS DISTINCT FROM s.{name}" for name in DERIVED_COLUMNS)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE _line AS
            SELECT t.id, {shipment_columns()} FROM {shipment_source(lines)};
        UPDATE main.shipments AS s
            SET {", ".join(f"{name} = n.{name}" for name in DERIVED_COLUMNS)}, _derived = {load}
            FROM _line AS n WHERE n.id = s.id AND ({differs});
        DROP TABLE _line"""
    )
