"""What finding unions costs, one way or the other; measured with 300,000 unions (bench)."""

from dataclasses import dataclass
from math import sqrt

# Microseconds: to compare a name while walking, and one with its initials and code besides; to take a union from the
# index of grams, and to look it up and compare it then.
WALKED, WALKED_IN_FULL, INDEXED, LOOKED_UP = 0.25, 0.9, 0.2, 4.0


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs in a branch of `size` among all `unions`; `is_full` says that more than names is compared.

    Matches may lie evenly, or all beyond the branch, or at its far end: half way between is assumed.
    """

    size: int
    unions: int
    is_full: bool

    def walking(self, enough: int, share: float, most: int) -> float:
        """Microseconds until a walk has met enough matches, when they are a share of all unions, or so many names."""
        at_worst = min(self.size, most)
        return sqrt(min(at_worst, enough / share) * at_worst) * self._step

    def looking_up(self, enough: int, share: float, most: int) -> float:
        """Microseconds until enough matches are found by the index of grams, or so many candidates looked up."""
        matching = share * self.unions
        evenly, at_worst = min(matching, enough * self.unions / self.size), min(matching, most)
        return matching * INDEXED + sqrt(evenly * at_worst) * LOOKED_UP

    def worth_looking_up(self) -> int:
        """How many candidates may be looked up in vain for the price of walking the branch."""
        return max(1, int(self.size * self._step / LOOKED_UP))

    @property
    def _step(self) -> float:
        return WALKED_IN_FULL if self.is_full else WALKED
