"""How sure a supply path is: by serial numbers in a scan, by quantities too when it is shown."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, line, network

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LEAK = line("L1", "A", "B", quantity=80)  # a value-added partner supplies a gold partner
SUPPLY = line("L2", "C", "B", quantity=80, shipped_on="2015-01-11")
SALE = line("L3", "B", "E", quantity=80, shipped_on="2015-01-12")
STOCK = '[parameters.opening_stock]\ntype = "integer"\nvalue = {}\n'
PROVED = {"L1": ["S1", "S2"], "L3": ["S2", "S3"]}


class Channel:
    """A workspace on disk, and what commands say of the goods diverted in it."""

    def __init__(
        self,
        folder: Path,
        lines: Sequence[dict[str, Any]],
        serials: Mapping[str, Sequence[str]],
        stock: int = 50,
    ) -> None:
        self.pack = folder / "pack"
        shutil.copytree(pack(), self.pack)
        policy = self.pack / "policy.toml"
        text = policy.read_text("utf-8")
        assert text.count(STOCK.format(50)) == 1
        policy.write_text(text.replace(STOCK.format(50), STOCK.format(stock)), "utf-8")
        self.file = str(folder / "channel.duckdb")
        roles = {"A": "vap", "B": "gold", "C": "distributor", "D": "silver"}
        tables = network(
            *lines,
            partners=[{"id": id_, "name": f"Partner {id_}"} for id_ in roles],
            end_users=[{"id": "E", "name": "End"}],
            certifications=[
                {"holder_id": id_, "role": role, "issuer_id": "V", "valid_from": "2014-01-01"}
                for id_, role in roles.items()
            ],
            serials=[
                {"shipment_id": shipment, "serial": number}
                for shipment, numbers in serials.items()
                for number in numbers
            ],
        )
        with create_workspace(folder / "channel.duckdb", POLICY) as workspace:
            assert load_rows(workspace, tables, POLICY).rejected == 0

    def run(self, *arguments: str) -> str:
        named = ["--workspace", self.file, "--pack", str(self.pack)]
        command = [*arguments, *named, "--as-of", "2015-06-30"]
        run = CliRunner().invoke(main, command, catch_exceptions=False)
        assert run.exit_code in (0, 1), run.output
        return run.stdout

    def scanned(self, rule: str = "paths/diverted") -> dict[str, Any]:
        """Return the one finding of a rule over paths."""
        document = json.loads(self.run("scan", "--rule", rule, "--format", "json"))
        (finding,) = document["findings"]
        return dict(finding)

    def shown(self, finding: Mapping[str, Any]) -> str:
        """Return the certainty that `show` gives a finding."""
        document = json.loads(self.run("show", finding["fingerprint"], "--format", "json"))
        return str(document["certainty"])


@pytest.mark.parametrize(
    ("serials", "certainty"),
    [
        (PROVED, "proved"),
        ({"L1": ["S1", "S2"]}, "possible"),  # the sale names no unit
        ({"L1": ["S1", "S2"], "L3": ["S3", "S4"]}, "possible"),  # it names others
        ({"L2": ["S1"], "L3": ["S1"]}, "possible"),  # which came another way
    ],
)
def test_a_number_on_all_lines_of_the_path_proves_it(
    tmp_path: Path, serials: Mapping[str, Sequence[str]], certainty: str
) -> None:
    channel = Channel(tmp_path, [LEAK, SUPPLY, SALE], serials)
    finding = channel.scanned()
    assert finding["shipments"] == ["L1", "L3"]
    assert finding["certainty"] == certainty
    assert channel.shown(finding) == certainty


@pytest.mark.parametrize(
    ("supplied", "sold", "certainty"),
    [
        (80, 130, "possible"),  # what the distributor supplied, and the stock
        (80, 131, "implied"),  # one unit more
    ],
)
def test_quantities_tell_how_sure_it_is_when_it_is_shown(
    tmp_path: Path, supplied: int, sold: int, certainty: str
) -> None:
    lines = [LEAK | {"quantity": 200}, SALE | {"quantity": sold}]
    lines += [SUPPLY | {"quantity": supplied}] if supplied else []
    channel = Channel(tmp_path, lines, {})
    finding = channel.scanned()
    assert finding["certainty"] == "possible"
    assert channel.shown(finding) == certainty


def test_bounds_that_meet_prove_or_exclude_a_path_when_it_is_shown(
    tmp_path: Path,
) -> None:
    channel = Channel(tmp_path, [LEAK, SALE | {"quantity": 70}], {}, stock=0)
    assert channel.shown(channel.scanned()) == "proved"


def test_a_path_whose_goods_had_left_before_is_excluded_when_it_is_shown(
    tmp_path: Path,
) -> None:
    away = line("L0", "B", "D", quantity=80, shipped_on="2015-01-10")
    onward = line("L4", "D", "E", quantity=80, shipped_on="2015-01-13")
    channel = Channel(tmp_path, [LEAK, away, SUPPLY, SALE, onward], {}, stock=0)
    finding = channel.scanned()
    assert (finding["shipments"], finding["certainty"]) == (["L1", "L3"], "possible")
    assert channel.shown(finding) == "excluded"


def test_a_path_of_one_line_proves_itself(tmp_path: Path) -> None:
    channel = Channel(tmp_path, [line("L1", "C", "E")], {})
    finding = channel.scanned("paths/discouraged-hop")
    assert finding["shipments"] == ["L1"]
    assert finding["certainty"] == "proved"
    assert "Certainty    proved\n" in channel.run("show", finding["fingerprint"])
