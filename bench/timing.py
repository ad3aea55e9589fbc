"""Timing: medians and 95th percentiles in milliseconds."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

WARM_UP = 5


@dataclass(frozen=True)
class Timing:
    """What repeated runs of one thing took, in milliseconds."""

    samples: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.samples)

    @property
    def p95(self) -> float:
        return quantiles(self.samples, n=20)[-1] if len(self.samples) > 1 else self.samples[0]


def timed(call: Callable[[], Any]) -> float:
    """How long one call takes, in milliseconds."""
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1_000


def measure(calls: Iterable[Callable[[], Any]], *, repeat: int = 1) -> Timing:
    """Run all calls in turn, so often, after a few of them unmeasured."""
    all_calls = list(calls)
    for call in all_calls[:WARM_UP] if len(all_calls) > 1 else all_calls * WARM_UP:
        call()
    return Timing([timed(call) for _ in range(repeat) for call in all_calls])
