"""Findings over paths: what counts, which path is shown, and rules with an analysis."""

from __future__ import annotations

import sys
from datetime import date
from types import ModuleType
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphchannel.analysis.contract import Projection, analysis
from graphchannel.findings import ScanOptions, scan
from graphchannel.findings.model import CameThrough, Reached, Ref
from graphchannel.rules.check import check_rules
from tests.findings.network import POLICY, Rules, line, loaded, network, scanned
from tests.rules.cases import with_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

TWO_HOPS = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)-[t:SUPPLIED]->(c:Party)
WHERE s.shipped_on <= t.shipped_on
RETURN [a.id, b.id, c.id] AS path, [s.id, t.id] AS shipments, b.id AS subject, 2 AS broken_at"""
BY_D = """MATCH (a:Party)-[s:SUPPLIED]->(b:Party)-[t:SUPPLIED]->(c:Party)
      -[u:SUPPLIED]->(d:Party)-[v:SUPPLIED]->(e:Party)
WHERE a.id = 'A' AND c.id = 'D'
  AND s.product_id = t.product_id AND t.product_id = u.product_id AND u.product_id = v.product_id
  AND s.shipped_on <= t.shipped_on AND t.shipped_on <= u.shipped_on AND u.shipped_on <= v.shipped_on
RETURN [a.id, b.id, c.id, d.id, e.id] AS path, [s.id, t.id, u.id, v.id] AS shipments,
       b.id AS subject, 2 AS broken_at"""
LINES = (
    line("L1", "A", "B", quantity=5, amount="50", currency="EUR"),
    line("L2", "B", "C", quantity=3, amount="33", currency="EUR", shipped_on="2015-01-12"),
    line("L3", "A", "B", quantity=7, amount="70", currency="EUR", shipped_on="2015-01-11"),
)


def test_goods_count_where_they_arrived(rules: Rules) -> None:
    rules.add("paths/two", TWO_HOPS, message="{path}: {lines} lines, {quantity} units")
    (finding,) = scanned(rules, network(*LINES)).findings()
    assert finding.message == "Alpha → Beta ✗→ Gamma: 3 lines, 3 units"
    assert {currency: str(amount) for currency, amount in finding.amount.items()} == {
        "EUR": "33.0000"
    }
    assert (finding.first, finding.last) == (date(2015, 1, 10), date(2015, 1, 12))
    assert (finding.subject.id, finding.object.id if finding.object else "") == ("B", "C")


def test_the_first_of_the_shortest_paths_is_shown(rules: Rules) -> None:
    rules.add("paths/two", TWO_HOPS, message="{path}")
    (finding,) = scanned(rules, network(*LINES)).findings()
    path = finding.path
    assert path is not None
    assert (path.shipments, path.broken_at, path.paths) == (("L1", "L2"), 2, 2)
    assert [party.id for party in path.parties] == ["A", "B", "C"]
    assert [row["shipment"] for row in finding.evidence] == ["L1", "L2"]
    assert (path.certainty, path.bounds) == ("possible", ())
    assert path.arrived == Reached(0, 3, 12, Ref("party", "C", "Gamma"))


def test_a_path_of_the_product_whose_goods_can_have_arrived_is_shown(rules: Rules) -> None:
    same = "WHERE a.id = 'A' AND s.product_id = t.product_id AND"
    rules.add("paths/two", TWO_HOPS.replace("WHERE", same), message="{path}")
    tables = network(
        line("L1", "A", "B"),
        line("L2", "B", "A", shipped_on="2015-01-11"),  # B has none of A's left
        line("L3", "C", "B", shipped_on="2015-01-12"),
        line("L4", "B", "C", shipped_on="2015-01-13"),
        line("L5", "A", "B", product_id="Y"),
        line("L6", "B", "C", product_id="Y", shipped_on="2015-01-13"),
    )
    policy = with_parameters(POLICY, {"opening_stock": 0})
    result = scan(loaded(tables), rules.catalogue(policy), ScanOptions())
    ways = {
        one.object and one.object.id: one.path and one.path.shipments for one in result.findings()
    }
    assert ways == {"A": ("L1", "L2"), "C": ("L5", "L6")}


def test_the_path_that_is_shown_instead_goes_between_parties_that_the_rule_gives(
    rules: Rules,
) -> None:
    rules.add("paths/by-d", BY_D, message="{path}")
    hops = (("A", "B"), ("B", "D"), ("D", "C"), ("C", "E"))
    tables = network(
        *(
            line(f"{product}{n}", *hop, product_id=product, shipped_on=f"2015-01-{20 + 2 * n}")
            for product in "XY"
            for n, hop in enumerate(hops)
        ),
        *(
            line(f"{product}-{to}", "V", to, product_id=product, shipped_on="2015-01-19")
            for product in "XY"
            for to in "BDC"
        ),
        line("X-back", "B", "A", quantity=2, shipped_on="2015-01-21"),  # B has none of A's left
        line("X-other", "V", "B", shipped_on="2015-01-22"),
        line("Y-short", "B", "C", product_id="Y", shipped_on="2015-01-22"),
    )
    tables["partners"] += [{"id": id_, "name": id_} for id_ in "DE"]
    policy = with_parameters(POLICY, {"opening_stock": 0})
    (finding,) = scan(loaded(tables), rules.catalogue(policy), ScanOptions()).findings()
    assert finding.path is not None
    assert finding.path.shipments == ("Y0", "Y1", "Y2", "Y3")


@pytest.mark.parametrize(
    ("product", "rule_says", "certainty"),
    [
        ("X", "possible", "proved"),
        ("Y", "possible", "possible"),  # another product counts its units anew
        ("X", "implied", "implied"),  # the rule knows better
    ],
)
def test_a_unit_on_all_lines_proves_a_path_that_is_possible(
    rules: Rules, product: str, rule_says: str, certainty: str
) -> None:
    rules.add("paths/two", f"{TWO_HOPS}, '{rule_says}' AS certainty", message="{certainty}")
    lines = [line("L1", "A", "B"), line("L2", "B", "C", product_id=product)]
    serials = [{"shipment_id": id_, "serial": "S1"} for id_ in ("L1", "L2")]
    (finding,) = scanned(rules, network(*lines, serials=serials)).findings()
    assert (finding.message, finding.path and finding.path.certainty) == (certainty, certainty)


def test_a_path_is_in_scope_when_its_goods_arrive_there(rules: Rules) -> None:
    rules.add("paths/two", TWO_HOPS, message="{path}")
    tables = network(*LINES)
    late = scanned(rules, tables, since=date(2015, 1, 12))
    assert [finding.lines for finding in late.findings()] == [3]
    early = scanned(rules, tables, until=date(2015, 1, 11))
    assert list(early.findings()) == []


def test_a_waiver_covers_a_path_by_its_last_hop(rules: Rules) -> None:
    rules.add("paths/two", TWO_HOPS, message="{path}")
    waiver = {
        "rule": "paths/two",
        "subject_id": "B",
        "valid_from": "2015-01-12",
        "valid_to": "2015-01-12",
        "approver": "Head",
        "reason": "agreed",
    }
    (finding,) = scanned(rules, network(*LINES, waivers=[waiver])).findings()
    assert (finding.status, finding.waived_lines) == ("waived", 1)


def test_a_path_may_begin_with_another_product_after_the_day_of_the_scan(rules: Rules) -> None:
    rules.add("paths/two", TWO_HOPS.replace("<=", ">="), message="{path}: {certainty}")
    lines = [line("L1", "A", "B", shipped_on="2015-03-01", product_id="Y"), line("L2", "B", "C")]
    (finding,) = scanned(rules, network(*lines), as_of=date(2015, 2, 1)).findings()
    assert finding.message == "Alpha → Beta ✗→ Gamma: possible"


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ("[s.id, s.id] AS shipments", "without one shipment for each hop"),
        ("[s.id] AS shipments, 2 AS broken_at", "with a broken_at that is the number of no hop"),
        ("[s.id] AS shipments, 0 AS broken_at", "with a broken_at that is the number of no hop"),
        ("[s.id] AS shipments, 'sure' AS certainty", "with a certainty that is none of proved, "),
        ("[s.id] AS shipments, null AS certainty", "with a certainty that is none of proved, "),
    ],
)
def test_a_path_that_is_none_fails_the_rule(rules: Rules, columns: str, fault: str) -> None:
    rules.add(
        "paths/odd",
        f"MATCH (a:Party)-[s:SUPPLIED]->(b:Party) RETURN [a.id, b.id] AS path, {columns}",
        message="{path}",
    )
    result = scanned(rules, network(line("L1", "A", "B")))
    (outcome,) = result.outcomes
    assert outcome.status == "error"
    assert outcome.reason is not None
    assert outcome.reason.startswith(f"paths/odd.cypher returned 1 path {fault}")


@pytest.fixture
def sample() -> Iterator[str]:
    """Return the name of a module below `network` with two analyses, there for this test only."""
    module = ModuleType("graphchannel.analysis.goods.sample_of_tests")

    @analysis(needs=("seller", "units"), returns=("subject", "units"), uses=("sell_off_days",))
    def sellers(projection: Projection) -> pa.Table:
        return projection.table(
            f"SELECT seller AS subject, sum(units)::BIGINT AS units FROM {projection.relation} "
            "GROUP BY seller HAVING sum(units) > $least ORDER BY seller",
            least=projection.parameters["sell_off_days"],
        )

    @analysis(
        needs=("id",),
        returns=("path", "shipments", "broken_at", "certainty", "bounds", "units"),
    )
    def ways(projection: Projection) -> pa.Table:
        assert projection.rows() != []
        return pa.table(
            {
                "path": [["A", "B", "C"]],
                "shipments": [["L1", "L2"]],
                "broken_at": [2],
                "certainty": ["implied"],
                "bounds": [[{"party": "A", "least": 1, "most": 3, "of": 3}]],
                "units": [3],
            }
        )

    @analysis(needs=(), returns=("subject",))
    def wrong(projection: Projection) -> pa.Table:
        return projection.table()

    vars(module).update(sellers=sellers, ways=ways, wrong=wrong)
    sys.modules[module.__name__] = module
    yield "goods.sample_of_tests"
    del sys.modules[module.__name__]


PROJECTION = (
    "MATCH (a:Party)-[s:SUPPLIED]->() RETURN a.id AS seller, s.quantity AS units, s.id AS id"
)


def test_an_analysis_makes_findings_of_a_projection(rules: Rules, sample: str) -> None:
    rules.add(
        "paths/sellers",
        PROJECTION,
        message="{subject} sold {units} units",
        more=f"// @analysis {sample}:sellers\n",
    )
    result = scanned(rules, network(*LINES))
    assert [finding.message for finding in result.findings()] == [
        "Alpha sold 12 units",
        "Beta sold 3 units",
    ]
    assert [finding.subject.kind for finding in result.findings()] == ["party", "party"]


def test_an_analysis_may_tell_paths_certainty_and_bounds(rules: Rules, sample: str) -> None:
    rules.add(
        "paths/ways",
        PROJECTION,
        message="{path}: {units} units, {certainty}",
        more=f"// @analysis {sample}:ways\n",
    )
    (finding,) = scanned(rules, network(*LINES)).findings()
    assert finding.message == "Alpha → Beta ✗→ Gamma: 3 units, implied"
    assert finding.path is not None
    assert [str(bound) for bound in finding.path.bounds] == [
        "between 1 and 3 of the 3 units came through Alpha"
    ]


@pytest.mark.parametrize(
    ("query", "function", "reason"),
    [
        (
            "MATCH (a:Party) RETURN a.id AS sellers, 1 AS units",
            "sellers",
            "needs the column 'seller', which the query does not return (has: sellers, units).",
        ),
        (PROJECTION, "seller", "has no analysis 'seller' (has: sellers, ways, wrong)."),
        (PROJECTION, "wrong", "The analysis wrong returned the columns seller, units, id; it"),
    ],
)
def test_a_wrong_analysis_says_why(
    rules: Rules, sample: str, query: str, function: str, reason: str
) -> None:
    rules.add("paths/wrong", query, message="{subject}", more=f"// @analysis {sample}:{function}\n")
    (outcome,) = scanned(rules, network(*LINES)).outcomes
    assert outcome.status == "error"
    assert reason in (outcome.reason or "")


def test_checking_a_rule_runs_its_analysis(rules: Rules, sample: str) -> None:
    for function in ("sellers", "wrong"):
        more = f"// @analysis {sample}:{function}\n"
        rules.add(f"paths/{function}", PROJECTION, message="{subject}", more=more)
    (_, good), (_, bad) = check_rules(rules.folder, POLICY)
    assert good is None
    assert "it declares subject." in (bad or "")


def test_an_unknown_module_is_named(rules: Rules) -> None:
    rules.add("paths/none", PROJECTION, message="{subject}", more="// @analysis goods.nix:nix\n")
    (outcome,) = scanned(rules, network(*LINES)).outcomes
    assert outcome.reason == ("paths/none.cypher: @analysis names 'goods.nix', which is no module.")


def test_units_of_several_products_are_told_together(rules: Rules) -> None:
    ways = TWO_HOPS.replace("RETURN", "AND a.id = 'A' AND s.product_id = t.product_id RETURN")
    rules.add("paths/two", ways)
    lines = [
        line(f"{product}{day}", *ends, product_id=product, quantity=units, shipped_on=day)
        for product, units in (("X", 5), ("Y", 2))
        for ends, day in (("CA", "2015-01-09"), ("AB", "2015-01-10"), ("BC", "2015-01-11"))
    ]
    (finding,) = scanned(rules, network(*lines)).findings()
    assert finding.path is not None
    gamma = Ref("party", "C", "Gamma")
    assert finding.path.arrived == Reached(0, 7, 7, gamma)
    assert finding.path.bounds == (CameThrough(0, 7, 7, gamma),)


@pytest.mark.parametrize(("broken_at", "most"), [(1, 5), (2, 3)])
def test_goods_that_left_the_policy_later_may_have_arrived_in_order(
    rules: Rules, broken_at: int, most: int
) -> None:
    rules.add(
        "paths/sold",
        f"""MATCH (a:Party)-[s:SUPPLIED]->(b:Party)-[t:SUPPLIED {{id: 'L2'}}]->(c:EndUser)
        RETURN [a.id, b.id, c.id] AS path, [s.id, t.id] AS shipments, {broken_at} AS broken_at,
               CASE WHEN a.id = c.id THEN c.id END AS object""",
        message="{path}",
    )
    lines = [
        line("L1", "A", "B", quantity=5),
        line("L2", "B", "E", quantity=3, shipped_on="2015-01-12"),
        line("L3", "B", "F", quantity=3, shipped_on="2015-01-12"),
    ]
    end_users = [{"id": id_, "name": f"End {id_}"} for id_ in ("E", "F")]
    (finding,) = scanned(rules, network(*lines, end_users=end_users)).findings()
    assert finding.object is None
    assert finding.path is not None
    assert finding.path.arrived == Reached(0, most, 5, None)


@pytest.mark.parametrize(
    ("least", "most", "of", "said"),
    [
        (40, 65, 90, "between 40 and 65 of the 90 units reached Gamma"),
        (0, 1065, 1090, "up to 1,065 of the 1,090 units reached Gamma"),
        (65, 65, 90, "65 of the 90 units reached Gamma"),
        (90, 90, 90, "all 90 units reached Gamma"),
        (0, 0, 90, "none of the 90 units reached Gamma"),
        (0, 1, 1, "perhaps the one unit reached Gamma"),
        (1, 1, 1, "the one unit reached Gamma"),
        (0, 0, 1, "not the one unit reached Gamma"),
    ],
)
def test_units_are_told_as_people_would(least: int, most: int, of: int, said: str) -> None:
    assert str(Reached(least, most, of, Ref("party", "C", "Gamma"))) == said
