"""The demo: generate a network and load it into a workspace of its own."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from graphchannel import ingest
from graphchannel.demo.generate import generate
from graphchannel.errors import WorkspaceOutdated
from graphchannel.schema import TABLES
from graphchannel.workspace import create_workspace, open_workspace

if TYPE_CHECKING:
    from graphchannel.demo.truth import Truth
    from graphchannel.ingest import LoadReport
    from graphchannel.policy import Policy

PARTNERS, LINES, SEED = 700, 100_000, 1


def build_demo(workspace: Path, policy: Policy, keep: Path | None) -> tuple[Truth, LoadReport]:
    """Replace the demo workspace by a new one; write the source files into `keep`, if given.

    Raises WorkspaceError, and changes nothing, if the file is there but no workspace, or if another
    process holds it.
    """
    if workspace.exists():
        with suppress(WorkspaceOutdated):  # an earlier version's demo is replaced like any other
            open_workspace(workspace, write=True).close()
    if keep is not None:
        return _build(keep, workspace, policy)
    with TemporaryDirectory(prefix="graphchannel-demo-") as directory:
        return _build(Path(directory), workspace, policy)


def _build(directory: Path, workspace: Path, policy: Policy) -> tuple[Truth, LoadReport]:
    truth = generate(directory, PARTNERS, LINES, SEED)
    workspace.unlink(missing_ok=True)
    with create_workspace(workspace, policy) as created:
        # only what was generated: a kept directory may hold other files
        files = [directory / f"{table.name}.csv" for table in TABLES]
        return truth, ingest.load(created, files, policy)
