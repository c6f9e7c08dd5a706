"""A graph with the trade of each month in the place of lines."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from graphchannel.cli import main
from graphchannel.errors import EngineError
from graphchannel.neo4j.offline import write_files
from graphchannel.neo4j.verify import verify
from graphchannel.workspace import create_workspace
from tests.findings.network import POLICY, line
from tests.neo4j.published import DAY, everything, load, published, small

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import neo4j

    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.server import LocalServer
    from graphchannel.workspace import Workspace

_MONTHS = """
MATCH (a)-[r:SUPPLIED_IN_MONTH]->(b)
RETURN a.id, b.id, r.product_id, toString(r.month), r.lines, r.quantity, r.amount, r.currency
"""


def types(link: Link) -> Mapping[str, int]:
    return dict(link.rows("MATCH ()-[r]->() WITH type(r) AS t, count(*) AS n RETURN t, n"))


def summed(workspace: Workspace) -> Counter[tuple[Any, ...]]:
    """Sum the lines by pair, product and month, in Python."""
    found: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    lines = "SELECT seller_id, buyer_id, product_id, shipped_on, quantity, amount, currency"
    for seller, buyer, product, day, *row in workspace.connection.execute(
        f"{lines} FROM main.shipments"
    ).fetchall():
        found.setdefault((seller, buyer, product, str(day.replace(day=1))), []).append(tuple(row))
    told: Counter[tuple[Any, ...]] = Counter()
    for key, rows in found.items():
        currencies = {currency for _, _, currency in rows}
        amounts = [float(amount) for _, amount, _ in rows if amount is not None]
        one = len(currencies) == 1
        total = sum(amounts) if one and amounts else None
        units = sum(quantity for quantity, _, _ in rows)
        told[*key, len(rows), units, total, currencies.pop() if one else None] += 1
    return told


def test_months_are_the_sums_of_their_lines(link: Link) -> None:
    tables = small()
    tables["shipments"] += [
        line("M1", "A", "B", shipped_on="2015-04-01", quantity=3, amount=30, currency="EUR"),
        line("M2", "A", "B", shipped_on="2015-04-30", quantity=2, amount=20, currency="EUR"),
        line("M3", "A", "B", shipped_on="2015-05-01", quantity=4, amount=40, currency="EUR"),
        line("M4", "A", "B", shipped_on="2015-05-31", quantity=4, amount=44, currency="USD"),
    ]
    with create_workspace(None, POLICY) as workspace:
        load(workspace, tables)
        published(workspace, link, grain="month")
        wanted = summed(workspace)
        assert Counter(link.rows(_MONTHS)) == wanted
        april = [key[4:] for key in wanted if key[:2] == ("A", "B") and key[3] == "2015-04-01"]
        may = [key[4:] for key in wanted if key[:2] == ("A", "B") and key[3] == "2015-05-01"]
        assert april == [(2, 5, 50.0, "EUR")]
        assert may == [(2, 8, None, None)]
        assert not {"SUPPLIED", "HANDED_OVER"} & set(types(link))
        assert all(one.equal for one in verify(workspace, link))
        link.write(("MATCH ()-[r:SUPPLIED_IN_MONTH]->() SET r.quantity = r.quantity + 1", {}))
        assert [one.name for one in verify(workspace, link) if not one.equal] == [
            "Party-SUPPLIED_IN_MONTH-Party"
        ]


def test_only_months_that_changed_are_sent(workspace: Workspace, link: Link) -> None:
    published(workspace, link, grain="month")
    load(workspace, {"shipments": [line("M9", "A", "B", shipped_on="2015-06-09")]})
    changes = published(workspace, link, grain="month").changes
    assert {c.name: c.sent for c in changes if c.sent} == {
        "SUPPLIED_IN_MONTH": 1,
        "TRADES_WITH": 1,
    }


def test_one_grain_takes_the_place_of_the_other_when_it_is_told_to(
    workspace: Workspace, link: Link, driver: neo4j.Driver
) -> None:
    published(workspace, link)
    lines = everything(driver)
    with pytest.raises(EngineError, match="holds lines; publish with --replace to have the trade"):
        published(workspace, link, grain="month")
    assert everything(driver) == lines
    published(workspace, link, grain="month", replace_graph=True)
    assert not {"SUPPLIED", "HANDED_OVER"} & set(types(link))
    with pytest.raises(EngineError, match="holds the trade of each month, and no lines"):
        published(workspace, link)
    published(workspace, link, replace_graph=True)
    assert everything(driver) == lines


def test_a_change_that_was_interrupted_leaves_nothing_of_the_other(
    workspace: Workspace, link: Link, driver: neo4j.Driver
) -> None:
    published(workspace, link)
    lines = everything(driver)
    published(workspace, link, grain="month", replace_graph=True)

    def stop(name: str, _rows: int) -> None:
        if name == "SUPPLIED":
            raise InterruptedError

    with pytest.raises(InterruptedError):
        published(workspace, link, replace_graph=True, progress=stop)
    assert "SUPPLIED_IN_MONTH" in types(link)
    published(workspace, link)
    assert everything(driver) == lines


def test_questions_that_need_lines_are_refused(
    server: LocalServer, link: Link, tmp_path: Path
) -> None:
    file = tmp_path / "channel.duckdb"
    with create_workspace(file, POLICY) as workspace:
        load(workspace, small())
    run = CliRunner(env={"NEO4J_USERNAME": server.user, "NEO4J_PASSWORD": server.password})
    own = ("-w", str(file))
    done = run.invoke(main, ["publish", server.uri, *own, "--aggregate", "month"])
    assert done.exit_code == 0, done.output
    assert "SUPPLIED_IN_MONTH" in done.stdout
    assert link.rows("MATCH (f:Finding) RETURN count(f) > 0") == [(True,)]
    for command in (["scan"], ["query", "MATCH (v:Vendor) RETURN v.id AS id"], ["kpi"]):
        told = run.invoke(main, [*command, *own, "--engine", server.uri])
        assert told.exit_code == 2
        assert "no lines; publish with --replace" in told.stderr
    alone = run.invoke(main, ["scan", "-w", str(tmp_path / "none.duckdb"), "--engine", server.uri])
    assert alone.exit_code == 2
    checked = run.invoke(main, ["verify", server.uri, *own, "--format", "json"])
    assert checked.exit_code == 0, checked.output
    assert "SUPPLIED_IN_MONTH" in json.dumps(json.loads(checked.stdout))


def test_files_for_an_import_hold_months_as_well(workspace: Workspace, tmp_path: Path) -> None:
    arguments = write_files(workspace, tmp_path / "files", DAY, grain="month")
    assert [a for a in arguments if "SUPPLIED_IN_MONTH" in a]
    assert not [a for a in arguments if "=SUPPLIED=" in a or "HANDED_OVER" in a]
    assert '"4"' in (tmp_path / "files" / "GraphChannel.csv").read_text("utf-8")  # its format
