"""Asking the core as the screens do, without a server around it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import Session

from gdftu_app.db import reading_from
from gdftu_app.security.actors import Actor
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Role


def actor_in(engine: Engine, union: int) -> Actor:
    """An owner of a union of the scratch world."""
    with engine.connect() as connection:
        path, is_above_base = connection.execute(
            text("SELECT path, is_above_base FROM unions WHERE id = :union"), {"union": union}
        ).one()
    return Actor(1, "黄管理", union, path, bool(is_above_base), Role.OWNER, ROLE_PERMISSIONS[Role.OWNER])


def ask(engine: Engine, function: Callable[..., Any], actor: Actor, **asked: Any) -> Any:
    """One question in a reading transaction of its own, as `db.unit_of_work` makes it.

    It is committed: the driver forgets its prepared statements when a transaction is taken back.
    """
    with Session(reading_from(engine), expire_on_commit=False) as session:
        answer = function(session, actor, **asked)
        session.commit()
    return answer
