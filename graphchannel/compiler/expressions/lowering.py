"""Expressions: syntax tree in, typed SQL out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from graphchannel.compiler import functions
from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.expressions import choice, entities, lists, literals, operators
from graphchannel.compiler.values.context import Context, fingerprint
from graphchannel.compiler.values.model import Scalar, Value
from graphchannel.compiler.values.representation import as_scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlglot import exp

    from graphchannel.compiler.values.representation import Scope
    from graphchannel.compiler.values.session import Session


class Expressions:
    """Lowers expressions; subqueries are handed to the functions given for them."""

    def __init__(
        self,
        session: Session,
        exists: Callable[[s.RegularQuery, Scope], exp.Expression],
        count: Callable[[s.RegularQuery, Scope], exp.Expression],
        collect: Callable[[s.RegularQuery, Scope], Value],
    ) -> None:
        self.session = session
        self._exists = exists
        self._collect = collect
        # by the class of a node; `_typed` ones pass on what type a parameter would have
        self._plain: Mapping[type, Callable[..., Value]] = {
            s.Literal: partial(literals.literal, self),
            s.Variable: partial(literals.variable, self),
            s.PropertyAccess: partial(entities.property_of, self),
            s.HasLabels: partial(entities.has_labels, self),
            s.Unary: partial(operators.unary, self),
            s.ComparisonChain: partial(operators.comparison_chain, self),
            s.IsNull: partial(operators.is_null, self),
            s.MapLiteral: partial(literals.map_literal, self),
            s.Index: partial(lists.index, self),
            s.Slice: partial(lists.slice_, self),
            s.ListComprehension: partial(lists.comprehension, self),
            s.Quantifier: partial(lists.quantifier, self),
            s.Reduce: partial(lists.reduce, self),
            s.MapProjection: partial(entities.map_projection, self),
        }
        self._typed: Mapping[type, Callable[..., Value]] = {
            s.ParameterReference: partial(literals.parameter, self),
            s.Binary: partial(operators.binary, self),
            s.Case: partial(choice.case, self),
            s.FunctionCall: self._call,
            s.CountStar: self._call,
            s.ListLiteral: partial(literals.list_literal, self),
        }
        self._count = count

    def predicate(self, node: s.Expression, context: Context) -> exp.Expression:
        """Lower a WHERE condition."""
        return self.truth(node, context, "WHERE").sql

    def truth(self, node: s.Expression, context: Context, where: str) -> Scalar:
        """Lower a condition: only here may a pattern stand as a predicate."""
        if isinstance(node, s.PatternPredicate):
            return self._pattern_predicate(node, context)
        value = self.lower(node, context, t.BOOLEAN)
        return operators.truth_of(self, node.at, value, where)

    def scalar(
        self, node: s.Expression, context: Context, expected: t.CypherType | None = None
    ) -> Scalar:
        """Lower an expression that must be one SQL expression."""
        return as_scalar(self.session, node.at, self.lower(node, context, expected))

    def lower(
        self, node: s.Expression, context: Context, expected: t.CypherType | None = None
    ) -> Value:
        """Lower any expression; `expected` is the type that a parameter would have here."""
        if context.replaced:
            known = context.replaced.get(fingerprint(node))
            if known is not None:
                return known
        before, self.session.at = self.session.at, node.at
        value = self._lowered(node, context, expected)
        self.session.at = before
        return value

    def _lowered(
        self, node: s.Expression, context: Context, expected: t.CypherType | None
    ) -> Value:
        plain = self._plain.get(type(node))
        if plain is not None:
            return plain(node, context)
        typed = self._typed.get(type(node))
        if typed is not None:
            return typed(node, context, expected)
        return self._subquery(node, context)

    def _call(
        self,
        node: s.FunctionCall | s.CountStar,
        context: Context,
        expected: t.CypherType | None,
    ) -> Value:
        if isinstance(node, s.CountStar) or functions.is_aggregate(node):
            if context.aggregate is None:
                name = "count" if isinstance(node, s.CountStar) else node.name
                raise self.session.wrong(
                    node.at,
                    f"The aggregate {name}() can only stand in WITH or RETURN; "
                    "compare it after it: WITH …, count(*) AS n WHERE n > 3.",
                )
            return context.aggregate(node)
        only = node.arguments[0] if len(node.arguments) == 1 else None
        if node.name.lower() == "exists" and isinstance(only, s.PatternPredicate):
            return self._pattern_predicate(only, context)
        if node.name.lower() == "size" and isinstance(only, s.PatternPredicate):
            raise self.session.refuse(node.at, "size() of a pattern", "write COUNT { (a)-->(b) }")
        return functions.call(self, node, context, expected)

    # --- subqueries ---

    def _subquery(self, node: s.Expression, context: Context) -> Value:
        self._no_lambda(node, context)
        if isinstance(node, s.PatternComprehension):
            return self._collect(_collecting(node), context.scope)
        if isinstance(node, s.CollectSubquery):
            return self._collect(node.query, context.scope)
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
        query = s.RegularQuery(node.at, (s.SingleQuery(node.at, (match,)),))
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


def _collecting(node: s.PatternComprehension) -> s.RegularQuery:
    """Return `[pattern WHERE … | x]` as the query `MATCH pattern WHERE … RETURN x`."""
    match = s.Match(node.at, optional=False, patterns=(node.pattern,), where=node.where)
    item = s.Item(node.at, node.result, "x", "x")
    body = s.ProjectionBody(
        node.at, distinct=False, star=False, items=(item,), order=(), skip=None, limit=None
    )
    return s.RegularQuery(node.at, (s.SingleQuery(node.at, (match, s.Return(node.at, body))),))
