"""Corrections of a line's product, which are held for review until somebody confirms them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphchannel.ingest import accept_rejects, load_rows, rejects

if TYPE_CHECKING:
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace


def correct(workspace: Workspace, rows: dict[str, list[dict[str, Any]]], policy: Policy) -> None:
    """Load rows that are all held for review, and confirm them."""
    held = load_rows(workspace, rows, policy).rejected
    numbers = [reject.id for reject in rejects(workspace) if reject.code == "review"]
    assert len(numbers) == held > 0
    assert accept_rejects(workspace, policy, numbers).corrected == held
