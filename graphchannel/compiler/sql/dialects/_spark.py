"""Spark 4.x in ANSI mode.

sqlglot's own printing is avoided where it was seen to go wrong: ordered ARRAY_AGG, ISO weekdays,
list indexes and slices.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler.sql.decorrelation import decorrelated
from graphchannel.compiler.sql.dialects.base import WHITESPACE, WIDE, Dialect, SortKey
from graphchannel.compiler.sql.unions import held_above_unions

if TYPE_CHECKING:
    from collections.abc import Sequence

_ZERO = sql.constant(exp.Literal.number(0))
_ONE = sql.constant(exp.Literal.number(1))
_PARTS = {
    "year": "YEAR",
    "quarter": "QUARTER",
    "month": "MONTH",
    "week": "WEEK",
    "weekYear": "YEAROFWEEK",
    "day": "DAY",
    "ordinalDay": "DOY",
    "dayOfWeek": "DAYOFWEEK_ISO",
    "weekDay": "DAYOFWEEK_ISO",
}


def _int(expression: exp.Expression) -> exp.Expression:
    return sql.cast(expression.copy(), "int")


class Spark(Dialect):
    """PySpark, or any Spark that runs ANSI SQL."""

    name = "spark"
    sqlglot = "spark"
    correlates_deeply = False
    most_rows = 2**31 - 1

    def print(self, query: exp.Query) -> str:
        return super().print(_bracketed(held_above_unions(decorrelated(query))))

    def bound(self, number: exp.Expression, word: str) -> exp.Expression:
        del word
        return _int(number)  # Spark takes no wider integer here, and refuses negative ones itself

    def row_number(self) -> exp.Expression:
        # it is not deterministic, so Spark computes a table expression that holds it only once
        return sql.call("monotonically_increasing_id")

    def negative_zero(self, number: exp.Expression) -> exp.Expression:
        zero = sql.equal(number, exp.Literal.number(0))
        return sql.all_of([zero, sql.equal(sql.cast(number, "text"), sql.string("-0.0"))])

    def wide(self, text: exp.Expression) -> exp.Expression:
        return self.matches(text, WIDE)

    def floor(self, number: exp.Expression) -> exp.Expression:
        # Spark's own floor() is an integer: 64 bits at most, and no -0.0
        nearest = sql.call("rint", number)
        above = exp.Paren(this=exp.GT(this=nearest.copy(), expression=sql.wrapped(number)))
        lowered = exp.Sub(this=nearest, expression=sql.cast(above, "double"))
        return exp.Paren(this=lowered)

    def ceil(self, number: exp.Expression) -> exp.Expression:
        opposite = exp.Paren(this=exp.Neg(this=sql.wrapped(number)))
        return exp.Paren(this=exp.Neg(this=self.floor(opposite)))

    def divided(self, number: exp.Expression, by: exp.Expression) -> exp.Expression:
        # Spark stops at a division by zero, and has a function that gives null there
        inverse = sql.call("pow", by, exp.Neg(this=_ONE.copy()))  # with the sign of the zero
        infinite = exp.Mul(this=sql.wrapped(number), expression=inverse)
        return sql.call("coalesce", sql.call("try_divide", number, by), infinite)

    def remainder(self, number: exp.Expression, by: exp.Expression) -> exp.Expression:
        nan = sql.cast(sql.string("NaN"), "double")
        either = exp.Add(this=sql.wrapped(number), expression=sql.wrapped(by))
        none = exp.Mul(this=sql.wrapped(either), expression=nan)
        return sql.call("coalesce", sql.call("try_mod", number, by), none)

    def percentile(
        self, kind: str, number: exp.Expression, share: exp.Expression
    ) -> exp.Expression:
        if kind == "percentilecont":
            order = exp.Order(expressions=[exp.Ordered(this=sql.own(number))])
            return exp.WithinGroup(this=sql.call("percentile_cont", share), expression=order)
        # Spark's own percentile_disc gives floats for integers
        values = sql.call("array_sort", sql.call("collect_list", number))
        before = exp.Mul(this=sql.cast(share, "double"), expression=exp.Count(this=sql.own(number)))
        place = sql.call("greatest", _ONE, sql.call("ceil", before))
        return sql.call("try_element_at", values, _int(place))

    def filtered(
        self, list_: exp.Expression, parameter: str, body: exp.Expression
    ) -> exp.Expression:
        return sql.call("filter", list_, sql.lambda_(parameter, body))

    def mapped(self, list_: exp.Expression, parameter: str, body: exp.Expression) -> exp.Expression:
        return sql.call("transform", list_, sql.lambda_(parameter, body))

    def folded(
        self,
        list_: exp.Expression,
        parameters: tuple[str, str],
        body: exp.Expression,
        start: exp.Expression,
    ) -> exp.Expression:
        total, element = parameters
        return sql.call("aggregate", list_, start, sql.lambda_(total, body, element))

    def length(self, list_: exp.Expression) -> exp.Expression:
        return sql.cast(sql.call("array_size", list_), "bigint")

    def holds(self, list_: exp.Expression, element: exp.Expression) -> exp.Expression:
        return sql.call("array_contains", list_, element)

    def joined(self, left: exp.Expression, right: exp.Expression) -> exp.Expression:
        return sql.call("concat", left, right)

    def reversed(self, list_: exp.Expression) -> exp.Expression:
        return sql.call("reverse", list_)

    def item(self, list_: exp.Expression, index: exp.Expression) -> exp.Expression:
        negative = exp.LT(this=sql.wrapped(index), expression=_ZERO.copy())
        place = sql.try_cast(index, sql.data_type("int"))
        from_end = sql.call("try_element_at", list_, place)
        return sql.case([(negative, from_end)], sql.call("get", list_, place))

    def sliced(
        self, list_: exp.Expression, start: exp.Expression, end: exp.Expression | None
    ) -> exp.Expression:
        first = exp.Add(this=_int(start), expression=_ONE.copy())
        last = _int(end) if end is not None else sql.call("array_size", list_)
        count = sql.call(
            "greatest", exp.Sub(this=sql.wrapped(last), expression=_int(start)), _ZERO.copy()
        )
        return sql.call("slice", list_, first, count)

    def range(
        self, start: exp.Expression, end: exp.Expression, step: exp.Expression
    ) -> exp.Expression:
        forward = exp.GT(this=sql.wrapped(step), expression=_ZERO.copy())
        below = exp.LT(this=sql.wrapped(end), expression=sql.wrapped(start))
        above = exp.GT(this=sql.wrapped(end), expression=sql.wrapped(start))
        away = sql.case([(forward, below)], above)
        nothing = sql.cast(exp.Array(), sql.data_type("bigint[]"))
        return sql.case([(away, nothing)], sql.call("sequence", start, end, step))

    def unnested(self, list_: exp.Expression) -> exp.Expression:
        return sql.call("explode", list_)

    def collected(
        self, value: exp.Expression, *, distinct: bool, order: Sequence[SortKey]
    ) -> exp.Expression:
        if distinct:
            return sql.call("collect_set", value)
        if not order:
            return sql.call("collect_list", value)
        fields = [sql.aliased(value.copy(), "v")]
        fields += [sql.aliased(key.copy(), f"k{i}") for i, (key, _) in enumerate(order)]
        rows = sql.call(
            "collect_list",
            sql.case([(sql.is_not_null(value), exp.Struct(expressions=fields))], None),
        )
        compare = exp.Lambda(
            this=_comparator([descending for _, descending in order]),
            expressions=[sql.name("a"), sql.name("b")],
        )
        by_key = sql.call("array_sort", rows, compare)
        return self.mapped(by_key, "y", sql.field(sql.variable("y"), "v"))

    def gathered(
        self, value: exp.Expression, *, distinct: bool, order: Sequence[SortKey]
    ) -> exp.Expression:
        raise NotImplementedError  # lists out of subqueries are refused on Spark

    def contains(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        return sql.call("contains", text, part)

    def ends_with(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        return sql.call("endswith", text, part)

    def matches(self, text: exp.Expression, pattern: str) -> exp.Expression:
        return sql.call("regexp_like", text, sql.string(pattern))

    def split(self, text: exp.Expression, separator: exp.Expression) -> exp.Expression:
        if isinstance(separator, exp.Literal):
            return sql.call("split", text, sql.string(re.sub(r"(\W)", r"\\\1", separator.name)))
        raise ValueError("a separator is a literal")

    def trimmed(self, text: exp.Expression, side: str) -> exp.Expression:
        position = {"both": "BOTH", "left": "LEADING", "right": "TRAILING"}[side]
        return exp.Trim(this=text.copy(), expression=sql.string(WHITESPACE), position=position)

    def failing(self, message: str, type_: exp.DataType) -> exp.Expression:
        return sql.cast(sql.call("raise_error", sql.string(message)), type_)

    def plus_months(self, date: exp.Expression, months: exp.Expression) -> exp.Expression:
        return sql.call("add_months", date, _int(months))

    def plus_days(self, date: exp.Expression, days: exp.Expression) -> exp.Expression:
        return sql.call("date_add", date, _int(days))

    def days_between(self, start: exp.Expression, end: exp.Expression) -> exp.Expression:
        return sql.cast(sql.call("datediff", end, start), "bigint")

    def date_part(self, part: str, date: exp.Expression) -> exp.Expression:
        if part == "dayOfQuarter":
            days = self.days_between(self.truncated("quarter", date), date)
            return exp.Add(this=days, expression=_ONE.copy())
        return sql.cast(sql.call("date_part", sql.string(_PARTS[part]), date), "bigint")

    def truncated(self, unit: str, date: exp.Expression) -> exp.Expression:
        return date.copy() if unit == "day" else sql.call("trunc", date, sql.string(unit))

    def made_date(
        self, year: exp.Expression, month: exp.Expression, day: exp.Expression
    ) -> exp.Expression:
        return sql.call("make_date", _int(year), _int(month), _int(day))


def _bracketed(query: exp.Query) -> exp.Query:
    """Put an EXISTS that is an operand into brackets: to Spark's grammar it is a condition."""
    for exists in list(query.find_all(exp.Exists)):
        if not isinstance(
            exists.parent, exp.Connector | exp.Not | exp.Paren | exp.Where | exp.Alias
        ):
            exists.replace(exp.Paren(this=exists.copy()))
    return query


def _comparator(descending: list[bool]) -> exp.Expression:
    """Return the body of `(a, b) -> …` that sorts structs by k0, k1.

    … with nulls as Cypher has them.
    """
    branches: list[tuple[exp.Expression, exp.Expression]] = []
    for i, down in enumerate(descending):
        left = sql.field(sql.variable("a"), f"k{i}")
        right = sql.field(sql.variable("b"), f"k{i}")
        first, last = exp.Literal.number(-1), exp.Literal.number(1)
        before, after = (last, first) if down else (first, last)
        left_null, right_null = sql.is_null(left), sql.is_null(right)
        # null is the greatest of all values
        branches.append((sql.all_of([left_null, sql.is_not_null(right)]), after))
        branches.append((sql.all_of([sql.is_not_null(left), right_null]), before))
        branches.append((exp.LT(this=left, expression=right), before))
        branches.append((exp.GT(this=left, expression=right), after))
    return sql.case(branches, exp.Literal.number(0))
