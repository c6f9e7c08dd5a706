"""The values that literals stand for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from graphchannel.compiler.syntax.base import Position
from graphchannel.compiler.syntax.parse_tree import token_position
from graphchannel.errors import CypherSyntaxError

if TYPE_CHECKING:
    from lark import Token

Complaint: TypeAlias = Callable[[Position, str], CypherSyntaxError]

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
}


_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)


def literal_value(
    token: Token, error: Complaint, *, negative: bool
) -> str | int | float | bool | None:
    """Return the value of a literal; `error` makes the exception for what is none."""
    text = str(token)
    match token.type:
        case "NULL":
            return None
        case "TRUE" | "FALSE":
            return token.type == "TRUE"
        case "STRING":
            return _string(text[1:-1], token, error)
        case "FLOAT":
            return _float(text, token, error, negative=negative)
        case "INT":
            return _integer(text, 10, token, error, negative=negative)
        case "HEX":
            return _integer(text[2:], 16, token, error, negative=negative)
    return _integer(text[2:], 8, token, error, negative=negative)


def _integer(digits: str, base: int, token: Token, error: Complaint, *, negative: bool) -> int:
    if base == 10 and len(digits) > 1 and digits.startswith("0"):
        raise error(
            token_position(token), f"'{token}' is not a number: write it without a leading 0."
        )
    value = -int(digits, base) if negative else int(digits, base)
    if not -_MAX_INTEGER - 1 <= value <= _MAX_INTEGER:
        raise error(token_position(token), f"The integer {token} does not fit into 64 bits.")
    return value


def _float(text: str, token: Token, error: Complaint, *, negative: bool) -> float:
    value = -float(text) if negative else float(text)
    if value in (float("inf"), float("-inf")):
        raise error(token_position(token), f"The number {token} is too large for a float.")
    return value


def _string(body: str, token: Token, error: Complaint) -> str:
    text = _ESCAPE.sub(lambda escape: _unescaped(escape[1]), body)
    # two escapes may make up one character, as in UTF-16
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise error(
            token_position(token),
            "Half of a surrogate pair is no character; write the character itself.",
        ) from None


def _unescaped(code: str) -> str:
    if len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, f"\\{code}")  # what is no escape stands for itself
