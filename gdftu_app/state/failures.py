"""Failures nobody foresaw: logged under a number, and the user is told the number instead of the cause."""

import logging
from uuid import uuid4

from reflex_base.event import EventSpec

from gdftu_app.state.notices import Notices

log = logging.getLogger(__name__)


def report_failure(exception: Exception) -> EventSpec:
    """Log an exception that escaped a handler; gives the event that shows its number."""
    number = uuid4().hex[:8].upper()
    log.error("event failed", exc_info=exception, extra={"number": number})
    return Notices.report_failure(number)
