"""Drawing member pages: Jinja templates in the reader's language, and the core asked as the console asks it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from gdftu_app.clock import BEIJING
from gdftu_app.errors import InvalidInput, Refusal, TooManyRequests
from gdftu_app.i18n import LANGUAGES, SOURCE_LANGUAGE, dates, render
from gdftu_app.queries.preferences import preferences_of
from gdftu_app.security.requests import current_caller
from gdftu_app.services.asking import ask_as_account, ask_as_visitor

Answer = TypeVar("Answer")
_templates = Environment(
    loader=PackageLoader("gdftu_app.h5"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


async def ask_for_account(function: Callable[..., Answer], **asked: Any) -> Answer:
    """Call `function(session, account_id=…, …)` of the core for the signed-in account; `SignedOut` without one."""
    return await run_in_threadpool(ask_as_account, current_caller.get(), function, **asked)


async def ask_for_visitor(function: Callable[..., Answer], **asked: Any) -> Answer:
    """Call `function(session, …)` of the core for anybody."""
    return await run_in_threadpool(ask_as_visitor, current_caller.get(), function, **asked)


async def draw(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """A member page. Templates say `t("中文")`, `moment(value)` for an aware moment, and `day(value)` for a date."""
    kept = await ask_for_visitor(preferences_of, cookie=current_caller.get().cookie)
    language = kept[0] if kept else SOURCE_LANGUAGE
    if language not in LANGUAGES:
        language = SOURCE_LANGUAGE
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    body = _templates.get_template(template).render(
        **values,
        t=lambda text, **filled: render(text, language, **filled),
        moment=lambda value: _moment(value, language),
        day=lambda value: dates.day(value, language),
        language=language,
        languages=LANGUAGES,
        here=here,
    )
    return HTMLResponse(body, status)


def problem_of(refusal: Refusal) -> dict[str, Any]:
    """A refusal for a form: `field` is the control that the message belongs beside, empty for the whole form."""
    field = refusal.field if isinstance(refusal, InvalidInput) else ""
    return {"field": field, "text": refusal.message, "values": refusal.values}


def status_of(refusal: Refusal) -> int:
    """The HTTP status of a page that shows a refusal."""
    return 429 if isinstance(refusal, TooManyRequests) else 422


def _moment(value: datetime, language: str) -> str:
    return dates.moment(value.astimezone(BEIJING), language)
