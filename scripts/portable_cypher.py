"""Write docs/portable-cypher.md: what the compiler accepts and refuses, and how it does on the TCK.

Every example is compiled while the page is made: an accepted one that is refused, or the other way
round, stops the script. The counts need the TCK's folder (GRAPHCHANNEL_TCK); without it those on
the page stay as they are.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.compiler import compile as compile_cypher
from graphchannel.compiler.functions import AGGREGATES, FUNCTIONS
from graphchannel.errors import CypherError
from graphchannel.schema.graph import CHANNEL
from tests.compiler.questions.read import questions
from tests.tck.engines import CompilerEngine
from tests.tck.runner import Status, all_scenarios, returns_rows, run_scenario, tck_root

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.tck.runner import Outcome
    from tests.tck.scenarios import Scenario

SCRIPTS = Path(__file__).resolve().parent
PAGE = SCRIPTS.parent / "docs" / "portable-cypher.md"
SHOWN = 25  # constructs in the list of refusals

_INTRODUCTION = """\
# Portable Cypher

The read-only part of Cypher that rules are written in. What is accepted gives the same rows on
DuckDB and Neo4j; everything else is refused, with its line, column and a rewording. The examples
are also run on Spark by the test suite, which gives the same rows or refuses a query by name
([scale](scale.md)). This page is generated (`make docs`): each example below was compiled against
the channel's graph while it was written.
"""

_ASKED = """\
## What analysts ask

Of {all} questions as analysts ask them (`tests/compiler/questions`), written without a look at this
page, {accepted} are accepted ({share:.0f} %) by `graphchannel query`. Each gets the rows of Neo4j
5.26 and 2026.09 (`make agree`); where the question leaves open which rows they are, as many. The
others:

"""

_TCK = """\
## The openCypher Technology Compatibility Kit

`make tck` turns each scenario into tables and a schema, compiles the query, runs it on DuckDB and
compares the answer with the expected one. A scenario *agrees*, is *refused*, or *disagrees*; the
last fails the build. Queries are asked as `graphchannel query` asks them: where the order of rows
is not fixed, they come with a note. Of the {rows} scenarios that only read and expect rows,
{agree} agree ({share} %). Where an error is expected, refusing the query is right: {errors} of all
that agree are of this kind.
"""


class WrongExample(Exception):
    """An example of this page is not treated as the page says."""


def page(results: Sequence[tuple[Scenario, Outcome]]) -> str:
    """Return the whole page; without results the counts of the TCK are those that it has."""
    counted = tck(results) if results else tck_as_written()
    return "\n".join((_INTRODUCTION, accepted(), functions(), refused(), asked(), counted))


def tck_as_written() -> str:
    """Return the part of the page that counts scenarios; raise ValueError if it has none."""
    head = _TCK.partition("\n")[0]
    _, found, rest = PAGE.read_text("utf-8").partition(head)
    if not found:
        message = f"{PAGE}: there is no section '{head}'"
        raise ValueError(message)
    return head + rest


def accepted() -> str:
    """Return the table of what is accepted."""
    rows = []
    for what, query in examples("portable_accepted.cypher"):
        try:
            compile_cypher(query, CHANNEL)
        except CypherError as error:
            raise WrongExample(f"{what}: {error}") from error
        rows.append((what, code(query)))
    return "## Accepted\n\n" + table(("construct", "example"), rows)


def examples(name: str) -> list[tuple[str, str]]:
    """Return the titled queries of a file: `// title`, the query, a semicolon."""
    text = (SCRIPTS / name).read_text(encoding="utf-8").split("\n\n", 1)[1]
    found = []
    for block in text.split(";\n"):
        lines = block.strip().splitlines()
        title = [line.removeprefix("// ") for line in lines if line.startswith("// ")]
        query = "\n".join(line for line in lines if not line.startswith("// "))
        if query:
            found.append((" ".join(title), query))
    return found


def functions() -> str:
    """Return the tables of functions, from the compiler's own."""
    scalar = [(code(f.signature), f.doc) for f in FUNCTIONS.values()]
    aggregating = [tuple(text.split(": ", 1)) for text in AGGREGATES.values()]
    rows = [(", ".join(map(code, split_calls(calls))), doc) for calls, doc in aggregating]
    return (
        "## Functions\n\nNull in gives null out, except for `coalesce`.\n\n"
        + table(("function", "answers"), scalar)
        + "\n### Aggregating functions\n\n"
        + table(("function", "answers"), rows)
    )


def split_calls(calls: str) -> list[str]:
    """Split `count(*), count(x)` into its calls."""
    return calls.split(", ")


def refused() -> str:
    """Return the table of refusals, in the words of the messages themselves."""
    rows = []
    for _, query in examples("portable_refused.cypher"):
        try:
            compile_cypher(query, CHANNEL)
        except CypherError as error:
            rows.append((code(query), escaped(error.message)))
        else:
            raise WrongExample(f"accepted: {query}")
    return "## Refused\n\n" + table(("query", "message"), rows)


def asked() -> str:
    """Return how many of the analysts' questions are accepted, and the others."""
    every = questions()
    rows = []
    for question in every:
        try:
            compile_cypher(question.cypher, CHANNEL, exploring=True)
        except CypherError as error:
            rows.append((question.asked, escaped(error.message)))
    accepted_ = len(every) - len(rows)
    share = 100 * accepted_ / len(every)
    text = _ASKED.format(all=len(every), accepted=accepted_, share=share)
    return text + table(("question", "message"), rows)


def tck(results: Sequence[tuple[Scenario, Outcome]]) -> str:
    """Return the counts by folder and by refused construct."""
    constructs = Counter(o.construct for _, o in results if o.status is Status.REFUSED)
    most = sorted(constructs.items(), key=lambda item: (-item[1], item[0]))
    errors = sum(o.status is Status.AGREES and o.construct == "an error" for _, o in results)
    rest = sum(number for _, number in most[SHOWN:])
    rows = [(escaped(construct), str(number)) for construct, number in most[:SHOWN]]
    if rest:
        rows.append((f"{len(most) - SHOWN} others", str(rest)))
    reading = [outcome for scenario, outcome in results if returns_rows(scenario)]
    agree = sum(outcome.status is Status.AGREES for outcome in reading)
    share = f"{100 * agree / max(len(reading), 1):.1f}"
    return (
        _TCK.format(errors=errors, rows=len(reading), agree=agree, share=share)
        + "\n"
        + table(("folder", *(status.value for status in Status)), counts(results))
        + "\n### Refused for\n\n"
        + table(("construct", "scenarios"), rows)
    )


def counts(results: Sequence[tuple[Scenario, Outcome]]) -> list[tuple[str, ...]]:
    """Return one row a folder, and one for all."""
    by_folder: dict[str, Counter[Status]] = {}
    for scenario, outcome in results:
        by_folder.setdefault(scenario.folder, Counter())[outcome.status] += 1
    everything: Counter[Status] = sum(by_folder.values(), Counter())
    return [
        (name, *(str(numbers[status]) for status in Status))
        for name, numbers in [*sorted(by_folder.items()), ("**all**", everything)]
    ]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def code(text: str) -> str:
    """Return text as code inside a table cell."""
    return f"`{escaped(text)}`"


def escaped(text: str) -> str:
    """Return text that does not end its table cell."""
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> None:
    """Write the page."""
    root = tck_root()
    engine = CompilerEngine()
    results = [(one, run_scenario(one, engine, root)) for one in all_scenarios(root)]
    if not results:
        sys.stderr.write(
            f"There are no .feature files in {root} (GRAPHCHANNEL_TCK): the counts of the TCK in "
            f"{PAGE.name} stay as they are.\n"
        )
    PAGE.write_text(page(results), encoding="utf-8")


if __name__ == "__main__":
    main()
