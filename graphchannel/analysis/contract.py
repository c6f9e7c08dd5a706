"""What a rule with `@analysis` names: a function that turns a projection into offending rows.

The rule's query is the projection, on whatever engine; its rows come as a relation of a DuckDB
connection, so that a function may work on them in sets, or fetch them. What it returns is what any
other rule returns: the columns `subject`, `object`, `shipment` or `path` and `shipments`, and
evidence.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from graphchannel.errors import RuleError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import duckdb
    import pyarrow as pa

    from graphchannel.policy import Policy

__all__ = ["Analysis", "Projection", "Reach", "analysis", "find_analysis"]

# Among the lines of a `product`; among those that a partner, the `subject`, bought or sold of it;
# or among the hand-overs of one `unit`, of a product and a serial number.
Reach = Literal["product", "subject", "unit"]

_PACKAGE = "graphchannel.analysis"


@dataclass(frozen=True, slots=True)
class Projection:
    """The rows of a rule's query, as the relation `relation` of `connection`.

    A function reads the relation and may make temporary tables of its own; it reads nothing else of
    the workspace, which is why the same rows from another engine give the same result.
    `parameters` are `as_of` and the policy's, None for those that it leaves unset.
    """

    connection: duckdb.DuckDBPyConnection
    relation: str
    parameters: Mapping[str, object]
    policy: Policy

    def table(self, query: str | None = None, **values: object) -> pa.Table:
        """Return the rows, or those of an SQL query over the relation, as Arrow."""
        self.connection.complete()  # a fetchone() before may have left rows behind
        result = self.connection.sql(query or f"FROM {self.relation}", params=values)
        return result.to_arrow_table()

    def rows(self, query: str | None = None, **values: object) -> list[tuple[object, ...]]:
        """Return the rows, or those of an SQL query over the relation, as tuples."""
        return self.connection.execute(query or f"FROM {self.relation}", values).fetchall()


@dataclass(frozen=True, slots=True)
class Analysis:
    """A function of this package that a rule may name, and its contract.

    `needs` are columns that the projection must have. `returns` are the columns of the result, in
    order, as a rule's query would name them; `kinds` tells the node tables of subject and object
    where these are no parties. `uses` are policy parameters that it reads. `reach` says how far a
    row of the result reaches in the projection, so that a part may be judged alone: None where it
    may be everywhere.
    """

    function: Callable[[Projection], pa.Table]
    needs: frozenset[str]
    returns: tuple[str, ...]
    kinds: Mapping[str, str]
    uses: frozenset[str]
    reach: Reach | None = None

    @property
    def within(self) -> str | None:
        """The column of the projection whose values have nothing to do with each other, if any."""
        return None if self.reach is None else "product"

    def __call__(self, projection: Projection) -> pa.Table:
        """Return the offending rows; those of another form are a fault of the function."""
        found = self.function(projection)
        if tuple(found.column_names) != self.returns:
            raise RuleError(
                f"The analysis {self.function.__name__} returned the columns "
                f"{', '.join(found.column_names)}; it declares {', '.join(self.returns)}."
            )
        return found


def analysis(
    *,
    needs: tuple[str, ...],
    returns: tuple[str, ...],
    kinds: Mapping[str, str] | None = None,
    uses: tuple[str, ...] = (),
    reach: Reach | None = None,
) -> Callable[[Callable[[Projection], pa.Table]], Analysis]:
    """Declare the contract of an analysis; see `Analysis`."""

    def declared(function: Callable[[Projection], pa.Table]) -> Analysis:
        return Analysis(
            function, frozenset(needs), returns, dict(kinds or {}), frozenset(uses), reach
        )

    return declared


def find_analysis(name: str, where: str) -> Analysis:
    """Return the analysis called `<room>.<module>:<function>`; `where` is the rule that names it.

    Raises RuleError if there is none.
    """
    module_name, _, function = name.partition(":")
    full = f"{_PACKAGE}.{module_name}"
    try:
        module = importlib.import_module(full)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{full}.".startswith(f"{error.name}."):
            raise
        raise RuleError(f"{where}: @analysis names '{module_name}', which is no module.") from error
    known = [key for key, value in vars(module).items() if isinstance(value, Analysis)]
    if function not in known:
        has = ", ".join(sorted(known)) or "none"
        raise RuleError(
            f"{where}: {module_name} has no analysis '{function}' (has: {has})."
            f"{did_you_mean(function, known)}"
        )
    found: Analysis = getattr(module, function)
    return found
