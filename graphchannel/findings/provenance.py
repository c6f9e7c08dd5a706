"""How sure a path is by its quantities, and who can have had its goods before its first party.

A scan does not tell it: a linear programme for each party and finding would cost more than all
rules together. It is worked out for one finding, when that is shown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.findings.model import Bound, Ref
from graphchannel.network.certain import (
    along,
    certainty,
    network_of,
    opening_stock,
    upstream_bounds,
)
from graphchannel.network.reach import load

if TYPE_CHECKING:
    from collections.abc import Collection

    import duckdb

    from graphchannel.findings.model import Certainty, Finding, SupplyPath
    from graphchannel.network.bounds import Network
    from graphchannel.network.fetch import Fetch
    from graphchannel.policy import Policy

__all__ = ["first_product", "with_bounds"]

_TOP = 10  # parties that are named
_BEGINS = """
SELECT shipment FROM trace_line
WHERE seller = $party AND shipment IN (SELECT unnest($lines::VARCHAR[])) ORDER BY shipment
"""


def first_product(connection: duckdb.DuckDBPyConnection, finding: Finding) -> str:
    """Return the product of the first line of a finding's path, an empty text without a path."""
    if finding.path is None:
        return ""
    rows = connection.execute(
        "SELECT product_id FROM main.shipments WHERE id = $id", {"id": finding.path.shipments[0]}
    ).fetchall()
    return str(rows[0][0])


def with_bounds(
    connection: duckdb.DuckDBPyConnection,
    finding: Finding,
    lines: Collection[str],
    fetch: Fetch,
    policy: Policy,
) -> Finding:
    """Return a finding over paths with bounds; one whose rule gives bounds stays as it is.

    `lines` are all its lines. The units asked about are those that the first party of its path
    handed on by these; `fetch` knows the path's product. A path that the scan held possible gets
    the certainty that `graphchannel trace` gives it. Raises EngineError.
    """
    path = finding.path
    if path is None or path.bounds:
        return finding
    load(connection, "trace_line", fetch.source("lines"), policy)
    asked = {"party": path.parties[0].id, "lines": sorted(lines)}
    leaked = [line for (line,) in connection.execute(_BEGINS, asked).fetchall()]
    network = network_of(connection, first_product(connection, finding), opening_stock(policy))
    names = dict(connection.execute("SELECT id, name FROM graph.party").fetchall())
    bounds = tuple(
        Bound(Ref("party", b.party, names[b.party]), b.least, b.most, b.of)
        for b in upstream_bounds(network, leaked, _TOP)
    )
    return replace(finding, path=replace(path, bounds=bounds, certainty=_certainty(path, network)))


def _certainty(path: SupplyPath, network: Network) -> Certainty | None:
    """Return how sure a path is by the quantities of its product; another is as sure as before."""
    known = {line.shipment for line in network.lines}
    if path.certainty != "possible" or not known.issuperset(path.shipments):
        return path.certainty
    parties = [party.id for party in path.parties]
    return certainty(along(network, parties, path.shipments[-1]))
