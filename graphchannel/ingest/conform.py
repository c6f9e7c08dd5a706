"""SQL that turns staged values into the declared kinds, and says what is wrong with a row.

All is text for DuckDB: one SELECT for each staged source, and conditions over its rows. A condition
is cheap; the sentence that goes with it is computed for the rows that it catches alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphchannel.ingest.check import EMPTY, Check
from graphchannel.ingest.values.countries import meant_country
from graphchannel.ingest.values.currencies import meant_currency
from graphchannel.ingest.values.read import WHY, delivered
from graphchannel.ingest.values.reading import EXPECTED, matches, shown, when
from graphchannel.schema import (
    COUNTRIES,
    CURRENCIES,
    OPEN_END,
    OPEN_START,
    Kind,
    Table,
    TableColumn,
)
from graphchannel.text import literal, quoted
from graphchannel.workspace import SQL_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from graphchannel.ingest.staged import Staged
    from graphchannel.policy import Policy

# Lists of codes, and what says which one was meant by another text.
_CODES = {"countries": (COUNTRIES, meant_country), "currencies": (CURRENCIES, meant_currency)}


def raw(column: TableColumn) -> str:
    """Name the column of a typed row that holds what was delivered for `column`, as text."""
    return column.name if column.kind is Kind.STRING else delivered(column.name)


def typed_select(table: Table, staged: Staged, number: int, values: str) -> str:
    """Select `_source`, `_record`, `_delivered`, typed columns and the text of those that are cast.

    `values` is the relation in which the columns of `staged.rows` have been read. A value that does
    not fit its kind is null there, its text is not. `_why` lists what cannot be read; `_alone`
    tells that it was found before a loader ran: what that made of the record says nothing more.
    """
    brought = "_delivered" if staged.by_row else "NULL::VARCHAR[] AS _delivered"
    items = [f"{number} AS _source", "_record", brought]
    if staged.problems is None:
        items += [WHY, "false AS _alone"]
    else:
        items += [f"coalesce(p.{WHY}, v.{WHY}) AS {WHY}", f"p.{WHY} IS NOT NULL AS _alone"]
        values = f"{values} AS v LEFT JOIN {staged.problems} AS p USING (_record)"
    for column in table.columns:
        there = column.name in staged.columns
        value = quoted(column.name) if there else f"NULL::{SQL_TYPES[column.kind]}"
        text = quoted(raw(column)) if there else None
        items.append(f"{_closed(table, column, value, text)} AS {quoted(column.name)}")
        if column.kind is not Kind.STRING:
            items.append(f"{text or 'NULL::VARCHAR'} AS {quoted(raw(column))}")
    return f"SELECT {', '.join(items)} FROM {values}"


def open_end(table: Table, name: str) -> str | None:
    """Return what is stored, as SQL, for the open end of an interval; None if there is none."""
    if table.interval is None or name not in table.interval or table.column(name).required:
        return None
    end = OPEN_START if name == table.interval[0] else OPEN_END
    return f"DATE '{end.isoformat()}'"


def row_checks(
    table: Table, policy: Policy, called: Callable[[str], str] = literal
) -> tuple[Check, ...]:
    """List what can be wrong with a row by itself: columns in declared order, then the whole.

    `called` gives, as SQL, what a column is called by those who sent the row.
    """
    columns = (
        check for column in table.columns for check in _column_checks(column, policy, called)
    )
    return (*columns, *_table_checks(table, called))


def right_conditions(table: Table, policy: Policy) -> tuple[str, ...]:
    """List conditions that are true for exactly the rows that no check of `row_checks` catches.

    They say the same in fewer words: the quick way pays for each.
    """
    columns = (_right(column, policy) for column in table.columns)
    whole = (check.passed for check in _table_checks(table, literal))
    return (*(condition for condition in columns if condition), *whole)


def _closed(table: Table, column: TableColumn, value: str, text: str | None) -> str:
    """Close an interval that was left open; a value that is not a date stays null."""
    closed = open_end(table, column.name)
    if closed is None:
        return value
    return closed if text is None else when(f"{text} IS NULL", closed, value)


def _right(column: TableColumn, policy: Policy) -> str | None:
    value, text = f"t.{quoted(column.name)}", f"t.{quoted(raw(column))}"
    found = []
    choices = _choices(column, policy)
    if choices:
        found.append(f"{value} IN ({_list(choices)})")
    if column.vocabulary in _CODES:
        # One pattern takes less time in millions of lines than a list of values.
        found.append(matches(value, "|".join(sorted(_CODES[column.vocabulary][0]))))
    elif column.pattern is not None:
        found.append(f"regexp_full_match({value}, {literal(column.pattern)})")
    for operator, bound, _ in _bounds(column):
        found.append(f"{value} {'>=' if operator == '<' else '<='} {bound:g}")
    if not found:
        if column.kind is Kind.STRING and not column.required:
            return None
        found.append(f"{value} IS NOT NULL")
    condition = " AND ".join(found)
    return condition if column.required else f"({text} IS NULL OR {condition})"


def _column_checks(
    column: TableColumn, policy: Policy, called: Callable[[str], str]
) -> Iterator[Check]:
    name, text = quoted(column.name), f"t.{quoted(raw(column))}"
    value = f"t.{name}"

    def check(code: str, wrong: str, expected: str) -> Check:
        not_ = literal(f"; expected {expected}.")
        says = f"{called(column.name)} || ' is ' || {shown(text)} || {not_}"
        return Check(code, column.name, wrong, says)

    if column.required:
        says = f"{called(column.name)} || {literal(f'{EMPTY}{column.doc}.')}"
        yield Check("missing", column.name, f"{text} IS NULL", says)
    if column.kind is not Kind.STRING:
        yield check("invalid", f"{text} IS NOT NULL AND {value} IS NULL", EXPECTED[column.kind])
    choices = _choices(column, policy)
    if choices:
        expected = f"one of {', '.join(choices)}"
        found = check("invalid", f"{value} NOT IN ({_list(choices)})", expected)
        yield _with_hint(found, f"lower({value}) IN ({_list(choices)})", f"lower({value})")
    if column.vocabulary in _CODES:
        codes, meant = _CODES[column.vocabulary]
        found = check("invalid", f"{value} NOT IN ({_list(codes)})", column.doc)
        yield replace(found, says=f"{found.says} || {meant(value)}")
    elif column.pattern is not None:
        found = check("invalid", f"NOT {matches(value, column.pattern)}", column.doc)
        upper = f"upper({value})"
        yield _with_hint(found, matches(upper, column.pattern), upper)
    bounds = _bounds(column)
    if bounds:
        wrong = " OR ".join(f"{value} {operator} {bound:g}" for operator, bound, _ in bounds)
        yield check("out_of_range", wrong, " and ".join(phrase for _, _, phrase in bounds))


def _with_hint(check: Check, fits: str, instead: str) -> Check:
    """Name the value in other letters that would fit."""
    hint = when(fits, f"' Did you mean ''' || {instead} || '''?'", "''")
    return replace(check, says=f"{check.says} || {hint}")


def _choices(column: TableColumn, policy: Policy) -> tuple[str, ...]:
    return column.choices or (policy.vocabulary if column.vocabulary == "roles" else ())


def _list(values: Iterable[str]) -> str:
    return ", ".join(literal(value) for value in sorted(values))


def _bounds(column: TableColumn) -> list[tuple[str, float, str]]:
    bounds: list[tuple[str, float, str]] = []
    if column.minimum is not None:
        more = f" ({column.below})" if column.below else ""
        bounds.append(("<", column.minimum, f"at least {column.minimum:g}{more}"))
    if column.maximum is not None:
        bounds.append((">", column.maximum, f"at most {column.maximum:g}"))
    return bounds


def _table_checks(table: Table, called: Callable[[str], str]) -> Iterator[Check]:
    if table.interval is not None:
        first, last = table.interval
        yield Check(
            "invalid",
            last,
            f"t.{first} > t.{last}",
            f"{called(first)} || ' is ' || t.{first} || ', after ' || {called(last)} || ' ' ||"
            f" t.{last} || '; expected an interval whose end is not before its start.'",
        )
    if table.any_of:
        wrong = " AND ".join(f"t.{name} IS NULL" for name in table.any_of)
        names = " || ' and ' || ".join(map(called, table.any_of))
        says = f"{names} || ' are both empty; expected at least one of them.'"
        yield Check("missing", table.any_of[0], wrong, says)
    if table.one_of:
        filled = " + ".join(f"(t.{name} IS NOT NULL)::INTEGER" for name in table.one_of)
        names = " || ' and ' || ".join(map(called, table.one_of))
        none = f"{names} || ' are both empty; expected exactly one of them.'"
        yield Check("missing", table.one_of[0], f"{filled} = 0", none)
        several = f"{names} || ' are both filled; expected exactly one of them.'"
        yield Check("invalid", table.one_of[0], f"{filled} > 1", several)
    if table.differ is not None:
        one, other = table.differ
        says = (
            f"{called(one)} || ' and ' || {called(other)} || ' are both ' || {shown(f't.{one}')}"
            " || '; expected two different parties.'"
        )
        yield Check("invalid", other, f"t.{one} = t.{other}", says)
    if table.needs is not None:
        one, other = table.needs
        says = f"{called(other)} || {literal(f'{EMPTY}{table.column(other).doc}.')}"
        yield Check("missing", other, f"t.{one} IS NOT NULL AND t.{other} IS NULL", says)
