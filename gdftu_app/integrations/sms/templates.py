"""Templates (短信模板): what a gateway has approved for each purpose, and which values go into it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from gdftu_app.config import Settings
from gdftu_app.errors import Misconfigured
from gdftu_app.integrations.sms.messages import TextMessage

TEST_PURPOSE = "test"
STANDS_IN_FOR_TEST = "sign_in"
DEFAULT_VALUES = ("code", "minutes")
_WRONG = (
    'GDFTU_SMS_TEMPLATES 应为 JSON，例如 {"sign_in": "SMS_100"} 或 '
    '{"sign_in": {"id": "SMS_100", "values": ["code", "minutes"]}}。'
)


@dataclass(frozen=True, slots=True)
class Template:
    """A template by the gateway's id, and the names of the values that it takes, in its order."""

    id: str
    values: tuple[str, ...] = DEFAULT_VALUES

    def filled_from(self, message: TextMessage) -> dict[str, str] | None:
        """The values that the template takes, in its order; None when the message lacks one."""
        if any(name not in message.values for name in self.values):
            return None
        return {name: message.values[name] for name in self.values}


def templates_of(configured: Settings) -> dict[str, Template]:
    """The configured templates by purpose; a test message takes that of signing in. Raises `Misconfigured`."""
    try:
        found = json.loads(configured.sms_templates or "{}")
    except ValueError:
        raise Misconfigured(_WRONG) from None
    if not isinstance(found, dict):
        raise Misconfigured(_WRONG)
    templates = {purpose: _template(entry) for purpose, entry in cast(dict[str, Any], found).items()}
    if STANDS_IN_FOR_TEST in templates:
        templates.setdefault(TEST_PURPOSE, templates[STANDS_IN_FOR_TEST])
    return templates


def purposes_without(templates: Mapping[str, Template], purposes: Sequence[str]) -> list[str]:
    """Which of these purposes have no template."""
    return [purpose for purpose in purposes if purpose not in templates]


def _template(entry: Any) -> Template:
    if isinstance(entry, str | int) and str(entry):
        return Template(str(entry))
    if isinstance(entry, dict):
        fields = cast(dict[str, Any], entry)
        template_id, values = fields.get("id"), fields.get("values", list(DEFAULT_VALUES))
        if template_id and isinstance(values, list) and all(isinstance(name, str) for name in cast(list[Any], values)):
            return Template(str(template_id), tuple(cast(list[str], values)))
    raise Misconfigured(_WRONG)
