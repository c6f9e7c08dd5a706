"""Does a rule file keep the contract? Header, portable, columns, and it runs on an empty graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.engines import DuckDBEngine
from graphchannel.engines.parameters import AS_OF
from graphchannel.errors import CypherError, EngineError, RuleError, did_you_mean
from graphchannel.rules.analyst import Analyst
from graphchannel.rules.catalogue import read_rule
from graphchannel.rules.prepare import prepare
from graphchannel.workspace import create_workspace

if TYPE_CHECKING:
    from pathlib import Path

    from graphchannel.policy import Policy
    from graphchannel.rules.prepare import PreparedRule

__all__ = ["check_rules"]


def check_rules(path: Path, policy: Policy) -> list[tuple[str, str | None]]:
    """Check one rule file, or all below a folder: name and problem, None where there is none.

    Raises RuleError if there is no rule at `path`.
    """
    from datetime import date  # noqa: PLC0415 - a day to bind, any will do

    files = sorted(path.rglob("*.cypher")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise RuleError(f"{path}: there is no rule here; expected <family>/<rule>.cypher.")
    parameters: dict[str, object] = {
        name: parameter.value for name, parameter in policy.parameters.items()
    }
    parameters[AS_OF] = date(2000, 1, 1)
    with create_workspace(None, policy) as workspace:
        engine = DuckDBEngine(workspace.connection)
        return [(str(file), _problem(file, policy, engine, parameters)) for file in files]


def _problem(
    file: Path, policy: Policy, engine: DuckDBEngine, parameters: dict[str, object]
) -> str | None:
    try:
        rule = prepare(read_rule(file), policy)
        _check_parameters(rule, policy)
        engine.run(rule.query, parameters)
        analyst = Analyst(engine.connection, engine, parameters, policy)
        analyst.offending(rule)
        analyst.close()
        if rule.population is not None:
            engine.run(rule.population, parameters)
    except (RuleError, CypherError, EngineError) as error:
        return str(error)
    return None


def _check_parameters(rule: PreparedRule, policy: Policy) -> None:
    """Refuse a parameter that the policy does not know; a scan would not evaluate the rule."""
    for name in sorted(rule.uses - set(policy.parameters)):
        raise RuleError(
            f"{rule.query.name}: the rule uses ${name}, which the policy does not know (has: "
            f"{', '.join(sorted([AS_OF, *policy.parameters]))})."
            f"{did_you_mean(name, [AS_OF, *policy.parameters])} A new one is declared in "
            f"policy.toml, as [parameters.{name}]."
        )
