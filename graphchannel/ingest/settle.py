"""What a person decides about rejects: a correction that was held is right, or a row is no matter.

Each decision is a change of the workspace with a number of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.ingest.keep import delivered_again
from graphchannel.ingest.load_history import begin_load, finish_load
from graphchannel.ingest.loading import load_staged
from graphchannel.ingest.source import fresh_name
from graphchannel.ingest.special_rows import REVIEW
from graphchannel.ingest.staged import Staged
from graphchannel.schema import TABLES
from graphchannel.workspace import one_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.ingest.outcome import LoadReport
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace

__all__ = ["accept_rejects", "dismiss_rejects"]


def accept_rejects(workspace: Workspace, policy: Policy, numbers: Sequence[int]) -> LoadReport:
    """Apply corrections that were held for review, as one load that can be taken back.

    Raise InputError, and change nothing, for a number that is none of an open reject held so.
    """
    connection = workspace.connection
    _refuse_others(workspace, numbers, REVIEW)
    listed = ", ".join(str(int(number)) for number in numbers)
    staged = []
    try:
        for table in TABLES:
            where = f"\"table\" = '{table.name}' AND id IN ({listed})"
            count = one_number(connection, f"SELECT count(*) FROM admin.rejects WHERE {where}")
            if count:
                name = fresh_name("accepted")
                connection.execute(
                    f"""CREATE TEMP TABLE {name} AS
                        SELECT record AS _record, id AS _reject, '{table.name}' AS _table,
                            {delivered_again(table)} FROM admin.rejects WHERE {where}"""
                )
                staged.append(
                    Staged(
                        "rejects accept",
                        table.name,
                        name,
                        name,
                        table.column_names,
                        count,
                        confirmed=True,
                        by_row=True,
                    )
                )
        return load_staged(workspace, staged, policy)
    finally:
        for source in staged:
            connection.execute(f"DROP TABLE {source.rows}")


def dismiss_rejects(workspace: Workspace, numbers: Sequence[int]) -> int:
    """Close rejects for good: the same rows are not listed again; return how many.

    Raise InputError, and change nothing, for a number that is none of an open reject.
    """
    _refuse_others(workspace, numbers, None)
    with workspace.transaction():
        load = begin_load(workspace.connection)
        listed = ", ".join(str(int(number)) for number in numbers)
        dismissed = one_number(
            workspace.connection,
            f"""UPDATE admin.rejects SET closed = {load}, closed_as = 'dismissed'
                WHERE closed IS NULL AND id IN ({listed})""",
        )
        about = f"{dismissed} reject{'' if dismissed == 1 else 's'}"
        finish_load(workspace.connection, load, kind="dismiss", about=about)
    return dismissed


def _refuse_others(workspace: Workspace, numbers: Sequence[int], code: str | None) -> None:
    """Raise InputError unless all numbers are those of open rejects, of a code if one is given."""
    if not numbers:
        raise InputError("No reject is named; 'graphchannel rejects' lists their numbers.")
    found = dict(
        workspace.connection.execute(
            "SELECT id, code FROM admin.rejects WHERE closed IS NULL AND list_contains($ids, id)",
            {"ids": list(numbers)},
        ).fetchall()
    )
    for number in numbers:
        if number not in found:
            raise InputError(
                f"Reject {number} is not open; 'graphchannel rejects' lists those that are."
            )
        if code is not None and found[number] != code:
            raise InputError(
                f"Reject {number} is no correction that waits for review (its code is "
                f"'{found[number]}'); correct its row with 'graphchannel rejects --export'."
            )
