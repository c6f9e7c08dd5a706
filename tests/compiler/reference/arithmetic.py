"""Arithmetic on Cypher values: 64-bit integers that overflow, floats that do not, dates."""

from __future__ import annotations

import calendar
import datetime as dt
import math
from typing import TYPE_CHECKING

from tests.compiler.reference.graph import Duration
from tests.compiler.reference.values import CypherRaises, is_number

if TYPE_CHECKING:
    from tests.compiler.reference.graph import Value

LARGEST = 2**63 - 1


def arithmetic(operator: str, a: Value, b: Value) -> Value:
    """Apply `+ - * / % ^`; null in gives null out."""
    if a is None or b is None:
        return None
    if operator == "+" and (isinstance(a, list) or isinstance(b, list)):
        return [*(a if isinstance(a, list) else [a]), *(b if isinstance(b, list) else [b])]
    if operator == "+" and (isinstance(a, str) or isinstance(b, str)):
        return concatenate(a, b)
    if isinstance(a, dt.date) and isinstance(b, Duration) and operator in "+-":
        return shift(a, b if operator == "+" else Duration(-b.months, -b.days))
    if isinstance(a, Duration) and isinstance(b, dt.date) and operator == "+":
        return shift(b, a)
    if isinstance(a, Duration) and isinstance(b, Duration) and operator in "+-":
        sign = 1 if operator == "+" else -1
        return Duration(a.months + sign * b.months, a.days + sign * b.days)
    if isinstance(a, int | float) and isinstance(b, int | float) and is_number(a) and is_number(b):
        return numeric(operator, a, b)
    raise CypherRaises(f"cannot apply {operator} to {type(a).__name__} and {type(b).__name__}")


def concatenate(a: Value, b: Value) -> str:
    """Join a string with a string or an integer."""
    for value in (a, b):
        if not isinstance(value, str) and not (isinstance(value, int) and is_number(value)):
            raise CypherRaises("only strings and numbers can be joined")
    return f"{a}{b}"


def numeric(operator: str, a: float, b: float) -> float:
    """Apply an operator to two numbers."""
    if operator == "^":
        return power(float(a), float(b))
    whole = isinstance(a, int) and isinstance(b, int)
    match operator:
        case "+":
            result: float = a + b
        case "-":
            result = a - b
        case "*":
            result = a * b
        case "/":
            result = divide(a, b)
        case "%":
            result = remainder(a, b)
        case _:
            raise CypherRaises(f"no operator {operator}")
    return in_range(int(result)) if whole else result


def in_range(value: int) -> int:
    """Raise on an integer that 64 bits cannot hold."""
    if not -LARGEST - 1 <= value <= LARGEST:
        raise CypherRaises("integer overflow")
    return value


def divide(a: float, b: float) -> float:
    """Divide; integers truncate toward zero and do not divide by zero."""
    if isinstance(a, int) and isinstance(b, int):
        if b == 0:
            raise CypherRaises("division by zero")
        quotient = abs(a) // abs(b)
        return quotient if (a < 0) is (b < 0) else -quotient
    if b == 0:
        if a == 0 or math.isnan(a):
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)
    return a / b


def remainder(a: float, b: float) -> float:
    """Return the remainder, which has the sign of the dividend."""
    if isinstance(a, int) and isinstance(b, int):
        if b == 0:
            raise CypherRaises("division by zero")
        return a - b * int(divide(a, b))
    return math.nan if b == 0 else math.fmod(a, b)


def power(a: float, b: float) -> float:
    """Raise a number to a power, always as a float."""
    try:
        result = a**b
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return math.inf
    return math.nan if isinstance(result, complex) else result


def shift(day: dt.date, by: Duration) -> dt.date:
    """Add months (to the last day of a shorter month), then days."""
    index = day.year * 12 + day.month - 1 + by.months
    year, month = divmod(index, 12)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        return dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days=by.days)
    except (ValueError, OverflowError) as error:
        raise CypherRaises("date out of range") from error
