"""Handing changes in (工会变更), as the form of a union's own page does."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session

from gdftu_app.models.unions import Employer, Union
from gdftu_app.queries.union_values import values_of
from gdftu_app.security.actors import Actor
from gdftu_app.services.change_requests import submit_change
from gdftu_app.services.files import keep_upload
from tests.attachments import drawing
from tests.factories import make_union, make_uscc

CODE = make_uscc(11, prefix="8144")
OLD_PHONE, NEW_PHONE = "13812342046", "13912349999"


def make_whole_union(session: Session, superior: Union) -> Union:
    """A base union of which everything is recorded, with its one employer."""
    return make_union(
        session,
        superior,
        name="粤泓电器有限公司工会委员会",
        uscc=CODE,
        division_code="440606101",
        founded_on=date(2009, 6, 18),
        principal_name="梁婉婷",
        phone=f"+86{OLD_PHONE}",
        term_starts_on=date(2022, 7, 1),
        term_ends_on=date(2027, 6, 30),
        employers=[
            Employer(name="粤泓电器有限公司", uscc=make_uscc(12), address="旧街 1 号", nature="170", employee_count=12)
        ],
    )


def ask(
    session: Session,
    actor: Actor,
    purpose: str = "换届",
    documents: Sequence[str] = (),
    again: Any = 0,
    **typed: str,
) -> int:
    """Hand a change in with what the form showed; a key's dots may be written as `__`."""
    present = values_of(session, session.get_one(Union, actor.union_id))
    fields = {key.replace("__", "."): value for key, value in typed.items()}
    shown = {key: present.get(key, "") for key in fields}
    return submit_change(session, actor, typed=fields, shown=shown, purpose=purpose, documents=documents, again=again)


def upload(session: Session, actor: Actor) -> str:
    """The key of a picture that was just sent."""
    return keep_upload(session, account_id=actor.account_id, name="证书.png", content=drawing()).key
