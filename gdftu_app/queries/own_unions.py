"""本级工会管理 (手册 五): all that its page shows, read together."""

from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.models.paths import ids_of
from gdftu_app.queries.change_requests import OwnChange, last_change
from gdftu_app.queries.union_details import UnionDetails, get_own_details
from gdftu_app.queries.unions import UnionRef, references
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class OwnUnionView:
    """The acting union; `superiors` are all above it, from the top, although they are beyond its reach."""

    details: UnionDetails
    superiors: list[UnionRef]
    change: OwnChange | None
    may_edit: bool


@requires(Permission.UNIONS_VIEW)
def view_own_union(session: Session, actor: Actor) -> OwnUnionView:
    """The acting union with its superiors, and the change it asked for last."""
    above = ids_of(actor.union_path)[:-1]
    return OwnUnionView(
        details=get_own_details(session, actor),
        superiors=references(session, above) if above else [],
        change=last_change(session, actor),
        may_edit=actor.may(Permission.UNIONS_EDIT),
    )
