"""Evaluating expressions for one row of bindings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax
from tests.compiler.reference import functions
from tests.compiler.reference.arithmetic import arithmetic, in_range
from tests.compiler.reference.graph import Duration, Node, Relationship
from tests.compiler.reference.values import (
    CypherRaises,
    compare,
    conjunction,
    contains,
    disjunction,
    equals,
    negation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.compiler.reference.graph import Graph, Value

Row = dict[str, "Value"]


@dataclass(frozen=True, slots=True)
class Context:
    """What does not change from row to row.

    `aggregates` are the values of a finished group. Each node that a pattern tries takes one of
    `steps`; when there are none left, the query is given up.
    """

    graph: Graph
    parameters: Mapping[str, Value]
    aggregates: Mapping[syntax.Expression, Value]
    steps: Iterator[int]


def evaluate(e: syntax.Expression, row: Row, context: Context) -> Value:  # noqa: C901, PLR0912  one case per construct
    """Return the value of an expression; raise CypherRaises where Cypher raises."""
    if context.aggregates and e in context.aggregates:
        return context.aggregates[e]

    def value(inner: syntax.Expression) -> Value:
        return evaluate(inner, row, context)

    match e:
        case syntax.Literal():
            return e.value
        case syntax.ParameterReference():
            return context.parameters[e.name]
        case syntax.Variable():
            if e.name not in row:
                raise CypherRaises(f"no variable {e.name}")
            return row[e.name]
        case syntax.PropertyAccess():
            return member(value(e.subject), e.name)
        case syntax.HasLabels():
            return has_labels(value(e.subject), e.labels)
        case syntax.ListLiteral():
            return [value(item) for item in e.items]
        case syntax.MapLiteral():
            return {key: value(item) for key, item in e.entries}
        case syntax.Index():
            return at_index(value(e.subject), value(e.index))
        case syntax.Slice():
            return cut(e, row, context)
        case syntax.Unary():
            return unary(e.operator, value(e.operand))
        case syntax.Binary():
            return binary(e.operator, value(e.left), value(e.right))
        case syntax.ComparisonChain():
            values = [value(operand) for operand in e.operands]
            pairs = zip(e.operators, values, values[1:], strict=False)
            return conjunction([compare(operator, a, b) for operator, a, b in pairs])
        case syntax.IsNull():
            return (value(e.operand) is None) is not e.negated
        case syntax.Case():
            return case(e, row, context)
        case syntax.FunctionCall():
            return functions.call(e.name, [value(a) for a in e.arguments], context.graph)
        case syntax.ListComprehension():
            return comprehension(e, row, context)
        case syntax.Quantifier():
            return quantifier(e, row, context)
        case _:
            return subquery(e, row, context)


def subquery(e: syntax.Expression, row: Row, context: Context) -> Value:
    """Evaluate the expressions that hold a pattern or a query."""
    # Patterns and queries evaluate expressions in their turn: the import closes the circle.
    from tests.compiler.reference.patterns import match_patterns  # noqa: PLC0415  see above
    from tests.compiler.reference.queries import subquery_rows  # noqa: PLC0415  see above

    match e:
        case syntax.PatternPredicate():
            return any(True for _ in match_patterns((e.pattern,), row, context))
        case syntax.PatternComprehension():
            return [
                evaluate(e.result, found, context)
                for found in match_patterns((e.pattern,), row, context)
                if e.where is None or is_true(e.where, found, context)
            ]
        case syntax.Exists():
            return bool(subquery_rows(e.query, row, context))
        case syntax.CountSubquery():
            return len(subquery_rows(e.query, row, context))
        case _:
            raise CypherRaises(f"{type(e).__name__} cannot be evaluated here")


def truth(value: Value) -> bool | None:
    """Return a truth value or null; anything else is a type error."""
    if value is None or isinstance(value, bool):
        return value
    raise CypherRaises(f"expected a boolean, saw {type(value).__name__}")


def is_true(e: syntax.Expression, row: Row, context: Context) -> bool:
    """Say whether a predicate holds; null does not."""
    return truth(evaluate(e, row, context)) is True


def member(value: Value, name: str) -> Value:
    """Return a property or a component; null of null, and of what an entity does not have."""
    match value:
        case None:
            return None
        case Node() | Relationship():
            return value.properties.get(name)
        case dict():
            return value.get(name)
        case dt.date():
            return functions.date_part(value, name)
        case Duration():
            return functions.duration_part(value, name)
        case _:
            raise CypherRaises(f"{type(value).__name__} has no properties")


def has_labels(value: Value, labels: syntax.LabelExpression) -> bool | None:
    """Return `value:labels`, null for null."""
    match value:
        case None:
            return None
        case Node():
            return carries(labels, value.labels)
        case Relationship():
            return carries(labels, frozenset({value.type}))
        case _:
            raise CypherRaises("only nodes and relationships have labels")


def carries(labels: syntax.LabelExpression, held: frozenset[str]) -> bool:
    """Say whether a set of labels satisfies a label expression."""
    match labels:
        case syntax.LabelName():
            return labels.name in held
        case syntax.LabelAny():
            return bool(held)
        case syntax.LabelNot():
            return not carries(labels.operand, held)
        case syntax.LabelAnd():
            return all(carries(operand, held) for operand in labels.operands)
        case syntax.LabelOr():
            return any(carries(operand, held) for operand in labels.operands)


def unary(operator: str, value: Value) -> Value:
    """Apply NOT or a sign."""
    if operator == "not":
        return negation(truth(value))
    if value is None:
        return None
    if isinstance(value, Duration):
        return Duration(-value.months, -value.days) if operator == "-" else value
    signed = -functions.number(value) if operator == "-" else functions.number(value)
    return in_range(signed) if isinstance(signed, int) else signed


def binary(operator: str, a: Value, b: Value) -> Value:
    """Apply an infix operator. Both sides are always evaluated: an error in either is an error."""
    match operator:
        case "and":
            return conjunction([truth(a), truth(b)])
        case "or":
            return disjunction([truth(a), truth(b)])
        case "xor":
            return None if truth(a) is None or truth(b) is None else a is not b
        case "in":
            return contains(b, a)
        case "starts with" | "ends with" | "contains":
            return about_text(operator, a, b)
        case _:
            return arithmetic(operator, a, b)


def about_text(operator: str, a: Value, b: Value) -> bool | None:
    """Apply a string predicate; null unless both sides are strings."""
    if not isinstance(a, str) or not isinstance(b, str):
        return None
    if operator == "contains":
        return b in a
    return a.startswith(b) if operator == "starts with" else a.endswith(b)


def at_index(value: Value, index: Value) -> Value:
    """Return `list[index]` or `map[key]`; null outside a list."""
    if value is None or index is None:
        return None
    if isinstance(value, dict | Node | Relationship):
        return member(value, functions.of_type(index, str))
    items, i = functions.of_type(value, list), functions.of_type(index, int)
    return items[i] if -len(items) <= i < len(items) else None


def cut(e: syntax.Slice, row: Row, context: Context) -> Value:
    """Return `list[start..end]`: Python's slice, except that a null bound makes it null."""
    items = evaluate(e.subject, row, context)
    bounds = [
        evaluate(bound, row, context) if bound is not None else missing
        for bound, missing in ((e.start, 0), (e.end, 2**62))
    ]
    if items is None or None in bounds:
        return None
    start, end = (functions.of_type(bound, int) for bound in bounds)
    return functions.of_type(items, list)[start:end]


def case(e: syntax.Case, row: Row, context: Context) -> Value:
    """Return the first branch that applies: a null condition or comparison does not."""
    subject = evaluate(e.subject, row, context) if e.subject is not None else None
    for condition, result in e.branches:
        tested = evaluate(condition, row, context)
        holds = truth(tested) if e.subject is None else equals(subject, tested)
        if holds is True:
            return evaluate(result, row, context)
    return evaluate(e.otherwise, row, context) if e.otherwise is not None else None


def comprehension(e: syntax.ListComprehension, row: Row, context: Context) -> Value:
    """Filter and map a list; null of null."""
    source = evaluate(e.source, row, context)
    if source is None:
        return None
    inner = [{**row, e.variable: item} for item in functions.of_type(source, list)]
    kept = [one for one in inner if e.where is None or is_true(e.where, one, context)]
    result = e.result or syntax.Variable(e.at, e.variable)
    return [evaluate(result, one, context) for one in kept]


def quantifier(e: syntax.Quantifier, row: Row, context: Context) -> bool | None:
    """Apply all, any, none or single, each three-valued."""
    source = evaluate(e.source, row, context)
    if source is None:
        return None
    answers = [
        truth(evaluate(e.where, {**row, e.variable: item}, context))
        for item in functions.of_type(source, list)
    ]
    match e.kind:
        case "all":
            return conjunction(answers)
        case "any":
            return disjunction(answers)
        case "none":
            return negation(disjunction(answers))
        case _:
            return single(answers)


def single(answers: list[bool | None]) -> bool | None:
    """Say whether exactly one answer is true: two are too many whatever the unknown ones are."""
    if answers.count(True) > 1:
        return False
    return None if None in answers else answers.count(True) == 1
