"""How sure a path is: what serial numbers prove, else what quantities leave open.

*Proved*: units with serial numbers took it, or all units of the last line can only have come
through each party on the path. *Implied*: some of them must have come through each of the parties.
*Possible*: they can have. *Excluded*: through one of the parties none can have come, since it had
sold all that it could have received along it before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.analysis.bounds.bounds import PartyBounds, came_through
from graphchannel.analysis.bounds.ledger import Ledger
from graphchannel.analysis.goods.followed import LINE, UNIT
from graphchannel.analysis.goods.units import carried

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import duckdb

    from graphchannel.analysis.bounds.bounds import Certainty
    from graphchannel.analysis.goods.model import TracedPath
    from graphchannel.policy import Policy

__all__ = [
    "JudgedPath",
    "certainty",
    "how_sure",
    "ledger_of",
    "opening_stock",
]


@dataclass(frozen=True, slots=True)
class JudgedPath:
    """A path, how sure it is, and the bounds of the parties on it that leave a doubt."""

    path: TracedPath
    certainty: Certainty
    bounds: tuple[PartyBounds, ...]


def how_sure(
    connection: duckdb.DuckDBPyConnection, paths: Iterable[TracedPath], stock: int
) -> list[JudgedPath]:
    """Say how sure each path is; one that serial numbers prove needs no bounds.

    It gets the numbers that stand on each of its lines.
    The units asked about are those of its last line; all came through its seller.
    """
    ledgers: dict[str, Ledger] = {}
    judged = []
    for path in _with_serials(connection, list(paths)):
        bounds: list[PartyBounds] = []
        if not path.serials and len(path.hops) > 1:
            if path.product not in ledgers:
                ledgers[path.product] = ledger_of(connection, path.product, stock)
            bounds = _along(ledgers[path.product], path.parties, path.lines[-1])
        judged.append(JudgedPath(path, certainty(bounds), tuple(bounds)))
    return judged


def _along(ledger: Ledger, parties: Sequence[str], last: str) -> list[PartyBounds]:
    """Return how many units of the `last` line of a path can have come through its parties.

    All came through its seller, who is left out.
    """
    found = {party: came_through(ledger, party, {last}) for party in dict.fromkeys(parties[:-2])}
    return [PartyBounds(units.least, units.most, units.of, party) for party, units in found.items()]


def certainty(bounds: Sequence[PartyBounds]) -> Certainty:
    """Return how sure it is that goods came through all of the parties: no surer than of any."""
    if any(bound.most == 0 for bound in bounds):
        return "excluded"
    if all(bound.least == bound.of for bound in bounds):
        return "proved"
    return "implied" if all(bound.least for bound in bounds) else "possible"


def ledger_of(connection: duckdb.DuckDBPyConnection, product: str, stock: int) -> Ledger:
    """Return the followed lines of a product; each party may have had `stock` before."""
    rows = connection.execute(
        f"SELECT shipment, seller, buyer, day, quantity, seller_role FROM {LINE}"
        " WHERE product = $product",
        {"product": product},
    ).fetchall()
    return Ledger.of_rows(rows, stock)


def opening_stock(policy: Policy) -> int:
    """Return the units that a party may have had before its first line; none where unset."""
    return policy.number("opening_stock") or 0


def _with_serials(
    connection: duckdb.DuckDBPyConnection, paths: Sequence[TracedPath]
) -> list[TracedPath]:
    """Give each path without serial numbers those of the units that went all along it."""
    asked = "(SELECT DISTINCT unnest($paths::VARCHAR[][]) AS shipments)"
    lines = [list(path.lines) for path in paths if not path.serials]
    rows = connection.execute(carried(asked, UNIT), {"paths": lines}).fetchall()
    found = {tuple(shipments): tuple(serials) for shipments, serials in rows}
    return [path if path.serials else replace(path, serials=found[path.lines]) for path in paths]
