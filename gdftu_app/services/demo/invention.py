"""The source of everything invented: the same at every load."""

from random import Random

SEED = 20_261_120


def invention(of: str) -> Random:
    """A source of choices for one part of the demo data; always the same choices for the same part."""
    return Random(f"{SEED} {of}")  # noqa: S311  (choices of names and sizes, no secrets)
