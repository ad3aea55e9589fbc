"""What is typed into the fields of a union and of its employers: brought to the form it is kept in, or refused."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from gdftu_app.clock import today
from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import normalise_phone, normalise_uscc, one_line, uscc_warnings
from gdftu_app.models.union_fields import FieldKind, UnionField, field_of
from gdftu_app.models.unions import Employer, Union, UnionStatus
from gdftu_app.queries.division_choices import is_division

LONGEST_TEXT, MOST_EMPLOYEES = 200, 10_000_000
LONGEST = {"principal_name": 50, "contact_name": 50, "approval_number": 100}
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
_POSTCODE, _DAY = re.compile(r"[0-9]{6}"), re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NOT_OFFERED = msg("请从列表中选择。")
# Told by the forms and by the reviews alike.
EMPLOYER_COVERED = msg("该单位已由「{union}」登记，不能重复建会。")
CODE_IN_USE = msg("工会统一社会信用代码已被「{union}」使用。")
UNIONS_CODE = msg("以 81 开头的一般是工会的代码，这里应填写单位的代码，请对照单位的证书核对。")
NAME_INCOMPLETE = msg("名称不完整，请按证书上的全称填写。")
SHORTEST_NAME, UNIONS_PREFIX = 2, "81"


class SeveralInvalid(InvalidInput):
    """Several fields of a form break rules; `problems` holds the refusal of each, by the key of the field."""

    code = "several_invalid"
    default = msg("有 {count} 处需要修改，见各项下的说明。")

    def __init__(self, problems: Mapping[str, InvalidInput]) -> None:
        super().__init__(count=len(problems))
        self.problems = dict(problems)


def sound_value(key: str, typed: str) -> str:
    """The value typed for a field as it is kept: dates in ISO, codes in capitals, phones in E.164; may be empty.

    `key` is that of a change (`name`, `employers.12.address`). Categories are checked by `require_category`, since they
    depend on the union. Raises InvalidInput with the key as its field, KeyError for no such field.
    """
    field, _ = field_of(key)
    text = one_line(typed)
    try:
        return _sound(field, text) if text else ""
    except InvalidInput as refusal:
        raise InvalidInput(refusal.message, field=key, **refusal.values) from refusal


def _sound(field: UnionField, text: str) -> str:
    match field.kind:
        case FieldKind.DATE:
            return _day(field, text)
        case FieldKind.CODE:
            if text not in (field.codes or ()):
                raise InvalidInput(_NOT_OFFERED)
        case FieldKind.DIVISION:
            if not is_division(text):
                raise InvalidInput(_NOT_OFFERED)
        case FieldKind.COUNT:
            return _count(text)
        case FieldKind.USCC:
            return normalise_uscc(text)
        case FieldKind.PHONE:
            return normalise_phone(text)
        case _:
            return _text(field, text)
    return text


def _day(field: UnionField, text: str) -> str:
    latest = today() if field.name == "founded_on" else LATEST
    try:
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise InvalidInput(msg("日期不存在，请按年、月、日填写。"))
    if not EARLIEST <= found <= latest:
        raise InvalidInput(
            msg("日期应在 {first} 至 {last} 之间。"), first=EARLIEST.isoformat(), last=latest.isoformat()
        )
    return text


def _count(text: str) -> str:
    digits = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12 and int(digits) <= MOST_EMPLOYEES):
        raise InvalidInput(msg("请填写 0 至 {limit} 之间的整数。"), limit=f"{MOST_EMPLOYEES:,}")
    return str(int(digits))


def _text(field: UnionField, text: str) -> str:
    limit = LONGEST.get(field.name, LONGEST_TEXT)
    if field.name == "postcode":
        digits = unicodedata.normalize("NFKC", text).replace(" ", "")
        if not _POSTCODE.fullmatch(digits):
            raise InvalidInput(msg("邮编为 6 位数字，请核对。"))
        return digits
    if len(text) > limit:
        raise InvalidInput(msg("不能超过 {limit} 个字，现为 {length} 个字。"), limit=limit, length=len(text))
    if field.name == "name" and not is_whole_name(text):
        raise InvalidInput(NAME_INCOMPLETE)
    return text


def is_whole_name(text: str) -> bool:
    """Whether a text can be the name of an employer or of a union at all."""
    return len(text) >= SHORTEST_NAME and any(map(str.isalpha, text))


def has_subordinate_named(session: Session, superior_id: int, name: str) -> bool:
    """Whether a union has a direct subordinate of this name that is not dissolved."""
    alike = select(col(Union.id)).where(
        Union.superior_id == superior_id, Union.name == name, Union.status != UnionStatus.DISSOLVED
    )
    return session.exec(alike.limit(1)).first() is not None


def require_free_code(session: Session, code: str, *, key: str, besides: int = 0) -> None:
    """Raise InvalidInput when a union's code, or an employer's, is somebody else's already.

    `besides` is the union, or the employer, that may bear it. Codes of dissolved unions are free again.
    """
    _, employer = field_of(key)
    if employer is None:
        bearing = select(Union.name).where(
            Union.uscc == code, Union.status != UnionStatus.DISSOLVED, col(Union.id) != besides
        )
        text = CODE_IN_USE
    else:
        bearing = select(Employer.name).where(Employer.uscc == code, col(Employer.id) != besides)
        text = msg("该代码已是「{union}」的统一社会信用代码，请核对。")
    if (name := session.exec(bearing).first()) is not None:
        raise InvalidInput(text, field=key, union=name)


def warnings_about(key: str, value: str, *, is_above_base: bool) -> list[str]:
    """What is unusual about a sound value, as messages; it keeps nobody from handing it in."""
    field, employer = field_of(key)
    if field.kind is not FieldKind.USCC or not value:
        return []
    if employer is None:
        return uscc_warnings(value, of_union="above_base" if is_above_base else "base")
    return [UNIONS_CODE] if value.startswith(UNIONS_PREFIX) else []


def misplaced(values: Mapping[str, str], changed: Mapping[str, str]) -> dict[str, InvalidInput]:
    """Of values that are sound each by itself, what does not go together, by the key of what was `changed`."""
    found: dict[str, InvalidInput] = {}
    first, last = values.get("term_starts_on", ""), values.get("term_ends_on", "")
    if first and last and first > last:
        key = "term_ends_on" if "term_ends_on" in changed else "term_starts_on"
        found[key] = InvalidInput(msg("任期的结束日期早于开始日期，请修改。"), field=key)
    codes: dict[str, str] = {}
    for key, value in values.items():
        if value and field_of(key)[0].kind is FieldKind.USCC:
            other = codes.setdefault(value, key)
            if other != key:
                wrong = key if key in changed else other
                found[wrong] = InvalidInput(msg("同一个统一社会信用代码填写了两次，请核对。"), field=wrong)
    return {key: problem for key, problem in found.items() if key in changed}
