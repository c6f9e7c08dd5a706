"""The scalar functions of portable Cypher, one Python function each."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, TypeVar

from tests.compiler.reference.arithmetic import in_range
from tests.compiler.reference.graph import Duration, Node, Path, Relationship, Value
from tests.compiler.reference.values import CypherRaises, is_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.compiler.reference.graph import Graph

T = TypeVar("T")


def call(name: str, arguments: list[Value], graph: Graph) -> Value:
    """Call a function; all but coalesce answer null when any argument is null."""
    folded = name.lower()
    if folded == "coalesce":
        return next((value for value in arguments if value is not None), None)
    if any(value is None for value in arguments):
        return None
    if folded in ("startnode", "endnode"):
        relationship = of_type(arguments[0], Relationship)
        end = relationship.source if folded == "startnode" else relationship.target
        return graph.node_by_id[end]
    if folded not in FUNCTIONS:
        raise CypherRaises(f"no function {name}()")
    try:
        return FUNCTIONS[folded](*arguments)
    except TypeError as error:
        raise CypherRaises(f"wrong arguments for {name}()") from error


def of_type(value: Value, kind: type[T]) -> T:
    """Return the value if it is of a type, else raise what Cypher would."""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise CypherRaises(f"expected {kind.__name__}, saw {type(value).__name__}")
    return value


def number(value: Value) -> int | float:
    """Return a number, or raise."""
    if isinstance(value, int | float) and is_number(value):
        return value
    raise CypherRaises(f"expected a number, saw {type(value).__name__}")


def count(value: Value) -> int:
    """Return an integer that is not negative, or raise."""
    found = of_type(value, int)
    if found < 0:
        raise CypherRaises("a length or start must not be negative")
    return found


def size(value: Value) -> int:
    if isinstance(value, str | list):
        return len(value)
    raise CypherRaises("size() needs a list or a string")


def length(value: Value) -> int:
    return len(of_type(value, Path).relationships)


def keys(value: Value) -> list[Value]:
    if isinstance(value, dict):
        return list(value)
    if isinstance(value, Node | Relationship):
        return [key for key, held in value.properties.items() if held is not None]
    raise CypherRaises("keys() needs a node, a relationship or a map")


def to_integer(value: Value) -> int | None:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        if re.fullmatch(r"[+-]?\d+", value):
            return in_range(int(value))
        if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value):
            return in_range(math.trunc(float(value)))
        return None
    return in_range(math.trunc(number(value)))


def to_float(value: Value) -> float | None:
    if isinstance(value, str):
        matched = re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value)
        return float(value) if matched else None
    return float(number(value))


def to_string(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str | int):
        return str(value)
    raise CypherRaises("toString() of this type is not part of the reference")


def to_boolean(value: Value) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return of_type(value, bool)


def rounded(value: Value, digits: Value = None) -> float:
    x = number(value)
    if digits is None:
        return float(math.floor(x + 0.5)) if abs(x) < 2**52 else float(x)
    step = Decimal(1).scaleb(-count(digits))
    return float(Decimal(repr(float(x))).quantize(step, rounding=ROUND_HALF_UP))


def sign(value: Value) -> int:
    x = number(value)
    return (x > 0) - (x < 0)


def substring(text: Value, start: Value, taken: Value = None) -> str:
    whole, first = of_type(text, str), count(start)
    return whole[first:] if taken is None else whole[first : first + count(taken)]


def split(text: Value, separator: Value) -> list[Value]:
    parts: list[Value] = []
    parts += of_type(text, str).split(of_type(separator, str))
    return parts


def numbers(first: Value, last: Value, step: Value = 1) -> list[Value]:
    by = of_type(step, int)
    if by == 0:
        raise CypherRaises("range() needs a step other than 0")
    end = of_type(last, int) + (1 if by > 0 else -1)
    return list(range(of_type(first, int), end, by))


def reverse(value: Value) -> Value:
    return value[::-1] if isinstance(value, str | list) else of_type(value, str)


def date(value: Value) -> dt.date:
    if isinstance(value, dt.date):
        return value
    if isinstance(value, dict):
        parts = {key: of_type(part, int) for key, part in value.items()}
        return dt.date(parts["year"], parts.get("month", 1), parts.get("day", 1))
    try:
        return dt.date.fromisoformat(of_type(value, str))
    except ValueError as error:
        raise CypherRaises("not a date") from error


def truncate(unit: Value, day: Value) -> dt.date:
    d = of_type(day, dt.date)
    match unit:
        case "year":
            return d.replace(month=1, day=1)
        case "quarter":
            return d.replace(month=(d.month - 1) // 3 * 3 + 1, day=1)
        case "month":
            return d.replace(day=1)
        case "week":
            return d - dt.timedelta(days=d.weekday())
        case _:
            raise CypherRaises(f"no unit {unit}")


def duration(value: Value) -> Duration:
    parts = {key: of_type(part, int) for key, part in of_type(value, dict).items()}
    unknown = parts.keys() - {"years", "months", "weeks", "days", "quarters"}
    if unknown:
        raise CypherRaises(f"no duration part {unknown}")
    months = 12 * parts.get("years", 0) + 3 * parts.get("quarters", 0) + parts.get("months", 0)
    return Duration(months, 7 * parts.get("weeks", 0) + parts.get("days", 0))


def in_days(first: Value, last: Value) -> Duration:
    return Duration(0, (of_type(last, dt.date) - of_type(first, dt.date)).days)


def date_part(day: dt.date, name: str) -> int:
    """Return a component of a date."""
    iso = day.isocalendar()
    quarter = (day.month - 1) // 3 + 1
    parts = {
        "year": day.year,
        "quarter": quarter,
        "month": day.month,
        "week": iso.week,
        "weekYear": iso.year,
        "day": day.day,
        "dayOfWeek": iso.weekday,
        "weekDay": iso.weekday,
        "ordinalDay": day.timetuple().tm_yday,
        "dayOfQuarter": (day - dt.date(day.year, 3 * quarter - 2, 1)).days + 1,
    }
    if name not in parts:
        raise CypherRaises(f"a date has no component {name}")
    return parts[name]


def duration_part(value: Duration, name: str) -> int:
    """Return a component of a duration of months and days."""
    years, months = divmod(value.months, 12)
    parts = {
        "days": value.days,
        "months": value.months,
        "years": years,
        "monthsOfYear": months,
        "weeks": value.days // 7,
    }
    if name not in parts:
        raise CypherRaises(f"a duration has no component {name}")
    return parts[name]


def text(function: Callable[[str], Value]) -> Callable[[Value], Value]:
    """Return a function of one string."""
    return lambda value: function(of_type(value, str))


def real(function: Callable[[float], float]) -> Callable[[Value], Value]:
    """Return a function of one number that answers a float; outside its domain NaN."""

    def apply(value: Value) -> Value:
        try:
            return float(function(float(number(value))))
        except ValueError:
            return math.nan

    return apply


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "size": size,
    "length": length,
    "nodes": lambda path: list(of_type(path, Path).nodes),
    "relationships": lambda path: list(of_type(path, Path).relationships),
    "labels": lambda node: list[Value](sorted(of_type(node, Node).labels)),
    "type": lambda relationship: of_type(relationship, Relationship).type,
    "id": lambda entity: entity.id,
    "elementid": lambda entity: f"{type(entity).__name__}:{entity.id}",
    "keys": keys,
    "head": lambda items: next(iter(of_type(items, list)), None),
    "last": lambda items: next(iter(of_type(items, list)[::-1]), None),
    "tail": lambda items: of_type(items, list)[1:],
    "reverse": reverse,
    "range": numbers,
    "isempty": lambda value: size(value) == 0,
    "tointeger": to_integer,
    "tofloat": to_float,
    "tostring": to_string,
    "toboolean": to_boolean,
    "abs": lambda value: in_range(abs(value)) if isinstance(value, int) else abs(number(value)),
    "ceil": lambda value: float(math.ceil(number(value))),
    "floor": lambda value: float(math.floor(number(value))),
    "round": rounded,
    "sign": sign,
    "sqrt": real(math.sqrt),
    "toupper": text(str.upper),
    "tolower": text(str.lower),
    "upper": text(str.upper),
    "lower": text(str.lower),
    "trim": text(str.strip),
    "ltrim": text(str.lstrip),
    "rtrim": text(str.rstrip),
    "btrim": text(str.strip),
    "char_length": text(len),
    "left": lambda value, n: of_type(value, str)[: count(n)],
    "right": lambda value, n: of_type(value, str)[max(0, len(value) - count(n)) :],
    "substring": substring,
    "replace": lambda value, old, new: of_type(value, str).replace(old, new),
    "split": split,
    "date": date,
    "date.truncate": truncate,
    "duration": duration,
    "duration.indays": in_days,
}
