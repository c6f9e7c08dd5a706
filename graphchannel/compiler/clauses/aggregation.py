"""Grouping: keys are the items without an aggregate.

Keys and arguments become columns first, then rows are grouped by those columns. Grouping by
columns rather than expressions makes constants count as keys too, as in Cypher: over no rows
there is no group.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.clauses import statistics
from graphchannel.compiler.clauses.determinacy import Fixed, fixed_by
from graphchannel.compiler.clauses.grouping_keys import is_plain, settled_key
from graphchannel.compiler.clauses.rows import Rows, stored
from graphchannel.compiler.functions import AGGREGATES, has_aggregate
from graphchannel.compiler.syntax.liveness import walk
from graphchannel.compiler.values.context import Context, fingerprint
from graphchannel.compiler.values.doubts import in_text_order, not_negative_zero
from graphchannel.compiler.values.keys import not_nan
from graphchannel.compiler.values.model import Duration, Entity, Path, Scalar, Value, WrittenTime
from graphchannel.compiler.values.ranks import ranked
from graphchannel.compiler.values.representation import (
    from_sql,
    is_null_value,
    list_of,
    to_sql,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphchannel.compiler.sql.dialects.base import SortKey
    from graphchannel.compiler.values.context import Lowering


_OF_NUMBERS = ("sum", "avg", "stdev", "stdevp")
_WRITTEN = {"stdev": "stDev", "stdevp": "stDevP"}


def grouped(
    lowering: Lowering,
    add: Callable[..., None],
    items: list[tuple[str, s.Expression]],
    rows: Rows,
) -> tuple[str, dict[str, Value]]:
    """Add the table expressions of a grouping; return the name of the last and the items in it."""
    return _Grouping(lowering, add, items, rows).result()


class _Grouping:
    def __init__(
        self,
        lowering: Lowering,
        add: Callable[..., None],
        items: list[tuple[str, s.Expression]],
        rows: Rows,
    ) -> None:
        self._lowering = lowering
        self._session = lowering.session
        self._add = add
        self._items = items
        self._rows = rows
        self._before = self._session.fresh("b")
        self._after = self._session.fresh("g")
        self._columns: list[exp.Expression] = []  # of the rows before they are grouped
        self._order: list[SortKey] = []
        self._keyed = False

    def result(self) -> tuple[str, dict[str, Value]]:
        keys: dict[str, Value] = {}
        group: list[exp.Expression] = []
        context = Context(self._rows.scope)
        given = [
            (text, node, self._lowering.lower(node, context))
            for text, node in self._items
            if not has_aggregate(node)
        ]
        beside = [(node, value) for _, node, value in given]
        for text, node, value in given:
            one = settled_key(self._session, node, self._timeless(node, value), beside, self._rows)
            layout = stored(self._session, text, one)
            self._columns += layout.projections
            keys[text] = layout.rebuild(self._before)
            group += [sql.column(self._before, name) for name, _ in layout.columns]
        for key, down in self._rows.order:
            text = self._session.fresh("s")
            self._columns.append(sql.aliased(key.copy(), text))
            self._order.append((sql.column(self._before, text), down))
        self._keyed = bool(group)
        inner = self._grouped_context(keys)
        results: dict[str, Value] = {}
        for text, node in self._items:
            results[text] = keys[text] if text in keys else self._lowering.lower(node, inner)
        columns: list[exp.Expression] = []
        scope: dict[str, Value] = {}
        for text, value in results.items():
            layout = stored(self._session, text, value)
            columns += layout.projections
            scope[text] = layout.rebuild(self._after)
        source = self._rows.relation
        sources = [] if source is None else [sql.relation(source, source)]
        some = sql.aliased(exp.Literal.number(1), "one")
        self._add(self._before, sql.select(self._columns or [some], sources))
        if not group and not any(map(statistics.holds_aggregate, columns)):
            # sum(null) is 0 whatever the rows: still one row, not one for each
            rows = exp.Count(this=exp.Star())
            columns.append(sql.aliased(rows, self._session.fresh("rows")))
        query = sql.select(columns, [sql.relation(self._before, self._before)])
        if group:
            query.set("group", exp.Group(expressions=group))
        self._add(self._after, query)
        return self._after, scope

    def _timeless(self, node: s.Expression, value: Value) -> Value:
        if isinstance(value, WrittenTime):
            raise self._session.refuse(node.at, f"{value.type} as grouping key", "group by a date")
        return value

    def _grouped_context(self, keys: dict[str, Value]) -> Context:
        """Return where aggregates stand.

        Beside keys that are variables, properties or constants.
        """
        replaced: dict[object, Value] = {}
        for text, node in self._items:
            if text in keys and is_plain(node):
                replaced[fingerprint(node)] = keys[text]
        return Context({}, replaced=replaced, aggregate=self._aggregate, grouped=True)

    # --- aggregates ---

    def _aggregate(self, node: s.FunctionCall | s.CountStar) -> Value:
        if isinstance(node, s.CountStar):
            return Scalar(exp.Count(this=exp.Star()), t.INTEGER, nullable=False)
        name = node.name.lower()
        if len(node.arguments) != (2 if name.startswith("percentile") else 1):
            raise self._session.wrong(
                node.at, f"{AGGREGATES[name].split(':')[0]} is how it is called."
            )
        if has_aggregate(node.arguments[0]):
            raise self._session.wrong(
                node.at,
                "An aggregate cannot stand inside another; make that one an item of a WITH before.",
            )
        if any(isinstance(n, s.FunctionCall) and n.name.lower() == "rand" for n in walk(node)):
            raise self._session.wrong(node.at, "rand() cannot stand inside an aggregate.")
        given = self._lowering.lower(node.arguments[0], Context(self._rows.scope))
        value = statistics.with_one_zero(self._session, name, given, distinct=node.distinct)
        return statistics.of_either_zero(name, given, self._of(node, name, value))

    def _of(self, node: s.FunctionCall, name: str, value: Value) -> Value:
        if name == "count":
            return self._count(node, value)
        if name == "collect":
            return self._collect(node, value)
        if is_null_value(value):
            if name == "sum":
                return Scalar(sql.integer(0), t.INTEGER, nullable=False)
            return Scalar(exp.Null(), t.NULL)
        if name in ("min", "max") and isinstance(value.type, t.ListType | t.MixedType):
            return self._extreme(node, name, value)
        if isinstance(value, Duration):
            raise self._session.refuse(
                node.at, f"{node.name}() of durations", f"take their days: {node.name}(d.days)"
            )
        if not isinstance(value, Scalar):
            raise self._session.mismatch(node.at, f"{node.name}() of {value.type} is not defined.")
        if name in _OF_NUMBERS and t.is_number_of_both_kinds(value.type):
            return self._of_both_kinds(node, name, value)
        return self._numeric(node, name, value)

    def _column(self, expression: exp.Expression) -> exp.Expression:
        """Make an expression a column of the rows before grouping."""
        text = self._session.fresh("x")
        self._columns.append(sql.aliased(expression.copy(), text))
        return sql.column(self._before, text)

    def _count(self, node: s.FunctionCall, value: Value) -> Value:
        if isinstance(value, Duration):
            raise self._session.refuse(node.at, "count() of durations", "count something else")
        if isinstance(value, Path):
            if node.distinct:
                raise self._session.refuse(node.at, "count(DISTINCT path)", "count its nodes")
            counted = self._column(self._presence(value))
        elif isinstance(value, Entity):
            if value.tag is None or not node.distinct:
                counted = self._column(value.key)
            else:
                identity = exp.Struct(
                    expressions=[
                        exp.PropertyEQ(this=exp.to_identifier("t"), expression=value.tag.copy()),
                        exp.PropertyEQ(this=exp.to_identifier("k"), expression=value.key.copy()),
                    ]
                )
                present = sql.is_not_null(value.key)
                counted = self._column(sql.case([(present, identity)], None))
        else:
            one = not_nan(self._session, value) if node.distinct else value
            counted = self._column(to_sql(self._session, one))
        inner = exp.Distinct(expressions=[counted]) if node.distinct else counted
        return Scalar(exp.Count(this=inner), t.INTEGER, nullable=False)

    def _presence(self, path: Path) -> exp.Expression:
        return path.nodes.sql if isinstance(path.nodes, Scalar) else exp.Literal.number(1)

    def _collect(self, node: s.FunctionCall, value: Value) -> Value:
        if isinstance(value, Path | Duration):
            raise self._session.refuse(
                node.at, f"collect() of {value.type}", "collect its nodes or its days"
            )
        if isinstance(value.type, t.NullType):
            return list_of(self._session, node.at, ())
        if isinstance(value.type, t.ListType) and not value.type.ordered and node.distinct:
            raise self._session.refuse(
                node.at, "collect(DISTINCT) of lists without a defined order", "sort them first"
            )
        if node.distinct:
            value = not_nan(self._session, value)
        column = self._column(to_sql(self._session, value))
        order = self._order_of(node, column)
        gathered = self._session.dialect.collected(column, distinct=node.distinct, order=order)
        settled = bool(self._order) and not node.distinct and self._is_fixed(node.arguments[0])
        type_ = t.ListType(value.type, nullable=False, ordered=settled)
        empty = sql.cast(exp.Array(), self._session.sql_type(type_))
        return from_sql(
            self._session,
            exp.Coalesce(this=gathered, expressions=[empty]),
            type_,
            nullable=False,
        )

    def _numeric(self, node: s.FunctionCall, name: str, value: Scalar) -> Value:
        if name not in ("min", "max") and not t.is_numeric(value.type):
            raise self._session.mismatch(
                node.at, f"{node.name}() adds numbers, this is {value.type}."
            )
        if not isinstance(value.type, t.ScalarType):
            raise self._session.refuse(
                node.at, f"{node.name}() of {value.type}", "use scalar values"
            )
        added = not_nan(self._session, value) if node.distinct else value
        sorted_ = name in ("min", "max") or name.startswith("percentile")
        if sorted_ and isinstance(added, Scalar):
            added = not_negative_zero(self._session, added, f"{name}()")
            added = in_text_order(self._session, added)
        column = self._column(to_sql(self._session, added))
        argument = exp.Distinct(expressions=[column]) if node.distinct else column
        if name == "sum":
            return statistics.total(self._session, value, argument, column, keyed=self._keyed)
        if name == "avg":
            return statistics.mean(self._session, value, argument)
        if name in ("stdev", "stdevp"):
            return statistics.deviation(
                self._session, _WRITTEN[name], value, argument, keyed=self._keyed
            )
        if name.startswith("percentile"):
            return statistics.percentile(self._session, node, value, argument)
        build = exp.Min if name == "min" else exp.Max
        return Scalar(build(this=column), value.type, nan=value.nan)

    def _of_both_kinds(self, node: s.FunctionCall, name: str, value: Scalar) -> Value:
        """Return sum(), avg() or a deviation of what is an integer or a float, row by row."""
        if name != "sum":
            return self._numeric(node, name, statistics.as_floats(self._session, value))
        if node.distinct:
            raise self._session.refuse(
                node.at, f"sum(DISTINCT) of {value.type}", "write sum(DISTINCT toFloat(x))"
            )
        return statistics.total_of_both_kinds(self._session, value, self._column(value.sql))

    def _extreme(self, node: s.FunctionCall, name: str, value: Value) -> Value:
        """Return min() or max() of lists, or of values of several types, in their order."""
        held = self._column(to_sql(self._session, value))
        key = self._column(ranked(self._session, node.at, to_sql(self._session, value), value.type))
        return from_sql(self._session, sql.call(f"arg_{name}", held, key), value.type)

    def _order_of(self, node: s.FunctionCall, column: exp.Expression) -> list[SortKey]:
        """Return the order of a collected list; a question gets the same one at each run."""
        order = [] if node.distinct else self._order
        if self._session.exploring and not (order and self._is_fixed(node.arguments[0])):
            return [*order, (column, False)]
        return order

    def _is_fixed(self, argument: s.Expression) -> bool:
        """Whether the keys of the group and the order of the rows fix what is collected."""
        keys = [node for _, node in self._items if not has_aggregate(node)]
        rows = self._rows
        group = fixed_by(self._session, keys, rows.scope, rows.known)
        names = rows.known.closure(group.names | rows.ordered_by)
        return Fixed(names, group.written).holds(argument)
