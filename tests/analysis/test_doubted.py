"""Small networks whose right answers follow from the docs, asked as a user asks.

`doubted/*.yaml` holds them; `doubted/units.yaml` says how they are written.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest import load_rows
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace
from tests.sampling import thinned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FOLDER = Path(__file__).with_name("doubted")
_ALWAYS = {
    "vendors": "id,name\nV,V",
    "end_users": "id,name\nE1,E1\nE2,E2",
    "products": "id,name\nP,P",
}
NETWORKS: Mapping[str, Mapping[str, Any]] = {
    name: network
    for file in sorted(_FOLDER.glob("*.yaml"))
    for name, network in yaml.safe_load(file.read_text("utf-8")).items()
}


@pytest.mark.parametrize("name", thinned(NETWORKS, 4))
def test_the_answer_is_what_the_docs_say(name: str, tmp_path: Path) -> None:
    network = NETWORKS[name]
    folder = _pack(tmp_path, network.get("parameters", {}))
    policy = load_policy(folder)
    with create_workspace(tmp_path / "ch.duckdb", policy) as workspace:
        report = load_rows(workspace, dict(_tables(network)), policy)
        assert not report.rejected
    asked = [*network["ask"].split(), "--format", "json", "-w", str(tmp_path / "ch.duckdb")]
    if folder != pack():
        asked += ["--pack", str(folder)]
    run = CliRunner().invoke(main, asked)
    assert run.exit_code in (0, 1), run.output
    found = json.loads(run.stdout)
    assert _like(found, network["right"]) == network["right"]


def _tables(network: Mapping[str, Any]) -> Iterator[tuple[str, list[dict[str, str | None]]]]:
    given = _ALWAYS | {
        table: text
        for table, text in network.items()
        if table not in ("ask", "right", "parameters", "numbered")
    }
    if "numbered" in network:
        lines = [
            f"{line},S{number}"
            for line, numbers in network["numbered"].items()
            for number in range(numbers)
        ]
        given["serials"] = "\n".join(["shipment_id,serial", *lines])
    for table, text in given.items():
        rows = csv.DictReader(io.StringIO(text))
        yield table, [{key: value or None for key, value in row.items()} for row in rows]


def _pack(folder: Path, parameters: Mapping[str, int]) -> Path:
    """Return the shipped pack, or a copy with other values of some parameters."""
    if not parameters:
        return pack()
    copied = folder / "pack"
    shutil.copytree(pack(), copied)
    text = (copied / "policy.toml").read_text("utf-8")
    for name, value in parameters.items():
        before, after = text.split(f"[parameters.{name}]", 1)
        first, rest = after.split("\nvalue = ", 1)
        text = f"{before}[parameters.{name}]{first}\nvalue = {value}\n{rest.split(chr(10), 1)[1]}"
    (copied / "policy.toml").write_text(text, "utf-8")
    return copied


def _like(found: Any, right: Any) -> Any:
    """Return of what was found the parts that are spoken of; lists whole."""
    if isinstance(right, dict) and isinstance(found, dict):
        return {key: _like(found.get(key), value) for key, value in right.items()}
    if isinstance(right, list) and isinstance(found, list):
        shown = [_like(*pair) for pair in zip(found, right, strict=False)]
        return [*shown, *found[len(right) :]]
    return found
