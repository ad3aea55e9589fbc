"""Separate consent (单独同意) to the handling of sensitive personal data: texts by version, and who gave it when."""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from gdftu_app.errors import InvalidInput
from gdftu_app.i18n import msg
from gdftu_app.models.identity_checks import Consent
from gdftu_app.services.audit import ADDRESS_LENGTH, record


class ConsentPurpose(StrEnum):
    """What is agreed to."""

    IDENTITY = "identity"


class Channel(StrEnum):
    """Where it was agreed to."""

    MEMBER_PAGE = "member_page"
    API = "api"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of what a person is told before agreeing; the paragraphs are msgids. A version never changes."""

    version: str
    paragraphs: tuple[str, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the Chinese text, which is the one agreed to (43 URL-safe characters)."""
        digest = hashlib.sha256("\n".join(self.paragraphs).encode()).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


IDENTITY_TEXT = ConsentText(
    "2026-11.2",
    (
        msg(
            "为确认你本人就是所登记的工会会员或工会管理员，需要收集你的姓名、证件类型和证件号码；居民身份证号码还用来得出性别和出生日期。"
        ),
        msg(
            "居民身份证的姓名和号码会提交给核验机构比对是否一致；其他证件由所在工会的管理员当面核对。除此之外不提供给他人。"
        ),
        msg("只保存核验结果和加密后的证件号码，用于会籍管理；不用于其他目的，也不公开。"),
        msg(
            "没有通过核验的证件号码，核验结束后即删除；通过的保存到账号注销为止。曾是会员的，姓名、性别、出生日期和证件作为会籍档案长期保存。"
        ),
        msg("这些属于敏感个人信息。不同意则无法完成实名认证，但不影响你向工会当面办理。"),
        msg(
            "你可以随时在「个人信息」页面查阅、更正、删除个人信息，撤回同意或注销账号。撤回同意不影响此前已经进行的处理。"
        ),
    ),
)
# Agreed to before, and shown to those who did.
EARLIER_TEXTS: tuple[ConsentText, ...] = (
    ConsentText(
        "2026-11",
        (
            msg("为确认你本人就是所登记的工会会员或工会管理员，需要收集你的姓名、证件类型和证件号码。"),
            msg("居民身份证的姓名和号码会提交给核验机构比对是否一致；其他证件由所在工会的管理员当面核对。"),
            msg("只保存核验结果和加密后的证件号码，用于会籍管理；不用于其他目的，也不公开。"),
            msg(
                "这些属于敏感个人信息。不同意则无法完成实名认证，但不影响你向工会当面办理。你可以随时向所在工会申请查阅、更正或删除。"
            ),
        ),
    ),
)
CURRENT: dict[ConsentPurpose, ConsentText] = {ConsentPurpose.IDENTITY: IDENTITY_TEXT}
PURPOSE_LABELS: dict[ConsentPurpose, str] = {ConsentPurpose.IDENTITY: msg("实名认证")}
CHANNEL_LABELS: dict[Channel, str] = {Channel.MEMBER_PAGE: msg("会员页面"), Channel.API: msg("小程序")}
NOT_GIVEN = msg("请阅读并勾选同意后再提交。")
TEXT_CHANGED = msg("说明已更新，请重新阅读并勾选同意。")


def text_agreed_to(version: str) -> ConsentText | None:
    """The text of a version for proving one's identity; None for one that is not known here."""
    return next((text for text in (IDENTITY_TEXT, *EARLIER_TEXTS) if text.version == version), None)


def give_consent(
    session: Session, *, account_id: int, purpose: ConsentPurpose, version: str, channel: Channel, address: str
) -> Consent:
    """Record that an account agreed to the text now in force; `version` is the one it was shown.

    Raises `InvalidInput` (field `consent`) without consent, or when the text has changed in the meantime.
    """
    text = CURRENT[purpose]
    if not version:
        raise InvalidInput(NOT_GIVEN, field="consent")
    if version != text.version:
        raise InvalidInput(TEXT_CHANGED, field="consent")
    given = Consent(
        account_id=account_id,
        purpose=purpose,
        version=text.version,
        text_digest=text.digest,
        channel=channel,
        address=address[:ADDRESS_LENGTH],
    )
    session.add(given)
    session.flush()
    record(
        session,
        "consents:give",
        account_id=account_id,
        subject=f"consents:{given.id}",
        detail={"purpose": purpose, "version": text.version, "channel": channel},
    )
    return given
