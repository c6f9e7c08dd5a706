from __future__ import annotations

import logging
from importlib.resources import files
from typing import TYPE_CHECKING

import lark
import pytest

from graphchannel.compiler import parse
from graphchannel.compiler import syntax as s
from graphchannel.compiler.syntax import parser
from graphchannel.errors import CypherSyntaxError, NotPortable

if TYPE_CHECKING:
    from pathlib import Path


def expression(text: str) -> s.Expression:
    clause = parse(f"RETURN {text} AS x").parts[0].clauses[-1]
    assert isinstance(clause, s.Return)
    return clause.projection.items[0].expression


def test_the_grammar_has_three_conflicts_and_shifting_is_right_in_all(
    caplog: pytest.LogCaptureFixture,
) -> None:
    grammar = (
        files("graphchannel.compiler.syntax").joinpath("grammar.lark").read_text(encoding="utf-8")
    )
    level = lark.logger.level
    lark.logger.setLevel(logging.DEBUG)
    try:
        lark.Lark(grammar, parser="lalr", lexer="contextual", debug=True)
    finally:
        lark.logger.setLevel(level)
    assert sorted(record.getMessage() for record in caplog.records) == [
        " * <has_labels : NAME COLON _label_and>",
        " * <variable : NAME>",
        " * <variable : NAME>",
        "Shift/Reduce conflict for terminal RPAR: (resolving as shift)",
        "Shift/Reduce conflict for terminal RPAR: (resolving as shift)",
        "Shift/Reduce conflict for terminal _IN: (resolving as shift)",
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("(a)", s.Variable),
        ("(a:B)", s.HasLabels),
        ("(a:B|C)", s.HasLabels),
        ("a.b[1]", s.Index),
        ("a[1..]", s.Slice),
        ("[x IN xs]", s.ListComprehension),
        ("[x IN xs WHERE x:A | x.p]", s.ListComprehension),
        ("any(x IN xs WHERE x > 1)", s.Quantifier),
        ("any(xs)", s.FunctionCall),
        ("(a)-->(b)", s.PatternPredicate),
        ("(a)-[:T]-(:B)", s.PatternPredicate),
        ("[(a)-->(b) | b.x]", s.PatternComprehension),
        ("EXISTS { (a)-->(b) }", s.Exists),
        ("COUNT { MATCH (a) WHERE a.x = 1 }", s.CountSubquery),
        ("count(*)", s.CountStar),
        ("duration.inDays(a, b)", s.FunctionCall),
        ("a.x<-1", s.ComparisonChain),
        ("a.x<--1", s.ComparisonChain),
        ("5--3", s.Binary),
        ("a IS NOT NULL", s.IsNull),
        ("-1", s.Literal),
        ("-a", s.Unary),
    ],
)
def test_an_expression_is_read_as_what_it_is(text: str, kind: type) -> None:
    assert isinstance(expression(text), kind)


def test_precedence() -> None:
    tree = expression("10 - 2 IN [8] = true")
    assert isinstance(tree, s.ComparisonChain)
    assert isinstance(tree.operands[0], s.Binary)
    assert tree.operands[0].operator == "in"
    tree = expression("NOT a = b AND c OR d XOR e")
    assert isinstance(tree, s.Binary)
    assert tree.operator == "or"
    tree = expression("-2 ^ 2")
    assert isinstance(tree, s.Binary)
    assert tree.left == s.Literal(s.Position(1, 8), -2)


def test_keywords_can_be_names() -> None:
    query = parse("MATCH (n:Order {end: 1}) RETURN n.order AS all, n.`a b` AS `x``y`")
    clause = query.parts[0].clauses[-1]
    assert isinstance(clause, s.Return)
    assert [item.alias for item in clause.projection.items] == ["all", "x`y"]


def test_names_that_begin_with_a_keyword() -> None:
    assert isinstance(expression("industry"), s.Variable)
    assert isinstance(expression("notes"), s.Variable)


def test_texts_hold_comments_and_escapes() -> None:
    assert expression(r"'it\'s // no \u0041'") == s.Literal(s.Position(1, 8), "it's // no A")


def test_comments_are_skipped() -> None:
    assert parse("// why\nRETURN /* it */ 1 AS x // end").parts[0].at == s.Position(2, 1)


def test_a_column_without_alias_is_its_source_text() -> None:
    clause = parse("RETURN  (1+2) * 3, count( * )").parts[0].clauses[0]
    assert isinstance(clause, s.Return)
    assert [item.text for item in clause.projection.items] == ["(1+2) * 3", "count( * )"]


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("*", (None, None)),
        ("*2", (2, 2)),
        ("*1..3", (1, 3)),
        ("*..3", (None, 3)),
        ("*2..", (2, None)),
        ("*0..0", (0, 0)),
    ],
)
def test_ranges_of_hops(text: str, bounds: tuple[int | None, int | None]) -> None:
    match = parse(f"MATCH (a)-[:T{text}]->(b) RETURN a").parts[0].clauses[0]
    assert isinstance(match, s.Match)
    hops = match.patterns[0].relationships[0].hops
    assert hops is not None
    assert (hops.minimum, hops.maximum) == bounds


@pytest.mark.parametrize(
    ("arrow", "direction"),
    [
        ("-->", "out"),
        ("<--", "in"),
        ("--", "both"),
        ("<-->", "both"),
        ("<-[:T]-", "in"),
        ("- [ r ] ->", "out"),
    ],
)
def test_directions(arrow: str, direction: str) -> None:
    match = parse(f"MATCH (a){arrow}(b) RETURN a").parts[0].clauses[0]
    assert isinstance(match, s.Match)
    assert match.patterns[0].relationships[0].direction == direction


def test_errors_tell_the_place() -> None:
    with pytest.raises(CypherSyntaxError) as caught:
        parse("MATCH (a)\nRETURN a.x +", "rule.cypher")
    assert str(caught.value).startswith("rule.cypher:2:13: The query ends too early")
    with pytest.raises(NotPortable) as refused:
        parse("MATCH (a)\n  SET a.x = 1")
    assert (refused.value.line, refused.value.column) == (2, 3)


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(NotPortable):
        parse("RETURN " + "(" * 3000 + "1" + ")" * 3000 + " AS x")


def test_a_cache_folder_that_cannot_be_used_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))
    assert parser._cache_file("x") is None


def test_the_kept_table_reads_as_the_grammar_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    build = parser._parser.__wrapped__
    text = "MATCH (a:A)-[r:R*1..2 {w: 1}]->(b) WHERE a.n > 1.5 RETURN b.id AS x ORDER BY x LIMIT 3"
    built = build().parse(text)
    (file,) = (tmp_path / "graphchannel").iterdir()
    kept = parser._kept_parser(file)
    assert kept is not None
    assert kept.parse(text) == built
    assert build().parse(text) == built
    table = file.read_text("utf-8")
    file.write_text('{"()": [{}, {}]}', "utf-8")  # a table, but of no parser
    assert parser._kept_parser(file) is None
    file.write_text(table[: len(table) // 2], "utf-8")
    assert parser._kept_parser(file) is None
