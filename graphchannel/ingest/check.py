"""What can be wrong with a row, as SQL: a condition, and the sentence that goes with it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EMPTY", "Check"]

EMPTY = " is empty; expected "  # between the name of a column without a value and what it is for


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that can be wrong with a typed row `t`.

    `wrong` is a SQL condition (null counts as false), `says` a SQL text expression: the sentence.
    `right` is a condition that is true exactly for the other rows, where there is a quicker one.
    """

    code: str
    column: str | None
    wrong: str
    says: str
    right: str | None = None

    @property
    def passed(self) -> str:
        """The condition of the rows that are right."""
        return self.right or f"({self.wrong}) IS NOT TRUE"
