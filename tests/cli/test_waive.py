"""A waiver for a finding goes to the end of the file of waivers, and counts once that is loaded."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from tests.findings.network import EVERY_LINE
from tests.sampling import several, thinned

if TYPE_CHECKING:
    from tests.cli.conftest import Desk

TERMS = "--until 2015-12-31 --approver CFO --reason 'Agreed, \"in writing\".'"
HEAD = "rule,subject_id,object_id,product_id,valid_from,valid_to,max_quantity,approver,reason"


def finding(desk: Desk) -> str:
    """Return the fingerprint of the finding about A."""
    found = json.loads(desk.scan("--format", "json").stdout)["findings"]
    return str(next(one["fingerprint"][:12] for one in found if one["subject"]["id"] == "A"))


def waive(desk: Desk, options: str) -> tuple[int, str]:
    done = desk.run("waive", finding(desk), "--pack", "pack", *shlex.split(options))
    return done.exit_code, done.output


def test_a_waiver_is_made_loaded_and_listed(desk: Desk) -> None:
    code, said = waive(desk, f"{TERMS} --max-quantity 1")
    assert code == 0, said
    assert "graphchannel load waivers.csv" in said
    text = (desk.folder / "waivers.csv").read_text("utf-8")
    assert text.count("\n") == 2
    assert 'A,B,,2015-01-10,2015-12-31,1,CFO,"Agreed, ""in writing"".",,' in text
    assert desk.run("load", "waivers.csv", "--pack", "pack").exit_code == 0
    table = desk.scan().stdout
    assert "lines waived)" in " ".join(table.replace("│", " ").split())
    assert "covers 1 of its 1 unit: 1 line goes beyond it." in " ".join(table.split())
    listed = json.loads(desk.run("waivers", "--pack", "pack", "list", "--format", "json").stdout)
    assert [(w["status"], w["units"]) for w in listed["waivers"]] == [("used", "1 of 1")]
    for within, as_of, count in (("30d", "2015-12-01", 1), ("29", "2015-12-01", 0)):
        words = ("--pack", "pack", "--as-of", as_of, "expiring", "--within", within)
        soon = desk.run("waivers", *words, "--format", "json")
        assert len(json.loads(soon.stdout)["waivers"]) == count


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"# ours\n{HEAD}\n# end", f"# ours\n{HEAD}\n# end\nsupply/any,A,B,,2015-01-10,"),
        (f"\ufeff{HEAD};x".replace(",", ";") + "\r\n", ";x\r\nsupply/any;A;B;;2015-01-10;"),
    ],
)
def test_what_is_in_the_file_stays_as_it_is(desk: Desk, before: str, after: str) -> None:
    file = desk.folder / "waivers.csv"
    file.write_bytes(before.encode())
    assert waive(desk, TERMS)[0] == 0
    text = file.read_bytes().decode()
    assert text.startswith(before)
    assert after in text
    assert text.endswith("\r\n" if "\r" in before else "\n")


@pytest.mark.parametrize(
    ("content", "options", "said"),
    several(
        thinned(
            [
                (HEAD, f"{TERMS} --max-value 5 EUR", "has no column currency and max_value"),
                ("a,b\n", TERMS, "this is no file of waivers"),
                (
                    f"{HEAD}\nsupply/any,A,B,,2015-01-10,2015-02-01,,x,y\n",
                    TERMS,
                    "is there already",
                ),
                (
                    HEAD,
                    "--until 2015-01-01 --approver x --reason y",
                    "before it begins on 2015-01-10",
                ),
                (
                    HEAD,
                    "--until 2015-12-31 --approver ' ' --reason y",
                    "The waiver has no approver",
                ),
                (HEAD, f"{TERMS} --max-value NaN EUR", "'NaN' is no amount"),
                (HEAD, f"{TERMS} --max-value 5 Euro", "'Euro' is no currency"),
            ],
            2,
        )
    ),
)
def test_what_does_not_fit_changes_nothing(
    desk: Desk, content: str, options: str, said: str
) -> None:
    file = desk.folder / "waivers.csv"
    file.write_text(content, "utf-8")
    code, told = waive(desk, options)
    assert (code, said in told) == (2, True), told
    assert file.read_text("utf-8") == content


def test_a_file_of_another_name_is_loaded_as_it_says(desk: Desk) -> None:
    said = waive(desk, f"{TERMS} --file mine.csv")[1]
    assert "'graphchannel load mine.csv --table waivers'" in said
    assert desk.run("load", "mine.csv", "--table", "waivers", "--pack", "pack").exit_code == 0


def test_twins_are_covered_where_they_are_meant(desk: Desk) -> None:
    desk.rules.add("supply/b", EVERY_LINE)
    assert waive(desk, f"{TERMS} --twins")[0] == 0
    row = (desk.folder / "waivers.csv").read_text("utf-8").splitlines()[1]
    assert row.split(",")[0] in {"supply/any supply/b", "supply/b supply/any"}
    assert desk.run("load", "waivers.csv", "--pack", "pack").exit_code == 0
    desk.scan()
    assert desk.scan("--partner", "A", "--format", "json").exit_code in {0, 1}
