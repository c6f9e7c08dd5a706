"""Put a network together and write it as a native dataset with its truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphchannel.demo import names
from graphchannel.demo.actors import Actors
from graphchannel.demo.days import HALVES
from graphchannel.demo.draws import Draws
from graphchannel.demo.geography import COUNTRIES, load_geography
from graphchannel.demo.market import add_market
from graphchannel.demo.network import SECOND_VENDOR, VENDOR, Network
from graphchannel.demo.partners import add_partners
from graphchannel.demo.plan import make_plan
from graphchannel.demo.plants.certification import plant_certification
from graphchannel.demo.plants.coverage import plant_coverage
from graphchannel.demo.plants.duplicates import plant_duplicates
from graphchannel.demo.plants.obligations import plant_obligations
from graphchannel.demo.plants.one_day import plant_one_day
from graphchannel.demo.plants.paths import plant_paths
from graphchannel.demo.plants.routes import plant_routes
from graphchannel.demo.plants.scattered import plant_scattered
from graphchannel.demo.plants.serials import plant_serials
from graphchannel.demo.plants.supply import plant_supply
from graphchannel.demo.plants.territory import plant_territory
from graphchannel.demo.plants.waivers import plant_waivers
from graphchannel.demo.serials import add_serials
from graphchannel.demo.shipments import Sales, draw_lines
from graphchannel.demo.surveys import add_surveys
from graphchannel.demo.targets import add_targets
from graphchannel.demo.trade import Pairs, make_pairs
from graphchannel.demo.truth import Truth
from graphchannel.demo.write import FORMATS, ShipmentWriter, line_id, open_table, write_rows
from graphchannel.errors import InputError
from graphchannel.files import filling
from graphchannel.policy import load_policy
from graphchannel.resources import pack

if TYPE_CHECKING:
    from pathlib import Path

FEWEST_PARTNERS = 300
FEWEST_LINES = 2_000
_HUB = 5_000
_MOST_CHAINS = 20_000  # of lines with serial numbers
_END_USERS = 10  # for each partner


def generate(directory: Path, partners: int, lines: int, seed: int, format_: str = "csv") -> Truth:
    """Write a network of so many partners and shipment lines; return what a scan must find in it.

    The directory gets a file for each canonical table and `truth.json`; it is created if need be,
    and files of these names are replaced. The same arguments give the same bytes. Raises
    InputError for numbers too small to hold all that is planted.
    """
    if partners < FEWEST_PARTNERS or lines < FEWEST_LINES:
        raise InputError(
            f"A network of {partners} partners and {lines} lines has no room for what is planted: "
            f"it takes at least {FEWEST_PARTNERS} partners and {FEWEST_LINES} lines."
        )
    if format_ not in FORMATS:
        raise InputError(f"Format '{format_}' is unknown; expected {' or '.join(FORMATS)}.")
    with filling(directory, last="truth.json") as made:
        truth = _written(made, partners, lines, seed, format_)
        (made / "truth.json").write_text(truth.to_json(), "utf-8")
    return truth


def _written(directory: Path, partners: int, lines: int, seed: int, format_: str) -> Truth:
    network = _planted_network(seed, lines)
    market_draws, partner_draws = Draws(seed, "market"), Draws(seed, "partners")
    roster = add_partners(network, partner_draws, partners - len(network.rows["partners"]))
    add_surveys(network, partner_draws, roster.distributors, roster.stints)
    market = add_market(network, market_draws, partners * _END_USERS)
    plant_scattered(network, Draws(seed, "scattered"), roster, market, 2 + partners // 100)
    pairs = make_pairs(roster, market, Draws(seed, "trade"))
    add_serials(network, Draws(seed, "serials"), pairs, min(_MOST_CHAINS, lines // 100))
    sales, numbers = _write_shipments(directory, format_, network, pairs, lines=lines, seed=seed)
    add_targets(network, Draws(seed, "targets"), roster, sales, numbers)
    for name, rows in network.rows.items():
        if name != "shipments":
            write_rows(directory, name, format_, rows)
    return network.truth


def _planted_network(seed: int, lines: int) -> Network:
    """Return a network of the planted partners alone, and what everybody shares."""
    geography = load_geography()
    plan = make_plan(geography, Draws(seed, "plan"))
    network = Network(
        geography=geography,
        policy=load_policy(pack()),
        truth=Truth(seed),
        draws=Draws(seed, "names"),
        untouched=plan.untouched,
        wide_countries=plan.wide_countries,
        closed_cities=plan.closed,
    )
    network.add("vendors", VENDOR, "Enterprise Business Group")
    network.add("vendors", SECOND_VENDOR, "Enterprise Sales Company")
    network.rows["regions"] = geography.region_rows()
    network.rows["cities"] = geography.city_rows()
    network.rows["products"] = names.product_rows()
    actors = Actors(network, Draws(seed, "cast"))
    plant_supply(actors, min(_HUB, lines // 20))
    plant_territory(actors)
    plant_certification(actors)
    plant_obligations(actors)
    plant_paths(actors)
    plant_coverage(actors, plan)
    plant_routes(actors, plan)
    plant_one_day(actors, plan)
    plant_waivers(actors)
    plant_serials(actors)
    plant_duplicates(network)
    return network


def _write_shipments(
    directory: Path, format_: str, network: Network, pairs: Pairs, *, lines: int, seed: int
) -> tuple[Sales, dict[str, int]]:
    """Write drawn and planted lines; return what was sold by number of seller, and the numbers."""
    numbers = {seller: number for number, seller in enumerate(dict.fromkeys(pairs.sellers))}
    sales = Sales(
        sellers=np.asarray([numbers[seller] for seller in pairs.sellers], dtype=np.int64),
        cents=np.zeros((len(numbers), len(HALVES)), dtype=np.int64),
        unpriced=np.zeros((len(numbers), len(HALVES)), dtype=np.int64),
    )
    parties = [*network.rows["partners"], *network.rows["end_users"]]
    seats = {str(row[0]): str(row[3]) if row[3] else None for row in parties}
    with open_table(directory, "shipments", format_) as sink:
        writer = ShipmentWriter(
            sink,
            sellers=pairs.sellers,
            buyers=pairs.buyers,
            currencies=[COUNTRIES[country].currency for country in pairs.countries],
            cities=[seats[buyer] for buyer in pairs.buyers],
            products=[str(row[0]) for row in network.rows["products"]],
        )
        drawn = max(0, lines - len(network.lines))
        for chunk in draw_lines(pairs, Draws(seed, "lines"), drawn):
            sales.count(chunk)
            writer.write_chunk(chunk)
        writer.write_lines(network.lines)
    for position, serial in network.serials:
        network.add("serials", line_id(drawn + position + 1), serial)
    return sales, numbers
