"""The work list goes out as a spreadsheet and comes back: nobody's change is overwritten."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from tests.findings.network import Rules
from tests.runs.conftest import Office, office_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

Row = dict[str, str]


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office with two findings."""
    office = office_in(tmp_path_factory.mktemp("office"))
    office.scan()
    return office


@pytest.fixture
def office(scanned: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a copy of it, in the working directory."""
    shutil.copytree(scanned.folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    Path("graphchannel.toml").write_text('pack = "pack"\nuser = "ada"\n', "utf-8")
    return Office(tmp_path, Rules(tmp_path / "pack"))


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["worklist", *words], catch_exceptions=False)


def edited(change: Callable[[list[Row]], object], file: str = "work.csv") -> None:
    """Change rows of a CSV file as an editor does."""
    with Path(file).open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    change(rows)
    with Path(file).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def history(office: Office) -> list[tuple[str, str, str | None, str | None]]:
    with office.channel() as channel:
        found = channel.work.list().items
    events = [event for item in found for event in item.work.history]
    return [(e.who, e.what, e.value, e.reason) for e in sorted(events, key=lambda e: e.number)]


def test_a_workbook_goes_out_and_comes_back(office: Office) -> None:
    assert "2 findings" in run("export", "work.xlsx").stdout
    book = openpyxl.load_workbook("work.xlsx")
    sheet = book.active
    assert sheet is not None
    heads = [str(cell.value) for cell in sheet[1]]
    assert heads[:6] == ["Fingerprint", "Version", "State", "Closed as", "Reason", "Owner"]
    at = {head: place for place, head in enumerate(heads, 1)}
    for name, value in {"State": "assigned", "Owner": "bob", "Comment": "=1+1 is text"}.items():
        cell = sheet.cell(2, at[name], value)
        cell.data_type = "s"
    for name, value in {"State": "closed", "Closed as": "confirmed", "Reason": "Seen."}.items():
        sheet.cell(3, at[name], value)
    book.save("work.xlsx")
    done = run("import", "work.xlsx")
    assert (done.exit_code, done.stdout.split("\n")[0]) == (
        0,
        "2 rows: 2 changed, 0 unchanged, 0 refused.",
    )
    assert history(office) == [
        ("ada", "assigned", "bob", None),
        ("ada", "commented", None, "=1+1 is text"),
        ("ada", "closed", "confirmed", "Seen."),
    ]
    again = run("import", "work.xlsx")
    assert (again.exit_code, "0 changed, 2 unchanged" in again.stdout) == (0, True)
    assert len(history(office)) == 3


def fill(number: int, **cells: str) -> Callable[[list[Row]], object]:
    return lambda rows: rows[number].update(cells)


def test_a_change_meanwhile_is_a_conflict_and_nothing_is_half_applied(office: Office) -> None:
    run("export", "work.csv")
    edited(fill(0, state="assigned", owner="bob"))
    edited(fill(1, state="assigned", owner="bob"))
    with office.channel() as channel:
        other = channel.work.list().items[1].fingerprint
        channel.work.close(other, as_="confirmed", reason="Known.", by="eve")
    before = history(office)
    done = run("import", "work.csv")
    assert done.exit_code == 2
    assert "Changed meanwhile: it is closed (confirmed) since eve" in " ".join(done.stdout.split())
    assert "Nothing was changed" in done.stderr
    assert history(office) == before
    assert run("import", "work.csv", "--skip-refused", "--dry-run").exit_code == 1
    assert history(office) == before
    assert run("import", "work.csv", "--skip-refused").exit_code == 1
    assert history(office) == [*before, ("ada", "assigned", "bob", None)]


def test_what_became_so_meanwhile_is_no_conflict(office: Office) -> None:
    run("export", "work.csv")
    edited(fill(0, state="assigned", owner="bob"))
    with office.channel() as channel:
        channel.work.assign(channel.work.list().items[0].fingerprint, to="bob", by="eve")
        channel.work.comment(channel.work.list().items[1].fingerprint, text="x", by="eve")
    edited(fill(1, state="assigned", owner="bob"))  # a comment is no conflict
    assert run("import", "work.csv").exit_code == 0
    assert history(office)[-1] == ("ada", "assigned", "bob", None)
    assert len(history(office)) == 3


CELLS: list[tuple[dict[str, str], str]] = [
    ({"state": "asigned", "owner": "b"}, "state is 'asigned'; expected one of open, assigned"),
    ({"state": "closed", "closed_as": "done", "reason": "x"}, "closed_as is 'done'; expected"),
    ({"state": "closed", "closed_as": "confirmed"}, "To close a finding, fill in closed_as and"),
    ({"closed_as": "confirmed", "reason": "x"}, "closed_as is for findings whose state is"),
    ({"state": "assigned"}, "To assign a finding, fill in owner."),
    ({"state": "reopened", "reason": "x"}, "The finding is not closed"),
    ({"version": "7", "owner": "b"}, "The version '7' is none of this finding"),
    ({"version": "", "owner": "b"}, "The version '' is none of this finding"),
    ({"fingerprint": "0" * 64}, f"has the fingerprint '{'0' * 64}'"),
    ({"fingerprint": ""}, "has the fingerprint ''"),
    ({"new_due": "7/8/2015"}, "new_due is '7/8/2015'; expected a day such as 2015-07-31."),
    ({"owner": "x" * 10_001}, "at most 10,000 are kept"),
]


def test_each_row_that_does_not_fit_says_why(office: Office) -> None:
    run("export", "work.csv")
    good = Path("work.csv").read_bytes()
    for cells, said in CELLS:
        Path("work.csv").write_bytes(good)
        edited(fill(0, **cells))
        done = run("import", "work.csv", "--format", "csv")
        assert (done.exit_code, said in done.stdout) == (2, True), (cells, done.output)
    Path("work.csv").write_bytes(good)
    edited(lambda rows: rows.append(rows[0]))
    assert "The finding is in row 1 already." in run("import", "work.csv", "--format", "csv").stdout
    assert history(office) == []


def test_a_closed_finding_is_reopened_and_reassigned_in_the_sheet(office: Office) -> None:
    with office.channel() as channel:
        first = channel.work.list().items[0].fingerprint
        channel.work.close(first, as_="confirmed", reason="Known.", by="eve")
    run("export", "work.csv", "--state", "closed")
    edited(fill(0, owner="bob"))
    assert "put 'reopened' into state" in run("import", "work.csv", "--format", "csv").stdout
    edited(fill(0, state="reopened", closed_as="", reason="Not all.", new_due="31.7.2015"))
    assert run("import", "work.csv").exit_code == 0
    assert [event[1:3] for event in history(office)[1:]] == [
        ("reopened", None), ("assigned", "bob"), ("due", "2015-07-31")
    ]  # fmt: skip


def test_hostile_cells_are_text_both_ways(office: Office) -> None:
    owner = "=HYPERLINK(1)"
    with office.channel() as channel:
        channel.work.assign(channel.work.list().items[0].fingerprint, to=owner, by="e\x1bve")
    run("export", "work.csv")
    assert f",'{owner}," in Path("work.csv").read_text("utf-8")
    done = run("import", "work.csv")
    assert (done.exit_code, "0 changed, 2 unchanged" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("x.csv", "a,b\n1,2\n", "no sheet has the columns closed_as, fingerprint, owner"),
        ("x.pdf", "%PDF", "does not read files named like this"),
    ],
)
@pytest.mark.usefixtures("office")
def test_another_file_is_refused(name: str, text: str, said: str) -> None:
    Path(name).write_text(text, "utf-8")
    done: Any = run("import", name)
    assert (done.exit_code, said in done.stderr) == (2, True), done.output
    assert run("export", "work.txt").exit_code == 2
