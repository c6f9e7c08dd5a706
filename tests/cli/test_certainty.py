"""How sure a finding over paths is: by serial numbers, else by days and quantities."""

from __future__ import annotations

import csv
import io
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
from tests.sampling import sampled, several

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

LEAK = line("L1", "A", "B", quantity=80)  # a value-added partner supplies a gold partner
SUPPLY = line("L2", "C", "B", quantity=80, shipped_on="2015-01-11")
SALE = line("L3", "B", "E", quantity=80, shipped_on="2015-01-12")
STOCK = '[parameters.opening_stock]\ntype = "integer"\nvalue = {}\n'
ONE_OF_EIGHT = {"least": 1, "most": 1, "of": 8}
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
        roles = {
            "A": "vap",
            "B": "gold",
            "C": "distributor",
            "D": "silver",
            "F": "distributor",
            "G": "vap",
        }
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
        (finding,) = self.every(rule)
        return finding

    def every(self, rule: str = "paths/diverted") -> list[dict[str, Any]]:
        """Return the findings of a rule over paths."""
        document = json.loads(self.run("scan", "--rule", rule, "--format", "json"))
        return [dict(finding) for finding in document["findings"]]

    def shown(self, finding: Mapping[str, Any]) -> dict[str, Any]:
        """Return a finding as `show` tells it, but for its evidence."""
        told = json.loads(self.run("show", finding["fingerprint"], "--format", "json"))
        return {name: told[name] for name in finding if name != "evidence"}


@pytest.mark.parametrize(
    ("serials", "certainty"),
    several(
        sampled(
            [
                (PROVED, "proved"),
                ({"L1": ["S1", "S2"]}, "possible"),  # the sale names no unit
                ({"L1": ["S1", "S2"], "L3": ["S3", "S4"]}, "possible"),  # it names others
                ({"L2": ["S1"], "L3": ["S1"]}, "possible"),  # which came another way
            ],
            2,
        )
    ),
)
def test_a_number_on_all_lines_of_the_path_proves_it(
    tmp_path: Path, serials: Mapping[str, Sequence[str]], certainty: str
) -> None:
    channel = Channel(tmp_path, [LEAK, SUPPLY, SALE], serials)
    finding = channel.scanned()
    assert finding["shipments"] == ["L1", "L3"]
    assert finding["certainty"] == certainty
    assert channel.shown(finding).items() <= finding.items()


@pytest.mark.parametrize(
    ("supplied", "sold", "stock", "told"),
    several(
        sampled(
            [
                (80, 130, 50, ("possible", 0, 130)),  # what the distributor supplied, and the stock
                (80, 131, 50, ("implied", 1, 131)),  # one unit more
                (0, 130, 0, ("proved", 130, 130)),  # nothing else can have been sold
                (80, 210, 0, ("implied", 130, 200)),
            ],
            3,
        )
    ),
)
def test_quantities_tell_how_sure_it_is(
    tmp_path: Path, supplied: int, sold: int, stock: int, told: tuple[str, int, int]
) -> None:
    lines = [LEAK | {"quantity": 200}, SALE | {"quantity": sold}]
    lines += [SUPPLY | {"quantity": supplied}] if supplied else []
    finding = Channel(tmp_path, lines, {}, stock=stock).scanned()
    certainty, least, most = told
    assert finding["certainty"] == certainty
    assert finding["arrived"] == {"at": None, "least": least, "most": most, "of": 200}


def test_who_can_have_had_the_goods_is_bounded(tmp_path: Path) -> None:
    fed = [
        line("L4", "C", "A", quantity=60, shipped_on="2015-01-08"),
        line("L5", "F", "A", quantity=40, shipped_on="2015-01-09"),
    ]
    channel = Channel(tmp_path, [*fed, LEAK, SALE], {}, stock=0)
    finding = channel.scanned()
    assert [(b["party"]["id"], b["least"], b["most"], b["of"]) for b in finding["bounds"]] == [
        ("C", 40, 60, 80),
        ("F", 20, 40, 80),
    ]
    table = channel.run("scan", "--rule", "paths/diverted")
    assert any("│ Partner A ✗→ Partner B → End " in row for row in table.splitlines())
    shown = channel.run("show", finding["fingerprint"])
    assert "between 40 and 60 of the 80 units came through Partner C\n" in shown
    assert "all 80 units reached end users\n" in shown
    (row,) = csv.DictReader(
        io.StringIO(channel.run("scan", "--rule", "paths/diverted", "--format", "csv"))
    )
    assert row["certainty"] == "proved"
    assert row["quantities"] == (
        "all 80 units reached end users; between 40 and 60 of the 80 units came through "
        "Partner C; between 20 and 40 of the 80 units came through Partner F"
    )


def test_who_can_have_had_the_goods_before_is_followed_up_the_channel(tmp_path: Path) -> None:
    fed = [
        line("L5", "F", "C", quantity=70, shipped_on="2015-01-07"),
        line("L4", "C", "A", quantity=90, shipped_on="2015-01-08"),
    ]
    finding = Channel(tmp_path, [*fed, LEAK, SALE], {}, stock=0).scanned()
    assert [(b["party"]["id"], b["least"], b["most"]) for b in finding["bounds"]] == [
        ("C", 80, 80),
        ("F", 60, 70),
    ]


def test_the_path_that_is_shown_is_one_that_goods_can_have_taken(tmp_path: Path) -> None:
    away = line("L0", "B", "D", quantity=80, shipped_on="2015-01-10")
    onward = line("L4", "D", "E", quantity=80, shipped_on="2015-01-13")
    finding = Channel(tmp_path, [LEAK, away, SUPPLY, SALE, onward], {}, stock=0).scanned()
    assert [party["id"] for party in finding["path"]] == ["A", "B", "D", "E"]  # B E is shorter
    assert finding["shipments"] == ["L1", "L0", "L4"]
    assert [row["shipment"] for row in finding["evidence"]] == ["L1", "L0", "L4"]
    assert (finding["broken_at"], finding["certainty"]) == (1, "proved")


def test_a_path_that_goods_can_have_taken_is_shown_though_the_rule_gives_another(
    tmp_path: Path,
) -> None:
    lines = [
        line("L1", "C", "A", quantity=10, shipped_on="2015-01-02"),
        line("L2", "A", "B", quantity=5, shipped_on="2015-01-03"),
        line("L3", "A", "E", quantity=5, shipped_on="2015-01-04"),  # A has none of C's left
        line("L4", "F", "A", quantity=10, shipped_on="2015-01-05"),
        line("L5", "A", "B", quantity=10, shipped_on="2015-01-06"),  # the last before the sale
        line("L6", "B", "E", quantity=10, shipped_on="2015-01-07"),
    ]
    found = Channel(tmp_path, lines, {}, stock=0).every("paths/supplied-diverting-vap")
    assert {one["subject"]["id"]: one["shipments"] for one in found} == {
        "C": ["L1", "L2", "L6"],
        "F": ["L4", "L5", "L6"],
    }


def test_all_purchases_from_one_seller_may_be_in_a_sale(tmp_path: Path) -> None:
    bought = [line(f"L{day}", "A", "B", shipped_on=f"2015-01-{day:02}") for day in range(1, 10)]
    channel = Channel(tmp_path, [*bought, line("S", "B", "E", quantity=8)], {}, stock=0)
    finding = channel.scanned("paths/sourced-from-vap")
    arrived = finding["arrived"]
    assert (arrived["least"], arrived["most"], arrived["of"]) == (8, 8, 9)
    assert finding["certainty"] == "proved"


def test_an_earlier_delivery_may_be_in_the_sale_though_the_last_was_sold(tmp_path: Path) -> None:
    hand_overs = ["CA", "AB", "CA", "AE", "FA", "AB", "BE"]
    lines = [
        line(f"L{day}", *ends, quantity=5, shipped_on=f"2015-01-{day:02}")
        for day, ends in enumerate(hand_overs, 1)
    ]
    channel = Channel(tmp_path, lines, {}, stock=0)
    scan = ["scan", "--rule", "paths/supplied-diverting-vap", "--format", "json"]
    told = {
        finding["subject"]["id"]: (finding["certainty"], finding["arrived"]["most"])
        for finding in json.loads(channel.run(*scan))["findings"]
    }
    assert told == {"C": ("possible", 5), "F": ("possible", 5)}


def test_the_message_counts_no_more_units_than_can_have_arrived(tmp_path: Path) -> None:
    away = line("L0", "B", "D", quantity=75, shipped_on="2015-01-10")
    finding = Channel(tmp_path, [LEAK, away, SUPPLY, SALE], {}, stock=0).scanned()
    assert (finding["arrived"]["least"], finding["arrived"]["most"]) == (0, 5)
    assert finding["message"].endswith("up to 5 units of it reached end users")


def test_goods_that_had_left_before_the_sale_were_not_in_it(tmp_path: Path) -> None:
    away = line("L0", "B", "D", quantity=80, shipped_on="2015-01-10")
    assert Channel(tmp_path, [LEAK, away, SUPPLY, SALE], {}, stock=0).every() == []


def test_what_the_vendor_sells_are_other_goods_than_it_took_back(tmp_path: Path) -> None:
    back = line("L0", "B", "V", quantity=80, shipped_on="2015-01-10")
    anew = [
        line("L4", "V", "C", quantity=80, shipped_on="2015-01-13"),
        line("L5", "C", "D", quantity=80, shipped_on="2015-01-14"),
        line("L6", "D", "E", quantity=80, shipped_on="2015-01-15"),
    ]
    assert Channel(tmp_path, [LEAK, back, SUPPLY, SALE, *anew], {}, stock=0).every() == []


def test_a_finding_says_the_same_whatever_is_read_with_it(tmp_path: Path) -> None:
    one = [
        line("L1", "F", "G", quantity=1, shipped_on="2015-01-05"),
        line("L2", "V", "G", quantity=7, shipped_on="2015-01-07"),
        line("L3", "G", "D", quantity=8, shipped_on="2015-01-08"),
        line("L4", "D", "E", quantity=8, shipped_on="2015-01-09"),
    ]
    other = [  # B may have sent goods of A back, before the vendor supplied G
        line("L5", "A", "B", quantity=10, shipped_on="2015-01-04"),
        line("L6", "B", "V", quantity=3, shipped_on="2015-01-05"),
        line("L7", "B", "E", quantity=4, shipped_on="2015-01-13"),
    ]
    channel = Channel(tmp_path, [*one, *other], {}, stock=0)
    findings = {finding["subject"]["id"]: finding for finding in channel.every()}
    assert {name: finding["bounds"] for name, finding in findings.items()} == {
        "A": [],
        "G": [{"party": {"kind": "party", "id": "F", "name": "Partner F"}} | ONE_OF_EIGHT],
    }
    for finding in findings.values():
        assert channel.shown(finding).items() <= finding.items()


@pytest.mark.parametrize(
    ("rule", "sender", "receiver"),
    [("paths/sourced-from-vap", "A", "B"), ("paths/supplied-diverting-vap", "C", "A")],
)
def test_goods_of_the_last_purchase_are_those_that_may_be_left(
    tmp_path: Path, rule: str, sender: str, receiver: str
) -> None:
    lines = [
        line("L5", sender, receiver, quantity=80, shipped_on="2015-01-04"),
        line("L6", receiver, "D", quantity=80, shipped_on="2015-01-05"),  # sold out
        line("L7", sender, receiver, quantity=80, shipped_on="2015-01-08"),
        *([LEAK] if receiver == "A" else []),
        SALE,
    ]
    finding = Channel(tmp_path, lines, {}, stock=0).scanned(rule)
    assert finding["shipments"][0] == "L7"
    assert finding["certainty"] == "proved"


def test_a_path_of_one_line_proves_itself(tmp_path: Path) -> None:
    channel = Channel(tmp_path, [line("L1", "C", "E")], {})
    finding = channel.scanned("paths/discouraged-hop")
    assert finding["shipments"] == ["L1"]
    assert finding["certainty"] == "proved"
    assert "Certainty    proved\n" in channel.run("show", finding["fingerprint"])
