"""Supply paths that break the policy: goods that reached an end user over a hop it does not allow.

A path begins with the hop that breaks the policy, for lines without serial numbers do not tell
where the seller had the goods from, and ends with the sale to the end user. There is a path for
each such hop from which an end user can be reached: the one with the fewest hops. It is possible,
unless it has one line alone, which proves itself; what serial numbers prove, a scan looks up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.analysis.contract import analysis
from graphchannel.analysis.goods import hops
from graphchannel.analysis.goods.onward import (
    ARRIVED,
    LINE,
    PATH,
    arrivals,
    follow,
    shortest_paths,
)
from graphchannel.policy import END_USER
from graphchannel.policy.path_language import alphabet, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from graphchannel.analysis.contract import Projection
    from graphchannel.policy import Policy
    from graphchannel.policy.path_language import Verdict

__all__ = ["discouraged", "forbidden", "lateral", "unlisted"]

Pair = tuple[str, str]  # roles of seller and buyer

_PAIRS = """
CREATE OR REPLACE TEMP TABLE path_pair AS
SELECT unnest($sellers::VARCHAR[]) AS seller_role, unnest($buyers::VARCHAR[]) AS buyer_role"""
_PAIRED = "(seller_role, buyer_role) IN (FROM path_pair)"

# No more goods can have come out than went in, and than end users were sold.
_PATHS = f"""
WITH went_in AS (
    SELECT w.origin, l.product, sum(l.quantity) AS units
    FROM {PATH} AS w JOIN {LINE} AS l USING (shipment) GROUP BY ALL)
SELECT w.origin AS subject, NULL::VARCHAR AS object, w.path, w.shipments, 1 AS broken_at,
       if(len(w.shipments) = 1, 'proved', 'possible') AS certainty, l.product,
       least(i.units, o.units)::BIGINT AS units,
       len(w.path) - 2 AS extra_hands
FROM {PATH} AS w
JOIN {LINE} AS l USING (shipment)
JOIN went_in AS i ON i.origin = w.origin AND i.product = l.product
JOIN {ARRIVED} AS o ON o.origin = w.origin AND o.product = l.product"""
_RETURNS = ("subject", "object", "path", "shipments", "broken_at", "certainty", "product", "units")
_USES = ("window_days", "opening_stock")


@analysis(needs=hops.COLUMNS, returns=_RETURNS, uses=_USES, reach="product")
def forbidden(projection: Projection) -> pa.Table:
    """Return the paths that begin with a hop that the policy forbids."""
    pairs = _ruled(projection.policy, "forbidden")
    return _found(projection, pairs).drop_columns("extra_hands")


@analysis(needs=hops.COLUMNS, returns=_RETURNS, uses=_USES, reach="product")
def discouraged(projection: Projection) -> pa.Table:
    """Return the paths that begin with a hop that the policy discourages."""
    pairs = _ruled(projection.policy, "discouraged")
    return _found(projection, pairs).drop_columns("extra_hands")


@analysis(needs=hops.COLUMNS, returns=_RETURNS, uses=_USES, reach="product")
def unlisted(projection: Projection) -> pa.Table:
    """Return the paths that begin with a hop of which the policy says nothing.

    Hops from one tier-2 reseller to another are left to `lateral`.
    """
    sideways = set(_sideways(projection.policy))
    pairs = [pair for pair in _ruled(projection.policy, "unlisted") if pair not in sideways]
    return _found(projection, pairs).drop_columns("extra_hands")


@analysis(
    needs=hops.COLUMNS,
    returns=(*_RETURNS, "extra_hands"),
    uses=_USES,
    reach="product",
)
def lateral(projection: Projection) -> pa.Table:
    """Return the paths from tier-2 reseller to tier-2 reseller, and from the last to an end user.

    `extra_hands` counts the resellers after the first.
    """
    going = f"{_PAIRED} OR buyer_role = '{END_USER}'"
    return _found(projection, _sideways(projection.policy), going)


def _found(projection: Projection, pairs: Sequence[Pair], going: str = "true") -> pa.Table:
    """Return a path for each hop between `pairs` of roles from which an end user is reached."""
    connection = projection.connection
    sellers, buyers = [seller for seller, _ in pairs], [buyer for _, buyer in pairs]
    connection.execute(_PAIRS, {"sellers": sellers, "buyers": buyers})
    stay = hops.stay_of(projection)

    def work(lines: str) -> pa.Table:
        hops.make_hops(connection, lines, stay)
        follow(connection, _PAIRED, stay, going)
        shortest_paths(connection, _PAIRED)
        arrivals(connection, _PAIRED, stay)
        return projection.table(_PATHS)

    return hops.by_product(projection, work)


def _ruled(policy: Policy, ruling: Verdict) -> list[Pair]:
    roles = alphabet(policy)
    return [(s, b) for s in roles for b in roles if verdict(policy, s, b) == ruling]


def _sideways(policy: Policy) -> list[Pair]:
    """Return the pairs of roles of tier 2."""
    resellers = [role.id for role in policy.roles if role.supply_tier == 2]
    return [(seller, buyer) for seller in resellers for buyer in resellers]
