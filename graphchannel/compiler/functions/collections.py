"""Lists, and what lists and texts have in common."""

from __future__ import annotations

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import (
    ANY,
    WHOLE_NUMBER,
    Builder,
    Call,
    Function,
)
from graphchannel.compiler.values.model import Items, Scalar, Value
from graphchannel.compiler.values.representation import boolean, from_sql, is_null_value, present
from graphchannel.compiler.values.written import literal_integer

_LONGEST_RANGE = 1_000_000
_LONGEST_COMPUTED = 100_000  # of which each row may make another: they take memory all at once


def _list_argument(c: Call, *, ordered: bool = False) -> t.ListType | None:
    """Return the type of a list argument, None for null; refuse what is no list."""
    value = c.values[0]
    if is_null_value(value):
        return None
    if not isinstance(value.type, t.ListType):
        raise c.session.mismatch(
            c.node.at, f"{c.node.name}() takes a list here, this is {value.type}."
        )
    if ordered and not value.type.ordered:
        if c.session.exploring:
            c.session.note(
                f"{c.node.name}() of a list without a defined order",
                "it may be any of its elements",
            )
            return value.type
        raise c.session.refuse(
            c.node.at,
            f"{c.node.name}() of a list without a defined order",
            "write WITH … ORDER BY with a key before the clause that collects",
        )
    return value.type


def _size(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.STRING:
        return c.scalar(sql.cast(sql.call("length", c.sql(0)), "bigint"), t.INTEGER)
    if _list_argument(c) is None:
        return Scalar(c.session.null(t.INTEGER), t.INTEGER)
    if isinstance(value, Items):
        count = sql.integer(len(value.items))
        return Scalar(count, t.INTEGER, nullable=False, constant=True)
    return c.scalar(sql.cast(c.session.dialect.length(c.sql(0)), "bigint"), t.INTEGER)


def _is_empty(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.STRING:
        return boolean(sql.equal(c.sql(0), sql.string("")), *c.values)
    size = _size(c)
    if not isinstance(size, Scalar):
        raise TypeError(type(size).__name__)
    return boolean(sql.equal(size.sql, exp.Literal.number(0)), *c.values)


def _at_index(position: int) -> Builder:
    def build(c: Call) -> Value:
        type_ = _list_argument(c, ordered=True)
        if type_ is None:
            return Scalar(exp.Null(), t.NULL)
        value = c.values[0]
        if isinstance(value, Items):
            return value.items[position] if value.items else Scalar(exp.Null(), t.NULL)
        if isinstance(type_.element, t.NullType):
            return Scalar(exp.Null(), t.NULL)
        found = c.session.dialect.item(c.sql(0), sql.integer(position))
        return from_sql(c.session, found, type_.element)

    return build


def _tail(c: Call) -> Value:
    type_ = _list_argument(c, ordered=True)
    if type_ is None:
        return Scalar(exp.Null(), t.NULL)
    value = c.values[0]
    if isinstance(value, Items):
        return Items(value.items[1:], value.type)
    start = sql.call("least", exp.Literal.number(1), c.session.dialect.length(c.sql(0)))
    return c.scalar(c.session.dialect.sliced(c.sql(0), start, None), type_)


def _reverse(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.STRING:
        text, dialect = c.sql(0), c.session.dialect
        failing = c.session.failing(
            "reverse() of a text that is not plain ASCII is not portable",
            sql.data_type("text"),
        )
        odd = dialect.matches(text, r"[^\x20-\x7E]")
        return c.scalar(sql.case([(odd, failing)], sql.call("reverse", text)), t.STRING)
    type_ = _list_argument(c, ordered=True)
    if type_ is None:
        return Scalar(exp.Null(), t.NULL)
    if isinstance(value, Items):
        return Items(value.items[::-1], value.type)
    if c.session.uneven_range:  # 2026.09 counts such a list from the end that it does not meet
        raise c.session.refuse(
            c.node.at,
            "reverse() in a query with a range() that may not meet its end",
            "count down with range() itself",
        )
    return c.scalar(c.session.dialect.reversed(c.sql(0)), type_)


def _range(c: Call) -> Value:
    if len(c.values) > 2 and literal_integer(c.values[2]) in (None, 0):
        raise c.session.refuse(c.node.at, "range() with a computed step or 0", "write a literal")
    step = c.sql(2) if len(c.values) > 2 else sql.integer(1)
    if any(is_null_value(value) for value in c.values):
        raise c.session.refuse(c.node.at, "range() to or from null", "give it a number")
    first, last = (present(c.session, c.values[i], "range() to or from null") for i in (0, 1))
    last = _within_reach(c, first, last)
    series = c.session.dialect.range(first, last, step)
    type_ = t.ListType(t.INTEGER, nullable=False)
    size = literal_integer(c.values[2]) or 1 if len(c.values) > 2 else 1
    if abs(size) > 1:
        bounds = [literal_integer(value) for value in c.values[:2]]
        known = [bound for bound in bounds if bound is not None]
        c.session.uneven_range |= len(known) < 2 or (known[1] - known[0]) % size != 0
        # Neo4j counts (0 - 1) / 2 + 1 = 1 numbers from 1 to 0 by 2, the openCypher TCK none
        gap = exp.Paren(this=exp.Sub(this=sql.wrapped(last), expression=sql.wrapped(first)))
        within = exp.LT(this=exp.Abs(this=gap), expression=sql.integer(abs(size)))
        away = exp.LT if size > 0 else exp.GT
        # asked first: a gap that goes the right way may be too wide for 64 bits
        wrong_way = away(this=sql.wrapped(last), expression=sql.wrapped(first))
        short = sql.all_of([wrong_way, within])
        failing = c.session.failing(
            "range() away from its end by less than a step is not portable",
            c.session.sql_type(type_),
        )
        series = sql.case([(short, failing)], series)
    return c.scalar(series, type_)


def _within_reach(c: Call, first: exp.Expression, last: exp.Expression) -> exp.Expression:
    """Return the end of a range; one that would fill the memory stops the query."""
    bounds = [literal_integer(value) for value in c.values]
    step = abs(bounds[2] or 1) if len(bounds) > 2 else 1
    known = [bound for bound in bounds[:2] if bound is not None]
    message = f"range() of more than {_LONGEST_COMPUTED:,} numbers, computed, is not portable"
    if len(known) == 2:
        if abs(known[1] - known[0]) // step >= _LONGEST_RANGE:
            raise c.session.refuse(
                c.node.at, f"range() of more than {_LONGEST_RANGE:,} numbers", "count in two steps"
            )
        return last
    double = sql.data_type("double")
    gap = exp.Sub(this=sql.cast(last, double), expression=sql.cast(first.copy(), double))
    far = exp.GTE(
        this=exp.Abs(this=gap), expression=exp.Literal.number(float(step * _LONGEST_COMPUTED))
    )
    failing = c.session.failing(message, c.session.sql_type(t.INTEGER))
    return sql.case([(far, failing)], last.copy())


FUNCTIONS = (
    Function("size", "size(list or text)", "number of elements or characters", (ANY,), _size),
    Function(
        "isEmpty", "isEmpty(list or text)", "whether there is nothing in it", (ANY,), _is_empty
    ),
    Function("head", "head(list)", "first element", (ANY,), _at_index(0)),
    Function("last", "last(list)", "last element", (ANY,), _at_index(-1)),
    Function("tail", "tail(list)", "all but the first element", (ANY,), _tail),
    Function("reverse", "reverse(list or text)", "backwards", (ANY,), _reverse),
    Function(
        "range",
        "range(start, end, step)",
        "integers, both ends included",
        (WHOLE_NUMBER,) * 3,
        _range,
        optional=1,
        null_in_null_out=False,
    ),
)
