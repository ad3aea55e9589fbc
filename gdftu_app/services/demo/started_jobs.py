"""Jobs of the demo's sign-ins (任务): an import that waits to be confirmed, and such as are over."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account
from gdftu_app.models.jobs import ImportOutcome, ImportRow, Job, JobKind, JobStage, JobStatus
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.unions import Union
from gdftu_app.security.personal_data import unseal
from gdftu_app.services.demo.drafts import invented_person
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.demo.people import BASE_IN_TIANHE, BASE_IN_YUEXIU, DEMO_SIGN_INS
from gdftu_app.services.import_checks import OTHER_NAME, TOO_MANY, TWICE
from gdftu_app.services.import_rows import Seals
from gdftu_app.services.people import DOCUMENT_FIELD
from gdftu_app.workbooks.import_template import MOST_IMPORTED

_NEW, _HERE, _ELSEWHERE, _FIRST_PERSON = 26, 4, 3, 700_000
_WRONG: tuple[list[dict[str, Any]], ...] = (
    [{"column": "手机号", "message": "手机号应为 11 位，现为 {length} 位，请核对。", "values": {"length": 10}}],
    [{"column": "姓名", "message": OTHER_NAME, "values": {}}],
    [{"column": "证件号码", "message": TWICE, "values": {"row": 7}}],
)
_OVER: tuple[dict[str, Any], ...] = (
    {"kind": JobKind.MEMBER_EXPORT, "status": JobStatus.CANCELLED},
    {
        "kind": JobKind.MEMBER_IMPORT,
        "stage": JobStage.WRITE,
        "status": JobStatus.DONE,
        "summary": {"admitted": 36, "here": 2, "elsewhere": 1, "wrong": 4},
        "done": 36,
        "total": 36,
    },
    {
        "kind": JobKind.MEMBER_IMPORT,
        "stage": JobStage.CHECK,
        "status": JobStatus.FAILED,
        "message": TOO_MANY,
        "message_values": {"limit": f"{MOST_IMPORTED:,}"},
    },
    {"kind": JobKind.MEMBER_EXPORT, "status": JobStatus.DONE, "summary": {"rows": 90}, "done": 90, "total": 90},
)


def start_jobs(session: Session, unions: Mapping[str, Union]) -> None:
    """What the owner of a base union, and somebody with three unions, have started lately."""
    keys = {key for sign_in in DEMO_SIGN_INS for key, _ in sign_in.grants if key in (BASE_IN_TIANHE, BASE_IN_YUEXIU)}
    random = invention("jobs")
    for key in sorted(keys):
        name = next(sign_in.name for sign_in in DEMO_SIGN_INS if key in dict(sign_in.grants))
        account = session.exec(select(Account).where(Account.name == name, col(Account.is_demo))).one()
        for before, values in enumerate(_OVER):
            _place(session, values, account, unions[key], 2 * (len(_OVER) - before))
        if key == BASE_IN_TIANHE:
            checked = {"kind": JobKind.MEMBER_IMPORT, "stage": JobStage.CHECK, "status": JobStatus.WAITING}
            waiting = _place(session, checked, account, unions[key], 0)
            waiting.summary = _read(session, random, waiting, unions[key])
            waiting.done = sum(waiting.summary.values())
    session.flush()


def _place(session: Session, values: Mapping[str, Any], account: Account, union: Union, days: int) -> Job:
    ended = now() - timedelta(days=days)
    began = ended - timedelta(seconds=41)
    job = Job(
        account_id=account.id or 0,
        union_id=union.id or 0,
        attempts=1,
        created_at=began,
        started_at=began,
        finished_at=ended,
        **values,
    )
    session.add(job)
    session.flush()
    return job


def _read(session: Session, random: Random, job: Job, union: Union) -> dict[str, int]:
    """The rows of a workbook that was checked; how many of each kind there are."""
    seals, rows = Seals(job.id or 0), list[tuple[ImportOutcome, dict[str, Any], list[Any]]]()
    for number in range(_NEW):
        draft = invented_person(random, _FIRST_PERSON + number, workplace=union.name.removesuffix("工会委员会"))
        values = {name: getattr(draft, name) for name in draft.__slots__}
        values |= {"document_type": draft.document_type.value, "joined_on": "", "phone": draft.phone or ""}
        values["born_on"] = draft.born_on.isoformat() if draft.born_on else ""
        rows.append((ImportOutcome.NEW, values, []))
    rows += [(ImportOutcome.HERE, {}, [])] * _HERE
    rows += [(ImportOutcome.ELSEWHERE, values, []) for values in _members_elsewhere(session, union)]
    rows += [(ImportOutcome.WRONG, {}, problems) for problems in _WRONG]
    random.shuffle(rows)
    for number, (outcome, values, problems) in enumerate(rows, start=2):
        session.add(
            ImportRow(
                job_id=job.id or 0,
                number=number,
                outcome=outcome,
                document=seals.document(values) if values else None,
                values=seals.seal(number, values) if values else "",
                problems=problems,
            )
        )
    return {"new": _NEW, "here": _HERE, "elsewhere": _ELSEWHERE, "wrong": len(_WRONG)}


def _members_elsewhere(session: Session, union: Union) -> Iterator[dict[str, Any]]:
    elsewhere = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(
            Membership.status == MembershipStatus.CURRENT,
            Membership.union_id != union.id,
            col(Person.doc_bidx).is_not(None),
        )
    )
    for person in session.exec(elsewhere.order_by(col(Membership.id)).limit(_ELSEWHERE)):
        number = unseal(DOCUMENT_FIELD, person.doc_enc or "", person.doc_bidx or "")
        yield {"document_type": person.doc_type, "document_number": number}
