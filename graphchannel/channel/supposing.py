"""What if: a scenario, another policy, or both, tried on a copy of the channel."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from graphchannel.channel.opening import year_before
from graphchannel.errors import InputError
from graphchannel.rules.catalogue import load_catalogue
from graphchannel.simulation.run import SimulationQuestion
from graphchannel.simulation.run import simulate as run_simulation
from graphchannel.simulation.scenario import Scenario, check_scenario, read_scenario

if TYPE_CHECKING:
    from datetime import date

    from graphchannel.channel.opening import Opening
    from graphchannel.rules.catalogue import Catalogue
    from graphchannel.simulation.run import Simulation

__all__ = ["simulate"]


def simulate(
    opening: Opening,
    scenario: Scenario | Path | str | None,
    policy: Path | str | None,
    *,
    as_of: date | None,
) -> Simulation:
    """Compare the channel as it is with what it would be. Raises InputError, PolicyError."""
    asked = _scenario(scenario)
    if not asked.changes and policy is None:
        raise InputError("Name a change, a scenario or a policy; nothing would be another.")
    if opening.path is None:
        raise InputError("What if is asked of a workspace in a file; name one.")
    before = opening.catalogue
    after = before if policy is None else _other(opening, Path(policy))
    day = opening.day(as_of)
    return run_simulation(
        opening.path,
        SimulationQuestion(asked, before, after, day, year_before(day)),
        opening.known_load,
    )


def _scenario(given: Scenario | Path | str | None) -> Scenario:
    if isinstance(given, Scenario):
        return check_scenario(given)
    return Scenario(()) if given is None else check_scenario(read_scenario(Path(given)))


def _other(opening: Opening, policy: Path) -> Catalogue:
    """Read a pack, or a policy file for the rules of the present one."""
    extra = opening.rules
    if policy.is_dir():
        return load_catalogue(policy, extra)
    return load_catalogue(opening.pack, extra, policy_file=policy)
