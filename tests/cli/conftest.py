from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, Rules, line, network

POLICY_FILE = pack() / "policy.toml"

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


@dataclass(frozen=True, slots=True)
class Desk:
    """A working directory with a workspace `channel.duckdb` and a folder of rules."""

    folder: Path
    rules: Rules

    def run(self, *arguments: str, env: dict[str, str] | None = None) -> Result:
        """Run the command line in the folder."""
        before = os.getcwd()  # noqa: PTH109 - to come back to
        os.chdir(self.folder)
        try:
            return CliRunner().invoke(main, list(arguments), env=env, catch_exceptions=False)
        finally:
            os.chdir(before)

    def scan(self, *arguments: str, env: dict[str, str] | None = None) -> Result:
        """Scan with the desk's own pack."""
        return self.run("scan", "--pack", "pack", *arguments, env=env)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with three lines and one rule of severity medium."""
    rules = Rules(tmp_path / "pack")
    rules.add("supply/any", severity="medium")
    (tmp_path / "pack" / "policy.toml").write_bytes(POLICY_FILE.read_bytes())
    tables = network(
        line("L1", "A", "B", shipped_on="2015-01-10"),
        line("L2", "A", "B", shipped_on="2015-02-10"),
        line("L3", "B", "C", product_id="Y"),
        certifications=[
            {"holder_id": "A", "role": "vap", "issuer_id": "V", "valid_from": "2014-01-01"}
        ],
    )
    with create_workspace(tmp_path / "channel.duckdb", POLICY) as workspace:
        load_rows(workspace, tables, POLICY)
    return Desk(tmp_path, rules)
