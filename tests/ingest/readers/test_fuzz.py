"""Mutated files of each format: no traceback, no hang, no lost row.

A bounded sample runs with the suite; `make assurance` sets GRAPHCHANNEL_FUZZ to 3000 for each.
"""

from __future__ import annotations

import gzip
import io
import os
import random
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphchannel.errors import GraphChannelError
from graphchannel.ingest.readers import Reading, ReadOptions, stage

from .workbooks import ods, workbook

if TYPE_CHECKING:
    from collections.abc import Callable

_EACH = int(os.environ.get("GRAPHCHANNEL_FUZZ", "12"))
_SLOWEST = 10.0  # seconds for one file
_PIECES = [
    *(
        b'"',
        b'""',
        b",",
        b";",
        b"\t",
        b"\n",
        b"\r\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\x1a",
        b"\xef\xbb\xbf",
    ),
    *(b"\xff\xfe", b"{", b"}", b"[", b"]", b":", b"<", b">", b"&", b"</row>", b"<!DOCTYPE x>"),
    *(b"id", b"name", b"_record", b"rowid", b"NaN", b"1e999", b"-1", b"9" * 30, b"\\ud83d"),
    *(b't="s"', b't="e"', b's="99"', b'r="XFD1048576"', b"<f>", b"<v/>", b"\xe2\x82\xac", b"sep=;"),
]
_ROWS = [(f"P{at}", f"product {at}", "family", str(at * 1.5)) for at in range(40)]
_TEXT = "id,name,family,price\n" + "".join(f'{a},"{b}",{c},{d}\n' for a, b, c, d in _ROWS)
_LINES = "".join(
    f'{{"id": "{a}", "name": "{b}", "family": null, "price": {d}}}\n' for a, b, _, d in _ROWS
)


def _parquet() -> bytes:
    buffer = io.BytesIO()
    names = ["id", "name", "family", "price"]
    pq.write_table(pa.table(dict(zip(names, zip(*_ROWS, strict=True), strict=True))), buffer)
    return buffer.getvalue()


def _workbook() -> bytes:
    rows: list[list[Any]] = [
        ["id", "name", "family", "price"],
        *([a, b, c, float(d)] for a, b, c, d in _ROWS),
    ]
    return workbook({"products": rows, "regions": [["id", "name"], ["R", "r"]]})


def _ods() -> bytes:
    cell = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="1.5"/>'
    return ods(
        '<table:table table:name="products"><table:table-row>{id}{name}{family}</table:table-row>'
        + f"<table:table-row>{cell}{cell}{number}</table:table-row>" * 20
        + "</table:table>"
    )


def _bytes(chance: random.Random, content: bytes) -> bytes:
    """Change a few places of a file."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data[at:at] = chance.choice(_PIECES) * chance.choice((1, 1, 1, 50))
            case 1:
                del data[at : at + chance.randint(1, 200)]
            case 2:
                data[at:at] = data[max(0, at - chance.randint(1, 300)) : at]
            case 3:
                del data[at:]
            case 4 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case _:
                other = chance.randrange(len(data) + 1)
                data[at:at] = data[other : other + chance.randint(1, 100)]
    return bytes(data)


def _parts(chance: random.Random, content: bytes) -> bytes:
    """Change parts of an archive, which stays one; sometimes the archive itself."""
    if chance.random() < 0.2:
        return _bytes(chance, content)
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        names = [name for name in old.namelist() if name.endswith((".xml", ".rels"))]
        wanted = set(chance.sample(names, chance.randint(1, min(2, len(names)))))
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                part = old.read(name)
                if name in wanted and chance.random() < 0.1:
                    continue
                new.writestr(name, _bytes(chance, part) if name in wanted else part)
    return buffer.getvalue()


def _packed(chance: random.Random, content: bytes) -> bytes:
    """Change a file before or after it is packed."""
    if chance.random() < 0.5:
        return gzip.compress(_bytes(chance, content))
    return _bytes(chance, gzip.compress(content))


_FORMATS: dict[str, tuple[Callable[[], bytes], Callable[[random.Random, bytes], bytes]]] = {
    "products.csv": (_TEXT.encode, _bytes),
    "products.csv.gz": (_TEXT.encode, _packed),
    "products.jsonl": (_LINES.encode, _bytes),
    "products.jsonl.gz": (_LINES.encode, _packed),
    "products.parquet": (_parquet, _bytes),
    "products.xlsx": (_workbook, _parts),
    "products.ods": (_ods, _parts),
    "products.xls": ((Path(__file__).parent / "samples" / "products.xls").read_bytes, _bytes),
}


@pytest.mark.parametrize("name", _FORMATS)
def test_mutated_files(tmp_path: Path, name: str) -> None:
    sound, mutate = _FORMATS[name]
    chance = random.Random(name)  # noqa: S311 - no secrets here
    path = tmp_path / name
    content = sound()
    readings = (Reading(), Reading(encoding="latin-1"), Reading(header_row=2), Reading(footer="p"))
    for number in range(_EACH):
        path.write_bytes(mutate(chance, content))
        reading = chance.choice(readings)
        started = time.process_time()
        try:
            _account(path, ReadOptions(reading=reading))
        except GraphChannelError:
            pass
        except BaseException:
            (tmp_path.parent / f"{number}-{name}").write_bytes(path.read_bytes())
            raise
        assert time.process_time() - started < _SLOWEST, f"{name}, number {number}: too slow"


def _account(path: Path, options: ReadOptions) -> None:
    """Stage a file and find each of its records again, as a row or as a reject."""
    with duckdb.connect() as connection:
        for staged in stage(connection, path, options):
            rows = connection.execute(f"SELECT count(*) FROM {staged.rows}").fetchall()[0][0]
            assert rows + len(staged.rejects) == staged.records
            for reject in staged.rejects:
                assert reject.reason
                assert reject.record <= 2**40
