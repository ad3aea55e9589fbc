"""The fields of a registration (组织登记): their labels, the step of the form each stands in, what is typed of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from enum import IntEnum, StrEnum
from typing import Any, Self

from gdftu_app.i18n import msg

LONGEST_NAME, LONGEST_NOTE = 200, 200


class RegistrationField(StrEnum):
    """One field of the form."""

    EMPLOYER_NAME, EMPLOYER_USCC = "employer_name", "employer_uscc"
    EMPLOYER_CERTIFICATE = "employer_certificate"
    IS_INDEPENDENT, UNION_NAME = "is_independent", "union_name"
    UNION_USCC, UNION_CERTIFICATE = "union_uscc", "union_certificate"
    SUPERIOR = "superior_id"


FIELD_LABELS: dict[RegistrationField, str] = {
    RegistrationField.EMPLOYER_NAME: msg("单位名称"),
    RegistrationField.EMPLOYER_USCC: msg("单位统一社会信用代码"),
    RegistrationField.EMPLOYER_CERTIFICATE: msg("单位统一社会信用代码证"),
    RegistrationField.IS_INDEPENDENT: msg("是否独立建会"),
    RegistrationField.UNION_NAME: msg("工会名称"),
    RegistrationField.UNION_USCC: msg("工会统一社会信用代码"),
    RegistrationField.UNION_CERTIFICATE: msg("工会统一社会信用代码证"),
    RegistrationField.SUPERIOR: msg("上级工会"),
}
CERTIFICATES = (RegistrationField.EMPLOYER_CERTIFICATE, RegistrationField.UNION_CERTIFICATE)
OF_INDEPENDENT_UNIONS = frozenset({RegistrationField.UNION_USCC, RegistrationField.UNION_CERTIFICATE})


class RegistrationStep(IntEnum):
    """The steps of the form, in their order."""

    EMPLOYER, UNION, SUPERIOR, CHECK = 1, 2, 3, 4


STEP_FIELDS: dict[RegistrationStep, tuple[RegistrationField, ...]] = {
    RegistrationStep.EMPLOYER: (
        RegistrationField.EMPLOYER_NAME,
        RegistrationField.EMPLOYER_USCC,
        RegistrationField.EMPLOYER_CERTIFICATE,
    ),
    RegistrationStep.UNION: (
        RegistrationField.IS_INDEPENDENT,
        RegistrationField.UNION_NAME,
        RegistrationField.UNION_USCC,
        RegistrationField.UNION_CERTIFICATE,
    ),
    RegistrationStep.SUPERIOR: (RegistrationField.SUPERIOR,),
    RegistrationStep.CHECK: (),
}


def step_of(name: RegistrationField) -> RegistrationStep:
    """The step of the form in which a field stands."""
    return next(step for step, names in STEP_FIELDS.items() if name in names)


@dataclass(frozen=True, kw_only=True, slots=True)
class RegistrationValues:
    """What has been typed so far, right or wrong; certificates by the keys of their files, notes by field.

    `is_independent` (是否独立建会) is None until it is said. What belongs to independent unions only is kept when the
    answer changes, so that changing it back loses nothing.
    """

    employer_name: str = ""
    employer_uscc: str = ""
    employer_certificate: str = ""
    is_independent: bool | None = None
    union_name: str = ""
    union_uscc: str = ""
    union_certificate: str = ""
    superior_id: int | None = None
    notes: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The values of a draft as it was kept; what this version does not know is left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in kept.items() if name in known})

    @property
    def kept(self) -> dict[str, Any]:
        """The values as a draft keeps them."""
        return asdict(self)

    @property
    def certificates(self) -> tuple[str, ...]:
        """The keys of the files that are mentioned."""
        return tuple(filter(None, (self.employer_certificate, self.union_certificate)))

    def is_asked(self, name: RegistrationField) -> bool:
        """Whether a field is part of the form as it stands."""
        return name not in OF_INDEPENDENT_UNIONS or self.is_independent is True

    def is_missing(self, name: RegistrationField) -> bool:
        """Whether a field that is asked for is empty."""
        return self.is_asked(name) and getattr(self, name) in ("", None)
