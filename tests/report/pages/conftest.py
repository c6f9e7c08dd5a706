"""One report of a small channel, with names that would do harm if they were not text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphchannel import Channel
from graphchannel.ingest import load_rows
from graphchannel.report.pages.page import report_page
from tests.findings.network import POLICY, Rules, line, network

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.channel.report_facts import ReportFacts

SCRIPT = "</script><script>window.caught=1</script>"
FORMULA = '=HYPERLINK("http://evil.example")'
TURNED = "Turned\u202eemaN <img src=x onerror=window.caught=1>"
LONG = "Long" * 2560
PATHS = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)-[t:SUPPLIED]->(c:Party)
RETURN [a.id, b.id, c.id] AS path, [s.id, t.id] AS shipments, 1 AS broken_at"""


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Channel:
    """Return a channel with lines, a path, a waiver, rules over nodes, one that cannot judge."""
    pack = tmp_path_factory.mktemp("report") / "pack"
    rules = Rules(pack)
    rules.add("supply/any", severity="critical", message="{subject} supplied {object}")
    rules.add("paths/two", PATHS, message="{path}")
    rules.add(
        "data/hostile",
        "MATCH (p:Partner) WHERE p.name STARTS WITH 'L' RETURN p.id AS subject, p.name AS name",
        severity="info",
        message="{subject}",
    )
    rules.add("coverage/none", "MATCH (c:City) RETURN c.id AS subject", message="{subject}")
    from graphchannel.resources import pack as shipped  # noqa: PLC0415 - a fixture of the same name

    for name in ("policy.toml", "clauses.toml"):
        (pack / name).write_bytes((shipped() / name).read_bytes())
    opened = Channel.open(None, policy=pack)
    load_rows(opened._opening.workspace, hostile_network(), POLICY)
    return opened


def hostile_network() -> dict[str, Any]:
    """Return tables whose names are scripts, formulas, turned around, and long."""
    tables = network(
        line("L1", "A", "B", quantity=5, amount="1250.5", currency="EUR", document=FORMULA),
        line("L2", "B", "C", quantity=3, amount="33", currency="EUR", shipped_on="2015-02-01"),
        line("L3", "B", "C", quantity=3, amount="7", currency="USD", shipped_on="2015-02-02"),
        certifications=[
            {"holder_id": "A", "role": "vap", "issuer_id": "V", "valid_from": "2014-01-01"}
        ],
        waivers=[
            {
                "rule": "supply/any",
                "subject_id": "B",
                "valid_from": "2015-02-02",
                "valid_to": "2015-12-31",
                "approver": SCRIPT,
                "reason": FORMULA,
            }
        ],
    )
    names = {"A": SCRIPT, "B": TURNED, "C": LONG}
    for partner in tables["partners"]:
        partner["name"] = names[partner["id"]]
    tables["partners"].append({"id": "F", "name": FORMULA, "country": "DE"})
    return tables


@pytest.fixture(scope="session")
def facts(channel: Channel) -> ReportFacts:
    """Return what a report of the channel says."""
    return channel.report()


@pytest.fixture(scope="session")
def page(facts: ReportFacts, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the report without charts."""
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(report_page(facts, {}), "utf-8")
    return file
