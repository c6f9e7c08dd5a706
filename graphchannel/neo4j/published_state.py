"""What a server says about the graph that was published to it: one node, `(:GraphChannel)`."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from graphchannel.errors import EngineError
from graphchannel.neo4j.grain import FORMATS, grain_of
from graphchannel.neo4j.parts import VERSION
from graphchannel.schema import CHANNEL

if TYPE_CHECKING:
    from graphchannel.neo4j.grain import Grain
    from graphchannel.neo4j.link import Link
    from graphchannel.workspace import Workspace

__all__ = [
    "CONSTRAINT",
    "State",
    "check",
    "check_current",
    "check_published",
    "finished",
    "read",
    "state_of",
    "write",
]

_FIELDS = ("workspace", "format", "load", "finished", "mode", "role_labels")
_NAME = "graphchannel_state"
CONSTRAINT = (
    _NAME,
    f"CREATE CONSTRAINT {_NAME} IF NOT EXISTS FOR (x:GraphChannel) REQUIRE x.id IS UNIQUE",
)


@dataclass(frozen=True, slots=True)
class State:
    """Which workspace a graph follows, and up to which load.

    `finished` is when that load ended: a copy of the workspace may have gone another way since.
    `mode` is how the publish under way goes about it, and `complete` when none is.
    """

    workspace: str
    format: int
    load: int
    finished: str
    mode: str
    role_labels: tuple[str, ...]


def state_of(workspace: Workspace, grain: Grain = "line") -> State:
    """Return the state of a graph that equals the workspace."""
    with workspace.session() as session:
        identity, load = session.meta("id") or "", session.revision.load
    return State(identity, FORMATS[grain], load, finished(workspace, load), "complete", ())


def finished(workspace: Workspace, load: int) -> str:
    """Return when a load of the workspace ended, an empty text if there was none."""
    with workspace.session() as session:
        rows = session.connection.execute(
            "SELECT finished_at::VARCHAR FROM admin.loads WHERE id = $load", {"load": load}
        ).fetchall()
    return str(rows[0][0]) if rows else ""


def read(link: Link) -> State | None:
    """Return what the server says, None if nothing was ever published there."""
    fields = ", ".join(f"m.{name}" for name in _FIELDS)
    rows = link.rows(f"MATCH (m:GraphChannel {{id: 'graphchannel'}}) RETURN {fields}")
    if not rows:
        return None
    workspace, format_, load, ended, mode, labels = rows[0]
    return State(workspace, format_, load, ended, mode, tuple(labels or ()))


def write(link: Link, state: State) -> None:
    """Say on the server what the graph is."""
    values = asdict(state) | {"role_labels": list(state.role_labels)}
    query = "MERGE (m:GraphChannel {id: 'graphchannel'}) SET m += $values"
    link.write((query, {"values": values}))


def check(link: Link, found: State | None, own: State) -> None:
    """Refuse a graph that somebody else wrote; raises EngineError."""
    if found is None:
        _refuse_foreign(link)
    elif found.format != own.format:
        raise EngineError(f"{link.login.uri}: {_other_format(found, own)}")
    elif found.workspace != own.workspace:
        raise EngineError(
            f"{link.login.uri}: the graph there was published from another workspace; name that "
            "workspace, or publish with --replace to put this one in its place."
        )


def check_published(link: Link, found: State | None, own: State) -> None:
    """Refuse anything but a complete graph of this workspace; raises EngineError."""
    if found is None:
        raise EngineError(
            f"{link.login.uri}: nothing was published there; run 'graphchannel publish' first."
        )
    check(link, found, own)
    if found.mode != "complete":
        raise EngineError(
            f"{link.login.uri}: a publish was interrupted there; run 'graphchannel publish' again."
        )


def check_current(link: Link, workspace: Workspace) -> None:
    """Refuse a graph that is not in step with the workspace; raises EngineError."""
    own, found = state_of(workspace), read(link)
    check_published(link, found, own)
    if found is not None and (found.load, found.finished) != (own.load, own.finished):
        raise EngineError(
            f"{link.login.uri}: the graph there follows load {found.load}, the workspace is at "
            f"load {own.load}; run 'graphchannel publish' first."
        )


def _other_format(found: State, own: State) -> str:
    """Say what is there instead of a graph of one's own format."""
    match grain_of(found.format):
        case "month":
            return (
                "the graph there holds the trade of each month, and no lines; publish with "
                "--replace to have lines there, or with --aggregate month to keep it so."
            )
        case "line":
            return (
                "the graph there holds lines; publish with --replace to have the trade of each "
                "month in their place."
            )
        case None:
            return (
                "another version of graphchannel published the graph there (format "
                f"{found.format}, this one writes {own.format}); publish with --replace to write "
                "it anew."
            )


def _refuse_foreign(link: Link) -> None:
    for label in sorted(CHANNEL.labels):
        query = f"MATCH (n:{label}) WHERE n.{VERSION} IS NULL RETURN count(n)"
        if count := link.rows(query)[0][0]:
            raise EngineError(
                f"{link.login.uri}: {count} nodes there carry the label {label}, and graphchannel "
                "did not write them; name another database with --database, or an empty server."
            )
