"""The graph in a Neo4j server: published, compared, and written as files for an offline import."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.channel.keeping import with_work
from graphchannel.errors import ServerLost
from graphchannel.findings import scan
from graphchannel.lookup import check_party
from graphchannel.neo4j import views

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphchannel.channel.engines import EngineChoice
    from graphchannel.channel.opening import Opening
    from graphchannel.findings import Finding, ScanResult
    from graphchannel.neo4j.grain import Grain
    from graphchannel.neo4j.publishing import Published
    from graphchannel.neo4j.verify import Comparison

__all__ = ["finding_query", "party_query", "publish", "rule_query", "verify", "write_import"]


def publish(
    opening: Opening,
    server: EngineChoice,
    *,
    roles_on: date | None,
    grain: Grain,
    findings: bool,
    replace: bool,
    thorough: bool,
    writers: int,
    progress: Callable[[str, int], None] | None,
) -> Published:
    """Make the graph on the server equal to the workspace, findings included if they are wanted.

    Raises EngineError, ServerLost where the server went away.
    """
    from graphchannel.neo4j.publishing import publish as publish_graph  # noqa: PLC0415 - an extra

    workspace = opening.workspace
    with server.connect() as link:
        try:
            return publish_graph(
                workspace,
                link,
                roles_on or date.today(),  # noqa: DTZ011 - the day where the user is
                grain=grain,
                replace_graph=replace,
                thorough=thorough,
                writers=writers,
                findings=_scanned(opening) if findings else None,
                progress=progress or (lambda _name, _rows: None),
            )
        except ServerLost as error:
            goes_on = "Nothing is half done: publishing again goes on where it was stopped."
            raise ServerLost(f"{error} {goes_on}") from error


def write_import(
    opening: Opening, folder: Path, *, roles_on: date | None, grain: Grain
) -> list[str]:
    """Write the files; return the arguments of `neo4j-admin`. Raises OSError."""
    from graphchannel.neo4j.offline import write_files  # noqa: PLC0415 - one of two ways

    day = roles_on or date.today()  # noqa: DTZ011 - see publish
    return write_files(opening.stored, folder, day, grain=grain)


def verify(opening: Opening, server: EngineChoice) -> tuple[Comparison, ...]:
    """Compare each label and relationship type row by row. Raises EngineError."""
    from graphchannel.neo4j.verify import verify as compared  # noqa: PLC0415 - an extra

    workspace = opening.stored
    with server.connect() as link:
        return tuple(compared(workspace, link))


def finding_query(finding: Finding) -> str:
    """Return the query that shows a finding and what it concerns."""
    return views.finding_query(finding)


def party_query(opening: Opening, party: str) -> str:
    """Return the query that shows a party and what is around it. Raises InputError."""
    with opening.workspace.session() as session:
        check_party(session.connection, party)
        sql = "SELECT name FROM graph.party WHERE id = $id"
        ((name,),) = session.connection.execute(sql, {"id": party}).fetchall()
    return views.party_query(party, name)


def rule_query(opening: Opening, rule: str | None) -> str:
    """Return the query that shows the findings of a rule, or the worst. Raises RuleError."""
    if rule is None:
        return views.worst_query()
    return views.rule_query(rule, opening.catalogue.rule(rule).header.name)


def _scanned(opening: Opening) -> ScanResult | None:
    """Scan; return None where there is nothing to scan, or a rule could not be run."""
    workspace = opening.workspace
    if not workspace.connection.execute("SELECT 1 FROM main.shipments LIMIT 1").fetchall():
        return None
    result = with_work(opening, scan(workspace, opening.catalogue))
    if result.failed:
        opening.say("Findings stay as they are: 'graphchannel scan' cannot run a rule.")
        return None
    return result
