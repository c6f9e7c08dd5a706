"""Files are written whole or not at all: errors, full disks and kills leave what was there."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graphchannel.files import filling, private, replacing, write_whole
from tests.full_disk import no_room

KILLS = int(os.environ.get("GRAPHCHANNEL_KILLS", "4"))
WRITER = """
import sys
from pathlib import Path
from graphchannel.files import filling, replacing

place = Path(sys.argv[1])
print("ready", flush=True)
for turn in range(1_000_000):
    with replacing(place / "one.txt") as stream:
        for _ in range(50):
            stream.write(str(turn % 10) * 10_000)
    with filling(place / "many", last="key") as made:
        for name in ("a", "b", "key"):
            (made / name).write_text(str(turn), "utf-8")
"""


def write_all(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / name).write_text(text)


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError), replacing(file) as stream:
        stream.writelines(["new", "half \ud800"])
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("binary", [False, True])
def test_a_full_disk_leaves_what_was_there_and_names_the_file(
    tmp_path: Path, *, binary: bool
) -> None:
    file = tmp_path / "report"
    file.write_text("old")
    with (
        no_room(1000),
        pytest.raises(OSError, match="large") as caught,
        replacing(file, binary=binary) as stream,
    ):
        stream.write(b"x" * 5000 if binary else "x" * 5000)
    assert caught.value.filename == str(file)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_none_is_named_as_it_was_given(tmp_path: Path) -> None:
    for file in (tmp_path / "none" / "report.csv", Path("/proc/report.csv")):
        with pytest.raises(OSError, match="No such file") as caught:
            write_whole(file, "x")
        assert caught.value.filename == str(file)


def test_a_link_stays_one_and_modes_are_kept(tmp_path: Path) -> None:
    file, link = tmp_path / "real", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, "new")
    assert link.is_symlink()
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o640)


def test_files_of_a_folder_come_together(tmp_path: Path) -> None:
    folder = tmp_path / "import"
    folder.mkdir()
    for name in ("a", "key", "mine"):
        (folder / name).write_text("old")
    with no_room(1000), pytest.raises(OSError, match="large"), filling(folder, "key") as made:
        write_all(made, key="new", a="x" * 5000)
    assert {file.name: file.read_text() for file in folder.iterdir()} == dict.fromkeys(
        ("a", "key", "mine"), "old"
    )
    with filling(folder, "key") as made:
        write_all(made, key="new", b="new")
    assert {file.name for file in folder.iterdir()} == {"a", "b", "key", "mine"}


def test_a_kill_leaves_whole_files(tmp_path: Path) -> None:
    draw = random.Random(5)  # noqa: S311 - moments, not secrets
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(draw.uniform(0.005, 0.1))
            process.kill()
        file, many = tmp_path / "one.txt", tmp_path / "many"
        if file.exists():
            assert len(file.read_bytes()) == 500_000
        if (many / "key").exists():
            held = {(many / name).read_text() for name in ("a", "b", "key")}
            assert len(held) == 1


def test_what_others_may_write_to_is_not_private(tmp_path: Path) -> None:
    file = tmp_path / "cache"
    file.write_text("x")
    file.chmod(0o600)
    assert private(file)
    file.chmod(0o620)
    assert not private(file)
    file.chmod(0o600)
    assert not private(tmp_path / "none")
