"""Write open rejects as one CSV that a person can correct in a spreadsheet and load again.

A record that a loader read is written as it came, once, in the sender's own columns: the loader
reads it again, so that prices, signs and dates mean what they meant. Any other row has the columns
of its table. Columns that differ in case alone share one place.

The file begins with a byte-order mark, which tells spreadsheets that it is UTF-8. A text that one
would run as a formula has an apostrophe before it, which is taken away again when it is loaded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphchannel.files import replacing_path
from graphchannel.ingest.open_rejects import ORDER
from graphchannel.schema import TABLES
from graphchannel.text import literal, quoted
from graphchannel.workspace import one_number

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.workspace import Workspace

__all__ = ["export_rejects", "guarded", "unguarded"]

_MARK = "\ufeff"
# What spreadsheets run begins with one of these; some take the wide signs for the plain ones.
_RUNS = "=+\\-@\\t\\r\\n\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
_RUNS += "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
_NUMBER = "[+-]?[0-9]+([.,][0-9]+)*"
_OPEN = "SELECT * FROM admin.rejects WHERE closed IS NULL"
# A record that a loader read is one row, whatever rows of whatever tables it gave.
_RECORDS = f"""
    SELECT id, load, file, record, id::VARCHAR AS numbers, "table", loader, code,
        reason || if(delivered IS NULL, ' The record was: ' || raw, '') AS reason,
        delivered AS cells
    FROM ({_OPEN}) WHERE loader IS NULL
    UNION ALL
    SELECT min(id), load, file, record,
        if(count(*) = 1, min(id)::VARCHAR, string_agg('#' || id, ' ' ORDER BY id)),
        arg_min("table", id), loader, arg_min(code, id),
        string_agg(DISTINCT reason, ' ' ORDER BY reason)
            || if(json_valid(any_value(raw)), '', ' The record was: ' || any_value(raw)),
        if(json_valid(any_value(raw)), any_value(raw)::JSON, NULL)
    FROM ({_OPEN}) WHERE loader IS NOT NULL GROUP BY load, file, record, loader"""


def export_rejects(workspace: Workspace, path: Path) -> int:
    """Write open rejects as one CSV that can be corrected and loaded as it is; return how many.

    Columns: `_reject`, `_table`, `_loader`, `_code`, `_reason`, then those of the records. One that
    had no columns says in `_reason` how it read.
    """
    columns = ", ".join(
        f"{guarded(_cell(names))} AS {quoted(_guard(names[0]))}" for names in _columns(workspace)
    )
    packed = ", COMPRESSION gzip" if path.suffix == ".gz" else ""
    with replacing_path(path) as beside:
        workspace.connection.execute(
            f"""COPY (SELECT numbers AS {quoted(_MARK + "_reject")}, "table" AS _table,
                loader AS _loader, code AS _code, {guarded("reason")} AS _reason
                {f", {columns}" if columns else ""}
            FROM ({_RECORDS}) ORDER BY {ORDER}) TO {literal(beside)}
            (FORMAT csv, HEADER true{packed})"""
        )
    return one_number(workspace.connection, f"SELECT count(*) FROM ({_OPEN})")


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run; numbers are no formulas."""
    runs = f"regexp_matches({text}, '^''*[{_RUNS}]')"
    number = f"regexp_full_match({text}, '{_NUMBER}')"
    return f"if({runs} AND NOT {number}, '''' || {text}, {text})"


def unguarded(text: str) -> str:
    """Take the apostrophe of `guarded` away."""
    return f"if(regexp_matches({text}, '^''+[{_RUNS}]'), ({text})[2:], {text})"


def _guard(name: str) -> str:
    return f"'{name}" if re.match(f"'*[{_RUNS}]", name) else name


def _columns(workspace: Workspace) -> list[list[str]]:
    """List the columns of the records; those that differ in case alone are one."""
    found = workspace.connection.execute(
        f"""SELECT DISTINCT "table" FROM ({_OPEN}) WHERE loader IS NULL"""
    ).fetchall()
    names = [name for table in TABLES if (table.name,) in found for name in table.column_names]
    own = workspace.connection.execute(
        f"""SELECT DISTINCT json_keys(raw) FROM ({_OPEN})
            WHERE loader IS NOT NULL AND json_valid(raw) ORDER BY 1"""
    ).fetchall()
    names += [name for (keys,) in own for name in keys]
    columns: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        columns.setdefault(name.casefold(), []).append(name)
    return list(columns.values())


def _cell(names: list[str]) -> str:
    values = [f"cells->>{literal(_path(name))}" for name in names]
    return f"coalesce({', '.join(values)})" if len(values) > 1 else f"({values[0]})"


def _path(name: str) -> str:
    """Name a key of a JSON object; one that DuckDB would take for a path is put into quotes."""
    return f'$."{name}"' if name[:1] in ("$", "/") else name
