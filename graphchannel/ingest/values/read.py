"""Read the columns of a relation: what they hold, typed; what nobody can read; what was cleaned.

Most files are plain. One look at each column tells, and the values are then cast as they stand. The
others take a step-by-step reading, kept in a table so that nothing is read twice.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.ingest.values.columns import is_plain, plain_value, reading_of
from graphchannel.ingest.values.evidence import gather
from graphchannel.ingest.values.reading import ColumnReading, layered, shown, when
from graphchannel.ingest.values.typed import exact_text, is_text, typed_reading, typed_value
from graphchannel.schema import Kind
from graphchannel.text import literal, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import duckdb

    from graphchannel.ingest.values.forms import Forms
    from graphchannel.ingest.values.reading import Need

_RECORD = "_record"
WHY = "_why"
REASONS = "STRUCT(code VARCHAR, col VARCHAR, says VARCHAR)[]"
_KEPT = "_kept"  # ends the name of the table that a view of values is made of


@dataclass(frozen=True, slots=True)
class Values:
    """What was read of a relation.

    `relation` has `_record`; for each column that was needed its value under its name and, where
    that is not text, the text as it came under `delivered(name)`; and `_why`, null or a list of
    what was refused (`code`, `col`, `says`). Text that was refused stands there as it came, other
    values are null. `refused` tells whether anything was. `remarks` say what was cleaned, a phrase
    each.
    """

    relation: str
    refused: bool = False
    remarks: tuple[str, ...] = ()


def delivered(name: str) -> str:
    """Name the column that holds what was delivered for a column, as text."""
    return f"_raw_{name}"


def read_values(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    needs: Sequence[Need],
    forms: Forms,
    *,
    also: Sequence[str] = (_RECORD,),
) -> Values:
    """Read columns of a relation that has `_record`; `also` are those that are not to be read.

    What it makes is temporary.
    """
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    types = {name: type_ for name, type_, *_ in described}
    columns = [
        _NeededColumn(need, f"c{at}", types[need.name], is_text(types[need.name]), forms)
        for at, need in enumerate(needs)
    ]
    odd = _odd(connection, relation, columns, forms)
    name = f"values_{uuid.uuid4().hex[:12]}"
    if not odd:
        items = [item for column in columns for item in column.as_it_stands()]
        select = ", ".join((*also, *items, f"NULL::{REASONS} AS {WHY}"))
        connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {select} FROM {relation}")
        return Values(name)
    texts = [column.need for column in columns if column.text]
    plain = frozenset(column.need.name for column in columns if column not in odd)
    found = gather(connection, relation, texts, plain, forms)
    readings = {
        column.x: reading_of(column.need, column.x, forms, found.get(column.need.name))
        if column.text
        else column.unfit()
        for column in odd
    }
    return _read(connection, relation, name, columns, readings, also)


def drop_values(connection: duckdb.DuckDBPyConnection, values: Values) -> None:
    """Drop what a reading made."""
    connection.execute(f"DROP VIEW IF EXISTS {values.relation}")
    connection.execute(f"DROP TABLE IF EXISTS {values.relation}{_KEPT}")


@dataclass(frozen=True, slots=True)
class _NeededColumn:
    """A column that is needed: `x` is its name in the steps, `text` whether it is read as text."""

    need: Need
    x: str
    type: str
    text: bool
    forms: Forms

    @property
    def with_delivered(self) -> bool:
        """Whether the text as it came is wanted besides the value."""
        return self.need.kind is not Kind.STRING and not self.need.exact

    @property
    def is_odd(self) -> str:
        """Tell of a value that it is not taken as it stands."""
        if not self.text:
            return f"{self.x} IS NOT NULL"
        return f"{self.x} IS NOT NULL AND ({is_plain(self.need, self.x, self.forms)}) IS NOT TRUE"

    def value(self, x: str) -> str:
        """Convert a value as it stands."""
        if self.text:
            return plain_value(self.need, x)
        value = self.typed(x)
        return f"coalesce({value}, {x}::VARCHAR)" if self.need.exact else value

    def typed(self, x: str, *, drop_times: bool = False) -> str:
        """Convert a value that is not text, to null where it does not fit."""
        convert = exact_text if self.need.exact else typed_value
        return convert(self.need.kind, x, self.type, drop_times=drop_times)

    def as_it_stands(self) -> list[str]:
        """List what is selected of a column in which nothing is odd."""
        x = quoted(self.need.name)
        items = [f"{self.value(x)} AS {x}"]
        if self.with_delivered:
            items.append(f"{x}::VARCHAR AS {quoted(delivered(self.need.name))}")
        return items

    def unfit(self) -> ColumnReading:
        """Read a typed column of which some values do not fit."""
        value = self.typed(self.x, drop_times=self.forms.drop_times)
        return typed_reading(self.need.kind, self.x, self.type, value, self.typed(self.x))


def _odd(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    columns: Sequence[_NeededColumn],
    forms: Forms,
) -> list[_NeededColumn]:
    """Return the columns that have values which are not taken as they stand."""
    if not columns:
        return []
    looks = {column.x: _look(column, relation, forms) for column in columns}
    whole = ", ".join(f"{sql} AS {x}" for x, (sql, few) in looks.items() if not few)
    scanned = f" FROM (SELECT {whole} FROM {relation})" if whole else ""
    seen = ", ".join(sql if few else x for x, (sql, few) in looks.items())
    found = connection.execute(f"SELECT {seen}{scanned}").fetchall()[0]
    return [
        column
        for column, wrong in zip(columns, found, strict=True)
        if wrong
        and (
            column.need.kind is not Kind.STRING
            or not column.text
            or _text_is_odd(connection, _values(column, relation), column.need, forms)
        )
    ]


def _look(column: _NeededColumn, relation: str, forms: Forms) -> tuple[str, bool]:
    """Tell in SQL whether a column has odd values; columns of many values share one scan."""
    few = column.need.few
    x = "x" if few else quoted(column.need.name)
    right = is_plain(column.need, x, forms) if column.text else f"{column.typed(x)} IS NOT NULL"
    wrong = f"coalesce(bool_or(({right}) IS NOT TRUE AND {x} IS NOT NULL), false)"
    return (f"(SELECT {wrong} FROM {_values(column, relation)})" if few else wrong), few


def _values(column: _NeededColumn, relation: str) -> str:
    x, different = quoted(column.need.name), "DISTINCT " if column.need.few else ""
    return f"(SELECT {different}{x} AS x FROM {relation} WHERE {x} IS NOT NULL)"


def _text_is_odd(
    connection: duckdb.DuckDBPyConnection, values: str, need: Need, forms: Forms
) -> bool:
    """Look closer at text that is not known to be plain by its shape."""
    reading = reading_of(need, "x", forms, None)
    refused = " OR ".join(f"({refusal.when})" for refusal in reading.refusals)
    return _any(
        connection,
        f"""SELECT 1 FROM {layered(values, [reading.steps])}
            WHERE {reading.value} IS DISTINCT FROM x OR {refused}""",
    )


def _any(connection: duckdb.DuckDBPyConnection, select: str) -> bool:
    return bool(connection.execute(f"{select} LIMIT 1").fetchall())


def _read(  # noqa: PLR0917 - the second half of read_values
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    name: str,
    columns: Sequence[_NeededColumn],
    readings: Mapping[str, ColumnReading],
    also: Sequence[str],
) -> Values:
    """Read step by step into a table; `readings` are those of the columns that are odd."""
    chosen = ", ".join(f"{quoted(column.need.name)} AS {column.x}" for column in columns)
    source = layered(
        f"(SELECT {', '.join(also)}, {chosen} FROM {relation})",
        [reading.steps for reading in readings.values()],
    )
    kept, seen = [*also], [*also]
    for column in columns:
        items, shown_as = _kept(column, readings.get(column.x))
        kept += items
        seen += shown_as
    odd = [column for column in columns if column.x in readings]
    reasons = ", ".join(_why(column, readings[column.x]) for column in odd)
    whys = f"list_filter([{reasons}]::{REASONS}, lambda reason: reason IS NOT NULL)"
    kept.append(f"nullif({whys}, []) AS {WHY}")
    seen.append(WHY)
    table = f"{name}{_KEPT}"
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT {', '.join(kept)} FROM {source}")
    connection.execute(f"CREATE TEMP VIEW {name} AS SELECT {', '.join(seen)} FROM {table}")
    refused = _any(connection, f"SELECT 1 FROM {table} WHERE {WHY} IS NOT NULL")
    return Values(name, refused, _remarks(connection, table, odd, readings))


def _kept(column: _NeededColumn, reading: ColumnReading | None) -> tuple[list[str], list[str]]:
    """List what the table keeps of a column, and what the view shows of that."""
    x, own = column.x, column.need.name
    value = reading.value if reading else column.value(x)
    text = reading.delivered if reading else f"{x}::VARCHAR"
    if reading and column.need.exact:
        value = f"coalesce({value}, {text})"
    kept, seen = [f"{value} AS {x}_v"], [f"{x}_v AS {quoted(own)}"]
    if column.with_delivered:
        kept.append(f"{text} AS {x}_d")
        seen.append(f"{x}_d AS {quoted(delivered(own))}")
    if reading:
        cleanings = enumerate(reading.cleanings)
        # A case is computed for the rows alone that it is about, a conjunction for all.
        kept += [
            f"coalesce({when(column.is_odd, each.when)}, false) AS {x}_was{at}"
            for at, each in cleanings
        ]
    return kept, seen


def _why(column: _NeededColumn, reading: ColumnReading) -> str:
    """Give what is wrong with a value, null if nothing is."""
    is_, name = literal(f"{column.need.label} is "), literal(column.need.name)
    arms = " ".join(
        f"WHEN {refusal.when} THEN {{'code': {literal(refusal.code)}, 'col': {name},"
        f" 'says': {is_} || {shown(f'{column.x}::VARCHAR')} || {refusal.says}}}"
        for refusal in reading.refusals
    )
    unread = column.is_odd
    if column.need.kind is not Kind.STRING:
        unread = f"{unread} AND {reading.value} IS NULL"
    return when(unread, f"CASE {arms} END")


def _remarks(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: Sequence[_NeededColumn],
    readings: Mapping[str, ColumnReading],
) -> tuple[str, ...]:
    """Say what was cleaned: how many values of which column had what."""
    counted = [
        (column, at, cleaning)
        for column in columns
        for at, cleaning in enumerate(readings[column.x].cleanings)
    ]
    if not counted:
        return ()
    counts = ", ".join(f"count(*) FILTER ({column.x}_was{at})" for column, at, _ in counted)
    found = connection.execute(f"SELECT {counts} FROM {table}").fetchall()[0]
    return tuple(
        f"{count} of {column.need.label} had {cleaning.had}"
        for count, (column, _, cleaning) in zip(found, counted, strict=True)
        if count
    )
