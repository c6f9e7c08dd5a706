"""Texts that mean something to an interpreter of some kind, and must mean nothing here."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from graphchannel.compiler import compile as compile_query
from graphchannel.compiler import type_of
from graphchannel.engines import Query
from graphchannel.schema import CHANNEL
from tests.channels.beside import by_column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.engines import Engine
    from tests.channels.places import Tables

PAYLOADS = (
    # SQL
    "' OR '1'='1", "'; DROP TABLE main.partners; --", "\" OR 1=1 --", "') UNION SELECT 1, 2 --",
    "'; ATTACH 'x.db' AS x; --", "/* x */", "-- rest", "$$x$$", "$1", ":id", "?",
    "' || version() || '",
    "\\'; SELECT 1; --", "%' AND 'a' LIKE '%", "_%", "E'\\x27'", "x'; SET threads=1; --",
    # Cypher
    "' RETURN 1 //", "'}) DETACH DELETE n //", "`) MATCH (n) DETACH DELETE n //",
    "` SET n:Party //",
    "$as_of", "{id: 'A'}", "\\u0027 OR true //", "\\u0060]->() //", "') CALL db.labels() //",
    "'}]) LOAD CSV FROM 'file:///x' AS r //",
    # Spark and shells
    "${spark.app.name}", "${env:PATH}", "${system:user.dir}", "$(id)", "`id`", "; ls", "| cat",
    "&& ls", "%PATH%", "~/x", "../../x", "{{7*7}}", "{0.__class__}", "%s%n", "{subject}",
    # markup and styles
    "<script>window.caught=1</script>", "</script><img src=x onerror=alert(1)>", "<!--", "]]>",
    "&lt;b&gt;", "&#27;", "[bold red]x[/]", "[/]", "[x](javascript:alert(1))", "@all",
    "<!ENTITY x 'y'>", "{\"a\": 1}", "\\\"}]", "\\n",
    # spreadsheets
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0",
    # other writing
    "\N{RIGHT SINGLE QUOTATION MARK} OR \N{LEFT DOUBLE QUOTATION MARK}1",
    "\N{FULLWIDTH APOSTROPHE}; x",
    "\N{FULLWIDTH EQUALS SIGN}1", "\N{CHEQUERED FLAG}\N{CJK UNIFIED IDEOGRAPH-6F22}",
    "\N{LATIN SMALL LETTER DOTLESS I}\N{LATIN SMALL LETTER SHARP S}",
)  # fmt: skip
# What stops with a sentence of its own: ids of lines with characters beyond these, whose order
# three rules ask for and Neo4j has two of; and two serial numbers in one field.
_LAST = "\uffff"
_SEVERAL = ("; ls", "| cat")
_ALL = "|".join(re.escape(one) for one in sorted(PAYLOADS, key=len, reverse=True))
_NAMED = re.compile(rf"(N\d{{5}}~)(?:{_ALL})")


def named(tables: Tables, *, hostile: bool) -> Tables:
    """Return tables whose texts are numbered, in an order that payloads after them do not change.

    Ids, names, documents and serial numbers, and what refers to them.
    """
    values = {
        value
        for rows in tables.values()
        for row in rows
        for column, value in row.items()
        if _is_free(column) and value is not None
    }
    numbers = {value: place for place, value in enumerate(sorted(values))}
    lines = {row["id"] for row in tables["shipments"]}
    serials = {row["serial"] for row in tables["serials"]}

    def given(column: str, value: Any) -> Any:
        if value is None or not _is_free(column):
            return value
        number = numbers[value]
        payload = PAYLOADS[number % len(PAYLOADS)] if hostile else ""
        if value in lines and max(payload, default="") > _LAST:
            payload = ""
        if value in serials and payload in _SEVERAL:
            payload = ""
        return f"N{number:05}~{payload}"

    return by_column(tables, given)


def _is_free(column: str) -> bool:
    return column in {"id", "name", "document", "serial"} or column.endswith("_id")


def without_payloads(told: Any) -> Any:
    """Return what was told with the numbers alone."""
    match told:
        case str():
            return _NAMED.sub(r"\1", told)
        case dict():
            return {name: without_payloads(value) for name, value in told.items()}
        case list() | tuple():
            return [without_payloads(value) for value in told]
        case _:
            return told


def written(payload: str) -> str:
    """Return a text as a query writes it."""
    text = payload.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{text}'"


def given_back(engine: Engine, payloads: Sequence[str] = PAYLOADS) -> list[str]:
    """Return what an engine answers of each: as a parameter, as a text, and as the id of nobody."""
    columns = ", ".join(
        f"$x{place} = {written(payload)} AS same{place}, {written(payload)} AS text{place}"
        for place, payload in enumerate(payloads)
    )
    nobody = " OR ".join(f"p.id = {written(payload)}" for payload in payloads)
    query = f"RETURN {columns}, COUNT {{ MATCH (p:Party) WHERE {nobody} }} AS n"
    given = {f"x{place}": payload for place, payload in enumerate(payloads)}
    types = {name: of for name, value in given.items() if (of := type_of(value))}
    compiled = compile_query(query, CHANNEL, parameters=types, exploring=True)
    (row,) = engine.run(Query("query", query, compiled), given).to_pylist()
    assert row["n"] == 0
    assert all(row[f"same{place}"] for place in range(len(payloads)))
    return [row[f"text{place}"] for place in range(len(payloads))]
