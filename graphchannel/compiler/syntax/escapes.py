r"""A query's text as every server reads it: no unicode escapes, nothing in its comments.

Neo4j 5 turns ``\u000a`` into a line end before it reads anything else, also in comments: what is a
comment here would be a clause there. Escapes are refused outside texts, in texts they are decoded.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from graphchannel.errors import NotPortable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check_escapes", "without_escapes"]

_PIECE = re.compile(
    r"""(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"|(?P<name>`(?:[^`]|``)*`)"
    r"|(?P<comment>//[^\n]*|/\*.*?\*/)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?P<code>u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_BACKSLASH_BEFORE_U = re.compile(r"\\\\(?=u)")
_WRITTEN = {"'": r"\'", '"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_NOT_LINE_END = re.compile(r"[^\n]")


def check_escapes(text: str, name: str) -> None:
    r"""Raise NotPortable for a ``\u`` outside texts, or one in a text without four digits."""
    for match in _PIECE.finditer(text):
        if "\\u" not in match[0]:
            continue
        if match["text"] is None:
            raise _refused(
                text, match.start() + match[0].index("\\u"), name, "write the character itself"
            )
        for escape in _ESCAPE.finditer(match[0]):
            if escape["code"] == "u":
                at = match.start() + escape.start()
                raise _refused(text, at, name, "four hexadecimal digits follow it in a text")


def without_escapes(text: str) -> str:
    r"""Return a query with comments as blanks and escapes such as ``\u0041`` as characters.

    It means the same, on the same lines.

    >>> print(without_escapes(r"RETURN /* of \n */ 'O\u0027Neil' AS a"))
    RETURN             'O\'Neil' AS a
    """
    return "".join(_spelled(text))


def _spelled(text: str) -> Iterator[str]:
    end = 0
    for match in _PIECE.finditer(text):
        yield text[end : match.start()]
        end = match.end()
        if match["comment"] is not None:
            yield _NOT_LINE_END.sub(" ", match[0])
        elif match["text"] is not None and "\\u" in match[0]:
            yield _decoded(match[0])
        else:
            yield match[0]
    yield text[end:]


def _decoded(written: str) -> str:
    """Decode the unicode escapes of a text; a backslash before u gets a text of its own."""
    quote = written[0]
    plain = _PAIR.sub(_character, _ESCAPE.sub(_unescaped, written[1:-1]))
    apart = _BACKSLASH_BEFORE_U.sub(rf"\g<0>{quote} + {quote}", plain)
    return f"({quote}{apart}{quote})" if apart != plain else f"{quote}{plain}{quote}"


def _unescaped(escape: re.Match[str]) -> str:
    code = escape["code"]
    if len(code) == 1:
        return escape[0]
    character = chr(int(code[1:], 16))
    return _WRITTEN.get(character, character)


def _character(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _refused(text: str, at: int, name: str, instead: str) -> NotPortable:
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    line = bisect_right(starts, at)
    return NotPortable(
        rf"\u is not portable here, some releases of Neo4j read it everywhere; {instead}.",
        construct="unicode escape",
        line=line,
        column=at - starts[line - 1] + 1,
        name=name,
    )
