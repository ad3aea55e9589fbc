"""A test message (测试短信) by which an operator sees whether the configured gateway takes messages."""

from gdftu_app.config import settings
from gdftu_app.db import unit_of_work
from gdftu_app.i18n import msg
from gdftu_app.integrations.sms import TEST_PURPOSE, Delivery
from gdftu_app.models.identifiers import mask_phone, normalise_phone
from gdftu_app.services.audit import record
from gdftu_app.services.outbox import deliver_now

# They take the places of a code and its life in the template of signing in; the code opens nothing.
NO_CODE, MINUTES = "000000", "5"
TEST_TEXT = msg("【粤工惠】这是一条测试短信，收到即表示短信通道可用，无需处理。")


def send_trial(phone: str) -> Delivery:
    """Send one test message at once, with an entry in the audit trail; the gateway's answer.

    It is a row of the outbox like any other, and never repeated.

    Raises:
        InvalidInput: the phone is no mainland mobile number.
        Misconfigured: the chosen gateway lacks settings.
    """
    normal = normalise_phone(phone)
    answer = deliver_now(normal, TEST_PURPOSE, TEST_TEXT, {"code": NO_CODE, "minutes": MINUTES})
    with unit_of_work() as session:
        told = {"gateway": settings().sms_gateway, "status": answer.status, "code": answer.code}
        record(session, "messages:try", detail={"phone": mask_phone(normal), **told})
    return answer
