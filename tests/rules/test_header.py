from __future__ import annotations

import pytest

from graphchannel.errors import RuleError
from graphchannel.rules.header import KEYS, Header, parse_header

FULL = """\
// @name       A name
// @section    3.2
// @severity   high
// @message    {subject} did it:
//             {lines} lines
// @identity   scope, period_start
// @optional   minimum
// @population (p:Partner)
//             WHERE p.id <> 'x'
//
// The reason, first
// paragraph.
//
// And a second one with @nothing special.
MATCH (p:Partner) // @name is no header here
RETURN p.id AS subject
"""
SHORT = "// @name N\n// @severity low\n// @message M\n"


def test_a_full_header() -> None:
    assert parse_header(FULL, "x.cypher") == Header(
        name="A name",
        severity="high",
        message="{subject} did it: {lines} lines",
        section="3.2",
        identity=("scope", "period_start"),
        optional=("minimum",),
        population="(p:Partner) WHERE p.id <> 'x'",
        why="The reason, first paragraph.\n\nAnd a second one with @nothing special.",
    )


def test_a_short_header_has_no_section_and_no_reason() -> None:
    header = parse_header(SHORT + "MATCH", "x.cypher")
    assert (header.section, header.why) == ("\N{EN DASH}", "")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHORT + "// @sectoin 3\n", "x.cypher:4: the key '@sectoin' is unknown .*'section'"),
        (SHORT + "// @name again\n", "x.cypher:4: the key '@name' is there twice"),
        ("// @name N\n// @severity low\n", "x.cypher:1: the header has no '@message'"),
        ("// hello\n" + SHORT, "x.cypher:1: the header begins with 'hello'"),
        (SHORT + "// @identity\n", "x.cypher:4: '@identity' is empty"),
        (SHORT.replace("low", "hihg"), "x.cypher:2: the severity is 'hihg'.*Did you mean 'high'"),
        (SHORT + "// @analysis os:system\n", "x.cypher:4: the analysis is 'os:system'"),
        ("MATCH (n) RETURN n", "no '@name'"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        parse_header(text, "x.cypher")


def test_every_key_is_a_part_of_the_header() -> None:
    assert set(KEYS) == set(Header.__dataclass_fields__) - {"why"}
