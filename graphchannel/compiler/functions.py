"""The functions of portable Cypher: one table that the lowering uses and the documentation is made from."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sqlglot import exp

from graphchannel.compiler import operators, sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.dialects.base import PLAIN_CASE
from graphchannel.compiler.lists import literal_integer
from graphchannel.compiler.scope import from_sql, tag_constant, to_sql
from graphchannel.compiler.values import Attribute, Duration, Entity, Items, Path, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphchannel.compiler.expressions import Context, Expressions
    from graphchannel.compiler.session import Session

AGGREGATES: Mapping[str, str] = {
    "count": "count(*), count(x), count(DISTINCT x): rows, or values that are not null",
    "sum": "sum(x): of numbers; 0 over nothing",
    "avg": "avg(x): mean of numbers, a float; null over nothing",
    "min": "min(x): least number, text, date or boolean; null over nothing",
    "max": "max(x): greatest number, text, date or boolean; null over nothing",
    "collect": "collect(x): list of values that are not null; its order is that of a preceding ORDER BY",
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: everything that a builder may need."""

    lowering: Expressions
    node: s.FunctionCall
    context: Context
    values: tuple[Value, ...]

    @property
    def session(self) -> Session:
        return self.lowering.session

    @property
    def nullable(self) -> bool:
        return any(value.nullable for value in self.values)

    def sql(self, i: int) -> exp.Expression:
        """Return an argument as SQL, cast to its Cypher type."""
        value = self.lowering.as_scalar(self.node.arguments[i].at, self.values[i])
        return to_sql(self.session, value)

    def literal(self, i: int) -> int | str | None:
        """Return what a literal argument says; None if it is no literal integer or string."""
        argument = self.node.arguments[i]
        if isinstance(argument, s.Literal) and isinstance(argument.value, str | int):
            return argument.value
        return None

    def scalar(
        self, expression: exp.Expression, type_: t.CypherType, *, nan: bool = False
    ) -> Scalar:
        """Return a result that is null only if an argument is, and constant if all arguments are."""
        constant = all(isinstance(value, Scalar) and value.constant for value in self.values)
        return Scalar(expression, type_, nullable=self.nullable, nan=nan, constant=constant)


Builder: TypeAlias = "Callable[[Call], Value]"


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how it is called, what it returns, the types of its arguments and how it is lowered.

    Each parameter is a tuple of accepted types, empty for "the builder checks"; the last `optional`
    ones may be left out. A null for a checked parameter makes the result null.
    """

    name: str
    signature: str
    doc: str
    parameters: tuple[tuple[t.CypherType, ...], ...]
    build: Builder
    result: t.CypherType = t.NULL
    optional: int = 0


_INSTEAD = {
    "exists": "use EXISTS { … } for patterns and IS NOT NULL for properties",
    "id": "use a property that identifies the node",
    "elementid": "use a property that identifies the node",
    "datetime": "use date(): only days are portable",
    "localdatetime": "use date(): only days are portable",
    "time": "use date(): only days are portable",
    "localtime": "use date(): only days are portable",
    "timestamp": "pass the day as a parameter",
    "rand": "a rule must give the same rows each time",
    "randomuuid": "a rule must give the same rows each time",
    "duration.between": "use duration.inDays(a, b).days",
    "duration.inmonths": "use duration.inDays(a, b).days",
    "duration.inseconds": "use duration.inDays(a, b).days",
    "keys": "name the properties",
    "properties": "name the properties",
    "toboolean": "compare the text with = 'true'",
    "stdev": "use avg, min and max",
    "stdevp": "use avg, min and max",
    "percentilecont": "use avg, min and max",
    "percentiledisc": "use avg, min and max",
    "shortestpath": "use a bounded path such as *1..3 and order by length",
    "allshortestpaths": "use a bounded path such as *1..3",
    "reduce": "use UNWIND and sum()",
    "point": "positions are not in the graph",
    "sqrt": "compare squares",
}


def call(
    lowering: Expressions, node: s.FunctionCall, context: Context, expected: t.CypherType | None
) -> Value:
    """Lower the call of a function that is not an aggregate."""
    session = lowering.session
    function = FUNCTIONS.get(node.name.lower())
    if function is None:
        instead = _INSTEAD.get(node.name.lower())
        if instead is not None:
            raise session.refuse(node.at, f"{node.name}()", instead)
        known = [f.name for f in FUNCTIONS.values()] + list(AGGREGATES)
        raise session.unknown(node.at, "The function", node.name, known)
    if node.distinct:
        raise session.wrong(node.at, f"DISTINCT has no meaning in {function.name}().")
    most = len(function.parameters)
    least = most - function.optional
    if function.name != "coalesce" and not least <= len(node.arguments) <= most:
        raise session.wrong(
            node.at, f"{function.signature} was called with {len(node.arguments)} arguments."
        )
    first = node.arguments[0] if node.arguments else None
    if function.name == "date" and isinstance(first, s.MapLiteral):
        return _date_call(lowering, node, context, first)
    if function.name == "duration" and isinstance(first, s.MapLiteral):
        return _duration_call(lowering, node, context, first)
    values = tuple(
        lowering.lower(argument, context, _expected(function, i, expected))
        for i, argument in enumerate(node.arguments)
    )
    for i, value in enumerate(values[:most]):
        _check(session, function, node.arguments[i], value, function.parameters[i])
        if function.parameters[i] and operators.is_null_value(value):
            return Scalar(session.null(function.result), function.result)
    return function.build(Call(lowering, node, context, values))


def _expected(function: Function, i: int, expected: t.CypherType | None) -> t.CypherType | None:
    if function.name == "coalesce":
        return expected
    if function.name == "date":
        return t.DATE
    accepted = function.parameters[i]
    return accepted[0] if len(accepted) == 1 else None


def _check(
    session: Session,
    function: Function,
    argument: s.Expression,
    value: Value,
    accepted: tuple[t.CypherType, ...],
) -> None:
    if not accepted or operators.is_null_value(value) or value.type in accepted:
        return
    kinds = " or ".join(map(str, accepted))
    raise session.mismatch(
        argument.at, f"{function.signature} takes {kinds} here, this is {value.type}."
    )


# --- builders -------------------------------------------------------------------------------------


def _coalesce(c: Call) -> Value:
    if not c.values:
        raise c.session.wrong(c.node.at, "coalesce() needs at least one argument.")
    known = [value for value in c.values if not operators.is_null_value(value)]
    if not known:
        return Scalar(exp.Null(), t.NULL)
    type_ = c.lowering.common_type(c.node.at, known, "coalesce()")
    if len(known) == 1:
        return known[0]
    parts = [c.lowering.fitted(c.node.at, value, type_) for value in known]
    nullable = all(value.nullable for value in known)
    result = exp.Coalesce(this=parts[0], expressions=parts[1:])
    value = from_sql(c.session, result, type_, nullable=nullable)
    if isinstance(value, Scalar) and any(isinstance(v, Scalar) and v.nan for v in known):
        return Scalar(value.sql, value.type, nullable=nullable, nan=True)
    return value


def _nan(c: Call) -> bool:
    return any(isinstance(value, Scalar) and value.nan for value in c.values)


def _abs(c: Call) -> Value:
    return c.scalar(exp.Abs(this=c.sql(0)), c.values[0].type, nan=_nan(c))


def _floor(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("floor", _double(c, 0)), "double"), t.FLOAT, nan=_nan(c))


def _ceil(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("ceil", _double(c, 0)), "double"), t.FLOAT, nan=_nan(c))


def _double(c: Call, i: int) -> exp.Expression:
    number = c.sql(i)
    return number if c.values[i].type == t.FLOAT else sql.cast(number, "double")


def _round(c: Call) -> Value:
    """Round half towards positive infinity, as Neo4j does with one argument."""
    number = _double(c, 0)
    below = sql.cast(sql.call("floor", number), "double")
    rest = exp.Sub(this=sql.wrapped(number), expression=below)
    up = exp.GTE(this=rest, expression=sql.cast(exp.Literal.number("0.5"), "double"))
    one = sql.cast(exp.Literal.number(1), "double")
    rounded = sql.case([(up, exp.Add(this=below, expression=one))], below)
    return c.scalar(rounded, t.FLOAT, nan=_nan(c))


def _sign(c: Call) -> Value:
    return c.scalar(sql.cast(sql.call("sign", c.sql(0)), "bigint"), t.INTEGER)


_WHOLE = r"^[+-]?[0-9]+$"
_FRACTION = r"^[+-]?([0-9]+\.[0-9]*|\.[0-9]+)$"
_EXPONENT = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+$"
_JAVA_FLOAT = (
    r"^[\x00-\x20]*[+-]?(NaN|Infinity|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?[fFdD]?"
    r"|0[xX][0-9a-fA-F.]+[pP][+-]?[0-9]+[fFdD]?)[\x00-\x20]*$"
)


def _to_integer(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.INTEGER:
        return value
    bigint = sql.data_type("bigint")
    if value.type == t.FLOAT:
        whole = sql.cast(sql.call(*_truncation(c.session, c.sql(0))), "bigint")
        return c.scalar(whole, t.INTEGER)
    text, dialect = c.sql(0), c.session.dialect
    before_point = sql.call(
        "nullif",
        sql.call("split_part", text, sql.string("."), exp.Literal.number(1)),
        sql.string(""),
    )
    signed = exp.In(this=before_point, expressions=[sql.string("+"), sql.string("-")])
    whole_part = sql.case(
        [(sql.any_of([sql.is_null(before_point), signed]), sql.integer(0))],
        sql.cast(before_point, bigint),
    )
    result = sql.case(
        [
            (dialect.matches(text, _WHOLE), sql.cast(text, bigint)),
            (dialect.matches(text, _FRACTION), whole_part),
            (
                dialect.matches(text, _EXPONENT),
                dialect.failing("toInteger() of a text with an exponent is not portable", bigint),
            ),
        ],
        c.session.null(t.INTEGER),
    )
    return Scalar(result, t.INTEGER)


def _truncation(session: Session, number: exp.Expression) -> tuple[str, exp.Expression]:
    # casting a double truncates in Spark, and rounds in DuckDB
    return ("trunc", number) if session.dialect.name == "duckdb" else ("double", number)


def _to_float(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.FLOAT:
        return value
    if value.type == t.INTEGER:
        return c.scalar(sql.cast(c.sql(0), "double"), t.FLOAT)
    text, dialect = c.sql(0), c.session.dialect
    double = sql.data_type("double")
    plain = sql.any_of(dialect.matches(text, form) for form in (_WHOLE, _FRACTION, _EXPONENT))
    result = sql.case(
        [
            (plain, sql.cast(text, double)),
            (
                dialect.matches(text, _JAVA_FLOAT),
                dialect.failing(
                    "toFloat() of a text with a suffix or blanks is not portable", double
                ),
            ),
        ],
        c.session.null(t.FLOAT),
    )
    return Scalar(result, t.FLOAT)


def _to_string(c: Call) -> Value:
    value = c.values[0]
    if value.type == t.STRING:
        return value
    return c.scalar(sql.cast(c.sql(0), "text"), t.STRING)


def _case_mapped(function: str) -> Builder:
    def build(c: Call) -> Value:
        text, dialect = c.sql(0), c.session.dialect
        failing = dialect.failing(
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


def _list_argument(c: Call, *, ordered: bool = False) -> t.ListType | None:
    """Return the type of a list argument, None for null; refuse what is no list."""
    value = c.values[0]
    if operators.is_null_value(value):
        return None
    if not isinstance(value.type, t.ListType):
        raise c.session.mismatch(
            c.node.at, f"{c.node.name}() takes a list here, this is {value.type}."
        )
    if ordered and not value.type.ordered:
        raise c.session.refuse(
            c.node.at,
            f"{c.node.name}() of a list without a defined order",
            "write WITH … ORDER BY before the clause that collects",
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
        return operators.boolean(sql.equal(c.sql(0), sql.string("")), *c.values)
    size = _size(c)
    if not isinstance(size, Scalar):
        raise TypeError(type(size).__name__)
    return operators.boolean(sql.equal(size.sql, exp.Literal.number(0)), *c.values)


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
        failing = dialect.failing(
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
    return c.scalar(c.session.dialect.reversed(c.sql(0)), type_)


def _range(c: Call) -> Value:
    if len(c.values) > 2 and literal_integer(c.values[2]) in (None, 0):
        raise c.session.refuse(c.node.at, "range() with a computed step or 0", "write a literal")
    step = c.sql(2) if len(c.values) > 2 else sql.integer(1)
    series = c.session.dialect.range(c.sql(0), c.sql(1), step)
    return c.scalar(series, t.ListType(t.INTEGER, nullable=False))


# --- dates ---

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _date(c: Call) -> Value:
    argument = c.node.arguments[0] if c.node.arguments else None
    if argument is None:
        raise c.session.refuse(
            c.node.at, "date() without an argument", "pass the day: date($as_of)"
        )
    value = c.values[0]
    if value.type in (t.DATE, t.NULL):
        return value
    if isinstance(argument, s.Literal) and isinstance(argument.value, str):
        return Scalar(
            sql.cast(sql.string(_checked_day(c.session, argument.at, argument.value)), "date"),
            t.DATE,
            nullable=False,
            constant=True,
        )
    raise c.session.refuse(
        c.node.at, f"date() of {value.type}", "load it as a date, or write date('2024-01-31')"
    )


def _checked_day(session: Session, at: s.Position, text: str) -> str:
    if not _ISO_DATE.fullmatch(text):
        raise session.refuse(at, f"the date '{text}'", "write it as YYYY-MM-DD")
    try:
        datetime.date.fromisoformat(text)
    except ValueError as problem:
        raise session.wrong(at, f"'{text}' is not a day of the calendar.") from problem
    return text


def _date_call(
    lowering: Expressions, node: s.FunctionCall, context: Context, entries: s.MapLiteral
) -> Value:
    """Lower `date({year: …, month: …, day: …})`."""
    session = lowering.session
    parts: dict[str, exp.Expression] = {}
    nullable = False
    for key, expression in entries.entries:
        value = lowering.lower(expression, context, t.INTEGER)
        if key not in ("year", "month", "day"):
            raise session.refuse(expression.at, f"date({{{key}: …}})", "use year, month and day")
        if value.type != t.INTEGER:
            raise session.mismatch(expression.at, f"{key} is an integer, this is {value.type}.")
        parts[key] = to_sql(session, value)
        nullable = nullable or value.nullable
    if "year" not in parts or ("day" in parts and "month" not in parts):
        raise session.wrong(node.at, "date({…}) needs year, then month, then day.")
    one = sql.integer(1)
    made = session.dialect.made_date(parts["year"], parts.get("month", one), parts.get("day", one))
    return Scalar(made, t.DATE, nullable=nullable)


_UNITS = ("year", "quarter", "month", "week", "day")
_DATE_PARTS = (
    "year",
    "quarter",
    "month",
    "week",
    "weekYear",
    "day",
    "ordinalDay",
    "dayOfWeek",
    "weekDay",
    "dayOfQuarter",
)


def _truncate(c: Call) -> Value:
    unit = c.literal(0)
    if unit not in _UNITS:
        raise c.session.refuse(
            c.node.at, "date.truncate() to this unit", f"use one of {', '.join(_UNITS)}"
        )
    return c.scalar(c.session.dialect.truncated(str(unit), c.sql(1)), t.DATE)


def date_part(session: Session, at: s.Position, date: Scalar, name: str) -> Value:
    """Lower a component of a date."""
    if name not in _DATE_PARTS:
        raise session.unknown(at, "The date component", name, _DATE_PARTS)
    part = session.dialect.date_part(name, date.sql)
    return Scalar(
        sql.cast(part, "bigint"), t.INTEGER, nullable=date.nullable, constant=date.constant
    )


def _duration(c: Call) -> Value:
    argument = c.node.arguments[0]
    if isinstance(argument, s.Literal) and isinstance(argument.value, str):
        return _duration_text(c, argument)
    raise c.session.refuse(c.node.at, "a computed duration", "write duration({days: …})")


_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?", re.ASCII)


def _duration_text(c: Call, argument: s.Literal) -> Value:
    found = _DURATION.fullmatch(str(argument.value))
    if found is None or not any(found.groups()):
        raise c.session.refuse(
            argument.at, f"the duration '{argument.value}'", "write whole years to days: P1Y2M3D"
        )
    years, months, weeks, days = (int(group or 0) for group in found.groups())
    in_months, in_days = years * 12 + months, weeks * 7 + days
    return Duration(
        sql.integer(in_months) if in_months else None,
        sql.integer(in_days) if in_days else None,
        t.DurationType(),
    )


_DURATION_KEYS = {"years": 12, "quarters": 3, "months": 1, "weeks": 7, "days": 1}


def _duration_call(
    lowering: Expressions, node: s.FunctionCall, context: Context, entries: s.MapLiteral
) -> Value:
    """Lower `duration({months: …, days: …})`."""
    session = lowering.session
    amounts: dict[str, exp.Expression | None] = {"months": None, "days": None}
    nullable = False
    for key, expression in entries.entries:
        if key not in _DURATION_KEYS:
            raise session.refuse(
                expression.at, f"duration({{{key}: …}})", "use years, months, weeks and days"
            )
        value = lowering.lower(expression, context, t.INTEGER)
        if value.type != t.INTEGER:
            raise session.refuse(
                expression.at, f"a duration of {value.type} {key}", "use whole numbers"
            )
        nullable = nullable or value.nullable
        number = sql.wrapped(to_sql(session, value))
        factor = _DURATION_KEYS[key]
        if factor > 1:
            number = exp.Mul(this=number, expression=sql.integer(factor))
        group = "days" if key in ("weeks", "days") else "months"
        before = amounts[group]
        amounts[group] = number if before is None else exp.Add(this=before, expression=number)
    return Duration(amounts["months"], amounts["days"], t.DurationType(), nullable)


def _in_days(c: Call) -> Value:
    days = sql.cast(c.session.dialect.days_between(c.sql(0), c.sql(1)), "bigint")
    return Duration(None, days, t.DurationType(), c.nullable)


def duration_part(session: Session, at: s.Position, duration: Duration, name: str) -> Value:
    """Lower `.days` of a duration that has nothing but days."""
    if name != "days" or duration.months is not None or duration.days is None:
        raise session.refuse(at, f".{name} of a duration", "use duration.inDays(a, b).days")
    return Scalar(duration.days, t.INTEGER, nullable=duration.nullable)


# --- graph ---


def _entity(c: Call, kind: type[t.NodeType | t.RelationshipType], what: str) -> Entity | None:
    value = c.values[0]
    if operators.is_null_value(value):
        return None
    if not (isinstance(value, Entity) and isinstance(value.type, kind)):
        raise c.session.mismatch(c.node.at, f"{c.node.name}() takes a {what}, not {value.type}.")
    return value


def _labels(c: Call) -> Value:
    node = _entity(c, t.NodeType, "node")
    type_ = t.ListType(t.STRING, nullable=False, ordered=False)
    if node is None:
        return Scalar(c.session.null(type_), type_)
    carried = []
    for label in sorted(c.session.schema.labels):
        column = node.attributes.get(Attribute(label, label=True))
        if column is None:
            raise c.session.refuse(c.node.at, "labels() of an element of a list", "match the node")
        carried.append(sql.case([(column, sql.string(label))], None))
    every = sql.cast(exp.Array(expressions=carried), c.session.sql_type(type_))
    name = c.session.fresh("label")
    present = c.session.dialect.filtered(every, name, sql.is_not_null(sql.variable(name)))
    if node.nullable:
        present = sql.case([(sql.is_not_null(node.key), present)], c.session.null(type_))
    return Scalar(present, type_, nullable=node.nullable)


def _type(c: Call) -> Value:
    relationship = _entity(c, t.RelationshipType, "relationship")
    if relationship is None:
        return Scalar(c.session.null(t.STRING), t.STRING)
    tables = [index for index in relationship.type.tables if isinstance(index, int)]
    names = {index: c.session.edge(index).type for index in tables}
    tag = relationship.tag
    if tag is None or len(set(names.values())) == 1:
        name: exp.Expression = sql.string(names[tables[0]])
    else:
        name = sql.case(
            [
                (sql.equal(tag, exp.Literal.number(index)), sql.string(names[index]))
                for index in tables
            ],
            None,
        )
    if relationship.nullable:
        name = sql.case([(sql.is_not_null(relationship.key), name)], None)
    return Scalar(name, t.STRING, nullable=relationship.nullable)


def _end_node(which: str) -> Builder:
    def build(c: Call) -> Value:
        relationship = _entity(c, t.RelationshipType, "relationship")
        if relationship is None:
            return Scalar(exp.Null(), t.NULL)
        node = relationship.source if which == "startNode" else relationship.target
        if node is None:
            raise c.session.refuse(
                c.node.at, f"{which}() outside the MATCH of its relationship", "name the node"
            )
        return node

    return build


def _path(c: Call) -> Path | None:
    value = c.values[0]
    if operators.is_null_value(value):
        return None
    if not isinstance(value, Path):
        raise c.session.mismatch(c.node.at, f"{c.node.name}() takes a path, not {value.type}.")
    return value


def _nodes(c: Call) -> Value:
    path = _path(c)
    return Scalar(exp.Null(), t.NULL) if path is None else path.nodes


def _relationships(c: Call) -> Value:
    path = _path(c)
    return Scalar(exp.Null(), t.NULL) if path is None else path.relationships


def _length(c: Call) -> Value:
    path = _path(c)
    if path is None:
        return Scalar(c.session.null(t.INTEGER), t.INTEGER)
    hops = path.relationships
    if isinstance(hops, Items):
        return Scalar(sql.integer(len(hops.items)), t.INTEGER, nullable=False)
    length = sql.cast(c.session.dialect.length(hops.sql), "bigint")
    return Scalar(length, t.INTEGER, nullable=path.nullable)


_TEXT = (t.STRING,)
_WHOLE_NUMBER = (t.INTEGER,)
_NUMBER = (t.INTEGER, t.FLOAT)
_DAY = (t.DATE,)
_ANY: tuple[t.CypherType, ...] = ()

_TABLE = (
    Function("coalesce", "coalesce(a, b, …)", "the first that is not null", (), _coalesce),
    Function("abs", "abs(number)", "absolute value", (_NUMBER,), _abs, t.FLOAT),
    Function("ceil", "ceil(number)", "least whole float not below", (_NUMBER,), _ceil, t.FLOAT),
    Function(
        "floor", "floor(number)", "greatest whole float not above", (_NUMBER,), _floor, t.FLOAT
    ),
    Function(
        "round", "round(number)", "nearest whole float, halves up", (_NUMBER,), _round, t.FLOAT
    ),
    Function("sign", "sign(number)", "-1, 0 or 1", (_NUMBER,), _sign, t.INTEGER),
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
        "toString",
        "toString(value)",
        "of an integer, text, boolean or date",
        ((t.STRING, t.INTEGER, t.BOOLEAN, t.DATE),),
        _to_string,
        t.STRING,
    ),
    Function(
        "toUpper",
        "toUpper(text)",
        "Latin and Cyrillic only",
        (_TEXT,),
        _case_mapped("upper"),
        t.STRING,
    ),
    Function(
        "toLower",
        "toLower(text)",
        "Latin and Cyrillic only",
        (_TEXT,),
        _case_mapped("lower"),
        t.STRING,
    ),
    Function(
        "trim", "trim(text)", "without whitespace at both ends", (_TEXT,), _trim("both"), t.STRING
    ),
    Function(
        "ltrim", "ltrim(text)", "without whitespace in front", (_TEXT,), _trim("left"), t.STRING
    ),
    Function(
        "rtrim", "rtrim(text)", "without whitespace behind", (_TEXT,), _trim("right"), t.STRING
    ),
    Function(
        "replace",
        "replace(text, literal, by)",
        "every occurrence",
        (_TEXT,) * 3,
        _replace,
        t.STRING,
    ),
    Function("split", "split(text, literal)", "list of parts", (_TEXT,) * 2, _split),
    Function(
        "substring",
        "substring(text, start, length)",
        "from a literal position, counted from 0",
        (_TEXT, _WHOLE_NUMBER, _WHOLE_NUMBER),
        _substring,
        t.STRING,
        optional=1,
    ),
    Function(
        "left",
        "left(text, n)",
        "first n characters",
        (_TEXT, _WHOLE_NUMBER),
        _end_of_text("left"),
        t.STRING,
    ),
    Function(
        "right",
        "right(text, n)",
        "last n characters",
        (_TEXT, _WHOLE_NUMBER),
        _end_of_text("right"),
        t.STRING,
    ),
    Function("size", "size(list or text)", "number of elements or characters", (_ANY,), _size),
    Function(
        "isEmpty", "isEmpty(list or text)", "whether there is nothing in it", (_ANY,), _is_empty
    ),
    Function("head", "head(list)", "first element", (_ANY,), _at_index(0)),
    Function("last", "last(list)", "last element", (_ANY,), _at_index(-1)),
    Function("tail", "tail(list)", "all but the first element", (_ANY,), _tail),
    Function("reverse", "reverse(list or text)", "backwards", (_ANY,), _reverse),
    Function(
        "range",
        "range(start, end, step)",
        "integers, both ends included",
        (_WHOLE_NUMBER,) * 3,
        _range,
        optional=1,
    ),
    Function(
        "date",
        "date('2024-01-31'), date($day), date({year: …})",
        "a day",
        (_ANY,),
        _date,
        optional=1,
    ),
    Function(
        "date.truncate",
        "date.truncate(unit, date)",
        "first day of it",
        (_TEXT, _DAY),
        _truncate,
        t.DATE,
    ),
    Function("duration", "duration({months: …, days: …})", "to add to a date", (_ANY,), _duration),
    Function(
        "duration.inDays",
        "duration.inDays(from, to).days",
        "days between",
        (_DAY, _DAY),
        _in_days,
        t.INTEGER,
    ),
    Function("labels", "labels(node)", "its labels, in no defined order", (_ANY,), _labels),
    Function("type", "type(relationship)", "its type", (_ANY,), _type),
    Function(
        "startNode", "startNode(r)", "in the clause that matches r", (_ANY,), _end_node("startNode")
    ),
    Function(
        "endNode", "endNode(r)", "in the clause that matches r", (_ANY,), _end_node("endNode")
    ),
    Function("nodes", "nodes(path)", "its nodes in order", (_ANY,), _nodes),
    Function(
        "relationships",
        "relationships(path)",
        "its relationships in order",
        (_ANY,),
        _relationships,
    ),
    Function("length", "length(path)", "number of relationships", (_ANY,), _length),
)
FUNCTIONS: Mapping[str, Function] = {function.name.lower(): function for function in _TABLE}
