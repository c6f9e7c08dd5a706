"""Rules with an analysis: what they share, and that nothing of it stays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from graphchannel.engines import DuckDBEngine
from graphchannel.engines.parameters import policy_parameters
from graphchannel.ingest import load_rows
from graphchannel.rules.analyst import Analyst
from graphchannel.rules.prepare import prepare
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, line, network
from tests.rules.cases import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import duckdb

    from graphchannel.engines import Query, SelectableRows
    from graphchannel.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Counting(DuckDBEngine):
    """An engine that takes note of the queries that it ran."""

    ran: list[str] = field(default_factory=list)

    def source(self, query: Query, parameters: Mapping[str, object]) -> SelectableRows:
        self.ran.append(query.name)
        return DuckDBEngine.source(self, query, parameters)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with create_workspace(None, POLICY) as created:
        rows = network(
            line("L1", "A", "B", quantity=60, shipped_on="2015-01-10"),
            line("L2", "B", "C", shipped_on="2015-01-11"),
            line("L3", "C", "A", shipped_on="2015-01-12"),
        )
        load_rows(created, rows, POLICY)
        yield created


def analyst(connection: duckdb.DuckDBPyConnection) -> tuple[Analyst, list[str]]:
    engine = Counting(connection)
    parameters = {"as_of": date(2015, 6, 30)} | policy_parameters(POLICY)
    return Analyst(connection, engine, parameters, POLICY), engine.ran


def test_rules_of_one_query_share_its_rows(workspace: Workspace) -> None:
    trips, balance = (
        prepare(CATALOGUE.rule(id_), POLICY) for id_ in ("paths/round-trip", "paths/out-exceeds-in")
    )
    assert trips.query.compiled.sql == balance.query.compiled.sql
    given, ran = analyst(workspace.connection)
    found = []
    for rule in (trips, balance, trips):
        source = given.offending(rule)
        rows = workspace.connection.execute(f"SELECT shipments FROM {source.relation}").fetchall()
        found.append(rows)
    assert found == [[(["L1", "L2", "L3"],)], [(["L1"],)], [(["L1", "L2", "L3"],)]]
    assert ran == ["paths/round-trip.cypher"]


def test_rules_of_other_queries_do_not(workspace: Workspace) -> None:
    rule = CATALOGUE.rule("paths/out-exceeds-in")
    narrow = replace(rule, text=rule.text.replace("<= $as_of", "< $as_of"))
    given, ran = analyst(workspace.connection)
    for one in (rule, narrow):
        given.offending(prepare(one, POLICY))
    assert len(ran) == 2


def test_the_copies_go_at_the_end(workspace: Workspace) -> None:
    given, ran = analyst(workspace.connection)
    rule = prepare(CATALOGUE.rule("paths/round-trip"), POLICY)
    for _ in range(2):
        given.offending(rule)
        assert projections(workspace.connection) == ["analysis_projection_0"]
        given.close()
        assert projections(workspace.connection) == []
    assert len(ran) == 2


def projections(connection: duckdb.DuckDBPyConnection) -> list[str]:
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'analysis_projection%'"
    )
    return [name for (name,) in tables.fetchall()]
