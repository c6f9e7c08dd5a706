"""DuckDB 2.x."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler.sql.alternatives import split_alternatives
from graphchannel.compiler.sql.dialects.base import WHITESPACE, WIDE, Dialect, SortKey

if TYPE_CHECKING:
    from collections.abc import Sequence

_ONE = sql.constant(exp.Literal.number(1))
_PARTS = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "weekYear": "isoyear",
    "day": "day",
    "ordinalDay": "dayofyear",
    "dayOfWeek": "isodow",
    "weekDay": "isodow",
}


class DuckDB(Dialect):
    """The embedded engine."""

    name = "duckdb"
    sqlglot = "duckdb"
    materializes = True

    def print(self, query: exp.Query) -> str:
        return super().print(split_alternatives(query))

    def bound(self, number: exp.Expression, word: str) -> exp.Expression:
        # DuckDB would fail while binding, which reads like a fault of the SQL
        negative = exp.LT(this=sql.own(number), expression=exp.Literal.number(0))
        failing = self.failing(f"{word} must not be negative", sql.data_type("bigint"))
        # more it does not take, nor is there a table with more rows
        most = sql.call("least", number, exp.Literal.number(2**62))
        return exp.Paren(this=sql.case([(negative, failing)], most))

    def row_number(self) -> exp.Expression:
        return exp.Window(this=exp.RowNumber())

    def negative_zero(self, number: exp.Expression) -> exp.Expression:
        zero = sql.equal(number, exp.Literal.number(0))
        return sql.all_of([zero, sql.call("signbit", number)])

    def wide(self, text: exp.Expression) -> exp.Expression:
        # most texts are plain: their bytes are as many as their characters
        longer = exp.NEQ(this=sql.call("strlen", text), expression=sql.call("length", text))
        return sql.all_of([longer, self.matches(text, WIDE)])

    def percentile(
        self, kind: str, number: exp.Expression, share: exp.Expression
    ) -> exp.Expression:
        function = "quantile_cont" if kind == "percentilecont" else "quantile_disc"
        return sql.call(function, number, share)

    def filtered(
        self, list_: exp.Expression, parameter: str, body: exp.Expression
    ) -> exp.Expression:
        return sql.call("list_filter", list_, sql.lambda_(parameter, body))

    def mapped(self, list_: exp.Expression, parameter: str, body: exp.Expression) -> exp.Expression:
        return sql.call("list_transform", list_, sql.lambda_(parameter, body))

    def folded(
        self,
        list_: exp.Expression,
        parameters: tuple[str, str],
        body: exp.Expression,
        start: exp.Expression,
    ) -> exp.Expression:
        total, element = parameters
        return sql.call("list_reduce", list_, sql.lambda_(total, body, element), start)

    def length(self, list_: exp.Expression) -> exp.Expression:
        return sql.call("len", list_)

    def holds(self, list_: exp.Expression, element: exp.Expression) -> exp.Expression:
        return sql.call("list_contains", list_, element)

    def joined(self, left: exp.Expression, right: exp.Expression) -> exp.Expression:
        # list_concat takes a null list for an empty one
        missing = sql.any_of([sql.is_null(left), sql.is_null(right)])
        return sql.case([(missing, exp.Null())], sql.call("list_concat", left, right))

    def reversed(self, list_: exp.Expression) -> exp.Expression:
        return sql.call("list_reverse", list_)

    def item(self, list_: exp.Expression, index: exp.Expression) -> exp.Expression:
        literal = isinstance(index, exp.Cast) and index.find(exp.Literal) is not None
        # the largest integer has no next one
        within = index if literal else sql.call("least", index, exp.Literal.number(2**62))
        at = exp.Add(this=sql.wrapped(within), expression=_ONE.copy())
        negative = exp.LT(this=sql.wrapped(index), expression=exp.Literal.number(0))
        return sql.call("list_extract", list_, sql.case([(negative, index)], at))

    def sliced(
        self, list_: exp.Expression, start: exp.Expression, end: exp.Expression | None
    ) -> exp.Expression:
        first = exp.Add(this=sql.wrapped(start), expression=_ONE.copy())
        return sql.call("list_slice", list_, first, end if end is not None else self.length(list_))

    def range(
        self, start: exp.Expression, end: exp.Expression, step: exp.Expression
    ) -> exp.Expression:
        return sql.call("generate_series", start, end, step)

    def unnested(self, list_: exp.Expression) -> exp.Expression:
        return sql.call("unnest", list_)

    def collected(
        self, value: exp.Expression, *, distinct: bool, order: Sequence[SortKey]
    ) -> exp.Expression:
        gathered = self.gathered(value, distinct=distinct, order=order)
        return exp.Filter(this=gathered, expression=exp.Where(this=sql.is_not_null(value)))

    def gathered(
        self, value: exp.Expression, *, distinct: bool, order: Sequence[SortKey]
    ) -> exp.Expression:
        inner: exp.Expression = value.copy()
        if distinct:
            inner = exp.Distinct(expressions=[inner])
        if order:
            keys = [
                exp.Ordered(this=key.copy(), desc=descending, nulls_first=descending)
                for key, descending in order
            ]
            inner = exp.Order(this=inner, expressions=keys)
        return exp.ArrayAgg(this=inner)

    def contains(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        return sql.call("contains", text, part)

    def ends_with(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        return sql.call("ends_with", text, part)

    def matches(self, text: exp.Expression, pattern: str) -> exp.Expression:
        return sql.call("regexp_matches", text, sql.string(pattern))

    def split(self, text: exp.Expression, separator: exp.Expression) -> exp.Expression:
        return sql.call("string_split", text, separator)

    def trimmed(self, text: exp.Expression, side: str) -> exp.Expression:
        function = {"both": "trim", "left": "ltrim", "right": "rtrim"}[side]
        return sql.call(function, text, sql.string(WHITESPACE))

    def failing(self, message: str, type_: exp.DataType) -> exp.Expression:
        return sql.cast(sql.call("error", sql.string(message)), type_)

    def plus_months(self, date: exp.Expression, months: exp.Expression) -> exp.Expression:
        interval = sql.call("to_months", sql.cast(months.copy(), "int"))
        return sql.cast(exp.Add(this=sql.wrapped(date), expression=interval), "date")

    def plus_days(self, date: exp.Expression, days: exp.Expression) -> exp.Expression:
        number = sql.cast(days.copy(), "int")
        return exp.Add(this=sql.wrapped(date), expression=number)

    def days_between(self, start: exp.Expression, end: exp.Expression) -> exp.Expression:
        return sql.call("datediff", sql.string("day"), start, end)

    def date_part(self, part: str, date: exp.Expression) -> exp.Expression:
        if part == "dayOfQuarter":
            start = sql.cast(self.truncated("quarter", date), "date")
            days = self.days_between(start, date)
            return exp.Add(this=days, expression=_ONE.copy())
        return sql.call("date_part", sql.string(_PARTS[part]), date)

    def truncated(self, unit: str, date: exp.Expression) -> exp.Expression:
        return sql.cast(sql.call("date_trunc", sql.string(unit), date), "date")

    def made_date(
        self, year: exp.Expression, month: exp.Expression, day: exp.Expression
    ) -> exp.Expression:
        return sql.call("make_date", year, month, day)
