"""谁可以看到本工会的数据, on screen."""

from dataclasses import dataclass

import reflex as rx

from gdftu_app.queries.union_access import access_of_own_union
from gdftu_app.security.permissions import Permission
from gdftu_app.state.actions import action
from gdftu_app.state.asking import Asking
from gdftu_app.state.figures import whole


@dataclass
class OwnAccessRow:
    """A kind of data, and who of the union's own administrators sees it."""

    kind: str
    names: str
    count: str


@dataclass
class Counted:
    """A role or a kind of data, with a number of people."""

    word: str
    count: str


@dataclass
class SuperiorRow:
    """A superior: how many administrators, and of which roles; how many of them see which kinds of data."""

    name: str
    administrators: str
    roles: list[Counted]
    kinds: list[Counted]


class UnionAccessState(Asking, rx.State):
    """谁可以看到本工会的数据."""

    administrators: rx.Field[str] = rx.field("0")
    own: rx.Field[list[OwnAccessRow]] = rx.field(default_factory=list)
    superiors: rx.Field[list[SuperiorRow]] = rx.field(default_factory=list)
    is_loaded: rx.Field[bool] = rx.field(False)

    @action(Permission.UNIONS_VIEW)
    async def load(self):
        """As it is at this moment."""
        access = await self._ask(access_of_own_union)
        self.administrators = whole(access.administrators)
        self.own = [OwnAccessRow(row.kind, "、".join(row.names) or "—", whole(len(row.names))) for row in access.own]
        self.superiors = [
            SuperiorRow(
                name=superior.name,
                administrators=whole(superior.administrators),
                roles=_counted(superior.roles),
                kinds=_counted(superior.kinds),
            )
            for superior in access.superiors
        ]
        self.is_loaded = True


def _counted(counts: tuple[tuple[str, int], ...]) -> list[Counted]:
    return [Counted(word, whole(count)) for word, count in counts]
