"""Work on findings: every change is kept; what was closed opens again by itself when it grew."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.channel.work import WorkFilter, today
from graphchannel.errors import InputError
from graphchannel.findings.fingerprints import fingerprint
from graphchannel.findings.work import WorkEvent, folded_work
from graphchannel.ingest import load_rows, unload
from graphchannel.runs.store import set_aside_records
from graphchannel.workspace import open_workspace
from tests.findings.network import POLICY, Rules, line
from tests.runs.conftest import Office, office_in

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.worklist.items import WorkItem

A_TO_B, B_TO_C = "supply/any A B", "supply/any B C"
DAYS = {"critical": 7, "high": 14, "medium": 30, "low": 60, "info": 90}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office whose findings were found: A to B with two lines, B to C with one."""
    office = office_in(tmp_path_factory.mktemp("office"))
    office.scan()
    return office


@pytest.fixture
def office(scanned: Office, tmp_path: Path) -> Office:
    """Return a copy of it."""
    shutil.copytree(scanned.folder, tmp_path, dirs_exist_ok=True)
    return Office(tmp_path, Rules(tmp_path / "pack"))


def without(office: Office, gone: str, *lines: dict[str, Any]) -> int:
    """Withdraw a line, and load others; return the number of the load."""
    base = [
        line("L1", "A", "B", quantity=5, amount="100", currency="EUR"),
        line("L2", "A", "B", shipped_on="2015-02-10"),
        line("L3", "B", "C", product_id="Y"),
    ]
    kept = [*(one for one in base if one["id"] != gone), *lines]
    with open_workspace(office.path, write=True) as workspace:
        return load_rows(workspace, {"shipments": kept}, POLICY, replace=["shipments"]).load


def items(office: Office, **which: Any) -> dict[str, WorkItem]:
    with office.channel() as channel:
        found = channel.work.list(WorkFilter(**which)).items
    return {f"{one.rule} {one.subject} {one.object or '-'}": one for one in found}


def named(office: Office, key: str = A_TO_B) -> str:
    return items(office)[key].fingerprint


def close(office: Office, key: str = A_TO_B, **options: Any) -> None:
    values = {"as_": "remediated", "reason": "Contract signed.", "by": "ada"} | options
    with office.channel() as channel:
        channel.work.close(named(office, key), **values)


def states(office: Office) -> dict[str, str]:
    return {name: item.work.told for name, item in items(office).items()}


def last(office: Office, key: str = A_TO_B) -> WorkEvent:
    return items(office)[key].work.history[-1]


def test_every_finding_of_the_last_run_is_on_the_list(office: Office) -> None:
    found = items(office)
    assert set(found) == {A_TO_B, B_TO_C}
    item = found[A_TO_B]
    assert (item.severity, item.lines, item.subject_name) == ("medium", 2, "Alpha")
    assert item.work == folded_work((), today(), 30)
    assert item.work.due == today() + timedelta(30)


def test_what_is_done_adds_up_and_is_kept(office: Office) -> None:
    finding = named(office)
    with office.channel() as channel:
        channel.work.assign(finding[:6], to="ada", due="2015-03-01", by="boss")
        channel.work.comment(finding, text=" Asked for the contract. ", by="ada")
        work = channel.work.show(finding).work
        assert (work.state, work.owner, work.due) == ("assigned", "ada", date(2015, 3, 1))
        channel.work.close(finding, as_="confirmed", reason="No contract.", by="ada")
        work = channel.work.show(finding).work
        assert (work.told, work.owner, work.due) == ("closed (confirmed)", "ada", None)
        channel.work.reopen(finding, reason="There is one.", by="boss")
        work = channel.work.show(finding).work
    assert (work.state, work.closed_as, work.due) == ("reopened", None, today() + timedelta(30))
    assert [(e.who, e.what, e.value, e.reason) for e in work.history] == [
        ("boss", "assigned", "ada", None),
        ("boss", "due", "2015-03-01", None),
        ("ada", "commented", None, "Asked for the contract."),
        ("ada", "closed", "confirmed", "No contract."),
        ("boss", "reopened", None, "There is one."),
    ]
    assert [e.number for e in work.history] == [1, 2, 3, 4, 5]


def test_the_same_again_changes_nothing(office: Office) -> None:
    finding = named(office)
    with office.channel() as channel:
        assert channel.work.assign(finding, to="ada").changed == 1
        assert channel.work.assign(finding, to="ada").changed == 0
        assert channel.work.assign(finding, to=None).changed == 1
        assert channel.work.show(finding).work.state == "open"


def test_many_at_once_are_all_changed_or_none(office: Office) -> None:
    close(office, B_TO_C)
    said = r"is closed: reopen it first\. Nothing was changed"
    with office.channel() as channel, pytest.raises(InputError, match=said):
        channel.work.assign(named(office), named(office, B_TO_C), to="ada")
    assert states(office) == {A_TO_B: "open", B_TO_C: "closed (remediated)"}
    with office.channel() as channel:
        looked = channel.work.assign(
            to="ada", which=WorkFilter(partner="B", states=("open",)), only_look=True
        )
        assert (looked.changed, states(office)[A_TO_B]) == (1, "open")
        done = channel.work.assign(to="ada", which=WorkFilter(partner="B", states=("open",)))
    assert done.changed == 1
    assert states(office)[A_TO_B] == "assigned"


FITTING: list[tuple[dict[str, Any], set[str]]] = [
    ({"rule": "supply/*"}, {A_TO_B, B_TO_C}),
    ({"partner": "C"}, {B_TO_C}),
    ({"severity": "high"}, set()),
    ({"owner": "ada"}, {A_TO_B}),
    ({"states": ("open",)}, {B_TO_C}),
    ({"overdue": date(2015, 1, 2)}, {A_TO_B}),
    ({"overdue": date(2015, 1, 1)}, set()),
    ({"region": "DE"}, {A_TO_B}),
    ({"region": "EU"}, {A_TO_B}),
]
REFUSED = [
    ({"rule": "suply/any"}, r"No finding is of a rule 'suply/any'\. Did you mean 'supply/any'"),
    ({"partner": "Alpha"}, "that is the name of A"),
    ({"region": "XX"}, "There is no region 'XX'"),
]


def test_findings_are_meant_by_filters(office: Office) -> None:
    office.load(
        regions=[{"id": "EU", "name": "Europe"}, {"id": "DE", "name": "D", "parent_id": "EU"}],
        cities=[{"id": "BER", "name": "Berlin", "region_id": "DE"}],
        partners=[{"id": "A", "name": "Alpha", "country": "DE", "city_id": "BER"}],
    )
    with office.channel() as channel:
        channel.work.assign(named(office), to="ada", due="2015-01-01")
    found = {str(which): set(items(office, **which)) for which, _ in FITTING}
    assert found == {str(which): fitting for which, fitting in FITTING}
    for which, said in REFUSED:
        with pytest.raises(InputError, match=said):
            items(office, **which)


def test_a_beginning_means_one_finding(office: Office) -> None:
    with office.channel() as channel:
        with pytest.raises(InputError, match="No finding on the work list begins with 'zz'"):
            channel.work.show("zz")
        with pytest.raises(InputError, match="begins with ''"):
            channel.work.show("")
    office.load(shipments=[line(f"M{n}", a, b) for n, (a, b) in enumerate([*_pairs()])])
    office.scan()
    starts = [item.fingerprint[0] for item in items(office).values()]
    twice = next(start for start in starts if starts.count(start) > 1)
    with (
        office.channel() as channel,
        pytest.raises(InputError, match=rf"with '{twice}': {twice}\w+ \(supply/any: \w+ → \w+"),
    ):
        channel.work.show(twice)


def _pairs() -> list[tuple[str, str]]:
    parties = ("A", "B", "C", "V")
    return [(a, b) for a in parties for b in parties if a != b]


def test_what_says_nothing_is_refused(office: Office) -> None:
    for values, said in (
        ({"as_": "remediatd"}, "Did you mean 'remediated'"),
        ({"reason": "  "}, "The reason is empty"),
        ({"reason": "x" * 10_001}, "at most 10,000"),
        ({"by": ""}, "The name is empty"),
    ):
        with pytest.raises(InputError, match=said):
            close(office, **values)
    assert states(office)[A_TO_B] == "open"


def test_who_is_named_or_told_by_the_environment(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPHCHANNEL_USER", "ada")
    with office.channel() as channel:
        done = channel.work.comment(named(office), text="x")
        assert (done.who.name, done.who.source) == ("ada", "GRAPHCHANNEL_USER")
        assert channel.work.comment(named(office), text="y", by="bob").who == ("bob", "")
        monkeypatch.delenv("GRAPHCHANNEL_USER")
        assert channel.work.comment(named(office), text="z").who.source == "the system's user"
    assert [e.who for e in items(office)[A_TO_B].work.history][:2] == ["ada", "bob"]


# What follows from scans


def test_a_closed_finding_that_grows_opens_again_at_the_next_scan(office: Office) -> None:
    close(office)
    office.scan()
    assert states(office)[A_TO_B] == "closed (remediated)"
    office.load(shipments=[line("L4", "A", "B", amount="20", currency="EUR")])
    assert states(office)[A_TO_B] == "closed (remediated)"  # nothing was judged yet
    with office.channel() as channel, channel.scan() as result:
        shown = {f.object.id: f.work for f in result.findings() if f.object}["B"]
    assert shown is not None  # the scan that finds it says so already
    assert shown.state == "reopened"
    assert states(office)[A_TO_B] == "reopened"
    event = last(office)
    assert (event.who, event.what) == ("graphchannel", "reopened")
    assert event.reason == "It grew since it was closed: 2 → 3 lines, +20.00 EUR."
    office.scan()
    assert last(office) == event  # once


def test_the_tolerance_of_the_policy_counts_from_when_it_was_closed(office: Office) -> None:
    office.edit("[due_days]", "[tolerance]\nlines = 1\nvalue = 9.0\n\n[due_days]")
    close(office)
    office.load(shipments=[line("L4", "A", "B")])
    office.scan()
    assert states(office)[A_TO_B] == "closed (remediated)"
    office.load(shipments=[line("L5", "A", "B")])
    office.scan()  # two lines by now, although one at a time
    assert states(office)[A_TO_B] == "reopened"


def test_another_line_in_place_of_one_opens_it_again(office: Office) -> None:
    close(office, B_TO_C)
    without(office, "L3", line("L9", "B", "C"))
    office.scan()
    assert last(office, B_TO_C).reason == "It grew since it was closed: 1 line, not the same."


def test_what_was_gone_and_comes_back_opens_again(office: Office) -> None:
    close(office, B_TO_C)
    load = without(office, "L3")
    office.scan()
    assert (last(office, B_TO_C).what, states(office)[B_TO_C]) == ("gone", "closed (remediated)")
    assert not items(office)[B_TO_C].there
    with open_workspace(office.path, write=True) as workspace:
        unload(workspace, load)
    office.scan()
    assert states(office)[B_TO_C] == "reopened"
    assert last(office, B_TO_C).reason == (
        "It came back after it was gone: 1 line as of 2015-02-10."
    )


def test_an_open_finding_that_is_gone_stays_on_the_list_until_it_is_closed(office: Office) -> None:
    with office.channel() as channel:
        channel.work.assign(named(office, B_TO_C), to="ada", due="2015-01-01")
    load = without(office, "L3")
    office.scan()
    item = items(office)[B_TO_C]
    assert (item.there, item.work.state, item.work.gone) == (False, "assigned", True)
    assert B_TO_C not in items(office, overdue=today())
    with open_workspace(office.path, write=True) as workspace:
        unload(workspace, load)
    office.scan()
    assert [e.what for e in items(office)[B_TO_C].work.history[-2:]] == ["gone", "back"]
    assert B_TO_C in items(office, overdue=today())


def test_a_scan_that_looked_elsewhere_says_nothing_of_work(office: Office) -> None:
    close(office, B_TO_C)
    with office.channel() as channel:
        channel.work.assign(named(office), to="ada")
    before = items(office)
    for options in (
        {"partner": "A"},
        {"until": "2015-01-01"},
        {"rules": ["supply/gold"]},
        {"as_of": "2015-01-01"},
        {"product": "X"},
        {},
    ):
        office.scan(**options)
        assert items(office) == before, options


def test_neither_does_one_of_what_was_known_then(office: Office) -> None:
    office.load(shipments=[line("L4", "C", "A")])
    office.scan()
    close(office, "supply/any C A")
    before = items(office)
    with office.channel(known_at=1) as channel, channel.scan() as result:
        assert not result.work  # work is of now, and what is judged then stays the same
    assert items(office) == before


def test_a_rule_that_was_not_evaluated_loses_no_finding(office: Office) -> None:
    close(office)
    before = items(office)
    office.edit("[due_days]", '[rules."supply/any"]\nenabled = false\n\n[due_days]')
    office.scan()
    assert items(office) == before


def test_a_waived_finding_is_neither_gone_nor_back(office: Office) -> None:
    close(office)
    waiver = {
        "rule": "supply/any", "subject_id": "A", "valid_from": "2015-01-01",
        "valid_to": "2015-12-31", "approver": "x", "reason": "y",
    }  # fmt: skip
    office.load(waivers=[waiver])
    office.scan()
    item = items(office)[A_TO_B]
    assert (item.waived, item.there, item.work.told) == (True, True, "closed (remediated)")
    office.load(waivers=[waiver | {"valid_to": "2015-01-02"}])
    office.scan()
    assert states(office)[A_TO_B] == "closed (remediated)"


def test_a_run_that_waited_beside_the_workspace_counts_before_the_work(office: Office) -> None:
    office.load(shipments=[line("L4", "C", "A")])
    with open_workspace(office.path), office.channel() as channel:
        channel.scan().close()
        channel.close()
    if not set_aside_records(office.path):
        pytest.skip("the run was written at once")
    with office.channel() as channel:
        channel.work.assign(fingerprint("supply/any", "C", "A"), to="ada")
    assert items(office)["supply/any C A"].work.owner == "ada"


def test_workspaces_of_before_get_the_list_when_it_is_first_used(office: Office) -> None:
    with open_workspace(office.path, write=True) as workspace:
        workspace.connection.execute("DROP TABLE admin.work")
    assert states(office) == {A_TO_B: "open", B_TO_C: "open"}
    office.scan()
    close(office)
    assert states(office)[A_TO_B] == "closed (remediated)"


def test_taking_loads_back_and_purging_leave_the_work(office: Office) -> None:
    load = office.load(shipments=[line("L4", "A", "B")])
    office.scan()
    close(office)
    history = items(office)[A_TO_B].work.history
    with open_workspace(office.path, write=True) as workspace:
        unload(workspace, load)
    with office.channel() as channel:
        channel.purge("1")
    assert items(office)[A_TO_B].work.history == history
