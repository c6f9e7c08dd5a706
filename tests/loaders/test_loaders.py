from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import openpyxl
import pytest

from graphchannel.errors import InputError, LoaderError
from graphchannel.ingest import load, load_rows
from graphchannel.ingest.loaders.catalogue import all_loaders, find_loader, read_loader
from graphchannel.ingest.loaders.header import parse_loader
from graphchannel.ingest.loaders.run import check_loader
from graphchannel.ingest.readers import ReadOptions, stage
from graphchannel.ingest.sandbox import open_sandbox
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.ingest.staged import Staged
    from graphchannel.policy import Policy

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


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy(pack())


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
    later = _LOADER.replace("SELECT", "\n  \nSELECT", 1)
    assert [one.line for one in read_loader(_write(folder, later)).sections] == [11]


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
        (
            "SELECT _record, code AS id, label AS name FROM source; SELECT 1",
            "only one SELECT can stand here",
        ),
        ("DELETE FROM source", "only one SELECT can stand here"),
        ("SELECT 1; DROP TABLE x", "only one SELECT can stand here"),
        ("SELECT * FROM read_csv('x.csv')", "it may read 'source' alone"),
        ("SELECT * FROM 'x.csv'", "it may read 'source' alone"),
        ("SELECT * FROM admin.loads", "it may read 'source' alone"),
        ("SELECT (SELECT max(id) FROM partners) FROM source", "it may read 'source' alone"),
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
    assert staged.columns == ("id", "name")  # of parents it says nothing
    assert rows == [(1, "BY", "Bavaria", None)]
    assert staged.warnings == (
        "office.csv: column 'colour' is unknown to loader 'regional' and not read.",
    )


def test_a_record_without_a_row_is_rejected(folder: Path) -> None:
    _write(folder, _LOADER.replace(_SELECT, f"{_SELECT} WHERE label <> 'Total'"))
    with duckdb.connect() as connection:
        [staged] = _run(folder, "label,code\nx,y,z\nTotal,9\nBavaria,BY\n", connection)
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
        regions, towns = _run(folder, "label,code\nTotal,9\nBavaria,BY\nx,y,z\n", connection)
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
    assert (
        find_loader("regional", folder) == find_loader(str(path)) == next(iter(all_loaders(folder)))
    )
    with pytest.raises(LoaderError, match=r"nowhere\.sql: there is no such loader"):
        find_loader("nowhere.sql")


_READS_OUT = [
    "(SELECT c.content FROM (SELECT 1) AS one(x), LATERAL read_text('{secret}') AS c)",
    "(SELECT string_agg(c.file) FROM (SELECT 1) AS one(x), LATERAL glob('/*') AS c)",
    "(SELECT c.n FROM (SELECT 1) AS one(x), LATERAL query('SELECT 1 AS n') AS c)",
    "(SELECT any_value(c.table_name) FROM duckdb_tables() AS c)",
    '(WITH "{secret}" AS (FROM "{secret}") SELECT any_value(content) FROM "{secret}")',
    "(SELECT any_value(name) FROM (SHOW TABLES))",
    "(SELECT any_value(content) FROM query_table(['{secret}']))",
    "current_setting('temp_directory')",
    "main.getvariable('x')",
    "random()::VARCHAR",
]


@pytest.mark.parametrize("value", _READS_OUT)
def test_no_loader_reads_anything_but_its_source(folder: Path, value: str) -> None:
    secret = folder / "secret.csv"
    secret.write_text("content\nhidden\n", encoding="utf-8")
    select = f"SELECT _record, code AS id, {value.format(secret=secret)} AS name FROM source"
    path = _write(folder, _LOADER.replace(_SELECT, select))
    with pytest.raises(LoaderError, match=r"SELECT into regions is refused: .*") as checked:
        check_loader(read_loader(path))
    with duckdb.connect() as connection, pytest.raises(LoaderError) as ran:
        _run(folder, "label,code\nBavaria,BY\n", connection)
    assert "hidden" not in f"{checked.value}{ran.value}"


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("SELECT range AS _record, 'a' AS id, 'b' AS name FROM range(900000000)", "more than"),
        (
            "SELECT 1 AS _record, 'a' AS id, list(range)::VARCHAR AS name FROM range(900000000)",
            "1GB",
        ),
        (f"SELECT {'(SELECT ' * 300}1{')' * 300} AS _record FROM source", "nested too deep"),
        (f"SELECT {'1+' * 9000}1 AS _record FROM source", "cannot be parsed: Max expression"),
    ],
)
def test_a_loader_that_runs_away_is_stopped(folder: Path, select: str, message: str) -> None:
    path = _write(folder, _LOADER.replace(_SELECT, select))
    with pytest.raises(LoaderError, match=message):
        check_loader(read_loader(path))


def test_a_sandbox_is_locked_whatever_the_look_at_the_sql_lets_pass(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("content\nhidden\n", encoding="utf-8")
    with open_sandbox() as sandbox:
        for sql in (
            f"FROM read_text('{secret}')",
            f"FROM '{secret}'",
            f"FROM glob('{tmp_path}/*')",
            f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
            f"ATTACH '{tmp_path}/other.db'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET memory_limit = '9GB'",
        ):
            with pytest.raises(duckdb.Error):
                sandbox.connection.execute(sql).fetchall()


def test_a_loader_may_read_the_tables_that_it_declares(folder: Path, policy: Policy) -> None:
    header = _HEADER.replace("@optional parent_code", "@optional parent_code\n-- @tables   regions")
    select = (
        "SELECT s._record, s.code AS id, s.label AS name, r.id AS parent_id"
        " FROM source AS s LEFT JOIN regions AS r ON r.name = s.parent_code"
    )
    loader = read_loader(_write(folder, f"{header}-- @into regions\n{select}\n"))
    check_loader(loader)
    assert loader.reads_tables == ("regions",)
    file = folder.parent / "office.csv"
    file.write_text("label,code,parent code\nBavaria,BY,Germany\nRuhr,RU,Nowhere\n", "utf-8")
    with create_workspace(None, policy) as workspace:
        load_rows(workspace, {"regions": [{"id": "DE", "name": "Germany"}]}, policy)
        report = load(workspace, [file], policy, ReadOptions(loaders=folder))
        rows = workspace.connection.execute("SELECT id, parent_id FROM regions ORDER BY 1")
        assert (report.added, rows.fetchall()) == (2, [("BY", "DE"), ("DE", None), ("RU", None)])


def test_a_broken_loader_does_not_block_the_others(folder: Path) -> None:
    _write(folder, _LOADER)
    _write(folder, "-- @name broken\n", "broken")
    with duckdb.connect() as connection:
        [staged] = _run(folder, "label,code\nBavaria,BY\n", connection)
        assert staged.loader == "regional"
        assert "broken.sql:1: the header lacks '-- @reads'" in staged.warnings[0]
        with pytest.raises(InputError, match=r"loader or sender .* Left out: .*broken\.sql:1"):
            _run(folder, "a,b\n1,2\n", connection)


def test_own_loaders_stand_beside_the_shipped_ones_and_before_them(folder: Path) -> None:
    _write(folder, _LOADER.replace("regional", "pos-flat"), "pos-flat")
    loaders = all_loaders(folder)
    assert [each.name for each in loaders.own] == ["pos-flat"]
    assert "pos-flat" not in [each.name for each in loaders.shipped]
    (folder / "pos-flat.sql").unlink()
    assert "pos-flat" in [each.name for each in all_loaders(folder)]
    assert find_loader("pos-flat", folder).path.parent != folder


def test_files_for_loaders_and_workbooks_stand_in_any_order(tmp_path: Path, policy: Policy) -> None:
    report = "Invoice,Line,Ship Date,Sold By,Sold To,SKU,Quantity\nI1,1,2014-03-01,D,R,S,5\n"
    files = [tmp_path / name for name in ("a.csv", "vendors.xlsx", "b.csv", "industries.xlsx")]
    for file in files:
        if file.suffix == ".csv":
            file.write_text(report.replace("I1", file.stem), "utf-8")
        else:
            book = openpyxl.Workbook()
            for row in (("id", "name"), (file.stem, file.stem)):
                book.worksheets[0].append(row)
            book.save(file)
    with create_workspace(None, policy) as workspace:
        loaded = load(workspace, files, policy)
    assert [(each.table, each.records) for each in loaded.files] == [
        ("shipments", 1),
        ("vendors", 1),
        ("shipments", 1),
        ("industries", 1),
    ]
