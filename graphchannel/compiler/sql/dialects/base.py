"""The interface of a dialect: each method says in SQL what Cypher means, nulls included.

Arguments are expressions that have been cast to their Cypher types already. Where the text says
"null gives null", every null argument does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql

if TYPE_CHECKING:
    from collections.abc import Sequence

# Java's whitespace, which Neo4j trims
WHITESPACE = (
    "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u2009"
    "\u200a\u2028\u2029\u205f\u3000"
)
# Characters whose case mapping is one to one, and the same in Java and in the SQL engines
PLAIN_CASE = "[^\\x00-\\x{DE}\\x{E0}-\\x{12F}\\x{131}-\\x{148}\\x{14A}-\\x{17F}\\x{400}-\\x{45F}]"

WIDE = "[\\x{10000}-\\x{10FFFF}]"

SortKey = tuple[exp.Expression, bool]  # expression, descending


class Dialect(ABC):
    """One SQL dialect."""

    name: str
    sqlglot: str
    correlates_deeply: bool = True  # whether a subquery sees columns from two levels up
    most_rows: int | None = None  # the limit of SKIP and LIMIT together
    materializes: bool = False  # whether a table expression can be marked MATERIALIZED

    def print(self, query: exp.Query) -> str:
        """Return the text of a query."""
        return query.sql(dialect=self.sqlglot, copy=False)

    # --- rows ---

    @abstractmethod
    def row_number(self) -> exp.Expression:
        """Return a number that no other row of the same SELECT has."""

    @abstractmethod
    def bound(self, number: exp.Expression, word: str) -> exp.Expression:
        """Return the operand of SKIP or LIMIT; the query fails if it is negative."""

    # --- numbers and texts that are compared ---

    @abstractmethod
    def negative_zero(self, number: exp.Expression) -> exp.Expression:
        """Whether a float is -0.0; null gives null."""

    @abstractmethod
    def wide(self, text: exp.Expression) -> exp.Expression:
        """Whether a text holds a character beyond U+FFFF; null gives null or false."""

    @abstractmethod
    def percentile(
        self, kind: str, number: exp.Expression, share: exp.Expression
    ) -> exp.Expression:
        """Return the aggregate `percentilecont` or `percentiledisc` of numbers."""

    # --- lists ---

    @abstractmethod
    def filtered(
        self, list_: exp.Expression, parameter: str, body: exp.Expression
    ) -> exp.Expression:
        """Return the elements for which the body is true; null gives null."""

    @abstractmethod
    def mapped(self, list_: exp.Expression, parameter: str, body: exp.Expression) -> exp.Expression:
        """Return the list of the body's values; null gives null."""

    @abstractmethod
    def folded(
        self,
        list_: exp.Expression,
        parameters: tuple[str, str],
        body: exp.Expression,
        start: exp.Expression,
    ) -> exp.Expression:
        """Return the body applied to a total and each element in turn; null gives null."""

    @abstractmethod
    def length(self, list_: exp.Expression) -> exp.Expression:
        """Return the number of elements; null gives null."""

    @abstractmethod
    def holds(self, list_: exp.Expression, element: exp.Expression) -> exp.Expression:
        """Whether a list without nulls holds an element that is not null."""

    @abstractmethod
    def joined(self, left: exp.Expression, right: exp.Expression) -> exp.Expression:
        """Return one list after the other; null gives null."""

    @abstractmethod
    def reversed(self, list_: exp.Expression) -> exp.Expression:
        """Return the list backwards; null gives null."""

    @abstractmethod
    def item(self, list_: exp.Expression, index: exp.Expression) -> exp.Expression:
        """Return the element at a Cypher index.

        From 0, negative from the end, null if out of range.
        """

    @abstractmethod
    def sliced(
        self, list_: exp.Expression, start: exp.Expression, end: exp.Expression | None
    ) -> exp.Expression:
        """Return elements from `start` up to but without `end`.

        Both not negative, or null gives null.
        """

    @abstractmethod
    def range(
        self, start: exp.Expression, end: exp.Expression, step: exp.Expression
    ) -> exp.Expression:
        """Return the integers from start to end, both included; [] if there are none."""

    @abstractmethod
    def unnested(self, list_: exp.Expression) -> exp.Expression:
        """Return the projection that makes a row of each element."""

    @abstractmethod
    def collected(
        self, value: exp.Expression, *, distinct: bool, order: Sequence[SortKey]
    ) -> exp.Expression:
        """Return the list of all values that are not null; null if there are none."""

    @abstractmethod
    def gathered(
        self, value: exp.Expression, *, distinct: bool, order: Sequence[SortKey]
    ) -> exp.Expression:
        """Return the list of all values, nulls included; null if there are no rows."""

    # --- strings ---

    @abstractmethod
    def contains(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text contains another; null gives null."""

    @abstractmethod
    def ends_with(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text ends with another; null gives null."""

    @abstractmethod
    def matches(self, text: exp.Expression, pattern: str) -> exp.Expression:
        """Whether some part of a text matches a pattern."""

    @abstractmethod
    def split(self, text: exp.Expression, separator: exp.Expression) -> exp.Expression:
        """Return the parts between separators, which are plain text."""

    @abstractmethod
    def trimmed(self, text: exp.Expression, side: str) -> exp.Expression:
        """Return the text without whitespace at `both` ends, or at its `left` or `right` end."""

    @abstractmethod
    def failing(self, message: str, type_: exp.DataType) -> exp.Expression:
        """Return an expression that stops the query when it is evaluated."""

    # --- dates ---

    @abstractmethod
    def plus_months(self, date: exp.Expression, months: exp.Expression) -> exp.Expression:
        """Return a date, moved by months; a day that does not exist becomes the month's last."""

    @abstractmethod
    def plus_days(self, date: exp.Expression, days: exp.Expression) -> exp.Expression:
        """Return a date, moved by days."""

    @abstractmethod
    def days_between(self, start: exp.Expression, end: exp.Expression) -> exp.Expression:
        """Return the number of days from start to end."""

    @abstractmethod
    def date_part(self, part: str, date: exp.Expression) -> exp.Expression:
        """Return a component, by its Cypher name."""

    @abstractmethod
    def truncated(self, unit: str, date: exp.Expression) -> exp.Expression:
        """Return the first day of the unit that holds a date."""

    @abstractmethod
    def made_date(
        self, year: exp.Expression, month: exp.Expression, day: exp.Expression
    ) -> exp.Expression:
        """Return a date; the query fails if there is no such day."""

    # --- the same in all dialects ---

    def floor(self, number: exp.Expression) -> exp.Expression:
        """Return the greatest whole float not above a float; -0.0 stays what it is."""
        return sql.cast(sql.call("floor", number), "double")

    def ceil(self, number: exp.Expression) -> exp.Expression:
        """Return the least whole float not below a float; of -0.5 it is -0.0."""
        return sql.cast(sql.call("ceil", number), "double")

    def divided(self, number: exp.Expression, by: exp.Expression) -> exp.Expression:
        """Return a quotient of floats; by zero it is infinite, or NaN."""
        return exp.Div(this=sql.wrapped(number), expression=sql.wrapped(by))

    def remainder(self, number: exp.Expression, by: exp.Expression) -> exp.Expression:
        """Return the remainder of a division of floats; by zero it is NaN."""
        return exp.Mod(this=sql.wrapped(number), expression=sql.wrapped(by))

    def starts_with(self, text: exp.Expression, part: exp.Expression) -> exp.Expression:
        """Whether a text starts with another; null gives null."""
        return exp.StartsWith(this=text.copy(), expression=part.copy())

    def concatenated(self, left: exp.Expression, right: exp.Expression) -> exp.Expression:
        """Return one text after the other; null gives null."""
        return exp.DPipe(this=sql.wrapped(left), expression=sql.wrapped(right), safe=True)
