"""List expressions: indexes, slices, comprehensions and quantifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlglot import exp

from graphchannel.compiler import sql
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.expressions import unwound
from graphchannel.compiler.values.model import Items, Scalar, Value
from graphchannel.compiler.values.representation import (
    UNKNOWN,
    from_sql,
    is_null_value,
    list_of,
    to_mixed,
    to_sql,
)
from graphchannel.compiler.values.written import literal_integer

if TYPE_CHECKING:
    from graphchannel.compiler.values.context import Context, Lowering

_ZERO = sql.constant(exp.Literal.number(0))


def index(lowering: Lowering, node: s.Index, context: Context) -> Value:
    """Lower `list[i]`; also `map['key']` with a literal key."""
    subject = lowering.lower(node.subject, context)
    session = lowering.session
    if is_null_value(subject):
        return subject
    if isinstance(subject.type, t.MapType) or t.is_entity(subject.type):
        return _by_key(lowering, node, context)
    list_ = _list(lowering, node.at, subject, ordered="an index into")
    position = lowering.lower(node.index, context, t.INTEGER)
    if is_null_value(position):
        return Scalar(session.null(list_.element), list_.element)
    if not isinstance(position, Scalar) or position.type != t.INTEGER:
        raise session.mismatch(node.at, f"A list index is an integer, this is {position.type}.")
    constant = literal_integer(position)
    if isinstance(subject, Items) and constant is not None:
        if -len(subject.items) <= constant < len(subject.items):
            return subject.items[constant]
        return Scalar(session.null(list_.element), list_.element)
    if isinstance(list_.element, t.NullType):
        return Scalar(exp.Null(), t.NULL)
    whole = to_sql(session, subject)
    return from_sql(session, session.dialect.item(whole, to_sql(session, position)), list_.element)


def _by_key(lowering: Lowering, node: s.Index, context: Context) -> Value:
    """Lower `map['key']` and `node['key']`: the key is written out."""
    key = node.index.value if isinstance(node.index, s.Literal) else None
    if isinstance(node.index, s.Literal) and key is None:
        return Scalar(exp.Null(), t.NULL)
    if not isinstance(key, str):
        raise lowering.session.refuse(node.at, "map[key] with a computed key", "write map.key")
    access = s.PropertyAccess(node.at, node.subject, key)
    return lowering.lower(access, context)


def _list(lowering: Lowering, at: s.Position, value: Value, ordered: str = "") -> t.ListType:
    """Return the type of a list; with `ordered`, refuse one whose order is not defined."""
    if not isinstance(value.type, t.ListType):
        hint = " Write the property after a dot." if t.is_entity(value.type) else ""
        if value.type == t.STRING and ordered:
            hint = " Of a text, write substring(text, start, length)."
        raise lowering.session.mismatch(at, f"This needs a list, it is {value.type}.{hint}")
    if ordered and not value.type.ordered:
        if lowering.session.exploring:
            lowering.session.note(
                ordered.capitalize() + " a list without a defined order",
                "it may be any of its elements",
            )
            return value.type
        raise lowering.session.refuse(
            at,
            f"{ordered} a list without a defined order",
            "write WITH … ORDER BY with a key before the clause that collects",
        )
    return value.type


def slice_(lowering: Lowering, node: s.Slice, context: Context) -> Value:
    """Lower `list[a..b]`."""
    session = lowering.session
    subject = lowering.lower(node.subject, context)
    bounds = [
        lowering.lower(bound, context, t.INTEGER) if bound is not None else None
        for bound in (node.start, node.end)
    ]
    if is_null_value(subject):
        return subject
    list_ = _list(lowering, node.at, subject, ordered="a slice of")
    for bound in bounds:
        if bound is not None and is_null_value(bound):
            return Scalar(session.null(list_), list_)
        if bound is not None and bound.type != t.INTEGER:
            raise session.mismatch(node.at, f"A slice's bound is an integer, not {bound.type}.")
    start, end = bounds
    if isinstance(subject, Items):
        first = literal_integer(start) if start is not None else 0
        last = literal_integer(end) if end is not None else len(subject.items)
        if first is not None and last is not None:
            return Items(subject.items[first:last], subject.type)
    if isinstance(list_.element, t.NullType):
        raise session.refuse(node.at, "a slice of a list of nulls", "write the list itself")
    whole = to_sql(session, subject)
    length = session.dialect.length(whole)
    first_sql = _bound(lowering, start, length) if start is not None else sql.integer(0)
    last_sql = _bound(lowering, end, length) if end is not None else None
    nullable = subject.nullable or any(b is not None and b.nullable for b in bounds)
    cut = session.dialect.sliced(whole, first_sql, last_sql)
    tested = [to_sql(session, b) for b in bounds if b is not None and b.nullable]
    if tested:
        missing = sql.any_of(sql.is_null(bound) for bound in tested)
        cut = sql.case([(missing, exp.Null())], cut)
    return Scalar(cut, list_, nullable=nullable)


def _bound(lowering: Lowering, bound: Value, length: exp.Expression) -> exp.Expression:
    """Return a bound counted from the beginning, between 0 and the list's length."""
    session = lowering.session
    constant = literal_integer(bound)
    number = to_sql(session, bound)
    if constant is not None and constant >= 0:
        return sql.call("least", number, length)
    from_end = sql.call(
        "greatest", exp.Add(this=sql.wrapped(length), expression=sql.wrapped(number)), _ZERO
    )
    if constant is not None:
        return from_end
    negative = exp.LT(this=sql.wrapped(number), expression=_ZERO.copy())
    return sql.case([(negative, from_end)], sql.call("least", number, length))


def comprehension(lowering: Lowering, node: s.ListComprehension, context: Context) -> Value:
    """Lower `[x IN list WHERE … | …]`."""
    session = lowering.session
    source = lowering.lower(node.source, context)
    if is_null_value(source):
        return source
    list_ = _list(lowering, node.at, source)
    if isinstance(source, Items) and node.where is None:
        if node.result is None:
            return source
        mapped = tuple(
            lowering.lower(node.result, context.within(node.variable, item, in_lambda=False))
            for item in source.items
        )
        return list_of(session, node.at, mapped)
    if isinstance(list_.element, t.NullType):
        if isinstance(source, Items) and not source.items:
            return source
        raise session.refuse(node.at, "a comprehension over nulls only", "leave the nulls out")
    if unwound.asks_per_element(lowering, node, context):
        return unwound.collected(lowering, node, source, context)
    result = to_sql(session, source)
    if node.where is not None:
        name = session.fresh(node.variable)
        inner = context.within(node.variable, _element(lowering, name, list_), in_lambda=True)
        result = session.dialect.filtered(result, name, lowering.predicate(node.where, inner))
    if node.result is None:
        return Scalar(result, list_, nullable=source.nullable)
    name = session.fresh(node.variable)
    inner = context.within(node.variable, _element(lowering, name, list_), in_lambda=True)
    body = lowering.scalar(node.result, inner)
    if isinstance(body.type, t.NullType):
        raise session.refuse(node.at, "a list of nulls", "give the elements a type")
    mapped_sql = session.dialect.mapped(result, name, to_sql(session, body))
    type_ = t.ListType(body.type, body.nullable, ordered=list_.ordered)
    return Scalar(mapped_sql, type_, nullable=source.nullable)


def _element(lowering: Lowering, name: str, list_: t.ListType) -> Value:
    return from_sql(lowering.session, sql.variable(name), list_.element, nullable=list_.nullable)


def reduce(lowering: Lowering, node: s.Reduce, context: Context) -> Value:
    """Lower `reduce(total = start, x IN list | step)`."""
    session = lowering.session
    source = lowering.lower(node.source, context)
    start = lowering.scalar(node.start, context)
    if is_null_value(source):
        return Scalar(session.null(start.type), start.type)
    list_ = _list(lowering, node.at, source, ordered="reduce() over")
    if isinstance(source, Items) and not source.items:
        return start
    if isinstance(list_.element, t.NullType):
        raise session.refuse(node.at, "reduce() over nulls only", "leave the nulls out")
    total, element = session.fresh(node.total), session.fresh(node.variable)

    def step_from(start: Scalar) -> Scalar:
        before = Scalar(sql.variable(total), start.type, doubts=start.doubts)
        inner = context.within(node.total, before, in_lambda=True)
        inner = inner.within(node.variable, _element(lowering, element, list_), in_lambda=True)
        return lowering.scalar(node.step, inner, start.type)

    step = step_from(start)
    both = t.either(start.type, step.type)
    if t.is_number_of_both_kinds(both) and session.dialect.name != "spark":
        start = Scalar(to_mixed(session, start, both), both, nullable=start.nullable)
        step = step_from(start)
        if t.either(both, step.type) == both:
            step = Scalar(to_mixed(session, step, both), both)
    if step.type != start.type:
        raise session.refuse(
            node.at,
            f"reduce() from {start.type} to {step.type}",
            "begin with a value of the result's type, such as 0.0",
        )
    folded = session.dialect.folded(
        to_sql(session, source), (total, element), to_sql(session, step), to_sql(session, start)
    )
    return Scalar(folded, start.type, nan=step.nan, doubts=step.doubts)


def quantifier(lowering: Lowering, node: s.Quantifier, context: Context) -> Value:
    """Lower all, any, none and single; three-valued, as in Cypher."""
    session = lowering.session
    source = lowering.lower(node.source, context)
    if is_null_value(source):
        return UNKNOWN
    list_ = _list(lowering, node.at, source)
    if isinstance(source, Items):
        answers = [
            lowering.predicate(node.where, context.within(node.variable, item, in_lambda=False))
            for item in source.items
        ]
        return Scalar(_of_known(node.kind, answers), t.BOOLEAN)
    if isinstance(list_.element, t.NullType):
        raise session.refuse(node.at, "a quantifier over nulls only", "leave the nulls out")
    if unwound.asks_per_element(lowering, node, context):
        return unwound.quantified(lowering, node, source, context)
    whole = to_sql(session, source)
    name = session.fresh(node.variable)
    inner = context.within(node.variable, _element(lowering, name, list_), in_lambda=True)
    condition = lowering.predicate(node.where, inner)

    def count(body: exp.Expression) -> exp.Expression:
        return session.dialect.length(session.dialect.filtered(whole, name, body))

    def some(body: exp.Expression) -> exp.Expression:
        return exp.GT(this=count(body), expression=_ZERO.copy())

    unknown = some(sql.is_null(condition))
    branches = [(sql.is_null(whole), UNKNOWN.sql)]
    if node.kind == "single":
        one = exp.Literal.number(1)
        branches.append((exp.GT(this=count(condition), expression=one), sql.FALSE))
        branches.append((unknown, UNKNOWN.sql))
        return Scalar(sql.case(branches, sql.equal(count(condition), one)), t.BOOLEAN)
    decisive = sql.not_(condition) if node.kind == "all" else condition
    found, otherwise = (sql.TRUE, sql.FALSE) if node.kind == "any" else (sql.FALSE, sql.TRUE)
    branches.append((some(decisive), found))
    branches.append((unknown, UNKNOWN.sql))
    return Scalar(sql.case(branches, otherwise), t.BOOLEAN)


def _of_known(kind: str, answers: list[exp.Expression]) -> exp.Expression:
    """Return the quantifier over elements that are known one by one."""
    if kind == "all":
        return sql.all_of(answers)
    if kind == "any":
        return sql.any_of(answers)
    if kind == "none":
        return sql.not_(sql.any_of(answers))
    ones = [
        sql.cast(sql.case([(answer, sql.integer(1))], sql.integer(0)), "bigint")
        for answer in answers
    ]
    if not ones:
        return sql.FALSE.copy()
    total: exp.Expression = ones[0]
    for one in ones[1:]:
        total = exp.Add(this=total, expression=one)
    many = exp.GT(this=sql.wrapped(total), expression=exp.Literal.number(1))
    unknown = sql.any_of(sql.is_null(answer) for answer in answers)
    return sql.case(
        [(many, sql.FALSE), (unknown, UNKNOWN.sql)],
        sql.equal(total, exp.Literal.number(1)),
    )
