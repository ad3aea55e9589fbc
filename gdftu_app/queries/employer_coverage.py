"""Which employers a union covers (覆盖单位), and what a change of that must not break (手册 五)."""

from collections.abc import Collection, Iterable, Mapping

from sqlmodel import Session, col, select

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.union_fields import TAKEN_OFF, covering_key, employer_key, field_of
from gdftu_app.models.unions import COVERING, Employer, Union, UnionCategory, UnionEmployer, UnionStatus
from gdftu_app.queries.union_checks import EMPLOYER_COVERED

MOST_ADDED = 10
NEEDED = {"name": msg("请填写单位名称。"), "uscc": msg("请填写统一社会信用代码。")}
KNOWN_EMPLOYER = msg("这个代码的单位已有登记信息，通过后以已登记的信息为准，其余各项不必填写。")


class EmployerRegistered(InvalidInput):
    """The employer is covered by a union already."""

    code = "employer_registered"
    default = EMPLOYER_COVERED


class EmployerHasUnion(InvalidInput):
    """The employer has a union of its own, so that no other covers it."""

    code = "employer_has_union"
    default = msg("该单位已单独建会（「{union}」），不能再由其他工会覆盖。")


def covering_unions(session: Session, codes: Collection[str], *, besides: int = 0) -> dict[str, str]:
    """The names of the single base unions, but one, that cover employers already, by the employers' codes."""
    covering = (
        select(Employer.uscc, Union.name)
        .join(UnionEmployer, col(UnionEmployer.employer_id) == Employer.id)
        .join(Union, col(Union.id) == UnionEmployer.union_id)
        .where(
            col(Employer.uscc).in_(codes),
            col(Union.id) != besides,
            col(Union.status) != UnionStatus.DISSOLVED,
            col(Union.category) == UnionCategory.SINGLE_BASE,
        )
    )
    return dict(session.exec(covering).all())


def require_coverable(session: Session, union: Union, codes: Mapping[str, str]) -> None:
    """Raise EmployerHasUnion when an employer of some codes, which stand at the keys given, is another union's own."""
    for code, name in covering_unions(session, codes.keys(), besides=union.id or 0).items():
        raise EmployerHasUnion(field=codes[code], union=name)


def is_known_employer(session: Session, code: str) -> bool:
    """Whether an employer of this code is recorded, covered by anybody or not."""
    return session.exec(select(Employer.id).where(Employer.uscc == code)).first() is not None


def employers_in(keys: Iterable[str]) -> list[int]:
    """The ids of the employers on record that some keys belong to, in their order."""
    return [number for number in _numbers(keys) if number > 0]


def added_in(keys: Iterable[str]) -> list[int]:
    """The numbers of the employers that are to be added, in their order."""
    return [number for number in _numbers(keys) if number < 0]


def taken_off_in(keys: Iterable[str]) -> list[int]:
    """The ids of the employers that are to be covered no more."""
    return _numbers(key for key in keys if field_of(key)[0] is TAKEN_OFF)


def _numbers(keys: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(number for key in keys if (number := field_of(key)[1]) is not None))


def before_of(present: Mapping[str, str], key: str) -> str:
    """What a key of a change reads at present: of an employer itself its name; of what is not there, nothing."""
    field, number = field_of(key)
    if number is not None and field is TAKEN_OFF:
        return present.get(employer_key(number, "name"), "")
    return present.get(key, "")


def covered_after(present: Iterable[str], keys: Collection[str]) -> int:
    """How many employers a union covers once a change with these keys has taken effect."""
    return len(employers_in(present)) - len(taken_off_in(keys)) + len(added_in(keys))


def require_known_key(union: Union, present: Mapping[str, str], key: str) -> None:
    """Raise InvalidInput for a key that the form of a change does not have."""
    if key in present:
        return
    try:
        field, number = field_of(key)
    except KeyError as reason:
        raise InvalidInput from reason
    if number is None or union.category not in COVERING:
        raise InvalidInput
    if not (employer_key(number, "name") in present if field is TAKEN_OFF else -MOST_ADDED <= number < 0):
        raise InvalidInput


def misfits(category: str, present: Mapping[str, str], keys: Collection[str]) -> dict[str, InvalidInput]:
    """What is wrong with the number of employers that a change leaves a union of a category with."""
    added, taken_off = added_in(keys), taken_off_in(keys)
    if not added and not taken_off:
        return {}
    count = covered_after(present, keys)
    if count < 1:
        key = covering_key(taken_off[-1])
        return {key: InvalidInput(msg("至少保留一个单位，不能全部移除。"), field=key)}
    if added and category == UnionCategory.SINGLE_BASE and count > 1:
        key = employer_key(added[0], "name")
        told = msg("单独基层工会只覆盖一个单位。覆盖多个单位的，请同时将工会类型改为联合基层工会。")
        return {key: InvalidInput(told, field=key)}
    return {}
