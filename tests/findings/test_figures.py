"""Rules that return their lines' figures find what the join with the shipments finds."""

from __future__ import annotations

import io
import random
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from graphchannel.compiler import parse
from graphchannel.engines import DuckDBEngine
from graphchannel.findings import ScanOptions, collect, scan
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import json as json_format
from graphchannel.rules.query_facts import line_variable
from tests.findings.network import EVERY_LINE, line, loaded, network

if TYPE_CHECKING:
    from tests.findings.network import Rules

QUERIES = {
    "supply/plain": EVERY_LINE,
    "supply/twice": "MATCH (a:Party)-[x:SUPPLIED]->(b:Party), (c:Product) WHERE c.id <> 'Z' "
    "RETURN a.id AS subject, b.id AS object, x.id AS shipment",
    "supply/twice-with-evidence": "MATCH (a:Party)-[x:SUPPLIED]->(b:Party), (c:Product) "
    "RETURN a.id AS subject, b.id AS object, x.id AS shipment, c.id AS product",
}


@pytest.mark.parametrize("options", [{}, {"product": "Y"}, {"since": date(2015, 1, 11)}])
def test_both_ways_find_the_same(
    rules: Rules, monkeypatch: pytest.MonkeyPatch, options: dict[str, object]
) -> None:
    for id_, query in QUERIES.items():
        rules.add(id_, query)
    dice = random.Random(7)  # noqa: S311 - no secret
    amounts = [Decimal(dice.randrange(10**15)).scaleb(-dice.randrange(5)) for _ in range(300)]
    lines = [
        line(
            f"L{n}",
            dice.choice("AB"),
            dice.choice("CV"),
            amount=None if n % 7 == 0 else str(min(amount, Decimal("99999999999.9999"))),
            currency=dice.choice(["EUR", "USD", None]),
            product_id=dice.choice("XY"),
            shipped_on=f"2015-01-{dice.randrange(10, 13)}",
        )
        for n, amount in enumerate(amounts)
    ]
    workspace = loaded(network(*lines))
    assert collect.figures_are_exact(workspace.connection)
    scan_options = ScanOptions(as_of=date(2015, 1, 12), **options)  # type: ignore[arg-type]  # cases
    texts = []
    for exact in (True, False):
        monkeypatch.setattr(collect, "figures_are_exact", lambda _, exact=exact: exact)
        stream = io.StringIO()
        result = scan(workspace, rules.catalogue(), scan_options)
        json_format.write(scan_document(result, top=1), stream)
        hits = result.session.connection.execute("SELECT count(*) FROM scan_hit").fetchall()
        assert (hits == [(0,)]) == exact
        texts.append(stream.getvalue())
    assert texts[0] == texts[1]


def test_the_embedded_engine_may_be_named(rules: Rules) -> None:
    rules.add("supply/any")
    workspace = loaded(network(line("L1", "A", "B")))
    engine = DuckDBEngine(workspace.connection)
    result = scan(workspace, rules.catalogue(), engine=engine)
    (finding,) = result.findings()
    assert finding.lines == 1
    hits = result.session.connection.execute("SELECT count(*) FROM scan_hit").fetchall()
    assert hits == [(0,)], "the lines were looked up one by one"


def test_large_amounts_are_looked_up(rules: Rules) -> None:
    rules.add("supply/any")
    amount = "99999999999999.9999"
    workspace = loaded(network(line("L1", "A", "B", amount=amount, currency="IRR")))
    assert not collect.figures_are_exact(workspace.connection)
    (finding,) = scan(workspace, rules.catalogue()).findings()
    assert finding.amount == {"IRR": Decimal(amount)}


@pytest.mark.parametrize(
    ("query", "variable"),
    [
        (EVERY_LINE, "s"),
        (
            "MATCH ()-[x:SUPPLIED]->() WHERE EXISTS { ()-[:RATED]->() } RETURN x.id AS shipment",
            "x",
        ),
        ("MATCH ()-[x:SUPPLIED]->() RETURN x.id AS line", None),
        ("MATCH ()-[x:SUPPLIED]->() RETURN x.document AS shipment", None),
        ("MATCH (x:Party)-[:SUPPLIED]->() RETURN x.id AS shipment", None),
        ("MATCH ()-[x:RATED]->() RETURN x.id AS shipment", None),
        ("OPTIONAL MATCH ()-[x:SUPPLIED]->() RETURN x.id AS shipment", None),
        ("MATCH ()-[x:SUPPLIED]->() RETURN x.id AS shipment, count(*) AS n", None),
        ("MATCH ()-[x:SUPPLIED]->() RETURN DISTINCT x.id AS shipment", None),
        ("MATCH ()-[x:SUPPLIED]->() RETURN x.id AS shipment ORDER BY shipment", None),
        (f"{EVERY_LINE} UNION {EVERY_LINE}", None),
    ],
)
def test_the_variable_of_a_line(query: str, variable: str | None) -> None:
    assert line_variable(parse(query)) == variable
