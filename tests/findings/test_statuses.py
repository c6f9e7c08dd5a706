"""What becomes of a rule: evaluated, not evaluated and why, off, error."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.engines import DuckDBEngine, Query, SelectableRows
from graphchannel.errors import GraphChannelError, InputError, ServerLost
from graphchannel.findings import ScanOptions, scan
from graphchannel.findings.tables import ScanTables
from graphchannel.policy import RuleSetting
from graphchannel.resources import pack
from tests.findings.network import EVERY_LINE, POLICY, line, loaded, network, scanned

if TYPE_CHECKING:
    from graphchannel.findings import RuleOutcome
    from tests.findings.network import Rules

POLICY_FILE = pack() / "policy.toml"
NODES = "MATCH (p:Partner) WHERE {0} RETURN p.id AS subject"
ABOUT = "{subject} is odd"


def outcome(rules: Rules, *lines: dict[str, Any], **tables: Any) -> RuleOutcome:
    (only,) = scanned(rules, network(*(lines or (line("L1", "A", "B"),)), **tables)).outcomes
    return only


def test_an_evaluated_rule_counts(rules: Rules) -> None:
    rules.add("supply/any", more="// @population (:Party)-[s:SUPPLIED]->(:Party)\n")
    result = scanned(
        rules, network(line("L1", "A", "B"), line("L2", "A", "B"), line("L3", "B", "C"))
    )
    (found,) = result.outcomes
    assert (found.status, found.findings, found.lines, found.population) == ("evaluated", 2, 3, 3)
    assert found.reason is None
    assert not result.failed


def test_a_rule_that_finds_nothing_counts_nothing(rules: Rules) -> None:
    rules.add("supply/any")
    rules.add("supply/none", EVERY_LINE.replace("RETURN", "WHERE s.quantity > 9 RETURN"))
    result = scanned(rules, network(line("L1", "A", "B")))
    counts = [(one.id, one.findings, one.waived, one.lines) for one in result.outcomes]
    assert counts == [("supply/any", 1, 0, 1), ("supply/none", 0, 0, 0)]


def test_what_several_rules_look_at_is_counted_once(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, many = "(:Party {id: 'A'})-[:SUPPLIED]->()", "(:Party)-[:SUPPLIED]->()"
    for name, counts in (("one", few), ("other", many), ("same", few)):
        rules.add(f"supply/{name}", more=f"// @population {counts}\n")
    asked: list[str] = []
    rows = ScanTables.rows

    def noting(tables: ScanTables, query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        asked.append(query)
        return rows(tables, query, parameters)

    monkeypatch.setattr(ScanTables, "rows", noting)
    result = scanned(rules, network(line("L1", "A", "B"), line("L2", "B", "C")))
    assert [found.population for found in result.outcomes] == [1, 2, 1]
    assert sum(query.startswith("SELECT population") for query in asked) == 2


def test_an_unset_parameter_leaves_a_rule_unevaluated(rules: Rules) -> None:
    rules.add("data/few", NODES.format("p.employees < $minimum_employees"), message=ABOUT)
    found = outcome(rules)
    assert found.status == "not_evaluated"
    assert found.reason == "The policy sets no minimum_employees."


@pytest.mark.parametrize(("employees", "status"), [(None, "not_evaluated"), (10, "evaluated")])
def test_optional_parameters_need_one_that_is_set(
    rules: Rules, employees: int | None, status: str
) -> None:
    rules.add(
        "data/small",
        NODES.format("p.employees < $minimum_employees OR p.capital < $minimum_capital"),
        message=ABOUT,
        more="// @optional minimum_employees, minimum_capital\n",
    )
    parameters = dict(POLICY.parameters)
    changed = replace(parameters["minimum_employees"], value=employees)
    parameters["minimum_employees"] = changed
    catalogue = rules.catalogue(replace(POLICY, parameters=MappingProxyType(parameters)))
    tables = network(line("L1", "A", "B"))
    tables["partners"][0]["employees"] = 5
    result = scan(loaded(tables), catalogue)
    assert result.outcomes[0].status == status
    assert result.outcomes[0].findings == (1 if status == "evaluated" else 0)


def test_a_table_without_rows_leaves_a_rule_unevaluated(rules: Rules) -> None:
    rules.add(
        "coverage/none", NODES.format("NOT EXISTS { (p)-[:HAS_BRANCH]->(:City) }"), message=ABOUT
    )
    found = outcome(rules)
    assert (found.status, found.reason) == (
        "not_evaluated",
        "Nothing is loaded into branches.",
    )


def test_an_empty_relation_of_a_table_with_rows_is_evaluated(rules: Rules) -> None:
    rules.add(
        "coverage/leaf",
        "MATCH (r:Region) WHERE r.id <> '*' AND NOT EXISTS { (:Region)-[:PART_OF]->(r) } "
        "RETURN r.id AS subject",
        message=ABOUT,
    )
    found = outcome(rules, regions=[{"id": "DE", "name": "Germany"}])
    assert (found.status, found.findings) == ("evaluated", 1)


def test_an_empty_population_leaves_a_rule_unevaluated(rules: Rules) -> None:
    rules.add(
        "supply/any", more="// @population ()-[s:SUPPLIED]->() WHERE s.seller_role = 'platinum'\n"
    )
    found = outcome(rules)
    assert (found.status, found.population) == ("not_evaluated", 0)
    assert "seller_role = 'platinum'" in (found.reason or "")


def test_a_rule_that_the_policy_switches_off_is_off(rules: Rules) -> None:
    rules.add("supply/any")
    catalogue = rules.catalogue()
    off = replace(catalogue, rules=tuple(replace(rule, enabled=False) for rule in catalogue.rules))
    result = scan(loaded(network(line("L1", "A", "B"))), off)
    assert (result.outcomes[0].status, result.count()) == ("off", 0)


def test_a_failing_rule_does_not_stop_the_others(rules: Rules) -> None:
    rules.add("supply/any")
    rules.add("supply/broken", "MATCH (p:Partnr) RETURN p.id AS subject", message=ABOUT)
    result = scanned(rules, network(line("L1", "A", "B")))
    statuses = {found.id: found.status for found in result.outcomes}
    assert statuses == {"supply/any": "evaluated", "supply/broken": "error"}
    assert result.failed
    assert result.count() == 1
    broken = next(found for found in result.outcomes if found.status == "error")
    assert "supply/broken.cypher:7:10" in (broken.reason or "")


def test_a_server_that_is_lost_is_asked_once(rules: Rules) -> None:
    asked: list[str] = []

    class Lost(DuckDBEngine):
        def source(self, query: Query, _: object) -> SelectableRows:
            asked.append(query.name)
            raise ServerLost("db:7687 cannot be reached.")

    for name in ("one", "two"):
        rules.add(f"supply/{name}")
    with loaded(network(line("L1", "A", "B"))) as workspace:
        engine = Lost(workspace.connection)
        with pytest.raises(ServerLost, match="cannot be reached"):
            scan(workspace, rules.catalogue(), engine=engine)
    assert len(asked) == 1


def test_a_shipment_that_is_no_shipment_is_an_error(rules: Rules) -> None:
    rules.add(
        "supply/document",
        "MATCH (a:Party)-[s:SUPPLIED]->(b:Party) "
        "RETURN a.id AS subject, b.id AS object, s.document AS shipment",
    )
    result = scanned(rules, network(line("L1", "A", "B", document="D1"), line("L2", "A", "B")))
    assert result.outcomes[0].status == "error"
    assert "2 lines" in (result.outcomes[0].reason or "")
    assert result.count() == 0


def test_a_row_without_a_subject_is_an_error(rules: Rules) -> None:
    rules.add("data/city", "MATCH (p:Partner) RETURN p.city_id AS subject", message=ABOUT)
    found = outcome(rules)
    assert found.status == "error"
    assert "returned rows without a subject" in (found.reason or "")


def test_a_setting_for_no_rule_is_said(rules: Rules) -> None:
    from graphchannel.rules.catalogue import load_catalogue  # noqa: PLC0415 - only here

    rules.add("supply/any")
    text = (POLICY_FILE.read_text("utf-8")) + '\n[rules."supply/anny"]\nenabled = false\n'
    (rules.folder / "policy.toml").write_text(text, "utf-8")
    catalogue = load_catalogue(rules.folder)
    assert catalogue.policy.rules["supply/anny"] == RuleSetting(enabled=False)
    (notice,) = catalogue.notices
    assert 'sets rules."supply/anny", and there is no such rule.' in notice
    assert "Did you mean 'supply/any'?" in notice


def test_lines_after_the_as_of_day_do_not_count(rules: Rules) -> None:
    rules.add("supply/any")
    lines = [line(f"L{day}", "A", "B", shipped_on=f"2015-01-{day}") for day in (10, 11, 12, 13)]
    tables = network(*lines)
    options = {"as_of": date(2015, 1, 12), "since": date(2015, 1, 11)}
    assert [f.lines for f in scanned(rules, tables, **options).findings()] == [2]
    until = {"until": date(2015, 1, 11)} | {"as_of": date(2015, 1, 12)}
    assert [f.lines for f in scanned(rules, tables, **until).findings()] == [2]
    beyond = {"until": date(2015, 1, 13), "as_of": date(2015, 1, 11)}
    assert [f.lines for f in scanned(rules, tables, **beyond).findings()] == [2]
    assert scanned(rules, tables).as_of == date(2015, 1, 13)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"until": date(2014, 1, 1)}, "No line lies up to 2014-01-01: "),
        ({"since": date(2015, 1, 11)}, "No line lies from 2015-01-11 to 2015-03-01: "),
        ({"product": "Y"}, "No line of product Y lies up to 2015-03-01: "),
        ({"since": date(2015, 1, 10)}, None),
        ({}, None),
    ],
)
def test_a_scan_that_has_no_line_to_count_says_so(
    rules: Rules, options: dict[str, Any], said: str | None
) -> None:
    rules.add("supply/any")
    result = scanned(rules, network(line("L1", "A", "B")), as_of=date(2015, 3, 1), **options)
    told = f"{said}the rules over lines had nothing to count."
    assert result.notices == ((told,) if said else ())


def test_a_rule_over_nodes_judges_where_no_line_lies_but_not_for_a_product(rules: Rules) -> None:
    rules.add("data/partner", NODES.format("p.id = 'A'"), message=ABOUT)
    workspace = loaded(network(line("L1", "A", "B")))

    def empty(**options: Any) -> str | None:
        return scan(workspace, rules.catalogue(), ScanOptions(**options)).empty

    assert empty(since=date(2015, 1, 11), as_of=date(2015, 3, 1)) is None
    assert empty(product="Y") == "No line is left that the rules could count."
    assert empty(product="X") is None


def test_a_workspace_without_lines_needs_a_day(rules: Rules) -> None:
    rules.add("supply/any")
    with pytest.raises(GraphChannelError, match="--as-of"):
        scanned(rules, network())


def test_a_scan_is_narrowed_by_product_partner_and_country(rules: Rules) -> None:
    rules.add("supply/any")
    rules.add("data/partner", NODES.format("p.id = 'A'"), message=ABOUT, severity="low")
    tables = network(
        line("L1", "A", "B"), line("L2", "A", "B", product_id="Y"), line("L3", "B", "V")
    )
    workspace = loaded(tables)

    def found(**options: Any) -> list[tuple[str, str, int]]:
        result = scan(workspace, rules.catalogue(), ScanOptions(**options))
        return [(f.rule, f.subject.id, f.lines) for f in result.findings()]

    assert found(product="Y") == [("supply/any", "A", 1)]
    assert found(partner="V") == [("supply/any", "B", 1)]
    assert found(partner="A") == [("supply/any", "A", 2), ("data/partner", "A", 0)]
    assert found(country="FR") == [("supply/any", "A", 2), ("supply/any", "B", 1)]
    with pytest.raises(InputError, match=r"no region is in the country 'de'. Did you mean 'DE'"):
        found(country="de")
    with pytest.raises(InputError, match=r"no vendor, partner or end user 'AA'. Did you mean 'A'"):
        found(partner="AA")
    with pytest.raises(InputError, match="There is no product 'Router'"):
        found(product="Router")


def test_fail_on_looks_at_the_severity(rules: Rules) -> None:
    rules.add("supply/any", EVERY_LINE, severity="medium")
    result = scanned(rules, network(line("L1", "A", "B")))
    assert result.fails("low")
    assert result.fails("medium")
    assert not result.fails("high")
