"""What the processes of a run share: numbers without locks, so that any of them may be killed at any moment."""

from collections.abc import Callable
from ctypes import c_double, c_float, c_long
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from multiprocessing.sharedctypes import RawArray, RawValue
from typing import Any

SAMPLES = 200_000
_FORK = get_context("fork")


class Board:
    """One place for each process: how much it did, how long each piece took, what of the processor it used."""

    def __init__(self, places: int) -> None:
        self.stop = RawValue(c_long, 0)
        self.done = RawArray(c_long, places)
        self.refused = RawArray(c_long, places)
        self.failed = RawArray(c_long, places)
        self.asked = RawArray(c_long, places)
        self.busy = RawArray(c_double, places)
        self._before = [0.0] * places
        self._times = [RawArray(c_float, SAMPLES) for _ in range(places)]

    def begin(self) -> None:
        """Forget what was done so far; what of the processor was used by then does not count."""
        self._before = list(self.busy)
        for place in range(len(self.done)):
            self.done[place] = self.asked[place] = self.refused[place] = self.failed[place] = 0

    def used(self, place: int) -> float:
        """Seconds of the processor since `begin`; those of a process that was killed are lost."""
        return max(0.0, self.busy[place] - self._before[place])

    def note(self, place: int, *, done: int, milliseconds: float) -> None:
        """Write down one piece of work of so many things."""
        self._times[place][self.asked[place] % SAMPLES] = milliseconds
        self.asked[place] += 1
        self.done[place] += done

    def milliseconds(self, places: range) -> list[float]:
        """How long the pieces of work took."""
        return sorted(took for place in places for took in self._times[place][: min(self.asked[place], SAMPLES)])


@dataclass
class Team:
    """Processes that do one thing, and are put back when they were killed."""

    work: Callable[..., None]
    arguments: list[tuple[Any, ...]]

    def __post_init__(self) -> None:
        self.members = [self._start(number) for number in range(len(self.arguments))]

    def kill(self, number: int) -> None:
        """Kill one without warning, and start another in its place."""
        self.members[number].kill()
        self.members[number].join()
        self.members[number] = self._start(number)

    def are_at_work(self) -> bool:
        """Whether any of them has something left to do."""
        return any(member.is_alive() for member in self.members)

    def end(self, seconds: float = 60) -> None:
        """Wait until all have ended, which they were told to."""
        for member in self.members:
            member.join(seconds)
            if member.is_alive():
                member.kill()
                member.join()

    def _start(self, number: int) -> ForkProcess:
        member = _FORK.Process(target=self.work, args=self.arguments[number], daemon=True)
        member.start()
        return member
