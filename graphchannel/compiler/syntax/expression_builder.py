"""Expressions of the syntax tree, from the parse tree."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Literal, cast

from lark import Token, Tree

from graphchannel.compiler import syntax as s
from graphchannel.compiler.syntax.chains import joined
from graphchannel.compiler.syntax.literals import literal_value
from graphchannel.compiler.syntax.parse_tree import (
    Child,
    ParseTree,
    as_tree,
    identifier,
    position,
    signs_clash,
    subtrees,
    token_position,
    unquoted,
)
from graphchannel.compiler.syntax.repetitions import spelled, unsaid
from graphchannel.errors import CypherSyntaxError

if TYPE_CHECKING:
    from collections.abc import Callable


class ExpressionTrees(ABC):
    """Holds what every step needs: the source text (for column names) and the query's name."""

    @abstractmethod
    def query(self, tree: ParseTree, *, nested: bool) -> s.RegularQuery:
        """Build a query; one in braces is `nested`, and may end without RETURN."""

    @abstractmethod
    def _path(self, tree: ParseTree) -> s.PathPattern:
        """Build a pattern."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._label_styles: dict[str, s.Position] = {}  # of nodes: where each style stands first
        self._expressions: dict[str, Callable[[ParseTree], s.Expression]] = {
            "or_": self._connected("or"),
            "and_": self._connected("and"),
            "xor": self._binary("xor"),
            "in_": self._binary("in"),
            "power": self._binary("^"),
            "sum": self._infix,
            "product": self._infix,
            "string_predicate": self._infix,
            "not_": lambda t: s.Unary(position(t), "not", self._first(t)),
            "comparison": self._comparison,
            "is_null": lambda t: self._is_null(t, negated=False),
            "is_not_null": lambda t: self._is_null(t, negated=True),
            "signed": self._signed,
            "property": lambda t: s.PropertyAccess(
                position(t), self._first(t), identifier(t.children[1])
            ),
            "index": lambda t: s.Index(
                position(t), self._first(t), self._expression(t.children[1])
            ),
            "slice": self._slice,
            "variable": lambda t: s.Variable(position(t), identifier(t.children[0])),
            "parenthesised_variable": self._parenthesised_variable,
            "parenthesised": self._first,
            "parenthesised_labels": self._has_labels,
            "has_labels": self._has_labels,
            "parameter": self._parameter,
            "literal": self._literal,
            "list": lambda t: s.ListLiteral(position(t), tuple(map(self._expression, t.children))),
            "map": self._map,
            "comprehension": self._comprehension,
            "quantifier": self._quantifier,
            "reduce": self._reduce,
            "map_projection": self._map_projection,
            "collect_subquery": self._collect_subquery,
            "pattern_comprehension": self._pattern_comprehension,
            "pattern_predicate": lambda t: s.PatternPredicate(
                position(t), unsaid(self._name, self._path(as_tree(t.children[0])))
            ),
            "case": self._case,
            "count_star": lambda t: s.CountStar(position(t)),
            "call": self._call,
            "exists": lambda t: s.Exists(position(t), self._body(t)),
            "count_subquery": lambda t: s.CountSubquery(position(t), self._body(t)),
        }

    def _is_null(self, tree: ParseTree, *, negated: bool) -> s.Expression:
        """Build `x IS NULL`; Cypher 25 does not read it behind labels."""
        if as_tree(tree.children[0]).data == "has_labels":
            raise self._error(position(tree), "Write (n:Label) IS NULL, in parentheses.")
        return s.IsNull(position(tree), self._first(tree), negated=negated)

    def _where(self, tree: ParseTree) -> s.Expression | None:
        return self._optional(tree, "where")

    def _optional(self, tree: ParseTree, rule: str) -> s.Expression | None:
        """Return the expression in the child called `rule`, if there is one."""
        for child in subtrees(tree, rule):
            if child.children:
                return self._first(child)
        return None

    def _node_label(self, tree: ParseTree) -> s.LabelExpression:
        """Read the labels of a node, and remember in which of the two styles they are written."""
        for part in tree.iter_subtrees():
            if part.data != "label_name":
                style = "old" if part.data == "label_colon" else "new"
                self._label_styles.setdefault(style, position(tree))
        return self._label(tree)

    def _label(self, tree: ParseTree) -> s.LabelExpression:
        at = position(tree)
        if tree.data == "label_name":
            return s.LabelName(at, identifier(tree.children[0]))
        if tree.data == "label_any":
            return s.LabelAny(at)
        operands = tuple(self._label(c) for c in tree.children if isinstance(c, Tree))
        if tree.data == "label_not":
            return s.LabelNot(at, operands[0])
        return s.LabelOr(at, operands) if tree.data == "label_or" else s.LabelAnd(at, operands)

    def _expression(self, child: Child) -> s.Expression:
        tree = as_tree(child)
        return self._expressions[str(tree.data)](tree)

    def _first(self, tree: ParseTree) -> s.Expression:
        return self._expression(tree.children[0])

    def _binary(self, operator: s.BinaryOperator) -> Callable[[ParseTree], s.Expression]:
        def build_binary(tree: ParseTree) -> s.Expression:
            left, right = tree.children
            return s.Binary(
                position(tree), operator, self._expression(left), self._expression(right)
            )

        return build_binary

    def _connected(self, operator: Literal["and", "or"]) -> Callable[[ParseTree], s.Expression]:
        """Build a chain of one connective: a long one as a balanced tree, which nests less."""

        def build_chain(tree: ParseTree) -> s.Expression:
            operands = []
            while tree.data == f"{operator}_":
                left, right = tree.children
                operands.append(right)
                tree = as_tree(left)
            terms = [self._expression(tree), *(self._expression(c) for c in reversed(operands))]
            return joined(operator, terms)

        return build_chain

    def _infix(self, tree: ParseTree) -> s.Expression:
        left, token, right = tree.children
        operator = cast("s.BinaryOperator", " ".join(str(token).lower().split()))
        return s.Binary(position(tree), operator, self._expression(left), self._expression(right))

    def _comparison(self, tree: ParseTree) -> s.Expression:
        operands = tuple(self._expression(c) for c in tree.children if isinstance(c, Tree))
        operators = tuple(str(c) for c in tree.children if isinstance(c, Token))
        return s.ComparisonChain(
            position(tree), operands, cast("tuple[s.ComparisonOperator, ...]", operators)
        )

    def _signed(self, tree: ParseTree) -> s.Expression:
        sign, operand = str(tree.children[0]), as_tree(tree.children[1])
        if signs_clash(operand):
            raise self._error(position(tree), "Put what has a sign into parentheses: -(-x).")
        if operand.data == "literal":
            literal = self._literal(operand, negative=sign == "-")
            if isinstance(literal.value, int | float) and not isinstance(literal.value, bool):
                return s.Literal(position(tree), literal.value)
        return s.Unary(position(tree), "-" if sign == "-" else "+", self._expression(operand))

    def _slice(self, tree: ParseTree) -> s.Expression:
        start = self._optional(tree, "slice_start")
        end = self._optional(tree, "slice_end")
        return s.Slice(position(tree), self._first(tree), start, end)

    def _parenthesised_variable(self, tree: ParseTree) -> s.Expression:
        token = tree.children[0]
        return s.Variable(token_position(token), identifier(token))

    def _has_labels(self, tree: ParseTree) -> s.Expression:
        token, labels = tree.children
        subject = s.Variable(token_position(token), identifier(token))
        return s.HasLabels(position(tree), subject, self._node_label(as_tree(labels)))

    def _parameter(self, tree: ParseTree) -> s.ParameterReference:
        return s.ParameterReference(position(tree), unquoted(str(tree.children[0])[1:]))

    def _literal(self, tree: ParseTree, *, negative: bool = False) -> s.Literal:
        token = cast("Token", tree.children[0])
        return s.Literal(position(tree), literal_value(token, self._error, negative=negative))

    def _map(self, tree: ParseTree) -> s.MapLiteral:
        entries = []
        for child in tree.children:
            key, value = as_tree(child).children
            entries.append((identifier(key), self._expression(value)))
        return s.MapLiteral(position(tree), tuple(entries))

    def _comprehension(self, tree: ParseTree) -> s.Expression:
        variable, source = tree.children[:2]
        result = self._optional(tree, "comprehension_result")
        return s.ListComprehension(
            position(tree),
            identifier(variable),
            self._expression(source),
            self._where(tree),
            result,
        )

    def _quantifier(self, tree: ParseTree) -> s.Expression:
        kind, variable, source = tree.children[:3]
        where = self._where(tree)
        if where is None:
            raise self._error(position(tree), f"{kind}(…) needs a WHERE that says what must hold.")
        return s.Quantifier(
            position(tree),
            cast("Literal['all', 'any', 'none', 'single']", str(kind).lower()),
            identifier(variable),
            self._expression(source),
            where,
        )

    def _reduce(self, tree: ParseTree) -> s.Expression:
        total, start, variable, source, step = tree.children
        return s.Reduce(
            position(tree),
            identifier(total),
            self._expression(start),
            identifier(variable),
            self._expression(source),
            self._expression(step),
        )

    def _map_projection(self, tree: ParseTree) -> s.Expression:
        name, *parts = tree.children
        subject = s.Variable(token_position(name), identifier(name))
        entries: list[tuple[str, s.Expression]] = []
        everything = False
        for part in map(as_tree, parts):
            first = part.children[0]
            dotted = self._text[part.meta.start_pos] == "."
            if isinstance(first, Token) and first.type == "STAR":
                everything = True
            elif len(part.children) > 1:
                entries.append((identifier(first), self._expression(part.children[1])))
            elif dotted:
                key = identifier(first)
                entries.append((key, s.PropertyAccess(position(part), subject, key)))
            else:
                entries.append(
                    (identifier(first), s.Variable(token_position(first), identifier(first)))
                )
        return s.MapProjection(position(tree), subject, tuple(entries), everything)

    def _pattern_comprehension(self, tree: ParseTree) -> s.Expression:
        pattern = unsaid(self._name, self._path(as_tree(tree.children[0])))
        return s.PatternComprehension(
            position(tree), pattern, self._where(tree), self._expression(tree.children[-1])
        )

    def _case(self, tree: ParseTree) -> s.Expression:
        branches = []
        for branch in subtrees(tree, "when"):
            *conditions, result = branch.children
            if len(conditions) > 1 and not subtrees(tree, "case_subject"):
                raise self._error(position(branch), "WHEN takes several values only after CASE x.")
            value = self._expression(result)
            branches += [(self._expression(condition), value) for condition in conditions]
        subject = self._optional(tree, "case_subject")
        return s.Case(position(tree), subject, tuple(branches), self._optional(tree, "else_"))

    def _call(self, tree: ParseTree) -> s.Expression:
        name, *rest = tree.children
        distinct = any(isinstance(child, Token) for child in rest)
        arguments = tuple(self._expression(child) for child in rest if isinstance(child, Tree))
        return s.FunctionCall(position(tree), identifier(name), arguments, distinct)

    def _collect_subquery(self, tree: ParseTree) -> s.Expression:
        query = self.query(as_tree(tree.children[0]), nested=False)
        return s.CollectSubquery(position(tree), query)

    def _body(self, tree: ParseTree) -> s.RegularQuery:
        body = as_tree(tree.children[0])
        if body.data == "query":
            return self.query(body, nested=True)
        at = position(body)
        patterns = tuple(self._path(path) for path in subtrees(body, "path"))
        match = spelled(self._name, s.Match(at, False, patterns, self._where(body)))  # noqa: FBT003
        return s.RegularQuery(at, (s.SingleQuery(at, (match,)),))

    def _error(self, at: s.Position, message: str) -> CypherSyntaxError:
        return CypherSyntaxError(message, line=at.line, column=at.column, name=self._name)
