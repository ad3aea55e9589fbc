"""What goes over the wire: bodies of requests, taken strictly, and of answers."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gdftu_app.i18n import msg
from gdftu_app.models.identifiers import DocumentType
from gdftu_app.models.member_fields import LONGEST_WORKPLACE, MEMBER_FIELDS
from gdftu_app.models.reviews import ReviewStatus
from gdftu_app.queries.identity_checks import VerificationState
from gdftu_app.queries.own_applications import ApplicationKind

# Ids of unions are 32 bits long.
LARGEST_UNION_ID = 2**31 - 1
# In the document: what the codes of a field mean.
LABELS = "x-labels"
Text = Annotated[str, Field(max_length=200)]
UnionId = Annotated[int, Field(ge=1, le=LARGEST_UNION_ID, description=msg("工会编号，由 GET unions 得到。"))]


def _detail(key: str) -> Any:
    """A field about the applicant: free text, or a code, whose labels stand in the document."""
    field = MEMBER_FIELDS[key]
    codes = {"enum": ["", *field.table.codes], LABELS: dict(field.table.labels)} if field.table else {}
    return Field("", max_length=LONGEST_WORKPLACE, description=field.label, json_schema_extra=codes)


class Body(BaseModel):
    """A body of a request: no other fields, no other types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class CodeRequest(Body):
    """`POST sms-codes`."""

    phone: Text = Field(description=msg("中国内地手机号。"))


class TokenRequest(Body):
    """`POST tokens`: phone and code, or the two codes of WeChat."""

    phone: Text = ""
    code: Text = Field("", description=msg("短信验证码。"))
    wechat_code: Text = Field("", description=msg("wx.login 得到的 code。"))
    phone_code: Text = Field("", description=msg("getPhoneNumber 得到的 code。"))


class IdentityRequest(Body):
    """`POST me/identity`."""

    name: Text
    document_type: Text = Field(description=", ".join(DocumentType))
    document_number: Text
    consent_version: Text = Field(description=msg("用户同意的说明的版本，由 GET me/identity 得到。"))


class JoinRequest(Body):
    """`POST join-applications`: the union, and what the applicant tells of `DETAIL_FIELDS`."""

    union_id: UnionId
    workplace: str = _detail("workplace")
    occupation: str = _detail("occupation")
    is_migrant: str = _detail("is_migrant")
    employment: str = _detail("employment")
    education: str = _detail("education")
    skill: str = _detail("skill")
    politics: str = _detail("politics")
    household: str = _detail("household")
    ethnicity: str = _detail("ethnicity")


class TransferRequest(Body):
    """`POST transfer-applications`."""

    union_id: UnionId
    purpose: Text = Field(description=msg("转会原因，不超过 100 个字。"))


class CodeAnswer(BaseModel):
    """When the next code may be asked for, and how long this one is good, in seconds."""

    retry_after: int
    expires_in: int


class TokenAnswer(BaseModel):
    """A token."""

    token: str
    expires_at: datetime


class UnionRef(BaseModel):
    """A union by name."""

    id: int
    name: str


class UnionHit(UnionRef):
    """A union to be joined; `path` names those above it, from the top."""

    path: list[str]


class MembershipAnswer(BaseModel):
    """The membership held now; `joined_on` is the first 入会时间."""

    union: UnionRef
    joined_on: date


class MeAnswer(BaseModel):
    """The account; `phone` is masked, `name` empty until an identity was proven."""

    id: int
    name: str
    phone: str
    verified: bool
    membership: MembershipAnswer | None


class ConsentAnswer(BaseModel):
    """What is to be read and agreed to."""

    version: str
    paragraphs: list[str]


class IdentityAnswer(BaseModel):
    """How far the proof of the identity has come; `reason` tells why the last try failed."""

    status: VerificationState
    reason: str
    consent: ConsentAnswer


class IdentityTaken(BaseModel):
    """A proof that waits: for the gateway (`pending`) or for an administrator (`manual`)."""

    status: Literal["pending", "manual"]


class ApplicationTaken(BaseModel):
    """An application handed in."""

    id: str
    status: Literal["pending"]


class ApplicationAnswer(BaseModel):
    """An application of one's own; `reason` is that of a rejection."""

    id: str
    kind: ApplicationKind
    status: ReviewStatus
    reason: str
    union: UnionRef


class Unions(BaseModel):
    """A list of unions; `next` is what to ask on with as `after`."""

    items: list[UnionHit]
    next: str | None = None


class Applications(BaseModel):
    """A list of applications; `next` is what to ask on with as `after`."""

    items: list[ApplicationAnswer]
    next: str | None = None


class ErrorDetail(BaseModel):
    """What was refused, and beside which fields it belongs."""

    code: str
    message: str
    fields: dict[str, str]


class ErrorAnswer(BaseModel):
    """An error."""

    error: ErrorDetail
