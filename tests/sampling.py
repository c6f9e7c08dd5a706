"""A few of many cases in every test run, and the others in `make assurance`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["sampled"]


def sampled(values: Iterable[Any], first: int) -> list[Any]:
    """Return parameters of a test, all but the first so many marked `thorough`."""
    return [
        value if number < first else pytest.param(value, marks=pytest.mark.thorough)
        for number, value in enumerate(values)
    ]
