"""导出会员列表: any filtered list as a workbook, masked unless numbers were granted for a reason (decision 0025)."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.clock import BEIJING, now
from gdftu_app.db import unit_of_work
from gdftu_app.errors import Refusal
from gdftu_app.i18n import msg, render
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import national_phone
from gdftu_app.models.jobs import JobKind
from gdftu_app.models.member_fields import MEMBER_FIELDS, label_of_code
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person, Sex
from gdftu_app.models.unions import Union
from gdftu_app.queries.member_filters import MemberFilter, MemberSort, Place
from gdftu_app.queries.members import MemberRow, PageAsked, list_members
from gdftu_app.security.actors import Actor, requires
from gdftu_app.security.permissions import Permission
from gdftu_app.security.personal_data import Unsealable, seal, unseal
from gdftu_app.services.audit import record
from gdftu_app.services.job_running import Result, Run
from gdftu_app.services.jobs import start
from gdftu_app.services.members_within import sound_reason
from gdftu_app.services.people import DOCUMENT_FIELD, PHONE_FIELD
from gdftu_app.workbooks.member_lists import NOTES_TITLE, SEX_WORDS, STATUS_WORDS, TITLE, ListedMember, Wording
from gdftu_app.workbooks.sheets import Notes, Value, write_list

MOST_ROWS = 1_000_000
PAGE_SIZE, PAGES_AT_ONCE = 100, 10
NAME_FIELD = "jobs.name"
EVERYBODY = MemberFilter()
_SORT_WORDS = {
    MemberSort.NEWEST: msg("入会时间从新到旧"),
    MemberSort.OLDEST: msg("入会时间从旧到新"),
    MemberSort.NAME: msg("姓名"),
}


class TooManyRows(Refusal):
    """More than a workbook of ours holds; nothing is cut silently."""

    code = "too_many_rows"
    default = msg("符合条件的会员超过 {limit} 名，一次最多导出这么多。请选择下级工会或增加筛选条件后再导出。")


@requires(Permission.MEMBERS_EXPORT)
def start_member_export(
    session: Session,
    actor: Actor,
    *,
    union: int | None = None,
    below: bool = False,
    wanted: MemberFilter = EVERYBODY,
    sort: MemberSort = MemberSort.NEWEST,
    reveals: bool = False,
    reason: str = "",
) -> int:
    """Start the export of a list, as `queries.members.list_members` gives it; the number of the job.

    `reveals` writes phones and documents in full: it needs `members:reveal` and a reason, and is kept in the audit.
    Raises NotFound, NotAllowed, InvalidInput (field `reason`), TooManyJobs, and TooManyRows where figures tell so.
    """
    why = ""
    if reveals:
        actor.require(Permission.MEMBERS_REVEAL)
        why = sound_reason(reason)
    page = list_members(session, actor, union=union, below=below, wanted=wanted, sort=sort, page=PageAsked(size=1))
    if page.total is not None and page.total > MOST_ROWS:
        raise TooManyRows(limit=MOST_ROWS)
    asked = {"union": union, "below": below, "sort": sort.value, "reveals": reveals, "reason": why, **_kept(wanted)}
    job = start(session, actor, JobKind.MEMBER_EXPORT, parameters=asked, total=page.total or 0)
    told = {key: value for key, value in asked.items() if key != "name" and value not in (None, "", False)}
    record(session, "members:export", actor=actor, subject=f"jobs:{job.id}", detail=told)
    return job.id or 0


def export_members(run: Run) -> Result:
    """Write the workbook, page by page, as the job's owner may read at each moment."""
    asked, wanted = run.parameters, _read(run.parameters)
    sort = MemberSort(asked["sort"])
    count = 0

    def rows() -> Iterator[Sequence[Value]]:
        nonlocal count
        for members in _pages(run, wanted, sort):
            count += len(members)
            if count > MOST_ROWS:
                raise TooManyRows(limit=MOST_ROWS)
            with unit_of_work() as session:
                run.step(session, done=count)
            yield from map(wording.row, members)
        notes.pairs.append((wording.of(msg("行数")), count))

    with unit_of_work(reading=True) as session:
        actor = run.actor(session)
        language = session.get_one(Account, actor.account_id).language
        wording = Wording(language)
        notes = Notes(wording.of(NOTES_TITLE))
        notes.pairs += _said(session, actor, asked, wanted, sort, wording, language)
    content = write_list(wording.columns(), rows(), title=wording.of(TITLE), notes=notes)
    name = f"{wording.of(TITLE)}-{now().astimezone(BEIJING):%Y%m%d-%H%M}.xlsx"
    return Result(summary={"rows": count}, workbook=content, name=name)


def _pages(run: Run, wanted: MemberFilter, sort: MemberSort) -> Iterator[list[ListedMember]]:
    place: Place | None = None
    goes_on = True
    while goes_on:
        members: list[ListedMember] = []
        with unit_of_work(reading=True) as session:
            actor = run.actor(session)
            actor.require(Permission.MEMBERS_EXPORT)
            if run.parameters["reveals"]:
                actor.require(Permission.MEMBERS_REVEAL)
            for _ in range(PAGES_AT_ONCE):
                page = list_members(
                    session,
                    actor,
                    union=run.parameters["union"],
                    below=run.parameters["below"],
                    wanted=wanted,
                    sort=sort,
                    page=PageAsked(PAGE_SIZE, place),
                )
                members += _listed(session, page.rows, in_full=run.parameters["reveals"])
                place, goes_on = page.after, page.after is not None
                if not goes_on:
                    break
        yield members


def _listed(session: Session, rows: Sequence[MemberRow], *, in_full: bool) -> list[ListedMember]:
    numbers = _numbers(session, rows) if in_full else {row.id: (row.phone, row.document) for row in rows}
    return [
        ListedMember(
            name=row.name,
            sex=row.sex,
            phone=numbers[row.id][0],
            document=numbers[row.id][1],
            verification=row.verification,
            status=int(row.status),
            joined_on=row.joined_on,
            union=row.union.name,
            occupation=row.occupation,
            education=row.education,
            employment=row.employment,
            is_migrant=row.is_migrant,
        )
        for row in rows
    ]


def _numbers(session: Session, rows: Sequence[MemberRow]) -> dict[int, tuple[str, str]]:
    """Phones and documents in full, of those who have not left."""
    found = select(Membership.id, Membership.status, Person).join(Person, col(Person.id) == Membership.person_id)
    numbers = {row.id: (row.phone, row.document) for row in rows}
    for number, status, person in session.exec(found.where(col(Membership.id).in_(numbers))):
        if number is not None and status != MembershipStatus.ENDED:
            phone = _opened(PHONE_FIELD, person.phone_enc, person.phone_bidx)
            numbers[number] = national_phone(phone), _opened(DOCUMENT_FIELD, person.doc_enc, person.doc_bidx)
    return numbers


def _opened(field: str, enc: str | None, bidx: str | None) -> str:
    try:
        return unseal(field, enc, bidx) if enc and bidx else ""
    except Unsealable:
        return ""


def _kept(wanted: MemberFilter) -> dict[str, Any]:
    """A filter as a job keeps it: a name is personal data, and sealed."""
    name = seal(NAME_FIELD, wanted.name) if wanted.name else None
    return {
        "status": int(wanted.status),
        "sex": int(wanted.sex) if wanted.sex else None,
        "verified": wanted.verified,
        "is_migrant": wanted.is_migrant,
        "joined_from": wanted.joined_from.isoformat() if wanted.joined_from else None,
        "joined_to": wanted.joined_to.isoformat() if wanted.joined_to else None,
        "occupation": wanted.occupation,
        "education": wanted.education,
        "name": [name.enc, name.bidx] if name else None,
    }


def _read(kept: dict[str, Any]) -> MemberFilter:
    return MemberFilter(
        status=MembershipStatus(kept["status"]),
        sex=Sex(kept["sex"]) if kept["sex"] else None,
        verified=kept["verified"],
        is_migrant=kept["is_migrant"],
        joined_from=date.fromisoformat(kept["joined_from"]) if kept["joined_from"] else None,
        joined_to=date.fromisoformat(kept["joined_to"]) if kept["joined_to"] else None,
        occupation=kept["occupation"],
        education=kept["education"],
        name=unseal(NAME_FIELD, *kept["name"]) if kept["name"] else "",
    )


def _said(
    session: Session,
    actor: Actor,
    asked: dict[str, Any],
    wanted: MemberFilter,
    sort: MemberSort,
    wording: Wording,
    language: str,
) -> list[tuple[str, Value]]:
    """Who exported what, when: the sheet behind the list."""
    acting = session.get_one(Union, actor.union_id).name
    about = session.get_one(Union, asked["union"] or actor.union_id).name
    scope = msg("「{union}」及下级工会的会员") if asked["below"] else msg("「{union}」的会员")
    numbers = (
        render(msg("完整显示，理由：{reason}"), language, reason=asked["reason"])
        if asked["reveals"]
        else wording.of(msg("手机号和证件号码已脱敏"))
    )
    pairs: list[tuple[str, Value]] = [
        (wording.of(msg("导出人")), actor.account_name),
        (wording.of(msg("导出人所在工会")), acting),
        (wording.of(msg("导出时间")), f"{now().astimezone(BEIJING):%Y-%m-%d %H:%M}"),
        (wording.of(msg("范围")), render(scope, language, union=about)),
        *((wording.of(heading), wording.of(text) or text) for heading, text in _conditions(wanted)),
        (wording.of(msg("排序")), wording.of(_SORT_WORDS[sort])),
        (wording.of(msg("号码")), numbers),
    ]
    return pairs


def _conditions(wanted: MemberFilter) -> Iterator[tuple[str, str]]:
    yes_no = {True: msg("是"), False: msg("否")}
    yield msg("会籍状态"), STATUS_WORDS[wanted.status]
    if wanted.name:
        yield msg("姓名开头"), wanted.name
    if wanted.sex:
        yield msg("性别"), SEX_WORDS[wanted.sex]
    if wanted.verified is not None:
        yield msg("已实名"), yes_no[wanted.verified]
    if wanted.is_migrant is not None:
        yield msg("是否农民工"), yes_no[wanted.is_migrant]
    if wanted.joined_from or wanted.joined_to:
        yield msg("入会时间"), f"{wanted.joined_from or ''} — {wanted.joined_to or ''}"
    for key, code in (("occupation", wanted.occupation), ("education", wanted.education)):
        field = MEMBER_FIELDS[key]
        if code and field.table is not None:
            yield field.label, label_of_code(field.table, code)
