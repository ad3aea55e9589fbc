"""Private files over HTTP (`POST /files`, `GET /files/{key}`): whose they are is asked each time (design §3)."""

import logging
from functools import cache
from urllib.parse import quote

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from gdftu_app.config import settings
from gdftu_app.errors import InvalidInput, Refusal, SignedOut, TooManyRequests
from gdftu_app.i18n import SOURCE_LANGUAGE, msg
from gdftu_app.integrations.file_store import Missing, StoreTrouble, file_store, thumbnail_of
from gdftu_app.models.files import FileType
from gdftu_app.queries.files import FileInfo, find_file
from gdftu_app.queries.preferences import preferences_of
from gdftu_app.security.limits import hit
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.services.asking import account_of, ask_as_account, ask_as_visitor
from gdftu_app.services.file_examination import ExaminedFile, TooLarge, UnknownType, examine
from gdftu_app.services.files import KeptFile, check_room, enter, keep_bytes
from gdftu_app.web.forms import UNREAD
from gdftu_app.web.requests import is_foreign_origin, read_request
from gdftu_app.web.uploads import read_upload

log = logging.getLogger(__name__)
HOUR_SECONDS = 3600
# Pictures being drawn anew at the same time in one process; each takes up to 300 MB.
EXAMINED_AT_ONCE = 2


class ForeignOrigin(Refusal):
    """The form is of another site."""

    code = "foreign_origin"
    default = msg("只能从本平台的页面上传。")


class OutOfOrder(Refusal):
    """The file store does not answer."""

    code = "unavailable"
    default = msg("文件暂时不能保存，请稍后再试。")


STATUSES: dict[type[Refusal], int] = {
    SignedOut: 401,
    ForeignOrigin: 403,
    TooLarge: 413,
    UnknownType: 415,
    InvalidInput: 422,
    TooManyRequests: 429,
    OutOfOrder: 503,
}


async def upload(request: Request) -> Response:
    """`POST /files` (a form with the file in `file`): 201 and `{"key", "name", "content_type", "size"}`.

    401 without an account, 403 on a foreign Origin, 413 above 5 MB, 415 for anything but JPEG, PNG and PDF, 422 for
    what is broken or otherwise not taken, 429 above what an account may send: `{"error": {"code", "message"}}`.
    """
    caller = current_caller.get()
    try:
        if is_foreign_origin(read_request(request.scope)):
            raise ForeignOrigin
        await run_in_threadpool(_admit, caller)
        sent = await read_upload(request)
    except ClientDisconnect:
        return PlainTextResponse("", 400)
    except Refusal as refusal:
        return await _told(refusal, caller, UNREAD)
    try:
        examined = await anyio.to_thread.run_sync(examine, sent.name, sent.content, limiter=_examiners())
        kept = await run_in_threadpool(_keep, caller, examined)
    except Refusal as refusal:
        return await _told(refusal, caller)
    told = {"key": kept.key, "name": kept.name, "content_type": kept.content_type, "size": kept.size}
    return JSONResponse(told, 201)


async def download(request: Request) -> Response:
    """`GET /files/{key}`, with `?thumbnail=1` the small picture of it; 404 for whoever may not see it."""
    try:
        key = request.path_params["key"]
        found = await run_in_threadpool(ask_as_account, current_caller.get(), find_file, key=key)
    except SignedOut:
        found = None
    is_small = request.query_params.get("thumbnail") == "1"
    if found is None or (is_small and not found.has_thumbnail):
        return PlainTextResponse("Not Found", 404)
    try:
        content = await run_in_threadpool(file_store().read, thumbnail_of(found.key) if is_small else found.key)
    except Missing:
        log.error("a file has a row and no bytes")
        return PlainTextResponse("Not Found", 404)
    except StoreTrouble as trouble:
        log.error("the file store does not answer: %s", trouble)
        return PlainTextResponse("Service Unavailable", 503)
    media_type = FileType.JPEG.value if is_small else found.content_type
    return Response(content, media_type=media_type, headers=_headers(found))


def _headers(file: FileInfo) -> dict[str, str]:
    """Beside those of every answer: nothing in the file may act, and it bears its name."""
    return {
        "content-disposition": f"inline; filename*=UTF-8''{quote(file.name, safe='')}",
        "content-security-policy": "sandbox",
    }


def _admit(caller: Caller) -> None:
    account_id = account_of(caller)
    hit("upload", str(account_id), limit=settings().uploads_per_hour, seconds=HOUR_SECONDS)
    ask_as_account(caller, check_room)


def _keep(caller: Caller, examined: ExaminedFile) -> KeptFile:
    """Keep in no transaction, then enter in one; bytes that could not be entered are garbage."""
    try:
        key = keep_bytes(examined)
    except StoreTrouble as trouble:
        log.error("the file store takes nothing: %s", trouble)
        raise OutOfOrder from None
    return ask_as_account(caller, enter, key=key, examined=examined)


async def _told(refusal: Refusal, caller: Caller, headers: dict[str, str] | None = None) -> Response:
    status = next((code for kind, code in STATUSES.items() if isinstance(refusal, kind)), 400)
    kept = await run_in_threadpool(ask_as_visitor, caller, preferences_of, cookie=caller.cookie)
    message = refusal.text(kept[0] if kept else SOURCE_LANGUAGE)
    given = dict(headers or {})
    if isinstance(refusal, TooManyRequests):
        given["retry-after"] = str(refusal.retry_after)
    return JSONResponse({"error": {"code": refusal.code, "message": message}}, status, headers=given)


@cache
def _examiners() -> anyio.CapacityLimiter:
    return anyio.CapacityLimiter(EXAMINED_AT_ONCE)


routes = [
    Route("/files", upload, methods=["POST"]),
    Route("/files/{key}", download, methods=["GET"]),
]
