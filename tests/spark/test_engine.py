"""Spark answers as the embedded engine does: rules, findings and questions, over a lake."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.compiler import compile as compile_query
from graphchannel.compiler import type_of
from graphchannel.demo.generate import generate
from graphchannel.engines import DuckDBEngine, Query
from graphchannel.errors import EngineError, QueryTimeout, TooManyRows
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load
from graphchannel.policy import load_policy
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.schema import CHANNEL
from graphchannel.spark.connection import open_session
from graphchannel.spark.engine import SparkEngine
from graphchannel.spark.lake import export_lake
from graphchannel.spark.tasks import mapped
from graphchannel.workspace import create_workspace
from tests.channels import judged
from tests.channels.beside import together
from tests.hostile.payloads import PAYLOADS, given_back, named

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from graphchannel.workspace import Workspace

pytest.importorskip("pyspark.sql")
pytestmark = pytest.mark.xdist_group("spark")  # one worker, one Java

CATALOGUE = load_catalogue(pack())
# A query costs Spark a second or more: all rules only where time is no matter.
SAMPLE = (
    "supply/after-termination",
    "paths/discouraged-hop",
    "coverage/key-city-without-branch",
)
CHOSEN = () if os.environ.get("GRAPHCHANNEL_SPARK_ALL") else SAMPLE


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("spark")
    generate(folder / "channel", partners=300, lines=2000, seed=7)
    policy = load_policy(pack())
    with create_workspace(folder / "channel.duckdb", policy) as workspace:
        assert load(workspace, [folder / "channel"], policy).rejected == 0
        yield workspace


@pytest.fixture(scope="module")
def engine(
    workspace: Workspace, tmp_path_factory: pytest.TempPathFactory, spark_session: Any
) -> Iterator[SparkEngine]:
    assert spark_session.version >= "4"
    lake = tmp_path_factory.mktemp("lake") / "lake"
    export_lake(workspace, lake)
    with open_session("spark:local[2]") as session:
        yield SparkEngine(session, lake, workspace.connection)


def query(text: str, **types: Any) -> Query:
    return Query("query", text, compile_query(text, CHANNEL, parameters=types, exploring=True))


def test_findings_are_those_of_the_embedded_engine(
    workspace: Workspace, engine: SparkEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goods are followed there, some products in each task: what is found comes back."""
    catalogue = CATALOGUE.select(CHOSEN) if CHOSEN else CATALOGUE
    options = ScanOptions(as_of=date(2015, 6, 30))
    fetched, tasks = list[str](), list[int]()
    run = SparkEngine.run

    def noted(self: SparkEngine, asked: Query, parameters: dict[str, object]) -> pa.Table:
        fetched.append(asked.name)
        return run(self, asked, parameters)

    def counted(rows: Any, *others: Any) -> Any:
        tasks.append(rows.rdd.getNumPartitions())
        return mapped(rows, *others)

    monkeypatch.setattr(SparkEngine, "run", noted)
    monkeypatch.setattr("graphchannel.spark.engine.mapped", counted)
    parts = "spark.sql.shuffle.partitions"
    before = str(engine.session.conf.get(parts))
    engine.session.conf.set(parts, "2")
    try:
        with (
            scan(workspace, catalogue, options) as here,
            scan(workspace, catalogue, options, engine=engine) as there,
        ):
            assert there.outcomes == here.outcomes
            found = list(here.records())
            assert list(there.records()) == found
            assert len(found) > 5
    finally:
        engine.session.conf.set(parts, before)
    assert "paths/discouraged-hop" in {record["rule"] for record in found}
    assert set(tasks) == {2}
    assert "paths/discouraged-hop.cypher" not in fetched


QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        """MATCH (a:Partner)-[s:SUPPLIED]->(b) WHERE s.shipped_on >= $since AND s.quantity > 2
        RETURN a.id AS a, b.id AS b, s.shipped_on AS day, s.quantity AS q, s.amount AS amount
        ORDER BY s.id""",
        {"since": date(2015, 3, 1)},
    ),
    (
        "MATCH (p:Party) WHERE p.id IN $ids OR p.id STARTS WITH 'P' RETURN p.name AS n ORDER BY n",
        {"ids": ["V", "V1"]},
    ),
    ("MATCH (r:Role) RETURN r.name AS name, r.rank AS rank ORDER BY rank, name", {}),
    (
        """MATCH (p:Partner) OPTIONAL MATCH (p)-[:HAS_BRANCH]->(c:City)
        RETURN p.id AS id, count(c) AS branches ORDER BY id""",
        {},
    ),
)


@pytest.mark.parametrize(("text", "parameters"), QUESTIONS, ids=range(len(QUESTIONS)))
def test_questions_have_the_same_rows_in_the_same_types(
    workspace: Workspace, engine: SparkEngine, text: str, parameters: dict[str, Any]
) -> None:
    asked = query(text, **{name: type_of(value) for name, value in parameters.items()})
    here = DuckDBEngine(workspace.connection).run(asked, parameters)
    there = engine.run(asked, parameters)
    assert there.to_pylist() == here.to_pylist()
    assert there.num_rows > 0


def test_no_answer_is_cut(engine: SparkEngine) -> None:
    asked = query("MATCH (r:Role) RETURN r.name AS name")
    assert replace(engine, max_rows=8).run(asked, {}).num_rows == 8
    with pytest.raises(TooManyRows, match="more than 7 rows"):
        replace(engine, max_rows=7).run(asked, {})


def test_a_query_is_stopped_in_time(engine: SparkEngine) -> None:
    """Ask for seconds, not hours: a task that joins one row with all others hears of no end."""
    asked = query(
        "MATCH (a:Partner), (b:Partner), (c:Product) WHERE a.name + b.name < c.name + a.id "
        "RETURN count(*) AS n"
    )
    with pytest.raises(QueryTimeout, match=r"longer than 0\.5 seconds"):
        replace(engine, timeout=0.5).run(asked, {})
    assert engine.run(query("RETURN 1 AS one"), {}).to_pylist() == [{"one": 1}]


def test_what_spark_cannot_do_is_said(engine: SparkEngine) -> None:
    asked = query(
        "MATCH (p:Partner) RETURN p.id AS id, "
        "COLLECT { MATCH (p)-[:HAS_BRANCH]->(c:City) RETURN c.id ORDER BY c.id } AS cities"
    )
    with pytest.raises(EngineError, match="on Spark a list out of a subquery"):
        engine.run(asked, {})


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("no answer", "no answer"),
        (
            "on the way\n\tat a.B\nCaused by: a.C: key not found: x\n\tat a.D",
            "a.C: key not found: x",
        ),
    ],
)
def test_an_error_of_java_is_told_in_a_line(
    said: str, told: str, engine: SparkEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from py4j.protocol import Py4JError  # noqa: PLC0415 - comes with Spark

    def failing(*_: object, **__: object) -> None:
        raise Py4JError(said)

    monkeypatch.setattr(engine.session, "sql", failing)
    with pytest.raises(EngineError, match=f"could not run the query: {told}$"):
        engine.run(query("RETURN 1 AS one"), {})


def test_what_is_code_elsewhere_is_text(engine: SparkEngine) -> None:
    chosen = [one for one in PAYLOADS if CHOSEN == () or set(one) & {"$", "\\", "`"}]
    assert given_back(engine, chosen) == chosen
    assert len(chosen) > 10


@pytest.mark.thorough
@pytest.mark.usefixtures("spark_session")
def test_no_payload_changes_what_is_found(tmp_path: Path) -> None:
    catalogue = judged.catalogue_of(judged.given(0)).select(("supply/*", "paths/*", "serials/*"))
    tables = named(together(judged.drawn(0, 2, 2)), hostile=True)
    with create_workspace(None, catalogue.policy) as workspace:
        judged.load(workspace, [tables], catalogue)
        export_lake(workspace, tmp_path / "lake")
        with open_session("spark:local[2]") as session:
            engine = SparkEngine(session, tmp_path / "lake", workspace.connection)
            there = judged.by_scan(workspace, catalogue, engine)
        assert judged.difference(there, judged.by_scan(workspace, catalogue)) == {}
    assert len(there) > 50
