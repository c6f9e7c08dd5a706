"""Rows that are carried over from the last scan are those that a scan from scratch finds."""

from __future__ import annotations

import io
import os
import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.channel.judging import scan_channel
from graphchannel.channel.keeping import keep_run
from graphchannel.ingest import load_rows
from graphchannel.ingest.purging import purge
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats.json import write
from graphchannel.resources import pack
from graphchannel.runs.record import result_hash
from graphchannel.workspace import open_workspace
from tests.findings.network import EVERY_LINE, POLICY, line
from tests.runs.conftest import LINES
from tests.runs.sequences import opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphchannel import Channel
    from graphchannel.findings import ScanResult
    from tests.runs.conftest import Office

FULL = "GRAPHCHANNEL_SEQUENCES" in os.environ  # see `make assurance`
SEQUENCES = int(os.environ.get("GRAPHCHANNEL_SEQUENCES", "1"))
STEPS = 6 if FULL else 2
ALL = {"data/terminated": "whole", "supply/any": "whole", "supply/gold": "whole"}

# Rules whose rows are of the lines between two parties, of those of one, and of one and a product.
GROUPS = {
    "groups/pair": "(a)-[t:SUPPLIED]->(b) WHERE t.quantity > s.quantity",
    "groups/pair-again": "(b)-[t:SUPPLIED]->(a) WHERE t.quantity > s.quantity",
    "groups/seller": "(a)-[t:SUPPLIED]->(:Party) WHERE t.quantity > s.quantity",
    "groups/buyer": "(:Partner)-[t:SUPPLIED]->(b) WHERE t.quantity < s.quantity",
}
OF_GROUP = """MATCH (a:Partner)-[s:SUPPLIED]->(b:Party)
WHERE EXISTS {{ MATCH {0} }}
RETURN a.id AS subject, b.id AS object, s.id AS shipment"""


def told(result: ScanResult) -> tuple[str, str]:
    """Return all that a scan says, as JSON, and the hash of what is kept of it."""
    stream = io.StringIO()
    write(scan_document(result, top=5), stream)
    with result.session.reading() as connection:
        return stream.getvalue(), result_hash(connection, result)


def carried(channel: Channel, said: object = "") -> Mapping[str, str]:
    """Scan from scratch and on from the last scan, compare, and leave a run of the second."""
    opening = channel._opening
    with scan_channel(opening, from_scratch=True) as scratch:
        assert not scratch.carried
        wanted = told(scratch)
    with scan_channel(opening) as result:
        assert told(result) == wanted, said
        keep_run(opening, result)
        return result.carried


def scanned(office: Office, **options: Any) -> Mapping[str, str]:
    with office.channel(**options) as channel:
        return carried(channel)


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_a_random_sequence(tmp_path: Path, seed: int) -> None:
    office = opened(tmp_path, random.Random(seed))  # noqa: S311 - a sequence to try, no secret
    for step in range(STEPS + 1):
        if step:
            office.move()
        with office.channel() as channel:
            carried(channel, office.done)


def test_what_did_not_change_is_not_run_again(office: Office) -> None:
    assert scanned(office) == {}
    assert scanned(office) == ALL
    office.load(shipments=[line("L1", "A", "B", quantity=7), line("L4", "C", "A")])
    assert scanned(office) == ALL | {"supply/any": "changed lines", "supply/gold": "changed lines"}
    office.load(partners=[{"id": "A", "name": "Alpha", "terminated_on": "2015-01-01"}])
    assert set(scanned(office)) == {"supply/any", "supply/gold"}
    office.load(
        certifications=[
            {"holder_id": "B", "role": "gold", "issuer_id": "V", "valid_from": "2014-01-01"}
        ],
    )
    assert scanned(office)["supply/gold"] == "changed lines"  # whose lines have another role


def test_an_analysis_judges_what_it_reaches(office: Office) -> None:
    names = ("paths/out-exceeds-in", "serials/handed-over-twice")
    for name in names:
        (office.folder / "pack" / name).parent.mkdir(exist_ok=True)
        shutil.copy(pack() / f"{name}.cypher", office.folder / "pack" / f"{name}.cypher")
    sold = [line(f"S{n}", seller, "C", quantity=80) for n, seller in enumerate("AB")]
    got = [line(f"G{n}", "V", buyer) for n, buyer in enumerate("AB")]
    units = [{"shipment_id": one["id"], "serial": str(n)} for one in sold for n in range(2)]
    office.load(shipments=[*got, *sold], serials=units)
    assert scanned(office) == {}
    changed = ALL | dict.fromkeys([*names, "supply/any", "supply/gold"], "changed lines")
    office.load(shipments=[line("S2", "A", "B", quantity=90)])
    assert scanned(office) == changed
    office.load(serials=[{"shipment_id": "S2", "serial": "1"}])  # which A had handed over
    assert scanned(office) == ALL | {names[0]: "whole", names[1]: "changed lines"}
    assert f"{names[1]} A B" in office.scan(rules=list(names))
    office.load(shipments=[line("S0", "A", "C", quantity=1), line("S2", "A", "B", quantity=1)])
    assert scanned(office) == changed


def test_what_is_edited_runs_again(office: Office) -> None:
    scanned(office)
    office.rules.add("supply/any", EVERY_LINE.replace("RETURN", "WHERE s.quantity > 1 RETURN"))
    assert set(scanned(office)) == {"data/terminated", "supply/gold"}
    assert set(scanned(office, as_of="2015-02-01")) == {"supply/any", "supply/gold"}


def test_a_run_says_what_was_carried_over(office: Office) -> None:
    scanned(office)
    office.scan()
    office.scan(from_scratch=True)
    with office.channel() as channel:
        assert [run.manifest["carried"] for run in channel.runs()] == [{}, ALL, {}]


def test_a_scan_that_left_something_out_leaves_no_rows(office: Office) -> None:
    scanned(office)
    office.load(shipments=[line("L5", "C", "A")])
    assert office.scan(partner="C") == {"supply/any B C": 1, "supply/any C A": 1}
    assert scanned(office)["supply/any"] == "changed lines"


def test_scans_of_other_days_do_not_take_each_others_rows(office: Office) -> None:
    scanned(office, as_of="2015-02-10")
    with office.channel() as channel:
        channel.scan(as_of="2015-01-10").close()
        channel.scan(as_of="2015-02-10").close()
    assert scanned(office, as_of="2015-02-10")
    assert scanned(office, as_of="2015-01-10")


def test_a_file_from_a_backup_has_the_rows_of_its_own_past(office: Office) -> None:
    scanned(office)
    backup = shutil.copy(office.path, office.folder / "backup.duckdb")
    office.load(shipments=[line("L4", "A", "C", quantity=3)])
    scanned(office)
    shutil.copy(backup, office.path)
    office.load(shipments=[line("L5", "C", "B", quantity=4)])
    assert scanned(office)["supply/any"] == "changed lines"


def test_rows_do_not_outlive_what_is_purged(office: Office) -> None:
    scanned(office)
    office.load(shipments=[line("L1", "A", "B", quantity=7)])
    with open_workspace(office.path, write=True) as workspace:
        purge(workspace, "2")
        names = workspace.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert not [name for (name,) in names if name.startswith("kept_")]
    assert scanned(office) == {}


def test_another_program_takes_nothing_over(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanned(office)
    monkeypatch.setattr("graphchannel.findings.kept_rows.hash_of_sources", lambda _: "other")
    assert scanned(office) == {}
    assert scanned(office) == ALL


def test_rows_that_are_many_are_not_kept(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphchannel.findings.carrying._FEW", 2)
    scanned(office)
    assert set(scanned(office)) == {"data/terminated", "supply/gold"}


def test_after_a_load_is_taken_back_all_rules_run(office: Office) -> None:
    second = office.load(shipments=[line("L4", "C", "A", quantity=2)])
    scanned(office)
    with office.channel() as channel:
        channel.unload(second)
    assert scanned(office) == {}


def test_groups_of_each_kind_are_judged_by_themselves_where_they_are_small(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, other in GROUPS.items():
        office.rules.add(name, OF_GROUP.format(other))
    scanned(office)
    by_itself = {"data/terminated": "whole"}
    by_itself |= dict.fromkeys(("supply/any", "supply/gold"), "changed lines")
    office.load(shipments=[line("L4", "A", "B", quantity=9)])
    assert scanned(office) == by_itself | dict.fromkeys(GROUPS, "changed lines")
    kept = [LINES[0], LINES[1], line("L5", "C", "A")]
    with open_workspace(office.path, write=True) as workspace:
        load_rows(workspace, {"shipments": kept}, POLICY, replace=["shipments"])
    assert scanned(office) == by_itself | dict.fromkeys(GROUPS, "changed lines")
    monkeypatch.setattr("graphchannel.findings.changed_lines._FEW", 1)
    office.load(shipments=[line("L6", "A", "B", quantity=9)])  # the third of four of this pair
    assert scanned(office) == by_itself
    office.load(shipments=[line("L6", "A", "B", quantity=8), line("L7", "C", "B")])  # two of five
    assert scanned(office) == {"data/terminated": "whole"}
