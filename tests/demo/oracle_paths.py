"""The rules over supply paths once more, from docs/paths.md alone: part of the oracle."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.demo.oracle_sources import judge_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from tests.demo.oracle import Oracle

TIER_ONE, TIER_TWO = ("distributor", "vap"), ("platinum", "gold", "silver", "recognized")
WINDOW, OPENING = 180, 50
Path = tuple["Hop", ...]
Links = dict[str, set[str]]


@dataclass(frozen=True)
class Hop:
    id: str
    day: date
    seller: str
    buyer: str
    product: str
    quantity: int
    amount: str
    currency: str
    destination: str
    selling: str
    buying: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.selling, self.buying


@dataclass
class Goods:
    """The lines of a finding's paths, and those with which goods arrived."""

    lines: set[Hop] = field(default_factory=set)
    arrived: set[Hop] = field(default_factory=set)

    def add(self, path: Iterable[Hop]) -> None:
        hops = list(path)
        self.lines |= set(hops)
        self.arrived.add(hops[-1])

    @property
    def amount(self) -> dict[str, Decimal]:
        sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        for hop in self.arrived:
            if hop.amount:
                sums[hop.currency or "—"] += Decimal(hop.amount)
        return dict(sums)


class PathOracle:
    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.found: defaultdict[tuple[str, ...], Goods] = defaultdict(Goods)
        self.lines = [hop for row in oracle.tables["shipments"] if (hop := self.hop(row))]
        supplied: defaultdict[tuple[str, str, str], list[date]] = defaultdict(list)
        for line in self.lines:
            supplied[line.seller, line.buyer, line.product].append(line.day)
        self.returns = {
            line
            for line in self.lines
            if self.may_be_return(line)
            and (since := supplied[line.buyer, line.seller, line.product])
            and min(since) <= line.day
            and (
                "uncertified" not in line.pair
                or min(since) <= min(supplied[line.seller, line.buyer, line.product])
            )
        }
        self.hops = [
            line for line in self.lines if line.selling != "end_user" and line not in self.returns
        ]
        self.sales: defaultdict[tuple[str, str], list[Hop]] = defaultdict(list)
        for hop in self.hops:
            self.sales[hop.seller, hop.product].append(hop)

    def judge(self, allowed: Iterable[tuple[str, str]]) -> dict[tuple[str, ...], Goods]:
        forbidden = {("vap", role) for role in TIER_TWO}
        discouraged = {("distributor", "end_user")}
        ruled = {*allowed, *forbidden, *discouraged}
        self.chains("paths/diverted", lambda hop: hop.pair in forbidden)
        self.chains("paths/discouraged-hop", lambda hop: hop.pair in discouraged)
        self.chains(
            "paths/unlisted-hop", lambda hop: hop.pair not in ruled and not self.sideways(hop)
        )
        self.chains(
            "paths/lateral-chain",
            self.sideways,
            lambda hop: self.sideways(hop) or hop.buying == "end_user",
        )
        self.units(forbidden)
        self.round_trips()
        self.balances()
        self.left_territory()
        judge_sources(self)
        return self.found

    def hop(self, row: dict[str, str]) -> Hop | None:
        day = date.fromisoformat(row["shipped_on"])
        if day > self.oracle.as_of:
            return None
        seller, buyer = row["seller_id"], row["buyer_id"]
        home = self.oracle.partners.get(buyer) or self.oracle.users.get(buyer) or {}
        return Hop(
            row["id"],
            day,
            seller,
            buyer,
            row["product_id"],
            int(row["quantity"]),
            row["amount"],
            row["currency"],
            row["ship_to_city_id"] or home.get("city_id", ""),
            self.oracle.role(seller, day),
            self.oracle.role(buyer, day),
        )

    def may_be_return(self, line: Hop) -> bool:
        if "uncertified" in line.pair:
            return line.buying != "end_user"
        return self.oracle.upstream(*line.pair)

    @staticmethod
    def sideways(hop: Hop) -> bool:
        return hop.selling in TIER_TWO and hop.buying in TIER_TWO

    def following(self, hop: Hop) -> list[Hop]:
        sales = self.sales[hop.buyer, hop.product] if hop.buying != "vendor" else []
        return [after for after in sales if 0 <= (after.day - hop.day).days <= WINDOW]

    # chains to an end user

    def chains(
        self,
        rule: str,
        starts: Callable[[Hop], bool],
        goes_on: Callable[[Hop], bool] = lambda _: True,
    ) -> None:
        for start in self.hops:
            if starts(start) and (path := self.shortest((start,), goes_on)):
                self.found[rule, start.seller, start.product].add(path)

    def shortest(self, path: Path, goes_on: Callable[[Hop], bool]) -> Path | None:
        """Return the way to an end user with the fewest hops, each as early as can be."""
        for longest in range(1, 10):
            if found := self.within(path, longest, goes_on):
                return found
        return None

    def within(self, path: Path, longest: int, goes_on: Callable[[Hop], bool]) -> Path | None:
        if path[-1].buying == "end_user":
            return path
        if len(path) == longest:
            return None
        for hop in sorted(self.following(path[-1]), key=lambda hop: (hop.day, hop.id)):
            if (
                hop not in path
                and goes_on(hop)
                and (found := self.within((*path, hop), longest, goes_on))
            ):
                return found
        return None

    # units with a serial number

    def units(self, forbidden: Collection[tuple[str, str]]) -> None:
        by_id = {line.id: line for line in self.lines}
        moves: defaultdict[tuple[str, str], list[Hop]] = defaultdict(list)
        for row in self.oracle.tables["serials"]:
            if line := by_id.get(row["shipment_id"]):
                moves[line.product, row["serial"]].append(line)
        for (product, _), hops in moves.items():
            hops.sort(key=lambda hop: (hop.day, hop.id))
            leaks = [hop for hop in hops if hop.pair in forbidden]
            for leak in leaks[:1]:  # no plant has two
                way = self.until_sold(self.known_way(hops, leak), hops)
                if way[-1].buying == "end_user":
                    self.found["serials/diverted", leak.seller, product].add(way)

    @staticmethod
    def known_way(hops: Sequence[Hop], last: Hop) -> Path:
        """Go back from a hand-over to the first that names the unit."""
        way: Path = (last,)
        for hop in reversed(hops[: hops.index(last)]):
            if hop.buyer == way[0].seller:
                way = (hop, *way)
        return way

    @staticmethod
    def until_sold(way: Path, hops: Sequence[Hop]) -> Path:
        """Go on from the last hand-over of a way to an end user."""
        for hop in hops[hops.index(way[-1]) + 1 :]:
            if hop.seller == way[-1].buyer and way[-1].buying != "end_user":
                way = (*way, hop)
        return way

    # circles

    def round_trips(self) -> None:
        for product in {hop.product for hop in self.hops}:
            hops = [hop for hop in self.hops if hop.product == product and hop.buying != "end_user"]
            links: Links = defaultdict(set)
            for hop in hops:
                links[hop.seller].add(hop.buyer)
            circling = {hop for hop in hops if hop.seller in beyond(links, hop.buyer)}
            trips: defaultdict[tuple[str, Hop], list[Path]] = defaultdict(list)
            for start in circling:
                for path in self.home((start,), circling):
                    trips[start.seller, path[-1]].append(path)
            for (party, last), paths in trips.items():
                best = min(paths, key=lambda path: (len(path), [hop.id for hop in path]))
                self.found["paths/round-trip", party, last.seller, product].add(best)

    def home(self, path: Path, circling: set[Hop]) -> list[Path]:
        if path[-1].buyer == path[0].seller:
            return [path]
        onward = [hop for hop in self.following(path[-1]) if hop in circling and hop not in path]
        return [found for hop in onward for found in self.home((*path, hop), circling)]

    # mass balance

    def balances(self) -> None:
        moves: defaultdict[tuple[str, str], list[Hop]] = defaultdict(list)
        judged = set()
        for line in self.lines:
            moves[line.seller, line.product].append(line)
            moves[line.buyer, line.product].append(line)
            if line not in self.returns and line.buying not in ("vendor", "end_user"):
                judged.add((line.buyer, line.product))
        for party, product in judged:
            self.balance(party, product, moves[party, product])

    def balance(self, party: str, product: str, moves: Sequence[Hop]) -> None:
        stock, lowest = 0, 0
        for day in sorted({line.day for line in moves}):
            today = [line for line in moves if line.day == day]
            stock += sum(line.quantity for line in today if line.buyer == party)
            sold = [line for line in today if line.seller == party]
            stock -= sum(line.quantity for line in sold)
            if stock < min(lowest, -OPENING):
                for line in sold:
                    self.found["paths/out-exceeds-in", party, product].add([line])
            lowest = min(lowest, stock)

    # territories

    def left_territory(self) -> None:
        supplies: defaultdict[tuple[str, str], list[Hop]] = defaultdict(list)
        for line in self.lines:
            supplies[line.buyer, line.product].append(line)
        for sale in self.lines:
            if sale.buying != "end_user" or sale.seller not in self.oracle.partners:
                continue
            if not sale.destination or not self.outside(sale.seller, sale):
                continue
            sources = [
                line
                for line in supplies[sale.seller, sale.product]
                if 0 <= (sale.day - line.day).days <= WINDOW
                and not self.oracle.upstream(*line.pair)
            ]
            if all(
                line.selling in TIER_ONE
                and line.buying in TIER_TWO
                and self.outside(line.seller, sale)
                for line in sources
            ):
                for line in sources:
                    found = self.found["paths/left-territory", sale.seller, sale.buyer]
                    found.add([line, sale])

    def outside(self, partner: str, sale: Hop) -> bool:
        held = self.oracle.authorized(partner, sale.day)
        within = self.oracle.city_within(sale.destination)
        return bool(held) and not any(
            not row["region_id"] or row["region_id"] in within for row in held
        )


def beyond(links: Links, party: str) -> set[str]:
    """Return all parties that goods may get to from a party."""
    found: set[str] = set()
    waiting = [party]
    while waiting:
        for buyer in links.get(waiting.pop(), ()):
            if buyer not in found:
                found.add(buyer)
                waiting.append(buyer)
    return found
