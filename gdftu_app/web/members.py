"""The address of one member's record, which the page of members shows."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gdftu_app.security.features import MEMBER_IMPORT, MEMBERS, REMOVALS

LONGEST_ID = 18


async def member_record(request: Request) -> Response:
    """`GET /members/{member}`: leads to the record on the page of members; 404 for anything but a number.

    The pages of removals and of imports, whose addresses look alike, are left where they are.
    """
    member = request.path_params["member"]
    address = f"{MEMBERS.path}/{member}"
    if address in (REMOVALS.path, MEMBER_IMPORT.path):
        return RedirectResponse(f"{address}/", 303)
    if not (member.isascii() and member.isdigit() and len(member) <= LONGEST_ID):
        return PlainTextResponse("Not Found", 404)
    return RedirectResponse(f"{MEMBERS.path}/?member={member}", 303)


routes = [Route(f"{MEMBERS.path}/{{member}}", member_record, methods=["GET"])]
