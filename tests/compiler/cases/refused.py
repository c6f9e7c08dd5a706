"""What is refused, and the sentence that says so: `python -m tests.compiler.cases.refused`.

`refused.cypher` has each query below its sentence, on the schema of `graph.py`. `question` and
`spark` before a sentence say that the query is a question's, or compiled for Spark. The command
writes the sentences again, to be read in the diff.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from graphchannel.compiler import compile as compile_cypher
from graphchannel.errors import CypherError
from tests.compiler.cases.graph import SCHEMA

FILE = Path(__file__).with_name("refused.cypher")
_WORDS = re.compile(r"// ((?:question |spark )*)(.*)")


@dataclass(frozen=True, slots=True)
class Refused:
    """A query, how it is compiled (`question`, `spark`), and what is said of it."""

    query: str
    words: frozenset[str]
    sentence: str

    def said(self) -> str:
        """Return what the compiler says now; nothing where it accepts the query."""
        dialect: Literal["duckdb", "spark"] = "spark" if "spark" in self.words else "duckdb"
        try:
            compile_cypher(self.query, SCHEMA, dialect, exploring="question" in self.words)
        except CypherError as error:
            return f"{type(error).__name__} {error}"
        return ""


def cases() -> list[Refused]:
    """Return the cases in the order of the file."""
    found: list[Refused] = []
    lines = iter(FILE.read_text("utf-8").splitlines())
    for line in lines:
        told = _WORDS.fullmatch(line)
        if told is not None:
            found.append(Refused(next(lines), frozenset(told[1].split()), told[2]))
    return found


def main() -> None:
    """Write what the compiler says now into the file."""
    pairs = [
        f"// {''.join(f'{word} ' for word in sorted(case.words))}{case.said()}\n{case.query}\n"
        for case in cases()
    ]
    FILE.write_text("".join(pairs), "utf-8")


if __name__ == "__main__":
    main()
