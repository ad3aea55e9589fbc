"""A member's record in words, in every language: fields over values, and the history line by line."""

from dataclasses import dataclass

from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.member_fields import MEMBER_FIELDS, NAME, PHONE, WORKPLACE, label_of_code
from gdftu_app.models.memberships import MembershipEventKind, MembershipStatus
from gdftu_app.models.people import Sex, VerificationStatus
from gdftu_app.models.person_merges import MERGED, MERGED_LABEL
from gdftu_app.models.removal_reasons import REMOVAL_REASON_LABELS, RemovalReason
from gdftu_app.queries.member_details import MemberDetails, MembershipChange
from gdftu_app.state.dates import NONE, Texts, day, moment
from gdftu_app.state.notices import in_every_language
from gdftu_app.state.union_details import DetailField, same

SEX_LABELS: dict[str, str] = {"male": msg("男"), "female": msg("女")}
STATUS_LABELS: dict[str, str] = {"current": msg("在会"), "retained": msg("保留会籍"), "ended": msg("已离会")}
VERIFICATION_LABELS: dict[VerificationStatus, str] = {
    VerificationStatus.VERIFIED: msg("已实名"),
    VerificationStatus.PENDING: msg("核验中"),
    VerificationStatus.FAILED: msg("未通过"),
    VerificationStatus.UNVERIFIED: msg("未实名"),
}
EVENT_LABELS: dict[MembershipEventKind, str] = {
    MembershipEventKind.JOINED: msg("入会"),
    MembershipEventKind.TRANSFERRED_IN: msg("转入"),
    MembershipEventKind.TRANSFERRED_OUT: msg("转出"),
    MembershipEventKind.RETAINED: msg("保留会籍"),
    MembershipEventKind.RESTORED: msg("恢复会籍"),
    MembershipEventKind.WITHDRAWN: msg("退会"),
    MembershipEventKind.EXPELLED: msg("除名"),
    MembershipEventKind.REMOVED: msg("会员移出"),
    MembershipEventKind.VERIFIED: msg("实名认证"),
    MembershipEventKind.UNVERIFIED: msg("实名认证失效"),
}
_ELSEWHERE = msg("其他工会")


@dataclass
class HistoryRow:
    """会籍变动: one line of the history."""

    id: int
    day: Texts
    kind: Texts
    union: Texts
    reason: Texts
    operator: str


def fields_of(member: MemberDetails) -> list[DetailField]:
    """All that is recorded, in the order a reader looks for it."""
    row, values = member.row, member.values
    sex = SEX_LABELS["male" if row.sex == Sex.MALE else "female"] if row.sex else ""
    document = in_every_language(DocumentType(member.document_type).label) if member.document_type else NONE
    coded = [
        _field(field.label, _words(label_of_code(field.table, values[key])))
        for key, field in MEMBER_FIELDS.items()
        if field.table is not None
    ]
    left = [_field(msg("离会时间"), day(row.ended_on))] if row.status is MembershipStatus.ENDED else []
    return [
        _field(MEMBER_FIELDS[NAME].label, same(row.name)),
        _field(msg("性别"), _words(sex)),
        _field(msg("出生日期"), day(member.born_on)),
        _field(MEMBER_FIELDS[PHONE].label, same(row.phone)),
        _field(msg("证件类型"), document),
        _field(msg("证件号码"), same(row.document)),
        _field(msg("实名状态"), in_every_language(VERIFICATION_LABELS[VerificationStatus(row.verification)])),
        _field(msg("实名时间"), moment(member.verified_at)),
        _field(msg("入会时间"), day(row.joined_on)),
        _field(msg("加入本工会时间"), day(member.since)),
        *left,
        _field(MEMBER_FIELDS[WORKPLACE].label, same(values[WORKPLACE])),
        *coded,
    ]


def history_of(member: MemberDetails) -> list[HistoryRow]:
    """What happened, the latest first; where it happened beyond reach stands 其他工会."""
    return [
        HistoryRow(
            id=event.id,
            day=dict.fromkeys(NONE, event.day.isoformat()),
            kind=in_every_language(EVENT_LABELS[MembershipEventKind(event.kind)]),
            union=in_every_language(_ELSEWHERE) if event.union is None else same(event.union.name),
            reason=_reason(event),
            operator=event.operator,
        )
        for event in member.history
    ]


def _reason(event: MembershipChange) -> Texts:
    if event.reason in list(RemovalReason):
        return in_every_language(REMOVAL_REASON_LABELS[RemovalReason(event.reason)])
    return in_every_language(MERGED_LABEL) if event.reason == MERGED else dict.fromkeys(NONE, event.reason)


def _field(label: str, value: Texts) -> DetailField:
    return DetailField(in_every_language(label), value)


def _words(label: str) -> Texts:
    return in_every_language(label) if label else NONE
