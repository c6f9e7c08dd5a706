"""What is code elsewhere is text here: in ids, names, documents, numbers, questions and files.

`GRAPHCHANNEL_PAYLOADS=40` draws so many networks (`make assurance`).
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from click.testing import CliRunner

from graphchannel import Channel
from graphchannel.cli import main
from graphchannel.engines import DuckDBEngine
from graphchannel.errors import InputError
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import format_named
from graphchannel.workspace import create_workspace
from tests.channels import judged
from tests.channels.beside import together
from tests.channels.places import AS_OF
from tests.channels.told import as_text, whole
from tests.cli.test_terminal import OBEYED
from tests.hostile.payloads import PAYLOADS, given_back, named, without_payloads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphchannel.findings import Finding
    from graphchannel.workspace import Workspace
    from tests.channels.places import Tables

NETWORKS = int(os.environ.get("GRAPHCHANNEL_PAYLOADS", "2"))
CATALOGUE = judged.catalogue_of(judged.given(0))
FORMULA = re.compile(r"^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]")


def loaded(tables: Tables) -> Workspace:
    workspace = create_workspace(None, CATALOGUE.policy)
    assert not load_rows(workspace, tables, CATALOGUE.policy).rejected
    return workspace


def plain(found: Finding) -> object:
    return json.loads(as_text(whole(found)))


def told(tables: Tables) -> list[str]:
    """Return all that a scan says, without payloads, and how much of each kind the graph has."""
    with loaded(tables) as workspace:
        with scan(workspace, CATALOGUE, ScanOptions(as_of=AS_OF)) as result:
            assert not result.failed
            found = [as_text(without_payloads(plain(one))) for one in result.findings()]
        counted = workspace.connection.execute(
            """SELECT (SELECT count(*) FROM graph.party), (SELECT count(*) FROM graph.supplied),
               (SELECT count(*) FROM graph.handed_over), (SELECT count(*) FROM graph.city)"""
        )
        return [*sorted(found), as_text(counted.fetchall())]


@pytest.mark.parametrize("first", range(0, NETWORKS, judged.BESIDE))
def test_no_payload_changes_what_is_found(first: int) -> None:
    channels = together(judged.drawn(first, most=NETWORKS))
    hostile = named(channels, hostile=True)
    texts = "\n".join(
        str(value) for rows in hostile.values() for row in rows for value in row.values()
    )
    assert [one for one in PAYLOADS if one not in texts] == []
    assert told(hostile) == told(named(channels, hostile=False))


@pytest.fixture(scope="module")
def hostile() -> Iterator[Workspace]:
    with loaded(named(together(judged.drawn(0, 2, 2)), hostile=True)) as workspace:
        yield workspace


def test_a_question_takes_and_gives_each_as_it_is() -> None:
    """As a parameter, as a text in the query, and as the id that is looked for."""
    with Channel.open(None) as channel:
        tables = named(together(judged.drawn(0, 2, 2)), hostile=True)
        load_rows(channel._opening.workspace, tables, CATALOGUE.policy)
        workspace = channel._opening.workspace
        assert given_back(DuckDBEngine(workspace.connection)) == list(PAYLOADS)
        ids = [row["id"] for row in channel.query("MATCH (p:Party) RETURN p.id AS id").records()]
        for id_ in ids:
            found = channel.query("MATCH (p:Party {id: $x}) RETURN p.id AS id", {"x": id_})
            assert list(found.records()) == [{"id": id_}]
    assert len(ids) > 20


def test_no_report_obeys_one(hostile: Workspace) -> None:
    shown = {}
    with scan(hostile, CATALOGUE, ScanOptions(as_of=AS_OF)) as result:
        for name in ("table", "csv", "json", "markdown", "github", "sarif", "junit"):
            stream = io.StringIO()
            format_named(name).write(scan_document(result, top=10_000), stream)
            shown[name] = stream.getvalue()
        book = io.BytesIO()
        format_named("xlsx").write(scan_document(result, top=10_000), book)
        ids = {one.subject.id for one in result.findings()}
    assert all(not OBEYED.search(text) for text in shown.values())
    cells = [cell for row in csv.reader(io.StringIO(shown["csv"])) for cell in row]
    assert len(cells) > 500
    assert not [cell for cell in cells if FORMULA.search(cell)]
    assert {one["subject"]["id"] for one in json.loads(shown["json"])["findings"]} == ids
    assert json.loads(shown["sarif"])["version"] == "2.1.0"
    assert ET.fromstring(shown["junit"]).tag == "testsuites"  # noqa: S314 - our own
    sheets = openpyxl.load_workbook(io.BytesIO(book.getvalue()))
    kinds = {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_places_may_be_called_anything(tmp_path: Path) -> None:
    names = [one for one in PAYLOADS if "/" not in one] + ["*", "[a]", "a\nb", "--help", "#x"]
    with Channel.open(tmp_path / "channel.duckdb") as channel:
        for place, name in enumerate(names):
            folder = tmp_path / name
            folder.mkdir()
            file = folder / f"partners[{place}].csv"
            file.write_text(f"id,name\nP{place},Partner {place}\n", "utf-8")
            given = file if place % 2 else folder
            if "\\" in name:  # beside the brackets of the file's name, no pattern of DuckDB's fits
                with pytest.raises(InputError, match="backslash"):
                    channel.load(given)
                file = file.rename(folder / "partners.csv")
                given = file if place % 2 else folder
            report = channel.load(given)
            assert (report.added, report.rejected) == (1, 0), name
        rows = channel.query("MATCH (p:Partner) RETURN count(p) AS n").records()
        assert list(rows) == [{"n": len(names)}]
    done = CliRunner().invoke(main, ["loads", "-w", str(tmp_path / "channel.duckdb")])
    assert done.exit_code == 0
    assert not OBEYED.search(done.output)
