from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from graphchannel.report.formats import format_named
from tests.findings.network import Rules, line, network, scanned

if TYPE_CHECKING:
    from graphchannel.findings import ScanResult
    from graphchannel.report.document import Document


def printed(document: Document, name: str = "table") -> str:
    """Return a document in a format of text."""
    stream = io.StringIO()
    format_named(name).write(document, stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ScanResult:
    """Return a scan with lines, nodes, odd names, two currencies, a waiver and failing rules."""
    rules = Rules(tmp_path_factory.mktemp("report") / "rules")
    rules.add("supply/any", more="// @population ()-[s:SUPPLIED]->()\n")
    rules.add(
        "data/formula",
        "MATCH (p:Partner) WHERE p.id = 'D' RETURN p.id AS subject, p.name AS name",
        severity="info",
        message="{subject}",
    )
    rules.add("coverage/none", "MATCH (c:City) RETURN c.id AS subject", message="{subject}")
    rules.add("supply/wrong", "MATCH (p:Partnr) RETURN p.id AS subject", message="{subject}")
    waiver = {
        "rule": "supply/any",
        "subject_id": "B",
        "valid_from": "2015-01-01",
        "valid_to": "2015-12-31",
        "approver": "Head",
        "reason": "agreed",
    }
    tables = network(
        line("L1", "A", "B", quantity=2, amount="12.5", currency="EUR"),
        line("L2", "A", "B", amount="0.0001", currency="USD", shipped_on="2015-02-01"),
        line("L3", "B", "C"),
        waivers=[waiver, waiver | {"subject_id": "C"}],
    )
    tables["partners"].append({"id": "D", "name": '=HYPERLINK("x")'})
    return scanned(rules, tables)
