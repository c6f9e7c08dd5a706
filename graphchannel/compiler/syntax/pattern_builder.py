"""Patterns of the syntax tree, from the parse tree."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

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
from graphchannel.compiler.syntax.repetitions import UNNAMED, not_repeated, repetitions

if TYPE_CHECKING:
    from collections.abc import Callable


class PatternTrees(ExpressionTrees):
    """Adds nodes, relationships and paths."""

    def _path(self, tree: ParseTree) -> s.PathPattern:
        name = tree.children[0]
        variable = identifier(name) if isinstance(name, Token) else None
        selector: s.Selector | None = None
        for inner in subtrees(tree, "shortest", "selected"):
            tree, selector = inner, self._selector(str(inner.children[0]).lower(), position(inner))
        nodes = tuple(self._node(t) for t in subtrees(tree, "node", "first_node"))
        relationships = tuple(
            self._relationship(t) if t.data == "relationship" else self._quantified(t)
            for t in subtrees(tree, "relationship", "quantified")
        )
        if len(nodes) == len(relationships):  # the path ends with what is quantified
            nodes = (*nodes, s.NodePattern(relationships[-1].at, None, None, None, None))
        return s.PathPattern(position(tree), variable, nodes, relationships, selector)

    def _selector(self, words: str, at: s.Position) -> s.Selector:
        """Read `ALL SHORTEST`, `SHORTEST k`, `SHORTEST k GROUPS`, `ANY k` or `shortestPath`."""
        if words.startswith("all"):
            return s.Selector(1, groups=True)
        number = re.search(r"\d+", words)
        count = int(number[0]) if number else 1
        if count == 0:
            raise self._error(at, "The number of paths is 1 or more.")
        return s.Selector(count, groups="group" in words)

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
        quantifiers = subtrees(tree, "times")
        self._check_types(body, ranged=bool(hops))
        if hops and quantifiers:
            raise self._error(position(tree), "Write either *1..3 or {1,3}, not both.")
        range_ = self._hops(hops[0], tree) if hops else None
        return s.RelationshipPattern(
            position(tree),
            variable_of(body),
            self._labels_in(body, self._label),
            "both" if left == right else "in" if left else "out",
            _times(quantifiers[0], position(tree)) if quantifiers else range_,
            self._properties_of(body),
            None if quantifiers else self._where(body),
            quantified=bool(quantifiers),
            repeated=self._each(body) if quantifiers else (),
        )

    def _each(self, body: ParseTree) -> tuple[s.Repetition, ...]:
        """Return what `-[r WHERE …]->{m,n}` asks of each relationship."""
        where, name = self._where(body), variable_of(body)
        if where is None:
            return ()
        return (s.Repetition("relationship", name or UNNAMED, where),)

    def _quantified(self, tree: ParseTree) -> s.RelationshipPattern:
        """Build `((a)-[r:T]->(b) WHERE …){m,n}` as `-[r:T*m..n]->`, which is the same path.

        What is asked of each repetition is kept beside it.
        """
        first, second = (self._node(t) for t in subtrees(tree, "node"))
        inner = self._relationship(subtrees(tree, "relationship")[0])
        if inner.hops is not None:
            raise not_repeated(self._name, position(tree))
        hops = _times(subtrees(tree, "times")[0], position(tree))
        names = tuple(n.variable for n in (first, second) if n.variable is not None)
        repeated = repetitions(self._name, first, inner, second, self._where(tree))
        return replace(
            inner, hops=hops, quantified=True, inner=names, where=None, repeated=repeated
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
            if any(part.data == "label_colon" for part in labels.iter_subtrees()):
                raise self._error(position(labels), "A relationship has one type; write A|B.")
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


def _times(tree: ParseTree, at: s.Position) -> s.HopRange:
    """Read `+`, `*`, `{n}` or `{m,n}`."""
    tokens = cast("list[Token]", tree.children)
    if tokens[0].type in ("PLUS", "STAR"):
        return s.HopRange(at, 1 if tokens[0].type == "PLUS" else 0, None)
    places = [i for i, token in enumerate(tokens) if token.type == "COMMA"]
    numbers = [int(token) for token in tokens if token.type == "INT"]
    if not places:
        return s.HopRange(at, numbers[0], numbers[0])
    before = [int(token) for token in tokens[: places[0]]]
    after = [int(token) for token in tokens[places[0] + 1 :]]
    return s.HopRange(at, before[0] if before else 0, after[0] if after else None)
