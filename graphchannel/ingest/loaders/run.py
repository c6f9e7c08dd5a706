"""Run a loader over a source: each `@into` becomes rows of its table.

A SELECT reads the relation `source` alone: `_record`, the columns of the header under the header's
names, all of them text. It must return `_record`, so that every row is accountable; what it
returns besides are columns of its table. One record may give several rows, or rows of several
tables. A record that gives no row of any table is rejected: a loader cannot drop anything silently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from graphchannel.errors import LoaderError, did_you_mean
from graphchannel.ingest.loaders.catalogue import lacking
from graphchannel.ingest.loaders.header import folded
from graphchannel.ingest.source import RECORD, fresh_name, listed, quoted, size
from graphchannel.ingest.staged import SourceReject, Staged
from graphchannel.schema import table as canonical

if TYPE_CHECKING:
    from graphchannel.ingest.loaders.header import Loader, Section
    from graphchannel.ingest.source import Source


def check_loader(loader: Loader) -> None:
    """Raise LoaderError if a SELECT is not read-only, or does not return what its table needs.

    Runs each over an empty source, so that names and types are checked as well.
    """
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TEMP TABLE nothing ({RECORD} BIGINT)")
        for section in loader.sections:
            _refuse_unsafe(loader, section)
            _create_rows(connection, loader, section, _source_select(loader, "nothing", ()))


def run_loader(
    connection: duckdb.DuckDBPyConnection, loader: Loader, source: Source, because: str
) -> list[Staged]:
    """Stage a source through a loader, one `Staged` for each `@into`.

    `Staged.records` is the source's own count where each record gives one row. Where records give
    rows of several tables, or several rows, it is that table's rows and rejects: the first table
    carries the rejects of the source. Raises LoaderError if a needed column is missing.
    """
    missing = lacking(loader, source.columns)
    if missing:
        raise LoaderError(
            f"{source.label}: loader '{loader.name}' needs {_columns(missing)}, but the source has "
            f"{listed(source.columns)}.{did_you_mean(missing[0], source.columns)}"
        )
    select = _source_select(loader, source.relation, source.columns)
    rows = []
    for section in loader.sections:
        _refuse_unsafe(loader, section)
        rows.append(_create_rows(connection, loader, section, select, source.label))
    dropped = _dropped(connection, loader, source, [relation for relation, _ in rows])
    staged: list[Staged] = []
    rejects = tuple(sorted((*source.rejects, *dropped), key=lambda reject: reject.record))
    for section, (relation, columns) in zip(loader.sections, rows, strict=True):
        staged.append(
            Staged(
                file=source.label,
                table=section.table,
                source=source.relation,
                rows=relation,
                columns=columns,
                records=size(connection, relation) + len(rejects),
                rejects=rejects,
                loader=loader.name,
                because=because,
                warnings=() if staged else (*source.warnings, *_unread(loader, source)),
            )
        )
        rejects = ()
    return staged


def _columns(names: list[str]) -> str:
    return f"column{'s' if len(names) > 1 else ''} {', '.join(repr(name) for name in names)}"


def _unread(loader: Loader, source: Source) -> list[str]:
    read = {folded(name) for name in loader.columns + loader.optional}
    unread = [name for name in source.columns if folded(name) not in read]
    known = loader.columns + loader.optional
    return [
        f"{source.label}: column '{name}' is unknown to loader '{loader.name}' and not read."
        f"{did_you_mean(name, known)}"
        for name in unread
    ]


def _source_select(loader: Loader, relation: str, present: tuple[str, ...]) -> str:
    """Return SQL for what the loader sees: its columns under its names, as text."""
    by_fold = {folded(name): name for name in reversed(present)}
    columns = []
    for name in loader.columns + loader.optional:
        found = by_fold.get(folded(name))
        value = f"CAST({quoted(found)} AS VARCHAR)" if found else "CAST(NULL AS VARCHAR)"
        columns.append(f"{value} AS {quoted(name)}")
    return f"SELECT {RECORD}, {', '.join(columns)} FROM {relation}"


def _create_rows(
    connection: duckdb.DuckDBPyConnection,
    loader: Loader,
    section: Section,
    source_select: str,
    label: str = "an empty source",
) -> tuple[str, tuple[str, ...]]:
    """Return the relation that a section filled, and its canonical columns."""
    relation = fresh_name("rows")
    try:
        connection.execute(
            f"CREATE TEMP TABLE {relation} AS WITH source AS ({source_select})\n"
            f"SELECT * FROM (\n{section.select}\n)"
        )
    except duckdb.Error as error:
        raise LoaderError(
            f"{loader.path}:{section.line}: the SELECT into {section.table} fails on {label}: "
            f"{_first_lines(error)}"
        ) from error
    names = [row[0] for row in connection.execute(f"DESCRIBE {relation}").fetchall()]
    return relation, _canonical_columns(loader, section, names)


def _first_lines(error: duckdb.Error) -> str:
    return str(error).split("\n\n", maxsplit=1)[0].replace("\n", " ")


def _canonical_columns(loader: Loader, section: Section, names: list[str]) -> tuple[str, ...]:
    table = canonical(section.table)
    where = f"{loader.path}:{section.line}: the SELECT into {section.table}"
    if RECORD not in names:
        raise LoaderError(f"{where} does not return {RECORD}; add it as the first column.")
    columns = tuple(name for name in names if name != RECORD)
    for name in columns:
        if name not in table.column_names:
            raise LoaderError(
                f"{where} returns column '{name}', which the table does not have (it has "
                f"{listed(table.column_names)}).{did_you_mean(name, table.column_names)}"
            )
    missing = [each.name for each in table.columns if each.required and each.name not in columns]
    if missing:
        raise LoaderError(f"{where} does not return {_columns(missing)}, which the table requires.")
    return columns


def _dropped(
    connection: duckdb.DuckDBPyConnection, loader: Loader, source: Source, rows: list[str]
) -> list[SourceReject]:
    """Return rejects for the records that gave no row."""
    accounted = " UNION ALL ".join(f"SELECT {RECORD} FROM {relation}" for relation in rows)
    invented = connection.execute(
        f"""SELECT {RECORD} FROM ({accounted}) ANTI JOIN {source.relation} USING ({RECORD})
        LIMIT 1"""
    ).fetchone()
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


def _refuse_unsafe(loader: Loader, section: Section) -> None:
    """Raise LoaderError unless the section is one SELECT over `source` and its own subqueries."""
    import sqlglot  # noqa: PLC0415 - slow to import, and most loads need no loader
    from sqlglot import exp  # noqa: PLC0415 - as above

    where = f"{loader.path}:{section.line}"
    try:
        statements = sqlglot.parse(section.select, dialect="duckdb")
    except sqlglot.errors.SqlglotError as error:
        reason = str(error).split("\n", maxsplit=1)[0]
        raise LoaderError(f"{where}: the SQL cannot be parsed: {reason}") from error
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise LoaderError(f"{where}: a loader holds one SELECT for each '@into', nothing else.")
    query = statements[0]
    known = {"source", *(each.alias_or_name.casefold() for each in query.find_all(exp.CTE))}
    for table in query.find_all(exp.Table):
        plain = isinstance(table.this, exp.Identifier) and not table.args.get("db")
        if not plain or table.name.casefold() not in known:
            raise LoaderError(
                f"{where}: the SELECT reads {table.sql('duckdb')}, "
                "but a loader reads 'source' alone."
            )
