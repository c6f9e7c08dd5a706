"""What tasks say of files comes back as it was; what they did not say is refused."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphchannel.errors import InputError
from graphchannel.ingest.load_history import LoadedFile
from graphchannel.ingest.staged import LineTerms, SourceReject, Staged
from graphchannel.ingest.values import Forms
from graphchannel.spark.line_rows import LineSource, ReadFile
from graphchannel.spark.read_file_codec import decoded, encoded, said_of_files

if TYPE_CHECKING:
    from pathlib import Path

ODD = 'it\'s "so"\r\n\t\\ \0 \x1a \u2028 𐍈 🧾 é \ud800 {} [] null'
PLAIN = Staged("lines.csv", "shipments", "", "", ("id",), 0)
FULL = Staged(
    f"{ODD}.xlsx [{ODD}]",
    "serials",
    "",
    "",
    ("shipment_id", "serial", ODD),
    2**53 + 1,
    (SourceReject(3, ODD, ODD), SourceReject(2**40, "", "2015-06-31", "ragged", ODD)),
    loader=ODD,
    because=ODD,
    warnings=("", ODD),
    forms=Forms(",", "'", "dmy", ("n/a", ODD), words=False, beside=("€",), drop_times=True),
    names={ODD: ODD, "": "2015-01-10"},
    confirmed=True,
    by_row=True,
    terms=LineTerms(0, ODD),
    lacks=ODD,
)


@pytest.mark.parametrize(
    "file",
    [
        ReadFile(0),
        ReadFile(7, refused=ODD, brief=""),
        ReadFile(1, LoadedFile(ODD, 2**41, "ab" * 32), (LineSource(100_000, PLAIN, ()),)),
        ReadFile(1, None, (LineSource(1, FULL, (ODD, "")), LineSource(2, PLAIN, ("None",)))),
    ],
)
def test_what_is_said_comes_back(file: ReadFile) -> None:
    assert decoded(encoded(file), "read") == file
    assert encoded(file).isascii()
    assert encoded(file).isprintable()


def test_relations_of_a_task_stay_with_it() -> None:
    made = replace(PLAIN, source="s", rows="(FROM r)", problems="p", raw="(FROM c)")
    came = decoded(encoded(ReadFile(0, None, (LineSource(0, made, ()),))), "read")
    assert came.sources[0].staged == PLAIN


def test_what_is_of_no_known_kind_is_not_handed_on(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="is not handed on"):
        encoded(ReadFile(0, refused=tmp_path))  # type: ignore[arg-type]  # what is tested


GOOD: dict[str, Any] = json.loads(encoded(ReadFile(0, None, (LineSource(5, PLAIN, ("a",)),))))
SOURCE: dict[str, Any] = GOOD["sources"][0]
STAGED: dict[str, Any] = SOURCE["staged"]


def of(**members: object) -> dict[str, Any]:
    return {**GOOD, "sources": [{**SOURCE, "staged": {**STAGED, **members}}]}


@pytest.mark.parametrize(
    "odd",
    [
        None,
        [],
        "text",
        {},
        {**GOOD, "more": 1},
        {name: held for name, held in GOOD.items() if name != "brief"},
        {**GOOD, "number": True},
        {**GOOD, "number": "0"},
        {**GOOD, "number": 0.0},
        {**GOOD, "sources": {}},
        {**GOOD, "sources": [None]},
        {**GOOD, "content": {"file": "a", "bytes": None, "sha256": ""}},
        of(rows="(SELECT * FROM read_text('/etc/passwd'))"),
        of(table="x' OR true"),
        of(table="partners"),
        of(columns="id"),
        of(columns=[["id"]]),
        of(names={"id": 1}),
        of(loader=7),
        of(forms=None),
    ],
)
def test_another_shape_is_refused(odd: object) -> None:
    with pytest.raises(InputError, match=r"^read/part-1\.parquet: this is not what a task"):
        decoded(json.dumps(odd), "read/part-1.parquet")


@pytest.mark.parametrize(
    "text", ["", "{", "[" * 200_000, b"{}", 5], ids=["empty", "open", "deep", "bytes", "number"]
)
def test_what_is_no_json_is_refused(text: object) -> None:
    with pytest.raises(InputError, match=r"^read/part-1\.parquet: "):
        decoded(text, "read/part-1.parquet")


class Planted:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"open({str(self.file)!r}, 'w').close()",)


@pytest.mark.parametrize("name", ["part-0.parquet", "part-2.parquet"])  # before ours, and after
def test_code_in_the_folder_of_a_load_does_not_run(tmp_path: Path, name: str) -> None:
    ran, folder = tmp_path / "ran", tmp_path / "read"
    folder.mkdir()
    pq.write_table(pa.table({"_about": [encoded(ReadFile(0)), None]}), folder / "part-1.parquet")
    planted = pickle.dumps(Planted(ran))
    with duckdb.connect() as connection:
        assert said_of_files(connection, folder, 1) == [ReadFile(0)]
        pq.write_table(pa.table({"_about": pa.array([planted], pa.binary())}), folder / name)
        with pytest.raises(InputError, match="read"):
            said_of_files(connection, folder, 2)
    assert not ran.exists()


def test_each_file_is_spoken_of_once(tmp_path: Path) -> None:
    said = [encoded(ReadFile(number)) for number in (1, 0, 1)]
    pq.write_table(pa.table({"_about": said}), tmp_path / "part.parquet")
    with duckdb.connect() as connection:
        for count in (1, 2, 3):
            with pytest.raises(InputError, match=f"of 3 files there, not once of each of {count}"):
                said_of_files(connection, tmp_path, count)
