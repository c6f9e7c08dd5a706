from __future__ import annotations

import csv
from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from graphchannel.ingest import export_rejects, load, load_staged, rejects
from graphchannel.ingest.reject_export import guarded, unguarded
from graphchannel.ingest.staged import SourceReject, Staged
from tests.ingest.conftest import line, network_rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ingest.conftest import Channel


def test_lines_that_arrive_before_their_partners_are_not_lost(channel: Channel) -> None:
    first = channel.load({"shipments": [line("1"), line("2", quantity=0)]})
    assert (first.added, first.rejected) == (0, 2)
    second = channel.load(network_rows())
    assert (second.retried, second.rejected) == (1, 0)
    assert channel.query("SELECT id, _load, seller_role FROM shipments") == [("1", 2, "vendor")]
    assert channel.problems() == [("shipments", 2, "quantity", "out_of_range")]


def test_a_reject_that_still_fails_is_not_counted_again(network: Channel) -> None:
    network.load({"shipments": [line("1", product_id="X")]})
    for _ in range(2):
        report = network.load({"products": [{"id": "Y", "name": "Y"}]})
        assert (report.retried, report.rejected) == (0, 0)
        assert len(network.problems()) == 1


def test_a_later_row_with_the_same_key_overtakes_a_reject(network: Channel) -> None:
    network.load({"shipments": [line("1", product_id="X"), line("2", product_id="X")]})
    network.load({"shipments": [line("1", quantity=99)]})
    # The reject of line 2 waits on, with a later delivery of the same line.
    network.load({"shipments": [line("2", product_id="X", quantity=7)]})
    report = network.load({"products": [{"id": "X", "name": "X"}]})
    assert report.retried == 1
    found = network.query("SELECT id, quantity, product_id FROM shipments ORDER BY id")
    assert found == [("1", 99, "SKU"), ("2", 7, "X")]
    assert network.problems() == []
    assert network.query("SELECT id, closed_as FROM admin.rejects ORDER BY id") == [
        (1, "superseded"), (2, "superseded"), (3, "retried"),
    ]  # fmt: skip


def test_a_correction_that_waited_corrects_what_came_before_it(network: Channel) -> None:
    network.load({"shipments": [line("1"), line("2")]})
    waiting = [line("1", ship_to_city_id="X"), line("2", ship_to_city_id="X")]
    network.load({"shipments": waiting})
    network.load({"shipments": [line("2", quantity=99)]})
    report = network.load({"cities": [{"id": "X", "name": "X", "region_id": "BY"}]})
    assert report.retried == 1
    found = network.query("SELECT id, quantity, ship_to_city_id, _load FROM shipments ORDER BY id")
    assert found == [("1", 10, "X", 5), ("2", 99, None, 4)]
    earlier = network.query(
        "SELECT id, ship_to_city_id, _load, _ended FROM history.shipments ORDER BY 1"
    )
    assert earlier == [("1", None, 2, 5), ("2", None, 2, 4)]


def test_an_export_can_be_corrected_and_loaded(network: Channel, tmp_path: Path) -> None:
    network.load(
        {
            "shipments": [line("1", quantity=0, document='a "b",\nc'), line("2", product_id="X")],
            "partners": [{"id": "P", "name": "P", "country": "de"}],
        }
    )
    export = tmp_path / "rejects.csv"
    assert export_rejects(network.workspace, export) == 3
    with export.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0])[:6] == ["_reject", "_table", "_loader", "_code", "_reason", "id"]
    assert [row["_code"] for row in rows] == ["invalid", "out_of_range", "unknown_reference"]
    assert rows[1]["document"] == 'a "b",\nc'
    rows[0]["country"], rows[1]["quantity"] = "DE", "5"
    with export.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = load(network.workspace, [export], network.policy)
    assert (report.added, report.rejected) == (2, 1)
    assert network.query("SELECT quantity, document FROM shipments") == [(5, 'a "b",\nc')]
    (reject,) = rejects(network.workspace)
    assert (reject.load, reject.file, reject.code) == (3, "rejects.csv", "unknown_reference")


def test_an_export_shows_records_that_had_no_columns(network: Channel, tmp_path: Path) -> None:
    connection = network.workspace.connection
    connection.execute("CREATE TEMP TABLE s (_record BIGINT, id VARCHAR, name VARCHAR)")
    ragged = SourceReject(1, "The record has 3 fields; expected 2.", "a,b,c")
    staged = Staged("products.csv", "products", "s", "s", ("id", "name"), 1, (ragged,))
    load_staged(network.workspace, [staged], network.policy)
    export = tmp_path / "rejects.csv"
    export_rejects(network.workspace, export)
    assert export.read_text("utf-8").splitlines()[1] == (
        '1,products,,invalid,"The record has 3 fields; expected 2. The record was: a,b,c",,,'
    )


def test_typed_values_can_be_tried_again_and_exported(network: Channel, tmp_path: Path) -> None:
    lines = [
        line("1", product_id="X", quantity=5.0, amount=7.0),
        line("2", quantity=2.5, amount=12.5),
    ]
    midnights = [datetime.fromisoformat("2024-03-01"), datetime.fromisoformat("2024-03-02")]
    for row, midnight in zip(lines, midnights, strict=True):
        row["shipped_on"] = midnight
    source, export = tmp_path / "shipments.parquet", tmp_path / "rejects.csv"
    pq.write_table(pa.Table.from_pylist(lines), source)
    assert load(network.workspace, [source], network.policy).rejected == 2
    assert network.load({"products": [{"id": "X", "name": "X"}]}).retried == 1
    export_rejects(network.workspace, export)
    export.write_text(export.read_text("utf-8").replace(",2.5,", ",2,"), "utf-8")
    assert load(network.workspace, [export], network.policy).rejected == 0
    found = network.query("SELECT id, shipped_on, quantity, amount FROM shipments ORDER BY id")
    assert found == [("1", date(2024, 3, 1), 5, 7), ("2", date(2024, 3, 2), 2, 12.5)]
    assert network.problems() == []


def test_many_records_that_could_not_be_staged_are_kept(network: Channel) -> None:
    connection = network.workspace.connection
    connection.execute("CREATE TEMP TABLE s (_record BIGINT, id VARCHAR, name VARCHAR)")
    ragged = tuple(SourceReject(n, "It is ragged.", f"{n},,") for n in range(1, 30_001))
    staged = Staged("products.csv", "products", "s", "s", ("id", "name"), len(ragged), ragged)
    assert load_staged(network.workspace, [staged], network.policy).rejected == len(ragged)
    (last,) = network.query("SELECT id, record, raw FROM admin.rejects ORDER BY id DESC LIMIT 1")
    assert last == (30_000, 30_000, "30000,,")


def test_an_export_runs_nowhere_and_is_read_back_as_it_was(
    network: Channel, tmp_path: Path
) -> None:
    signs = ("=", "+", "-", "@", "\t=", "\r=", "\n=", *"\uff1d\uff0b\uff0d\uff20", "'=", "x\r=")
    texts = [f"{sign}1+cmd" for sign in signs]
    connection = network.workspace.connection
    select = f"SELECT t, {guarded('t')} AS g FROM (SELECT unnest($1::VARCHAR[]) AS t)"
    rows = connection.execute(f"SELECT t, g, {unguarded('g')} FROM ({select})", [texts]).fetchall()
    for text, guard, back in rows:
        assert guard.startswith("'" if text[0] != "x" else "x")
        assert back == text
    network.load({"shipments": [line(str(i), quantity=0, document=t) for i, t in enumerate(texts)]})
    export = tmp_path / "rejects.csv"
    export_rejects(network.workspace, export)
    with export.open(newline="", encoding="utf-8-sig") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    for cell in cells:
        assert not cell.startswith(tuple("=+@\t\r\n\uff1d\uff0b\uff0d\uff20")), cell
