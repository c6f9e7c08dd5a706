"""What checks of files, and of the policy, found as documents: a line for each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.report.document import Column, Document, Page, Section, listing

if TYPE_CHECKING:
    from collections.abc import Sequence

    Checked = tuple[str, str | None]  # a file, and what is wrong with it

__all__ = ["checked_files_document", "policy_problems_document"]

_FILES: tuple[Column[Checked], ...] = (
    Column("file", lambda checked: checked[0]),
    Column("ok", lambda checked: checked[1] is None),
    Column("problem", lambda checked: checked[1]),
)
_PROBLEMS: tuple[Column[str], ...] = (Column("problem", str),)


def checked_files_document(checked: Sequence[Checked]) -> Document:
    """Tell of each file that it is right, or what is wrong with it."""
    page = Page(checked, text=_verdict)
    return listing(Section("files", "", _FILES, checked, page=page))


def policy_problems_document(problems: Sequence[str], name: str, rules: int) -> Document:
    """List what is wrong with the policy `name` and its `rules`, or say that nothing is."""
    none = f"The policy '{name}' and its {rules} rules hold no contradictions and no dead entries."
    page = Page(problems, text=str)
    return listing(Section("problems", "", _PROBLEMS, problems, empty=none, page=page))


def _verdict(checked: Checked) -> str:
    """Say what is wrong with a file; problems name it in full, or by its last two parts."""
    name, problem = checked
    if problem is None:
        return f"{name}: ok"
    for said in (name, "/".join(Path(name).parts[-2:])):
        if problem.startswith(said):
            return f"{name}{problem.removeprefix(said)}"
    return f"{name}: {problem}"
