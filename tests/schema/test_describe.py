"""The data model in words: nothing without a meaning, and the page says what the schema says."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.errors import InputError
from graphchannel.ingest.derive import FLOW
from graphchannel.schema import CHANNEL, DERIVED, TABLES
from graphchannel.schema.describe import Entry, Field, entries, entries_called
from scripts.data_model import PAGE, page

_PHRASE = re.compile(r"[^.\n]+")  # one phrase: no sentence, no line break


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run 'make docs'"


def test_every_table_label_and_type_is_described() -> None:
    named = {entry.name for entry in entries()}
    assert named == {table.name for table in TABLES} | CHANNEL.labels | CHANNEL.types


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.pattern or entry.name)
def test_nothing_lacks_a_meaning(entry: Entry) -> None:
    assert re.match(r"[A-Z][^.]+\.", entry.meaning), entry
    for field in entry.fields:
        assert _PHRASE.fullmatch(field.meaning), f"{entry.name}.{field.name}: one phrase"


def test_every_property_and_column_is_described() -> None:
    tables = {entry.name: entry for entry in entries() if entry.kind == "table"}
    for table in TABLES:
        fields = tables[table.name].fields
        assert tuple(f.name for f in fields if not f.derived) == table.column_names
    described = {(e.name, f.name) for e in entries() for f in e.fields}
    held = {(edge.type, name) for edge in CHANNEL.edges for name in edge.properties}
    held |= {("Party", name) for name in CHANNEL.node("party").properties}
    assert held <= described


def test_a_property_is_said_to_be_of_the_labels_that_can_have_it() -> None:
    def field(label: str, name: str) -> Field | None:
        (entry,) = entries_called(label)
        return next((field for field in entry.fields if field.name == name), None)

    party, partner = field("Party", "employees"), field("Partner", "employees")
    assert party is not None
    assert partner is not None
    assert (party.of, partner.of) == (("Partner",), ())
    assert field("EndUser", "employees") is None
    assert field("Vendor", "name") is not None


def test_a_property_allows_what_its_column_allows() -> None:
    def allowed(entry_name: str, name: str) -> str:
        (entry,) = entries_called(entry_name)
        return next(field.allowed for field in entry.fields if field.name == name)

    assert allowed("SUPPLIED", "flow").startswith("sell_in, sell_through, ")
    assert allowed("HANDED_OVER", "quantity") == allowed("shipments", "quantity") == "from 1"
    assert allowed("City", "latitude") == "from -90 to 90"
    assert (allowed("Region", "id"), allowed("regions", "id")) == ("", "not *")


def test_every_row_of_a_table_is_found_again_in_the_graph() -> None:
    """A graph can be read back: ends and properties hold all columns, but for waivers."""
    nodes = {table: node for node in CHANNEL.nodes for table in node.tables.values()}
    for table in TABLES:
        edges = [edge for edge in CHANNEL.edges if edge.table == table.name]
        there = set(nodes[table.name].properties) if table.name in nodes else set()
        for edge in edges:
            there |= {edge.source.column, edge.target.column, *edge.properties}
        assert set(table.column_names) <= there or table.name == "waivers"


def test_the_flows_are_those_that_are_derived() -> None:
    (flow,) = (column for column in DERIVED if column.name == "flow")
    assert set(re.findall(r"(?:THEN|ELSE) '(\w+)'", FLOW)) == set(flow.choices)


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"'suplied' is no table.*Did you mean 'SUPPLIED'\?"):
        entries_called("suplied")


def test_the_command_shows_one_or_all() -> None:
    def printed(*words: str) -> str:
        result = CliRunner().invoke(main, ["schema", *words])
        assert result.exit_code == 0, result.stderr
        return result.stdout

    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    assert [row["name"] for row in rows] == [entry.name for entry in entries()]
    shown = json.loads(printed("within", "--format", "json"))
    assert shown["patterns"] == [
        "(:City)-[:WITHIN]->(:Region)",
        "(:Region)-[:WITHIN]->(:Region)",
    ]
    assert "day of the hand-over" in printed("shipments")
