"""Separate consent: what is kept of it, and that nobody agrees to a text they were not shown."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from gdftu_app.clock import frozen_at
from gdftu_app.errors import InvalidInput
from gdftu_app.models.identity_checks import Consent
from gdftu_app.models.records import AuditEntry
from gdftu_app.services.consents import (
    CURRENT,
    IDENTITY_TEXT,
    Channel,
    ConsentPurpose,
    ConsentText,
    give_consent,
    text_agreed_to,
)
from tests.factories import id_of, make_account

MOMENT = datetime(2026, 5, 4, 1, 2, 3, tzinfo=UTC)


def agree(session: Session, *, version: str = IDENTITY_TEXT.version, address: str = "1.2.3.4") -> Consent:
    return give_consent(
        session,
        account_id=id_of(make_account(session)),
        purpose=ConsentPurpose.IDENTITY,
        version=version,
        channel=Channel.MEMBER_PAGE,
        address=address,
    )


class TestGiveConsent:
    def test_keeps_text_channel_address_and_moment(self, session: Session):
        with frozen_at(MOMENT):
            given = agree(session)

        session.expire(given)
        assert (given.purpose, given.version, given.text_digest) == ("identity", "2026-11.2", IDENTITY_TEXT.digest)
        assert (given.channel, given.address, given.given_at) == ("member_page", "1.2.3.4", MOMENT)

    def test_is_audited_without_the_address_in_its_detail(self, session: Session):
        given = agree(session)

        [entry] = session.exec(select(AuditEntry)).all()
        assert (entry.verb, entry.account_id, entry.subject) == (
            "consents:give",
            given.account_id,
            f"consents:{given.id}",
        )
        assert entry.detail == {"purpose": "identity", "version": "2026-11.2", "channel": "member_page"}

    @pytest.mark.parametrize(
        ("version", "words"),
        [
            ("", "请阅读并勾选同意后再提交。"),
            ("2026-11", "说明已更新，请重新阅读并勾选同意。"),
            ("on", "说明已更新，请重新阅读并勾选同意。"),
            (f"{IDENTITY_TEXT.version} ", "说明已更新，请重新阅读并勾选同意。"),
        ],
    )
    def test_to_no_text_or_another_one_is_refused(self, version: str, words: str, session: Session):
        with pytest.raises(InvalidInput) as refused:
            agree(session, version=version)

        assert (refused.value.field, refused.value.message) == ("consent", words)
        assert session.exec(select(Consent)).all() == []

    def test_cuts_an_address_beyond_all_measure(self, session: Session):
        assert len(agree(session, address="9" * 500).address) == 64


class TestTheText:
    def test_is_told_by_the_digest_of_its_chinese_words(self):
        text = ConsentText("1", ("第一段。", "第二段。"))

        expected = urlsafe_b64encode(hashlib.sha256("第一段。\n第二段。".encode()).digest()).decode().rstrip("=")
        assert text.digest == expected
        assert ConsentText("1", ("第一段。", "第二段！")).digest != expected

    def test_in_force_has_not_changed_without_a_new_version(self):
        told = {purpose.value: (text.version, text.digest) for purpose, text in CURRENT.items()}

        assert told == {"identity": ("2026-11.2", "ki1M-XHyUa-evtkparXcz31DtRYRVzbzqZbmY2Qh-4I")}

    def test_that_was_in_force_before_can_still_be_read(self):
        earlier = text_agreed_to("2026-11")

        assert earlier is not None
        assert earlier.digest == "2HK9YXToD4cu9Db14l_LUWQspW6bnY405oEB3pkJVqo"
        assert text_agreed_to(IDENTITY_TEXT.version) is IDENTITY_TEXT
        assert text_agreed_to("2025-01") is None
