"""`python -m bench.engines [--lines N]`: publishing, and the rule set on both engines side by side.

A Neo4j server of its own is started, the network is published to it over Bolt, and each rule runs
on the embedded engine and natively. Findings are compared before times are. The first publish also
warms Java up, so it is measured twice.
"""

from __future__ import annotations

import argparse
import io
import logging
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from bench.process import graphchannel
from graphchannel import resources
from graphchannel.demo.days import AS_OF
from graphchannel.engines import DuckDBEngine
from graphchannel.engines.parameters import policy_parameters
from graphchannel.findings import ScanOptions, scan
from graphchannel.neo4j import server as neo4j_server
from graphchannel.neo4j.engine import Neo4jEngine
from graphchannel.neo4j.link import Login, connect
from graphchannel.neo4j.parts import relationship_parts
from graphchannel.neo4j.publishing import publish
from graphchannel.neo4j.reading_aids import trades_part
from graphchannel.report.documents.scan import scan_document
from graphchannel.report.formats import json as json_format
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.rules.prepare import prepare
from graphchannel.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphchannel.engines import Engine, Query
    from graphchannel.neo4j.link import Link
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.workspace import Workspace

_WIPE = "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 100 ROWS"
_GOAL = 20_000  # relationships a second


def main() -> None:
    """Generate, load, publish twice, and compare the engines."""
    parser = argparse.ArgumentParser(prog="python -m bench.engines", description=__doc__)
    parser.add_argument("--lines", type=int, default=500_000)
    parser.add_argument("--partners", type=int, default=5_000)
    parser.add_argument("--release", help="Neo4j release, as for graphchannel neo4j up")
    parser.add_argument("--heap", default="2g", help="Java heap of the server")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="graphchannel-bench-") as name:
        folder = Path(name)
        file = _loaded(folder, options.partners, options.lines)
        with (
            _server(folder / "neo4j", options.release, options.heap) as link,
            open_workspace(file) as workspace,
        ):
            print(f"\n{options.lines:,} lines, heap {options.heap}")
            _publish(workspace, link, "just started")
            link.command(_WIPE)
            _publish(workspace, link, "warm")
            _compare(workspace, link)


@contextmanager
def native_network(folder: Path, partners: int, lines: int) -> Iterator[tuple[Path, Link]]:
    """Yield a loaded workspace's file, and a server that it is published to."""
    file = _loaded(folder, partners, lines)
    with _server(folder / "neo4j", None, "2g") as link:
        with open_workspace(file) as workspace:
            publish(workspace, link, AS_OF)
        yield file, link


@contextmanager
def _server(home: Path, release: str | None, heap: str) -> Iterator[Link]:
    logging.getLogger("neo4j").setLevel(logging.ERROR)  # it warns of what it tries again
    server = neo4j_server.up(home, release, heap=heap, usual_ports=False, say=print)
    try:
        print(f"Neo4j {server.version}")
        with connect(Login(server.uri, server.user, server.password)) as link:
            yield link
    finally:
        neo4j_server.down(home)


def _loaded(folder: Path, partners: int, lines: int) -> Path:
    data, file = folder / "data", folder / "channel.duckdb"
    sizes = ("--partners", str(partners), "--lines", str(lines))
    graphchannel("generate", str(data), *sizes, "--seed", "1")
    graphchannel("load", str(data), "--workspace", str(file))
    return file


def _publish(workspace: Workspace, link: Link, state: str) -> None:
    """Publish to an empty graph; print how many relationships a second arrived."""
    types = {part.name for part in (*relationship_parts(), trades_part())}
    begin = time.perf_counter()
    published = publish(workspace, link, AS_OF)
    seconds = time.perf_counter() - begin
    sent = sum(change.sent for change in published.changes if change.name in types)
    print(
        f"  publish, server {state:<14}{seconds:8.2f} s {sent:>12,} relationships "
        f"{sent / seconds:8,.0f}/s (goal {_GOAL:,}/s)"
    )


def _compare(workspace: Workspace, link: Link) -> None:
    """Print whether the findings are equal, and each rule's seconds on both engines."""
    catalogue = load_catalogue(resources.pack())
    embedded, native = DuckDBEngine(workspace.connection), Neo4jEngine(link, workspace.connection)
    ours, theirs = (_findings(workspace, catalogue, engine) for engine in (embedded, native))
    same = ours.replace('"engine": "duckdb"', '"engine": "neo4j"') == theirs
    print(f"  findings: {'equal, byte for byte' if same else 'DIFFERENT'}")
    parameters = policy_parameters(catalogue.policy) | {"as_of": AS_OF}
    print(f"  {'rule':<50}{'rows':>9}{'embedded':>11}{'Neo4j':>11}{'ratio':>8}")
    totals = [0.0, 0.0]
    for rule in catalogue.rules:
        query = prepare(rule, catalogue.policy).query
        rows, fast = _timed(embedded, query, parameters)
        others, slow = _timed(native, query, parameters)
        verdict = "" if rows == others else f"  DIFFERENT: {others:,} rows natively"
        print(f"  {rule.id:<50}{rows:>9,}{fast:>9.3f} s{slow:>9.3f} s{slow / fast:>7.0f}x{verdict}")
        totals = [totals[0] + fast, totals[1] + slow]
    fast, slow = totals
    print(
        f"  {'the rule set':<59}{fast:>9.3f} s{slow:>9.3f} s{slow / fast:>7.0f}x"
        " (goal 20x at 2,000,000 lines)"
    )


def _timed(engine: Engine, query: Query, parameters: dict[str, object]) -> tuple[int, float]:
    """Return the number of rows and the seconds until the last one is here."""
    begin = time.perf_counter()
    rows = engine.run(query, parameters).num_rows
    return rows, time.perf_counter() - begin


def _findings(workspace: Workspace, catalogue: Catalogue, engine: Engine) -> str:
    stream = io.StringIO()
    result = scan(workspace, catalogue, ScanOptions(as_of=AS_OF), engine=engine)
    json_format.write(scan_document(result, top=1, show_waived=True), stream)
    return stream.getvalue()


if __name__ == "__main__":
    main()
