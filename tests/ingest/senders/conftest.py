"""A network like that of partner files, and short ways to write files and senders for it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel import resources
from graphchannel.ingest import LoadReport, ReadOptions, load, load_rows, rejects
from graphchannel.policy import Policy, load_policy
from graphchannel.workspace import Workspace, create_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NETWORK: dict[str, list[dict[str, object]]] = {
    "vendors": [{"id": "V1", "name": "Vendor"}],
    "regions": [{"id": "DE", "name": "Germany"}],
    "cities": [{"id": "MUC", "name": "München", "region_id": "DE"}],
    "products": [{"id": "SW-24", "name": "Switch"}, {"id": "AP-7", "name": "Access point"}],
    "partners": [
        {"id": "D1", "name": "Rotkamp Distribution GmbH"},
        {"id": "R1", "name": "Alpenblick Systeme GmbH"},
        {"id": "R2", "name": "Nordlicht Netze GmbH"},
    ],
    "end_users": [{"id": "E1", "name": "Stadtschule München"}],
}


class Desk:
    """A workspace with the network, a folder of senders, and files as they come."""

    def __init__(self, workspace: Workspace, policy: Policy, folder: Path) -> None:
        self.workspace = workspace
        self.policy = policy
        self.folder = folder
        self.senders = folder / "senders"
        self.senders.mkdir()

    def sender(self, text: str, name: str = "rotkamp") -> Path:
        path = self.senders / f"{name}.toml"
        path.write_text(text, "utf-8")
        return path

    def file(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_text(text, encoding)
        return path

    def load(self, *files: Path, **options: Any) -> LoadReport:
        asked = ReadOptions(senders=(self.senders,), **options)
        return load(self.workspace, files, self.policy, asked)

    def lines(self, *columns: str) -> list[tuple[Any, ...]]:
        names = ", ".join(columns or ("seller_id", "buyer_id", "quantity", "amount::VARCHAR"))
        sql = f"SELECT {names} FROM shipments ORDER BY id"
        return self.workspace.connection.execute(sql).fetchall()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        return self.workspace.connection.execute(sql).fetchall()

    def reasons(self) -> list[str]:
        return [reject.reason for reject in rejects(self.workspace)]


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy(resources.pack())


@pytest.fixture(scope="session")
def network_of_partners(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("partners") / "channel.duckdb"
    with create_workspace(path, policy) as workspace:
        load_rows(workspace, NETWORK, policy)
    return path


@pytest.fixture
def desk(policy: Policy, network_of_partners: Path, tmp_path: Path) -> Iterator[Desk]:
    """A copy of the network's workspace, since that is quicker than a new one."""
    path = tmp_path / "channel.duckdb"
    shutil.copy(network_of_partners, path)
    with open_workspace(path, write=True) as workspace:
        yield Desk(workspace, policy, tmp_path)
