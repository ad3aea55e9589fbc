"""Passwords in tests: set, changed and tried."""

import re

from sqlmodel import select

from gdftu_app.errors import InvalidInput, Refusal
from gdftu_app.models.accounts import CodePurpose
from gdftu_app.models.records import AuditEntry
from gdftu_app.queries.outbox import list_messages
from gdftu_app.services.passwords import change_password, set_password
from gdftu_app.services.sessions import begin
from gdftu_app.services.sign_in import sign_in_with_password
from gdftu_app.services.sign_in_codes import send_code

KNOWN, UNKNOWN = "19900000001", "19900000002"
OLD, NEW = "Gonghui@2026demo", "Lychee-Harbour-72"


def code_for(session, phone=KNOWN, purpose=CodePurpose.SET_PASSWORD) -> str:
    send_code(session, phone=phone, purpose=purpose)
    return sent_code(session, phone)


def sent_code(session, phone=KNOWN) -> str:
    found = re.search(r"验证码 (\d{6})", list_messages(session, phone=phone)[0].text)
    assert found is not None
    return found[1]


def put(session, code, password=NEW, again=None, phone=KNOWN, cookie=None):
    return set_password(
        session, phone=phone, code=code, password=password, again=password if again is None else again, cookie=cookie
    )


def signed_in(session, account):
    return begin(session, account, cookie=None, address="1.2.3.4", user_agent="browser")


def change(session, cookie, current=OLD, password=NEW, again=None, code=""):
    return change_password(
        session,
        cookie=cookie,
        current=current,
        code=code,
        password=password,
        again=password if again is None else again,
    )


def refused(outcome) -> Refusal:
    assert outcome.refusal is not None
    return outcome.refusal


def field_of(outcome) -> str:
    refusal = refused(outcome)
    assert isinstance(refusal, InvalidInput)
    return refusal.field


def enters(session, password, phone=KNOWN):
    return sign_in_with_password(
        session, phone=phone, password=password, visitor_cookie=None, address="", user_agent=""
    )


def entries(session, verb):
    return session.exec(select(AuditEntry).where(AuditEntry.verb == verb)).all()
