from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import duckdb
import pytest

from graphchannel.errors import InputError
from graphchannel.ingest.readers import ReadOptions, find_files, stage
from graphchannel.ingest.readers.content import content_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = ("b.csv", "a.csv.gz", "c.XLSX", "notes.docx", "~$c.xlsx", ".hidden.csv", "README.md")
    for name in names:
        (tmp_path / name).touch()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "d.csv").touch()
    return tmp_path


def test_a_folder_gives_its_sources_by_name(folder: Path) -> None:
    assert [path.name for path in find_files([folder]).files] == ["a.csv.gz", "b.csv", "c.XLSX"]


def test_paths_keep_their_order_and_count_once(folder: Path) -> None:
    paths: list[str | Path] = [folder / "b.csv", str(folder / "*.csv*"), folder]
    assert [path.name for path in find_files(paths).files] == ["b.csv", "a.csv.gz", "c.XLSX"]


def test_a_glob_reaches_below(folder: Path) -> None:
    assert find_files([str(folder / "**" / "d.*")]).files == (folder / "below" / "d.csv",)


def test_a_name_with_glob_characters_is_a_name(folder: Path) -> None:
    file = folder / "b [1].csv"
    file.touch()
    assert find_files([file]).files == (file,)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("none.csv", "there is no such file or folder"),
        ("*.parquet", "matches no file"),
        ("*.md", r"matches nothing that graphchannel reads \(1 other paths\)"),
        ("notes.docx", "does not read files named like this; it reads .csv, "),
        ("below/empty", "holds no file that graphchannel reads"),
    ],
)
def test_what_gives_nothing_is_said(folder: Path, path: str, message: str) -> None:
    (folder / "below" / "empty").mkdir()
    with pytest.raises(InputError, match=message):
        find_files([folder / path])


def test_what_a_folder_holds_besides_is_said(folder: Path) -> None:
    for name in ("july.txt", "Thumbs.db", "._b.csv", "channel.duckdb", "graphchannel.toml"):
        (folder / name).touch()
    os.mkfifo(folder / "pipe.csv")
    [said] = find_files([folder]).passed_over
    assert said == (
        f"{folder}: not read: below/, july.txt, notes.docx, pipe.csv. "
        "Name a file or folder outright to read it."
    )


@pytest.mark.parametrize(
    ("copy", "real"),
    [
        ("partners_backup.csv", "partners.csv"),
        ("Copy of partners.csv", "partners.xlsx"),
        ("partners (1).csv", "partners.csv"),
        ("partners_2014_old.csv", "partners_2014-12.csv"),
        ("pos june - Kopie.csv", "pos-june.csv"),
    ],
)
def test_a_copy_beside_the_real_one_is_left(tmp_path: Path, copy: str, real: str) -> None:
    for name in (copy, real, "regions old.csv", "products (2).csv"):
        (tmp_path / name).touch()
    for paths in ([tmp_path], [str(tmp_path / "*.*")], sorted(tmp_path.iterdir())):
        found = find_files(paths)
        assert {file.name for file in found.files} == {real, "regions old.csv", "products (2).csv"}
        assert "its name says that it is a copy of" in found.passed_over[-1]
    assert find_files([tmp_path / copy]).files == (tmp_path / copy,)


def test_devices_and_pipes_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", Path("/dev/null")):
        with pytest.raises(InputError, match="is a device or a pipe and no file"):
            find_files([path])


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    name = os.fsdecode(b"partners-\xff.csv")
    try:
        (tmp_path / name).touch()
    except OSError:
        pytest.skip("this file system takes no such names")
    for path in (tmp_path, tmp_path / name):
        with pytest.raises(InputError, match=r"partners-\\xff.csv: the name is not UTF-8 text"):
            find_files([path])


def _zipped(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["pos.csv", "pos.xls", "pos.xlsx", "pos.txt", "pos.jsonl"])
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\r\n <!DOCTYPE html><html><table><tr><td>id</td></tr></table>", "an HTML page"),
        (b"\xef\xbb\xbf<HTML xmlns:x='x'><head>", "an HTML page"),
        ("<html>".encode("utf-16"), "an HTML page"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "an XML spreadsheet of 2003",
        ),
        (b"<?xml version='1.0'?><report/>", "an XML document"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"SQLite format 3\0" + b"\0" * 100, "an SQLite database"),
        (_zipped("june.csv"), "an archive"),
        (_zipped("xl/workbook.bin"), r"a binary workbook \(XLSB\)"),
        (b"7z\xbc\xaf\x27\x1c", "an archive"),
        (b"ISA*00*          *00*          *ZZ*A~GS*PT~ST*867*0001~", r"an EDI message \(X12 867\)"),
        (b"UNB+UNOA:2+A+B'UNH+1+SLSRPT:D:97A:UN'", r"an EDI message \(EDIFACT SLSRPT\)"),
        (b'{"@context": [], "type": "EPCISDocument"}', "an EPCIS document"),
    ],
)
def test_what_a_file_really_is(tmp_path: Path, name: str, content: bytes, what: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{name}: the file is {what}"):
        content_of(tmp_path / name)


@pytest.mark.parametrize("name", ["pos.xlsb", "POS.XLSB", "pos.xlsx", "pos.xls", "pos.ods"])
def test_a_binary_workbook_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        for part in ("[Content_Types].xml", "xl/workbook.bin", "xl/worksheets/sheet1.bin"):
            archive.writestr(part, b"\x83\x01\0")
    said = (
        f"{path}: the file is a binary workbook (XLSB), which graphchannel does not read; save it "
        "as XLSX."
    )
    with duckdb.connect() as connection, pytest.raises(InputError) as refused:
        stage(connection, path, ReadOptions())
    assert str(refused.value) == said


def test_a_file_of_another_kind_is_said_before_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "pos.edi").write_bytes(b"UNA:+.? 'UNB+UNOA:2+A+B'UNH+1+SLSRPT:D:97A:UN'")
    with pytest.raises(InputError, match="an EDI message"):
        find_files([tmp_path / "pos.edi"])
    (tmp_path / "pos.bin").write_bytes(bytes(range(256)))
    with pytest.raises(InputError, match="neither text nor of any format"):
        find_files([tmp_path / "pos.bin"])
