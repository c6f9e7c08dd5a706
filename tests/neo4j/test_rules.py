"""Shipped rules and analysts' questions, natively: the same answers; rules are quick to plan."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel import ingest
from graphchannel.analysis.coverage.concentration import read_sold
from graphchannel.analysis.coverage.facts import read_facts
from graphchannel.analysis.coverage.regions import coverage
from graphchannel.analysis.coverage.resilience import resilience
from graphchannel.analysis.coverage.routes import distributing_roles
from graphchannel.analysis.fetch import fetch_from
from graphchannel.analysis.kpi import key_figures, last_months
from graphchannel.compiler import compile as compile_cypher
from graphchannel.demo.days import AS_OF
from graphchannel.demo.generate import generate
from graphchannel.engines import DuckDBEngine, Query
from graphchannel.findings import ScanOptions, scan
from graphchannel.neo4j.engine import Neo4jEngine
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import json as json_format
from graphchannel.resources import pack
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.rules.prepare import prepare
from graphchannel.schema import CHANNEL
from graphchannel.workspace import Workspace, create_workspace
from tests.compiler.questions.alike import alike
from tests.compiler.questions.read import questions
from tests.findings.network import POLICY
from tests.neo4j.published import login, published, wipe
from tests.sampling import thinned

if TYPE_CHECKING:
    from collections.abc import Iterator

    import neo4j

    from graphchannel.engines import Engine
    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer
    from tests.compiler.questions.read import Question

CATALOGUE = load_catalogue(pack())
PARTNERS, LINES = 300, 2_500
LANGUAGES = {"5.26": ["CYPHER 5 "], "2026.09": ["CYPHER 5 ", "CYPHER 25 "]}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Load a small demo with violations of every rule."""
    folder = tmp_path_factory.mktemp("demo")
    generate(folder, PARTNERS, LINES, 1)
    with create_workspace(None, POLICY) as created:
        ingest.load(created, [folder], POLICY)
        ingest.load_rows(created, {"shipments": _by_own_keys(created)}, POLICY)
        yield created


def _by_own_keys(workspace: Workspace) -> list[dict[str, Any]]:
    """Make lines that are one sale with the first by what their sender names, or are just not."""
    names = ("shipped_on", "seller_id", "buyer_id", "product_id", "quantity", "currency")
    (found,) = workspace.connection.execute(
        f"SELECT {', '.join(names)} FROM shipments WHERE id = 'L00000001'"
    ).fetchall()
    line = dict(zip(names, found, strict=True))
    parties = "seller_id, buyer_id, product_id"
    return [
        line | {"id": "O1", "approval": "A1", "same_sale": f"{parties}, shipped_on, quantity"},
        line | {"id": "O2", "same_sale": f"{parties}, shipped_on, quantity; 2"},
        line | {"id": "O5", "quantity": 77, "same_sale": f"{parties}, currency"},
        line | {"id": "O4", "quantity": 78, "same_sale": f"{parties}, quantity, document"},
    ]


@pytest.fixture(scope="module")
def link(server: LocalServer, driver: neo4j.Driver, workspace: Workspace) -> Iterator[Link]:
    """Publish the demo."""
    wipe(driver)
    with login(server) as connected:
        published(workspace, connected)
        yield connected
    wipe(driver)


def findings(workspace: Workspace, engine: Engine | None = None) -> dict[str, Any]:
    stream = io.StringIO()
    result = scan(workspace, CATALOGUE, ScanOptions(), engine=engine)
    json_format.write(scan_document(result, top=1, show_waived=True), stream)
    report: dict[str, Any] = json.loads(stream.getvalue())
    return report


def test_findings_are_those_of_the_embedded_engine(workspace: Workspace, link: Link) -> None:
    embedded = findings(workspace)
    native = findings(workspace, Neo4jEngine(link, workspace.connection, timeout=60))
    assert (embedded.pop("engine"), native.pop("engine")) == ("duckdb", "neo4j")
    assert native == embedded
    fired = {finding["rule"] for finding in embedded["findings"]}
    assert len(fired) >= 20


def test_keys_that_senders_name_count_natively(workspace: Workspace, link: Link) -> None:
    (rule,) = CATALOGUE.select(["data/likely-duplicate"]).rules
    query = prepare(rule, POLICY).query
    embedded, native = (
        set(engine.run(query, {"as_of": AS_OF})["shipment"].to_pylist())
        for engine in (
            DuckDBEngine(workspace.connection),
            Neo4jEngine(link, workspace.connection, timeout=60),
        )
    )
    assert native == embedded
    assert embedded & {"O1", "O2", "O4", "O5"} == {"O1", "O5"}


def test_key_figures_are_those_of_the_embedded_engine(workspace: Workspace, link: Link) -> None:
    period = last_months(AS_OF, 12, 90)
    embedded, native = (
        key_figures(fetch_from(engine, POLICY, AS_OF, **period.parameters), POLICY, period)
        for engine in (
            DuckDBEngine(workspace.connection),
            Neo4jEngine(link, workspace.connection, timeout=60),
        )
    )
    assert native == embedded
    assert embedded.recertifications
    assert embedded.promises


def test_coverage_and_resilience_are_those_of_the_embedded_engine(
    workspace: Workspace, link: Link
) -> None:
    since, roles = date(2014, 7, 1), list(distributing_roles(POLICY))
    answers = []
    for engine in (
        DuckDBEngine(workspace.connection),
        Neo4jEngine(link, workspace.connection, timeout=60),
    ):
        fetch = fetch_from(engine, POLICY, AS_OF, since=since, distributing=roles)
        facts = read_facts(fetch, POLICY)
        answers.append((facts, sorted(read_sold(fetch, facts), key=repr)))
    embedded, native = answers
    assert native == embedded
    facts, sold = embedded
    assert min(map(len, (facts.authorizations, facts.branches, facts.sales, sold))) > 50
    assert coverage(facts).unserved
    assert any(loss.regions for loss in resilience(facts).losses)


@pytest.mark.parametrize("query", ["lines", "units"])
def test_goods_are_followed_along_the_same_rows(
    query: str, workspace: Workspace, link: Link
) -> None:
    embedded, native = (
        sorted(
            fetch_from(
                engine, POLICY, AS_OF, since=date(2014, 7, 1), until=AS_OF, product="WL-1050"
            ).rows(query),
            key=str,
        )
        for engine in (
            DuckDBEngine(workspace.connection),
            Neo4jEngine(link, workspace.connection, timeout=60),
        )
    )
    assert native == embedded
    assert len(embedded) > 10


@pytest.mark.parametrize(
    "question",
    thinned((q for q in questions() if not q.refused), 20),
    ids=lambda question: question.asked,
)
def test_questions_get_the_same_rows(question: Question, workspace: Workspace, link: Link) -> None:
    query = Query(
        "question", question.cypher, compile_cypher(question.cypher, CHANNEL, exploring=True)
    )
    ours, theirs = (
        engine.run(query, {})
        for engine in (
            DuckDBEngine(workspace.connection),
            Neo4jEngine(link, workspace.connection, timeout=60),
        )
    )
    assert alike(query.compiled, ours, theirs), f"{ours.to_pylist()}\n{theirs.to_pylist()}"


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for child in plan.get("children", ()):
        yield from operators(child)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the driver, about summaries
def test_every_rule_is_valid_reading_and_planned_without_full_scans(
    server: LocalServer, driver: neo4j.Driver, link: Link
) -> None:
    assert link.version
    complaints: list[tuple[str, str, object]] = []
    with driver.session() as session:
        for rule in CATALOGUE.rules:
            prepared = prepare(rule, POLICY)
            queries = [prepared.query, *([prepared.population] if prepared.population else [])]
            for query in queries:
                nulls = dict.fromkeys(query.compiled.parameters)
                for language in LANGUAGES[server.release]:
                    explained = session.run(f"{language}EXPLAIN {query.text}", nulls).consume()
                    seen = {*operators(explained.plan or {})}
                    if seen & {"AllNodesScan", "CartesianProduct"}:
                        complaints.append((query.name, language, seen))
                    if explained.query_type != "r" or explained.notifications:
                        complaints.append((query.name, language, explained.notifications))
    assert complaints == []
