"""A run by its name: its number, the beginning of its id, or `latest`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphchannel.errors import InputError
from graphchannel.text import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphchannel.runs.model import Run

__all__ = ["LATEST", "last_two", "run_named"]

LATEST = "latest"
_FEWEST = 4  # characters of an id that are enough, if no other begins so


def run_named(runs: Sequence[Run], name: str) -> Run:
    """Return the last run of that name. Raises InputError unless just one is meant."""
    if not runs:
        raise InputError("There is no run yet; 'graphchannel scan' leaves one.")
    if name == LATEST:
        return runs[-1]
    found = [run for run in runs if str(run.number) == name]
    if not found and len(name) >= _FEWEST:
        found = [run for run in runs if run.id.startswith(name.lower())]
    ids = sorted({run.id for run in found})
    if len(ids) > 1:
        raise InputError(
            f"More than one run begins with '{name}' ({listed(ids)}); give more of it."
        )
    if not found:
        raise InputError(f"There is no run '{name}'; 'graphchannel runs' lists them.")
    return found[-1]


def last_two(runs: Sequence[Run]) -> tuple[Run, Run]:
    """Return the last whole run, and the last one before it of something else.

    Raises InputError if there are not two.
    """
    whole = [run for run in runs if run.whole]
    earlier = [run for run in whole if run.id != whole[-1].id]
    if not earlier:
        raise InputError(
            "There are not two runs to compare: two scans that leave nothing out, of different "
            "days, rows, rules or policies, are needed."
        )
    return earlier[-1], whole[-1]
