"""Structured logs: one JSON object a line (or plain text), each with its request's id, all of them redacted."""

import logging
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, Literal, TextIO

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from gdftu_app.integrations.redaction import redact, redact_field

# Libraries that bring handlers of their own, or log what clients sent: they speak through ours.
FOREIGN_LOGGERS = (
    "reflex",
    "uvicorn",
    "uvicorn.access",
    "uvicorn.error",
    "granian",
    "_granian",
    "granian.access",
    "engineio",
    "engineio.server",
    "socketio",
    "socketio.server",
    "sqlalchemy",
    "alembic",
)
# These tell of every packet, with its content, or of every look at the schema.
_CHATTY = ("engineio", "engineio.server", "socketio", "socketio.server", "alembic")
# Granian configures its loggers once more when it starts: with this it leaves them to ours (`log_dictconfig`).
GRANIAN_LOGGING: dict[str, Any] = {
    "handlers": {},
    "formatters": {},
    "loggers": {name: {"level": "INFO", "propagate": True} for name in ("_granian", "granian.access")},
}
# Written by this process itself, and needed to follow a request.
_OWN_FIELDS = frozenset({"timestamp", "level", "logger", "request_id"})

Form = Literal["json", "text"]
Event = MutableMapping[str, Any]


class RedactingFilter(logging.Filter):
    """Redacts a record before any handler sees it: for loggers that are given handlers by others."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true; the record's text is final afterwards."""
        record.msg, record.args = redact(record.getMessage()), None
        if record.exc_info and record.exc_info[0]:
            record.exc_text = redact(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


def configure_logging(
    *, level: str = "INFO", form: Form = "json", request_id: Callable[[], str] = str, stream: TextIO | None = None
) -> None:
    """Send every log of this process through one redacting handler to `stream` (standard error by default).

    `request_id` tells the id of the request at hand, or nothing. Calling again replaces the former configuration.
    """
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *_first(request_id), ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_formatter(form, request_id))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in FOREIGN_LOGGERS:
        _adopt(logging.getLogger(name))
    for name in _CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def _adopt(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True
    if not any(isinstance(present, RedactingFilter) for present in logger.filters):
        logger.addFilter(RedactingFilter())


def _formatter(form: Form, request_id: Callable[[], str]) -> logging.Formatter:
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    as_text = structlog.dev.ConsoleRenderer(
        colors=False, event_key="message", exception_formatter=structlog.dev.plain_traceback
    )
    return ProcessorFormatter(
        foreign_pre_chain=_first(request_id),
        processors=[
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            _redact_event,
            as_json if form == "json" else as_text,
        ],
    )


def _first(request_id: Callable[[], str]) -> list[Processor]:
    def add_request_id(_logger: Any, _method: str, event: Event) -> Event:
        number = request_id()
        if number:
            event["request_id"] = number
        return event

    return [
        structlog.stdlib.PositionalArgumentsFormatter(),
        # Before the extras, which may bear the name `event` themselves.
        structlog.processors.EventRenamer("message"),
        structlog.stdlib.ExtraAdder(),
        structlog.contextvars.merge_contextvars,
        add_request_id,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        _keep_rendered_exception,
    ]


def _keep_rendered_exception(_logger: Any, _method: str, event: Event) -> Event:
    record = event.get("_record")
    if record is not None and record.exc_text and not record.exc_info:
        event["exception"] = record.exc_text
    return event


def _redact_event(_logger: Any, _method: str, event: Event) -> Event:
    return {name: value if name in _OWN_FIELDS else redact_field(name, value) for name, value in event.items()}
