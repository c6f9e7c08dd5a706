"""From Lark's parse tree to the syntax tree.

Only what the grammar cannot say is checked here: the size of integers, the order of clauses, one
kind of UNION. Everything else about meaning is left to the lowering.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, cast

from lark import Token, Tree

from graphchannel.compiler import syntax as s
from graphchannel.errors import CypherSyntaxError, NotPortable

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_INTEGER = 2**63 - 1
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "b": "\b",
    "f": "\f",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "`": "`",
}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)

_Tree = Tree[Token]
_Child = Tree[Token] | Token


def build(tree: _Tree, text: str, name: str) -> s.Query:
    """Return the query that a parse tree of `text` stands for.

    `name` goes into errors: CypherSyntaxError, or NotPortable for a mixture of UNION and UNION ALL.
    """
    builder = _Builder(text, name)
    query = builder.query(_tree(tree.children[0]), nested=False)
    builder.check_label_styles()
    return query


class _Builder:
    """Holds what every step needs: the source text (for column names) and the query's name."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._label_styles: dict[str, s.Position] = {}  # of nodes: where each style stands first
        self._expressions: dict[str, Callable[[_Tree], s.Expression]] = {
            "or_": self._binary("or"),
            "and_": self._binary("and"),
            "xor": self._binary("xor"),
            "in_": self._binary("in"),
            "power": self._binary("^"),
            "sum": self._infix,
            "product": self._infix,
            "string_predicate": self._infix,
            "not_": lambda t: s.Unary(_at(t), "not", self._first(t)),
            "comparison": self._comparison,
            "is_null": lambda t: s.IsNull(_at(t), self._first(t), negated=False),
            "is_not_null": lambda t: s.IsNull(_at(t), self._first(t), negated=True),
            "signed": self._signed,
            "property": lambda t: s.PropertyAccess(
                _at(t), self._first(t), _identifier(t.children[1])
            ),
            "index": lambda t: s.Index(_at(t), self._first(t), self._expression(t.children[1])),
            "slice": self._slice,
            "variable": lambda t: s.Variable(_at(t), _identifier(t.children[0])),
            "parenthesised_variable": self._parenthesised_variable,
            "parenthesised": self._first,
            "parenthesised_labels": self._has_labels,
            "has_labels": self._has_labels,
            "parameter": self._parameter,
            "literal": self._literal,
            "list": lambda t: s.ListLiteral(_at(t), tuple(map(self._expression, t.children))),
            "map": self._map,
            "comprehension": self._comprehension,
            "quantifier": self._quantifier,
            "pattern_comprehension": self._pattern_comprehension,
            "pattern_predicate": lambda t: s.PatternPredicate(
                _at(t), self._path(_tree(t.children[0]))
            ),
            "case": self._case,
            "count_star": lambda t: s.CountStar(_at(t)),
            "call": self._call,
            "exists": lambda t: s.Exists(_at(t), self._body(t)),
            "count_subquery": lambda t: s.CountSubquery(_at(t), self._body(t)),
        }

    # --- clauses ---

    def query(self, tree: _Tree, *, nested: bool) -> s.Query:
        parts = tuple(self._single(t, nested=nested) for t in _trees(tree, "single_query"))
        unions = _trees(tree, "union")
        kinds = {bool(union.children and len(union.children) > 1) for union in unions}
        if len(kinds) > 1:
            raise NotPortable(
                "UNION and UNION ALL cannot be mixed in one query; use one of them throughout.",
                construct="mixed UNION",
                line=unions[-1].meta.line,
                column=unions[-1].meta.column,
                name=self._name,
            )
        return s.Query(_at(tree), parts, all_rows=kinds == {True})

    def _single(self, tree: _Tree, *, nested: bool) -> s.SingleQuery:
        clauses = tuple(self._clause(_tree(child)) for child in tree.children)
        for clause in clauses[:-1]:
            if isinstance(clause, s.Return):
                raise self._error(clause.at, "RETURN must be the last clause of a query.")
        if not nested and not isinstance(clauses[-1], s.Return):
            raise self._error(clauses[-1].at, "The query ends without RETURN; add a RETURN clause.")
        return s.SingleQuery(_at(tree), clauses)

    def _clause(self, tree: _Tree) -> s.Clause:
        at = _at(tree)
        if tree.data == "match":
            optional = any(isinstance(c, Token) and c.type == "OPTIONAL" for c in tree.children)
            patterns = tuple(self._path(path) for path in _trees(tree, "path"))
            return s.Match(at, optional, patterns, self._where(tree))
        if tree.data == "unwind":
            return s.Unwind(at, self._first(tree), _identifier(tree.children[1]))
        projection = self._projection(_trees(tree, "projection")[0])
        if tree.data == "with_clause":
            return s.With(at, projection, self._where(tree))
        return s.Return(at, projection)

    def _where(self, tree: _Tree) -> s.Expression | None:
        return self._optional(tree, "where")

    def _optional(self, tree: _Tree, rule: str) -> s.Expression | None:
        """Return the expression in the child called `rule`, if there is one."""
        for child in _trees(tree, rule):
            if child.children:
                return self._first(child)
        return None

    def _projection(self, tree: _Tree) -> s.Projection:
        order = _trees(tree, "order")
        return s.Projection(
            _at(tree),
            distinct=any(isinstance(c, Token) and c.type == "DISTINCT" for c in tree.children),
            star=bool(_trees(tree, "star")),
            items=tuple(self._item(item) for item in _trees(tree, "item")),
            order=tuple(self._sort_item(key) for key in order[0].children) if order else (),
            skip=self._optional(tree, "skip"),
            limit=self._optional(tree, "limit"),
        )

    def _item(self, tree: _Tree) -> s.Item:
        expression = _tree(tree.children[0])
        alias = _identifier(tree.children[1]) if len(tree.children) > 1 else None
        written = self._text[expression.meta.start_pos : expression.meta.end_pos]
        return s.Item(_at(tree), self._expression(expression), alias, written)

    def _sort_item(self, child: _Child) -> s.SortItem:
        tree = _tree(child)
        last = tree.children[-1]
        return s.SortItem(
            _at(tree), self._first(tree), isinstance(last, Token) and last.type == "DESC"
        )

    # --- patterns ---

    def _path(self, tree: _Tree) -> s.PathPattern:
        name = tree.children[0]
        variable = _identifier(name) if isinstance(name, Token) else None
        nodes = tuple(self._node(t) for t in _trees(tree, "node", "first_node"))
        relationships = tuple(self._relationship(t) for t in _trees(tree, "relationship"))
        return s.PathPattern(_at(tree), variable, nodes, relationships)

    def _node(self, tree: _Tree) -> s.NodePattern:
        return s.NodePattern(
            _at(tree),
            _variable_of(tree),
            self._labels_in(tree, self._node_label),
            self._properties_of(tree),
            self._where(tree),
        )

    def _relationship(self, tree: _Tree) -> s.RelationshipPattern:
        arrows = {re.sub(r"\s", "", c) for c in tree.children if isinstance(c, Token)}
        left = any(arrow.startswith("<") for arrow in arrows)
        right = any(arrow.endswith(">") for arrow in arrows)
        bodies = _trees(tree, "rel_body")
        body = bodies[0] if bodies else tree
        hops = _trees(body, "hops")
        return s.RelationshipPattern(
            _at(tree),
            _variable_of(body),
            self._labels_in(body, self._label),
            "both" if left == right else "in" if left else "out",
            self._hops(hops[0], tree) if hops else None,
            self._properties_of(body),
            self._where(body),
        )

    def _hops(self, tree: _Tree, relationship: _Tree) -> s.HopRange:
        at = _at(tree) if not tree.meta.empty else _at(relationship)
        before: int | None = None
        after: int | None = None
        ranged = False
        for token in cast("list[Token]", tree.children):
            if token.type == "RANGE":
                ranged = True
            elif ranged:
                after = int(token)
            else:
                before = int(token)
        return s.HopRange(at, before, after if ranged else before)

    def _properties_of(self, tree: _Tree) -> s.MapLiteral | s.Parameter | None:
        for child in _trees(tree, "map"):
            return self._map(child)
        for child in _trees(tree, "parameter"):
            return self._parameter(child)
        return None

    def _labels_in(
        self, tree: _Tree, read: Callable[[_Tree], s.LabelExpression]
    ) -> s.LabelExpression | None:
        for child in tree.children:
            if isinstance(child, Tree):
                if child.data == "labels":
                    return read(_tree(child.children[0]))
                if str(child.data).startswith("label_"):
                    return read(child)
        return None

    def _node_label(self, tree: _Tree) -> s.LabelExpression:
        """Read the labels of a node, and remember in which of the two styles they are written."""
        for part in tree.iter_subtrees():
            if part.data != "label_name":
                style = "old" if part.data == "label_colon" else "new"
                self._label_styles.setdefault(style, _at(tree))
        return self._label(tree)

    def check_label_styles(self) -> None:
        """Refuse `:A:B` beside `|`, `&` or `!` in one query, as Neo4j does."""
        if len(self._label_styles) > 1:
            at = self._label_styles["old"]
            raise NotPortable(
                "A label expression that mixes ':' with '|', '&', '!' is not portable; write A&B.",
                construct="label expression that mixes ':' with '|', '&', '!'",
                line=at.line,
                column=at.column,
                name=self._name,
            )

    def _label(self, tree: _Tree) -> s.LabelExpression:
        at = _at(tree)
        if tree.data == "label_name":
            return s.LabelName(at, _identifier(tree.children[0]))
        if tree.data == "label_any":
            return s.LabelAny(at)
        operands = tuple(self._label(_tree(child)) for child in tree.children)
        if tree.data == "label_not":
            return s.LabelNot(at, operands[0])
        return s.LabelOr(at, operands) if tree.data == "label_or" else s.LabelAnd(at, operands)

    # --- expressions ---

    def _expression(self, child: _Child) -> s.Expression:
        tree = _tree(child)
        return self._expressions[str(tree.data)](tree)

    def _first(self, tree: _Tree) -> s.Expression:
        return self._expression(tree.children[0])

    def _binary(self, operator: s.BinaryOperator) -> Callable[[_Tree], s.Expression]:
        def build_binary(tree: _Tree) -> s.Expression:
            left, right = tree.children
            return s.Binary(_at(tree), operator, self._expression(left), self._expression(right))

        return build_binary

    def _infix(self, tree: _Tree) -> s.Expression:
        left, token, right = tree.children
        operator = cast("s.BinaryOperator", " ".join(str(token).lower().split()))
        return s.Binary(_at(tree), operator, self._expression(left), self._expression(right))

    def _comparison(self, tree: _Tree) -> s.Expression:
        operands = tuple(self._expression(c) for c in tree.children if isinstance(c, Tree))
        operators = tuple(str(c) for c in tree.children if isinstance(c, Token))
        return s.Comparison(
            _at(tree), operands, cast("tuple[s.ComparisonOperator, ...]", operators)
        )

    def _signed(self, tree: _Tree) -> s.Expression:
        sign, operand = str(tree.children[0]), _tree(tree.children[1])
        if operand.data == "literal":
            literal = self._literal(operand, negative=sign == "-")
            if isinstance(literal.value, int | float) and not isinstance(literal.value, bool):
                return s.Literal(_at(tree), literal.value)
        return s.Unary(_at(tree), "-" if sign == "-" else "+", self._expression(operand))

    def _slice(self, tree: _Tree) -> s.Expression:
        start = self._optional(tree, "slice_start")
        end = self._optional(tree, "slice_end")
        return s.Slice(_at(tree), self._first(tree), start, end)

    def _parenthesised_variable(self, tree: _Tree) -> s.Expression:
        token = tree.children[0]
        return s.Variable(_token_at(token), _identifier(token))

    def _has_labels(self, tree: _Tree) -> s.Expression:
        token, labels = tree.children
        subject = s.Variable(_token_at(token), _identifier(token))
        return s.HasLabels(_at(tree), subject, self._node_label(_tree(labels)))

    def _parameter(self, tree: _Tree) -> s.Parameter:
        return s.Parameter(_at(tree), _unquoted(str(tree.children[0])[1:]))

    def _literal(self, tree: _Tree, *, negative: bool = False) -> s.Literal:
        token = cast("Token", tree.children[0])
        return s.Literal(_at(tree), self._value(token, negative=negative))

    def _value(self, token: Token, *, negative: bool) -> str | int | float | bool | None:
        text = str(token)
        match token.type:
            case "NULL":
                return None
            case "TRUE" | "FALSE":
                return token.type == "TRUE"
            case "STRING":
                return self._string(text[1:-1], token)
            case "FLOAT":
                return self._float(text, token, negative=negative)
            case "INT":
                return self._integer(text, 10, token, negative=negative)
            case "HEX":
                return self._integer(text[2:], 16, token, negative=negative)
        return self._integer(text[2:], 8, token, negative=negative)

    def _integer(self, digits: str, base: int, token: Token, *, negative: bool) -> int:
        if base == 10 and len(digits) > 1 and digits.startswith("0"):
            raise self._error(
                _token_at(token), f"'{token}' is not a number: write it without a leading 0."
            )
        value = -int(digits, base) if negative else int(digits, base)
        if not -_MAX_INTEGER - 1 <= value <= _MAX_INTEGER:
            raise self._error(_token_at(token), f"The integer {token} does not fit into 64 bits.")
        return value

    def _float(self, text: str, token: Token, *, negative: bool) -> float:
        value = -float(text) if negative else float(text)
        if value in (float("inf"), float("-inf")):
            raise self._error(_token_at(token), f"The number {token} is too large for a float.")
        return value

    def _string(self, body: str, token: Token) -> str:
        def unescape(match: re.Match[str]) -> str:
            code = match[1]
            if len(code) > 1:
                return chr(int(code[1:], 16))
            if code not in _ESCAPES:
                raise self._error(_token_at(token), f"'\\{code}' is not an escape in a string.")
            return _ESCAPES[code]

        return _ESCAPE.sub(unescape, body)

    def _map(self, tree: _Tree) -> s.MapLiteral:
        entries = []
        for child in tree.children:
            key, value = _tree(child).children
            entries.append((_identifier(key), self._expression(value)))
        return s.MapLiteral(_at(tree), tuple(entries))

    def _comprehension(self, tree: _Tree) -> s.Expression:
        variable, source = tree.children[:2]
        result = self._optional(tree, "comprehension_result")
        return s.ListComprehension(
            _at(tree), _identifier(variable), self._expression(source), self._where(tree), result
        )

    def _quantifier(self, tree: _Tree) -> s.Expression:
        kind, variable, source = tree.children[:3]
        where = self._where(tree)
        if where is None:
            raise self._error(_at(tree), f"{kind}(…) needs a WHERE that says what must hold.")
        return s.Quantifier(
            _at(tree),
            cast("Literal['all', 'any', 'none', 'single']", str(kind).lower()),
            _identifier(variable),
            self._expression(source),
            where,
        )

    def _pattern_comprehension(self, tree: _Tree) -> s.Expression:
        pattern = self._path(_tree(tree.children[0]))
        return s.PatternComprehension(
            _at(tree), pattern, self._where(tree), self._expression(tree.children[-1])
        )

    def _case(self, tree: _Tree) -> s.Expression:
        branches = []
        for branch in _trees(tree, "when"):
            condition, result = branch.children
            branches.append((self._expression(condition), self._expression(result)))
        subject = self._optional(tree, "case_subject")
        return s.Case(_at(tree), subject, tuple(branches), self._optional(tree, "else_"))

    def _call(self, tree: _Tree) -> s.Expression:
        name, *rest = tree.children
        distinct = any(isinstance(child, Token) for child in rest)
        arguments = tuple(self._expression(child) for child in rest if isinstance(child, Tree))
        return s.FunctionCall(_at(tree), _identifier(name), arguments, distinct)

    def _body(self, tree: _Tree) -> s.Query:
        body = _tree(tree.children[0])
        if body.data == "query":
            return self.query(body, nested=True)
        at = _at(body)
        patterns = tuple(self._path(path) for path in _trees(body, "path"))
        match = s.Match(at, optional=False, patterns=patterns, where=self._where(body))
        return s.Query(at, (s.SingleQuery(at, (match,)),))

    def _error(self, at: s.Position, message: str) -> CypherSyntaxError:
        return CypherSyntaxError(message, line=at.line, column=at.column, name=self._name)


def _tree(child: _Child) -> _Tree:
    return cast("_Tree", child)


def _trees(tree: _Tree, *rules: str) -> list[_Tree]:
    return [c for c in tree.children if isinstance(c, Tree) and c.data in rules]


def _at(tree: _Tree) -> s.Position:
    return s.Position(tree.meta.line, tree.meta.column)


def _token_at(child: _Child) -> s.Position:
    token = cast("Token", child)
    return s.Position(token.line or 1, token.column or 1)


def _variable_of(tree: _Tree) -> str | None:
    for child in tree.children:
        if isinstance(child, Token) and child.type == "NAME":
            return _unquoted(str(child))
    return None


def _identifier(child: _Child) -> str:
    return _unquoted(str(child))


def _unquoted(text: str) -> str:
    return text[1:-1].replace("``", "`") if text.startswith("`") else text
