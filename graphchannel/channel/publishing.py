"""The graph in a Neo4j server: published, compared, and written as files for an offline import."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graphchannel.errors import ServerLost
from graphchannel.findings import scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.channel.engines import EngineChoice
    from graphchannel.channel.opening import Opening
    from graphchannel.findings import ScanResult
    from graphchannel.neo4j.publishing import Published
    from graphchannel.neo4j.verify import Comparison

__all__ = ["publish", "verify"]


def publish(
    opening: Opening,
    server: EngineChoice,
    *,
    roles_on: date | None,
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
                replace_graph=replace,
                thorough=thorough,
                writers=writers,
                findings=_scanned(opening) if findings else None,
                progress=progress or (lambda _name, _rows: None),
            )
        except ServerLost as error:
            goes_on = "Nothing is half done: publishing again goes on where it was stopped."
            raise ServerLost(f"{error} {goes_on}") from error


def verify(opening: Opening, server: EngineChoice) -> tuple[Comparison, ...]:
    """Compare each label and relationship type row by row. Raises EngineError."""
    from graphchannel.neo4j.verify import verify as compared  # noqa: PLC0415 - an extra

    workspace = opening.workspace
    with server.connect() as link:
        return tuple(compared(workspace, link))


def _scanned(opening: Opening) -> ScanResult | None:
    """Scan; return None where there is nothing to scan, or a rule could not be run."""
    workspace = opening.workspace
    if not workspace.connection.execute("SELECT 1 FROM main.shipments LIMIT 1").fetchall():
        return None
    result = scan(workspace, opening.catalogue)
    if result.failed:
        opening.say("Findings stay as they are: 'graphchannel scan' cannot run a rule.")
        return None
    return result
