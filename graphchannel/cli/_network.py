"""What commands on coverage, resilience and plans do alike: fetch rows from the chosen engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.analysis.fetch import Fetch
    from graphchannel.engines import Engine
    from graphchannel.policy import Policy

__all__ = ["fetch_from"]


def fetch_from(engine: Engine, policy: Policy, as_of: date, **more: object) -> Fetch:
    """Return what runs the package's queries: they know $as_of, the policy's parameters and `more`.

    A policy's parameter that is unset is null.
    """
    from graphchannel.analysis.fetch import Fetch  # noqa: PLC0415 - imports duckdb
    from graphchannel.compiler import type_of  # noqa: PLC0415 - not for --help
    from graphchannel.findings.scanner import policy_parameters  # noqa: PLC0415 - imports duckdb
    from graphchannel.rules.prepare import AS_OF, parameter_types  # noqa: PLC0415 - with it

    types = parameter_types(policy)
    for name, value in more.items():
        found = type_of(value)
        if found is None:
            message = f"no query takes {value!r}"
            raise TypeError(message)
        types[name] = found
    return Fetch(engine, {AS_OF: as_of} | policy_parameters(policy) | more, types)
