"""One portable query: its parameters, compiled and run."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from graphchannel.channel.results import QueryRows
from graphchannel.engines import Query
from graphchannel.engines.parameters import AS_OF, parameter_types, policy_parameters
from graphchannel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from graphchannel.channel.opening import Opening
    from graphchannel.compiler import Compiled, CypherType
    from graphchannel.policy import Policy

__all__ = ["compiled_query", "forget", "query"]


def query(
    opening: Opening,
    cypher: str,
    parameters: Mapping[str, object],
    *,
    as_of: date | None,
    timeout: float | None,
    max_rows: int | None,
) -> QueryRows:
    """Compile and run a query. Raises CypherError, EngineError, and InputError for a parameter."""
    policy = opening.catalogue.policy
    compiled = compiled_query(cypher, policy, parameters)
    for note in compiled.notes:
        opening.say(note)
    known = {name: v for name, v in policy_parameters(policy).items() if v is not None}
    known |= parameters
    if AS_OF in compiled.parameters and AS_OF not in known:
        known[AS_OF] = opening.day(as_of)
    with opening.asking(timeout, max_rows, once=True) as (engine, _):
        table = engine.run(Query("query", cypher, compiled), known)
    return QueryRows(table, compiled.sql)


def compiled_query(cypher: str, policy: Policy, parameters: Mapping[str, object]) -> Compiled:
    """Return a query compiled for the embedded engine. Raises CypherError."""
    # What an empty list would be a list of, the query tells, or the policy.
    told = {name: _type(name, value) for name, value in parameters.items() if value != []}
    return _compiled(cypher, frozenset((parameter_types(policy) | told).items()))


def forget() -> None:
    """Let go of what was compiled, so that the next question is compiled again."""
    _compiled.cache_clear()


@lru_cache(maxsize=256)
def _compiled(cypher: str, types: frozenset[tuple[str, CypherType]]) -> Compiled:
    """Compile a query once: asking it again takes less time than compiling it."""
    from graphchannel.compiler import compile as compile_cypher  # noqa: PLC0415 - imports lark
    from graphchannel.schema import CHANNEL  # noqa: PLC0415 - with it

    return compile_cypher(cypher, CHANNEL, parameters=dict(types), exploring=True)


def _type(name: str, value: object) -> CypherType:
    from graphchannel.compiler import type_of  # noqa: PLC0415 - only with parameters

    found = type_of(value)
    if found is not None:
        return found
    if isinstance(value, list):
        raise InputError(f"--param {name}: expected a list of values of one type.")
    raise InputError(f"--param {name}: a query takes no value such as {value!r}.")
