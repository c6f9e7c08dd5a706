"""`graphchannel trace`, `show` and `observability` as a user sees them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest import load_rows
from graphchannel.workspace import create_workspace, open_workspace
from tests.analysis.conftest import POLICY, TABLES, make_channel, shipment
from tests.analysis.corrections import correct

if TYPE_CHECKING:
    from pathlib import Path

TO_ACME = """\
As of 2015-03-01.

Followed by serial number

Huawei → TechDist → Gold IT → Acme
  rt, 1 unit, proved
  1  2015-01-05     1 unit  L11  Huawei → TechDist
  2  2015-01-06     1 unit  L12  TechDist → Gold IT
  3  2015-01-07     1 unit  L13  Gold IT → Acme
  serial numbers R1

Possible by product, days and quantities

Huawei → TechDist ✗→ Nord VAR → Gold IT → Acme
  sw, at most 650 units, implied
  1  2015-01-10  650 units  L01  Huawei → TechDist
  2  2015-02-01  650 units  L03  TechDist ✗→ Nord VAR  distributor to vap: not in the policy
  3  2015-02-10  900 units  L05  Nord VAR ✗→ Gold IT  vap to gold: forbidden, section 3.2
  4  2015-03-01  900 units  L06  Gold IT → Acme
"""

DIVERTED = """\
// @name      Diverted
// @severity  high
// @message   {path}
//
// Goods that a value-added partner passed to a reseller, and this to an end user.
MATCH (a:Partner)-[s:SUPPLIED]->(b:Partner)-[t:SUPPLIED]->(c:EndUser)
WHERE s.seller_role = 'vap' AND t.product_id = s.product_id AND s.shipped_on <= t.shipped_on
RETURN [a.id, b.id, c.id] AS path, [s.id, t.id] AS shipments, 1 AS broken_at,
  'possible' AS certainty
"""


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result.stdout


def traced(channel: Path, *arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(
        run("trace", "-w", str(channel), "--format", "json", *arguments)
    )
    return document


def routes(paths: list[dict[str, Any]]) -> list[str]:
    return [" ".join(party["id"] for party in path["path"]) for path in paths]


def test_paths_to_a_party_for_people(channel: Path) -> None:
    printed = run("trace", "-w", str(channel), "--to", "E1")
    assert printed.startswith(TO_ACME)
    assert "  between 400 and 650 of the 900 units came through TechDist\n" in printed
    assert printed.count("rt, 1 unit, proved") == 1


def test_paths_as_json(channel: Path) -> None:
    document = traced(channel, "--from", "D2", "--to", "E1")
    assert (document["from"], document["to"], document["further"]) == (
        "D2",
        "E1",
        {"by_serial": 0, "paths": 0},
    )
    (path,) = document["paths"]
    assert path["path"][0] == {"id": "D2", "name": "Other Dist"}
    assert (path["shipments"], path["broken_at"]) == (["L04", "L05", "L06"], 1)
    assert (path["certainty"], path["units"], path["ends"]) == ("implied", 400, "asked")
    assert path["bounds"][0] == {"party": "D2", "least": 150, "most": 400, "of": 900}
    assert path["hops"][1] == {
        "shipment": "L05",
        "day": "2015-02-10",
        "seller": "N",
        "buyer": "G",
        "quantity": 900,
        "seller_role": "vap",
        "buyer_role": "gold",
        "ruling": "forbidden",
        "section": "3.2",
    }


def test_paths_as_csv_have_a_row_for_each_hop(channel: Path) -> None:
    text = run("trace", "-w", str(channel), "--from", "D2", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [(row["hop"], row["shipment"], row["quantity"]) for row in rows] == [
        ("1", "L04", "400"),
        ("2", "L05", "900"),
        ("3", "L06", "900"),
    ]


def test_a_line_is_followed_both_ways(channel: Path) -> None:
    document = traced(channel, "--line", "L05")
    assert routes(document["came"]) == ["V D1 N G"]
    assert routes(document["went"]) == ["N G E1"]


def test_a_window_cuts_a_path(channel: Path) -> None:
    document = traced(channel, "--from", "D1", "--product", "sw", "--window", "10")
    (path,) = document["paths"]
    assert (path["shipments"], path["ends"]) == (["L03", "L05"], "kept")
    document = traced(channel, "--from", "D1", "--product", "sw", "--max-hops", "1")
    assert [path["ends"] for path in document["paths"]] == ["max_hops"]


def test_days_limit_the_lines(channel: Path) -> None:
    document = traced(channel, "--to", "G", "--product", "sw", "--since", "2015-02-02")
    assert routes(document["paths"]) == ["D2 N G"]
    assert [path["ends"] for path in document["paths"]] == ["unknown"]
    assert traced(channel, "--to", "E1", "--product", "sw", "--as-of", "2015-02-28")["paths"] == []


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ("", "As of 2015-03-01."),
        ("--as-of 2015-02-20", "As of 2015-02-20."),
        ("--since 2015-02-02", "As of 2015-03-01, by lines from 2015-02-02 on."),
        ("--until 2015-02-20", "As of 2015-03-01, by lines up to 2015-02-20."),
        (
            "--since 2015-02-02 --until 2015-02-20",
            "As of 2015-03-01, by lines from 2015-02-02 to 2015-02-20.",
        ),
        ("--as-of 2015-02-10 --until 2015-02-20", "As of 2015-02-10."),
    ],
)
def test_a_trace_says_of_which_day_it_is(channel: Path, days: str, says: str) -> None:
    asked = ("--product", "sw", *days.split())
    assert run("trace", "-w", str(channel), *asked).splitlines()[0] == says
    document = traced(channel, *asked)
    told = [document[name] for name in ("as_of", "since", "until")]
    assert {day for day in told if day} == {*re.findall(r"[0-9-]{10}", says)}


def test_a_number_that_left_twice(channel: Path) -> None:
    document = traced(channel, "--serial", "R1")
    assert routes(document["by_serial"]) == ["D1 S", "V D1 G E1"]
    assert [path["certainty"] for path in document["by_serial"]] == ["proved", "proved"]
    (remark,) = document["remarks"]
    assert remark == (
        "rt R1: TechDist handed it over on 2015-01-21 though it had done so before; by the "
        "lines, Acme had it."
    )


def test_people_are_shown_so_many_remarks(channel: Path) -> None:
    asked = ("trace", "-w", str(channel), "--product", "rt")
    assert "more remarks" not in run(*asked)
    printed = run(*asked, "--top", "1")
    assert printed.endswith("by the lines, Acme had it.\n1 more remarks; --format json has all.\n")
    assert len(traced(channel, "--product", "rt", "--top", "1")["remarks"]) == 2


def test_a_number_that_came_back(channel: Path) -> None:
    document = traced(channel, "--serial", "R2")
    assert routes(document["by_serial"]) == ["V D1 G E2 G"]
    assert document["remarks"] == ["rt R2: it came back to Gold IT on 2015-01-20."]


@pytest.mark.parametrize("arguments", [("--serial", "R9"), ("--line", "L90")])
def test_what_a_vendor_took_back_was_not_kept(channel: Path, arguments: tuple[str, ...]) -> None:
    tables = {
        "shipments": [shipment("L90", ("D2", "V"), "02-20", 1, "rt")],
        "serials": [{"shipment_id": "L90", "serial": "R9"}],
    }
    with open_workspace(channel, write=True) as workspace:
        assert load_rows(workspace, tables, POLICY).rejected == 0
    printed = run("trace", "-w", str(channel), *arguments)
    assert "\n  Huawei has it back\n" in printed
    assert "no line shows" not in printed


def test_goods_on_the_same_lines_travel_together(channel: Path) -> None:
    document = traced(channel, "--from", "V", "--product", "rt")
    ways = {" ".join(path["shipments"]): path["serials"] for path in document["by_serial"]}
    assert ways["L11"] == ["R3"]
    assert ways["L11 L12 L13"] == ["R1"]


def test_a_product_that_a_correction_renames_takes_its_path_along(tmp_path: Path) -> None:
    file = make_channel(tmp_path / "channel.duckdb", TABLES)
    assert routes(traced(file, "--to", "E1", "--product", "sw")["paths"]) == ["V D1 N G E1"]
    renamed = {"shipments": [shipment("L06", ("G", "E1"), "03-01", 900, "rt")]}
    with open_workspace(file, write=True) as workspace:
        correct(workspace, renamed, POLICY)
    assert traced(file, "--to", "E1", "--product", "sw")["paths"] == []
    document = traced(file, "--to", "E1", "--product", "rt")
    assert ["L11", "L12", "L06"] in [path["shipments"] for path in document["paths"]]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Say what to follow"),
        (("--line", "L05", "--to", "E1"), "Say what to follow"),
        (("--serial", "R1", "--line", "L05"), "Say what to follow"),
        (("--from", "D9"), "There is no vendor, partner or end user 'D9'."),
        (("--product", "swx"), "There is no product 'swx'. Did you mean 'sw'?"),
        (("--line", "L5"), "There is no shipment line 'L5'. Did you mean"),
        (("--serial", "R"), "No unit has the serial number 'R'. Did you mean"),
    ],
)
def test_what_cannot_be_followed(channel: Path, arguments: tuple[str, ...], says: str) -> None:
    result = CliRunner().invoke(main, ["trace", "-w", str(channel), *arguments])
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "E1"), ["No line tells that Acme sold anything."]),
        (("--to", "D2", "--product", "xx"), ["No line is of product xx."]),
        (("--from", "D1", "--to", "E1", "--product", "xx"), ["No line is of product xx."]),
        (
            ("--from", "E1", "--to", "V", "--product", "sw"),
            [
                "No line tells that Acme sold product sw.",
                "No line tells that Huawei bought product sw.",
            ],
        ),
        (
            ("--from", "N", "--to", "D1"),
            ["Nothing that Nord VAR sold can have reached TechDist within 6 hops."],
        ),
        (
            ("--from", "N", "--to", "E1", "--max-hops", "1"),
            ["Nothing that Nord VAR sold can have reached Acme within 1 hop."],
        ),
        (
            ("--from", "N", "--to", "E1", "--window", "1"),
            [
                (
                    "Nothing that Nord VAR sold can have reached Acme within 6 hops, 1 day at most "
                    "between a hop and the next."
                )
            ],
        ),
        (
            ("--line", "L05", "--until", "2015-02-09"),
            ["The line L05 is of a day that was left out."],
        ),
        (
            ("--serial", "R1", "--since", "2015-02-09"),
            ["The lines with the serial number R1 are of days that were left out."],
        ),
        (("--from", "N", "--to", "E1"), []),
    ],
)
def test_why_nothing_was_found_is_said(
    channel: Path, arguments: tuple[str, ...], says: list[str]
) -> None:
    with open_workspace(channel, write=True) as workspace:
        load_rows(workspace, {"products": [{"id": "xx", "name": "Never sold"}]}, POLICY)
    document = traced(channel, *arguments)
    assert document["remarks"] == says
    found = [document.get(part) for part in ("by_serial", "paths", "came", "went")]
    assert any(found) != bool(says)
    assert all(
        f"\n{sentence}\n" in run("trace", "-w", str(channel), *arguments) for sentence in says
    )


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (("--since", "2015-02-02", "--until", "2015-02-01"), "is after --until 2015-02-01;"),
        (("--since", "2015-03-02"), "--since 2015-03-02 is after the as-of day 2015-03-01;"),
    ],
)
@pytest.mark.parametrize("command", [("trace", "--to", "E1"), ("scan",), ("show", "0")])
def test_days_that_leave_none_are_refused(
    channel: Path, command: tuple[str, ...], days: tuple[str, ...], says: str
) -> None:
    result = CliRunner().invoke(main, [*command, "-w", str(channel), *days])
    assert result.exit_code == 2
    assert says in result.stderr


@pytest.mark.parametrize("command", ["trace --product sw", "observability"])
def test_an_empty_workspace_has_no_day(tmp_path: Path, command: str) -> None:
    file = tmp_path / "empty.duckdb"
    with create_workspace(file, POLICY) as workspace:
        load_rows(workspace, {"products": [{"id": "sw", "name": "Switch"}]}, POLICY)
    result = CliRunner().invoke(main, [*command.split(), "-w", str(file)])
    assert result.exit_code == 2
    assert "no shipments" in result.stderr


def test_show_says_through_whom_the_goods_of_a_path_can_have_come(
    channel: Path, tmp_path: Path
) -> None:
    rule = tmp_path / "diverted" / "two-hops.cypher"
    rule.parent.mkdir()
    rule.write_text(DIVERTED, "utf-8")
    asked = ["-w", str(channel), "--rules", str(tmp_path)]
    scan = ["scan", *asked, "--rule", "diverted/*", "--format", "json", "--fail-on", "critical"]
    (finding,) = json.loads(run(*scan))["findings"]
    assert finding["certainty"] == "implied"
    acme = {"kind": "party", "id": "E1", "name": "Acme"}
    assert finding["arrived"] == {"at": acme, "least": 850, "most": 900, "of": 900}
    assert [(b["party"]["id"], b["least"], b["most"], b["of"]) for b in finding["bounds"]] == [
        ("D1", 450, 650, 900),
        ("D2", 200, 400, 900),
    ]
    shown = run("show", finding["fingerprint"], *asked)
    assert "Path         Nord VAR ✗→ Gold IT → Acme\nCertainty    implied\n" in shown
    assert "between 850 and 900 of the 900 units reached Acme\n" in shown
    assert "between 450 and 650 of the 900 units came through TechDist\n" in shown
    assert "between 200 and 400 of the 900 units came through Other Dist\n" in shown


def test_what_can_be_followed_to_an_end_user(channel: Path) -> None:
    document = json.loads(run("observability", "-w", str(channel), "--format", "json"))
    assert [row["partner"] for row in document["partners"]] == ["D1", "D2"]
    rows = {(row["partner"], row["product"]): row for row in document["products"]}
    # R1 is with Acme; R2 came back from Bolt, R3 never left
    routers = rows["D1", "rt"]
    assert (routers["sold_in"], routers["numbered"], routers["followed"]) == (3, 3, 1)
    switches = rows["D1", "sw"]
    assert (switches["at_least"], switches["at_most"]) == (350, 650)
    assert 350 <= switches["seen"] <= 650


def test_what_nobody_reports_is_not_seen(tmp_path: Path) -> None:
    tables = TABLES | {
        "shipments": [line for line in TABLES["shipments"] if line["seller_id"] in ("V", "D1")],
        "serials": [],
    }
    file = make_channel(tmp_path / "channel.duckdb", tables)
    document = json.loads(run("observability", "-w", str(file), "--format", "json"))
    assert (document["sold_in"], document["seen"]) == (1053, 0)
    assert {row["seen_percent"] for row in document["partners"]} == {0.0}
    text = run("observability", "-w", str(file), "--format", "csv")
    assert text.splitlines()[1].endswith("D1,TechDist,653,0,0,0,0,0,653,0.0")


def test_what_came_back_to_the_vendor_is_told_apart(tmp_path: Path) -> None:
    lines = [
        shipment("L1", ("V", "D1"), "01-05", 100, "sw"),
        shipment("L2", ("D1", "V"), "01-06", 20, "sw"),
        shipment("L3", ("D1", "G"), "01-07", 80, "sw"),
        shipment("L4", ("G", "E1"), "01-08", 60, "sw"),
        shipment("L5", ("V", "D2"), "01-05", 5, "sw"),
        shipment("L6", ("D2", "V"), "01-06", 5, "sw"),
    ]
    tables = TABLES | {"shipments": lines, "serials": []}
    file = make_channel(tmp_path / "channel.duckdb", tables)
    asked = ("observability", "-w", str(file))
    document = json.loads(run(*asked, "--format", "json"))
    names = ("sold_in", "seen", "returned", "not_seen", "seen_percent")
    assert {row["partner"]: [row[name] for name in names] for row in document["partners"]} == {
        "D1": [100, 60, 20, 20, 75.0],
        "D2": [5, 0, 5, 0, None],
    }
    assert [document[name] for name in names[:4]] == [105, 60, 25, 20]
    first = document["products"][0]
    # G may have sold 50 of its own, and D1 sent 20 back of its own
    limits = ("at_least", "at_most", "returned_at_least", "returned_at_most")
    assert [first[name] for name in limits] == [0, 60, 0, 20]
    assert run(*asked).startswith(
        "Of 105 units sold in up to 2015-01-08, about 25 came back to a vendor; of the other 80, "
        "about 60 (75.0 %) can be followed to an end user.\n"
    )
    early = run(*asked, "--as-of", "2015-01-06")
    assert early.startswith("Of 105 units sold in up to 2015-01-06, about 25 came back to a vendor")


def test_all_that_was_sold_in_came_back(tmp_path: Path) -> None:
    lines = [
        shipment("L1", ("V", "D1"), "01-05", 3, "sw"),
        shipment("L2", ("D1", "V"), "01-06", 3, "sw"),
    ]
    file = make_channel(tmp_path / "channel.duckdb", TABLES | {"shipments": lines, "serials": []})
    assert run("observability", "-w", str(file)).startswith(
        "Of 3 units sold in up to 2015-01-06, about 3 came back to a vendor; none are left to "
        "follow.\n"
    )


def test_before_anything_was_sold_in_nothing_can_be_followed(channel: Path) -> None:
    text = run("observability", "-w", str(channel), "--as-of", "2014-01-01")
    assert text.startswith("No line shows anything sold in up to 2014-01-01; ")
    assert "100" not in text


def test_no_sum_hangs_on_how_many_are_shown(tmp_path: Path) -> None:
    tables = TABLES | {
        "shipments": [
            shipment("L1", ("V", "D1"), "01-05", 100, "sw"),
            shipment("L2", ("D1", "G"), "01-06", 100, "sw"),
            shipment("L3", ("G", "E1"), "01-07", 100, "sw"),
            shipment("L4", ("V", "D2"), "02-05", 100, "sw"),
            shipment("L5", ("D2", "G"), "02-06", 100, "sw"),
        ],
        "serials": [],
    }
    file = make_channel(tmp_path / "channel.duckdb", tables)
    asked = ["observability", "-w", str(file), "--format", "json"]
    one, both = (json.loads(run(*asked, "--top", top)) for top in ("1", "2"))
    # mixed evenly, half of either's goods; by the days, none of those of D2
    assert [(row["partner"], row["seen"]) for row in one["partners"]] == [("D1", 50), ("D2", 50)]
    assert [(row["partner"], row["seen"]) for row in both["products"]] == [("D1", 50), ("D2", 0)]
    assert (one["seen"], one["partners"]) == (both["seen"], both["partners"])
    assert one["products"] == both["products"][:1]
