"""What a row says of other rows: references, ids shared by the party tables, hierarchies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.ingest.check import Check
from graphchannel.schema import PARTIES, TABLES, Table, TableColumn
from graphchannel.text import literal, quoted
from graphchannel.workspace import first_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import duckdb

_NAMED = {table.name for table in TABLES if "name" in table.column_names}
_DIGITS = "0*[1-9][0-9]*"
_SINGULAR = {"cities": "city", "industries": "industry"}


def reference_checks(table: Table, called: Callable[[str], str] = literal) -> tuple[Check, ...]:
    """List what can be wrong with a row `t`, once all tables that it refers to are loaded.

    A column of the table's own hierarchy is not among them: rows of one load may refer to each
    other. `called` gives, as SQL, what a column is called by those who sent the row.
    """
    checks = [
        _unknown(column, called)
        for column in table.columns
        if column.references and column.name != table.hierarchy
    ]
    if table.name in PARTIES:
        checks.extend(_taken(other, called) for other in PARTIES if other != table.name)
    if table.name in _NAMED:
        checks.append(_without_zeros(table, called))
    return tuple(checks)


def singular(name: str) -> str:
    """Name one row of a table, for sentences.

    >>> singular("end_users"), singular("cities")
    ('end user', 'city')
    """
    return _SINGULAR.get(name, name.removesuffix("s")).replace("_", " ")


def bare(x: str) -> str:
    """Write an id without what those that people mix up differ in: zeros, case and signs."""
    return f"ltrim(regexp_replace(lower({x}), '[^\\p{{L}}\\p{{N}}]', '', 'g'), '0')"


def unknown_parent(table: Table, called: Callable[[str], str] = literal) -> Check:
    """Describe a row `t` of a hierarchy whose parent is not in `_known_parent`."""
    hierarchy = str(table.hierarchy)
    parent = f"t.{quoted(hierarchy)}"
    return Check(
        "unknown_reference",
        hierarchy,
        f"{parent} IS NOT NULL AND {parent} NOT IN (SELECT id FROM _known_parent)",
        _says(called(hierarchy), parent, (table.name,)),
    )


def on_cycle_select(relation: str) -> str:
    """Select the ids on a cycle of a relation (`id`, `parent`)."""
    return f"""
        WITH RECURSIVE up AS (
            SELECT id, parent FROM {relation} WHERE parent IS NOT NULL
            UNION SELECT up.id, k.parent FROM up JOIN {relation} AS k ON k.id = up.parent
            WHERE k.parent IS NOT NULL AND up.id <> up.parent)
        SELECT id FROM up WHERE id = parent"""


def dangling(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> list[str]:
    """Describe stored references into `tables` that find no row, one phrase a column."""
    wanted = set(tables)
    phrases: list[str] = []
    for table in TABLES:
        for column in table.columns:
            if wanted & set(column.references):
                phrases += _dangling(connection, table, column)
    return phrases


def _dangling(
    connection: duckdb.DuckDBPyConnection, table: Table, column: TableColumn
) -> Iterator[str]:
    value = quoted(column.name)
    row = first_row(
        connection,
        f"""SELECT count(*), count(DISTINCT {value}), min({value}), list(DISTINCT _load)
            FROM main.{table.name} WHERE {value} IS NOT NULL AND {value} NOT IN ({_ids(column)})""",
    )
    if row is not None and row[0]:
        count, different, example, loads = row
        rows = "row" if count == 1 else "rows"
        kind = _either(column.references)
        more = f" and {different - 1} more" if different > 1 else ""
        numbers = ", ".join(str(load) for load in sorted(loads))
        of = f"load {numbers}" if len(loads) == 1 else f"loads {numbers}"
        said = f"name {kind} '{example}'{more} in {column.name}"
        yield f"{count} {rows} of {table.name} ({of}) {said}"


def _ids(column: TableColumn) -> str:
    return " UNION ALL ".join(f"SELECT id FROM main.{name}" for name in column.references)


def _unknown(column: TableColumn, called: Callable[[str], str]) -> Check:
    value = f"t.{quoted(column.name)}"
    ids = _ids(column)
    right = f"{value} IN ({ids})"
    return Check(
        "unknown_reference",
        column.name,
        f"{value} IS NOT NULL AND {value} NOT IN ({ids})",
        f"{_says(called(column.name), value, column.references)} ||"
        f" {_meant(value, column.references)}",
        right if column.required else f"({value} IS NULL OR {right})",
    )


def _says(called: str, value: str, tables: tuple[str, ...]) -> str:
    return (
        f"{called} || ' is ''' || {value} || '''' || "
        f"{literal(f', which is no {_either(tables)} that is loaded.')}"
    )


def _meant(value: str, tables: tuple[str, ...]) -> str:
    """Say which id is probably meant: one that differs in zeros, case or signs, or a name's.

    Say nothing where there are several.
    """
    rows = " UNION ALL ".join(
        f"SELECT id, {'name' if name in _NAMED else 'NULL AS name'} FROM main.{name}"
        for name in tables
    )
    like = f"{bare('k.id')} = {bare(value)}"
    named = f"lower(k.name) = lower({value})"
    only = f"SELECT CASE WHEN count(*) = 1 THEN min(k.id) END FROM ({rows}) AS k WHERE"
    return (
        f"coalesce(' Did you mean ''' || ({only} {like}) || '''?',"
        f" ' It is the name of ''' || ({only} {named}) || '''; write that id.', '')"
    )


def _without_zeros(table: Table, called: Callable[[str], str]) -> Check:
    """Refuse a new id that is another's but for leading zeros, which spreadsheets drop."""
    tables = PARTIES if table.name in PARTIES else (table.name,)
    ids = " UNION ALL ".join(f"SELECT id FROM main.{name}" for name in tables)
    same = "ltrim(k.id, '0') = ltrim(t.id, '0') AND k.id <> t.id"
    stored = f"SELECT min(k.id) FROM ({ids}) AS k WHERE {same}"
    longer = f"SELECT max(k.id) FROM _typed AS k WHERE {same} AND length(k.id) > length(t.id)"
    other = f"coalesce(({stored}), ({longer}))"
    return Check(
        "conflicting",
        "id",
        f"regexp_full_match(t.id, '{_DIGITS}') AND {other} IS NOT NULL"
        f" AND t.id NOT IN (SELECT id FROM main.{table.name})",
        f"{called('id')} || ' is ''' || t.id || ''', which differs from ''' || {other}"
        f" || ''' in leading zeros alone. Did you mean ''' || {other} || '''?'",
    )


def _either(tables: tuple[str, ...]) -> str:
    *others, last = (singular(name) for name in tables)
    return f"{', '.join(others)} or {last}" if others else last


def _taken(other: str, called: Callable[[str], str]) -> Check:
    return Check(
        "conflicting",
        "id",
        f"t.id IN (SELECT id FROM main.{other})",
        f"{called('id')} || ' is ''' || t.id || ''', which stands in {other} already; ids are"
        " unique among vendors, partners and end users.'",
    )
