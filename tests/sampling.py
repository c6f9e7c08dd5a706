"""A few of many cases in every test run, and the others in `make assurance`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["sampled", "several", "thinned"]


def sampled(values: Iterable[Any], first: int) -> list[Any]:
    """Return parameters of a test, all but the first so many marked `thorough`."""
    return [_kept(value, number < first) for number, value in enumerate(values)]


def thinned(values: Iterable[Any], every: int) -> list[Any]:
    """Return parameters of a test, all but each so-manieth marked `thorough`: some of each kind."""
    return [_kept(value, number % every == 0) for number, value in enumerate(values)]


def _kept(value: Any, kept: bool) -> Any:  # noqa: FBT001 - tells the two apart
    if kept:
        return value
    return pytest.param(value, marks=pytest.mark.thorough)


def several(parameters: Iterable[Any]) -> list[Any]:
    """Let each tuple among parameters that were sampled or thinned be several arguments."""
    return [
        pytest.param(*one.values[0], marks=one.marks) if hasattr(one, "marks") else one
        for one in parameters
    ]
