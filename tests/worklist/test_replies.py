"""A reply sheet that came back is read into the work list; what its pack did not ask is refused."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from tests.findings.network import Rules
from tests.runs.conftest import Office, office_in
from tests.worklist.test_sheet import edited, fill

if TYPE_CHECKING:
    from graphchannel.ingest import LoadReport

REPLY = "given/reply.csv"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Return an office that gave packs to A and B."""
    office = office_in(tmp_path_factory.mktemp("office"))
    office.scan()
    path = ("-w", str(office.path), "--pack", str(office.folder / "pack"))
    for partner, folder in (("A", "given"), ("B", "other")):
        words = ["report", "--partner", partner, "--out", str(office.folder / folder), *path]
        assert CliRunner().invoke(main, words, catch_exceptions=False).exit_code == 0
    return office


@pytest.fixture
def office(made: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Return a copy of it, in the working directory."""
    shutil.copytree(made.folder, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Office(tmp_path, Rules(tmp_path / "pack"))


def load(office: Office, *files: str) -> LoadReport:
    with office.channel() as channel:
        return channel.load(*files)


def outcomes(report: LoadReport) -> Counter[str]:
    return Counter(row.outcome for sheet in report.replies for row in sheet.rows)


def answers(office: Office) -> list[tuple[str, str | None, str | None, str | None]]:
    with office.channel() as channel:
        found = [event for item in channel.work.list().items for event in item.work.history]
    return [(e.who, e.line, e.value, e.reason) for e in found]


def test_answers_come_back_by_finding_and_line(office: Office) -> None:
    edited(fill(0, answer="Accept"), REPLY)
    edited(fill(1, answer="dispute", comment="=never ours"), REPLY)
    report = load(office, REPLY)
    assert (report.load, outcomes(report)) == (0, {"answered": 2})
    assert answers(office) == [("A", "L1", "accept", None), ("A", "L2", "dispute", "=never ours")]
    assert outcomes(load(office, REPLY)) == {"known": 2}
    edited(fill(0, answer="explain", comment="A pilot."), REPLY)
    assert outcomes(load(office, REPLY)) == {"answered": 1, "known": 1}
    with office.channel() as channel:
        (item,) = (one for one in channel.work.list().items if one.subject == "A")
    assert len(item.work.history) == 3
    shown = CliRunner().invoke(main, ["worklist", "show", item.fingerprint[:8]])
    assert "partner: 1 dispute, 1 explain" in shown.stdout


def test_a_sheet_that_is_dropped_is_answered_once(office: Office) -> None:
    edited(fill(0, answer="accept"), REPLY)
    edited(fill(1, answer="perhaps"), REPLY)
    Path("inbox").mkdir()
    shutil.copy(REPLY, "inbox/from-a.csv")
    Path("inbox/notes.csv").write_text("a,b\n1,2\n", "utf-8")
    watched = ["watch", "inbox", "--once", "--settle", "0.1", "--pack", "pack", "--allow-empty"]
    first = CliRunner().invoke(main, watched, catch_exceptions=False)
    assert "from-a.csv: 2 answers of a partner: 1 answered, 1 refused." in first.stderr
    assert "from-a.csv: row 2: " in first.stderr
    assert "notes.csv: no table has this name" in first.stderr
    assert answers(office) == [("A", "L1", "accept", None)]
    again = CliRunner().invoke(main, watched, catch_exceptions=False)
    assert again.exit_code == 0
    assert "from-a.csv" not in again.stderr
    assert answers(office) == [("A", "L1", "accept", None)]
    listed = CliRunner().invoke(main, ["loads"], catch_exceptions=False).stdout
    assert "reply" in listed


def test_a_workbook_and_other_files_are_loaded_at_once(office: Office) -> None:
    book = openpyxl.load_workbook("given/reply.xlsx")
    sheet = book.active
    assert sheet is not None
    heads = [str(cell.value) for cell in sheet[1]]
    sheet.cell(2, heads.index("Answer") + 1, "accept")
    Path("in").mkdir()
    book.save("in/came back.xlsx")
    Path("in/products.csv").write_text("id,name\nZ,Cable\n", "utf-8")
    report = load(office, "in")
    assert (report.added, outcomes(report)) == (1, {"answered": 1, "unanswered": 1})
    assert not report.passed_over


TAMPERED = [
    ({"finding": "{other}"}, "has no finding"),
    ({"pack": "{otherpack}", "finding": "{other}"}, "has no line 'L1' in this pack"),
    ({"line": "L3"}, "has no line 'L3' in this pack"),
    ({"line": ""}, "has lines, and the row names none"),
    ({"pack": "ffff"}, "No pack 'ffff' was made from this workspace."),
    ({"answer": "acept"}, "Did you mean 'accept'"),
    ({"answer": "", "comment": "x"}, "answer is ''"),
    ({"answer": "explain"}, "To explain, fill in comment."),
    ({"comment": "x" * 10_001}, "at most 10,000"),
]


def test_a_row_that_was_tampered_with_is_refused_alone(office: Office) -> None:
    with Path("other/reply.csv").open(encoding="utf-8") as stream:
        pack, other, *_ = stream.read().splitlines()[1].split(",")
    good = Path(REPLY).read_bytes()
    for number, (cells, said) in enumerate(TAMPERED):
        Path(REPLY).write_bytes(good)
        edited(fill(1, answer="accept", comment=f"{number}"), REPLY)
        given = {"answer": "accept"} | cells
        edited(
            fill(0, **{k: v.format(other=other, otherpack=pack) for k, v in given.items()}), REPLY
        )
        report = load(office, REPLY)
        assert outcomes(report) == {"refused": 1, "answered": 1}, (cells, report)
        assert said in report.replies[0].rows[0].said, report.replies
    assert {line for _, line, _, _ in answers(office)} == {"L2"}
    Path(REPLY).write_bytes(good)
    edited(lambda rows: rows.append(rows[0]), REPLY)
    edited(fill(0, answer="accept"), REPLY)
    edited(fill(2, answer="dispute"), REPLY)
    report = load(office, REPLY)
    assert report.replies[0].rows[2].said == "Row 1 answers the same line."


def test_the_command_accounts_for_each_row(office: Office) -> None:
    edited(fill(0, answer="accept", line="L3"), REPLY)
    words = ["load", REPLY, "-w", str(office.path), "--pack", "pack"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 1, done.output
    assert "2 rows of reply sheets: 1 refused, 1 unanswered." in done.stdout
    assert "load 0" not in done.stdout
    edited(fill(1, answer="accept", line="L3"), REPLY)
    assert CliRunner().invoke(main, words).exit_code == 2


def test_a_load_that_fails_takes_no_answers_in(office: Office) -> None:
    edited(fill(0, answer="accept"), REPLY)
    Path("strange.csv").write_text("a,b\n1,2\n", "utf-8")
    done = CliRunner().invoke(main, ["load", REPLY, "strange.csv", "--pack", "pack"])
    assert done.exit_code == 2
    assert answers(office) == []
