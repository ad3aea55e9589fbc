"""Fixtures of this folder: many unions at once."""

from collections.abc import Callable, Sequence

import pytest
from sqlmodel import Session

from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.services.unions import UnionDraft, establish_many

MakeUnions = Callable[..., list[Union]]


@pytest.fixture
def make_unions(session: Session) -> MakeUnions:
    """Establish unions of one kind, by their names, directly below another; base unions unless said otherwise."""

    def make(
        superior: Union,
        names: Sequence[str],
        category: UnionCategory = UnionCategory.SINGLE_BASE,
        level: UnionLevel = UnionLevel.BASE,
    ) -> list[Union]:
        return establish_many(
            session, superior, [UnionDraft(name=name, category=category, level=level) for name in names]
        )

    return make
