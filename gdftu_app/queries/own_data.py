"""查阅个人信息: everything that is kept about an account and its person, for themselves (个人信息保护法 44, 45).

Numbers are masked here as well: whoever holds them knows them, and a stolen session is not to learn them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import literal_column
from sqlmodel import Session, col, select

from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.models.accounts import Account, Administrator
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.identity_checks import Consent, IdentityCheck
from gdftu_app.models.join_applications import JoinApplication
from gdftu_app.models.member_fields import MEMBER_FIELDS, NAME
from gdftu_app.models.memberships import Membership, MembershipStatus
from gdftu_app.models.people import Person
from gdftu_app.models.person_merges import MERGED_LABEL, PersonMerge
from gdftu_app.models.personal_requests import REQUEST_KIND_LABELS
from gdftu_app.models.records import AuditEntry
from gdftu_app.models.reviews import REVIEW_STATUS_LABELS
from gdftu_app.models.transfer_offers import OFFER_STATUS_LABELS, TransferOffer
from gdftu_app.models.unions import Union
from gdftu_app.queries.applicant_people import SEX_LABELS
from gdftu_app.queries.member_details import values_of_member
from gdftu_app.queries.own_account import own_account, sign_in_history
from gdftu_app.queries.own_applications import ApplicationKind, own_applications
from gdftu_app.queries.own_memberships import own_history
from gdftu_app.queries.own_requests import own_requests, words_of
from gdftu_app.queries.reviews import Words
from gdftu_app.security.permissions import CUSTOM_ROLE, ROLE_LABELS

Value: TypeAlias = Words | date | datetime | None
MOST = 200
MEMBERSHIP_LABELS: dict[int, str] = {
    MembershipStatus.CURRENT: msg("正常"),
    MembershipStatus.RETAINED: msg("保留会籍"),
    MembershipStatus.ENDED: msg("已结束"),
}
_REVEALED = {"phone": msg("手机号"), "document": msg("证件号码")}
_APPLIED = {ApplicationKind.JOIN: msg("入会申请"), ApplicationKind.TRANSFER: msg("转会申请")}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is kept: `key` names it to programs, `label`, a message, to people."""

    key: str
    label: str
    value: Value

    @property
    def form(self) -> str:
        """How the value is shown: `words`, `moment`, `day`, or `nothing`."""
        if isinstance(self.value, Words):
            return "words" if self.value.text else "nothing"
        if self.value is None:
            return "nothing"
        return "moment" if isinstance(self.value, datetime) else "day"

    @property
    def plain(self) -> str | None:
        """The value for programs: a text in Chinese, a day, or a moment in UTC."""
        if isinstance(self.value, Words):
            return self.value.text
        return None if self.value is None else self.value.isoformat()


@dataclass(frozen=True, slots=True)
class DataSection:
    """A part of what is kept: why and how long (`kept`, a message), and its entries."""

    key: str
    title: str
    kept: str
    items: list[list[Fact]]

    @property
    def records(self) -> list[dict[str, str | None]]:
        """The entries for programs."""
        return [{fact.key: fact.plain for fact in item} for item in self.items]


def own_data(session: Session, *, account_id: int) -> list[DataSection]:
    """Everything kept about an account; about its person only once an identity was proven. Raises `SignedOut`."""
    shown = own_account(session, account_id=account_id)
    account = session.get_one(Account, account_id)
    person = session.get(Person, account.person_id) if shown.is_verified else None
    sections = [
        DataSection(
            "account",
            msg("账号"),
            msg("用于登录；注销后删除。"),
            [
                [
                    Fact("name", msg("姓名"), Words(account.name)),
                    Fact("phone", msg("手机号"), Words(shown.phone)),
                    Fact("opened_at", msg("开通时间"), account.created_at),
                    Fact("language", msg("语言"), Words(LANGUAGES.get(account.language, ""))),
                    Fact("has_password", msg("登录密码"), _yes_or_no(shown.has_password)),
                ]
            ],
        ),
        *(_of_person(session, account_id, person, shown.document) if person is not None else ()),
        *(_section(session, account_id, *part) for part in _PARTS),
    ]
    return [section for section in sections if section.items]


def _of_person(session: Session, account_id: int, person: Person, document: str) -> list[DataSection]:
    values = values_of_member(person)
    sex = SEX_LABELS.get(person.sex or 0, "")
    own = select(Membership, Union.name).join(Union, col(Union.id) == Membership.union_id)
    memberships = session.exec(own.where(Membership.person_id == person.id).order_by(col(Membership.id).desc())).all()
    known = DocumentType(person.doc_type).label if person.doc_type else ""
    facts = [
        Fact("name", msg("姓名"), Words(person.name)),
        Fact("sex", msg("性别"), Words(sex, is_message=bool(sex))),
        Fact("born_on", msg("出生日期"), person.born_on),
        Fact("document_type", msg("证件类型"), Words(known, is_message=bool(known))),
        Fact("document", msg("证件号码"), Words(document)),
        *(Fact(key, one.label, words_of(key, values[key])) for key, one in MEMBER_FIELDS.items() if key != NAME),
        Fact("verified_at", msg("实名认证时间"), person.verified_at),
    ]
    subjects = [f"memberships:{membership.id}" for membership, _ in memberships]
    return [
        DataSection("person", msg("个人档案"), msg("用于会籍管理；会籍结束后只保留会籍档案。"), [facts]),
        DataSection(
            "memberships",
            msg("会籍"),
            _FILE,
            [
                [
                    Fact("union", msg("工会"), Words(union)),
                    Fact("status", msg("会籍状态"), Words(MEMBERSHIP_LABELS[row.status], is_message=True)),
                    Fact("joined_on", msg("入会时间"), row.joined_on),
                    Fact("since", msg("转入时间"), row.since),
                    Fact("ended_on", msg("结束时间"), row.ended_on),
                ]
                for row, union in memberships
            ],
        ),
        DataSection(
            "membership_history",
            msg("会籍变动"),
            _FILE,
            [
                [
                    Fact("day", msg("日期"), step.day),
                    Fact("change", msg("变动"), Words(step.label, is_message=True)),
                    Fact("union", msg("工会"), Words(step.union)),
                    Fact("reason", msg("原因"), Words(step.reason, is_message=bool(step.reason))),
                ]
                for step in own_history(session, account_id=account_id)
            ],
        ),
        DataSection("offers", msg("转会邀请"), _THREE_YEARS, _offers(session, person)),
        DataSection("merges", MERGED_LABEL, _FILE, _merges(session, person)),
        DataSection("seen", msg("完整号码的查看记录"), _THREE_YEARS, _seen(session, subjects)),
    ]


_FILE = msg("属于会籍档案，长期保存。")
_THREE_YEARS = msg("至少保存三年。")


def _offers(session: Session, person: Person) -> list[list[Fact]]:
    own = select(TransferOffer, Union.name).join(Union, col(Union.id) == TransferOffer.union_id)
    return [
        [
            Fact("union", msg("工会"), Words(union)),
            Fact("status", msg("状态"), Words(OFFER_STATUS_LABELS[offer.status], is_message=True)),
            Fact("offered_at", msg("邀请时间"), offer.offered_at),
            Fact("answered_at", msg("答复时间"), offer.answered_at),
        ]
        for offer, union in session.exec(
            own.where(TransferOffer.person_id == person.id).order_by(col(TransferOffer.id).desc()).limit(MOST)
        )
    ]


def _merges(session: Session, person: Person) -> list[list[Fact]]:
    """Second records of the person that were given up for this one."""
    own = select(PersonMerge, Union.name).join(Union, col(Union.id) == PersonMerge.union_id)
    return [
        [
            Fact("merged_at", msg("时间"), merge.merged_at),
            Fact("union", msg("工会"), Words(union)),
        ]
        for merge, union in session.exec(
            own.where(PersonMerge.kept_id == person.id).order_by(col(PersonMerge.id).desc()).limit(MOST)
        )
    ]


def _seen(session: Session, subjects: Sequence[str]) -> list[list[Fact]]:
    """Who had a number shown in plain, and when."""
    # Written out: the index of these entries holds nothing else.
    looked = (
        select(AuditEntry, Union.name)
        .join(Union, col(Union.id) == AuditEntry.union_id)
        .where(col(AuditEntry.verb) == literal_column("'members:reveal'"), col(AuditEntry.subject).in_(subjects))
        .order_by(col(AuditEntry.id).desc())
        .limit(MOST)
    )
    return [
        [
            Fact("at", msg("时间"), entry.at),
            Fact("union", msg("工会"), Words(union)),
            Fact("number", msg("号码"), Words(_REVEALED[entry.detail["number"]], is_message=True)),
        ]
        for entry, union in session.exec(looked)
    ]


def _applications(session: Session, account_id: int) -> list[list[Fact]]:
    joins = session.exec(select(JoinApplication).where(JoinApplication.submitted_by_id == account_id))
    typed = {application.id: application.details for application in joins}
    return [
        [
            Fact("kind", msg("类型"), Words(_APPLIED[one.kind], is_message=True)),
            Fact("union", msg("工会"), Words(one.union)),
            Fact("status", msg("状态"), Words(REVIEW_STATUS_LABELS[one.status], is_message=True)),
            Fact("submitted_at", msg("提交时间"), one.submitted_at),
            Fact("reason", msg("原因"), Words(one.reason)),
            *(
                Fact(key, MEMBER_FIELDS[key].label, words_of(key, value))
                for key, value in (typed.get(one.id, {}) if one.kind is ApplicationKind.JOIN else {}).items()
            ),
        ]
        for one in own_applications(session, account_id=account_id, limit=MOST)
    ]


def _requests(session: Session, account_id: int) -> list[list[Fact]]:
    return [
        [
            Fact("kind", msg("类型"), Words(REQUEST_KIND_LABELS[one.kind], is_message=True)),
            Fact("union", msg("工会"), Words(one.union)),
            Fact("status", msg("状态"), Words(REVIEW_STATUS_LABELS[one.status], is_message=True)),
            Fact("submitted_at", msg("提交时间"), one.submitted_at),
            Fact("reason", msg("原因"), Words(one.reason)),
        ]
        for one in own_requests(session, account_id=account_id, limit=MOST)
    ]


def _checks(session: Session, account_id: int) -> list[list[Fact]]:
    own = select(IdentityCheck).where(IdentityCheck.account_id == account_id).order_by(col(IdentityCheck.id).desc())
    return [
        [
            Fact("submitted_at", msg("提交时间"), check.created_at),
            Fact("name", msg("姓名"), Words(check.name)),
            Fact("document_type", msg("证件类型"), Words(DocumentType(check.doc_type).label, is_message=True)),
            Fact("decided_at", msg("核验时间"), check.decided_at),
        ]
        for check in session.exec(own.limit(MOST))
    ]


def _consents(session: Session, account_id: int) -> list[list[Fact]]:
    own = select(Consent).where(Consent.account_id == account_id).order_by(col(Consent.id).desc())
    return [
        [
            Fact("version", msg("版本"), Words(consent.version)),
            Fact("given_at", msg("同意时间"), consent.given_at),
            Fact("withdrawn_at", msg("撤回时间"), consent.withdrawn_at),
            Fact("address", msg("IP 地址"), Words(consent.address)),
        ]
        for consent in session.exec(own.limit(MOST))
    ]


def _grants(session: Session, account_id: int) -> list[list[Fact]]:
    own = (
        select(Administrator, Union.name)
        .join(Union, col(Union.id) == Administrator.union_id)
        .where(Administrator.account_id == account_id)
        .order_by(col(Administrator.id).desc())
    )
    return [
        [
            Fact("union", msg("工会"), Words(union)),
            Fact("role", msg("角色"), Words(ROLE_LABELS.get(row.role, ROLE_LABELS[CUSTOM_ROLE]), is_message=True)),
            Fact("since", msg("开始时间"), row.granted_at),
            Fact("until", msg("结束时间"), row.dismissed_at),
        ]
        for row, union in session.exec(own.limit(MOST))
    ]


def _sign_ins(session: Session, account_id: int) -> list[list[Fact]]:
    return [
        [
            Fact("at", msg("时间"), one.at),
            Fact("succeeded", msg("成功"), _yes_or_no(not one.reason)),
            Fact("address", msg("IP 地址"), Words(one.address)),
        ]
        for one in sign_in_history(session, account_id=account_id).rows
    ]


_Reader: TypeAlias = Callable[[Session, int], list[list[Fact]]]
_PARTS: tuple[tuple[str, str, str, _Reader], ...] = (
    ("applications", msg("入会和转会申请"), msg("用于审核；注销后删除填写的内容。"), _applications),
    ("requests", msg("个人信息请求"), _THREE_YEARS, _requests),
    ("identity_checks", msg("实名核验"), msg("只保存结果；注销后删除姓名。"), _checks),
    ("consents", msg("同意记录"), msg("作为同意的证明，至少保存三年。"), _consents),
    ("grants", msg("管理员身份"), msg("作为管理操作的记录，至少保存三年。"), _grants),
    ("sign_ins", msg("最近 20 次登录"), msg("依照网络安全法至少保存六个月。"), _sign_ins),
)


def _section(session: Session, account_id: int, key: str, title: str, kept: str, read: _Reader) -> DataSection:
    return DataSection(key, title, kept, read(session, account_id))


def _yes_or_no(value: bool) -> Words:
    return Words(msg("是") if value else msg("否"), is_message=True)
