"""Workbooks of jobs over HTTP: the template, an upload, and what a job has made for its owner (decision 0025)."""

import logging
from functools import cache
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.errors import NotFound, Refusal, SignedOut
from gdftu_app.integrations.file_store import Missing, StoreTrouble
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.services.asking import account_of, ask_as_account, ask_as_actor
from gdftu_app.services.job_files import read_sealed, write_sealed
from gdftu_app.services.jobs import take_result
from gdftu_app.services.member_imports import admit_upload, start_member_import
from gdftu_app.web.files import ForeignOrigin, OutOfOrder
from gdftu_app.web.forms import UNREAD
from gdftu_app.web.requests import is_foreign_origin, read_request
from gdftu_app.web.uploads import Upload, read_upload
from gdftu_app.workbooks.import_template import NAME, template
from gdftu_app.workbooks.reading import LARGEST_WORKBOOK_BYTES, too_large
from gdftu_app.workbooks.sheets import MEDIA_TYPE

log = logging.getLogger(__name__)
PAGE = "/members/import/"
LARGEST_ID = 2**31


async def upload(request: Request) -> Response:
    """`POST /imports?union={id}` (a form with the workbook in `file`): 303 to the page of imports, which shows it.

    Whatever is refused leads to the same page, with a word for the reason: `?refused=bad_workbook`.
    """
    caller = current_caller.get()
    try:
        union_id = _number(request.query_params.get("union", ""))
        if is_foreign_origin(read_request(request.scope)):
            raise ForeignOrigin
        await run_in_threadpool(ask_as_actor, caller, union_id, admit_upload)
        sent = await read_upload(request, largest=LARGEST_WORKBOOK_BYTES, refusal=too_large())
    except ClientDisconnect:
        return PlainTextResponse("", 400)
    except SignedOut:
        return PlainTextResponse("Unauthorized", 401, headers=UNREAD)
    except Refusal as refusal:
        return _back(refused=refusal.code, headers=UNREAD)
    try:
        number = await run_in_threadpool(_start, caller, union_id, sent)
    except Refusal as refusal:
        return _back(refused=refusal.code)
    return _back(job=str(number))


async def give_template(_request: Request) -> Response:
    """`GET /imports/template`: the workbook to fill in, for whoever is signed in."""
    try:
        await run_in_threadpool(account_of, current_caller.get())
    except SignedOut:
        return PlainTextResponse("Not Found", 404)
    return _workbook(NAME, await run_in_threadpool(_template))


async def download(request: Request) -> Response:
    """`GET /job-files/{job}`: the workbook that a job made; 404 for whoever may not have it (any more)."""
    try:
        number = _number(request.path_params["job"])
        found = await run_in_threadpool(ask_as_account, current_caller.get(), take_result, job_id=number)
        content = await run_in_threadpool(read_sealed, found.key)
    except (SignedOut, NotFound):
        return PlainTextResponse("Not Found", 404)
    except Missing:
        log.error("a job's file has a row and no bytes")
        return PlainTextResponse("Not Found", 404)
    except StoreTrouble as trouble:
        log.error("the file store does not answer: %s", trouble)
        return PlainTextResponse("Service Unavailable", 503)
    return _workbook(found.name, content)


def _start(caller: Caller, union_id: int, sent: Upload) -> int:
    """Write the bytes in no transaction, then start the job in one; bytes without a job are garbage."""
    try:
        key = write_sealed(sent.content)
    except StoreTrouble as trouble:
        log.error("the file store takes nothing: %s", trouble)
        raise OutOfOrder from None
    asked = {"key": key, "name": sent.name, "size": len(sent.content)}
    return ask_as_actor(caller, union_id, start_member_import, **asked)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 11 and int(text) < LARGEST_ID):
        raise NotFound
    return int(text)


def _back(*, headers: dict[str, str] | None = None, **told: str) -> Response:
    return RedirectResponse(f"{PAGE}?{urlencode(told)}", 303, headers=headers)


def _workbook(name: str, content: bytes) -> Response:
    named = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return Response(content, media_type=MEDIA_TYPE, headers={"content-disposition": named})


@cache
def _template() -> bytes:
    return template()


routes = [
    Route("/imports", upload, methods=["POST"]),
    Route("/imports/template", give_template, methods=["GET"]),
    Route("/job-files/{job}", download, methods=["GET"]),
]
