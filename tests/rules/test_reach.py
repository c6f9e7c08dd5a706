"""How far rows reach is proved from the query, and of any other form nothing is said."""

from __future__ import annotations

import pytest

from graphchannel.compiler import parse
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.rules.catalogue import read_rule
from graphchannel.rules.prepare import prepare
from graphchannel.rules.reach import LineReach, reach_of, reach_of_analysis

LINE = "MATCH (a:Party)-[s:SUPPLIED]->(b:Party) "
ROWS = " RETURN a.id AS subject, b.id AS object, s.id AS shipment"
SOME = "(b)-[t:SUPPLIED]->(a)"


@pytest.mark.parametrize(
    ("query", "reach"),
    [
        (LINE + ROWS, LineReach("line", "shipment", partners=False, days_only=True)),
        (
            LINE + "WHERE EXISTS { (a)-[:AUTHORIZED_IN]->(:Region) }" + ROWS,
            LineReach("line", "shipment", partners=False, days_only=True),
        ),
        (
            "MATCH (a:Party)-[h:HANDED_OVER]->(b:Party) RETURN h.shipment_id AS shipment",
            LineReach("line", "shipment", partners=False, days_only=True),
        ),
        (
            LINE + f"WHERE NOT EXISTS {{ MATCH {SOME} WHERE t.id < s.id }}" + ROWS,
            LineReach("pair", "shipment", partners=False, days_only=True),
        ),
        (
            LINE + "WHERE COUNT { (:Party)-[:SUPPLIED]->(b) } > 1" + ROWS,
            LineReach("party", "object", partners=False, days_only=True),
        ),
        (
            """MATCH (p:Partner) OPTIONAL MATCH (p)-[s:SUPPLIED]->(b) WHERE s.shipped_on <= $as_of
            WITH p, count(s) AS n WHERE n < 2 RETURN p.id AS subject, n""",
            LineReach("party", "subject", partners=True, days_only=True),
        ),
        (
            LINE + f"WHERE NOT EXISTS {{ MATCH {SOME} WHERE t.product_id = s.product_id }}" + ROWS,
            LineReach("pair", "shipment", partners=False, days_only=True, by_product=True),
        ),
        (  # of one product or another
            LINE
            + f"WHERE EXISTS {{ MATCH {SOME} WHERE t.product_id = s.product_id OR t.id < 'x' }}"
            + ROWS,
            LineReach("pair", "shipment", partners=False, days_only=True),
        ),
        (  # one of two lines of that name is of any product
            LINE
            + f"WHERE EXISTS {{ MATCH {SOME} WHERE t.product_id = s.product_id }}"
            + f" OR EXISTS {{ MATCH {SOME} WHERE t.quantity > 5 }}"
            + ROWS,
            LineReach("pair", "shipment", partners=False, days_only=True),
        ),
        (
            """MATCH (a:Partner)-[s:SUPPLIED]->(b:Party) WITH a, b, s, s.product_id AS product
            MATCH (c:Party)-[t:SUPPLIED]->(a) WHERE product = t.product_id
            RETURN a.id AS subject, [c.id, a.id, b.id] AS path, [t.id, s.id] AS shipments""",
            LineReach("party", "subject", partners=True, days_only=True, by_product=True),
        ),
        (  # the count is of all products
            """MATCH (a:Partner)-[s:SUPPLIED]->(b:Party) WITH a, b, count(s) AS n
            MATCH (c:Party)-[t:SUPPLIED]->(a) WHERE n > 1
            RETURN a.id AS subject, [c.id, a.id] AS path, [t.id] AS shipments""",
            LineReach("party", "subject", partners=True, days_only=True),
        ),
        (
            LINE + "WHERE s.shipped_on = $as_of" + ROWS,
            LineReach("line", "shipment", partners=False, days_only=False),
        ),
        (
            LINE + "WHERE a.terminated_on < $as_of AND s.shipped_on <= $as_of" + ROWS,
            LineReach("line", "shipment", partners=False, days_only=False),
        ),
        (
            f"{LINE}{ROWS} UNION ALL {LINE}WHERE s.quantity > 1{ROWS}",
            LineReach("line", "shipment", partners=False, days_only=True),
        ),
    ],
)
def test_what_is_proved(query: str, reach: LineReach) -> None:
    assert reach_of(parse(query)) == reach


@pytest.mark.parametrize(
    "query",
    [
        "MATCH (p:Partner) RETURN p.id AS subject",  # over no lines
        LINE + "RETURN a.name AS subject",  # which two parties may share
        LINE + "WITH a, count(s) AS n RETURN n AS shipment",
        LINE + "WITH s, a AS b, b AS a MATCH (c)-[t:SUPPLIED]->(a) RETURN a.id AS subject",
        LINE + f"MATCH (c)-[t:SUPPLIED]->(d) WHERE t.id < s.id{ROWS}",
        LINE + "MATCH (b)-[t:SUPPLIED]->(c) MATCH (c)-[u:SUPPLIED]->(d) RETURN b.id AS subject",
        LINE + f"WHERE EXISTS {{ (c)-[t:SUPPLIED]->(d) }}{ROWS}",
        LINE + f"WITH * LIMIT 5{ROWS}",
        LINE + f"WITH a, b, s ORDER BY s.id LIMIT 5{ROWS}",
        f"{LINE}{ROWS} LIMIT 5",
        "MATCH (a:Party)-[r:SUPPLIED|HANDED_OVER]->(b:Party) RETURN r.id AS shipment",
        "MATCH (a:Party)-[r:SUPPLIED*1..2]->(b:Party) RETURN a.id AS subject",
        LINE + f"WHERE COUNT {{ MATCH {SOME} RETURN DISTINCT t.product_id }} > 1{ROWS}",
        LINE + f"CALL (a) {{ MATCH (a)-[t:SUPPLIED]->(c) RETURN count(t) AS n }}{ROWS}",
        f"{LINE}{ROWS} UNION ALL {LINE}RETURN b.id AS subject, a.id AS object, 'x' AS shipment",
        # before the party is bound, its name means another
        """MATCH (p:Partner) WHERE EXISTS { (p)-[:SUPPLIED]->(h) }
        MATCH (p)-[t:SUPPLIED]->(h) RETURN h.id AS subject""",
        "OPTIONAL MATCH (a:Party)-[s:SUPPLIED]->(b:Party) RETURN s.id AS shipment",
    ],
)
def test_what_is_not_proved(query: str) -> None:
    assert reach_of(parse(query)) is None


@pytest.mark.parametrize(
    ("rule", "reach"),
    [
        ("paths/diverted", LineReach("product", "shipments", partners=False, days_only=True)),
        (
            "paths/out-exceeds-in",
            LineReach("party", "subject", partners=True, days_only=True, by_product=True),
        ),
        (
            "serials/handed-over-twice",
            LineReach("unit", "shipment", partners=False, days_only=True),
        ),
        ("serials/never-received", None),
    ],
)
def test_what_an_analysis_declares(rule: str, reach: LineReach | None) -> None:
    read = read_rule(pack() / f"{rule}.cypher", pack())
    assert prepare(read, load_policy(pack())).reach == reach


def test_rows_of_an_analysis_tell_line_and_product() -> None:
    rows = f"{LINE}RETURN a.id AS seller, s.id AS shipment"
    assert reach_of_analysis(parse(f"{rows}, s.product_id AS product"), "product")
    assert reach_of_analysis(parse(f"{rows}, s.document AS product"), "product") is None
    assert reach_of_analysis(parse(f"{LINE}RETURN s.product_id AS product"), "unit") is None
