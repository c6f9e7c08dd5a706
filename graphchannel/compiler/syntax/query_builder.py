"""From Lark's parse tree to the syntax tree.

Only what the grammar cannot say is checked here: the size of integers, the order of clauses, one
kind of UNION. Everything else about meaning is left to the lowering.
"""

from __future__ import annotations

from lark import Token

from graphchannel.compiler import syntax as s
from graphchannel.compiler.syntax.parse_tree import (
    Child,
    ParseTree,
    as_tree,
    identifier,
    position,
    subtrees,
)
from graphchannel.compiler.syntax.pattern_builder import PatternTrees
from graphchannel.compiler.syntax.repetitions import spelled
from graphchannel.errors import NotPortable


def build(tree: ParseTree, text: str, name: str) -> s.RegularQuery:
    """Return the query that a parse tree of `text` stands for.

    `name` goes into errors: CypherSyntaxError, or NotPortable for a mixture of UNION and UNION ALL.
    """
    builder = _QueryBuilder(text, name)
    query = builder.query(as_tree(tree.children[0]), nested=False)
    builder.check_label_styles()
    return query


class _QueryBuilder(PatternTrees):
    """Adds clauses and whole queries."""

    def query(self, tree: ParseTree, *, nested: bool) -> s.RegularQuery:
        """Build a query; one in braces is `nested`, and may end without RETURN.

        Raises NotPortable for UNION and UNION ALL in one query.
        """
        parts = tuple(self._single(t, nested=nested) for t in subtrees(tree, "single_query"))
        unions = subtrees(tree, "union")
        kinds = {bool(union.children and len(union.children) > 1) for union in unions}
        if len(kinds) > 1:
            raise NotPortable(
                "UNION and UNION ALL cannot be mixed in one query; use one of them throughout.",
                construct="mixed UNION",
                line=unions[-1].meta.line,
                column=unions[-1].meta.column,
                name=self._name,
            )
        return s.RegularQuery(position(tree), parts, all_rows=kinds == {True})

    def _single(self, tree: ParseTree, *, nested: bool) -> s.SingleQuery:
        clauses = tuple(self._clause(as_tree(child)) for child in tree.children)
        for clause in clauses[:-1]:
            if isinstance(clause, s.Return):
                raise self._error(clause.at, "RETURN must be the last clause of a query.")
        if not nested and not isinstance(clauses[-1], s.Return):
            raise self._error(clauses[-1].at, "The query ends without RETURN; add a RETURN clause.")
        return s.SingleQuery(position(tree), clauses)

    def _clause(self, tree: ParseTree) -> s.Clause:
        at = position(tree)
        if tree.data == "match":
            optional = any(isinstance(c, Token) and c.type == "OPTIONAL" for c in tree.children)
            patterns = tuple(self._path(path) for path in subtrees(tree, "path"))
            return spelled(self._name, s.Match(at, optional, patterns, self._where(tree)))
        if tree.data == "unwind":
            return s.Unwind(at, self._first(tree), identifier(tree.children[1]))
        if tree.data == "call_clause":
            return self._call_clause(tree)
        projection = self._projection(subtrees(tree, "projection")[0])
        if tree.data == "with_clause":
            return s.With(at, projection, self._where(tree))
        return s.Return(at, projection)

    def _call_clause(self, tree: ParseTree) -> s.CallSubquery:
        optional = any(isinstance(c, Token) and c.type == "OPTIONAL" for c in tree.children)
        scopes = subtrees(tree, "call_scope")
        every = any(bool(subtrees(scope, "star")) for scope in scopes)
        names = [identifier(c) for scope in scopes for c in scope.children if isinstance(c, Token)]
        query = self.query(subtrees(tree, "query")[0], nested=False)
        imports = tuple(names) if scopes else None
        return s.CallSubquery(position(tree), optional, imports, every, query)

    def _projection(self, tree: ParseTree) -> s.ProjectionBody:
        order = subtrees(tree, "order")
        return s.ProjectionBody(
            position(tree),
            distinct=any(isinstance(c, Token) and c.type == "DISTINCT" for c in tree.children),
            star=bool(subtrees(tree, "star")),
            items=tuple(self._item(item) for item in subtrees(tree, "item")),
            order=tuple(self._sort_item(key) for key in order[0].children) if order else (),
            skip=self._optional(tree, "skip"),
            limit=self._optional(tree, "limit"),
        )

    def _item(self, tree: ParseTree) -> s.Item:
        expression = as_tree(tree.children[0])
        alias = identifier(tree.children[1]) if len(tree.children) > 1 else None
        written = self._text[expression.meta.start_pos : expression.meta.end_pos]
        return s.Item(position(tree), self._expression(expression), alias, written)

    def _sort_item(self, child: Child) -> s.SortItem:
        tree = as_tree(child)
        last = tree.children[-1]
        return s.SortItem(
            position(tree), self._first(tree), isinstance(last, Token) and last.type == "DESC"
        )

    def check_label_styles(self) -> None:
        """Raise NotPortable for `:A:B` beside `|`, `&` or `!` in one query, as Neo4j refuses it."""
        if len(self._label_styles) > 1:
            at = self._label_styles["old"]
            raise NotPortable(
                "A label expression that mixes ':' with '|', '&', '!' is not portable; write A&B.",
                construct="label expression that mixes ':' with '|', '&', '!'",
                line=at.line,
                column=at.column,
                name=self._name,
            )
