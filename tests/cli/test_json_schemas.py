"""What commands print as JSON is what docs/schemas says: no field is missing, none is forgotten."""

from __future__ import annotations

import copy
import json
import shlex
from typing import TYPE_CHECKING, Any

import click
import jsonschema
import pytest
from click.testing import CliRunner

from graphchannel import resources
from graphchannel.cli import main
from graphchannel.demo.generate import generate
from graphchannel.neo4j.verify import Comparison
from graphchannel.report.documents.published_graph import comparison_document
from scripts import json_schemas
from tests.cli.test_printing import ALL, choices
from tests.report.conftest import printed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Desk

SCHEMAS = json_schemas.schemas()
SAME = {"watch": "scan"}  # commands that print what another prints
LATER = {"verify"}  # what needs a server; see below
# By schema, the command lines whose JSON it describes; what is in braces is of the network.
RUNS = {
    "config": ["config"],
    "corrections": ["corrections"],
    "coverage cities": ["coverage cities"],
    "coverage distributors": ["coverage distributors"],
    "coverage regions": ["coverage regions", "coverage regions --compare-to 2015-01-01"],
    "diff": ["diff"],
    "doctor": ["doctor"],
    "duplicates": ["duplicates"],
    "export": ["export"],
    "kpi": ["kpi"],
    "load": ["load more"],
    "loaders check": ["loaders check {loaders}"],
    "loaders list": ["loaders list"],
    "loads": ["loads"],
    "neo4j status": ["neo4j status"],
    "observability": ["observability"],
    "partner": ["partner {party}"],
    "policy check": ["policy check"],
    "policy show": ["policy show"],
    "query": ["query 'UNWIND [1, 2] AS n RETURN n'"],
    "recommend branches": ["recommend branches --budget 2"],
    "recommend partners": ["recommend partners --budget 2"],
    "rejects": ["rejects"],
    "rejects by reason": ["rejects --by reason"],
    "resilience": ["resilience"],
    "rules check": ["rules check {pack}"],
    "rules list": ["rules list"],
    "runs": ["runs"],
    "runs show": ["runs show latest"],
    "runs verify": ["runs verify latest"],
    "scan": [
        "scan --show-waived",
        "scan --show-waived --baseline before.json --neo4j-url http://localhost:7474",
    ],
    "scan by subject": ["scan --by subject"],
    "schema": ["schema"],
    "schema name": ["schema Partner", "schema shipments"],
    "senders list": ["senders list"],
    "show": ["show {finding}"],
    "simulate": ["simulate --terminate {party}"],
    "status": ["status"],
    "trace": ["trace --from {party}", "trace --line {line}"],
    "trend": ["trend", "trend --section findings"],
    "waivers": ["waivers"],
    "waivers expiring": ["waivers expiring"],
    "waivers list": ["waivers list"],
    "worklist": ["worklist"],
    "worklist import": ["worklist import sheet.csv"],
    "worklist list": ["worklist list"],
    "worklist show": ["worklist show {finding}"],
}
NEEDS_PLACES = frozenset({"recommend branches", "recommend partners"})
LINE = "id,shipped_on,seller_id,buyer_id,product_id,quantity,amount,currency\n"


def check(name: str, document: Any) -> None:
    schema = SCHEMAS[f"{name.replace(' ', '-')}.json"]
    validator = jsonschema.Draft202012Validator(schema)
    told = [
        f"{list(error.absolute_path)}: {error.message[-200:]}"
        for error in validator.iter_errors(document)
    ]
    assert told == [], f"{name}: say it in scripts/json_schemas.toml, then `make docs`"


def printed_by(name: str, **words: str) -> Iterator[Any]:
    for line in RUNS[name]:
        arguments = [*shlex.split(line.format(**words)), "--format", "json"]
        result = CliRunner().invoke(main, arguments, catch_exceptions=False)
        assert result.exit_code in {0, 1}, f"{line}: {result.output}"
        yield json.loads(result.stdout)


def check_all(folder: Path, without: frozenset[str] = frozenset(), **words: str) -> None:
    """Check what all commands print; two runs, a rejected line and a work list are made before."""
    (folder / "more").mkdir()
    traded = f"{words['party']},{words['other']},{words['product']},1,2.5,EUR"
    text = f"{LINE}N1,2015-01-05,nobody{traded}\nN2,2015-01-05,{traded}\n"
    (folder / "more" / "shipments.csv").write_text(text, "utf-8")
    for line in ("scan --output before.json", "load more", "scan", "worklist export sheet.csv"):
        result = CliRunner().invoke(main, line.split(), catch_exceptions=False)
        assert result.exit_code in {0, 1, 2}, f"{line}: {result.output}"
    found = json.loads((folder / "before.json").read_text("utf-8"))["findings"]
    words |= {"loaders": str(resources.folder("loaders")), "pack": str(resources.pack())}
    for name in sorted(RUNS.keys() - without):
        for document in printed_by(name, finding=found[0]["fingerprint"], **words):
            check(name, document)


def test_the_schemas_are_current() -> None:
    files = {file.name: file.read_text("utf-8") for file in json_schemas.FOLDER.glob("*.json")}
    assert files == {name: json_schemas.text_of(one) for name, one in SCHEMAS.items()}, (
        "`make docs`"
    )


def test_every_command_has_a_schema() -> None:
    named = {name for name in ALL if "json" in choices(ALL[name], "format_")}
    assert named - SAME.keys() <= RUNS.keys() | LATER
    assert {f"{name.replace(' ', '-')}.json" for name in RUNS.keys() | LATER} == SCHEMAS.keys()
    assert all(isinstance(ALL[name], click.Command) for name in SAME)


def test_every_field_has_a_meaning_and_others_are_refused() -> None:
    def objects(schema: Any) -> Iterator[dict[str, Any]]:
        if isinstance(schema, dict):
            if "properties" in schema and isinstance(schema.get("required"), list):
                yield schema
            for part in schema.values():
                yield from objects(part)
        elif isinstance(schema, list):
            for part in schema:
                yield from objects(part)

    for schema in SCHEMAS.values():
        jsonschema.Draft202012Validator.check_schema(schema)
        for one in objects(schema):
            assert one["additionalProperties"] is False
            assert all(field["description"].endswith(".") for field in one["properties"].values())


def test_small_outputs_are_what_the_schemas_say(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    monkeypatch.setenv("GRAPHCHANNEL_PACK", "pack")
    check_all(desk.folder, NEEDS_PLACES, party="A", other="B", line="L1", product="X")


@pytest.mark.thorough
def test_outputs_of_the_demo_are_what_the_schemas_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    generate(tmp_path / "data", 300, 2_000, 1)
    loaded = CliRunner().invoke(main, ["load", "data"], catch_exceptions=False)
    assert loaded.exit_code == 0, loaded.output
    check_all(tmp_path, party="P00108", other="P00109", line="L00000991", product="FW-1000")


def test_a_graph_that_was_compared() -> None:
    compared = Comparison("Partner", 2, 1, "a", "b", ("P1",))
    check("verify", json.loads(printed(comparison_document([compared]), "json")))


def test_a_forgotten_field_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)
    (document,) = printed_by("status")
    check("status", document)
    for change in ({"added": 1}, {"tables": None}):
        broken = copy.deepcopy(document) | change
        with pytest.raises(AssertionError):
            check("status", broken)
