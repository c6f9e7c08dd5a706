"""Findings over runs: since when, how many, by whose correction, and what a purge takes away."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest import load_rows
from graphchannel.workspace import open_workspace
from tests.findings.network import POLICY, line
from tests.runs.conftest import office_in
from tests.runs.test_runs import run

if TYPE_CHECKING:
    from tests.runs.conftest import Office

DAYS = ("2015-02-28", "2015-03-31", "2015-04-30")


def withdraw(office: Office, *lines: dict[str, Any]) -> None:
    """Load a snapshot of the lines."""
    with open_workspace(office.path, write=True) as workspace:
        load_rows(workspace, {"shipments": list(lines)}, POLICY, replace=["shipments"])


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office with three monthly runs: a finding goes, and comes again."""
    office = office_in(tmp_path_factory.mktemp("office"))
    kept = line("L1", "A", "B", quantity=5, amount="100", currency="EUR")
    office.scan(as_of=DAYS[0])
    withdraw(office, kept)
    office.scan(as_of=DAYS[1])
    office.load(shipments=[line("L3", "B", "C", product_id="Y")])
    office.scan(as_of=DAYS[2])
    return office


def test_a_finding_tells_since_when_it_is_open(office: Office) -> None:
    with office.channel() as channel:
        now = {one.subject.id: one for one in channel.scan(as_of=DAYS[2]).findings()}
        later = {one.subject.id: one for one in channel.scan(as_of="2015-05-10").findings()}
    days = [date.fromisoformat(day) for day in DAYS]
    assert (now["A"].first_seen, now["A"].open_since, now["A"].days_open) == (days[0], days[0], 61)
    assert (now["B"].first_seen, now["B"].open_since, now["B"].days_open) == (days[0], days[2], 0)
    assert (later["A"].days_open, later["B"].days_open) == (71, 10)
    said = run(office, "scan", "--pack", str(office.folder / "pack"), "--as-of", DAYS[2])
    name = now["B"].fingerprint[:12]
    shown = run(office, "show", name, "--pack", str(office.folder / "pack"), "--as-of", DAYS[2])
    assert said.exit_code == 1
    assert "Open since   2015-04-30 (0 days)\nFirst seen   2015-02-28\n" in shown.stdout


def test_a_finding_that_came_again_is_reopened(office: Office) -> None:
    pack = str(office.folder / "pack")
    baseline = office.folder / "march.json"
    run(office, "scan", "--pack", pack, "--as-of", DAYS[1], "--known-at", "2",
        "--format", "json", "--output", str(baseline))  # fmt: skip
    done = run(office, "scan", "--pack", pack, "--as-of", DAYS[2], "--baseline", str(baseline),
               "--format", "json")  # fmt: skip
    changes = {one["subject"]["id"]: one["baseline"] for one in json.loads(done.stdout)["findings"]}
    assert changes == {"A": "unchanged", "B": "reopened"}
    assert done.exit_code == 1


def test_the_trend_of_rules_and_the_course_of_findings(office: Office) -> None:
    with office.channel() as channel:
        trend, everything = channel.trend(), channel.trend(by="all")
        partners = channel.trend(by="partner")
    first = [(str(point.as_of), point.findings, point.lines) for point in trend.points][:3]
    assert first == [(DAYS[0], 2, 3), (DAYS[1], 1, 1), (DAYS[2], 2, 2)]
    assert everything.points[0].amount["EUR"] == Decimal(100)
    assert {point.group for point in partners.points} == {"A", "B"}
    courses = {one.subject: one for one in trend.courses}
    assert (str(courses["B"].first_seen), courses["A"].open) == (DAYS[0], True)
    assert run(office, "trend", "--by", "region").exit_code == 0


def test_corrections_name_load_and_change(office: Office) -> None:
    with office.channel() as channel:
        entries = channel.corrections().entries
    found = [(one.before, one.finding.change, one.cause.kind, one.cause.loads) for one in entries]
    assert (1, "gone", "withdrawal", (2,)) in found
    assert (1, "shrunk", "withdrawal", (2,)) in found
    assert all(one.loaded_at is not None for one in entries)
    printed = run(office, "corrections", "--format", "json")
    assert {entry["cause"] for entry in json.loads(printed.stdout)} == {"lines withdrawn"}


def test_a_purge_says_what_can_no_longer_be_repeated(office: Office) -> None:
    looked = run(office, "purge", "2", "--dry-run").stdout
    assert "2 versions that ended up to load 2 would be purged" in looked
    with office.channel() as channel:
        assert channel.verify_run("1").same
    done = run(office, "purge", "2")
    assert "1 run (1) can no longer be repeated" in done.stdout
    with office.channel() as channel:
        with pytest.raises(InputError, match="versions that ended up to load 2 were purged"):
            channel.verify_run("1")
        with pytest.raises(InputError, match="purged already"):
            channel.purge("2")
        with pytest.raises(InputError, match="Load 2 cannot be taken back"):
            channel.unload(2)
        assert channel.verify_run("2").same
        assert channel.loads()[-1].kind == "purge"
