"""The notation in which the TCK writes values: literals, lists, maps, nodes, paths."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.compiler.reference.graph import Node, Path, Relationship

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.compiler.reference.graph import Value

TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<float>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<integer>\d+)
      | (?P<name>[^\W\d]\w*|`(?:[^`]|``)*`)
      | (?P<sign>\.\.|.)""",
    re.VERBOSE | re.DOTALL,
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
WORDS: Mapping[str, Value] = {
    "null": None,
    "true": True,
    "false": False,
    "NaN": float("nan"),
    "Inf": float("inf"),
}


class NotationError(ValueError):
    """A text is not written in the part of the notation that is understood here."""


@dataclass(frozen=True, slots=True)
class Token:
    """One token; `kind` is a group name of TOKEN, or `end`."""

    kind: str
    text: str


class Tokens:
    """A cursor over the tokens of a text."""

    def __init__(self, text: str) -> None:
        self.tokens = [
            Token(str(match.lastgroup), match.group())
            for match in TOKEN.finditer(text)
            if match.lastgroup != "space"
        ]
        self.position = 0

    def peek(self, ahead: int = 0) -> Token:
        """Return the token `ahead` of the next one without taking it."""
        at = self.position + ahead
        return self.tokens[at] if at < len(self.tokens) else Token("end", "")

    def sees(self, *texts: str) -> bool:
        """Say whether the next tokens read `texts`."""
        return all(self.peek(i).text == text for i, text in enumerate(texts))

    def takes(self, *texts: str) -> bool:
        """Take the next tokens if they read `texts`."""
        if not self.sees(*texts):
            return False
        self.position += len(texts)
        return True

    def take(self, kind: str | None = None, text: str | None = None) -> Token:
        """Take the next token; raise NotationError if it is another kind or text."""
        token = self.peek()
        if (kind and token.kind != kind) or (text and token.text != text):
            raise NotationError(f"Expected {text or kind}, saw '{token.text}'.")
        self.position += 1
        return token

    def name(self) -> str:
        """Take a name and remove its backticks."""
        text = self.take("name").text
        return text[1:-1].replace("``", "`") if text.startswith("`") else text

    def finish(self) -> None:
        """Raise NotationError unless everything was taken."""
        if self.peek().kind != "end":
            raise NotationError(f"Did not expect '{self.peek().text}'.")


def parse_value(text: str) -> Value:
    """Read one cell of an expected table or of a parameter table."""
    tokens = Tokens(text)
    value = read_value(tokens)
    tokens.finish()
    return value


def unquote(text: str) -> str:
    r"""Return the string that a quoted literal stands for (``\'``, ``\n``, ``\u0041`` …)."""

    def replace(match: re.Match[str]) -> str:
        escape = match.group(1)
        return chr(int(escape[1:], 16)) if len(escape) > 1 else ESCAPES.get(escape, escape)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", replace, text[1:-1], flags=re.DOTALL)


def read_value(tokens: Tokens) -> Value:
    """Read one value in result notation."""
    token = tokens.peek()
    if token.text == "(":
        return read_node(tokens)
    if token.text == "<":
        return read_path(tokens)
    if tokens.sees("[", ":"):
        return read_relationship(tokens, 0, 0)
    if token.text == "[":
        return read_list(tokens)
    if token.text == "{":
        return read_map(tokens)
    return read_scalar(tokens)


def read_scalar(tokens: Tokens) -> Value:
    """Read a number, string, boolean, null, NaN or Inf."""
    negative = tokens.takes("-")
    token = tokens.take()
    if token.kind == "integer":
        return -int(token.text) if negative else int(token.text)
    if token.kind == "float":
        return -float(token.text) if negative else float(token.text)
    if token.text == "Inf":
        return float("-inf") if negative else float("inf")
    if token.kind == "string" and not negative:
        return unquote(token.text)
    if token.kind == "name" and token.text in WORDS and not negative:
        return WORDS[token.text]
    raise NotationError(f"'{token.text}' is not a value.")


def read_list(tokens: Tokens) -> list[Value]:
    """Read `[value, …]`."""
    tokens.take(text="[")
    values: list[Value] = []
    while not tokens.takes("]"):
        if values:
            tokens.take(text=",")
        values.append(read_value(tokens))
    return values


def read_map(tokens: Tokens) -> dict[str, Value]:
    """Read `{key: value, …}`."""
    tokens.take(text="{")
    values: dict[str, Value] = {}
    while not tokens.takes("}"):
        if values:
            tokens.take(text=",")
        key = tokens.name()
        tokens.take(text=":")
        values[key] = read_value(tokens)
    return values


def read_labels(tokens: Tokens) -> frozenset[str]:
    """Read `:A:B`, or nothing."""
    labels = set()
    while tokens.takes(":"):
        labels.add(tokens.name())
    return frozenset(labels)


def read_node(tokens: Tokens, identity: int = 0) -> Node:
    """Read `(:Label {key: value})`; only labels and properties mean anything."""
    tokens.take(text="(")
    labels = read_labels(tokens)
    properties = read_map(tokens) if tokens.sees("{") else {}
    tokens.take(text=")")
    return Node(identity, labels, properties)


def read_relationship(tokens: Tokens, source: int, target: int) -> Relationship:
    """Read `[:TYPE {key: value}]`."""
    tokens.take(text="[")
    tokens.take(text=":")
    name = tokens.name()
    properties = read_map(tokens) if tokens.sees("{") else {}
    tokens.take(text="]")
    return Relationship(0, name, source, target, properties)


def read_path(tokens: Tokens) -> Path:
    """Read `<(node)-[rel]->(node)<-[rel]-(node)>`; nodes are numbered along the path."""
    tokens.take(text="<")
    nodes = [read_node(tokens, 0)]
    relationships = []
    while not tokens.takes(">"):
        here, there = len(nodes) - 1, len(nodes)
        backward = tokens.takes("<", "-")
        if not backward:
            tokens.take(text="-")
        ends = (there, here) if backward else (here, there)
        relationships.append(read_relationship(tokens, *ends))
        tokens.take(text="-")
        if not backward:
            tokens.take(text=">")
        nodes.append(read_node(tokens, there))
    return Path(tuple(nodes), tuple(relationships))
