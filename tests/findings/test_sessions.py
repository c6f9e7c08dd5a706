"""A result stays true for as long as it lives, or says that it is gone: never another answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel.engines import DuckDBEngine
from graphchannel.errors import ResultGone
from graphchannel.findings import ScanOptions, scan
from graphchannel.ingest import load_rows, unload
from graphchannel.ingest.derive import refresh_policy
from graphchannel.workspace import create_workspace, open_workspace
from tests.findings.network import EVERY_LINE, POLICY, Rules, line, network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from graphchannel.engines import Query, SelectableRows
    from graphchannel.findings import ScanResult
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.workspace import Workspace

WAIVER = {
    "rule": "supply/any",
    "subject_id": "B",
    "valid_from": "2015-01-01",
    "valid_to": "2015-12-31",
    "approver": "Anna",
    "reason": "Agreed.",
}


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    lines = [line(f"L{n:02}", "ABC"[n % 3], "BCA"[n % 3], quantity=n + 1) for n in range(12)]
    with create_workspace(None, POLICY) as created:
        assert not load_rows(created, network(*lines, waivers=[WAIVER]), POLICY).rejected
        yield created


@pytest.fixture
def catalogue(rules: Rules) -> Catalogue:
    rules.add("supply/any")
    alpha = EVERY_LINE.replace("RETURN", "WHERE a.id = 'A' RETURN")
    rules.add("supply/alpha", alpha, severity="low", message="{subject} sold {quantity}")
    nodes = "MATCH (p:Partner) RETURN p.id AS subject, p.country AS country"
    rules.add("data/nodes", nodes, severity="info", message="{subject} is in {country}")
    return rules.catalogue()


def told(result: ScanResult) -> dict[str, Any]:
    """Return all that a result can be asked for."""
    findings = list(result.findings())
    return {
        "findings": findings,
        "worst": result.worst(2),
        "subjects": result.by_subject(),
        "open": result.open_fingerprints(),
        "counts": [result.count(), result.count(waived=True), result.changes()],
        "fails": [result.fails("high"), result.fails("critical")],
        "found": [result.find(one.fingerprint) for one in findings],
        "chosen": result.chosen([one.fingerprint for one in findings]),
        "evidence": [result.all_evidence(one) for one in findings],
        "outcomes": result.outcomes,
        "waivers": result.waivers,
    }


def test_a_result_outlives_the_next_scan(workspace: Workspace, catalogue: Catalogue) -> None:
    alone = {glob: told(scan(workspace, catalogue.select([glob]))) for glob in ("*", "*/alpha")}
    assert alone["*"]["findings"] != alone["*/alpha"]["findings"]
    everything = scan(workspace, catalogue)
    first = next(everything.findings())
    some = scan(workspace, catalogue.select(["*/alpha"]))
    narrowed = scan(workspace, catalogue, ScanOptions(partner="C"))
    assert told(everything) == alone["*"]
    assert told(some) == alone["*/alpha"]
    assert {one.subject.id for one in narrowed.findings()} < {"A", "B", "C"}
    assert next(everything.findings()) == first
    del some, narrowed
    assert told(everything) == alone["*"]


def test_results_are_read_in_turn(workspace: Workspace, catalogue: Catalogue) -> None:
    results = [scan(workspace, catalogue.select([glob])) for glob in ("*", "*/alpha", "data/*")]
    wanted = [list(result.findings()) for result in results]
    readers = [result.findings() for result in results]
    found: list[list[Any]] = [[], [], []]
    for _ in range(max(map(len, wanted))):
        for seen, reader, result in zip(found, readers, results, strict=True):
            seen.extend([one] if (one := next(reader, None)) else [])
            result.by_subject()
    assert found == wanted


def test_threads_scan_and_read_at_once(workspace: Workspace, catalogue: Catalogue) -> None:
    globs = ["*", "*/alpha", "data/*"]
    wanted = [told(scan(workspace, catalogue.select([glob]))) for glob in globs]
    together = Barrier(len(globs))

    def work(glob: str) -> list[dict[str, Any]]:
        together.wait()
        seen = []
        for _ in range(2):
            result = scan(workspace, catalogue.select([glob]))
            seen.append(told(result))
        return seen

    with ThreadPoolExecutor(len(globs)) as pool:
        for answers, want in zip(pool.map(work, globs), wanted, strict=True):
            assert all(answer == want for answer in answers)


def test_threads_read_one_result(workspace: Workspace, catalogue: Catalogue) -> None:
    result = scan(workspace, catalogue)
    want = told(result)
    with ThreadPoolExecutor(4) as pool:
        assert all(one == want for one in pool.map(lambda _: told(result), range(4)))


READS = (
    lambda result: next(result.findings()),
    lambda result: result.worst(1),
    lambda result: result.count(),
    lambda result: result.fails("low"),
    lambda result: result.by_subject(),
    lambda result: result.open_fingerprints(),
    lambda result: result.find("a"),
    lambda result: result.chosen([]),
)


@pytest.mark.parametrize("first", READS[:2])
def test_a_result_says_that_a_load_came_after_it(
    workspace: Workspace, catalogue: Catalogue, first: Any
) -> None:
    result = scan(workspace, catalogue)
    finding, before = next(result.findings()), result.count()
    load_rows(workspace, {"shipments": [line("L99", "A", "C")]}, POLICY)
    for asked in (first, *READS, lambda result: result.all_evidence(finding)):
        with pytest.raises(ResultGone, match=r"load 2 came after it\); run it again"):
            asked(result)
    assert result.outcomes, "what needs no reading stays"
    with pytest.raises(ResultGone):
        next(result.findings())
    assert scan(workspace, catalogue).count() == before + 2


def test_taking_a_load_back_does_not_bring_a_result_back(
    workspace: Workspace, catalogue: Catalogue
) -> None:
    load_rows(workspace, {"shipments": [line("L99", "A", "B")]}, POLICY)
    result = scan(workspace, catalogue)
    unload(workspace, 2)
    with pytest.raises(ResultGone, match="load 3"):
        result.count()


def test_another_policy_takes_results_away(workspace: Workspace, catalogue: Catalogue) -> None:
    result = scan(workspace, catalogue)
    golden = [replace(role, name="Golden") if role.id == "gold" else role for role in POLICY.roles]
    assert refresh_policy(workspace, replace(POLICY, roles=tuple(golden)))
    with pytest.raises(ResultGone):
        result.count()


def test_a_load_that_fails_takes_nothing_away(workspace: Workspace, catalogue: Catalogue) -> None:
    result = scan(workspace, catalogue)
    want = told(result)
    meanwhile = []

    def fail() -> None:
        with workspace.transaction():
            workspace.connection.execute("DELETE FROM main.shipments")
            meanwhile.append(told(result))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [*meanwhile, told(result)] == [want, want]


def test_a_closed_result_and_a_closed_workspace_say_so(catalogue: Catalogue) -> None:
    workspace = create_workspace(None, POLICY)
    load_rows(workspace, network(line("L1", "A", "B")), POLICY)
    closed, left = scan(workspace, catalogue), scan(workspace, catalogue)
    with closed:
        assert closed.count()
    with pytest.raises(ResultGone, match="was closed; run it again"):
        closed.count()
    assert left.count()
    workspace.close()
    workspace.close()
    with pytest.raises(ResultGone, match="workspace of this result was closed"):
        left.by_subject()
    left.close()


def test_a_result_keeps_its_workspace_in_memory(catalogue: Catalogue) -> None:
    def scanned() -> ScanResult:
        workspace = create_workspace(None, POLICY)
        load_rows(workspace, network(line("L1", "A", "B")), POLICY)
        return scan(workspace, catalogue)

    assert scanned().count()


def test_a_file_open_to_read_serves_several_results(catalogue: Catalogue, tmp_path: Path) -> None:
    path = tmp_path / "channel.duckdb"
    with create_workspace(path, POLICY) as created:
        load_rows(created, network(line("L1", "A", "B")), POLICY)
    with open_workspace(path) as opened:
        one, two = scan(opened, catalogue), scan(opened, catalogue.select(["data/*"]))
        assert one.count() > two.count() > 0


def test_nothing_of_a_scan_stays_in_the_workspace(
    workspace: Workspace, catalogue: Catalogue
) -> None:
    def temporary() -> list[Any]:
        tables = "SELECT table_name FROM duckdb_tables() WHERE temporary"
        return workspace.connection.execute(tables).fetchall()

    before = temporary()
    engine = DuckDBEngine(workspace.connection)
    with scan(workspace, catalogue, engine=engine) as result:
        assert result.count()
        assert temporary() == before
    assert temporary() == before


def test_a_scan_that_cannot_be_leaves_no_session(workspace: Workspace, rules: Rules) -> None:
    rules.add("supply/any")
    with pytest.raises(Exception, match="nobody"):
        scan(workspace, rules.catalogue(), ScanOptions(partner="nobody"))
    assert not [one for one in workspace._sessions if one._ended is None]


@dataclass(frozen=True, slots=True)
class Interrupted(DuckDBEngine):
    """An engine at whose second rule something happens to the workspace."""

    meanwhile: Callable[[], object] = list
    ran: list[str] = field(default_factory=list)

    def source(self, query: Query, parameters: Mapping[str, object]) -> SelectableRows:
        self.ran.append(query.name)
        if len(self.ran) == 2:
            self.meanwhile()
        return DuckDBEngine.source(self, query, parameters)


def test_a_scan_is_of_one_state_of_the_workspace(
    workspace: Workspace, catalogue: Catalogue
) -> None:
    def load() -> None:
        load_rows(workspace, {"shipments": [line("L99", "A", "C")]}, POLICY)

    engine = Interrupted(workspace.connection, meanwhile=load)
    with pytest.raises(ResultGone, match=r"load 2 came after it\); run it again"):
        scan(workspace, catalogue, engine=engine)
    assert len(engine.ran) >= 2
    assert scan(workspace, catalogue, engine=engine).count()


def test_a_scan_whose_workspace_is_closed_says_so(catalogue: Catalogue) -> None:
    workspace = create_workspace(None, POLICY)
    load_rows(workspace, network(line("L1", "A", "B")), POLICY)
    engine = Interrupted(workspace.connection, meanwhile=workspace.close)
    with pytest.raises(ResultGone, match="workspace of this result was closed"):
        scan(workspace, catalogue, engine=engine)
