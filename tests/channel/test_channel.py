"""The Python API: every question in one call, results that stay true or say that they are gone."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from graphchannel import Channel
from graphchannel.errors import (
    CypherError,
    GraphChannelError,
    InputError,
    ResultGone,
    RuleError,
    WorkspaceError,
)
from graphchannel.simulation.scenario import Scenario, parse_change
from tests.channel.conftest import LINES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from graphchannel.tabular import Tabular

DAY = date(2015, 6, 30)
QUESTIONS: dict[str, Callable[[Channel], Tabular]] = {
    "scan": lambda channel: channel.scan(),
    "show": lambda channel: channel.show(_first(channel)),
    "partner": lambda channel: channel.partner(_distributor(channel)),
    "trace": lambda channel: channel.trace(start=_distributor(channel)),
    "observability": lambda channel: channel.observability(bounded=2),
    "regions": lambda channel: channel.coverage(),
    "regions compared": lambda channel: channel.coverage(compare_to="2015-01-01"),
    "cities": lambda channel: channel.coverage("cities"),
    "distributors": lambda channel: channel.coverage("distributors", country="DE"),
    "resilience": lambda channel: channel.resilience(),
    "branches": lambda channel: channel.recommend("branches", budget=2),
    "partners": lambda channel: channel.recommend("partners", budget=2),
    "kpi": lambda channel: channel.kpi(),
    "query": lambda channel: channel.query("MATCH (p:Partner) RETURN p.id AS id, p.name AS name"),
}


@pytest.fixture
def channel(workspace: Path) -> Iterator[Channel]:
    with Channel.open(workspace, as_of=DAY) as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(workspace: Path) -> Iterator[Channel]:
    """Return a channel that is asked many questions."""
    with Channel.open(workspace, as_of=DAY) as opened:
        yield opened


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_a_table(asked: Channel, question: str) -> None:
    answer = QUESTIONS[question](asked)
    records = list(answer.records())
    table = answer.to_arrow()
    frame = answer.to_pandas()
    assert table.num_rows == len(frame) == len(records)
    assert records, "an empty answer would show nothing"
    plain = [name for name in answer.columns if not any(_spread(row, name) for row in records)]
    assert [name for name in plain if name not in table.column_names] == []


def _spread(record: Any, name: str) -> bool:
    return name not in record or hasattr(record[name], "items")


def test_three_lines_make_a_frame_of_findings(workspace: Path) -> None:
    with Channel.open(workspace) as channel:
        findings = channel.scan(as_of="2015-06-30").to_pandas()
    assert list(findings.columns[:4]) == ["rule", "severity", "section", "subject_kind"]
    assert findings["lines"].sum() > 0
    assert "amount EUR" in findings


def test_a_scan_says_the_same_as_the_command(channel: Channel) -> None:
    with channel.scan(rules=["supply/*"]) as result:
        assert {outcome.id.partition("/")[0] for outcome in result.outcomes} == {"supply"}
        assert result.count() == sum(f.status == "open" for f in result.findings())
        assert result.as_of == DAY


def test_a_finding_in_full_has_every_line(channel: Channel) -> None:
    with channel.scan(rules=["supply/after-termination"]) as result:
        most = max(result.findings(), key=lambda finding: finding.lines)
    full = channel.show(most.fingerprint)
    assert len(full.evidence) == most.lines
    assert full.rule.id == most.rule
    ends = (most.subject, most.object)
    assert {entry.id for entry in full.credentials} == {ref.id for ref in ends if ref}


def test_changes_that_are_supposed_leave_the_channel_as_it_is(channel: Channel) -> None:
    before = channel.scan(rules=["supply/*"]).count()
    gone = Scenario((parse_change("terminate", _distributor(channel)),))
    found = channel.simulate(gone)
    assert found.stranded
    assert channel.scan(rules=["supply/*"]).count() == before
    with pytest.raises(InputError, match="nothing would be another"):
        channel.simulate()


def test_a_result_is_gone_once_more_is_loaded(workspace: Path, files: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    shutil.copy(workspace, copy)
    with Channel.open(copy, as_of=DAY) as channel:
        before = channel.scan()
        count = before.count()
        report = channel.load(files / "shipments.csv")
        assert [file.unchanged for file in report.files] == [LINES]
        with pytest.raises(ResultGone):
            before.count()
        assert channel.scan().count() == count


@pytest.mark.thorough
def test_several_threads_ask_one_channel(channel: Channel) -> None:
    channel.status()  # opens the workspace
    globs = ["supply/*", "coverage/*", "territory/*", "obligations/*"] * 2
    alone = {glob: _fingerprints(channel, glob) for glob in set(globs)}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda glob: _fingerprints(channel, glob), globs))
    assert together == [alone[glob] for glob in globs]


def test_a_channel_in_memory_is_loaded_and_asked(files: Path) -> None:
    with Channel.open(None, as_of=DAY) as channel:
        channel.load(files)
        assert channel.scan(rules=["certification/*"]).count() > 0
        assert channel.coverage().to_arrow().num_rows > 0


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda c: c.scan(rules=["nix/*"]), RuleError, "No rule matches 'nix/\\*'"),
        (lambda c: c.scan(partner="nobody"), InputError, "'nobody'"),
        (lambda c: c.scan(as_of="June"), InputError, "'June' is no day"),
        (lambda c: c.show("zz"), RuleError, "No finding of this scan begins with 'zz'"),
        (lambda c: c.trace(), InputError, "Say what to follow"),
        (lambda c: c.coverage(country="ZZ"), InputError, "ZZ"),
        (lambda c: c.query("MATCH (a) RETURN b"), CypherError, "'b' is unknown"),
        (lambda c: c.query("RETURN $x AS x", {"x": object()}), InputError, "takes no value"),
    ],
)
def test_what_cannot_be_answered_is_an_error_of_the_one_tree(
    channel: Channel, ask: Callable[[Channel], object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says) as raised:
        ask(channel)
    assert isinstance(raised.value, GraphChannelError)


def test_a_channel_without_a_file_says_so_when_it_is_asked(tmp_path: Path) -> None:
    with (
        Channel.open(tmp_path / "absent.duckdb") as channel,
        pytest.raises(WorkspaceError, match="there is no workspace here"),
    ):
        channel.scan()
    assert list(tmp_path.iterdir()) == []


def test_a_closed_channel_answers_no_more(workspace: Path) -> None:
    with Channel.open(workspace) as channel:
        pass
    with pytest.raises(GraphChannelError, match="The channel is closed"):
        channel.scan()


def test_what_a_person_should_know_is_said(workspace: Path) -> None:
    said: list[str] = []
    with Channel.open(workspace, say=said.append) as channel:
        channel.kpi()
    assert [text for text in said if text.startswith("As of ")]


def _fingerprints(channel: Channel, glob: str) -> list[str]:
    with channel.scan(rules=[glob]) as result:
        return [finding.fingerprint for finding in result.findings()]


def _first(channel: Channel) -> str:
    with channel.scan(rules=["supply/*"]) as result:
        return next(result.findings()).fingerprint


def _distributor(channel: Channel) -> str:
    rows = channel.query(
        "MATCH (p:Partner)-[s:SUPPLIED]->() WHERE s.seller_role = 'distributor' "
        "RETURN p.id AS id, count(*) AS lines ORDER BY lines DESC, id LIMIT 1"
    )
    return str(next(rows.records())["id"])
