"""Portable Cypher: read it, check it against a graph schema, and print it as SQL.

Importing this package is cheap: Lark and sqlglot are imported when the first query is compiled.
"""

from graphchannel.compiler.entry import compile  # noqa: A004 - used as compiler.compile
from graphchannel.compiler.parameters import misfits, type_of
from graphchannel.compiler.result import Compiled, ResultColumn
from graphchannel.compiler.syntax.parser import parse

__all__ = ["Compiled", "ResultColumn", "compile", "misfits", "parse", "type_of"]
