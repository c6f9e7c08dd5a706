"""A pack with three rules, and a workspace whose loads are a small history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel import Channel
from graphchannel.ingest import load_rows
from graphchannel.resources import pack
from graphchannel.workspace import create_workspace, open_workspace
from tests.findings.network import EVERY_LINE, POLICY, Rules, line, network

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.findings import ScanResult

POLICY_FILE = pack() / "policy.toml"
LINES = (
    line("L1", "A", "B", quantity=5, amount="100", currency="EUR"),
    line("L2", "A", "B", shipped_on="2015-02-10"),
    line("L3", "B", "C", product_id="Y"),
)


@dataclass(frozen=True, slots=True)
class Office:
    """A workspace in a folder with a pack of its own."""

    folder: Path
    rules: Rules

    @property
    def path(self) -> Path:
        return self.folder / "channel.duckdb"

    def channel(self, **options: Any) -> Channel:
        return Channel.open(self.path, policy=self.folder / "pack", **options)

    def load(self, **tables: list[dict[str, Any]]) -> int:
        """Load rows; return the number of the load."""
        with open_workspace(self.path, write=True) as workspace:
            report = load_rows(workspace, tables, POLICY)
        assert not report.rejected
        return report.load

    def scan(self, **options: Any) -> dict[str, int]:
        """Scan, and leave a run; return the lines of each finding by its message's end."""
        with self.channel() as channel, channel.scan(**options) as result:
            return lines(result)

    def edit(self, before: str, after: str) -> None:
        """Change the policy."""
        file = self.folder / "pack" / "policy.toml"
        text = file.read_text("utf-8")
        assert before in text
        file.write_text(text.replace(before, after, 1), "utf-8")


def lines(result: ScanResult) -> dict[str, int]:
    return {
        f"{one.rule} {one.subject.id} {one.object.id if one.object else '-'}": one.lines
        for one in result.findings(waived=False)
    }


def office_in(folder: Path) -> Office:
    """Make an office with three lines, a rule over all lines, one over roles, one over partners."""
    rules = Rules(folder / "pack")
    rules.add("supply/any", severity="medium")
    gold = EVERY_LINE.replace("RETURN", "WHERE s.seller_role = 'gold' RETURN")
    rules.add("supply/gold", gold, severity="high")
    nodes = "MATCH (p:Partner) WHERE p.terminated_on < $as_of RETURN p.id AS subject"
    rules.add("data/terminated", nodes, severity="low", message="{subject} is terminated")
    (folder / "pack" / "policy.toml").write_bytes(POLICY_FILE.read_bytes())
    with create_workspace(folder / "channel.duckdb", POLICY) as workspace:
        load_rows(workspace, network(*LINES), POLICY)
    return Office(folder, rules)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Return an office of one's own."""
    return office_in(tmp_path)
