"""Small questions to Lark's parse tree."""

from __future__ import annotations

from typing import cast

from lark import Token, Tree

from graphchannel.compiler import syntax as s

ParseTree = Tree[Token]


Child = Tree[Token] | Token


def as_tree(child: Child) -> ParseTree:
    """Return a child that the grammar says is a tree."""
    return cast("ParseTree", child)


def subtrees(tree: ParseTree, *rules: str) -> list[ParseTree]:
    """Return the children made by one of the rules."""
    return [c for c in tree.children if isinstance(c, Tree) and c.data in rules]


def position(tree: ParseTree) -> s.Position:
    """Return where a tree begins."""
    return s.Position(tree.meta.line, tree.meta.column)


def token_position(child: Child) -> s.Position:
    """Return where a token begins."""
    token = cast("Token", child)
    return s.Position(token.line or 1, token.column or 1)


def variable_of(tree: ParseTree) -> str | None:
    """Return the name that stands directly in a tree, if one does."""
    for child in tree.children:
        if isinstance(child, Token) and child.type == "NAME":
            return unquoted(str(child))
    return None


def identifier(child: Child) -> str:
    """Return a name without its backticks."""
    return unquoted(str(child))


def unquoted(text: str) -> str:
    """Return a name without its backticks."""
    return text[1:-1].replace("``", "`") if text.startswith("`") else text


def signs_clash(operand: ParseTree) -> bool:
    """Whether what stands behind a sign has one of its own, other than a negative number."""
    if operand.data != "signed":
        return False
    sign, inner = operand.children
    return str(sign) != "-" or as_tree(inner).data != "literal"
