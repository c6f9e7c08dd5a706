"""What a value says where it is written out: the number, or the day, of a literal."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Scalar

if TYPE_CHECKING:
    from graphchannel.compiler.values.model import Value


def literal_integer(value: Value) -> int | None:
    """Return the integer that a constant stands for; None if it is not a literal."""
    if not (isinstance(value, Scalar) and value.constant and isinstance(value.sql, exp.Cast)):
        return None
    inner = value.sql.this
    sign = -1 if isinstance(inner, exp.Neg) else 1
    inner = inner.this if isinstance(inner, exp.Neg) else inner
    if isinstance(inner, exp.Literal) and not inner.is_string and inner.name.isdigit():
        return sign * int(inner.name)
    return None


def written_day(value: Value) -> dt.date | None:
    """Return the day that a date literal stands for; None for anything else."""
    if not (isinstance(value, Scalar) and value.constant and value.type == t.DATE):
        return None
    inner = value.sql.this if isinstance(value.sql, exp.Cast) else None
    if isinstance(inner, exp.Literal) and inner.is_string:
        return dt.date.fromisoformat(inner.name)
    return None
