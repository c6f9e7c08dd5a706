from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from graphchannel.errors import LoaderError
from graphchannel.ingest.loaders.catalogue import all_loaders, find_loader, read_loader
from graphchannel.ingest.loaders.header import parse_loader
from graphchannel.ingest.loaders.run import check_loader
from graphchannel.ingest.readers import ReadOptions, stage

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest.staged import Staged

_HEADER = """\
-- @name     regional
-- @reads    csv, json
-- @columns  code, label
-- @optional parent_code
--
-- Regions of the
-- sales office.
"""
_SELECT = "SELECT _record, code AS id, label AS name, parent_code AS parent_id FROM source"
_LOADER = f"{_HEADER}-- @into regions\n{_SELECT};\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    loaders = tmp_path / "loaders"
    loaders.mkdir()
    return loaders


def _write(folder: Path, text: str, name: str = "regional") -> Path:
    path = folder / f"{name}.sql"
    path.write_text(text, encoding="utf-8")
    return path


def _run(folder: Path, content: str, connection: duckdb.DuckDBPyConnection) -> list[Staged]:
    file = folder.parent / "office.csv"
    file.write_text(content, encoding="utf-8")
    return stage(connection, file, ReadOptions(loaders=folder))


def test_the_header(folder: Path) -> None:
    loader = read_loader(_write(folder, _LOADER))
    assert (loader.name, loader.reads) == ("regional", ("csv", "json"))
    assert (loader.columns, loader.optional) == (("code", "label"), ("parent_code",))
    assert loader.about == "Regions of the\nsales office."
    [section] = loader.sections
    assert (section.table, section.select, section.line) == ("regions", _SELECT, 9)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("@optional", "@optionel", ":4: header key '@optionel' is unknown .* mean 'optional'"),
        ("-- @reads    csv, json\n", "", ":1: the header lacks '-- @reads'"),
        ("csv, json", "csv, jason", ":2: '@reads jason' is no format .* mean 'json'"),
        ("regional", "other", ":1: the loader is called 'other', but its file 'regional.sql'"),
        ("@into regions", "@into region", ":8: '@into region' names no canonical table"),
        ("@optional ", "@columns ", ":4: '@columns' is given twice, first in line 3"),
        ("code, label", "code, my label", ":3: 'my label' is no column name"),
        ("@optional parent_code", "@optional Code", ":4: 'Code' is no column name"),
        ("@optional parent_code", "@optional code", ":1: column 'code' is named twice"),
        ("code, label", "", ":3: '@columns' has no value"),
        ("-- @into regions\n", "", ":8: SQL stands before any '-- @into TABLE'"),
        (_SELECT + ";", "", ":8: no SELECT follows '@into regions'"),
        (";\n", "\n-- @name again\n", ":10: '@name' must stand before the first '@into'"),
    ],
)
def test_what_is_wrong_in_a_header_is_said_with_its_line(
    folder: Path, old: str, new: str, message: str
) -> None:
    assert old in _LOADER
    with pytest.raises(LoaderError, match=message):
        parse_loader(folder / "regional.sql", _LOADER.replace(old, new, 1))


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("SELECT _record, code AS id FROM source", "does not return column 'name'"),
        ("SELECT code AS id, label AS name FROM source", "does not return _record"),
        ("SELECT _record, code AS id, label AS nam FROM source", "column 'nam', .* mean 'name'"),
        ("SELECT _record, cod AS id, label AS name FROM source", "SELECT into regions fails"),
        ("SELECT _record, code AS id, label AS name FROM source; SELECT 1", "holds one SELECT"),
        ("DELETE FROM source", "holds one SELECT"),
        ("SELECT 1; DROP TABLE x", "holds one SELECT"),
        ("SELECT * FROM read_csv('x.csv')", "a loader reads 'source' alone"),
        ("SELECT * FROM 'x.csv'", "a loader reads 'source' alone"),
        ("SELECT * FROM admin.loads", "a loader reads 'source' alone"),
        ("SELECT (SELECT max(id) FROM partners) FROM source", "a loader reads 'source' alone"),
        ("SELECT FROM WHERE", "the SQL cannot be parsed|SELECT into regions fails"),
    ],
)
def test_check_refuses(folder: Path, select: str, message: str) -> None:
    path = _write(folder, _LOADER.replace(_SELECT, select))
    with pytest.raises(LoaderError, match=message):
        check_loader(read_loader(path))


def test_check_takes_subqueries_of_its_own(folder: Path) -> None:
    select = (
        "WITH named AS (SELECT * FROM source WHERE label <> 'DROP; --')\n"
        "SELECT _record, code AS id, label AS name FROM named -- a last remark"
    )
    check_loader(read_loader(_write(folder, _LOADER.replace(_SELECT, select))))


def test_rows_come_out_under_canonical_names(folder: Path) -> None:
    _write(folder, _LOADER)
    with duckdb.connect() as connection:
        [staged] = _run(folder, "Label,CODE,colour\nBavaria,BY,blue\n", connection)
        rows = connection.execute(f"FROM {staged.rows}").fetchall()
    assert (staged.table, staged.loader, staged.records) == ("regions", "regional", 1)
    assert staged.columns == ("id", "name", "parent_id")
    assert rows == [(1, "BY", "Bavaria", None)]
    assert staged.warnings == (
        "office.csv: column 'colour' is unknown to loader 'regional' and not read.",
    )


def test_a_record_without_a_row_is_rejected(folder: Path) -> None:
    _write(folder, _LOADER.replace(_SELECT, f"{_SELECT} WHERE label <> 'Total'"))
    with duckdb.connect() as connection:
        [staged] = _run(folder, "label,code\nx\nTotal,9\nBavaria,BY\n", connection)
    assert staged.records == 3
    assert [(reject.record, reject.code) for reject in staged.rejects] == [
        (1, "invalid"),
        (2, "invalid"),
    ]
    assert staged.rejects[1].reason == "Loader 'regional' makes no row of this record."
    assert staged.rejects[1].raw == '{"_record":2,"label":"Total","code":"9"}'


def test_a_loader_may_fill_several_tables(folder: Path) -> None:
    cities = (
        "-- @into cities\n"
        "SELECT _record, unnest([code || '1', code || '2']) AS id, label AS name, code AS region_id"
        " FROM source WHERE label = 'Bavaria'\n"
    )
    _write(folder, _LOADER.replace(_SELECT, f"{_SELECT} WHERE label <> 'Total'") + cities)
    with duckdb.connect() as connection:
        regions, towns = _run(folder, "label,code\nTotal,9\nBavaria,BY\nx\n", connection)
    assert (regions.table, regions.records, len(regions.rejects)) == ("regions", 3, 2)
    assert (towns.table, towns.records, len(towns.rejects)) == ("cities", 2, 0)


def test_rows_belong_to_records(folder: Path) -> None:
    select = _SELECT.replace("_record,", "_record + 1 AS _record,")
    _write(folder, _LOADER.replace(_SELECT, select))
    with duckdb.connect() as connection, pytest.raises(LoaderError, match="have _record 2, which"):
        _run(folder, "label,code\nBavaria,BY\n", connection)


def test_a_select_that_fails_on_a_value(folder: Path) -> None:
    _write(folder, _LOADER.replace("label AS name", "label::INTEGER::VARCHAR AS name"))
    with duckdb.connect() as connection, pytest.raises(LoaderError, match=r"fails on office\.csv"):
        _run(folder, "label,code\nBavaria,BY\n", connection)


def test_two_that_fit_are_named(folder: Path) -> None:
    _write(folder, _LOADER)
    _write(folder, _LOADER.replace("regional", "second"), "second")
    with duckdb.connect() as connection:
        with pytest.raises(LoaderError, match="fit loaders 'regional' and 'second'; choose one"):
            _run(folder, "label,code\n", connection)
        options = ReadOptions(loader="second", loaders=folder)
        [staged] = stage(connection, folder.parent / "office.csv", options)
    assert staged.loader == "second"
    assert staged.because == "Loader 'second' was asked for."


def test_a_loader_reads_its_formats_alone(folder: Path) -> None:
    _write(folder, _LOADER.replace("csv, json", "workbook"))
    _write(folder, _LOADER.replace("regional", "second"), "second")
    with duckdb.connect() as connection:
        [staged] = _run(folder, "label,code\n", connection)
    assert staged.loader == "second"


def test_loaders_are_found_by_name_and_by_path(folder: Path) -> None:
    path = _write(folder, _LOADER)
    assert find_loader("regional", folder) == find_loader(str(path)) == all_loaders(folder)[0]
    with pytest.raises(LoaderError, match=r"cannot be read \(No such file"):
        find_loader("nowhere.sql")
