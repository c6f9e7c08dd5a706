"""A small network that tests of loading start from, and ways to look at a workspace."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel import resources
from graphchannel.ingest import load, load_rows, rejects
from graphchannel.policy import Policy, load_policy
from graphchannel.schema import TABLES
from graphchannel.workspace import DERIVED_COLUMNS, Workspace, create_workspace, open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from graphchannel.ingest import LoadReport
    from tests.ingest.partner_files import Desk

Rows = dict[str, list[dict[str, object]]]


class Channel:
    """A workspace with short ways to load into it and to look at it."""

    def __init__(self, workspace: Workspace, policy: Policy) -> None:
        self.workspace = workspace
        self.policy = policy

    def load(
        self, rows: Mapping[str, list[dict[str, object]]], *, replace: Sequence[str] = ()
    ) -> LoadReport:
        return load_rows(self.workspace, rows, self.policy, replace=replace)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        return self.workspace.connection.execute(sql).fetchall()

    def problems(self) -> list[tuple[str, int, str | None, str]]:
        """Table, record, column and code of the open rejects."""
        return [(r.table, r.record, r.column, r.code) for r in rejects(self.workspace)]

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every canonical and derived row, without the numbers of loads."""
        found = {}
        for table in TABLES:
            names = list(table.column_names)
            names += DERIVED_COLUMNS if table.name == "shipments" else ()
            found[table.name] = self.query(
                f"SELECT {', '.join(names)} FROM {table.name} ORDER BY ALL"
            )
        for name in ("region_within", "city_within", "party_day"):
            sql = f"SELECT * EXCLUDE (_load) FROM derived.{name} ORDER BY ALL"
            found[name] = self.query(sql)
        return found


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy(resources.pack())


@pytest.fixture(scope="session")
def empty_file(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "channel.duckdb"
    create_workspace(path, policy).close()
    return path


@pytest.fixture(scope="session")
def network_file(
    policy: Policy, empty_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("network") / "channel.duckdb"
    shutil.copy(empty_file, path)
    with open_workspace(path, write=True) as workspace:
        load_rows(workspace, network_rows(), policy)
    return path


@pytest.fixture
def channel(policy: Policy, empty_file: Path, tmp_path: Path) -> Iterator[Channel]:
    """An empty workspace; a copy, since that is quicker than a new one."""
    path = tmp_path / "channel.duckdb"
    shutil.copy(empty_file, path)
    with open_workspace(path, write=True) as workspace:
        yield Channel(workspace, policy)


@pytest.fixture
def network(policy: Policy, network_file: Path, tmp_path: Path) -> Iterator[Channel]:
    """One vendor, a distributor since 2024, a reseller, an end user; no lines."""
    path = tmp_path / "channel.duckdb"
    shutil.copy(network_file, path)
    with open_workspace(path, write=True) as workspace:
        yield Channel(workspace, policy)


@pytest.fixture(scope="session")
def desk_file(policy: Policy, empty_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.ingest.partner_files import desk_rows  # noqa: PLC0415 - made of what is above

    path = tmp_path_factory.mktemp("desk") / "channel.duckdb"
    shutil.copy(empty_file, path)
    with open_workspace(path, write=True) as workspace:
        load_rows(workspace, desk_rows(), policy)
    return path


@pytest.fixture
def desk(policy: Policy, desk_file: Path, tmp_path: Path) -> Iterator[Desk]:
    """A network with distributors and resellers, and a folder that partner files come from."""
    from tests.ingest.partner_files import Desk  # noqa: PLC0415 - made of what is above

    path = tmp_path / "channel.duckdb"
    shutil.copy(desk_file, path)
    with open_workspace(path, write=True) as workspace:
        yield Desk(workspace, policy, tmp_path)


@pytest.fixture(scope="session")
def partner_base(policy: Policy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.ingest.partner_files import FILES  # noqa: PLC0415 - made of what is above

    path = tmp_path_factory.mktemp("base") / "channel.duckdb"
    with create_workspace(path, policy) as workspace:
        assert not load(workspace, [FILES / "00-base"], policy).rejected
    return path


@pytest.fixture
def partner_workspace(partner_base: Path, tmp_path: Path) -> Iterator[Workspace]:
    """The network that partner files are about, as files brought it; a copy for each test."""
    path = tmp_path / "channel.duckdb"
    shutil.copy(partner_base, path)
    with open_workspace(path, write=True) as workspace:
        yield workspace


def network_rows() -> Rows:
    return {
        "vendors": [{"id": "V", "name": "Vendor"}],
        "regions": [
            {"id": "DE", "name": "Germany"},
            {"id": "BY", "name": "Bavaria", "parent_id": "DE"},
        ],
        "cities": [{"id": "MUC", "name": "Munich", "region_id": "BY"}],
        "products": [{"id": "SKU", "name": "Switch"}],
        "industries": [{"id": "GOV", "name": "Government"}],
        "partners": [
            {"id": "D", "name": "Distributor", "city_id": "MUC"},
            {"id": "G", "name": "Gold"},
        ],
        "end_users": [{"id": "E", "name": "End user", "city_id": "MUC"}],
        "certifications": [
            {"holder_id": "D", "role": "distributor", "issuer_id": "V", "valid_from": "2024-01-01"},
            {"holder_id": "G", "role": "gold", "issuer_id": "D", "valid_from": "2024-01-01"},
        ],
    }


def line(id_: str, seller: str = "V", buyer: str = "D", **changes: object) -> dict[str, object]:
    """Describe a shipment line of the network."""
    row: dict[str, object] = {
        "id": id_,
        "shipped_on": "2024-03-01",
        "seller_id": seller,
        "buyer_id": buyer,
        "product_id": "SKU",
        "quantity": 10,
    }
    return row | changes
