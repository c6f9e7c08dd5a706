"""The worked example of docs/paths.md, and what a correction of a line does to its path."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from graphchannel.analysis.bounds.bounds import UnitBounds, arrived
from graphchannel.analysis.bounds.ledger import Ledger
from graphchannel.analysis.bounds.ledger import Line as LedgerLine
from graphchannel.analysis.goods import paths
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace
from tests.analysis.corrections import correct
from tests.analysis.goods.exhaustive import Line
from tests.analysis.goods.networks import flow, projection
from tests.rules.cases import CATALOGUE, base_network

if TYPE_CHECKING:
    from graphchannel.findings import Finding
    from graphchannel.workspace import Workspace

PAGE = Path(__file__).resolve().parents[3] / "docs" / "paths.md"
POLICY = load_policy(pack())
ROLES = {"value-added partner": "vap", "end user": "end_user"}
ROW = re.compile(r"\| (L\d) \| (\d+) June \| (\D+) (\w) → (\D+) (\w) \| (\w) \| (\d+) \|")


def shown_lines() -> list[Line]:
    """Return the lines of the page's table."""
    found = []
    for id_, day, seller_role, seller, buyer_role, buyer, product, units in ROW.findall(
        PAGE.read_text("utf-8")
    ):
        sells, buys = (ROLES.get(name, name) for name in (seller_role, buyer_role))
        goods = (product, int(units), sells, buys, flow(POLICY, sells, buys))
        found.append(Line(id_, int(day), seller, buyer, *goods))
    return found


def test_the_worked_example_is_right() -> None:
    lines = shown_lines()
    assert len(lines) == 6
    given = projection(lines, POLICY, Random(1), window_days=180, opening_stock=50)  # noqa: S311 - no secret
    (leak,) = paths.forbidden(given).to_pylist()
    assert (leak["path"], leak["shipments"]) == (["V", "G", "A"], ["L1", "L3"])
    assert (leak["subject"], leak["product"], leak["units"]) == ("V", "P", 65)
    (lateral,) = paths.lateral(given).to_pylist()
    assert (lateral["path"], lateral["shipments"]) == (["G", "S", "B"], ["L4", "L5"])
    assert (lateral["extra_hands"], lateral["units"]) == (1, 25)
    p = [line for line in lines if line.product == "P"]
    ledgers = [
        Ledger([LedgerLine(x.id, x.seller, x.buyer, x.day, x.quantity) for x in p], (), stock)
        for stock in (50, 0)
    ]
    assert [arrived(ledger, {"L1"}, {"L3", "L5"}) for ledger in ledgers] == [
        UnitBounds(0, 65, 90),
        UnitBounds(15, 65, 90),
    ]
    page = PAGE.read_text("utf-8")
    for words in ("V ✗→ G → A with L1 and L3", "so at most 65", "1 further hand, at most 25 units"):
        assert words in page


def test_a_product_renamed_by_correction_is_followed_under_its_new_name() -> None:
    tables: dict[str, list[dict[str, Any]]] = dict(base_network().tables)
    tables["products"] = [*tables["products"], {"id": "swich", "name": "Swich"}]
    sale = line("L2", "gold", "grid", product_id="swich", shipped_on=date(2015, 6, 22))
    tables["shipments"] = [*tables["shipments"], line("L1", "vap", "gold"), sale]
    with create_workspace(None, POLICY) as workspace:
        load_rows(workspace, tables, POLICY)
        assert diverted(workspace) == []
        correct(workspace, {"shipments": [sale | {"product_id": "switch"}]}, POLICY)
        (found,) = diverted(workspace)
        assert found.path is not None
        assert found.path.shipments == ("L1", "L2")
        # and back again
        correct(workspace, {"shipments": [sale]}, POLICY)
        assert diverted(workspace) == []


def line(id_: str, seller: str, buyer: str, **values: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "shipped_on": date(2015, 6, 20),
        "seller_id": seller,
        "buyer_id": buyer,
        "product_id": "switch",
        "quantity": 10,
    } | values


def diverted(workspace: Workspace) -> list[Finding]:
    options = ScanOptions(as_of=date(2015, 6, 30))
    return list(scan(workspace, CATALOGUE.select(["paths/diverted"]), options).findings())
