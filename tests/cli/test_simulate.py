"""`graphchannel simulate` on a small channel: two distributors, three resellers, a few lines."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace
from tests.cli.conftest import POLICY_FILE, Desk
from tests.findings.network import POLICY, Rules, line, network

if TYPE_CHECKING:
    from click.testing import Result

VALID = {"valid_from": "2014-01-01"}


def channel() -> dict[str, Any]:
    """Return a channel that the resellers R1 and R2 share: D1 certified them, D2 is near."""
    partners = [("D1", "BER"), ("D2", "MUC"), ("D3", "HAM"), ("R1", "BER"), ("R2", "NOW")]
    roles = {"D1": "distributor", "D2": "distributor", "D3": "distributor", "R1": "gold"}
    certificates = [
        {"holder_id": id_, "role": roles.get(id_, "silver"), "issuer_id": issuer, **VALID}
        for id_, issuer in (("D1", "V"), ("D2", "V"), ("D3", "V"), ("R1", "D1"), ("R2", "D1"))
    ]
    return network(
        line("L1", "V", "D1", shipped_on="2015-05-01", amount="100", currency="EUR"),
        line("L2", "D1", "R1", shipped_on="2015-06-10", amount="60", currency="EUR"),
        line("L3", "R1", "E", shipped_on="2015-06-20", amount="80", currency="EUR"),
        line("L4", "D1", "R1", shipped_on="2015-06-30", amount="50", currency="USD"),
        line("L5", "R1", "E", shipped_on="2015-06-21"),
        line("L6", "D1", "R1", shipped_on="2015-06-11", amount="7.5"),
        partners=[
            {"id": id_, "name": f"Partner {id_}", "country": "DE", "city_id": city}
            for id_, city in partners
        ],
        end_users=[{"id": "E", "name": "User", "country": "DE", "city_id": "BER"}],
        regions=[
            {"id": "DE", "name": "Germany", "country": "DE"},
            {"id": "DE-BE", "name": "Berlin", "parent_id": "DE", "country": "DE", "demand": 5},
        ],
        cities=[
            {
                "id": id_,
                "name": id_,
                "region_id": "DE-BE",
                "key_city": id_ == "BER",
                "latitude": north,
                "longitude": east,
            }
            for id_, north, east in (
                ("BER", 52.52, 13.4),
                ("MUC", 48.14, 11.58),
                ("HAM", 53.55, 10.0),
                ("NOW", None, None),
            )
        ],
        branches=[{"partner_id": "D1", "city_id": "BER", "opened_on": "2014-01-01"}],
        certifications=certificates,
        authorizations=[
            {"partner_id": id_, "region_id": "DE", **VALID}
            for id_ in ("D1", "D2", "D3", "R1", "R2")
        ],
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk for all tests: no question changes its workspace."""
    folder = tmp_path_factory.mktemp("shop")
    with create_workspace(folder / "channel.duckdb", POLICY) as workspace:
        assert load_rows(workspace, channel(), POLICY).rejected == 0
    left_out = shutil.ignore_patterns("paths", "serials", "territory", "targets", "data")
    shutil.copytree(pack(), folder / "few", ignore=left_out)  # each question scans twice
    (folder / "graphchannel.toml").write_text('pack = "few"\n', "utf-8")
    return Desk(folder, Rules(folder / "pack"))


def asked(shop: Desk, *arguments: str) -> dict[str, Any]:
    """Return the JSON answer."""
    result = shop.run("simulate", *arguments, "--format", "json")
    assert result.exit_code in (0, 1), result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_a_distributor_leaves(shop: Desk) -> None:
    answer = asked(shop, "--terminate", "D1")
    assert [(row["rule"], row["subject"], row["object"]) for row in answer["appearing"]][:2] == [
        ("supply/after-termination", "D1", "R1"),
        ("supply/uncertified-seller", "D1", "R1"),
    ]
    assert [
        (row["partner"], row["certified_by"], row["nearest"], row["nearest_city"], row["km"])
        for row in answer["stranded"]
    ] == [("R1", "D1", "D3", "HAM", 254.5), ("R2", "D1", "D2", None, None)]
    assert any(
        "1 have no city with coordinates: of those who could take them the first is named" in remark
        for remark in answer["remarks"]
    )
    assert [(row["region"], row["change"], row["after"]) for row in answer["regions"]] == [
        ("DE-BE", "lost", "no route")
    ]
    assert [
        (row["partners_are"], row["trade"], row["currency"], row["amount"])
        for row in answer["trade"]
    ] == [
        ("changed", "bought from the vendor", "EUR", "100.00"),
        ("changed", "sold to partners", "EUR", "60.00"),
        ("changed", "sold to partners", "USD", "50.00"),
        ("changed", "sold to partners", "—", "7.50"),
        ("stranded", "sold to end users", "EUR", "80.00"),
        ("stranded", "sold to end users", "—", None),
    ]


def test_moved_in_time_nobody_is_stranded(shop: Desk) -> None:
    moves = ("--move", "R1:D1:D3", "--move", "R2:D1:D2")
    answer = asked(shop, "--terminate", "D1", *moves)
    assert answer["stranded"] == []
    assert answer["regions"] == []
    assert [(row["change"], row["before"], row["after"]) for row in answer["changes"]][:2] == [
        ("move R1:D1:D3", "2014-01-01 to …", "2014-01-01 to 2015-06-29"),
        ("move R1:D1:D3", "—", "2015-06-30 to …"),
    ]


@pytest.mark.thorough
def test_nobody_may_be_there_to_take_over(shop: Desk) -> None:
    ended = [f"--end-territory={id_}:DE" for id_ in ("D2", "D3")]
    homes = ("--terminate", "D1", "--terminate", "D2", "--terminate", "D3")
    answer = asked(shop, *homes)
    assert [row["nearest"] for row in answer["stranded"]] == [None, None]
    assert any("For 2 of them there is nobody" in remark for remark in answer["remarks"])
    # Distributors that are authorized nowhere can still supply where they have their seat.
    answer = asked(shop, "--terminate", "D1", *ended)
    assert [row["nearest"] for row in answer["stranded"]] == ["D3", "D2"]


def test_a_branch_closes_and_another_opens(shop: Desk) -> None:
    answer = asked(shop, "--close-branch", "D1:BER")
    assert [(r["rule"], r["subject"], r["object"]) for r in answer["appearing"]] == [
        ("coverage/key-city-without-branch", "BER", None),
        ("coverage/distributor-missing-key-city", "D1", "BER"),
    ]
    assert [(r["city"], r["change"]) for r in answer["cities"]] == [("BER", "lost")]
    assert answer["stranded"] == []
    answer = asked(shop, "--close-branch", "D1:BER", "--open-branch", "D2:BER")
    assert answer["cities"] == []
    assert [r["before"] + " / " + r["after"] for r in answer["changes"]] == [
        "2014-01-01 to … / 2014-01-01 to 2015-06-29",
        "— / 2015-06-30 to …",
    ]


@pytest.mark.thorough
def test_the_day_decides_which_lines_are_judged(shop: Desk) -> None:
    late = asked(shop, "--terminate", "D1")
    early = asked(shop, "--terminate", "D1", "--on", "2015-06-01")

    def lines(answer: dict[str, Any]) -> list[int]:
        return [r["lines"] for r in answer["appearing"] if r["rule"] == "supply/after-termination"]

    assert (lines(late), lines(early)) == ([1], [3])
    remark = (
        "Lines from 2015-06-01 to 2015-06-30 are judged as if they had been shipped all the same."
    )
    assert remark in early["remarks"]
    assert remark not in late["remarks"]


def test_exit_codes(shop: Desk) -> None:
    assert shop.run("simulate", "--terminate", "D1").exit_code == 1
    same = shop.run("simulate", "--certify", "R1=gold")
    assert same.exit_code == 0
    assert "'certify R1=gold' changes nothing: it holds already on 2015-06-30." in same.stdout
    assert "As of 2015-06-30, the last day with a shipment." in same.stderr


def test_a_scenario_file_goes_with_options(shop: Desk) -> None:
    (shop.folder / "s.toml").write_text('on = 2015-06-01\nterminate = ["D1"]\n', "utf-8")
    answer = asked(shop, "--scenario", "s.toml", "--promote", "R2=gold")
    assert {row["change"] for row in answer["changes"]} == {"terminate D1", "promote R2=gold"}
    assert answer["on"] == "2015-06-01"
    refused = shop.run("simulate", "--scenario", "s.toml", "--on", "2015-06-02")
    assert refused.exit_code == 2
    assert "--on is 2015-06-02, and the scenario's own day is 2015-06-01." in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--terminate", "D11"], "terminate D11: there is no partner 'D11'. Did you mean 'D1'?"),
        (
            ["--terminate", "partner d1"],
            "there is no partner 'partner d1'; that is the name of D1.",
        ),
        (["--certify", "X=gold"], "certify X=gold: there is no partner or end user 'X'."),
        (["--certify", "E=gold"], "E is an end user and cannot hold gold."),
        (["--certify", "R1=certified_end_user"], "R1 is a partner and cannot hold certified_end"),
        (["--demote", "R1=silvr"], "there is no role 'silvr'. Did you mean 'silver'?"),
        (["--demote", "R1=vap"], "vap is no level of tier 2 (has: platinum, gold, silver, recog"),
        (
            ["--demote", "R1=platinum"],
            "R1 is gold on 2015-06-30, and platinum is above th",
        ),
        (
            ["--promote", "R1=silver"],
            "R1 is gold on 2015-06-30, and silver is below that",
        ),
        (
            ["--promote", "D1=gold"],
            "D1 holds no role of tier 2 on 2015-06-30; give it one",
        ),
        (["--move", "R1:D2:D3"], "D2 certifies R1 in no role on 2015-06-30; it is certified by D1"),
        (["--move", "R1:D1:D22"], "there is no vendor or partner 'D22'. Did you mean 'D2'?"),
        (["--grant-territory", "R1:DE-BB"], "there is no region 'DE-BB'. Did you mean 'DE-BE'?"),
        (
            ["--end-territory", "R1:DE-BE"],
            "no authorization of R1 names DE-BE on 2015",
        ),
        (["--open-branch", "D1:BRE"], "there is no city 'BRE'. Did you mean 'BER'?"),
        (
            ["--close-branch", "D1:MUC"],
            "D1 has no open branch in MUC on 2015-06-30; it has branches in BER then.",
        ),
        (["--close-branch", "R1:MUC"], "no open branch in MUC on 2015-06-30; it has no branch"),
        (["--terminate", "D1", "--demote", "D1=gold"], "contradict each other"),
        (["--terminate", "D1", "--on", "2016-01-01"], "after the as-of day 2015-06-30"),
        ([], "name a change, a --scenario or a --policy."),
    ],
)
def test_what_cannot_be_asked(shop: Desk, arguments: list[str], says: str) -> None:
    result = shop.run("simulate", *arguments)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stdout == ""


def test_an_issuer_may_be_named(shop: Desk) -> None:
    file = shop.folder / "issuer.toml"
    file.write_text('certify = [{partner = "R2", role = "gold", issuer = "D2"}]', "utf-8")
    answer = asked(shop, "--scenario", "issuer.toml")
    assert [row["row"] for row in answer["changes"]] == ["holder_id=R2 role=gold issuer_id=D2"]
    file.write_text('certify = [{partner = "R1", role = "gold", issuer = "D2"}]', "utf-8")
    refused = shop.run("simulate", "--scenario", "issuer.toml")
    assert refused.exit_code == 2
    assert "R1 holds gold on 2015-06-30, certified by D1; write --move." in refused.stderr


def test_an_end_user_can_be_certified(shop: Desk) -> None:
    answer = asked(shop, "--certify", "E=certified_end_user")
    assert [(row["row"], row["after"]) for row in answer["changes"]] == [
        ("holder_id=E role=certified_end_user issuer_id=V", "2015-06-30 to …")
    ]


def policy_with(shop: Desk, *replacements: tuple[str, str], more: str = "") -> str:
    text = POLICY_FILE.read_text("utf-8")
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new, 1)
    (shop.folder / "other.toml").write_text(text + more, "utf-8")
    return "other.toml"


def test_another_policy_on_the_same_data(shop: Desk) -> None:
    off = '\n[rules."obligations/distributor-without-tier-two"]\nenabled = false\n'
    severe = '[rules."coverage/single-source-region"]\nseverity = "critical"\n'
    answer = asked(shop, "--policy", policy_with(shop, more=off + severe))
    assert answer["appearing"] == []
    assert {row["rule"] for row in answer["vanishing"]} == {
        "obligations/distributor-without-tier-two"
    }
    assert {(row["rule"], row["severity_after"]) for row in answer["altered"]} == {
        ("coverage/single-source-region", "critical")
    }
    assert [(row["rule"], row["before"], row["after"]) for row in answer["rules"]] == [
        ("coverage/single-source-region", "low", "critical"),
        ("obligations/distributor-without-tier-two", "low", "off: The policy switches it off."),
    ]
    assert answer["changes"] == []
    assert answer["trade"] == []


@pytest.mark.thorough
def test_a_policy_with_another_order_derives_roles_again(shop: Desk) -> None:
    # Whoever holds two roles counts as the first: with vap before distributor, D1 sells as a vap.
    with_both = asked(shop, "--certify", "D1=vap", "--on", "2014-01-01")
    assert not any(row["rule"] == "supply/vap-supplies-tier-two" for row in with_both["appearing"])
    text = POLICY_FILE.read_text("utf-8")
    first, second, rest = text.partition("[[roles]]")[2].split("[[roles]]", 2)
    swapped = text.replace(f"{first}[[roles]]{second}", f"{second}[[roles]]{first}", 1)
    assert rest in swapped
    (shop.folder / "other.toml").write_text(swapped, "utf-8")
    arguments = ("--certify", "D1=vap", "--on", "2014-01-01", "--policy", "other.toml")
    answer = asked(shop, *arguments)
    found = [row for row in answer["appearing"] if row["rule"] == "supply/vap-supplies-tier-two"]
    assert [(row["subject"], row["object"], row["lines"]) for row in found] == [("D1", "R1", 3)]


def test_a_pack_brings_its_own_rules(shop: Desk) -> None:
    shop.rules.add("supply/any", severity="medium")
    (shop.folder / "pack" / "policy.toml").write_bytes(POLICY_FILE.read_bytes())
    answer = asked(shop, "--policy", "pack")
    assert {row["rule"] for row in answer["appearing"]} == {"supply/any"}
    assert ("supply/any", "—", "medium") in [
        (row["rule"], row["before"], row["after"]) for row in answer["rules"]
    ]
    assert shop.run("simulate", "--policy", "nothing.toml").exit_code == 2


def test_sections(shop: Desk) -> None:
    def run(*arguments: str) -> Result:
        return shop.run("simulate", "--terminate", "D1", *arguments)

    one = run("--section", "stranded").stdout
    assert "Partners left without a supplier" in one
    assert "Findings by rule" not in one
    everything = run().stdout
    for title in ("Findings by rule", "Regions gained and lost", "What changes in the data"):
        assert title in everything
