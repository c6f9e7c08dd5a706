"""Texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.signature import (
    TEXT,
    WHOLE_NUMBER,
    Builder,
    Call,
    Function,
)
from graphchannel.compiler.sql.dialects.base import PLAIN_CASE

if TYPE_CHECKING:
    from graphchannel.compiler.values.model import Value


def _case_mapped(function: str) -> Builder:
    def build(c: Call) -> Value:
        text, dialect = c.sql(0), c.session.dialect
        failing = c.session.failing(
            f"{function}() of a letter outside Latin and Cyrillic is not portable",
            sql.data_type("text"),
        )
        mapped = sql.call(function, text)
        return c.scalar(sql.case([(dialect.matches(text, PLAIN_CASE), failing)], mapped), t.STRING)

    return build


def _trim(side: str) -> Builder:
    return lambda c: c.scalar(c.session.dialect.trimmed(c.sql(0), side), t.STRING)


def _replace(c: Call) -> Value:
    if c.literal(1) in (None, ""):
        raise c.session.refuse(
            c.node.at, "replace() of an empty or computed text", "search for a literal text"
        )
    return c.scalar(sql.call("replace", c.sql(0), c.sql(1), c.sql(2)), t.STRING)


def _split(c: Call) -> Value:
    if c.literal(1) in (None, ""):
        raise c.session.refuse(
            c.node.at, "split() at an empty or computed text", "split at a literal text"
        )
    parts = c.session.dialect.split(c.sql(0), c.sql(1))
    return c.scalar(parts, t.ListType(t.STRING, nullable=False))


def _substring(c: Call) -> Value:
    numbers = [c.literal(i) for i in range(1, len(c.values))]
    if not all(isinstance(number, int) and 0 <= number < 2**31 for number in numbers):
        raise c.session.refuse(
            c.node.at, "substring() with computed or negative positions", "write literal positions"
        )
    start = exp.Literal.number(int(numbers[0] or 0) + 1)
    arguments = [c.sql(0), start, *(exp.Literal.number(int(n or 0)) for n in numbers[1:])]
    return c.scalar(sql.call("substring", *arguments), t.STRING)


def _end_of_text(function: str) -> Builder:
    def build(c: Call) -> Value:
        length = c.literal(1)
        if not (isinstance(length, int) and 0 <= length < 2**31):
            raise c.session.refuse(
                c.node.at, f"{function}() with a computed or negative length", "write a literal"
            )
        return c.scalar(sql.call(function, c.sql(0), exp.Literal.number(length)), t.STRING)

    return build


def _characters(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("length", c.sql(0)), "bigint"), t.INTEGER)


FUNCTIONS = (
    *(
        Function(name, f"{name}(text)", "number of characters", (TEXT,), _characters, t.INTEGER)
        for name in ("char_length", "character_length")
    ),
    *(
        Function(
            name, f"{name}(text)", f"as to{name.title()}()", (TEXT,), _case_mapped(name), t.STRING
        )
        for name in ("upper", "lower")
    ),
    Function(
        "toUpper",
        "toUpper(text)",
        "Latin and Cyrillic only",
        (TEXT,),
        _case_mapped("upper"),
        t.STRING,
    ),
    Function(
        "toLower",
        "toLower(text)",
        "Latin and Cyrillic only",
        (TEXT,),
        _case_mapped("lower"),
        t.STRING,
    ),
    Function(
        "trim", "trim(text)", "without whitespace at both ends", (TEXT,), _trim("both"), t.STRING
    ),
    Function(
        "ltrim", "ltrim(text)", "without whitespace in front", (TEXT,), _trim("left"), t.STRING
    ),
    Function(
        "rtrim", "rtrim(text)", "without whitespace behind", (TEXT,), _trim("right"), t.STRING
    ),
    Function(
        "replace",
        "replace(text, literal, by)",
        "every occurrence",
        (TEXT,) * 3,
        _replace,
        t.STRING,
    ),
    Function("split", "split(text, literal)", "list of parts", (TEXT,) * 2, _split),
    Function(
        "substring",
        "substring(text, start, length)",
        "from a literal position, counted from 0",
        (TEXT, WHOLE_NUMBER, WHOLE_NUMBER),
        _substring,
        t.STRING,
        optional=1,
    ),
    Function(
        "left",
        "left(text, n)",
        "first n characters",
        (TEXT, WHOLE_NUMBER),
        _end_of_text("left"),
        t.STRING,
    ),
    Function(
        "right",
        "right(text, n)",
        "last n characters",
        (TEXT, WHOLE_NUMBER),
        _end_of_text("right"),
        t.STRING,
    ),
)
