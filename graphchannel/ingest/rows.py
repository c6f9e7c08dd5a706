"""Rows given as Python values: what rule tests and what-if questions load."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pyarrow as pa

from graphchannel.errors import InputError, did_you_mean
from graphchannel.ingest.loading import load_staged
from graphchannel.ingest.staged import Staged
from graphchannel.schema import TABLES, table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from graphchannel.ingest.outcome import LoadReport
    from graphchannel.ingest.periods import Reported
    from graphchannel.policy import Policy
    from graphchannel.workspace import Workspace


def load_rows(
    workspace: Workspace,
    rows: Mapping[str, Iterable[Mapping[str, object]]],
    policy: Policy,
    *,
    replace: Sequence[str] = (),
    reported: Reported | None = None,
) -> LoadReport:
    """Load rows given as dicts by table, the same way as files; the file's name is the table's.

    None and empty text are empty; dates may be text. Raise InputError for an unknown table or
    column.
    """
    staged = [_stage_rows(workspace, name, list(records)) for name, records in rows.items()]
    return load_staged(workspace, staged, policy, replace=replace, reported=reported)


def _stage_rows(workspace: Workspace, name: str, records: list[Mapping[str, object]]) -> Staged:
    known = [candidate.name for candidate in TABLES]
    if name not in known:
        raise InputError(
            f"There is no table '{name}' (there are: {', '.join(known)})."
            f"{did_you_mean(name, known)}"
        )
    columns = table(name).column_names
    for number, record in enumerate(records, 1):
        for column in record:
            if column not in columns:
                raise InputError(
                    f"{name}:{number}: column '{column}' is unknown (has: {', '.join(columns)})."
                    f"{did_you_mean(column, columns)}"
                )
    used = tuple(c for c in columns if any(c in record for record in records)) or columns
    arrays = {"_record": pa.array(range(1, len(records) + 1), pa.int64())}
    for column in used:
        values = [_text(record.get(column)) for record in records]
        arrays[column] = pa.array(values, pa.string())
    staged_name = f"_rows_{name}"
    workspace.connection.register("_arrow", pa.table(arrays))
    workspace.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE {staged_name} AS SELECT * FROM _arrow"
    )
    workspace.connection.unregister("_arrow")
    return Staged(name, name, staged_name, staged_name, used, len(records))


def _text(value: object) -> str | None:
    """Write a Python value the way a file would."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    return str(value)
