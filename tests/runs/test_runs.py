"""A scan leaves a run that can be repeated, whatever is loaded, edited or taken back later."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel import Channel
from graphchannel.cli import main
from graphchannel.errors import InputError
from graphchannel.ingest import unload
from graphchannel.policy import load_policy, policy_from_text, policy_text
from graphchannel.resources import pack
from graphchannel.runs.model import INPUTS
from graphchannel.runs.store import set_aside_records
from graphchannel.workspace import open_workspace
from tests.findings.network import line
from tests.runs.conftest import lines

if TYPE_CHECKING:
    from click.testing import Result

    from tests.runs.conftest import Office

SCANS = int(os.environ.get("GRAPHCHANNEL_SCANS", "0")) or 3  # processes that scan at once
FOREVER = {"valid_from": "2014-01-01", "issuer_id": "V"}


def run(office: Office, *arguments: str) -> Result:
    env = {"GRAPHCHANNEL_WORKSPACE": str(office.path)}
    return CliRunner().invoke(main, list(arguments), env=env, catch_exceptions=False)


def report(office: Office, *options: str) -> str:
    """Return the JSON report of a scan."""
    return run(
        office, "scan", "--pack", str(office.folder / "pack"), "--format", "json", *options
    ).stdout


def test_a_scan_leaves_a_run_that_says_by_what_it_judged(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "more" / "shipments.csv"
    file.parent.mkdir()
    file.write_text("id,shipped_on,seller_id,buyer_id,product_id,quantity\nL9,2015-01-05,A,C,X,1\n")
    with office.channel() as channel:
        channel.load(file)
        channel.scan(partner="C", rules=["supply/*"])
    with office.channel() as channel:
        (kept,) = channel.runs()
        full = channel.run(kept.id[:6])
    assert full.run == kept
    manifest = kept.manifest
    assert manifest["filters"] == {"rules": ["supply/*"], "partner": "C"}
    assert (manifest["load"], manifest["as_of"], manifest["engine"]) == (2, "2015-02-10", "duckdb")
    assert set(manifest["rules"]) == {"supply/any", "supply/gold"}
    assert not kept.whole
    assert kept.result["findings"] == 2
    assert [entry.load for entry in full.loads] == [1, 2]
    (loaded,) = full.loads[1].files
    assert (loaded.file, loaded.bytes, len(loaded.sha256)) == (file.name, file.stat().st_size, 64)
    shown = json.loads(run(office, "runs", "show", "1", "--format", "json").stdout)
    assert shown["id"] == kept.id
    assert shown["loads"][-1]["sha256"] == loaded.sha256
    assert "byte by byte" in run(office, "runs", "verify").stdout
    sarif = json.loads(report(office, "--partner", "C", "--rule", "supply/*", "--format", "sarif"))
    properties = sarif["runs"][0]["properties"]["run"]
    assert properties == {name: manifest[name] for name in ("id", *INPUTS)}


def test_the_auditor_gets_the_bytes_of_last_quarter(office: Office) -> None:
    before = report(office)
    office.load(certifications=[FOREVER | {"holder_id": "A", "role": "gold"}])
    office.load(shipments=[line("L1", "A", "B", quantity=2), line("L4", "C", "A")])
    office.load(partners=[{"id": "C", "name": "Other", "terminated_on": "2014-01-31"}])
    after = report(office)
    assert after != before
    assert report(office, "--known-at", "1") == before
    assert report(office, "--known-at", "4") == after
    with open_workspace(office.path, write=True) as workspace:
        unload(workspace, 3)
    assert report(office) not in (before, after)
    assert report(office, "--known-at", "1") == before
    assert report(office, "--known-at", "4") == after
    with office.channel() as channel:
        runs = channel.runs()
        assert [one.id == runs[0].id for one in runs] == [
            True,
            False,
            True,
            False,
            False,
            True,
            False,
        ]
        assert all(channel.verify_run(str(one.number)).same for one in runs)


def test_a_run_is_repeated_by_its_own_policy_and_rules(office: Office) -> None:
    before = office.scan()
    office.edit(
        '[parameters.sell_off_days]\ntype = "integer"\nvalue = 0',
        '[parameters.sell_off_days]\ntype = "integer"\nvalue = 9',
    )
    office.rules.add("supply/any", "MATCH (p:Partner) RETURN p.id AS subject", message="{subject}")
    (office.folder / "pack" / "supply" / "gold.cypher").unlink()
    assert office.scan() != before
    with office.channel() as channel:
        assert [channel.verify_run(name).same for name in ("1", "2")] == [True, True]


def test_rows_that_were_tampered_with_are_told(office: Office) -> None:
    office.scan()
    with open_workspace(office.path, write=True) as workspace:
        workspace.connection.execute("UPDATE main.shipments SET quantity = 7 WHERE id = 'L2'")
    done = run(office, "runs", "verify")
    assert done.exit_code == 1
    assert "the rows that were known then are not the same" in done.stdout
    with open_workspace(office.path, write=True) as workspace:
        workspace.connection.execute("DELETE FROM main.shipments WHERE id = 'L3'")
    with office.channel() as channel:
        assert channel.verify_run().differing == {"supply/any": (2, 1)}


def test_the_checksum_follows_from_an_earlier_one(office: Office) -> None:
    """Each run sums what came and went since the last; repeating sums all rows."""
    office.scan()
    for number in range(3):
        office.load(
            shipments=[line("L1", "A", "B", quantity=number + 2), line(f"N{number}", "B", "A")]
        )
        office.scan()
    with open_workspace(office.path, write=True) as workspace:
        unload(workspace, 2)
    office.scan()
    with office.channel() as channel:
        assert len({one.manifest["workspace"] for one in channel.runs()}) == 5
        assert all(channel.verify_run(str(one.number)).same for one in channel.runs())


def test_a_policy_is_read_back_as_it_was() -> None:
    policy = load_policy(pack())
    assert policy_from_text(policy_text(policy)) == policy


def test_a_run_in_memory(office: Office) -> None:
    with Channel.open(None, policy=office.folder / "pack") as channel:
        file = office.folder / "partners.csv"
        file.write_text("id,name,terminated_on\nA,Alpha,2014-01-31\n", "utf-8")
        channel.load(file)
        assert lines(channel.scan(as_of="2015-01-31")) == {"data/terminated A -": 0}
        assert [one.number for one in channel.runs()] == [1]


@pytest.mark.parametrize(
    ("name", "message"),
    [("7", "There is no run '7'"), ("ab", "There is no run 'ab'"), ("zzzz", "no run 'zzzz'")],
)
def test_a_run_that_is_not_there(office: Office, name: str, message: str) -> None:
    with office.channel() as channel:
        with pytest.raises(InputError, match="There is no run yet"):
            channel.run(name)
        channel.scan()
        with pytest.raises(InputError, match=message):
            channel.run(name)


HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("held", flush=True)
sys.stdin.read()
"""


def test_a_run_waits_beside_a_workspace_that_is_held(office: Office) -> None:
    command = [sys.executable, "-c", HOLD, str(office.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdout.readline()
        office.scan()
        office.scan(as_of="2015-01-31")
        assert len(set_aside_records(office.path)) == 2
        with office.channel() as channel:
            assert [one.number for one in channel.runs()] == [1, 2]
        holder.stdin.close()
    office.scan(as_of="2015-01-20")
    assert not Path(f"{office.path}.runs").exists()
    with office.channel() as channel:
        assert [str(one.as_of) for one in channel.runs()] == [
            "2015-02-10",
            "2015-01-31",
            "2015-01-20",
        ]
        assert all(channel.verify_run(str(number)).same for number in (1, 2, 3))


def test_runs_of_one_second_are_kept_in_the_order_of_their_scans(office: Office) -> None:
    days = [f"2015-{month:02}-28" for month in range(1, 9)]
    with office.channel() as channel:
        for day in days:
            channel.scan(as_of=day)
        assert [str(run.as_of) for run in channel.runs()] == days
    with office.channel() as channel:
        assert [str(run.as_of) for run in channel.runs()] == days


def test_a_scan_works_where_no_run_can_be_kept(office: Office) -> None:
    Path(f"{office.path}.runs").write_text("in the way", "utf-8")
    command = [sys.executable, "-c", HOLD, str(office.path)]
    said: list[str] = []
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin is not None
        assert holder.stdout is not None
        holder.stdout.readline()
        with office.channel(say=said.append) as channel:
            assert lines(channel.scan())
        holder.stdin.close()
    assert [one for one in said if one.startswith("No run was kept: ")]


SCAN = """
import sys
from graphchannel import Channel
with Channel.open(sys.argv[1], policy=sys.argv[2]) as channel:
    sys.stdin.readline()
    print(channel.scan().count())
"""


def test_scans_at_once_do_not_collide(office: Office) -> None:
    command = [sys.executable, "-c", SCAN, str(office.path), str(office.folder / "pack")]
    started = [
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(SCANS)
    ]
    for one in started:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate() for one in started]
    assert [out for out, _ in said] == ["2\n"] * SCANS, said
    with office.channel() as channel:
        assert len(channel.runs()) == SCANS
        assert len({one.id for one in channel.runs()}) == 1
