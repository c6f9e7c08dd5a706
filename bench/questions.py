"""`python -m bench.questions [FILE]`: an analyst's short questions, beside a Neo4j that is warm.

The network is loaded into a workspace and published to a server of its own. The shortest of the
questions that the tests know are asked in turn, here in this process and there over Bolt, and each
is told by its median. Neo4j has planned them before; we are asked again ("run"), and as for the
first time, compiling and all ("first"). How long Neo4j takes for the first time is told beside.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.engines import native_network
from graphchannel import Channel
from graphchannel.channel import querying
from graphchannel.errors import CypherError
from tests.compiler.questions.read import questions

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import neo4j

    from tests.compiler.questions.read import Question

__all__ = ["SHORT", "Timing", "medians", "short_questions", "timings", "told"]

SHORT = 40
_LINES, _PARTNERS = 100_000, 1_000
_ROUNDS = 15


class Timing(NamedTuple):
    """Milliseconds of one question: Neo4j's for the first time, Neo4j's, ours, ours as at first."""

    question: str
    planning: float
    native: float
    run: float
    first: float


def short_questions(channel: Channel) -> list[Question]:
    """Return the questions of the fewest letters, of those that both sides answer."""
    asked = [question for question in questions() if _accepted(channel, question)]
    return sorted(asked, key=lambda question: len(question.cypher))[:SHORT]


def timings(
    channel: Channel, session: neo4j.Session, asked: Sequence[Question], rounds: int = _ROUNDS
) -> list[Timing]:
    """Ask all in turn, often enough; what else the machine does then falls on both sides."""
    found = []
    for question in asked:
        sides: dict[str, Callable[[], object]] = {
            "native": partial(_natively, session, question.cypher),
            "run": partial(channel.query, question.cypher),
            "first": partial(_for_the_first_time, channel, question.cypher),
        }
        session.run("CALL db.clearQueryCaches()").consume()
        planning = _milliseconds(sides["native"])
        for _ in range(3):  # plans there, pages here
            for name in ("native", "run"):
                sides[name]()
        taken: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(rounds):
            for name, ask in sides.items():
                taken[name].append(_milliseconds(ask))
        middle = {name: statistics.median(values) for name, values in taken.items()}
        found.append(Timing(question.asked, planning, **middle))
    return found


def medians(found: Sequence[Timing]) -> dict[str, float]:
    """Return the median ratios to Neo4j's time, below 1 where we are quicker."""
    return {
        "run": statistics.median(one.run / one.native for one in found),
        "first": statistics.median(one.first / one.native for one in found),
        "both first": statistics.median(one.first / one.planning for one in found),
    }


def main(file: str = "questions.json") -> int:
    """Measure, print, and write the figures into a file."""
    with (
        tempfile.TemporaryDirectory(prefix="graphchannel-bench-") as name,
        native_network(Path(name), _PARTNERS, _LINES) as (path, link),
        Channel.open(path) as channel,
        link.session() as session,
    ):
        found = timings(channel, session, short_questions(channel))
    figures = told(found)
    Path(file).write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


def told(found: Sequence[Timing]) -> dict[str, Any]:
    """Print all and return their figures."""
    print(f"{'planning':>11}{'Neo4j':>11}{'ours':>11}{'at first':>11}  ratios")
    for one in sorted(found, key=lambda one: one.run / one.native):
        print(
            f"{one.planning:8.1f} ms{one.native:8.1f} ms{one.run:8.1f} ms{one.first:8.1f} ms"
            f"{one.run / one.native:7.2f}{one.first / one.native:7.2f}  {one.question}"
        )
    ratios = medians(found)
    print(f"medians of {len(found)}: {ratios}")
    return {
        "lines": _LINES,
        "questions": len(found),
        "medians": {name: round(ratio, 2) for name, ratio in ratios.items()},
        "quicker": sum(one.run < one.native for one in found),
    }


def _accepted(channel: Channel, question: Question) -> bool:
    try:
        channel.compiled(question.cypher)
    except CypherError:
        return False
    return True


def _natively(session: neo4j.Session, cypher: str) -> list[tuple[Any, ...]]:
    return session.execute_read(lambda transaction: [tuple(row) for row in transaction.run(cypher)])


def _for_the_first_time(channel: Channel, cypher: str) -> None:
    querying.forget()
    channel.query(cypher)


def _milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
