"""重复记录合并: a second record of a member becomes part of the first, with all that hangs on it."""

from sqlalchemy import Column, delete, update
from sqlmodel import Session, SQLModel, col, select

from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg
from gdftu_app.models.memberships import Membership, MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.person_merges import MERGED, PersonMerge
from gdftu_app.models.tables import run, table_of
from gdftu_app.queries.member_merges import (
    DOCUMENT,
    MergePreview,
    columns_after,
    current_membership_of,
    preview_merge,
)
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.services import audit
from gdftu_app.services.figures import record
from gdftu_app.services.members_within import sound_reason
from gdftu_app.services.membership_records import change_of, write_events
from gdftu_app.services.membership_rows import hold
from gdftu_app.services.memberships import end
from gdftu_app.services.tree_locks import share_tree
from gdftu_app.services.verifications import renew_copies


class CannotBeMerged(Refusal):
    """Something stands against the merge; the words say what, and what to do first."""

    code = "cannot_be_merged"
    default = msg("这两条记录不能合并。")


class PreviewOutdated(Refusal):
    """One of the records changed after the preview was shown."""

    code = "preview_outdated"
    default = msg("预览之后，记录已有变动。请重新查看合并预览。")


@requires(Permission.MEMBERS_REMOVE)
def merge_members(session: Session, actor: Actor, *, member: int, other: int, seen: str, reason: str) -> None:
    """Merge the record of `other`, a membership within reach, into that of an own member; it cannot be undone.

    Memberships with their history, the account, applications go over to the record that is kept; its gaps are filled,
    and what was proven wins. A current membership of the other in this union ends; the earlier 入会时间 stays. `seen`
    is the seal of the preview that was confirmed. Raises NotFound, CannotBeMerged, PreviewOutdated, InvalidInput
    (field `reason`).
    """
    why = sound_reason(reason)
    share_tree(session)
    theirs = select(Membership.person_id).where(col(Membership.id).in_([member, other]))
    people = session.exec(select(Person).where(col(Person.id).in_(theirs)).order_by(col(Person.id))).all()
    hold(session, people)
    preview = preview_merge(session, actor, member=member, other=other)
    if preview.problem:
        raise CannotBeMerged(preview.problem)
    if preview.seal != seen:
        raise PreviewOutdated
    membership = session.get_one(Membership, member, populate_existing=True)
    kept = session.get_one(Person, membership.person_id)
    [given_up] = [person for person in people if person.id != kept.id]
    _end_current(session, actor, given_up)
    membership.joined_on = preview.joined_on
    columns = columns_after(kept, given_up)
    _hand_over(session, given_up, kept)
    for name, value in columns.items():
        setattr(kept, name, value)
    session.flush()
    renew_copies(session, kept)
    _keep_record(session, actor, preview, kept, given_up, why)


def _end_current(session: Session, actor: Actor, person: Person) -> None:
    """A person is a member once: the membership of the record that is given up ends."""
    membership = current_membership_of(session, person)
    if membership is None:
        return
    counted = int(membership.status == MembershipStatus.CURRENT)
    end(membership)
    day = membership.ended_on
    write_events(
        session,
        [membership],
        MembershipEventKind.REMOVED,
        change=-counted,
        reason=MERGED,
        operator_id=actor.account_id,
        day=day,
    )
    record(session, change_of([membership], change=-counted, removed=1, day=day))


def references_to_people() -> list[Column[int]]:
    """Every column of the database that names a person."""
    number = table_of(Person).c.id
    return [
        key.parent for table in SQLModel.metadata.sorted_tables for key in table.foreign_keys if key.column is number
    ]


def _hand_over(session: Session, given_up: Person, kept: Person) -> None:
    """Whatever names the one person names the other from now on; then the first is gone, and its document is free."""
    for column in references_to_people():
        run(session, update(column.table).where(column == given_up.id).values({column.name: kept.id}))
    session.expunge(given_up)
    people = table_of(Person)
    run(session, delete(people).where(people.c.id == given_up.id))
    session.expire_all()


def _keep_record(
    session: Session, actor: Actor, preview: MergePreview, kept: Person, given_up: Person, reason: str
) -> None:
    merge = PersonMerge(
        kept_id=kept.id or 0,
        merged_id=given_up.id or 0,
        union_id=actor.union_id,
        merged_by_id=actor.account_id,
        reason=reason,
    )
    session.add(merge)
    documents = {field.key: [field.kept, field.given_up] for field in preview.fields if field.key == DOCUMENT}
    detail = {
        "reason": reason,
        "merged": f"persons:{given_up.id}",
        "memberships": preview.memberships,
        "applications": preview.applications,
        "account": preview.has_account,
        "ended": preview.ends,
        **documents,
    }
    audit.record(session, "members:merge", actor=actor, subject=f"memberships:{preview.kept.id}", detail=detail)
    session.flush()
