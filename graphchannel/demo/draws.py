"""Random draws that give the same values on every machine and Python.

Only raw doubles of PCG64 are drawn, and turned into choices by exactly rounded arithmetic: numpy
keeps the bit stream of a generator stable, but not the methods built on it.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]

_Item = TypeVar("_Item")


class Draws:
    """One stream of draws; streams of different names are independent of each other."""

    def __init__(self, seed: int, stream: str) -> None:
        entropy = np.random.SeedSequence([seed, zlib.crc32(stream.encode())])
        self._generator = np.random.Generator(np.random.PCG64(entropy))

    def uniform(self, count: int) -> Floats:
        """Draw `count` numbers in [0, 1)."""
        return self._generator.random(count)

    def below(self, limit: int) -> int:
        """Draw an integer from 0 up to, not including, `limit`."""
        return int(self._generator.random() * limit)

    def chance(self, probability: float) -> bool:
        """Tell whether an event of this probability happens."""
        return self._generator.random() < probability

    def integers(self, limit: int, count: int) -> Ints:
        """Draw `count` integers from 0 up to, not including, `limit`."""
        return (self.uniform(count) * limit).astype(np.int64)

    def pick(self, items: Sequence[_Item]) -> _Item:
        """Draw one of `items`."""
        return items[self.below(len(items))]

    def sample(self, items: Sequence[_Item], count: int) -> list[_Item]:
        """Draw `count` of `items` without repetition, all of them if there are fewer."""
        return [items[index] for index in self.order(len(items))[:count]]

    def order(self, count: int) -> Ints:
        """Draw an order of the numbers from 0 up to, not including, `count`."""
        return np.argsort(self.uniform(count), kind="stable")

    def weighted(self, weights: Sequence[int] | Floats | Ints, count: int) -> Ints:
        """Draw `count` positions in `weights`, in proportion to them."""
        # cumsum adds one by one, so that its last digit does not depend on the processor
        steps = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn: Ints = np.searchsorted(steps, self.uniform(count) * steps[-1], side="right")
        return np.minimum(drawn, len(steps) - 1)
