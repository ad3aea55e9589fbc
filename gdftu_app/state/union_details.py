"""A union's information as label and value, in every language (字段见领域说明 §2)."""

from dataclasses import dataclass

from gdftu_app.i18n import LANGUAGES, msg
from gdftu_app.models.unions import (
    CATEGORY_LABELS,
    SOURCE_LABELS,
    STATUS_LABELS,
    DataSource,
    UnionCategory,
    UnionStatus,
)
from gdftu_app.queries.reviews import Words
from gdftu_app.queries.union_details import EmployerDetails, UnionDetails
from gdftu_app.state.dates import NONE, Texts, day, moment
from gdftu_app.state.figures import percent, whole
from gdftu_app.state.notices import in_every_language


@dataclass
class DetailField:
    """One field of a union, label over value; a `wide` one takes two columns, one that `begins` a group a new line."""

    label: Texts
    value: Texts
    is_wide: bool = False
    begins: bool = False


def details_of(union: UnionDetails) -> list[DetailField]:
    """All fields of a union and of the employers it covers, in the order a reader looks for them."""
    category = CATEGORY_LABELS[UnionCategory(union.category)]
    term = None
    if union.term_starts_on and union.term_ends_on:
        term = _together(day(union.term_starts_on), day(union.term_ends_on), msg("{first}至 {second}"))
    women_and_migrant = in_every_language(
        msg("{women} 人 / {migrant} 人"), women=whole(union.women), migrant=whole(union.migrant)
    )
    return [
        _field(msg("工会统一社会信用代码"), same(union.uscc)),
        _field(msg("上级工会"), same(union.superior.name if union.superior else "")),
        _field(msg("建会日期"), day(union.founded_on)),
        _field(msg("工会类型"), in_every_language(category)),
        _field(msg("负责人"), same(union.principal_name)),
        _field(msg("联系电话"), same(union.phone)),
        _field(msg("联系人"), same(union.contact_name)),
        _field(msg("本届任期"), term or NONE),
        _field(msg("邮编"), same(union.postcode)),
        _field(msg("建会批复文号"), same(union.approval_number)),
        _field(msg("所在政区"), same(union.division)),
        _field(msg("状态"), in_every_language(STATUS_LABELS[UnionStatus(union.status)])),
        _field(msg("数据来源"), in_every_language(SOURCE_LABELS[DataSource(union.data_source)])),
        _field(msg("会员数"), in_every_language(msg("{count} 人"), count=whole(union.members))),
        _field(msg("女会员 / 农民工"), women_and_migrant),
        _field(msg("实名率"), same("—" if union.rate is None else f"{percent(union.rate)}%")),
        *[field for employer in union.employers for field in _employer(employer)],
        DetailField(in_every_language(msg("最近更新")), moment(union.updated_at), begins=bool(union.employers)),
    ]


def _employer(employer: EmployerDetails) -> list[DetailField]:
    return [
        DetailField(in_every_language(msg("单位名称")), same(employer.name), is_wide=True, begins=True),
        _field(msg("单位统一社会信用代码"), same(employer.uscc)),
        _field(msg("单位性质"), _translated(employer.nature)),
        _field(msg("经济类型"), _translated(employer.economy)),
        _field(msg("所属行业"), _industry(employer)),
        _field(msg("地址"), same(employer.address), is_wide=True),
        _field(msg("职工人数"), in_every_language(msg("{count} 人"), count=whole(employer.employee_count))),
    ]


def _industry(employer: EmployerDetails) -> Texts:
    labels = _translated(employer.industry)
    return {language: f"{employer.industry_code} {label}".strip() for language, label in labels.items()}


def _field(label: str, value: Texts, *, is_wide: bool = False) -> DetailField:
    return DetailField(in_every_language(label), value, is_wide)


def _translated(label: str) -> Texts:
    return in_every_language(label) if label else NONE


def _together(first: Texts, second: Texts, pattern: str) -> Texts:
    patterns = in_every_language(pattern)
    return {
        language: text.replace("{first}", first[language]).replace("{second}", second[language])
        for language, text in patterns.items()
    }


def texts_of(words: Words) -> Texts:
    """Words in every language: a message translated, any other text as it stands."""
    return in_every_language(words.text) if words.is_message else same(words.text)


def same(value: str | None) -> Texts:
    """A value that reads the same in every language; a dash when it is missing."""
    return dict.fromkeys(LANGUAGES, value) if value else NONE
