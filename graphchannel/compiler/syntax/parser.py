"""Cypher text to syntax tree.

Lark and the tree builder are imported when the first query is parsed, and the built parse table is
kept in the user's cache folder: a cold start would otherwise pay 0.3 s for it.
"""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from functools import cache
from importlib import metadata
from importlib.resources import files
from typing import TYPE_CHECKING

from graphchannel.compiler.syntax.escapes import check_escapes
from graphchannel.compiler.syntax.foreign import instead_of
from graphchannel.errors import CypherSyntaxError, NotPortable
from graphchannel.kept import cache_folder, read_kept, write_kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lark import Lark
    from lark.exceptions import UnexpectedInput

    from graphchannel.compiler.syntax import RegularQuery
    from graphchannel.compiler.syntax.parse_tree import ParseTree

# What a word that Cypher knows and the grammar does not stands for, and what to write instead.
_REFUSED_WORDS = {
    "create": ("CREATE", "rules and queries only read"),
    "merge": ("MERGE", "rules and queries only read"),
    "set": ("SET", "rules and queries only read"),
    "delete": ("DELETE", "rules and queries only read"),
    "detach": ("DETACH DELETE", "rules and queries only read"),
    "remove": ("REMOVE", "rules and queries only read"),
    "insert": ("INSERT", "rules and queries only read"),
    "foreach": ("FOREACH", "rules and queries only read"),
    "load": ("LOAD CSV", "load files with graphchannel load"),
    "call": ("CALL", "procedures have no portable form"),
    "yield": ("YIELD", "procedures have no portable form"),
    "use": ("USE", "a query reads the one graph it is given"),
    "using": ("USING", "leave planner hints out"),
    "finish": ("FINISH", "end the query with RETURN"),
    "explain": ("EXPLAIN", "use graphchannel query --sql to see the plan's text"),
    "profile": ("PROFILE", "use graphchannel query --sql to see the plan's text"),
    "shortestpath": ("shortestPath", "it has no portable form"),
    "allshortestpaths": ("allShortestPaths", "it has no portable form"),
    "shortest": ("SHORTEST here", "write SHORTEST 3 or SHORTEST 3 GROUPS in front of a path"),
    "filter": ("FILTER", "write WITH * WHERE …"),
    "let": ("LET", "write WITH *, … AS name"),
    "cypher": ("CYPHER", "leave the version out: the subset means the same in all of them"),
    "show": ("SHOW", "use graphchannel schema for labels, types and properties"),
    "exists": ("exists()", "use EXISTS { … } for patterns and IS NOT NULL for properties"),
}
_PUNCTUATION = {
    "|": ("label alternative", "put label alternatives into parentheses: (x:A|B)"),
    "{": ("map projection", "begin with a property: n {.id, other: 1}"),
}
# Constructs that begin where a word stands, told by what follows it.
_TYPED = re.compile(r"IS\s+(NOT\s+)?(::|TYPED)", re.IGNORECASE)
_AHEAD = ((_TYPED, ("IS ::", "the schema tells the types; leave it out")),)
_WORD = re.compile(r"\w+")


def parse(text: str, name: str = "query") -> RegularQuery:
    """Parse one query; `name` is what errors call it.

    Raises CypherSyntaxError where the text is not Cypher, and NotPortable where a known construct
    stands that the portable grammar leaves out; both with the position in `text`.
    """
    from graphchannel.compiler.syntax.limits import check_length, check_size  # noqa: PLC0415 - the tree
    from graphchannel.compiler.syntax.plain_names import check_names  # noqa: PLC0415 - imports lark
    from graphchannel.compiler.syntax.query_builder import build  # noqa: PLC0415 - imports lark

    check_length(text, name)
    check_escapes(text, name)
    try:
        tree = parse_tree(text, name)
        check_names(tree, text, name)
        return check_size(build(tree, text, name), name)
    except RecursionError as problem:
        raise too_deep(name) from problem


def parse_tree(text: str, name: str = "query") -> ParseTree:
    """Return what Lark reads, with the place of every part; raises what `parse` raises."""
    from lark.exceptions import UnexpectedInput  # noqa: PLC0415 - lark is only paid for when parsing

    try:
        return _parser().parse(text)
    except UnexpectedInput as problem:
        raise _explained(problem, text, name) from problem


def too_deep(name: str) -> NotPortable:
    """Return the refusal of a query that nests deeper than can be followed."""
    return NotPortable(
        "The query is nested too deeply; split it with WITH.",
        construct="deep nesting",
        line=1,
        column=1,
        name=name,
    )


@cache
def _parser() -> Lark:
    """Build the parser, once a process; the table comes from the cache file if there is one."""
    from lark import Lark  # noqa: PLC0415 - lark is only paid for when parsing
    from lark.grammar import Rule  # noqa: PLC0415 - with it
    from lark.lexer import TerminalDef  # noqa: PLC0415 - with it

    grammar = (
        files("graphchannel.compiler.syntax").joinpath("grammar.lark").read_text(encoding="utf-8")
    )
    file = _cache_file(grammar)
    if file is not None and (kept := _kept_parser(file)) is not None:
        return kept
    parser = Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        propagate_positions=True,
        maybe_placeholders=False,
    )
    if file is not None:
        with suppress(OSError):
            write_kept(file, parser.memo_serialize([TerminalDef, Rule]))
    return parser


def _kept_parser(file: Path) -> Lark | None:
    """Return the parser whose table an earlier process wrote; None if it cannot be used."""
    from lark import Lark  # noqa: PLC0415 - lark is only paid for when parsing

    kept = read_kept(file)
    if not isinstance(kept, tuple):
        return None
    try:
        data, memo = kept
        load: Callable[..., Lark] = Lark._load_from_dict  # noqa: SLF001 - as stand-alone parsers do
        return load(data, memo)
    except Exception:  # noqa: BLE001 - whatever is wrong with it, the table can be built again
        return None


def _cache_file(grammar: str) -> Path | None:
    """Return this grammar's file in the user's own cache folder; None without such a folder."""
    folder = cache_folder()
    digest = hashlib.sha256(f"{metadata.version('lark')} {grammar}".encode()).hexdigest()[:16]
    return folder / f"grammar-{digest}.json" if folder else None


def _explained(problem: UnexpectedInput, text: str, name: str) -> CypherSyntaxError | NotPortable:
    line, column, seen = _place(problem, text)
    if not seen:
        return CypherSyntaxError(
            "The query ends too early; a clause or a closing bracket is missing.",
            line=line,
            column=column,
            name=name,
        )
    offset = getattr(problem, "pos_in_stream", None) or 0
    ahead = next((said for pattern, said in _AHEAD if pattern.match(text, offset)), None)
    known = ahead or _REFUSED_WORDS.get(seen.lower()) or _PUNCTUATION.get(seen)
    if known:
        construct, instead = known
        return NotPortable(
            f"{construct} is not portable; {instead}.",
            construct=construct,
            line=line,
            column=column,
            name=name,
        )
    instead = instead_of(text, offset, seen)
    more = f" {instead}" if instead else _expected(problem)
    return CypherSyntaxError(
        f"'{seen}' cannot stand here.{more}", line=line, column=column, name=name
    )


def _place(problem: UnexpectedInput, text: str) -> tuple[int, int, str]:
    """Line and column of the first character that does not fit, and the word or character there."""
    offset = getattr(problem, "pos_in_stream", None)
    token = getattr(problem, "token", None)
    if token is not None and token.type == "$END":
        offset = None
    if offset is None or offset < 0 or offset >= len(text):
        lines = text.split("\n")
        return len(lines), len(lines[-1]) + 1, ""
    line = text.count("\n", 0, offset) + 1
    column = offset - (text.rfind("\n", 0, offset) + 1) + 1
    word = _WORD.match(text, offset)
    return line, column, word[0] if word else text[offset]


def _expected(problem: UnexpectedInput) -> str:
    """Name up to four keywords that could stand there; punctuation names would only confuse."""
    accepted = getattr(problem, "accepts", None) or getattr(problem, "allowed", None) or ()
    words = sorted(
        terminal.strip("_").replace("_", " ") for terminal in accepted if terminal in _CLAUSES
    )
    return f" Expected here: {', '.join(words)}." if words else ""


_CLAUSES = frozenset(
    {
        "_MATCH",
        "OPTIONAL",
        "_WHERE",
        "_WITH",
        "_RETURN",
        "_UNWIND",
        "_ORDER_BY",
        "_AS",
        "_THEN",
        "_END",
    }
)
