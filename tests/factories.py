"""Factories: small, speaking ways to a row; each gives back what it made."""

from dataclasses import dataclass
from itertools import count
from typing import Any

from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.change_requests import ChangeRequest
from gdftu_app.models.files import StoredFile
from gdftu_app.models.identifiers import complete_uscc
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.memberships import Membership
from gdftu_app.models.paths import ids_of
from gdftu_app.models.people import Person, Sex, VerificationStatus
from gdftu_app.models.personal_requests import PersonalRequest
from gdftu_app.models.registrations import Registration
from gdftu_app.models.transfer_applications import TransferApplication
from gdftu_app.models.unions import Union, UnionCategory, UnionLevel
from gdftu_app.queries.union_values import values_of
from gdftu_app.security.permissions import ROLE_PERMISSIONS, Role
from gdftu_app.security.personal_data import seal
from gdftu_app.services.memberships import admit
from gdftu_app.services.unions import establish

_numbers = count(1)


def id_of(row: Any) -> int:
    """The id of a row that has been written."""
    assert row.id is not None
    return row.id


def make_union(
    session: Session,
    superior: Union | None = None,
    *,
    name: str = "",
    category: UnionCategory | str | None = None,
    level: UnionLevel | None = None,
    **fields: Any,
) -> Union:
    """A union below another: a province when there is none, else a base union."""
    if category is None:
        category = UnionCategory.SINGLE_BASE if superior else UnionCategory.PROVINCIAL
    if level is None:
        level = UnionLevel.BASE if superior else UnionLevel.PROVINCE
    return establish(
        session,
        superior=superior,
        name=name or f"测试工会{next(_numbers)}",
        category=UnionCategory(category),
        level=level,
        **fields,
    )


def make_person(session: Session, *, name: str = "陈一", verified: bool = True, **fields: Any) -> Person:
    """A person, real-name verified unless said otherwise."""
    person = Person(
        name=name,
        verification=VerificationStatus.VERIFIED if verified else VerificationStatus.UNVERIFIED,
        verified_at=now() if verified else None,
        **fields,
    )
    session.add(person)
    session.flush()
    return person


def make_member(
    session: Session, union: Union, *, name: str = "陈一", verified: bool = True, **fields: Any
) -> Membership:
    """A person admitted to a union, a man unless said otherwise."""
    person = make_person(session, name=name, verified=verified, **{"sex": Sex.MALE, **fields})
    return admit(session, person, union)


def make_account(session: Session, *, phone: str = "", name: str = "黄管理", verified: bool = True) -> Account:
    """An account with a phone of its own and no password."""
    sealed = seal("accounts.phone", phone or f"+86178{next(_numbers):08d}")
    person = make_person(session, name=name, verified=verified)
    account = Account(name=name, phone_enc=sealed.enc, phone_bidx=sealed.bidx, person_id=person.id)
    session.add(account)
    session.flush()
    return account


def make_administrator(session: Session, account: Account, union: Union, *, role: Role = Role.OWNER) -> Administrator:
    """The grant of a role's permissions in a union."""
    permissions = sorted(permission.value for permission in ROLE_PERMISSIONS[role])
    grant = Administrator(account_id=id_of(account), union_id=id_of(union), role=role, permissions=permissions)
    session.add(grant)
    session.flush()
    return grant


@dataclass(frozen=True)
class Federation:
    """The small world for questions of reach."""

    province: Union
    city: Union
    district: Union
    street: Union
    factory: Union
    other_city: Union
    other_factory: Union


def make_federation(session: Session) -> Federation:
    """省 → 市 → 区 → 街道 → 工厂, and 省 → 邻市 → 邻厂."""
    province = make_union(session, name="南岭省总工会")
    city = make_union(session, province, name="云山市总工会", category=UnionCategory.CITY, level=UnionLevel.CITY)
    district = make_union(session, city, name="珠水区总工会", category=UnionCategory.COUNTY, level=UnionLevel.COUNTY)
    street = make_union(session, district, name="榕树街道总工会", category=UnionCategory.TOWN, level=UnionLevel.TOWN)
    factory = make_union(session, street, name="榕江电器有限公司工会委员会")
    other_city = make_union(session, province, name="邻江市总工会", category=UnionCategory.CITY, level=UnionLevel.CITY)
    other_factory = make_union(session, other_city, name="邻江纺织有限公司工会委员会")
    return Federation(province, city, district, street, factory, other_city, other_factory)


def make_uscc(number: int, *, prefix: str = "9144") -> str:
    """A valid invented code; 440199 is nobody's division."""
    return complete_uscc(f"{prefix}0199MA{number:07d}"[:17])


def make_file(session: Session, account_id: int, *, subject: str = "tests:1") -> StoredFile:
    """A certificate that belongs to something; its bytes are nowhere."""
    number = next(_numbers)
    file = StoredFile(key=f"key{number:040d}", account_id=account_id, content_type="image/png", size=1, subject=subject)
    session.add(file)
    session.flush()
    return file


def make_registration(
    session: Session, superior: Union, *, applicant: Account | None = None, **fields: Any
) -> Registration:
    """A registration that waits for the superior; its employer and its name are invented."""
    number = next(_numbers)
    account_id = id_of(applicant or make_account(session))
    name = fields.pop("employer_name", f"试验电器{number}有限公司")
    registration = Registration(
        reviewing_union_id=id_of(superior),
        submitted_by_id=account_id,
        employer_name=name,
        employer_uscc=fields.pop("employer_uscc", make_uscc(number)),
        employer_certificate_id=fields.pop("employer_certificate_id", None) or id_of(make_file(session, account_id)),
        union_name=fields.pop("union_name", f"{name}工会委员会"),
        **fields,
    )
    session.add(registration)
    session.flush()
    return registration


def make_join_application(
    session: Session, union: Union, *, applicant: Account | None = None, **fields: Any
) -> JoinApplication:
    """An application to join that waits for the union, of a verified person who is nobody's member."""
    account = applicant or make_account(session, name="陈一")
    application = JoinApplication(
        reviewing_union_id=id_of(union),
        submitted_by_id=id_of(account),
        person_id=account.person_id or 0,
        **fields,
    )
    session.add(application)
    session.flush()
    return application


def make_transfer_application(
    session: Session, union: Union, *, applicant: Account | None = None, left: Union | None = None, **fields: Any
) -> TransferApplication:
    """An application to transfer that waits for the union, of a member of `left`, or of a new union."""
    account = applicant or make_account(session, name="陈一")
    left = left or make_union(session, session.get_one(Union, ids_of(union.path)[0]))
    membership = admit(session, session.get_one(Person, account.person_id), left)
    application = TransferApplication(
        reviewing_union_id=id_of(union),
        submitted_by_id=id_of(account),
        person_id=account.person_id or 0,
        membership_id=id_of(membership),
        from_union_id=id_of(left),
        target_union_id=id_of(union),
        purpose="工作变动",
        **fields,
    )
    session.add(application)
    session.flush()
    return application


def make_personal_request(
    session: Session, union: Union, *, applicant: Account | None = None, kind: str = "correction", **fields: Any
) -> PersonalRequest:
    """A request about personal data that waits for the union: by default for another education, of nobody's member."""
    account = applicant or make_account(session, name="陈一")
    changes = {"correction": {"education": "21"}, "deletion": {"education": ""}, "closure": {}}[kind]
    request = PersonalRequest(
        reviewing_union_id=id_of(union),
        submitted_by_id=id_of(account),
        kind=kind,
        name=account.name,
        **{"changes": changes, **fields},
    )
    session.add(request)
    session.flush()
    return request


def make_change_request(
    session: Session, union: Union, *, applicant: Account | None = None, **after: str
) -> ChangeRequest:
    """A change of a union's fields that waits for its superior; of the person in charge unless said otherwise."""
    present = values_of(session, union)
    wanted = after or {"principal_name": f"新负责人{next(_numbers)}"}
    request = ChangeRequest(
        reviewing_union_id=union.superior_id or id_of(union),
        submitted_by_id=id_of(applicant or make_account(session)),
        union_id=id_of(union),
        union_version=union.version,
        changes=[{"field": field, "before": present[field], "after": value} for field, value in wanted.items()],
        purpose="换届",
    )
    session.add(request)
    session.flush()
    return request
