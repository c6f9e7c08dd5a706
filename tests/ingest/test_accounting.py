"""Every record of a file ends once: added, corrected, unchanged, rejected, or skipped and told."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import GraphChannelError
from graphchannel.ingest import load, rejects
from tests.ingest.partner_files import FILES, LINES
from tests.sampling import sampled

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest import LoadReport
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

SAMPLES = sorted(
    file
    for file in FILES.rglob("*")
    if file.is_file() and not file.name.startswith(".") and file.parent.name != "00-base"
)
MESSY = {  # column → values as they come
    "shipped_on": ("2015-06-01", "01.06.2015", "2015-13-01", "", "yesterday", "42156"),
    "seller_id": ("D1", "D2", "V1", "nobody", "", " D1 "),
    "buyer_id": ("R1", "R2", "E1", "R1", "D1", "\t"),
    "product_id": ("SW-24", "AP-7", "sw-24", "none", ""),
    "quantity": ("1", "2.0", "1,000", "-1", "0", "many", "1e3", "3 pcs"),
    "amount": ("10.50", "1.234,56", "", "free", "9" * 40, "-5"),
    "currency": ("EUR", "eur", "€", "", "XXXX"),
    "document": ("A1", '"quoted"', "=1+1", "a\u202eb", ""),
}


def account(workspace: Workspace, report: LoadReport) -> int:
    """Check that all adds up, in the report and in the workspace; return the records read."""
    for file in report.files:
        ended = file.added + file.corrected + file.unchanged + file.rejected + file.skipped
        assert ended == file.records, file
        assert file.skipped == 0 or file.loader is not None
    kept = workspace.connection.execute(
        "SELECT file, sum(records), sum(rejected) FROM admin.files WHERE load = $load"
        " GROUP BY file ORDER BY file",
        {"load": report.load},
    ).fetchall()
    told: dict[str, tuple[int, int]] = {}
    for file in report.files:
        records, rejected = told.get(file.file, (0, 0))
        told[file.file] = records + file.records, rejected + file.rejected
    assert {name: (records, rejected) for name, records, rejected in kept} == told
    waiting = {(one.file, one.record) for one in rejects(workspace) if one.load == report.load}
    assert len(waiting) <= report.rejected
    return sum(file.records for file in report.files)


@pytest.mark.parametrize(
    "sample", sampled(SAMPLES, 3), ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_a_partner_file_is_accounted_for(
    partner_workspace: Workspace, policy: Policy, sample: Path
) -> None:
    """A file that is refused leaves nothing; loaded again, nothing is added."""
    before = partner_workspace.connection.execute("SELECT count(*) FROM shipments").fetchall()
    try:
        report = load(partner_workspace, [sample], policy)
    except GraphChannelError:
        now = partner_workspace.connection.execute("SELECT count(*) FROM shipments").fetchall()
        assert now == before
        return
    records = account(partner_workspace, report)
    again = load(partner_workspace, [sample], policy)
    assert account(partner_workspace, again) == records
    assert (again.added, again.rejected) == (0, report.rejected)


@pytest.mark.parametrize("seed", sampled(range(40), 2))
def test_a_messy_file_is_accounted_for(
    partner_workspace: Workspace, policy: Policy, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)  # noqa: S311 - no secrets here
    rows = []
    for number in range(draw.randrange(1, 120)):
        values = {
            name: draw.choice(known) if draw.random() < 0.25 else known[0]
            for name, known in MESSY.items()
        }
        values["id"] = f"L{number if draw.random() < 0.9 else draw.randrange(20)}"
        cells = [values[name].replace('"', '""') for name in LINES.split(",")]
        rows.append(",".join(f'"{cell}"' for cell in cells))
        if draw.random() < 0.03:
            rows.append(draw.choice(rows))
    file = tmp_path / "shipments.csv"
    file.write_text("\n".join([LINES, *rows]) + "\n", "utf-8")
    report = load(partner_workspace, [file], policy)
    assert account(partner_workspace, report) == len(rows)
    stored = partner_workspace.connection.execute(
        "SELECT count(*) FROM shipments WHERE _load = $load", {"load": report.load}
    ).fetchall()
    assert stored == [(report.added + report.corrected,)]
    again = load(partner_workspace, [file], policy)
    assert account(partner_workspace, again) == len(rows)
    assert again.added == 0
