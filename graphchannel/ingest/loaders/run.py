"""Run a loader over a source: each `@into` becomes rows of its table.

A SELECT reads the relation `source`: `_record`, the columns of the header under the header's names,
all of them text; and the canonical tables that the header declares (`@tables`), as they stood
before the load. Text has no blanks around it, and numbers and days that the header declares have
one form (`-1234.5`, `2024-01-31`), whatever the source writes. It runs in a sandbox, where there is
nothing else to be read. It must return `_record`, so that every row is accountable; what it returns
besides are columns of its table. One record may give several rows, or rows of several tables. A
record that gives no row of any table is rejected: a loader cannot drop anything silently.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.errors import LoaderError, did_you_mean
from graphchannel.ingest.columns import match_columns, unread
from graphchannel.ingest.flaws import merged, take_flawed
from graphchannel.ingest.loaders.catalogue import lacking
from graphchannel.ingest.loaders.origins import own_names
from graphchannel.ingest.loaders.sections import LoaderRun, named_columns, source_select
from graphchannel.ingest.source import RECORD, listed, size
from graphchannel.ingest.source_values import cleaned, keep_problems
from graphchannel.ingest.staged import SourceReject, Staged
from graphchannel.ingest.values import EXACT, OPEN
from graphchannel.ingest.values.read import drop_values, read_values
from graphchannel.ingest.values.reading import Need
from graphchannel.schema import Kind
from graphchannel.schema import table as canonical
from graphchannel.text import quoted
from graphchannel.workspace import first_row
from graphchannel.workspace_file import connect

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import duckdb

    from graphchannel.ingest.loaders.header import Loader
    from graphchannel.ingest.source import Source
    from graphchannel.ingest.values import Forms

_SOME = 100  # records that show what a missing column would fill


def check_loader(loader: Loader) -> None:
    """Raise LoaderError if a SELECT reads what it may not, or does not return what its table needs.

    Runs each over an empty source, so that names and types are checked as well.
    """
    with connect(None, write=True) as connection:
        connection.execute(f"CREATE TEMP TABLE nothing ({RECORD} BIGINT)")
        select = source_select(loader, "nothing", {})
        LoaderRun(connection, loader, "an empty source", 0).sections(select)


def run_loader(
    connection: duckdb.DuckDBPyConnection,
    loader: Loader,
    source: Source,
    because: str,
    forms: Forms = OPEN,
) -> list[Staged]:
    """Stage a source through a loader, one `Staged` for each `@into`.

    `Staged.records` is the source's own count where each record gives one row. Where records give
    rows of several tables, or several rows, it is that table's rows and rejects: the first table
    carries the rejects of the source. Raises LoaderError if a needed column is missing.
    """
    _refuse_lacking(loader, source)
    known = loader.columns + loader.optional
    chosen, others = match_columns(source.label, source.columns, known)
    left = unread(source.label, f"loader '{loader.name}'", others, known)
    flawed = _take_flawed(connection, loader, source, chosen)
    values = read_values(connection, source.relation, _needs(loader, chosen), forms)
    select = source_select(loader, values.relation, chosen)
    rows = LoaderRun(connection, loader, source.label, source.records).sections(select)
    problems = keep_problems(connection, values)
    drop_values(connection, values)
    dropped = _dropped(connection, loader, source, [relation for relation, _ in rows])
    first = Staged(
        file=source.label,
        table=loader.sections[0].table,
        source=source.relation,
        rows=rows[0][0],
        columns=(),
        records=0,
        rejects=merged(source.rejects, [*flawed, *dropped]),
        loader=loader.name,
        because=because,
        warnings=(*source.warnings, *left, *cleaned(source.label, values.remarks)),
        forms=_forms_of_rows(loader, forms),
        problems=problems,
    )
    said = _columns_brought(connection, loader, source, chosen, rows)
    names = own_names(connection, loader, source, chosen)
    relations = [relation for relation, _ in rows]
    tables = zip([each.table for each in loader.sections], relations, said, names, strict=True)
    return _by_table(connection, first, tables)


def _by_table(
    connection: duckdb.DuckDBPyConnection,
    first: Staged,
    tables: Iterable[tuple[str, str, tuple[str, ...], dict[str, str]]],
) -> list[Staged]:
    """Stage each table with its relation, columns and names; the first carries the rejects."""
    staged: list[Staged] = []
    for table, relation, columns, names in tables:
        found = size(connection, relation)
        own = replace(first, columns=columns, names=names, table=table, rows=relation)
        if not staged:
            staged = [replace(own, records=found + len(first.rejects))]
        elif found:  # there may be none, such as of serial numbers
            staged.append(replace(own, rejects=(), warnings=(), records=found))
    return staged


def _take_flawed(
    connection: duckdb.DuckDBPyConnection,
    loader: Loader,
    source: Source,
    chosen: Mapping[str, str],
) -> list[SourceReject]:
    """Take out the records with a flaw in a column that the loader reads."""
    days = [chosen[name] for name in loader.days if name in chosen]
    return take_flawed(connection, source, {own: own for own in chosen.values()}, days)


def _refuse_lacking(loader: Loader, source: Source) -> None:
    if missing := lacking(loader, source.columns):
        raise LoaderError(
            f"{source.label}: loader '{loader.name}' needs {named_columns(missing)}, but the "
            f"source has {listed(source.columns)}.{did_you_mean(missing[0], source.columns)}"
        )


def _columns_brought(
    connection: duckdb.DuckDBPyConnection,
    loader: Loader,
    source: Source,
    chosen: Mapping[str, str],
    rows: list[tuple[str, tuple[str, ...]]],
) -> list[tuple[str, ...]]:
    """Leave out columns that are empty because the source lacks a column, and would be filled else.

    The source says nothing of them, so they stay as they are in rows that are stored already.
    """
    empty = [
        {name for name in _empty(connection, *row) if not canonical(at.table).column(name).required}
        for at, row in zip(loader.sections, rows, strict=True)
    ]
    if not any(empty) or all(name in chosen for name in loader.optional):
        return [columns for _, columns in rows]
    select = source_select(loader, source.relation, chosen, lacking="'1'")
    others = LoaderRun(connection, loader, source.label, _SOME).sections(f"{select} LIMIT {_SOME}")
    said = []
    for (_, columns), nothing, other in zip(rows, empty, others, strict=True):
        unsaid = nothing - set(_empty(connection, *other))
        said.append(tuple(name for name in columns if name not in unsaid))
        connection.execute(f"DROP TABLE {other[0]}")
    return said


def _empty(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: tuple[str, ...]
) -> list[str]:
    counts = ", ".join(f"count({quoted(name)})" for name in columns)
    filled = first_row(connection, f"SELECT {counts} FROM {relation}") or ()
    return [name for name, count in zip(columns, filled, strict=True) if not count]


def _needs(loader: Loader, chosen: Mapping[str, str]) -> list[Need]:
    """Say what the loader needs of the columns of a source, under the source's names."""
    kinds = dict.fromkeys(loader.numbers, Kind.DECIMAL) | dict.fromkeys(loader.days, Kind.DATE)
    needs = []
    for name, found in chosen.items():
        kind = kinds.get(name, Kind.STRING)
        exact = kind is not Kind.STRING
        needs.append(Need(found, kind, found, identifier=not exact, few=exact, exact=exact))
    return needs


def _forms_of_rows(loader: Loader, forms: Forms) -> Forms:
    """Say how the rows of a loader are written: it hands on in one form what it got so."""
    if loader.numbers:
        forms = replace(forms, decimal=EXACT.decimal, thousands=EXACT.thousands)
    return replace(forms, days=EXACT.days) if loader.days else forms


def _dropped(
    connection: duckdb.DuckDBPyConnection, loader: Loader, source: Source, rows: list[str]
) -> list[SourceReject]:
    """Return rejects for the records that gave no row."""
    accounted = " UNION ALL ".join(f"SELECT {RECORD} FROM {relation}" for relation in rows)
    invented = first_row(
        connection,
        f"""SELECT {RECORD} FROM ({accounted}) ANTI JOIN {source.relation} USING ({RECORD})
        LIMIT 1""",
    )
    if invented:
        raise LoaderError(
            f"{loader.path}: the rows have {RECORD} {invented[0]}, which {source.label} does not; "
            f"return {RECORD} as the source has it."
        )
    dropped = connection.execute(
        f"""SELECT {RECORD}, to_json(row)::VARCHAR FROM {source.relation} AS row
        ANTI JOIN ({accounted}) USING ({RECORD}) ORDER BY {RECORD}"""
    ).fetchall()
    reason = f"Loader '{loader.name}' makes no row of this record."
    return [SourceReject(record, reason, raw) for record, raw in dropped]
