from __future__ import annotations

import csv
import gzip
import io
import random
import unicodedata
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphchannel.errors import InputError
from graphchannel.ingest.readers import csv_careful, csv_file
from graphchannel.ingest.readers.csv_layout import read_layout
from graphchannel.ingest.source import Reading
from tests.sampling import sampled

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest.source import Source

    from .conftest import Desk, Row

_HEADER = b"id,name,family\n"
_GOOD = [(1, "1", "2", "3"), (2, "4", "5", "6")]


def _read(desk: Desk, content: bytes, *, exactly: bool, **options: str) -> Source | None:
    layout = read_layout(desk.write("products.csv", content), Reading(**options))  # type: ignore[arg-type]  # text options only
    read = csv_careful.read_carefully if exactly else csv_file._read_fast
    return read(desk.connection, layout)


def _content(desk: Desk, source: Source) -> tuple[list[Row], list[tuple[int, str]]]:
    rows = desk.connection.execute(f"FROM {source.relation} ORDER BY _record").fetchall()
    assert source.records == len(rows) + len(source.rejects)
    return rows, [(reject.record, reject.raw) for reject in source.rejects]


# (body after the header, rows, rejects): what both readers must say, if the fast one says anything.
_CASES: dict[str, tuple[bytes, list[Row], list[tuple[int, str]]]] = {
    "blank lines": (b"\n1,2,3\n\n\n4,5,6\n\n", _GOOD, []),
    "no last line end": (b"1,2,3\n4,5,6", _GOOD, []),
    "fields left out at the end": (
        b"1,2,3\n4,5\n6\n4,5,6\n",
        [_GOOD[0], (2, "4", "5", None), (3, "6", None, None), (4, "4", "5", "6")],
        [],
    ),
    "perhaps cut": (b"1,2,3\n4,5", [_GOOD[0]], [(2, "4,5")]),
    "perhaps cut within quotes": (b'1,2,3\n4,"5"', [_GOOD[0]], [(2, '4,"5"')]),
    "Ctrl-Z at the end": (b"1,2,3\r\n4,5,6\n\x1a", _GOOD, []),
    "an empty field that may be too many": (
        b"1,2,3\n4,,5,\n4,5,6\n",
        [_GOOD[0], (3, "4", "5", "6")],
        [(2, "4,,5,")],
    ),
    "an empty field too many in each record": (
        b"1,,3,\n4,5,6,\n",
        [(1, "1", None, "3"), _GOOD[1]],
        [],
    ),
    "too many fields": (b"1,2,3,4\n4,5,6\n", [_GOOD[1]], [(1, "1,2,3,4")]),
    "two ragged of five": (
        b"1,2,3\n4,5\n6,7,8\n9,10,11,12\n13,14,15\n",
        [(1, "1", "2", "3"), (2, "4", "5", None), (3, "6", "7", "8"), (5, "13", "14", "15")],
        [(4, "9,10,11,12")],
    ),
    "all ragged": (b"1,2,3,4\n5,6,7,8\n", [], [(1, "1,2,3,4"), (2, "5,6,7,8")]),
    "ragged behind a blank line": (b"1,2,3\n\n4,5,6,7\n", [_GOOD[0]], [(2, "4,5,6,7")]),
    "ragged behind a line end in quotes": (
        b'1,"x\n\ny",3\n4,5,6,7\n7,8,9\n',
        [(1, "1", "x\n\ny", "3"), (3, "7", "8", "9")],
        [(2, "4,5,6,7")],
    ),
    "spaces alone": (b"   \n4,5,6\n", [_GOOD[1]], []),
    "empty fields too many": (b"1,2,3,\n4,5,6,,\n", _GOOD, []),
    "empty records": (b",,\n4,5,6\n, ,\n,,,,\n,\n", [_GOOD[1]], []),
    "the header again": (
        b"1,2,3\nid,name,family\n4,5,6\n ID,Name,family,\nid,name,x\n",
        [_GOOD[0], (3, "4", "5", "6"), (5, "id", "name", "x")],
        [],
    ),
    "empty text": (b'1,"",3\n', [(1, "1", None, "3")], []),
    "null words": (b"NULL,null,\\N\n", [(1, "NULL", "null", "\\N")], []),
    "doubled quotes": (b'1,"a ""b"" c",3\n', [(1, "1", 'a "b" c', "3")], []),
    "backslash before a quote": (b'1,"x\\",3\n', [(1, "1", "x\\", "3")], []),
    "lone quote": (b'1,5" disk,3\n4,5,6\n', [(1, "1", '5" disk', "3"), _GOOD[1]], []),
    "lone quotes of two records": (
        b'1,5" disk,3\n4,6" disk,6\n',
        [(1, "1", '5" disk', "3"), (2, "4", '6" disk', "6")],
        [],
    ),
    "text behind a closing quote": (b'1,"x"y,3\n4,5,6\n', [_GOOD[1]], [(1, '1,"x"y,3')]),
    "quote never closed": (
        b'1,"x,3\n4,5,6\n7,"8",9\n',
        [_GOOD[1], (3, "7", "8", "9")],
        [(1, '1,"x,3')],
    ),
    "spaces around quotes": (b'1, "x,y" ,3\n', [(1, "1", "x,y", "3")], []),
    "pairs as line ends": (b"1,2,3\r\n4,5,6\r\n", _GOOD, []),
    "mixed line ends": (b"1,2,3\r\n\n4,5,6\n", _GOOD, []),
    "lone carriage return": (b"1,x\ry,3\n4,5,6\n", [_GOOD[1]], [(1, "1,x\ry,3")]),
    "carriage return in quotes": (b'1,"x\ry",3\n', [(1, "1", "x\ry", "3")], []),
    "null byte": (b"1,x\0y,3\n", [(1, "1", "x\0y", "3")], []),
    "bad UTF-8": (b"1,\xe9,3\n4,5,6\n", [_GOOD[1]], [(1, "1,\\xE9,3")]),
    "ragged and bad UTF-8": (b"1,2,3\n4,\xe9\n", [_GOOD[0]], [(2, "4,\\xE9")]),
    "comment": (b"#1,2,3\n", [(1, "#1", "2", "3")], []),
    "longer than a line may be": (
        b"1," + b"x" * 2_500_000 + b",3\n4,5,6\n",
        [(1, "1", "x" * 2_500_000, "3"), _GOOD[1]],
        [],
    ),
}


@pytest.mark.parametrize("name", _CASES)
@pytest.mark.parametrize("exactly", [True, False], ids=["exact", "fast"])
def test_every_record_is_a_row_or_a_reject(desk: Desk, name: str, *, exactly: bool) -> None:
    body, rows, rejects = _CASES[name]
    source = _read(desk, _HEADER + body, exactly=exactly)
    if source is None:
        source = _read(desk, _HEADER + body, exactly=True)
    assert source is not None
    assert _content(desk, source) == (rows, rejects)


def test_the_fast_reader_reads_what_is_common(desk: Desk) -> None:
    left_to_the_exact_reader = {
        name
        for name, (body, *_) in _CASES.items()
        if _read(desk, _HEADER + body, exactly=False) is None
    }
    assert left_to_the_exact_reader == {
        "an empty field that may be too many",
        "an empty field too many in each record",
        "Ctrl-Z at the end",  # in a file of mixed line ends
        "empty fields too many",
        "empty records",
        "the header again",
        "lone quote",
        "lone quotes of two records",
        "text behind a closing quote",
        "quote never closed",
        "pairs as line ends",  # behind a header that ends with a line feed
        "mixed line ends",
        "lone carriage return",
        "bad UTF-8",
        "ragged and bad UTF-8",
        "longer than a line may be",
    }


def test_line_feeds_within_quotes_do_not_make_line_ends_mixed(desk: Desk) -> None:
    content = b'id,name,family\r\n1,"x\ny",3\r\n4,5,6\r\n'
    source = _read(desk, content, exactly=False)
    assert source is not None
    assert _content(desk, source) == ([(1, "1", "x\ny", "3"), _GOOD[1]], [])


@pytest.mark.parametrize("seed", sampled(range(4), 2))
def test_readers_agree_on_damaged_files(desk: Desk, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secrets here
    agreed = 0
    for _ in range(60):
        body = "".join(chance.choices('ab",\n\n\r', [6, 6, 1, 7, 4, 4, seed / 12], k=80)).encode()
        fast = _read(desk, _HEADER + body, exactly=False)
        exact = _read(desk, _HEADER + body, exactly=True)
        assert exact is not None
        if fast is not None:
            agreed += 1
            assert _content(desk, fast) == _content(desk, exact), body
            assert fast.rejects == exact.rejects
    assert agreed > 2


@pytest.mark.parametrize("ragged", [{1, 2, 77_777, 200_000, 399_999}, set()])
def test_records_keep_their_numbers_across_buffers(desk: Desk, ragged: set[int]) -> None:
    """Ragged records far apart, or none, in a file that DuckDB reads in parallel."""
    desk.connection.execute("SET threads = 4")
    lines = [b"%d,product number %d,family" % (i, i) for i in range(1, 400_001)]
    for number in ragged:
        lines[number - 1] = b"%d,too,long,by far" % number
    lines[5] = b'6,"a\nb",family'
    lines[100_000] += b"\n"
    source = _read(desk, _HEADER + b"\n".join(lines), exactly=False)
    assert source is not None
    assert source.records == 400_000
    assert [reject.record for reject in source.rejects] == sorted(ragged)
    wrong = f"SELECT count(*) FROM {source.relation} WHERE _record <> id::BIGINT"
    assert desk.connection.execute(wrong).fetchone() == (0,)


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=8)


def _is_record(row: tuple[str, ...]) -> bool:
    """Tell whether a row holds more than spaces: else it is a blank line."""
    return any(unicodedata.category(character) != "Zs" for cell in row for character in cell)


@settings(max_examples=30, deadline=None)
@given(
    rows=st.lists(st.tuples(_TEXT, _TEXT, _TEXT).filter(_is_record), max_size=6),
    delimiter=st.sampled_from(",;\t|") | st.sampled_from("^~:#'\\$.*&a0-é¬😀\x01\x1f"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    bom=st.booleans(),
)
def test_what_python_writes_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, str]],
    delimiter: str,
    line_end: str,
    quoting: int,
    *,
    bom: bool,
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]  # the stub wants a literal
    writer.writerows([("id", "name", "family"), *rows])
    path: Path = tmp_path_factory.mktemp("written") / "products.csv"
    path.write_bytes(b"\xef\xbb\xbf" * bom + text.getvalue().encode())
    layout = read_layout(path, Reading(delimiter=None if delimiter in ",;\t|" else delimiter))
    expected = [(n, *(value or None for value in row)) for n, row in enumerate(rows, start=1)]
    with duckdb.connect() as connection:
        exact = csv_careful.read_carefully(connection, layout)
        for source in (exact, csv_file._read_fast(connection, layout)):
            if source is not None:
                found = connection.execute(f"FROM {source.relation} ORDER BY 1").fetchall()
                assert found == expected
                assert source.records == len(rows)


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [("id,name", ","), ("id;name", ";"), ("id\tname", "\t"), ("id|name", "|"), ('"a;b;c",id', ",")],
)
def test_the_header_tells_the_delimiter(desk: Desk, header: str, delimiter: str) -> None:
    layout = read_layout(desk.write("x.csv", header + "\n;;;;;;;;,,,,,,,\n"), Reading())
    assert layout.delimiter == delimiter


def test_a_given_delimiter_goes_before(desk: Desk) -> None:
    staged = desk.stage_one("products.csv", "id~name\nA~x,y\n", delimiter="~")
    assert desk.rows(staged) == [(1, "A", "x,y")]


def test_gzip(desk: Desk) -> None:
    content = gzip.compress(b"id,name\n1,x\n2\n3,y\n4,z,?\n")
    staged = desk.stage_one("products.csv.gz", content)
    assert desk.rows(staged) == [(1, "1", "x"), (2, "2", None), (3, "3", "y")]
    assert [(r.record, r.raw) for r in staged.rejects] == [(4, "4,z,?")]
    assert staged.file == "products.csv.gz"


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_other_encodings_by_option(desk: Desk, encoding: str) -> None:
    content = "id,name\n1,Müller\n2,,?\n".encode(encoding)
    staged = desk.stage_one("products.csv", content, encoding=encoding)
    assert desk.rows(staged) == [(1, "1", "Müller")]
    assert [r.record for r in staged.rejects] == [2]


def test_rejects_say_what_is_wrong(desk: Desk) -> None:
    content = b'id,name\n2,a,b\n,b,\n,b,,\n3,\x92\n3,\x8d\n4,"x"y\n5,"x\n6'
    staged = desk.stage_one("products.csv", content)
    assert [reject.reason for reject in staged.rejects] == [
        "The record has 3 fields, but the header has 2.",
        (
            "The record has 3 fields, but the header has 2, "
            "and it is not certain which empty field is too many."
        ),
        (
            "The record has 4 fields, but the header has 2, "
            "and it is not certain which empty 2 fields are too many."
        ),
        (
            "Byte 0x92 at character 3 is not utf-8 text; if Windows wrote the file, "
            "name its encoding (--encoding cp1252), or the one of its language: "
            "cp1250 (Polish), cp1251 (Russian), cp932 (Japanese), gbk (Chinese)."
        ),
        (
            "Byte 0x8D at character 3 is not utf-8 text; save the file as UTF-8, "
            "or name its encoding (--encoding), such as "
            "cp1250 (Polish), cp1251 (Russian), cp932 (Japanese), gbk (Chinese)."
        ),
        "A quoted field goes on after its closing quote; quotes within it must be doubled.",
        "A quoted field is not closed.",
        (
            "The record has 1 field, but the header has 2, and no line end follows it: "
            "the file may have been cut. Complete the record, or end its line."
        ),
    ]


def test_a_header_alone_is_no_rows(desk: Desk) -> None:
    for content in ("id,name", "id,name\n", "\ufeffid,name\r\n\r\n"):
        staged = desk.stage_one("products.csv", content)
        assert (staged.records, desk.rows(staged)) == (0, [])


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", {}, "the file is empty; its first line should name the columns"),
        (b"\n\r\n", {}, "the file is empty"),
        (b"id,name,ID\n", {}, "columns 'id' and 'ID' have the same name"),
        (b"id,_record\n", {}, "column '_record' has a name that graphchannel keeps for itself"),
        ("id,name\n".encode("utf-32"), {}, "is UTF-32 text"),
        (b"id,name\r1,x\r", {}, "carriage returns alone"),
        (b"id,n\xe4me\n", {}, "the header cannot be read. Byte 0xE4 at character 5 is not utf-8"),
        (b'id,"name\n1,2\n', {}, "the header cannot be read. A quoted field is not closed"),
        (b"id\n", {"delimiter": "||"}, "cannot separate columns"),
        (b"id\n", {"encoding": "klingon"}, "The encoding 'klingon' is unknown"),
        (b"id\n", {"encoding": "utf-32"}, "The encoding 'utf-32' is unknown"),
        (b"id,name\n", {"encoding": "utf-16"}, "is not utf-16 text"),
        (b"\xff\xfei\0d\0,\0n\0\0\xd8a\0\n\0", {}, "character 5 is not utf-16 text"),
        (b"id,name\n", {"header_row": 3}, "the file ends before line 3"),
        (b"x" * (1 << 24) + b"\n", {}, "longer than 16,777,216 characters"),
    ],
)
def test_what_cannot_be_read_is_said(
    desk: Desk, content: bytes, options: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        desk.stage("products.csv", content, **options)


def test_a_name_that_claims_gzip(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"named \.gz but is not gzip"):
        desk.stage("products.csv.gz", b"id,name\n")


@pytest.mark.parametrize("name", ["products [1]*?.csv", "products it's.csv"])
def test_names_that_sql_would_misread(desk: Desk, name: str) -> None:
    desk.write("products 1x.csv", "id,name\n2,wrong\n")
    staged = desk.stage_one(name, 'id,name,"it\'s ""odd"""\n1,x,y\n')
    assert desk.source(staged) == [(1, "1", "x", "y")]


def test_columns_named_like_those_of_duckdb(desk: Desk) -> None:
    source = _read(desk, b"rowid,_0,name\n7,a,x\n8,,,1\n9,b,y\n", exactly=False)
    assert source is not None
    assert _content(desk, source) == ([(1, "7", "a", "x"), (3, "9", "b", "y")], [(2, "8,,,1")])


def test_ragged_records_behind_a_byte_order_mark(desk: Desk) -> None:
    source = _read(desk, b"\xef\xbb\xbf" + _HEADER + b"1\n4,5,6\n7,,,8\n", exactly=False)
    assert source is not None
    assert _content(desk, source) == ([(1, "1", None, None), _GOOD[1]], [(3, "7,,,8")])


def test_nothing_is_left_behind(desk: Desk) -> None:
    desk.stage("products.csv", 'id,name\n1\n2,5" disk\n')
    left = desk.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
    assert len(left) == 1
