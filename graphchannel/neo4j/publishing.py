"""Publishing a workspace to Neo4j: the exact graph of the schema, and what people look at.

The graph ends equal to the workspace however often the way there was interrupted. What graphchannel
did not write is left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.errors import EngineError
from graphchannel.neo4j import published_state as state
from graphchannel.neo4j.grain import parts_of, parts_of_others
from graphchannel.neo4j.published_findings import CONSTRAINT as FINDINGS
from graphchannel.neo4j.published_findings import publish_findings
from graphchannel.neo4j.reading_aids import role_labels, set_role_labels
from graphchannel.neo4j.sync import How, Sync

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    import duckdb

    from graphchannel.findings import ScanResult
    from graphchannel.neo4j.grain import Grain
    from graphchannel.neo4j.link import Link
    from graphchannel.neo4j.parts import GraphPart
    from graphchannel.neo4j.published_state import State
    from graphchannel.neo4j.sync import PartChange
    from graphchannel.workspace import Workspace

__all__ = ["Published", "publish"]


_LONGEST_KEY = 8_000  # bytes; an entry of a server's index has 8,167, its own figures included
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Published:
    """What a publish did, part by part; `how` is `changes`, `compare` or `all`."""

    how: str
    changes: tuple[PartChange, ...]
    load: int


def publish(
    workspace: Workspace,
    link: Link,
    day: date,
    *,
    grain: Grain = "line",
    replace_graph: bool = False,
    thorough: bool = False,
    writers: int = 3,
    findings: ScanResult | None = None,
    progress: Callable[[str, int], None] = lambda _name, _rows: None,
) -> Published:
    """Make the graph on the server equal to the workspace.

    `day` is the one whose roles become labels. A `grain` of months has the trade of each in place
    of lines. `replace_graph` puts this workspace in the place of another one, or of a graph of
    another version or grain. `thorough` sends every row anew, whatever is
    there. `findings` are a scan's, published beside the graph; without, those that are there stay.
    `progress` hears the part's name and how many rows were sent, from several threads. Raises
    EngineError.
    """
    own, found = state.state_of(workspace, grain), state.read(link)
    if found is None or not replace_graph:
        state.check(link, found, own)
    how = _how(found, own, workspace)
    if thorough:
        how = How("all")
    held = role_labels(workspace.connection, day)
    before = found.role_labels if found else ()
    labels = tuple(sorted({*held, *before}))
    parts = [*parts_of(grain, labels)]
    if found is not None and (found.format, found.mode) != (own.format, "complete"):
        parts += parts_of_others(grain)  # one of another grain may have been there before
    _check_keys(workspace.connection, parts)
    _constrain(link, [state.CONSTRAINT, FINDINGS, *(part.constraint for part in parts)])
    state.write(link, replace(own, mode=how.mode, role_labels=labels))
    changes = Sync(workspace.connection, link, writers, progress).all(parts, how)
    set_role_labels(link, held, before)
    if findings is not None:
        changes.append(publish_findings(link, findings))
    state.write(link, replace(own, role_labels=tuple(held)))
    return Published(how.mode, tuple(changes), own.load)


def _check_keys(connection: duckdb.DuckDBPyConnection, parts: Iterable[GraphPart]) -> None:
    """Raise EngineError for an id that no index of a server takes: it would refuse it each time."""
    for part in parts:
        for piece in part.pieces:
            found = connection.execute(
                f"SELECT key, strlen(key) FROM ({piece.select}) WHERE strlen(key) > $most "
                "ORDER BY key LIMIT 1",
                {"most": _LONGEST_KEY},
            ).fetchall()
            for key, length in found:
                raise EngineError(
                    f"{part.name} '{key[:_SHOWN]}…' has an id of {length:,} bytes; Neo4j keeps ids "
                    f"of up to {_LONGEST_KEY:,}. Nothing was sent; correct the id, or withdraw it."
                )


def _constrain(link: Link, constraints: list[tuple[str, str]]) -> None:
    """Create the constraints that are missing; each brings the index that writing needs."""
    there = {name for (name,) in link.rows("SHOW CONSTRAINTS YIELD name RETURN name")}
    for name, statement in constraints:
        if name not in there:
            link.command(statement)


def _how(found: State | None, own: State, workspace: Workspace) -> How:
    """Choose the cheapest way that is sure to end equal to the workspace."""
    if found is None:
        return How("compare")
    follows = (found.workspace, found.format) == (own.workspace, own.format)
    # A copy of the workspace may have loaded other files under the same numbers.
    if not follows or found.finished != state.finished(workspace, found.load):
        return How("all")
    if found.mode == "all":
        return How("all")
    if found.mode != "complete":
        return How("compare")
    return How("changes", found.load)
