"""Portable Cypher: read it, check it against a graph schema, and print it as SQL.

The way of a query: `syntax` reads the text into a tree; `clauses` lowers one clause after the
other onto the rows before it, `patterns` what MATCH says, `expressions` and `functions` what stands
in between, `values` is what they are lowered to, `sql` prints it. Each room imports from those
named after it only; everyone else imports from here, the tree from `syntax`.

Importing this package is cheap: Lark and sqlglot are imported when the first query is compiled.
"""

from graphchannel.compiler.entry import compile, spelled_out  # noqa: A004 - compiler.compile
from graphchannel.compiler.parameters import misfits, type_of
from graphchannel.compiler.result import Compiled, ResultColumn
from graphchannel.compiler.syntax.escapes import without_escapes
from graphchannel.compiler.syntax.parser import parse
from graphchannel.compiler.types import (
    BOOLEAN,
    DATE,
    FLOAT,
    INTEGER,
    NULL,
    STRING,
    CypherType,
    ListType,
    NodeType,
    PathType,
    RelationshipType,
    ScalarType,
)

__all__ = [
    "BOOLEAN",
    "DATE",
    "FLOAT",
    "INTEGER",
    "NULL",
    "STRING",
    "Compiled",
    "CypherType",
    "ListType",
    "NodeType",
    "PathType",
    "RelationshipType",
    "ResultColumn",
    "ScalarType",
    "compile",
    "misfits",
    "parse",
    "spelled_out",
    "type_of",
    "without_escapes",
]
