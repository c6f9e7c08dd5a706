"""The compiler's front door."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from graphchannel.compiler.syntax.parser import parse, too_deep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphchannel.compiler.result import Compiled
    from graphchannel.compiler.syntax.queries import RegularQuery
    from graphchannel.compiler.types import CypherType
    from graphchannel.schema.model import GraphSchema


def compile(  # noqa: A001 - this is what it does; it is used as compiler.compile
    query: str | RegularQuery,
    schema: GraphSchema,
    dialect: Literal["duckdb", "spark"] = "duckdb",
    *,
    parameters: Mapping[str, CypherType] | None = None,
    name: str = "query",
    exploring: bool = False,
) -> Compiled:
    """Compile a portable Cypher query to SQL; it comes as text, or as `parse` read it.

    `parameters` gives the types of parameters whose use does not tell; `name` is what errors call
    the query, such as a file's path. A rule must be determined: LIMIT, and what picks from a list,
    need a total order. With `exploring` they run without one, ties are broken by keys, and the
    result's `notes` say so. Raises one of the CypherError classes for what is not Cypher, not
    portable, unknown to the schema, or of the wrong type.
    """
    tree = parse(query, name) if isinstance(query, str) else query
    from graphchannel.compiler.clauses.query import lowered  # noqa: PLC0415 - imports sqlglot

    try:
        return lowered(
            tree, schema, dialect, parameters or MappingProxyType({}), name, exploring=exploring
        )
    except RecursionError as problem:
        raise too_deep(name) from problem


def spelled_out(text: str, schema: GraphSchema) -> str:
    """Return a query's text with the declared types and labels that its patterns leave open.

    So it means the schema's graph on a server whose graph holds more. Raises CypherSyntaxError and
    NotPortable like `parse`.

    >>> from graphchannel.schema import CHANNEL
    >>> spelled_out("MATCH (a:Party)-[:RATED]->(b) RETURN b.id", CHANNEL)
    'MATCH (a:Party)-[:RATED]->(b) RETURN b.id'
    """
    from graphchannel.compiler.syntax import spelling  # noqa: PLC0415 - imports lark

    return spelling.spelled_out(text, schema)
