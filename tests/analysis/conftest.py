"""One small channel in a workspace, for the commands that follow goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.ingest import load_rows
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from pathlib import Path

POLICY = load_policy(pack())
_PARTNERS = {
    "D1": ("TechDist", "distributor"),
    "D2": ("Other Dist", "distributor"),
    "N": ("Nord VAR", "vap"),
    "G": ("Gold IT", "gold"),
    "S": ("Silver IT", "silver"),
}


def shipment(
    id_: str, ends: tuple[str, str], day: str, quantity: int, product: str
) -> dict[str, Any]:
    """Return a line of 2015 between `ends`, seller and buyer, on a month and day."""
    return {
        "id": id_,
        "seller_id": ends[0],
        "buyer_id": ends[1],
        "shipped_on": f"2015-{day}",
        "quantity": quantity,
        "product_id": product,
    }


TABLES: dict[str, list[dict[str, Any]]] = {
    "vendors": [{"id": "V", "name": "Huawei"}],
    "partners": [{"id": id_, "name": name} for id_, (name, _) in _PARTNERS.items()],
    "end_users": [{"id": "E1", "name": "Acme"}, {"id": "E2", "name": "Bolt"}],
    "products": [{"id": "sw", "name": "Switch"}, {"id": "rt", "name": "Router"}],
    "certifications": [
        {"holder_id": id_, "role": role, "issuer_id": "V", "valid_from": "2015-01-01"}
        for id_, (_, role) in _PARTNERS.items()
    ],
    "shipments": [
        # two distributors feed a value-added partner, which passes most of it to a reseller
        shipment("L01", ("V", "D1"), "01-10", 650, "sw"),
        shipment("L02", ("V", "D2"), "01-10", 400, "sw"),
        shipment("L03", ("D1", "N"), "02-01", 650, "sw"),
        shipment("L04", ("D2", "N"), "02-02", 400, "sw"),
        shipment("L05", ("N", "G"), "02-10", 900, "sw"),
        shipment("L06", ("G", "E1"), "03-01", 900, "sw"),
        # units with numbers: one way, one return, one number twice
        shipment("L11", ("V", "D1"), "01-05", 3, "rt"),
        shipment("L12", ("D1", "G"), "01-06", 2, "rt"),
        shipment("L13", ("G", "E1"), "01-07", 1, "rt"),
        shipment("L14", ("G", "E2"), "01-08", 1, "rt"),
        shipment("L15", ("E2", "G"), "01-20", 1, "rt"),
        shipment("L16", ("D1", "S"), "01-21", 1, "rt"),
    ],
    "serials": [
        {"shipment_id": line, "serial": serial}
        for serial, lines in {
            "R1": ("L11", "L12", "L13", "L16"),
            "R2": ("L11", "L12", "L14", "L15"),
            "R3": ("L11",),
        }.items()
        for line in lines
    ],
}


@pytest.fixture(scope="module")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the workspace's file; tests do not write to it."""
    return make_channel(tmp_path_factory.mktemp("channel") / "channel.duckdb", TABLES)


def make_channel(file: Path, tables: dict[str, list[dict[str, Any]]]) -> Path:
    with create_workspace(file, POLICY) as workspace:
        assert load_rows(workspace, tables, POLICY).rejected == 0
    return file
