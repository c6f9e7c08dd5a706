"""Questions as analysts ask them, in `questions.cypher`: what is asked, then the query.

They were written without a look at what is accepted. One that Neo4j has, but we refuse, says so in
a line `// refused: why`; it counts as refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

__all__ = ["Question", "questions"]

_FILE = Path(__file__).with_name("questions.cypher")
_REFUSED = "// refused: "


class Question(NamedTuple):
    """What is asked, the query, and words of the refusal where we have one."""

    asked: str
    cypher: str
    refused: str


def questions() -> list[Question]:
    """Return all, as they stand in the file."""
    blocks = _FILE.read_text("utf-8").split("\n\n")
    return [_question(block.splitlines()) for block in blocks]


def _question(lines: list[str]) -> Question:
    asked, *query = lines
    refused = next((line[len(_REFUSED) :] for line in query if line.startswith(_REFUSED)), "")
    cypher = "\n".join(line for line in query if not line.startswith("//"))
    return Question(asked.removeprefix("// "), cypher, refused)
