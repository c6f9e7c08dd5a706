"""Files that are dropped into a folder: each loaded once, refused ones told of once, one scan."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from graphchannel import Channel

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from tests.cli.conftest import Desk

HEAD = "id,shipped_on,seller_id,buyer_id,product_id,quantity\n"
ONCE = ("watch", "inbox", "--once", "--settle", "0.05", "--pack", "pack", "--summary")


@pytest.fixture
def inbox(desk: Desk) -> Path:
    """Return a folder with nothing in it, of a workspace that was scanned."""
    folder = desk.folder / "inbox"
    folder.mkdir()
    desk.scan("--as-of", "2015-02-10")
    return folder


def watched(desk: Desk, *options: str) -> Result:
    return desk.run(*ONCE, *options)


def lines(folder: Path, name: str, *ids: str) -> None:
    rows = [f"{id_},2015-02-11,A,B,X,1\n" for id_ in ids]
    (folder / name).write_text(HEAD + "".join(rows), "utf-8")


def kinds(desk: Desk) -> list[str]:
    return [one["kind"] for one in json.loads(desk.run("loads", "--format", "json").stdout)]


def test_each_file_once_then_one_scan(desk: Desk, inbox: Path) -> None:
    (inbox / "2015").mkdir()
    lines(inbox, "shipments.csv", "N1", "N2")
    lines(inbox / "2015", "shipments.csv", "N3")
    run = watched(desk, "--output", "found.json")
    assert run.exit_code == 1, run.output
    assert run.stdout.startswith("As of 2015-02-11: 2 findings (2 medium)")
    assert "Load 2: shipments.csv: 2 records of shipments, 2 added." in run.stderr
    assert json.loads((desk.folder / "found.json").read_text())["findings"][0]["lines"] == 5
    again = watched(desk)
    assert (again.exit_code, again.stdout) == (0, "")
    assert again.stderr == "Nothing new in inbox.\n"
    (inbox / "shipments.csv").rename(inbox / "other.csv")  # what it holds has been loaded
    assert watched(desk).stderr == "Nothing new in inbox.\n"
    assert kinds(desk) == ["load", "load"]
    assert len(json.loads(desk.run("runs", "--format", "json").stdout)) == 2


def test_a_load_that_was_taken_back_stays_so(desk: Desk, inbox: Path) -> None:
    lines(inbox, "shipments.csv", "N1")
    assert watched(desk).exit_code == 1
    assert desk.run("unload", "2").exit_code == 0
    after = watched(desk)
    assert after.stdout.startswith("As of 2015-02-10:")  # other rows, so it is scanned
    assert kinds(desk) == ["load", "unloaded", "unload"]


def test_what_is_wrong_is_told_once_and_keeps_nobody_out(desk: Desk, inbox: Path) -> None:
    lines(inbox, "shipments.csv", "N1")
    (inbox / "broken.csv").write_text("this,is\nnot,known\n")
    (inbox / "note.pdf").write_text("%PDF-")
    lines(inbox, "shipments (2).csv", "N9")
    (inbox / "empty.csv").touch()
    run = watched(desk)
    assert run.exit_code == 2
    assert "1 added" in run.stderr
    said = run.stderr.splitlines()
    for name in ("broken.csv", "note.pdf", "shipments (2).csv"):
        (sentence,) = [line for line in said if line.startswith(f"inbox/{name}:")]
        assert sentence.endswith("nor tried again: load it by hand, or use --retry.")
    assert "inbox/empty.csv: it is empty, or still being written" in run.stderr
    assert kinds(desk) == ["load", "refused", "refused", "refused", "load"]
    again = watched(desk)
    assert again.exit_code == 0
    assert "broken" not in again.stderr
    (inbox / "broken.csv").write_text("this,is\nnot,known\neither,\n")
    assert watched(desk).exit_code == 2
    tried = watched(desk, "--retry")
    assert tried.stderr.count("It is not loaded") == 3


def test_rejected_rows_are_a_finding_of_their_own(desk: Desk, inbox: Path) -> None:
    rows = "N1,2015-02-11,A,nobody,X,1\nN2,2015-02-11,A,B,X,1\n"
    (inbox / "shipments.csv").write_text(f"{HEAD}{rows}")
    run = watched(desk, "--fail-on", "critical")
    assert run.exit_code == 1
    assert "1 row rejected" in run.stderr
    assert watched(desk, "--fail-on", "critical").exit_code == 0


def test_an_encoding_is_for_files_that_may_yet_come(desk: Desk, inbox: Path) -> None:
    lines(inbox, "shipments.csv", "N1")
    assert watched(desk, "--encoding", "march*.csv=cp1252").exit_code == 1
    assert kinds(desk) == ["load", "load"]


def test_what_was_interrupted_is_scanned_next_time(desk: Desk, inbox: Path) -> None:
    lines(inbox, "shipments.csv", "N1")
    assert desk.run("load", "inbox/shipments.csv", "--pack", "pack").exit_code == 0
    run = watched(desk)  # a kill between load and scan
    assert run.exit_code == 1
    assert run.stdout.startswith("As of 2015-02-11:")
    assert watched(desk).stdout == ""


def test_one_watch_at_a_time(desk: Desk, inbox: Path) -> None:
    lines(inbox, "shipments.csv", "N1")
    with Channel.open(desk.folder / "channel.duckdb") as channel, channel.watching():
        refused = watched(desk)
    assert refused.exit_code == 2
    assert f"process {os.getpid()} watches a folder for this workspace already" in refused.stderr
    assert watched(desk).exit_code == 1


def test_misspelt_options_end_it_at_once(desk: Desk, inbox: Path) -> None:
    run = watched(desk, "--rule", "nothing/*")
    assert run.exit_code == 2
    assert "nothing/*" in run.stderr
    assert list(inbox.iterdir()) == []


def test_while_it_runs_files_come_and_sigterm_ends_it(desk: Desk, inbox: Path) -> None:
    words = ["watch", "inbox", "--every", "0.1", "--settle", "0.1", "--pack", "pack", "--summary"]
    errors = desk.folder / "errors.txt"
    with (
        errors.open("w") as stream,
        subprocess.Popen(
            [sys.executable, "-m", "graphchannel", *words],
            cwd=desk.folder,
            stdout=subprocess.PIPE,
            stderr=stream,
            text=True,
        ) as process,
    ):
        _wait_for(errors, "Watching inbox.")
        lines(inbox, ".shipments.csv.upload", "N1")
        (inbox / ".shipments.csv.upload").rename(inbox / "shipments.csv")
        assert process.stdout is not None
        assert process.stdout.readline().startswith("As of 2015-02-11: 2 findings")
        (inbox / "wrong.csv").write_text("a,b\n1,2\n")
        _wait_for(errors, "wrong.csv: no table has this name")
        status = desk.run("status")  # others may ask meanwhile
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=60)
    assert (process.returncode, rest) == (0, "")
    assert status.exit_code == 0
    assert errors.read_text().endswith("Stopped.\n")
    assert "Traceback" not in errors.read_text()


def _wait_for(file: Path, text: str) -> None:
    until = time.monotonic() + 120
    while text not in file.read_text():
        assert time.monotonic() < until, file.read_text()
        time.sleep(0.05)
