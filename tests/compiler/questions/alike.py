"""Whether two engines gave the same rows, as far as a question fixes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from graphchannel.compiler import Compiled

__all__ = ["alike"]

_CLOSE = 1e-9  # floats are added up in another order


def alike(compiled: Compiled, ours: pa.Table, theirs: pa.Table) -> bool:
    """Whether the rows are the same; where they may be any, as many.

    The order of rows that an ORDER BY leaves open is not compared.
    """
    if ours.num_rows != theirs.num_rows or ours.column_names != theirs.column_names:
        return False
    if any(" any" in note for note in compiled.notes):
        return True
    sides = [_rows(compiled, table) for table in (ours, theirs)]
    return all(_same(a, b) for a, b in zip(*sides, strict=True))


def _rows(compiled: Compiled, table: pa.Table) -> list[list[Any]]:
    columns = [
        [_settled(value, column.type) for value in held.to_pylist()]
        for held, column in zip(table.columns, compiled.columns, strict=True)
    ]
    return sorted(map(list, zip(*columns, strict=True)), key=_key)


def _settled(value: Any, type_: Any) -> Any:
    """Return a list without a defined order as one that has one."""
    if isinstance(value, list) and not getattr(type_, "ordered", True):
        return sorted(value, key=_key)
    return value


def _key(value: Any) -> str:
    if isinstance(value, float | int):
        return f"{value:.5g}"
    return "|".join(map(_key, value)) if isinstance(value, list) else repr(value)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        both = isinstance(one, float | int) and isinstance(other, float | int)
        return both and math.isclose(one, other, rel_tol=_CLOSE, abs_tol=_CLOSE)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    return bool(one == other)
