"""What every node of the syntax tree has, and what every expression is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the text: line and column, both from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Expression:
    """Anything that has a value: each kind is a class of its own."""

    at: Position
