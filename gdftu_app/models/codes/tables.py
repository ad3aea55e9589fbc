"""The form of a code table."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, eq=False)
class CodeTable:
    """A closed list of codes in the order in which they are offered; name and labels are Chinese texts to render."""

    name: str
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", MappingProxyType(dict(self.labels)))

    @property
    def codes(self) -> tuple[str, ...]:
        """Every code, in the order of the table."""
        return tuple(self.labels)

    def label(self, code: str) -> str:
        """The label of a code; raises KeyError for a code that is not in the table."""
        return self.labels[code]

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and code in self.labels
