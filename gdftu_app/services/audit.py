"""The audit trail (审计): entries written with the change they describe (design §4, §6)."""

from collections.abc import Mapping

from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.tables import table_of
from gdftu_app.security.actors import Actor
from gdftu_app.security.requests import current_caller
from gdftu_app.services.many_rows import write_rows

REQUEST_ID_LENGTH = 24
ADDRESS_LENGTH = 64


def record(
    session: Session,
    verb: str,
    *,
    actor: Actor | None = None,
    account_id: int | None = None,
    union_id: int | None = None,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Append one entry to the transaction at hand; the worker seals it into the hash chain within a second.

    `verb` reads `resource:verb` as permissions do; `subject` names the row concerned, as `table:id`. `detail` is JSON
    and holds no personal data but masked. The actor gives account and union unless they are named. Request id and
    address are those of the request at hand.
    """
    request_id, address = _circumstances()
    session.add(
        AuditEntry(
            verb=verb,
            account_id=account_id if account_id is not None or actor is None else actor.account_id,
            union_id=union_id if union_id is not None or actor is None else actor.union_id,
            subject=subject,
            detail=dict(detail or {}),
            request_id=request_id,
            address=address,
        )
    )


def record_each(session: Session, verb: str, *, actor: Actor, details: Mapping[str, Mapping[str, object]]) -> None:
    """The same for many rows at once: the `details` by subject."""
    request_id, address = _circumstances()
    shared = {
        "verb": verb,
        "account_id": actor.account_id,
        "union_id": actor.union_id,
        "at": now(),
        "request_id": request_id,
        "address": address,
    }
    rows = [{"subject": subject, "detail": dict(detail), **shared} for subject, detail in details.items()]
    write_rows(session, table_of(AuditEntry), rows)


def _circumstances() -> tuple[str, str]:
    caller = current_caller.get()
    return caller.request_id[:REQUEST_ID_LENGTH], caller.address[:ADDRESS_LENGTH]
