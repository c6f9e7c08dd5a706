"""Regular expressions: the part of Java's that the SQL engines read alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graphchannel.compiler import syntax as s
from graphchannel.compiler import types as t
from graphchannel.compiler.values.model import Scalar, Value
from graphchannel.compiler.values.representation import (
    UNKNOWN,
    as_scalar,
    boolean,
    is_null_value,
)

if TYPE_CHECKING:
    from graphchannel.compiler.values.context import Context, Lowering

_TOKEN = re.compile(
    r"""
    \\[dDwW]                         # classes that both read as ASCII
    | \\s | \\S
    | \\[.\\|()\[\]{}^$*+?/\-"']     # an escaped sign
    | \[\^?(?:[^\[\]\\&^]|\\[dw.\\\-\[\]])+\]  # a simple class
    | \(\?: | \((?!\?) | \) | \|
    | [*+?]\?? | \{\d{1,3}(?:,\d{0,3})?\}\??
    | \.
    | [^\\\[\](){}*+?|.^$]           # anything that stands for itself
    """,
    re.VERBOSE,
)
_SPACE = r"[ \t\n\x0B\f\r]"
_LINES = r"[^\n\r\x{85}\x{2028}\x{2029}]"  # what Java's `.` matches
_MEANT = {r"\s": _SPACE, r"\S": r"[^ \t\n\x0B\f\r]", ".": _LINES}
_POSSESSIVE = re.compile(r"[*+?}]\+")


def matches(lowering: Lowering, node: s.Binary, context: Context) -> Value:
    """Lower `text =~ pattern`: the whole text must match a literal pattern."""
    session = lowering.session
    text = lowering.lower(node.left, context, t.STRING)
    if text.type not in (t.STRING, t.NULL) or not isinstance(text, Scalar):
        raise session.mismatch(node.at, f"=~ looks into texts, this is {text.type}.")
    if isinstance(node.right, s.Literal) and node.right.value is None:
        return UNKNOWN
    pattern = node.right.value if isinstance(node.right, s.Literal) else None
    if not isinstance(pattern, str):
        raise session.refuse(node.right.at, "=~ with a computed pattern", "write the pattern")
    common = _common(pattern)
    if common is None:
        raise session.refuse(
            node.right.at,
            f"the regular expression '{pattern}'",
            "use classes, groups, | and * + ? {n,m}, or STARTS WITH, ENDS WITH and CONTAINS",
        )
    if is_null_value(text):
        return UNKNOWN
    found = session.dialect.matches(as_scalar(session, node.at, text).sql, common)
    return boolean(found, text)


def _common(pattern: str) -> str | None:
    """Return the pattern, anchored, in the words of RE2 and Java; None for one beyond them."""
    flags = ""
    if pattern.startswith("(?i)"):
        if not pattern.isascii():
            return None
        flags, pattern = "(?i)", pattern[4:]
    body = pattern.removeprefix("^")
    if body.endswith("$") and not body.endswith("\\$"):
        body = body[:-1]
    if _POSSESSIVE.search(re.sub(r"\\.", "", body)):
        return None
    parts, at = [], 0
    while at < len(body):
        token = _TOKEN.match(body, at)
        if token is None:
            return None
        parts.append(_MEANT.get(token[0], token[0]))
        at = token.end()
    try:
        re.compile(body)
    except re.error:
        return None
    return rf"{flags}\A(?:{''.join(parts)})\z"
