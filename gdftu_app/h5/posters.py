"""入会码海报: a sheet with a union's code for joining, to be printed and put up."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gdftu_app.errors import Refusal
from gdftu_app.h5.rendering import draw
from gdftu_app.i18n import msg
from gdftu_app.security.requests import current_caller
from gdftu_app.web.entry_codes import join_address, union_to_lead_to

ADDRESS = "/session/join-poster"
SIZES = {"a4": "A4", "a5": "A5"}
STEPS = (
    msg("用微信或手机相机扫描二维码"),
    msg("用手机号登录，完成实名认证"),
    msg("提交入会申请，等待工会审核"),
)


async def poster(request: Request) -> Response:
    """`GET /session/join-poster?union=`: the sheet, A4 or (`size=a5`) A5, for the union's administrators; else 404."""
    try:
        union = await run_in_threadpool(union_to_lead_to, current_caller.get(), request)
    except Refusal:
        return PlainTextResponse("Not Found", 404)
    size = request.query_params.get("size", "")
    return await draw(
        request,
        "poster.html",
        union=union,
        size=size if size in SIZES else "a4",
        sizes=SIZES,
        steps=STEPS,
        address=join_address(request, union),
    )


routes = [Route(ADDRESS, poster, methods=["GET"])]
