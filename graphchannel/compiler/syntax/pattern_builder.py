"""Patterns of the syntax tree, from the parse tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, cast

from lark import Token, Tree

from graphchannel.compiler import syntax as s
from graphchannel.compiler.syntax.expression_builder import ExpressionTrees
from graphchannel.compiler.syntax.parse_tree import (
    ParseTree,
    as_tree,
    identifier,
    position,
    subtrees,
    variable_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable


class PatternTrees(ExpressionTrees):
    """Adds nodes, relationships and paths."""

    def _path(self, tree: ParseTree) -> s.PathPattern:
        name = tree.children[0]
        variable = identifier(name) if isinstance(name, Token) else None
        kind: Literal["one", "all"] | None = None
        for inner in subtrees(tree, "shortest"):
            tree, kind = inner, "all" if str(inner.children[0]).lower()[0] == "a" else "one"
        nodes = tuple(self._node(t) for t in subtrees(tree, "node", "first_node"))
        relationships = tuple(self._relationship(t) for t in subtrees(tree, "relationship"))
        return s.PathPattern(position(tree), variable, nodes, relationships, kind)

    def _node(self, tree: ParseTree) -> s.NodePattern:
        return s.NodePattern(
            position(tree),
            variable_of(tree),
            self._labels_in(tree, self._node_label),
            self._properties_of(tree),
            self._where(tree),
        )

    def _relationship(self, tree: ParseTree) -> s.RelationshipPattern:
        arrows = {re.sub(r"\s", "", c) for c in tree.children if isinstance(c, Token)}
        left = any(arrow.startswith("<") for arrow in arrows)
        right = any(arrow.endswith(">") for arrow in arrows)
        bodies = subtrees(tree, "rel_body")
        body = bodies[0] if bodies else tree
        hops = subtrees(body, "hops")
        self._check_types(body, ranged=bool(hops))
        return s.RelationshipPattern(
            position(tree),
            variable_of(body),
            self._labels_in(body, self._label),
            "both" if left == right else "in" if left else "out",
            self._hops(hops[0], tree) if hops else None,
            self._properties_of(body),
            self._where(body),
        )

    def _check_types(self, body: ParseTree, *, ranged: bool) -> None:
        """Refuse types that Neo4j refuses: `:R|:S` beside more, expressions in a path."""
        for labels in subtrees(body, "labels"):
            tokens = labels.scan_values(
                lambda found: isinstance(found, Token) and found.type == "BAR_COLON"
            )
            more = ranged or variable_of(body) is not None or len(body.children) > 1
            if more and any(tokens):
                raise self._error(
                    position(labels), "'|:' cannot stand beside a name or a range; write A|B."
                )
            odd = ("label_not", "label_and", "label_any", "label_colon")
            if ranged and any(part.data in odd for part in labels.iter_subtrees()):
                raise self._error(
                    position(labels),
                    "A path of several hops takes type names only, such as :A|B, no '!', '&', '%'.",
                )

    def _hops(self, tree: ParseTree, relationship: ParseTree) -> s.HopRange:
        at = position(tree) if not tree.meta.empty else position(relationship)
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

    def _properties_of(self, tree: ParseTree) -> s.MapLiteral | s.ParameterReference | None:
        for child in subtrees(tree, "map"):
            return self._map(child)
        for child in subtrees(tree, "parameter"):
            return self._parameter(child)
        return None

    def _labels_in(
        self, tree: ParseTree, read: Callable[[ParseTree], s.LabelExpression]
    ) -> s.LabelExpression | None:
        for child in tree.children:
            if isinstance(child, Tree):
                if child.data == "labels":
                    return read(as_tree(child.children[0]))
                if str(child.data).startswith("label_"):
                    return read(child)
        return None
