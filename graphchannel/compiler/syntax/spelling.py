"""A query's text with every type and label spelled out that its patterns leave open.

A published graph holds more than the declared one: relationships for people's eyes, findings, a
node of its own. Where a pattern names no type, or a node stands alone without a label, the declared
ones are written into the text, so that it means on a server what its compiled form means.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from lark import Token, Tree

from graphchannel.compiler.syntax.parse_tree import ParseTree, as_tree, subtrees, unquoted
from graphchannel.compiler.syntax.parser import parse_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graphchannel.schema.model import GraphSchema

_NODES = ("node", "first_node")
_SHORT = {"HOP_BOTH": "-", "HOP_BOTH_ARROWS": "-", "HOP_RIGHT": "->", "HOP_LEFT": "-"}
_OPEN = {"label_not", "label_any"}  # what more labels than the declared ones can satisfy

Edit = tuple[int, int, int, str]  # from, to, rank among those of one place, what stands there


def spelled_out(text: str, schema: GraphSchema) -> str:
    """Return a query that means the schema's graph, whatever else the server's graph holds.

    A text that names all its types and labels comes back as it is. Raises CypherSyntaxError and
    NotPortable like `parse`.
    """
    edits = list(_Speller(text, schema).edits(parse_tree(text)))
    for start, end, _, instead in sorted(set(edits), reverse=True):
        text = text[:start] + instead + text[end:]
    return text


class _Speller:
    def __init__(self, text: str, schema: GraphSchema) -> None:
        self._text = text
        self._types = _joined(schema.types)
        self._labels = _joined(schema.labels)

    def edits(self, whole: ParseTree) -> Iterator[Edit]:
        """Yield the changes; Neo4j refuses `:A:B` beside `|`, so that is written anew as well."""
        found = list(self._found(whole))
        yield from found
        yield from self._names(whole, found)
        if any(mark in instead for *_, instead in found for mark in "|&"):
            for tree in whole.iter_subtrees():
                if tree.data == "label_colon":
                    yield from self._ampersands(tree)

    def _names(self, whole: ParseTree, found: list[Edit]) -> Iterator[Edit]:
        """Name what is returned under its text, where that text changes."""
        for tree in whole.iter_subtrees():
            if tree.data == "item" and len(tree.children) == 1:
                start, end = tree.meta.start_pos, tree.meta.end_pos
                if any(start <= edit[0] and edit[1] <= end for edit in found):
                    name = self._text[start:end].replace("`", "``")
                    yield end, end, 1, f" AS `{name}`"

    def _found(self, whole: ParseTree) -> Iterator[Edit]:
        for tree in whole.iter_subtrees():
            if tree.data == "relationship":
                yield from self._relationship(tree)
            elif tree.data == "call":
                yield from self._call(tree)
            elif subtrees(tree, *_NODES):
                yield from self._alone(tree)

    def _relationship(self, tree: ParseTree) -> Iterator[Edit]:
        labels = _labels_of(tree)
        if labels:
            yield from self._narrowed(labels[0], self._types)
            return
        first = _token(tree.children[0])
        if first.type in _SHORT:
            left = "<-" if first.type == "HOP_LEFT" else "-"
            written = f"{left}[:{self._types}]{_SHORT[first.type]}"
            yield _start(first), _end(first), 0, written
            return
        body = subtrees(tree, "rel_body")
        place = _after_name(body[0]) if body else None
        at = _end(first) if place is None else place
        yield at, at, 0, f":{self._types}"

    def _alone(self, path: ParseTree) -> Iterator[Edit]:
        """Spell the labels of nodes that no relationship of at least one hop touches."""
        parts = subtrees(path, *_NODES, "relationship")
        for i, part in enumerate(parts):
            if part.data not in _NODES:
                continue
            beside = (*parts[max(i - 1, 0) : i], *parts[i + 1 : i + 2])
            if any(_takes_a_hop(one) for one in beside):
                continue
            labels = subtrees(part, "labels")
            direct = [c for c in part.children if isinstance(c, Tree) and c.data in _LABELS]
            if labels or direct:
                yield from self._narrowed((labels or direct)[0], self._labels)
            else:
                place = _after_name(part)
                at = part.meta.start_pos + 1 if place is None else place
                yield at, at, 0, f":{self._labels}"

    def _narrowed(self, labels: ParseTree, declared: str) -> Iterator[Edit]:
        """Spell what `!` and `%` leave open."""
        inner = as_tree(labels.children[0]) if labels.data == "labels" else labels
        if not any(part.data in _OPEN for part in inner.iter_subtrees()):
            return
        start, end = inner.meta.start_pos, inner.meta.end_pos
        yield start, start, 0, "("
        yield end, end, 0, f")&({declared})"

    def _call(self, tree: ParseTree) -> Iterator[Edit]:
        """Cut labels() and keys() down to what is declared."""
        name = str(tree.children[0]).lower()
        start, end = tree.meta.start_pos, tree.meta.end_pos
        if name == "labels":
            names = ", ".join(f"'{label}'" for label in unquoted_all(self._labels))
            yield start, start, 0, "[`a label` IN "
            yield end, end, 0, f" WHERE `a label` IN [{names}]]"
        elif name == "keys":
            yield start, start, 0, "[`a key` IN "
            yield end, end, 0, " WHERE NOT `a key` STARTS WITH '_']"

    def _ampersands(self, tree: ParseTree) -> Iterator[Edit]:
        parts = [as_tree(child) for child in tree.children]
        for before, after in pairwise(parts):
            at = self._text.index(":", before.meta.end_pos, after.meta.start_pos)
            yield at, at + 1, 0, "&"


_LABELS = ("label_name", "label_any", "label_not", "label_and", "label_or", "label_colon")


def unquoted_all(joined: str) -> list[str]:
    """Return the names in `A|B`."""
    return [unquoted(name) for name in joined.split("|")]


def _joined(names: Iterable[str]) -> str:
    return "|".join(name if name.isidentifier() else f"`{name}`" for name in sorted(names))


def _labels_of(relationship: ParseTree) -> list[ParseTree]:
    return [
        label for body in subtrees(relationship, "rel_body") for label in subtrees(body, "labels")
    ]


def _takes_a_hop(tree: ParseTree) -> bool:
    """Whether a relationship pattern stands for one relationship at least: `*0..` does not."""
    if tree.data != "relationship" or subtrees(tree, "times"):
        return False
    for body in subtrees(tree, "rel_body"):
        for hops in subtrees(body, "hops"):
            first = hops.children[0] if hops.children else None
            return not (isinstance(first, Token) and first.type == "INT" and int(first) == 0)
    return True


def _after_name(tree: ParseTree) -> int | None:
    first = tree.children[0] if tree.children else None
    return _end(first) if isinstance(first, Token) and first.type == "NAME" else None


def _token(child: object) -> Token:
    if not isinstance(child, Token):
        raise TypeError("a hop begins with its arrow")
    return child


def _start(token: Token) -> int:
    return token.start_pos or 0


def _end(token: Token) -> int:
    return token.end_pos or 0
