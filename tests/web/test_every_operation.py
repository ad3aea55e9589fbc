"""Every operation of the API, asked by everybody with every method; a new one fails until its row says who may."""

from collections.abc import Callable

import httpx
import pytest
from sqlmodel import Session

from gdftu_app.models.accounts import Account
from gdftu_app.queries.accounts import phone_of
from gdftu_app.services.api_tokens import open_token_with_wechat
from tests.serving import Served
from tests.web.doors import METHODS, api_operations
from tests.web.test_every_route import EVERY_ANSWER_HAS
from tests.web.world import World

# Operation → method → what a stranger is answered, and what the holder of a token is, both without a body.
EXPECTED: dict[str, dict[str, tuple[int, int]]] = {
    "/api/v1/sms-codes": {"POST": (422, 422)},
    "/api/v1/tokens": {"POST": (422, 422)},
    "/api/v1/tokens/current": {"DELETE": (401, 204)},
    "/api/v1/me": {"GET": (401, 200)},
    "/api/v1/me/identity": {"GET": (401, 200), "POST": (401, 422)},
    "/api/v1/unions": {"GET": (401, 200)},
    "/api/v1/join-applications": {"POST": (401, 422)},
    "/api/v1/transfer-applications": {"POST": (401, 422)},
    "/api/v1/me/applications": {"GET": (401, 200)},
    "/api/v1/me/applications/{id}": {"DELETE": (401, 404)},
    "/api/v1/me/requests": {"GET": (401, 200), "POST": (401, 422)},
    "/api/v1/me/requests/{id}": {"DELETE": (401, 422)},
    "/api/v1/me/data": {"GET": (401, 200)},
    "/api/v1/openapi.json": {"GET": (200, 200), "HEAD": (200, 200)},
    "/api/v1/docs": {"GET": (200, 200), "HEAD": (200, 200)},
}
Shown = Callable[[World], dict[str, str]]


def _token_of(world: World, name: str) -> str:
    with world.open() as session:
        return token_of(session, world.residents[name].account_id)


def token_of(session: Session, account_id: int) -> str:
    """A token of an account, as a sign-in would have given it."""
    return open_token_with_wechat(session, phone=phone_of(session.get_one(Account, account_id))).token


# Nobody's cookie opens anything here, however much its owner administers.
STRANGERS: dict[str, Shown] = {
    "nobody": lambda _: {},
    "owner's cookie": lambda world: {"Cookie": f"gdftu_session={world.sign_in('owner of the city')}"},
    "owner's cookie as a token": lambda world: {"Authorization": f"Bearer {world.sign_in('owner of the city')}"},
    "invented token": lambda _: {"Authorization": f"Bearer t.{'e' * 43}"},
}
HOLDERS: dict[str, Shown] = {
    name: lambda world, name=name: {"Authorization": f"Bearer {_token_of(world, name)}"}
    for name in ("account without a union", "owner of the city", "account not verified", "dismissed owner of the city")
}


def test_every_operation_has_its_row():
    assert {path: set(row) for path, row in EXPECTED.items()} == api_operations()


@pytest.mark.parametrize("shown", [*STRANGERS, *HOLDERS])
@pytest.mark.parametrize("path", EXPECTED)
def test_operations_are_there_for_their_methods_and_callers_only(
    path: str, shown: str, served: Served, world: World, client: httpx.Client
):
    headers = (STRANGERS | HOLDERS)[shown](world)
    client.cookies.clear()
    is_holder = shown in HOLDERS

    answers = {method: client.request(method, f"{served.url}{path}", headers=headers) for method in METHODS}

    expected = dict.fromkeys(METHODS, 405) | {name: codes[is_holder] for name, codes in EXPECTED[path].items()}
    assert {method: answer.status_code for method, answer in answers.items()} == expected
    # Of oneself, the unions that one administers are told.
    own = {world.places["city"].name} if is_holder and path == "/api/v1/me/data" else set()
    texts = {text for place in world.places.values() for text in place.texts} - own
    for answer in answers.values():
        told = answer.text + str(answer.headers)
        assert not [text for text in texts if text in told]
        assert {name: answer.headers.get(name) for name in EVERY_ANSWER_HAS} == EVERY_ANSWER_HAS
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
