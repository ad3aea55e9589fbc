import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from granian.log import LOGGING_CONFIG

from gdftu_app.integrations.logs import FOREIGN_LOGGERS, GRANIAN_LOGGING, configure_logging
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.security.tokens import new_session_cookie

COOKIE = new_session_cookie()
CANARIES = ("13800138000", "440199199001011234", "hunter2", "123456", COOKIE)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What is logged in JSON during the test; the former configuration returns after it."""
    names = ("", *FOREIGN_LOGGERS)
    before = {
        name: (list(logger.handlers), logger.level, logger.propagate, list(logger.filters))
        for name, logger in ((name, logging.getLogger(name)) for name in names)
    }
    written = io.StringIO()
    configure_logging(request_id=lambda: current_caller.get().request_id, stream=written)
    yield written
    structlog.reset_defaults()
    for name, (handlers, level, propagate, filters) in before.items():
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate, logger.filters[:] = handlers, propagate, filters
        logger.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


class TestConfigureLogging:
    def test_a_line_is_one_json_object_with_the_request_it_belongs_to(self, stream):
        token = current_caller.set(Caller(request_id="r1"))

        logging.getLogger("gdftu_app.web").info("served %s", "/login", extra={"ms": 12})

        current_caller.reset(token)
        [line] = lines(stream)
        assert line.pop("timestamp", "").endswith("Z")
        assert line == {
            "message": "served /login",
            "logger": "gdftu_app.web",
            "level": "info",
            "request_id": "r1",
            "ms": 12,
        }

    def test_an_extra_may_be_named_event(self, stream):
        logging.getLogger("gdftu_app.state").warning("refused", extra={"event": "state.load"})

        [line] = lines(stream)
        assert (line["message"], line["event"]) == ("refused", "state.load")

    def test_structlog_speaks_the_same_way(self, stream):
        structlog.get_logger("gdftu_app.jobs").info("folded", deltas=3, phone="13800138000")

        [line] = lines(stream)
        assert (line["message"], line["deltas"], line["level"]) == ("folded", 3, "info")
        assert "13800138000" not in stream.getvalue()

    @pytest.mark.parametrize("name", ["gdftu_app", *FOREIGN_LOGGERS, "reflex.state", "reflex_base.event.processor"])
    def test_no_logger_lets_a_canary_through(self, stream, name):
        logger = logging.getLogger(name)
        event = {
            "name": "state.sign_in",
            "payload": {"phone": CANARIES[0], "id": CANARIES[1], "password": CANARIES[2], "code": CANARIES[3]},
            "router_data": {"headers": {"cookie": f"a=b; gdftu_session={COOKIE}"}},
        }

        logger.error("unknown event %s", event)
        logger.error("typed %(phone)s", event["payload"])
        logger.error("with fields", extra={"payload": event["payload"], "headers": event["router_data"]})
        try:
            raise ValueError(f"password={CANARIES[2]} of {CANARIES[0]}: {event}")
        except ValueError:
            logger.exception("failed")

        assert len(lines(stream)) == 4
        assert "ValueError" in str(lines(stream)[3]["exception"])
        for canary in CANARIES:
            assert canary not in stream.getvalue()

    def test_a_handler_that_a_library_adds_later_gets_redacted_records_only(self, stream):
        added = io.StringIO()
        handler = logging.StreamHandler(added)
        logging.getLogger("reflex").addHandler(handler)

        try:
            raise ValueError("password=hunter2")
        except ValueError:
            logging.getLogger("reflex").exception("sent to %s", CANARIES[0])

        assert "138****8000" in added.getvalue()
        assert "hunter2" not in added.getvalue()

    def test_granians_own_configuration_leaves_its_loggers_to_ours(self, stream):
        logging.config.dictConfig({**LOGGING_CONFIG, **GRANIAN_LOGGING})

        logging.getLogger("granian.access").info("GET /login %s", CANARIES[0])

        [line] = lines(stream)
        assert line["logger"] == "granian.access"

    def test_packets_are_not_logged(self, stream):
        for name in ("engineio.server", "socketio.server"):
            logging.getLogger(name).info("received packet")

        assert lines(stream) == []

    def test_plain_text_is_redacted_as_well(self, stream):
        plain = io.StringIO()
        configure_logging(form="text", stream=plain)

        logging.getLogger("gdftu_app").info("sent to %s", CANARIES[0], extra={"password": "hunter2"})

        assert "sent to 138****8000" in plain.getvalue()
        assert "hunter2" not in plain.getvalue()
        assert stream.getvalue() == ""

    def test_configuring_again_writes_each_line_once(self, stream):
        again = io.StringIO()
        configure_logging(stream=again)
        configure_logging(stream=again)

        logging.getLogger("reflex").warning("once")

        assert len(again.getvalue().splitlines()) == 1
