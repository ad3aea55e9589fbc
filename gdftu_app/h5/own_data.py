"""`/m/requests/data`: everything that is kept about oneself (查阅个人信息), to read or to take along."""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.clock import now
from gdftu_app.errors import SignedOut, TooManyRequests
from gdftu_app.h5.rendering import ask_for_account, draw, status_of
from gdftu_app.h5.sign_in import sign_in_address
from gdftu_app.i18n import SOURCE_LANGUAGE, msg
from gdftu_app.queries.own_data import DataSection
from gdftu_app.services.own_data import read_own_data

ADDRESS, DOWNLOAD = "/m/requests/data", "/m/requests/data.json"


async def show(request: Request) -> Response:
    """`GET /m/requests/data`: a page of it."""
    found = await _found()
    if isinstance(found, Response):
        return found
    return await draw(request, "own_data.html", title=msg("我的个人信息"), sections=found, at=now())


async def download(_request: Request) -> Response:
    """`GET /m/requests/data.json`: the same for programs, moments in UTC."""
    found = await _found()
    if isinstance(found, Response):
        return found
    body = {"made_at": now().isoformat()} | {section.key: section.records for section in found}
    named = {"content-disposition": 'attachment; filename="personal-data.json"'}
    return JSONResponse(body, headers=named)


async def _found() -> list[DataSection] | Response:
    try:
        return await ask_for_account(read_own_data)
    except SignedOut:
        return RedirectResponse(sign_in_address(ADDRESS), 303)
    except TooManyRequests as refusal:
        return PlainTextResponse(refusal.text(SOURCE_LANGUAGE), status_of(refusal))


routes = [
    Route(ADDRESS, show, methods=["GET"]),
    Route(DOWNLOAD, download, methods=["GET"]),
]
