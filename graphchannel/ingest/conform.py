"""SQL that turns staged values into the declared kinds, and says what is wrong with a row.

All is text for DuckDB: one SELECT for each staged source, and conditions over its rows. A condition
is cheap; the sentence that goes with it is computed for the rows that it catches alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.ingest.casts import cast, when
from graphchannel.schema import OPEN_END, OPEN_START, Column, Kind, Table
from graphchannel.text import literal, quoted
from graphchannel.workspace import SQL_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphchannel.ingest.staged import Staged
    from graphchannel.policy import Policy

_EXPECTED: dict[Kind, str] = {
    Kind.STRING: "text",
    Kind.INTEGER: "a whole number such as 12",
    Kind.FLOAT: "a number such as 12.5",
    Kind.DECIMAL: "a number with at most four decimals such as 12.50",
    Kind.BOOLEAN: "true or false",
    Kind.DATE: "a date such as 2024-01-31",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong with a typed row `t`.

    `wrong` is a SQL condition (null counts as false), `says` a SQL text expression: the sentence.
    `right` is a condition that is true exactly for the other rows, where there is a quicker one.
    """

    code: str
    column: str | None
    wrong: str
    says: str
    right: str | None = None

    @property
    def passed(self) -> str:
        """The condition of the rows that are right."""
        return self.right or f"({self.wrong}) IS NOT TRUE"


def raw(column: Column) -> str:
    """Name the column of a typed row that holds what was delivered for `column`, as text."""
    return column.name if column.kind is Kind.STRING else f"_raw_{column.name}"


def typed_select(table: Table, staged: Staged, number: int, types: Mapping[str, str]) -> str:
    """Select `_source`, `_record`, `_delivered`, typed columns and the text of those that are cast.

    `types` are the DuckDB types of the columns of `staged.rows`. A value that does not fit its kind
    becomes null, its text does not.
    """
    whole = "_delivered" if staged.by_row else "NULL::VARCHAR[] AS _delivered"
    items = [f"{number} AS _source", "_record", whole]
    for column in table.columns:
        delivered = quoted(column.name) if column.name in staged.columns else None
        value = (
            f"NULL::{SQL_TYPES[column.kind]}"
            if delivered is None
            else cast(column.kind, delivered, types[column.name])
        )
        items.append(f"{_closed(table, column, value, delivered)} AS {quoted(column.name)}")
        if column.kind is not Kind.STRING:
            text = "NULL::VARCHAR" if delivered is None else f"{delivered}::VARCHAR"
            items.append(f"{text} AS {quoted(raw(column))}")
    return f"SELECT {', '.join(items)} FROM {staged.rows}"


def open_end(table: Table, name: str) -> str | None:
    """Return what is stored, as SQL, for the open end of an interval; None if there is none."""
    if table.interval is None or name not in table.interval or table.column(name).required:
        return None
    end = OPEN_START if name == table.interval[0] else OPEN_END
    return f"DATE '{end.isoformat()}'"


def row_checks(table: Table, policy: Policy) -> tuple[Check, ...]:
    """List what can be wrong with a row by itself: columns in declared order, then the whole."""
    columns = (check for column in table.columns for check in _column_checks(column, policy))
    return (*columns, *_table_checks(table))


def right_conditions(table: Table, policy: Policy) -> tuple[str, ...]:
    """List conditions that are true for exactly the rows that no check of `row_checks` catches.

    They say the same in fewer words: the quick way pays for each.
    """
    columns = (_right(column, policy) for column in table.columns)
    whole = (check.passed for check in _table_checks(table))
    return (*(condition for condition in columns if condition), *whole)


def _closed(table: Table, column: Column, value: str, delivered: str | None) -> str:
    """Close an interval that was left open; a value that is not a date stays null."""
    closed = open_end(table, column.name)
    if closed is None:
        return value
    return closed if delivered is None else when(f"{delivered} IS NULL", closed, value)


def _right(column: Column, policy: Policy) -> str | None:
    value, text = f"t.{quoted(column.name)}", f"t.{quoted(raw(column))}"
    found = []
    choices = _choices(column, policy)
    if choices:
        found.append(f"{value} IN ({_list(choices)})")
    if column.pattern is not None:
        found.append(f"regexp_full_match({value}, {literal(column.pattern)})")
    for operator, bound, _ in _bounds(column):
        found.append(f"{value} {'>=' if operator == '<' else '<='} {bound:g}")
    if not found:
        if column.kind is Kind.STRING and not column.required:
            return None
        found.append(f"{value} IS NOT NULL")
    condition = " AND ".join(found)
    return condition if column.required else f"({text} IS NULL OR {condition})"


def _column_checks(column: Column, policy: Policy) -> Iterator[Check]:
    name, text = quoted(column.name), f"t.{quoted(raw(column))}"
    value = f"t.{name}"

    def check(code: str, wrong: str, expected: str) -> Check:
        is_, not_ = literal(f"{column.name} is "), literal(f"; expected {expected}.")
        says = f"{is_} || {_shown(text)} || {not_}"
        return Check(code, column.name, wrong, says)

    if column.required:
        says = literal(f"{column.name} is empty; expected {column.doc}.")
        yield Check("missing", column.name, f"{text} IS NULL", says)
    if column.kind is not Kind.STRING:
        yield check("invalid", f"{text} IS NOT NULL AND {value} IS NULL", _EXPECTED[column.kind])
    choices = _choices(column, policy)
    if choices:
        expected = f"one of {', '.join(choices)}"
        yield check("invalid", f"{value} NOT IN ({_list(choices)})", expected)
    if column.pattern is not None:
        wrong = f"NOT regexp_full_match({value}, {literal(column.pattern)})"
        yield check("invalid", wrong, column.doc)
    bounds = _bounds(column)
    if bounds:
        wrong = " OR ".join(f"{value} {operator} {bound:g}" for operator, bound, _ in bounds)
        yield check("out_of_range", wrong, " and ".join(phrase for _, _, phrase in bounds))


def _choices(column: Column, policy: Policy) -> tuple[str, ...]:
    return column.choices or (policy.vocabulary if column.vocabulary else ())


def _list(values: tuple[str, ...]) -> str:
    return ", ".join(literal(value) for value in values)


def _bounds(column: Column) -> list[tuple[str, float, str]]:
    bounds: list[tuple[str, float, str]] = []
    if column.minimum is not None:
        bounds.append(("<", column.minimum, f"at least {column.minimum:g}"))
    if column.maximum is not None:
        bounds.append((">", column.maximum, f"at most {column.maximum:g}"))
    return bounds


def _table_checks(table: Table) -> Iterator[Check]:
    if table.interval is not None:
        first, last = table.interval
        yield Check(
            "invalid",
            last,
            f"t.{first} > t.{last}",
            f"{literal(f'{first} is ')} || t.{first} || {literal(f', after {last} ')} || t.{last}"
            " || '; expected an interval whose end is not before its start.'",
        )
    if table.any_of:
        wrong = " AND ".join(f"t.{name} IS NULL" for name in table.any_of)
        names = " and ".join(table.any_of)
        says = literal(f"{names} are both empty; expected at least one of them.")
        yield Check("missing", table.any_of[0], wrong, says)
    if table.one_of:
        filled = " + ".join(f"(t.{name} IS NOT NULL)::INTEGER" for name in table.one_of)
        names = " and ".join(table.one_of)
        none = literal(f"{names} are both empty; expected exactly one of them.")
        yield Check("missing", table.one_of[0], f"{filled} = 0", none)
        several = literal(f"{names} are both filled; expected exactly one of them.")
        yield Check("invalid", table.one_of[0], f"{filled} > 1", several)
    if table.differ is not None:
        one, other = table.differ
        says = (
            f"{literal(f'{one} and {other} are both ')} || {_shown(f't.{one}')}"
            " || '; expected two different parties.'"
        )
        yield Check("invalid", other, f"t.{one} = t.{other}", says)


def _shown(text: str) -> str:
    """Quote a delivered value in a sentence, cut to a readable length."""
    return (
        f"'''' || CASE WHEN length({text}) > 60 THEN left({text}, 57) || '...' ELSE {text} END"
        " || ''''"
    )
