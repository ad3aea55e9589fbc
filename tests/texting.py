"""Text-message codes in tests: asked for, read on the phone, and typed in."""

import re
from typing import Any

from gdftu_app.models.accounts import CodePurpose
from gdftu_app.queries.outbox import list_messages
from gdftu_app.security.keys import blind_index
from gdftu_app.services.sign_in import sign_in_with_code
from gdftu_app.services.sign_in_codes import redeem_code, send_code

KNOWN, UNKNOWN = "19900000001", "19900000002"
ADDRESS = "1.2.3.4"


def send(session, phone=KNOWN, address=ADDRESS):
    return send_code(session, phone=phone, purpose=CodePurpose.SIGN_IN, address=address)


def texts(session, phone=KNOWN):
    return [message.text for message in list_messages(session, phone=phone)]


def newest_code(session, phone=KNOWN) -> str:
    found = re.search(r"\d{6}", texts(session, phone)[0])
    assert found is not None
    return found[0]


def other_than(code):
    return f"{(int(code) + 1) % 1_000_000:06d}"


def redeem(session, code, purpose: Any = CodePurpose.SIGN_IN, phone=KNOWN):
    return redeem_code(session, phone_bidx=blind_index("phone", f"+86{phone}"), purpose=purpose, code=code)


def enter(session, code, phone=KNOWN):
    return sign_in_with_code(session, phone=phone, code=code, visitor_cookie=None, address=ADDRESS, user_agent="")
