"""Numbers, booleans and texts out of each other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import types as t
from graphchannel.compiler.functions.mathematics import within_long
from graphchannel.compiler.functions.moments import KINDS
from graphchannel.compiler.functions.signature import Call, Function
from graphchannel.compiler.values.doubts import as_float
from graphchannel.compiler.values.model import Scalar, Value, WrittenTime
from graphchannel.compiler.values.texts import float_text

if TYPE_CHECKING:
    from graphchannel.compiler.values.session import Session

_WHOLE = r"^[+-]?[0-9]+$"


_FRACTION = r"^[+-]?([0-9]+\.[0-9]*|\.[0-9]+)$"


_EXPONENT = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+$"


_JAVA_FLOAT = (
    r"^[\x00-\x20]*[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?"
    r"|0[xX][0-9a-fA-F.]+[pP][+-]?[0-9]+[fFdD]?)[\x00-\x20]*$"
)


_BLANK = r"[\s\p{Z}\x00-\x20]*"
_ODD = (
    rf"^{_BLANK}[+-]?(0[xX][0-9a-fA-F_]+|0[oO][0-7_]+"
    rf"|[\p{{Nd}}_]*\.?[\p{{Nd}}_]*([eE][+-]?[\p{{Nd}}_]+)?[fFdD]?){_BLANK}$"
)


def _to_integer(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.INTEGER:
        return value
    bigint = sql.data_type("bigint")
    if value.type == t.FLOAT:
        return c.scalar(_whole_of_float(c, value), t.INTEGER)
    text, dialect = c.sql(0), c.session.dialect
    before_point = sql.call(
        "nullif",
        sql.call("split_part", text, sql.string("."), exp.Literal.number(1)),
        sql.string(""),
    )
    signed = exp.In(this=before_point, expressions=[sql.string("+"), sql.string("-")])
    whole_part = sql.case(
        [(sql.any_of([sql.is_null(before_point), signed]), sql.integer(0))],
        _fitting(c, before_point),
    )
    result = sql.case(
        [
            (dialect.matches(text, _WHOLE), _fitting(c, text)),
            (dialect.matches(text, _FRACTION), whole_part),
            (
                _odd_number(c, text),
                c.session.failing(
                    "toInteger() of a text with blanks, other digits or a base is not portable",
                    bigint,
                ),
            ),
            (
                dialect.matches(text, _EXPONENT),
                c.session.failing("toInteger() of a text with an exponent is not portable", bigint),
            ),
        ],
        c.session.null(t.INTEGER),
    )
    return Scalar(result, t.INTEGER)


def _whole_of_float(c: Call, value: Value) -> exp.Expression:
    """Return a float as the nearest integer towards zero."""
    if isinstance(value, Scalar) and value.rounded and value.rounded.sql is value.sql:
        return value.rounded.integer
    number = c.sql(0)
    return within_long(c, number, sql.cast(sql.call(*_truncation(c.session, number)), "bigint"))


def _truncation(session: Session, number: exp.Expression) -> tuple[str, exp.Expression]:
    # casting a double truncates in Spark, and rounds in DuckDB
    return ("trunc", number) if session.dialect.name == "duckdb" else ("double", number)


def _fitting(c: Call, text: exp.Expression) -> exp.Expression:
    """Return a text of digits as an integer; stop where it does not fit, as Neo4j does."""
    bigint = sql.data_type("bigint")
    number = sql.try_cast(text, bigint)
    failing = c.session.failing("toInteger() of a number beyond 64 bits is not portable", bigint)
    return exp.Coalesce(this=number, expressions=[failing])


def _odd_number(c: Call, text: exp.Expression) -> exp.Expression:
    """Whether a text is a number for one release only: other digits, blanks, `_`, or `0x`."""
    matches = c.session.dialect.matches
    return sql.all_of([matches(text, r"\p{Nd}"), matches(text, _ODD)])


def _to_float(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.FLOAT:
        return as_float(c.session, value) if isinstance(value, Scalar) else value
    if value.type == t.INTEGER:
        return c.scalar(sql.cast(c.sql(0), "double"), t.FLOAT)
    text, dialect = c.sql(0), c.session.dialect
    double = sql.data_type("double")
    plain = sql.any_of(dialect.matches(text, form) for form in (_WHOLE, _FRACTION, _EXPONENT))
    result = sql.case(
        [
            (plain, sql.cast(text, double)),
            (
                sql.any_of([dialect.matches(text, _JAVA_FLOAT), _odd_number(c, text)]),
                c.session.failing(
                    "toFloat() of a text with a suffix or blanks is not portable", double
                ),
            ),
        ],
        c.session.null(t.FLOAT),
    )
    return Scalar(result, t.FLOAT)


def _to_boolean(c: Call) -> Value:
    if c.values[0].type == t.BOOLEAN:
        return c.values[0]
    word = sql.call("lower", c.session.dialect.trimmed(c.sql(0), "both"))
    told = [(sql.equal(word, sql.string(text)), text == "true") for text in ("true", "false")]
    branches = [(same, sql.TRUE if truth else sql.FALSE) for same, truth in told]
    return Scalar(sql.case(branches, c.session.null(t.BOOLEAN)), t.BOOLEAN)


def _to_string(c: Call) -> Value:
    value = c.values[0]
    if isinstance(value, WrittenTime):
        return Scalar(sql.string(str(value.instant)), t.STRING, nullable=False, constant=True)
    if value.type == t.STRING:
        return value
    if value.type == t.FLOAT:
        return c.scalar(float_text(c.session, c.sql(0)), t.STRING)
    return c.scalar(sql.cast(c.sql(0), "text"), t.STRING)


_PLAIN = (
    Function(
        "toInteger",
        "toInteger(number or text)",
        "towards zero; null for a text that is no number",
        ((t.INTEGER, t.FLOAT, t.STRING),),
        _to_integer,
        t.INTEGER,
    ),
    Function(
        "toFloat",
        "toFloat(number or text)",
        "null for a text that is no number",
        ((t.INTEGER, t.FLOAT, t.STRING),),
        _to_float,
        t.FLOAT,
    ),
    Function(
        "toBoolean",
        "toBoolean(text)",
        "true, false, or null for any other text",
        ((t.STRING, t.BOOLEAN),),
        _to_boolean,
        t.BOOLEAN,
    ),
    Function(
        "toString",
        "toString(value)",
        "of a number, text, boolean or date; floats as Java prints them",
        ((t.STRING, t.INTEGER, t.FLOAT, t.BOOLEAN, t.DATE, *map(t.MomentType, KINDS)),),
        _to_string,
        t.STRING,
    ),
)
# what they do with values of other types is not asked: these are refused
_OR_NULL = tuple(
    replace(
        one,
        name=f"{one.name}OrNull",
        signature=one.signature.replace("(", "OrNull(", 1),
        doc=f"as {one.name}()",
    )
    for one in _PLAIN
)
FUNCTIONS = (*_PLAIN, *_OR_NULL)
