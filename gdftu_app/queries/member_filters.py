"""What a list of members can be asked for (会员列表): status, filters, a name, the order, and where a page begins."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gdftu_app.models.identifiers import one_line
from gdftu_app.models.memberships import MembershipStatus
from gdftu_app.models.people import Sex

LONGEST_NAME = 50


class MemberSort(StrEnum):
    """入会时间 from the newest or the oldest, or 姓名 in the order of the characters' code points."""

    NEWEST, OLDEST, NAME = "newest", "oldest", "name"


@dataclass(frozen=True, slots=True)
class Order:
    """The column that orders memberships, their ids deciding between equal ones in the same direction."""

    by_name: bool = False
    descending: bool = True

    def turned(self) -> "Order":
        """The opposite order, in which the page before a place is the page after it."""
        return replace(self, descending=not self.descending)


ORDERS = {
    MemberSort.NEWEST: Order(),
    MemberSort.OLDEST: Order(descending=False),
    MemberSort.NAME: Order(by_name=True, descending=False),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A membership's place in an order; a page begins after one. `key` is its 入会时间 (ISO) or its name."""

    key: str
    id: int

    def __str__(self) -> str:
        return f"{self.key}.{self.id}"

    @classmethod
    def of(cls, text: str, *, by_name: bool) -> "Place | None":
        """The place that a text, as an address may hold it, speaks of; None when it speaks of none."""
        key, _, number = text.rpartition(".")
        if not (number.isascii() and number.isdigit() and len(number) < 19):
            return None
        if by_name:
            return cls(key, int(number)) if key and len(key) <= LONGEST_NAME * 4 else None
        try:
            return cls(date.fromisoformat(key).isoformat(), int(number))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Which members of a union, or of its branch (`below`), are asked for; None and "" stand for all.

    `status`: those who count, the retained (保留), or those who left. `joined_from` and `joined_to` are inclusive.
    `name` is what their names begin with. `occupation` and `education` are codes.
    """

    status: MembershipStatus = MembershipStatus.CURRENT
    sex: Sex | None = None
    verified: bool | None = None
    is_migrant: bool | None = None
    joined_from: date | None = None
    joined_to: date | None = None
    occupation: str = ""
    education: str = ""
    name: str = ""

    def of_memberships(self) -> dict[str, object]:
        """The conditions on memberships that are set, by the names they have in statements."""
        name = tidy_name(self.name)
        conditions: dict[str, object | None] = {
            "status": int(self.status),
            "sex": int(self.sex) if self.sex else None,
            "verified": self.verified,
            "is_migrant": self.is_migrant,
            "joined_from": self.joined_from,
            "joined_to": self.joined_to,
            "occupation": self.occupation or None,
            "education": self.education or None,
            "name": name or None,
        }
        return {key: value for key, value in conditions.items() if value is not None}

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the status is asked for."""
        return len(self.of_memberships()) > 1


def tidy_name(typed: str) -> str:
    """A name as it is compared: on one line, composed as names are kept."""
    return unicodedata.normalize("NFC", one_line(typed.replace("\0", "")[:LONGEST_NAME]))
