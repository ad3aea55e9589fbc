"""The workbook of a view of 统计 over HTTP."""

from datetime import date
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gdftu_app.errors import NotAllowed, NotFound, SignedOut
from gdftu_app.queries.periods import Grain
from gdftu_app.queries.statistics import Wanted
from gdftu_app.security.requests import current_caller
from gdftu_app.services.asking import ask_as_actor
from gdftu_app.services.statistics_exports import export_statistics
from gdftu_app.workbooks.sheets import MEDIA_TYPE

LARGEST_ID = 2**31


async def workbook(request: Request) -> Response:
    """`GET /statistics-workbook?acting={id}&union={id}&from=…&to=…&by=…&own=1`; 404 for whoever may not have it."""
    try:
        asked = request.query_params
        wanted = Wanted(
            first=_day(asked.get("from", "")),
            last=_day(asked.get("to", "")),
            grain=_grain(asked.get("by", "")),
            below=asked.get("own", "") != "1",
            union=_number(asked.get("union", "")),
        )
        acting = _number(asked.get("acting", ""))
        made = await run_in_threadpool(ask_as_actor, current_caller.get(), acting, export_statistics, wanted=wanted)
    except (SignedOut, NotAllowed, NotFound):
        return PlainTextResponse("Not Found", 404)
    named = f"attachment; filename*=UTF-8''{quote(made.name, safe='')}"
    return Response(made.content, media_type=MEDIA_TYPE, headers={"content-disposition": named})


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 11 and int(text) < LARGEST_ID):
        raise NotFound
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None


def _grain(text: str) -> Grain:
    if text not in list(Grain):
        raise NotFound
    return Grain(text)


routes = [Route("/statistics-workbook", workbook, methods=["GET"])]
