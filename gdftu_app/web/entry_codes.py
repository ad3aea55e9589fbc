"""Pictures that lead a phone from the console to a member page."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gdftu_app.config import origins, settings
from gdftu_app.errors import SignedOut
from gdftu_app.security.requests import current_caller
from gdftu_app.services.asking import account_of
from gdftu_app.services.entry_codes import make_entry_code
from gdftu_app.web.requests import read_request

VERIFY_PAGE, VERIFY_SCENE, VERIFY_MINI_PAGE = "/m/verify", "verify", "pages/verify/index"


async def verify_code(request: Request) -> Response:
    """`GET /session/verify-code`: the code of `/m/verify`, for whoever is signed in; 404 for anybody else."""
    try:
        await run_in_threadpool(account_of, current_caller.get())
    except SignedOut:
        return PlainTextResponse("Not Found", 404)
    address = f"{public_address(request)}{VERIFY_PAGE}"
    picture = await run_in_threadpool(make_entry_code, address, VERIFY_SCENE, VERIFY_MINI_PAGE)
    return Response(picture.content, media_type=picture.media_type)


def public_address(request: Request) -> str:
    """Where phones reach this installation: as configured, else as this browser did, if that is one of ours."""
    if settings().public_url:
        return settings().public_url.rstrip("/")
    scheme = "https" if read_request(request.scope).is_https else "http"
    used = f"{scheme}://{request.headers.get('host', '')}"
    return used if used in origins() else origins()[0]


routes = [Route("/session/verify-code", verify_code, methods=["GET"])]
