"""What is wrong with a registration, and what is unusual about it: at each step, and once more when it is submitted.

Problems keep it from being submitted. Warnings do not: the applicant may explain, and the superior decides.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import literal_column
from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import normalise_uscc, uscc_warnings
from gdftu_app.models.registration_fields import LONGEST_NAME, RegistrationField, RegistrationValues
from gdftu_app.models.registrations import Registration
from gdftu_app.models.union_names import proposed_union_name
from gdftu_app.models.unions import Employer, Union, UnionCategory, UnionEmployer, UnionStatus
from gdftu_app.queries.reviews import pending_of
from gdftu_app.queries.superiors import Superior, find_superior, has_reviewer
from gdftu_app.queries.union_checks import (
    CODE_IN_USE,
    EMPLOYER_COVERED,
    NAME_INCOMPLETE,
    UNIONS_CODE,
    UNIONS_PREFIX,
    has_subordinate_named,
    is_whole_name,
)

MISSING: dict[RegistrationField, str] = {
    RegistrationField.EMPLOYER_NAME: msg("请填写单位名称。"),
    RegistrationField.EMPLOYER_USCC: msg("请填写统一社会信用代码。"),
    RegistrationField.EMPLOYER_CERTIFICATE: msg("请上传统一社会信用代码证图片。"),
    RegistrationField.IS_INDEPENDENT: msg("请选择单位是否已独立建会。"),
    RegistrationField.UNION_NAME: msg("请填写工会名称。"),
    RegistrationField.UNION_USCC: msg("请填写统一社会信用代码。"),
    RegistrationField.UNION_CERTIFICATE: msg("请上传统一社会信用代码证图片。"),
    RegistrationField.SUPERIOR: msg("请选择上级工会。"),
}
_FILE_LOST = msg("附件已失效，请重新上传。")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to tell beside a field: a message and what fills it."""

    message: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(slots=True)
class Checks:
    """What was found, by field; and the codes that are sound, in their normal form."""

    problems: dict[RegistrationField, Remark] = field(default_factory=dict[RegistrationField, Remark])
    warnings: dict[RegistrationField, list[Remark]] = field(default_factory=dict[RegistrationField, list[Remark]])
    codes: dict[RegistrationField, str] = field(default_factory=dict[RegistrationField, str])

    def refuse(self, name: RegistrationField, message: str, **values: object) -> None:
        """Note a problem; the first of a field is told."""
        self.problems.setdefault(name, Remark(message, values))

    def warn(self, name: RegistrationField, message: str, **values: object) -> None:
        """Note something unusual."""
        self.warnings.setdefault(name, []).append(Remark(message, values))


def check_registration(
    session: Session,
    values: RegistrationValues,
    *,
    account_id: int,
    files: Collection[str],
    superior: Superior | None,
    required: Collection[RegistrationField] = (),
) -> Checks:
    """Check what was typed; an empty field is a problem where it is `required`.

    `files` are the keys among the values that are the account's own, `superior` is the union of `superior_id`.
    """
    checks = Checks()
    for name in required:
        if values.is_missing(name):
            checks.refuse(name, MISSING[name])
    _check_name(checks, RegistrationField.EMPLOYER_NAME, values.employer_name)
    _check_name(checks, RegistrationField.UNION_NAME, values.union_name)
    _check_files(checks, values, files)
    _check_employer_code(session, checks, values, account_id)
    if values.is_independent:
        _check_union_code(session, checks, values, account_id)
    if values.superior_id is not None:
        _check_superior(session, checks, superior, account_id)
    _check_union_name(session, checks, values, superior)
    return checks


def unusual_about(session: Session, request: Registration) -> dict[RegistrationField, list[Remark]]:
    """What is unusual about a registration that waits, by field: what its applicant was warned of, as it stands now."""
    values = RegistrationValues(
        employer_name=request.employer_name,
        employer_uscc=request.employer_uscc,
        is_independent=request.is_independent,
        union_name=request.union_name,
        union_uscc=request.union_uscc or "",
    )
    superior = find_superior(session, request.reviewing_union_id)
    return check_registration(session, values, account_id=request.submitted_by_id, files=(), superior=superior).warnings


def _check_name(checks: Checks, name: RegistrationField, typed: str) -> None:
    if len(typed) > LONGEST_NAME:
        checks.refuse(name, msg("名称不能超过 {limit} 个字。"), limit=LONGEST_NAME)
    elif typed and not is_whole_name(typed):
        checks.refuse(name, NAME_INCOMPLETE)


def _check_files(checks: Checks, values: RegistrationValues, files: Collection[str]) -> None:
    if values.employer_certificate and values.employer_certificate not in files:
        checks.refuse(RegistrationField.EMPLOYER_CERTIFICATE, _FILE_LOST)
    if values.is_independent and values.union_certificate:
        if values.union_certificate not in files:
            checks.refuse(RegistrationField.UNION_CERTIFICATE, _FILE_LOST)
        elif values.union_certificate == values.employer_certificate:
            checks.refuse(RegistrationField.UNION_CERTIFICATE, msg("与单位的证书是同一个文件，请上传工会自己的证书。"))


def _sound_code(checks: Checks, name: RegistrationField, typed: str) -> str:
    if not typed:
        return ""
    try:
        checks.codes[name] = normalise_uscc(typed)
    except InvalidInput as refusal:
        checks.refuse(name, refusal.message, **refusal.values)
    return checks.codes.get(name, "")


def _check_employer_code(session: Session, checks: Checks, values: RegistrationValues, account_id: int) -> None:
    name = RegistrationField.EMPLOYER_USCC
    code = _sound_code(checks, name, values.employer_uscc)
    if not code:
        return
    if code.startswith(UNIONS_PREFIX):
        checks.warn(name, UNIONS_CODE)
    covering = (
        select(Union.name, Union.category)
        .join(UnionEmployer, col(UnionEmployer.union_id) == Union.id)
        .join(Employer, col(Employer.id) == UnionEmployer.employer_id)
        .where(Employer.uscc == code, Union.status != UnionStatus.DISSOLVED)
        .order_by(col(Union.id))
    )
    for union, category in session.exec(covering):
        # A joint union covers several employers, each of which may come to have a union of its own.
        if category == UnionCategory.SINGLE_BASE:
            checks.refuse(name, EMPLOYER_COVERED, union=union)
        else:
            checks.warn(
                name, msg("该单位现由「{union}」覆盖。如现在单独建会，请说明情况，由上级工会核实。"), union=union
            )
    _check_pending(session, checks, name, code, account_id)


def _check_union_code(session: Session, checks: Checks, values: RegistrationValues, account_id: int) -> None:
    name = RegistrationField.UNION_USCC
    code = _sound_code(checks, name, values.union_uscc)
    if not code:
        return
    for warning in uscc_warnings(code, of_union="base"):
        checks.warn(name, warning)
    if code == checks.codes.get(RegistrationField.EMPLOYER_USCC):
        checks.refuse(name, msg("与单位的统一社会信用代码相同，这里应填写工会自己的代码。"))
    # Written out, as the partial index spells it.
    bearing = select(Union.name).where(Union.uscc == code, Union.status != literal_column("'dissolved'"))
    for union in session.exec(bearing):
        checks.refuse(name, CODE_IN_USE, union=union)
    _check_pending(session, checks, name, code, account_id)


def _check_pending(session: Session, checks: Checks, name: RegistrationField, code: str, account_id: int) -> None:
    column = Registration.employer_uscc if name is RegistrationField.EMPLOYER_USCC else Registration.union_uscc
    pending = (
        select(Registration.submitted_by_id, Union.name)
        .join(Union, col(Union.id) == Registration.reviewing_union_id)
        .where(column == code, pending_of(Registration))
    )
    for submitted_by, union in session.exec(pending):
        if submitted_by == account_id:
            checks.refuse(
                name, msg("你已用这个代码提交过登记申请，正由「{union}」审核；如需修改，请先撤回。"), union=union
            )
        else:
            checks.refuse(name, msg("已有人用这个代码提交登记申请，正由「{union}」审核，不能重复提交。"), union=union)


def _check_superior(session: Session, checks: Checks, superior: Superior | None, account_id: int) -> None:
    name = RegistrationField.SUPERIOR
    if superior is None or not superior.is_above_base:
        checks.refuse(name, msg("该工会不能作为上级工会：基层工会不受理登记。请搜索后重新选择。"))
    elif superior.status == UnionStatus.DISSOLVED:
        checks.refuse(name, msg("「{union}」已撤销，不再受理登记，请重新选择上级工会。"), union=superior.name)
    elif not superior.is_open:
        checks.refuse(name, msg("「{union}」还在筹建，暂不受理登记，请重新选择上级工会。"), union=superior.name)
    elif not has_reviewer(session, superior.id, besides=account_id):
        checks.warn(name, msg("「{union}」目前没有可以审核登记的管理员，提交后可能要等待较久。"), union=superior.name)


def _check_union_name(session: Session, checks: Checks, values: RegistrationValues, superior: Superior | None) -> None:
    name = RegistrationField.UNION_NAME
    proposed = proposed_union_name(values.employer_name)
    if not values.union_name or name in checks.problems:
        return
    if proposed and values.union_name != proposed:
        checks.warn(name, msg("按命名规则应为「{proposed}」。如有其他依据，请说明。"), proposed=proposed)
    if superior is None or not superior.is_open:
        return
    if has_subordinate_named(session, superior.id, values.union_name):
        checks.warn(name, msg("「{superior}」已有同名的下级工会，请核对是否重复登记。"), superior=superior.name)
