"""Running a query, clause by clause, over rows of bindings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax
from graphchannel.compiler.syntax.repetitions import UNNAMED
from tests.compiler.reference.aggregates import aggregate, aggregates_in
from tests.compiler.reference.evaluate import Context, evaluate, is_true
from tests.compiler.reference.functions import count
from tests.compiler.reference.patterns import match_patterns
from tests.compiler.reference.values import CypherRaises, identity, order_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from tests.compiler.reference.evaluate import Row
    from tests.compiler.reference.graph import Graph, Value


@dataclass(frozen=True, slots=True)
class Table:
    """The variables in scope and their values, row by row."""

    columns: tuple[str, ...]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Result:
    """What a query answers: column names in order, and rows."""

    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]


def run(
    query: syntax.RegularQuery, graph: Graph, parameters: Mapping[str, Value], *, steps: int = 10**9
) -> Result:
    """Run a query; raise CypherRaises where Cypher raises an error.

    Raises TooManySteps after trying that many nodes in patterns.
    """
    context = Context(graph, parameters, {}, iter(range(steps)))
    table = run_query(query, Table((), [{}]), context)
    return Result(table.columns, [tuple(row[c] for c in table.columns) for row in table.rows])


def subquery_rows(query: syntax.RegularQuery, outer: Row, context: Context) -> list[Row]:
    """Return the rows of the query in EXISTS or COUNT, which sees the variables around it."""
    inner = replace(context, aggregates={})
    return run_query(query, Table(tuple(outer), [outer]), inner).rows


def run_query(query: syntax.RegularQuery, start: Table, context: Context) -> Table:
    """Run the parts of a query and unite them by column name."""
    tables = [run_clauses(part, start, context) for part in query.parts]
    columns = tables[0].columns
    if any(set(table.columns) != set(columns) for table in tables):
        raise CypherRaises("the parts of a UNION have different columns")
    rows = [row for table in tables for row in table.rows]
    if len(tables) > 1 and not query.all_rows:
        rows = distinct(rows, columns)
    return Table(columns, rows)


def run_clauses(query: syntax.SingleQuery, start: Table, context: Context) -> Table:
    """Run clauses in order; `start` is what a subquery sees of the query around it."""
    table = start
    for clause in query.clauses:
        match clause:
            case syntax.Match():
                table = match(clause, table, context)
            case syntax.Unwind():
                table = unwind(clause, table, context)
            case syntax.With():
                projected = project(clause.projection, clause.where, table, context)
                # Inside EXISTS and COUNT the outer variables stay visible after WITH.
                outer = start.rows[0]
                rows = [{**outer, **row} for row in projected.rows]
                table = Table((*outer, *projected.columns), rows)
            case syntax.Return():
                return project(clause.projection, None, table, context)
    return table


def match(clause: syntax.Match, table: Table, context: Context) -> Table:
    """Extend each row by every match; OPTIONAL keeps a row without one, with nulls."""
    new = [name for name in pattern_variables(clause.patterns) if name not in table.columns]
    rows: list[Row] = []
    for row in table.rows:
        found = [
            one
            for one in match_patterns(clause.patterns, row, context)
            if clause.where is None or is_true(clause.where, one, context)
        ]
        if clause.optional and not found:
            found = [{**row, **dict.fromkeys(new)}]
        rows += found
    return Table((*table.columns, *new), rows)


def pattern_variables(patterns: Sequence[syntax.PathPattern]) -> list[str]:
    """Return the variables of patterns, each once, in written order."""
    names: dict[str, None] = {}
    for pattern in patterns:
        named = [pattern.variable]
        named += [node.variable for node in pattern.nodes]
        named += [relationship.variable for relationship in pattern.relationships]
        names |= {name: None for name in named if name is not None}
    return list(names)


def unwind(clause: syntax.Unwind, table: Table, context: Context) -> Table:
    """Make a row of each element; null has none, anything else but a list is its only element."""
    rows: list[Row] = []
    for row in table.rows:
        value = evaluate(clause.expression, row, context)
        items = value if isinstance(value, list) else [] if value is None else [value]
        rows += [{**row, clause.variable: item} for item in items]
    return Table((*table.columns, clause.variable), rows)


@dataclass(frozen=True, slots=True)
class Projected:
    """One projected row, the row that it came from, and the group behind it."""

    row: Row
    source: Row
    group: Sequence[Row]


def project(
    projection: syntax.ProjectionBody,
    where: syntax.Expression | None,
    table: Table,
    context: Context,
) -> Table:
    """Apply WITH or RETURN: items, DISTINCT, ORDER BY, SKIP, LIMIT, then WHERE."""
    items = all_items(projection, table)
    names = tuple(name for name, _ in items)
    if len(set(names)) < len(names):
        raise CypherRaises("two columns have one name")
    aggregating = any(True for _, item in items for _ in aggregates_in(item))
    groups = grouped(items, table.rows, context) if aggregating else singles(table.rows)
    done = [Projected(evaluated(items, *group, context), *group) for group in groups]
    if projection.distinct:
        first = {identity_of(one.row, names): one for one in reversed(done)}
        done = [one for one in done if first[identity_of(one.row, names)] is one]
    done = cut(ordered(done, projection.order, context), projection, context)
    if where is not None:
        # After DISTINCT or aggregation only expressions of the items may use old names, and those
        # have one value for all rows behind a result; any of them will do.
        done = [one for one in done if is_true(where, {**one.source, **one.row}, context)]
    return Table(names, [one.row for one in done])


def all_items(
    projection: syntax.ProjectionBody, table: Table
) -> list[tuple[str, syntax.Expression]]:
    """Return names and expressions; `*` stands for every variable, sorted by name."""
    items: list[tuple[str, syntax.Expression]] = []
    if projection.star:
        named = sorted(name for name in table.columns if not name.startswith(UNNAMED))
        items += [(name, syntax.Variable(projection.at, name)) for name in named]
    items += [(item.alias or column_name(item), item.expression) for item in projection.items]
    return items


def column_name(item: syntax.Item) -> str:
    """Return the name of a column without an alias."""
    variable = item.expression
    return variable.name if isinstance(variable, syntax.Variable) else item.text


def singles(rows: Sequence[Row]) -> Iterator[tuple[Row, Sequence[Row]]]:
    """Yield every row as a group of its own."""
    for row in rows:
        yield row, (row,)


def grouped(
    items: Sequence[tuple[str, syntax.Expression]], rows: Sequence[Row], context: Context
) -> list[tuple[Row, Sequence[Row]]]:
    """Group rows by the items that do not aggregate; without such items there is one group."""
    keys = [item for _, item in items if not any(True for _ in aggregates_in(item))]
    if not keys:
        return [(rows[0] if rows else {}, rows)]
    groups: dict[object, list[Row]] = {}
    for row in rows:
        key = tuple(identity(evaluate(item, row, context)) for item in keys)
        groups.setdefault(key, []).append(row)
    return [(group[0], group) for group in groups.values()]


def evaluated(
    items: Sequence[tuple[str, syntax.Expression]],
    source: Row,
    group: Sequence[Row],
    context: Context,
) -> Row:
    """Evaluate the items for one group."""
    return {
        name: evaluate(item, source, with_aggregates(item, group, context)) for name, item in items
    }


def with_aggregates(item: syntax.Expression, group: Sequence[Row], context: Context) -> Context:
    """Return the context in which the expression's aggregates have their values for a group."""
    calls = list(aggregates_in(item))
    if not calls:
        return context
    values: dict[syntax.Expression, Value] = {
        call: aggregate(call, group, context) for call in calls
    }
    return replace(context, aggregates=values)


def ordered(
    done: list[Projected], order: Sequence[syntax.SortItem], context: Context
) -> list[Projected]:
    """Sort by the keys, which may use old and new names (the new one wins)."""

    def sort_key(item: syntax.SortItem) -> Callable[[Projected], tuple[object, ...]]:
        def key(one: Projected) -> tuple[object, ...]:
            inner = with_aggregates(item.expression, one.group, context)
            return order_key(evaluate(item.expression, {**one.source, **one.row}, inner))

        return key

    result = done
    for item in reversed(order):
        result = sorted(result, key=sort_key(item), reverse=item.descending)
    return result


def cut(
    done: list[Projected], projection: syntax.ProjectionBody, context: Context
) -> list[Projected]:
    """Apply SKIP and LIMIT."""
    if projection.skip is not None:
        done = done[count(evaluate(projection.skip, {}, context)) :]
    if projection.limit is not None:
        done = done[: count(evaluate(projection.limit, {}, context))]
    return done


def identity_of(row: Row, names: Sequence[str]) -> tuple[object, ...]:
    """Return what makes two rows the same."""
    return tuple(identity(row[name]) for name in names)


def distinct(rows: Sequence[Row], names: Sequence[str]) -> list[Row]:
    """Keep the first of rows that are the same."""
    return list({identity_of(row, names): row for row in reversed(rows)}.values())[::-1]
