from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphchannel.errors import InputError
from graphchannel.ingest.readers import expand

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = ("b.csv", "a.csv.gz", "c.XLSX", "truth.json", "~$c.xlsx", ".hidden.csv", "README.md")
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "d.csv").touch()
    return tmp_path


def test_a_folder_gives_its_sources_by_name(folder: Path) -> None:
    assert [path.name for path in expand([folder])] == ["a.csv.gz", "b.csv", "c.XLSX"]


def test_paths_keep_their_order_and_count_once(folder: Path) -> None:
    paths: list[str | Path] = [folder / "b.csv", str(folder / "*.csv*"), folder]
    assert [path.name for path in expand(paths)] == ["b.csv", "a.csv.gz", "c.XLSX"]


def test_a_glob_reaches_below(folder: Path) -> None:
    assert expand([str(folder / "**" / "d.*")]) == [folder / "below" / "d.csv"]


def test_a_name_with_glob_characters_is_a_name(folder: Path) -> None:
    file = folder / "b [1].csv"
    file.touch()
    assert expand([file]) == [file]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none.csv", "there is no such file or folder"),
        ("*.parquet", "matches no file"),
        ("*.md", r"matches nothing that graphchannel reads \(1 other paths\)"),
        ("truth.json", "does not read files named like this; it reads .csv, "),
        ("below/empty", "holds no file that graphchannel reads"),
    ],
)
def test_what_gives_nothing_is_said(folder: Path, path: str, message: str) -> None:
    (folder / "below" / "empty").mkdir()
    with pytest.raises(InputError, match=message):
        expand([folder / path])
