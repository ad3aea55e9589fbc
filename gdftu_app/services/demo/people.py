"""The demo sign-ins: ten accounts with one password, each for one way of using the console."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from gdftu_app.clock import now
from gdftu_app.i18n import msg
from gdftu_app.models.accounts import Account
from gdftu_app.models.identifiers import normalise_phone
from gdftu_app.models.unions import Union
from gdftu_app.security.passwords import hash_password
from gdftu_app.security.permissions import Role
from gdftu_app.security.personal_data import seal
from gdftu_app.services.administrators import grant
from gdftu_app.services.demo.drafts import invented_person
from gdftu_app.services.demo.invention import invention
from gdftu_app.services.people import enrol_many
from gdftu_app.services.verifications import mark_all_verified

DEMO_PASSWORD = "Gonghui@2026demo"  # noqa: S105  (printed at every start: it opens invented data only)


@dataclass(frozen=True, slots=True)
class DemoSignIn:
    """One account: its phone, who it is, and the unions it administers by the names the demo tree gives them."""

    phone: str
    who: str
    name: str
    grants: tuple[tuple[str, Role], ...] = ()
    is_verified: bool = True


# The keys of the unions an account administers; `tree.Landmarks` says which unions they are.
PROVINCE, GUANGZHOU, SHENZHEN, TIANHE, YUEXIU, HAIZHU, BEIJING_ROAD = (
    "44",
    "4401",
    "4403",
    "440106",
    "440104",
    "440105",
    "440104012",
)
BASE_IN_TIANHE, BASE_IN_YUEXIU = "base in 天河区", "base in 越秀区"

DEMO_SIGN_INS = (
    DemoSignIn("19900000001", msg("广东省总工会 负责人"), "黎省明", ((PROVINCE, Role.OWNER),)),
    DemoSignIn("19900000002", msg("广州市总工会 负责人"), "区穗安", ((GUANGZHOU, Role.OWNER),)),
    DemoSignIn("19900000003", msg("天河区总工会 负责人"), "容天雅", ((TIANHE, Role.OWNER),)),
    DemoSignIn("19900000004", msg("天河区一家基层工会 负责人"), "简嘉铭", ((BASE_IN_TIANHE, Role.OWNER),)),
    DemoSignIn(
        "19900000005",
        msg("管理三个工会"),
        "麦佩瑶",
        ((YUEXIU, Role.OWNER), (BEIJING_ROAD, Role.REVIEWER), (BASE_IN_YUEXIU, Role.MEMBERS)),
    ),
    DemoSignIn("19900000006", msg("未实名认证的管理员"), "霍未名", ((HAIZHU, Role.OWNER),), is_verified=False),
    DemoSignIn("19900000007", msg("广州市总工会 分析员"), "岑思颖", ((GUANGZHOU, Role.ANALYST),)),
    DemoSignIn("19900000008", msg("深圳市总工会 负责人"), "甘鹏飞", ((SHENZHEN, Role.OWNER),)),
    DemoSignIn("19900000009", msg("没有工会的申请人"), "招新宇"),
    DemoSignIn("19900000010", msg("广州市总工会 审计员"), "植文静", ((GUANGZHOU, Role.AUDITOR),)),
)


def open_accounts(session: Session, unions: Mapping[str, Union]) -> None:
    """Open the demo accounts and grant them what they administer; `unions` by the keys of the sign-ins."""
    random = invention("accounts")
    drafts = [
        invented_person(random, number, name=sign_in.name, phone=sign_in.phone)
        for number, sign_in in enumerate(DEMO_SIGN_INS)
    ]
    known = [draft for draft, sign_in in zip(drafts, DEMO_SIGN_INS, strict=True) if sign_in.is_verified]
    people = {person.name: person for person in enrol_many(session, known)}
    mark_all_verified(session, list(people.values()))
    for sign_in in DEMO_SIGN_INS:
        # Whoever is not verified yet is nobody's record either, so that any well-formed document will do.
        person = people.get(sign_in.name)
        sealed = seal("accounts.phone", normalise_phone(sign_in.phone))
        account = Account(
            name=sign_in.name,
            phone_enc=sealed.enc,
            phone_bidx=sealed.bidx,
            password_hash=hash_password(DEMO_PASSWORD),
            password_changed_at=now(),
            person_id=person.id if person else None,
            is_demo=True,
        )
        session.add(account)
        session.flush()
        for key, role in sign_in.grants:
            grant(session, account, unions[key], role)
