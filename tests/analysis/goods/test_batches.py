"""Goods followed some products at a time, against all at once."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import duckdb
import pytest
from click.testing import CliRunner

from graphchannel.analysis.goods import batches
from graphchannel.analysis.goods.batches import in_batches, of_products
from graphchannel.cli import main
from graphchannel.engines import SelectableRows
from tests.analysis.conftest import TABLES, make_channel, shipment
from tests.sampling import thinned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRODUCTS = ["a", "A", "it's", "é", "z'' OR 1=1", "100%", "~"]


@pytest.fixture
def lines() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE lines (id INTEGER, product VARCHAR)")
        dice = Random(1)  # noqa: S311 - a seed, not a secret
        for number in range(200):
            row = [number, dice.choice(PRODUCTS)]
            connection.execute("INSERT INTO lines VALUES (?, ?)", row)
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, source: SelectableRows) -> list[tuple[int, str]]:
    found = connection.execute(f"FROM {source.relation} ORDER BY id", dict(source.parameters))
    return found.fetchall()


@pytest.mark.parametrize("most", [1, 40, 70, 199, 200])
def test_each_row_is_in_one_part_with_all_of_its_product(
    lines: duckdb.DuckDBPyConnection, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_BATCH", most)
    source = SelectableRows("(FROM lines WHERE id >= $first)", {"first": 0})
    parts = [rows(lines, part) for (part,) in in_batches(lines, source)]
    assert sorted(row for part in parts for row in part) == rows(lines, source)
    count = Counter(product for _, product in rows(lines, source))
    products = [{product for _, product in part} for part in parts]
    assert sum(map(len, products)) == len(count)  # none is in two
    assert all(len(part) <= max(most, *count.values()) for part in parts)
    assert all(parts)
    assert len(parts) == {1: 7, 199: 2, 200: 1}.get(most, len(parts))


def test_relations_are_cut_alike(
    lines: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "_BATCH", 100)
    lines.execute("CREATE TABLE units AS FROM lines WHERE product IN ('a', '~') UNION ALL "
                  "SELECT 999, 'only here'")  # fmt: skip
    cut = in_batches(lines, SelectableRows("lines", {}), SelectableRows("units", {}))
    assert len(cut) > 1
    assert sum(len(rows(lines, units)) for _, units in cut) == len(
        rows(lines, SelectableRows("units", {}))
    )
    for one, other in cut:
        held = {product for _, product in rows(lines, one)}
        assert {product for _, product in rows(lines, other)} <= held | {"only here"}


def test_nothing_is_one_part(lines: duckdb.DuckDBPyConnection) -> None:
    lines.execute("DELETE FROM lines")
    assert [rows(lines, part) for (part,) in in_batches(lines, SelectableRows("lines", {}))] == [[]]


def test_the_rows_of_some_products(lines: duckdb.DuckDBPyConnection) -> None:
    found = rows(lines, of_products(SelectableRows("lines", {}), ["it's", "z'' OR 1=1", "none"]))
    assert {product for _, product in found} == {"it's", "z'' OR 1=1"}


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace of several products, some with serial numbers, that few parties trade."""
    dice = Random(7)  # noqa: S311 - a seed, not a secret
    products = ["sw", "rt", "ap", "it's"]
    ends = [("V", "D1"), ("V", "D2"), ("D1", "N"), ("D2", "G"), ("D1", "S"), ("N", "G"),
            ("G", "E1"), ("G", "S"), ("S", "E2"), ("N", "E1"), ("G", "D2"), ("D1", "V"),
            ("E1", "G")]  # fmt: skip
    shipments, serials = [], []
    for number in range(160):
        product, day = dice.choice(products), dice.randrange(1, 28)
        id_, quantity = f"L{number:03}", dice.randint(1, 9)
        shipments.append(shipment(id_, dice.choice(ends), f"02-{day:02}", quantity, product))
        if dice.random() < 0.3:
            serials.append({"shipment_id": id_, "serial": f"S{dice.randrange(30)}"})
    tables = TABLES | {
        "products": [{"id": id_, "name": id_} for id_ in products],
        "shipments": shipments,
        "serials": serials,
    }
    return make_channel(tmp_path_factory.mktemp("market") / "channel.duckdb", tables)


@pytest.mark.parametrize(
    "command",
    thinned(
        [
            "trace --from V --max-hops 4 --top 40",
            "trace --from V --max-hops 4 --window 5 --top 3",
            "trace --from D1 --to E2 --top 40",
            "trace --to E1 --top 7",
            "trace --product sw --top 40",
            "trace --line L050",
            "trace --serial S3 --top 40",
            "observability --top 40",
        ],
        2,
    ),
)
def test_how_products_are_put_together_does_not_show(
    market: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [*command.split(), "-w", str(market), "--format", "json"]
    whole = CliRunner().invoke(main, asked)
    assert whole.exit_code == 0, whole.output
    assert whole.stdout.count("\n") > 10
    for most in (1, 90):
        monkeypatch.setattr(batches, "_BATCH", most)
        assert CliRunner().invoke(main, asked).stdout == whole.stdout
