"""What finding unions costs, one way or the other; measured with 300,000 unions (bench)."""

from dataclasses import dataclass
from math import sqrt

# Microseconds: to compare a name while walking, or initials and code instead; to take a union from the index of grams,
# and to look it up and compare it then; to ask once more.
WALKED, WALKED_IN_FULL, INDEXED, LOOKED_UP, ASKED = 0.3, 0.5, 0.25, 4.0, 600.0
# How often what a small part of all unions is asked for lies in another part.
ELSEWHERE = 0.6


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs in a branch of `size`, `is_full` saying that initials and codes are compared.

    The index is asked for `marked` unions alone (see `union_grams`), the branch among them, or for all `unions`.
    Matches may lie evenly, or at the far end of the branch: half way between is assumed. Or they may lie elsewhere.
    """

    size: int
    marked: int
    unions: int
    is_full: bool

    def walking(self, enough: int, share: float, names: int, most: int) -> float:
        """Microseconds until enough matches are found among so many names, when they are a share of all unions.

        If a walk of fewer names than there are is in vain, up to `most` candidates of the index are looked up.
        """
        at_worst = min(self.size, names)
        walked = sqrt(min(at_worst, enough / share) * at_worst) * self._step
        if at_worst == self.size:
            return walked
        return walked + ELSEWHERE * (1 - self.size / self.unions) * (ASKED + self.looking_up(enough, share, most))

    def looking_up(self, enough: int, share: float, most: int) -> float:
        """Microseconds until enough matches are found by the index of grams, or so many candidates looked up."""
        read = min(share * self.unions, self.marked)
        matching = share * self.marked
        evenly = min(matching, enough * self.marked / self.size)
        at_worst = min(matching, most, enough + matching * (1 - self.size / self.marked))
        return read * INDEXED + sqrt(evenly * at_worst) * LOOKED_UP

    def worth_looking_up(self) -> int:
        """How many candidates may be looked up in vain for the price of walking the branch."""
        return max(1, int(self.size * self._step / LOOKED_UP))

    @property
    def _step(self) -> float:
        return WALKED_IN_FULL if self.is_full else WALKED
