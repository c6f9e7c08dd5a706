"""Which files of a folder are there whole: partial ones, renamed ones, those in folders below."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from graphchannel.ingest.inbox import Inbox, stamp_of

if TYPE_CHECKING:
    from pathlib import Path


def names(inbox: Inbox, moment: float) -> list[str]:
    return [str(file.relative_to(inbox.folder)) for file in inbox.settled(moment)]


def test_a_file_counts_once_it_stays_as_it_is(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, 3)
    file = tmp_path / "a.csv"
    file.write_text("id\n1\n")
    assert names(inbox, 0) == []
    assert names(inbox, 2.9) == []
    with file.open("a") as stream:
        stream.write("2\n")
    assert names(inbox, 4) == []
    assert inbox.unsettled() == [file]
    assert names(inbox, 7) == ["a.csv"]
    inbox.done(file, stamp_of(file))
    assert names(inbox, 8) == []
    assert inbox.unsettled() == []
    file.write_text("id\n3\n4\n")
    assert names(inbox, 9) == []
    assert names(inbox, 12) == ["a.csv"]


def test_what_is_written_again_with_its_old_size_is_another(tmp_path: Path) -> None:
    inbox = Inbox(tmp_path, 1)
    file, beside = tmp_path / "a.csv", tmp_path / ".a.csv.k2"
    file.write_text("1")
    beside.write_text("2")
    names(inbox, 0)
    times = file.stat()
    os.utime(beside, ns=(times.st_atime_ns, times.st_mtime_ns))
    beside.replace(file)
    assert names(inbox, 1) == []
    assert names(inbox, 2) == ["a.csv"]


def test_names_that_programs_give_meanwhile_are_left_alone(tmp_path: Path) -> None:
    litter = (
        ".a.csv.x7Qz", "~$b.xlsx", "c.csv.part", "d.csv.crdownload", "e.csv.filepart", "f.csv~",
        "g.csv.PARTIAL", "Thumbs.db", ".~lock.h.ods#", "graphchannel.toml",
    )  # fmt: skip
    for name in litter:
        (tmp_path / name).write_text("x")
    below = tmp_path / "2015" / "june"
    below.mkdir(parents=True)
    (below / "z.csv").write_text("x")
    (tmp_path / ".sync").mkdir()
    (tmp_path / ".sync" / "y.csv").write_text("x")
    (tmp_path / "empty.csv").touch()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere")
    inbox = Inbox(tmp_path, 1)
    assert names(inbox, 0) == []
    assert names(inbox, 1) == ["2015/june/z.csv"]
    assert inbox.unsettled() == [tmp_path / "empty.csv"]
    (tmp_path / "c.csv.part").rename(tmp_path / "c.csv")
    assert names(inbox, 2) == ["2015/june/z.csv"]
    assert names(inbox, 3) == ["2015/june/z.csv", "c.csv"]


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Inbox(tmp_path / "none", 1).settled(0)
