"""Expressions: syntax tree in, typed SQL out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import functions, sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.expressions import entities, lists
from graphchannel.compiler.values import arithmetic, comparison
from graphchannel.compiler.values.context import Context, fingerprint
from graphchannel.compiler.values.model import Duration, Entity, Path, Scalar, Value
from graphchannel.compiler.values.representation import from_sql, to_sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session


# comparisons of a count that ask only whether there is a row, and the answer if there is one
_SOME: Mapping[tuple[str, int], bool] = {
    (">", 0): True,
    (">=", 1): True,
    ("<>", 0): True,
    ("=", 0): False,
    ("<", 1): False,
    ("<=", 0): False,
}


class Expressions:
    """Lowers expressions; subqueries are handed to the functions given for them."""

    def __init__(
        self,
        session: Session,
        exists: Callable[[s.Query, Scope], exp.Expression],
        count: Callable[[s.Query, Scope], exp.Expression],
    ) -> None:
        self.session = session
        self._exists = exists
        # by the class of a node; `_typed` ones pass on what type a parameter would have
        self._plain: Mapping[type, Callable[..., Value]] = {
            s.Literal: self._literal,
            s.Variable: self._variable,
            s.PropertyAccess: partial(entities.property_of, self),
            s.HasLabels: partial(entities.has_labels, self),
            s.Unary: self._unary,
            s.Comparison: self._comparison,
            s.IsNull: self._is_null,
            s.MapLiteral: self._map,
            s.Index: partial(lists.index, self),
            s.Slice: partial(lists.slice_, self),
            s.ListComprehension: partial(lists.comprehension, self),
            s.Quantifier: partial(lists.quantifier, self),
        }
        self._typed: Mapping[type, Callable[..., Value]] = {
            s.Parameter: self._parameter,
            s.Binary: self._binary,
            s.Case: self._case,
            s.FunctionCall: self._call,
            s.CountStar: self._call,
            s.ListLiteral: self._list,
        }
        self._count = count

    def predicate(self, node: s.Expression, context: Context) -> exp.Expression:
        """Lower a WHERE condition."""
        return self._truth(node, context, "WHERE").sql

    def scalar(
        self, node: s.Expression, context: Context, expected: t.CypherType | None = None
    ) -> Scalar:
        """Lower an expression that must be one SQL expression."""
        return self.as_scalar(node.at, self.lower(node, context, expected))

    def as_scalar(self, at: s.Position, value: Value) -> Scalar:
        """Return a value as one SQL expression; refuse durations and paths."""
        if isinstance(value, Scalar):
            return value
        if isinstance(value, Duration):
            raise self.session.refuse(
                at, "a duration as a value", "add it to a date, or take its days"
            )
        if isinstance(value, Path):
            raise self.session.refuse(at, "a path as a value", "use nodes(p) or relationships(p)")
        return Scalar(to_sql(self.session, value), value.type, nullable=value.nullable)

    def lower(
        self, node: s.Expression, context: Context, expected: t.CypherType | None = None
    ) -> Value:
        """Lower any expression; `expected` is the type that a parameter would have here."""
        if context.replaced:
            known = context.replaced.get(fingerprint(node))
            if known is not None:
                return known
        plain = self._plain.get(type(node))
        if plain is not None:
            return plain(node, context)
        typed = self._typed.get(type(node))
        if typed is not None:
            return typed(node, context, expected)
        return self._subquery(node, context)

    # --- leaves ---

    def _literal(self, node: s.Literal, _context: Context) -> Scalar:
        value = node.value
        if value is None:
            return Scalar(exp.Null(), t.NULL, constant=True)
        if isinstance(value, bool):
            literal: exp.Expression = exp.Boolean(this=value)
            type_ = t.BOOLEAN
        elif isinstance(value, int):
            literal, type_ = sql.integer(value), t.INTEGER
        elif isinstance(value, float):
            digits = repr(abs(value))
            # without an exponent it would be a decimal first, and lose its last digit
            number = exp.Literal.number(digits if "e" in digits else f"{digits}e0")
            literal = sql.cast(exp.Neg(this=number) if value < 0 else number, "double")
            type_ = t.FLOAT
        else:
            if "\0" in value:
                raise self.session.refuse(node.at, "a NUL character", "leave it out")
            literal, type_ = sql.string(value), t.STRING
        return Scalar(literal, type_, nullable=False, constant=True)

    def _parameter(
        self, node: s.Parameter, _context: Context, expected: t.CypherType | None
    ) -> Value:
        type_ = self.session.parameter(node, expected)
        if isinstance(type_, t.NullType):
            return Scalar(exp.Null(), t.NULL, constant=True)
        placeholder = exp.Placeholder(this=node.name)
        return Scalar(sql.cast(placeholder, self.session.sql_type(type_)), type_, constant=True)

    def _variable(self, node: s.Variable, context: Context) -> Value:
        found = context.scope.get(node.name)
        if found is not None:
            return found
        if context.grouped:
            raise self.session.refuse(
                node.at,
                f"'{node.name}' beside an aggregate",
                "make it an item of its own before, as grouping key",
            )
        raise self.session.unknown(
            node.at, "The variable", node.name, {*context.scope, *self.session.names}
        )

    # --- operators ---

    def _boolean(self, at: s.Position, value: Value, where: str) -> Scalar:
        if comparison.is_null_value(value):
            return comparison.UNKNOWN
        if not isinstance(value, Scalar) or value.type != t.BOOLEAN:
            raise self.session.mismatch(at, f"{where} needs a boolean, this is {value.type}.")
        return value

    def _truth(self, node: s.Expression, context: Context, where: str) -> Scalar:
        """Lower a condition: only here may a pattern stand as a predicate."""
        if isinstance(node, s.PatternPredicate):
            return self._pattern_predicate(node, context)
        return self._boolean(node.at, self.lower(node, context, t.BOOLEAN), where)

    def _unary(self, node: s.Unary, context: Context) -> Value:
        if node.operator == "not":
            operand = self._truth(node.operand, context, "NOT")
            return comparison.boolean(sql.not_(operand.sql), operand)
        value = self.lower(node.operand, context)
        if comparison.is_null_value(value):
            return value
        if not isinstance(value, Scalar) or not t.is_numeric(value.type):
            raise self.session.mismatch(node.at, f"{node.operator}{value.type} is not defined.")
        number = to_sql(self.session, value)
        if node.operator == "-":
            # the least integer has no opposite: subtracting raises, where a constant's sign may not
            nothing = sql.integer(0)
            number = (
                exp.Sub(this=nothing, expression=sql.wrapped(number))
                if value.type == t.INTEGER
                else exp.Neg(this=sql.wrapped(number))
            )
        return replace(value, sql=number, raw=False)

    def _binary(self, node: s.Binary, context: Context, expected: t.CypherType | None) -> Value:
        match node.operator:
            case "and" | "or" | "xor":
                return self._connective(node, context)
            case "in":
                return self._in(node, context)
            case "starts with" | "ends with" | "contains":
                return self._text_predicate(node, context)
            case "=~":
                raise self.session.refuse(node.at, "=~", "use STARTS WITH, ENDS WITH or CONTAINS")
            case "^":
                raise self.session.refuse(node.at, "^", "multiply instead")
        left, right = self._pair(node.left, node.right, context, expected)
        return arithmetic.arithmetic(self.session, node.at, node.operator, left, right)

    def _pair(
        self,
        left: s.Expression,
        right: s.Expression,
        context: Context,
        expected: t.CypherType | None = None,
    ) -> tuple[Value, Value]:
        """Lower two operands; a parameter takes the other's type."""
        if isinstance(left, s.Parameter):
            other = self.lower(right, context, expected)
            return self.lower(left, context, other.type), other
        first = self.lower(left, context, expected)
        return first, self.lower(right, context, first.type)

    def _connective(self, node: s.Binary, context: Context) -> Value:
        word = node.operator.upper()
        left, right = (self._truth(side, context, word) for side in (node.left, node.right))
        if node.operator == "and":
            joined = sql.all_of([left.sql, right.sql])
        elif node.operator == "or":
            joined = sql.any_of([left.sql, right.sql])
        else:
            joined = exp.NEQ(this=sql.wrapped(left.sql), expression=sql.wrapped(right.sql))
        return comparison.boolean(joined, left, right)

    def _in(self, node: s.Binary, context: Context) -> Value:
        element = self.lower(node.left, context)
        haystack = self.lower(node.right, context, t.ListType(element.type))
        if comparison.is_null_value(element) and isinstance(haystack.type, t.ListType):
            element = self.lower(node.left, context, haystack.type.element)
        return comparison.member(self.session, node.at, element, haystack)

    def _text_predicate(self, node: s.Binary, context: Context) -> Value:
        left, right = (self.lower(side, context, t.STRING) for side in (node.left, node.right))
        for side in (left, right):
            if side.type not in (t.STRING, t.NULL) or not isinstance(side, Scalar):
                raise self.session.mismatch(
                    node.at, f"{node.operator.upper()} compares texts, this is {side.type}."
                )
        if comparison.is_null_value(left) or comparison.is_null_value(right):
            return comparison.UNKNOWN
        dialect = self.session.dialect
        build = {
            "starts with": dialect.starts_with,
            "ends with": dialect.ends_with,
            "contains": dialect.contains,
        }[node.operator]
        text, part = (self.as_scalar(node.at, side).sql for side in (left, right))
        return comparison.boolean(build(text, part), left, right)

    def _comparison(self, node: s.Comparison, context: Context) -> Value:
        exists = self._as_exists(node, context)
        if exists is not None:
            return exists
        pairs = []
        for i, operator in enumerate(node.operators):
            left, right = self._pair(node.operands[i], node.operands[i + 1], context)
            pairs.append(comparison.compare(self.session, node.at, operator, left, right))
        if len(pairs) == 1:
            return pairs[0]
        return comparison.boolean(sql.all_of(pair.sql for pair in pairs), *pairs)

    def _as_exists(self, node: s.Comparison, context: Context) -> Value | None:
        """Lower `COUNT { … } > 0` and its like as EXISTS: no rows need to be counted."""
        subject, *rest = node.operands
        if not isinstance(subject, s.CountSubquery) or len(rest) != 1:
            return None
        bound = rest[0].value if isinstance(rest[0], s.Literal) else None
        if isinstance(bound, bool) or not isinstance(bound, int):
            return None
        wanted = _SOME.get((node.operators[0], bound))
        if wanted is None:
            return None
        found = self._subquery(s.Exists(subject.at, subject.query), context)
        if not isinstance(found, Scalar):
            raise TypeError(type(found).__name__)
        return found if wanted else replace(found, sql=sql.not_(found.sql))

    def _is_null(self, node: s.IsNull, context: Context) -> Value:
        value = self.lower(node.operand, context)
        if isinstance(value, Entity):
            tested = value.key
        elif isinstance(value, Scalar):
            tested = value.sql
        elif isinstance(value, Path) and isinstance(value.nodes, Scalar):
            tested = value.nodes.sql
        else:
            tested = sql.TRUE  # a list or path that is spelled out is never null
        build = sql.is_not_null if node.negated else sql.is_null
        return Scalar(build(tested), t.BOOLEAN, nullable=False)

    def _case(self, node: s.Case, context: Context, expected: t.CypherType | None) -> Value:
        conditions = []
        for when, _ in node.branches:
            if node.subject is None:
                condition = self._boolean(when.at, self.lower(when, context, t.BOOLEAN), "WHEN")
            else:
                left, right = self._pair(node.subject, when, context)
                condition = comparison.compare(self.session, when.at, "=", left, right)
            conditions.append(condition.sql)
        results = [self.lower(then, context, expected) for _, then in node.branches]
        otherwise = (
            self.lower(node.otherwise, context, expected) if node.otherwise is not None else None
        )
        chosen = results + ([otherwise] if otherwise is not None else [])
        type_ = self.common_type(node.at, chosen, "CASE")
        branches = [
            (condition, self.fitted(node.at, result, type_))
            for condition, result in zip(conditions, results, strict=True)
        ]
        default = self.fitted(node.at, otherwise, type_) if otherwise is not None else None
        nullable = otherwise is None or any(value.nullable for value in chosen)
        nan = any(isinstance(value, Scalar) and value.nan for value in chosen)
        if isinstance(type_, t.NullType):
            return Scalar(exp.Null(), t.NULL)
        result_sql = sql.case(branches, default)
        value = from_sql(self.session, result_sql, type_, nullable=nullable)
        return replace(value, nan=nan) if isinstance(value, Scalar) else value

    def common_type(self, at: s.Position, values: list[Value], where: str) -> t.CypherType:
        """Return the one type of all values; refuse a mixture."""
        type_: t.CypherType = t.NULL
        for value in values:
            both = t.unified(type_, value.type)
            if both is None:
                raise self.session.refuse(
                    at, f"{where} with results of {type_} and {value.type}", "use one type"
                )
            type_ = both
        return type_

    def fitted(self, at: s.Position, value: Value, type_: t.CypherType) -> exp.Expression:
        """Return a value's SQL as exactly `type_`."""
        if comparison.is_null_value(value):
            return self.session.null(type_)
        one = self.as_scalar(at, value)
        return to_sql(self.session, one)

    # --- calls, lists, maps ---

    def _call(
        self,
        node: s.FunctionCall | s.CountStar,
        context: Context,
        expected: t.CypherType | None,
    ) -> Value:
        if isinstance(node, s.CountStar) or node.name.lower() in functions.AGGREGATES:
            if context.aggregate is None:
                name = "count" if isinstance(node, s.CountStar) else node.name
                raise self.session.wrong(
                    node.at, f"The aggregate {name}() can only stand in WITH or RETURN."
                )
            return context.aggregate(node)
        return functions.call(self, node, context, expected)

    def _list(self, node: s.ListLiteral, context: Context, expected: t.CypherType | None) -> Value:
        inner = expected.element if isinstance(expected, t.ListType) else None
        values = tuple(self.lower(item, context, inner) for item in node.items)
        return comparison.items(self.session, node.at, values)

    def _map(self, node: s.MapLiteral, context: Context) -> Value:
        entries = []
        parts = []
        for key, expression in node.entries:
            value = self.scalar(expression, context)
            entries.append((key, value.type))
            part = to_sql(self.session, value)
            parts.append(exp.PropertyEQ(this=sql.name(key), expression=part))
        if not entries or len({key.lower() for key, _ in entries}) < len(entries):
            raise self.session.refuse(
                node.at, "a map that is empty or repeats a key", "use different keys"
            )
        return Scalar(exp.Struct(expressions=parts), t.MapType(tuple(entries)), nullable=False)

    # --- subqueries ---

    def _subquery(self, node: s.Expression, context: Context) -> Value:
        if isinstance(node, s.PatternComprehension):
            raise self.session.refuse(
                node.at, "pattern comprehension", "use COUNT { … } or collect()"
            )
        self._no_lambda(node, context)
        if isinstance(node, s.PatternPredicate):
            raise self.session.refuse(
                node.at, "a pattern as a value", "write EXISTS { (a)-[:TYPE]->(b) }"
            )
        if isinstance(node, s.Exists):
            return Scalar(self._exists(node.query, context.scope), t.BOOLEAN, nullable=False)
        if isinstance(node, s.CountSubquery):
            return Scalar(self._count(node.query, context.scope), t.INTEGER, nullable=False)
        raise self.session.refuse(node.at, type(node).__name__, "write it another way")

    def _pattern_predicate(self, node: s.PatternPredicate, context: Context) -> Scalar:
        self._no_lambda(node, context)
        self._known_variables_only(node.pattern, context)
        match = s.Match(node.at, optional=False, patterns=(node.pattern,), where=None)
        query = s.Query(node.at, (s.SingleQuery(node.at, (match,)),))
        return Scalar(self._exists(query, context.scope), t.BOOLEAN, nullable=False)

    def _no_lambda(self, node: s.Expression, context: Context) -> None:
        if context.in_lambda:
            raise self.session.refuse(
                node.at,
                "a subquery inside a list expression",
                "UNWIND the list and filter its rows with WHERE",
            )

    def _known_variables_only(self, pattern: s.PathPattern, context: Context) -> None:
        """Refuse new variables in a pattern predicate, as Neo4j does."""
        parts: tuple[s.NodePattern | s.RelationshipPattern, ...] = (
            *pattern.nodes,
            *pattern.relationships,
        )
        for part in parts:
            if part.variable is not None and part.variable not in context.scope:
                raise self.session.unknown(
                    part.at, "The variable", part.variable, list(context.scope)
                )
