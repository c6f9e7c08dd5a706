"""What is sent to a server reads there as it was read here."""

from __future__ import annotations

import pytest

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler import without_escapes
from graphchannel.errors import CypherError, NotPortable
from tests.compiler.sample import SCHEMA

ESCAPED = "\\u000a"


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        (f"// why {ESCAPED} MATCH (n) DETACH DELETE n\nRETURN 1 AS a", 1, 8),
        (f"RETURN 1 AS a // {ESCAPED}, 2 AS b", 1, 18),
        (f"RETURN 1 AS a\n/* two\n{ESCAPED} */", 3, 1),
        ("RETURN 1 AS a // C:\\users", 1, 20),
        ("RETURN 1 AS `\\u0041`", 1, 14),
        ("MATCH (a:`Par\\u0074y`) RETURN a.id AS id", 1, 14),
        ("RETURN '\\u12' AS a", 1, 9),
        ('RETURN "\\\\\\u00zz" AS a', 1, 11),
    ],
)
def test_escapes_are_refused_outside_texts(query: str, line: int, column: int) -> None:
    with pytest.raises(NotPortable, match="Neo4j") as caught:
        compile_cypher(query, SCHEMA)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_an_escape_between_words_is_no_cypher() -> None:
    with pytest.raises(CypherError, match="cannot stand here"):
        compile_cypher("RETURN 1\\u0020AS a", SCHEMA)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (r"RETURN 'plain \n \\ \'x' AS a", r"RETURN 'plain \n \\ \'x' AS a"),
        (r"RETURN '\u0041' AS a", "RETURN 'A' AS a"),
        (r"RETURN '\u0027 OR 1 = 1' AS a", r"RETURN '\' OR 1 = 1' AS a"),
        (r'RETURN "\u0022\u005c\u000a" AS a', r'RETURN "\"\\\n" AS a'),
        (r"RETURN '\ud83d\ude80' AS a", "RETURN '\N{ROCKET}' AS a"),
        (r"RETURN '\\u0041' AS a", r"RETURN ('\\' + 'u0041') AS a"),
        (r"RETURN '\u005cu0041' AS a", r"RETURN ('\\' + 'u0041') AS a"),
        ("RETURN '//' AS a // gone", "RETURN '//' AS a        "),
        ("/* a\n'b */ RETURN 1 AS `//`", "    \n      RETURN 1 AS `//`"),
        ("RETURN 1 AS a // \r, 2 AS b", "RETURN 1 AS a" + 13 * " "),
    ],
)
def test_a_server_gets_texts_decoded_and_no_comments(written: str, sent: str) -> None:
    assert without_escapes(written) == sent
