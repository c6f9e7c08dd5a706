"""One random case: a graph, a query and its parameters; and what comes of it.

`generate_case(seed)` is a plain function of its seed, so that any engine can run the same cases.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from random import Random
from typing import TYPE_CHECKING

from graphchannel.compiler import parse
from graphchannel.errors import CypherError, NotPortable
from tests.compiler.agree.draft import Draft
from tests.compiler.agree.expressions import PRODUCERS
from tests.compiler.agree.hubs import hub_query
from tests.compiler.agree.predicates import PREDICATES, counted
from tests.compiler.agree.queries import query
from tests.compiler.agree.schemas import CHANNEL, PLAIN
from tests.compiler.agree.shortest import shortest_query
from tests.compiler.agree.sql import failure
from tests.compiler.agree.worlds import random_graph
from tests.compiler.reference.graph import Node, Path, Relationship
from tests.compiler.reference.patterns import TooManySteps
from tests.compiler.reference.queries import Result, run
from tests.compiler.reference.values import CypherRaises, identity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.compiler.agree.sql import Answer, Engine, Layout
    from tests.compiler.reference.graph import Graph, Value

GRAMMAR = {**PRODUCERS, "boolean": PREDICATES, "integer": (*PRODUCERS["integer"], counted)}
HUB_EVERY = 40  # one case in so many has a hub
HUB_SIZE = 4096
SHORTEST_EVERY, SHORTEST_AT = 20, 7  # one case in so many selects among paths
STEPS = 60_000


@dataclass(frozen=True, slots=True)
class Case:
    """A graph (in memory and as tables) and a query on it.

    `ordered`: the rows have one right order. `list_order`: so have the lists in them.
    """

    seed: int
    graph: Graph
    layout: Layout
    query_text: str
    parameters: Mapping[str, Value]
    ordered: bool
    list_order: bool
    constructs: frozenset[str]


class Status(Enum):
    """How a case ended."""

    AGREES = "agrees"
    REFUSED = "refused"
    DISAGREES = "disagrees"
    GIVEN_UP = "given up"  # too much for nested loops


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended, and why; `rows` is how many rows both sides agreed on."""

    status: Status
    detail: str = ""
    construct: str = ""
    rows: int = 0


def generate_case(seed: int) -> Case:
    """Return the case of a seed, always the same."""
    rng = Random(seed)  # noqa: S311  cases are to be repeatable, not secret
    schema = rng.choice((CHANNEL, PLAIN))
    hub = seed % HUB_EVERY == 0
    graph, layout = random_graph(rng, schema, hub=HUB_SIZE + rng.randint(0, 4) if hub else 0)
    draft = Draft(rng, schema, GRAMMAR)
    write = hub_query if hub else query
    if seed % SHORTEST_EVERY == SHORTEST_AT:
        write = shortest_query
    text, ordered = write(draft)
    return Case(
        seed,
        graph,
        layout,
        text,
        {name: value for name, value in draft.parameters.items() if f"${name}" in text},
        ordered,
        draft.list_order,
        frozenset(draft.constructs),
    )


def compiled_answer(case: Case, engine: Engine) -> Answer:
    """Return the rows of the loaded case, compiled as a question where its rows may be any.

    Raises CypherError if the query is refused, one of the engine's errors if it fails.
    """
    return engine.answer(
        case.layout,
        case.graph,
        case.query_text,
        case.parameters,
        exploring="SHORTEST of any" in case.constructs,
    )


def check(case: Case, engine: Engine, instead: Engine | None = None) -> Outcome:
    """Put a case to an engine and to the interpreter, or where that gives up `instead`."""
    engine.load(case.layout)
    failed, answer = "", None
    try:
        answer = compiled_answer(case, engine)
    except CypherError as error:
        construct = error.construct if isinstance(error, NotPortable) else type(error).__name__
        return Outcome(Status.REFUSED, str(error), construct)
    except TooManySteps:
        return Outcome(Status.GIVEN_UP)
    except engine.raises as error:
        failed = failure(error)
    if "is not portable" in failed:
        return Outcome(Status.REFUSED, failed, "refused while running")
    try:
        expected = run(parse(case.query_text), case.graph, case.parameters, steps=STEPS)
    except TooManySteps:
        if instead is None:
            return Outcome(Status.GIVEN_UP)
        try:
            instead.load(case.layout)
            other = compiled_answer(case, instead)
        except CypherError:
            return Outcome(Status.GIVEN_UP)
        except instead.raises:
            return Outcome(Status.GIVEN_UP)
        expected = Result(other.columns, other.rows)
    except CypherRaises as error:
        return raised(error, failed, engine)
    if answer is None:
        return Outcome(Status.DISAGREES, f"{len(expected.rows)} rows expected, raised {failed}")
    return compare(case, expected, answer)


def raised(error: CypherRaises, failed: str, engine: Engine) -> Outcome:
    """Judge a case in which Cypher raises an error."""
    if failed and not engine.broken.match(failed):
        return Outcome(Status.AGREES)
    return Outcome(Status.DISAGREES, f"error expected ({error}), seen {failed or 'rows'}")


def compare(case: Case, expected: Result, answer: Answer) -> Outcome:
    """Compare rows: as a bag, or in order where the order is defined."""
    if expected.columns != answer.columns:
        return Outcome(
            Status.DISAGREES, f"columns {expected.columns} expected, {answer.columns} seen"
        )
    # Over nothing, sum() is the integer 0 even where it adds floats; a column has one type.
    apart = not any(construct.startswith("sum(") for construct in case.constructs)
    forms = {"list_order": case.list_order, "kinds_apart": apart}
    wanted = [comparable_row(row, **forms) for row in expected.rows]
    seen = [comparable_row(row, **forms) for row in answer.rows]
    if wanted == seen or (not case.ordered and Counter(wanted) == Counter(seen)):
        return Outcome(Status.AGREES, rows=len(seen))
    missing, extra = Counter(wanted) - Counter(seen), Counter(seen) - Counter(wanted)
    if not missing and not extra:
        return Outcome(Status.DISAGREES, "the same rows in another order")
    detail = (
        f"{len(wanted)} rows expected, {len(seen)} seen; "
        f"missing {list(missing.elements())[:2]}, unexpected {list(extra.elements())[:2]}"
    )
    return Outcome(Status.DISAGREES, detail)


def comparable_row(
    row: Sequence[Value], *, list_order: bool, kinds_apart: bool
) -> tuple[object, ...]:
    """Return a row in a form that can be compared and counted."""
    return tuple(comparable(v, list_order=list_order, kinds_apart=kinds_apart) for v in row)


def comparable(value: Value, *, list_order: bool, kinds_apart: bool) -> object:
    """Return a value in such a form: integers apart from floats if asked, floats to 12 digits."""
    if isinstance(value, Node | Relationship):
        value = value.properties["id"]
    if isinstance(value, Path):
        parts = (value.nodes, value.relationships)
        value = [[entity.properties["id"] for entity in part] for part in parts]
    if isinstance(value, int) and not isinstance(value, bool) and not kinds_apart:
        return comparable(float(value), list_order=list_order, kinds_apart=True)
    if isinstance(value, float):
        return ("float", "NaN" if math.isnan(value) else f"{value + 0.0:.12g}")
    if isinstance(value, dict):
        held = {
            key: comparable(v, list_order=list_order, kinds_apart=kinds_apart)
            for key, v in value.items()
        }
        return ("map", tuple(sorted(held.items())))
    if isinstance(value, list):
        forms = {"list_order": list_order, "kinds_apart": kinds_apart}
        items = [comparable(item, **forms) for item in value]
        return ("list", tuple(items if list_order else sorted(items, key=repr)))
    if isinstance(value, bool | int):
        return (type(value).__name__, value)
    return identity(value)
