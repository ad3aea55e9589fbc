"""Pictures that lead a phone from the console to a member page."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gdftu_app.config import origins, settings
from gdftu_app.errors import NotFound, Refusal, SignedOut
from gdftu_app.queries.unions_to_join import UnionToJoin, find_union_to_join
from gdftu_app.security.requests import Caller, current_caller
from gdftu_app.services.asking import account_of, actor_of, ask_as_account
from gdftu_app.services.entry_codes import make_entry_code
from gdftu_app.web.requests import read_request

VERIFY_PAGE, VERIFY_SCENE, VERIFY_MINI_PAGE = "/m/verify", "verify", "pages/verify/index"
JOIN_PAGE, JOIN_MINI_PAGE = "/m/join", "pages/join/index"
LONGEST_ID = 9
_ENDINGS = {"image/svg+xml": "svg", "image/jpeg": "jpg", "image/png": "png"}


async def verify_code(request: Request) -> Response:
    """`GET /session/verify-code`: the code of `/m/verify`, for whoever is signed in; 404 for anybody else."""
    try:
        await run_in_threadpool(account_of, current_caller.get())
    except SignedOut:
        return PlainTextResponse("Not Found", 404)
    address = f"{public_address(request)}{VERIFY_PAGE}"
    picture = await run_in_threadpool(make_entry_code, address, VERIFY_SCENE, VERIFY_MINI_PAGE)
    return Response(picture.content, media_type=picture.media_type)


async def join_code(request: Request) -> Response:
    """`GET /session/join-code?union=`: 入会码, which opens `/m/join` for the union, to its administrators; else 404.

    With `download` the browser keeps it as a file, to be printed.
    """
    try:
        union = await run_in_threadpool(union_to_lead_to, current_caller.get(), request)
    except Refusal:
        return PlainTextResponse("Not Found", 404)
    picture = await run_in_threadpool(
        make_entry_code, join_address(request, union), f"union={union.id}", JOIN_MINI_PAGE
    )
    kept = {"content-disposition": f'attachment; filename="join-{union.id}.{_ENDINGS[picture.media_type]}"'}
    return Response(
        picture.content, media_type=picture.media_type, headers=kept if "download" in request.query_params else None
    )


def union_to_lead_to(caller: Caller, request: Request) -> UnionToJoin:
    """The union that a request names, if the caller may act in it and people may join it; raises NotFound."""
    asked = request.query_params.get("union", "")
    union_id = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= LONGEST_ID else 0
    actor_of(caller, union_id)
    union = ask_as_account(caller, find_union_to_join, union_id=union_id)
    if union is None or not union.is_open:
        raise NotFound
    return union


def join_address(request: Request, union: UnionToJoin) -> str:
    """The full address of the page for joining a union."""
    return f"{public_address(request)}{JOIN_PAGE}?union={union.id}"


def public_address(request: Request) -> str:
    """Where phones reach this installation: as configured, else as this browser did, if that is one of ours."""
    if settings().public_url:
        return settings().public_url.rstrip("/")
    scheme = "https" if read_request(request.scope).is_https else "http"
    used = f"{scheme}://{request.headers.get('host', '')}"
    return used if used in origins() else origins()[0]


routes = [
    Route("/session/verify-code", verify_code, methods=["GET"]),
    Route("/session/join-code", join_code, methods=["GET"]),
]
