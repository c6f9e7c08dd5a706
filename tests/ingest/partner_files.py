"""The network that partner files are about, and a folder that such files are loaded from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.ingest import load
from tests.ingest.conftest import Channel

if TYPE_CHECKING:
    from graphchannel.ingest import LoadReport, ReadOptions
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

FILES = Path(__file__).parent / "partner_files"  # as they come; `00-base` is loaded first

POS = "Invoice,Line,Ship Date,Sold By,Sold To,SKU,Quantity,Price,Currency"
LINES = "id,shipped_on,seller_id,buyer_id,product_id,quantity,amount,currency,document"


class Desk(Channel):
    """A channel whose files are written into a folder and loaded from there."""

    def __init__(self, workspace: Workspace, policy: Policy, folder: Path) -> None:
        super().__init__(workspace, policy)
        self.folder = folder

    def write(self, name: str, *lines: str) -> Path:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def send(
        self, name: str, *lines: str, options: ReadOptions | None = None, **terms: object
    ) -> LoadReport:
        """Load one file of these lines, the header first."""
        path = self.write(name, *lines)
        return load(self.workspace, [path], self.policy, options, **terms)  # type: ignore[arg-type] # terms of the call

    def lines(self, columns: str = "seller_id, buyer_id, quantity, amount::DOUBLE") -> list[object]:
        """Stored shipment lines in a fixed order."""
        return list(self.query(f"SELECT {columns} FROM shipments ORDER BY shipped_on, id"))


def desk_rows() -> dict[str, list[dict[str, object]]]:
    partners = {
        "D1": ("Rotkamp Distribution GmbH", "DE", "BER"),
        "D2": ("Seinelle Distribution SA", "FR", "PAR"),
        "R1": ("Alpenblick Systeme GmbH", "DE", "MUC"),
        "R2": ("Nordlicht Netze GmbH", "DE", "BER"),
        "R3": ("Lumiere Reseaux SARL", "FR", "PAR"),
        "00123": ("Nullkamp Netzwerke", "DE", "BER"),
    }
    roles = (
        ("D1", "distributor", "V1"),
        ("D2", "distributor", "V1"),
        ("R1", "gold", "D1"),
        ("R2", "silver", "D1"),
        ("R3", "gold", "D2"),
    )
    return {
        "vendors": [{"id": "V1", "name": "Vendor"}],
        "regions": [{"id": "DE", "name": "Germany"}, {"id": "FR", "name": "France"}],
        "cities": [
            {"id": id_, "name": id_, "region_id": region}
            for id_, region in (("MUC", "DE"), ("BER", "DE"), ("PAR", "FR"))
        ],
        "products": [{"id": id_, "name": id_} for id_ in ("SW-24", "AP-7")],
        "partners": [
            {"id": id_, "name": name, "country": country, "city_id": city}
            for id_, (name, country, city) in partners.items()
        ],
        "end_users": [{"id": "E1", "name": "Stadtschule Muenchen", "city_id": "MUC"}],
        "certifications": [
            {"holder_id": holder, "role": role, "issuer_id": issuer, "valid_from": "2010-01-01"}
            for holder, role, issuer in roles
        ],
    }
