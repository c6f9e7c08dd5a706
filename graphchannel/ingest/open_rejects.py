"""Rows that were not accepted, as people look at them: one by one, or by their reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.workspace import first_row

if TYPE_CHECKING:
    from graphchannel.workspace import Workspace

__all__ = ["Reject", "RejectReason", "count_rejects", "reject_reasons", "rejects"]

_QUOTED = "''[^'']*''"  # as SQL writes it
ORDER = "load, file, record, id"
_ASKED = """closed IS NULL AND coalesce(load = $load, true) AND coalesce("table" = $table, true)
    AND coalesce(code = $code, true)"""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was not accepted; `raw` is the row as it came, JSON where it had columns."""

    id: int
    load: int
    file: str
    record: int
    table: str
    column: str | None
    code: str
    reason: str
    raw: str


@dataclass(frozen=True, slots=True)
class RejectReason:
    """Open rejects that differ in the value alone: how many, in so many files.

    `reason` has `…` in place of what differs, or the whole sentence if nothing does.
    """

    count: int
    files: int
    table: str
    column: str | None
    code: str
    reason: str


def rejects(
    workspace: Workspace,
    *,
    load: int | None = None,
    table: str | None = None,
    code: str | None = None,
    limit: int | None = None,
) -> tuple[Reject, ...]:
    """List open rejects in the order in which they came, of one load, table or code if given."""
    rows = workspace.connection.execute(
        f"""SELECT id, load, file, record, "table", "column", code, reason, raw FROM admin.rejects
            WHERE {_ASKED} ORDER BY {ORDER} {"" if limit is None else f"LIMIT {int(limit)}"}""",
        {"load": load, "table": table, "code": code},
    ).fetchall()
    return tuple(Reject(*row) for row in rows)


def count_rejects(
    workspace: Workspace,
    *,
    load: int | None = None,
    table: str | None = None,
    code: str | None = None,
) -> int:
    """Count what `rejects` would list without a limit."""
    sql = f"SELECT count(*) FROM admin.rejects WHERE {_ASKED}"
    asked = {"load": load, "table": table, "code": code}
    row = first_row(workspace.connection, sql, asked)
    return 0 if row is None else int(row[0])


def reject_reasons(
    workspace: Workspace,
    *,
    load: int | None = None,
    table: str | None = None,
    code: str | None = None,
) -> tuple[RejectReason, ...]:
    """Count open rejects by table, column, code and reason, the most frequent first."""
    rows = workspace.connection.execute(
        f"""SELECT count(*), count(DISTINCT file), "table", "column", code,
                if(count(DISTINCT reason) = 1, any_value(reason), kind)
            FROM (SELECT *, {_kind("reason")} AS kind FROM admin.rejects WHERE {_ASKED})
            GROUP BY "table", "column", code, kind ORDER BY 1 DESC, 3, 4 NULLS FIRST, 5, 6""",
        {"load": load, "table": table, "code": code},
    ).fetchall()
    return tuple(RejectReason(*row) for row in rows)


def _kind(reason: str) -> str:
    """Put `…` in place of the values that a sentence quotes, and of the numbers in what it saw.

    What may have been meant instead belongs to the value, and goes.
    """
    reason = f"regexp_replace({reason}, ' Did you mean .*$', '')"
    quotes = f"regexp_replace({reason}, '{_QUOTED}', '''…''', 'g')"
    seen = f"regexp_replace(split_part({quotes}, '; ', 1), '\\b[0-9]+\\b', '…', 'g')"
    return f"concat_ws('; ', {seen}, nullif(split_part({quotes}, '; ', 2), ''))"
