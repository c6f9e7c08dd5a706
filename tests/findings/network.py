"""A small network and rules written for a test, loaded and scanned like real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.rules.catalogue import Catalogue, read_rule
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.findings import ScanResult
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

HEADER = """\
// @name      {name}
// @section   3.1
// @severity  {severity}
// @message   {message}
{more}//
// The reason of {name}.
"""
MESSAGE = "{subject} supplied {object}: {lines} lines, {quantity} units"
EVERY_LINE = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)
RETURN a.id AS subject, b.id AS object, s.id AS shipment"""
POLICY = load_policy(pack())


def line(id_: str, seller: str, buyer: str, **values: Any) -> dict[str, Any]:
    """Return a shipment with everything that a test does not care about filled in."""
    return {
        "id": id_,
        "shipped_on": "2015-01-10",
        "seller_id": seller,
        "buyer_id": buyer,
        "product_id": "X",
        "quantity": 1,
    } | values


def network(*lines: dict[str, Any], **tables: list[dict[str, Any]]) -> dict[str, Any]:
    """Return tables: three partners, two products, one of everything that lines refer to."""
    base: dict[str, Any] = {
        "vendors": [{"id": "V", "name": "Vendor"}],
        "partners": [
            {"id": "A", "name": "Alpha", "country": "DE"},
            {"id": "B", "name": "Beta", "country": "FR"},
            {"id": "C", "name": "Gamma", "country": "DE"},
        ],
        "products": [{"id": "X", "name": "Router"}, {"id": "Y", "name": "Switch"}],
        "shipments": list(lines),
    }
    return base | tables


@dataclass(frozen=True, slots=True)
class Rules:
    """A folder of rules that a test writes."""

    folder: Path

    def add(
        self,
        id_: str,
        query: str = EVERY_LINE,
        *,
        severity: str = "high",
        message: str = MESSAGE,
        more: str = "",
    ) -> None:
        """Write a rule; `more` are further header lines."""
        file = self.folder / f"{id_}.cypher"
        file.parent.mkdir(parents=True, exist_ok=True)
        header = HEADER.format(name=id_, severity=severity, message=message, more=more)
        file.write_text(f"{header}{query}\n", "utf-8")

    def catalogue(self, policy: Policy = POLICY) -> Catalogue:
        """Read the rules that were written."""
        rules = [read_rule(file, self.folder) for file in sorted(self.folder.rglob("*.cypher"))]
        return Catalogue(policy, tuple(sorted(rules, key=lambda rule: (rule.rank, rule.id))))


def loaded(tables: dict[str, Any]) -> Workspace:
    """Return a workspace in memory with the tables; a rejected row fails the test."""
    workspace = create_workspace(None, POLICY)
    report = load_rows(workspace, tables, POLICY)
    assert report.rejected == 0, report
    return workspace


def scanned(rules: Rules, tables: dict[str, Any], **options: Any) -> ScanResult:
    """Load the tables and run the rules."""
    return scan(loaded(tables), rules.catalogue(), ScanOptions(**options))
