"""Logs of a process, configured as the installation says and numbered by the request at hand."""

from gdftu_app.config import settings
from gdftu_app.integrations.logs import configure_logging
from gdftu_app.security.requests import current_caller


def observe() -> None:
    """Configure this process's logs; every process of the installation calls it first."""
    configure_logging(
        level=settings().log_level,
        form=settings().log_format,
        request_id=lambda: current_caller.get().request_id,
    )
