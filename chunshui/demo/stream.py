"""Seeded random streams: one named stream per thing that is drawn.

Only `random.Random.random` is used below, the one call whose sequence Python promises to keep;
every other distribution is made from it here. A stream's name is its seed, so adding a draw to
one table leaves all other tables as they were.
"""

import random
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from scipy.special import ndtri

T = TypeVar("T")
SEED = "chunshui-demo-1"


class Stream:
    """Random numbers that depend on the given name alone."""

    def __init__(self, *name: object) -> None:
        self._next = random.Random("|".join((SEED, *map(str, name)))).random

    def one(self, low: float = 0.0, high: float = 1.0) -> float:
        """One number, uniform between `low` and `high`."""
        return low + (high - low) * self._next()

    def many(self, n: int, low: float = 0.0, high: float = 1.0) -> np.ndarray:
        """Shape (n,): uniform between `low` and `high`."""
        draw = self._next
        return low + (high - low) * np.fromiter((draw() for _ in range(n)), float, n)

    def normal(self, n: int) -> np.ndarray:
        """Shape (n,): standard normal, cut at ± 4."""
        return ndtri(np.clip(self.many(n), 3.2e-5, 1 - 3.2e-5))

    def lognormal(self, n: int, sigma: float) -> np.ndarray:
        """Shape (n,): lognormal with median 1 and the given log standard deviation."""
        return np.exp(sigma * self.normal(n))

    def whole(self, n: int, low: int, high: int) -> np.ndarray:
        """Shape (n,): whole numbers from `low` to `high`, both included."""
        return low + np.floor(self.many(n) * (high - low + 1)).astype(int)

    def choose(
        self, n: int, options: Sequence[T], weights: Sequence[float] | np.ndarray | None = None
    ) -> list[T]:
        """`n` of the `options` with replacement, in proportion to `weights`."""
        edges = np.cumsum(np.ones(len(options)) if weights is None else np.asarray(weights, float))
        picks = np.searchsorted(edges, self.many(n) * edges[-1], side="right")
        return [options[i] for i in np.minimum(picks, len(options) - 1)]

    def pick(self, options: Sequence[T]) -> T:
        """One of the `options`."""
        return options[int(self._next() * len(options))]

    def order(self, n: int) -> np.ndarray:
        """Shape (n,): the numbers 0 … n-1 shuffled."""
        return np.argsort(self.many(n), kind="stable")

    def sample(
        self, n: int, k: int, weights: Sequence[float] | np.ndarray | None = None
    ) -> np.ndarray:
        """Shape (k,): `k` different numbers of 0 … n-1, likelier where `weights` are greater.

        Raises ValueError if fewer than `k` numbers have a positive weight.
        """
        weight = np.ones(n) if weights is None else np.asarray(weights, float)
        if np.count_nonzero(weight > 0) < k:
            raise ValueError(f"{k} wanted of {np.count_nonzero(weight > 0)} that can be drawn")
        with np.errstate(divide="ignore"):
            keys = np.where(weight > 0, np.log(self.many(n)) / weight, -np.inf)
        return np.argsort(-keys, kind="stable")[:k]
